"""The gateway's own sentences, from `config/wording/LANGUAGE/*.txt`, checked on loading."""

from __future__ import annotations

import re
import string
import textwrap
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_PLACEHOLDERS = {
    "acknowledgement": {"references", "gateway", "received", "attachments", "reading"},
    "form-read": set[str](),
    "form-not-read": set[str](),
    "no-form": set[str](),
    "already-received": set[str](),
}
_SUBJECT = "Subject: "
_LABEL = re.compile(r"\S[^:]{0,30}:\s{2,}")
WIDTH = 76


class WordingError(Exception):
    """A wording file is missing, or has a placeholder that nothing fills. One sentence."""


@dataclass(frozen=True, slots=True)
class Wording:
    """The texts of one language by name, placeholders unfilled."""

    texts: Mapping[str, str]

    @classmethod
    def load(cls, folder: Path) -> Wording:
        """Read and check one language's folder; WordingError names the file and what is wrong."""
        texts = {}
        for name, allowed in _PLACEHOLDERS.items():
            path = folder / f"{name}.txt"
            try:
                text = path.read_text(encoding="utf-8")
            except (OSError, UnicodeDecodeError):
                raise WordingError(
                    f"{path}: this wording is missing or not UTF-8 text; write it, or take the "
                    f"language out of acknowledgement.languages"
                ) from None
            texts[name] = _checked(path, text, allowed).strip()
        if not texts["acknowledgement"].startswith(_SUBJECT):
            raise WordingError(f"{folder / 'acknowledgement.txt'}: must begin with `Subject: `")
        return cls(texts)

    def acknowledgement(self, values: Mapping[str, str], *, brief: str) -> tuple[str, str]:
        """(subject, body), filled in, lines wrapped; `brief` are the references in the subject."""
        head, _, body = self.texts["acknowledgement"].partition("\n")
        subject = head.removeprefix(_SUBJECT).strip().format(**{**values, "references": brief})
        return subject, wrapped(body.strip().format(**values))


def wrapped(text: str) -> str:
    """Lines of at most 76 characters; what stands in a column beside `Label:` stays in it."""
    return "\n".join(line for long in text.splitlines() for line in _wrapped_line(long))


def load_all(folder: Path, languages: Sequence[str]) -> list[Wording]:
    """One Wording for each language, in the operator's order."""
    return [Wording.load(folder / language) for language in languages]


def _wrapped_line(line: str) -> list[str]:
    if len(line) <= WIDTH:
        return [line]
    label = _LABEL.match(line)
    indent = " " * label.end() if label is not None else ""
    return textwrap.wrap(
        line,
        WIDTH,
        subsequent_indent=indent,
        break_long_words=False,
        break_on_hyphens=False,
        drop_whitespace=True,
    )


def _checked(path: Path, text: str, allowed: set[str]) -> str:
    try:
        used = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        raise WordingError(f"{path}: a brace is not closed; write {{{{ for a brace") from None
    if unknown := sorted(used - allowed):
        known = ", ".join(sorted(allowed)) or "none"
        raise WordingError(f"{path}: unknown placeholder {{{unknown[0]}}}; known here: {known}")
    return text
