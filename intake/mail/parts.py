"""Every leaf of a message's body, however deep, and the documents among them."""

from __future__ import annotations

from intake.mail import headers, parameters, structure, transfer
from intake.mail.leaf import NAME_LENGTH, Leaf, Place
from intake.mail.model import Document
from intake.mail.words import clean, to_text
from parsers.sniff import UNKNOWN, media_type

DEPTH = 20
PARTS = 300
LOOKED_AT = 5
"""How many times its own size a message may hold, counting what is wrapped at each wrapping: base64
in base64 without end is four times as much."""
SNIFFED = 4 * 1024 * 1024
_BODY_TYPES = ("text/plain", "text/html")
_MESSAGES = ("message/rfc822", "message/global", "message/news")
_REPORTS = (
    "message/delivery-status",
    "message/disposition-notification",
    "message/feedback-report",
    "message/global-delivery-status",
    "message/global-disposition-notification",
    "message/global-headers",
    "message/tracking-status",
    "text/rfc822-headers",
)
_ELSEWHERE = {"message/partial": "message-partial", "message/external-body": "external-body"}
_MAIL_FIELDS = frozenset(
    {"from", "to", "subject", "date", "message-id", "mime-version", "content-type", "received"}
)
_SENT_FIELDS = frozenset({"message-id", "mime-version", "received"})
_ENOUGH_FIELDS = 4


