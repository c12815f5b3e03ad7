"""Word files that were made to break a reader."""

from __future__ import annotations

import io
import time
import zipfile

import pytest

from parsers.docx.package import part
from parsers.markup import tree
from parsers.model import Readability, Reason
from parsers.unreadable import UnreadableError
from tests.samples import docx_form, hostile, people, word
from tests.samples.reading import read

MAIN = "word/document.xml"
WHOLE = {
    "tables": docx_form.tables(people.ADULT),
    "controls": docx_form.controls(people.ADULT),
    "legacy": docx_form.legacy(people.ADULT),
}


def reason_of(content: bytes) -> Reason | None:
    began = time.monotonic()
    extraction = read(content)
    assert time.monotonic() - began < 5
    assert (extraction.forms == []) == (extraction.readability is Readability.NONE)
    return extraction.reason


def test_a_zip_bomb_is_too_large() -> None:
    assert reason_of(word.packed("<a>" + " " * (60 << 20) + "</a>")) is Reason.TOO_LARGE


def test_an_archive_of_many_files_is_too_large() -> None:
    extra = {f"word/{n}.xml": "" for n in range(2100)}
    assert reason_of(word.packed("<a/>", extra=extra)) is Reason.TOO_LARGE


def test_an_archive_that_lies_about_its_sizes_is_not_unpacked() -> None:
    content = bytearray(word.packed("<a>" + " " * (60 << 20) + "</a>"))
    at = content.rfind(b"PK\x01\x02", 0, content.rfind(MAIN.encode()))
    content[at + 24 : at + 28] = (100).to_bytes(4, "little")
    assert reason_of(bytes(content)) in (Reason.TOO_LARGE, Reason.DAMAGED)


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>',
        '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a/>',
        "<a>&undeclared;</a>",
        "<a><b></a>",
        "",
        '<?xml version="1.0" encoding="nonsense"?><a/>',
    ],
)
def test_xml_that_defines_or_breaks_is_damaged(text: str) -> None:
    with pytest.raises(UnreadableError) as refused:
        tree(text.encode())
    assert refused.value.reason is Reason.DAMAGED
    assert reason_of(word.packed(text)) is Reason.DAMAGED


@pytest.mark.parametrize("inner", ["<a>" * 300 + "</a>" * 300, "<a/>" * 500_000])
def test_xml_that_is_deep_or_endless_is_too_large(inner: str) -> None:
    assert reason_of(word.packed(f"<w>{inner}</w>")) is Reason.TOO_LARGE


@pytest.mark.parametrize(
    "blocks",
    [
        "<w:p/>" * 60_000,
        word.lines("Surname: " + " " * 300_000 + "x"),
        word.lines("[" * 100_000 + " Yes No"),
        word.lines("DESCRIBE CONCERNS\nSurname\n" * 3000),
        word.table(*((word.cell(word.lines("Surname")),) * 30 for _ in range(200))),
        "<w:sdt><w:sdtPr/><w:sdtContent>" * 60 + "<w:p/>" + "</w:sdtContent></w:sdt>" * 60,
    ],
    ids=["paragraphs", "blanks", "brackets", "labels", "cells", "controls"],
)
def test_a_document_that_goes_on_and_on_ends_as_a_result(blocks: str) -> None:
    reason_of(word.document(blocks))


def test_a_form_whose_headings_come_again_without_end_is_too_large() -> None:
    body = part(WHOLE["tables"], MAIN).decode().split("<w:body>")[1].split("<w:sectPr")[0]
    content = word.document(body, word.lines("DESCRIBE CONCERNS\nRELEVANT DATES\n" * 2000))
    assert reason_of(content) is Reason.TOO_LARGE


@pytest.mark.parametrize("kind", sorted(WHOLE))
@pytest.mark.parametrize("start", range(0, 120, 40))
def test_a_file_with_wrong_bytes_ends_as_a_result(kind: str, start: int) -> None:
    for seed in range(start, start + 40):
        reason_of(hostile.mutated(WHOLE[kind], seed=seed))


@pytest.mark.parametrize("kind", sorted(WHOLE))
def test_a_document_with_wrong_letters_ends_as_a_result(kind: str) -> None:
    text = part(WHOLE[kind], MAIN)
    for seed in range(60):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(MAIN, hostile.mutated(text, seed=seed))
        reason_of(buffer.getvalue())


def test_a_file_that_is_cut_off_is_never_read_in_full() -> None:
    content = WHOLE["tables"]
    for share in range(1, 20):
        assert reason_of(content[: len(content) * share // 20]) is not None
