"""Where a process spends its time: processor seconds between the steps of a message's path."""

from __future__ import annotations

import os
import time
from pathlib import Path

TICK = 1000 / os.sysconf("SC_CLK_TCK")

STEPS = {
    "seen": "list",
    "fetched": "fetch",
    "original_kept": "accept",
    "accepted": "accept",
    "parsed": "parse",
    "read": "read",
    "understood": "compose",
    "composed": "compose",
    "recorded": "record",
    "moved": "file",
    "filed": "file",
    "claimed": "send",
    "entering_data": "send",
    "handed_over": "send",
    "sent": "send",
    "delivered": "send",
}
"""Each step of the path, and the part of the work to which what was done before it belongs."""


class Meter:
    """Told of each step as it is done; what was spent since the step before goes to its part."""

    def __init__(self) -> None:
        self.messages: list[dict[str, float]] = []
        """Of each message, the milliseconds of processor time by part (and `wall`)."""
        self.at_start: dict[str, float] = {}
        """What was spent for all messages together, before the first."""
        self._now: dict[str, float] = {}
        self._processor = time.process_time()
        self._wall = time.perf_counter()

    def step(self, name: str) -> None:
        """A step is done."""
        processor = time.process_time()
        part = STEPS[name]
        self._now[part] = self._now.get(part, 0.0) + (processor - self._processor) * 1000
        self._processor = processor
        if name == "seen":
            self.at_start, self._now = self._now, {}
            self._wall = time.perf_counter()

    def message_done(self) -> None:
        """All steps of a message are done."""
        wall = time.perf_counter()
        self.messages.append({**self._now, "wall": (wall - self._wall) * 1000})
        self._now, self._wall = {}, wall
        self._processor = time.process_time()


def child_of(pid: int) -> int:
    """The one child of a process."""
    (child,) = children_of(pid)
    return child


def children_of(pid: int) -> list[int]:
    """The children of a process; none when it is gone."""
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(child) for child in listed.split()]


def processor_ms(pid: int) -> float:
    """Processor time of a process with all its children that have ended, in whole clock ticks."""
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) * TICK


def memory_mb(pid: int | str, key: str = "VmRSS") -> float:
    """Resident memory of a process in MB: now, or at its most (`VmHWM`); 0 when it is gone."""
    try:
        status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    except OSError:
        return 0.0
    return next(
        (int(line.split()[1]) / 1000 for line in status.splitlines() if line.startswith(key)), 0.0
    )
