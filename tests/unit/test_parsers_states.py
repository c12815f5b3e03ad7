"""Boxes to tick of programs that fill a form in and leave out how its boxes look."""

from __future__ import annotations

import io
from itertools import product
from typing import TYPE_CHECKING

import pikepdf
import pytest

from tests.samples import form, people
from tests.samples.reading import doubts, read
from tests.unit.test_parsers_widgets import changed, widgets

if TYPE_CHECKING:
    from parsers.model import ExtractedForm

QUESTION = "safeguarding.lead_consulted"
GIVEN = {
    "individual.forenames": "Robin",
    "individual.surname": "Tester",
    "first_identified_by.forename": "Alex",
}
Name = pikepdf.Name


def boxes(yes: object, no: object, *, look: str, shown: tuple[str | None, str | None]) -> bytes:
    """A form whose two boxes of one question hold these values (None: none)."""

    def change(pdf: pikepdf.Pdf) -> None:
        for widget in widgets(pdf):
            if widget.get("/FT") != Name.Btn:
                continue
            mine = str(widget.T).startswith(QUESTION.replace(".", "_"))
            state = str(widget.T).endswith("yes")
            _set(widget, "/V", (yes if state else no) if mine else None)
            _look(widget, look)
            name = shown[0 if state else 1] if mine else None
            _set(widget, "/AS", None if name is None else Name(name))

    return changed(change, form.fillable(GIVEN))


def radios(value: object, *, look: str, options: list[str] | None = None) -> bytes:
    """The same with one field for both boxes."""

    def change(pdf: pikepdf.Pdf) -> None:
        for widget in widgets(pdf):
            if "/Parent" not in widget:
                continue
            group = widget.Parent
            mine = str(group.T).startswith(QUESTION.replace(".", "_"))
            _set(group, "/V", value if mine else None)
            if options is not None:
                group.Opt = pikepdf.Array([pikepdf.String(each) for each in options])
            _look(widget, look)
            _set(widget, "/AS", None)

    return changed(change, form.fillable(GIVEN, radios=True))


def _set(thing: pikepdf.Object, key: str, value: object) -> None:
    if value is not None:
        thing[key] = value
    elif key in thing:
        del thing[key]


def _look(widget: pikepdf.Object, look: str) -> None:
    if look == "none":
        del widget["/AP"]
    elif look == "stream":
        widget.AP = pikepdf.Dictionary(N=widget.AP.N.Off)
    elif look == "off alone":
        widget.AP = pikepdf.Dictionary(N=pikepdf.Dictionary(Off=widget.AP.N.Off))


def said(content: bytes) -> tuple[object, set[str], ExtractedForm]:
    (only,) = read(content).forms
    answer = only.fields.get(QUESTION)
    others = {key for key in only.fields if key != QUESTION}
    assert others == set(GIVEN)
    return (None if answer is None else answer.value), doubts(only), only


ON = (Name.Yes, Name.On, Name("/1"), Name.X, pikepdf.String("Yes"), pikepdf.String("On"))
OFF = (None, Name.Off, pikepdf.String("Off"), pikepdf.String(""))


@pytest.mark.parametrize("look", ["none", "stream", "off alone"])
def test_boxes_without_a_look_are_on_by_their_value(look: str) -> None:
    for on, off in product(ON, OFF):
        empty = (None, None)
        assert said(boxes(on, off, look=look, shown=empty))[:2] == ("yes", set()), (on, off)
        assert said(boxes(off, on, look=look, shown=empty))[:2] == ("no", set()), (on, off)
    assert said(boxes(None, Name.Off, look=look, shown=(None, None)))[:2] == (None, set())


@pytest.mark.parametrize("on", ON[:2])
def test_two_boxes_that_are_on_are_a_conflict(on: object) -> None:
    value, told, _ = said(boxes(on, on, look="none", shown=(None, None)))
    assert (value, told) == ("conflict", {"yes-no-conflict"})


def test_the_box_of_no_may_be_on_as_no() -> None:
    assert said(boxes(None, Name.No, look="none", shown=(None, None)))[:2] == ("no", set())


