from __future__ import annotations

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from parsers.normal import normal
from parsers.sniff import media_type

_WORD = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def zipped(name: str, content: bytes) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"%PDF-1.7\n", "application/pdf"),
        (b"HTTP/1.1 200 OK\r\n\r\n%PDF-1.4\n", "application/pdf"),
        (b"x" * 1019 + b"%PDF-", "application/pdf"),
        (b"x" * 1020 + b"%PDF-", "text/plain"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"II*\x00", "image/tiff"),
        (b"BM\x36\x00\x0c\x00\x00\x00\x00\x00\x36", "image/bmp"),
        (b"\x00\x00\x00\x18ftypheic", "image/heic"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
        (b"{\\rtf1", "application/rtf"),
        (b"\x78\x9f\x3e\x22", "application/vnd.ms-tnef"),
        (b"<!DOCTYPE html><p>", "text/html"),
        (b"\xef\xbb\xbf  <html>", "text/html"),
        (b"BEGIN:VCALENDAR\r\n", "text/calendar"),
        (b"Dear all,\r\n", "text/plain"),
        ("é".encode() * 600, "text/plain"),
        (b"BMW seen twice", "text/plain"),
        (b"GIF86 is no picture", "text/plain"),
        (b"", "application/octet-stream"),
        (b"\x00\x01\x02", "application/octet-stream"),
        (b"caf\xe9 au lait", "application/octet-stream"),
        (b"a\x07b", "application/octet-stream"),
    ],
)
def test_a_file_is_what_it_holds(content: bytes, kind: str) -> None:
    assert media_type(content) == kind


def test_a_zip_that_stores_a_pdf_is_a_zip() -> None:
    assert media_type(zipped("form.pdf", b"%PDF-1.7\n")) == "application/zip"


def test_a_word_file_is_one_whatever_it_holds_first() -> None:
    assert media_type(zipped("word/document.xml", b"<x/>")) == _WORD


def test_a_pdf_behind_two_letters_is_a_pdf() -> None:
    assert media_type(b"PK\x03\x04 %PDF-1.7\n") == "application/pdf"


def test_a_torn_zip_is_still_a_zip() -> None:
    assert media_type(zipped("a.txt", b"x" * 100)[:60]) == "application/zip"


@given(st.binary(max_size=200))
def test_every_content_has_a_kind(content: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"BM", b"\x00\x00\x00\x18ftyp"):
        assert "/" in media_type(start + content)


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Forename(s)", "forenames"),
        ("  Professional Role & Organisation: ", "professionalroleorganisation"),
        ("ﬁrst ＮＡＭＥ", "firstname"),
        ("Cafe\u0301", "café"),
        ("STRASSE straße", "strassestrasse"),
        ("…☒ –", ""),
        ("", ""),
    ],
)
def test_words_are_compared_by_letters_and_digits(text: str, letters: str) -> None:
    assert normal(text) == letters


@given(st.text())
def test_what_is_normal_stays_so(text: str) -> None:
    assert normal(text.upper()) == normal(normal(text.upper()))
