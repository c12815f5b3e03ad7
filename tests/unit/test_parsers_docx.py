"""What a Word document says, wherever its writer put it."""

from __future__ import annotations

import pytest

from parsers.docx.package import part
from parsers.model import Readability, Reason
from tests.samples import docx_form, people, word
from tests.samples.reading import SPECS, differences, doubts, read
from tests.samples.word import cell, control, lines, paragraph, run, table

INDIVIDUAL, CONCERNS, _, _, FIRST, REFERRER, DATES, SAFEGUARDING, _ = SPECS[0].sections
QUESTION = SAFEGUARDING.fields[0].label


def rows(*pairs: tuple[str, str]) -> str:
    return table(*((cell(lines(label)), cell(inner)) for label, inner in pairs))


def form(*inside: str) -> bytes:
    """A form with these blocks in the first section, and the other sections unanswered."""
    others = [
        lines("\n".join((s.heading, *(f.label for f in s.fields if len(s.fields) > 1))))
        for s in SPECS[0].sections[1:]
        if s is not SAFEGUARDING
    ]
    return word.document(lines(INDIVIDUAL.heading), *inside, *others)


def said(content: bytes) -> dict[str, object]:
    (only,) = read(content).forms
    return {key: answer.value for key, answer in only.fields.items()}


def left(content: bytes) -> list[tuple[str, str]]:
    (only,) = read(content).forms
    return [(each.label, each.value) for each in only.unrecognised]


def answer(inner: str) -> object:
    """What a question says whose answer this is."""
    content = word.document(
        *(lines(f"{s.heading}\n" + "\n".join(f.label for f in s.fields)) for s in (FIRST, DATES)),
        lines(INDIVIDUAL.heading),
        rows(*((f.label, lines("x" if n == 1 else "")) for n, f in enumerate(INDIVIDUAL.fields))),
        lines(SAFEGUARDING.heading),
        rows((QUESTION, inner)),
    )
    (only,) = read(content).forms
    found = only.fields.get("safeguarding.conditions")
    if found is None:
        assert "yes-no-unclear" not in doubts(only)
        return None
    return found.value or "unclear"


@pytest.mark.parametrize(
    ("inner", "value"),
    [
        (lines("☐ Yes ☒ No"), "no"),
        (lines("Yes ☒ No ☐"), "yes"),
        (lines("☑ Yes\n☐ No"), "yes"),
        (lines("[x] Yes [ ] No"), "yes"),
        (lines("☒ Yes ☒ No"), "conflict"),
        (lines("Yes ✓\tNo"), "yes"),
        (lines("Yes\tX No"), "no"),
        (lines("Yes X No"), "unclear"),
        (lines("Yes / No"), None),
        (lines("☐ Yes ☐ No"), None),
        (lines("no"), "no"),
        (lines("Yes, since May"), "unclear"),
        (paragraph(run("Yes", "<w:strike/>"), run(" / No")), "no"),
        (paragraph(run("Yes"), run(" / "), run("No", "<w:dstrike/>")), "yes"),
        (paragraph(run("Yes", "<w:strike/>"), run("No", "<w:strike/>")), "unclear"),
        (paragraph(run("Yes", "<w:highlight w:val='yellow'/>"), run(" / No")), "unclear"),
        (paragraph("<w:del><w:r><w:delText>Yes / </w:delText></w:r></w:del>", run("No")), "no"),
        (paragraph(word.box(on=True), run(" Yes "), word.box(on=False), run(" No")), "yes"),
        (paragraph(word.legacy_menu(("Please select", "Yes", "No"), 2)), "no"),
        (paragraph(run("☒"), run(" No "), run("☐"), run(" Yes")), "no"),
        (paragraph("<w:r><w:sym w:font='Wingdings' w:char='F0FE'/></w:r>", run(" Yes "),
                   "<w:r><w:sym w:font='Wingdings' w:char='F0A8'/></w:r>", run(" No")), "yes"),
    ],
)  # fmt: skip
def test_yes_and_no_are_read_as_they_are_marked(inner: str, value: object) -> None:
    assert answer(inner) == value


