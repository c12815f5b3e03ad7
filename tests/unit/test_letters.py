from __future__ import annotations

import email
import email.policy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from intake.cases.letters import MARK, Attachment, Letterhead, _sendable, letter
from tests.unit.builders import NOW

HEAD = Letterhead(sender="Prevent gateway <gateway@example.police.uk>", mark="EX")
LONG_ID = f"<{'A' * 110}@{'B' * 110}.OUTLOOK.EXAMPLE>"


def written(  # noqa: PLR0917 - a test's shorthand
    text: str = "Thank you.",
    subject: str = "Auto: We have received your message",
    to: str = "rowan@school.example.org",
    message_id: str = "<ack.1@example.police.uk>",
    in_reply_to: str | None = None,
    attachment: Attachment | None = None,
) -> bytes:
    return letter(
        HEAD,
        to=to,
        message_id=message_id,
        subject=subject,
        text=text,
        date=NOW,
        auto_submitted="auto-replied",
        in_reply_to=in_reply_to,
        attachment=attachment,
    )


def read(body: bytes) -> email.message.EmailMessage:
    message = email.message_from_bytes(body, policy=email.policy.default)
    assert isinstance(message, email.message.EmailMessage)
    return message


def fit_to_be_sent(body: bytes) -> None:
    """RFC 5321 §2.3.8, §4.5.3.1.6; RFC 5322 §2.1.1."""
    assert body.isascii()
    assert b"\x00" not in body
    assert b"\n" not in body.replace(b"\r\n", b"")
    assert b"\r" not in body.replace(b"\r\n", b"")
    assert all(len(line) < 998 for line in body.split(b"\r\n"))


def test_a_letter_says_that_it_is_automatic_and_ours() -> None:
    message = read(written())
    assert message["From"] == "Prevent gateway <gateway@example.police.uk>"
    assert message.get_all("To") == ["rowan@school.example.org"]
    assert message["Auto-Submitted"] == "auto-replied"
    assert message["X-Auto-Response-Suppress"] == "All"
    assert message[MARK] == "EX"
    assert message["Date"] == "Tue, 24 Nov 2026 09:30:00 +0000"
    assert message["Cc"] is message["Bcc"] is message["Reply-To"] is None


def test_identifiers_and_addresses_stay_whole_however_long() -> None:
    to = f"{'a' * 64}@{'b' * 60}.{'c' * 60}.example.org"
    body = written(to=to, message_id=LONG_ID, in_reply_to=LONG_ID)
    for line in (f"To: {to}", f"Message-ID: {LONG_ID}", f"In-Reply-To: {LONG_ID}"):
        assert line.encode() in body.split(b"\r\n")
    assert f"References: {LONG_ID}".encode() in body.split(b"\r\n")
    fit_to_be_sent(body)


@pytest.mark.parametrize(
    "changes",
    [
        {"to": "a@b.example\r\nBcc: c@d.example"},
        {"to": "a@b.example\nBcc: c@d.example"},
        {"to": "a@b.example, c@d.example"},
        {"to": ""},
        {"to": "siân@b.example"},
        {"message_id": "<1@x>\r\n\r\nhello"},
        {"in_reply_to": "<1@x>\r\nBcc: c@d.example"},
        {"in_reply_to": "<1@x>\x00"},
    ],
)
def test_no_header_can_be_slipped_in(changes: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="not one word of ASCII"):
        written(**changes)  # type: ignore[arg-type] # keys as above


@settings(max_examples=50)
@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=1000))
def test_any_text_is_carried_in_seven_bits(text: str) -> None:
    body = written(text=text)
    fit_to_be_sent(body)
    assert read(body).get_content().split() == text.split()


@settings(max_examples=50)
@given(st.text(st.characters(), max_size=100))
def test_a_character_that_mail_cannot_hold_is_marked_and_stops_nothing(text: str) -> None:
    fit_to_be_sent(written(text=text))


