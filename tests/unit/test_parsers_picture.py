"""Frames are held against what filling in a form changes on its pages."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageChops

from parsers.isolation import Ending, Isolation
from parsers.pictures import Picture, Pictures, is_ours
from tests.samples import form, hands, people
from tests.samples.hands import Hand
from tests.samples.reading import read

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from parsers.model import BBox, Extraction

SCALE = 2.0


@pytest.fixture(scope="module")
def isolation() -> Iterator[Isolation]:
    made = Isolation()
    yield made
    made.close()


def turned(content: bytes, angle: int, crop: float = 0) -> bytes:
    with pikepdf.open(io.BytesIO(content)) as pdf:
        for page in pdf.pages:
            page.obj.Rotate = angle
            if crop:
                x0, y0, x1, y1 = (float(edge) for edge in page.obj.MediaBox)
                page.obj.MediaBox = [x0 - 40, y0 - 60, x1 + 30, y1 + 50]
                page.obj.CropBox = [x0 + crop, y0 + crop, x1 - crop, y1 - crop]
        buffer = io.BytesIO()
        pdf.save(buffer)
        return buffer.getvalue()


def rendered(content: bytes) -> list[Image.Image]:
    document = pdfium.PdfDocument(content)
    document.init_forms()
    pages = [page.render(scale=SCALE).to_pil().convert("RGB") for page in document]
    document.close()
    return pages


def pictures(isolation: Isolation, content: bytes, said: Extraction) -> list[Picture]:
    drawing = Pictures(isolation, seconds_per_page=20, megabytes_per_page=1024)
    return list(drawing.of(content, said))


def opened(picture: Picture) -> Image.Image:
    assert picture.png is not None
    return Image.open(io.BytesIO(picture.png)).convert("RGB")


def added(filled: Image.Image, blank: Image.Image) -> Image.Image:
    """White where filling in the form changed the page."""
    change = ImageChops.difference(filled, blank).convert("L")
    return change.point(lambda level: 255 * (level > 40))


def pixels(box: BBox, *, grown: int = 0) -> tuple[int, int, int, int]:
    x0, top, x1, bottom = (round(edge * SCALE) for edge in box)
    return (x0 - grown, top - grown, x1 + grown, bottom + grown)


KINDS: dict[str, Callable[[Mapping[str, str]], bytes]] = {
    "fillable": form.fillable,
    "fillable-columns": lambda given: form.fillable(given, layout="columns"),
    "radios": lambda given: form.fillable(given, radios=True),
    "flattened": form.flattened,
    "flattened-columns": lambda given: form.flattened(given, layout="columns"),
    "printed": form.printed,
    "printed-columns": lambda given: form.printed(given, layout="columns"),
    "written over the edge": lambda given: hands.draw(Hand(columns=2, row=26), given).done(),
    "rotated-90": lambda given: turned(form.fillable(given), 90),
    "rotated-180-printed": lambda given: turned(form.printed(given), 180),
    "rotated-270-cropped": lambda given: turned(form.flattened(given), 270, crop=12),
    "cropped": lambda given: turned(form.fillable(given), 0, crop=15),
}


@pytest.mark.parametrize("name", KINDS)
def test_every_frame_holds_the_ink_of_its_value(isolation: Isolation, name: str) -> None:
    content = KINDS[name](people.CHILD)
    filled, blank = rendered(content), rendered(KINDS[name]({}))
    said = read(content)
    shown = {each.page: opened(each) for each in pictures(isolation, content, said)}
    assert sorted(shown) == list(range(1, len(filled) + 1))
    for number, page in enumerate(filled, start=1):
        ink = added(page, blank[number - 1])
        mine = [v for v in said.forms[0].fields.values() if v.page == number]
        for value in mine:
            assert value.bbox is not None
            assert ink.crop(pixels(value.bbox)).getbbox() is not None
        # No value stands outside the frames, and nothing is drawn over any.
        picture = shown[number].crop((0, 0, *page.size))
        over = ImageChops.difference(picture, page).convert("L")
        assert ImageChops.multiply(over, ink).getbbox() is None
        for value in mine:
            assert value.bbox is not None
            ink.paste(0, pixels(value.bbox, grown=2))
        assert ink.getbbox() is None


@pytest.mark.parametrize("name", ["fillable", "rotated-270-cropped"])
def test_a_frame_has_the_colour_of_its_method(isolation: Isolation, name: str) -> None:
    content = KINDS[name](people.CHILD)
    said = read(content)
    colour = {"fillable": (11, 87, 208), "rotated-270-cropped": (19, 115, 51)}[name]
    shown = opened(pictures(isolation, content, said)[0])
    for value in said.forms[0].fields.values():
        if value.page == 1 and value.bbox is not None:
            x0, top, x1, bottom = pixels(value.bbox)
            edge = shown.crop((x0 - 2, top - 2, x1 + 1, bottom + 1))
            assert edge.getpixel((0, edge.height // 2)) == colour
            assert edge.getpixel((edge.width // 2, 0)) == colour


def test_a_doubtful_value_is_framed_in_red(isolation: Isolation) -> None:
    content = form.fillable(people.DOUBTFUL)
    said = read(content)
    born = said.forms[0].fields["individual.date_of_birth"]
    assert born.bbox is not None
    x0, top, _, bottom = pixels(born.bbox)
    shown = opened(pictures(isolation, content, said)[0])
    assert shown.getpixel((x0 - 1, (top + bottom) // 2)) == (197, 34, 31)


def test_keys_that_find_no_room_stand_in_a_margin(isolation: Isolation) -> None:
    content = KINDS["rotated-270-cropped"](people.CHILD)
    (plain, *_) = rendered(content)
    shown = opened(pictures(isolation, content, read(content))[0])
    assert shown.width > plain.width
    assert shown.height == plain.height


def test_a_picture_is_the_same_at_every_run_and_known_for_ours(isolation: Isolation) -> None:
    content = form.fillable(people.CHILD)
    said = read(content)
    first, again = pictures(isolation, content, said), pictures(isolation, content, said)
    assert first == again
    assert all(each.png is not None and is_ours(each.png[:256]) for each in first)
    assert not is_ours(b"\x89PNG\r\n\x1a\n")
    assert not is_ours(b"")


def test_a_page_of_any_size_is_drawn_within_bounds(isolation: Isolation) -> None:
    with pikepdf.open(io.BytesIO(form.fillable(people.CHILD))) as pdf:
        for page in pdf.pages:
            page.obj.MediaBox = [0, 0, 14400, 14400]
        buffer = io.BytesIO()
        pdf.save(buffer)
    shown = pictures(isolation, buffer.getvalue(), read(buffer.getvalue()))
    assert shown
    for each in shown:
        picture = opened(each)
        assert picture.width * picture.height < 14_000_000


@pytest.mark.parametrize("content", [b"", b"Dear all", form.blank(), form.scanned()])
def test_a_document_without_a_form_has_no_pictures(isolation: Isolation, content: bytes) -> None:
    assert pictures(isolation, content, read(content)) == []


def test_what_goes_wrong_in_the_child_is_said(isolation: Isolation) -> None:
    content = form.fillable(people.CHILD)
    said = read(content)
    (first, *_) = pictures(isolation, content[:200], said)
    assert (first.png, first.ending) == (None, Ending.RAISED)
    late = Pictures(isolation, seconds_per_page=0.001, megabytes_per_page=1024)
    (first, *_) = late.of(content, said)
    assert (first.png, first.ending) == (None, Ending.TIMEOUT)


class Liar(Isolation):
    """A child that was taken over by its document says what it likes."""

    def __init__(self, said: Any) -> None:
        super().__init__()
        self._said = said

    def run(self, *_: Any) -> Any:
        from parsers.isolation import Outcome

        return Outcome(ending=Ending.OK, result=self._said)


@pytest.mark.parametrize("said", [None, 3, [], {}, "", "§", "aGk=", "iVBORw0KGgo="])
def test_what_is_no_picture_is_not_believed(said: Any) -> None:
    content = form.fillable(people.CHILD)
    (first, *_) = pictures(Liar(said), content, read(content))
    assert (first.png, first.ending) == (None, Ending.CRASHED)
