"""A worker that waits at a step of the path until a file appears."""

from __future__ import annotations

import sys
import time
from pathlib import Path

from intake.app import build
from intake.log import configure
from intake.settings_file import load
from intake.worker import Worker


def main(config: str, step: str, until: str) -> None:
    """Run the real worker; at `step` it logs nothing and waits for the file `until`."""
    configure(json=True, level="INFO", stream=sys.stderr)

    def wait(at: str) -> None:
        if at == step:
            Path(until).with_suffix(".reached").touch()
            while not Path(until).exists():
                time.sleep(0.01)

    with build(load(Path(config), {}), after=wait) as app:
        Worker(app).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
