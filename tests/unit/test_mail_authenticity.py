from __future__ import annotations

import pytest

from intake.mail.authenticity import authenticity
from intake.mail.message import parse
from intake.mail.model import Authenticity

MICROSOFT = (
    "spf=pass (sender IP is 203.0.113.7) smtp.mailfrom=school.example.org; dkim=pass (signature "
    "was verified) header.d=school.example.org;dmarc=pass action=none "
    "header.from=school.example.org;compauth=pass reason=100"
)
SENDER = "Rowan Example <rowan@school.example.org>"


def judged(*values: str, trusted: str = "topmost", sender: str = SENDER) -> Authenticity:
    lines = "".join(f"Authentication-Results: {value}\n" for value in values)
    return authenticity(parse(f"{lines}From: {sender}\n\nHello".encode()), trusted)


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("mx.example.police.uk; dmarc=pass header.from=school.example.org", Authenticity.PASS),
        (MICROSOFT, Authenticity.PASS),
        (MICROSOFT.replace("dmarc=pass", "dmarc=fail"), Authenticity.FAIL),
        (MICROSOFT.replace("dmarc=pass", "dmarc=none"), Authenticity.NONE),
        (MICROSOFT.replace("dmarc=pass", "dmarc=bestguesspass"), Authenticity.NONE),
        ("mx.example.police.uk 1; DMARC = Fail (p=none dis=none)", Authenticity.FAIL),
        ("mx.example.police.uk; dmarc/1=fail", Authenticity.FAIL),
        ("mx.example.police.uk; dmarc=temperror", Authenticity.NONE),
        ("mx.example.police.uk; dmarc=permerror", Authenticity.NONE),
        ("mx.example.police.uk; dmarc=something-new", Authenticity.UNKNOWN),
        ("mx.example.police.uk; none", Authenticity.UNKNOWN),
        ("mx.example.police.uk; spf=pass; dkim=pass", Authenticity.UNKNOWN),
        ("", Authenticity.UNKNOWN),
    ],
)
def test_the_verdict_is_that_of_dmarc(value: str, verdict: Authenticity) -> None:
    assert judged(value) is verdict


def test_without_a_header_nothing_is_known() -> None:
    assert judged() is Authenticity.UNKNOWN


def test_a_pass_counts_only_for_the_senders_own_domain() -> None:
    assert judged("mx; dmarc=pass header.from=other.example") is Authenticity.UNKNOWN
    assert judged("mx; dmarc=pass") is Authenticity.UNKNOWN
    assert judged("mx; dmarc=pass header.from=SCHOOL.example.org") is Authenticity.PASS


def test_without_exactly_one_sender_nothing_is_known() -> None:
    both = f"{SENDER}, alex@school.example.org"
    assert judged(MICROSOFT, sender=both) is Authenticity.UNKNOWN


def test_headers_below_the_topmost_are_not_believed() -> None:
    failed = "mx.example.police.uk; dmarc=fail header.from=school.example.org"
    forged = "mx.example.police.uk; dmarc=pass header.from=school.example.org"
    assert judged(failed, forged) is Authenticity.FAIL
    assert judged("mx.example.police.uk; none", forged) is Authenticity.UNKNOWN


def test_with_a_trusted_server_only_its_topmost_header_is_believed() -> None:
    other = "antispam.example; dmarc=pass header.from=school.example.org"
    ours = "MX.example.police.uk 1; dmarc=fail header.from=school.example.org"
    forged = "mx.example.police.uk; dmarc=pass header.from=school.example.org"
    trusted = "mx.example.police.uk"
    assert judged(other, ours, forged, trusted=trusted) is Authenticity.FAIL
    assert judged(other, trusted=trusted) is Authenticity.UNKNOWN
    assert judged(f"({trusted}) evil.example; dmarc=pass", trusted=trusted) is Authenticity.UNKNOWN
    assert judged(f"(a;b) {ours}", trusted=trusted) is Authenticity.FAIL


@pytest.mark.parametrize(
    "smuggled",
    [
        'spf=pass smtp.mailfrom="x; dmarc=pass header.from=school.example.org"',
        'spf=pass smtp.mailfrom="x\\"; dmarc=pass header.from=school.example.org"',
        "spf=pass (says x; dmarc=pass header.from=school.example.org)",
        "spf=pass (says (x); dmarc=pass header.from=school.example.org)",
    ],
)
def test_a_verdict_in_a_comment_or_in_quotes_is_none(smuggled: str) -> None:
    assert judged(f"mx; {smuggled}") is Authenticity.UNKNOWN
    assert judged(f"mx; {smuggled}; dmarc=fail") is Authenticity.FAIL


def test_a_second_verdict_turns_no_failure_into_something_milder() -> None:
    smuggled = "spf=pass smtp.mailfrom=x; dmarc=pass header.from=school.example.org"
    assert judged(f"mx; {smuggled}; dmarc=fail header.from=a.example") is Authenticity.FAIL
    assert judged(f"mx; {smuggled}; dmarc=pass header.from=a.example") is Authenticity.UNKNOWN


def test_an_overlong_header_is_not_believed_nor_is_what_stands_below_it() -> None:
    assert judged(MICROSOFT + " " * 9000 + "x", MICROSOFT) is Authenticity.UNKNOWN


def test_a_header_slipped_in_behind_a_bare_carriage_return_is_none() -> None:
    forged = b"Authentication-Results: mx; dmarc=pass header.from=b.example"
    raw = b"Subject: a\r" + forged + b"\nFrom: a@b.example\n\n"
    assert authenticity(parse(raw), "topmost") is Authenticity.UNKNOWN
