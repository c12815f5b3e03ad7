"""What an XFA form says, whatever its pages show."""

from __future__ import annotations

import re

import pytest

from parsers.model import Readability, Reason
from tests.golden.samples import please_wait
from tests.samples import form, hostile, people, xfa_form
from tests.samples.reading import SPECS, differences, doubts, read
from tests.samples.xfa_form import datasets, template, with_xfa


@pytest.mark.parametrize("joined", [False, True])
@pytest.mark.parametrize("tooltips", [False, True])
@pytest.mark.parametrize("references", [False, True])
def test_a_dynamic_form_is_read_from_its_data(
    *, joined: bool, tooltips: bool, references: bool
) -> None:
    made = template(tooltips=tooltips, references=references)
    said = read(with_xfa(please_wait(), made, datasets(people.ADULT), joined=joined))
    assert said.readability is Readability.FULL
    assert differences(said.forms[0], people.ADULT) == []
    surname = said.forms[0].fields["individual.surname"]
    assert (surname.method, surname.page, surname.bbox) == ("xfa", None, None)


def test_a_dynamic_form_that_is_blank_is_blank() -> None:
    said = read(with_xfa(please_wait(), template(), datasets({})))
    assert said.reason is Reason.BLANK_FORM


@pytest.mark.parametrize(
    "packets",
    [
        ("<template/>", datasets(people.ADULT)),
        (template(),),
        (template()[:-20], datasets(people.ADULT)),
        ('<!DOCTYPE a [<!ENTITY b "c">]>' + template(), datasets(people.ADULT)),
        ("<template>" + "<subform>" * 400 + "</subform>" * 400 + "</template>", datasets({})),
    ],
)
def test_what_is_not_understood_waits_for_adobe_reader(packets: tuple[str, ...]) -> None:
    assert read(with_xfa(please_wait(), *packets)).reason is Reason.XFA_ONLY


def test_data_of_no_field_are_kept_and_doubtful() -> None:
    more = "<notes>Mum may call back</notes>"
    said = read(with_xfa(please_wait(), template(), datasets(people.CHILD, extra=more)))
    (only,) = said.forms
    assert [(each.label, each.value) for each in only.unrecognised] == [
        ("notes", "Mum may call back")
    ]
    assert doubts(only) == {"xfa-data-unplaced"}
    assert said.readability is Readability.PARTIAL


def test_a_file_whose_fields_and_data_agree_is_certain() -> None:
    said = read(with_xfa(form.fillable(people.ADULT), template(), datasets(people.ADULT)))
    assert said.readability is Readability.FULL
    assert said.forms[0].fields["individual.surname"].method == "acroform"


def test_a_file_whose_fields_and_data_differ_is_doubtful_and_the_fields_count() -> None:
    other = people.ADULT | {"individual.surname": "Stale", "individual.gender": ""}
    said = read(with_xfa(form.fillable(people.ADULT), template(), datasets(other)))
    (only,) = said.forms
    assert differences(only, people.ADULT) == []
    assert {(each.code, each.field) for each in only.warnings} == {
        ("xfa-differs", "individual.surname"),
        ("xfa-differs", "individual.gender"),
    }
    assert said.readability is Readability.PARTIAL


def test_data_of_a_file_whose_fields_are_blank_are_read_and_doubtful() -> None:
    said = read(with_xfa(form.blank(), template(), datasets(people.CHILD)))
    assert differences(said.forms[0], people.CHILD) == []
    assert said.readability is Readability.PARTIAL


def test_hidden_data_are_doubtful_and_kept() -> None:
    name = xfa_form.name("individual.surname")
    made = template().replace(f'<field name="{name}"', f'<field presence="hidden" name="{name}"')
    (only,) = read(with_xfa(please_wait(), made, datasets(people.CHILD))).forms
    assert "individual.surname" not in only.fields
    assert [(each.label, each.value) for each in only.unrecognised] == [("Surname", "Tester")]
    assert "hidden-text" in doubts(only)


def test_labels_that_are_drawn_are_labels_and_lone_boxes_belong_to_the_question_before() -> None:
    def box(name: str) -> str:
        caption = f"<caption><value><text>{name}</text></value></caption>"
        return f'<field name="{name}"><ui><checkButton/></ui>{caption}</field>'

    (question, details, *_) = SPECS[0].section("safeguarding").fields
    drawn = (
        '<subform name="more">' + xfa_form.draw("SAFEGUARDING CONSIDERATIONS")
        + xfa_form.draw(question.label) + box("Yes") + box("No")
        + xfa_form.draw(details.label) + xfa_form.draw("Please write clearly.")
        + '<field name="t"><ui><textEdit/></ui></field></subform>'
    )  # fmt: skip
    made = re.sub(r'<subform name="safeguarding">.*?</subform>', drawn, template())
    data = "<more><Yes>0</Yes><No>1</No><t>As was said</t></more>"
    said = datasets({k: v for k, v in people.CHILD.items() if "safeguarding" not in k}, extra=data)
    fields = read(with_xfa(please_wait(), made, said)).forms[0].fields
    assert fields["safeguarding.conditions"].value == "no"
    assert fields["safeguarding.conditions_details"].value == "As was said"


@pytest.mark.parametrize("start", range(0, 120, 30))
def test_packets_with_wrong_letters_end_as_a_result(start: int) -> None:
    made, data = template(), datasets(people.ADULT)
    for seed in range(start, start + 30):
        wrong = hostile.mutated((made, data)[seed % 2].encode(), seed=seed, changes=2)
        packet = wrong.decode("latin-1").replace("\x00", " ")
        packets = (packet, data) if seed % 2 == 0 else (made, packet)
        said = read(with_xfa(please_wait(), *packets))
        assert (said.forms == []) == (said.readability is Readability.NONE)
