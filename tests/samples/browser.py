"""The form as a web page, for a browser to print: `python -m tests.samples.browser FOLDER`.

Chromium prints each page that this writes with
`chromium --headless --no-pdf-header-footer --print-to-pdf=NAME.pdf NAME.html`; `browser-inputs`
with header and footer, from a web server (`python -m http.server`). qpdf or pikepdf with object
streams makes the files smaller. A browser's files differ at every run, so those among the golden
documents were made once.
"""

from __future__ import annotations

import html
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from tests.samples import people
from tests.samples.table import spec

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from parsers.formspec import Field, Section

_STYLES = {
    "border": (
        "body{font:11px Arial} table{border-collapse:collapse;width:100%} "
        "td{border:1px solid #444;padding:4px;vertical-align:top} .label{width:35%;"
        "background:#eef} h2{font-size:13px;background:#246;color:#fff;padding:3px}"
    ),
    "noborder": (
        "body{font:12px serif} table{width:100%} td{padding:5px;vertical-align:top} "
        ".label{width:40%;font-weight:bold} h2{font-size:14px}"
    ),
    "inputs": (
        "*{font:11px Arial} section{display:grid;grid-template-columns:1fr 1fr;gap:6px} "
        ".wide{grid-column:1/3} input[type=text],textarea{width:100%;box-sizing:border-box} "
        "h2{background:#246;color:#fff;padding:3px}"
    ),
}
PAGES: dict[str, tuple[Mapping[str, str], str]] = {
    "browser-border": (people.ADULT, "border"),
    "browser-doubtful": (people.DOUBTFUL, "border"),
    "browser-blank": ({}, "border"),
    "browser-noborder": (people.CHILD, "noborder"),
    "browser-inputs": (people.ADULT, "inputs"),
}


def page(answers: Mapping[str, str], style: str) -> str:
    """One HTML page: a heading, a lead, its prompts and a table for each section."""
    parts = [f"<meta charset=utf-8><style>{_STYLES[style]}</style>"]
    parts.append(f"<h1>{html.escape(spec().titles[0])}</h1>")
    for section in spec().sections:
        parts += (_inputs if style == "inputs" else _section)(section, answers)
    return "".join(parts)


def _section(section: Section, answers: Mapping[str, str]) -> Iterator[str]:
    yield f"<h2>{html.escape(section.heading)}</h2>"
    if section.lead is not None:
        yield f"<p><b>{html.escape(section.lead)}</b></p>"
    yield "<ul>" + "".join(f"<li>{html.escape(each)}</li>" for each in section.prompts) + "</ul>"
    yield "<table>"
    for field in section.fields:
        alone = len(section.fields) == 1
        label = "" if alone else f"<td class=label>{html.escape(field.label)}</td>"
        yield f"<tr>{label}<td>{_answer(field, answers)}</td></tr>"
    yield "</table>"


def _inputs(section: Section, answers: Mapping[str, str]) -> Iterator[str]:
    """The fields of a web form, as the browser draws them; each label above its field."""
    yield f"<h2>{html.escape(section.heading)}</h2><section>"
    for field in section.fields:
        given = html.escape(answers.get(field.key, ""))
        label = html.escape(field.label) if len(section.fields) > 1 else ""
        if field.kind == "yes_no":
            place = " ".join(
                f"<input type=radio {'checked' * (given == each)}> {each.title()} &nbsp;"
                for each in ("yes", "no")
            )
        elif field.kind == "lines":
            place = f"<textarea rows={3 + given.count(chr(10)) * 2}>{given}</textarea>"
        else:
            place = f'<input type=text value="{given}">'
        wide = " class=wide" if field.kind in ("lines", "yes_no") else ""
        yield f"<div{wide}>{label}<br>{place}</div>"
    yield "</section>"


def _answer(field: Field, answers: Mapping[str, str]) -> str:
    given = answers.get(field.key, "")
    if field.kind != "yes_no":
        return html.escape(given).replace("\n", "<br>") or "&nbsp;"
    boxes = [
        ("☒" if given in (each, "conflict") else "☐") + f" {each.title()}" for each in ("yes", "no")
    ]
    return "&nbsp;&nbsp;".join(boxes)


if __name__ == "__main__":
    for name, (answers, style) in PAGES.items():
        (Path(sys.argv[1]) / f"{name}.html").write_text(page(answers, style), encoding="utf-8")
