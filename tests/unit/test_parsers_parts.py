"""Several forms in one PDF: on one page, of several versions, or without their first pages."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

import pikepdf
import pytest

from parsers.docx.package import part
from parsers.model import Readability
from tests.golden.samples import joined
from tests.samples import docx_form, form, people, table, word
from tests.samples.reading import differences, read

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsers.model import ExtractedForm

SHORT = ("regional-gm", "regional-essex", "regional-sussex")


def of(version: str, person: Mapping[str, str]) -> dict[str, str]:
    keys = {key for section in table.spec(version).sections for key in section.keys}
    return {key: text for key, text in person.items() if key in keys}


def without(content: bytes, *pages: int) -> bytes:
    """A form of which these pages (from 0) are lost."""
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in sorted(pages, reverse=True):
            del pdf.pages[page]
        buffer = io.BytesIO()
        pdf.save(buffer)
        return buffer.getvalue()


def apart(forms: list[ExtractedForm], *people_: Mapping[str, str]) -> None:
    """Each form says nothing of another's, and nothing is lost."""
    assert len(forms) == len(people_)
    for each, person in zip(forms, people_, strict=True):
        for key, answer in each.fields.items():
            assert answer.raw.split() == person[key].split() or answer.value == person[key], key


@pytest.mark.parametrize("one", SHORT)
@pytest.mark.parametrize("other", SHORT)
@pytest.mark.parametrize("made", ["fillable", "printed"])
def test_a_form_may_begin_on_the_page_on_which_another_ends(
    one: str, other: str, made: str
) -> None:
    first, second = of(one, people.ADULT), of(other, people.CHILD)
    shown = made == "printed"
    page = table.draw(first if shown else {}, version=one)
    ended = page.page
    count = len(page.places)
    page.y -= 20
    page = table.draw(second if shown else {}, version=other, onto=page)
    given = dict(first)
    for place in page.places[count:]:
        place.key = f"{place.key}#2"
        given[place.key] = second.get(place.key.removesuffix("#2"), "")
    assert page.places[count].page == ended, "they share no page"
    content = page.done() if shown else form.with_fields(page, given)
    forms = read(content).forms
    assert [each.version for each in forms] == [one, other]
    apart(forms, first, second)
    assert [
        differences(*each, lines=False) for each in zip(forms, (first, second), strict=True)
    ] == [[], []]
    assert forms[0].pages[1] == forms[1].pages[0] == ended


@pytest.mark.parametrize("version", ["2018", "revised", "welsh", "bilingual"])
@pytest.mark.parametrize("make", [form.fillable, form.printed])
def test_the_first_page_of_the_second_form_may_be_missing(version: str, make: object) -> None:
    first, second = of(version, people.ADULT), of(version, people.CHILD)
    whole = make(first, version=version)  # type: ignore[operator] # one of two makers
    rest = without(make(second, version=version), 0)  # type: ignore[operator] # the same
    extraction = read(joined(whole, rest))
    one, other = extraction.forms
    apart([one, other], first, second)
    assert differences(one, first, lines=False) == []
    assert one.version == version
    assert other.fields
    kept = {key for key in second if key in other.fields}
    assert {"first_identified_by.forename", "dates.referral_made"} <= kept
    assert extraction.readability is Readability.PARTIAL


@pytest.mark.parametrize("make", [form.fillable, form.printed])
def test_only_the_last_page_of_a_second_form_mixes_with_nothing(make: object) -> None:
    first, second = of("revised", people.ADULT), of("revised", people.CHILD)
    whole = make(first, version="revised")  # type: ignore[operator] # one of two makers
    rest = make(second, version="revised")  # type: ignore[operator] # the same
    with pikepdf.open(io.BytesIO(rest)) as pdf:
        last = len(pdf.pages) - 1
    forms = read(joined(whole, without(rest, *range(last)))).forms
    apart(forms, *(first, second)[: len(forms)])
    assert differences(forms[0], first, lines=False) == []


@pytest.mark.parametrize(
    ("one", "other"),
    [("2018", "regional-gm"), ("regional-gm", "2018"), ("welsh", "2018"), ("2018", "welsh"),
     ("bilingual", "revised"), ("regional-essex", "bilingual")],
)  # fmt: skip
@pytest.mark.parametrize("lost", [False, True])
@pytest.mark.parametrize("make", [form.fillable, form.printed])
def test_forms_of_two_versions_are_told_apart(
    one: str, other: str, make: object, *, lost: bool
) -> None:
    first, second = of(one, people.ADULT), of(other, people.CHILD)
    whole = make(first, version=one)  # type: ignore[operator] # one of two makers
    rest = make(second, version=other)  # type: ignore[operator] # the same
    rest = without(rest, 0) if lost else rest
    forms = read(joined(whole, rest)).forms
    apart(forms, first, *([second] if len(forms) > 1 else []))
    assert differences(forms[0], first, lines=False) == [] or lost
    assert forms[0].version == one
    if not lost:
        assert [each.version for each in forms] == [one, other]


def words(*contents: bytes) -> bytes:
    """Word documents, one after the other in one."""
    bodies = [
        part(each, "word/document.xml").decode().split("<w:body>")[1].split("<w:sectPr")[0]
        for each in contents
    ]
    return word.document(*bodies)


def beginning_with(content: bytes, key: str, version: str) -> bytes:
    """A Word form of which all before a section is lost."""
    body = part(content, "word/document.xml").decode().split("<w:body>")[1].split("<w:sectPr")[0]
    heading = escape(table.spec(version).section(key).heading)
    at = body.index(f">{heading}<")
    return word.document(body[body.rfind("<w:tbl>" if "<w:tbl>" in body else "<w:p>", 0, at) :])


VERSIONS = ["2018", "revised", "welsh", "bilingual", *SHORT]
WORD = [docx_form.tables, docx_form.controls, docx_form.plain]


@pytest.mark.parametrize("make", WORD)
@pytest.mark.parametrize("one", VERSIONS)
@pytest.mark.parametrize("other", ["2018", "welsh", "regional-sussex"])
def test_word_forms_of_two_versions_are_told_apart(one: str, other: str, make: object) -> None:
    first, second = of(one, people.ADULT), of(other, people.CHILD)
    forms = read(words(make(first, version=one), make(second, version=other))).forms  # type: ignore[operator] # one of three makers
    assert [each.version for each in forms] == [one, other]
    apart(forms, first, second)
    for each, person in zip(forms, (first, second), strict=True):
        assert differences(each, person, lines=False) == []


@pytest.mark.parametrize("make", [docx_form.tables, docx_form.plain])
@pytest.mark.parametrize("version", ["2018", "revised", "welsh", "bilingual"])
@pytest.mark.parametrize("key", ["concerns", "safeguarding", "dates"])
def test_a_word_form_without_its_beginning_is_one_of_its_own(
    version: str, key: str, make: object
) -> None:
    first, second = of(version, people.ADULT), of(version, people.CHILD)
    whole = make(first, version=version)  # type: ignore[operator] # one of two makers
    rest = beginning_with(make(second, version=version), key, version)  # type: ignore[operator] # the same
    forms = read(words(whole, rest)).forms
    assert forms[0].version == version
    apart(forms, first, second)
    assert differences(forms[0], first, lines=False) == []
    kept = {k for k in table.spec(version).section(key).keys if second.get(k)}
    assert kept <= set(forms[1].fields)
