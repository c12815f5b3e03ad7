"""`python -m bench.reading`: what reading a document costs beside the least that libraries need."""

from __future__ import annotations

import argparse
import logging
import os
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from bench import floors
from bench.meter import child_of, processor_ms
from parsers import formspec
from parsers.extract import extract
from parsers.isolation import Isolation, Limits
from tests.samples.reading import TODAY

if TYPE_CHECKING:
    from bench.floors import Work
    from parsers.formspec import FormSpec

_ROOT = Path(__file__).parent.parent
KINDS = {
    "fillable": "fillable",
    "fillable-columns": "columns",
    "rotated-90": "rotated",
    "flattened": "flattened",
    "printed": "printed",
    "printed-columns": "printed columns",
    "rotated-180-printed": "printed, rotated",
    "mention": "foreign",
}
"""The golden documents that stand for their kinds."""
_CHILDREN = 100
"""So many that clock ticks of 10 ms are no matter."""
_NOTHING = Limits(wall_seconds=10, megabytes=1024)


def _reading(document: bytes, specs: list[FormSpec]) -> Work:
    return lambda _number: extract(document, specs, TODAY)


def _row(name: str, times: dict[str, list[float]]) -> None:
    ours, words, text = (times[each] for each in ("ours", "words", "text"))
    p95 = sorted(ours)[int(len(ours) * 0.95)]
    middle = median(ours)
    print(
        f"{name:18}{middle:8.1f}{p95:8.1f}{median(words):14.1f}{median(text):10.1f}"
        f"{middle / median(words):10.2f}{middle / median(text):10.1f}"
    )


def _child_ms(times: int) -> float:
    """Processor time of a child that does nothing, with what its warm parent spends on it."""
    isolation = Isolation()

    def run() -> None:
        isolation.run("parsers.sniff:media_type", b"%PDF-", {}, _NOTHING)

    try:
        run()
        warm = child_of(os.getpid())
        before = processor_ms(warm)
        for _ in range(times):
            run()
        return (processor_ms(warm) - before) / times
    finally:
        isolation.close()


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench.reading", description=__doc__)
    arguments.add_argument("times", type=int, nargs="?", default=21, help="how often each")
    times = arguments.parse_args().times
    logging.disable(logging.CRITICAL)
    specs = formspec.load(_ROOT / "config")
    print(
        f"{'ms of CPU':18}{'median':>8}{'p95':>8}{'extract_words':>14}{'PDFium':>10}"
        f"{'of words':>10}{'of PDFium':>10}"
    )
    for sample, name in KINDS.items():
        document = (_ROOT / "tests" / "golden" / f"{sample}.pdf").read_bytes()
        floor: dict[str, Work] = {
            "ours": _reading(document, specs),
            "words": floors.pdfplumber_words(document),
            "text": floors.pdfium_text(document),
        }
        _row(name, floors.in_turn(times, floor))
    print(f"a child that does nothing: {_child_ms(_CHILDREN):.1f}")


if __name__ == "__main__":
    main()
