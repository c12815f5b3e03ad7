"""Certificates of one test session: an authority the program is told to trust, and a stranger."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING

import trustme

if TYPE_CHECKING:
    from pathlib import Path

NAMES = ("localhost", "127.0.0.1")


@dataclass(frozen=True, kw_only=True, slots=True)
class Certificates:
    """Files in PEM form; the server's are issued by the authority in `ca_file` for `NAMES`."""

    ca_file: Path
    wrong_ca_file: Path
    """An authority that issued nothing here."""
    certificate: Path
    key: Path
    stranger_certificate: Path
    """The server's names, but issued by the wrong authority."""
    stranger_key: Path
    other_name_certificate: Path
    """Issued by the right authority for a host of another name."""
    other_name_key: Path

    def client_context(self) -> ssl.SSLContext:
        """What a program uses that trusts our authority only."""
        return ssl.create_default_context(cafile=self.ca_file)

    def server_context(self) -> ssl.SSLContext:
        """What a server of these names uses."""
        return _server_context(self.certificate, self.key)

    def stranger_context(self) -> ssl.SSLContext:
        """What a server uses that our authority does not know."""
        return _server_context(self.stranger_certificate, self.stranger_key)

    def other_name_context(self) -> ssl.SSLContext:
        """What a server uses whose certificate is of another host."""
        return _server_context(self.other_name_certificate, self.other_name_key)


def issue(folder: Path) -> Certificates:
    """New authorities and certificates, written into `folder`."""
    folder.mkdir(exist_ok=True)
    right, wrong = trustme.CA(), trustme.CA()
    right.cert_pem.write_to_path(folder / "ca.pem")
    wrong.cert_pem.write_to_path(folder / "wrong-ca.pem")
    _write(right, folder, "server", *NAMES)
    _write(wrong, folder, "stranger", *NAMES)
    _write(right, folder, "other", "elsewhere.example.org")
    return Certificates(
        ca_file=folder / "ca.pem",
        wrong_ca_file=folder / "wrong-ca.pem",
        certificate=folder / "server.pem",
        key=folder / "server.key",
        stranger_certificate=folder / "stranger.pem",
        stranger_key=folder / "stranger.key",
        other_name_certificate=folder / "other.pem",
        other_name_key=folder / "other.key",
    )


def _write(ca: trustme.CA, folder: Path, stem: str, *names: str) -> None:
    issued = ca.issue_cert(*names)
    chain = folder / f"{stem}.pem"
    chain.write_bytes(b"".join(blob.bytes() for blob in issued.cert_chain_pems))
    issued.private_key_pem.write_to_path(folder / f"{stem}.key")
    # The servers give up root before they read it; it guards nothing but this session's loopback.
    (folder / f"{stem}.key").chmod(0o644)


def _server_context(certificate: Path, key: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context
