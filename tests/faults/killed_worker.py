"""A worker that ends itself with SIGKILL at a step of the path, or writes down every step."""

from __future__ import annotations

import os
import signal
import sys
from pathlib import Path

from intake.app import build
from intake.log import configure
from intake.settings_file import load
from intake.worker import Worker


class Checkpoint:
    """Kills at the `count`th time that `step` is done; with `step` "none" it only keeps a list."""

    def __init__(self, step: str, count: int, steps: Path) -> None:
        self._step = step
        self._left = count
        self._steps = steps

    def __call__(self, step: str) -> None:
        with self._steps.open("a", encoding="utf-8") as file:
            file.write(f"{step}\n")
        if step == self._step:
            self._left -= 1
            if not self._left:
                os.kill(os.getpid(), signal.SIGKILL)


def main(config: str, step: str, count: str, steps: str) -> None:
    """Run the real worker over the settings, with a checkpoint in it."""
    configure(json=True, level="INFO", stream=sys.stderr)
    checkpoint = Checkpoint(step, int(count), Path(steps))
    with build(load(Path(config), {}), after=checkpoint) as app:
        Worker(app).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
