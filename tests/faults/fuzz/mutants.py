"""Which document is damaged, and how: the same for a seed and a number."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf

from tests.faults.fuzz import archives, octets, pdf_objects, pdf_tokens, pictures, xfa
from tests.samples import form, hostile, people
from tests.samples.photos import photo
from tests.samples.scanned_pdf import as_pdf
from tests.samples.scans import FAX, Scanner, as_jpeg, as_png, as_tiff, scan

if TYPE_CHECKING:
    from tests.faults.fuzz.octets import Change

_GOLDEN = Path(__file__).parents[2] / "golden"
PICTURES = "picture"
_ROUGH = Scanner(dpi=75)


@dataclass(frozen=True, kw_only=True, slots=True)
class Mutant:
    """`bases` are the names of the documents it was made from: two when they were spliced."""

    number: int
    bases: tuple[str, ...]
    change: str
    content: bytes


@cache
def bases() -> dict[str, bytes]:
    """The golden documents, and pictures of every kind: small, as hundreds of them are read."""
    held = {path.name: path.read_bytes() for path in sorted(_GOLDEN.iterdir())
            if path.suffix in (".pdf", ".docx")}  # fmt: skip
    sheet = form.printed(people.CHILD)
    pages = scan(sheet, _ROUGH)[:2]
    heic = Path(__file__).parents[2] / "samples" / "photo.heic"
    return held | {
        "page.png": as_png(pages[0], dpi=75),
        "page.jpeg": as_jpeg(photo(sheet, width=700)),
        "pages.tiff": as_tiff(pages, 75),
        "fax.tiff": as_tiff(scan(sheet, FAX)[:1], 200),
        "photo.heic": heic.read_bytes(),
        "pages-scanned.pdf": as_pdf(pages, 75),
        "fax-scanned.pdf": as_pdf(scan(sheet, FAX)[:1], 200, strips=2),
    }


def mutant(seed: int, number: int, *, only: str = "") -> Mutant:
    """One picture in twenty-five, as those take longest; else every family of documents as often,
    unless it is to be `only` one.
    """
    dice = random.Random(f"{seed}:{number}")
    family = dice.choice(sorted(set(families()) - {PICTURES}))
    name = dice.choice(families()[only or (PICTURES if dice.random() < 0.04 else family)])
    content = bases()[name]
    if dice.random() < 0.07:
        other = dice.choice(sorted(bases()))
        spliced = octets.spliced(content, bases()[other], dice)
        return Mutant(number=number, bases=(name, other), change="spliced", content=spliced)
    change = dice.choice(_changes(name))
    if change in pdf_tokens.ALL and dice.random() < 0.7:
        content = _unpacked(name)
    for _ in range(dice.choice([1, 1, 1, 2])):
        content = _damaged(content, change, dice)
    return Mutant(number=number, bases=(name,), change=change.__name__, content=content)


def _damaged(content: bytes, change: Change, dice: random.Random) -> bytes:
    """What is too broken already to be opened, changed and written gets wrong bits instead."""
    try:
        return change(content, dice) if content else content
    except Exception:  # noqa: BLE001 - libraries fail in ways without number
        return octets.bits(content, dice)


@cache
def families() -> dict[str, list[str]]:
    """The names of the documents that are alike."""
    found: dict[str, list[str]] = {}
    for name, content in bases().items():
        if not name.endswith((".pdf", ".docx")) or "scanned" in name:
            family = PICTURES
        elif name.endswith(".docx"):
            family = "word"
        elif name.startswith("xfa") or b"/XFA" in content:
            family = "xfa"
        else:
            told = ("fillable", "flattened", "printed", "browser", "blank", "revised", "regional")
            family = next((each for each in told if each in name), "other")
        found.setdefault(family, []).append(name)
    return found


@cache
def _changes(name: str) -> tuple[Change, ...]:
    kind = name.rpartition(".")[2]
    if kind in pictures.OF:
        return (*octets.ALL, *pictures.OF[kind] * 3)
    if kind == "docx":
        return (*octets.ALL, *archives.ALL * 3)
    if not _unpacked(name):
        return octets.ALL
    own = xfa.ALL * 3 if name in families().get("xfa", ()) else ()
    return (*octets.ALL, *pdf_tokens.ALL * 2, *pdf_objects.ALL * 4, *own)


@cache
def _unpacked(name: str) -> bytes:
    """Empty for what can't be opened."""
    try:
        return hostile.unpacked(bases()[name])
    except (pikepdf.PdfError, pikepdf.PasswordError):
        return b""
