"""Whatever kind of picture file comes, its pages are grey, upright and of a page's size."""

from __future__ import annotations

import io
from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium
import pytest
from PIL import Image

from parsers.model import Reason
from parsers.ocr.images import as_pdf
from parsers.unreadable import UnreadableError
from tests.samples import hostile_images
from tests.samples.scans import as_jpeg, as_png, as_tiff

if TYPE_CHECKING:
    from collections.abc import Callable

WIDE, HIGH = 600, 800
HEIC = Path(__file__).parent.parent / "samples" / "photo.heic"


def marked(mode: str = "L", paper: Any = 255, ink: Any = 0, grey: Any = 128) -> Image.Image:
    """Black at the upper left, grey at the upper right."""
    picture = Image.new(mode, (WIDE, HIGH), paper)
    picture.paste(ink, (50, 50, 250, 250))
    picture.paste(grey, (350, 50, 550, 250))
    return picture


def saved(picture: Image.Image, kind: str, **how: Any) -> bytes:
    buffer = io.BytesIO()
    picture.save(buffer, kind, **how)
    return buffer.getvalue()


def shown(content: bytes, kind: str) -> list[Image.Image]:
    with closing(pdfium.PdfDocument(as_pdf(content, kind))) as document:
        pages = [page.render(scale=WIDE / page.get_width()) for page in document]
        return [page.to_pil().convert("L") for page in pages]


def sizes(content: bytes, kind: str) -> list[tuple[float, float]]:
    with closing(pdfium.PdfDocument(as_pdf(content, kind))) as document:
        return [page.get_size() for page in document]


def levels(page: Image.Image) -> tuple[Any, Any, Any]:
    """How bright paper, ink and grey are."""
    return page.getpixel((300, 600)), page.getpixel((150, 150)), page.getpixel((450, 150))


def refusal(content: bytes, kind: str) -> Reason:
    with pytest.raises(UnreadableError) as refused:
        as_pdf(content, kind)
    return refused.value.reason


FILES: dict[str, tuple[str, Callable[[], bytes]]] = {
    "JPEG": ("image/jpeg", lambda: as_jpeg(marked(), quality=95)),
    "coloured JPEG": ("image/jpeg", lambda: as_jpeg(marked().convert("RGB"), quality=95)),
    "JPEG of inks": ("image/jpeg", lambda: saved(marked().convert("CMYK"), "JPEG", quality=95)),
    "PNG": ("image/png", lambda: as_png(marked())),
    "PNG of a palette": ("image/png", lambda: as_png(marked().convert("P"))),
    "GIF": ("image/gif", lambda: saved(marked(), "GIF")),
    "BMP": ("image/bmp", lambda: saved(marked(), "BMP")),
    "TIFF": ("image/tiff", lambda: saved(marked(), "TIFF", compression="tiff_lzw")),
    "clear paper": (
        "image/png",
        lambda: as_png(marked("RGBA", (0, 0, 0, 0), (0, 0, 0, 255), (0, 0, 0, 127))),
    ),
    "clear grey paper": ("image/png", lambda: as_png(marked("LA", (0, 0), (0, 255), (0, 127)))),
    "one clear colour": (
        "image/png",
        lambda: saved(marked("L", 7), "PNG", transparency=7),
    ),
    "16 bits a dot": (
        "image/png",
        lambda: as_png(marked("I", 65535, 0, 32896).convert("I;16")),
    ),
    "32 bits a dot": ("image/tiff", lambda: saved(marked("I", 65535, 0, 32896), "TIFF")),
    "broken numbers": ("image/tiff", lambda: saved(marked("F", 1.0, 0.0, 0.5), "TIFF")),
}


@pytest.mark.parametrize("name", FILES)
def test_every_kind_of_picture_is_seen_as_it_is(name: str) -> None:
    kind, make = FILES[name]
    (page,) = shown(make(), kind)
    assert levels(page) == pytest.approx((255, 0, 128), abs=6)


def test_faint_print_of_many_levels_stays_apart_from_the_paper() -> None:
    """Nothing on it is black, as on a thin copy scanned with 16 bits a dot."""
    (page,) = shown(as_png(marked("I", 62000, 30000, 40000).convert("I;16")), "image/png")
    assert levels(page) == pytest.approx((255, 123, 165), abs=6)


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_picture_is_upright_however_the_phone_was_held(orientation: int) -> None:
    (page,) = shown(as_jpeg(marked(), quality=95, orientation=orientation), "image/jpeg")
    assert page.size == pytest.approx((WIDE, HIGH), abs=2)
    assert levels(page) == pytest.approx((255, 0, 128), abs=6)


