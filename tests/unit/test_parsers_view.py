from __future__ import annotations

import io

import pikepdf

from tests.samples import form, people
from tests.samples.reading import read


def test_a_page_whose_size_is_told_for_all_pages_at_once_is_framed_as_one_that_tells_its_own() -> (
    None
):
    with pikepdf.open(io.BytesIO(form.printed(people.ADULT))) as pdf:
        boxes = {tuple(map(float, page.obj.MediaBox)) for page in pdf.pages}
        (box,) = boxes
        assert box != (0, 0, 612, 792)
        for page in pdf.pages:
            del page.obj.MediaBox
        pdf.Root.Pages.MediaBox = pikepdf.Array(list(box))
        buffer = io.BytesIO()
        pdf.save(buffer)
    (ours,), (theirs,) = read(form.printed(people.ADULT)).forms, read(buffer.getvalue()).forms
    assert theirs.fields == ours.fields
