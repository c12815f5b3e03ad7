"""The template of an XFA form, filled in with its data, in the order of reading (XFA 3.3)."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from parsers.linear.pieces import Cell, Paragraph, Piece
from parsers.markup import attribute, child, local

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from xml.etree.ElementTree import Element

    from parsers.linear.wordings import Wordings

_UNSEEN = ("hidden", "invisible", "inactive")
_GROUPS = ("subform", "subformSet", "pageSet", "pageArea", "area")
_STEP = re.compile(r"([^.\[\]]+)(?:\[(\d+|\*)\])?")
_MOST = 20_000


class Template:
    """A form's cells; `doubts` are the codes of what was not understood of it."""

    def __init__(self, template: Element, data: Element, known: Sequence[Wordings]) -> None:
        """`known` is what the versions of the form print."""
        self._known = known
        self._labelled = False
        self._drawn = ""
        self._data = data
        self._used: set[int] = set()
        self._numbers = 0
        self._ticks: list[Piece] = []
        self.cells: list[Cell] = []
        self.doubts: list[str] = []
        self._group(template, [data], seen=True)
        self._end_ticks()

    def left(self) -> list[tuple[str, str]]:
        """The data that belong to no field: (name, text)."""
        return [
            (local(each), text)
            for each in self._data.iter()
            if not len(each) and id(each) not in self._used and (text := _said(each)).strip()
        ]

    def _group(self, parent: Element, contexts: list[Element], *, seen: bool) -> None:
        for each in parent:
            name = local(each)
            if len(self.cells) > _MOST:
                self.doubts.append("too-many-fields")
                return
            shown = seen and attribute(each, "presence") not in _UNSEEN
            if name in _GROUPS:
                for nodes in self._bound_group(each, contexts):
                    self._group(each, nodes, seen=shown)
            elif name == "draw" and shown:
                self._end_ticks()
                self._print(_text_of(child(each, "value")))
            elif name == "field":
                self._field(each, contexts, seen=shown)
            elif name == "exclGroup":
                self._choice(each, contexts, seen=shown)

    def _bound_group(self, group: Element, contexts: list[Element]) -> Iterator[list[Element]]:
        """The data of each time that a subform stands there; at least once."""
        name, bind = attribute(group, "name"), child(group, "bind")
        if local(group) != "subform" or not name or _match(bind) == "none":
            yield contexts
            return
        found = self._referred(bind, contexts) or [
            each
            for context in contexts
            for each in context
            if local(each) == name and id(each) not in self._used
        ]
        occur = child(group, "occur")
        several = occur is not None and attribute(occur, "max") not in (None, "1")
        for node in found if several else found[:1]:
            self._used.add(id(node))
            yield [node]
        if not found:
            yield []

    def _bound(self, field: Element, contexts: list[Element]) -> Element | None:
        bind, name = child(field, "bind"), attribute(field, "name")
        if _match(bind) == "none":
            return None
        if _match(bind) == "global":
            contexts = list(self._data.iter())
        found = self._referred(bind, contexts) or [
            each
            for context in contexts
            for each in context
            if local(each) == name and id(each) not in self._used
        ]
        if not found:
            return None
        self._used.update(id(each) for each in found[0].iter())
        return found[0]

    def _referred(self, bind: Element | None, contexts: list[Element]) -> list[Element]:
        """What a dataRef leads to: `$.a.b`, `$record.a`, `$data.x.a[2]`, `a.b`."""
        if bind is None or _match(bind) != "dataRef":
            return []
        path = _STEP.findall(attribute(bind, "ref") or "")
        now = list(contexts)
        if path and path[0][0] in ("$", "$record", "$data", "xfa"):
            root = path.pop(0)[0]
            now = {"$": now, "$record": list(self._data)[:1]}.get(root, [self._data])
            while root == "xfa" and path and path[0][0] in ("datasets", "data"):
                path.pop(0)
        for name, index in path:
            found = [each for node in now for each in node if local(each) == name]
            now = found[int(index) : int(index) + 1] if index.isdecimal() else found
        return now

    def _field(self, field: Element, contexts: list[Element], *, seen: bool) -> None:
        ui = child(field, "ui")
        kind = (
            next((local(each) for each in ui if local(each) != "extras"), "")
            if ui is not None
            else ""
        )
        if kind in ("button", "signature", "barcode"):
            return
        node = self._bound(field, contexts)
        said = _text_of(child(field, "value")) if node is None else _said(node)
        if kind == "checkButton":
            self._tick(field, said, seen=seen)
            return
        self._end_ticks()
        self._numbers += 1
        typed = _shown(field, said)
        pieces = [
            Piece(text=typed if seen else "", control=self._numbers),
            *([Piece(text=typed, control=self._numbers, hidden=True)] if not seen else []),
        ]
        label = self._label(field)
        self._place(label, pieces)

    def _label(self, field: Element) -> str:
        """A field's caption; its tooltip, where no label is drawn before it; at last its name."""
        before, self._labelled = self._labelled, False
        drawn, self._drawn = self._drawn, ""
        if caption := _caption(field):
            return caption
        tooltip = _tooltip(field)
        if before:
            return ""
        return tooltip or drawn or attribute(field, "name") or ""

    def _tick(self, field: Element, said: str, *, seen: bool) -> None:
        on = _on_value(field)
        self._numbers += 1
        caption = _caption(field) or _tooltip(field) or attribute(field, "name") or on
        ticked = said.strip() == on
        if not seen:
            if ticked:
                self._ticks.append(Piece(text=f" {caption} ", control=self._numbers, hidden=True))
            return
        self._ticks += [
            Piece(box=ticked, control=self._numbers),
            Piece(text=f" {caption} ", control=self._numbers),
        ]

    def _end_ticks(self, label: str = "") -> None:
        """Boxes that stand one after the other answer one question."""
        if self._ticks:
            self._place(label, self._ticks)
            self._labelled = False
            self._ticks = []

    def _choice(self, group: Element, contexts: list[Element], *, seen: bool) -> None:
        self._end_ticks()
        node = self._bound(group, contexts)
        said = "" if node is None else _said(node)
        label = self._label(group)
        fields = [each for each in group if local(each) == "field"]
        for each in fields:
            own = said
            if node is None or len(node):
                inner = self._bound(each, contexts if node is None else [node])
                own = "" if inner is None else _said(inner)
            self._tick(each, own, seen=seen)
        if said.strip() and said.strip() not in [_on_value(each) for each in fields]:
            self._ticks.append(Piece(text=said, control=self._numbers))
        self._end_ticks(label)

    def _place(self, label: str, pieces: Sequence[Piece]) -> None:
        """A place for an answer, with the label that is its own, or the name that is none."""
        known = any(each.names(label) for each in self._known)
        asked = (Paragraph(pieces=(Piece(text=label),)),) if known else ()
        paragraphs = (*asked, Paragraph(pieces=tuple(pieces)))
        self.cells.append(Cell(paragraphs=paragraphs, name="" if known else label))

    def _print(self, text: str) -> None:
        """A heading or a label; what else is drawn nobody can have typed."""
        labels = any(each.names(text) for each in self._known)
        if not labels and not any(each.heading(text) for each in self._known):
            self._drawn = text.strip()
        else:
            self._labelled, self._drawn = labels, ""
            lines = tuple(Paragraph(pieces=(Piece(text=line),)) for line in text.split("\n"))
            self.cells.append(Cell(paragraphs=lines))


