"""XFA forms: what their data say, under the captions of their template."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pdfminer.pdftypes import PDFObjRef, PDFStream

from parsers.linear import form
from parsers.linear.wordings import Wordings
from parsers.markup import child, tree, within
from parsers.model import Method, Readability, Reason, Unrecognised, Warning_
from parsers.pdf.xfa_template import Template
from parsers.unreadable import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import date
    from xml.etree.ElementTree import Element

    from pdfplumber.pdf import PDF

    from parsers.formspec import FormSpec
    from parsers.model import ExtractedForm

_LARGEST = 40 << 20
_MOST_PACKETS = 64
_INSTEAD = (Reason.XFA_ONLY, Reason.NOT_A_FORM, Reason.BLANK_FORM, Reason.SCANNED)


def instead(
    pdf: PDF, why: UnreadableError, specs: Sequence[FormSpec], today: date
) -> list[ExtractedForm]:
    """What the XFA form says of a file whose pages say nothing. Where it says nothing either, `why`
    is raised; `blank-form` for one that waits for Adobe Reader and is blank.
    """
    if why.reason not in _INSTEAD:
        raise why
    try:
        forms = _read(pdf, specs, today)
    except UnreadableError as unreadable:
        blank = unreadable.reason is Reason.BLANK_FORM
        raise (unreadable if blank and why.reason is Reason.XFA_ONLY else why) from None
    if why.reason is Reason.BLANK_FORM:
        return [_doubted(each, sorted(each.fields)) for each in forms]
    return forms


def compared(
    pdf: PDF, forms: list[ExtractedForm], specs: Sequence[FormSpec], today: date
) -> list[ExtractedForm]:
    """The forms that the pages of a file show, with a doubt where its XFA data say otherwise. Data
    that are damaged, or no form, say nothing.
    """
    told: dict[str, Any] = {}
    try:
        others = _read(pdf, specs, today)
    except UnreadableError as unreadable:
        if unreadable.reason is not Reason.BLANK_FORM:
            return forms
    else:
        if len(others) != 1:
            return forms
        told = others[0].fields
    if len(forms) != 1:
        return forms
    shown = forms[0].fields
    differ = [
        key
        for key in sorted({*shown, *told})
        if key not in shown or key not in told or not _same(shown[key], told[key])
    ]
    return [_doubted(forms[0], differ)] if differ else forms


def _same(one: Any, other: Any) -> bool:
    if one.value is not None and one.value == other.value:
        return True
    return bool(one.raw.split() == other.raw.split())


def _doubted(read: ExtractedForm, keys: list[str]) -> ExtractedForm:
    made = [Warning_(code="xfa-differs", field=key, detail="") for key in keys]
    return replace(read, warnings=[*read.warnings, *made], readability=Readability.PARTIAL)


def _read(pdf: PDF, specs: Sequence[FormSpec], today: date) -> list[ExtractedForm]:
    """The form in the XFA packets; UnreadableError when there is none to understand, whatever is
    wrong with them: the pages may be sound.
    """
    try:
        return _understood(pdf, specs, today)
    except (UnreadableError, MemoryError):
        raise
    except Exception:  # noqa: BLE001 - streams break in ways without number
        raise UnreadableError(Reason.XFA_ONLY) from None


def _understood(pdf: PDF, specs: Sequence[FormSpec], today: date) -> list[ExtractedForm]:
    template, data = _packets(pdf)
    if template is None or data is None:
        raise UnreadableError(Reason.XFA_ONLY)
    read = Template(template, data, [Wordings(spec) for spec in specs])
    forms = form.read(read.cells, specs, today, method=Method.XFA, doubts=read.doubts)
    left = read.left()
    if not left:
        return forms
    first = forms[0]
    kept = [Unrecognised(section=None, label=name, value=text, page=None) for name, text in left]
    doubt = Warning_(code="xfa-data-unplaced", field=None, detail="")
    forms[0] = replace(
        first,
        unrecognised=[*first.unrecognised, *kept],
        warnings=[*first.warnings, doubt],
        readability=Readability.PARTIAL,
    )
    return forms


def _packets(pdf: PDF) -> tuple[Element | None, Element | None]:
    """The template and the data, whether they stand in one stream or in several (ISO 32000-1
    §12.7.8).
    """
    acroform = _resolved(pdf.doc.catalog.get("AcroForm"))
    listed = _resolved(acroform.get("XFA")) if isinstance(acroform, dict) else None
    parts = [listed] if isinstance(listed, PDFStream) else []
    if isinstance(listed, list):
        found = [_resolved(each) for each in listed[: 2 * _MOST_PACKETS]]
        parts = [each for each in found if isinstance(each, PDFStream)]
    said = [each.get_data() for each in parts]
    if sum(map(len, said)) > _LARGEST:
        raise UnreadableError(Reason.TOO_LARGE)
    roots = []
    with contextlib.suppress(UnreadableError):
        roots.append(tree(b"".join(said)))
    for each in said if not roots else ():
        with contextlib.suppress(UnreadableError):
            roots.append(tree(each))
    template = next((t for root in roots for t in within(root, "template")), None)
    sets = next((d for root in roots for d in within(root, "datasets")), None)
    return template, None if sets is None else child(sets, "data")


def _resolved(value: Any) -> Any:
    for _ in range(8):
        if not isinstance(value, PDFObjRef):
            return value
        value = value.resolve()
    return None
