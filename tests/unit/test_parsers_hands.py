from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from parsers.model import Readability
from tests.samples import form, hands, people
from tests.samples.hands import Hand
from tests.samples.reading import differences, doubts, read

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

HANDS = {
    "left": Hand(),
    "left, two columns": Hand(columns=2, row=26),
    "left, narrow": Hand(label_width=90),
    "left, small": Hand(size=6.5, row=13, gap=2),
    "above": Hand(label="above"),
    "above, two columns": Hand(label="above", columns=2),
    "above, tight": Hand(label="above", gap=0, row=14, size=7),
    "inside": Hand(label="inside", row=18),
    "inside, two columns": Hand(label="inside", columns=2, row=18),
    "cells": Hand(border="cells", question="before"),
    "cells, two columns": Hand(border="cells", columns=2, size=8, row=26),
    "cells, inside": Hand(border="cells", label="inside", columns=2, row=16),
    "lines": Hand(border="line", mark=":"),
    "lines, above": Hand(border="line", label="above"),
    "nothing drawn": Hand(border="none", mark=":"),
    "nothing drawn, above": Hand(border="none", label="above", columns=2),
    "nothing drawn, tight": Hand(gap=0, row=15, size=8, border="none"),
    "words before their boxes": Hand(question="before"),
    "yes above no": Hand(question="stacked"),
    "boxes below": Hand(question="below"),
    "boxes before the question": Hand(question="left"),
    "words above the boxes": Hand(question="header"),
    "yes or no is typed": Hand(question="text"),
    "times": Hand(font="Times-Roman", size=11, heading="title", title="centre"),
    "courier": Hand(font="Courier", size=8, heading="band", title="foot"),
    "large": Hand(size=12, row=26, heading="boxed", title="none", border="cells"),
    "numbered": Hand(numbered=True, mark=" *"),
    "no prompts": Hand(prompts=False, title="none", question="before"),
}
MAKERS: dict[str, tuple[Callable[[Hand, Mapping[str, str]], bytes], Mapping[str, str]]] = {
    "check boxes": (lambda hand, a: form.with_fields(hands.draw(hand), a), people.ADULT),
    "radios": (
        lambda hand, a: form.with_fields(hands.draw(hand), a, names="xfa-like", radios=True),
        people.CHILD,
    ),
    "flattened by pdfium": (
        lambda hand, a: form.made_flat(form.with_fields(hands.draw(hand), a)),
        people.ADULT,
    ),
    "flattened by qpdf": (
        lambda hand, a: form.flattened_by_qpdf(form.with_fields(hands.draw(hand), a)),
        people.ADULT,
    ),
    "drawn": (lambda hand, a: hands.draw(hand, a).done(), people.CHILD),
}


FEW = ("left", "above, two columns", "inside", "cells", "nothing drawn", "numbered")


@pytest.mark.parametrize(
    ("hand", "maker"),
    [(h, m) for h in HANDS for m in MAKERS if h in FEW or m in ("check boxes", "drawn")],
)
def test_every_answer_stands_under_its_label(hand: str, maker: str) -> None:
    make, answers = MAKERS[maker]
    extraction = read(make(HANDS[hand], answers))
    (only,) = extraction.forms
    assert differences(only, answers, lines=maker in ("check boxes", "radios")) == []
    if maker == "drawn" and HANDS[hand].border in ("line", "none"):
        assert extraction.readability is Readability.PARTIAL
        assert doubts(only) == {"read-without-boxes"}
    else:
        assert doubts(only) == set()
        assert extraction.readability is Readability.FULL


@pytest.mark.parametrize("maker", ["flattened by pdfium"])
@pytest.mark.parametrize("hand", FEW)
def test_a_blank_form_has_no_values_in_any_hand(hand: str, maker: str) -> None:
    extraction = read(MAKERS[maker][0](HANDS[hand], {}))
    assert extraction.forms == []
    assert extraction.reason == "blank-form"


def test_text_that_runs_over_its_box_is_whole_and_doubtful() -> None:
    answers = {"individual.contact_numbers": "mum: 07700 900456, dad: 07700 900789"}
    extraction = read(hands.draw(Hand(columns=2), answers).done())
    (only,) = extraction.forms
    assert differences(only, answers, lines=False) == []
    assert doubts(only) == {"text-over-the-edge"}
    assert extraction.readability is Readability.PARTIAL


def test_text_that_runs_into_the_next_box_is_doubtful() -> None:
    answers = {"individual.contact_numbers": "mum: 07700 900456, dad: 07700 900789"}
    extraction = read(hands.draw(Hand(columns=2, border="cells", size=8), answers).done())
    assert extraction.readability is Readability.PARTIAL
    assert doubts(extraction.forms[0]) == {"text-over-the-edge"}
