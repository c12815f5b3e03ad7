"""A worker that stands still at a step of the path, or is asked to stop there."""

from __future__ import annotations

import signal
import sys
import threading
import time
from pathlib import Path

from intake.app import build
from intake.log import configure
from intake.settings_file import load
from intake.worker import Worker


def main(config: str, step: str, until: str) -> None:
    """Run the real worker. At `step` it waits for the file `until`, or with "stop" gets a SIGTERM
    that the kernel delivers to the thread at work.
    """
    configure(json=True, level="INFO", stream=sys.stderr)

    def wait(at: str) -> None:
        if at == step and until == "stop":
            signal.pthread_kill(threading.get_ident(), signal.SIGTERM)
        elif at == step:
            Path(until).with_suffix(".reached").touch()
            while not Path(until).exists():
                time.sleep(0.01)

    with build(load(Path(config), {}), after=wait) as app:
        Worker(app).run()


if __name__ == "__main__":
    main(*sys.argv[1:])
