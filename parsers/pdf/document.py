"""One PDF document: which forms it holds, and what they say."""

from __future__ import annotations

import io
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pdfplumber
import pypdfium2 as pdfium
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from parsers import labels as wordings
from parsers.model import ExtractedForm, Reason
from parsers.pdf import flat, form, painted, widgets, words
from parsers.pdf.lines import Run, runs_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date

    from pdfplumber.pdf import PDF

    from parsers.formspec import FormSpec
    from parsers.labels import Labels
    from parsers.pdf.slots import Slot

_PAGES = 40
_PLEASE_WAIT = ("pleasewait", "adobereader")
_FEW_LETTERS = 40
"""A page with an image and fewer letters than this is a picture of a page."""


class UnreadableError(Exception):
    """The document was not read: `reason` says why."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason.value)
        self.reason = reason


def read(content: bytes, specs: Sequence[FormSpec], today: date) -> list[ExtractedForm]:
    """The forms in a PDF, at least one; UnreadableError when there is none that holds an answer, or
    the file can't be read. Pages after the 40th are not looked at.
    """
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise UnreadableError(Reason.PASSWORD if locked else Reason.DAMAGED) from None
    with closing(document):
        if len(document) == 0:
            raise UnreadableError(Reason.DAMAGED)
        try:
            with pdfplumber.open(io.BytesIO(content)) as pdf:
                # pdfminer can lose every page of a file without a word (pdfminer.six #493).
                if len(pdf.pages) != len(document):
                    raise UnreadableError(Reason.DAMAGED)
                return _Reading(document, pdf, specs, today).forms()
        except (PdfminerException, PDFPasswordIncorrect):
            raise UnreadableError(Reason.DAMAGED) from None


class _Reading:
    """One open document, as PDFium and as pdfplumber see it."""

    def __init__(self, document: Any, pdf: PDF, specs: Sequence[FormSpec], today: date) -> None:
        self._document = document
        self._pdf = pdf
        self._specs = specs
        self._today = today
        self._count = min(len(document), _PAGES)

    def forms(self) -> list[ExtractedForm]:
        """Each form, in the order of the pages."""
        runs = runs_of(
            word
            for number in range(1, self._count + 1)
            for word in words.words_of(self._document, number)
        )
        parts = _parts(self._specs, runs)
        if not parts:
            raise UnreadableError(self._why_not(runs))
        slots = widgets.slots_of(self._pdf)
        found = [each for part in parts if (each := self._form(part, runs, slots)) is not None]
        if not found:
            raise UnreadableError(Reason.BLANK_FORM)
        return found

    def _form(
        self, part: tuple[Labels, range], runs: list[Run], slots: list[Slot]
    ) -> ExtractedForm | None:
        labels, pages = part
        here = [slot for slot in slots if slot.page in pages]
        if any(not slot.loose for slot in here):
            own = [run for run in runs if run.page in pages]
            return form.assemble(labels, own, here, self._today, pages=pages)
        try:
            shown = [painted.painted(self._pdf.pages[number - 1], number) for number in pages]
        except painted.TooMuchError:
            raise UnreadableError(Reason.TOO_LARGE) from None
        return flat.read(labels.spec, shown, here, self._document, self._today, pages=pages)

    def _why_not(self, runs: list[Run]) -> Reason:
        text = "".join(run.letters for run in runs)
        if all(mark in text for mark in _PLEASE_WAIT):
            return Reason.XFA_ONLY
        pictures = {
            number
            for number, page in enumerate(self._pdf.pages[: self._count], start=1)
            if page.images
        }
        letters = dict.fromkeys(pictures, 0)
        for run in runs:
            if run.page in letters:
                letters[run.page] += len(run.letters)
        if pictures and all(count < _FEW_LETTERS for count in letters.values()):
            return Reason.SCANNED
        return Reason.NOT_A_FORM


def _parts(specs: Sequence[FormSpec], runs: list[Run]) -> list[tuple[Labels, range]]:
    """Each form's labels and pages. A form begins where the first section's heading stands."""
    whole = _best(specs, runs)
    if whole is None:
        return []
    last = max(run.page for run in runs)
    starts = sorted({p.page for p in wordings.places(whole.spec.sections[0], runs)})
    if len(starts) < 2:  # noqa: PLR2004 - one form
        return [(whole, range(1, last + 1))]
    parts = []
    for number, start in enumerate(starts):
        first = 1 if number == 0 else start
        end = starts[number + 1] if number + 1 < len(starts) else last + 1
        pages = range(first, end)
        labels = _best(specs, [run for run in runs if run.page in pages])
        if labels is not None:
            parts.append((labels, pages))
    return parts if len(parts) > 1 else [(whole, range(1, last + 1))]


def _best(specs: Sequence[FormSpec], runs: list[Run]) -> Labels | None:
    found = max((wordings.find(spec, runs) for spec in specs), key=lambda each: each.share)
    return found if found.share >= found.spec.recognised_from else None
