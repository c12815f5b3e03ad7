"""The product's own path over a mailbox, measured from inside: one JSON object on standard output.

A process of its own, so that memory and processor time are the product's alone.
"""

from __future__ import annotations

import argparse
import json
import os
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench import growth
from bench.meter import Meter, child_of, children_of, memory_mb, processor_ms
from intake import app as wiring
from intake import log, settings_file

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import date

    from intake.app import App
    from intake.mailboxes.base import Fetched, Mailbox, MessageRef
    from parsers.model import Extraction


class _MeteredMailbox:
    """A mailbox that says when a message has been fetched."""

    def __init__(self, mailbox: Mailbox, meter: Meter) -> None:
        self._mailbox = mailbox
        self._meter = meter

    def __getattr__(self, name: str) -> Any:
        return getattr(self._mailbox, name)

    def fetch(self, ref: MessageRef) -> Fetched:
        fetched = self._mailbox.fetch(ref)
        self._meter.step("fetched")
        return fetched


def _metered(
    read: Callable[[bytes, date], Extraction], meter: Meter
) -> Callable[[bytes, date], Extraction]:
    def metered(content: bytes, today: date) -> Extraction:
        meter.step("parsed")
        extraction = read(content, today)
        meter.step("read")
        return extraction

    return metered


def measure(config: Path) -> dict[str, Any]:
    """One pass over everything that lies in the mailbox, and each delivery as soon as it is due."""
    settings = settings_file.load(config, {})
    meter = Meter()
    with wiring.build(settings, after=meter.step) as app:
        rounds = app.watched[0].rounds
        app.reader.read(b"%PDF-", app.clock().date())  # the warm process starts with the first
        zygote = child_of(os.getpid())
        memory: list[float] = []
        rounds.mailbox = _MeteredMailbox(rounds.mailbox, meter)
        app.pipeline._read = _metered(app.pipeline._read, meter)
        rounds.mailbox.list()  # log-in and the like happen once a connection

        def done(_number: int, _of: int) -> None:
            app.outbox.deliver_due()
            meter.step("delivered")
            meter.message_done()
            memory.append(memory_mb("self"))

        before = processor_ms(zygote)
        meter.message_done()
        meter.messages.clear()
        passed = rounds.run(progress=done)
        assert passed.handled == passed.new == len(meter.messages), passed
        children = (processor_ms(zygote) - before) / len(meter.messages)
        full = sum(case["readability"] == "full" for case in app.store.cases.listing())
        child_peak = _child_peak(app, zygote)
        memory_peak = memory_mb("self", "VmHWM")
        rounds.mailbox = rounds.mailbox._mailbox
        return {
            "pass": growth.of_a_pass(app),
            "messages": meter.messages,
            "list": sum(meter.at_start.values()) / len(meter.messages),
            "children": children,
            "read_in_full": full,
            "memory": {
                "early": memory[len(memory) // 5],
                "late": memory[-1],
                "peak": memory_peak,
                "warm": memory_mb(zygote, "VmHWM"),
                "child": child_peak,
            },
        }


def _child_peak(app: App, zygote: int) -> float:
    """The most that a reading child holds, looked at while it reads: a part of it is shared with
    the warm process from which it was forked.
    """
    key = next(app.store.originals.keys())
    raw = app.store.originals.get(key)
    seen = [0.0]
    done = threading.Event()

    def look() -> None:
        while not done.is_set():
            seen.extend(memory_mb(child, "VmHWM") for child in children_of(zygote))

    looking = threading.Thread(target=look)
    looking.start()
    for _ in range(5):
        app.pipeline.understand(raw, app.clock(), app.by_hand)
    done.set()
    looking.join()
    return max(seen)


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("config", type=Path)
    given = arguments.parse_args()
    with (given.config.parent / "log").open("w", encoding="utf-8") as stream:
        log.configure(json=True, level="INFO", stream=stream)
        print(json.dumps(measure(given.config)))


if __name__ == "__main__":
    main()
