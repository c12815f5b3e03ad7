"""Pictures that were made to break a reader: huge, endless, slow, contradictory."""

from __future__ import annotations

import io
import random
import struct
import zlib
from pathlib import Path

from PIL import Image, ImageDraw

from tests.samples import form, people
from tests.samples.hostile import stream, written
from tests.samples.scanned_pdf import as_pdf
from tests.samples.scans import Scanner, as_jpeg, as_png, scan


def _sheet() -> Image.Image:
    """The first page of a form, at 100 dpi."""
    return scan(form.printed(people.CHILD), Scanner(dpi=100))[0]


def _chunk(kind: bytes, content: bytes) -> bytes:
    checksum = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", checksum)


def _with_chunk(png: bytes, kind: bytes, content: bytes) -> bytes:
    """A PNG with one chunk more, behind its header."""
    return png[:33] + _chunk(kind, content) + png[33:]


def _zeros(megabytes: int) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join(packer.compress(bytes(1 << 20)) for _ in range(megabytes)) + packer.flush()


def dot() -> bytes:
    return as_png(Image.new("1", (1, 1)))


def line() -> bytes:
    """One dot high and twenty thousand wide."""
    return as_png(Image.new("1", (20_000, 1), 1))


def png_bomb(*, side: int = 30_000) -> bytes:
    """Nine hundred million dots in a hundred kilobytes."""
    header = struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0)
    packer = zlib.compressobj(9)
    row = b"\x00" + b"\xff" * (side // 8)
    packed = b"".join(packer.compress(row * 100) for _ in range(side // 100)) + packer.flush()
    return (
        b"\x89PNG\r\n\x1a\n"
        + _chunk(b"IHDR", header)
        + _chunk(b"IDAT", packed)
        + _chunk(b"IEND", b"")
    )


def png_that_lies() -> bytes:
    """Its header promises four thousand million dots in each direction, its content few."""
    png = as_png(Image.new("1", (10, 10)))
    header = struct.pack(">IIBBBBB", 0x7FFFFFFF, 0x7FFFFFFF, 16, 6, 0, 0, 0)
    return png[:8] + _chunk(b"IHDR", header) + png[33:]


def png_with_a_huge_profile() -> bytes:
    return _with_chunk(as_png(_sheet()), b"iCCP", b"a\x00\x00" + _zeros(400))


def png_with_a_huge_text() -> bytes:
    return _with_chunk(as_png(_sheet()), b"zTXt", b"a\x00\x00" + _zeros(400))


def deep_png() -> bytes:
    """Sixteen bits a dot."""
    return as_png(_sheet().convert("I").point(lambda level: level * 257).convert("I;16"))


def clear_png() -> bytes:
    """Black letters on nothing: what is seen depends on what is laid below."""
    sheet = _sheet()
    nothing = Image.new("RGBA", sheet.size, (0, 0, 0, 0))
    nothing.putalpha(sheet.point(lambda level: 255 - level))
    return as_png(nothing)


def jpeg_cut_off() -> bytes:
    whole = as_jpeg(_sheet())
    return whole[: len(whole) // 2]


def jpeg_without_dots() -> bytes:
    """Its header, and nothing more."""
    whole = as_jpeg(_sheet())
    return whole[: whole.index(b"\xff\xda")]


def jpeg_that_lies() -> bytes:
    """Its header promises 65,500 dots in each direction."""
    whole = as_jpeg(_sheet())
    at = whole.index(b"\xff\xc0") + 5
    return whole[:at] + struct.pack(">HH", 65_500, 65_500) + whole[at + 4 :]


def ink_jpeg() -> bytes:
    """Four inks instead of three colours, as a print shop stores."""
    buffer = io.BytesIO()
    _sheet().convert("CMYK").save(buffer, "JPEG", quality=60)
    return buffer.getvalue()


def endless_jpeg(*, scans: int = 100_000) -> bytes:
    """A progressive JPEG whose last pass over all dots is told a hundred thousand times."""
    buffer = io.BytesIO()
    Image.new("L", (2000, 2000), 255).save(buffer, "JPEG", progressive=True, quality=50)
    whole = buffer.getvalue()
    last = whole.rindex(b"\xff\xda")
    return whole[:last] + whole[last:-2] * scans + whole[-2:]


def many_frames(*, frames: int = 500) -> bytes:
    """A TIFF of five hundred sheets."""
    sheet = Image.new("1", (850, 1100), 1)
    buffer = io.BytesIO()
    sheet.save(
        buffer,
        "TIFF",
        save_all=True,
        append_images=[sheet] * (frames - 1),
        compression="group4",
    )
    return buffer.getvalue()


def circle_of_frames() -> bytes:
    """A TIFF whose only sheet is followed by itself."""
    buffer = io.BytesIO()
    _sheet().save(buffer, "TIFF")
    tiff = bytearray(buffer.getvalue())
    (at,) = struct.unpack_from("<I", tiff, 4)
    (count,) = struct.unpack_from("<H", tiff, at)
    struct.pack_into("<I", tiff, at + 2 + 12 * count, at)
    return bytes(tiff)


def heic_cut_off() -> bytes:
    whole = (Path(__file__).parent / "photo.heic").read_bytes()
    return whole[: len(whole) // 2]


def noise(*, side: int = 2400) -> bytes:
    """Dots without any meaning, which a reader of letters takes for very many."""
    dots = random.Random(1).randbytes(side * side)
    return as_jpeg(Image.frombytes("L", (side, side), dots), quality=90)


def tiny_print() -> bytes:
    """As many letters as fit."""
    sheet = Image.new("L", (2480, 3508), 255)
    pen = ImageDraw.Draw(sheet)
    dice = random.Random(1)
    for y in range(0, 3508, 11):
        said = "".join(dice.choices("abcdefghijklmnopqrstuvwxyz .,", k=420))
        pen.text((0, y), said, fill=0)
    return as_png(sheet)


def huge_sheet() -> bytes:
    """A PDF page of 200 by 200 inches that is one picture."""
    return as_pdf([_sheet().resize((2000, 2000))], 10)


def many_sheets(*, sheets: int = 60) -> bytes:
    return as_pdf([_sheet()] * sheets, 100)


def bombs_in_a_pdf() -> bytes:
    """A page that is a picture of nine hundred million dots."""
    picture = stream(
        _zeros(900),
        b"/Type /XObject /Subtype /Image /Width 30000 /Height 30000 /BitsPerComponent 8"
        b" /ColorSpace /DeviceGray /Filter /FlateDecode",
    )
    page = (
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /XObject << /X 5 0 R >> >> >>"
    )
    return written(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            page,
            stream(b"q 595 0 0 842 0 0 cm /X Do Q"),
            picture,
        ]
    )


ALL = (
    dot, line, png_bomb, png_that_lies, png_with_a_huge_profile, png_with_a_huge_text, deep_png,
    clear_png, jpeg_cut_off, jpeg_without_dots, jpeg_that_lies, ink_jpeg, endless_jpeg,
    circle_of_frames, heic_cut_off, noise, tiny_print, huge_sheet, bombs_in_a_pdf,
)  # fmt: skip
MANY = (many_frames, many_sheets)
"""These take the time of forty pages."""
