"""The objects of a PDF file as pdfminer has them, taken apart several times faster than it does."""

from __future__ import annotations

import contextlib
import re
from typing import TYPE_CHECKING, Any

from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, PDFStream
from pdfminer.psparser import KWD, LIT, PSLiteral
from pdfplumber.pdf import PDF
from pdfplumber.utils.exceptions import PdfminerException

from parsers.pdf.fonts import Fonts
from parsers.pdf.strings import UnusualError, from_hex, unescaped

if TYPE_CHECKING:
    import io

_MOST_BYTES = 4_000_000
_AHEAD = 16_384
"""So much of a file is looked at for one object that is no stream; a larger one is unusual."""
_END = rb"(?=[\s/\[\]()<>]|\Z)"
_TOKEN = re.compile(
    rb"\s*+(?:"
    rb"/([!\"$&'*-.0-;=?-Z\\^-z|~]*)"
    + _END
    + rb"|(\d+)\s+\d+\s+R"
    + _END
    + rb"|([-+]?\d+)"
    + _END
    + rb"|([-+]?(?:\d+\.\d*|\.\d+))"
    + _END
    + rb"|\(([^()\\]*+)\)"
    rb"|(\[)|(\])|(<<)|(>>)"
    rb"|\(((?:[^()\\]|\\.|\((?:[^()\\]|\\.)*+\))*+)\)"
    rb"|<([0-9A-Fa-f\s]*)>(?!>)"
    rb"|(true|false|null)" + _END + rb"|(endobj|stream)(?=\s)|\Z)",
    re.DOTALL,
)
(_NAME, _REFERENCE, _INTEGER, _REAL, _PLAIN, _OPEN, _CLOSE, _OPEN_DICT, _CLOSE_DICT) = range(1, 10)
(_ESCAPED, _HEX, _CONSTANT, _LAST) = range(10, 14)
_CONSTANTS = {b"true": True, b"false": False}
_NULL = KWD(b"null")
"""What pdfminer has for a null in an object stream; elsewhere it is None."""
_CLOSED_BY = {_OPEN: _CLOSE, _OPEN_DICT: _CLOSE_DICT}
_BEGIN = re.compile(rb"\s*+(\d+)\s+\d+\s+obj" + _END)
_STREAM_LINE = re.compile(rb"stream(?:\r\n|\n)")


class File(PDF):
    """A file opened as pdfplumber opens it, without a look at who made it and when."""

    def __init__(self, stream: io.BytesIO) -> None:  # pdfplumber's sets no more than this
        self.stream = stream
        self.stream_is_external = True
        self.path = None
        self.pages_to_parse = None
        self.laparams = None
        self.password = None
        self.unicode_norm = None
        self.raise_unicode_errors = True
        self.rsrcmgr = self.fonts = Fonts()
        self.metadata = {}
        try:
            self.doc = Document(stream)
        except Exception as error:  # noqa: BLE001 - as pdfplumber does
            raise PdfminerException(error) from None


class Document(PDFDocument):
    """pdfminer's document. Objects that are written as nearly all programs write them are taken
    apart here; any other is left to pdfminer. Both come to the same.
    """

    def __init__(self, stream: io.BytesIO) -> None:
        self._content = stream.getvalue()
        super().__init__(PDFParser(stream))

    def _getobj_parse(self, pos: int, objid: int) -> object:
        # A parser that falls back looks for the end of a stream by itself.
        if self._parser is not None and not self._parser.fallback:
            with contextlib.suppress(UnusualError, ValueError):
                return self._at(pos, objid)
        return super()._getobj_parse(pos, objid)

    def _get_objects(self, stream: PDFStream) -> tuple[list[object], int]:
        content, count = stream.get_data(), stream.get("N")
        if type(count) is int and len(content) <= _MOST_BYTES:
            try:
                found, _, last = taken_apart(self, content, 0, len(content), null=_NULL)
            except (UnusualError, ValueError):
                pass
            else:
                if last is None:
                    return found, count
        return super()._get_objects(stream)

    def _at(self, pos: int, objid: int) -> object:
        begun = _BEGIN.match(self._content, pos)
        if begun is None or int(begun[1]) != objid:
            raise UnusualError
        found, at, last = taken_apart(self, self._content, begun.end(), begun.end() + _AHEAD)
        if len(found) != 1 or last is None:
            raise UnusualError
        if last == b"endobj":
            return found[0]
        return self._stream(found[0], at - len(last))

    def _stream(self, attributes: Any, at: int) -> PDFStream:
        line = _STREAM_LINE.match(self._content, at)
        length = attributes.get("Length") if isinstance(attributes, dict) else None
        if isinstance(length, PDFObjRef):
            length = length.resolve()
        if line is None or type(length) is not int or length < 0:
            raise UnusualError
        content = self._content[line.end() : line.end() + length]
        return PDFStream(attributes, content, self.decipher)


def taken_apart(
    document: Any, content: bytes, at: int, end: int, *, null: Any = None
) -> tuple[list[Any], int, bytes | None]:
    """The objects from `at` on, up to a word that ends them or to the `end`; where that is, and the
    word. UnusualError for whatever only pdfminer's own parser may judge.
    """
    current: list[Any] = []
    waiting: list[tuple[int, list[Any]]] = []
    match, resolve = _TOKEN.match, PDFObjRef
    while True:
        found = match(content, at, end)
        if found is None:
            raise UnusualError
        at = found.end()
        kind = found.lastindex
        if kind is None or kind == _LAST:
            break
        if kind == _NAME:
            current.append(LIT(found[1].decode()))
        elif kind == _REFERENCE:
            current.append(resolve(document, int(found[2])))
        elif kind in (_CLOSE, _CLOSE_DICT):
            current = _closed(kind, current, waiting)
        elif kind in _CLOSED_BY:
            waiting.append((_CLOSED_BY[kind], current))
            current = []
        elif kind == _CONSTANT:
            current.append(_CONSTANTS.get(found[kind], null))
        else:
            current.append(_simple(kind, found[kind]))
    if waiting:
        raise UnusualError
    return current, at, None if kind is None else found[_LAST]


def _closed(kind: int, inner: list[Any], waiting: list[tuple[int, list[Any]]]) -> list[Any]:
    """What stands around an array or a dictionary that ends, with it."""
    if not waiting or waiting[-1][0] != kind:
        raise UnusualError
    _, outer = waiting.pop()
    outer.append(inner if kind == _CLOSE else _dictionary(inner))
    return outer


def _simple(kind: int, said: bytes) -> Any:
    if kind == _INTEGER:
        return int(said)
    if kind == _PLAIN:
        return said
    if kind == _REAL:
        return float(said)
    if kind == _ESCAPED:
        return unescaped(said)
    return from_hex(said)


def _dictionary(entries: list[Any]) -> dict[str, Any]:
    keys = entries[::2]
    if len(entries) % 2 or not all(isinstance(key, PSLiteral) for key in keys):
        raise UnusualError
    return {
        str(key.name): entry
        for key, entry in zip(keys, entries[1::2], strict=True)
        if entry is not None
    }
