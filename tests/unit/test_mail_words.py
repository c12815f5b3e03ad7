from __future__ import annotations

import base64
import unicodedata
from email.header import Header

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mail.words import DECODED, clean, decoded, to_text


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain", "plain"),
        ("=?utf-8?q?Si=C3=A2n_Example?=", "Siân Example"),
        ("=?UTF-8?B?U2nDom4=?=", "Siân"),
        ("=?utf-8?b?U2nDom4?=", "Siân"),  # without padding
        ("=?iso-8859-1?Q?Si=E2n?=", "Siân"),
        ("=?utf-8*cy?q?Si=C3=A2n?=", "Siân"),  # RFC 2231 §5: with a language
        ("before =?utf-8?q?one?= =?utf-8?q?_two?= after", "before one two after"),
        ("=?utf-8?q?Si=C3?= =?utf-8?q?=A2n?=", "Siân"),  # cut inside a character
        ("=?utf-8?q?a?= =?iso-8859-1?q?=E2?=", "aâ"),
        ("=?utf-8?q?a?= and =?utf-8?q?b?=", "a and b"),
        ("=?utf-8?q?two words?=", "two words"),  # wrong, and common
        ("=?utf-8?q?What?_yes?=", "What? yes"),
        ("=?no-such-charset?q?Si=C3=A2n?=", "Siân"),
        ("=?utf-8?q?unfinished", "=?utf-8?q?unfinished"),
        ("=?utf-8?q?a=0D=0ABcc:_x@y.example?=", "a Bcc: x@y.example"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("a\u2028b\x00c\x7f", "a bc"),
    ],
)
def test_a_header_is_shown_as_clean_text(text: str, shown: str) -> None:
    assert decoded(text) == shown


@given(st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=200))
def test_what_the_standard_library_encodes_is_decoded(text: str) -> None:
    assert decoded(Header(text, "utf-8").encode()) == clean(text)


@given(st.text())
def test_nothing_that_breaks_a_line_survives(text: str) -> None:
    wrapped = "=?utf-8?b?" + base64.b64encode(text.encode("utf-8", "replace")).decode() + "?="
    for shown in (decoded(text), decoded(wrapped)):
        assert len(shown.splitlines()) <= 1
        assert not {unicodedata.category(c) for c in shown} & {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_at_most_8_kib_are_decoded() -> None:
    assert len(decoded("x" * 100_000)) == DECODED


@pytest.mark.parametrize(
    "charset", ["utf-7", "UTF7", "utf_7", "zlib", "idna", "rot13", "a\x00b", "", "x" * 9999, None]
)
def test_a_codec_that_is_no_charset_is_not_used(charset: str | None) -> None:
    assert to_text(b"+ADw-", charset) == "+ADw-"


@pytest.mark.parametrize(
    ("charset", "content"),
    [
        ("windows-1252", "‘Siân’".encode("cp1252")),
        ("cp1252", "‘Siân’".encode("cp1252")),
        ("ISO_8859-1", "‘Siân’".encode("cp1252")[1:-1]),
        ("utf-16", "‘Siân’".encode("utf-16")),
        ("us-ascii", "‘Siân’".encode()),
        ("gb18030", "‘Siân’".encode("gb18030")),
    ],
)
def test_real_charsets_are_read(charset: str, content: bytes) -> None:
    assert to_text(content, charset) in ("‘Siân’", "Siân")


@given(st.binary(), st.text(max_size=60))
def test_any_bytes_are_some_text(content: bytes, charset: str) -> None:
    assert isinstance(to_text(content, charset), str)
