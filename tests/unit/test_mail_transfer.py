from __future__ import annotations

import base64
import binascii
import quopri

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mail.transfer import RUNS, UU_FILES, decode, named, uuencoded

PDF = b"%PDF-1.7 bland content" * 20


@given(st.binary(max_size=2000), st.integers(4, 300), st.sampled_from([b"\n", b"\r\n", b"\t \n"]))
def test_base64_is_undone_however_it_is_wrapped(
    content: bytes, width: int, line_end: bytes
) -> None:
    letters = base64.b64encode(content)
    wrapped = line_end.join(letters[at : at + width] for at in range(0, len(letters), width))
    done = decode(wrapped, "base64")
    assert done.content == content
    assert done.defects == set()


def test_base64_without_its_padding_is_whole() -> None:
    done = decode(base64.b64encode(PDF + b"x").rstrip(b"="), "base64")
    assert done.content == PDF + b"x"
    assert done.defects == set()


def test_padding_in_the_middle_cuts_nothing_off_and_is_noted() -> None:
    done = decode(base64.b64encode(b"one ") + b"\n" + base64.b64encode(PDF), "base64")
    assert done.content == b"one " + PDF
    assert done.defects == {"base64-damaged"}


@pytest.mark.parametrize("letters", [b"QUJD!REVG", b"QUJDR", b"QUJD\xffREVG", b"=", b"Q"])
def test_damaged_base64_gives_what_it_has_and_is_noted(letters: bytes) -> None:
    assert b"ABCDEF".startswith(decode(letters, "base64").content)
    assert decode(letters, "base64").defects == {"base64-damaged"}


def test_base64_in_more_runs_than_anybody_writes_is_given_up() -> None:
    done = decode(b"QQ==" * (RUNS + 1), "base64")
    assert len(done.content) == RUNS
    assert done.defects == {"base64-damaged"}


@given(st.binary(max_size=2000))
def test_quoted_printable_is_undone(content: bytes) -> None:
    content = content.replace(b"\r", b"")  # the encoder makes all line ends one kind
    assert decode(quopri.encodestring(content), "quotedprintable").content == content


@pytest.mark.parametrize("header", ["base64", ' "Base64" ', "BASE64;", "base-64", "base64 ; x=y"])
def test_the_encoding_is_known_by_its_letters(header: str) -> None:
    assert named(header) == "base64"


@pytest.mark.parametrize("encoding", ["", "7bit", "8bit", "binary"])
def test_what_is_not_encoded_stays(encoding: str) -> None:
    assert decode(PDF, encoding).content == PDF
    assert decode(PDF, encoding).defects == set()


def test_an_unknown_encoding_is_noted() -> None:
    assert decode(PDF, "x12").content == PDF
    assert decode(PDF, "x12").defects == {"encoding-unknown"}


def uu(name: str, content: bytes) -> bytes:
    lines = [binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45)]
    return b"begin 644 " + name.encode() + b"\n" + b"".join(lines) + b"`\nend\n"


@given(st.binary(min_size=1, max_size=500))
def test_a_uuencoded_file_in_a_text_is_found(content: bytes) -> None:
    [(name, done)], are_all = uuencoded(b"Please see below.\n" + uu("my form.pdf", content))
    assert name == "my form.pdf"
    assert done.content == content
    assert done.defects == set()
    assert are_all


def test_several_uuencoded_files_are_found() -> None:
    found, _ = uuencoded(uu("a", b"one") + b"and\n" + uu("b", PDF).replace(b"\n", b"\r\n"))
    assert [(name, done.content) for name, done in found] == [("a", b"one"), ("b", PDF)]


def test_a_uuencoded_file_without_an_end_is_noted() -> None:
    [(_, done)], _ = uuencoded(uu("a", PDF).removesuffix(b"`\nend\n"))
    assert done.content == PDF
    assert done.defects == {"uuencode-damaged"}


def test_ordinary_words_are_no_uuencoded_file() -> None:
    assert uuencoded(b"We\nbegin 644 times\nand so on") == ([], True)
    assert uuencoded(b"begin with\n") == ([], True)


def test_a_text_that_begins_without_end_is_not_looked_at_in_full() -> None:
    assert uuencoded(b"begin x\n" * (UU_FILES + 1)) == ([], False)


def test_uuencode_as_a_transfer_encoding() -> None:
    assert decode(uu("form.pdf", PDF), "xuuencode").content == PDF
    assert decode(b"nothing", "xuuencode").defects == {"uuencode-damaged"}


@given(st.binary(max_size=300), st.sampled_from(["base64", "quotedprintable", "xuue", "", "no"]))
def test_any_bytes_are_decoded_somehow(content: bytes, encoding: str) -> None:
    assert isinstance(decode(content, encoding).content, bytes)
    assert isinstance(uuencoded(b"begin 644 x\n" + content)[0], list)
