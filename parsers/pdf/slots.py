"""A place for an answer on a page, whatever it was made of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from parsers.model import Method

if TYPE_CHECKING:
    from parsers.model import BBox


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Slot:
    """A form field, a drawn box or a typed note; equal only to itself.

    `raw` is the text it holds, exactly; `text` the same without the line ends that only the width
    of the box made. A `tick` is on or off; `state` is the name of its on-state. `sure` is False
    when the document contradicts itself about a tick; `flaw` is the code of what is doubtful about
    a text. `loose` when it is no box but text put over the page; `hidden` when no viewer shows it,
    so that it belongs to no label; `locked` when nobody can write in it. `reach` is the box with
    what is written beyond its edges, where something is.
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

    @property
    def place(self) -> tuple[int, float, float]:
        """Orders slots as they are read."""
        return (self.page, self.bbox[1], self.bbox[0])
