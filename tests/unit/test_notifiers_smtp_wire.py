"""What goes over the wire is what was given, byte for byte."""

# ruff: noqa: F811, F401 - fixtures are imported, and taken by their names
from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.unit.notifiers_smtp_rig import (
    BODY,
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

if TYPE_CHECKING:
    from tests.unit.notifiers_smtp_server import ScriptedSmtp


@pytest.mark.parametrize(
    "body",
    [
        BODY,
        b"\r\n",
        b".\r\n",
        b"Subject: dots\r\n\r\n.\r\n..\r\n.x\r\nmid.dle\r\n.\r\n\r\n.\r\n",
        b"Subject: long\r\n\r\n" + b"=C3=A9 line\r\n" * 40_000,
        b"Bcc: kept@force.test\r\n\r\n \r\n\t\r\n",
    ],
)
def test_bytes_arrive_exactly(tower: Tower, server: ScriptedSmtp, body: bytes) -> None:
    tower.to(server).send(a_notification(body=body), nothing)
    assert server.received == [body]


def test_lines_that_begin_with_a_dot_are_stuffed_on_the_wire(
    tower: Tower, server: ScriptedSmtp
) -> None:
    tower.to(server).send(a_notification(body=b".a\r\n.\r\n"), nothing)
    assert b"DATA\r\n..a\r\n..\r\n.\r\n" in server.heard


@pytest.mark.parametrize("sender", ["", "gw@force.test"])
def test_the_envelope_has_one_sender_and_one_recipient_and_no_options(
    tower: Tower, server: ScriptedSmtp, sender: str
) -> None:
    recipient = "o'neil+x=y..z_.@sub-1.example"
    tower.to(server).send(a_notification(sender=sender, recipient=recipient), nothing)
    assert f"MAIL FROM:<{sender}>\r\nRCPT TO:<{recipient}>\r\nDATA\r\n".encode() in server.heard


@pytest.mark.parametrize(
    "address",
    [
        "",
        "canary",
        "@canary.test",
        "a@",
        "a@b@canary.test",
        "a b@canary.test",
        "<a@canary.test>",
        "A <a@canary.test>",
        "a@canary.test> NOTIFY=NEVER",
        "a@canary.test\r\nRCPT TO:<x@y.test>",
        "a@canary.test\n",
        "a@canary.test,b@canary.test",
        '"a b"@canary.test',
        "jörg@canary.test",
        "a@cänary.test",
        "a@canary.test\u2028",
        "a" * 65 + "@canary.test",
        "a@" + "b" * 254,
    ],
)
def test_a_malformed_address_is_refused_before_connecting(
    tower: Tower, server: ScriptedSmtp, address: str
) -> None:
    notifier = tower.to(server)
    error = failure(notifier, a_notification(recipient=address), Never())
    assert told(error) == ("bad-address", True, OWN)
    if address:
        error = failure(notifier, a_notification(sender=address), Never())
        assert told(error) == ("bad-sender", True, LANE)
    assert server.connections == 0


@pytest.mark.parametrize("body", [b"", b"a", b"a\n", b"a\rb\r\n", b"\xc3\xa9\r\n", b"\0\r\n"])
def test_a_body_that_would_be_altered_is_refused_before_connecting(
    tower: Tower, server: ScriptedSmtp, body: bytes
) -> None:
    error = failure(tower.to(server), a_notification(body=body), Never())
    assert told(error) == ("bad-body", True, OWN)
    assert server.connections == 0
