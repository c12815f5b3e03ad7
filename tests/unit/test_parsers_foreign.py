from __future__ import annotations

import io
import string

import pikepdf
import pypdfium2 as pdfium
import pytest

from parsers import versions
from parsers.pdf import foreign
from parsers.pdf.document import _opened
from parsers.pdf.lines import runs_of
from parsers.pdf.opened import Opened
from parsers.pdf.words import seen
from tests.golden.samples import SAMPLES, joined, letter
from tests.samples import form, people, portfolio, xfa_form
from tests.samples.reading import SPECS, read

MINUTES = SAMPLES["mention"].make()


def is_foreign(content: bytes) -> bool:
    document = pdfium.PdfDocument(content)
    opened, pdf = Opened(document), _opened(content, document)
    try:
        said = foreign.sign_of(opened, pdf, SPECS, len(document), ("pleasewait",))
        return said is foreign.Sign.FOREIGN
    finally:
        opened.close()
        pdf.close()
        document.close()


def test_minutes_are_foreign() -> None:
    assert is_foreign(MINUTES)
    assert is_foreign(joined(MINUTES, letter("The year in numbers, and all our partners. " * 9)))


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(form.printed(people.CHILD), id="a form"),
        pytest.param(joined(MINUTES, form.printed({})), id="a form after other pages"),
        pytest.param(joined(MINUTES, form.blank()), id="fields"),
        pytest.param(joined(MINUTES, form.scanned()), id="a picture"),
        pytest.param(portfolio.embedded(MINUTES, form.blank()), id="a file inside"),
        pytest.param(portfolio.associated(MINUTES, form.blank()), id="a file that belongs to it"),
        pytest.param(portfolio.pinned(MINUTES, form.blank()), id="a file pinned to a page"),
        pytest.param(
            xfa_form.with_xfa(MINUTES, xfa_form.template(), xfa_form.datasets(people.CHILD)),
            id="XFA data",
        ),
        pytest.param(SAMPLES["please-wait"].make(), id="a page that waits for Adobe Reader"),
        pytest.param(letter("Regards"), id="hardly a letter"),
    ],
)
def test_nothing_that_may_hold_a_form_is_foreign(content: bytes) -> None:
    assert not is_foreign(content)


def test_links_are_no_fields() -> None:
    with pikepdf.open(io.BytesIO(MINUTES)) as pdf:
        link = pikepdf.Dictionary(
            Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[9, 9, 90, 20]
        )
        pdf.pages[0].obj.Annots = pikepdf.Array([pdf.make_indirect(link)])
        buffer = io.BytesIO()
        pdf.save(buffer)
    assert is_foreign(buffer.getvalue())


@pytest.mark.parametrize("lost", string.ascii_lowercase)
def test_a_form_whose_font_has_lost_a_letter_is_not_foreign(lost: str) -> None:
    """What likeness alone would tell has to come as far as where likeness is looked at."""
    content = form.printed(people.CHILD)
    document = pdfium.PdfDocument(content)
    opened = Opened(document)
    words = [word for page in range(1, len(document) + 1) for word in seen(opened, page)[1]]
    document.close()
    for word in words:
        word.text = word.text.casefold().replace(lost, "") or "-"
    letters = foreign._hardened("".join(run.letters for run in runs_of(words)))
    if versions.best(SPECS, runs_of(words)) is not None:
        assert any(foreign._has_enough(spec, letters) for spec in SPECS)


def test_a_long_foreign_document_is_not_called_a_form_that_was_not_found() -> None:
    assert read(joined(*[MINUTES] * 45)).reason == "too-large"
