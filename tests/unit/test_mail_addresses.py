from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intake.mail.addresses import MOST, addresses, return_path


@pytest.mark.parametrize(
    ("value", "found"),
    [
        ("Rowan@School.Example.org", ("rowan@school.example.org",)),
        ("Rowan Example <rowan@school.example.org>", ("rowan@school.example.org",)),
        ('"Example, Rowan" <rowan@school.example.org>', ("rowan@school.example.org",)),
        ("Example, Rowan <rowan@school.example.org>", ("rowan@school.example.org",)),
        ('"a@b.example" <rowan@school.example.org>', ("rowan@school.example.org",)),
        ("a@b.example <rowan@school.example.org>", ("rowan@school.example.org",)),
        ("rowan@school.example.org (a@b.example)", ("rowan@school.example.org",)),
        ("(a (b) <a@b.example>) rowan@school.example.org", ("rowan@school.example.org",)),
        ("<@relay.example:rowan@school.example.org>", ("rowan@school.example.org",)),
        ("<@a.example,@b.example:rowan@school.example.org>", ("rowan@school.example.org",)),
        ("Panel: a@b.example, C <c@d.example>;", ("a@b.example", "c@d.example")),
        ("a@b.example, A@B.example", ("a@b.example",)),
        ("a@b.example; c@d.example", ("a@b.example", "c@d.example")),
        ("a@b.example <c@d.example> <e@f.example>", ("c@d.example", "e@f.example")),
        ("undisclosed-recipients:;", ()),
        ("Rowan Example", ()),
        ("<>", ()),
        ("", ()),
        ("rowan@localhost", ()),
        ("rowan@school..example", ()),
        ('"rowan example"@school.example.org', ()),
        ("rowan@school.example.org>", ()),
        ("a b@c.example", ()),
        ("<rowan@school.example.org", ("rowan@school.example.org",)),
        ("a@b.example\r\nBcc: c@d.example", ()),
    ],
)
def test_addresses_are_read_out_of_a_header(value: str, found: tuple[str, ...]) -> None:
    assert addresses([value]) == found


def test_at_most_two_hundred_are_read() -> None:
    assert len(addresses([f"a{n}@b.example" for n in range(MOST + 50)])) == MOST


@given(st.lists(st.text(st.sampled_from('ab@.<>(),;:"\\ \r\n\x00é'), max_size=60)))
def test_whatever_stands_there_an_address_is_plain(values: list[str]) -> None:
    for address in addresses(values):
        assert address.isascii()
        assert address.isprintable()
        assert not set(address) & set('<>(),;:"\\ ')
    assert return_path(values) is None or isinstance(return_path(values), str)