class Leaves:
    """The leaves of one message: `documents`, the `texts` of its body, the machine-readable
    `reports` of mail servers, and `defects`.
    """

    def __init__(self, raw: bytes, head: headers.Head) -> None:
        self.documents: list[Document] = []
        self.texts: list[str] = []
        self.reports: list[str] = []
        self.defects: set[str] = set()
        self._parts = 0
        self._to_sniff = SNIFFED
        self._to_look_at = LOOKED_AT * len(raw)
        self._entity(raw, len(raw), head, Place(number="", outermost=True))

    def _entity(self, raw: bytes, end: int, head: headers.Head, place: Place) -> None:
        self._parts += 1
        if self._parts > PARTS:
            self.defects.add("too-many-parts")
            return
        if place.depth > DEPTH:
            self.defects.add("too-deep")
            return
        self.defects |= head.defects
        if sum(name == "content-type" for name, _ in head.fields) > 1:
            # Other programs may go by another one than the first, and see other parts.
            self.defects.add("content-type-repeated")
        kind = parameters.parse(head.first("content-type"))
        declared = kind.main or ("message/rfc822" if place.parent == "multipart/digest" else "")
        if declared.startswith("multipart/"):
            self._multipart(raw, end, head, place, kind)
            return
        encoding = transfer.named(head.first("content-transfer-encoding"))
        if declared in _MESSAGES and not _is_encoded(raw, head.body, end, encoding):
            self._message(raw, head.body, end, place)
            return
        content = self._taken(raw, head.body, end)
        if content is None:
            return
        done = transfer.decode(content, encoding)
        self.defects |= done.defects
        if declared in _MESSAGES:
            self._message(done.content, 0, len(done.content), place)
            return
        leaf = Leaf(place=place, head=head, declared=declared or "text/plain", kind=kind)
        self._leaf(done.content, leaf)

    def _taken(self, raw: bytes, start: int, end: int) -> bytes | None:
        """The bytes from start to end; None when the message has been looked at too often by now,
        as one made of wrappings within wrappings is.
        """
        self._to_look_at -= end - start
        if self._to_look_at < 0:
            self.defects.add("too-much")
            return None
        return raw[start:end]

    def _multipart(
        self, raw: bytes, end: int, head: headers.Head, place: Place, kind: parameters.Value
    ) -> None:
        start = head.body
        boundary = kind.parameters.get("boundary", "")
        found = structure.split(raw, start, end, boundary, most=PARTS)
        encoding = transfer.named(head.first("content-transfer-encoding"))
        if found is None and encoding in ("base64", "quotedprintable"):
            # RFC 2045 §6.4 forbids encoding a multipart, and some gateways do it.
            done = transfer.decode(self._taken(raw, start, end) or b"", encoding)
            again = structure.split(done.content, 0, len(done.content), boundary, most=PARTS)
            if again is not None:
                raw, found = done.content, again
                self.defects |= done.defects
        if found is None:
            found = structure.guessed(raw, start, end, most=PARTS)
            self.defects |= set() if found is None else {"boundary-guessed"}
        if found is None:
            self._no_parts(self._taken(raw, start, end), head, place, kind)
            return
        self._each(raw, found, Place(number=place.number, parent=kind.main, depth=place.depth))

    def _each(self, raw: bytes, found: structure.Split, above: Place) -> None:
        """The parts of a multipart, whose number, kind and depth are those of `above`."""
        self.defects |= found.defects
        for position, (begin, stop) in enumerate(found.spans, start=1):
            inner = Place(
                number=f"{above.number}.{position}" if above.number else str(position),
                parent=above.parent,
                depth=above.depth + 1,
                position=position,
            )
            self._entity(raw, stop, headers.read(raw, begin, stop), inner)
            if self._parts > PARTS:
                break

    def _no_parts(
        self, content: bytes | None, head: headers.Head, place: Place, kind: parameters.Value
    ) -> None:
        """A multipart without delimiters: with nothing in it (as in bounces, which return headers
        only), or something that can only be looked at as it is.
        """
        if content is None:
            return
        if not content.strip():
            self.defects.add("multipart-empty")
            return
        self.defects.add("boundary-missing")
        self._leaf(content, Leaf(place=place, head=head, declared="text/plain", kind=kind))

    def _message(self, raw: bytes, start: int, end: int, place: Place) -> None:
        """A message inside this one: it shares its number with the multipart it consists of, or
        its only part is the first below it (RFC 3501 §6.4.5).
        """
        inner = Place(number=place.leaf_number, outermost=True, depth=place.depth + 1)
        self._entity(raw, end, headers.read(raw, start, end, outermost=True), inner)

    def _leaf(self, content: bytes, leaf: Leaf) -> None:
        found = self._kind_of(content)
        name = leaf.name
        number = leaf.place.leaf_number
        textual = _is_textual(content, found)
        if leaf.declared in _ELSEWHERE:
            self.defects.add(_ELSEWHERE[leaf.declared])
        is_body = leaf.declared in _BODY_TYPES and name is None and leaf.attached is not True
        if is_body and textual:
            self.texts.append(to_text(content, leaf.kind.parameters.get("charset")))
            self._uuencoded(content, number)
            self._pasted(content, leaf.place)
            return
        if leaf.declared in _REPORTS and textual:
            self.reports.append(to_text(content, None))
            if _is_message(content):
                self._message(content, 0, len(content), leaf.place)
            return
        if textual and _is_message(content):
            self._message(content, 0, len(content), leaf.place)
            return
        if textual:
            self._pasted(content, leaf.place)
        self.documents.append(
            Document(
                part=number,
                name=name,
                media_type=found,
                declared_type=leaf.declared,
                content=content,
                decoration=leaf.is_logo(found) or leaf.is_signature(content, textual=textual),
            )
        )

    def _pasted(self, text: bytes, place: Place) -> None:
        """The parts of a message that stands in a text as it was sent: returned by an old mail
        server, or below a header that lost its Content-Type.
        """
        found = structure.guessed(text, 0, len(text), most=PARTS)
        if found is not None:
            self.defects.add("message-quoted")
            # Above the first part stands the quoted message's own header.
            found.defects.discard("content-outside-parts")
            self._each(text, found, Place(number=place.leaf_number, depth=place.depth))

    def _uuencoded(self, text: bytes, number: str) -> None:
        files, are_all = transfer.uuencoded(text)
        if not are_all:
            self.defects.add("too-many-parts")
        for position, (name, done) in enumerate(files, start=1):
            self._parts += 1
            if self._parts > PARTS:
                self.defects.add("too-many-parts")
                return
            self.defects |= done.defects
            shown = clean(name)[:NAME_LENGTH] or None
            self.documents.append(
                Document(
                    part=f"{number}/{position}",
                    name=shown,
                    media_type=self._kind_of(done.content),
                    declared_type="application/octet-stream",
                    content=done.content,
                )
            )

    def _kind_of(self, content: bytes) -> str:
        """What the content shows. The lists of contents of archives are read up to 4 MiB a message:
        they take a hundred times longer than anything else does.
        """
        if content.startswith(b"PK"):
            if len(content) > self._to_sniff:
                return "application/zip"
            self._to_sniff -= len(content)
        return media_type(content)


def _is_encoded(raw: bytes, start: int, end: int, encoding: str) -> bool:
    """Whether a message inside a message is encoded: it must not be (RFC 2046 §5.2.1), and often
    is, and some are only said to be.
    """
    if encoding == "base64":
        return not headers.read(raw, start, end, outermost=True).fields
    return encoding == "quotedprintable"


def _is_textual(content: bytes, found: str) -> bool:
    """Whether it is text, or at least no file of a known kind. `BM` alone is no picture."""
    if found == "image/bmp":
        return b"\x00" not in content[:64]
    return found == UNKNOWN or found.startswith("text/")


def _is_message(content: bytes) -> bool:
    """Whether a file is itself a message (.eml), whatever it was declared to be. Notes that begin
    with `From:` and `To:` lack what only mail programs write.
    """
    names = {name for name, _ in headers.read(content, 0, len(content), outermost=True).fields}
    return len(names & _MAIL_FIELDS) >= _ENOUGH_FIELDS and not names.isdisjoint(_SENT_FIELDS)
