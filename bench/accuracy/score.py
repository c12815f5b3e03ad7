"""What of one document came out right, wrong, marked as doubtful, invented or dropped."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rapidfuzz.distance import Levenshtein

from parsers import values
from parsers.model import Method
from tests.samples.reading import SPECS, TODAY

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bench.accuracy.kinds import Document
    from parsers.formspec import Field
    from parsers.model import ExtractedForm, Extraction, FieldValue

_SURE = 0.9
_SHAPES = str.maketrans("\u2018\u2019\u201c\u201d\u2013\u2014", "''\"\"--")
_BIRTH = "individual.date_of_birth"
_FIELDS = {each.key: each for spec in SPECS for section in spec.sections for each in section.fields}


@dataclass(kw_only=True, slots=True)
class Score:
    """Counts over documents of one kind. `fields` are the answers written into those that were
    read; a document from which no form was read counts only in `unread`, by its reason.

    `marked` are wrong values with a mark of their own: a warning that names the field, a confidence
    below 0.9, or no `value` where only `raw` is told. `silent` are wrong without such a mark, even
    if the whole form is told as doubtful; `in_doubt` says in how many of them it is. `invented`:
    a value where nothing was written; `dropped`: nothing where something was, of which `missed` in
    a document told as read in full and without a warning that names the field.
    """

    documents: int = 0
    fields: int = 0
    exact: int = 0
    marked: int = 0
    silent: int = 0
    in_doubt: int = 0
    invented: int = 0
    dropped: int = 0
    missed: int = 0
    letters: int = 0
    errors: int = 0
    unread: dict[str, int] = field(default_factory=dict)
    told: list[str] = field(default_factory=list)

    def add(self, document: Document, read: Extraction) -> None:
        """Count one document more. A blank one that is told as blank adds nothing wrong."""
        self.documents += 1
        if not read.forms:
            if document.forms:
                reason = str(read.reason)
                self.unread[reason] = self.unread.get(reason, 0) + 1
            return
        forms = list(read.forms)
        for number, asked in enumerate(document.forms or ({},)):
            form = forms[number] if number < len(forms) else None
            self._form(document, form, asked, full=read.reason is None)

    def _form(
        self,
        document: Document,
        form: ExtractedForm | None,
        asked: Mapping[str, str],
        *,
        full: bool,
    ) -> None:
        found = {} if form is None else form.fields
        named = set() if form is None else {each.field for each in form.warnings}
        for key, text in asked.items():
            if not text.strip() or key not in _FIELDS:
                continue
            self.fields += 1
            answer = found.get(key)
            if answer is None:
                self.dropped += 1
                if full and key not in named:
                    self.missed += 1
                    self.told.append(f"{document.name}: missed {key}: {text!r}")
                continue
            self._measure(_FIELDS[key], answer, text)
            if right(_FIELDS[key], answer, text, flowed=document.flowed):
                self.exact += 1
            elif key in named or answer.confidence < _SURE or answer.value is None:
                self.marked += 1
            else:
                self.silent += 1
                self.in_doubt += not full
                self.told.append(f"{document.name}: silent {key}: {answer.raw!r} for {text!r}")
        for key, answer in found.items():
            if not asked.get(key, "").strip():
                self.invented += 1
                self.told.append(f"{document.name}: invented {key}: {answer.raw!r}")

    def _measure(self, asked: Field, answer: FieldValue, text: str) -> None:
        if asked.kind != "yes_no":
            wanted = " ".join(text.split())
            self.letters += len(wanted)
            self.errors += Levenshtein.distance(" ".join(answer.raw.split()), wanted)

    @property
    def error_rate(self) -> float:
        """Letters put in, left out or changed, per letter written, over the values read."""
        return self.errors / self.letters if self.letters else 0.0


def right(asked: Field, answer: FieldValue, text: str, *, flowed: bool) -> bool:
    """Whether an answer is what was written: to the letter where the document stores the text; with
    blanks and line ends as one where it is `flowed` over lines, which may end at a hyphen. Read
    from pixels, a curly quotation mark counts as a straight one and any dash as a hyphen; and of
    dates, phones and emails only the value counts, since nothing else of them is carried on.
    """
    if asked.kind == "yes_no":
        return answer.value == text
    value = values.read(asked.kind, text, born=asked.key == _BIRTH, today=TODAY).value
    if answer.method is Method.OCR:
        if asked.kind in ("date", "phones", "emails") and value is not None:
            return answer.value == value
        return _flat(answer.raw.translate(_SHAPES)) == _flat(text.translate(_SHAPES))
    if flowed:
        raw = answer.raw.replace("-\n", "-")
        return _flat(raw) == _flat(text) and _flat(answer.value) == _flat(value)
    return answer.raw == text and answer.value == value


def _flat(text: str | list[str] | None) -> list[str] | None:
    if isinstance(text, list):
        return [" ".join(each.split()) for each in text]
    return None if text is None else text.split()
