"""The numbers of a run as one table and two sentences."""

from __future__ import annotations

from statistics import fmean, median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bench.run import Run

PARTS = ("list", "fetch", "accept", "parse", "read", "compose", "record", "file", "send")
_NOT_DOCUMENT = 25.0
_HELPDESK = (50.0, 60.0)
"""django-helpdesk's get_email over the same kind of message, milliseconds of processor time."""


def show(runs: Sequence[Run]) -> None:
    """Print everything, a table for each kind of form."""
    for run in runs:
        _table(run)


def _table(run: Run) -> None:
    product = run.product
    messages = product["messages"]
    spent = {part: [each.get(part, 0.0) for each in messages] for part in PARTS}
    spent["list"] = [product["list"]] * len(messages)
    children = product["children"]
    rest = sum(fmean(spent[part]) for part in PARTS if part != "read")
    whole = rest + fmean(spent["read"]) + children
    floor = {name: fmean(times) for name, times in run.floors.items()}
    beside = {
        "fetch": (floor["fetch"], "raw IMAP fetch"),
        "accept": (floor["file"] + floor["commit"], "one fsynced file, one commit"),
        "parse": (floor["parse"], "standard library's parser"),
        "record": (floor["commit"], "one commit"),
        "send": (2 * floor["send"], "two letters by smtplib"),
    }
    print(
        f"\n{len(messages)} messages of {run.wire_bytes / 1000:.0f} kB with a {run.kind} form of "
        f"{run.document_bytes / 1000:.0f} kB; {product['read_in_full']} read in full"
    )
    print(f"{'ms of CPU a message':22}{'mean':>7}{'median':>8}{'p95':>7}{'share':>7}  floor")
    for part in PARTS:
        _row(part, spent[part], fmean(spent[part]) / whole, beside.get(part))
    _row("document, in children", [children], children / whole, (floor["pdfplumber"], "pdfplumber"))
    _row("whole", [whole], 1.0, None)
    _row("whole but the document", [rest], rest / whole, (_least(floor), "sum of the floors"))
    walls = [each["wall"] for each in messages]
    print(f"wall, one after another {fmean(walls):.0f} ms, median {median(walls):.0f}")
    others = ", ".join(f"{name} {floor[name]:.1f}" for name in ("fetch, imapclient", "PDFium"))
    memory = ", ".join(f"{name} {mb:.0f}" for name, mb in product["memory"].items())
    print(f"other floors: {others}\nmemory, MB: {memory}")
    passes = ", ".join(f"{rows} rows {ms:.1f}" for rows, ms in product["pass"].items())
    print(f"a pass that finds nothing new, ms by the length of the history: {passes}")
    print(
        f"Aim 1: everything but reading the document costs {rest:.1f} ms (at most "
        f"{_NOT_DOCUMENT:.0f}): {'met' if rest <= _NOT_DOCUMENT else 'missed'}; "
        f"{rest / _least(floor):.1f} of the sum of its floors."
    )
    print(
        f"Aim 2: the whole costs {whole:.1f} ms (django-helpdesk, which reads no PDF: "
        f"{_HELPDESK[0]:.0f} to {_HELPDESK[1]:.0f}): "
        f"{'met' if whole <= _HELPDESK[1] else 'missed'}; pdfplumber alone, opening the same "
        f"document: {floor['pdfplumber']:.1f}."
    )


def _least(floor: dict[str, float]) -> float:
    """Fetch, keep, parse, commit once, send two letters."""
    return sum(floor[each] for each in ("fetch", "file", "parse", "commit")) + 2 * floor["send"]


def _row(name: str, times: Sequence[float], share: float, beside: tuple[float, str] | None) -> None:
    ordered = sorted(times)
    p95 = ordered[int(len(ordered) * 0.95)]
    said = ""
    if beside is not None:
        said = f"{beside[0]:.1f} {beside[1]}: {fmean(times) / beside[0]:.2f}"
    spread = f"{median(times):8.1f}{p95:7.1f}" if len(times) > 1 else " " * 15
    print(f"{name:22}{fmean(times):7.1f}{spread}{share:7.0%}  {said}")
