"""Collects what was read of one form: fields, what is unrecognised, and the doubts."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Protocol

from parsers import values
from parsers.linear.choice import chosen
from parsers.linear.pieces import Piece
from parsers.model import (
    ExtractedForm,
    FieldValue,
    Method,
    Readability,
    Unrecognised,
    Warning_,
)
from parsers.normal import normal
from parsers.printed import alike

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    from parsers.formspec import Field, FormSpec, Section
    from parsers.pdf.owners import Owner
    from parsers.pdf.slots import Slot
    from parsers.yes_no import YesNo

_BIRTH = "individual.date_of_birth"
_DETAIL = 200


class Found(Protocol):
    """What was recognised of a form: the fields whose labels are on it, the share of them, and the
    first and the last page.
    """

    @property
    def spec(self) -> FormSpec:
        """The version of the form."""

    @property
    def fields(self) -> Collection[str]:
        """The keys of the fields whose labels were found."""

    @property
    def share(self) -> float:
        """Their share of all fields."""

    @property
    def span(self) -> tuple[int, int]:
        """The first and the last page, from 1."""


class Answers:
    """The answers of one form, in the order in which they are met.

    A form is `partial` when a value is doubtful, or when the label of an asked answer is not on it,
    or a whole section: a page may be missing.
    A date that may be read in two ways was read, only not understood: it keeps its raw text and a
    warning, and the form stays `full`. So does a form with both boxes ticked: that is what it says.
    """

    def __init__(self, labels: Found, today: date) -> None:
        self._labels = labels
        self._today = today
        self._texts: dict[str, list[tuple[Slot, str]]] = {}
        self._ticks: dict[str, list[tuple[str, Slot]]] = {}
        self._unrecognised: list[Unrecognised] = []
        self._warnings: list[Warning_] = []
        self._doubtful = False
        self._typed = False
        placeholders = (*labels.spec.placeholders, *_hints(labels))
        self._empty = {normal(each) for each in placeholders}

    def text(self, owner: Owner, slot: Slot) -> None:
        """What stands in a place for text; nothing when it is empty or only a hint."""
        if not slot.text.strip() or self._is_hint(slot, owner):
            return
        field = owner.field
        if slot.flaw:
            self.doubt(slot.flaw, field, "")
        if owner.continued and owner.section is not None:
            lost = [key for key in owner.section.keys if key not in self._labels.fields]
            if lost:
                self.doubt("box-without-label", field, "")
        if field is not None:
            self._texts.setdefault(field.key, []).append((slot, owner.after))
        elif not slot.on_paper or slot.loose or owner.label or owner.section:
            self._leave(owner.section, owner.label or slot.tooltip, slot.text, slot)

    def tick(self, field: Field, answer: str, slot: Slot) -> None:
        """A box beside `yes` or `no`, ticked or not."""
        if not slot.sure:
            self.doubt("tick-uncertain", field, slot.claimed or answer)
        if slot.on:
            self._ticks.setdefault(field.key, []).append((answer, slot))

    def stray(self, section: Section | None, label: str, caption: str, slot: Slot) -> None:
        """A ticked box that answers no question that is known: one that nothing names may be the
        answer to any of them.
        """
        if not label:
            self.doubt("tick-without-question", None, caption)
        self._leave(section, label, caption or "ticked", slot)

    def neither(self, field: Field, caption: str, slot: Slot) -> None:
        """A ticked box beside those for yes and no, which says something else."""
        self.doubt("yes-no-unclear", field, caption[:_DETAIL])
        section = next(s for s in self._labels.spec.sections if field.key in s.keys)
        self._leave(section, field.label, caption, slot)

    def hidden(self, slot: Slot) -> None:
        """A field that nobody sees: what it says belongs to no label, but is not dropped."""
        said = (slot.state or "ticked") if slot.tick and slot.on else slot.text
        if said.strip() and normal(said) not in self._empty:
            self._warn("hidden-field", None, (slot.tooltip or slot.name)[:_DETAIL])
            self._leave(None, slot.tooltip or slot.name, said, slot)

    def unplaced(self, field: Field) -> None:
        """A label was printed, but no place for its answer found: no box or word, if it is a yes/no
        question.
        """
        if field.key not in self._ticks and field.key not in self._texts:
            code = "yes-no-not-found" if field.kind == "yes_no" else "place-not-found"
            self.doubt(code, field, "")

    def doubt(self, code: str, field: Field | None, detail: str) -> None:
        """Something that makes a value, or the whole form, doubtful."""
        self._doubtful = True
        self._warn(code, None if field is None else field.key, detail)

    def note(self, code: str, detail: str) -> None:
        """Something that a person should know of the form, and that makes nothing doubtful."""
        self._warn(code, None, detail)

    def form(self) -> ExtractedForm | None:
        """Everything, as one form; None when nothing is answered."""
        fields = {}
        for section in self._labels.spec.sections:
            for field in section.fields:
                if (value := self._value(field)) is not None:
                    fields[field.key] = value
                if field.key not in self._labels.fields:
                    self._not_found(field)
            self._doubtful |= not any(key in self._labels.fields for key in section.keys)
        if not fields and not self._typed:
            return None
        certain = self._labels.share >= self._labels.spec.certain_from
        return ExtractedForm(
            version=self._labels.spec.version if certain else "unknown",
            pages=self._labels.span,
            fields=fields,
            readability=Readability.PARTIAL if self._doubtful else Readability.FULL,
            unrecognised=self._unrecognised,
            warnings=self._warnings,
        )

    def _not_found(self, field: Field) -> None:
        self._warn("label-not-found", field.key, field.label)
        # What stands under an unknown label of the section may be the answer.
        heading = next(s.heading for s in self._labels.spec.sections if field.key in s.keys)
        near = any(each.section in (heading, None) for each in self._unrecognised)
        self._doubtful = self._doubtful or field.asked or near

    def _value(self, field: Field) -> FieldValue | None:
        parts = self._texts.get(field.key, [])
        if field.kind == "yes_no":
            return self._yes_no(field, parts)
        if not parts:
            return None
        raw, text = parts[0][0].raw, parts[0][0].text
        for slot, joint in parts[1:]:
            raw += joint + slot.raw
            text += joint + slot.text
        read = values.read(field.kind, text, born=field.key == _BIRTH, today=self._today)
        if read.doubt is not None:
            self._warn(read.doubt, field.key, text.strip()[:_DETAIL])
        return _field_value(read.value, raw, _around([slot for slot, _ in parts]))

    def _yes_no(self, field: Field, parts: list[tuple[Slot, str]]) -> FieldValue | None:
        given = [*self._ticks.get(field.key, ())]
        said = self._labels.spec.yes_no
        parts = [(slot, joint) for slot, joint in parts if not _is_unticked(slot.text, said)]
        for slot, _ in parts:
            answer = said.answer(slot.text)
            choice = chosen([Piece(text=slot.text)], said)
            if answer is None and choice.sure and not choice.left and choice.ticked:
                given += [(each, slot) for each in choice.ticked]
                continue
            if answer is None:
                self.doubt("yes-no-unclear", field, slot.text.strip()[:_DETAIL])
                return _field_value(None, slot.raw, slot)
            given.append((answer, slot))
        if not given:
            return None
        answers = sorted({answer for answer, _ in given})
        if len(answers) > 1:
            self._warn("yes-no-conflict", field.key, "/".join(answers))
        typed = "\n".join(slot.raw for slot, _ in parts)
        raw = typed or "/".join(answers)
        if len(answers) == 1:
            return _field_value(answers[0], raw, given[0][1])
        return _field_value("conflict", raw, _around([slot for _, slot in given]))

    def _is_hint(self, slot: Slot, owner: Owner) -> bool:
        letters = normal(slot.text)
        hint = None if owner.field is None else owner.field.hint
        if letters in self._empty or (hint is not None and letters == normal(hint)):
            return True
        # A hint that was recognised in a picture may have a slip, as a label may.
        return (
            owner.field is not None
            and slot.method is Method.OCR
            and any(alike(letters, each) for each in (*self._empty, normal(hint or "")))
        )

    def _leave(self, section: Section | None, label: str, text: str, slot: Slot) -> None:
        # What merely stands in some box of a page, or loose in a text, may be part of the form.
        self._typed |= slot.method is Method.ACROFORM or (not slot.on_paper and not slot.loose)
        if not label.strip():
            self._doubtful = True  # it may be any question's answer
        self._unrecognised.append(
            Unrecognised(
                section=None if section is None else section.heading,
                label=label.strip(),
                value=text.strip(),
                page=slot.page or None,
            )
        )

    def _warn(self, code: str, key: str | None, detail: str) -> None:
        self._warnings.append(Warning_(code=code, field=key, detail=detail))


def _hints(labels: Found) -> list[str]:
    return [f.hint for s in labels.spec.sections for f in s.fields if f.hint is not None]


def _is_unticked(text: str, said: YesNo) -> bool:
    """Whether it is two boxes made of brackets, with nothing in them; a word beside each, or none.
    A single word beside them may be the answer.
    """
    words = len(re.findall(said.pattern, text, re.IGNORECASE))
    return words in (0, 2) and _unticked(said).fullmatch(text) is not None


@cache
def _unticked(said: YesNo) -> re.Pattern[str]:
    word = rf"(?:{said.pattern})?"
    box = rf"{word}\s*[\[(]\s*[\])]\s*{word}[\s/,|]*"
    return re.compile(rf"[\s/,|]*(?:{box}){{2}}", re.IGNORECASE)


def _around(slots: Sequence[Slot]) -> Slot:
    """The first place, its box around those that are on its page."""
    first = slots[0]
    if len(slots) == 1:
        return first
    boxes = [slot.reach or slot.bbox for slot in slots if slot.page == first.page]
    x0, top, x1, bottom = zip(*boxes, strict=True)
    return replace(first, reach=(min(x0), min(top), max(x1), max(bottom)))


def _field_value(value: str | list[str] | None, raw: str, slot: Slot) -> FieldValue:
    return FieldValue(
        value=value,
        raw=raw,
        method=slot.method,
        page=slot.page or None,
        bbox=(slot.reach or slot.bbox) if slot.page else None,
        confidence=slot.confidence,
    )
