"""Picture files as documents: every picture in them becomes a page."""

from __future__ import annotations

import io
import os
import shutil
import subprocess
from typing import TYPE_CHECKING

from PIL import Image, ImageOps, ImageSequence

from parsers.model import Reason
from parsers.ocr import sheet
from parsers.ocr.kinds import HEIC, HEIC_PROGRAM, PICTURES
from parsers.unreadable import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Iterator

_MOST_PIXELS = 60_000_000
_MOST_PAGES = 41
"""One more than are read, so that it is told that there are more."""
_ENOUGH = (2480, 3508)
"""A4 at 300 dots an inch: a JPEG that is far finer is made coarser as it is read."""
_LEAST = 400
"""Pixels; a page in fewer can't be read, by nobody."""
_SECONDS = 30


def as_pdf(content: bytes, kind: str) -> bytes:
    """A PDF with the pictures as pages, in grey; UnreadableError when there is none."""
    if kind == HEIC:
        content = _from_heic(content)
    try:
        pages = list(_pages(content, PICTURES[kind]))
    except Image.DecompressionBombError:
        raise UnreadableError(Reason.TOO_LARGE) from None
    except (OSError, ValueError, SyntaxError, EOFError, TypeError, IndexError):
        raise UnreadableError(Reason.DAMAGED) from None
    if not pages:
        raise UnreadableError(Reason.NOT_A_FORM)
    buffer = io.BytesIO()
    first, *others = pages
    first.save(buffer, "PDF", save_all=True, append_images=others, resolution=first.info["dpi"][0])
    return buffer.getvalue()


def _pages(content: bytes, formats: tuple[str, ...]) -> Iterator[Image.Image]:
    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS // 2
    with Image.open(io.BytesIO(content), formats=formats) as file:
        for number, frame in enumerate(ImageSequence.Iterator(file)):
            if number >= _MOST_PAGES:
                return
            if frame.width * frame.height > _MOST_PIXELS:
                raise Image.DecompressionBombError
            if frame.format in PICTURES["image/jpeg"]:
                frame.draft("L", _ENOUGH)
            page = ImageOps.exif_transpose(_grey(frame))
            if min(page.size) < _LEAST:
                continue
            wide, _ = sheet.page_size(page)
            page.info = {"dpi": (page.width * 72 / wide,) * 2}
            yield page
            if file.format in PICTURES["image/jpeg"]:
                return  # what follows in such a file is the same picture, smaller


def _grey(frame: Image.Image) -> Image.Image:
    """In grey, on white where it is clear, with what is told about the picture."""
    told = frame.getexif()
    dpi = frame.info.get("dpi")
    if frame.mode in ("RGBA", "LA", "PA", "P") or "transparency" in frame.info:
        clear = frame.convert("RGBA")
        ground = Image.new("RGBA", clear.size, "white")
        grey = Image.alpha_composite(ground, clear).convert("L")
    elif frame.mode.startswith("I") or frame.mode == "F":
        _, high = frame.getextrema()
        white = max(float(high), 1.0)  # type: ignore[arg-type]
        grey = frame.point(lambda value: value * (255.0 / white)).convert("L")
    else:
        grey = frame.convert("L")
    grey.info = {} if dpi is None else {"dpi": dpi}
    grey.getexif().update(told)
    return grey


def _from_heic(content: bytes) -> bytes:
    """The first picture as PNG, upright."""
    program = shutil.which(HEIC_PROGRAM)
    if program is None:
        raise UnreadableError(Reason.UNSUPPORTED_TYPE)
    source, target = os.memfd_create("picture"), os.memfd_create("png")
    try:
        with open(source, "wb", closefd=False) as file:
            file.write(content)
        size, paths = str(max(_ENOUGH)), [f"/proc/self/fd/{each}" for each in (source, target)]
        subprocess.run(
            [program, "-s", size, "-p", *paths],
            pass_fds=[source, target],
            check=True,
            timeout=_SECONDS,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        with open(target, "rb", closefd=False) as file:
            file.seek(0)
            return file.read()
    except (OSError, subprocess.SubprocessError):
        raise UnreadableError(Reason.DAMAGED) from None
    finally:
        os.close(source)
        os.close(target)
