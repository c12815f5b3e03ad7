from __future__ import annotations

from datetime import timedelta

import pytest

from intake.cases.compose import Kind
from intake.outbox import lane_pause, next_attempt


@pytest.mark.parametrize(
    ("attempts", "minutes"), [(1, 1), (2, 2), (3, 5), (4, 10), (5, 20), (6, 30), (7, 60), (99, 60)]
)
def test_acknowledgements_are_tried_ever_more_rarely(attempts: int, minutes: int) -> None:
    wait = next_attempt(Kind.ACKNOWLEDGEMENT, attempts, timedelta(0))
    assert wait == timedelta(minutes=minutes)


def test_an_acknowledgement_is_given_up_after_two_days() -> None:
    assert next_attempt(Kind.ACKNOWLEDGEMENT, 9, timedelta(hours=46)) is not None
    assert next_attempt(Kind.ACKNOWLEDGEMENT, 9, timedelta(hours=47, minutes=30)) is None


@pytest.mark.parametrize("days", [0, 2, 400])
def test_an_alert_is_never_given_up_for_its_age(days: int) -> None:
    assert next_attempt(Kind.ALERT, 99, timedelta(days=days)) == timedelta(minutes=5)


def test_a_lane_rests_longer_with_each_failure_and_never_over_five_minutes() -> None:
    pauses = [lane_pause(failures) for failures in range(1, 40)]
    assert pauses == sorted(pauses)
    assert pauses[0] == timedelta(seconds=5)
    assert pauses[-1] == timedelta(minutes=5)
