"""What stands in a Word document besides its plain text, and what was taken out of it."""

from __future__ import annotations

import pytest

from parsers.docx.package import part
from tests.samples import docx_form, people, word
from tests.samples.reading import SPECS, differences, doubts, read
from tests.samples.word import cell, control, lines, paragraph, run, table
from tests.unit.test_parsers_docx import form, left, rows, said

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
SURNAME = rows(("Surname", lines("Tester")))
SURNAME_ALONE = lines(SPECS[0].sections[0].heading) + SURNAME


def beside(content: bytes, **parts: str) -> bytes:
    """With further parts: `header1=` a block, `comments=` comments."""
    extra = {}
    for name, inner in parts.items():
        root = {"h": "hdr", "f": "ftr"}[name[0]] if name[-1].isdigit() else name
        extra[f"word/{name}.xml"] = f'<w:{root} xmlns:w="{W}">{inner}</w:{root}>'
    return word.packed(part(content, "word/document.xml").decode(), extra=extra)


def note(kind: str, text: str, *, about: str = "") -> str:
    return f"<w:{kind} w:id='1' {about}>{lines(text)}</w:{kind}>"


@pytest.mark.parametrize("kind", ["footnote", "endnote", "comment"])
def test_a_note_is_kept_and_answers_nothing(kind: str) -> None:
    inner = note(kind, "The school spells it\nTestor") + note(kind, " ")
    inner += note(kind, "", about="w:type='separator'")
    content = beside(form(SURNAME), **{f"{kind}s": inner})
    assert said(content) == {"individual.surname": "Tester"}
    assert left(content) == [(kind.capitalize(), "The school spells it\nTestor")]


def test_a_blank_form_with_a_comment_is_not_dropped() -> None:
    blank = docx_form.tables({}, hints=True)
    (only,) = read(beside(blank, comments=note("comment", "Call me first"))).forms
    assert only.fields == {}
    assert [each.value for each in only.unrecognised] == ["Call me first"]


@pytest.mark.parametrize("text", ["OFFICIAL", "OFFICIAL - SENSITIVE\nPage 3 of 6", "v 2.1", "— 4 —",
                                  "PREVENT REFERRAL FORM"])  # fmt: skip
def test_what_stands_on_every_page_is_no_answer(text: str) -> None:
    content = beside(form(SURNAME), header1=lines(text), footer2=lines(text))
    assert left(content) == []
    blank = beside(docx_form.tables({}), header1=lines("Invented Primary School"))
    assert read(blank).reason == "blank-form"


def test_what_is_typed_in_a_header_is_kept_once() -> None:
    typed = paragraph(run("Our reference: "), control(run("ABC 12")))
    content = beside(form(SURNAME), header1=typed, header2=typed, footer1=lines("Invented Primary"))
    assert left(content) == [("Footer", "Invented Primary"), ("Header", "Our reference: ABC 12")]
    assert said(content) == {"individual.surname": "Tester"}


def test_a_damaged_part_is_a_doubt() -> None:
    content = word.packed(
        part(form(SURNAME), "word/document.xml").decode(), extra={"word/comments.xml": "<w:comm"}
    )
    (only,) = read(content).forms
    assert doubts(only) >= {"part-not-read"}


def _deleted(text: str) -> str:
    return f"<w:del><w:r><w:delText>{text}</w:delText></w:r></w:del>"


def test_what_was_inserted_counts_and_what_was_deleted_is_told() -> None:
    tracked = paragraph("<w:ins>" + run("Tester") + "</w:ins>", _deleted("Taster"))
    (only,) = read(form(rows(("Surname", tracked)))).forms
    assert only.fields["individual.surname"].value == "Tester"
    (told,) = [each for each in only.warnings if each.code == "text-deleted"]
    assert told.detail == "Taster"
    (whole,) = read(form(rows(("Surname", paragraph(run("Tester")))))).forms
    assert only.readability == whole.readability


def test_a_deleted_row_and_a_moved_text_are_read_once() -> None:
    gone = f"<w:tr><w:trPr><w:del/></w:trPr>{cell(paragraph(_deleted('Old')))}</w:tr>"
    moved = paragraph(
        "<w:moveFrom>" + run("Tester") + "</w:moveFrom>",
        "<w:moveTo>" + run("Tester") + "</w:moveTo>",
    )
    block = rows(("Surname", moved)).replace("</w:tbl>", gone + "</w:tbl>")
    (only,) = read(form(block)).forms
    assert only.fields["individual.surname"].value == "Tester"
    assert only.unrecognised == []
    assert [w.detail for w in only.warnings if w.code == "text-deleted"] == ["Old"]


def _alternate(choice: str, fallback: str) -> str:
    return (
        f"<mc:AlternateContent><mc:Choice Requires='wps'>{choice}</mc:Choice>"
        f"<mc:Fallback>{fallback}</mc:Fallback></mc:AlternateContent>"
    )


