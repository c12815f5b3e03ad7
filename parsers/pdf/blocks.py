"""The printed texts of a page, as the things that a place for an answer can stand beside."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsers.pdf.geometry import SLACK, above_gap, height, left_gap, level
from parsers.pdf.lines import Run

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from parsers.labels import Labels
    from parsers.model import BBox
    from parsers.pdf.words import Word
    from parsers.printed import Printed

ABOVE_AT_MOST = 46.0
_LEVEL = 4.0


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Block:
    """A label (`key` is its field's), a heading, or some other printed text (both False/None).

    `boxes` are its lines, `bbox` is around all of them. Marks without letters or digits make no
    block.
    """

    page: int
    boxes: tuple[BBox, ...]
    bbox: BBox
    text: str
    key: str | None = None
    heading: bool = False

    def left_of(self, box: BBox) -> float | None:
        """How far the line that is level with a box ends to the left of it."""
        gaps = [gap for each in self.boxes if (gap := left_gap(each, box)) is not None]
        whole = left_gap(self.bbox, box)
        return min([*gaps, *([] if whole is None else [whole])], default=None)

    def above(self, box: BBox) -> float | None:
        """How far it ends above a box that begins at, or little left of, its own left edge."""
        mine = self.bbox
        gap = above_gap(mine, box)
        if gap is None or gap > ABOVE_AT_MOST or mine[0] > box[0] + 0.6 * (box[2] - box[0]):
            return None
        return gap

    def inside(self, box: BBox) -> bool:
        """Whether it stands in the upper part of a box."""
        mine = self.bbox
        return (
            mine[0] >= box[0] - SLACK
            and mine[2] <= box[2] + SLACK
            and mine[1] >= box[1] - SLACK
            and mine[3] <= box[3] + SLACK
            and mine[1] - box[1] < max(0.5 * height(box), 16.0)
        )


@dataclass(kw_only=True)
class Blocks:
    """All blocks of a form by page."""

    by_page: dict[int, list[Block]] = field(default_factory=dict)

    def on(self, page: int) -> list[Block]:
        """From top to bottom."""
        return self.by_page.get(page, [])

    def body(self, page: int) -> list[Block]:
        """Without what stands at the same height of another page too: headers and footers."""
        return [
            block
            for block in self.on(page)
            if block.key is not None
            or block.heading
            or not any(_runs_on(block, other) for n in self.by_page for other in self.on(n))
        ]

    def last_labels(self) -> dict[int, list[Block]]:
        """By page the blocks on its last line, where all of them are labels."""
        found = {}
        for page in self.by_page:
            body = self.body(page)
            last = [block for block in body if level(block.bbox, body[-1].bbox)]
            if last and all(block.key is not None for block in last):
                found[page] = last
        return found


def _runs_on(one: Block, other: Block) -> bool:
    """Whether two blocks say the same, but for numbers, at the same height of two pages."""
    said, again = (
        "".join(each for each in block.text if not each.isdigit()) for block in (one, other)
    )
    return one.page != other.page and said == again and abs(one.bbox[1] - other.bbox[1]) < _LEVEL


def blocks_of(labels: Labels, words: Iterable[Word], runs: Sequence[Run]) -> Blocks:
    """Labels and headings as they were found, and each line of the remaining words as a block. What
    a blank form prints besides (`furniture`), and `words`, are left out.
    """
    spent = {id(word) for word in words}
    blocks = Blocks()

    def add(printed: Printed, *, key: str | None, heading: bool) -> None:
        spent.update(id(word) for line in printed.lines for word in line)
        blocks.by_page.setdefault(printed.page, []).append(
            Block(
                page=printed.page,
                boxes=printed.boxes,
                bbox=printed.bbox,
                text=printed.text,
                key=key,
                heading=heading,
            )
        )

    headings = {id(printed) for printed in labels.headings.values()}
    for printed in labels.headings.values():
        add(printed, key=None, heading=True)
    for key, printed in labels.fields.items():
        if id(printed) not in headings:
            add(printed, key=key, heading=False)
    for printed in labels.furniture:
        spent.update(id(word) for line in printed.lines for word in line)
    for run in runs:
        for part in _parts(run, spent):
            if part.letters:
                blocks.by_page.setdefault(run.page, []).append(
                    Block(page=run.page, boxes=(part.bbox,), bbox=part.bbox, text=part.text)
                )
    for page in blocks.by_page.values():
        page.sort(key=lambda block: (block.bbox[1], block.bbox[0]))
    return blocks


def _parts(run: Run, spent: set[int]) -> Iterable[Run]:
    current: list[Word] = []
    for word in run.words:
        if id(word) not in spent:
            current.append(word)
        elif current:
            yield Run(tuple(current))
            current = []
    if current:
        yield Run(tuple(current))


def same_row(one: BBox, other: BBox) -> bool:
    """Whether two boxes are level and nearly as high."""
    return level(one, other) and abs(height(one) - height(other)) < 0.4 * height(one) + SLACK
