"""Boxes that are drawn line by line, put together by pdfplumber."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pdfplumber.table import edges_to_intersections, intersections_to_cells, merge_edges

if TYPE_CHECKING:
    from collections.abc import Sequence

    from parsers.model import BBox


def edge(box: BBox, *, lying: bool) -> dict[str, Any]:
    """A thin box as pdfplumber sees a line, in its middle."""
    x0, top, x1, bottom = box
    if lying:
        top = bottom = (top + bottom) / 2
    else:
        x0 = x1 = (x0 + x1) / 2
    return {
        "x0": x0,
        "x1": x1,
        "top": top,
        "bottom": bottom,
        "width": x1 - x0,
        "height": bottom - top,
        "orientation": "h" if lying else "v",
        "object_type": "line",
    }


def cells(edges: Sequence[dict[str, Any]], snap: float) -> list[BBox]:
    """The smallest boxes between lines; these may miss each other by `snap` points."""
    if not edges:
        return []
    merged = merge_edges(
        list(edges),
        snap_x_tolerance=snap,
        snap_y_tolerance=snap,
        join_x_tolerance=snap,
        join_y_tolerance=snap,
    )
    crossings = edges_to_intersections(merged, snap, snap)
    return [tuple(map(float, cell)) for cell in intersections_to_cells(crossings)]  # type: ignore[misc]
