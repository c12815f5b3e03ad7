"""A form without fields: its answers stand printed in boxes, or just beside their labels."""

from __future__ import annotations

from typing import TYPE_CHECKING

from parsers import labels as wordings
from parsers.model import Method
from parsers.normal import normal
from parsers.pdf import either, form, geometry, painted
from parsers.pdf.captions import captioned
from parsers.pdf.cells import Cells
from parsers.pdf.flow import flowed
from parsers.pdf.glyphs import LOST
from parsers.pdf.grid import Grid
from parsers.pdf.lines import bounds, runs_of
from parsers.pdf.loose import loose
from parsers.pdf.marks import CHECKED, UNCHECKED
from parsers.pdf.slots import DOUBTED, Slot, how_read

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from parsers.formspec import FormSpec
    from parsers.labels import Labels
    from parsers.model import BBox, ExtractedForm
    from parsers.pdf.ink import Inks
    from parsers.pdf.lines import Run
    from parsers.pdf.painted import Painted
    from parsers.pdf.words import Word

_READ, _SEEN = 0.97, 0.95
"""Confidence: text in a box; a mark as a picture."""
_BELOW = 2.0
"""What was written in a box that is full goes on below within so many heights."""
_LARGER, _CORNER = 6, 4.0
_EDGE = 0.3
"""The share of a word's height that may lie beyond the edge of its box."""


def read(
    spec: FormSpec,
    pages_shown: Sequence[Painted],
    notes: Sequence[Slot],
    inks: Inks,
    today: date,
    *,
    doubts: Sequence[str] = (),
    known: Labels | None = None,
) -> ExtractedForm | None:
    """What a flat form says; None for a blank one. `notes` are texts laid over it; `known` the
    labels, if they were looked for among these very words.
    """
    words = [word for page in pages_shown for word in page.words]
    labels = found_labels(spec, words, known)
    printed = printed_words(labels)
    made, typed, captions = places(labels, pages_shown, inks)
    slots = [*(_as_text(note) for note in notes), *(s for s in made if not _noted(s, notes))]
    together = form.Assembly(labels, _print(words, typed, printed), slots)
    loose_found = False
    if together.bare_texts or not any(not slot.tick and slot.text for slot in slots):
        free = [word for word in words if id(word) not in typed | captions]
        free = [w for w in free if id(w) not in printed and not _parts(w, slots)]
        at = [(each.page, box) for each in labels.fields.values() for box in each.boxes]
        found = loose(free, at)
        loose_found = bool(found)
        slots.extend(found)
        runs = _print(words, typed | {id(word) for word in free}, printed)
        together = form.Assembly(labels, runs, slots)
    doubts = [*doubts, *(["read-without-boxes"] if loose_found else [])]
    if any(page.incomplete for page in pages_shown):
        doubts.append("page-incomplete")
    return together.form(today, doubts=doubts)


def _print(words: Sequence[Word], typed: set[int], printed: set[int]) -> list[Run]:
    """The lines that no answer stands in."""
    return runs_of(word for word in words if id(word) not in typed or id(word) in printed)


def found_labels(spec: FormSpec, words: Sequence[Word], known: Labels | None = None) -> Labels:
    """The labels among all the words of flat pages; here a hint is print like any other."""
    runs = runs_of(words)
    labels = wordings.find(spec, runs) if known is None else known
    labels.furniture.extend(wordings.hints(labels, runs))
    return labels


def places(
    labels: Labels, pages_shown: Sequence[Painted], inks: Inks
) -> tuple[list[Slot], set[int], set[int]]:
    """The places of some pages, the words that are answers in them, and the words beside ticks."""
    cells = Cells(pages_shown, labels)
    slots: list[Slot] = []
    typed: set[int] = set()
    captions: set[int] = set()
    for page in pages_shown:
        made, used, named = _slots(page, labels, inks, cells)
        slots.extend(made)
        typed |= used
        captions |= named
    return slots, typed, captions


