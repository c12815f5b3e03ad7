"""PDF files that were made to break a reader: endless, huge, deep, contradictory."""

from __future__ import annotations

import io
import random
import zlib
from typing import TYPE_CHECKING

import pikepdf

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence


def written(objects: Sequence[bytes], *, root: int = 1) -> bytes:
    """Objects 1, 2, … as a file, with a right table of their places."""
    out = bytearray(b"%PDF-1.7\n")
    places = []
    for number, each in enumerate(objects, start=1):
        places.append(len(out))
        out += b"%d 0 obj\n%b\nendobj\n" % (number, each)
    start = len(out)
    out += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1)
    out += b"".join(b"%010d 00000 n \n" % place for place in places)
    out += b"trailer\n<< /Size %d /Root %d 0 R >>\n" % (len(objects) + 1, root)
    return bytes(out + b"startxref\n%d\n%%%%EOF\n" % start)


def stream(content: bytes, extra: bytes = b"") -> bytes:
    return b"<< /Length %d %b >>\nstream\n%b\nendstream" % (len(content), extra, content)


def _page(extra: bytes = b"", *, contents: bytes = b"") -> list[bytes]:
    return [
        b"<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [] >> >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
        b" %b >>" % extra,
        stream(contents or b"BT /F1 12 Tf 40 800 Td (PREVENT REFERRAL FORM) Tj ET"),
    ]


def bomb() -> bytes:
    """Half a gigabyte of blanks in a content stream of half a megabyte."""
    packer = zlib.compressobj(9)
    packed = b"".join(packer.compress(b" " * (1 << 20)) for _ in range(512)) + packer.flush()
    objects = _page()
    objects[3] = stream(packed, b"/Filter /FlateDecode")
    return written(objects)


def bomb_in_a_bomb() -> bytes:
    """The same, packed twice."""
    packed = zlib.compress(zlib.compress(b" " * (200 << 20), 9), 9)
    objects = _page()
    objects[3] = stream(packed, b"/Filter [/FlateDecode /FlateDecode]")
    return written(objects)


def endless_pages() -> bytes:
    """A page tree that leads back to its root."""
    objects = _page()
    objects[1] = b"<< /Type /Pages /Kids [3 0 R 5 0 R] /Count 1000000 >>"
    return written([*objects, b"<< /Type /Pages /Parent 2 0 R /Kids [2 0 R 5 0 R] /Count 9 >>"])


def many_pages() -> bytes:
    """Twenty thousand pages that are all the same one."""
    objects = _page()
    objects[1] = b"<< /Type /Pages /Kids [%b] /Count 20000 >>" % (b"3 0 R " * 20_000)
    return written(objects)


def many_objects() -> bytes:
    """Two hundred thousand objects that nothing uses."""
    return written([*_page(), *(b"<< /A %d >>" % number for number in range(200_000))])


