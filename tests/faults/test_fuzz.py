"""A slice of what `make soak` does with ten thousand documents."""

from __future__ import annotations

from tests.faults.fuzz.meaning import DOUBT
from tests.faults.fuzz.mutants import mutant
from tests.faults.fuzz.run import fuzz

COUNT = 150
DAMAGED = tuple(f"{DOUBT}: {kind}" for kind in ("dropped", "moved", "ticked"))
"""A field or a tick that was taken away or put elsewhere; but no value stands nowhere in a file."""


def test_damage_is_the_same_at_every_run() -> None:
    assert [mutant(3, number) for number in range(5)] == [mutant(3, number) for number in range(5)]
    assert mutant(3, 0) != mutant(4, 0)


def test_a_damaged_document_ends_as_a_sound_result_and_leaves_nothing() -> None:
    with fuzz(seconds=6, megabytes_=1024) as run:
        found = [
            f"{finding.mutant and finding.mutant.number}: {finding.what}"
            for finding in run.over(0, range(COUNT))
            if not finding.what.startswith(DAMAGED)
        ]
    assert found == []
    assert run.endings.total() == COUNT
    assert run.endings["full "] > COUNT / 5  # damage that reaches nothing would prove nothing
    assert run.endings["none damaged"] > COUNT / 10
