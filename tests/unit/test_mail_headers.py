from __future__ import annotations

import pytest

from intake.mail import headers
from intake.mail.headers import BLOCK, FIELD, FIELDS, LINES, Head


def read(raw: bytes, *, outermost: bool = True) -> Head:
    return headers.read(raw, 0, len(raw), outermost=outermost)


def body(raw: bytes) -> bytes:
    return raw[read(raw).body :]


@pytest.mark.parametrize("line_end", [b"\n", b"\r\n", b"\r\r\n"])
def test_names_are_lower_cased_and_values_unfolded(line_end: bytes) -> None:
    raw = line_end.join([b"From: a@b.example", b"SUBJECT: one", b"\ttwo", b" three", b"", b"Hello"])
    head = read(raw)
    assert head.fields == (("from", "a@b.example"), ("subject", "one two three"))
    assert raw[head.body :] == b"Hello"
    assert head.defects == frozenset()


@pytest.mark.parametrize(
    "prologue",
    [
        b"\xef\xbb\xbf",
        b"\n\n",
        b"\r\n \r\n",
        b"From rowan@school.example.org Mon Nov 23 09:13:41 2026\n",
        b">From rowan@school.example.org Mon Nov 23 09:13:41 2026\n",
        b"\xef\xbb\xbf\n\r\nFrom rowan Mon\n",
    ],
)
def test_what_stands_before_the_header_hides_nothing(prologue: bytes) -> None:
    raw = prologue + b"From: a@b.example\n\nHello"
    assert read(raw).first("from") == "a@b.example"
    assert body(raw) == b"Hello"


def test_a_part_may_begin_with_a_blank_line_and_then_has_no_header() -> None:
    raw = b"\nNote: this is text\n\nHello"
    head = read(raw, outermost=False)
    assert head.fields == ()
    assert raw[head.body :] == b"Note: this is text\n\nHello"


def test_blanks_before_the_colon_are_forgiven() -> None:
    assert read(b"From : a@b.example\nTo\t: c@d.example\n\n").fields == (
        ("from", "a@b.example"),
        ("to", "c@d.example"),
    )


def test_a_line_without_a_name_doesnt_end_the_header_and_is_kept() -> None:
    head = read(b"From: a@b.example\njunk among headers\nTo: c@d.example\n\nHello")
    assert [name for name, _ in head.fields] == ["from", "to"]
    assert head.stray == b"junk among headers\n"
    assert head.defects == {"header-line-without-name"}


def test_without_a_single_field_all_is_body() -> None:
    assert body(b"Hello there\n\nI am worried.") == b"Hello there\n\nI am worried."
    assert body(b"Hello there") == b"Hello there"
    assert body(b"") == b""


def test_a_boundary_ends_a_header_that_lacks_its_blank_line() -> None:
    raw = b"Content-Type: multipart/mixed; boundary=x\n--x\nContent-Type: text/plain\n\nhi"
    head = read(raw)
    assert raw[head.body :].startswith(b"--x\n")
    assert head.defects == {"header-without-end"}


def test_lines_without_a_name_that_no_field_follows_are_the_body() -> None:
    raw = b"From: a@b.example\nContent-Type: text/plain\nI am worried.\n and more\n\nRowan"
    head = read(raw)
    assert raw[head.body :] == b"I am worried.\n and more\n\nRowan"
    assert head.stray == b""
    assert head.defects == {"header-without-end"}


def test_a_bare_carriage_return_makes_no_new_header() -> None:
    head = read(b"Subject: a\rAuthentication-Results: forged; dmarc=pass\n\n")
    assert [name for name, _ in head.fields] == ["subject"]
    assert head.defects == {"bare-cr-or-nul-in-header"}
    assert "\r" not in head.fields[0][1]


def test_a_nul_is_noted_and_taken_out() -> None:
    head = read(b"From: a@b.example\x00<c@d.example>\n\n")
    assert head.defects == {"bare-cr-or-nul-in-header"}
    assert "\x00" not in head.fields[0][1]


@pytest.mark.parametrize("raw", ["Siân Ŵyn".encode(), "Siân".encode("cp1252")])
def test_raw_eight_bit_text_is_read_as_what_it_can_be(raw: bytes) -> None:
    value = read(b"From: " + raw + b"\n\n").first("from")
    assert value is not None
    assert value.startswith("Siân")


def test_a_long_field_is_cut_and_those_below_it_are_still_read() -> None:
    head = read(b"Subject: " + b"x" * 5_000_000 + b"\nFrom: a@b.example\n\nHello")
    subject = head.first("subject")
    assert subject is not None
    assert len(subject) <= FIELD
    assert head.first("from") == "a@b.example"
    assert head.defects == {"header-too-long"}


def test_a_long_folded_field_is_cut() -> None:
    raw = b"Subject: x\n" + (b" " + b"y" * 1000 + b"\n") * 40 + b"From: a@b.example\n\nHello"
    head = read(raw)
    assert len(head.fields[0][1]) <= FIELD
    assert head.first("from") == "a@b.example"
    assert head.defects == {"header-too-long"}


def test_at_most_a_thousand_fields_are_read_and_the_body_is_found() -> None:
    raw = b"X: y\n" * (FIELDS + 1) + b"\nHello"
    head = read(raw)
    assert len(head.fields) == FIELDS
    assert head.defects == {"too-many-headers"}
    assert raw[head.body :] == b"Hello"
    assert read(b"X: y\n" * FIELDS + b"\nHello").defects == frozenset()


def test_at_most_256_kib_are_kept_and_the_body_is_found() -> None:
    raw = (b"X: " + b"y" * 30_000 + b"\r\n") * 20 + b"\r\nHello"
    head = read(raw)
    assert sum(len(value) for _, value in head.fields) <= BLOCK
    assert head.defects == {"header-block-too-long"}
    assert raw[head.body :] == b"Hello"


def test_lines_without_end_are_given_up() -> None:
    raw = b"From: a@b.example\n" + b"x\n" * LINES + b"\nHello"
    head = read(raw)
    assert "header-block-too-long" in head.defects
    assert raw[head.body :].endswith(b"\n\nHello")
