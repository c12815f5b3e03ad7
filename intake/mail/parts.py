"""Every leaf of a message's body, however deep, and the documents among them."""

from __future__ import annotations

from dataclasses import dataclass

from intake.mail import headers, parameters, structure, transfer
from intake.mail.model import Document
from intake.mail.words import clean, decoded, to_text
from parsers.sniff import UNKNOWN, media_type

DEPTH = 20
PARTS = 300
SNIFFED = 4 * 1024 * 1024
_NAME_LENGTH = 150
_NAME_DECODED = 1000
_BODY_TYPES = ("text/plain", "text/html")
_MESSAGES = ("message/rfc822", "message/global", "message/news")
_ELSEWHERE = {"message/partial": "message-partial", "message/external-body": "external-body"}
_SIGNATURES = (
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/pgp-signature",
)
_SIGNATURE_SIZE = 64 * 1024
_MAIL_FIELDS = frozenset(
    {"from", "to", "subject", "date", "message-id", "mime-version", "content-type", "received"}
)
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
        self._entity(raw, len(raw), head, _Place(number="", outermost=True))

    def _entity(self, raw: bytes, end: int, head: headers.Head, place: _Place) -> None:
        self._parts += 1
        if self._parts > PARTS:
            self.defects.add("too-many-parts")
            return
        if place.depth > DEPTH:
            self.defects.add("too-deep")
            return
        self.defects |= head.defects
        kind = parameters.parse(head.first("content-type"))
        declared = kind.main or ("message/rfc822" if place.parent == "multipart/digest" else "")
        encoding = transfer.named(head.first("content-transfer-encoding"))
        if declared.startswith("multipart/"):
            self._multipart(raw, end, head, place, kind)
            return
        leaf = _Leaf(place=place, head=head, declared=declared or "text/plain", kind=kind)
        content = raw[head.body : end]
        if declared in _MESSAGES:
            self._message(_unwrapped(content, encoding), place)
            return
        done = transfer.decode(content, encoding)
        self.defects |= done.defects
        self._leaf(done.content, leaf)

    def _multipart(
        self, raw: bytes, end: int, head: headers.Head, place: _Place, kind: parameters.Value
    ) -> None:
        start = head.body
        boundary = kind.parameters.get("boundary", "")
        found = structure.split(raw, start, end, boundary, most=PARTS)
        encoding = transfer.named(head.first("content-transfer-encoding"))
        if found is None and encoding in ("base64", "quotedprintable"):
            # RFC 2045 §6.4 forbids encoding a multipart, and some gateways do it.
            done = transfer.decode(raw[start:end], encoding)
            again = structure.split(done.content, 0, len(done.content), boundary, most=PARTS)
            if again is not None:
                raw, found = done.content, again
                self.defects |= done.defects
        if found is None:
            found = structure.guessed(raw, start, end, most=PARTS)
        if found is None:
            self._no_parts(raw[start:end], head, place, kind)
            return
        self.defects |= found.defects
        for position, (begin, stop) in enumerate(found.spans, start=1):
            inner = _Place(
                number=f"{place.number}.{position}" if place.number else str(position),
                parent=kind.main,
                depth=place.depth + 1,
                position=position,
            )
            self._entity(raw, stop, headers.read(raw, begin, stop), inner)
            if self._parts > PARTS:
                break

    def _no_parts(
        self, content: bytes, head: headers.Head, place: _Place, kind: parameters.Value
    ) -> None:
        """A multipart without delimiters: with nothing in it (as in bounces, which return headers
        only), or something that can only be looked at as it is.
        """
        if not content.strip():
            self.defects.add("multipart-empty")
            return
        self.defects.add("boundary-missing")
        self._leaf(content, _Leaf(place=place, head=head, declared="text/plain", kind=kind))

    def _message(self, content: bytes, place: _Place) -> None:
        """A message inside this one: it shares its number with the multipart it consists of, or
        its only part is the first below it (RFC 3501 §6.4.5).
        """
        inner = _Place(number=place.leaf_number, outermost=True, depth=place.depth + 1)
        self._entity(content, len(content), _head_of_message(content), inner)

    def _leaf(self, content: bytes, leaf: _Leaf) -> None:
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
            return
        if _is_report(leaf.declared) and textual:
            self.reports.append(to_text(content, None))
            return
        if textual and _is_message(content):
            self._message(content, leaf.place)
            return
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
            shown = clean(name)[:_NAME_LENGTH] or None
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


@dataclass(frozen=True, kw_only=True, slots=True)
class _Place:
    """Where a part stands. `outermost`: it is what a message consists of."""

    number: str
    parent: str = ""
    depth: int = 0
    position: int = 1
    outermost: bool = False

    @property
    def leaf_number(self) -> str:
        """The number of a part that is no multipart."""
        if not self.outermost:
            return self.number
        return f"{self.number}.1" if self.number else "1"


@dataclass(frozen=True, kw_only=True, slots=True)
class _Leaf:
    """What a part without parts says of itself."""

    place: _Place
    head: headers.Head
    declared: str
    kind: parameters.Value

    @property
    def attached(self) -> bool:
        """Whether it is declared to be an attachment."""
        return parameters.parse(self.head.first("content-disposition")).main == "attachment"

    @property
    def name(self) -> str | None:
        """The file name as sent, cleaned."""
        disposition = parameters.parse(self.head.first("content-disposition"))
        name = disposition.parameters.get("filename") or self.kind.parameters.get("name") or ""
        return decoded(name[:_NAME_DECODED])[:_NAME_LENGTH].strip() or None

    def is_logo(self, found: str) -> bool:
        """An inline image of an HTML body."""
        return (
            self.place.parent == "multipart/related"
            and found.startswith("image/")
            and self.head.first("content-id") is not None
            and not self.attached
        )

    def is_signature(self, content: bytes, *, textual: bool) -> bool:
        """The signature of a signed message (RFC 1847): about the other part, nothing to read."""
        return (
            self.place.parent == "multipart/signed"
            and self.place.position > 1
            and self.declared in _SIGNATURES
            and len(content) <= _SIGNATURE_SIZE
            and (textual or media_type(content) == UNKNOWN)
        )


def _unwrapped(content: bytes, encoding: str) -> bytes:
    """A message inside a message must not be encoded (RFC 2046 §5.2.1), and often is."""
    if encoding == "quotedprintable" or (
        encoding == "base64" and not headers.read(content, 0, len(content), outermost=True).fields
    ):
        return transfer.decode(content, encoding).content
    return content


def _head_of_message(content: bytes) -> headers.Head:
    return headers.read(content, 0, len(content), outermost=True)


def _is_report(declared: str) -> bool:
    return declared.startswith("message/") or declared == "text/rfc822-headers"


def _is_textual(content: bytes, found: str) -> bool:
    """Whether it is text, or at least no file of a known kind. `BM` alone is no picture."""
    if found == "image/bmp":
        return b"\x00" not in content[:64]
    return found == UNKNOWN or found.startswith("text/")


def _is_message(content: bytes) -> bool:
    """Whether a file is itself a message (.eml), whatever it was declared to be."""
    names = {name for name, _ in _head_of_message(content).fields}
    return "from" in names and len(names & _MAIL_FIELDS) >= _ENOUGH_FIELDS