def test_an_unchosen_menu_that_shows_an_answer_is_doubtful() -> None:
    menu = paragraph(word.legacy_menu(("Yes", "No"), None))
    content = form(rows(("Gender", menu), ("Surname", lines("Tester"))))
    assert "choice-unclear" in doubts(read(content).forms[0])


@pytest.mark.parametrize(
    "block",
    [
        rows(("Surname", lines("Tester"))),
        rows(("Surname:", lines("Tester"))),
        table((cell(lines("Surname\nTester")),)),
        table((cell(lines("Surname: Tester")),)),
        table((cell(lines("Surname")),), (cell(lines("Tester")),)),
        table((cell(lines("Surname")), cell(lines("Gender"))), (cell(lines("Tester")), cell(""))),
        lines("Surname: Tester"),
        lines("1. Surname\tTester"),
        lines("Surname\nTester"),
        paragraph(run("Surname "), control(run("Tester"))),
        paragraph(run("Sur"), run("name: "), "<w:hyperlink>" + run("Test") + "</w:hyperlink>",
                  "<w:smartTag>" + run("er") + "</w:smartTag>"),
        rows(("Surname", paragraph("<w:ins>" + run("Tester") + "</w:ins><w:del>"
              "<w:r><w:delText>Taster</w:delText></w:r></w:del>"))),
        rows(("Surname", paragraph(word.text_box(lines("Tester"))))),
        rows(("Surname", table((cell(lines("Tester")),)) + "<w:p/>")),
        table((cell(table(("".join((cell(lines("Surname")), cell(lines("Tester")))),)) ),)),
    ],
)  # fmt: skip
def test_an_answer_is_found_wherever_it_stands(block: str) -> None:
    content = form(block)
    assert said(content) == {"individual.surname": "Tester"}
    assert left(content) == []


def test_a_label_belongs_to_its_section() -> None:
    content = docx_form.tables(people.CHILD | {"referrer.surname": "Other"})
    assert said(content)["first_identified_by.surname"] == "Placeholder"
    assert said(content)["referrer.surname"] == "Other"


def test_two_unknown_columns_are_not_joined_to_an_answer() -> None:
    row = tuple(cell(lines(text)) for text in ("Gender", "Female", "Ethnicity", "not said"))
    content = form(table(row))
    assert said(content) == {"individual.gender": "Female"}
    assert left(content) == [("Ethnicity", "not said")]


def test_what_stands_beside_the_place_for_an_answer_is_kept_and_doubtful() -> None:
    content = form(table(tuple(cell(lines(text)) for text in ("Surname", "", "Tester"))))
    assert left(content) == [("Surname", "Tester")]
    assert "answer-beside" in doubts(read(content).forms[0])


def test_a_heading_or_label_within_an_answer_makes_the_form_doubtful_and_loses_nothing() -> None:
    typed = "He wrote\nRELEVANT DATES\nin red"
    content = docx_form.plain(people.CHILD | {"concerns.description": typed})
    (only,) = read(content).forms
    assert "heading-twice" in doubts(only)
    assert "referrer.email_address" not in only.fields
    assert ("", "RELEVANT DATES") in left(content)
    content = docx_form.plain(people.CHILD | {"individual.addresses": "1 Close\nGender: x\nFlat 2"})
    assert "label-twice" in doubts(read(content).forms[0])
    assert left(content) == [("", "Gender: x"), ("", "Flat 2")]


def test_a_text_beside_no_label_is_kept() -> None:
    content = form(rows(("Surname", lines("Tester"))), lines("He goes by Bob."))
    assert ("", "He goes by Bob.") in left(content)


def test_a_placeholder_is_no_answer_and_one_that_was_overwritten_is_doubtful() -> None:
    asked = control(run("Write it here", word.PLACEHOLDER), empty=True)
    typed = control(run("Tester"), empty=True)
    content = form(rows(("Gender", paragraph(asked)), ("Surname", paragraph(typed))))
    assert said(content) == {"individual.surname": "Tester"}
    assert "placeholder-unclear" in doubts(read(content).forms[0])


def test_hidden_and_struck_text_is_doubtful_and_kept() -> None:
    hidden = paragraph(run("Tester"), run(" Secretly", "<w:vanish/>"))
    struck = paragraph(run("Male", "<w:strike/>"))
    content = form(rows(("Surname", hidden), ("Gender", struck)))
    assert said(content) == {"individual.surname": "Tester", "individual.gender": "Male"}
    assert left(content) == [("Surname", "Secretly")]
    assert {"hidden-text", "struck-out"} <= doubts(read(content).forms[0])


