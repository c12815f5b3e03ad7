"""From the text of an answer to its value, only where that is certain."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from parsers.months import MONTHS, OF, ORDINAL, WEEKDAY

if TYPE_CHECKING:
    from parsers.formspec import Kind

_NUMBERS = re.compile(r"(\d{1,2})\s*[./\- ]\s*(\d{1,2})\s*[./\- ]\s*(\d{4}|\d{2})")
_ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})")
_DAY_FIRST = re.compile(
    rf"{WEEKDAY}(\d{{1,2}}){ORDINAL}{OF}[\s\-/.]*([a-z]+)[\s\-/.,]*(\d{{4}}|\d{{2}})\.?",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"{WEEKDAY}([a-z]+)\.?\s+(\d{{1,2}}){ORDINAL},?\s+(\d{{4}})\.?", re.IGNORECASE
)
_LONGEST = 60
_TWELVE = 12
_TWO_DIGITS = 2
_OLDEST = 1900
"""Nobody whom a referral can concern was born before."""
_YEARS_BACK, _YEARS_AHEAD = 10, 1
"""How near today the date of a concern or a referral lies, if its century is to be certain."""
_LONGEST_LIST = 2000
_SHORTEST_NUMBER = 9
"""Digits of a telephone number with its area code."""
_PASSING_DIGITS = 2
"""So many digits may stand beside the numbers: "after 5", "9-5"."""
_HYPHENED = re.compile(r"(?<=\w)-\n(?=\w)")
_BROKEN = re.compile(r"(?<![^\s,;<>()])[\w+-]+[._][\w.+-]*(?<![.-])\n[^\s@]+@", re.ASCII)
"""What looks like the first part of an address, and a line that goes on with its end."""
_BRITISH = re.compile(r"(?<!\d)0(?:[\s\-.()]*\d){9,10}(?!\d)")


@dataclass(frozen=True, slots=True)
class Read:
    """A value, or None with the code of the doubt."""

    value: str | list[str] | None
    doubt: str | None = None


def read(kind: Kind, text: str, *, born: bool, today: date) -> Read:
    """The value of an answer by its field's kind. `born`: it is a birth date."""
    stripped = text.strip()
    if kind == "date":
        return read_date(stripped, born=born, today=today)
    if kind == "phones":
        return Read(phones(stripped))
    if kind == "emails":
        return Read(emails(stripped))
    return Read(stripped)


def read_date(text: str, *, born: bool, today: date) -> Read:
    """`YYYY-MM-DD` when certain by the rules of extract-output.md, else None and why."""
    stated = _stated(text) if len(text) <= _LONGEST else None
    if stated is None:
        return Read(None, "date-unclear")
    if not stated.short:
        return _date(stated.year, stated.month, stated.day, born=born, today=today)
    if stated.month > _TWELVE:
        return Read(None, "date-impossible")
    if stated.in_numbers and stated.day <= _TWELVE:
        return Read(None, "date-ambiguous")
    return _short_year(stated.day, stated.month, stated.year, born=born, today=today)


@dataclass(frozen=True, slots=True)
class _Stated:
    """A day, a month and a year as they were written: the year of two digits (`short`) or four."""

    day: int
    month: int
    year: int
    short: bool = False
    in_numbers: bool = False


def _stated(text: str) -> _Stated | None:
    if found := _ISO.fullmatch(text):
        return _Stated(int(found[3]), int(found[2]), int(found[1]))
    if found := _NUMBERS.fullmatch(text):
        day, month, year = found.groups()
        short = len(year) == _TWO_DIGITS
        return _Stated(int(day), int(month), int(year), short=short, in_numbers=True)
    if (found := _DAY_FIRST.fullmatch(text)) and found[2].lower() in MONTHS:
        short = len(found[3]) == _TWO_DIGITS
        return _Stated(int(found[1]), MONTHS[found[2].lower()], int(found[3]), short=short)
    if (found := _MONTH_FIRST.fullmatch(text)) and found[1].lower() in MONTHS:
        return _Stated(int(found[2]), MONTHS[found[1].lower()], int(found[3]))
    return None


def _short_year(day: int, month: int, year: int, *, born: bool, today: date) -> Read:
    """The century is certain for a birth date that would else lie in the future, and for another
    date that lies near today in just one.
    """
    century = today.year // 100 * 100
    if born:
        this = _date(century + year, month, day, born=True, today=today)
        return (
            this if this.value else _date(century - 100 + year, month, day, born=True, today=today)
        )
    if not today.year - _YEARS_BACK <= century + year <= today.year + _YEARS_AHEAD:
        return Read(None, "date-ambiguous")
    return _date(century + year, month, day, born=False, today=today)


def _date(year: int, month: int, day: int, *, born: bool, today: date) -> Read:
    try:
        read_as = date(year, month, day)
    except ValueError:
        return Read(None, "date-impossible")
    if year < _OLDEST:
        return Read(None, "date-impossible")
    if born and read_as > today:
        return Read(None, "date-in-the-future")
    return Read(read_as.isoformat())


def phones(text: str) -> list[str]:
    """The numbers as typed, one string each; the whole text where none is recognised, or where the
    digits of another would be left out or torn apart.
    """
    if len(text) > _LONGEST_LIST:
        return [text]
    matches = phonenumbers.PhoneNumberMatcher(text, "GB", leniency=phonenumbers.Leniency.POSSIBLE)
    found = [match.raw_string.strip() for match in matches]
    if any(_digits(number) < _SHORTEST_NUMBER for number in found):
        # Numbers with nothing but a blank between them are torn apart by the library.
        found = _BRITISH.findall(text)
    left = _digits(text) - sum(map(_digits, found))
    return found if found and left <= _PASSING_DIGITS else [text]


def emails(text: str) -> list[str]:
    """The addresses as typed; the whole text where none is recognised, or where what looks like one
    more is none that mail could reach.
    """
    found = []
    if _BROKEN.search(text):
        return [text]
    # A line may end at a hyphen within an address.
    whole = _HYPHENED.sub("-", text[:_LONGEST_LIST])
    for word in re.split(r"[\s,;<>()]+", whole):
        candidate = word.strip(".:'\"")
        if "@" not in candidate:
            continue
        try:
            validate_email(candidate, check_deliverability=False, test_environment=True)
        except EmailNotValidError:
            return [text]
        found.append(candidate)
    return found if found and len(text) <= _LONGEST_LIST else [text]


def _digits(text: str) -> int:
    return sum(character.isdecimal() for character in text)
