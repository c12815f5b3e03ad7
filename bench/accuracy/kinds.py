"""The documents that are read, by kind: the golden ones, and forms filled in at random."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from tests.golden.samples import SAMPLES, joined, please_wait
from tests.samples import (
    columns,
    docx_form,
    form,
    hands,
    invented,
    people,
    reportlab_form,
    table,
    xfa_form,
)
from tests.samples.hands import Hand
from tests.samples.photos import photo, photographed
from tests.samples.scanned_pdf import as_pdf
from tests.samples.scans import (
    COARSE,
    COLOUR,
    FAX,
    FINE,
    USUAL,
    Scanner,
    as_jpeg,
    as_png,
    as_tiff,
    scan,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from tests.samples.page import Sheet

_GOLDEN = Path(__file__).parents[2] / "tests" / "golden"
_HEIC = Path(__file__).parents[2] / "tests" / "samples" / "photo.heic"
_PRODUCED = {
    "cairo": "printed",
    "fpdf2-boxes": "printed",
    "fpdf2-table": "printed",
    "ghostscript": "flattened",
    "ghostscript-form": "flattened",
    "libreoffice-blank": "printed",
    "libreoffice-controls": "Word",
    "libreoffice-grid": "printed",
    "libreoffice-legacy": "Word",
    "libreoffice-noborder": "printed",
    "libreoffice-table": "printed",
    "pdf-lib-flat": "flattened",
    "pdftk-flat": "flattened",
    "python-docx": "Word",
    "typst": "printed",
}
"""Of the forms that other programs made, those that are not fillable."""
DIGITAL = ("fillable", "flattened", "printed", "from a browser", "Word", "XFA")


@dataclass(frozen=True, kw_only=True, slots=True)
class Document:
    """`forms` are the answers of each form in it. `flowed`: the ends of printed lines are not the
    writer's, so blanks and line ends count as the same.
    """

    kind: str
    name: str
    content: bytes
    forms: tuple[Mapping[str, str], ...]
    flowed: bool


def golden() -> Iterator[Document]:
    """Those that hold an answer, and of the blank ones those that a reader might misread."""
    for name, sample in SAMPLES.items():
        if sample.forms or sample.reason == "blank-form":
            kind = _kind(name)
            content = (_GOLDEN / f"{name}{sample.suffix}").read_bytes()
            flowed = kind in ("flattened", "printed", "from a browser")
            yield Document(kind=kind, name=name, content=content, forms=sample.forms, flowed=flowed)
    page = _on_page(table.draw(people.CHILD), people.CHILD, 1)
    yield _pictured("photo, HEIC", "photo.heic", _HEIC.read_bytes(), page)


def _kind(name: str) -> str:
    if name in _PRODUCED:
        return _PRODUCED[name]
    if name.startswith("word-") and "pdf" not in name:
        return "Word"
    for part, kind in (
        ("xfa-", "XFA"), ("browser", "from a browser"), ("flattened", "flattened"),
        ("printed", "printed"), ("rotated-270", "flattened"), ("blank-hints", "printed"),
    ):  # fmt: skip
        if part in name and name not in ("fillable-xfa-names", "blank-hints-as-values"):
            return kind
    return "fillable"


def invented_ones(seed: int, count: int) -> Iterator[Document]:
    """Forms filled in at random, `count` of each kind; every one in another layout."""
    for kind, make in _MAKERS.items():
        for number in range(count):
            asked = invented.answers(seed * 1000 + number)
            content = make(asked, number)
            flowed = kind in ("flattened", "printed")
            yield Document(kind=kind, name=f"{kind} {number}", content=content, forms=(asked,),
                           flowed=flowed)  # fmt: skip
    for number in range(count):
        yield from _pictures(seed * 1000 + number, number)


_LAYOUTS: tuple[Callable[[Mapping[str, str]], Sheet], ...] = (
    table.draw,
    columns.draw,
    partial(hands.draw, Hand(label_width=190)),
    partial(hands.draw, Hand(border="cells", question="before", label_width=190)),
    partial(hands.draw, Hand(label="above", heading="band")),
)


def _layout(number: int, answers: Mapping[str, str]) -> Sheet:
    return _LAYOUTS[number % len(_LAYOUTS)](answers)


def _fillable(answers: Mapping[str, str], number: int) -> bytes:
    if number % 6 == 5:
        return joined(reportlab_form.made(_latin(answers)))
    radios = number % 2 == 1
    return form.with_fields(_layout(number, {}), answers, radios=radios)


def _latin(answers: Mapping[str, str]) -> dict[str, str]:
    return {
        key: text.replace("\N{RIGHT SINGLE QUOTATION MARK}", "'") for key, text in answers.items()
    }


def _flattened(answers: Mapping[str, str], number: int) -> bytes:
    made = form.with_fields(_layout(number, {}), answers)
    return form.flattened_by_qpdf(made) if number % 3 == 2 else form.made_flat(made)


def _printed(answers: Mapping[str, str], number: int) -> bytes:
    return _layout(number, answers).done()


def _word(answers: Mapping[str, str], number: int) -> bytes:
    kinds = (docx_form.tables, docx_form.controls, docx_form.legacy, docx_form.plain)
    return kinds[number % len(kinds)](answers)


def _xfa(answers: Mapping[str, str], number: int) -> bytes:
    template = xfa_form.template(tooltips=number % 2 == 1, references=number % 3 == 1)
    return xfa_form.with_xfa(please_wait(), template, xfa_form.datasets(answers))


_MAKERS: dict[str, Callable[[Mapping[str, str], int], bytes]] = {
    "fillable": _fillable,
    "flattened": _flattened,
    "printed": _printed,
    "Word": _word,
    "XFA": _xfa,
}
_SCANS: dict[str, Scanner] = {
    "scan, 300 dpi": FINE,
    "scan, 200 dpi": USUAL,
    "scan, 150 dpi": COARSE,
    "scan, colour": COLOUR,
    "scan, upside down": replace(USUAL, turned=180),
    "scan, sideways": replace(USUAL, turned=90),
    "fax": FAX,
}


def _pictures(seed: int, number: int) -> Iterator[Document]:
    """One form as every kind of picture: scans of the whole, and files of its first page alone."""
    asked = invented.answers(seed)
    printed = _layout(number, asked).done()
    for kind, scanner in _SCANS.items():
        pages = scan(printed, scanner, seed=seed)
        held = as_pdf(pages, scanner.dpi, strips=1 + number % 2)
        yield _pictured(kind, f"{kind} {number}", held, asked)
    count = len(scan(printed, replace(COARSE, dpi=20)))
    photos = [photo(printed, page, seed=seed + page) for page in range(count)]
    yield _pictured("photos in a PDF", f"photos {number}", as_pdf(photos, 254), asked)
    tiff = as_tiff(scan(printed, FAX, seed=seed), FAX.dpi)
    yield _pictured("TIFF", f"TIFF {number}", tiff, asked)
    first = _on_page(_layout(number, {}), asked, 1)
    sheet = scan(printed, USUAL, seed=seed)[0]
    yield _pictured("JPEG", f"JPEG {number}", as_jpeg(sheet, dpi=200), first)
    yield _pictured("PNG", f"PNG {number}", as_png(sheet, dpi=200), first)
    turned = (1, 6, 3, 8)[number % 4]
    held = photographed(printed, 0, seed=seed, orientation=turned)
    yield _pictured("photo, JPEG", f"photo {number}", held, first)


def _pictured(kind: str, name: str, content: bytes, answers: Mapping[str, str]) -> Document:
    return Document(kind=kind, name=name, content=content, forms=(answers,), flowed=True)


def _on_page(sheet: Sheet, answers: Mapping[str, str], page: int) -> dict[str, str]:
    """The answers whose places are on one page."""
    there = {place.key for place in sheet.places if place.page == page}
    return {key: text for key, text in answers.items() if key in there}
