"""What other programs do to a form's fields, and that nothing is lost or invented by it."""

from __future__ import annotations

import io
import warnings
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from pikepdf.exceptions import PageCopyWarning

from parsers.model import Readability
from parsers.pdf.widgets import plain
from tests.samples import form, people
from tests.samples.reading import differences, doubts, read

if TYPE_CHECKING:
    from collections.abc import Callable

    from parsers.model import Extraction

Widget = Any  # pikepdf's objects take attributes by name
SURNAME = "individual_surname"


def changed(change: Callable[[pikepdf.Pdf], None], content: bytes | None = None) -> bytes:
    whole = form.fillable(people.CHILD) if content is None else content
    with pikepdf.open(io.BytesIO(whole)) as pdf:
        change(pdf)
        buffer = io.BytesIO()
        with warnings.catch_warnings():
            # pikepdf warns that a form is malformed, which is what is wanted here.
            warnings.simplefilter("ignore", PageCopyWarning)
            pdf.save(buffer, static_id=True)
        return buffer.getvalue()


def widgets(pdf: pikepdf.Pdf) -> list[Widget]:
    return [each for page in pdf.pages for each in page.obj.get("/Annots", [])]


def named(pdf: pikepdf.Pdf, name: str) -> Widget:
    return next(each for each in widgets(pdf) if str(each.get("/T", "")) == name)


def each(change: Callable[[Widget], None]) -> Callable[[pikepdf.Pdf], None]:
    def all_of(pdf: pikepdf.Pdf) -> None:
        for widget in widgets(pdf):
            change(widget)

    return all_of


def without(widget: Widget, name: str) -> None:
    if name in widget:
        del widget[name]


def with_odd_encoding(pdf: pikepdf.Pdf) -> None:
    for number, widget in enumerate(widgets(pdf)):
        if "/V" in widget and widget.FT == "/Tx":
            text = str(widget.V)
            coded = (
                b"\xef\xbb\xbf" + text.encode(),
                b"\xff\xfe" + text.encode("utf-16-le"),
                b"\xfe\xff\x00\x1b\x00e\x00n\x00\x1b" + text.encode("utf-16-be"),
            )
            widget.V = pikepdf.String(coded[number % 3])


def with_streams(pdf: pikepdf.Pdf) -> None:
    for widget in widgets(pdf):
        if "/V" in widget and widget.FT == "/Tx":
            widget.V = pdf.make_stream(str(widget.V).encode())


def with_rich_text(pdf: pikepdf.Pdf) -> None:
    for widget in widgets(pdf):
        if "/V" in widget and widget.FT == "/Tx":
            body = str(widget.V).replace("&", "&amp;")
            widget.RV = pikepdf.String(f'<?xml version="1.0"?><body><p>{body}</p></body>')
            del widget.V


def with_names(pdf: pikepdf.Pdf) -> None:
    for widget in widgets(pdf):
        widget.T = pikepdf.String("Enw cyntaf" if widget.FT == "/Tx" else "Ydw")


def in_reverse(pdf: pikepdf.Pdf) -> None:
    for page in pdf.pages:
        page.obj.Annots = pikepdf.Array(list(page.obj.Annots)[::-1])
    pdf.Root.AcroForm.Fields = pikepdf.Array(list(pdf.Root.AcroForm.Fields)[::-1])


CHANGES: dict[str, Callable[[pikepdf.Pdf], None]] = {
    "no appearances": each(lambda w: without(w, "/AP") if w.FT == "/Tx" else None),
    "no appearances of boxes either": each(lambda w: without(w, "/AP")),
    "no states": each(lambda w: without(w, "/AS")),
    "no AcroForm": lambda pdf: without(pdf.Root, "/AcroForm"),
    "no list of fields": lambda pdf: without(pdf.Root.AcroForm, "/Fields"),
    "a box for each letter": each(lambda w: w.update({"/Ff": 1 << 24, "/MaxLen": 200})),
    "locked": each(lambda w: w.update({"/Ff": int(w.get("/Ff", 0)) | 1})),
    "in reverse": in_reverse,
    "encodings": with_odd_encoding,
    "streams": with_streams,
    "rich text alone": with_rich_text,
    "one name for all": with_names,
    "wrong tooltips": each(lambda w: w.update({"/TU": pikepdf.String("Surname")})),
}


