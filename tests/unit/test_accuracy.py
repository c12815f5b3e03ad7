"""What `make accuracy` counts as what."""

from __future__ import annotations

from dataclasses import replace

from bench.accuracy.kinds import Document
from bench.accuracy.score import Score
from bench.accuracy.table import table
from parsers.model import ExtractedForm, Extraction, FieldValue, Method, Readability, Warning_
from tests.samples import form, invented
from tests.samples.reading import read

ASKED = {"individual.surname": "Tester", "individual.date_of_birth": "14/02/1991"}
DOCUMENT = Document(kind="scan", name="one", content=b"", forms=(ASKED,), flowed=True)
NAME = FieldValue(
    value="Tester", raw="Tester", method=Method.OCR, page=1, bbox=None, confidence=0.95
)
BORN = replace(NAME, value="1991-02-14", raw="14 / 02/1991")


def scored(name: FieldValue | None, *, warned: bool = False, **more: FieldValue) -> Score:
    fields = {"individual.date_of_birth": BORN} | {f"individual.{k}": v for k, v in more.items()}
    if name is not None:
        fields["individual.surname"] = name
    doubts = [Warning_(code="any", field="individual.surname", detail="")] if warned else []
    only = ExtractedForm(version="2018", pages=(1, 1), fields=fields, warnings=doubts)
    score = Score()
    score.add(DOCUMENT, Extraction(sha256="", media_type="", readability=Readability.FULL,
                                   reason=None, forms=[only]))  # fmt: skip
    return score


def test_a_value_read_from_pixels_is_right_without_its_blanks() -> None:
    score = scored(NAME)
    assert (score.fields, score.exact, score.silent, score.marked) == (2, 2, 0, 0)
    assert score.error_rate == 2 / len("Tester14/02/1991")


def test_a_curly_mark_read_as_a_straight_one_is_right() -> None:
    asked = {"individual.surname": "O\u2019Tester"}
    document = replace(DOCUMENT, forms=(asked,))
    for method, exact in ((Method.OCR, 1), (Method.LAYOUT, 0)):
        read_as = replace(NAME, raw="O'Tester", value="O'Tester", method=method)
        form_ = ExtractedForm(version="2018", pages=(1, 1), fields={"individual.surname": read_as})
        score = Score()
        score.add(document, Extraction(sha256="", media_type="", readability=Readability.FULL,
                                       reason=None, forms=[form_]))  # fmt: skip
        assert score.exact == exact


def test_a_wrong_value_is_silent_unless_something_marks_it() -> None:
    wrong = replace(NAME, raw="Tesler", value="Tesler")
    assert (scored(wrong).silent, scored(wrong).marked) == (1, 0)
    assert (scored(wrong, warned=True).silent, scored(wrong, warned=True).marked) == (0, 1)
    assert scored(replace(wrong, confidence=0.5)).marked == 1
    assert scored(replace(wrong, value=None)).marked == 1


def test_what_is_not_there_is_dropped_and_what_was_not_written_invented() -> None:
    assert (scored(None).dropped, scored(None).missed) == (1, 1)
    assert (scored(None, warned=True).dropped, scored(None, warned=True).missed) == (1, 0)
    assert scored(NAME, gender=NAME).invented == 1


def test_a_form_filled_in_at_random_comes_out_as_written() -> None:
    asked = invented.answers(7)
    assert asked == invented.answers(7) != invented.answers(8)
    document = replace(DOCUMENT, kind="fillable", forms=(asked,), flowed=False)
    score = Score()
    score.add(document, read(form.fillable(asked)))
    assert (score.exact, score.told) == (score.fields, [])
    assert score.fields > 30
    assert "100.00%" in table({"fillable": score})
