"""Several things done at once, their results in the order in which they were asked for."""

from __future__ import annotations

import os
from collections import deque
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Sequence
    from concurrent.futures import Future

_Asked = TypeVar("_Asked")
_Result = TypeVar("_Result")


def abreast(
    work: Callable[[_Asked], _Result], asked: Sequence[_Asked], *, at_once: int
) -> Generator[_Result, None, None]:
    """`work` for each that is asked, in `at_once` threads. No more than twice as many are ahead of
    what the caller has taken; when the caller turns away, what was not begun is never done.
    """
    pool = ThreadPoolExecutor(max(1, at_once))
    waiting: deque[Future[_Result]] = deque()
    try:
        for each in asked:
            if len(waiting) >= 2 * at_once:
                yield waiting.popleft().result()
            waiting.append(pool.submit(work, each))
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def children(megabytes: int) -> int:
    """How many children may compute at once: one a core that we may use, as far as memory goes for
    what each may take at most.
    """
    cores = len(os.sched_getaffinity(0))
    return max(1, min(cores, _available_megabytes() // megabytes))


def _available_megabytes() -> int:
    """Memory that can be had without swapping."""
    for line in Path("/proc/meminfo").read_text(encoding="ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) // 1024
    return 0
