from __future__ import annotations

from pathlib import Path

import pytest

from parsers import formspec
from parsers.formspec import FormSpecError

CONFIG = Path(__file__).parents[2] / "config"
FIELDS = """
[[section]]
key = "who"
heading = "WHO"
fields = [
  { key = "who.name", kind = "text", label = "Name" },
  { key = "who.known", kind = "yes_no", label = "Known?" },
  { key = "who.how", kind = "lines", label = "How?", follows = "who.known" },
]
"""
FORM = """
version = "1"
titles = ["THE FORM"]
recognised_from = 0.3
certain_from = 0.8
"""


def folder(tmp_path: Path, *, fields: str = FIELDS, form: str | None = FORM) -> Path:
    (tmp_path / "forms").mkdir()
    (tmp_path / "referral-fields.toml").write_text(fields, encoding="utf-8")
    if form is not None:
        (tmp_path / "forms" / "one.toml").write_text(form, encoding="utf-8")
    return tmp_path


def refusal(config_dir: Path) -> str:
    with pytest.raises(FormSpecError) as caught:
        formspec.load(config_dir)
    return str(caught.value)


def test_a_form_has_the_labels_of_the_field_list_and_its_own(tmp_path: Path) -> None:
    own = FORM + '[aliases]\n"who.name" = ["Full name"]\n[headings]\nwho = ["The person"]\n'
    (spec,) = formspec.load(folder(tmp_path, form=own))
    assert spec.field("who.name").labels == ("Name", "Full name")
    assert spec.section("who").aliases == ("The person",)
    assert spec.section("who").keys == ("who.name", "who.known", "who.how")


MORE = """
[[section]]
key = "when"
heading = "WHEN"
lead = "Dates."
fields = [{ key = "when.day", kind = "date", label = "Day", hint = "DD/MM" }]
"""


def test_a_form_may_word_its_labels_and_hints_otherwise(tmp_path: Path) -> None:
    own = FORM + '[labels]\n"when.day" = "On which day?"\n[hints]\n"when.day" = "Day first"\n'
    (spec,) = formspec.load(folder(tmp_path, fields=FIELDS + MORE, form=own))
    assert spec.field("when.day").labels == ("On which day?",)
    assert spec.field("when.day").hint == "Day first"
    assert spec.field("who.name").labels == ("Name",)


def test_a_form_may_leave_fields_and_sections_out(tmp_path: Path) -> None:
    own = FORM + 'absent = ["when.day", "who.known"]\n'
    (spec,) = formspec.load(folder(tmp_path, fields=FIELDS + MORE, form=own))
    assert [section.key for section in spec.sections] == ["who"]
    assert spec.section("who").keys == ("who.name", "who.how")
    assert spec.field("who.how").follows is None


def test_a_form_may_have_its_sections_in_another_order(tmp_path: Path) -> None:
    own = FORM + 'order = ["when", "who"]\n'
    (spec,) = formspec.load(folder(tmp_path, fields=FIELDS + MORE, form=own))
    assert [section.key for section in spec.sections] == ["when", "who"]
    assert spec.field("who.how").follows == "who.known"


def test_a_form_may_ask_in_another_section_under_another_heading(tmp_path: Path) -> None:
    own = FORM + '[sections.when]\nheading = "PART ONE"\nfields = ["who.name", "when.day"]\n'
    (spec,) = formspec.load(folder(tmp_path, fields=FIELDS + MORE, form=own))
    assert spec.section("when").heading == "PART ONE"
    assert spec.section("when").lead is None
    assert spec.section("when").keys == ("who.name", "when.day")
    assert spec.section("who").keys == ("who.known", "who.how")


