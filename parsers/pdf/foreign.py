"""Whether a document can hold a form, told by the letters of its pages alone."""

from __future__ import annotations

from enum import Enum, auto
from functools import cache
from typing import TYPE_CHECKING, Any

from pdfminer.pdftypes import PDFObjRef
from pdfminer.psparser import PSLiteral

from parsers.normal import normal
from parsers.pdf.pictured import pictured

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pdfplumber.pdf import PDF

    from parsers.formspec import FormSpec
    from parsers.pdf.opened import Opened

_VOWELS = dict.fromkeys(map(ord, "aeiou"))
_BEGINNING = 9
"""So many consonants of a label are looked for: what follows may stand on another line."""
_LEAST = 1 / 3
"""Of the labels that a form has to have, this share is found in the letters of every form: more
than twice as many can't have been damaged so that only likeness tells them."""
_FEW_LETTERS = 40
"""A page with fewer may be a picture of a page, or draw its letters."""
_MOST = 200_000
_ELSEWHERE = ("AcroForm", "AF", "Collection")


class Sign(Enum):
    """What the letters say."""

    FOREIGN = auto()
    """No form of any version, nowhere in the file."""
    PRINT = auto()
    """There is nothing but print in the file, on every page, and surely a form's labels in it."""
    UNKNOWN = auto()
    """There is a field, a note or a file in it, a page with few letters, or only some labels."""


def sign_of(
    opened: Opened, pdf: PDF, specs: Sequence[FormSpec], count: int, never: Sequence[str]
) -> Sign:
    """What the first `count` pages of a file say. One with a wording of `never` (in normal form) is
    not called foreign.
    """
    if not _is_plain(pdf, count):
        return Sign.UNKNOWN
    letters, length, enough = "", 0, False
    for number in range(1, count + 1):
        said = normal(opened.look(number).characters)
        length += len(said)
        if len(said) < _FEW_LETTERS or length > _MOST or any(each in said for each in never):
            return Sign.UNKNOWN
        letters += _hardened(said)
        enough = enough or any(_has_enough(spec, letters) for spec in specs)
    if not enough:
        return Sign.FOREIGN
    # A long text may have a third of them by chance: reading what is painted would be for nothing.
    certain = any(_share(spec, letters) >= spec.certain_from for spec in specs)
    return Sign.PRINT if certain else Sign.UNKNOWN


def _has_enough(spec: FormSpec, letters: str) -> bool:
    return _share(spec, letters) >= _LEAST * spec.recognised_from


def _share(spec: FormSpec, letters: str) -> float:
    """Of a version's labels, how many begin somewhere in the letters."""
    labels = _beginnings(spec.letters)
    return sum(any(each in letters for each in wordings) for wordings in labels) / len(labels)


@cache
def _beginnings(labels: tuple[tuple[tuple[str, ...], ...], ...]) -> list[tuple[str, ...]]:
    return [tuple(_hardened(parts[0])[:_BEGINNING] for parts in wordings) for wordings in labels]


def _hardened(letters: str) -> str:
    """Without vowels: a font may have lost one, and then nearly every label is damaged."""
    return letters.translate(_VOWELS)


def _is_plain(pdf: PDF, count: int) -> bool:
    """Whether nothing but print can hold a form: no field, note, attached file, XFA data or large
    image.
    """
    catalog = pdf.doc.catalog
    names = _resolved(catalog.get("Names"))
    if any(key in catalog for key in _ELSEWHERE) or (
        names is not None and not (isinstance(names, dict) and "EmbeddedFiles" not in names)
    ):
        return False
    return all(_is_bare(page.page_obj.attrs) and not pictured(page) for page in pdf.pages[:count])


def _is_bare(page: dict[str, Any]) -> bool:
    """Whether a page has links at most."""
    listed = _resolved(page.get("Annots"))
    if "AF" in page or not (listed is None or isinstance(listed, list)):
        return False
    return all(_is_link(_resolved(each)) for each in listed or ())


def _is_link(annotation: Any) -> bool:
    kind = _resolved(annotation.get("Subtype")) if isinstance(annotation, dict) else None
    return isinstance(kind, PSLiteral) and kind.name == "Link"


def _resolved(value: Any) -> Any:
    return value.resolve() if isinstance(value, PDFObjRef) else value
