"""The form for pdfTeX and hyperref: `python -m tests.samples.producers.latex form.tex`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.samples.table import spec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.formspec import Field

_TOP = r"""\documentclass[10pt,a4paper]{article}
\usepackage[T1]{fontenc}\usepackage[margin=2cm]{geometry}\usepackage{hyperref}
\parindent0pt\pagestyle{plain}
\renewcommand\LayoutTextField[2]{#1\ #2}
\renewcommand\LayoutCheckField[2]{#2\ #1}
\begin{document}\begin{Form}"""


def lines() -> Iterator[str]:
    """The source, line by line."""
    yield _TOP
    yield rf"{{\Large\bfseries {spec().titles[0]}}}"
    number = 0
    for section in spec().sections:
        yield rf"\section*{{{_escaped(section.heading)}}}"
        if section.lead is not None:
            yield _escaped(section.lead) + r"\par"
        if section.prompts:
            items = "".join(rf"\item {_escaped(each)}" for each in section.prompts)
            yield rf"\begin{{itemize}}{items}\end{{itemize}}"
        for field in section.fields:
            number += 1
            yield _field(field, number, alone=len(section.fields) == 1)
    yield r"\end{Form}\end{document}"


def _field(field: Field, number: int, *, alone: bool) -> str:
    label = _escaped(field.label)
    if field.kind == "yes_no":
        boxes = rf"\CheckBox[name=q{number}y]{{Yes}}\quad \CheckBox[name=q{number}n]{{No}}"
        return rf"{label}\par {boxes}\par\medskip"
    if alone:
        return rf"\TextField[name=t{number},multiline=true,width=16cm,height=3cm]{{}}\par"
    if field.kind == "lines":
        box = rf"\TextField[name=t{number},multiline=true,width=16cm,height=1.2cm]{{}}"
        return rf"{label}:\par{box}\par\medskip"
    box = rf"\TextField[name=t{number},width=9cm]{{}}"
    return rf"\makebox[7cm][l]{{{label}:}}{box}\par\medskip"


def _escaped(text: str) -> str:
    return text.replace("&", r"\&").replace("_", r"\_").replace("%", r"\%")


if __name__ == "__main__":
    Path(sys.argv[1]).write_text("\n".join(lines()), encoding="utf-8")