@pytest.mark.parametrize("change", CHANGES)
def test_every_answer_survives(change: str) -> None:
    (only,) = read(changed(CHANGES[change])).forms
    assert differences(only, people.CHILD) == []
    assert doubts(only) == set()


def surname_after(change: Callable[[Widget], None]) -> Extraction:
    return read(changed(lambda pdf: change(named(pdf, SURNAME))))


@pytest.mark.parametrize(
    "entry",
    [{"/F": 2}, {"/F": 32}, {"/Rect": [300, 700, 300, 700]}, {"/Rect": [-90, -90, -10, -70]},
     {"/Rect": [1, 2, 3]}, {"/Rect": pikepdf.String("x")}],
)  # fmt: skip
def test_what_nobody_sees_belongs_to_no_label_and_is_kept(entry: dict[str, object]) -> None:
    (only,) = surname_after(lambda widget: widget.update(entry)).forms
    assert "individual.surname" not in only.fields
    assert [(each.label, each.value) for each in only.unrecognised] == [(SURNAME, "Tester")]
    assert len(only.fields) == len(people.CHILD) - 1


def test_a_hidden_field_over_another_takes_nothing_from_it() -> None:
    def cover(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0].obj
        rect = named(pdf, SURNAME).Rect
        page.Annots.insert(
            0,
            pdf.make_indirect(
                pikepdf.Dictionary(
                    Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, F=2, Rect=rect,
                    T=pikepdf.String("version"), V=pikepdf.String("7"),
                )
            ),
        )  # fmt: skip

    (only,) = read(changed(cover)).forms
    assert only.fields["individual.surname"].value == "Tester"
    assert [(each.label, each.value) for each in only.unrecognised] == [("version", "7")]


def test_an_answer_of_a_field_that_is_on_no_page_is_kept() -> None:
    def take_off(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0].obj
        page.Annots = pikepdf.Array(
            [each for each in page.Annots if str(each.get("/T", "")) != SURNAME]
        )

    (only,) = read(changed(take_off)).forms
    assert [(e.label, e.value, e.page) for e in only.unrecognised] == [(SURNAME, "Tester", None)]


