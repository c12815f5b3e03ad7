"""What the SMTP channel makes of each thing a server may say, or not say."""

# ruff: noqa: F811, F401 - fixtures are imported, and taken by their names
from __future__ import annotations

import pytest

from notifiers.base import Accepted, OutcomeUnknownError, Scope
from notifiers.smtp_settings import Timeouts
from tests.unit.notifiers_smtp_rig import (
    LANE,
    OWN,
    Never,
    Tower,
    a_notification,
    certificates,
    failure,
    nothing,
    server,
    told,
    tower,
)
from tests.unit.notifiers_smtp_server import DROP, HANG, TRICKLE, ScriptedSmtp


@pytest.mark.parametrize(
    ("verb", "answer", "meant"),
    [
        ("CONNECT", "421 4.3.2 canary going down", ("421 4.3.2", False, LANE)),
        ("CONNECT", "554 5.7.1 canary blocked", ("554 5.7.1", False, LANE)),
        ("CONNECT", DROP, ("unreachable", False, LANE)),
        ("CONNECT", "hello canary", ("protocol-error", False, LANE)),
        ("EHLO", "451 4.3.0 canary", ("451 4.3.0", False, LANE)),
        ("EHLO", "502 canary", ("502", False, LANE)),
        ("EHLO", DROP, ("unreachable", False, LANE)),
        ("AUTH", "535 5.7.139 canary", ("login-refused 535 5.7.139", True, LANE)),
        ("AUTH", "535 canary", ("login-refused 535", True, LANE)),
        ("AUTH", "530 5.7.57 canary", ("login-refused 530 5.7.57", True, LANE)),
        ("AUTH", "454 4.7.0 canary", ("login-refused 454 4.7.0", False, LANE)),
        ("AUTH", DROP, ("unreachable", False, LANE)),
        ("MAIL", "550 5.7.60 canary", ("sender-refused 550 5.7.60", True, LANE)),
        ("MAIL", "550 5.2.251 canary", ("sender-refused 550 5.2.251", True, LANE)),
        ("MAIL", "554 5.2.2 canary", ("sender-refused 554 5.2.2", True, LANE)),
        ("MAIL", "432 4.3.2 canary", ("sender-refused 432 4.3.2", False, LANE)),
        ("MAIL", "451 canary", ("sender-refused 451", False, LANE)),
        ("MAIL", "421 4.7.0 canary", ("421 4.7.0", False, LANE)),
        ("MAIL", DROP, ("unreachable", False, LANE)),
        ("RCPT", "550 5.1.1 <a.b@canary.test>", ("550 5.1.1", True, OWN)),
        ("RCPT", "550 5.1.10 canary", ("550 5.1.10", True, OWN)),
        ("RCPT", "553 canary", ("553", True, OWN)),
        ("RCPT", "556 5.1.10 canary", ("556 5.1.10", True, OWN)),
        ("RCPT", "550 5.7.1 canary", ("550 5.7.1", True, OWN)),
        ("RCPT", "450 4.2.1 canary", ("450 4.2.1", False, OWN)),
        ("RCPT", "452 4.2.2 canary", ("452 4.2.2", False, OWN)),
        ("RCPT", "550 4.7.1 canary", ("550 4.7.1", False, OWN)),
        ("RCPT", "450 5.1.1 canary", ("450 5.1.1", True, OWN)),
        ("RCPT", "421 4.7.0 canary", ("421 4.7.0", False, LANE)),
        ("RCPT", "432 4.3.2 canary", ("432 4.3.2", False, LANE)),
        ("RCPT", "530 5.7.57 canary", ("530 5.7.57", True, LANE)),
        ("RCPT", DROP, ("unreachable", False, OWN)),
        ("DATA", "451 4.3.0 canary", ("451 4.3.0", False, OWN)),
        ("DATA", "554 5.5.1 canary", ("554 5.5.1", True, OWN)),
        ("DATA", "421 4.3.2 canary", ("421 4.3.2", False, LANE)),
        ("DOT", "451 4.7.1 canary", ("451 4.7.1", False, OWN)),
        ("DOT", "452 canary", ("452", False, OWN)),
        ("DOT", "552 5.3.4 canary", ("552 5.3.4", True, OWN)),
        ("DOT", "554 5.6.0 canary", ("554 5.6.0", True, OWN)),
        ("DOT", "554 5.2.252 SendAsDenied canary", ("554 5.2.252", True, LANE)),
        ("DOT", "432 4.3.2 canary", ("432 4.3.2", False, LANE)),
        ("DOT", "451 4.3.2 canary", ("451 4.3.2", False, LANE)),
        ("DOT", "421 4.3.0 canary", ("421 4.3.0", False, LANE)),
    ],
)
def test_each_refusal_is_told_by_code_permanence_and_scope(
    tower: Tower, server: ScriptedSmtp, verb: str, answer: str, meant: tuple[str, bool, Scope]
) -> None:
    server.on(verb, answer)
    after = verb in {"DATA", "DOT"}
    notifier = tower.to(server, login=True)
    error = failure(notifier, before_data=nothing if after else Never())
    assert told(error) == meant
    assert isinstance(notifier.send(a_notification(), nothing), Accepted)


