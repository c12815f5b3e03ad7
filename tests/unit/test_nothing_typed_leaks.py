"""Nothing of a referral goes where it must not: into receipts, into channels not cleared for it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from parsers.model import Reason, Unrecognised
from tests.unit.builders import FIELDS, form, reading
from tests.unit.test_compose import alert, cases, read, receipt

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from intake.cases.case import Case
    from intake.cases.compose import Owed


_CANARY = "zqx"
_TYPED = st.text(st.characters(exclude_categories=["Cs"]), max_size=60).map(
    lambda text: f"{_CANARY}{text}{_CANARY}"
)


@settings(max_examples=40)
@given(
    answers=st.dictionaries(
        st.sampled_from([key for key in FIELDS.labels if FIELDS.kinds[key] in ("text", "lines")]),
        _TYPED,
        max_size=6,
    ),
    name=_TYPED,
    label=_TYPED,
    readable=st.booleans(),
)
def test_nothing_that_was_typed_reaches_a_receipt_or_an_alert_not_cleared_for_it(
    *, answers: dict[str, str], name: str, label: str, readable: bool
) -> None:
    filled = form(dict(answers))
    extra = Unrecognised(section=label, label=label, value=label, page=1)
    readings = [
        reading(replace(filled, unrecognised=[extra]), name=name),
        *([] if readable else [reading(reason=Reason.DAMAGED, name=name, part="3")]),
    ]
    opened = cases(
        *readings,
        sender=f"{_CANARY}@school.example.org",
        recipients=("gateway@example.police.uk", f"{_CANARY}@childrens.example.gov.uk"),
    )
    for owed in _all_owed(opened):
        assert _CANARY not in everything_in(owed)


def _all_owed(opened: Sequence[Case]) -> Iterable[Owed]:
    yield receipt(opened, languages=["cy", "en"])
    for case in opened:
        yield alert(case)


def everything_in(owed: Owed) -> str:
    """Headers and contents, as sent and as read."""
    parsed = read(owed)
    headers = [f"{name}: {value}" for name, value in parsed.items()]
    bodies = [
        part.get_content() if part.get_content_maintype() == "text" else part.get_content().decode()
        for part in parsed.walk()
        if not part.is_multipart()
    ]
    return "\n".join([owed.body.decode("ascii"), *headers, *bodies])
