"""Paper copies of a PDF: what a scanner or a fax machine makes of its pages, the same per seed."""

from __future__ import annotations

import io
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import pypdfium2 as pdfium
from PIL import Image, ImageChops, ImageFilter

if TYPE_CHECKING:
    from collections.abc import Sequence

Ink = Literal["grey", "colour", "black"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Scanner:
    """How a machine scans: `dpi` across and down, `skew` the degrees by which a sheet lies askew at
    most, `noise` the grey levels by which a dot is off at most, `blur` the radius in dots at 300
    dpi, `slip` the millimetres by which a sheet lies beside its place at most, `paper` how bright
    white is in red, green and blue, `turned` the degrees by which a sheet lies turned clockwise.
    `ink` black: one bit a dot, as a fax machine sends.
    """

    dpi: int = 300
    ink: Ink = "grey"
    skew: float = 1.1
    noise: int = 24
    blur: float = 0.8
    slip: float = 2.0
    paper: tuple[int, int, int] = (250, 248, 241)
    turned: Literal[0, 90, 180, 270] = 0


FINE = Scanner()
USUAL = Scanner(dpi=200)
COARSE = Scanner(dpi=150)
COLOUR = Scanner(dpi=200, ink="colour")
FAX = Scanner(dpi=200, ink="black", noise=60, skew=0.6)


def pages(pdf: bytes, dpi: int) -> list[Image.Image]:
    """The pages as they would be printed, their form fields filled in."""
    document = pdfium.PdfDocument(pdf)
    document.init_forms()
    try:
        return [page.render(scale=dpi / 72).to_pil().convert("RGB") for page in document]
    finally:
        document.close()


def scan(pdf: bytes, scanner: Scanner = FINE, *, seed: int = 0) -> list[Image.Image]:
    """Each page, scanned: its size in dots follows from the scanner's dpi, which the pictures
    themselves do not tell. Upside down is `turned` by 180.
    """
    dice = random.Random(seed)
    return [_scanned(page, scanner, dice) for page in pages(pdf, scanner.dpi)]


def _scanned(page: Image.Image, scanner: Scanner, dice: random.Random) -> Image.Image:
    paper = ImageChops.multiply(page, Image.new("RGB", page.size, scanner.paper))
    slip = round(scanner.slip * scanner.dpi / 25.4)
    laid = paper.rotate(
        dice.uniform(-scanner.skew, scanner.skew),
        Image.Resampling.BICUBIC,
        translate=(dice.randint(-slip, slip), dice.randint(-slip, slip)),
        fillcolor=scanner.paper,
    )
    if scanner.ink != "colour":
        laid = laid.convert("L")
    seen = noisy(blurred(laid, scanner.blur * scanner.dpi / 300), scanner.noise, dice)
    if scanner.turned:
        seen = seen.rotate(-scanner.turned, expand=True)
    return seen.point(lambda level: 255 * (level > 150), "1") if scanner.ink == "black" else seen


def blurred(image: Image.Image, radius: float) -> Image.Image:
    return image.filter(ImageFilter.GaussianBlur(radius))


def noisy(image: Image.Image, most: int, dice: random.Random) -> Image.Image:
    """With dots that are up to `most` grey levels too dark or too bright, three in four less."""
    width, height = image.size
    first, second = (Image.frombytes("L", image.size, dice.randbytes(width * height)) for _ in "12")
    grain = ImageChops.add(first, second, scale=255 / most)  # a triangle from 0 to twice `most`
    if image.mode == "RGB":
        grain = Image.merge("RGB", (grain, grain, grain))
    return ImageChops.add(image, grain, offset=-most)


def as_jpeg(image: Image.Image, *, quality: int = 60, dpi: int = 0, orientation: int = 1) -> bytes:
    """`orientation` (EXIF 2.32, tag 0x0112): as a person sees it, the picture is `image`; the dots
    are stored turned or mirrored the way that this number undoes. A dpi of 0 is not told.
    """
    stored = _stored(image, orientation)
    exif = Image.Exif()
    if orientation != 1:
        exif[0x0112] = orientation
    buffer = io.BytesIO()
    told = {"dpi": (dpi, dpi)} if dpi else {}
    stored.save(buffer, "JPEG", quality=quality, exif=exif, **told)
    return buffer.getvalue()


def _stored(image: Image.Image, orientation: int) -> Image.Image:
    """What a viewer that obeys `orientation` turns back into `image`."""
    turn = Image.Transpose
    undone = {
        2: turn.FLIP_LEFT_RIGHT,
        3: turn.ROTATE_180,
        4: turn.FLIP_TOP_BOTTOM,
        5: turn.TRANSPOSE,
        6: turn.ROTATE_90,
        7: turn.TRANSVERSE,
        8: turn.ROTATE_270,
    }
    return image.transpose(undone[orientation]) if orientation in undone else image


def as_png(image: Image.Image, *, dpi: int = 0) -> bytes:
    buffer = io.BytesIO()
    told = {"dpi": (dpi, dpi)} if dpi else {}
    image.save(buffer, "PNG", **told)
    return buffer.getvalue()


def as_tiff(images: Sequence[Image.Image], dpi: int) -> bytes:
    """One file of all pages: fax compression for one bit a dot, else JPEG inside."""
    packed = {"compression": "group4"} if images[0].mode == "1" else {"compression": "jpeg"}
    buffer = io.BytesIO()
    images[0].save(
        buffer, "TIFF", save_all=True, append_images=images[1:], dpi=(dpi, dpi), **packed
    )
    return buffer.getvalue()