@pytest.mark.parametrize("character", ["\x00", "\x0b", "\x1c", "\x7f", "\ud800"])
def test_what_mail_cannot_hold_is_shown_as_missing(character: str) -> None:
    assert read(written(text=f"a{character}b")).get_content().strip() == "a\ufffdb"


@pytest.mark.parametrize("line_break", ["\r\n", "\r", "\n", "\x85", "\u2028"])
def test_every_line_break_is_one(line_break: str) -> None:
    assert read(written(text=f"a{line_break}b")).get_content().splitlines() == ["a", "b"]


def test_a_long_line_is_encoded_and_not_cut() -> None:
    body = written(text="x" * 5000)
    fit_to_be_sent(body)
    assert read(body).get_content().rstrip() == "x" * 5000


def test_a_long_subject_is_folded_and_begins_on_its_own_line() -> None:
    subject = "Auto: We have received your message (EX-2026-7KM4X-0, EX-2026-7KM4X-1)"
    body = written(subject=subject)
    assert b"\r\nSubject: Auto: We have" in body
    assert read(body)["Subject"] == subject
    assert max(map(len, body.split(b"\r\n"))) <= 78


def test_a_subject_in_welsh_is_encoded() -> None:
    body = written(subject="Awto: Rydym wedi derbyn eich neges ŵŷâ " * 3)
    fit_to_be_sent(body)
    assert "ŵŷâ" in str(read(body)["Subject"])


def test_the_same_letter_has_the_same_bytes() -> None:
    attachment = Attachment(name="EX-2026-7KM4X-3.json", text="{}")
    assert written(attachment=attachment) == written(attachment=attachment)
    assert written(attachment=attachment) != written(message_id="<2@x>", attachment=attachment)


def test_the_attachment_is_a_json_file() -> None:
    body = written(attachment=Attachment(name="EX-2026-7KM4X-3.json", text='{"a": 1}' * 500))
    fit_to_be_sent(body)
    [attached] = list(read(body).iter_attachments())
    assert attached.get_content_type() == "application/json"
    assert attached.get_filename() == "EX-2026-7KM4X-3.json"
    assert attached.get_content() == b'{"a": 1}' * 500


def test_the_domain_of_our_identifiers_is_the_senders() -> None:
    assert HEAD.domain == "example.police.uk"


@settings(max_examples=100)
@given(st.text(max_size=400), st.none() | st.text(st.characters(codec="ascii"), max_size=400))
def test_a_letter_reads_as_one_that_the_standard_library_makes(
    text: str, attached: str | None
) -> None:
    attachment = None if attached is None else Attachment(name="EX-1.json", text=attached)
    expected = email.message.EmailMessage(policy=email.policy.SMTP)
    expected["From"] = HEAD.sender
    expected["Subject"] = "Auto: We have received your message"
    expected.set_content(_sendable(text) + "\n", charset="utf-8", cte="quoted-printable")
    if attached is not None:
        expected.add_attachment(
            attached.encode("ascii"), "application", "json", filename="EX-1.json"
        )
    body = written(text=text, attachment=attachment)
    fit_to_be_sent(body)
    ours, theirs = read(body), read(expected.as_bytes())
    assert [_told(part) for part in ours.walk()] == [_told(part) for part in theirs.walk()]
    assert all(not part.defects for part in ours.walk())


def _told(part: email.message.Message) -> tuple[object, ...]:
    assert isinstance(part, email.message.EmailMessage)
    content = None if part.is_multipart() else part.get_content()
    disposition = part.get_content_disposition()
    kind = (part.get_content_type(), part.get_content_charset(), disposition, part.get_filename())
    return (*kind, part["From"], part["Subject"], content)


@pytest.mark.parametrize("name", ["", 'a".json', "a\r\nBcc: c@d.example", "siân.json", "../a"])
def test_an_attachment_has_a_plain_name(name: str) -> None:
    with pytest.raises(ValueError, match="not a plain one"):
        written(attachment=Attachment(name=name, text="{}"))
