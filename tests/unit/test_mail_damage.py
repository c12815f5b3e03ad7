from __future__ import annotations

import base64

import pytest

from intake.mail.message import parse
from intake.mail.parts import DEPTH, PARTS
from tests.unit.mime import PDF, TEXT, forwarded, mail, multipart, part, pdf


def found(entity: bytes) -> list[tuple[str, str | None, str]]:
    return [(d.part, d.name, d.media_type) for d in parse(mail(entity)).documents]


def parts(entity: bytes) -> list[str]:
    message = parse(mail(entity))
    assert all(document.content == PDF for document in message.documents)
    return [document.part for document in message.documents]


def defects(entity: bytes) -> tuple[str, ...]:
    return parse(mail(entity)).defects


@pytest.mark.parametrize(
    "field", ["Content-Type: multipart/mixed", "Content-Type: multipart/mixed; boundary=other"]
)
def test_a_boundary_that_is_not_named_or_never_appears_is_guessed(field: str) -> None:
    body = multipart(TEXT, pdf()).partition(b"\n\n")[2]
    entity = field.encode() + b"\n\n" + body
    assert parts(entity) == ["2"]
    assert defects(entity) == ("boundary-guessed",)
    assert parse(mail(entity)).incomplete


def test_a_multipart_without_any_delimiter_is_looked_at_as_it_is() -> None:
    message = parse(mail(b"Content-Type: multipart/mixed; boundary=b\n\n" + PDF))
    assert [(d.part, d.media_type) for d in message.documents] == [("1", "application/pdf")]
    assert message.defects == ("boundary-missing",)
    assert message.incomplete


def test_a_returned_header_without_its_body_is_not_incomplete() -> None:
    returned = forwarded(mail(b"Content-Type: multipart/mixed; boundary=in\n\n"))
    message = parse(mail(multipart(TEXT, returned, subtype="report")))
    assert message.defects == ("multipart-empty",)
    assert not message.incomplete


def test_a_message_cut_off_is_incomplete() -> None:
    message = parse(mail(multipart(TEXT, pdf(), close=False)))
    assert [d.content for d in message.documents] == [PDF]
    assert message.defects == ("multipart-not-closed",)
    assert message.incomplete


def test_an_inner_multipart_that_is_not_closed_hides_nothing_after_it() -> None:
    inner = multipart(TEXT, pdf(), boundary="in", close=False)
    assert parts(multipart(inner, pdf())) == ["1.2", "2"]
    assert defects(multipart(inner, pdf())) == ("inner-part-not-closed",)
    assert not parse(mail(multipart(inner, pdf()))).incomplete


def test_parts_behind_the_end_are_looked_at() -> None:
    entity = multipart(TEXT) + b"--b\n" + pdf() + b"\n--b--\n"
    assert parts(entity) == ["2"]
    assert defects(entity) == ("parts-after-end",)


@pytest.mark.parametrize(
    "entity",
    [
        multipart(TEXT, pdf()).replace(b"--b\n", b"-b\n"),
        multipart(TEXT, pdf()).replace(b"--b\nContent-Type: app", b"--b\n--b--\nContent-Type: app"),
        multipart(pdf()).replace(b"--b\n", b"- b\n") + b"\n--b\n" + TEXT + b"\n--b--\n",
    ],
)
def test_a_part_that_no_delimiter_opens_makes_the_message_incomplete(entity: bytes) -> None:
    assert parse(mail(entity)).incomplete


def test_a_document_above_the_only_delimiter_is_looked_at() -> None:
    entity = b"Content-Type: multipart/mixed; boundary=b\n\n" + PDF + b"\n--b--\n"
    message = parse(mail(entity))
    assert [d.media_type for d in message.documents] == ["application/pdf"]
    assert message.incomplete


def test_a_multipart_that_is_closed_at_once_is_empty() -> None:
    message = parse(mail(b"Content-Type: multipart/mixed; boundary=b\n\n--b--\n"))
    assert message.documents == ()
    assert not message.incomplete


def test_words_before_and_behind_the_parts_are_ordinary() -> None:
    entity = multipart(TEXT, pdf()).replace(
        b"--b\n", b"This is a message in MIME format.\n--b\n", 1
    )
    assert defects(entity + b"Sent by a program\n") == ()


@pytest.mark.parametrize(
    "kind", ["message/x-odd", "message/delivery-status", "text/rfc822-headers"]
)
def test_a_message_said_to_be_a_report_is_opened(kind: str) -> None:
    returned = f"Content-Type: {kind}\n\n".encode() + mail(pdf())
    assert parts(multipart(TEXT, returned)) == ["2.1"]


