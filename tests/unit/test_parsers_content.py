from __future__ import annotations

from typing import Any

import pytest
from pdfminer.pdfinterp import PDFContentParser
from pdfminer.pdftypes import PDFStream
from pdfminer.psexceptions import PSEOF

from parsers.pdf import content
from parsers.pdf.strings import UnusualError

USUAL = (
    b"q 1 0 0 1 10.5 -20 cm BT /F1 9 Tf (Surname) Tj T* [(a) -120.5 <0041 42> .5 (b)] TJ ET Q",
    (
        rb"(a \(b\) \\ \101\7x \n \q \
c) Tj (it's) ' 1 2 (x) "
        b'"'
    ),
    b"/P <</MCID 0 /Lang (en) /A [1 2] /B <</C true>>>> BDC EMC",
    b"<414> Tj <> Tj +5 -.5 5. 007 true false null /Name.with-marks*2 f*",
    b"  \r\n\t0 0 m 5 5 l S\n",
    b"",
)
UNUSUAL = (
    b"BI /W 1 /H 1 ID \x00 EI Q",
    b"q % a comment\nQ",
    b"(nested (string)) Tj",
    b"/N#41me gs",
    b"[ (open) Tj",
    b"1 2 ] Tj",
    b"5-3 Td",
    b"(no end",
    b"<4G> Tj",
    b"[Tj]",
    b"{ 1 }",
    b"<< /A >>",
    b"(\\777) Tj",
)


def _by_pdfminer(said: bytes) -> list[Any]:
    found = []
    try:
        parser = PDFContentParser([PDFStream({}, said)])
        while True:
            found.append(parser.nextobject()[1])
    except PSEOF:
        return found


@pytest.mark.parametrize("said", USUAL)
def test_a_content_is_taken_apart_as_by_pdfminer(said: bytes) -> None:
    assert content._tokens(said) == _by_pdfminer(said)


@pytest.mark.parametrize("said", UNUSUAL)
def test_what_few_programs_write_is_left_to_pdfminer(said: bytes) -> None:
    with pytest.raises(UnusualError):
        content._tokens(said)
