"""What must not grow or stay behind while documents are read: processes, descriptors, files."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def kin() -> set[int]:
    """The processes that descend from this one, and still run."""
    parents = {}
    for process in Path("/proc").iterdir():
        if process.name.isdigit():
            try:
                after_name = (process / "stat").read_text().rpartition(")")[2].split()
            except OSError:
                continue
            if after_name[0] != "Z":
                parents[int(process.name)] = int(after_name[1])
    found, new = set[int](), {os.getpid()}
    while new:
        new = {pid for pid, parent in parents.items() if parent in new} - found
        found |= new
    return found


def descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def megabytes(pid: int) -> float:
    """What a process holds in memory."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGESIZE") / (1 << 20)


def keep_files_in(*, folder: str) -> None:
    """For the warm process: whatever its children put into files goes there, where it is seen."""
    os.environ["TMPDIR"] = folder
    tempfile.tempdir = folder
