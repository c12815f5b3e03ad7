"""Whatever is typed into a field comes out the same.

One thing can't: "Â¡" in PDFDocEncoding has the bytes of "¡" in UTF-8 without a mark, which careless
programs write. Such bytes are read as UTF-8; the examples are the same at every run and hold none.
"""

from __future__ import annotations

import io
from functools import cache

import pikepdf
from hypothesis import example, given, settings
from hypothesis import strategies as st

from parsers.normal import normal
from tests.samples import form, hands
from tests.samples.hands import Hand
from tests.samples.reading import SPECS, read

SPEC = SPECS[0]
FIELDS = [f for section in SPEC.sections for f in section.fields if f.kind != "yes_no"]
HINTS = {normal(text) for text in (*(f.hint or "" for f in FIELDS), *SPEC.placeholders)}
WRITTEN = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t"))
ANSWERED = WRITTEN.filter(lambda text: text.strip() != "" and normal(text) not in HINTS - {""})
ANSWERS = st.dictionaries(st.sampled_from([f.key for f in FIELDS]), ANSWERED, min_size=1)
HANDS = (Hand(), Hand(label="above", columns=2, question="before"), Hand(label="inside"))


@cache
def blank(number: int) -> bytes:
    return form.with_fields(hands.draw(HANDS[number]), {}, names="meaningful")


@settings(derandomize=True, max_examples=25, deadline=None)
@given(ANSWERS, st.integers(0, len(HANDS) - 1))
@example({"individual.surname": "…"}, 0)
@example({"individual.surname": "-"}, 0)
@example({"individual.forenames": "Please  describe!"}, 1)
@example({"individual.gender": " \u200b"}, 2)
@example({"concerns.description": "INDIVIDUAL'S BIOGRAPHICAL & CONTACT DETAILS\nSurname: X"}, 2)
def test_any_text_in_any_field_comes_out_the_same(answers: dict[str, str], number: int) -> None:
    told = {key: text for key, text in answers.items() if normal(text) not in HINTS - {""}}
    with pikepdf.open(io.BytesIO(blank(number))) as pdf:
        for page in pdf.pages:
            for widget in page.obj.Annots:
                key = str(widget.T)
                for each, text in answers.items():
                    if each.replace(".", "_") == key:
                        widget.V = pikepdf.String(text)
        buffer = io.BytesIO()
        pdf.save(buffer)
    extraction = read(buffer.getvalue())
    if not told:
        assert extraction.reason == "blank-form"
        return
    (only,) = extraction.forms
    assert {key: answer.raw for key, answer in only.fields.items()} == told
    assert only.unrecognised == []


LINES = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyzABCDEFGH0123456789.,;?!'()/&-", min_size=1, max_size=12),
    min_size=1,
    max_size=8,
).map(" ".join)


@settings(derandomize=True, max_examples=12, deadline=None)
@given(st.dictionaries(st.sampled_from([f.key for f in FIELDS]), LINES, min_size=1))
def test_printed_words_come_out_under_their_label_or_with_a_doubt(answers: dict[str, str]) -> None:
    told = {key: text for key, text in answers.items() if normal(text) not in HINTS - {""}}
    extraction = read(form.printed(answers))
    if not extraction.forms:
        assert not told
        return
    (only,) = extraction.forms
    if extraction.readability == "full":
        assert {key: answer.raw.split() for key, answer in only.fields.items()} == {
            key: text.split() for key, text in told.items()
        }
