"""Resolve expressions that name a day, month, season or year: "14 Nov. 2024", "mid-October", "the first week of May"

Full dates are parsed by dateparser; what it gets wrong (years left out, partial dates) is settled here.
"""

from __future__ import annotations

import calendar
import datetime as dt
from functools import lru_cache

import dateparser
from dateutil.relativedelta import relativedelta

from pipeline.annotate import calendar_periods as cal
from pipeline.annotate.calendar_periods import DAY, Period
from pipeline.annotate.date_expressions import Expression
from pipeline.annotate.date_story import (
    STEP,
    TO_STORY,
    Resolution,
    Story,
    from_publication,
    from_story,
    nearest_day,
    year_by_context,
    year_by_word,
    year_of,
)
from pipeline.annotate.feasts import days_of, on_day

_SEASON_STARTS = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}
_LENGTHS = {"day": 1, "week": 7, "fortnight": 14, "month": 30}  # days


@lru_cache(maxsize=65536)
def parse_day(text: str, order: str) -> dt.date:
    """Parse a full date with dateparser (`order`: DMY, MDY or YMD); raises ValueError when there is no such day."""
    parsed = dateparser.parse(
        text,
        languages=["en"],
        settings={"DATE_ORDER": order, "PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["day", "month", "year"]},
    )
    if parsed is None:
        raise ValueError(f"no such day: {text!r}")
    return parsed.date()


def numeric(expression: Expression, story: Story) -> Resolution:
    """Resolve 2024-05-03, and 3/5/2024 in the text's order, unless only the other order lies before publication."""
    text = expression.words["numeric"][0]
    if text[:4].isdigit():
        return Resolution(cal.day(parse_day(text, "YMD")), "explicit")
    date = parse_day(text, story.order)
    if story.published and date > story.published and not expression.future and date.day <= 12:
        turned = date.replace(day=date.month, month=date.day)
        date = turned if turned <= story.published else date
    return Resolution(cal.day(date), "explicit")


def date(expression: Expression, story: Story) -> Resolution:
    """Resolve "Thursday, 14 Nov. 2024", "Nov 14th"."""
    month, number = expression.month, _day_number(expression)
    year, basis = year_of(expression, story, month, number)
    open_value = Resolution(Period(f"XXXX-{month:02}-{number:02}"))
    if year is None:
        return open_value
    found = parse_day(f"{number} {calendar.month_name[month]} {year:04}", "DMY")
    weekday = expression.get("weekday", "weekday_short")
    # A weekday that does not fit shows that the year told before is not this date's.
    if weekday and int(weekday) != found.weekday() and not story.published and basis != "explicit":
        return open_value
    return Resolution(cal.day(found), basis)


def feast(expression: Expression, story: Story) -> Resolution:
    """Resolve "Good Friday", "the eve of Eid al-Adha", "Christmas 2023"; without a year it is the nearest one."""
    rule = expression.words["feast"][0]
    anchor, basis = from_publication(story)
    if anchor and not expression.words.keys() & {"year", "years"}:
        near = [day for year in range(anchor.year - 1, anchor.year + 2) for day in days_of(rule, year)]
        date = nearest_day(near, anchor, expression.future)
    else:
        year, basis = year_of(expression, story, 1)
        if year is None:
            return Resolution(Period("XXXX-XX-XX"))
        date = min(days_of(rule, year), key=lambda day: abs(day - (anchor or day)))
    return Resolution(on_day(date - DAY if "eve" in expression.words else date, rule), basis)


def day_of_month(expression: Expression, story: Story) -> Resolution:
    """Resolve "on the 16th", "the 28th of that month" within the month that the story has come to."""
    which = expression.which or "same"
    anchor, basis = from_story(story) if which in TO_STORY else from_publication(story)
    if not anchor:
        return Resolution(Period(f"XXXX-XX-{_day_number(expression):02}"))
    first = cal.add_months(anchor, STEP[which])
    return Resolution(cal.day(first.replace(day=_day_number(expression))), basis)


def weekday_number(expression: Expression, story: Story) -> Resolution:
    """Resolve "Monday 12": the last such day before publication, or before the last date told."""
    weekday, number = int(expression.get("weekday", "weekday_short") or 0), _day_number(expression)
    anchor, basis = from_publication(story)
    if not anchor:
        anchor, basis = (story.now.end if story.now else None), "body"
    days = [anchor - back * DAY for back in range(-6, 62)] if anchor else []
    fitting = [day for day in days if day.weekday() == weekday and day.day == number]
    return Resolution(cal.day(fitting[0]), basis) if fitting else Resolution(Period(f"XXXX-XX-{number:02}"))


def month(expression: Expression, story: Story) -> Resolution:
    """Resolve "March 2021", "in March", "late August", "last April"."""
    number = expression.month
    year, basis = year_of(expression, story, number)
    if year is None:
        return Resolution(Period(f"XXXX-{number:02}"))
    return Resolution(cal.month(year, number, expression.get("edge", "edge_noun")), basis)


def year(expression: Expression, story: Story) -> Resolution:
    """Resolve "2006"."""
    return Resolution(cal.year(int(expression.words["year"][0])), "explicit")


def decade(expression: Expression, story: Story) -> Resolution:
    """Resolve "the 1990s"."""
    return Resolution(cal.decade(int(expression.words["decade"][0])), "explicit")


def season(expression: Expression, story: Story) -> Resolution:
    """Resolve "summer 2014", "last autumn", "in the spring"."""
    name, which = expression.get("season", "season_or_word") or "", expression.which
    if "year" in expression.words:
        return Resolution(cal.season(int(expression.words["year"][0]), name), "explicit")
    if which == "last" and "years" not in expression.words:
        found, basis = _last_season(name, story)
    elif which:
        found, basis = year_by_word(story, which)
    else:
        found, basis = year_by_context(expression, story, _SEASON_STARTS[name])
    return Resolution(cal.season(found, name), basis) if found else Resolution(Period(f"XXXX-{name}"))


def _last_season(name: str, story: Story) -> tuple[int | None, str | None]:
    anchor, basis = from_publication(story)
    if not anchor:
        return None, None
    over = cal.season(anchor.year, name).end
    return (anchor.year if over and over < anchor else anchor.year - 1), basis


def nth_part(expression: Expression, story: Story) -> Resolution:
    """Resolve "the first week of April", "the second half of 2008", "the first two weeks of this year"."""
    whole = _whole(expression, story)
    period, ordinal = whole.period, int(expression.get("ordinal", "day_th") or 0)
    if not period.start or not period.end:
        return whole
    if "half" in expression.words:
        return Resolution(_half(period, period.start, expression.words["half"][0], ordinal), whole.basis)
    count, unit = int(expression.get("number") or 1), expression.unit
    if unit == "month":
        return Resolution(_months(period.start, period.end, ordinal, count), whole.basis)
    size = _LENGTHS.get(unit, 30) * count
    start = period.start + (ordinal - 1) * size * DAY if ordinal else period.end - (size - 1) * DAY
    if size == 1:
        return Resolution(cal.day(start), whole.basis)
    end = min(start + (size - 1) * DAY, period.end)
    return Resolution(Period(f"P{count}{unit[0].upper()}", start, end, "week" if size <= 7 else "month"), whole.basis)


def _months(first: dt.date, last: dt.date, ordinal: int, count: int) -> Period:
    """Return the first, second ... so many months of a period; without an ordinal the last."""
    length = relativedelta(months=count)
    start = first + (ordinal - 1) * length if ordinal else last + DAY - length
    return Period(f"P{count}M", start, min(start + length - DAY, last), "month")


def _whole(expression: Expression, story: Story) -> Resolution:
    if expression.month:
        return month(expression, story)
    if "year" in expression.words:
        return year(expression, story)
    which = expression.which or "same"
    anchor, basis = from_story(story) if which in TO_STORY else (None, None)
    if anchor is None:
        anchor, basis = from_publication(story)
    unit = "year" if "years" in expression.words else "month"
    return Resolution(cal.around(anchor, STEP[which], unit), basis) if anchor else Resolution(Period("XXXX"))


def _half(period: Period, start: dt.date, half: str, ordinal: int) -> Period:
    if period.precision == "year":
        return cal.part_of_year(start.year, half, ordinal or (2 if half == "half" else 4))
    middle = start + 14 * DAY
    if ordinal == 1:
        return Period(period.value, start, middle, "month")
    return Period(period.value, middle + DAY, period.end, "month")


def hijri(expression: Expression, story: Story) -> Resolution:
    """Leave the day open: the moon decides, and the Gregorian date usually stands beside it."""
    return Resolution(Period("XXXX-XX-XX"))


def _day_number(expression: Expression) -> int:
    return int(expression.get("day", "day_th", "ordinal") or 0)
