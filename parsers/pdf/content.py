"""A page's content as pdfminer understands it, taken apart several times faster than it does."""

from __future__ import annotations

import re
import zlib
from typing import TYPE_CHECKING, Any

from pdfminer.pdfinterp import PDFPageInterpreter
from pdfminer.pdftypes import LITERALS_FLATE_DECODE, PDFStream, resolve1
from pdfminer.psparser import KWD, LIT, PSKeyword, PSLiteral, literal_name

from parsers.pdf.strings import UnusualError, from_hex, unescaped

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from parsers.pdf.glyphs import Device

_MOST_BYTES = 4_000_000
_END = rb"(?=[\s/\[\]()<>]|\Z)"
_TOKEN = re.compile(
    rb"\s*+(?:"
    rb"([-+]?\d+)"
    + _END
    + rb"|([-+]?(?:\d+\.\d*|\.\d+))"
    + _END
    + rb"|([A-Za-z][A-Za-z0-9]*\*?)"
    + _END
    + rb"|\(([^()\\]*+)\)"
    rb"|/([A-Za-z0-9_.+,*-]*)" + _END + rb"|(\[)|(\])"
    rb"|\(((?:[^()\\]|\\.)*+)\)"
    rb"|<([0-9A-Fa-f\s]*)>(?!>)|(<<)|(>>)|(['\"])|\Z)",
    re.DOTALL,
)
(_INTEGER, _REAL, _WORD, _PLAIN, _NAME, _OPEN, _CLOSE, _ESCAPED, _HEX, _OPEN_DICT, _CLOSE_DICT) = (
    range(1, 12)
)
_INLINE = (b"BI", b"ID", b"EI")
_SHOWN = {"Form": ("BBox",), "Image": ("Width", "Height")}
_OF_NO_CONCERN = {KWD(said) for said in (b"sh", b"d0", b"d1")}
"""Operators (ISO 32000, Annex A) that pdfminer doesn't know, since they show no text."""


class Interpreter(PDFPageInterpreter):
    """pdfminer's interpreter. What is written as nearly all programs write it is taken apart here;
    a content with anything else in it (an inline image, a comment, a syntax error) is left to
    pdfminer as a whole. Both come to the same.

    The device is told when something is not there that the content shows, or can't be understood.
    """

    device: Device

    def execute(self, streams: Sequence[object]) -> None:
        """Carry out one content: of a page, or of a drawing within it."""
        try:
            tokens = self._taken_apart(streams)
        except (UnusualError, ValueError):  # ValueError: a number of thousands of digits
            super().execute(streams)
            return
        for token in tokens:
            if isinstance(token, PSKeyword):
                self._carry_out(token)
            else:
                self.argstack.append(token)

    def do_Do(self, xobjid_arg: Any) -> None:  # noqa: N802 - the operator's name
        """Show a drawing or a picture."""
        shown = resolve1(self.xobjmap.get(literal_name(xobjid_arg)))
        needed = _SHOWN.get(literal_name(shown.get("Subtype"))) if _is_stream(shown) else None
        if needed is None or not all(key in shown for key in needed):
            self.device.incomplete = True
        super().do_Do(xobjid_arg)

    def do_Tf(self, fontid: Any, fontsize: Any) -> None:  # noqa: N802 - the operator's name
        """Choose a font."""
        if literal_name(fontid) not in self.fontmap:
            self.device.incomplete = True
        super().do_Tf(fontid, fontsize)

    def do_TJ(self, seq: Any) -> None:  # noqa: N802 - the operator's name
        """Show text; the state of the graphics is not kept with each letter."""
        if self.textstate.font is None:
            self.device.incomplete = True
        else:
            ncs = self.graphicstate.ncs
            self.device.render_string(self.textstate, seq, ncs, self.graphicstate)

    def _taken_apart(self, streams: Sequence[object]) -> list[Any]:
        known = []
        tokens: list[Any] = []
        for each in streams:
            stream = resolve1(each)
            if not _is_stream(stream) or _is_cut_off(stream):
                self.device.incomplete = True
            # Streams that run in a circle, and those without a number, are pdfminer's to refuse.
            if not isinstance(stream, PDFStream) or stream.objid in self.parent_stream_ids:
                raise UnusualError
            if stream.objid is None:
                raise UnusualError
            known.append(stream.objid)
            content = stream.get_data()
            if len(content) > _MOST_BYTES:
                raise UnusualError
            tokens += _tokens(content)
        if tokens and not isinstance(tokens[-1], PSKeyword):
            self.device.incomplete = True  # it ends with an operator, or is cut off
        self.stream_ids.clear()
        self.stream_ids.update(known)
        return tokens

    def _carry_out(self, keyword: PSKeyword) -> None:
        found = _OPERATORS.get(keyword)
        if found is None:
            self.device.incomplete |= keyword not in _OF_NO_CONCERN
            return
        name, count = found
        if not count:
            getattr(self, name)()
            return
        stack = self.argstack
        given = stack[-count:]
        del stack[-count:]
        if len(given) == count:
            getattr(self, name)(*given)


