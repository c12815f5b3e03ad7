"""Which of a flat form's drawn boxes are places to write in, and what is written in them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from parsers.normal import normal
from parsers.pdf import geometry, painted
from parsers.pdf.grid import Grid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parsers.labels import Labels
    from parsers.model import BBox
    from parsers.pdf.painted import Painted
    from parsers.pdf.words import Word


_NUMBER = re.compile(r"\W*[0-9]{0,2}\W*")
"""What may stand before a heading in its own box."""


class Cells:
    """The drawn boxes of a whole form.

    Where most boxes with a label have a box without one to their right, the labels stand beside
    their places: such a box is none, nor is one in the column of such boxes that has another box to
    its right (there stands a label that the field list doesn't know). The same is so where they
    have a box without a label below them, as wide: there the labels head their places, in rows.
    Else the labels stand in their places.
    """

    def __init__(self, pages: Sequence[Painted], labels: Labels) -> None:
        self._labelled: dict[tuple[int, BBox], str] = {}
        self._boxes: dict[int, list[BBox]] = {}
        self._headings: dict[int, list[BBox]] = {}
        for page in pages:
            boxes = [box for box in page.boxes if not painted.is_tick(box)]
            self._boxes[page.page] = boxes
            for key, label in labels.fields.items():
                # A bilingual label may stand in two boxes.
                for place in label.boxes if label.page == page.page else ():
                    # The smallest one: a frame around many boxes has all their labels.
                    home = next((box for box in boxes if geometry.within(place, box)), None)
                    if home is not None:
                        self._labelled[page.page, home] = key
            self._headings[page.page] = [
                each.bbox for each in labels.headings.values() if each.page == page.page
            ]
        beside = {at for at in self._labelled if self._beside(*at) is not None}
        under = {at for at in self._labelled if self._under(*at) is not None}
        alone = len(self._labelled) - len(beside | under)
        # Where a box may be either, the others tell.
        if len(beside - under) >= len(under - beside):
            under -= beside
        else:
            beside -= under
        self._left = len(beside) > alone
        self._above = len(under) > alone

    def written(self, page: Painted, printed: set[int]) -> list[tuple[BBox, list[Word]]]:
        """The places of a page with the words in them that are not `printed`, the smallest first;
        empty ones too.
        """
        boxes = self._boxes[page.page]
        inside: dict[BBox, list[Word]] = {box: [] for box in boxes}
        grid = Grid(boxes)
        for word in page.words:
            box = grid.holding(word.bbox)
            if box is not None and id(word) not in printed:
                inside[box].append(word)
        # A frame has the middle of another box in it.
        frames = {outer for box in boxes for outer in grid.around(box) if outer is not box}
        names = [box for box in boxes if self._is_name(page.page, box)]
        kept = []
        for box in boxes:
            words = inside[box]
            frame = box in frames
            heading = any(geometry.within(each, box) for each in self._headings[page.page])
            says = any(normal(word.text) for word in words)
            if (
                (not says and frame)
                or (heading and all(_NUMBER.fullmatch(word.text) for word in words))
                or self._names(page.page, box, names)
            ):
                continue
            kept.append((box, words))
        return kept

    def _beside(self, page: int, box: BBox) -> BBox | None:
        """The box that touches this one on its right, unless it has a label itself; where that is
        the same label's other language, the box beside that.
        """
        for other in self._boxes[page]:
            gap = None if other is box else geometry.left_gap(box, other)
            if gap is not None and gap < 2 * geometry.SLACK and not geometry.within(box, other):
                if (page, other) not in self._labelled:
                    return other
                same = self._labelled[page, other] == self._labelled.get((page, box))
                return self._beside(page, other) if same else None
        return None

    def _under(self, page: int, box: BBox) -> BBox | None:
        """The box that touches this one below and is as wide, unless it has a label itself."""
        for other in self._boxes[page]:
            gap = None if other is box else geometry.above_gap(box, other)
            if (
                gap is not None
                and gap < geometry.SLACK
                and _aligned(box, other)
                and not geometry.within(box, other)
            ):
                return None if (page, other) in self._labelled else other
        return None

    def _is_name(self, page: int, box: BBox) -> bool:
        beside = self._left and self._beside(page, box) is not None
        return (page, box) in self._labelled and (beside or self._heads(page, box))

    def _heads(self, page: int, box: BBox) -> bool:
        return self._above and self._under(page, box) is not None

    def _names(self, page: int, box: BBox, names: Sequence[BBox]) -> bool:
        """Whether a box holds only a label: one that is known, or one in their column."""
        if box in names:
            return True
        if (page, box) in self._labelled:
            return False
        return (
            self._left
            and self._beside(page, box) is not None
            and any(_aligned(box, each) for each in names)
        ) or (
            self._heads(page, box)
            and any(_in_row(box, each) and self._heads(page, each) for each in names)
        )


def _aligned(one: BBox, other: BBox) -> bool:
    return abs(one[0] - other[0]) < geometry.SLACK and abs(one[2] - other[2]) < geometry.SLACK


def _in_row(one: BBox, other: BBox) -> bool:
    return abs(one[1] - other[1]) < geometry.SLACK and abs(one[3] - other[3]) < geometry.SLACK
