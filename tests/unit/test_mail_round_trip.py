"""Whatever the standard library writes as a message is read back, document by document."""

from __future__ import annotations

from collections import Counter
from email.message import EmailMessage
from email.policy import SMTP
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from intake.mail.message import parse

if TYPE_CHECKING:
    from collections.abc import Callable

_DRAWN = st.composite
_NAMES = st.text(
    st.characters(exclude_categories=["C", "Z"], exclude_characters='"\\'), min_size=1, max_size=40
)
_PDFS = st.binary(max_size=300).map(lambda content: b"%PDF-1.7\n" + content)


@_DRAWN
def _messages(draw: st.DrawFn, depth: int = 0) -> tuple[EmailMessage, Counter[bytes]]:
    """A message and the documents in it."""
    message = EmailMessage(policy=SMTP)
    message["From"] = "Rowan Example <rowan@school.example.org>"
    message["Subject"] = draw(_NAMES)
    message.set_content(draw(st.sampled_from(["Bland.", "Siân " * 50, "--\nBland =20 text\n"])))
    if draw(st.booleans()):
        message.add_alternative("<p>Bland</p>", subtype="html")
    inside: Counter[bytes] = Counter()
    for name, content in draw(st.lists(st.tuples(_NAMES, _PDFS), max_size=3)):
        attach: Callable[..., None] = message.add_attachment
        attach(content, maintype="application", subtype="pdf", filename=f"{name}.pdf")
        inside[content] += 1
    if depth < 3 and draw(st.booleans()):
        forwarded, more = draw(_messages(depth + 1))
        message.add_attachment(forwarded)
        inside += more
    return message, inside


@settings(max_examples=60)
@given(_messages())
def test_every_document_comes_out_as_it_went_in(drawn: tuple[EmailMessage, Counter[bytes]]) -> None:
    message, inside = drawn
    read = parse(message.as_bytes())
    assert Counter(document.content for document in read.documents) == inside
    assert read.defects == ()
    assert read.sender == "rowan@school.example.org"
    assert read.has_text


@settings(max_examples=60)
@given(_NAMES)
def test_every_name_comes_out_as_it_went_in(name: str) -> None:
    import unicodedata

    message = EmailMessage(policy=SMTP)
    message.set_content("Bland.")
    message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename=name)
    [document] = parse(message.as_bytes()).documents
    assert document.name == unicodedata.normalize("NFC", name)
