from __future__ import annotations

import pypdfium2 as pdfium

from parsers.ocr.images import as_pdf
from tests.samples import hostile_images


def test_of_too_many_pictures_one_more_is_kept_than_is_read() -> None:
    document = pdfium.PdfDocument(as_pdf(hostile_images.many_frames(frames=50), "image/tiff"))
    assert len(document) == 41
    document.close()
