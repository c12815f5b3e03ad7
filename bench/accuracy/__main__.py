"""`python -m bench.accuracy`: every kind of document read, and held against what was written."""

from __future__ import annotations

import argparse
import sys
from contextlib import closing
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING

from bench.accuracy.kinds import DIGITAL, golden, invented_ones
from bench.accuracy.score import Score
from bench.accuracy.table import circumstances, table
from parsers.isolation import Isolation
from parsers.reader import Ocr, Reader, preparation
from tests.samples.reading import TODAY

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bench.accuracy.kinds import Document

_ROOT = Path(__file__).parents[2]
_WRITTEN = _ROOT / "docs" / "accuracy.md"
_TOLD = "## Measured\n"


def main() -> None:
    """Status 1 when a kind that stores its text has a wrong, invented or dropped answer."""
    arguments = argparse.ArgumentParser(prog="python -m bench.accuracy", description=__doc__)
    arguments.add_argument("--count", type=int, default=5, help="random forms of each kind")
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--seconds", type=int, default=10, help="for a page that is a picture")
    arguments.add_argument("--kind", action="append", help="only kinds that contain this")
    arguments.add_argument("--write", action="store_true", help="into docs/accuracy.md")
    arguments.add_argument("--each", action="store_true", help="name each wrong answer")
    given = arguments.parse_args()
    scores = _scores(
        chain(golden(), invented_ones(given.seed, given.count)), given.kind, given.seconds
    )
    said = table(scores)
    print(said)
    if given.each:
        print("\n".join(line for score in scores.values() for line in score.told))
    if given.write:
        above = _WRITTEN.read_text(encoding="utf-8").partition(_TOLD)[0]
        when = circumstances(given.seed, given.count, datetime.now(UTC).date())
        _WRITTEN.write_text(f"{above}{_TOLD}\n{when}\n\n{said}\n", encoding="utf-8")
    sure = [scores[kind] for kind in DIGITAL if kind in scores]
    sys.exit(any(each.silent or each.invented or each.missed for each in sure))


def _scores(
    documents: Iterator[Document], only: list[str] | None, seconds: int
) -> dict[str, Score]:
    config = _ROOT / "config"
    scores: dict[str, Score] = {}
    with closing(Isolation(preparation(config))) as isolation:
        reader = Reader(
            config,
            isolation,
            seconds_per_document=20,
            megabytes_per_document=1024,
            ocr=Ocr(seconds_per_page=seconds, megabytes=1536),
        )
        for document in documents:
            if only and not any(part in document.kind for part in only):
                continue
            print(f"\r{document.name:40}", end="", file=sys.stderr)
            score = scores.setdefault(document.kind, Score())
            score.add(document, reader.read(document.content, TODAY))
    print(f"\r{'':40}\r", end="", file=sys.stderr)
    return scores


if __name__ == "__main__":
    main()
