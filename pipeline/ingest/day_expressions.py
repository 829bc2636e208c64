"""Days of the calendar as news text writes them: "Sunday, November 10, 2024", "12 March", "14/03/2025", "2024-10-30".

Complete forms only: relative words ("Monday", "last week") are the annotate stage's business.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

CACHED = 200  # characters: lines are looked at several times, and a cache of long texts would fill the memory
_MONTH = (
    r"(?:Jan(?:uary|\.)?|Feb(?:ruary|\.)?|Mar(?:ch|\.)?|Apr(?:il|\.)?|May|Jun(?:e|\.)?|Jul(?:y|\.)?|Aug(?:ust|\.)?"
    r"|Sept?(?:ember|\.)?|Oct(?:ober|\.)?|Nov(?:ember|\.)?|Dec(?:ember|\.)?)"
)
_WEEKDAY = r"(?:Mon|Tues?|Wed(?:nes)?|Thu(?:rs)?|Fri|Sat(?:ur)?|Sun)(?:day)?"
_YEAR = r"(?:19|20)\d\d"
_DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"

# A range ("5–11 March", "March 5-11") is read at its last day, which is where the text stands.
_EXPRESSION = re.compile(
    rf"""(?<![\w.])(?:
      (?P<iso>(?P<y1>{_YEAR})[-/_.](?P<m1>0[1-9]|1[0-2])[-/_.](?P<d1>0[1-9]|[12]\d|3[01]))
    | (?P<num>(?P<a>\d{{1,2}})(?P<sep>[./-])(?P<b>\d{{1,2}})(?P=sep)(?P<y2>{_YEAR}))
    | (?:(?P<w3>{_WEEKDAY})\.?,?\ (?:the\ )?)?(?P<d3>{_DAY})\ (?:of\ )?(?P<m3>{_MONTH})(?:,?\ (?P<y3>{_YEAR}))?
    | (?:(?P<w4>{_WEEKDAY})\.?,?\ )?(?P<m4>{_MONTH})\ (?:{_DAY}\ ?[-–—]\ ?)?(?P<d4>{_DAY})
      (?!\d|:\d|[.,]\d|\ ?(?:per\ cent|%))(?:(?:,?\ |\ -\ )(?P<y4>{_YEAR}))?
    )(?![\w%])""",
    re.IGNORECASE | re.VERBOSE,
)
_BARE_WEEKDAY = re.compile(r"\b(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b")


@dataclass(frozen=True, slots=True)
class Day:
    """A day named in a text; `start` and `end` in characters, `year` and `weekday` (Monday 0) None where not written.

    `other` is the second reading of a numeric form such as 08/07/2021, whose order of day and month is not plain.
    """

    start: int
    end: int
    year: int | None
    month: int
    day: int
    weekday: int | None = None
    other: dt.date | None = None

    @property
    def date(self) -> dt.date | None:
        """The date, where day, month and year are written and can only be read in one way."""
        return None if self.year is None or self.other else dt.date(self.year, self.month, self.day)

    def in_year(self, year: int) -> dt.date | None:
        """The same day of another year, None for 29 February of a common year."""
        return _date(year, self.month, self.day)


def find_days(text: str) -> tuple[Day, ...]:
    """Return the days that a text names, in text order; impossible ones (31 June) are left out."""
    return _days_of_line(text) if len(text) <= CACHED else tuple(_days(text))


@lru_cache(maxsize=4096)
def _days_of_line(text: str) -> tuple[Day, ...]:
    return tuple(_days(text))


def weekdays(text: str) -> list[tuple[int, int]]:
    """Return (offset, weekday) for each weekday name that is not part of a calendar date."""
    dated = [(day.start, day.end) for day in find_days(text)]
    return [
        (match.start(), WEEKDAYS.index(match.group().casefold()))
        for match in _BARE_WEEKDAY.finditer(text)
        if not any(start <= match.start() < end for start, end in dated)
    ]


def _days(text: str) -> Iterator[Day]:
    for match in _EXPRESSION.finditer(text):
        found = _numeric(match) if match["num"] else _written(match)
        if found:
            yield found


def _written(match: re.Match[str]) -> Day | None:
    year = match["y1"] or match["y3"] or match["y4"]
    month = match["m1"] or match["m3"] or match["m4"]
    day = int(re.sub(r"\D", "", match["d1"] or match["d3"] or match["d4"]))
    number = int(month) if month.isdigit() else MONTHS.index(month[:3].casefold()) + 1
    # A leap year stands in for a year that is not written.
    if not _date(int(year) if year else 2000, number, day):
        return None
    name = match["w3"] or match["w4"]
    weekday = next(i for i, w in enumerate(WEEKDAYS) if w.startswith(name[:3].casefold())) if name else None
    return Day(match.start(), match.end(), int(year) if year else None, number, day, weekday)


def _numeric(match: re.Match[str]) -> Day | None:
    first, second, year = int(match["a"]), int(match["b"]), int(match["y2"])
    day_first, month_first = _date(year, second, first), _date(year, first, second)
    # Dots are written where the day comes first.
    chosen = day_first or (month_first if match["sep"] != "." else None)
    if chosen is None:
        return None
    other = month_first if match["sep"] != "." and month_first and month_first != chosen else None
    return Day(match.start(), match.end(), year, chosen.month, chosen.day, None, other)


def _date(year: int, month: int, day: int) -> dt.date | None:
    try:
        return dt.date(year, month, day)
    except ValueError:
        return None
