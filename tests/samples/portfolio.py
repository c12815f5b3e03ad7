"""PDF files that carry other files inside."""

from __future__ import annotations

import io

import pikepdf


def embedded(cover: bytes, *files: bytes) -> bytes:
    """Files in the catalogue's list, as a portfolio holds them."""
    with pikepdf.open(io.BytesIO(cover)) as pdf:
        specifications = [_specification(pdf, each, n) for n, each in enumerate(files)]
        names = [
            part
            for n, each in enumerate(specifications)
            for part in (pikepdf.String(f"{n:02}"), each)
        ]
        listed = pikepdf.Dictionary(Names=pikepdf.Array(names))
        pdf.Root.Names = pikepdf.Dictionary(EmbeddedFiles=listed)
        return _saved(pdf)


def associated(cover: bytes, file: bytes) -> bytes:
    """A file that the catalogue calls associated."""
    with pikepdf.open(io.BytesIO(cover)) as pdf:
        pdf.Root.AF = pikepdf.Array([_specification(pdf, file, 0)])
        return _saved(pdf)


def pinned(cover: bytes, file: bytes) -> bytes:
    """A file pinned to the first page."""
    with pikepdf.open(io.BytesIO(cover)) as pdf:
        pin = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot,
            Subtype=pikepdf.Name.FileAttachment,
            Rect=[20, 20, 40, 40],
            FS=_specification(pdf, file, 0),
        )
        pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(pin)])
        return _saved(pdf)


def _specification(pdf: pikepdf.Pdf, content: bytes, number: int) -> pikepdf.Object:
    stream = pdf.make_stream(content, Type=pikepdf.Name.EmbeddedFile)
    return pdf.make_indirect(
        pikepdf.Dictionary(
            Type=pikepdf.Name.Filespec,
            F=pikepdf.String(f"file{number}"),
            EF=pikepdf.Dictionary(F=stream),
        )
    )


def _saved(pdf: pikepdf.Pdf) -> bytes:
    buffer = io.BytesIO()
    pdf.save(buffer, static_id=True, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return buffer.getvalue()