def test_the_forms_that_we_ship_can_be_used() -> None:
    specs = formspec.load(CONFIG)
    assert {"2018", "regional-gm", "revised"} <= {spec.version for spec in specs}
    assert specs[0].version == "2018"
    files = sorted(path.stem for path in (CONFIG / "forms").glob("*.toml"))
    assert [spec.version for spec in specs] == files
    assert len(specs[0].section("individual").fields) == 12


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ("", "holds no [[section]]"),
        ("[form]\ntitle = 'x'", "holds no [[section]]"),
        ("section = 3", "holds no [[section]]"),
        ("[[section]\n", "can't be read as TOML"),
        ("[[section]]\nkey = 'a'\nheading = 'A'\nfields = []", "section a has no fields"),
        (FIELDS.replace('kind = "text"', 'kind = "number"'), "fields.0.kind"),
        (FIELDS.replace('label = "Name"', 'lable = "Name"'), "fields.0.label"),
        (FIELDS.replace("who.how", "who.name"), "who.name stands there twice"),
        (FIELDS + FIELDS.replace("who.", "what."), "who stands there twice"),
        (FIELDS.replace('= "who.known" }', '= "who.else" }'), "follows who.else"),
    ],
)
def test_a_field_list_that_can_not_be_used_is_one_sentence(
    tmp_path: Path, fields: str, said: str
) -> None:
    sentence = refusal(folder(tmp_path, fields=fields))
    assert sentence.startswith(f"{tmp_path / 'referral-fields.toml'}: ")
    assert said in sentence
    assert "\n" not in sentence


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ("version = 1", "version"),
        ("version = [", "can't be read as TOML"),
        ("\x00", "can't be read as TOML"),
        (FORM.replace("0.3", "3"), "recognised_from"),
        (FORM.replace("0.3", "'much'"), "recognised_from"),
        (FORM + "certain = 0.9", "certain"),
        (FORM + 'aliases = ["x"]', "aliases: each value is a list of wordings"),
        (FORM + '[aliases]\n"who.name" = "Full name"', "aliases: each value is a list"),
        (FORM + '[aliases]\n"who.nmae" = ["Full name"]', "aliases.who.nmae"),
        (FORM + '[aliases]\n"who.name" = ["…"]', "who.name has a label without letters"),
        (FORM + '[headings]\nwhom = ["The person"]', "headings.whom"),
        (FORM + '[headings]\nwho = ["--"]', "who has a heading without letters"),
        (FORM + '[labels]\n"who.nmae" = "Name"', "labels: who.nmae is not in"),
        (FORM + '[labels]\n"who.name" = ["Name"]', "labels.who.name"),
        (FORM + '[labels]\n"who.name" = "?"', "who.name has a label without letters"),
        (FORM + '[hints]\n"who.nmae" = "Name"', "hints: who.nmae is not in"),
        (FORM + 'absent = ["who.nmae"]', "absent: who.nmae is not in"),
        (FORM + 'absent = ["who.name", "who.known", "who.how"]', "no field is left in it"),
        (FORM + 'order = ["whom"]', "order: whom is not in"),
        (FORM + 'order = ["who", "who"]', "order: a key stands there twice"),
        (FORM + "[sections.who]\nlead = 'x'", "sections.who.heading"),
        (FORM + "[sections.whom]\nheading = 'x'", "sections: whom is not in"),
        (FORM + "[sections.who]\nheading = '?'", "who has a heading without letters"),
        (FORM + "[sections.who]\nheading = 'W'\nfields = ['x']", "sections.fields: x is not in"),
    ],
)
def test_a_form_that_can_not_be_used_is_one_sentence(tmp_path: Path, form: str, said: str) -> None:
    sentence = refusal(folder(tmp_path, form=form))
    assert sentence.startswith(f"{tmp_path / 'forms' / 'one.toml'}: ")
    assert said in sentence
    assert "\n" not in sentence


def test_missing_files_are_one_sentence(tmp_path: Path) -> None:
    assert "can't be read" in refusal(tmp_path)
    assert "holds no form" in refusal(folder(tmp_path, form=None))


OTHER = FORM.replace('version = "1"', 'version = "cy"').replace("THE FORM", "Y FFURFLEN") + (
    'yes = ["Ydw"]\nno = ["Nac ydw"]\n[labels]\n"who.name" = "Enw"\n[aliases]\n'
    '"who.name" = ["Enw llawn"]\n[sections.who]\nheading = "PWY"\n'
)
JOINED = FORM.replace('version = "1"', 'version = "both"')


def test_a_form_may_print_two_others_as_one(tmp_path: Path) -> None:
    config_dir = folder(tmp_path)
    (tmp_path / "forms" / "cy.toml").write_text(OTHER, encoding="utf-8")
    own = JOINED + 'languages = ["cy", "1"]\n[aliases]\n"who.name" = ["Name"]\n'
    (tmp_path / "forms" / "both.toml").write_text(own, encoding="utf-8")
    spec = next(each for each in formspec.load(config_dir) if each.version == "both")
    assert spec.section("who").heading == "PWY / WHO"
    assert spec.section("who").aliases == ("WHO / PWY",)
    assert spec.field("who.name").labels == (
        "Enw / Name", "Enw llawn / Name", "Name / Enw", "Name / Enw llawn", "Name",
    )  # fmt: skip
    assert spec.field("who.how").follows == "who.known"
    assert (spec.yes, spec.no) == (("Ydw", "Yes"), ("Nac ydw", "No"))


@pytest.mark.parametrize("named", ['["1"]', '["1", "none"]', '"1"'])
def test_a_form_in_two_languages_names_two_others(tmp_path: Path, named: str) -> None:
    config_dir = folder(tmp_path)
    own = JOINED + f"languages = {named}\n"
    (tmp_path / "forms" / "both.toml").write_text(own, encoding="utf-8")
    assert "name two other versions" in refusal(config_dir)
