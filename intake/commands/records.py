"""`cases`, `messages`, `deliveries`: what is recorded, for people and for programs."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

from intake import app as wiring
from intake.commands import output
from intake.commands.status import Status

if TYPE_CHECKING:
    from intake.settings import Settings


def list_cases(settings: Settings, *, as_json: bool) -> Status:
    """Every case, oldest first."""
    records = list(wiring.open_store(settings).cases.listing())
    if as_json:
        output.json_lines(records)
        return Status.DONE
    output.table(
        "Cases",
        ["reference", "received", "status", "read", "flags", "missing", "acknowledged", "alerts"],
        [
            [
                case["reference"],
                case["received_at"],
                case["status"],
                case["readability"],
                case["flags"],
                len(case["missing"]),
                _flat(case["acknowledgement"]),
                _flat(case["alerts"]),
            ]
            for case in records
        ],
    )
    return Status.DONE


def show_case(settings: Settings, reference: str, *, actor: str, as_json: bool) -> Status:
    """One case in full, with where each value stood."""
    case = wiring.open_store(settings).cases.show(reference, actor=actor, now=wiring.utc_now())
    if case is None:
        sys.stderr.write(f"{reference}: there is no such case; see `referral-intake cases list`\n")
        return Status.WRONG
    if as_json:
        output.json_lines([case])
        return Status.DONE
    facts = [[key, _flat(value)] for key, value in case.items() if key not in ("form", "documents")]
    output.table(reference, ["what", "value"], facts)
    form = case["form"] or {"fields": {}, "unrecognised": [], "warnings": []}
    output.table(
        "What the form says",
        ["field", "value", "as written", "method", "page", "box"],
        [
            [
                key,
                answer["value"],
                answer["raw"],
                answer["method"],
                answer["page"],
                _box(answer["bbox"]),
            ]
            for key, answer in form["fields"].items()
        ],
    )
    if form["unrecognised"]:
        output.table(
            "Under labels that are not on the list",
            ["label", "value", "section", "page"],
            [[u["label"], u["value"], u["section"], u["page"]] for u in form["unrecognised"]],
        )
    output.table(
        "Documents",
        ["part", "name", "type", "read", "why not", "sha256"],
        [
            [
                document["part"],
                document["name"],
                document["media_type"],
                document["readability"],
                document["reason"],
                document["sha256"][:16],
            ]
            for document in case["documents"]
        ],
    )
    return Status.DONE


def list_messages(settings: Settings, *, as_json: bool) -> Status:
    """The ledger: every message ever seen."""
    records = list(wiring.open_store(settings).ledger.listing())
    columns = ["id", "mailbox", "uid", "state", "reason", "cases", "filed_to"]
    return _listed("Messages", columns, records, as_json=as_json)


def list_deliveries(settings: Settings, *, as_json: bool) -> Status:
    """Everything owed."""
    records = list(wiring.open_store(settings).deliveries.listing())
    columns = ["id", "kind", "channel", "case", "status", "reason", "attempts", "sent_at"]
    return _listed("Deliveries", columns, records, as_json=as_json)


def _listed(
    title: str, columns: list[str], records: list[dict[str, Any]], *, as_json: bool
) -> Status:
    if as_json:
        output.json_lines(records)
    else:
        output.table(title, columns, [[record[c] for c in columns] for record in records])
    return Status.DONE


def _with_reason(outcome: dict[str, Any]) -> str:
    reason = outcome.get("reason")
    return f"{outcome['status']} ({reason})" if reason else str(outcome["status"])


def _flat(value: Any) -> str:
    """A value of a case on as many lines as it has parts."""
    if isinstance(value, dict):
        if "status" in value:
            channel = f"{value['channel']}: " if "channel" in value else ""
            return channel + _with_reason(value)
        return ": ".join(_flat(each) for each in value.values() if each is not None)
    if isinstance(value, list):
        return "\n".join(_flat(each) for each in value)
    return "" if value is None else str(value)


def _box(bbox: list[float] | None) -> str:
    return "" if bbox is None else " ".join(f"{edge:.0f}" for edge in bbox)
