"""A page as a viewer shows it, with a frame around each value and its key beside it, as PNG."""

from __future__ import annotations

import base64
import io
from contextlib import closing
from typing import TYPE_CHECKING, Any

import pypdfium2 as pdfium
from PIL import Image, ImageDraw, ImageFont
from PIL.PngImagePlugin import PngInfo

from parsers.ocr.images import as_pdf
from parsers.ocr.kinds import PICTURES
from parsers.pdf.geometry import overlaps
from parsers.sniff import media_type

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from parsers.model import BBox

_SCALE, _MOST_PIXELS = 2.0, 12_000_000
_SIZE, _CLEAR = 11, 3
"""Pixels: the height of a key's letters; what is left free around it."""
_FAR, _SLIDE = 13, 40
"""Pixels: more than half a box to tick; how far beside one its key may stand."""
_CONTRAST = 24
"""Of 255; where the brightness differs by more, something is printed."""
_COLOURS = {
    "acroform": "#0b57d0",
    "xfa": "#00696d",
    "layout": "#137333",
    "docx": "#00696d",
    "ocr": "#7627bb",
}
_DOUBTFUL, _PAPER, _BLANK = "#c5221f", "#f1f3f4", (255, 255)


def drawn(content: bytes, *, page: int, marks: list[dict[str, Any]], software: str) -> str:
    """One page (from 1) of a PDF, or of a file of pictures, as PNG in base64. `marks`: for each
    value its `key`, its `bbox` in points from the top left of the page as shown, its `method`, and
    whether it is `doubtful`. `software` stands in the picture as what drew it.
    """
    if (kind := media_type(content)) in PICTURES:
        content = as_pdf(content, kind)
    with closing(pdfium.PdfDocument(content)) as document:
        document.init_forms()
        with closing(document[page - 1]) as shown:
            wide, high = shown.get_size()
            scale = min(_SCALE, (_MOST_PIXELS / max(wide * high, 1.0)) ** 0.5)
            image = shown.render(scale=scale).to_pil().convert("RGB")
    across, down = image.width / wide, image.height / high
    framed = [_frame(mark["bbox"], across, down) for mark in marks]
    buffer = io.BytesIO()
    info = PngInfo()
    info.add_text("Software", software)
    _Drawing(image, framed).marked(marks).save(buffer, "PNG", pnginfo=info)
    return base64.b64encode(buffer.getvalue()).decode("ascii")


def _frame(box: Sequence[float], across: float, down: float) -> BBox:
    """The pixels of a value."""
    return (box[0] * across, box[1] * down, box[2] * across, box[3] * down)


class _Drawing:
    """A rendered page on which values are framed; no key stands on print or in another's frame."""

    def __init__(self, image: Image.Image, frames: Sequence[BBox]) -> None:
        self._image = image
        self._frames = frames
        self._grey = image.convert("L")
        self._font = ImageFont.load_default(_SIZE)
        self._taken: list[BBox] = []

    def marked(self, marks: Sequence[dict[str, Any]]) -> Image.Image:
        """The page with all marks; wider where a key found no room on it."""
        texts = [mark["key"] + (" ?" if mark["doubtful"] else "") for mark in marks]
        colours = [
            _DOUBTFUL if mark["doubtful"] else _COLOURS.get(mark["method"], _DOUBTFUL)
            for mark in marks
        ]
        places = [self._place(text, frame) for text, frame in zip(texts, self._frames, strict=True)]
        margin = max(
            (self._width(t) + 4 * _CLEAR for t, p in zip(texts, places, strict=True) if p is None),
            default=0,
        )
        sheet = Image.new("RGB", (self._image.width + margin, self._image.height), _PAPER)
        sheet.paste(self._image, (0, 0))
        pen = ImageDraw.Draw(sheet)
        for text, colour, frame, place in sorted(
            zip(texts, colours, self._frames, places, strict=True), key=lambda each: each[2][1]
        ):
            # Around the value, never on it.
            around = (frame[0] - 2, frame[1] - 2, frame[2] + 1, frame[3] + 1)
            pen.rectangle(around, outline=colour, width=2)
            left, top = place or self._beside(pen, frame, colour)
            pen.text((left, top), text, fill=colour, font=self._font)
        return sheet

    def _place(self, text: str, frame: BBox) -> tuple[float, float] | None:
        """The nearest place without print; None when there is none."""
        wide, tall = self._width(text) + 2 * _CLEAR, _SIZE + _CLEAR
        for left, top in _around(frame, wide, tall):
            box = (left, top, left + wide, top + tall)
            if self._is_free(box, frame):
                self._taken.append(box)
                return (left + _CLEAR, top)
        return None

    def _is_free(self, box: BBox, own: BBox) -> bool:
        if box[0] < 0 or box[1] < 0 or box[2] > self._image.width or box[3] > self._image.height:
            return False
        others = [frame for frame in self._frames if frame is not own]
        if any(overlaps(box, _grown(other)) for other in (*others, *self._taken)):
            return False
        inside = self._grey.crop((int(box[0]), int(box[1]), round(box[2]), round(box[3])))
        low, high = inside.getextrema()
        return bool(high - low < _CONTRAST)  # type: ignore[operator] # one band: two numbers

    def _beside(self, pen: ImageDraw.ImageDraw, frame: BBox, colour: str) -> tuple[float, float]:
        """A place in the margin at the value's height, or below what stands there already, joined
        to its frame by a line of dots.
        """
        left, top = self._image.width + 2.0 * _CLEAR, (frame[1] + frame[3] - _SIZE) / 2
        tall = _SIZE + _CLEAR
        column = sorted(box[1] for box in self._taken if box[0] == left)
        for other in column:
            if abs(other - top) < tall:
                top = other + tall
        self._taken.append((left, top, left, top + tall))
        level = int(max(frame[1], min(top + _SIZE / 2, frame[3])))
        for x in range(int(frame[2]) + 4, self._image.width - 3, 8):
            # A dot never comes near print: in an empty box to tick it would look like a mark.
            near = (x - _FAR, level - _FAR, x + 3 + _FAR, level + 1 + _FAR)
            if self._grey.crop(near).getextrema() == _BLANK:
                pen.line((x, level, x + 2, level), fill=colour)
        return left, top

    def _width(self, text: str) -> int:
        return round(self._font.getlength(text)) + 1


def _around(frame: BBox, wide: float, tall: float) -> Iterator[tuple[float, float]]:
    """Where a key may stand, the best first: right of its frame, above, below,
    left, within; beside a box to tick also a little further off.
    """
    x0, top, x1, bottom = frame
    middle = (top + bottom - tall) / 2
    yield x1 + 2 * _CLEAR, middle
    for y in (top - tall - _CLEAR, bottom + _CLEAR):
        yield x1 - wide, y
        yield x0, y
    yield x0 - wide - 2 * _CLEAR, middle
    for y in (middle, top + _CLEAR, bottom - tall - _CLEAR):
        yield x1 - wide - _CLEAR, y
    if x1 - x0 < _SLIDE:
        for slide in range(4 * _CLEAR, _SLIDE + 1, 4):
            for y in (middle, bottom - tall + _CLEAR, bottom - tall + 3 * _CLEAR):
                yield x0 - wide - slide, y
                yield x1 + slide, y


def _grown(box: BBox) -> BBox:
    return (box[0] - _CLEAR, box[1] - _CLEAR, box[2] + _CLEAR, box[3] + _CLEAR)
