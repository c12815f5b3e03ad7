"""One Word document: which forms it holds, and what they say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers.docx.content import Content
from parsers.docx.notes import notes_of
from parsers.docx.package import MAIN, part
from parsers.linear import form
from parsers.markup import tree
from parsers.model import Method, Reason
from parsers.unreadable import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from parsers.formspec import FormSpec
    from parsers.model import ExtractedForm

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read(content: bytes, specs: Sequence[FormSpec], today: date) -> list[ExtractedForm]:
    """The forms in a Word document (.docx, .docm, .dotx), at least one; UnreadableError when there
    is none that holds an answer, or the file can't be read. Notes, comments, headers and footers
    are unrecognised; of what was deleted with changes tracked, a warning tells.
    """
    found = Content(tree(part(content, MAIN)))
    notes, doubts = notes_of(content)
    return form.read(
        found.cells, specs, today, method=Method.DOCX, doubts=[*found.doubts, *doubts],
        notes=notes, deleted="".join(found.deleted), drawn=found.drawn,
    )  # fmt: skip


def read_locked(content: bytes, _specs: Sequence[FormSpec], _today: date) -> list[ExtractedForm]:
    """An OLE file: Word wraps a document in one that is encrypted with a password ([MS-OFFCRYPTO]
    §2.3); others (.doc, .msg) are not read.
    """
    raise UnreadableError(Reason.PASSWORD if _ENCRYPTED in content else Reason.UNSUPPORTED_TYPE)
