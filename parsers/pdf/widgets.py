"""The form fields of a PDF as they stand on its pages, with the values that they hold."""

from __future__ import annotations

import codecs
import html
import math
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from pdfminer.pdftypes import PDFObjRef, PDFStream
from pdfminer.psparser import PSLiteral
from pdfminer.utils import PDFDocEncoding

from parsers.normal import normal
from parsers.pdf.geometry import area, overlaps
from parsers.pdf.slots import Slot

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from pdfplumber.pdf import PDF

    from parsers.model import BBox
    from parsers.pdf.view import View

_DEPTH = 32
_MOST = 5000
_LANGUAGE = re.compile("\x1b[^\x1b]*\x1b")
_READ_ONLY, _PUSH = 1, 1 << 16
_HIDDEN, _NO_VIEW = 2, 32
_ODD = "value-of-another-type"
_NOWHERE = (0.0, 0.0, 0.0, 0.0)
_Field = dict[str, Any]


@dataclass(kw_only=True)
class Widgets:
    """What was found of a document's fields. `doubts` are the codes of what could not be read."""

    slots: list[Slot] = field(default_factory=list)
    doubts: list[str] = field(default_factory=list)


def widgets_of(pdf: PDF, views: Mapping[int, View]) -> Widgets:
    """A slot for every text, choice, check box and radio widget of every page, and for every note
    typed over a page (FreeText), which viewers use where a form has no fields. Fields that no page
    shows are hidden slots of page 0.
    """
    found = Widgets()
    fields = _fields(pdf)
    shown: set[int] = set()
    for number, view in views.items():
        page = pdf.pages[number - 1]
        listed = resolved(page.page_obj.attrs.get("Annots"))
        if not isinstance(listed, list):
            if page.page_obj.attrs.get("Annots") is not None:
                found.doubts.append("fields-unreadable")
            continue
        for reference in listed:
            annotation = resolved(reference)
            if annotation is None and fields == []:
                # What made the fields part of the page (pdf-lib) may leave references to nothing.
                continue
            if not isinstance(annotation, dict):
                found.doubts.append("fields-unreadable")
            elif len(found.slots) >= _MOST:
                found.doubts.append("too-many-fields")
                break
            else:
                chain = _chain(annotation)
                shown.update(map(id, chain))
                slot = _slot(annotation, chain, number, view)
                if slot is not None:
                    found.slots.append(slot)
                    if slot.flaw == _ODD and not slot.text:
                        found.doubts.append("fields-unreadable")
    found.slots.extend(_orphans(fields or (), shown))
    found.doubts = sorted(set(found.doubts))
    return found


def _fields(pdf: PDF) -> list[Any] | None:
    """The fields that the document itself lists; None where that list is damaged."""
    if "AcroForm" not in pdf.doc.catalog:
        return []
    form = resolved(pdf.doc.catalog["AcroForm"])
    listed = resolved(form.get("Fields")) if isinstance(form, dict) else None
    return listed if isinstance(listed, list) else None


def _orphans(fields: Sequence[Any], shown: set[int]) -> Iterator[Slot]:
    """The answers of fields that stand on no page."""
    waiting = list(fields)
    seen: set[int] = set()
    while waiting and len(seen) < _MOST:
        one = resolved(waiting.pop())
        if not isinstance(one, dict) or id(one) in seen:
            continue
        seen.add(id(one))
        kids = resolved(one.get("Kids"))
        waiting.extend(kids if isinstance(kids, list) else ())
        if id(one) in shown or one.get("V") is None:
            continue
        chain = _chain(one)
        slot = _read(one, chain, {"page": 0, "bbox": _NOWHERE, "hidden": True})
        if slot is not None and (slot.text or slot.on):
            yield slot


def _box(edges: Any) -> BBox:
    x0, y0, x1, y1 = map(float, edges)
    return (min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1))


