"""Referrals about people who do not exist, as many as are asked for, the same for a seed."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING

from tests.samples.table import spec

if TYPE_CHECKING:
    from parsers.formspec import Field

_FORENAMES = (
    "Testy",
    "Robin",
    "Ailsa-Mae",
    "Zoë",
    "Siân",
    "Ng",
    "O’Neil",
    "Jo",
    "Émile",
    "Noor Ann",
)
_SURNAMES = ("Example", "O'Sample", "Mac Placeholder", "van der Test", "Müller-Tester", "Ó Teist",
             "Inventé", "Li", "Smith-Sample", "Double Blank")  # fmt: skip
_STREETS = ("Invented Street", "Made-up Road", "Sample Close", "St. Test’s Walk")
_TOWNS = ("Sampletown", "Testford", "Upper Example")
_WORDS = (  # noqa: SIM905 - fifty words in quotes are hard to read
    "he she they said wrote told us that the a in on of and but when after lesson class friend "
    "teacher worried quiet angry online group video phone poster march week Tuesday 2026 never "
    "again home school job money lost found drew copied joined left stopped started talking about "
    "nothing everything people like them us"
).split()
_LONG = ("concerns.description", "complex_needs.description", "other_information.details")
_MONTHS = ("January", "Feb", "March", "June", "Sept", "November")


def answers(seed: int) -> dict[str, str]:
    """Most fields answered, as short as their boxes are wide, in letters of Windows-1252."""
    dice = random.Random(f"answers {seed}")
    made = {}
    for section in spec().sections:
        for field in section.fields:
            if dice.random() < 0.85 or field.asked:
                made[field.key] = _answer(field, dice)
    return made


def _answer(field: Field, dice: random.Random) -> str:
    match field.kind:
        case "yes_no":
            made = dice.choice(("yes", "no"))
        case "date":
            made = _date(dice)
        case "age":
            made = str(dice.randrange(6, 90))
        case "phones":
            made = " / ".join(_phone(dice) for _ in range(dice.choice((1, 1, 2))))
        case "emails":
            made = f"{dice.choice(_WORDS)}.{dice.choice(_WORDS)}{dice.randrange(99)}@example.org"
        case "lines":
            made = _lines(field.key, dice)
        case _:
            made = _text(field.key, dice)
    return made


def _text(key: str, dice: random.Random) -> str:
    if key.endswith(("forename", "forenames")):
        return dice.choice(_FORENAMES)
    if key.endswith("surname"):
        return dice.choice(_SURNAMES)
    return _sentence(dice, 2, 4).rstrip(".")


def _lines(key: str, dice: random.Random) -> str:
    if key.endswith("addresses"):
        return f"{dice.randrange(1, 200)} {dice.choice(_STREETS)}\n{dice.choice(_TOWNS)} TE5 7XX"
    if key in _LONG:
        parts = [" ".join(_sentence(dice, 5, 14) for _ in range(dice.choice((1, 2))))
                 for _ in range(dice.choice((1, 2, 2)))]  # fmt: skip
        return "\n".join(parts)
    return _sentence(dice, 2, 6)


def _sentence(dice: random.Random, least: int, most: int) -> str:
    said = " ".join(dice.choice(_WORDS) for _ in range(dice.randrange(least, most + 1)))
    return said[0].upper() + said[1:] + dice.choice((".", ".", "?", "!"))


def _date(dice: random.Random) -> str:
    day, month, year = dice.randrange(1, 29), dice.randrange(1, 13), dice.randrange(2024, 2026)
    return dice.choice((
        f"{day:02}/{month:02}/{year}",
        f"{day}.{month}.{year}",
        f"{day} {dice.choice(_MONTHS)} {year}",
        f"{year}-{month:02}-{day:02}",
    ))  # fmt: skip


def _phone(dice: random.Random) -> str:
    # Ofcom keeps these numbers for drama: nobody has them.
    return dice.choice(("07700 900", "020 7946 0")) + f"{dice.randrange(1000):03}"
