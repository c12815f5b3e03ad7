"""`python -m bench`: one run, one table, and whether the two aims are met."""

from __future__ import annotations

import argparse

from bench import report
from bench.run import measured
from tests.servers.process import Premises


def main() -> None:
    arguments = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    arguments.add_argument("messages", type=int, nargs="?", default=100, help="how many, each time")
    arguments.add_argument("--postgresql", action="store_true", help="instead of SQLite")
    given = arguments.parse_args()
    premises = Premises()
    try:
        runs = measured(premises, given.messages, postgresql=given.postgresql)
    finally:
        premises.close()
    report.show(runs)


if __name__ == "__main__":
    main()
