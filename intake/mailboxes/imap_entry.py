"""The way into an IMAP server: connect and verify, and only then log in."""

from __future__ import annotations

import imaplib
import ssl
from typing import TYPE_CHECKING

from intake.mailboxes.base import MailboxUnavailableError
from intake.mailboxes.imap_faults import PASSING, reason, response_code
from intake.mailboxes.imap_wire import PlaintextRefusedError, Wire

if TYPE_CHECKING:
    from intake.mailboxes.imap_wire import ImapAccount, Lifeline


def connect(account: ImapAccount, lifeline: Lifeline) -> Wire:
    """A connection that may carry a credential. Raises MailboxUnavailableError otherwise."""
    try:
        return Wire(account, lifeline)
    except PlaintextRefusedError:
        cure = (
            'tls = "none" is for servers on this machine only'
            if account.tls == "none"
            else "it does not offer STARTTLS as it should"
        )
        trouble = MailboxUnavailableError(
            f"the connection to {account.where} would not be encrypted, so no log-in: {cure}",
            permanent=True,
        )
    except ssl.SSLCertVerificationError as error:
        trouble = MailboxUnavailableError(
            f"the certificate of {account.where} cannot be verified: {reason(error)}",
            permanent=True,
        )
    except Exception as error:  # noqa: BLE001 - a greeting can be wrong in every way there is
        trouble = MailboxUnavailableError(f"{account.where} cannot be reached: {reason(error)}")
    lifeline.cut()
    raise trouble


def log_in(wire: Wire, account: ImapAccount) -> None:
    """By PLAIN, which carries any character and cannot be broken out of; else by LOGIN."""
    try:
        password = account.password()
    except (OSError, ValueError):
        raise MailboxUnavailableError(
            f"the password for {account.where} cannot be read", permanent=True
        ) from None
    try:
        if "AUTH=PLAIN" in wire.capabilities:
            secret = b"\0".join((b"", account.username.encode(), password.encode()))
            wire.authenticate("PLAIN", lambda _challenge: secret)
        else:
            _log_in_the_old_way(wire, account, password)
    except imaplib.IMAP4.abort:
        raise
    except imaplib.IMAP4.error as error:
        words = error.args[0] if error.args else ""
        if isinstance(words, bytes):
            words = words.decode("ascii", "replace")
        code = response_code(words)
        if " command error: BAD" in words:
            code = "SERVERBUG"  # Exchange answers BAD while it throttles
        raise MailboxUnavailableError(
            f"{account.where} refused the log-in", permanent=code not in PASSING
        ) from None


def _log_in_the_old_way(wire: Wire, account: ImapAccount, password: str) -> None:
    """LOGIN puts both into the command line: nothing in them may end it."""
    both = account.username + password
    if "LOGINDISABLED" in wire.capabilities or not (both.isascii() and both.isprintable()):
        raise MailboxUnavailableError(
            f"{account.where} offers no log-in by AUTH=PLAIN, and LOGIN cannot be used with it or "
            f"with this user name and password",
            permanent=True,
        )
    quoted = account.username.replace("\\", "\\\\").replace('"', '\\"')
    wire.login(f'"{quoted}"', password)
