"""Sample referral forms as PDF: fillable, flattened, printed, blank, locked."""

from __future__ import annotations

import io
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Literal

import pikepdf
import pypdfium2 as pdfium
import pypdfium2.raw as pdfium_c

from tests.samples import columns, table
from tests.samples.page import BOTH

if TYPE_CHECKING:
    from tests.samples.page import Place, Sheet

Flatten = Callable[[bytes], bytes]
Make = Callable[[Mapping[str, str]], bytes]
Names = Literal["meaningful", "generic", "xfa-like"]
Layout = Literal["table", "columns"]
_APPEARANCE = b"0.6 w 0 0 %g %g re S"
_CROSS = b" 2 2 m %g %g l 2 %g m %g 2 l 1.4 w S"


def with_fields(
    sheet: Sheet, answers: Mapping[str, str], *, names: Names = "generic", radios: bool = False
) -> bytes:
    """A drawn form with AcroForm fields in its places."""
    places = sheet.places
    with pikepdf.open(io.BytesIO(sheet.done())) as pdf:
        fields = _Fields(pdf, names=names, radios=radios)
        for number, place in enumerate(places, start=1):
            fields.add(number, place, answers.get(place.key, ""))
        return _saved(pdf)


def fillable(
    answers: Mapping[str, str],
    *,
    names: Names = "meaningful",
    layout: Layout = "table",
    radios: bool = False,
    extra: str | None = None,
    hints_as_values: bool = False,
    version: str = "2018",
) -> bytes:
    """A form with AcroForm fields that hold the answers by the keys of referral-fields.toml.

    A yes/no answer is `yes`, `no` or `conflict` (both ticked; not with `radios`). `extra`: the
    label of a further box, answered by `answers["extra"]`. Only as a table there is another
    `version` than that of 2018.
    """
    given = dict(answers)
    if hints_as_values:
        for section in table.spec().sections:
            for field in section.fields:
                if field.hint is not None:
                    given.setdefault(field.key, field.hint)
    return with_fields(
        _draw(layout, extra=extra, version=version), given, names=names, radios=radios
    )


def flattened(answers: Mapping[str, str], *, layout: Layout = "table") -> bytes:
    """The fillable form after PDFium (Chrome, Edge) has made its fields part of the page."""
    return made_flat(fillable(answers, layout=layout))


def made_flat(fillable_form: bytes) -> bytes:
    """A form whose fields PDFium has made part of its pages."""
    document = pdfium.PdfDocument(fillable_form)
    document.init_forms()
    for page in document:
        pdfium_c.FPDFPage_Flatten(page, pdfium_c.FLAT_NORMALDISPLAY)
        page.close()
    buffer = io.BytesIO()
    document.save(buffer)
    document.close()
    with pikepdf.open(io.BytesIO(buffer.getvalue())) as pdf:
        return _saved(pdf)


def flattened_by_qpdf(fillable_form: bytes) -> bytes:
    """A form whose fields qpdf has made part of its pages: it writes a field's lines as one."""
    with pikepdf.open(io.BytesIO(fillable_form)) as pdf:
        pdf.generate_appearance_streams()
        pdf.flatten_annotations("all")
        return _saved(pdf)


def printed(
    answers: Mapping[str, str],
    *,
    layout: Layout = "table",
    hints: bool = False,
    extra: str | None = None,
    version: str = "2018",
) -> bytes:
    """The form as a word processor prints it, the answers drawn inside the boxes."""
    return _draw(layout, hints=hints, extra=extra, answers=answers, version=version).done()


def blank(*, layout: Layout = "table") -> bytes:
    """The fillable form as it is downloaded."""
    return fillable({}, layout=layout)


def password_protected(answers: Mapping[str, str]) -> bytes:
    """The fillable form, which asks for a password before it opens."""
    with pikepdf.open(io.BytesIO(fillable(answers))) as pdf:
        buffer = io.BytesIO()
        locked = pikepdf.Encryption(owner="o", user="u", R=4, aes=True)
        pdf.save(buffer, encryption=locked, deterministic_id=False, static_id=True)
        return buffer.getvalue()


def scanned(*, scale: float = 0.6) -> bytes:
    """Two pages of the form as pictures."""
    document = pdfium.PdfDocument(blank())
    images = [document[number].render(scale=scale).to_pil().convert("L") for number in range(2)]
    document.close()
    buffer = io.BytesIO()
    images[0].save(buffer, "PDF", save_all=True, append_images=images[1:])
    with pikepdf.open(io.BytesIO(buffer.getvalue())) as pdf:
        return _saved(pdf)


