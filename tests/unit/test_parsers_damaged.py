from __future__ import annotations

import io
import re

import pikepdf
import pytest

from parsers.model import Readability, Reason
from tests.samples import form, hostile, people
from tests.samples.reading import differences, doubts, read


def plainly_saved(content: bytes) -> bytes:
    buffer = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        mode = pikepdf.ObjectStreamMode.disable
        pdf.save(buffer, static_id=True, object_stream_mode=mode)
    return buffer.getvalue()


def updated_oddly(content: bytes) -> bytes:
    """Saved once more, with an object between the trailer and the end: pdfminer loses the rest."""
    previous = int(re.findall(rb"startxref\s+(\d+)", content)[-1])
    (root,) = set(re.findall(rb"/Root (\d+ \d+ R)", content))
    size = re.findall(rb"/Size (\d+)", content)[-1]
    return content + (
        b"xref\n0 1\n0000000000 65535 f \ntrailer\n<< /Size %b /Root %b /Prev %d >>\n"
        b"9999 0 obj\n<< /A 1 >>\nendobj\nstartxref\n%d\n%%%%EOF\n"
        % (size, root, previous, len(content))
    )


@pytest.mark.parametrize("make", [form.fillable, form.printed])
def test_a_sound_file_that_one_reader_loses_is_read(make: form.Make) -> None:
    extraction = read(updated_oddly(plainly_saved(make(people.CHILD))))
    assert extraction.readability is Readability.FULL
    assert differences(extraction.forms[0], people.CHILD, lines=False) == []


def test_a_file_without_its_end_is_doubtful() -> None:
    content = plainly_saved(form.fillable(people.CHILD))
    extraction = read(content[: content.rindex(b"startxref")])
    assert extraction.readability is Readability.PARTIAL
    assert "file-cut-off" in doubts(extraction.forms[0])


def test_bytes_after_the_end_are_no_doubt() -> None:
    content = form.fillable(people.CHILD) + b"\r\n" + b"\x00" * 300
    assert read(content).readability is Readability.FULL


def test_bytes_before_the_beginning_are_no_doubt() -> None:
    content = b"\r\n\r\n" + form.fillable(people.CHILD)
    assert read(content).readability is not Readability.NONE


def test_a_form_whose_values_lead_back_to_themselves_is_still_read() -> None:
    with pikepdf.open(io.BytesIO(form.fillable(people.CHILD))) as pdf:
        for number, widget in enumerate(pdf.pages[0].obj.Annots):
            if "/V" not in widget:
                widget.Parent = widget
                widget.Kids = pikepdf.Array([widget])
                widget.Opt = pikepdf.Array([widget]) if number % 2 else widget
        buffer = io.BytesIO()
        pdf.save(buffer)
    (only,) = read(buffer.getvalue()).forms
    assert differences(only, people.CHILD) == []


def test_too_many_fields_are_a_doubt() -> None:
    with pikepdf.open(io.BytesIO(form.fillable(people.CHILD))) as pdf:
        for number in range(5100):
            widget = pikepdf.Dictionary(
                Subtype=pikepdf.Name.Widget,
                FT=pikepdf.Name.Tx,
                T=pikepdf.String(f"x{number}"),
                F=2,
                Rect=[1, 2, 30, 40],
            )
            made = pdf.make_indirect(widget)
            pdf.pages[0].obj.Annots.append(made)
            pdf.Root.AcroForm.Fields.append(made)
        buffer = io.BytesIO()
        pdf.save(buffer)
    extraction = read(buffer.getvalue())
    assert extraction.readability is Readability.PARTIAL
    assert "too-many-fields" in doubts(extraction.forms[0])


def test_a_page_of_too_many_letters_is_too_large() -> None:
    words = " ".join(["evidence"] * 4000)
    with pikepdf.open(io.BytesIO(form.printed(people.CHILD))) as pdf:
        pdf.pages[0].contents_add(b"BT /F1 1 Tf 1 1 Td (" + words.encode() + b") Tj ET")
        buffer = io.BytesIO()
        pdf.save(buffer)
    assert read(buffer.getvalue()).reason is Reason.TOO_LARGE


def test_a_form_among_hostile_objects_is_read_or_refused() -> None:
    whole = hostile.unpacked(form.fillable(people.CHILD))
    for odd in (b"/Rect [nan nan nan nan]", b"/Rect [0 0 0 0 ]", b"/Rect null"):
        changed = re.sub(rb"/Rect \[[^\]]*\]", odd, whole, count=3)
        extraction = read(changed)
        assert extraction.readability is not Readability.FULL or extraction.forms[0].unrecognised


def test_a_field_of_no_kind_is_told_with_a_doubt() -> None:
    with pikepdf.open(io.BytesIO(form.fillable(people.CHILD))) as pdf:
        for each in pdf.Root.AcroForm.Fields:
            if each.T == "individual_surname":
                del each.FT
        buffer = io.BytesIO()
        pdf.save(buffer)
    (only,) = read(buffer.getvalue()).forms
    assert only.fields["individual.surname"].raw == "Tester"
    assert doubts(only) == {"value-of-another-type"}


@pytest.mark.parametrize(
    ("value", "told"),
    [
        (35, "35"),
        (pikepdf.Name("/Tester"), "Tester"),
        (pikepdf.Array([pikepdf.String("one"), pikepdf.String("two"), 3]), "one\ntwo\n3"),
        (pikepdf.Array([pikepdf.Array([pikepdf.Array([])])]), None),
        (pikepdf.Dictionary(A=1), None),
        (True, None),
    ],
)
def test_a_value_that_is_no_text_is_told_with_a_doubt(value: object, told: str | None) -> None:
    with pikepdf.open(io.BytesIO(form.fillable(people.CHILD))) as pdf:
        for each in pdf.Root.AcroForm.Fields:
            if each.T == "individual_surname":
                each.V = value
        buffer = io.BytesIO()
        pdf.save(buffer)
    extraction = read(buffer.getvalue())
    (only,) = extraction.forms
    assert extraction.readability is Readability.PARTIAL
    if told is None:
        assert "individual.surname" not in only.fields
        assert "fields-unreadable" in doubts(only)
    else:
        assert only.fields["individual.surname"].raw == told
        assert "value-of-another-type" in doubts(only)
