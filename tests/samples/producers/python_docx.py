"""The form as python-docx writes it: `python python_docx.py ANSWERS.json OUT.docx grid|bar|one`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from docx import Document  # type: ignore[import-not-found] # lives in an environment of its own
from docx.oxml import OxmlElement  # type: ignore[import-not-found] # the same
from docx.oxml.ns import qn  # type: ignore[import-not-found] # the same
from docx.shared import Pt, RGBColor  # type: ignore[import-not-found] # the same

Section = dict[str, Any]


def main(answers_path: str, out: str, style: str) -> None:
    """`grid`: a heading over each table; `bar`: it is the table's first row; `one`: so are the
    prompts.
    """
    answers = json.loads(Path(answers_path).read_text(encoding="utf-8"))
    form = json.loads(Path("form.json").read_text(encoding="utf-8"))
    document = Document()
    document.styles["Normal"].font.size = Pt(10)
    document.add_heading(form["title"], 0)
    for section in form["sections"]:
        prompts = [each for each in (section["lead"], *section["prompts"]) if each]
        if style == "grid":
            document.add_heading(section["heading"], 1)
        if style != "one":
            for number, text in enumerate(prompts):
                document.add_paragraph(text, style="List Bullet" if number else None)
        table = document.add_table(rows=0, cols=2)
        table.style = "Table Grid"
        if style != "grid":
            _bar(table, section["heading"])
        if style == "one":
            for text in prompts:
                _whole(table).text = text
        for field in section["fields"]:
            _row(table, section, field, answers)
        document.add_paragraph()
    document.save(out)


def _row(table: Any, section: Section, field: dict[str, str], answers: dict[str, str]) -> None:
    said = answers.get(field["key"], "")
    if field["kind"] == "yes_no":
        said = "  ".join(f"{'☐☒'[said == word]} {word.title()}" for word in ("yes", "no"))
    if len(section["fields"]) == 1:
        _whole(table).text = said
        return
    label, place = table.add_row().cells
    label.text, place.text = field["label"], said
    _shade(label, "DDE6F0")


def _bar(table: Any, heading: str) -> None:
    cell = _whole(table)
    run = cell.paragraphs[0].add_run(heading)
    run.bold = True
    run.font.color.rgb = RGBColor(255, 255, 255)
    _shade(cell, "1D3557")


def _whole(table: Any) -> Any:
    left, right = table.add_row().cells
    return left.merge(right)


def _shade(cell: Any, colour: str) -> None:
    shade = OxmlElement("w:shd")
    shade.set(qn("w:val"), "clear")
    shade.set(qn("w:color"), "auto")
    shade.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shade)


if __name__ == "__main__":
    main(*sys.argv[1:])
