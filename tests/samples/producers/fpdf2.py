"""The form as fpdf2 prints it: `python fpdf2.py ANSWERS.json OUT.pdf FONT.ttf table|boxes`."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from fpdf import FPDF  # type: ignore[import-untyped] # lives in an environment of its own

Section = dict[str, Any]
_NEXT = {"new_x": "LMARGIN", "new_y": "NEXT"}


class _Form(FPDF):  # type: ignore[misc] # unknown here
    def header(self) -> None:
        self.set_font("D", size=7)
        self.cell(0, 5, "OFFICIAL-SENSITIVE when complete", align="C")
        self.ln(8)

    def footer(self) -> None:
        self.set_y(-12)
        self.set_font("D", size=7)
        self.cell(0, 5, f"Page {self.page_no()} of {{nb}}", align="R")


def main(answers_path: str, out: str, font: str, style: str) -> None:
    answers = json.loads(Path(answers_path).read_text(encoding="utf-8"))
    form = json.loads(Path("form.json").read_text(encoding="utf-8"))
    page = _Form()
    page.add_font("D", fname=font)
    page.add_page()
    page.set_font("D", size=16)
    page.multi_cell(0, 8, form["title"], **_NEXT)
    for number, section in enumerate(form["sections"], start=1):
        page.ln(3)
        page.set_font("D", size=11)
        page.set_fill_color(29, 53, 87)
        page.set_text_color(255, 255, 255)
        page.cell(0, 8, f"{number}. {section['heading']}", fill=True, **_NEXT)
        page.set_text_color(0, 0, 0)
        page.set_font("D", size=8)
        for text in (section["lead"], *section["prompts"]):
            if text:
                page.multi_cell(0, 4, text, **_NEXT)
        page.set_font("D", size=9)
        if style == "table" and len(section["fields"]) > 1:
            _table(page, section, answers)
        else:
            _boxes(page, section, answers)
    page.output(out)


def _table(page: Any, section: Section, answers: dict[str, str]) -> None:
    with page.table(col_widths=(40, 60), first_row_as_headings=False, text_align="LEFT") as table:
        for field in section["fields"]:
            said = answers.get(field["key"], "")
            if field["kind"] == "yes_no":
                said = "   ".join(
                    f"[{'X' if said == word else ' '}] {word.title()}" for word in ("yes", "no")
                )
            row = table.row()
            row.cell(field["label"])
            row.cell(said)


def _boxes(page: Any, section: Section, answers: dict[str, str]) -> None:
    for field in section["fields"]:
        said = answers.get(field["key"], "")
        if field["kind"] == "yes_no":
            said = said.title()
        if len(section["fields"]) > 1:
            page.set_font("D", size=8)
            page.set_text_color(90, 90, 90)
            page.multi_cell(0, 5, field["label"], **_NEXT)
            page.set_text_color(0, 0, 0)
            page.set_font("D", size=10)
        page.multi_cell(0, 6, said or " ", border=1, **_NEXT)


if __name__ == "__main__":
    main(*sys.argv[1:])