@pytest.mark.parametrize(
    "block",
    [
        rows(("Surname", paragraph(_alternate(run("Tester"), run("Tester"))))),
        rows(("Surname", _alternate(lines("Tester"), lines("Tester")))),
        _alternate(SURNAME, SURNAME),
        rows(("Surname", paragraph("<w:r>" + _alternate("", "") + "</w:r>", run("Tester")))),
        rows(("Surname", paragraph("<mc:AlternateContent><mc:Fallback>" + run("Tester")
                                   + "</mc:Fallback></mc:AlternateContent>"))),
        rows(("Surname", paragraph(word.text_box(lines("Tester"))))),
        rows(("Surname", paragraph(word.text_box(table((cell(lines("Tester")),)))))),
        table((cell(lines("Surname:\nTester"), span=2),)),
        table((cell(paragraph(run("Surname: "), control(run("Tester")))),)),
        rows(("Surname", control(lines("Tester"), about="<w:richText/>"))),
        control(SURNAME, about="<w15:repeatingSection/>".replace("w15:", "w:")),
    ],
)  # fmt: skip
def test_nothing_is_read_twice(block: str) -> None:
    content = form(block)
    assert said(content) == {"individual.surname": "Tester"}
    assert left(content) == []


def test_repeated_rows_are_all_read() -> None:
    item = "<w:repeatingSectionItem/>"
    inner = "".join(
        control(f"<w:tr>{cell(lines('Surname'))}{cell(lines(text))}</w:tr>", about=item)
        for text in ("Tester", "Taster")
    )
    block = f"<w:tbl>{control(inner, about='<w:repeatingSection/>')}</w:tbl>"
    (only,) = read(form(block)).forms
    kept = [only.fields["individual.surname"].raw, *(each.value for each in only.unrecognised)]
    assert "Tester" in kept[0]
    assert "Taster" in " ".join(kept)
    assert "label-twice" in doubts(only)


@pytest.mark.parametrize(
    ("about", "shown", "value"),
    [
        ("<w:dropDownList><w:listItem w:value='f' w:displayText='Female'/></w:dropDownList>",
         "Female", "Female"),
        ("<w:comboBox/>", "Something typed", "Something typed"),
    ],
)  # fmt: skip
def test_a_menu_says_what_it_shows(about: str, shown: str, value: str) -> None:
    content = form(rows(("Gender", paragraph(control(run(shown), about=about)))), SURNAME)
    assert said(content) == {"individual.gender": value, "individual.surname": "Tester"}


@pytest.mark.parametrize("about", ["<w:dropDownList/>", "<w:date/>", "<w:text/>", "<w:comboBox/>"])
@pytest.mark.parametrize("asked", ["Choose an item.", "Dewiswch eitem", "Pick whatever is right"])
def test_what_only_asks_for_an_answer_is_none(about: str, asked: str) -> None:
    shown = control(run(asked, word.PLACEHOLDER), about=about, empty=True)
    content = form(rows(("Gender", paragraph(shown))), SURNAME)
    assert said(content) == {"individual.surname": "Tester"}
    assert left(content) == []


def test_a_date_says_what_it_stores() -> None:
    about = "<w:date w:fullDate='2014-05-30T00:00:00Z'/>"
    shown = paragraph(control(run("30/05/14"), about=about))
    content = form(rows(("Date of Birth (DD/MM/YYYY)", shown)), SURNAME)
    assert said(content)["individual.date_of_birth"] == "2014-05-30"


def test_a_cell_that_goes_on_below_is_one_answer() -> None:
    def merged(state: str, inner: str) -> str:
        return f"<w:tc><w:tcPr><w:vMerge{state}/></w:tcPr>{inner}</w:tc>"

    first = cell(lines("Surname")) + merged(" w:val='restart'", lines("Tester"))
    block = f"<w:tbl><w:tr>{first}</w:tr><w:tr>{cell('')}{merged('', '<w:p/>')}</w:tr></w:tbl>"
    content = form(block)
    assert said(content) == {"individual.surname": "Tester"}
    assert left(content) == []
    covered = block.replace(
        "<w:p/></w:tc></w:tr></w:tbl>", lines("Taster") + "</w:tc></w:tr></w:tbl>"
    )
    (only,) = read(form(covered)).forms
    assert only.fields["individual.surname"].value == "Tester"
    assert [each.value for each in only.unrecognised] == ["Taster"]
    assert "hidden-text" in doubts(only)


def asking(inner: str, *elsewhere: str) -> bytes:
    """A whole form of tables, with this beside one question."""
    key = "safeguarding.lead_consulted"
    blocks = [
        lines(section.heading)
        + rows(*((f.label, inner if f.key == key else "") for f in section.fields))
        for section in SPECS[0].sections
    ]
    return word.document(SURNAME_ALONE, *elsewhere, *blocks[1:])


RING = "<w:r><w:drawing><wps:wsp><wps:spPr/></wps:wsp></w:drawing></w:r>"
OVAL = "<w:r><w:pict><v:oval/></w:pict></w:r>"


@pytest.mark.parametrize("shape", [RING, OVAL])
def test_a_ring_that_is_drawn_over_words_is_a_doubt(shape: str) -> None:
    both = run("Yes / No")
    for content in (
        asking(paragraph(both, shape)),
        asking(paragraph(both), paragraph(shape)),
    ):
        (only,) = read(content).forms
        assert only.fields.keys() == {"individual.surname"}
        assert "drawing-not-read" in doubts(only)
    for content in (asking(paragraph(both)), asking(lines("☐ Yes ☒ No"), paragraph(shape))):
        assert "drawing-not-read" not in doubts(read(content).forms[0])


def test_a_filled_in_form_with_all_of_it_reads_the_same() -> None:
    content = beside(
        docx_form.tables(people.ADULT), header1=lines("OFFICIAL"), footer1=lines("Page 1 of 4")
    )
    (only,) = read(content).forms
    assert differences(only, people.ADULT) == []
    assert only.warnings == []
