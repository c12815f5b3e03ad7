from __future__ import annotations

from datetime import date

import pytest

from intake.cases.age import AgeGroup, age_group

ON = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("born", "stated", "group"),
    [
        ("2008-11-24", None, AgeGroup.ADULT),
        ("2008-11-25", None, AgeGroup.CHILD),
        ("2016-11-25", None, AgeGroup.UNDER_TEN),
        ("2016-11-24", None, AgeGroup.CHILD),
        ("2027-01-01", None, AgeGroup.UNKNOWN),
        ("1850-01-01", None, AgeGroup.UNKNOWN),
        ("2008-11-24", "14", AgeGroup.ADULT),
        (None, "14", AgeGroup.CHILD),
        (None, "about 14 years", AgeGroup.CHILD),
        (None, "15-16", AgeGroup.CHILD),
        (None, "17 or 18", AgeGroup.UNKNOWN),
        (None, "18 to 20", AgeGroup.ADULT),
        (None, "9", AgeGroup.UNDER_TEN),
        (None, "9-10", AgeGroup.CHILD),
        (None, "teenager", AgeGroup.UNKNOWN),
        (None, "not under 18", AgeGroup.UNKNOWN),
        (None, "20-15", AgeGroup.UNKNOWN),
        (None, "1" * 100, AgeGroup.UNKNOWN),
        (None, None, AgeGroup.UNKNOWN),
    ],
)
def test_age_group(born: str | None, stated: str | None, group: AgeGroup) -> None:
    assert age_group(born, stated, ON) is group
