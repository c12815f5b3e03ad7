"""A case as a row of its table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from parsers.output import form_to_json

if TYPE_CHECKING:
    from datetime import datetime

    from intake.cases.case import Case
    from parsers.model import ExtractedForm


def case_row(message: str, reference: str, case: Case, now: datetime) -> dict[str, Any]:
    """The values of one row of `cases`."""
    return {
        "reference": reference,
        "message": message,
        "position": case.position,
        "status": case.status.value,
        "received_at": case.received_at,
        "opened_at": now,
        "channel": "email",
        "readability": case.readability.value,
        "forms": case.forms,
        "flags": list(case.flags),
        "missing": list(case.missing),
        "possible_repeats": [],
        "claimed_by": None,
        "record": {
            "reason": None if case.reason is None else case.reason.value,
            "age_group": None if case.age_group is None else case.age_group.value,
            "doubtful": [{"field": field, "code": code} for field, code in case.doubtful],
            "sender": case.sender,
            "other_recipients": list(case.other_recipients),
            "attachments": case.attachments,
            "document": case.document_part,
            "form": None if case.form is None else _form(case.form),
        },
    }


def _form(form: ExtractedForm) -> dict[str, Any]:
    return form_to_json(form) | {"readability": form.readability.value}
