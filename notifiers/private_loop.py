"""An event loop that runs only while its owner waits for it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")


class PrivateLoop:
    """Lets blocking code keep asynchronous connections between calls. It comes into being at the
    first `run`, stands still between runs, and must be closed.
    """

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None

    def run(self, step: Coroutine[Any, Any, T]) -> T:
        """Run `step` to its end. An interrupt (Ctrl-C) ends the step for good: the next run must
        not go on with it.
        """
        if self._loop is None:
            self._loop = asyncio.new_event_loop()
        try:
            return self._loop.run_until_complete(step)
        except BaseException:
            self._loop.run_until_complete(_cancel(asyncio.all_tasks(self._loop)))
            raise

    def close(self) -> None:
        """Let go of the loop, without waiting for a name that is still being looked up. What used
        it must be closed before.
        """
        if self._loop is not None:
            self._loop.close()
            self._loop = None


async def turns() -> None:
    """Long enough for the loop to read what is there, and to close what was let go of."""
    for _ in range(4):
        await asyncio.sleep(0)


async def _cancel(tasks: set[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await turns()
