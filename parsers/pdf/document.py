"""One PDF document: which forms it holds, and what they say."""

from __future__ import annotations

import io
from contextlib import closing
from dataclasses import replace
from itertools import chain
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException
from pypdfium2 import raw

from parsers.docx import document as word
from parsers.model import A_PICTURE, FROM_A_PICTURE, ExtractedForm, Reason
from parsers.pdf import attachments, flat, foreign, form, painted, tips, widgets, words, xfa
from parsers.pdf.geometry import overlaps, rounded, within
from parsers.pdf.ink import Inks
from parsers.pdf.lines import Run, runs_of
from parsers.pdf.objects import File
from parsers.pdf.opened import Opened
from parsers.pdf.parts import parts_of
from parsers.pdf.pictured import is_picture, pictured
from parsers.sniff import DOCX
from parsers.unreadable import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from pdfplumber.pdf import PDF

    from parsers.formspec import FormSpec
    from parsers.ocr.page import Page
    from parsers.ocr.scans import Scans
    from parsers.ocr.sheet import Sheet
    from parsers.pdf.parts import Part, Stretch
    from parsers.pdf.slots import Slot
    from parsers.pdf.view import View
    from parsers.pdf.words import Word

_PAGES = 40
_END, _TAIL = b"%%EOF", 1024
_PLEASE_WAIT = ("pleasewait", "adobereader")
_FEW_LETTERS = 40
"""A page with an image and fewer letters than this is a picture of a page."""
_CLEAR, _ENOUGH = 0.8, 150
"""Letters of such a confidence on a page that is no form."""
_SOMEBODY_ELSES = 0.5
"""The confidence of letters that another program read from a picture, and laid unseen over it."""


def read(
    content: bytes, specs: Sequence[FormSpec], today: date, scans: Scans | None = None
) -> list[ExtractedForm]:
    """The forms in a PDF, at least one; UnreadableError when there is none that holds an answer, or
    the file can't be read. Pages after the 40th are not looked at; the files inside only when the
    pages hold no form, and not the files inside of those. With `scans`, pages that are pictures are
    read too.
    """

    def whole(content: bytes, specs: Sequence[FormSpec], today: date) -> list[ExtractedForm]:
        return _read(content, specs, today, scans)

    return _read(content, specs, today, scans, {"application/pdf": whole, DOCX: word.read})


def _read(
    content: bytes,
    specs: Sequence[FormSpec],
    today: date,
    scans: Scans | None,
    inside: Mapping[str, attachments.Read] | None = None,
) -> list[ExtractedForm]:
    try:
        document = pdfium.PdfDocument(content)
    except pdfium.PdfiumError as error:
        locked = "password" in str(error).lower()
        raise UnreadableError(Reason.PASSWORD if locked else Reason.DAMAGED) from None
    with closing(document):
        if len(document) == 0:
            raise UnreadableError(Reason.DAMAGED)
        with closing(_opened(content, document)) as pdf:
            whole = _END in content[-_TAIL:]
            try:
                forms = _Reading(document, pdf, specs, today, scans, whole=whole).forms()
            except UnreadableError as why:
                return _elsewhere(pdf, why, specs, today, inside or {})
            return xfa.compared(pdf, forms, specs, today)


def _elsewhere(
    pdf: PDF,
    why: UnreadableError,
    specs: Sequence[FormSpec],
    today: date,
    inside: Mapping[str, attachments.Read],
) -> list[ExtractedForm]:
    """The forms of a file whose pages hold none: its XFA data's, else those of the files inside."""
    try:
        return xfa.instead(pdf, why, specs, today)
    except UnreadableError as still:
        return attachments.read(pdf, still, inside, specs, today)


def _opened(content: bytes, document: Any) -> File:
    """The document as pdfplumber sees it. pdfminer can lose every page of a sound file without a
    word (pdfminer.six #493): then it gets the file as PDFium writes it anew.
    """
    for anew in (False, True):
        try:
            pdf = File(io.BytesIO(_rewritten(document) if anew else content))
        except (PdfminerException, PDFPasswordIncorrect):
            continue
        try:
            if len(pdf.pages) == len(document):
                return pdf
        except PdfminerException:
            pass
        pdf.close()
    raise UnreadableError(Reason.DAMAGED)


def _rewritten(document: Any) -> bytes:
    buffer = io.BytesIO()
    document.save(buffer, flags=raw.FPDF_REMOVE_SECURITY)
    return buffer.getvalue()


