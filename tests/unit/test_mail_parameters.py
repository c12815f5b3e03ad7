from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mail.parameters import parse


@pytest.mark.parametrize(
    ("header", "name"),
    [
        ('attachment; filename="form.pdf"', "form.pdf"),
        ("attachment; filename=form.pdf", "form.pdf"),
        ("attachment; filename=my form final.pdf; size=3", "my form final.pdf"),
        ('attachment; filename="a; b.pdf"', "a; b.pdf"),
        ('attachment; filename="a \\"b\\".pdf"', 'a "b".pdf'),
        ('attachment; filename="unclosed.pdf', "unclosed.pdf"),
        ('attachment;filename = "form.pdf" ; x', "form.pdf"),
        ('ATTACHMENT; FILENAME="form.pdf"', "form.pdf"),
        ('attachment; filename="first.pdf"; filename="second.pdf"', "first.pdf"),
        ("attachment; filename*=utf-8''Si%C3%A2n%20Example.pdf", "Siân Example.pdf"),
        ("attachment; filename*=\"UTF-8'en'Si%C3%A2n.pdf\"", "Siân.pdf"),
        ("attachment; filename*=iso-8859-1''Si%E2n.pdf", "Siân.pdf"),
        ("attachment; filename*=Si%C3%A2n.pdf", "Siân.pdf"),  # no charset named
        ("attachment; filename=plain.pdf; filename*=utf-8''real.pdf", "real.pdf"),
        ("attachment; filename*1=rm.pdf; filename*0=fo", "form.pdf"),
        (
            "attachment; filename*0*=utf-8''Si%C3%A2; filename*1*=n%20; filename*2=a.pdf",
            "Siân a.pdf",
        ),
        ("attachment; filename*0*=utf-8''Si%C3; filename*1*=%A2n.pdf", "Siân.pdf"),
        ("attachment; filename*=utf-8''%zz%2", "%zz%2"),
        ("attachment", None),
        ("", None),
        (None, None),
    ],
)
def test_a_name_is_read_in_every_form_that_programs_write(
    header: str | None, name: str | None
) -> None:
    assert parse(header).parameters.get("filename") == name


@pytest.mark.parametrize(
    ("header", "main"),
    [
        ("Text/Plain; charset=utf-8", "text/plain"),
        ("text/plain charset=utf-8", "text/plain"),
        ('"application/pdf"; name=x', "application/pdf"),
        ("application/pdf (a comment); name=x", "application/pdf"),
        ("; name=x", ""),
        (None, ""),
    ],
)
def test_the_type_is_one_lower_cased_word(header: str | None, main: str) -> None:
    assert parse(header).main == main


@given(st.text(st.sampled_from("ab;=*'\"\\% \t()0é"), max_size=300))
def test_any_header_has_parameters_of_some_kind(header: str) -> None:
    value = parse(header)
    assert all(isinstance(text, str) for text in value.parameters.values())