@pytest.mark.parametrize(
    ("verb", "answer"),
    [
        ("DATA", DROP),
        ("DATA", "gibberish"),
        ("DATA", "250 ok"),
        ("DOT", DROP),
        ("DOT", "gibberish"),
        ("DOT", "354 go on"),
        ("DOT", "250-" + "x" * 40_000),
    ],
)
def test_without_a_definite_answer_to_the_data_the_outcome_is_unknown(
    tower: Tower, server: ScriptedSmtp, verb: str, answer: str
) -> None:
    server.on(verb, answer)
    notifier = tower.to(server)
    with pytest.raises(OutcomeUnknownError) as caught:
        notifier.send(a_notification(), nothing)
    assert caught.value.__cause__ is caught.value.__context__ is None
    assert str(caught.value) == "outcome-unknown"
    notifier.send(a_notification(), nothing)
    assert server.connections == 2


@pytest.mark.parametrize("silence", [HANG, TRICKLE])
@pytest.mark.parametrize("verb", ["DATA", "DOT"])
def test_silence_after_the_data_ends_in_an_unknown_outcome(
    tower: Tower, server: ScriptedSmtp, verb: str, silence: str
) -> None:
    server.on(verb, silence)
    notifier = tower.to(server, timeouts=Timeouts(data=0.3))
    with pytest.raises(OutcomeUnknownError):
        notifier.send(a_notification(), nothing)


@pytest.mark.parametrize(
    ("verb", "scope"),
    [("CONNECT", LANE), ("EHLO", LANE), ("AUTH", LANE), ("MAIL", LANE), ("RCPT", OWN)],
)
@pytest.mark.parametrize("silence", [HANG, TRICKLE])
def test_silence_before_the_data_is_a_timeout(
    tower: Tower, server: ScriptedSmtp, verb: str, scope: Scope, silence: str
) -> None:
    server.on(verb, silence)
    notifier = tower.to(server, login=True, timeouts=Timeouts(envelope=0.3))
    assert told(failure(notifier, before_data=Never())) == ("timeout", False, scope)
    assert notifier._client is None


def test_each_step_has_a_timeout_of_its_own(tower: Tower, server: ScriptedSmtp) -> None:
    for verb, timeouts in (("CONNECT", Timeouts(connect=0.2)), ("RCPT", Timeouts(command=0.2))):
        server.on(verb, HANG)
        assert failure(tower.to(server, timeouts=timeouts)).code == "timeout"


def test_no_server_is_unreachable(tower: Tower) -> None:
    with ScriptedSmtp() as server:
        pass
    assert told(failure(tower.to(server))) == ("unreachable", False, LANE)
