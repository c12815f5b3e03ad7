"""One part of a message: where it stands, and what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from intake.mail import parameters
from intake.mail.words import decoded
from parsers.sniff import UNKNOWN, media_type

if TYPE_CHECKING:
    from intake.mail import headers

NAME_LENGTH = 150
_NAME_DECODED = 1000
_SIGNATURES = (
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/pgp-signature",
)
_SIGNATURE_SIZE = 64 * 1024


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
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
class Leaf:
    """What a part without parts says of itself."""

    place: Place
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
        return decoded(name[:_NAME_DECODED])[:NAME_LENGTH].strip() or None

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