def _is_stream(thing: object) -> bool:
    return isinstance(thing, PDFStream)


def _is_cut_off(stream: PDFStream) -> bool:
    """Whether what was packed can't be unpacked to its end; of a checksum nothing is asked."""
    packed = stream.rawdata
    filters = [] if packed is None or stream.decipher else stream.get_filters()
    if packed is None or [each for each, _ in filters if each in LITERALS_FLATE_DECODE] == []:
        return False
    if len(filters) > 1:
        return False
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        unpacking.decompress(packed[2:], _MOST_BYTES)
    except zlib.error:
        return True
    return not unpacking.eof and not unpacking.unconsumed_tail


def _operators() -> dict[PSKeyword, tuple[str, int]]:
    """By its keyword, each operator's method with the number of its operands."""
    found = {}
    for name in dir(Interpreter):
        if name.startswith("do_"):
            said = name[3:].replace("_a", "*").replace("_w", '"').replace("_q", "'")
            count = getattr(PDFPageInterpreter, name).__code__.co_argcount - 1
            found[KWD(said.encode())] = (name, count)
    return found


_OPERATORS = _operators()


def _tokens(content: bytes) -> list[Any]:
    """Numbers, names, strings, arrays, dictionaries and operators, as pdfminer has them."""
    current: list[Any] = []
    waiting: list[tuple[int, list[Any]]] = []
    match, makers = _TOKEN.match, _MAKERS
    at, end = 0, len(content)
    while at < end:
        found = match(content, at)
        if found is None:
            raise UnusualError
        at = found.end()
        kind = found.lastindex
        if kind is None:
            break
        if (maker := makers.get(kind)) is not None:
            current.append(maker(found[kind]))
        elif kind in _CLOSED_BY:
            waiting.append((_CLOSED_BY[kind], current))
            current = []
        elif kind in (_CLOSE, _CLOSE_DICT):
            current = _closed(kind, current, waiting)
        else:
            current.append(_word(found[kind], nested=bool(waiting)))
    if waiting:
        raise UnusualError
    return current


def _closed(kind: int, inner: list[Any], waiting: list[tuple[int, list[Any]]]) -> list[Any]:
    """What stands around an array or a dictionary that ends, with it."""
    if not waiting or waiting[-1][0] != kind:
        raise UnusualError
    _, outer = waiting.pop()
    outer.append(inner if kind == _CLOSE else _dictionary(inner))
    return outer


def _word(said: bytes, *, nested: bool) -> bool | PSKeyword:
    if said in (b"true", b"false"):
        return said == b"true"
    if nested or said in _INLINE:
        raise UnusualError
    return KWD(said)


def _dictionary(entries: list[Any]) -> dict[str, Any]:
    keys = entries[::2]
    if len(entries) % 2 or not all(isinstance(key, PSLiteral) for key in keys):
        raise UnusualError
    return {str(key.name): entry for key, entry in zip(keys, entries[1::2], strict=True)}


_MAKERS: dict[int, Callable[[bytes], Any]] = {
    _INTEGER: int,
    _REAL: float,
    _PLAIN: bytes,
    _NAME: lambda said: LIT(said.decode()),
    _ESCAPED: unescaped,
    _HEX: from_hex,
}
_CLOSED_BY = {_OPEN: _CLOSE, _OPEN_DICT: _CLOSE_DICT}
