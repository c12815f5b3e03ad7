"""The mail system between senders, the program and their mailboxes: Postfix, or its stand-in."""

from __future__ import annotations

import contextlib
import smtplib
from collections import defaultdict
from typing import TYPE_CHECKING, Protocol, Self

from tests.servers.dovecot import PASSWORD
from tests.servers.postfix import Postfix
from tests.servers.smtpd import ScriptedSmtp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from tests.servers.dovecot import Dovecot
    from tests.servers.process import Premises
    from tests.servers.smtpd_script import Envelope

STAND_IN = "the scripted SMTP server (only root can run Postfix)"


class _MailServer(Protocol):
    smtp_port: int
    submission_port: int

    def start(self) -> object: ...
    def stop(self) -> None: ...
    def log(self) -> str: ...
    @property
    def running(self) -> bool: ...


class MailLoop:
    """Takes mail for every address and delivers it into the Dovecot mailbox of that name.

    Refused at RCPT by name: `refused-…` (550 5.1.1) and `later-…` (451 4.2.1). `bounced-…` is
    accepted, and returns to its sender as a delivery status notification.
    """

    host = "localhost"
    username = "gateway@example.police.uk"
    """Any name will do, with the right password."""
    password = PASSWORD

    def __init__(self, premises: Premises, dovecot: Dovecot) -> None:
        self.dovecot = dovecot
        self.kind = kind()
        self._server: _MailServer = (
            Postfix(premises, dovecot) if Postfix.runs_here() else _StandIn(dovecot)
        )
        self.smtp_port = self._server.smtp_port
        """As port 25: no TLS, no AUTH."""
        self.submission_port = self._server.submission_port
        """As port 587: STARTTLS, then AUTH PLAIN or LOGIN, both demanded."""

    @property
    def ca_file(self) -> Path:
        """The authority that issued the certificate."""
        return self.dovecot.ca_file

    @property
    def running(self) -> bool:
        """Whether it was started and has not ended."""
        return self._server.running

    def start(self) -> Self:
        """Take mail; on the same ports as before, if there was a before."""
        self._server.start()
        return self

    def stop(self) -> None:
        """Be unreachable: every connection ends, none can be made."""
        self._server.stop()

    @contextlib.contextmanager
    def stopped(self) -> Iterator[None]:
        """Unreachable for as long as the block lasts."""
        self.stop()
        try:
            yield
        finally:
            self.start()

    def send(self, raw: bytes, mail_from: str, rcpt: Sequence[str] | str) -> None:
        """Send as another organisation's mail system does, by plain SMTP."""
        with smtplib.SMTP("127.0.0.1", self.smtp_port, timeout=30) as smtp:
            refused = smtp.sendmail(mail_from, rcpt, raw, ["BODY=8BITMIME"])
        assert not refused, refused

    def log(self) -> str:
        """What it wrote, to be shown when a test fails."""
        return self._server.log()


def kind() -> str:
    """What stands between sender and mailbox on this machine."""
    return Postfix.kind if Postfix.runs_here() else STAND_IN


class _StandIn:
    """Two scripted servers that deliver by LMTP."""

    def __init__(self, dovecot: Dovecot) -> None:
        self._dovecot = dovecot
        self._plain = ScriptedSmtp(take=self._take)
        self._submission = ScriptedSmtp(
            tls="starttls",
            context=dovecot.certificates.server_context(),
            users=defaultdict(lambda: PASSWORD),  # as in Dovecot: every name
            take=self._take,
        )
        for server in (self._plain, self._submission):
            server.recipient(_begins("refused-"), "550 5.1.1 no such user here")
            server.recipient(_begins("later-"), "451 4.2.1 mailbox is busy, try again later")
        self.smtp_port = self._plain.port
        self.submission_port = self._submission.port
        self.running = False

    def start(self) -> None:
        self._plain.start()
        self._submission.start()
        self.running = True

    def stop(self) -> None:
        self._plain.stop()
        self._submission.stop()
        self.running = False

    def log(self) -> str:
        return "\n".join([*self._plain.commands, *self._submission.commands])

    def _take(self, envelope: Envelope) -> str:
        bounced = [address for address in envelope.rcpt if address.startswith("bounced-")]
        reached = [address for address in envelope.rcpt if address not in bounced]
        try:
            if reached:
                self._dovecot.deliver("", envelope.content, envelope.mail_from, reached)
            if bounced and envelope.mail_from:
                notice = _NOTICE.format(to=envelope.mail_from, address=bounced[0])
                content = notice.replace("\n", "\r\n").encode() + envelope.content
                self._dovecot.deliver(envelope.mail_from, content + b"\r\n--=b--\r\n", "")
        except (OSError, smtplib.SMTPException):
            return "451 4.3.0 mailboxes out of reach"
        return "250 2.0.0 delivered"


_NOTICE = """\
From: MAILER-DAEMON@mail.example.net
To: {to}
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="=b"

--=b

Nobody has that address.
--=b
Content-Type: message/delivery-status

Reporting-MTA: dns; mail.example.net

Final-Recipient: rfc822; {address}
Action: failed
Status: 5.1.1

--=b
Content-Type: message/rfc822

"""


def _begins(start: str) -> Callable[[str], bool]:
    return lambda address: address.startswith(start)