@pytest.mark.parametrize(
    ("shown", "stored", "value", "doubt"),
    [
        ("03/04/24", "2024-04-03", "2024-04-03", None),
        ("14/02/1991", "1991-02-14", "1991-02-14", None),
        ("14/02/1991", "1990-02-14", "1991-02-14", "date-differs"),
        ("about 1990", "1991-02-14", None, "date-differs"),
    ],
)
def test_a_date_field_settles_what_it_shows(
    shown: str, stored: str, value: str | None, doubt: str | None
) -> None:
    about = f'<w:date w:fullDate="{stored}T00:00:00Z"/>'
    content = form(rows(("Date of Birth", paragraph(control(run(shown), about=about)))))
    (only,) = read(content).forms
    born = only.fields["individual.date_of_birth"]
    assert (born.value, born.raw) == (value, shown)
    assert doubt is None or doubt in doubts(only)


def test_a_picture_in_a_place_for_an_answer_is_a_doubt() -> None:
    picture = "<w:r><w:drawing><blip/></w:drawing></w:r>"
    content = form(rows(("Surname", paragraph(run("Tester"), picture))))
    assert "picture-not-read" in doubts(read(content).forms[0])


def test_what_is_typed_beside_an_empty_control_is_kept() -> None:
    asked = control(paragraph(run("Say it here", word.PLACEHOLDER)), empty=True)
    box = table((cell(asked + lines("Typed below it")),))
    blocks = [
        (lines(s.heading), box if s is CONCERNS else lines("\n".join(f.label for f in s.fields)))
        for s in SPECS[0].sections
    ]
    content = word.document(*(each for pair in blocks for each in pair))
    assert str(said(content)["concerns.description"]).strip() == "Typed below it"


def test_two_forms_in_one_document_are_two() -> None:
    one, two = (docx_form.tables(each) for each in (people.ADULT, people.CHILD))
    from parsers.docx.package import part

    bodies = [
        part(each, "word/document.xml").decode().split("<w:body>")[1].split("<w:sectPr")[0]
        for each in (one, two)
    ]
    forms = read(word.document(*bodies)).forms
    assert [
        differences(*each) for each in zip(forms, (people.ADULT, people.CHILD), strict=True)
    ] == [[], []]


def test_no_page_is_invented() -> None:
    surname = read(docx_form.tables(people.CHILD)).forms[0].fields["individual.surname"]
    assert (surname.page, surname.bbox, surname.confidence) == (None, None, 1.0)
    assert surname.method == "docx"


def test_a_locked_document_needs_its_password() -> None:
    ole = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600)
    locked = read(ole + "EncryptedPackage".encode("utf-16-le"))
    assert (locked.readability, locked.reason) == (Readability.NONE, Reason.PASSWORD)
    assert read(ole).reason is Reason.UNSUPPORTED_TYPE


def test_text_in_a_field_that_never_shows_it_is_doubtful_and_kept() -> None:
    whole = docx_form.legacy(people.ADULT)
    text = part(whole, "word/document.xml").decode()
    at = text.index("She advised this referral.")
    mark = text.rindex('w:fldCharType="separate"', 0, at)
    broken = text[:mark] + text[mark:].replace('"separate"', '"nothing"', 1)
    extraction = read(word.packed(broken))
    (only,) = extraction.forms
    assert "hidden-text" in doubts(only)
    assert "She advised this referral." in {each.value for each in only.unrecognised}


def test_a_star_after_a_question_mark_is_no_answer() -> None:
    content = form(rows((INDIVIDUAL.fields[0].label + " *", lines("Robin"))))
    starred = word.document(
        lines(INDIVIDUAL.heading),
        *(rows((f.label, lines("x"))) for f in INDIVIDUAL.fields),
        lines(SAFEGUARDING.heading),
        *(
            rows((f"{f.label} *", lines("no" if f.kind == "yes_no" else "told")))
            for f in SAFEGUARDING.fields
        ),
    )
    assert left(content) == []
    assert left(starred) == []
    assert "*" not in said(starred).values()
