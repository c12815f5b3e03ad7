"""What a child says of a document is made fit to be kept before anybody believes it."""

from __future__ import annotations

from parsers.reader import _writable


def test_what_nobody_can_type_is_replaced_and_the_rest_is_kept() -> None:
    said = {"raw": "a\x00b\ud800c", "list": ["🙂", "\udc00\ud83d"], "page": 1, "none": None}
    assert _writable(said) == {
        "raw": "a\ufffdb\ufffdc",
        "list": ["🙂", "\ufffd\ufffd"],
        "page": 1,
        "none": None,
    }


def test_a_pair_of_halves_is_a_whole_character() -> None:
    assert _writable("\ud83d\ude42") == "🙂"
