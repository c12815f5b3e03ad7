"""What reading a document takes of memory, told from inside the child that reads it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.meter import memory_mb
from parsers.extract import extract_json
from parsers.isolation import Ending, Isolation, Limits

if TYPE_CHECKING:
    from datetime import date

_LIMITS = Limits(wall_seconds=60, megabytes=1024)


def of_reading(content: bytes, *, config_dir: str, today: str) -> dict[str, float]:
    """MB of the process that calls this, which has read the document afterwards: resident at its
    most, most of which it shares with the warm process and every other child; its fair share of
    that (PSS) and what is its own alone, both at the end.
    """
    extract_json(content, config_dir=config_dir, today=today)
    rolled = Path("/proc/self/smaps_rollup").read_text(encoding="ascii").splitlines()
    kilobytes = {line.split(":")[0]: int(line.split()[1]) for line in rolled[1:]}
    own = kilobytes["Private_Clean"] + kilobytes["Private_Dirty"]
    return {
        "resident": memory_mb("self", "VmHWM"),
        "share": kilobytes["Pss"] / 1000,
        "own": own / 1000,
    }


def of_child(
    isolation: Isolation, content: bytes, *, config_dir: Path, today: date
) -> dict[str, float]:
    """The same of a child that reads the document within walls, as in operation."""
    arguments: dict[str, Any] = {"config_dir": str(config_dir), "today": today.isoformat()}
    outcome = isolation.run("bench.memory:of_reading", content, arguments, _LIMITS)
    if outcome.ending is not Ending.OK:
        raise AssertionError(outcome)
    found: dict[str, float] = outcome.result
    return found
