"""The golden documents: how each is made, and what was written into it."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING

import pikepdf
from reportlab.lib.utils import simpleSplit

from tests.samples import columns, docx_form, either, form, people, reportlab_form, word, xfa_form
from tests.samples.page import sheet
from tests.samples.portfolio import embedded
from tests.samples.reading import SPECS

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


@dataclass(frozen=True, kw_only=True, slots=True)
class Sample:
    """`make` gives the same bytes at every run, unless `random`. `forms` are the answers of each
    form in it; `doubts` the warnings' codes.
    """

    make: Callable[[], bytes]
    forms: tuple[Mapping[str, str], ...] = ()
    readability: str = "full"
    reason: str | None = None
    unrecognised: tuple[tuple[str, str], ...] = ()
    doubts: frozenset[str] = field(default_factory=frozenset)
    random: bool = False
    version: str = "2018"
    suffix: str = ".pdf"


def _saved(pdf: pikepdf.Pdf) -> bytes:
    buffer = io.BytesIO()
    pdf.save(buffer, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return buffer.getvalue()


def joined(*parts: bytes) -> bytes:
    with pikepdf.open(io.BytesIO(parts[0])) as pdf:
        for part in parts[1:]:
            with pikepdf.open(io.BytesIO(part)) as other:
                pdf.add_pages_from(other)
        return _saved(pdf)


def letter(*paragraphs: str) -> bytes:
    page = sheet("Letter", {})
    for paragraph in paragraphs:
        for line in simpleSplit(paragraph, "Times-Roman", 11, 440):
            page.y -= page.write(line, 72, 500, size=11, font="Times-Roman")
        page.y -= 10
    return page.done()


def _covering() -> bytes:
    return letter(
        "Dear colleague,",
        "Please find the Prevent referral form for the young person we spoke about. His surname is "
        "spelt with a hyphen. You can reach me on 020 7946 0333.",
        "Kind regards, Alex Placeholder",
    )


def _mention() -> bytes:
    return letter(
        "Minutes of the safeguarding meeting",
        "Prevent: we talked about who fills in the Prevent Referral Form, and agreed that the "
        "safeguarding lead describes the concerns and sends it. Training dates follow.",
        "Any other business: none.",
    )


def please_wait() -> bytes:
    return letter(
        "Please wait... If this message is not eventually replaced by the proper contents of the "
        "document, your PDF viewer may not be able to display this type of document.",
        "You can upgrade to the latest version of Adobe Reader for Windows, Mac, or Linux.",
    )


def _turned(content: bytes, angle: int, *, crop: float = 0) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            page.obj.Rotate = angle
            if crop:
                x0, y0, x1, y1 = (float(edge) for edge in page.obj.MediaBox)
                page.obj.MediaBox = [x0 - 40, y0 - 60, x1 + 30, y1 + 50]
                page.obj.CropBox = [x0 + crop, y0 + crop, x1 - crop, y1 - crop]
        return _saved(pdf)


def _owner_locked() -> bytes:
    with pikepdf.open(io.BytesIO(form.fillable(people.CHILD))) as pdf:
        buffer = io.BytesIO()
        pdf.save(buffer, encryption=pikepdf.Encryption(owner="owner", user="", R=6))
        return buffer.getvalue()


def _truncated() -> bytes:
    whole = form.fillable(people.ADULT)
    return whole[: len(whole) * 2 // 3]


def _versions() -> dict[str, Sample]:
    """Each further version of the form, filled in, as it is described in config/forms."""
    made: dict[str, Sample] = {}
    for spec in SPECS:
        if spec.version != "2018":
            keys = {key for section in spec.sections for key in section.keys}
            adult = {key: text for key, text in people.ADULT.items() if key in keys}
            child = {key: text for key, text in people.CHILD.items() if key in keys}
            made |= {
                f"{spec.version}-fillable": Sample(
                    make=partial(form.fillable, adult, version=spec.version),
                    forms=(adult,),
                    version=spec.version,
                ),
                f"{spec.version}-printed": Sample(
                    make=partial(form.printed, child, version=spec.version),
                    forms=(child,),
                    version=spec.version,
                ),
                f"{spec.version}-blank": Sample(
                    make=partial(form.printed, {}, hints=True, version=spec.version),
                    version=spec.version,
                    readability="none",
                    reason="blank-form",
                ),
            }
    return made


STRUCK = either.OTHERS | {"safeguarding.lead_consulted": "yes"}


def _struck_out() -> bytes:
    page, words = either.drawn()
    return either.with_strokes(page.done(), either.line(words["no"]), int(words["page"][0]))


def _ringed() -> bytes:
    page, words = either.drawn(joined="   /   ")
    return either.with_strokes(page.done(), either.ring(words["yes"]), int(words["page"][0]))


CONFLICT = {"yes-no-conflict", "date-ambiguous", "date-unclear"}
STALE = people.CHILD | {"individual.surname": "Taster"}
EXTRA = people.CHILD | {"extra": "prefers not to say"}


def _by_a_browser() -> bytes:
    """Chromium made these once (tests/samples/browser.py)."""
    raise AssertionError("a browser's file can't be made again byte for byte")


SAMPLES = {
    "fillable": Sample(make=lambda: form.fillable(people.ADULT), forms=(people.ADULT,)),
    "fillable-generic-names": Sample(
        make=lambda: form.fillable(people.CHILD, names="generic"), forms=(people.CHILD,)
    ),
    "fillable-xfa-names": Sample(
        make=lambda: form.fillable(people.ADULT, names="xfa-like"), forms=(people.ADULT,)
    ),
    "fillable-columns": Sample(
        make=lambda: form.fillable(people.ADULT, layout="columns"), forms=(people.ADULT,)
    ),
    "fillable-radios": Sample(
        make=lambda: form.fillable(people.CHILD, radios=True), forms=(people.CHILD,)
    ),
    "fillable-menus": Sample(
        make=lambda: joined(reportlab_form.made(people.CHILD, question="menu")),
        forms=(people.CHILD,),
    ),
    "tooltips-alone": Sample(
        make=lambda: joined(reportlab_form.made(people.CHILD, tooltips=True)),
        forms=(people.CHILD,),
    ),
    "flattened": Sample(make=lambda: form.flattened(people.ADULT), forms=(people.ADULT,)),
    "flattened-by-qpdf": Sample(
        make=lambda: form.flattened_by_qpdf(form.fillable(people.ADULT)), forms=(people.ADULT,)
    ),
    "flattened-columns": Sample(
        make=lambda: form.flattened(people.CHILD, layout="columns"), forms=(people.CHILD,)
    ),
    "printed": Sample(make=lambda: form.printed(people.ADULT), forms=(people.ADULT,)),
    "printed-columns": Sample(
        make=lambda: columns.draw(people.CHILD).done(), forms=(people.CHILD,)
    ),
    "printed-hints": Sample(
        make=lambda: form.printed(people.CHILD, hints=True), forms=(people.CHILD,)
    ),
    "blank": Sample(make=form.blank, readability="none", reason="blank-form"),
    "blank-printed": Sample(make=lambda: form.printed({}), readability="none", reason="blank-form"),
    "blank-hints": Sample(
        make=lambda: form.printed({}, hints=True), readability="none", reason="blank-form"
    ),
    "blank-hints-as-values": Sample(
        make=lambda: form.fillable({}, hints_as_values=True),
        readability="none",
        reason="blank-form",
    ),
    "hints-as-values": Sample(
        make=lambda: form.fillable(people.CHILD, hints_as_values=True), forms=(people.CHILD,)
    ),
    "conflict": Sample(
        make=lambda: form.fillable(people.DOUBTFUL),
        forms=(people.DOUBTFUL,),
        doubts=frozenset(CONFLICT),
    ),
    "anywhere": Sample(
        make=lambda: form.fillable(people.ANYWHERE),
        forms=(people.ANYWHERE,),
        doubts=frozenset({"date-unclear", "date-impossible"}),
    ),
    "extra-label": Sample(
        make=lambda: form.fillable(EXTRA, extra="Ethnicity"),
        forms=(people.CHILD,),
        unrecognised=(("Ethnicity", "prefers not to say"),),
    ),
    "extra-label-printed": Sample(
        make=lambda: form.printed(EXTRA, extra="Ethnicity"),
        forms=(people.CHILD,),
        unrecognised=(("Ethnicity", "prefers not to say"),),
    ),
    "two-forms": Sample(
        make=lambda: joined(form.fillable(people.ADULT), form.fillable(people.CHILD)),
        forms=(people.ADULT, people.CHILD),
    ),
    "two-forms-printed": Sample(
        make=lambda: joined(form.printed(people.CHILD), form.flattened(people.ADULT)),
        forms=(people.CHILD, people.ADULT),
    ),
    "after-a-letter": Sample(
        make=lambda: joined(_covering(), form.fillable(people.CHILD)), forms=(people.CHILD,)
    ),
    "printed-after-a-letter": Sample(
        make=lambda: joined(_covering(), form.printed(people.CHILD)), forms=(people.CHILD,)
    ),
    "rotated-90": Sample(
        make=lambda: _turned(form.fillable(people.CHILD), 90), forms=(people.CHILD,)
    ),
    "rotated-180-printed": Sample(
        make=lambda: _turned(form.printed(people.CHILD), 180), forms=(people.CHILD,)
    ),
    "rotated-270-cropped": Sample(
        make=lambda: _turned(form.flattened(people.CHILD), 270, crop=12), forms=(people.CHILD,)
    ),
    "cropped": Sample(
        make=lambda: _turned(form.fillable(people.ADULT), 0, crop=15), forms=(people.ADULT,)
    ),
    "owner-password": Sample(make=_owner_locked, forms=(people.CHILD,), random=True),
    "password": Sample(
        make=lambda: form.password_protected(people.CHILD),
        readability="none",
        reason="password",
        random=True,
    ),
    "scanned": Sample(make=lambda: form.scanned(scale=0.4), readability="none", reason="scanned"),
    "please-wait": Sample(make=please_wait, readability="none", reason="xfa-only"),
    "truncated": Sample(make=_truncated, readability="none", reason="damaged"),
    "mention": Sample(make=_mention, readability="none", reason="not-a-form"),
    "struck-out": Sample(make=_struck_out, forms=(STRUCK,)),
    "ringed": Sample(make=_ringed, forms=(STRUCK,)),
    "browser-border": Sample(make=_by_a_browser, forms=(people.ADULT,), random=True),
    "browser-doubtful": Sample(
        make=_by_a_browser,
        forms=(people.DOUBTFUL,),
        doubts=frozenset({"date-ambiguous", "date-unclear", "yes-no-conflict"}),
        random=True,
    ),
    "browser-blank": Sample(
        make=_by_a_browser, readability="none", reason="blank-form", random=True
    ),
    "browser-inputs": Sample(make=_by_a_browser, forms=(people.ADULT,), random=True),
    "browser-noborder": Sample(
        make=_by_a_browser,
        forms=(people.CHILD,),
        readability="partial",
        reason="low-confidence",
        doubts=frozenset({"read-without-boxes"}),
        random=True,
    ),
    **_versions(),
}
WORD = {
    "word-table": Sample(make=lambda: docx_form.tables(people.ADULT), forms=(people.ADULT,)),
    "word-table-hints": Sample(
        make=lambda: docx_form.tables(people.CHILD, hints=True, marks="☐✓"), forms=(people.CHILD,)
    ),
    "word-table-anywhere": Sample(
        make=lambda: docx_form.tables(people.ANYWHERE),
        forms=(people.ANYWHERE,),
        doubts=frozenset({"date-unclear", "date-impossible"}),
    ),
    "word-controls": Sample(make=lambda: docx_form.controls(people.ADULT), forms=(people.ADULT,)),
    "word-controls-child": Sample(
        make=lambda: docx_form.controls(people.CHILD), forms=(people.CHILD,)
    ),
    "word-legacy": Sample(make=lambda: docx_form.legacy(people.ADULT), forms=(people.ADULT,)),
    "word-conflict": Sample(
        make=lambda: docx_form.legacy(people.DOUBTFUL),
        forms=(people.DOUBTFUL,),
        doubts=frozenset(CONFLICT),
    ),
    "word-plain": Sample(make=lambda: docx_form.plain(people.CHILD), forms=(people.CHILD,)),
    "word-extra-label": Sample(
        make=lambda: docx_form.tables(EXTRA, extra="Ethnicity"),
        forms=(people.CHILD,),
        unrecognised=(("Ethnicity", "prefers not to say"),),
    ),
    "word-blank": Sample(
        make=lambda: docx_form.tables({}, hints=True), readability="none", reason="blank-form"
    ),
    "word-blank-controls": Sample(
        make=lambda: docx_form.controls({}), readability="none", reason="blank-form"
    ),
    "word-letter": Sample(
        make=lambda: word.document(
            word.lines("Minutes\nWe talked about the Prevent Referral Form.\nSurname: see the list")
        ),
        readability="none",
        reason="not-a-form",
    ),
}
WELSH = people.CHILD | {
    "concerns.description": "Tynnodd lun yn y dosbarth a oedd yn poeni’r athro.",
    "dates.concern_first_arose": "Dydd Mercher 4ydd o Dachwedd 2026",
    "dates.referral_made": "16 Tachwedd 2026",
}
"""Filled in in Welsh."""
WORD |= {
    "welsh-word-table": Sample(
        make=lambda: docx_form.tables(WELSH, version="welsh"), forms=(WELSH,), version="welsh"
    ),
    "welsh-word-controls": Sample(
        make=lambda: docx_form.controls(WELSH, version="welsh"), forms=(WELSH,), version="welsh"
    ),
    "welsh-word-plain": Sample(
        make=lambda: docx_form.plain(WELSH, version="welsh"), forms=(WELSH,), version="welsh"
    ),
    "welsh-word-blank": Sample(
        make=lambda: docx_form.tables({}, hints=True, version="welsh"),
        version="welsh",
        readability="none",
        reason="blank-form",
    ),
    "bilingual-word-table": Sample(
        make=lambda: docx_form.tables(WELSH, version="bilingual"),
        forms=(WELSH,),
        version="bilingual",
    ),
}
SAMPLES |= {
    "xfa-dynamic": Sample(
        make=lambda: xfa_form.with_xfa(
            please_wait(), xfa_form.template(), xfa_form.datasets(people.ADULT)
        ),
        forms=(people.ADULT,),
    ),
    "xfa-tooltips": Sample(
        make=lambda: xfa_form.with_xfa(
            please_wait(),
            xfa_form.template(tooltips=True, references=True),
            xfa_form.datasets(people.CHILD),
            joined=True,
        ),
        forms=(people.CHILD,),
    ),
    "xfa-hybrid-differs": Sample(
        make=lambda: xfa_form.with_xfa(
            form.fillable(people.CHILD), xfa_form.template(), xfa_form.datasets(STALE)
        ),
        forms=(people.CHILD,),
        readability="partial",
        reason="low-confidence",
        doubts=frozenset({"xfa-differs"}),
    ),
    "inside-a-pdf": Sample(
        make=lambda: embedded(_covering(), form.fillable(people.CHILD)),
        forms=(people.CHILD,),
        doubts=frozenset({"read-from-attachment"}),
    ),
    "word-inside-a-pdf": Sample(
        make=lambda: embedded(_covering(), docx_form.tables(people.ADULT)),
        forms=(people.ADULT,),
        doubts=frozenset({"read-from-attachment"}),
    ),
    "xfa-blank": Sample(
        make=lambda: xfa_form.with_xfa(please_wait(), xfa_form.template(), xfa_form.datasets({})),
        readability="none",
        reason="blank-form",
    ),
}
SAMPLES |= {name: replace(sample, suffix=".docx") for name, sample in WORD.items()}


def _once() -> bytes:
    """Another program made these once (tests/samples/producers)."""
    raise AssertionError("another program's file can't be made again byte for byte")


_ADULT = Sample(make=_once, forms=(people.ADULT,), random=True)
_CHILD = Sample(make=_once, forms=(people.CHILD,), random=True)
_NOBODY = Sample(make=_once, readability="none", reason="blank-form", random=True)
_UNBOXED = replace(
    _ADULT,
    readability="partial",
    reason="low-confidence",
    doubts=frozenset({"read-without-boxes"}),
)
PRODUCED = {
    "libreoffice-table": _CHILD,
    "libreoffice-grid": _ADULT,
    "libreoffice-noborder": _UNBOXED,
    "libreoffice-blank": _NOBODY,
    "libreoffice-controls": replace(_ADULT, suffix=".docx"),
    "libreoffice-legacy": replace(_ADULT, suffix=".docx"),
    "python-docx": replace(_ADULT, suffix=".docx"),
    "pdf-lib": _ADULT,
    "pdf-lib-flat": _CHILD,
    "pdfjs": _ADULT,
    "pdftk": _ADULT,
    "pdftk-flat": _CHILD,
    "latex": _ADULT,
    "latex-blank": _NOBODY,
    "typst": _ADULT,
    "fpdf2-table": _ADULT,
    "fpdf2-boxes": _CHILD,
    "ghostscript": _CHILD,
    "ghostscript-form": _ADULT,
    "cairo": _ADULT,
}
SAMPLES |= PRODUCED