def _slot(annotation: _Field, chain: list[_Field], page: int, view: View) -> Slot | None:
    subtype = name_of(annotation.get("Subtype"))
    rectangle = resolved(annotation.get("Rect"))
    edges = [resolved(edge) for edge in rectangle] if isinstance(rectangle, list) else []
    sound = len(edges) == 4 and all(  # noqa: PLR2004 - four edges
        isinstance(edge, (int, float)) and math.isfinite(edge) for edge in edges
    )
    bbox = view.see(*_box(edges)) if sound else _NOWHERE
    if subtype == "FreeText":
        said = text(annotation.get("Contents"))
        return Slot(page=page, bbox=bbox, raw=said, text=said, loose=True) if said else None
    if subtype != "Widget":
        return None
    flags = resolved(annotation.get("F"))
    hidden = isinstance(flags, int) and bool(flags & (_HIDDEN | _NO_VIEW))
    hidden = hidden or area(bbox) <= 1 or not overlaps(bbox, view.frame)
    return _read(annotation, chain, {"page": page, "bbox": bbox, "hidden": hidden})


def _read(annotation: _Field, chain: list[_Field], common: dict[str, Any]) -> Slot | None:
    """What a field says; `common` is where."""
    kind = name_of(_inherited(chain, "FT"))
    flags = resolved(_inherited(chain, "Ff"))
    flags = flags if isinstance(flags, int) else 0
    common["name"] = ".".join(text(each["T"]) for each in reversed(chain) if "T" in each)
    common["tooltip"] = text(_inherited(chain, "TU"))
    value = _inherited(chain, "V")
    flaw = ""
    if kind == "Tx":
        said = text(value)
        rich = plain(text(_inherited(chain, "RV")))
        if not said:
            said = rich
        elif rich and normal(rich) != normal(said):
            flaw = "rich-text-differs"
    elif kind == "Ch":
        said = _chosen(value, _inherited(chain, "Opt"))
    elif kind == "Btn" and not flags & _PUSH:
        return _tick(annotation, chain, value, common)
    elif kind not in ("Btn", "Sig") and text(value):
        said, flaw = text(value), _ODD  # of no kind that there is
    else:
        return None
    if not said and value is not None and not isinstance(value, (bytes, str, PDFStream)):
        said, flaw = _odd(value), _ODD
    return Slot(raw=said, text=said, flaw=flaw, locked=bool(flags & _READ_ONLY), **common)