def _noted(slot: Slot, notes: Sequence[Slot]) -> bool:
    """Whether a box is empty but for a note that lies over it."""
    return (
        not slot.tick
        and not slot.text
        and any(
            note.page == slot.page and not note.hidden and geometry.within(note.bbox, slot.bbox)
            for note in notes
        )
    )


def _as_text(note: Slot) -> Slot:
    return Slot(
        page=note.page,
        bbox=note.bbox,
        raw=note.raw,
        text=note.text,
        loose=True,
        hidden=note.hidden,
        name=note.name,
        tooltip=note.tooltip,
        method=Method.LAYOUT,
        confidence=_READ,
    )


def printed_words(labels: Labels) -> set[int]:
    """The words (by identity) that the form prints itself."""
    found = [*labels.fields.values(), *labels.headings.values(), *labels.furniture]
    return {id(word) for each in found for line in each.lines for word in line}


def _slots(
    page: Painted, labels: Labels, inks: Inks, cells: Cells
) -> tuple[list[Slot], set[int], set[int]]:
    """The places of one page, the words that are answers in them, and the words beside ticks."""
    number = page.page
    printed = printed_words(labels)
    slots = []
    typed: set[int] = set()
    ghosts = [ghost for ghost in page.ghosts if not painted.is_tick(ghost[0])]
    small = [box for box, _ in page.ghosts if painted.is_tick(box)]
    small += [box for box in page.boxes if painted.is_tick(box) and not _met(box, small)]
    small = [box for box in small if not _is_by_hand(box, page)]
    for box, words in ghosts:
        slots.append(_text(number, box, words))
    for box, mark in zip(small, inks.marks(number, small), strict=True):
        slots.append(_tick(page, box, on=mark.on, sure=mark.sure))
    inside_small = Grid(small)
    for word in page.words:
        if word.text in CHECKED or word.text in UNCHECKED:
            typed.add(id(word))
            if not _met(word.bbox, small):
                slots.append(_tick(page, word.bbox, on=word.text in CHECKED, sure=True))
        elif inside_small.holding(word.bbox) is not None:
            typed.add(id(word))
    free = runs_of(w for w in page.words if id(w) not in printed | typed)
    meant, either_words = either.chosen(
        free, [slot for slot in slots if slot.tick], page.strokes, labels
    )
    slots += meant
    typed |= either_words
    left = runs_of(word for word in page.words if id(word) not in typed)
    ticks = captioned(slots, left, labels.spec.yes_no)
    captions = {id(word) for tick in ticks for word in tick.words}
    grips = {id(t.slot) for t in ticks if not t.words and _is_grip(t.slot.bbox, page.boxes)}
    slots = [slot for slot in slots if id(slot) not in grips]
    places = cells.written(page, printed | typed | captions)
    spent = printed | captions | {id(word) for _, words in places for word in words}
    for box, inside in places:
        if any(geometry.within(ghost, box) for ghost, _ in ghosts) and not _says(inside):
            continue
        over = _over_the_edge(box, inside, page.words, spent | typed)
        beyond = over or any(_outside(word, box) > _EDGE for word in inside)
        words = [*inside, *over]
        flaw = "text-over-the-edge" if beyond else ""
        slots.append(_text(number, box, words, flaw=flaw, reach=_reach(box, words)))
        typed |= {id(word) for word in words}
    return slots, typed, captions


def _is_by_hand(box: BBox, page: Painted) -> bool:
    """Whether what is as small as a box to tick is a ring around a word, or strikes one out."""
    held = [w.bbox for w in page.words if geometry.within(w.bbox, box) and len(w.text) > 1]
    return any(each.rings(word) or each.strikes(word) for word in held for each in page.strokes)


