"""Puts mutants through the reader, and looks whether everything holds that must."""

from __future__ import annotations

import json
import math
import os
import tempfile
import time
from collections import Counter
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from parsers.isolation import Isolation
from parsers.model import Readability
from parsers.output import to_json
from parsers.reader import Ocr, Reader, preparation
from tests.faults.fuzz.meaning import misreadings
from tests.faults.fuzz.mutants import PICTURES, Mutant, bases, families, mutant
from tests.faults.fuzz.watch import descriptors, kin, megabytes
from tests.samples.reading import SPECS, TODAY

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from parsers.model import Extraction, FieldValue

_CONFIG = Path(__file__).parents[3] / "config"
_KEYS = {key for spec in SPECS for section in spec.sections for key in section.keys}
_OCR = Ocr(seconds_per_page=3, megabytes=1536)
_PAGES = 5
"""No picture has so many; but some are taken for two."""
_LATE = 2.0
"""Seconds that a result may come after its limit: the machine may be busy."""
_SETTLING = 0.3
_GROWTH = 24
"""Megabytes that a process may grow by over a run: an allocator never gives everything back."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Finding:
    """`what` went wrong with which mutant; None when it shows only after all."""

    what: str
    mutant: Mutant | None = None


@dataclass(kw_only=True, slots=True)
class Fuzz:
    """A run. `endings` counts the results; `slowest` are the longest, in seconds."""

    reader: Reader
    seconds: float
    folder: Path
    endings: Counter[str] = field(default_factory=Counter)
    slowest: list[tuple[float, int]] = field(default_factory=list)
    _read: dict[str, Extraction] = field(default_factory=dict)

    def over(self, seed: int, numbers: Iterable[int], only: str = "") -> Iterator[Finding]:
        """What is wrong, as it is found."""
        self.reader.read(b"%PDF-1.7", TODAY)  # the warm process is there
        # A warm process is started anew only after it failed: that would be seen as another one.
        before = {pid: (descriptors(pid), megabytes(pid)) for pid in kin()}
        for number in numbers:
            one = mutant(seed, number, only=only)
            for wrong in self._wrong(one):
                yield Finding(what=wrong, mutant=one)
            if kin() != set(before):
                time.sleep(_SETTLING)
                if (now := kin()) != set(before):
                    yield Finding(what=f"processes: {now} after {set(before)}", mutant=one)
                    return
        # The warm process tells an ending before it closes what belongs to it.
        time.sleep(_SETTLING)
        for pid, (opened, held) in before.items():
            who = "parent" if pid == os.getpid() else "warm process"
            if descriptors(pid) > opened:
                yield Finding(what=f"{who}: {descriptors(pid)} descriptors after {opened}")
            if megabytes(pid) > held + _GROWTH:
                yield Finding(what=f"{who}: {megabytes(pid):.0f} MB after {held:.0f}")

    def _wrong(self, one: Mutant) -> Iterator[str]:
        began = time.monotonic()
        read = self.reader.read(one.content, TODAY)
        took = time.monotonic() - began
        self.endings[f"{read.readability} {read.reason or ''}"] += 1
        self.slowest = sorted([*self.slowest, (took, one.number)], reverse=True)[:10]
        if took > self._most(one):
            yield f"late: {took:.1f} s"
        if left := sorted(path.name for path in self.folder.iterdir()):
            yield f"left behind: {left}"
        yield from unsound(read)
        if read.readability is Readability.FULL:
            yield from misreadings(one, read, [self._base(name) for name in one.bases])

    def _most(self, one: Mutant) -> float:
        """Seconds that a reading may take: pictures are looked at first, then opened, then read."""
        if set(one.bases).isdisjoint(families()[PICTURES]):
            return self.seconds + _LATE
        return 3 * self.seconds + _OCR.seconds_per_page * _PAGES + _LATE

    def _base(self, name: str) -> Extraction:
        if name not in self._read:
            self._read[name] = self.reader.read(bases()[name], TODAY)
        return self._read[name]


@contextmanager
def fuzz(seconds: float, megabytes_: int) -> Iterator[Fuzz]:
    """One with a reader of its own, that gives each document so much."""
    with tempfile.TemporaryDirectory() as folder:
        isolation = Isolation(
            ("tests.faults.fuzz.watch:keep_files_in", {"folder": folder}), preparation(_CONFIG)
        )
        reader = Reader(
            _CONFIG,
            isolation,
            seconds_per_document=seconds,
            megabytes_per_document=megabytes_,
            ocr=_OCR,
        )
        try:
            yield Fuzz(reader=reader, seconds=seconds, folder=Path(folder))
        finally:
            isolation.close()


def unsound(read: Extraction) -> Iterator[str]:
    """Where a result is not as extract-output.md says."""
    if (read.reason is None) != (read.readability is Readability.FULL):
        yield f"reason {read.reason} of {read.readability}"
    if (read.forms == []) != (read.readability is Readability.NONE):
        yield f"{len(read.forms)} forms of {read.readability}"
    json.dumps(to_json(read, None), ensure_ascii=False, allow_nan=False).encode()
    for form in read.forms:
        if not 1 <= form.pages[0] <= form.pages[1]:
            yield f"pages {form.pages}"
        if form.readability is Readability.NONE or not (form.fields or form.unrecognised):
            yield "a form of nothing"
        for key, answer in form.fields.items():
            if key not in _KEYS:
                yield f"field {key}"
            yield from (f"{key}: {wrong}" for wrong in _unsound(key, answer))


def _unsound(key: str, answer: FieldValue) -> Iterator[str]:
    if not 0 < answer.confidence <= 1:
        yield f"confidence {answer.confidence}"
    if answer.page is not None and answer.page < 1:
        yield f"page {answer.page}"
    if answer.bbox is not None:
        x0, top, x1, bottom = answer.bbox
        if not all(map(math.isfinite, answer.bbox)) or x0 > x1 or top > bottom:
            yield f"box {answer.bbox}"
    kind = next(field.kind for spec in SPECS for s in spec.sections for field in s.fields
                if field.key == key)  # fmt: skip
    if kind == "date" and answer.value is not None:
        date.fromisoformat(str(answer.value))
    if kind == "yes_no" and answer.value not in ("yes", "no", "conflict", None):
        yield f"yes/no {answer.value!r}"
    if kind in ("phones", "emails") and not isinstance(answer.value, list | None):
        yield f"list {answer.value!r}"