def _match(bind: Element | None) -> str:
    return "once" if bind is None else attribute(bind, "match") or "once"


def _caption(element: Element) -> str:
    return _text_of(child(element, "caption", "value")).strip()


def _tooltip(element: Element) -> str:
    for name in ("toolTip", "speak"):
        found = child(element, "assist", name)
        if found is not None and (found.text or "").strip():
            return (found.text or "").strip()
    return ""


def _text_of(value: Element | None) -> str:
    """A value: its one child, plain or rich."""
    return "" if value is None else next((_said(each) for each in value), "")


def _said(element: Element) -> str:
    """The text in it; each paragraph of rich text, and each of several values, is a line."""
    blocks = [
        each for each in element.iter() if local(each) in ("p", "value") and each is not element
    ]
    found = ["".join(_flow(each)) for each in blocks] if blocks else ["".join(_flow(element))]
    return "\n".join(found).replace("\r\n", "\n").replace("\r", "\n")


def _flow(element: Element) -> Iterator[str]:
    for each in element.iter():
        if local(each) == "br":
            yield "\n"
        yield each.text or ""
        if each is not element:
            yield each.tail or ""


def _items(field: Element) -> tuple[list[str], list[str]]:
    """(what is shown, what is stored) of a choice."""
    lists = [each for each in field if local(each) == "items"]
    shown = next((each for each in lists if attribute(each, "save") != "1"), None)
    stored = next((each for each in lists if attribute(each, "save") == "1"), shown)
    first = shown if shown is not None else stored
    return (
        [] if first is None else [_said(each) for each in first],
        [] if stored is None else [_said(each) for each in stored],
    )


def _shown(field: Element, said: str) -> str:
    shown, stored = _items(field)
    pairs = dict(zip(stored, shown, strict=False))
    return "\n".join(pairs.get(line, line) for line in said.split("\n"))


def _on_value(field: Element) -> str:
    _, stored = _items(field)
    return stored[0] if stored else "1"
