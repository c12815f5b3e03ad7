"""The pieces of a Word paragraph: its runs, with the form fields in which they stand."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from parsers.linear.pieces import Paragraph, Piece
from parsers.markup import attribute, child, local, within
from parsers.pdf.marks import CHECKED, UNCHECKED, meant

if TYPE_CHECKING:
    from collections.abc import Iterator
    from xml.etree.ElementTree import Element

_BLANKS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "\u2011"}
_GONE = frozenset({"del", "moveFrom", "delText", "rPr", "pPr", "sdtPr", "instrText", "Fallback"})
_PICTURES = frozenset({"drawing", "pict", "object"})
_SHAPES = frozenset(
    {"wsp", "wgp", "cxnSp", "oval", "line", "shape", "rect", "roundrect", "contentPart"}
)
_OFF = ("0", "false", "off", "none")


@dataclass(frozen=True, kw_only=True, slots=True)
class Control:
    """A form field: its number (0 for none), whether its text only asks for one, and its date."""

    number: int = 0
    placeholder: bool = False
    box: bool | None = None
    day: str = ""


@dataclass(kw_only=True)
class _Legacy:
    """A field of the older kind while it is read (ECMA-376 §17.16.5)."""

    data: Element | None
    code: str = ""
    result: bool = False
    control: Control = field(default_factory=Control)


class Runs:
    """Reads paragraphs one after another; fields may go over several."""

    outside = Control()

    def __init__(self) -> None:
        self.doubts: list[str] = []
        self.deleted: list[str] = []
        self.drawn = False
        self._numbers = 0
        self._fields: list[_Legacy] = []
        self._boxes: list[Element] = []
        self._pieces: list[Piece] = []
        self._joined: list[Piece] = []

    def paragraph(
        self, element: Element, control: Control
    ) -> tuple[list[Paragraph], list[Element]]:
        """(its paragraph, none if the end was deleted: then it goes on in the next; text boxes)."""
        self._pieces, self._boxes = self._joined, []
        self._joined = []
        self._inline(element, control)
        if control.number and not self._pieces:
            self._pieces.append(Piece(control=control.number))
        if child(element, "pPr", "rPr", "del") is not None:
            self._joined = self._pieces
            return [], self._boxes
        return [Paragraph(pieces=tuple(self._pieces))], self._boxes

    def control(self, sdt: Element, around: Control) -> Control:
        """The control that a w:sdt is; what is around it, where nobody can write in it, or where
        it only groups others.
        """
        about = child(sdt, "sdtPr")
        lock = None if about is None else child(about, "lock")
        locked = lock is not None and attribute(lock, "val") in (
            "contentLocked",
            "sdtContentLocked",
        )
        grouping = any(
            each is not sdt for name in ("tbl", "tr", "sdt") for each in within(sdt, name)
        )
        if (
            about is None
            or locked
            or grouping
            or any(
                child(about, name) is not None for name in ("group", "docPartObj", "docPartList")
            )
        ):
            return around
        self._numbers += 1
        box, date = child(about, "checkbox"), child(about, "date")
        ticked = None
        if box is not None:
            ticked = _on(child(box, "checked"), absent=False)
        return Control(
            number=self._numbers,
            placeholder=_on(child(about, "showingPlcHdr"), absent=False),
            box=ticked,
            day="" if date is None else (attribute(date, "fullDate") or "")[:10],
        )

    def _inline(self, parent: Element, control: Control) -> None:
        for each in parent:
            name = local(each)
            if name == "r":
                self._run(each, control)
            elif name == "sdt":
                self._sdt(each, control)
            elif name == "AlternateContent":
                self._inline(chosen(each), control)
            elif name == "del":
                self.delete(each)
            elif name not in _GONE:
                self._inline(each, control)

    def delete(self, element: Element) -> None:
        """What was deleted while changes were tracked is no part of the text."""
        texts = (each.text or "" for name in ("delText", "t") for each in within(element, name))
        self.deleted.extend(text for text in texts if text)

    def _sdt(self, sdt: Element, around: Control) -> None:
        control = self.control(sdt, around)
        inner = child(sdt, "sdtContent")
        if inner is None:
            return
        if control.box is None or control is around:
            self._inline(inner, control)
            return
        shown = "".join(text.text or "" for text in within(inner, "t")).strip()
        contradicts = shown in (UNCHECKED if control.box else CHECKED) and bool(shown)
        self._pieces.append(
            Piece(
                box=control.box,
                control=control.number,
                flaw="tick-uncertain" if contradicts else "",
            )
        )

    def _run(self, run: Element, control: Control) -> None:
        look = child(run, "rPr")
        for each in run:
            name = local(each)
            if name == "fldChar":
                self._field(each)
            elif name == "instrText":
                if self._fields:
                    self._fields[-1].code += each.text or ""
            elif name == "t":
                self._text(each.text or "", look, control)
            elif name in _BLANKS:
                self._text(_BLANKS[name], look, control)
            elif name == "sym":
                self._text(_symbol(each), look, control)
            elif name in _PICTURES or name == "AlternateContent":
                self._picture(each)

    def _text(self, text: str, look: Element | None, control: Control) -> None:
        # Text where a field tells how it is computed is not shown; but nor is it dropped.
        hidden = bool(self._fields) and not self._fields[-1].result
        if self._fields and not hidden:
            legacy = self._fields[-1]
            control = legacy.control if legacy.control.number else control
        flaw = ""
        if control.placeholder:
            style = None if look is None else child(look, "rStyle")
            if style is not None and "placeholder" in (attribute(style, "val") or "").lower():
                text = ""
            else:
                flaw = "placeholder-unclear"
        boxes = control.box is not None and text.strip() and text.strip() in CHECKED + UNCHECKED
        self._pieces.append(
            Piece(
                text="" if boxes else text,
                box=control.box if boxes else None,
                control=control.number,
                struck=_is(look, "strike") or _is(look, "dstrike"),
                marked=any(_is(look, name) for name in ("highlight", "u", "b")),
                hidden=hidden or _is(look, "vanish"),
                flaw=flaw,
                day=control.day,
            )
        )

    def _field(self, mark: Element) -> None:
        kind = attribute(mark, "fldCharType")
        if kind == "begin":
            self._fields.append(_Legacy(data=child(mark, "ffData")))
            return
        if not self._fields:
            return
        legacy = self._fields[-1]
        if kind == "separate":
            self._begin(legacy)
            legacy.result = True
        elif kind == "end":
            if not legacy.result:
                self._begin(legacy)
            self._fields.pop()

    def _begin(self, legacy: _Legacy) -> None:
        """A form field of the older kind counts from where its result begins."""
        if legacy.data is None:
            return
        self._numbers += 1
        legacy.control = Control(number=self._numbers)
        box, menu = child(legacy.data, "checkBox"), child(legacy.data, "ddList")
        if box is not None:
            checked = child(box, "checked")
            on = _on(checked if checked is not None else child(box, "default"), absent=False)
            self._pieces.append(Piece(box=on, control=self._numbers))
        elif menu is not None:
            self._pieces.append(_menu(menu, self._numbers))
        else:
            self._pieces.append(Piece(control=self._numbers))

    def _picture(self, element: Element) -> None:
        """Text boxes stand in drawings; what is drawn twice, for older programs, counts once."""
        drawn = element
        if local(element) == "AlternateContent":
            options = [each for each in element if local(each) in ("Choice", "Fallback")]
            drawn = next((o for o in options if any(within(o, "txbxContent"))), chosen(element))
        boxes = list(_outermost(drawn, "txbxContent"))
        self._boxes.extend(boxes)
        names = {local(each) for each in drawn.iter()}
        if not boxes and names & {"blip", "imagedata", "OLEObject"}:
            self.doubts.append("picture-not-read")
        elif not boxes and names & _SHAPES:
            self.drawn = True


def _menu(menu: Element, number: int) -> Piece:
    """The chosen entry of a drop-down; one that nobody chose is doubtful."""
    entries = [attribute(each, "val") or "" for each in menu if local(each) == "listEntry"]
    result = child(menu, "result")
    said = "0" if result is None else attribute(result, "val") or "0"
    index = int(said) if said.isdecimal() and len(said) < 4 else len(entries)  # noqa: PLR2004 - no menu has a thousand entries
    text = entries[index] if index < len(entries) else ""
    return Piece(
        text=text, control=number, flaw="choice-unclear" if result is None and text else ""
    )


def chosen(alternate: Element) -> Element:
    """What is shown of an mc:AlternateContent: its first choice, else what older programs show."""
    options = [each for each in alternate if local(each) in ("Choice", "Fallback")]
    options.sort(key=lambda each: local(each) == "Fallback")
    return options[0] if options else alternate


def _outermost(element: Element, name: str) -> Iterator[Element]:
    for each in element:
        if local(each) == name:
            yield each
        elif local(each) != "Fallback" or local(element) != "AlternateContent":
            yield from _outermost(each, name)


def _symbol(element: Element) -> str:
    code, font = attribute(element, "char") or "", attribute(element, "font") or ""
    try:
        return meant(chr(int(code, 16)), font)
    except (ValueError, OverflowError):
        return "\N{REPLACEMENT CHARACTER}"


def _is(look: Element | None, name: str) -> bool:
    return look is not None and _on(child(look, name), absent=False)


def _on(element: Element | None, *, absent: bool) -> bool:
    """A toggle of Word: there, it is on, unless it says no."""
    if element is None:
        return absent
    return (attribute(element, "val") or "1").lower() not in _OFF
