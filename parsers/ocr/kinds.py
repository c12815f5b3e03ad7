"""The kinds of picture files that are read."""

from __future__ import annotations

HEIC = "image/heic"
HEIC_PROGRAM = "heif-thumbnailer"
"""Debian's: it writes a PNG of any size into any file, and the codecs stay outside this program."""
PICTURES = {
    "image/jpeg": ("JPEG", "MPO"),
    "image/png": ("PNG",),
    "image/tiff": ("TIFF",),
    "image/gif": ("GIF",),
    "image/bmp": ("BMP",),
    HEIC: ("PNG",),
}
"""Media types, and the formats by which Pillow knows them (HEIC reaches it as PNG)."""
