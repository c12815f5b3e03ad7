"""Text that no box holds: each block of lines as a place of its own."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING

from parsers.normal import normal
from parsers.pdf import geometry
from parsers.pdf.lines import bounds, runs_of
from parsers.pdf.slots import DOUBTED, Slot, how_read

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from parsers.model import BBox
    from parsers.pdf.lines import Run
    from parsers.pdf.words import Word

_CONFIDENCE = 0.8
_ALIGNED = 3.0
_APART = 2.2
"""A block goes on where the next line begins within so many heights."""
_LETTERS = 6
_FOOT = re.compile(
    r"(?:official(?:[\s:-]+sensitive)?)?\s*[-\u2013\u2014|]?\s*(?:page\s*\d+(?:\s*(?:of|/)\s*\d+)?)?",
    re.IGNORECASE,
)
"""A protective marking, a page's number: what stands at the edge of the only page of a form."""
_DIGITS = re.compile(r"\d+")
_RULE = re.compile(r"[\s*:_.…•·▪‣◦\ue000-\uf8ff]+")
"""Marks beside a label, lines to write on that are typed, bullets (symbol fonts have letters of
their own for those).
"""
_NUMBER = re.compile(r"\(?(\d{1,2}|[a-zA-Z])[.)]")


def loose(words: Iterable[Word], labels: Sequence[tuple[int, BBox]]) -> list[Slot]:
    """The blocks of text among words that are no part of the blank form. `labels` are the pages and
    boxes of its labels: a line beside a label begins a block.
    """
    runs = runs_of(words)
    running = _running(runs)
    blocks: list[list[Run]] = []
    for run in runs:
        print_ = _RULE.fullmatch(run.text) or _FOOT.fullmatch(run.text)
        if id(run) in running or print_ or _is_number_of(run, labels):
            continue
        home = next((b for b in reversed(blocks) if _goes_on(b[-1], run, runs, labels)), None)
        if home is None:
            blocks.append([run])
        else:
            home.append(run)
    return [_slot(block) for block in blocks]


def _slot(block: Sequence[Run]) -> Slot:
    text = block[0].text
    for before, run in pairwise(block):
        empty = round((run.bbox[1] - before.bbox[1]) / (1.2 * geometry.height(before.bbox))) - 1
        text += "\n" * (1 + max(0, empty)) + run.text
    method, confidence = how_read((word for run in block for word in run.words), _CONFIDENCE)
    return Slot(
        page=block[0].page,
        bbox=bounds(run.bbox for run in block),
        raw=text,
        text=text,
        loose=True,
        flaw="letters-uncertain" if confidence < DOUBTED else "",
        method=method,
        confidence=confidence,
    )


def _goes_on(last: Run, run: Run, runs: Sequence[Run], labels: Sequence[tuple[int, BBox]]) -> bool:
    tall = geometry.height(last.bbox)
    gap = run.bbox[1] - last.bbox[3]
    if (
        last.page != run.page
        or abs(last.bbox[0] - run.bbox[0]) > _ALIGNED
        or not -0.5 * tall < gap < _APART * tall
        or abs(geometry.height(run.bbox) - tall) > 0.2 * tall
    ):
        return False
    around = [box for page, box in labels if page == run.page]
    around += [other.bbox for other in runs if other.page == run.page and other is not run]
    between = (run.bbox[0], last.bbox[3], max(run.bbox[2], last.bbox[2]), run.bbox[1])
    return not any(
        geometry.left_gap(box, run.bbox) is not None or geometry.overlaps(box, between)
        for box in around
    )


def _is_number_of(run: Run, labels: Sequence[tuple[int, BBox]]) -> bool:
    return _NUMBER.fullmatch(run.text) is not None and any(
        page == run.page and geometry.left_gap(run.bbox, box) is not None for page, box in labels
    )


def _running(runs: Sequence[Run]) -> set[int]:
    """The lines that stand at the same height of several pages: headers and footers. The first and
    the last line of a page may differ by their numbers only (a date, a page).
    """
    found: dict[tuple[str, int], list[Run]] = {}
    edges = {id(run) for page in _by_page(runs) for run in _at_edges(page)}
    for run in runs:
        wording = "".join(letter for letter in normal(run.text) if not letter.isdigit())
        if id(run) in edges and len(wording) < _LETTERS:
            wording = _DIGITS.sub("0", run.text)
        elif len(wording) < _LETTERS:
            continue
        found.setdefault((wording, round(run.bbox[1] / 4)), []).append(run)
    return {
        id(run) for same in found.values() if len({each.page for each in same}) > 1 for run in same
    }


def _by_page(runs: Sequence[Run]) -> list[list[Run]]:
    pages: dict[int, list[Run]] = {}
    for run in runs:
        pages.setdefault(run.page, []).append(run)
    return list(pages.values())


def _at_edges(page: Sequence[Run]) -> list[Run]:
    top = min(run.bbox[1] for run in page)
    bottom = max(run.bbox[1] for run in page)
    return [run for run in page if min(run.bbox[1] - top, bottom - run.bbox[1]) < _ALIGNED]
