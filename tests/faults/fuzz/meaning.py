"""Whether a damaged document that is read in full still says what it said."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from parsers.model import ExtractedForm, Extraction, FieldValue
    from tests.faults.fuzz.mutants import Mutant

DOUBT = "doubt"
"""How a finding begins that a person has to look at: the damage itself may say so."""
_STREAM = re.compile(rb"stream\r?\n(.*?)endstream", re.DOTALL)
_MOST = 8 << 20


def misreadings(one: Mutant, read: Extraction, bases: Sequence[Extraction]) -> Iterator[str]:
    """Of a document that was read in full: a value under another field than before, a tick that is
    another, a value that stands nowhere in the file, one that does and is not told. A letter
    changed where it is stored is no misreading.
    """
    known = [form.fields for base in bases for form in base.forms]
    if not known:
        return
    held = text_in(one.content)
    for form in read.forms:
        # The form of which the most came through.
        was = max(known, key=lambda fields: len(_same(fields, form.fields)))
        yield from _changed(form, was, held)
        lost = sorted(key for key in was.keys() - form.fields.keys()
                      if len(was[key].raw) > 5 and stands(was[key].raw, held))  # fmt: skip
        if lost:
            yield f"{DOUBT}: dropped: {', '.join(lost)}"


def _changed(form: ExtractedForm, was: Mapping[str, FieldValue], held: str) -> Iterator[str]:
    doubted = {each.field for each in form.warnings}
    for key, answer in form.fields.items():
        before = was.get(key)
        if key in doubted or (before is not None and before.raw == answer.raw):
            continue
        if any(other.raw == answer.raw for name, other in was.items() if name != key):
            yield f"{DOUBT}: moved: {key}: {answer.raw[:60]!r} was under another field"
        elif answer.value in ("yes", "no"):
            yield f"{DOUBT}: ticked: {key}: {answer.value} was {before and before.value}"
        elif not stands(answer.raw, held):
            yield f"{DOUBT}: invented: {key}: {answer.raw[:60]!r}"


def _same(first: Mapping[str, FieldValue], second: Mapping[str, FieldValue]) -> list[str]:
    return [key for key, answer in first.items()
            if key in second and second[key].raw == answer.raw]  # fmt: skip


def stands(text: str, held: str) -> bool:
    """Whether every word of plain letters stands in it."""
    return all(word in held for word in re.findall(r"[A-Za-z0-9@.]+", text))


def text_in(content: bytes) -> str:
    """What can be found in a file without reading it as anything: its bytes, what is packed in its
    streams (PDF) or entries (zip), and both once more as UTF-16.
    """
    parts = [content[:_MOST], *(_inflated(each[1], 15) for each in _STREAM.finditer(content))]
    at = 0
    while (at := content.find(b"PK\x03\x04", at)) >= 0:
        begin = at + 30 + int.from_bytes(content[at + 26 : at + 28], "little")
        parts.append(_inflated(content[begin:], -15))
        at += 4
    whole = b"\n".join(parts)
    return "\n".join((whole.decode("latin-1"), whole.replace(b"\0", b"").decode("latin-1"),
                      re.sub(rb"<[^<>]*>", b"", whole).decode("latin-1")))  # fmt: skip


def _inflated(packed: bytes, bits: int) -> bytes:
    try:
        return zlib.decompressobj(bits).decompress(packed, _MOST)
    except zlib.error:
        return b""
