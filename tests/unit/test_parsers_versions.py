from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from parsers.extract import extract
from parsers.model import Readability, Reason
from tests.golden.samples import SAMPLES, joined
from tests.samples import form, people
from tests.samples.reading import SPECS, TODAY

if TYPE_CHECKING:
    from parsers.formspec import FormSpec

FOLDER = Path(__file__).parents[1] / "golden"
OF_2018 = [name for name, sample in SAMPLES.items() if sample.version == "2018"]
UNLIKE = [spec for spec in SPECS if spec.version in ("2018", "regional-gm", "revised")]
FURTHER = [spec for spec in SPECS if spec.version != "2018"]


def reworded(spec: FormSpec, share: float) -> FormSpec:
    """The same version, if it had worded a share of its labels otherwise."""
    number = 0
    sections = []
    for section in spec.sections:
        fields = []
        for field in section.fields:
            number += 1
            other = int(number * share) > int((number - 1) * share)
            label = f"Something else that is asked, number {number}" if other else field.label
            fields.append(field.model_copy(update={"label": label, "aliases": ()}))
        sections.append(section.model_copy(update={"fields": tuple(fields)}))
    return spec.model_copy(update={"sections": tuple(sections)})


@pytest.mark.parametrize("name", OF_2018)
def test_further_versions_change_nothing_about_the_form_of_2018(name: str) -> None:
    content = (FOLDER / f"{name}{SAMPLES[name].suffix}").read_bytes()
    assert extract(content, SPECS, TODAY) == extract(content, SPECS[:1], TODAY)


@pytest.mark.parametrize("spec", FURTHER, ids=lambda spec: spec.version)
def test_a_version_is_told_whatever_else_is_known(spec: FormSpec) -> None:
    content = form.fillable(people.CHILD, version=spec.version)
    for known in (SPECS, SPECS[::-1], [spec]):
        (read,) = extract(content, known, TODAY).forms
        assert read.version == spec.version


@pytest.mark.parametrize("spec", UNLIKE, ids=lambda spec: spec.version)
def test_what_fits_no_version_well_is_of_an_unknown_version(spec: FormSpec) -> None:
    content = form.fillable(people.CHILD, version=spec.version)
    others = [each for each in UNLIKE if each is not spec]
    extraction = extract(content, [*others, reworded(spec, 0.4)], TODAY)
    (read,) = extraction.forms
    assert read.version == "unknown"
    assert extraction.readability is Readability.PARTIAL
    assert extraction.reason is Reason.LOW_CONFIDENCE
    left = {each.value for each in read.unrecognised}
    for key, text in people.CHILD.items():
        if not text or key not in {k for section in spec.sections for k in section.keys}:
            continue
        kept = key in read.fields or text.strip() in left or text in {"yes", "no"}
        assert kept, key


@pytest.mark.parametrize("turn", [1, -1])
def test_a_short_version_does_not_win_by_being_short(turn: int) -> None:
    whole = SPECS[0]
    short = whole.model_copy(update={"version": "short", "sections": whole.sections[:2]})
    content = form.fillable(people.CHILD)
    (read,) = extract(content, [short, whole][::turn], TODAY).forms
    assert read.version == "2018"


@pytest.mark.parametrize("turn", [1, -1])
def test_two_forms_of_two_versions_in_one_file_are_told_apart(turn: int) -> None:
    parts = {
        "2018": form.fillable(people.CHILD),
        "revised": form.printed(people.ADULT, version="revised"),
        "regional-gm": form.fillable(people.CHILD, version="regional-gm"),
    }
    content = joined(*list(parts.values())[::turn])
    read = extract(content, SPECS, TODAY).forms
    assert [each.version for each in read] == list(parts)[::turn]
    assert [each.fields["individual.surname"].value for each in read] == [
        "Tester",
        "Okafor-Lind",
        "Tester",
    ]
