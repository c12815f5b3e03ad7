from __future__ import annotations

import io
from typing import Any

import pytest
from pdfminer.pdfdocument import PDFDocument
from pdfminer.pdfparser import PDFParser
from pdfminer.pdftypes import PDFObjRef, PDFStream
from pdfminer.psparser import PSKeyword, PSLiteral

from parsers.pdf.objects import Document, taken_apart
from parsers.pdf.strings import UnusualError
from tests.golden.samples import SAMPLES
from tests.golden.test_documents import held
from tests.samples import form, people
from tests.samples.hostile import unpacked, written

USUAL = (
    b"<< /Type /Page /Parent 3 0 R /Kids [4 0 R 5 0 R] /Rotate 90 >>",
    b"<</A(text)/B<FEFF 0041>/C -12.50/D .5/E +3/F null/G true/H[false null]>>",
    rb"(an \(escape\) \101 and (a pair) \\ of \
brackets)",
    b"<< /Length 5 >>\nstream\nhello\nendstream",
    b"[ /Name-With.marks*2 <</In << /Side 1 >> >> ]",
    b"42",
    b"(line\r\nend)",
)
UNUSUAL = (
    b"<< /A % a comment\n 1 >>",
    b"<< /N#41me 1 >>",
    b"<< /A 1",
    b"<< /A >>",
    b"[ 1 >>",
    b"( open",
    b"<4G>",
    b"1 2",
    b"5-3",
    b"word",
    b"<< /Length 9 0 R >>\nstream\nhello\nendstream",
    b"<< /A (\\777) >>",
)


def plain(value: Any) -> Any:
    if isinstance(value, PDFObjRef):
        return "a reference", value.objid
    if isinstance(value, PDFStream):
        return plain(value.attrs), value.rawdata
    if isinstance(value, (PSLiteral, PSKeyword)):
        return type(value), value.name
    if isinstance(value, list):
        return [plain(each) for each in value]
    if isinstance(value, dict):
        return {key: plain(each) for key, each in value.items()}
    return type(value), value


def same(content: bytes) -> int:
    """How many objects of a file there are, each the same for us and for pdfminer."""
    theirs, ours = PDFDocument(PDFParser(io.BytesIO(content))), Document(io.BytesIO(content))
    numbers = {number for xref in theirs.xrefs for number in xref.get_objids()}
    for number in numbers:
        assert plain(ours.getobj(number)) == plain(theirs.getobj(number))
    return len(numbers)


@pytest.mark.parametrize("said", USUAL)
def test_an_object_is_taken_apart_as_by_pdfminer(said: bytes) -> None:
    catalog = b"<< /Type /Catalog /Pages 2 0 R >>"
    pages = b"<< /Type /Pages /Kids [] /Count 0 >>"
    assert same(written([catalog, pages, said])) == 3


@pytest.mark.parametrize("said", UNUSUAL)
def test_what_few_programs_write_is_left_to_pdfminer(said: bytes) -> None:
    content = written([b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Kids [] >>", said])
    document = Document(io.BytesIO(content))
    with pytest.raises((UnusualError, ValueError)):
        document._at(content.index(b"3 0 obj"), 3)


@pytest.mark.parametrize(
    "name",
    [
        name
        for name, sample in SAMPLES.items()
        if sample.suffix == ".pdf" and not name.startswith(("password", "truncated"))
    ],
)
def test_every_object_of_a_document_is_the_same(name: str) -> None:
    assert same(held(name)) > 0


def test_an_unpacked_form_is_the_same() -> None:
    assert same(unpacked(form.fillable(people.ADULT))) > 0


@pytest.mark.parametrize("name", ["fillable", "flattened"])
def test_no_object_of_an_ordinary_form_is_left_to_pdfminer(name: str) -> None:
    """What is left to it would still come out right, only late."""
    document = Document(io.BytesIO(held(name)))
    for xref in document.xrefs:
        for number in xref.get_objids():
            stream, position, _ = xref.get_pos(number)
            if stream is None:
                assert document._at(position, number) is not None
            else:
                content = document.getobj(stream).get_data()  # type: ignore[attr-defined]
                assert taken_apart(document, content, 0, len(content))[0]
