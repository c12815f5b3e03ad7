"""Postfix's configuration: a mail system in one folder, that leads everything to LMTP."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.certificates import Certificates

# One stands before each refusal: these are the addresses a test uses to be refused.
_RECIPIENTS = """
/^refused-/  550 5.1.1 no such user here
/^later-/    451 4.2.1 mailbox is busy, try again later
"""
# Accepted, and bounced to the sender a moment later, by another mail server that refuses it.
_TRANSPORTS = """
/^bounced-/  smtp:[127.0.0.1]:{far_port}
"""

_MAIN = """
compatibility_level = 3.6
queue_directory = {folder}/queue
data_directory = {folder}/data
maillog_file = {folder}/postfix.log
maillog_file_prefixes = {folder}
command_directory = /usr/sbin
myhostname = mail.example.net
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
smtp_dns_support_level = disabled
# No map of the machine's own is looked at: the folder is all there is.
mydestination =
local_recipient_maps =
alias_maps =
alias_database =
mynetworks = 127.0.0.0/8
# Not even a missing Date or Message-ID is put in: what was sent is what arrives.
local_header_rewrite_clients =
# Every domain is ours, and every address a mailbox in Dovecot: nothing can leave the machine.
virtual_mailbox_domains = static:all
virtual_transport = lmtp:inet:127.0.0.1:{lmtp_port}
transport_maps = regexp:{folder}/transports
default_transport = error:5.4.4 nothing leaves this machine
relay_transport = error:5.4.4 nothing leaves this machine
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = check_recipient_access regexp:{folder}/recipients, permit
message_size_limit = 41943040
mailbox_size_limit = 0
# A refused recipient costs no waiting, and a deferred message comes back soon.
smtpd_error_sleep_time = 0
in_flow_delay = 0
minimal_backoff_time = 1s
maximal_backoff_time = 2s
queue_run_delay = 1s
smtpd_tls_cert_file = {certificate}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = none
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{sasl_port}
smtpd_sasl_security_options = noanonymous
"""

_MASTER = """
127.0.0.1:{smtp_port}       inet n - n - -   smtpd
127.0.0.1:{submission_port} inet n - n - -   smtpd
  -o smtpd_tls_security_level=encrypt
  -o smtpd_tls_auth_only=yes
  -o smtpd_sasl_auth_enable=yes
  -o smtpd_relay_restrictions=permit_sasl_authenticated,reject
  -o smtpd_client_restrictions=permit_sasl_authenticated,reject
127.0.0.1:{far_port} inet n - n - - smtpd
  -o myhostname=far.example.net
  -o {{ smtpd_recipient_restrictions = check_recipient_access static:{{550 5.1.1 unknown here}} }}
cleanup   unix n - n - 0    cleanup
qmgr      unix n - n 300 1  qmgr
tlsmgr    unix - - n 1000? 1 tlsmgr
rewrite   unix - - n - -    trivial-rewrite
bounce    unix - - n - 0    bounce
defer     unix - - n - 0    bounce
trace     unix - - n - 0    bounce
flush     unix n - n 1000? 0 flush
proxymap  unix - - n - -    proxymap
error     unix - - n - -    error
retry     unix - - n - -    error
smtp      unix - - n - -    smtp
lmtp      unix - - n - -    lmtp
anvil     unix - - n - 1    anvil
postlog   unix-dgram n - n - 1 postlogd
"""


def write(
    folder: Path,
    *,
    smtp_port: int,
    submission_port: int,
    far_port: int,
    lmtp_port: int,
    sasl_port: int,
    certificates: Certificates,
) -> None:
    """The configuration files, written into `folder`."""
    (folder / "recipients").write_text(_RECIPIENTS)
    (folder / "transports").write_text(_TRANSPORTS.format(far_port=far_port))
    (folder / "main.cf").write_text(
        _MAIN.format(
            folder=folder,
            lmtp_port=lmtp_port,
            sasl_port=sasl_port,
            certificate=certificates.certificate,
            key=certificates.key,
        )
    )
    (folder / "master.cf").write_text(
        _MASTER.format(smtp_port=smtp_port, submission_port=submission_port, far_port=far_port)
    )
