"""The files that a PDF carries inside."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from pdfminer.pdftypes import PDFObjRef, PDFStream
from pdfminer.psparser import PSLiteral

from parsers.model import Readability, Reason, Warning_
from parsers.sniff import media_type
from parsers.unreadable import UnreadableError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from datetime import date

    from pdfplumber.pdf import PDF

    from parsers.formspec import FormSpec
    from parsers.model import ExtractedForm

    Read = Callable[[bytes, Sequence[FormSpec], date], list[ExtractedForm]]

_MOST = 20
_LARGEST = 40 << 20
_NODES = 500
_PAGES = 40


def read(
    pdf: PDF,
    why: UnreadableError,
    readers: Mapping[str, Read],
    specs: Sequence[FormSpec],
    today: date,
) -> list[ExtractedForm]:
    """The forms in the files inside of one whose own pages hold none; `why` is raised when these
    hold none either. Pages are those of the file inside, and a warning says so.
    """
    forms: list[ExtractedForm] = []
    missed = False
    files = attached(pdf)
    while True:
        try:
            content = next(files, None)
            if content is None:
                break
            reader = readers.get(media_type(content))
            forms += reader(content, specs, today) if reader is not None else []
        except UnreadableError as unreadable:
            missed |= unreadable.reason not in (Reason.NOT_A_FORM, Reason.BLANK_FORM)
        except MemoryError:
            raise
        except Exception:  # noqa: BLE001 - readers fail in ways without number
            missed = True
    if not forms:
        raise why
    return [_told(each, missed=missed) for each in forms]


def _told(form: ExtractedForm, *, missed: bool) -> ExtractedForm:
    codes = ["read-from-attachment", *(["attachment-not-read"] if missed else [])]
    made = [Warning_(code=code, field=None, detail="") for code in codes]
    partial = Readability.PARTIAL if missed else form.readability
    return replace(form, warnings=[*form.warnings, *made], readability=partial)


def attached(pdf: PDF) -> Iterator[bytes]:
    """Each file once, at most twenty of at most 40 MB: those of the catalogue (/EmbeddedFiles, /AF;
    ISO 32000 §7.11.4), then those pinned to a page.
    """
    seen: set[int] = set()
    left = _MOST
    for specification in _specifications(pdf):
        stream = _stream(specification)
        if stream is None or id(stream) in seen:
            continue
        seen.add(id(stream))
        left -= 1
        if left < 0:
            return
        content = stream.get_data()
        if content and len(content) <= _LARGEST:
            yield content


def _specifications(pdf: PDF) -> Iterator[Any]:
    catalog = pdf.doc.catalog
    names = _resolved(catalog.get("Names"))
    if isinstance(names, dict):
        yield from _tree(names.get("EmbeddedFiles"))
    yield from _listed(catalog.get("AF"))
    for page in pdf.pages[:_PAGES]:
        yield from _listed(page.page_obj.attrs.get("AF"))
        for reference in _listed(page.page_obj.attrs.get("Annots")):
            annotation = _resolved(reference)
            if isinstance(annotation, dict) and _is(annotation.get("Subtype"), "FileAttachment"):
                yield annotation.get("FS")


def _tree(root: Any) -> Iterator[Any]:
    """The values of a tree of names, however its nodes are joined."""
    waiting, nodes = [root], 0
    while waiting and nodes < _NODES:
        nodes += 1
        node = _resolved(waiting.pop(0))
        if isinstance(node, dict):
            yield from _listed(node.get("Names"))[1::2]
            waiting += _listed(node.get("Kids"))[:_NODES]


def _stream(specification: Any) -> PDFStream | None:
    found = _resolved(specification)
    files = _resolved(found.get("EF")) if isinstance(found, dict) else None
    if not isinstance(files, dict):
        return None
    streams = (_resolved(files.get(key)) for key in ("UF", "F"))
    return next((each for each in streams if isinstance(each, PDFStream)), None)


def _listed(value: Any) -> list[Any]:
    found = _resolved(value)
    return found if isinstance(found, list) else []


def _is(value: Any, name: str) -> bool:
    found = _resolved(value)
    return isinstance(found, PSLiteral) and found.name == name


def _resolved(value: Any) -> Any:
    for _ in range(8):
        if not isinstance(value, PDFObjRef):
            return value
        value = value.resolve()
    return None
