"""`python -m bench.reading`: what reading a document costs beside the least that libraries need."""

from __future__ import annotations

import argparse
import logging
import os
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench import floors, memory
from bench.meter import child_of, processor_ms
from parsers import formspec
from parsers.extract import extract
from parsers.isolation import Isolation, Limits
from parsers.reader import preparation
from tests.samples.reading import TODAY

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.floors import Work
    from parsers.formspec import FormSpec

_ROOT = Path(__file__).parent.parent
_CONFIG = _ROOT / "config"
_GOLDEN = _ROOT / "tests" / "golden"


@dataclass(frozen=True, kw_only=True, slots=True)
class Kind:
    """A document that stands for its kind, and the aims: what reading it costs at most, as a share
    of what pdfplumber's words of it cost, and its child's resident memory, MB, at most.
    """

    path: Path
    share: float
    megabytes: float = 120


KINDS = {
    "fillable": Kind(path=_GOLDEN / "fillable.pdf", share=0.35, megabytes=60),
    "columns": Kind(path=_GOLDEN / "fillable-columns.pdf", share=0.35, megabytes=60),
    "rotated": Kind(path=_GOLDEN / "rotated-90.pdf", share=0.35, megabytes=60),
    "flattened": Kind(path=_GOLDEN / "flattened.pdf", share=0.6),
    "printed": Kind(path=_GOLDEN / "printed.pdf", share=0.6),
    "printed columns": Kind(path=_GOLDEN / "printed-columns.pdf", share=0.6),
    "printed, rotated": Kind(path=_GOLDEN / "rotated-180-printed.pdf", share=0.6),
    # LibreOffice's export of a form typed into a Word table without borders.
    "Word export": Kind(path=_ROOT / "bench" / "documents" / "word-exported.pdf", share=0.7),
    "foreign": Kind(path=_GOLDEN / "mention.pdf", share=0.3, megabytes=60),
}
_CHILDREN = 100
"""So many that clock ticks of 10 ms are no matter."""
_CHILD_MS = 10.0
_NOTHING = Limits(wall_seconds=10, megabytes=1024)


def _reading(document: bytes, specs: list[FormSpec]) -> Work:
    return lambda _number: extract(document, specs, TODAY)


def _p95(times: Sequence[float]) -> float:
    return sorted(times)[int(len(times) * 0.95)]


def _row(name: str, kind: Kind, times: dict[str, list[float]], took: dict[str, float]) -> None:
    ours, words, text = (times[each] for each in ("ours", "words", "text"))
    share = median(ours) / median(words)
    met = share <= kind.share and took["resident"] <= kind.megabytes
    print(
        f"{name:18}{median(ours):8.1f}{_p95(ours):8.1f}{median(words):8.1f}{_p95(words):8.1f}"
        f"{median(text):8.1f}{share:8.2f}{_p95(ours) / _p95(words):7.2f}{kind.share:6.2f}"
        f"{median(ours) / median(text):7.1f}{took['resident']:9.0f}{took['share']:6.0f}"
        f"{took['own']:5.0f}{kind.megabytes:6.0f}  {'met' if met else 'missed'}"
    )


def _child_ms(isolation: Isolation, times: int) -> float:
    """Processor time of a child that does nothing, with what its warm parent spends on it."""
    warm = child_of(os.getpid())
    before = processor_ms(warm)
    for _ in range(times):
        isolation.run("parsers.sniff:media_type", b"%PDF-", {}, _NOTHING)
    return (processor_ms(warm) - before) / times


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench.reading", description=__doc__)
    arguments.add_argument("times", type=int, nargs="?", default=21, help="how often each")
    times = arguments.parse_args().times
    logging.disable(logging.CRITICAL)
    specs = formspec.load(_CONFIG)
    print(
        f"{'':18}{'ours, ms of CPU':>16}{'extract_words':>16}{'PDFium':>8}"
        f"{'of words':>15}{'aim':>6}{'of':>7}{'child, MB':>14}\n"
        f"{'':18}{'median':>8}{'p95':>8}{'median':>8}{'p95':>8}{'median':>8}{'median':>8}{'p95':>7}"
        f"{'':>6}{'PDFium':>7}{'resident':>9}{'PSS':>6}{'own':>5}{'aim':>6}"
    )
    samples = [kind.path for kind in KINDS.values()]
    with closing(Isolation(preparation(_CONFIG, samples))) as isolation:
        for name, kind in KINDS.items():
            document = kind.path.read_bytes()
            floor: dict[str, Work] = {
                "ours": _reading(document, specs),
                "words": floors.pdfplumber_words(document),
                "text": floors.pdfium_text(document),
            }
            took = memory.of_child(isolation, document, config_dir=_CONFIG, today=TODAY)
            _row(name, kind, floors.in_turn(times, floor), took)
        child = _child_ms(isolation, _CHILDREN)
        met = "met" if child <= _CHILD_MS else "missed"
        print(f"a child that does nothing: {child:.1f} ms (aim {_CHILD_MS:.0f}): {met}")


if __name__ == "__main__":
    main()
