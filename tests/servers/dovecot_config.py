"""Dovecot's configuration: one file, everything beneath one folder, no root."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from tests.servers.certificates import Certificates

_TEMPLATE = """
protocols = imap lmtp
listen = 127.0.0.1
base_dir = {folder}/run
state_dir = {folder}/state
log_path = {folder}/dovecot.log
default_internal_user = {user}
default_internal_group = {group}
default_login_user = {user}
# Above all that the tests keep open at once.
default_client_limit = 1000
default_process_limit = 200

ssl = yes
ssl_cert = <{certificate}
ssl_key = <{key}
ssl_min_protocol = TLSv1.2

auth_mechanisms = plain login
auth_failure_delay = 0
disable_plaintext_auth = no
# Any name is a mailbox: a test that takes a new one has it to itself.
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={user} gid={group} home={folder}/mail/%u allow_all_users=yes
}}

mail_uid = {user}
mail_gid = {group}
mail_location = sdbox:~/sdbox
mail_fsync = never
mail_max_userip_connections = 200
namespace inbox {{
  inbox = yes
  separator = /
}}
protocol lmtp {{
  postmaster_address = postmaster@example.org
}}

service anvil {{
  chroot =
  # Else one wrong password makes every later login from 127.0.0.1 wait for seconds.
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
}}
service stats {{
  chroot =
}}
service imap-login {{
  chroot =
  inet_listener imap {{
    port = {imap_port}
  }}
  inet_listener imaps {{
    port = {imaps_port}
    ssl = yes
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    port = {lmtp_port}
  }}
}}
service auth {{
  # Postfix asks here whether a password is right.
  inet_listener sasl {{
    port = {sasl_port}
  }}
}}
"""


@dataclass(frozen=True, kw_only=True, slots=True)
class DovecotPorts:
    """Where it listens on 127.0.0.1."""

    imap: int
    imaps: int
    lmtp: int
    sasl: int


def write(
    folder: Path,
    *,
    ports: DovecotPorts,
    certificates: Certificates,
    user: str,
    group: str,
    password: str,
) -> Path:
    """The configuration file, written."""
    file = folder / "dovecot.conf"
    file.write_text(
        _TEMPLATE.format(
            folder=folder,
            user=user,
            group=group,
            password=password,
            certificate=certificates.certificate,
            key=certificates.key,
            imap_port=ports.imap,
            imaps_port=ports.imaps,
            lmtp_port=ports.lmtp,
            sasl_port=ports.sasl,
        )
    )
    return file
