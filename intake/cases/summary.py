"""What is told about a case in its shortest form: the record that listings and alerts share."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from datetime import datetime

    from intake.cases.case import Case
    from intake.cases.fields import FieldList


def utc(moment: datetime) -> str:
    """`2026-11-23T09:13:41Z`."""
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def domains(addresses: tuple[str, ...]) -> list[str]:
    """Whose mail servers they are, without naming anybody."""
    return sorted({address.rpartition("@")[2] for address in addresses})


def minimal(case: Case, reference: str) -> dict[str, Any]:
    """A case without anything that was typed by a referrer: safe on any channel."""
    return {
        "reference": reference,
        "status": case.status.value,
        "received_at": utc(case.received_at),
        "readability": case.readability.value,
        "reason": None if case.reason is None else case.reason.value,
        "forms": case.forms,
        "attachments": case.attachments,
        "age_group": None if case.age_group is None else case.age_group.value,
        "flags": list(case.flags),
        "missing": list(case.missing),
        "doubtful": [{"field": field, "code": code} for field, code in case.doubtful],
        "other_recipients": {
            "count": len(case.other_recipients),
            "domains": domains(case.other_recipients),
        },
    }


def personal(case: Case, fields: FieldList) -> dict[str, Any]:
    """What was typed, for channels that the operator has cleared for personal data."""
    answers = {} if case.form is None else case.form.fields
    return {
        "sender": case.sender,
        "answers": [
            {
                "field": key,
                "label": fields.labels.get(key, key),
                "value": answers[key].value,
                "raw": answers[key].raw,
                "page": answers[key].page,
            }
            for key in fields.labels
            if key in answers
        ],
        "unrecognised": []
        if case.form is None
        else [
            {"section": u.section, "label": u.label, "value": u.value, "page": u.page}
            for u in case.form.unrecognised
        ],
    }
