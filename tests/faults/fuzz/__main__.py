"""`python -m tests.faults.fuzz`: as many damaged documents as are asked for, one after another."""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

from tests.faults.fuzz.meaning import DOUBT
from tests.faults.fuzz.mutants import families
from tests.faults.fuzz.run import Finding, fuzz

if TYPE_CHECKING:
    from collections.abc import Iterator


def main() -> None:
    """Status 1 when something was found that must not be; doubts are for a person to look at."""
    arguments = argparse.ArgumentParser(prog="python -m tests.faults.fuzz", description=__doc__)
    arguments.add_argument("--count", type=int, default=10_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--first", type=int, default=0, help="number of the first one")
    arguments.add_argument("--only", choices=sorted(families()), default="", metavar="FAMILY")
    arguments.add_argument("--seconds", type=float, default=6, help="for one document")
    arguments.add_argument("--megabytes", type=int, default=1024, help="for one document")
    arguments.add_argument("--save", type=Path, help="folder for what is found")
    given = arguments.parse_args()
    found, began = Counter[str](), time.monotonic()
    numbers = _told(given.first, given.count, began)
    with fuzz(given.seconds, given.megabytes) as run:
        for finding in run.over(given.seed, numbers, given.only):
            found[_kind(finding)] += 1
            print(_line(finding), flush=True)
            if given.save is not None and finding.mutant is not None:
                given.save.mkdir(parents=True, exist_ok=True)
                name = f"{given.seed}-{finding.mutant.number}"
                (given.save / name).write_bytes(finding.mutant.content)
    for ending, count in run.endings.most_common():
        print(f"{count:7} {ending}")
    print("slowest:", ", ".join(f"{took:.1f} s (number {n})" for took, n in run.slowest))
    print("found:", dict(found))
    sys.exit(any(not kind.startswith(DOUBT) for kind in found))


def _told(first: int, count: int, began: float) -> Iterator[int]:
    """The numbers, and now and then a line that says how far they are."""
    for done in range(count):
        if done % max(1, count // 20) == 0:
            print(f"{done} of {count}, {time.monotonic() - began:.0f} s", file=sys.stderr)
        yield first + done


def _kind(finding: Finding) -> str:
    parts = finding.what.split(":")
    return ":".join(parts[:2]) if finding.what.startswith(DOUBT) else parts[0]


def _line(finding: Finding) -> str:
    one = finding.mutant
    where = "" if one is None else f"{one.number} {'+'.join(one.bases)} {one.change}: "
    return where + finding.what


if __name__ == "__main__":
    main()
