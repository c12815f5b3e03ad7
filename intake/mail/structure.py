"""Where the parts of a multipart begin and end (RFC 2046 §5.1)."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

CANDIDATES = 100_000
_LONGEST = 1000
_PART_FIELDS = (b"Content-", b"content-", b"CONTENT-")
_TAIL = re.compile(rb"(--)?[ \t]*+\r*+(?:\n|\Z)")
_FIRST = re.compile(rb"--([^\r\n]{1,200}?)[ \t]*\r*\n[ \t]*(?:content-|mime-)", re.IGNORECASE)


@dataclass(slots=True)
class Split:
    """The (start, end) of each part, and codes of what was wrong with the delimiters."""

    spans: list[tuple[int, int]] = field(default_factory=list)
    defects: set[str] = field(default_factory=set)

    def note_outside(self, raw: bytes, start: int, end: int) -> None:
        """Before the first part and behind the last stand words for old programs, as a rule: a
        part's header there means that a delimiter is damaged, and the part was not looked at.
        """
        if any(
            raw.startswith(name, start, end) or raw.find(b"\n" + name, start, end) >= 0
            for name in _PART_FIELDS
        ):
            self.defects.add("content-outside-parts")


def split(raw: bytes, start: int, end: int, boundary: str, *, most: int) -> Split | None:
    """The parts between the delimiters; None when there is no delimiter. At most `most` and one,
    so that whoever counts them knows that there are more.
    """
    mark = boundary.encode("utf-8", "replace").rstrip()
    if not mark or len(mark) > _LONGEST:
        return None
    return _at(raw, start, end, b"--" + mark, most=most)


def guessed(raw: bytes, start: int, end: int, *, most: int) -> Split | None:
    """The parts by the first line that looks like a delimiter above a part's header, for messages
    that name no boundary, or another.
    """
    position = start if raw.startswith(b"--", start, end) else _next(raw, b"--", start, end)
    for _ in range(100):
        if position < 0:
            return None
        found = _FIRST.match(raw, position, end)
        if found is not None:
            return _at(raw, start, end, b"--" + found[1], most=most)
        position = _next(raw, b"--", position, end)
    return None


def _at(raw: bytes, start: int, end: int, mark: bytes, *, most: int) -> Split | None:
    done = Split()
    opened: int | None = None
    closed = False
    outside = start
    position = start if raw.startswith(mark, start, end) else _next(raw, mark, start, end)
    for _ in range(CANDIDATES):
        if position < 0 or len(done.spans) > most:
            break
        tail = _TAIL.match(raw, position + len(mark), end)
        if tail is not None:
            if opened is None:
                done.note_outside(raw, outside, position)
            if opened is not None:
                done.spans.append((opened, _before(raw, opened, position)))
            elif closed and tail[1] is None:
                done.defects.add("parts-after-end")
            closed = tail[1] is not None
            opened = None if closed else tail.end()
            outside = tail.end()
        position = _next(raw, mark, position, end)
    else:
        done.defects.add("too-many-parts")
    if closed:
        done.note_outside(raw, outside, end)
    if opened is not None and len(done.spans) <= most:
        done.spans.append((opened, end))
        # Where another delimiter ends it, nothing was cut off.
        done.defects.add("multipart-not-closed" if end == len(raw) else "inner-part-not-closed")
    if done.spans or (closed and not raw[start:end].partition(mark)[0].strip()):
        return done
    return None


def _next(raw: bytes, mark: bytes, position: int, end: int) -> int:
    found = raw.find(b"\n" + mark, position, end)
    return found if found < 0 else found + 1


def _before(raw: bytes, start: int, delimiter: int) -> int:
    """The end of a part: the line break before a delimiter belongs to the delimiter."""
    end = max(start, delimiter - 1)
    while end > start and raw[end - 1 : end] == b"\r":
        end -= 1
    return end