@pytest.mark.parametrize("value", [Name.No, pikepdf.String("false"), Name("/0"), False, 0])
def test_a_box_of_yes_that_says_no_is_not_guessed_at(value: object) -> None:
    answer, told, only = said(boxes(value, None, look="none", shown=(None, None)))
    assert (answer, told) == (None, {"tick-uncertain"})
    assert only.readability == "partial"


@pytest.mark.parametrize("shown", [("/Off", "/Off"), ("/Off", None)])
def test_a_value_that_the_box_does_not_show_is_a_doubt(shown: tuple[str, str | None]) -> None:
    for look in ("as made", "none"):
        answer, told, _ = said(boxes(Name.On, None, look=look, shown=shown))
        assert (answer, told) == (None, {"tick-uncertain"})


@pytest.mark.parametrize("look", ["none", "stream", "off alone"])
@pytest.mark.parametrize("answer", ["yes", "no"])
def test_one_field_for_both_boxes_names_the_word_beside_one(look: str, answer: str) -> None:
    for value in (Name(f"/{answer}"), Name(f"/{answer.capitalize()}"), pikepdf.String(answer)):
        assert said(radios(value, look=look))[:2] == (answer, set())


def test_one_field_may_name_its_states_by_number() -> None:
    for number, answer in (("0", "yes"), ("1", "no")):
        value = Name(f"/{number}")
        assert said(radios(value, look="none", options=["Yes", "No"]))[:2] == (answer, set())


@pytest.mark.parametrize("value", [Name("/0"), Name("/Choice1"), pikepdf.String("On"), True])
def test_a_name_that_says_neither_is_not_guessed_at(value: object) -> None:
    answer, told, only = said(radios(value, look="none"))
    assert (answer, told) == (None, {"tick-uncertain"})
    assert only.readability == "partial"


@pytest.mark.parametrize("value", [None, Name.Off])
def test_one_field_without_a_value_is_not_answered(value: object) -> None:
    assert said(radios(value, look="none"))[:2] == (None, set())


def test_with_a_look_the_states_tell() -> None:
    assert said(radios(Name.no, look="as made"))[:2] == ("no", set())
    assert said(radios(Name.yes, look="as made"))[:2] == ("yes", set())
    for on in (Name.On, pikepdf.String("On")):
        assert said(boxes(None, on, look="as made", shown=(None, None)))[:2] == ("no", set())


def test_a_state_that_no_box_has_is_a_doubt() -> None:
    for content in (
        radios(Name.Maybe, look="as made"),
        boxes(Name.Other, None, look="as made", shown=(None, None)),
        boxes(Name.Other, None, look="as made", shown=("/Off", "/Off")),
    ):
        assert said(content)[:2] == (None, {"tick-uncertain"})


def test_what_answers_no_question_is_kept_by_its_name() -> None:
    sheet = form.fillable(people.CHILD | {"extra": ""}, extra="Contact by letter")
    with pikepdf.open(io.BytesIO(sheet)) as pdf:
        widget = next(w for w in widgets(pdf) if str(w.get("/T", "")) == "extra")
        x0, y0, _, y1 = (float(edge) for edge in widget.Rect)
        group = pdf.make_indirect(
            pikepdf.Dictionary(FT=Name.Btn, Ff=1 << 15, T=pikepdf.String("how"), V=Name.Weekly)
        )
        kids = []
        for number in (0, 1):
            kid = pikepdf.Dictionary(
                Type=Name.Annot, Subtype=Name.Widget, Parent=group, F=4,
                Rect=[x0 + 40 * number, y0, x0 + 12 + 40 * number, y1],
            )  # fmt: skip
            kids.append(pdf.make_indirect(kid))
        group.Kids = pikepdf.Array(kids)
        page = next(p for p in pdf.pages if any(str(a.get("/T", "")) == "extra" for a in p.Annots))
        page.obj.Annots = pikepdf.Array(
            [a for a in page.obj.Annots if str(a.get("/T", "")) != "extra"] + kids
        )
        pdf.Root.AcroForm.Fields.append(group)
        buffer = io.BytesIO()
        pdf.save(buffer)
    (only,) = read(buffer.getvalue()).forms
    assert [(u.label, u.value) for u in only.unrecognised] == [("Contact by letter", "Weekly")]
