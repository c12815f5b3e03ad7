from __future__ import annotations

import base64
import binascii
import quopri

import pytest

from intake.mail.message import parse
from tests.unit.mime import PDF, PNG, TEXT, forwarded, mail, multipart, part, pdf


def found(entity: bytes) -> list[tuple[str, str | None, str]]:
    return [(d.part, d.name, d.media_type) for d in parse(mail(entity)).documents]


def parts(entity: bytes) -> list[str]:
    message = parse(mail(entity))
    assert all(document.content == PDF for document in message.documents)
    return [document.part for document in message.documents]


def defects(entity: bytes) -> tuple[str, ...]:
    return parse(mail(entity)).defects


# Where a document stands


def test_an_attached_form_is_the_second_part() -> None:
    assert found(multipart(TEXT, pdf())) == [("2", "form.pdf", "application/pdf")]


def test_a_message_that_is_nothing_but_a_form_has_part_1() -> None:
    assert found(pdf()) == [("1", "form.pdf", "application/pdf")]


@pytest.mark.parametrize(
    "subtype", ["mixed", "alternative", "related", "signed", "report", "x-odd"]
)
def test_a_form_is_found_in_every_kind_of_multipart(subtype: str) -> None:
    assert parts(multipart(TEXT, pdf(), subtype=subtype)) == ["2"]


def test_parts_are_numbered_as_imap_numbers_them() -> None:
    """RFC 3501 §6.4.5, its example."""
    entity = multipart(
        TEXT,
        pdf(),
        forwarded(mail(multipart(TEXT, pdf(), boundary="in"))),
        multipart(
            pdf(),
            forwarded(
                mail(multipart(TEXT, multipart(TEXT, pdf(), boundary="z"), boundary="y")),
            ),
            boundary="x",
        ),
    )
    assert parts(entity) == ["2", "3.2", "4.1", "4.2.2.2"]


def test_a_forwarded_message_that_is_nothing_but_a_form() -> None:
    assert parts(multipart(TEXT, forwarded(mail(pdf())))) == ["2.1"]
    assert parts(forwarded(mail(pdf()))) == ["1.1"]
    assert parts(forwarded(mail(multipart(TEXT, pdf())))) == ["1.2"]


def test_the_members_of_a_digest_are_messages() -> None:
    assert parts(multipart(b"\n" + mail(pdf()), subtype="digest")) == ["1.1"]


@pytest.mark.parametrize("encode", [base64.encodebytes, quopri.encodestring])
def test_a_forwarded_message_may_be_encoded_against_the_rules(encode: object) -> None:
    inner = mail(multipart(TEXT, pdf(), boundary="in=_side"))
    assert callable(encode)
    encoding = "base64" if encode is base64.encodebytes else "quoted-printable"
    fields = f"Content-Type: message/rfc822\nContent-Transfer-Encoding: {encoding}\n\n".encode()
    assert parts(multipart(TEXT, fields + encode(inner))) == ["2.2"]


def test_a_forwarded_message_said_to_be_base64_may_be_plain() -> None:
    fields = b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
    assert parts(multipart(TEXT, fields + mail(pdf()))) == ["2.1"]


def test_a_multipart_may_be_encoded_against_the_rules() -> None:
    inner = b"--in\n" + TEXT + b"\n--in\n" + pdf() + b"\n--in--\n"
    fields = "Content-Type: multipart/mixed; boundary=in"
    assert parts(multipart(TEXT, part(inner, fields))) == ["2.2"]


@pytest.mark.parametrize(
    "fields",
    [
        'Content-Type: application/octet-stream; name="forwarded.eml"',
        'Content-Type: text/plain; name="forwarded.eml"',
        "Content-Type: application/octet-stream",
    ],
)
def test_a_message_attached_as_a_file_is_opened(fields: str) -> None:
    assert parts(multipart(TEXT, part(mail(multipart(TEXT, pdf())), fields))) == ["2.2"]


def test_notes_that_begin_like_a_message_are_a_document() -> None:
    notes = b"From: Rowan\nTo: Alex\nSubject: the form\nDate: Monday\n\nA bland note."
    assert found(multipart(TEXT, part(notes, 'Content-Type: text/plain; name="notes.txt"'))) == [
        ("2", "notes.txt", "text/plain")
    ]


def test_a_message_quoted_as_it_was_sent_is_opened() -> None:
    quoted = b"Content-Type: text/plain\n\nYour message came back:\n\n" + mail(
        multipart(TEXT, pdf(), boundary="quoted")
    )
    assert parts(quoted) == ["1.2"]
    assert defects(quoted) == ("message-quoted",)
    assert not parse(mail(quoted)).incomplete
    assert parts(multipart(quoted)) == ["1.2"]


@pytest.mark.parametrize(
    "field", ["", "Content-Type: mixed; boundary=b\n", "Content-Type: text/html\n"]
)
def test_a_multipart_whose_type_was_lost_is_opened(field: str) -> None:
    body = multipart(TEXT, pdf()).partition(b"\n\n")[2]
    documents = parse(mail(field.encode() + b"\n" + body)).documents
    assert PDF in [document.content for document in documents]


# What a document is


