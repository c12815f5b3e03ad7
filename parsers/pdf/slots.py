"""A place for an answer on a page, whatever it was made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from parsers.model import Method

if TYPE_CHECKING:
    from collections.abc import Iterable

    from parsers.model import BBox
    from parsers.pdf.words import Word


DOUBTED = 0.8
"""Letters recognised with less confidence are said to be uncertain."""


def how_read(words: Iterable[Word], most: float) -> tuple[Method, float]:
    """How words came off a page, and the confidence of the least sure of them, `most` at most."""
    least = min((word.confidence for word in words), default=1.0)
    return (Method.LAYOUT if least == 1.0 else Method.OCR), min(least, most)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Slot:
    """A form field, a drawn box or a typed note; equal only to itself.

    `raw` is the text it holds, exactly; `text` the same without the line ends that only the width
    of the box made. A `tick` is on or off; `state` is the name of its on-state. `sure` is False
    when the document contradicts itself about a tick; `flaw` is the code of what is doubtful about
    a text. `loose` when it is no box but text put over the page; `hidden` when no viewer shows it,
    so that it belongs to no label; `locked` when nobody can write in it. `reach` is the box with
    what is written beyond its edges, where something is. `answer` is what a tick says that is
    itself the printed word. `claimed` is the state that a field says is on, where its box names
    none; `shared` when other boxes are of the same field.
    """

    page: int
    bbox: BBox
    raw: str = ""
    text: str = ""
    tick: bool = False
    on: bool = False
    state: str = ""
    name: str = ""
    tooltip: str = ""
    sure: bool = True
    flaw: str = ""
    loose: bool = False
    hidden: bool = False
    locked: bool = False
    method: Method = Method.ACROFORM
    confidence: float = 1.0
    reach: BBox | None = None
    answer: str = ""
    claimed: str = ""
    shared: bool = False

    @property
    def on_paper(self) -> bool:
        """Whether it is no field, but something seen on the page."""
        return self.method in (Method.LAYOUT, Method.OCR)

    @property
    def place(self) -> tuple[int, float, float]:
        """Orders slots as they are read."""
        return (self.page, self.bbox[1], self.bbox[0])