def _parts(word: Word, slots: Sequence[Slot]) -> bool:
    """Whether it is a mark between two boxes, as between the day and the month."""
    beside = [s.bbox for s in slots if s.page == word.page and geometry.level(s.bbox, word.bbox)]
    gaps = [geometry.left_gap(box, word.bbox) for box in beside]
    more = [geometry.left_gap(word.bbox, box) for box in beside]
    near = [
        any(gap is not None and gap < 1.5 * word.height for gap in each) for each in (gaps, more)
    ]
    return not normal(word.text) and all(near)


def _says(words: Sequence[Word]) -> bool:
    """Whether there is more than the marks printed between the boxes of a date."""
    return any(normal(word.text) for word in words)


def _is_grip(small: BBox, boxes: Sequence[BBox]) -> bool:
    """Whether it fills the corner at which a browser lets one drag a larger box."""
    return any(
        geometry.area(box) > _LARGER * geometry.area(small)
        and abs(box[2] - small[2]) < _CORNER
        and abs(box[3] - small[3]) < _CORNER
        for box in boxes
    )


def _outside(word: Word, box: BBox) -> float:
    """The share of a word's height that lies above or below a box."""
    return (max(box[1] - word.top, 0.0) + max(word.bottom - box[3], 0.0)) / max(word.height, 1.0)


def _over_the_edge(
    box: BBox, words: Sequence[Word], everything: Sequence[Word], spent: set[int]
) -> list[Word]:
    """The lines that go on below a box that is too small: of the same height, and aligned."""
    found: list[Word] = []
    if not words:
        return found
    left = min(word.x0 for word in words)
    last = max(words, key=lambda word: word.bottom)
    aligned = [word for word in everything if -1 < word.x0 - left < 1 and id(word) not in spent]
    reach = last.bottom + (_BELOW + 1) * last.height
    if not any(last.top - geometry.SLACK < word.top < reach for word in aligned):
        # No line that is looked for could begin with any word: most boxes are large enough.
        return found
    # An empty line may part what stands below a box that is full.
    full = box[3] - last.bottom < _BELOW * last.height
    rest = [
        run
        for run in runs_of(word for word in everything if id(word) not in spent)
        if run.bbox[2] <= box[2] + geometry.SLACK
    ]
    for run in rest:
        tall = geometry.height(run.bbox)
        if (
            last.bottom - geometry.SLACK < run.bbox[1] + 0.3 * tall
            and run.bbox[1] - last.bottom < (_BELOW if full else 0.4) * tall
            and abs(run.bbox[0] - left) < 1
            and abs(tall - last.height) < 0.1 * tall
        ):
            found.extend(run.words)
            last = run.words[0]
    return found


def _met(box: BBox, others: Sequence[BBox]) -> bool:
    return any(geometry.within(box, each) or geometry.within(each, box) for each in others)


def _text(
    page: int, box: BBox, words: Sequence[Word], *, flaw: str = "", reach: BBox | None = None
) -> Slot:
    said = flowed(words, box)
    method, confidence = how_read(words, _READ)
    if LOST in said.text:
        flaw = "characters-lost"
    elif not all(word.placed for word in words):
        flaw = "letters-unplaced"
    elif confidence < DOUBTED:
        flaw = "letters-uncertain"
    return Slot(
        page=page,
        bbox=box,
        raw=said.raw,
        text=said.text,
        flaw=flaw or ("word-broken" if said.broken else ""),
        method=method,
        confidence=confidence,
        reach=reach,
    )


def _reach(box: BBox, words: Sequence[Word]) -> BBox | None:
    """The box with what is written beyond its edges; None when nothing is."""
    over = [w.bbox for w in words if w.x1 - box[2] > 1 or _outside(w, box) > _EDGE]
    return bounds([box, *over]) if over else None


def _tick(page: Painted, box: BBox, *, on: bool, sure: bool) -> Slot:
    return Slot(
        page=page.page, bbox=box, tick=True, on=on, sure=sure, method=page.method, confidence=_SEEN
    )
