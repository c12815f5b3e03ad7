"""Questions that are answered by striking out, or ringing, one of two printed words."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

import pikepdf
import pytest

from tests.samples import form
from tests.samples.either import OTHERS, QUESTION, bar, cross, drawn, line, ring, with_strokes
from tests.samples.reading import differences, doubts, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsers.model import ExtractedForm


def with_note(content: bytes, page: int, **note: object) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        made = {f"/{key}": value for key, value in note.items()}
        made |= {"/Type": pikepdf.Name.Annot, "/F": 4}
        kept = pikepdf.Dictionary(made)
        pdf.pages[page].obj.Annots = pikepdf.Array([pdf.make_indirect(kept)])
        buffer = io.BytesIO()
        pdf.save(buffer)
        return buffer.getvalue()


def said(content: bytes) -> ExtractedForm:
    (only,) = read(content).forms
    assert {key: only.fields[key].value for key in OTHERS} == OTHERS
    assert only.unrecognised == []
    return only


@pytest.mark.parametrize(
    "joined", [" / ", "/", "     ", "                 ", " or ".replace("or", "|")]
)
@pytest.mark.parametrize("boxed", [True, False])
@pytest.mark.parametrize("stroke", [line, bar, cross, lambda word: line(word, slant=4)])
@pytest.mark.parametrize("meant", ["yes", "no"])
def test_the_word_that_is_left_is_the_answer(
    joined: str, stroke: object, meant: str, *, boxed: bool
) -> None:
    page, words = drawn(joined=joined, boxed=boxed)
    struck = words["no" if meant == "yes" else "yes"]
    drawn_over = stroke(struck)  # type: ignore[operator] # one of four
    content = with_strokes(page.done(), drawn_over, int(words["page"][0]))
    only = said(content)
    assert {k: v.value for k, v in only.fields.items() if k not in OTHERS} == {QUESTION: meant}
    assert doubts(only) <= {"read-without-boxes"}


@pytest.mark.parametrize("meant", ["yes", "no"])
@pytest.mark.parametrize("by", [3.0, 5.0, 8.0])
@pytest.mark.parametrize("joined", ["   /   ", "       "])
def test_the_word_that_is_ringed_is_the_answer(meant: str, by: float, joined: str) -> None:
    page, words = drawn(joined=joined)
    content = with_strokes(page.done(), ring(words[meant], by=by), int(words["page"][0]))
    only = said(content)
    assert {k: v.value for k, v in only.fields.items() if k not in OTHERS} == {QUESTION: meant}
    assert doubts(only) == set()


def test_a_ring_and_a_line_may_say_the_same() -> None:
    page, words = drawn(joined="   /   ")
    strokes = f"{ring(words['yes'])} {line(words['no'])}"
    only = said(with_strokes(page.done(), strokes, int(words["page"][0])))
    assert only.fields[QUESTION].value == "yes"


@pytest.mark.parametrize(
    "strokes",
    [
        lambda yes, no: f"{line(yes)} {line(no)}",
        lambda yes, no: line((*yes[:2], *no[2:])),
        lambda yes, no: f"{ring(yes)} {ring(no)}",
        lambda yes, _no: f"{ring(yes)} {line(yes)}",
        lambda yes, _no: f"{ring(yes)} {cross(yes)}",
    ],
)
def test_where_the_marks_contradict_each_other_nothing_is_guessed(strokes: object) -> None:
    page, words = drawn(joined="   /   ")
    made = strokes(words["yes"], words["no"])  # type: ignore[operator] # one of five
    only = said(with_strokes(page.done(), made, int(words["page"][0])))
    assert QUESTION not in only.fields
    assert "tick-uncertain" in doubts(only)
    assert only.readability == "partial"


@pytest.mark.parametrize("joined", [" / ", "/", "          "])
@pytest.mark.parametrize(
    "mark",
    ["", "1 w 40 300 m 60 310 l S", "under"],
)
def test_without_a_mark_neither_is_the_answer(joined: str, mark: str) -> None:
    page, words = drawn(joined=joined)
    made = line(words["yes"], at=0.02) if mark == "under" else mark
    only = said(with_strokes(page.done(), made, int(words["page"][0])))
    assert set(only.fields) == set(OTHERS)
    assert doubts(only) == set()


def _quads(word: tuple[float, ...]) -> pikepdf.Array:
    x0, y0, x1, y1 = word
    return pikepdf.Array([x0, y1, x1, y1, x0, y0, x1, y0])


@pytest.mark.parametrize("meant", ["yes", "no"])
def test_marks_laid_over_the_page_count_as_well(meant: str) -> None:
    page, words = drawn(joined="   /   ")
    content, number = page.done(), int(words["page"][0])
    other, this = words["no" if meant == "yes" else "yes"], words[meant]
    wide = [this[0] - 4, this[1] - 4, this[2] + 4, this[3] + 4]
    middle = (other[1] + other[3]) / 2
    notes: list[Mapping[str, object]] = [
        {"Subtype": pikepdf.Name.StrikeOut, "Rect": list(other), "QuadPoints": _quads(other)},
        {"Subtype": pikepdf.Name.Line, "Rect": list(other),
         "L": [other[0], middle, other[2], middle]},
        {"Subtype": pikepdf.Name.Ink, "Rect": list(other),
         "InkList": [[other[0], middle - 3, other[2], middle + 3]]},
        {"Subtype": pikepdf.Name.Circle, "Rect": wide},
    ]  # fmt: skip
    for note in notes:
        only = said(with_note(content, number, **note))
        assert only.fields[QUESTION].value == meant, note["Subtype"]
        assert doubts(only) == set()


@pytest.mark.parametrize("kind", ["Highlight", "Underline", "Squiggly"])
def test_what_is_only_marked_may_mean_either(kind: str) -> None:
    page, words = drawn(joined="   /   ")
    word = words["yes"]
    note = {"Subtype": pikepdf.Name(f"/{kind}"), "Rect": list(word), "QuadPoints": _quads(word)}
    only = said(with_note(page.done(), int(words["page"][0]), **note))
    assert QUESTION not in only.fields
    assert doubts(only) == {"tick-uncertain"}


@pytest.mark.parametrize("version", ["welsh", "bilingual"])
@pytest.mark.parametrize("meant", ["yes", "no"])
def test_words_of_welsh_are_struck_out_alike(version: str, meant: str) -> None:
    page, words = drawn(version, joined="    ")
    struck = words["no" if meant == "yes" else "yes"]
    only = said(with_strokes(page.done(), line(struck), int(words["page"][0])))
    assert only.fields[QUESTION].value == meant
    assert differences(only, {**OTHERS, QUESTION: meant}, lines=False) == []


@pytest.mark.parametrize("meant", ["yes", "no"])
def test_a_form_with_fields_may_print_its_words_as_well(meant: str) -> None:
    page, words = drawn(answers={})
    content, number = form.with_fields(page, OTHERS), int(words["page"][0])
    struck = words["no" if meant == "yes" else "yes"]
    answered = said(with_strokes(content, line(struck), number))
    assert answered.fields[QUESTION].value == meant
    assert set(answered.fields) == {*OTHERS, QUESTION}
    blank = said(content)
    assert set(blank.fields) == set(OTHERS)
    assert blank.readability == "full"
