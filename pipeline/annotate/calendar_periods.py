"""Days, weeks, months and seasons as TIMEX3 values with their first and last day."""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

DAY = dt.timedelta(days=1)
_SEASON_MONTHS = {"SP": (3, 5), "SU": (6, 8), "FA": (9, 11)}
_TENTHS = {"START": (1, 10), "MID": (11, 20), "END": (21, 31)}


@dataclass(slots=True, frozen=True)
class Period:
    """A TIMEX3 value, and the days that it covers where they are known."""

    value: str
    start: dt.date | None = None
    end: dt.date | None = None
    precision: str | None = None  # day, week, month, year


def day(date: dt.date, part: str | None = None) -> Period:
    """Return a day, or with `part` (MO, AF, EV, NI ...) a part of it."""
    return Period(date.isoformat() + (f"T{part}" if part else ""), date, date, "day")


def week(date: dt.date) -> Period:
    """Return the week, Monday to Sunday, that a day lies in."""
    monday = date - date.weekday() * DAY
    return Period(f"{date.isocalendar().year}-W{date.isocalendar().week:02}", monday, monday + 6 * DAY, "week")


def weekend(date: dt.date) -> Period:
    """Return Saturday and Sunday of the week that a day lies in."""
    whole = week(date)
    assert whole.end
    return Period(f"{whole.value}-WE", whole.end - DAY, whole.end, "week")


def month(year: int, number: int, edge: str | None = None) -> Period:
    """Return a month (1-12), or its first, middle or last third (edge START, MID, END)."""
    last = calendar.monthrange(year, number)[1]
    first_day, last_day = _TENTHS.get(edge or "", (1, 31))
    end = dt.date(year, number, min(last_day, last))
    return Period(f"{year:04}-{number:02}", dt.date(year, number, first_day), end, "month")


def year(number: int) -> Period:
    """Return a whole year."""
    return Period(f"{number:04}", dt.date(number, 1, 1), dt.date(number, 12, 31), "year")


def decade(first_year: int) -> Period:
    """Return the ten years from a year that ends in 0."""
    return Period(str(first_year // 10), dt.date(first_year, 1, 1), dt.date(first_year + 9, 12, 31), "year")


def season(number: int, name: str) -> Period:
    """Return a northern season (SP, SU, FA, WI) of a year; which months a winter means is left open."""
    months = _SEASON_MONTHS.get(name)
    if not months:
        return Period(f"{number:04}-{name}")
    start, end = month(number, months[0]).start, month(number, months[1]).end
    return Period(f"{number:04}-{name}", start, end, "month")


def part_of_year(number: int, half: str, ordinal: int) -> Period:
    """Return a half or quarter of a year (ordinal from 1)."""
    months = 6 if half == "half" else 3
    first = (ordinal - 1) * months + 1
    value = f"{number:04}-{'H' if half == 'half' else 'Q'}{ordinal}"
    return Period(value, month(number, first).start, month(number, first + months - 1).end, "year")


def add_months(date: dt.date, count: int) -> dt.date:
    """Return the first day of the month that lies `count` months from a day's month."""
    index = date.year * 12 + date.month - 1 + count
    return dt.date(index // 12, index % 12 + 1, 1)


def shift(date: dt.date, count: int, unit: str) -> Period:
    """Return the day, week, month or year that lies `count` units from a day.

    One week is counted in days, several in weeks, as annotators of TIMEX3 do.
    Raises OverflowError or ValueError outside the years 1-9999.
    """
    if unit == "day":
        return day(date + count * DAY)
    if unit in ("week", "fortnight", "weekend"):
        weeks = 2 * count if unit == "fortnight" else count
        moved = date + 7 * weeks * DAY
        return Period(moved.isoformat(), moved, moved, "week") if abs(weeks) == 1 else week(moved)
    if unit == "month":
        first = add_months(date, count)
        return month(first.year, first.month)
    if unit == "year":
        return year(date.year + count)
    return Period("PAST_REF" if count < 0 else "FUTURE_REF")


def around(date: dt.date, count: int, unit: str) -> Period:
    """Return the calendar day, week, weekend, month or year `count` before or after the one that a day lies in."""
    if unit in ("week", "fortnight"):
        return week(date + 7 * count * DAY)
    if unit == "weekend":
        return weekend(date + 7 * count * DAY)
    return shift(date, count, unit)
