from __future__ import annotations

import hashlib
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.mail.message import parse
from intake.mail.model import Document, InboundMessage
from tests.unit.mime import PDF, PNG, TEXT, forwarded, mail, multipart, part, pdf

REAL = mail(
    multipart(
        multipart(
            TEXT,
            part(b"<p>See the form</p>", "Content-Type: text/html; charset=utf-8"),
            subtype="alternative",
            boundary="=_alt",
        ),
        pdf(),
        forwarded(mail(multipart(TEXT, pdf(), boundary="in"))),
        part(PNG, "Content-Type: image/png; name*=utf-8''Si%C3%A2n.png"),
        boundary="--=_NextPart_000",
    ),
    "Received: from a by b; Mon, 23 Nov 2026 09:13:41 +0000",
    "Return-Path: <rowan@school.example.org>",
    "Subject: =?utf-8?q?Si=C3=A2n?=",
)

SENT = datetime(2026, 11, 23, 9, 13, 41, tzinfo=UTC)


def is_sound(message: InboundMessage, raw: bytes) -> None:
    assert message.size == len(raw)
    assert message.sha256 == hashlib.sha256(raw).hexdigest()
    parts = [document.part for document in message.documents]
    assert len(parts) == len(set(parts))
    for document in message.documents:
        assert isinstance(document, Document)
        assert document.name is None or 0 < len(document.name) <= 150
    assert message.received_at is None or message.received_at.tzinfo is UTC
    assert message.sender is None or "@" in message.sender


# It never raises


@given(st.binary(max_size=3000))
def test_any_bytes_are_a_message(raw: bytes) -> None:
    is_sound(parse(raw), raw)


_WORDS = st.sampled_from(
    [
        b"From: ", b"To: ", b"Subject: ", b"Received: x; ", b"Return-Path: ", b"Message-ID: ",
        b"Content-Type: ", b"Content-Disposition: ", b"Content-Transfer-Encoding: ", b"Date: ",
        b"multipart/mixed", b"multipart/signed", b"message/rfc822", b"text/plain", b"; boundary=b",
        b"; name*0*=utf-8''", b"; charset=utf-16", b"base64", b"quoted-printable", b"xuue",
        b"attachment; filename=", b"\n", b"\n\n", b"\r\n", b"\r", b"\n--b\n", b"\n--b--\n", b'"',
        b"<a@b.example>", b"=?utf-8?b?", b"?=", b"(", b"begin 644 x\n", b"\x00", b"\xff", b"=",
        b";", PDF, b"Mon, 23 Nov 2026 09:13:41 +0000", b"Mon, 31 Feb 99999 25:61:61 +9999",
    ]
)  # fmt: skip


@settings(max_examples=300)
@given(st.lists(_WORDS, max_size=60))
def test_any_words_of_the_protocol_are_a_message(words: list[bytes]) -> None:
    raw = b"".join(words)
    is_sound(parse(raw), raw)


@settings(max_examples=300)
@given(
    st.lists(
        st.tuples(st.integers(0, len(REAL)), st.integers(0, 40), st.binary(max_size=20)),
        min_size=1,
        max_size=8,
    )
)
def test_a_real_message_however_damaged_is_a_message(
    changes: list[tuple[int, int, bytes]],
) -> None:
    raw = REAL
    for position, cut, put in changes:
        raw = raw[:position] + put + raw[position + cut :]
    is_sound(parse(raw), raw)


@given(st.integers(0, len(REAL)))
def test_a_message_cut_off_anywhere_is_a_message(length: int) -> None:
    is_sound(parse(REAL[:length]), REAL[:length])


def test_the_real_message_is_whole() -> None:
    message = parse(REAL)
    assert [document.part for document in message.documents] == ["2", "3.2", "4"]
    assert message.defects == ()
    assert message.sender == "rowan@school.example.org"
    assert message.recipients == ("gateway@example.police.uk",)
    assert message.return_path == "rowan@school.example.org"
    assert message.message_id == "<1@school.example.org>"
    assert message.subject == "Siân"
    assert message.received_at == SENT
    assert message.has_text


