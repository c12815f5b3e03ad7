"""The pages of a PDF that are pictures of pages, each read when it is asked for."""

from __future__ import annotations

import math
import os
import signal
import time
from collections import deque
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any, TypeVar

from pypdfium2 import raw

from parsers.ocr import sheet
from parsers.ocr.engine import Engine, EngineError
from parsers.ocr.page import Page
from parsers.pdf.pictured import DEEP

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Iterator

    from PIL.Image import Image

_MOST_PIXELS = 40_000_000
_LEAST_DPI, _MOST_DPI = 150.0, 300.0
_SETTLED = 5
_FIRST = 0.6
"""The share of a page's time that its first reading may take."""
A = TypeVar("A")
B = TypeVar("B")


class Scans:
    """Reads with the tesseract program, on every processor that this process may use. A page gets
    so many seconds by the wall clock; one that can't be read in them stays a picture.
    """

    def __init__(self, seconds_per_page: int) -> None:
        self._seconds = seconds_per_page
        self._hands = len(os.sched_getaffinity(0))

    def read(self, document: Any, numbers: Collection[int]) -> dict[int, Page]:
        """Those of the pages (from 1) of a PDFium document that could be read.

        The whole process ends (SIGALRM) when all of them together take longer than they may.
        """
        signal.alarm(math.ceil(self._seconds * len(numbers)) + _SETTLED)
        drawn = (_drawn(document, number) for number in sorted(numbers))
        return {page.sheet.page: page for page in self._each(self._page, drawn)}

    def again(self, pages: Iterable[tuple[Page, Collection[int]]]) -> None:
        """Read pages once more, each with the words (by identity) that are the form's own. One that
        can't be read again stays as it was.
        """
        for _ in self._each(self._again, pages):
            pass

    def _page(self, drawn: tuple[Image, int, tuple[float, float]]) -> Page:
        return Page(sheet.of(*drawn), Engine(time.monotonic() + _FIRST * self._seconds))

    def _again(self, page: tuple[Page, Collection[int]]) -> None:
        page[0].again(Engine(time.monotonic() + (1 - _FIRST) * self._seconds), page[1])

    def _each(self, read: Callable[[A], B], waiting: Iterable[A]) -> Iterator[B]:
        """What comes of each that can be read, in order; no more are under way at once, and in
        memory, than there are processors.
        """
        with ThreadPoolExecutor(self._hands) as pool:
            begun: deque[Future[B]] = deque()
            for each in waiting:
                begun.append(pool.submit(read, each))
                if len(begun) >= self._hands:
                    yield from _done(begun.popleft())
            for future in begun:
                yield from _done(future)


def _done(future: Future[B]) -> Iterator[B]:
    with suppress(EngineError):
        yield future.result()


def _drawn(document: Any, number: int) -> tuple[Image, int, tuple[float, float]]:
    """The picture of a page, its number, and its size in points."""
    with closing(document[number - 1]) as page:
        wide, high = page.get_size()
        scale = min(_dpi(page) / 72, (_MOST_PIXELS / max(wide * high, 1.0)) ** 0.5)
        with closing(page.render(scale=scale, grayscale=True)) as bitmap:
            return bitmap.to_pil().convert("L").copy(), number, (wide, high)


def _dpi(page: Any) -> float:
    """That of the finest large image on a page."""
    finest = 0.0
    for image in page.get_objects(filter=(raw.FPDF_PAGEOBJ_IMAGE,), max_depth=DEEP):
        left, bottom, right, top = image.get_bounds()
        across, down = image.get_px_size()
        longest = max(right - left, top - bottom)
        if longest > 72:  # noqa: PLR2004 - an inch
            finest = max(finest, max(across, down) * 72 / longest)
    return min(max(finest, _LEAST_DPI), _MOST_DPI)
