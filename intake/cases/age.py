"""Which age group an individual belongs to, and only where the form makes it certain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ADULT = 18
TEN = 10
OLDEST = 120

_ABOUT = r"(?:(?:about|approx(?:imately)?|around|circa|c)\.?\s*|~\s*)?"
_DASHES = "-\N{EN DASH}\N{EM DASH}"
_YEARS = r"\s*(?:years?(?:\s*old)?|yrs?(?:\s*old)?|y/?o)?\.?"
_ONE = re.compile(rf"{_ABOUT}(\d{{1,3}}){_YEARS}", re.IGNORECASE)
_RANGE = re.compile(
    rf"{_ABOUT}(\d{{1,3}})\s*(?:[{_DASHES}]|/|to|or)\s*{_ABOUT}(\d{{1,3}}){_YEARS}", re.IGNORECASE
)
_LONGEST = 60


class AgeGroup(StrEnum):
    """What officers see first. An age range that spans 18 is unknown."""

    UNDER_TEN = "under_ten"
    CHILD = "child"
    ADULT = "adult"
    UNKNOWN = "age_unknown"


@dataclass(frozen=True, slots=True)
class Years:
    """An age in whole years, from `least` to `most`."""

    least: int
    most: int


def age_group(born: str | None, approximate: str | None, on: date) -> AgeGroup:
    """The group on the day `on`, by date of birth (YYYY-MM-DD), else by the approximate age."""
    years = _since(born, on) if born is not None else None
    if years is None and approximate is not None:
        years = stated_years(approximate)
    if years is None:
        return AgeGroup.UNKNOWN
    if years.most < TEN:
        return AgeGroup.UNDER_TEN
    if years.most < ADULT:
        return AgeGroup.CHILD
    return AgeGroup.ADULT if years.least >= ADULT else AgeGroup.UNKNOWN


def stated_years(text: str) -> Years | None:
    """`14`, `about 14 years`, `15-16`, `17 or 18`; None for every other wording."""
    stripped = text.strip()
    if len(stripped) > _LONGEST:
        return None
    if (one := _ONE.fullmatch(stripped)) is not None:
        years = Years(int(one[1]), int(one[1]))
    elif (both := _RANGE.fullmatch(stripped)) is not None:
        years = Years(int(both[1]), int(both[2]))
    else:
        return None
    return years if years.least <= years.most <= OLDEST else None


def _since(born: str, on: date) -> Years | None:
    day = date.fromisoformat(born)
    if day > on:
        return None
    whole = on.year - day.year - ((on.month, on.day) < (day.month, day.day))
    return Years(whole, whole) if whole <= OLDEST else None
