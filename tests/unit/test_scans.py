"""What the makers of scans and photos promise."""

from __future__ import annotations

import io
from dataclasses import replace

import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from tests.samples import form, people
from tests.samples.photos import photo, photographed
from tests.samples.scanned_pdf import as_pdf
from tests.samples.scans import COLOUR, FAX, Scanner, as_jpeg, as_png, as_tiff, scan

FORM = form.printed(people.CHILD)
ROUGH = Scanner(dpi=60)


def brightness(image: Image.Image) -> float:
    return ImageStat.Stat(image.convert("L")).mean[0]


def first_page(pdf: bytes, dpi: int) -> Image.Image:
    document = pdfium.PdfDocument(pdf)
    try:
        image: Image.Image = document[0].render(scale=dpi / 72).to_pil()
        return image.convert("L")
    finally:
        document.close()


@pytest.mark.parametrize("scanner", [ROUGH, replace(COLOUR, dpi=60), replace(FAX, dpi=60)])
@pytest.mark.parametrize("strips", [1, 2])
def test_a_scanned_pdf_shows_what_was_scanned(scanner: Scanner, strips: int) -> None:
    images = scan(FORM, scanner, seed=3)
    made = as_pdf(images, 60, strips=strips)
    assert made == as_pdf(scan(FORM, scanner, seed=3), 60, strips=strips)
    assert made != as_pdf(scan(FORM, scanner, seed=4), 60, strips=strips)
    shown = first_page(made, 60)
    wanted = images[0].convert("L").resize(shown.size)
    assert ImageStat.Stat(ImageChops.difference(shown, wanted)).mean[0] < 12
    assert 200 < brightness(shown) < 254


@pytest.mark.parametrize("turned", [90, 180, 270])
def test_a_turned_page_is_the_same_page(turned: int) -> None:
    upright = scan(FORM, ROUGH)[0]
    lain = scan(FORM, replace(ROUGH, turned=turned))[0]  # type: ignore[arg-type] # one of three
    assert lain.rotate(turned, expand=True) == upright


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_phone_says_how_its_picture_is_to_be_turned(orientation: int) -> None:
    wanted = photo(FORM, width=300)
    with Image.open(io.BytesIO(as_jpeg(wanted, quality=95, orientation=orientation))) as stored:
        seen = ImageOps.exif_transpose(stored)
    assert seen.size == wanted.size
    assert max(ImageStat.Stat(ImageChops.difference(seen, wanted)).mean) < 4


def test_a_photo_is_the_same_at_every_run() -> None:
    assert photographed(FORM, seed=1) == photographed(FORM, seed=1)
    assert photographed(FORM, seed=1) != photographed(FORM, seed=2)


@pytest.mark.parametrize("scanner", [ROUGH, replace(FAX, dpi=60)])
def test_every_page_is_in_a_tiff(scanner: Scanner) -> None:
    images = scan(FORM, scanner)
    with Image.open(io.BytesIO(as_tiff(images, 60))) as tiff:
        assert getattr(tiff, "n_frames", 1) == len(images) > 1
        assert abs(brightness(tiff) - brightness(images[0])) < 2


def test_a_png_holds_every_dot() -> None:
    image = scan(FORM, ROUGH)[0]
    with Image.open(io.BytesIO(as_png(image, dpi=60))) as png:
        assert png.info["dpi"] == pytest.approx((60, 60), abs=0.1)
        assert png.tobytes() == image.tobytes()
