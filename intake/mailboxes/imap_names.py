"""Names of folders, from the settings' slashes to the server's own hierarchy."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Hierarchy:
    """How a server nests folders (RFC 2342). `delimiter` is None where it cannot.

    `prefix` begins the names of the user's own folders, as in "INBOX."; `others` begin those of
    other users and shared ones.
    """

    delimiter: str | None
    prefix: str = ""
    others: tuple[str, ...] = ()

    def name(self, folder: str) -> str:
        """The server's name of a folder that the settings write with slashes."""
        name = (self.delimiter or "-").join(folder.split("/"))
        if name.upper() == "INBOX":
            return "INBOX"
        known = [prefix for prefix in (self.prefix, *self.others) if prefix]
        if any(name.startswith(prefix) for prefix in known):
            return name
        return self.prefix + name