def test_a_message_of_an_unknown_kind_is_a_document_for_a_person() -> None:
    odd = part(b"a bland text", "Content-Type: message/x-odd", encode=False)
    assert found(multipart(TEXT, odd)) == [("2", None, "text/plain")]


def test_a_boundary_that_begins_like_another_divides_nothing() -> None:
    inner = multipart(TEXT, pdf(), boundary="bb")
    assert parts(multipart(inner, pdf(), boundary="b")) == ["1.2", "2"]


def test_a_header_may_run_into_the_first_boundary() -> None:
    assert parts(multipart(TEXT, pdf()).replace(b"\n\n", b"\n", 1)) == ["2"]


def test_a_header_may_run_into_a_document() -> None:
    assert parts(pdf().replace(b"\n\n", b"\n", 1)) == ["1"]
    assert parts(multipart(TEXT, pdf().replace(b"\n\n", b"\n", 1))) == ["2"]


@pytest.mark.parametrize("line_end", [b"\r\n", b"\r\r\n", b"\r"])
def test_every_kind_of_line_end_is_read(line_end: bytes) -> None:
    message = parse(mail(multipart(TEXT, pdf())).replace(b"\n", line_end))
    assert [(d.part, d.content) for d in message.documents] == [("2", PDF)]
    assert message.sender == "rowan@school.example.org"


def test_a_document_in_damaged_base64_makes_the_message_incomplete() -> None:
    damaged = pdf().replace(b"JVBERi0", b"JVBE\x00Ri0")
    message = parse(mail(multipart(TEXT, damaged)))
    assert [d.content for d in message.documents] == [PDF]
    assert message.incomplete


@pytest.mark.parametrize(
    ("field", "code"),
    [
        ("Content-Type: message/partial; id=x; number=1; total=2", "message-partial"),
        ("Content-Type: message/external-body; access-type=URL", "external-body"),
        ("Content-Transfer-Encoding: x-home-made", "encoding-unknown"),
        ("Content-Type: text/plain\nContent-Type: multipart/mixed", "content-type-repeated"),
    ],
)
def test_what_is_elsewhere_or_not_understood_makes_the_message_incomplete(
    field: str, code: str
) -> None:
    message = parse(mail(multipart(TEXT, part(b"bland", field, encode=False))))
    assert code in message.defects
    assert message.incomplete


def nested(depth: int) -> bytes:
    entity = pdf()
    for level in range(depth):
        entity = multipart(entity, boundary=f"b{level}")
    return entity


def test_a_form_twenty_deep_is_found_and_deeper_is_noted() -> None:
    assert parts(nested(DEPTH)) == [".".join(["1"] * DEPTH)]
    deeper = parse(mail(nested(DEPTH + 1)))
    assert deeper.documents == ()
    assert deeper.defects == ("too-deep",)
    assert deeper.incomplete


def test_three_hundred_parts_are_looked_at_and_more_are_noted() -> None:
    message = parse(mail(multipart(*[pdf()] * (PARTS - 1))))
    assert len(message.documents) == PARTS - 1
    assert message.defects == ()
    more = parse(mail(multipart(*[pdf()] * PARTS)))
    assert len(more.documents) == PARTS - 1
    assert more.defects == ("too-many-parts",)
    assert more.incomplete


def test_forms_in_forwarded_messages_count_against_the_same_limits() -> None:
    inner = forwarded(mail(multipart(*[pdf()] * 200, boundary="in")))
    message = parse(mail(multipart(inner, inner)))
    assert message.defects == ("too-many-parts",)


def test_damage_to_an_encoded_forwarded_message_is_noted() -> None:
    inner = base64.encodebytes(mail(multipart(TEXT, pdf(), boundary="in")))
    fields = b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
    message = parse(mail(multipart(TEXT, fields + b"!" + inner)))
    assert [d.content for d in message.documents] == [PDF]
    assert message.defects == ("base64-damaged",)


def test_a_form_forwarded_over_and_over_is_found() -> None:
    entity = multipart(TEXT, part(b"%PDF-" + bytes(5000), "Content-Type: application/pdf"))
    for _ in range(DEPTH - 2):
        entity = forwarded(mail(entity))
    message = parse(mail(entity))
    assert len(message.documents) == 1
    assert message.defects == ()


def test_files_that_hold_files_are_opened_five_times_their_size_and_no_further() -> None:
    def wrapped(levels: int) -> bytes:
        raw = mail(b"\n" + b"a bland sentence\n" * 5000)
        for _ in range(levels):
            raw = mail(b"Content-Type: application/octet-stream\n\n" + raw)
        return raw

    assert parse(wrapped(3)).has_text
    assert parse(wrapped(3)).defects == ()
    assert parse(wrapped(19)).defects == ("too-much",)
    assert parse(wrapped(19)).incomplete