class _Reading:
    """One open document, as PDFium and as pdfplumber see it."""

    def __init__(
        self,
        document: Any,
        pdf: File,
        specs: Sequence[FormSpec],
        today: date,
        scans: Scans | None,
        *,
        whole: bool,
    ) -> None:
        """`whole`: the file ends as a file should."""
        self._whole = whole
        self._document = document
        self._pdf = pdf
        self._specs = specs
        self._today = today
        self._count = min(len(document), _PAGES)
        self._views: dict[int, View] = {}
        self._scans = scans
        self._scanned: dict[int, Page] = {}
        self._pictures: set[int] = set()
        self._print: dict[int, list[Word]] = {}
        self._paint: dict[int, painted.Painted] = {}
        with closing(Opened(document)) as opened:
            self._sign = foreign.sign_of(opened, pdf, specs, self._count, _PLEASE_WAIT)
            if self._sign is foreign.Sign.FOREIGN:
                many = len(document) > self._count
                raise UnreadableError(Reason.TOO_LARGE if many else Reason.NOT_A_FORM)
            self._look(opened)
        if scans is not None and self._pictures:
            self._scanned = scans.read(document, self._pictures)
        self._inks = Inks(document)

    def _look(self, opened: Opened) -> None:
        """Take the words of every page; of mere print only how it stands, since it is read by what
        is painted.
        """
        for number in range(1, self._count + 1):
            if self._sign is foreign.Sign.PRINT:
                self._views[number], self._print[number] = words.view(opened, number), []
                continue
            self._views[number], self._print[number] = words.seen(opened, number)
            if self._may_be_a_picture(number):
                self._look_at(number)

    @property
    def _words(self) -> Iterable[Word]:
        return chain.from_iterable(self._print.values())

    def forms(self) -> list[ExtractedForm]:
        """Each form, in the order of the pages."""
        if self._sign is foreign.Sign.PRINT:
            runs = self._runs_painted()
            parts = parts_of(self._specs, runs, self._count)
            if parts:
                ghosts = [words for page in self._paint.values() for _, words in page.ghosts]
                return self._all(
                    parts, runs + [Run(tuple(each)) for each in ghosts if each], [], []
                )
            # What PDFium makes of the letters may be more.
            self._sign = foreign.Sign.UNKNOWN
            with closing(Opened(self._document)) as opened:
                self._look(opened)
        runs = self._runs()
        found = widgets.widgets_of(self._pdf, self._views)
        said = {text for spec in self._specs for text in tips.print_of(spec)}
        slots = [slot for slot in found.slots if not tips.is_print(slot, said)]
        runs += tips.runs_in(slot for slot in found.slots if tips.is_print(slot, said))
        parts = parts_of(self._specs, runs, self._count)
        if not parts or any(p.labels.share < p.labels.spec.certain_from for p in parts):
            # A tooltip is looked at only where the print says too little.
            told = runs + tips.tips_of(slots, self._specs, runs)
            parts = parts_of(self._specs, told, self._count)
            runs = told if parts else runs
        if not parts:
            raise UnreadableError(self._why_not(runs))
        return self._all(parts, runs, slots, found.doubts)

    def _runs_painted(self) -> list[Run]:
        """What is painted on all pages, as it is read; nothing when that can't be done."""
        try:
            shown = [self._painting(number) for number in range(1, self._count + 1)]
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - pdfminer fails in ways without number
            return []
        return runs_of(word for page in shown for word in page.words)

    def _all(
        self,
        parts: list[Part],
        runs: list[Run],
        slots: list[Slot],
        more: list[str],
    ) -> list[ExtractedForm]:
        """The form on each part of the pages; `more` are doubts about every one."""
        forms = []
        for number, part in enumerate(parts):
            own = [slot for slot in slots if part.stretch.holds(slot.page, slot.bbox)]
            own += [slot for slot in slots if slot.page == 0 and number == 0]
            doubts = self._doubts(part.stretch.pages) + more
            form_ = self._form(part, runs, own, doubts)
            if form_ is not None:
                forms.append(self._shown(form_))
        if not forms:
            unread = self._pictures.difference(self._scanned) or any(
                page.unread() for page in self._scanned.values()
            )
            raise UnreadableError(Reason.SCANNED if unread else Reason.BLANK_FORM)
        return forms

    def _may_be_a_picture(self, number: int) -> bool:
        """Cheap to tell: hardly a letter, or a large image somewhere."""
        letters = sum(len(word.text) for word in self._print[number])
        return letters < _FEW_LETTERS or pictured(self._pdf.pages[number - 1])

    def _look_at(self, number: int) -> None:
        with closing(self._document[number - 1]) as page, closing(page.get_textpage()) as text:
            picture, unseen = is_picture(page, text, _FEW_LETTERS)
        if picture:
            self._pictures.add(number)
        if unseen:
            self._print[number] = [
                word.of_confidence(_SOMEBODY_ELSES) for word in self._print[number]
            ]

    def _runs(self) -> list[Run]:
        """What is printed; what was recognised in pictures is read twice, now that it is known
        which of it is the form's own.
        """
        for number, page in self._scanned.items():
            self._print[number] = page.painted.words
        runs = runs_of(self._words)
        if not self._scanned or self._scans is None:
            return runs
        parts = parts_of(self._specs, runs, self._count)
        printed = {id_ for part in parts for id_ in flat.printed_words(part.labels)}
        numbers = {number for part in parts for number in part.stretch.pages}
        again = sorted(numbers & set(self._scanned))
        self._scans.again((self._scanned[number], printed) for number in again)
        for number in again:
            self._print[number] = self._scanned[number].painted.words
        pictures = {number: page.marks() for number, page in self._scanned.items()}
        self._inks = Inks(self._document, pictures)
        return runs_of(self._words) if parts else runs

    def _shown(self, read: ExtractedForm) -> ExtractedForm:
        """With the boxes where a viewer shows them: pages were turned until they could be read."""
        return replace(
            read,
            fields={
                key: replace(answer, bbox=rounded(self._seen(answer.page).shown(answer.bbox)))
                if answer.page is not None and answer.bbox is not None
                else answer
                for key, answer in read.fields.items()
            },
        )

    def _seen(self, number: int) -> View | Sheet:
        page = self._scanned.get(number)
        return self._views[number] if page is None else page.sheet

    def _doubts(self, pages: range) -> list[str]:
        """What makes a form on these pages doubtful as a whole."""
        doubts = [] if self._whole else ["file-cut-off"]
        if len(self._document) > self._count:
            doubts.append("pages-not-read")
        if self._pictures.difference(self._scanned) & set(pages):
            doubts.append(A_PICTURE)
        if set(self._scanned) & set(pages):
            doubts.append(FROM_A_PICTURE)
        if any(self._scanned[number].unread() for number in set(pages) & set(self._scanned)):
            doubts.append("writing-not-read")
        return doubts

    def _form(
        self, part: Part, runs: list[Run], slots: list[Slot], doubts: list[str]
    ) -> ExtractedForm | None:
        labels, stretch = part.labels, part.stretch
        if not any(not slot.loose and not slot.hidden for slot in slots):
            shown = self._painted(stretch)
            known = labels if self._sign is foreign.Sign.PRINT else None
            return flat.read(
                labels.spec, shown, slots, self._inks, self._today, doubts=doubts, known=known
            )
        own = [run for run in runs if stretch.holds(run.page, run.bbox)]
        fields = form.Assembly(labels, own, slots)
        drawn = self._drawn(part, fields.bare, slots)
        if drawn:
            typed = [slot for slot in drawn if not slot.tick]
            own = runs_of(
                word
                for run in own
                for word in run.words
                if not any(s.page == word.page and within(word.bbox, s.bbox) for s in typed)
            )
            fields = form.Assembly(labels, own, [*slots, *drawn])
        known_only = {slot.page for slot in slots}
        return fields.form(self._today, doubts=doubts, known_only=known_only)

    def _painted(self, stretch: Stretch) -> list[painted.Painted]:
        try:
            return [self._painting(number).within(stretch.holds) for number in stretch.pages]
        except painted.TooMuchError:
            raise UnreadableError(Reason.TOO_LARGE) from None

    def _painting(self, number: int) -> painted.Painted:
        """What a page shows, each page painted once."""
        if (page := self._scanned.get(number)) is not None:
            return page.painted
        if number not in self._paint:
            shown = painted.painted(self._pdf, number, self._views[number])
            if any(word.confidence < 1 for word in self._print[number]):
                shown.words = [word.of_confidence(_SOMEBODY_ELSES) for word in shown.words]
            self._paint[number] = shown
        return self._paint[number]

    def _drawn(self, part: Part, bare: set[int], slots: list[Slot]) -> list[Slot]:
        """Where some fields of a form are gone (flattened) or never were: what is written there."""
        if not bare:
            return []
        shown = self._painted(part.stretch)
        seen = flat.found_labels(part.labels.spec, [word for page in shown for word in page.words])
        made, _, _ = flat.places(seen, shown, self._inks)
        return [
            slot
            for slot in made
            if slot.page in bare
            and (slot.tick or slot.text.strip())
            and not any(s.page == slot.page and overlaps(s.bbox, slot.bbox) for s in slots)
        ]

    def _why_not(self, runs: list[Run]) -> Reason:
        text = "".join(run.letters for run in runs)
        if all(mark in text for mark in _PLEASE_WAIT):
            return Reason.XFA_ONLY
        if self._pictures and all(run.page in self._pictures for run in runs):
            return Reason.NOT_A_FORM if self._well_read() else Reason.SCANNED
        return Reason.TOO_LARGE if len(self._document) > self._count else Reason.NOT_A_FORM

    def _well_read(self) -> bool:
        """Whether so much could be read of every picture that a form would have been noticed."""
        return self._pictures <= set(self._scanned) and all(
            sum(len(word.text) for word in page.painted.words if word.confidence > _CLEAR)
            >= _ENOUGH
            for page in self._scanned.values()
        )