# Who and when


@pytest.mark.parametrize(
    "lines",
    [
        b"From: a@b.example, c@d.example\n",
        b"From: a@b.example\nFrom: c@d.example\n",
        b"From: a@b.example\nFrom: a@b.example\n",
        b"From: \n",
        b"From: <>\n",
        b"From: Rowan Example\n",
        b"From: rowan@school.example.org <a@b.example> <c@d.example>\n",
        b"Sender: a@b.example\nReply-To: a@b.example\n",
        b"",
    ],
)
def test_a_sender_is_known_only_when_there_is_exactly_one(lines: bytes) -> None:
    assert parse(lines + b"Subject: x\n\nHello").sender is None


@pytest.mark.parametrize(
    ("lines", "path"),
    [
        (b"", None),
        (b"Return-Path: <>\n", ""),
        (b"Return-Path: < >\n", ""),
        (b"Return-Path: <Rowan@School.example.org>\n", "rowan@school.example.org"),
        (b"Return-Path: <a@b.example>\nReturn-Path: <>\n", "a@b.example"),
        (b"Return-Path: nonsense\n", None),
    ],
)
def test_the_envelope_sender_is_the_topmost_return_path(lines: bytes, path: str | None) -> None:
    assert parse(lines + b"From: a@b.example\n\nHello").return_path == path


@pytest.mark.parametrize(
    ("value", "message_id"),
    [
        ("<1@school.example.org>", "<1@school.example.org>"),
        ("<[ABC=@microsoft.example]>", "<[ABC=@microsoft.example]>"),
        (" junk <1@x> (comment)", "<1@x>"),
        ("<>", None),
        ("<a@", None),
        ("<" + "a" * 300 + "@x>", None),
        ("a@x", None),
    ],
)
def test_a_message_id_is_read_as_it_stands(value: str, message_id: str | None) -> None:
    raw = f"From: a@b.example\nMessage-ID: {value}\n\nHello".encode()
    assert parse(raw).message_id == message_id


@pytest.mark.parametrize(
    ("value", "received_at"),
    [
        ("from x by y; Mon, 23 Nov 2026 10:13:41 +0100", SENT),
        ("by y; 23 Nov 2026 09:13:41", SENT),
        ("by y (a; b); Mon, 23 Nov 2026 09:13:41 -0000", SENT),
        ("by y", None),
        ("by y; Mon, 31 Feb 2026 09:13:41 +0000", None),
        ("by y; Mon, 1 Jan 99999999999999999999 00:00:00 +0000", None),
        ("by y; Mon, 23 Nov 2026 09:13:41 +9999999999", None),
    ],
)
def test_the_topmost_received_header_says_when(value: str, received_at: datetime | None) -> None:
    raw = f"Received: {value}\nReceived: by z; Mon, 23 Nov 2020 09:13:41 +0000\n\nHello".encode()
    assert parse(raw).received_at == received_at


def test_more_than_two_hundred_recipients_are_noted() -> None:
    to = ", ".join(f"a{n}@school.example.org" for n in range(250))
    message = parse(f"From: a@b.example\nTo: {to}\n\nHello".encode())
    assert len(message.recipients) == 200
    assert message.defects == ("too-many-addresses",)
    assert message.incomplete


def test_a_message_that_is_only_text_has_text() -> None:
    assert parse(b"From: a@b.example\n\nI am worried.").has_text
    assert parse(b"I am worried.").has_text
    assert not parse(b"From: a@b.example\n\n \n\t\n").has_text
    assert not parse(b"").has_text


# What names the content


def digest(raw: bytes) -> str:
    return parse(raw).content_digest


_PLAIN = "Content-Type: text/plain; charset=utf-8"
_SAID = "A bland sentence about Siân, long enough to be wrapped = or not."


def _text(encoding: str) -> bytes:
    import base64
    import quopri

    said = _SAID.encode()
    encoded = {
        "8bit": said,
        "base64": base64.encodebytes(said),
        "quoted-printable": quopri.encodestring(said),
    }[encoding]
    return f"{_PLAIN}\nContent-Transfer-Encoding: {encoding}\n\n".encode() + encoded


