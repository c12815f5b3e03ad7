from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from parsers.model import Readability
from tests.samples import form, people, reportlab_form
from tests.samples.reading import differences, doubts, read

if TYPE_CHECKING:
    from tests.samples.reportlab_form import Question

ADULT = {key: text.translate({0x201C: '"', 0x201D: '"'}) for key, text in people.ADULT.items()}
QUESTIONS: tuple[Question, ...] = ("check", "radio", "menu", "typed")


@pytest.mark.parametrize("question", QUESTIONS)
def test_fields_made_by_reportlab_are_read(question: Question) -> None:
    extraction = read(reportlab_form.made(ADULT, question=question))
    (only,) = extraction.forms
    assert differences(only, ADULT) == []
    assert doubts(only) == set()
    assert extraction.readability is Readability.FULL


@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("flatten", [form.made_flat, form.flattened_by_qpdf])
def test_and_after_they_became_part_of_the_page(question: Question, flatten: form.Flatten) -> None:
    (only,) = read(flatten(reportlab_form.made(people.CHILD, question=question))).forms
    assert differences(only, people.CHILD, lines=False) == []
    assert doubts(only) == set()


@pytest.mark.parametrize("question", QUESTIONS)
def test_its_blank_form_has_no_values(question: Question) -> None:
    assert read(reportlab_form.made({}, question=question)).reason == "blank-form"
    assert read(form.made_flat(reportlab_form.made({}, question=question))).reason == "blank-form"


def test_labels_that_stand_only_in_tooltips_are_labels() -> None:
    extraction = read(reportlab_form.made(ADULT, tooltips=True))
    (only,) = extraction.forms
    assert differences(only, ADULT) == []
