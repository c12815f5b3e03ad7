from __future__ import annotations

import threading
from contextlib import closing

import pytest

from intake.commands.abreast import abreast, children


def test_results_come_in_the_order_in_which_they_were_asked_for() -> None:
    second_done = threading.Event()

    def work(number: int) -> int:
        if number == 0:
            assert second_done.wait(10)
        if number == 1:
            second_done.set()
        return number * number

    assert list(abreast(work, range(9), at_once=2)) == [number * number for number in range(9)]


def test_no_more_are_done_at_once_and_no_more_wait() -> None:
    lock = threading.Lock()
    now, most, begun = 0, 0, 0

    def work(number: int) -> int:
        nonlocal now, most, begun
        with lock:
            now, begun = now + 1, begun + 1
            most = max(most, now)
        threading.Event().wait(0.01)
        with lock:
            now -= 1
        return number

    for taken, _ in enumerate(abreast(work, range(20), at_once=3), start=1):
        assert begun <= taken + 2 * 3
    assert most == 3


def test_what_was_not_begun_is_not_done() -> None:
    done: list[int] = []
    with closing(abreast(done.append, range(100), at_once=1)) as results:
        next(results)
    assert len(done) < 10


def test_what_is_raised_reaches_the_caller() -> None:
    with pytest.raises(ZeroDivisionError):
        list(abreast(lambda number: 1 // number, [1, 0, 2], at_once=2))


def test_there_is_always_one_child_at_least() -> None:
    assert children(1) >= 1
    assert children(10**9) == 1