@settings(max_examples=60)
@given(
    text=st.sampled_from(["8bit", "base64", "quoted-printable"]),
    boundary=st.from_regex(r"[A-Za-z0-9'+_,./:=?-]{1,60}", fullmatch=True),
    above=st.lists(
        st.sampled_from(
            [
                "Received: from a by b; Mon, 23 Nov 2026 09:14:00 +0000",
                "Return-Path: <rowan@school.example.org>",
                "X-Spam-Score: 1",
                "Authentication-Results: mx.example.police.uk; dmarc=pass",
                "Delivered-To: gateway@example.police.uk",
            ]
        )
    ),
    crlf=st.booleans(),
    folded=st.booleans(),
)
def test_the_same_message_carried_another_way_is_the_same(
    text: str, boundary: str, above: list[str], *, crlf: bool, folded: bool
) -> None:
    raw = mail(multipart(_text(text), pdf(), boundary=boundary), *above)
    if folded:
        raw = raw.replace(b"Date: Mon, 23", b"Date: Mon,\n\t23").replace(
            b"Subject: Referral", b"Subject: =?utf-8?b?UmVmZXJyYWw=?="
        )
    if crlf:
        raw = raw.replace(b"\n", b"\r\n")
    assert digest(raw) == digest(mail(multipart(_text("8bit"), pdf())))


def test_a_text_file_is_the_same_with_other_line_ends() -> None:
    lf = part(b"one\ntwo\n", 'Content-Type: text/plain; name="a.txt"', encode=False)
    assert digest(mail(multipart(TEXT, lf))) == digest(
        mail(multipart(TEXT, lf)).replace(b"\n", b"\r\n")
    )


@given(st.binary(max_size=50), st.binary(max_size=50))
def test_another_document_is_another_message(one: bytes, other: bytes) -> None:
    first = mail(multipart(TEXT, part(b"%PDF-" + one, "Content-Type: application/pdf")))
    second = mail(multipart(TEXT, part(b"%PDF-" + other, "Content-Type: application/pdf")))
    assert (digest(first) == digest(second)) is (one == other)


@pytest.mark.parametrize(
    "changed",
    [
        mail(multipart(TEXT)),
        mail(multipart(TEXT, pdf(), pdf())),
        mail(multipart(TEXT.replace(b"attached", b"enclosed"), pdf())),
        mail(multipart(TEXT, pdf()), message_id="<2@school.example.org>"),
        mail(multipart(TEXT, pdf())).replace(b"rowan@", b"alex@"),
        mail(multipart(TEXT, pdf())).replace(b"Subject: Referral", b"Subject: Another"),
        mail(multipart(TEXT, pdf())).replace(b"09:13:41", b"09:13:42"),
        mail(multipart(TEXT, pdf())).replace(b"MIME-V", b"a line of no field\nMIME-V"),
    ],
)
def test_whatever_was_said_otherwise_is_another_message(changed: bytes) -> None:
    assert digest(changed) != digest(mail(multipart(TEXT, pdf())))


def test_messages_that_could_not_be_looked_at_are_the_same_only_byte_for_byte() -> None:
    one = mail(b"Content-Type: multipart/mixed; boundary=b\n\n--b\n" * 30)
    other = one + b"--b\nmore, too deep to be seen"
    assert parse(one).incomplete
    assert digest(one) != digest(other)
    assert digest(one) == digest(one)


def test_messages_without_an_identity_are_the_same_only_byte_for_byte() -> None:
    assert digest(b"\n\nX-One: a\n\n") != digest(b"\n\nX-Two: b\n\n")
    assert digest(b"") == digest(b"")


def test_two_reports_that_say_different_things_are_two() -> None:
    def report(status: bytes) -> bytes:
        return mail(multipart(TEXT, b"Content-Type: message/delivery-status\n\n" + status))

    assert digest(report(b"Status: 5.1.1")) != digest(report(b"Status: 4.2.2"))