def _odd(value: Any) -> str:
    """What is stored where a text should be (ISO 32000 §12.7.5.3) and is none, as well as it can be
    told: careless programs write numbers, names and lists.
    """
    if isinstance(value, list):
        return "\n".join(text(each) or _odd(_plainly(each)) for each in value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return str(value)
    return name_of(value)


def _plainly(value: Any) -> Any:
    """A list within a list is told as nothing."""
    value = resolved(value)
    return None if isinstance(value, list) else value


def plain(rich: str) -> str:
    """Rich text (ISO 32000 §12.7.3.4) without its marks: a paragraph or a break ends a line."""
    body = re.sub(r"\s*\n\s*", " ", rich)
    body = re.sub(r"(?i)<br\b[^>]*>|</p>\s*(?=<p\b)", "\n", body)
    return html.unescape(re.sub(r"<[^>]*>", "", body)).strip()


def resolved(value: Any) -> Any:
    """What a reference leads to; None for one that leads on and on, or back to itself."""
    for _ in range(_DEPTH):
        if not isinstance(value, PDFObjRef):
            return value
        value = value.resolve()
    return None


def _chosen(value: Any, options: Any) -> str:
    """A choice as it is shown: options may be pairs of what is stored and what is shown."""
    shown = {}
    listed = resolved(options)
    for option in listed if isinstance(listed, list) else ():
        pair = resolved(option)
        if isinstance(pair, list) and len(pair) == 2:  # noqa: PLR2004 - a pair
            shown[text(pair[0])] = text(pair[1])
    stored = [text(each) for each in value] if isinstance(value, list) else [text(value)]
    return "\n".join(shown.get(each, each) for each in stored)


def _tick(
    annotation: dict[str, Any], chain: list[dict[str, Any]], value: Any, common: dict[str, Any]
) -> Slot:
    """The state of a widget is its /AS; the field's /V counts only where there is none.

    A file in which the two differ contradicts itself. The kids of a field share one /V, which names
    the state of the one that is on; where a kid names no state of its own, /V is only a claim.
    """
    states = _states(annotation)
    shown, stored = name_of(annotation.get("AS")), name_of(value) or text(value) or _plain(value)
    said = stored not in ("", "Off") and (not states or stored in states)
    kids = _kids(chain)
    elsewhere = any(stored in _states(kid) for kid in kids)
    nameless = stored not in ("", "Off") and stored not in states and not elsewhere
    claimed = _export(chain, stored) if said and nameless and not shown else ""
    said = said and not (elsewhere and not states)
    on = shown not in ("", "Off") if shown else said
    return Slot(
        tick=True,
        on=on and (not claimed or common["hidden"]),
        state=_export(chain, states[0] if states else shown or stored),
        sure=not (shown and said != on and (value is not None or len(chain) == 1))
        and not (nameless and states and not on),
        claimed=claimed,
        shared=bool(kids),
        **common,
    )


def _plain(value: Any) -> str:
    """What careless hands write for a state: a truth value, or a number."""
    return str(value) if isinstance(value, (bool, int)) else ""


def _kids(chain: list[dict[str, Any]]) -> list[Any]:
    """The widgets that share the value of a field with this one and each other; none when it is
    alone, or holds its own.
    """
    if len(chain) == 1 or "V" in chain[0] or "T" in chain[0]:
        return []
    kids = resolved(chain[1].get("Kids"))
    return kids[:_MOST] if isinstance(kids, list) and len(kids) > 1 else []


def _states(kid: Any) -> list[str]:
    """The names of the states of a widget in which it is on."""
    widget = resolved(kid)
    appearances = resolved(widget.get("AP")) if isinstance(widget, dict) else None
    normal = resolved(appearances.get("N")) if isinstance(appearances, dict) else None
    return [str(key) for key in normal if key != "Off"] if isinstance(normal, dict) else []


def _export(chain: list[dict[str, Any]], state: str) -> str:
    """The name that /Opt gives to a state that is only a number."""
    options = _inherited(chain, "Opt")
    if isinstance(options, list) and state.isdecimal() and int(state) < len(options):
        return text(options[int(state)])
    return state


def _chain(annotation: dict[str, Any]) -> list[dict[str, Any]]:
    """The annotation and the fields above it, nearest first; loops and endless chains end."""
    chain = [annotation]
    seen = {id(annotation)}
    while len(chain) < _DEPTH:
        parent = resolved(chain[-1].get("Parent"))
        if not isinstance(parent, dict) or id(parent) in seen:
            break
        seen.add(id(parent))
        chain.append(parent)
    return chain


def _inherited(chain: list[dict[str, Any]], key: str) -> Any:
    return next((resolved(each[key]) for each in chain if key in each), None)


def name_of(value: Any) -> str:
    """A PDF name as text; "" for anything else."""
    value = resolved(value)
    if isinstance(value, PSLiteral):
        return value.name if isinstance(value.name, str) else value.name.decode("utf-8", "replace")
    return ""


def text(value: Any) -> str:
    """A PDF text string (ISO 32000 §7.9.2.2) of any writer, its line ends as line feeds."""
    value = resolved(value)
    if isinstance(value, PDFStream):
        value = value.get_data()
    if isinstance(value, str):
        decoded = value
    elif isinstance(value, bytes):
        decoded = _decoded(value)
    else:
        return ""
    decoded = _LANGUAGE.sub("", decoded)
    return decoded.replace("\r\n", "\n").replace("\r", "\n")


def _decoded(value: bytes) -> str:
    for mark, encoding in (
        (codecs.BOM_UTF16_BE, "utf-16-be"),
        (codecs.BOM_UTF16_LE, "utf-16-le"),
        (codecs.BOM_UTF8, "utf-8"),
    ):
        if value.startswith(mark):
            return value[len(mark) :].decode(encoding, "replace")
    if b"\x00" in value and len(value) % 2 == 0:
        return value.decode("utf-16-be" if value[0] == 0 else "utf-16-le", "replace")
    if any(byte >= 0x80 for byte in value):  # noqa: PLR2004 - beyond ASCII
        try:
            return value.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return "".join(PDFDocEncoding[byte] for byte in value)
