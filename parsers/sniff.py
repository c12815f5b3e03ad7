"""What a file is, by its content: names and declared types are only claims."""

from __future__ import annotations

import io
import zipfile

UNKNOWN = "application/octet-stream"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
OLE = "application/x-ole-storage"
_WINDOW = 1024
_MAGIC: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG\r\n\x1a\n", "image/png"),
    (b"\xff\xd8\xff", "image/jpeg"),
    (b"GIF87a", "image/gif"),
    (b"GIF89a", "image/gif"),
    (b"II*\x00", "image/tiff"),
    (b"MM\x00*", "image/tiff"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"{\\rtf", "application/rtf"),
    (b"\x78\x9f\x3e\x22", "application/vnd.ms-tnef"),
    (b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (b"Rar!\x1a\x07", "application/vnd.rar"),
)
_HEIF = (b"heic", b"heix", b"mif1", b"msf1", b"heim", b"heis")


def media_type(content: bytes) -> str:
    """The media type that the content itself shows, `application/octet-stream` when it shows none.

    What begins with the mark of another kind is of that kind, even if it holds a PDF further down
    (a zip that stores one). Else a PDF counts as one wherever its marker stands in the first 1,024
    bytes (ISO 32000, Annex H).
    """
    window = content[:_WINDOW]
    zipped = window.startswith(b"PK\x03\x04")
    kind = _marked(window) or (_zip(content) if zipped else None)
    if kind is None and b"%PDF-" in window:
        kind = "application/pdf"
    return kind or ("application/zip" if zipped else _text(window))


def _marked(window: bytes) -> str | None:
    for magic, kind in _MAGIC:
        if window.startswith(magic):
            return kind
    if window[4:8] == b"ftyp" and window[8:12] in _HEIF:
        return "image/heic"
    # A text may begin with "BM", but it goes on without four empty bytes.
    return "image/bmp" if window.startswith(b"BM") and window[6:10] == bytes(4) else None


def _zip(content: bytes) -> str | None:
    """None for an archive whose list of files can't be read."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError, RuntimeError):
        return None
    return DOCX if "word/document.xml" in names else "application/zip"


def _text(window: bytes) -> str:
    if not window or b"\x00" in window:
        return UNKNOWN
    stripped = window.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if stripped.startswith((b"<!doctype html", b"<html", b"<head", b"<body")):
        return "text/html"
    if stripped.startswith(b"begin:vcalendar"):
        return "text/calendar"
    try:
        window.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start < len(window) - 4:
            return UNKNOWN
    printable = sum(byte >= 0x20 or byte in b"\t\r\n\f" for byte in window)  # noqa: PLR2004 - controls
    return "text/plain" if printable == len(window) else UNKNOWN
