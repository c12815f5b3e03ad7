"""Boxes with rounded corners."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from parsers.pdf.rounded import is_box


def curve(path: list[Any], bbox: tuple[float, float, float, float]) -> Any:
    return SimpleNamespace(original_path=path, bbox=bbox)


def test_a_box_with_rounded_corners_is_a_box() -> None:
    path = [
        ("m", (0, 4)),
        ("l", (0, 16)),
        ("c", (0, 18), (2, 20), (4, 20)),
        ("l", (96, 20)),
        ("c", (98, 20), (100, 18), (100, 16)),
        ("l", (100, 4)),
        ("c", (100, 2), (98, 0), (96, 0)),
        ("l", (4, 0)),
        ("c", (2, 0), (0, 2), (0, 4)),
        ("h",),
    ]
    assert is_box(curve(path, (0, 0, 100, 20)))


def test_a_ring_a_stroke_and_nothing_are_none() -> None:
    ring = [
        ("m", (0, 5)),
        ("c", (0, 8), (2, 10), (5, 10)),
        ("c", (8, 10), (10, 8), (10, 5)),
        ("h",),
    ]
    assert not is_box(curve(ring, (0, 0, 10, 10)))
    assert not is_box(curve([("m", (0, 0)), ("l", (50, 20))], (0, 0, 50, 20)))
    assert not is_box(curve([], (0, 0, 50, 20)))
