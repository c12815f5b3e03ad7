"""What a Word document says outside of its body: notes, comments, headers and footers."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from parsers.docx.content import Content
from parsers.docx.package import beside, part
from parsers.linear.pieces import Note
from parsers.markup import attribute, local, tree
from parsers.unreadable import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_BY_HAND = ("footnote", "endnote", "comment")
_RULED = ("separator", "continuationSeparator", "continuationNotice")
_OF_THE_PAGE = re.compile(
    r"[\W\d]*(?:official|sensitive|restricted|when complete|page|of|version|v)?[\W\d]*",
    re.IGNORECASE,
)
"""A word of what stands on every page: a protective marking, its number, the form's version."""


def notes_of(content: bytes) -> tuple[list[Note], list[str]]:
    """(each note, comment, and what somebody may have typed in a header or footer, each only once;
    the codes of what can't be read of them).
    """
    found: list[Note] = []
    doubts: list[str] = []
    for kind, name in beside(content):
        try:
            root = tree(part(content, name))
        except UnreadableError:
            doubts.append("part-not-read")
            continue
        for element in _each(root, kind):
            inner = Content(element)
            note = Note(
                label=kind.capitalize(),
                text="\n".join(cell.text for cell in inner.cells).strip(),
                typed=kind in _BY_HAND or any(cell.controlled for cell in inner.cells),
            )
            if (note.typed or not _is_of_the_page(note.text)) and note not in found and note.text:
                found.append(note)
    return found, doubts


def _each(root: Element, kind: str) -> Iterator[Element]:
    """The notes of a part; a header or footer is one."""
    if kind not in _BY_HAND:
        yield root
        return
    for each in root:
        if local(each) == kind and attribute(each, "type") not in _RULED:
            yield each


def _is_of_the_page(text: str) -> bool:
    return all(_OF_THE_PAGE.fullmatch(word) for word in text.split())