def test_a_hint_in_a_locked_field_is_print() -> None:
    def hint(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[0].obj
        x0, y0, x1, y1 = (float(edge) for edge in named(pdf, SURNAME).Rect)
        named(pdf, SURNAME).Rect = [x0 + 80, y0, x1, y1]
        page.Annots.insert(
            0,
            pdf.make_indirect(
                pikepdf.Dictionary(
                    Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, Ff=1,
                    Rect=[x0, y0, x0 + 70, y1], T=pikepdf.String("h"),
                    V=pikepdf.String("Last Name"),
                )
            ),
        )  # fmt: skip

    (only,) = read(changed(hint)).forms
    assert differences(only, people.CHILD) == []


def test_a_field_that_can_not_be_read_makes_the_form_doubtful() -> None:
    def lose(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Annots.append(pikepdf.Dictionary(A=1))
        pdf.pages[0].obj.Annots[0] = 7

    extraction = read(changed(lose))
    assert extraction.readability is Readability.PARTIAL
    assert "fields-unreadable" in doubts(extraction.forms[0])


def test_rich_text_that_says_something_else_is_a_doubt() -> None:
    extraction = surname_after(
        lambda w: w.update({"/RV": pikepdf.String("<body><p>Other</p></body>")})
    )
    assert extraction.forms[0].fields["individual.surname"].value == "Tester"
    assert "rich-text-differs" in doubts(extraction.forms[0])


def test_rich_text_without_its_marks() -> None:
    rich = '<?xml version="1.0"?><body><p>One &amp; <b>two</b><br/>three</p>\n<p>four</p></body>'
    assert plain(rich) == "One & two\nthree\nfour"
    assert plain("") == ""


def test_a_box_whose_two_states_differ_is_a_doubt() -> None:
    name = "first_identified_by_anonymous_yes"
    extraction = read(changed(lambda pdf: named(pdf, name).update({"/V": pikepdf.Name.Off})))
    assert extraction.readability is Readability.PARTIAL
    assert "tick-uncertain" in doubts(extraction.forms[0])


def test_fields_of_one_page_and_print_of_the_others_are_one_form() -> None:
    def only_first_page(pdf: pikepdf.Pdf) -> None:
        with pikepdf.open(io.BytesIO(form.flattened(people.ADULT))) as flat:
            for number in range(1, len(pdf.pages)):
                pdf.pages[number] = flat.pages[number]
        left = [field for field in pdf.Root.AcroForm.Fields if field in widgets(pdf)]
        pdf.Root.AcroForm.Fields = pikepdf.Array(left)

    (only,) = read(changed(only_first_page, form.fillable(people.ADULT))).forms
    assert differences(only, people.ADULT, lines=False) == []


def test_one_field_that_was_left_makes_no_form_blank() -> None:
    def graft(pdf: pikepdf.Pdf) -> None:
        page = pdf.pages[-1].obj
        widget = pikepdf.Dictionary(
            Subtype=pikepdf.Name.Widget, FT=pikepdf.Name.Tx, Rect=[400, 20, 500, 40],
            T=pikepdf.String("signature"),
        )  # fmt: skip
        page.Annots = pikepdf.Array([pdf.make_indirect(widget)])

    for content in (form.flattened(people.CHILD), form.printed(people.CHILD)):
        (only,) = read(changed(graft, content)).forms
        assert differences(only, people.CHILD, lines=False) == []


def test_a_field_shown_again_on_other_pages_is_one_answer() -> None:
    def repeat(pdf: pikepdf.Pdf) -> None:
        first = named(pdf, SURNAME)
        for page in list(pdf.pages)[1:]:
            copy = pdf.make_indirect(pikepdf.Dictionary(first))
            copy.Rect = [300, 815, 400, 830]
            page.obj.Annots.append(copy)

    (only,) = read(changed(repeat)).forms
    assert differences(only, people.CHILD) == []


def test_a_note_without_a_label_makes_the_answer_above_it_doubtful() -> None:
    def note(pdf: pikepdf.Pdf) -> None:
        said = pikepdf.Dictionary(
            Subtype=pikepdf.Name.FreeText, Rect=[300, 20, 500, 36], F=4,
            Contents=pikepdf.String("Please ring first"),
        )  # fmt: skip
        pdf.pages[0].obj.Annots.append(pdf.make_indirect(said))

    (only,) = read(changed(note)).forms
    told = [answer.raw for answer in only.fields.values()]
    told += [each.value for each in only.unrecognised]
    assert any("Please ring first" in each for each in told)
    assert only.readability is Readability.PARTIAL


def test_what_a_hidden_field_holds_is_told_apart() -> None:
    def hide(pdf: pikepdf.Pdf) -> None:
        twin = pdf.make_indirect(pikepdf.Dictionary(named(pdf, SURNAME)))
        twin.T, twin.V, twin.F = pikepdf.String("other"), pikepdf.String("Other-Name"), 2
        pdf.pages[0].obj.Annots.append(twin)
        pdf.Root.AcroForm.Fields.append(twin)

    (only,) = read(changed(hide)).forms
    assert only.fields["individual.surname"].value == "Tester"
    assert [(each.label, each.value) for each in only.unrecognised] == [("other", "Other-Name")]
    assert "hidden-field" in doubts(only)