def _draw(
    layout: Layout,
    *,
    hints: bool = False,
    extra: str | None = None,
    answers: Mapping[str, str] | None = None,
    version: str = "2018",
) -> Sheet:
    if layout == "table":
        return table.draw(answers or {}, hints=hints, extra=extra, version=version)
    return columns.draw(answers or {})


class _Fields:
    """Puts one widget after another on the pages of a PDF."""

    def __init__(self, pdf: pikepdf.Pdf, *, names: Names, radios: bool) -> None:
        self._pdf = pdf
        self._names = names
        self._radios = radios
        self._groups: dict[str, pikepdf.Object] = {}
        helvetica = pikepdf.Dictionary(
            Type=pikepdf.Name.Font,
            Subtype=pikepdf.Name.Type1,
            BaseFont=pikepdf.Name.Helvetica,
            Encoding=pikepdf.Name.WinAnsiEncoding,
        )
        pdf.Root.AcroForm = pikepdf.Dictionary(
            Fields=[],
            NeedAppearances=True,
            DA=b"/Helv 9 Tf 0 g",
            DR=pikepdf.Dictionary(Font=pikepdf.Dictionary(Helv=helvetica)),
        )
        self._fields = pdf.Root.AcroForm.Fields
        self._parent = self._fields
        if names == "xfa-like":
            root = pdf.make_indirect(
                pikepdf.Dictionary(T=pikepdf.String("topmostSubform[0]"), Kids=[])
            )
            self._fields.append(root)
            self._root: pikepdf.Object | None = root
        else:
            self._root = None

    def add(self, number: int, place: Place, answer: str) -> None:
        widget = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.Widget,
            Rect=list(place.box),
            F=4,
        )
        if place.state:
            self._tick(widget, number, place, answer)
        else:
            widget.FT = pikepdf.Name.Tx
            widget.DA = b"/Helv 9 Tf 0 g"
            widget.Ff = 4096 if place.multiline else 0
            if answer:
                widget.V = pikepdf.String(answer)
            self._place(widget, self._name(number, place, "TextField"), place.page)

    def _tick(self, widget: pikepdf.Dictionary, number: int, place: Place, answer: str) -> None:
        on = answer in (place.state, BOTH)
        x0, y0, x1, y1 = place.box
        width, height = x1 - x0, y1 - y0
        state = f"/{place.state}" if self._radios else "/On"
        empty = _APPEARANCE % (width, height)
        crossed = empty + _CROSS % (width - 2, height - 2, height - 2, width - 2)
        box = [0, 0, width, height]
        form = {"/Type": pikepdf.Name.XObject, "/Subtype": pikepdf.Name.Form, "/BBox": box}
        widget.AP = pikepdf.Dictionary(
            N=pikepdf.Dictionary(
                {
                    state: self._pdf.make_stream(crossed, form),
                    "/Off": self._pdf.make_stream(empty, form),
                }
            )
        )
        widget.AS = pikepdf.Name(state if on else "/Off")
        if not self._radios:
            widget.FT = pikepdf.Name.Btn
            widget.V = widget.AS
            self._place(widget, self._name(number, place, "CheckBox"), place.page)
            return
        group = self._groups.get(place.key)
        if group is None:
            group = self._pdf.make_indirect(
                pikepdf.Dictionary(
                    FT=pikepdf.Name.Btn,
                    Ff=(1 << 15) | (1 << 14),
                    T=pikepdf.String(self._name(number, place, "RadioButtonList")),
                    Kids=[],
                )
            )
            self._groups[place.key] = group
            self._top(group)
        widget.Parent = group
        if on:
            group.V = pikepdf.Name(state)
        kid = self._pdf.make_indirect(widget)
        group.Kids.append(kid)
        self._on_page(kid, place.page)

    def _name(self, number: int, place: Place, kind: str) -> str:
        if self._names == "meaningful":
            return f"{place.key}.{place.state}".rstrip(".").replace(".", "_")
        return f"Text{number}" if self._names == "generic" else f"{kind}{number}[0]"

    def _place(self, widget: pikepdf.Dictionary, name: str, page: int) -> None:
        widget.T = pikepdf.String(name)
        made = self._pdf.make_indirect(widget)
        self._top(made)
        self._on_page(made, page)

    def _top(self, field: pikepdf.Object) -> None:
        if self._root is None:
            self._fields.append(field)
        else:
            field.Parent = self._root
            self._root.Kids.append(field)

    def _on_page(self, widget: pikepdf.Object, number: int) -> None:
        page = self._pdf.pages[number - 1].obj
        if "/Annots" not in page:
            page.Annots = self._pdf.make_indirect(pikepdf.Array([]))
        page.Annots.append(widget)


def _saved(pdf: pikepdf.Pdf) -> bytes:
    """The same bytes for the same document."""
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    buffer = io.BytesIO()
    pdf.save(buffer, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return buffer.getvalue()
