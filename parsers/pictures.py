"""Has the pages of a form drawn within walls, so that a person sees where each value stood."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from parsers.isolation import Ending, Isolation, Limits
from parsers.ocr.kinds import PICTURES

if TYPE_CHECKING:
    from collections.abc import Iterator

    from parsers.model import ExtractedForm, Extraction

DRAWN = frozenset({"application/pdf", *PICTURES})
"""The media types whose pages can be drawn."""
SOFTWARE = "referral-intake"
"""Stands in each picture (a tEXt chunk named Software), so that it is known for one of ours."""
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_SURE = 0.9
"""A value of less confidence is marked as doubtful."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Picture:
    """A page from 1, and its PNG; None when it could not be drawn, and then `ending` says why."""

    page: int
    png: bytes | None
    ending: Ending = Ending.OK


class Pictures:
    """Draws in children of an Isolation."""

    def __init__(
        self, isolation: Isolation, *, seconds_per_page: float, megabytes_per_page: int
    ) -> None:
        """The limits are for each page: seconds by the wall clock, megabytes of address space."""
        self._isolation = isolation
        self._limits = Limits(wall_seconds=seconds_per_page, megabytes=megabytes_per_page)

    def of(self, content: bytes, read: Extraction) -> Iterator[Picture]:
        """Each page of each form that was found in the document, in order; none where there is no
        form, or no page to draw. Pages of a form without a value are drawn too.
        """
        if read.media_type not in DRAWN:
            return
        marks: dict[int, list[dict[str, Any]]] = {
            page: [] for form in read.forms for page in range(form.pages[0], form.pages[1] + 1)
        }
        for form in read.forms:
            for page, mark in _marks(form):
                marks.setdefault(page, []).append(mark)
        for page in sorted(marks):
            yield self._picture(content, page, marks[page])

    def _picture(self, content: bytes, page: int, marks: list[dict[str, Any]]) -> Picture:
        arguments = {"page": page, "marks": marks, "software": SOFTWARE}
        outcome = self._isolation.run("parsers.pdf.picture:drawn", content, arguments, self._limits)
        if outcome.ending is not Ending.OK:
            return Picture(page=page, png=None, ending=outcome.ending)
        try:
            png = base64.b64decode(outcome.result, validate=True)
        except (binascii.Error, TypeError, ValueError):
            png = b""
        if not is_ours(png[:256]):
            return Picture(page=page, png=None, ending=Ending.CRASHED)
        return Picture(page=page, png=png)


def is_ours(beginning: bytes) -> bool:
    """Whether a file that begins so is a picture that was drawn here."""
    marked = b"tEXtSoftware\x00" + SOFTWARE.encode("ascii")
    return beginning.startswith(_SIGNATURE) and marked in beginning


def _marks(form: ExtractedForm) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each value that has a place: its page, and how it is drawn."""
    doubted = {warning.field for warning in form.warnings}
    for key, answer in form.fields.items():
        if answer.page is None or answer.bbox is None:
            continue
        doubtful = key in doubted or answer.value is None or answer.confidence < _SURE
        yield (
            answer.page,
            {
                "key": key,
                "bbox": list(answer.bbox),
                "method": answer.method.value,
                "doubtful": doubtful,
            },
        )
