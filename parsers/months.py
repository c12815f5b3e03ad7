"""The names of months and weekdays, in the languages in which a referral is written."""

from __future__ import annotations

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "jan january ion ionawr",
            "feb february chwef chwefror",
            "mar march maw mawrth fawrth",
            "apr april ebr ebrill",
            "may mai fai",
            "jun june meh mehefin fehefin",
            "jul july gorff gorffennaf orffennaf",
            "aug august awst",
            "sep sept september medi fedi",
            "oct october hyd hydref",
            "nov november tach tachwedd dachwedd",
            "dec december rhag rhagfyr ragfyr",
        ),
        start=1,
    )
    for name in names.split()
}
"""By name, short or in full, English or Welsh; Welsh also as it is written after "o" (of)."""

WEEKDAY = (
    r"(?:(?:(?:mon|tues?|wed(?:nes|s)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?|"
    r"(?:dydd|nos)\s+(?:llun|f?mawrth|fawrth|mercher|fercher|iau|gwener|wener|sadwrn|sul))"
    r"\.?,?\s+)?"
)
"""Matches the weekday that may stand before a date, with the blank after it."""
ORDINAL = r"(?:st|nd|rd|th|af|il|ydd|ed|fed|eg|ain)?"
"""Matches what may stand after the number of a day."""
OF = r"(?:\s+o(?:f|\s+fis)?\s)?"
"""Matches what may stand before the name of the month."""
