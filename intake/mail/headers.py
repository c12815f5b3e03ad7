"""The header block of a message or of one of its parts, read tolerantly and in linear time."""

from __future__ import annotations

import re
from dataclasses import dataclass

BLOCK = 256 * 1024
FIELDS = 1000
FIELD = 32 * 1024
LINES = 50_000
_NAME = re.compile(rb"([!-9;-~]{1,100})[ \t]*:")
_BLANK_LINES = re.compile(rb"(?:[ \t]*+[\r\n]++)*+")
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_CONTROLS = str.maketrans("\r\x00", "  ")


@dataclass(frozen=True, kw_only=True, slots=True)
class Head:
    """One header block. `fields` are (lower-cased name, unfolded text) in order; `body` is where
    the body begins; `stray` are the lines that belong to no field; `defects` are codes.
    """

    fields: tuple[tuple[str, str], ...]
    body: int
    stray: bytes
    defects: frozenset[str]

    def first(self, name: str) -> str | None:
        """The topmost value of a field."""
        return next((value for key, value in self.fields if key == name), None)


def read(raw: bytes, start: int, end: int, *, outermost: bool = False) -> Head:
    """The header of `raw[start:end]`.

    The outermost may stand below what some programs put before it: a byte order mark, blank lines,
    an mbox `From ` line. Without a single field there is no header, and all is body.
    """
    block = _Block(raw, _past_prologue(raw, start, end) if outermost else start, end)
    block.read()
    if not block.found:
        return Head(fields=(), body=block.start_of_body(start), stray=b"", defects=frozenset())
    if block.loose is not None:
        block.defects.add("header-without-end")
    fields = tuple((name, _text(value)) for name, value in block.found)
    return Head(
        fields=fields,
        body=block.position if block.loose is None else block.loose,
        stray=b"\n".join(block.stray),
        defects=frozenset(block.defects),
    )


class _Block:
    """The lines of a header block, up to the blank line or up to a limit."""

    def __init__(self, raw: bytes, start: int, end: int) -> None:
        self.found: list[tuple[str, bytearray]] = []
        self.stray: list[bytes] = []
        self.defects: set[str] = set()
        self.position = start
        self._raw = raw
        self._end = end
        self._kept = 0
        self._blank = False
        self.loose: int | None = None
        """Where the lines without a name begin that no field follows: with them the body begins."""

    def read(self) -> None:
        """Read on to the end of the block; `position` is then where the body begins."""
        for _ in range(LINES):
            if self.position >= self._end:
                return
            after, line, whole = self._line()
            if not line:
                self.position = after
                self._blank = True
                return
            if line.startswith(b"--") and _NAME.match(line) is None:
                # The first boundary, without the blank line that should stand before it.
                self.defects.add("header-without-end")
                return
            if not self._take(line, whole=whole):
                break
            self.position = after
        else:
            self.defects.add("header-block-too-long")
        self.position = _after_blank_line(self._raw, self.position, self._end)

    def start_of_body(self, start: int) -> int:
        """Where the body begins when there is no field: below the blank line only if nothing stands
        above it.
        """
        return self.position if self._blank and self.loose is None else start

    def _line(self) -> tuple[int, bytes, bool]:
        """(where the next begins, this one as far as it counts, whether that is all of it)."""
        stop = self._raw.find(b"\n", self.position, self._end)
        stop, after = (self._end, self._end) if stop < 0 else (stop, stop + 1)
        whole = stop - self.position <= FIELD
        line = self._raw[self.position : stop if whole else self.position + FIELD]
        return after, line.rstrip(b"\r"), whole

    def _take(self, line: bytes, *, whole: bool) -> bool:
        """Whether the block may go on after this line."""
        if b"\r" in line or b"\x00" in line:
            self.defects.add("bare-cr-or-nul-in-header")
        if not whole:
            self.defects.add("header-too-long")
        self._kept += len(line)
        if self._kept > BLOCK:
            self.defects.add("header-block-too-long")
            return False
        folded = line[:1] in (b" ", b"\t")
        if folded and self.found and self.loose is None:
            self._fold(line.strip(b" \t"))
            return True
        named = None if folded else _NAME.match(line)
        if named is None:
            if line.strip() and self.loose is None:
                self.loose = self.position
            return True
        if len(self.found) >= FIELDS:
            self.defects.add("too-many-headers")
            return False
        if self.loose is not None:
            self.defects.add("header-line-without-name")
            self.stray.append(self._raw[self.loose : self.position])
            self.loose = None
        name = named[1].decode("ascii").lower()
        self.found.append((name, bytearray(line[named.end() :].strip())))
        return True

    def _fold(self, more: bytes) -> None:
        value = self.found[-1][1]
        value += (b" " + more)[: FIELD + 1 - len(value)]
        if len(value) > FIELD:
            self.defects.add("header-too-long")
            del value[FIELD:]


def _past_prologue(raw: bytes, start: int, end: int) -> int:
    if raw.startswith(_BYTE_ORDER_MARK, start, end):
        start += len(_BYTE_ORDER_MARK)
    start = _past_blank_lines(raw, start, end)
    if raw.startswith((b"From ", b">From "), start, end) and not _NAME.match(raw, start, end):
        line_end = raw.find(b"\n", start, end)
        start = end if line_end < 0 else line_end + 1
    return start


def _past_blank_lines(raw: bytes, start: int, end: int) -> int:
    found = _BLANK_LINES.match(raw, start, end)
    return start if found is None else found.end()


def _after_blank_line(raw: bytes, position: int, end: int) -> int:
    """Behind the first blank line at or after `position`; the end when there is none."""
    ends = [
        found + len(mark)
        for mark in (b"\n\r\n", b"\n\n")
        if (found := raw.find(mark, max(0, position - 1), end)) >= 0
    ]
    return min(ends, default=end)


def _text(value: bytearray) -> str:
    """As UTF-8 if it is that, else as Windows-1252; no line break and no NUL survives."""
    try:
        text = value.decode("utf-8")
    except UnicodeDecodeError:
        text = value.decode("cp1252", errors="replace")
    return text.translate(_CONTROLS)
