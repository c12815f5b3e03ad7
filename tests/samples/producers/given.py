"""What the producers are given: `python -m tests.samples.producers.given FOLDER`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.samples import docx_form, form, people
from tests.samples.table import spec

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


def form_json() -> str:
    """The form's headings and labels, for those that lay it out themselves."""
    sections = [
        {
            "heading": section.heading,
            "lead": section.lead,
            "prompts": section.prompts,
            "fields": [
                {"key": each.key, "kind": each.kind, "label": each.label} for each in section.fields
            ],
        }
        for section in spec().sections
    ]
    said = {"title": spec().titles[0], "sections": sections}
    return json.dumps(said, ensure_ascii=False, indent=1)


def values(answers: Mapping[str, str]) -> dict[str, str]:
    """By the names of our fillable form's fields."""
    found = {}
    for section in spec().sections:
        for field in section.fields:
            if answer := answers.get(field.key, ""):
                name = field.key.replace(".", "_")
                ticked = field.kind == "yes_no"
                found[f"{name}_{answer}" if ticked else name] = "On" if ticked else answer
    return found


def latex_values(answers: Mapping[str, str]) -> dict[str, str]:
    """By the names that latex.py gives its fields."""
    found = {}
    fields = [field for section in spec().sections for field in section.fields]
    for number, field in enumerate(fields, start=1):
        if answer := answers.get(field.key, ""):
            ticked = field.kind == "yes_no"
            found[f"q{number}{answer[0]}" if ticked else f"t{number}"] = "Yes" if ticked else answer
    return found


def fdf(pairs: Mapping[str, str], *, states: Iterable[str]) -> str:
    """As pdftk takes them; `states` are the values that are names of a box's state."""
    lines = []
    for name, value in pairs.items():
        text = ("\ufeff" + value.replace("\n", "\r")).encode("utf-16-be").hex()
        lines.append(f"<< /T ({name}) /V {f'/{value}' if value in states else f'<{text}>'} >>")
    fields = "\n".join(lines)
    return (
        f"%FDF-1.2\n1 0 obj\n<< /FDF << /Fields [{fields}] >> >>\nendobj\n"
        "trailer\n<< /Root 1 0 R >>\n%%EOF\n"
    )


if __name__ == "__main__":
    folder = Path(sys.argv[1])
    (folder / "form.json").write_text(form_json(), encoding="utf-8")
    (folder / "blank.pdf").write_bytes(form.fillable({}))
    for name, answers in (("adult", people.ADULT), ("child", people.CHILD), ("nobody", {})):
        told = json.dumps(answers, ensure_ascii=False)
        (folder / f"{name}.json").write_text(told, encoding="utf-8")
        told = json.dumps(values(answers), ensure_ascii=False)
        (folder / f"{name}-values.json").write_text(told, encoding="utf-8")
        (folder / f"{name}.fdf").write_text(fdf(values(answers), states=["On"]))
        (folder / f"{name}-latex.fdf").write_text(fdf(latex_values(answers), states=["Yes"]))
    (folder / "table.docx").write_bytes(docx_form.tables(people.ADULT))
    (folder / "controls.docx").write_bytes(docx_form.controls(people.ADULT))
    (folder / "legacy.docx").write_bytes(docx_form.legacy(people.ADULT))
