"""Nothing that a stranger writes takes time out of proportion: each of these is 10 MB or more."""

from __future__ import annotations

import time

import pytest

from intake.mail.message import parse
from tests.unit.mime import mail

SIZE = 10 * 1024 * 1024
SECONDS = 2.0
"""Of processor time; they take a tenth of it, and the standard library's parser takes minutes."""
MIXED = b'From: a@b.example\nContent-Type: multipart/mixed; boundary="b"\n\n'


def _nested(depth: int, filling: bytes) -> bytes:
    levels = b"".join(
        b"--b%d\nContent-Type: multipart/mixed; boundary=b%d\n\n" % (n, n + 1) for n in range(depth)
    )
    return b"From: a@b.example\nContent-Type: multipart/mixed; boundary=b0\n\n" + levels + filling


def _filled(begin: bytes, piece: bytes) -> bytes:
    return begin + piece * (SIZE // len(piece))


HOSTILE = {
    "blank lines": _filled(b"", b"\n"),
    "carriage returns": _filled(b"", b"\r"),
    "blanks": _filled(b"", b" "),
    "header lines": _filled(b"", b"a:b\n"),
    "folded lines": _filled(b"Subject: x\n", b" x\n"),
    "one subject": _filled(b"Subject: ", b"x"),
    "encoded words": _filled(b"Subject: ", b"=?a?q?"),
    "quotes": _filled(b"From: ", b'"'),
    "commas": _filled(b"From: ", b","),
    "open brackets": _filled(b"From: ", b"("),
    "open angles": _filled(b"From: ", b"<"),
    "many senders": _filled(b"", b'From: ((((""""<<<<,,,,\n'),
    "semicolons": _filled(b"Content-Disposition: attachment", b";"),
    "escaped quotes": _filled(b'Content-Type: text/plain; name="', b'\\"'),
    "pieces of a name": _filled(b"Content-Type: text/plain", b"; a*0=b"),
    "boundaries": _filled(MIXED, b"--b\n"),
    "almost boundaries": _filled(MIXED, b"--bx\n"),
    "dashes": _filled(MIXED, b"--\n"),
    "blanks after a boundary": _filled(MIXED + b"--b\n\nx\n--b", b" "),
    "80,000 parts": _filled(MIXED, b"--b\nX-Y: z\n\n" + b"x" * 100 + b"\n"),
    "depth 900": _filled(_nested(900, b""), b"x\n"),
    "depth 19": _filled(_nested(19, b""), b"x\n"),
    "depth 19, one boundary": _filled(
        MIXED + b"--b\nContent-Type: multipart/mixed; boundary=b\n\n" * 19, b"x\n"
    ),
    "padding": _filled(b"From: a@b.example\nContent-Transfer-Encoding: base64\n\n", b"="),
    "runs": _filled(b"From: a@b.example\nContent-Transfer-Encoding: base64\n\n", b"QQ=="),
    "soft line breaks": _filled(
        b"From: a@b.example\nContent-Transfer-Encoding: quoted-printable\n\n", b"=\n"
    ),
    "beginnings": _filled(b"From: a@b.example\n\n", b"begin 644 x\nM" + b"A" * 40 + b"\n"),
    "uuencoded": _filled(b"From: a@b.example\n\nbegin 644 x\n", b"M" + b"A" * 40 + b"\n"),
    "words": _filled(b"From: a@b.example\n\n", b"a "),
}


@pytest.mark.parametrize("raw", HOSTILE.values(), ids=HOSTILE.keys())
def test_ten_megabytes_of_anything_are_read_at_once(raw: bytes) -> None:
    began = time.process_time()
    message = parse(raw)
    assert time.process_time() - began < SECONDS
    assert message.size == len(raw)


@pytest.mark.parametrize(
    "name", ["boundaries", "depth 900", "one subject", "quotes", "header lines", "beginnings"]
)
def test_what_a_limit_cut_is_noted(name: str) -> None:
    assert parse(HOSTILE[name]).incomplete


def test_ten_forwarded_encoded_messages_are_opened_in_proportion() -> None:
    import base64

    raw = mail(b"\n" + b"a bland sentence\n" * 20_000)
    for _ in range(10):
        raw = mail(
            b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n"
            + base64.encodebytes(raw)
        )
    began = time.process_time()
    assert parse(raw).has_text
    assert time.process_time() - began < SECONDS
