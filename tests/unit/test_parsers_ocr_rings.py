from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from parsers.ocr.rings import rings
from parsers.pdf.words import Word

SCALE = 3.0


def word(text: str, x0: float, top: float = 50.0) -> Word:
    return Word(text=text, page=1, x0=x0, top=top, x1=x0 + 16, bottom=top + 9)


def page(
    *drawn: tuple[str, float], top: float = 50.0
) -> np.ndarray[tuple[int, int], np.dtype[np.bool_]]:
    """Rings and squares at some points from the left, 10 points wide."""
    image = Image.new("L", (900, 300), 255)
    draw = ImageDraw.Draw(image)
    for kind, x in drawn:
        box = tuple(round(edge * SCALE) for edge in (x, top, x + 10, top + 10))
        draw_ = draw.ellipse if kind == "ring" else draw.rectangle
        draw_(box, outline=0, width=3)
    return np.asarray(image) < 150


YES_AND_NO = [word("Yes", 60.0), word("No", 120.0)]


def test_rings_beside_yes_and_no_are_boxes_to_tick() -> None:
    found = rings(page(("ring", 44.0), ("ring", 104.0)), YES_AND_NO, [], SCALE)
    assert [round(box[0]) for box in found] == [44, 104]
    assert all(9 <= box[2] - box[0] <= 11.5 for box in found)


def test_a_ring_beside_one_answer_alone_is_none() -> None:
    assert rings(page(("ring", 44.0)), YES_AND_NO, [], SCALE) == []
    assert rings(page(("ring", 44.0)), YES_AND_NO[:1], [], SCALE) == []


def test_where_boxes_were_found_no_others_are_looked_for() -> None:
    ink = page(("square", 44.0), ("square", 104.0))
    boxes = [(44.0, 50.0, 54.0, 60.0), (104.0, 50.0, 114.0, 60.0)]
    assert rings(ink, YES_AND_NO, boxes, SCALE) == []


def test_the_last_letter_of_a_word_is_no_ring() -> None:
    # Three round letters close together, before each answer.
    letters = [("ring", x) for x in (20.0, 31.0, 42.0, 80.0, 91.0, 102.0)]
    assert rings(page(*letters), YES_AND_NO, [], SCALE) == []


def test_answers_far_apart_in_height_are_not_one_question() -> None:
    ink = page(("ring", 44.0)) | page(("ring", 44.0), top=85.0)
    far = [word("Yes", 60.0), word("No", 60.0, top=85.0)]
    assert rings(ink, far, [], SCALE) == []
