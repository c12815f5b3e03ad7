"""Answers of mail servers, read without a server."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifiers.base import Scope
from notifiers.smtp_replies import Phase, is_refusal, presentable, refusal


@pytest.mark.parametrize(
    ("code", "text", "status", "permanent"),
    [
        (550, "5.1.1 no", "550 5.1.1", True),
        (550, "4.7.1 later", "550 4.7.1", False),
        (450, "5.1.1 no", "450 5.1.1", True),
        (550, "2.1.5 nonsense", "550", True),
        (550, "no 4.7.1 here", "550", True),
        (550, "5.1.1", "550 5.1.1", True),
        (550, "5.1.1234 no", "550", True),
        (550, "5.1.1.1 no", "550", True),
        (550, "", "550", True),
        (252, "perhaps", "252", False),
        (-1, "Malformed", "protocol-error", False),
    ],
)
def test_the_enhanced_status_beats_the_basic_code(
    code: int,
    text: str,
    status: str,
    permanent: bool,  # noqa: FBT001
) -> None:
    error = refusal(Phase.RECIPIENT, code, text)
    assert (error.code, error.permanent) == (status, permanent)


@pytest.mark.parametrize("phase", [Phase.RECIPIENT, Phase.CONTENT])
@pytest.mark.parametrize(
    ("code", "text"),
    [
        (421, ""),
        (432, ""),
        (530, ""),
        (535, "5.7.3"),
        (451, "4.3.2 busy"),
        (550, "5.7.60 SendAsDenied"),
        (550, "5.2.251 throttled"),
        (554, "5.2.255 throttled"),
    ],
)
def test_some_answers_are_about_us_whenever_they_come(phase: Phase, code: int, text: str) -> None:
    assert refusal(phase, code, text).scope is Scope.LANE


@pytest.mark.parametrize("text", ["5.2.2 full", "5.7.1 spam", "5.2.250 x", "5.2.256 x", "4.2.1 x"])
def test_others_are_about_the_recipient(text: str) -> None:
    assert refusal(Phase.RECIPIENT, 550, text).scope is Scope.RECIPIENT


@given(st.integers(-1, 1000), st.text(), st.sampled_from(Phase))
def test_nothing_of_the_text_gets_into_the_error(code: int, text: str, phase: Phase) -> None:
    error = refusal(phase, code, "canary " + text)
    assert re.fullmatch(r"((login|sender)-refused )?(\d{3,4}|protocol-error)", str(error))


def test_only_4xx_and_5xx_are_definite() -> None:
    codes = [code for code in range(-1, 1000) if is_refusal(code)]
    assert codes == list(range(400, 600))


@given(st.text(), st.text(alphabet="abc.+'é=", min_size=1), st.text())
def test_a_reply_that_is_kept_is_short_printable_and_without_addresses(
    before: str, local: str, after: str
) -> None:
    kept = presentable(f"{before} {local}@canary.test {after}")
    assert len(kept) <= 200
    assert re.fullmatch(r"[ -~…]*", kept)
    assert "@" not in kept
    assert "canary" not in kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("250 2.0.0 Ok: queued as 4F1A", "250 2.0.0 Ok: queued as 4F1A"),
        ("250 <a b@x.test> ok", "250 <…> ok"),
        ("250 to:a@x.test, ok", "250 <…> ok"),
        ('250 "John Smith"@x.test ok', "250 <…> ok"),
        ("250 a\uff20x.test", "250 <…>"),
        ("250 bounce+a%40x.test= ok", "250 <…> ok"),
        ("250 <unclosed", "250 <…>"),
        ("250 a\r\n b\t\x00c", "250 a b ?c"),
        ("250 " + "x" * 196 + "a@b", "250 <…>"),
    ],
)
def test_what_looks_like_an_address_is_replaced(text: str, kept: str) -> None:
    assert presentable(text) == kept
