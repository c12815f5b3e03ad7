"""Whatever is typed into a Word or an XFA form comes out the same, and so does what is ticked."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parsers.normal import normal
from tests.golden.samples import please_wait
from tests.samples import docx_form, form, xfa_form
from tests.samples.reading import SPECS, read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

SPEC = SPECS[0]
FIELDS = [f for section in SPEC.sections for f in section.fields]
TEXTS = [f.key for f in FIELDS if f.kind != "yes_no"]
QUESTIONS = [f.key for f in FIELDS if f.kind == "yes_no"]
HINTS = {normal(text) for text in (*(f.hint or "" for f in FIELDS), *SPEC.placeholders)}
SCRIPTS = st.one_of(
    # XML 1.0 §2.2 leaves out surrogates, controls and two that are no characters.
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="\ufffe\uffff",
                  include_characters="\n\t"),
    st.characters(min_codepoint=0x0590, max_codepoint=0x08FF),  # written from the right
    st.characters(categories=["Mn", "Mc", "Me"]),
    st.characters(categories=["So", "Sk"], min_codepoint=0x1F000),
    st.characters(categories=["Cf", "Zs"]),
)  # fmt: skip
ANSWERED = st.text(SCRIPTS, min_size=1, max_size=30).filter(
    lambda text: text.strip() != "" and normal(text) not in HINTS
)
ANSWERS = st.dictionaries(st.sampled_from(TEXTS), ANSWERED, min_size=1, max_size=8)
TICKS = st.dictionaries(st.sampled_from(QUESTIONS), st.sampled_from(["yes", "no"]))
FAMILY = "\N{MAN}\N{ZERO WIDTH JOINER}\N{WOMAN}\N{ZERO WIDTH JOINER}\N{GIRL}"


def xfa(answers: Mapping[str, str]) -> bytes:
    return xfa_form.with_xfa(please_wait(), xfa_form.template(), xfa_form.datasets(answers))


MAKERS: dict[str, Callable[[Mapping[str, str]], bytes]] = {
    "Word, cells": docx_form.tables,
    "Word, content controls": docx_form.controls,
    "Word, form fields": docx_form.legacy,
    "XFA": xfa,
    "check boxes": form.fillable,
    "radios": lambda answers: form.fillable(answers, radios=True),
}


def said(content: bytes) -> dict[str, str]:
    extraction = read(content)
    (only,) = extraction.forms
    assert only.unrecognised == []
    return {
        key: str(answer.value) if key in QUESTIONS else answer.raw
        for key, answer in only.fields.items()
    }


@pytest.mark.parametrize("maker", MAKERS)
@settings(derandomize=True, max_examples=12, deadline=None)
@given(answers=ANSWERS, ticks=TICKS)
@example(answers={"individual.surname": "e\N{COMBINING ACUTE ACCENT}\u0323"}, ticks={})
@example(answers={"individual.forenames": "\u202eabc\u202c ليلى נועה"}, ticks={})
@example(answers={"concerns.description": f"{FAMILY}\n\n\t<&]]>\u00a0\u2028x"}, ticks={})
def test_any_text_and_any_tick_comes_out_the_same(
    maker: str, answers: dict[str, str], ticks: dict[str, str]
) -> None:
    asked = answers | ticks
    assert said(MAKERS[maker](asked)) == asked


@pytest.mark.parametrize("category", ["Lo", "Lm", "Mn", "Nd", "No", "Pd", "Po", "Sc", "Sm", "So"])
def test_every_character_of_a_kind_can_be_typed(category: str) -> None:
    """A hundred of each, spread over all there are."""
    every = [c for c in map(chr, range(0x21, 0x2FA20)) if unicodedata.category(c) == category]
    asked = {"concerns.description": "a" + "".join(every[:: len(every) // 100 + 1]) + "z"}
    for maker in ("Word, cells", "XFA", "check boxes"):
        assert said(MAKERS[maker](asked)) == asked