@pytest.mark.parametrize(
    "fields",
    [
        ("Content-Type: application/pdf",),
        ("Content-Type: application/pdf", "Content-Disposition: inline"),
        ("Content-Type: application/octet-stream; name=form",),
        ('Content-Type: text/plain; name="form.txt"',),
        ("Content-Type: text/plain",),
        ("Content-Type: text/html; charset=utf-8",),
        ("Content-Type: image/png; name=form.png",),
        ("Content-Type: message/delivery-status",),
        ("Content-Type: message/disposition-notification",),
        ("Content-Type: text/rfc822-headers",),
        ("Content-Type: nonsense",),
        ("Content-Type: ",),
        (),
    ],
)
def test_a_form_is_known_by_its_content_whatever_it_is_said_to_be(fields: tuple[str, ...]) -> None:
    message = parse(mail(multipart(TEXT, part(PDF, *fields))))
    assert [(d.part, d.media_type) for d in message.documents] == [("2", "application/pdf")]
    assert message.defects == ()


def test_text_with_a_name_or_attached_is_a_document() -> None:
    named = part(b"Bland notes", 'Content-Type: text/plain; name="notes.txt"')
    attached = part(b"Bland notes", "Content-Type: text/plain", "Content-Disposition: attachment")
    assert found(multipart(TEXT, named, attached)) == [
        ("2", "notes.txt", "text/plain"),
        ("3", None, "text/plain"),
    ]


def test_text_without_a_name_is_what_the_message_says() -> None:
    message = parse(mail(multipart(TEXT, part(b"BM is a bland text", "Content-Type: text/html"))))
    assert message.documents == ()
    assert message.has_text


def test_a_form_pasted_as_uuencoded_text_is_a_document() -> None:
    text = b"Content-Type: text/plain\n\nbegin 644 my form.pdf\n"
    lines = binascii.b2a_uu(PDF) + b"`\nend\n"
    assert found(multipart(text + lines)) == [("1/1", "my form.pdf", "application/pdf")]


def test_an_empty_attachment_is_a_document_too() -> None:
    assert found(multipart(TEXT, part(b"", "Content-Disposition: attachment; filename=a.pdf"))) == [
        ("2", "a.pdf", "application/octet-stream")
    ]


def test_a_logo_of_an_html_body_is_decoration_and_a_photograph_attached_is_not() -> None:
    html = part(b"<p>Please see the form</p>", "Content-Type: text/html")
    logo = part(PNG, "Content-Type: image/png; name=logo.png", "Content-ID: <logo>")
    related = multipart(html, logo, subtype="related", boundary="r")
    photograph = part(PNG, "Content-Type: image/png; name=page.png")
    message = parse(mail(multipart(related, photograph)))
    assert [(d.part, d.decoration) for d in message.documents] == [("1.2", True), ("2", False)]


def test_a_form_is_no_decoration_even_among_the_pictures() -> None:
    hidden = part(PDF, "Content-Type: image/png; name=logo.png", "Content-ID: <logo>")
    message = parse(mail(multipart(TEXT, hidden, subtype="related")))
    assert [d.decoration for d in message.documents] == [False]


@pytest.mark.parametrize("kind", ["application/pkcs7-signature", "application/pgp-signature"])
def test_the_signature_of_a_signed_message_is_decoration(kind: str) -> None:
    signature = part(b"\x30\x82\x01\xff\x00bland", f"Content-Type: {kind}; name=smime.p7s")
    message = parse(mail(multipart(TEXT, signature, subtype="signed")))
    assert [d.decoration for d in message.documents] == [True]


def test_a_form_said_to_be_a_signature_is_none() -> None:
    forged = part(PDF, "Content-Type: application/pkcs7-signature; name=smime.p7s")
    message = parse(mail(multipart(TEXT, forged, subtype="signed")))
    assert [d.decoration for d in message.documents] == [False]


# Names


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        (("Content-Type: application/pdf; name=my form final.pdf",), "my form final.pdf"),
        (("Content-Disposition: attachment; filename*=utf-8''Si%C3%A2n.pdf",), "Siân.pdf"),
        (('Content-Disposition: attachment; filename="=?utf-8?q?Si=C3=A2n=2Epdf?="',), "Siân.pdf"),
        (('Content-Type: a/b; name="=?utf-8?b?U2nDom4u?=\n =?utf-8?b?cGRm?="',), "Siân.pdf"),
        (('Content-Disposition: attachment; filename="Siân.pdf"',), "Siân.pdf"),
        (
            ('Content-Type: a/b; name="x.pdf"', "Content-Disposition: inline; filename=y.pdf"),
            "y.pdf",
        ),
        (('Content-Disposition: attachment; filename="../../etc/passwd"',), "../../etc/passwd"),
        (('Content-Disposition: attachment; filename="fdp\u202e.exe"',), "fdp.exe"),
        (('Content-Disposition: attachment; filename=""',), None),
    ],
)
def test_a_name_is_shown_as_sent_and_cleaned(fields: tuple[str, ...], name: str | None) -> None:
    assert [document for _, document, _ in found(multipart(TEXT, part(PDF, *fields)))] == [name]


def test_a_name_is_at_most_150_characters() -> None:
    long = part(PDF, f'Content-Disposition: attachment; filename="{"x" * 5000}"')
    assert found(multipart(long))[0][1] == "x" * 150
