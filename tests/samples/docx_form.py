"""Sample referral forms as Word documents, in the ways in which such forms are laid out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.samples import word
from tests.samples.table import captions, spec

if TYPE_CHECKING:
    from collections.abc import Mapping

    from parsers.formspec import Field, Section

BOLD = "<w:b/>"


def tables(
    answers: Mapping[str, str],
    *,
    hints: bool = False,
    extra: str | None = None,
    marks: str = "☐☒",
    version: str = "2018",
) -> bytes:
    """Labels left, answers right, typed into the cells. `marks`: no tick, tick."""
    blocks = [word.paragraph(word.run(spec(version).titles[0], BOLD))]
    for section in spec(version).sections:
        rows: list[tuple[str, ...]] = [(word.cell(word.lines(section.heading, BOLD), span=2),)]
        for field in section.fields:
            if len(section.fields) == 1:
                asked = word.lines("\n".join((section.lead or "", *section.prompts)))
                rows.append((word.cell(asked, span=2),))
                rows.append((word.cell(_typed(answers, field, hints=hints), span=2),))
            elif field.kind == "yes_no":
                said = captions(version, field)
                boxes = _boxes(answers, field, marks, said)
                rows.append((word.cell(word.lines(field.label)), boxes))
            else:
                shown = word.cell(_typed(answers, field, hints=hints))
                rows.append((word.cell(word.lines(field.label)), shown))
        if extra is not None and section.key == "individual":
            rows.append((word.cell(word.lines(extra)), word.cell(word.lines(answers["extra"]))))
        blocks += [word.table(*rows), "<w:p/>"]
    return word.document(*blocks)


def _typed(answers: Mapping[str, str], field: Field, *, hints: bool) -> str:
    text = answers.get(field.key, "")
    if not text and hints and field.hint is not None:
        return word.lines(field.hint, '<w:color w:val="808080"/>')
    return word.lines(text)


def _boxes(answers: Mapping[str, str], field: Field, marks: str, said: tuple[str, str]) -> str:
    given = answers.get(field.key)
    yes, no = (marks[given in (each, "conflict")] for each in ("yes", "no"))
    return word.cell(word.lines(f"{yes} {said[0]}\t{no} {said[1]}"))


def controls(answers: Mapping[str, str], *, version: str = "2018") -> bytes:
    """Content controls: labels above in rows of two, dates and boxes of their own."""
    blocks = [word.paragraph(word.run(spec(version).titles[0], BOLD))]
    for section in spec(version).sections:
        blocks.append(word.paragraph(word.run(section.heading, BOLD)))
        if section.lead is not None:
            blocks.append(word.lines("\n".join((section.lead, *section.prompts))))
        if len(section.fields) == 1:
            blocks.append(_block_control(answers.get(section.fields[0].key, "")))
            continue
        fields = list(section.fields)
        while fields:
            pair = [fields.pop(0)]
            if fields and "yes_no" not in (pair[0].kind, fields[0].kind):
                pair.append(fields.pop(0))
            above = tuple(word.cell(word.lines(f.label, BOLD), span=2 // len(pair)) for f in pair)
            below = tuple(
                word.cell(_control(answers, f, version), span=2 // len(pair)) for f in pair
            )
            blocks.append(word.table(above, below))
    return word.document(*blocks)


def _block_control(text: str) -> str:
    if text:
        return word.control(word.lines(text))
    shown = word.lines("Click or tap here to enter text.", word.PLACEHOLDER)
    return word.control(shown, empty=True)


def _control(answers: Mapping[str, str], field: Field, version: str) -> str:
    text = answers.get(field.key, "")
    if field.kind == "yes_no":
        yes, no = (word.box(on=text in (each, "conflict")) for each in ("yes", "no"))
        said = captions(version, field)
        return word.paragraph(word.run(f"{said[0]} "), yes, word.run(f"   {said[1]} "), no)
    if field.kind == "lines":
        return _block_control(text)
    about = "<w:date/>" if field.kind == "date" else "<w:text w:multiLine='1'/>"
    if not text:
        asked = word.run("Write here whatever is known", word.PLACEHOLDER)
        return word.paragraph(word.control(asked, about=about, empty=True))
    return word.paragraph(word.control(word.run(text), about=about))


def legacy(answers: Mapping[str, str]) -> bytes:
    """Form fields of the older kind, beside their labels in paragraphs."""
    blocks = [word.paragraph(word.run(spec().titles[0], BOLD))]
    for section in spec().sections:
        blocks.append(word.paragraph(word.run(section.heading, BOLD)))
        blocks += _legacy_section(answers, section)
    return word.document(*blocks)


def _legacy_section(answers: Mapping[str, str], section: Section) -> list[str]:
    made = []
    for field in section.fields:
        text = answers.get(field.key, "")
        inner: tuple[str, ...]
        if field.kind == "yes_no":
            yes, no = (word.legacy_box(on=text in (each, "conflict")) for each in ("yes", "no"))
            inner = (word.run(f"{field.label}\t"), yes, word.run(" Yes "), no, word.run(" No"))
        elif len(section.fields) == 1:
            inner = (word.legacy_text(text),)
        else:
            inner = (word.run(f"{field.label}: "), word.legacy_text(text))
        made.append(word.paragraph(*inner))
    return made


def plain(answers: Mapping[str, str], *, version: str = "2018") -> bytes:
    """The form without tables or fields: answers in the paragraphs after their labels."""
    blocks = [word.paragraph(word.run(spec(version).titles[0], BOLD))]
    for section in spec(version).sections:
        blocks.append(word.paragraph(word.run(section.heading, BOLD)))
        for field in section.fields:
            text = answers.get(field.key, "")
            if field.kind == "yes_no":
                struck = {"yes": 1, "no": 0}.get(text)
                either = [
                    word.run(each, "<w:strike/>" if number == struck else "")
                    for number, each in enumerate(captions(version, field))
                ]
                asked = word.run(f"{field.label} ")
                blocks.append(word.paragraph(asked, either[0], word.run(" / "), either[1]))
            elif len(section.fields) == 1:
                blocks.append(word.lines(text))
            elif field.kind == "lines":
                blocks += [word.lines(field.label), word.lines(text)]
            else:
                blocks.append(word.lines(f"{field.label}: {text}"))
    return word.document(*blocks)