def many_widgets() -> bytes:
    """Ten thousand text fields on one page."""
    rows = [
        b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (t%d) /V (x%d) /Rect [%d %d %d %d] >>"
        % (n, n, n % 100 * 5, n // 100 * 8, n % 100 * 5 + 4, n // 100 * 8 + 7)
        for n in range(10_000)
    ]
    listed = b" ".join(b"%d 0 R" % (5 + n) for n in range(len(rows)))
    return written([*_page(b"/Annots [%b]" % listed), *rows])


def loops() -> bytes:
    """Fields whose parents are their kids, and values that are themselves."""
    return written(
        [
            *_page(b"/Annots [5 0 R 6 0 R 7 0 R 8 0 R]"),
            b"<< /Subtype /Widget /FT /Tx /Parent 6 0 R /Kids [6 0 R] /Rect [10 10 90 30] >>",
            b"<< /Subtype /Widget /Parent 5 0 R /Kids [5 0 R] /V 6 0 R /Rect [10 40 90 60] >>",
            b"<< /Subtype /Widget /FT /Ch /V [7 0 R] /Opt [7 0 R] /Rect [10 70 90 90] >>",
            b"<< /Subtype /Widget /FT /Btn /AP 8 0 R /AS 9 0 R /N 8 0 R /Rect 8 0 R >>",
            b"9 0 R",
        ]
    )


def odd_rectangles() -> bytes:
    """Places for answers that lie nowhere."""
    rects = [
        b"[nan nan nan nan]",
        b"[1e308 1e308 1e309 1e309]",
        b"[-99999999999999999999 0 99999999999999999999 9]",
        b"[90 90 10 10]",
        b"[0 0 0 0]",
        b"[1 2 3]",
        b"[(a) /B null true]",
        b"null",
        b"[5 0 R 6 0 R 5 0 R 6 0 R]",
        b"[[1] [2] [3] [4]]",
    ]
    widgets = [
        b"<< /Subtype /Widget /FT /Tx /T (t%d) /V (x) /Rect %b >>" % (number, rect)
        for number, rect in enumerate(rects)
    ]
    listed = b" ".join(b"%d 0 R" % (5 + n) for n in range(len(widgets)))
    return written([*_page(b"/Annots [%b]" % listed), *widgets])


def deep(*, levels: int = 20_000) -> bytes:
    """Arrays within arrays, where a value and a page's contents should be."""
    nest = b"[" * levels + b"]" * levels
    return written(
        [
            *_page(b"/Annots [5 0 R]", contents=b"BT /F1 9 Tf " + nest + b" TJ ET"),
            b"<< /Subtype /Widget /FT /Tx /T (t) /V %b /Rect [1 2 30 40] >>" % nest,
        ]
    )


def deep_parents(*, levels: int = 5_000) -> bytes:
    """A field five thousand levels below its root."""
    chain = [b"<< /T (p) /Parent %d 0 R /Kids [%d 0 R] >>" % (7 + n, 5 + n) for n in range(levels)]
    widget = b"<< /Subtype /Widget /FT /Tx /Parent 6 0 R /V (x) /Rect [1 2 30 40] >>"
    return written([*_page(b"/Annots [5 0 R]"), widget, *chain, b"null"])


def form_in_a_form() -> bytes:
    """A picture of a page that shows itself, ten times at each level."""
    calls = b"/X Do " * 10
    objects = _page(b"", contents=calls)
    objects[2] = objects[2].replace(b"/Resources <<", b"/Resources << /XObject << /X 5 0 R >>")
    kids = [
        stream(
            calls,
            b"/Type /XObject /Subtype /Form /BBox [0 0 50 50]"
            b" /Resources << /XObject << /X %d 0 R >> >>" % (6 + level if level < 9 else 5),
        )
        for level in range(10)
    ]
    return written([*objects, *kids])


def boxes(*, count: int = 150) -> bytes:
    """A grid of lines that cross each other more often than any form's do."""
    lines = [b"%d 0 m %d 800 l S" % (n * 3, n * 3) for n in range(count)]
    lines += [b"0 %d m 500 %d l S" % (n * 5, n * 5) for n in range(count)]
    return written(_page(contents=b"\n".join(lines)))


def letters() -> bytes:
    """Two million letters in a few kilobytes."""
    text = zlib.compress(b"BT /F1 1 Tf (" + b"a" * 2_000_000 + b") Tj ET", 9)
    objects = _page()
    objects[3] = stream(text, b"/Filter /FlateDecode")
    return written(objects)


def huge_page() -> bytes:
    """A page of two hundred kilometres."""
    objects = _page()
    objects[2] = objects[2].replace(b"0 0 595 842", b"0 0 600000000 600000000")
    return written(objects)


def index_bomb() -> bytes:
    """A cross-reference stream that promises a billion objects."""
    objects = _page()
    start = 9 + sum(len(b"%d 0 obj\n%b\nendobj\n" % pair) for pair in enumerate(objects, start=1))
    table = stream(
        b"\x00" * 8, b"/Type /XRef /Root 1 0 R /Size 1000000000 /Index [0 1000000000] /W [1 2 1]"
    )
    body = written([*objects, table])
    return body[: body.rindex(b"xref\n0 ")] + b"startxref\n%d\n%%%%EOF\n" % start


def truncated(content: bytes, *, parts: int = 20) -> Iterator[bytes]:
    """The file cut off after one twentieth, two twentieths and so on."""
    for part in range(1, parts):
        yield content[: len(content) * part // parts]


def mutated(content: bytes, *, seed: int, changes: int = 8) -> bytes:
    """The file with a few bytes that are others."""
    dice = random.Random(seed)
    damaged = bytearray(content)
    for _ in range(changes):
        damaged[dice.randrange(len(damaged))] = dice.randrange(256)
    return bytes(damaged)


def unpacked(content: bytes) -> bytes:
    """The same file without compression, so that a changed byte changes what it says."""
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        pdf.save(
            buffer,
            static_id=True,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.generalized,
            compress_streams=False,
        )
    return buffer.getvalue()