def test_a_png_that_tells_how_it_lies_is_upright_too() -> None:
    exif = Image.Exif()
    exif[0x0112] = 3
    lain = marked().transpose(Image.Transpose.ROTATE_180)
    (page,) = shown(saved(lain, "PNG", exif=exif), "image/png")
    assert levels(page) == pytest.approx((255, 0, 128), abs=6)


def test_a_page_has_the_size_that_its_resolution_makes() -> None:
    letter = Image.new("L", (1700, 2200), 255)
    assert sizes(as_png(letter, dpi=200), "image/png") == [pytest.approx((612, 792), abs=0.5)]
    assert sizes(as_png(letter), "image/png") == [pytest.approx((595.3, 770.4), abs=0.5)]


def test_each_sheet_of_a_tiff_is_a_page() -> None:
    upside_down = marked().transpose(Image.Transpose.ROTATE_180)
    pages = shown(as_tiff([marked(), upside_down, marked()], 72), "image/tiff")
    assert len(pages) == 3
    assert levels(pages[0]) == levels(pages[2]) == pytest.approx((255, 0, 128), abs=6)
    assert pages[1].getpixel((450, 650)) == pytest.approx(0, abs=6)


def test_of_too_many_pictures_one_more_is_kept_than_is_read() -> None:
    for frames, pages in ((50, 41), (41, 41), (40, 40)):
        content = hostile_images.many_frames(frames=frames)
        assert len(sizes(content, "image/tiff")) == pages


def test_a_small_picture_among_pages_is_passed_over() -> None:
    thumbnail = Image.new("L", (100, 130), 255)
    assert len(sizes(as_tiff([marked(), thumbnail, marked()], 72), "image/tiff")) == 2


def test_of_a_phones_file_the_first_picture_alone_is_a_page() -> None:
    content = saved(marked(), "MPO", save_all=True, append_images=[marked()])
    assert len(sizes(content, "image/jpeg")) == 1


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
def test_a_far_finer_photograph_is_made_coarser() -> None:
    fine = as_jpeg(Image.new("L", (5000, 7100), 255))
    with closing(pdfium.PdfDocument(as_pdf(fine, "image/jpeg"))) as document:
        (picture,) = document[0].get_objects()
        assert picture.get_px_size() == (2500, 3550)
        assert document[0].get_size() == pytest.approx((595.3, 845.3), abs=0.5)


@pytest.mark.parametrize("size", [(1, 1), (399, 2000), (2000, 399)])
def test_a_picture_in_which_nobody_can_read_is_no_form(size: tuple[int, int]) -> None:
    assert refusal(as_png(Image.new("L", size, 255)), "image/png") is Reason.NOT_A_FORM
    assert refusal(as_tiff([Image.new("1", size, 1)], 72), "image/tiff") is Reason.NOT_A_FORM


@pytest.mark.parametrize("make", [hostile_images.png_bomb, hostile_images.jpeg_that_lies])
def test_a_picture_of_too_many_dots_is_too_large(make: Callable[[], bytes]) -> None:
    content = make()
    kind = "image/png" if content.startswith(b"\x89PNG") else "image/jpeg"
    assert refusal(content, kind) is Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"", "image/png"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (as_png(marked())[:200], "image/png"),
        (as_jpeg(marked())[:300], "image/jpeg"),
        (as_jpeg(marked()), "image/png"),
        (saved(marked(), "BMP")[:500], "image/bmp"),
        (saved(marked(), "GIF")[:20], "image/gif"),
        (saved(marked(), "TIFF")[:500], "image/tiff"),
    ],
)
def test_half_a_picture_is_damaged(content: bytes, kind: str) -> None:
    assert refusal(content, kind) is Reason.DAMAGED


def test_an_iphones_photograph_is_one_page() -> None:
    ((wide, high),) = sizes(HEIC.read_bytes(), "image/heic")
    assert wide == pytest.approx(595.3, abs=0.5)
    assert high == pytest.approx(wide * 4 / 3, rel=0.01)


def test_half_an_iphones_photograph_is_damaged() -> None:
    assert refusal(HEIC.read_bytes()[:5000], "image/heic") is Reason.DAMAGED


def test_without_its_program_an_iphones_photograph_is_not_supported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert refusal(HEIC.read_bytes(), "image/heic") is Reason.UNSUPPORTED_TYPE
