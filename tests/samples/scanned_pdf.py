"""Pictures of pages as the PDF that a scanner makes of them."""

from __future__ import annotations

import io
from itertools import pairwise
from typing import TYPE_CHECKING

import pikepdf
from PIL import Image

from tests.samples.scans import as_jpeg

if TYPE_CHECKING:
    from collections.abc import Sequence


def as_pdf(
    images: Sequence[Image.Image], dpi: int, *, quality: int = 60, strips: int = 1, turn: int = 0
) -> bytes:
    """Each page one picture, JPEG or (one bit a dot) CCITT group 4; in `strips` pictures, one below
    the other, as some machines write. `turn`: each page's /Rotate, which a viewer obeys.
    """
    pdf = pikepdf.new()
    for image in images:
        _add(pdf, image, 72 / dpi, quality=quality, strips=strips)
        if turn:
            pdf.pages[-1].obj.Rotate = turn
    buffer = io.BytesIO()
    pdf.save(buffer, static_id=True)
    return buffer.getvalue()


def _add(pdf: pikepdf.Pdf, image: Image.Image, scale: float, *, quality: int, strips: int) -> None:
    width, height = image.size
    page = pdf.add_blank_page(page_size=(width * scale, height * scale))
    edges = [height * number // strips for number in range(strips + 1)]
    shown, drawn = pikepdf.Dictionary(), b""
    for number, (top, bottom) in enumerate(pairwise(edges)):
        strip = image.crop((0, top, width, bottom))
        shown[f"/Im{number}"] = _picture(pdf, strip, quality)
        place = (width * scale, (bottom - top) * scale, (height - bottom) * scale, number)
        drawn += b"q %.4f 0 0 %.4f 0 %.4f cm /Im%d Do Q\n" % place
    page.obj.Resources = pikepdf.Dictionary(XObject=shown)
    page.obj.Contents = pdf.make_stream(drawn)


def _picture(pdf: pikepdf.Pdf, image: Image.Image, quality: int) -> pikepdf.Object:
    width, height = image.size
    told: dict[str, object] = {
        "/Type": pikepdf.Name.XObject,
        "/Subtype": pikepdf.Name.Image,
        "/Width": width,
        "/Height": height,
        "/BitsPerComponent": 1 if image.mode == "1" else 8,
        "/ColorSpace": pikepdf.Name("/DeviceRGB" if image.mode == "RGB" else "/DeviceGray"),
    }
    if image.mode != "1":
        return pdf.make_stream(
            as_jpeg(image, quality=quality), told | {"/Filter": pikepdf.Name.DCTDecode}
        )
    # T.6 knows white and black, PIL one and zero: in its files a run of ones is coded as black.
    how = pikepdf.Dictionary(K=-1, Columns=width, Rows=height, BlackIs1=True)
    fax = {"/Filter": pikepdf.Name.CCITTFaxDecode, "/DecodeParms": how}
    return pdf.make_stream(_group4(image), told | fax)


def _group4(image: Image.Image) -> bytes:
    """The dots as T.6 codes, without the TIFF around them."""
    buffer = io.BytesIO()
    whole = {278: image.height}  # RowsPerStrip: one strip holds them all
    image.save(buffer, "TIFF", compression="group4", tiffinfo=whole)
    with Image.open(io.BytesIO(buffer.getvalue())) as tiff:
        (start,), (length,) = tiff.tag_v2[273], tiff.tag_v2[279]  # type: ignore[attr-defined]
    return buffer.getvalue()[start : start + length]
