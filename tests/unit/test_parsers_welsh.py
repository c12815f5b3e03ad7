"""Welsh and bilingual forms: their words for yes and no, their dates, their two languages."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from parsers.extract import extract
from parsers.model import Readability
from parsers.normal import normal
from parsers.printed import alike
from parsers.values import read_date
from tests.samples import docx_form, form, people, two_columns, word
from tests.samples.reading import SPECS, TODAY, differences, doubts, read
from tests.samples.table import spec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsers.formspec import FormSpec

WELSH = spec("welsh")
BOTH = spec("bilingual")
QUESTION = "safeguarding.lead_consulted"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("3 Mawrth 2026", "2026-03-03"),
        ("Dydd Mawrth, 3ydd Mawrth 2026", "2026-03-03"),
        ("1af o Fai 2026", "2026-05-01"),
        ("20fed o fis Hydref 2025", "2025-10-20"),
        ("5ed o Ragfyr 2025", "2025-12-05"),
        ("11 Medi 26", None),
        ("31 Mehefin 2026", None),
        ("Mawrth 2026", None),
    ],
)
def test_a_date_may_be_written_in_welsh(text: str, value: str | None) -> None:
    assert read_date(text, born=False, today=TODAY).value == (value or _near_today(text))


def _near_today(text: str) -> str | None:
    return "2026-09-11" if text.endswith(" 26") else None


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Nac ydw", "no"),
        ("YDW", "yes"),
        ("Oes.", "yes"),
        ("Nac oes / No", "no"),
        ("Na", "no"),
        ("NA", None),
        ("N/A", None),
        ("n.a.", None),
        ("Do not know", None),
        ("Ydw / No", None),
        ("Nac", None),
        ("Nac ydych", None),
        ("", None),
    ],
)
def test_welsh_says_yes_and_no_by_the_verb(text: str, answer: str | None) -> None:
    assert WELSH.yes_no.answer(text) == answer


def test_english_forms_know_no_welsh_answer() -> None:
    for text in ("Na", "Do", "Oes", "N/A", "n.a."):
        assert spec().yes_no.answer(text) is None


@pytest.mark.parametrize(
    ("runs", "value"),
    [
        ((("☐ Ydw  ☒ Nac ydw", ""),), "no"),
        ((("Ydw", ""), (" / ", ""), ("Nac ydw", "<w:strike/>")), "yes"),
        ((("☒ Nac", ""), (" ydw ☐ Y", ""), ("dw", "")), "no"),
        ((("Ydw / Nac ", ""), ("ydw", "<w:strike/>")), None),
        ((("Nac ydych ☒ Ydw ☐", ""),), None),
        ((("Nac", ""), (" ydw", "")), "no"),
    ],
)
def test_a_word_form_is_answered_in_welsh(
    runs: tuple[tuple[str, str], ...], value: str | None
) -> None:
    said = _with_answer("".join(word.run(*each) for each in runs))
    (only,) = read(said).forms
    assert only.fields[QUESTION].value == value
    assert ("yes-no-unclear" in doubts(only)) is (value is None)


def _with_answer(runs: str) -> bytes:
    blocks = []
    for section in WELSH.sections:
        rows = [
            (
                word.cell(word.lines(field.label)),
                word.cell(word.paragraph(runs) if field.key == QUESTION else ""),
            )
            for field in section.fields
        ]
        blocks += [word.lines(section.heading), word.table(*rows)]
    return word.document(*blocks)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("stacked", [False, True])
@pytest.mark.parametrize("person", [people.ADULT, people.CHILD])
def test_a_bilingual_form_may_have_its_languages_anywhere(
    person: Mapping[str, str], *, stacked: bool, turned: bool
) -> None:
    keys = {key for section in BOTH.sections for key in section.keys}
    given = {key: text for key, text in person.items() if key in keys}
    sheet = two_columns.draw({}, stacked=stacked, turned=turned)
    printed = two_columns.draw(given, stacked=stacked, turned=turned)
    for content in (form.with_fields(sheet, given), printed.done()):
        extraction = read(content)
        (only,) = extraction.forms
        assert differences(only, given, lines=False) == []
        assert (only.version, extraction.readability) == ("bilingual", Readability.FULL)


@pytest.mark.parametrize("version", ["2018", "revised", "welsh", "bilingual"])
@pytest.mark.parametrize("make", [form.fillable, form.printed, docx_form.tables, docx_form.plain])
def test_no_language_is_taken_for_the_other(version: str, make: object) -> None:
    content = make(people.CHILD, version=version)  # type: ignore[operator] # one of four makers
    (only,) = read(content).forms
    assert only.version == version


@pytest.mark.parametrize("version", ["2018", "revised", "welsh", "bilingual"])
def test_without_its_own_description_a_form_is_of_no_known_language(version: str) -> None:
    content = form.fillable(people.CHILD, version=version)
    known = [each for each in SPECS if each.version != version]
    for only in extract(content, known, TODAY).forms:
        assert only.version == "unknown"
        for key, answer in only.fields.items():
            assert answer.raw == people.CHILD.get(key), key


def with_a_slip(version: FormSpec) -> FormSpec:
    """As it would be if each of its longer labels had another letter in its middle."""
    sections = []
    for section in version.sections:
        fields = [
            each.model_copy(update={"label": _slip(each.label), "aliases": ()})
            for each in section.fields
        ]
        sections.append(section.model_copy(update={"fields": tuple(fields)}))
    return version.model_copy(update={"sections": tuple(sections)})


def _slip(label: str) -> str:
    middle = next(n for n in range(len(label) // 2, len(label)) if label[n].isalpha())
    return label if len(normal(label)) < 12 else f"{label[:middle]}q{label[middle + 1 :]}"


@pytest.mark.parametrize("version", SPECS, ids=lambda each: each.version)
@pytest.mark.parametrize("make", [form.fillable, form.printed, docx_form.tables])
def test_labels_with_a_slip_are_not_swapped(version: FormSpec, make: object) -> None:
    keys = {key for section in version.sections for key in section.keys}
    given = {key: text for key, text in people.ADULT.items() if key in keys}
    content = make(given, version=version.version)  # type: ignore[operator] # one of three makers
    (only,) = extract(content, [with_a_slip(version)], TODAY).forms
    assert differences(only, given, lines=False) == []
    assert only.version == version.version


@pytest.mark.parametrize("version", SPECS, ids=lambda each: each.version)
def test_no_two_wordings_of_a_version_are_nearly_the_same(version: FormSpec) -> None:
    groups = [
        {section.key: (section.heading, *section.aliases) for section in version.sections},
        *({f.key: f.labels for f in section.fields} for section in version.sections),
    ]
    for group in groups:
        for one, other in combinations(group, 2):
            pairs = [(normal(a), normal(b)) for a in group[one] for b in group[other]]
            near = [(a, b) for a, b in pairs if alike(a, b) or a == b]
            follow = {version.field(key).follows for key in (one, other) if "." in key}
            assert near == [] or (None not in follow and len(follow) == 2), (one, other, near)
