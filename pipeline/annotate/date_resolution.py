"""Say which days a date expression means, from its words, the publication date and the dates before it in the story.

Values are TIMEX3's. News convention: a bare weekday is the most recent such day, the day of publication included; a date
without a year lies in the recent past, unless the clause looks ahead. Histories are told apart by their many dates far from
publication; there a date without a year goes on from the date before it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache

import dateparser

from pipeline.annotate import calendar_periods as cal
from pipeline.annotate.calendar_periods import DAY, Period
from pipeline.annotate.date_expressions import Expression

_STEP = {"last": -1, "past": -1, "previous": -1, "this": 0, "same": 0, "next": 1, "following": 1}
_TO_STORY = ("previous", "following", "same")
_RECENT = dt.timedelta(days=45)
_AHEAD = dt.timedelta(days=31)
_NEAR = 400  # characters
_WEEK = dt.timedelta(days=7)
_PLURALS = ("days", "weeks", "months", "years", "decades", "centurys")
_UNITS = ("days", "weeks", "weekend", "months", "years", "decades", "hours", "part_of_day")


@dataclass(slots=True)
class Story:
    """The thread of dates of one text: what relative expressions are resolved against."""

    published: dt.date | None = None
    basis: str = "none"
    order: str = "DMY"
    history: bool = False
    first_year: int | None = None
    now: Period | None = None  # the last date told in the running story
    day: dt.date | None = None  # the last day told in the running story
    day_at: int = 0  # characters
    day_told: bool = False  # whether its month and day stand in the text
    told: Period | None = None  # the last date whose year is in the text, or was taken from it
    told_at: int = 0  # characters


@dataclass(slots=True, frozen=True)
class Resolution:
    """The days that an expression means, and what they were resolved against."""

    period: Period
    basis: str | None = None


def resolve(expression: Expression, story: Story) -> Resolution:
    """Resolve one expression; expressions must come in text order.

    An expression whose anchor is missing keeps an open value (XXXX-10-07, PAST_REF) without days.
    """
    try:
        return _RESOLVERS[expression.form](expression, story)
    except (ValueError, OverflowError):  # no such day: 31 June, year 0
        return Resolution(Period("XXXX-XX-XX"))


def remember(expression: Expression, resolution: Resolution, story: Story) -> None:
    """Let an expression of the running story be what later ones are resolved against."""
    period = resolution.period
    if not period.start or expression.future or (expression.background and not story.history) or expression.words.keys() & {"ago", "previous"}:
        return
    story.now = period
    if period.precision == "day":
        story.day, story.day_at = period.start, expression.end
        story.day_told = expression.form in ("date", "numeric", "holiday") or (resolution.basis == "body" and story.day_told)
    elif period.precision in ("month", "year"):
        story.day = None
    if resolution.basis in ("explicit", "body") and not expression.aside:
        story.told, story.told_at = period, expression.end


def _anchor(story: Story) -> tuple[dt.date | None, str | None]:
    """Return what "last week" counts from: the publication date, in a history the story's own date."""
    if story.history:
        return (story.now.start if story.now else None), "body"
    return story.published, "metadata" if story.basis == "filename" else story.basis


def _date(expression: Expression, story: Story) -> Resolution:
    number, day = _month_number(expression), _day_number(expression)
    year, basis = _year(expression, story, number, day)
    if year is None:
        return Resolution(Period(f"XXXX-{number:02}-{day:02}"))
    return Resolution(cal.day(_parse(f"{day} {cal.calendar.month_name[number]} {year}", "DMY")), basis)


def _numeric(expression: Expression, story: Story) -> Resolution:
    text = expression.words["numeric"][0]
    return Resolution(cal.day(_parse(text, "YMD" if text[:4].isdigit() else story.order)), "explicit")


@lru_cache(maxsize=65536)
def _parse(text: str, order: str) -> dt.date:
    """Parse an absolute date; raises ValueError when there is no such day."""
    settings = {"DATE_ORDER": order, "PARSERS": ["absolute-time"], "REQUIRE_PARTS": ["day", "month", "year"]}
    parsed = dateparser.parse(text, languages=["en"], settings=settings)  # type: ignore[arg-type]
    if parsed is None:
        raise ValueError(f"no such day: {text!r}")
    return parsed.date()


def _day_of_month(expression: Expression, story: Story) -> Resolution:
    """Resolve "on the 16th", "the 28th of that month" within the month that the story has come to."""
    which = _which(expression) or "same"
    anchor, basis = (story.now.start if story.now else None, "body") if which in _TO_STORY else _anchor(story)
    if not anchor and not which:
        anchor, basis = _anchor(story)
    if not anchor:
        return Resolution(Period(f"XXXX-XX-{_day_number(expression):02}"))
    first = cal.add_months(anchor, _STEP[which])
    return Resolution(cal.day(first.replace(day=_day_number(expression))), basis)


def _month(expression: Expression, story: Story) -> Resolution:
    number = _month_number(expression)
    year, basis = _year(expression, story, number, None)
    if year is None:
        return Resolution(Period(f"XXXX-{number:02}"))
    return Resolution(cal.month(year, number, expression.get("edge", "edge_noun")), basis)


def _month_number(expression: Expression) -> int:
    return int(expression.get("month", "month_or_word", "month_short", "month_lower") or 0)


def _day_number(expression: Expression) -> int:
    return int(expression.get("day", "day_th", "ordinal") or 0)


def _year(expression: Expression, story: Story, number: int, day: int | None) -> tuple[int | None, str | None]:
    """Return the year of a month or day, and what it was taken from."""
    if "year" in expression.words:
        return int(expression.words["year"][0]), "explicit"
    which = _which(expression)
    if which and ("years" in expression.words or which in _TO_STORY):
        return _year_by_word(expression, story, which)
    return _year_by_context(expression, story, number, day, which)


def _year_by_word(expression: Expression, story: Story, which: str) -> tuple[int | None, str | None]:
    if which in _TO_STORY:
        anchor, basis = (story.now.start if story.now else None), "body"
    else:
        anchor, basis = _anchor(story)
    return (anchor.year + _STEP[which], basis) if anchor else (None, None)


def _year_by_context(
    expression: Expression, story: Story, number: int, day: int | None, which: str | None
) -> tuple[int | None, str | None]:
    told = story.told
    if story.history or not story.published:
        if told:
            return _next_in_story(told, number, day, onwards=story.history), "body"
        return (story.first_year, "body") if story.first_year else (None, None)
    recent = _nearest_past(story.published, number, day, expression.future)
    if told and told.end and not which and expression.start - story.told_at < _NEAR:
        if min(abs(story.published - recent), abs(story.published - told.end)) > _RECENT:
            return _next_in_story(told, number, day), "body"
    return recent.year, _anchor(story)[1]


def _next_in_story(told: Period, number: int, day: int | None, *, onwards: bool = True) -> int:
    """Return the year in which a story that has come to `told` places a month: a history rather onwards, news rather back."""
    assert told.start
    if told.precision == "year":
        return told.start.year
    years = [y for y in range(told.start.year - 1, told.start.year + 2) if not day or _exists(y, number, day)]
    steps = {year: (year - told.start.year) * 12 + number - told.start.month for year in years or [told.start.year]}
    ahead, back = (1.0, -1.5) if onwards else (1.25, -1.0)
    return min(steps, key=lambda year: steps[year] * (ahead if steps[year] >= 0 else back))


def _exists(year: int, month: int, day: int) -> bool:
    return day <= cal.calendar.monthrange(year, month)[1]


def _nearest_past(published: dt.date, number: int, day: int | None, future: bool) -> dt.date:
    """Return the day (the first of a bare month) nearest to publication that the clause allows."""
    candidates = []
    for year in range(published.year - 4, published.year + 5):
        if _exists(year, number, day or 1):
            candidates.append(dt.date(year, number, day or 1))
    if not candidates:
        raise ValueError("no such day")
    ahead = [d for d in candidates if d >= published]
    past = [d for d in candidates if d <= published]
    if future:
        this_month = [d for d in past if day is None and (d.year, d.month) == (published.year, published.month)]
        return this_month[0] if this_month else ahead[0]
    if day is not None and ahead[0] - published <= _AHEAD:
        return ahead[0]
    return past[-1]


def _which(expression: Expression) -> str | None:
    return expression.get("this", "last", "next", "previous", "past", "following", "same", "that")


def _weekday(expression: Expression, story: Story) -> Resolution:
    number, which = int(expression.get("weekday", "weekday_short") or 0), _which(expression)
    to_story = which in _TO_STORY
    anchor, basis = (story.day, "body") if to_story or story.history else _anchor(story)
    if not anchor:
        return Resolution(Period(f"XXXX-WXX-{number + 1}"))
    if not which and _in_flashback(expression, story):
        assert story.day
        return Resolution(cal.day(story.day + ((number - story.day.weekday() - 1) % 7 + 1) * DAY), "body")
    if "weeks" in expression.words:
        monday = anchor - anchor.weekday() * DAY + 7 * _STEP[which or "this"] * DAY
        return Resolution(cal.day(monday + number * DAY), basis)
    back = (anchor.weekday() - number) % 7
    if which in ("next", "following") or (which != "last" and expression.future):
        ahead = (number - anchor.weekday()) % 7
        return Resolution(cal.day(anchor + (ahead or (7 if which else 0)) * DAY), basis)
    if which in ("last", "previous") and back == 0:
        back = 7
    return Resolution(cal.day(anchor - back * DAY), basis)


def _in_flashback(expression: Expression, story: Story) -> bool:
    """Tell whether the story has just gone back by more than a week, so that a weekday goes on from there."""
    if not story.day or not story.published or expression.background or expression.future:
        return False
    near = expression.start - story.day_at < _NEAR
    return near and story.day_told and story.published - story.day > _WEEK


def _weekday_number(expression: Expression, story: Story) -> Resolution:
    """Resolve "Monday 12": the last such day before publication, or before the last date told."""
    anchor, basis = _anchor(story)
    if not anchor:
        anchor, basis = (story.now.end if story.now else None), "body"
    weekday, day = int(expression.get("weekday", "weekday_short") or 0), _day_number(expression)
    for back in range(-6, 62):
        date = anchor - back * DAY if anchor else None
        if date and date.weekday() == weekday and date.day == day:
            return Resolution(cal.day(date), basis)
    return Resolution(Period(f"XXXX-XX-{day:02}"))


def _night_between(expression: Expression, story: Story) -> Resolution:
    """Resolve "the night of Monday to Tuesday": the night belongs to the day on which it ends."""
    second = Expression("weekday", 0, 0, {"weekday": expression.words["weekday"][1:]}, expression.future)
    return _weekday(second, story)


def _day_word(expression: Expression, story: Story) -> Resolution:
    anchor, basis = _anchor(story)
    if story.history:
        return Resolution(Period("PRESENT_REF"))
    if not anchor:
        return Resolution(Period("XXXX-XX-XX"))
    days = int(expression.words["day_word"][0]) - ("before" in expression.words)
    return Resolution(cal.day(anchor + days * DAY), basis)


def _number(expression: Expression) -> int | None:
    if "vague_number" in expression.words and "number" not in expression.words:
        return None
    text = expression.get("number", "day", "number_other", "article")
    return int(text) if text and text.isdigit() else None


def _unit(expression: Expression) -> str:
    return (expression.get(*_UNITS) or "day").removesuffix("s")


def _ago(expression: Expression, story: Story) -> Resolution:
    anchor, basis = _anchor(story)
    count, unit = _number(expression), _unit(expression)
    if not anchor or count is None:
        return Resolution(Period("PAST_REF"))
    if "hours" in expression.words:
        return Resolution(cal.day(anchor), basis) if count < 12 else Resolution(Period("PAST_REF"))
    return Resolution(cal.shift(anchor, -count, unit), basis)


def _shifted(expression: Expression, story: Story) -> Resolution:
    """Resolve "two days later", "the evening before", "hours earlier" against the last date told."""
    sign = 1 if expression.words.keys() & {"later", "after", "following"} else -1
    if expression.subordinate:  # "came a day after troops left": the clause that follows is the earlier one
        sign = -1
    count = 1 if "the" in expression.words else _number(expression)
    open_value = Resolution(Period("FUTURE_REF" if sign > 0 else "PAST_REF"))
    unit = _unit(expression)
    if not story.now or not story.now.start:
        return open_value
    if "hours" in expression.words:
        return Resolution(cal.day(story.day), "body") if story.day and (count or 0) < 12 else open_value
    if count is None:
        return open_value
    if "part_of_day" in expression.words or unit == "day":
        return Resolution(cal.shift(story.day, sign * count, "day"), "body") if story.day else open_value
    if unit in ("week", "fortnight", "weekend"):
        if "the" in expression.words:
            return Resolution(cal.around(story.now.start, sign * count, unit), "body")
        return Resolution(cal.shift(story.day, sign * count, unit), "body") if story.day else open_value
    return Resolution(cal.shift(story.now.start, sign * count, unit), "body")


def _past_units(expression: Expression, story: Story) -> Resolution:
    """Resolve "the past 24 hours", "the last three weeks": the stretch that ends with the day of publication."""
    counted = "past" in expression.words or _number(expression) is not None
    count = _number(expression) or (None if "vague_number" in expression.words else 1)
    unit = _unit(expression)
    value = f"P{'T' if unit in ('hour', 'minute') else ''}{'X' if count is None else count}{unit[0].upper()}"
    anchor, basis = _anchor(story)
    which = _which(expression)
    if not anchor or count is None or not counted or which not in ("last", "past"):
        return Resolution(Period(value))
    days = {"hour": (count + 23) // 24, "day": count, "week": 7 * count, "fortnight": 14 * count,
            "month": 30 * count, "year": 365 * count}.get(unit)  # fmt: skip
    if not days:
        return Resolution(Period(value))
    precision = "day" if days <= 2 else "week" if days <= 8 else "month" if days <= 62 else "year"
    return Resolution(Period(value, anchor - days * DAY, anchor, precision), basis)


def _period(expression: Expression, story: Story) -> Resolution:
    """Resolve "last week", "that night", "the next day", "earlier this month", "the weekend"."""
    which, unit = _which(expression) or "", _unit(expression)
    if "part_of_day" in expression.words:
        return _part_of_day(expression, story, which)
    to_story = which in _TO_STORY or (which == "next" and "the" in expression.words) or unit == "day"
    if not which:
        which, to_story = "same", unit not in ("weekend", "week")
    anchor, basis = _anchor(story)
    if to_story:
        anchor, basis = (story.day if unit == "day" else story.now.start if story.now else None), "body"
        if not anchor and not expression.words.keys() & {"same", "that", "following", "previous", "next"}:
            anchor, basis = _anchor(story)
    if expression.get(*_UNITS) in _PLURALS:
        return Resolution(Period(f"PX{unit[0].upper()}"))
    if unit == "day" and which == "this" and "edge_noun" in expression.words:
        anchor, basis = _anchor(story)
        return Resolution(cal.day(anchor), basis) if anchor else Resolution(Period("XXXX-XX-XX"))
    if not anchor or (unit == "day" and which in ("last", "this", "past")) or unit in ("decade", "century"):
        return Resolution(Period("XXXX-XX-XX"))
    found = cal.around(anchor, _STEP[which], unit)
    if unit == "weekend" and not to_story and which in ("same", "last") and found.start and found.start > anchor:
        found = cal.around(anchor, -1, unit)
    return Resolution(_trimmed(found, expression, anchor), basis)


def _trimmed(found: Period, expression: Expression, anchor: dt.date) -> Period:
    """Cut "earlier this week" at the day of publication, "late last month" to the last third."""
    edge = expression.get("edge", "edge_noun")
    if "earlier" in expression.words and found.start and found.end and found.start <= anchor < found.end:
        return Period(found.value, found.start, anchor, found.precision)
    if edge and found.precision == "month" and found.start:
        return cal.month(found.start.year, found.start.month, edge)
    return found


def _part_of_day(expression: Expression, story: Story, which: str) -> Resolution:
    part = expression.words["part_of_day"][0]
    anchor, basis = (story.day, "body") if which not in ("last", "this") else _anchor(story)
    if not anchor:
        return Resolution(Period(f"XXXX-XX-XXT{part}"))
    date = anchor + _STEP.get(which, 0) * DAY
    if which == "last" and part == "NI":  # a night belongs to the day on which it ends
        return Resolution(Period(cal.day(date, part).value, anchor, anchor, "day"), basis)
    return Resolution(cal.day(date, part), basis)


def _part(expression: Expression, story: Story) -> Resolution:
    """Resolve "at dawn", "in the evening", "overnight": on the day that the story has come to, else of publication."""
    part = expression.get("part_of_day", "overnight") or "MO"
    near = story.day and (expression.start - story.day_at < _NEAR or not story.published)
    anchor, basis = (story.day, "body") if near else _anchor(story)
    if not anchor:
        return Resolution(Period(f"XXXX-XX-XXT{part}"))
    return Resolution(cal.day(anchor, part), basis)


def _overnight(expression: Expression, story: Story) -> Resolution:
    """Resolve "overnight" to the day on which the night ends: that of publication."""
    anchor, basis = _anchor(story)
    return Resolution(cal.day(anchor, "NI"), basis) if anchor else _part(expression, story)


def _nth_part(expression: Expression, story: Story) -> Resolution:
    """Resolve "the first week of April", "the second half of 2008", "the first two weeks of this year"."""
    whole = _whole(expression, story)
    period = whole.period
    if not period.start or not period.end:
        return whole
    ordinal, count = int(expression.get("ordinal", "day_th") or 0), int(expression.get("number") or 1)
    if "half" in expression.words:
        return Resolution(_half(period, expression.words["half"][0], ordinal), whole.basis)
    size = {"day": 1, "week": 7, "fortnight": 14}.get(_unit(expression), 30) * count
    start = period.start + (ordinal - 1) * size * DAY if ordinal else period.end - (size - 1) * DAY
    end = min(start + (size - 1) * DAY, period.end)
    precision = "day" if start == end else "week" if size <= 7 else "month"
    value = start.isoformat() if precision == "day" else f"P{count}{_unit(expression)[0].upper()}"
    return Resolution(Period(value, start, end, precision), whole.basis)


def _whole(expression: Expression, story: Story) -> Resolution:
    if _month_number(expression):
        return _month(expression, story)
    if "year" in expression.words:
        return Resolution(cal.year(int(expression.words["year"][0])), "explicit")
    unit = "year" if "years" in expression.words else "month"
    which = next((w for w in (_which(expression),) if w), "same")
    anchor, basis = _anchor(story) if which in ("this", "last", "next") else (story.now.start if story.now else None, "body")
    return Resolution(cal.around(anchor, _STEP[which], unit), basis) if anchor else Resolution(Period("XXXX"))


def _half(period: Period, half: str, ordinal: int) -> Period:
    assert period.start and period.end
    if period.precision == "year":
        return cal.part_of_year(period.start.year, half, ordinal or (2 if half == "half" else 4))
    middle = period.start + 14 * DAY
    if ordinal == 1:
        return Period(period.value, period.start, middle, "month")
    return Period(period.value, middle + DAY, period.end, "month")


def _season(expression: Expression, story: Story) -> Resolution:
    name = expression.get("season", "season_or_word") or ""
    which = _which(expression)
    if "year" in expression.words:
        return Resolution(cal.season(int(expression.words["year"][0]), name), "explicit")
    if which:
        year, basis = _year_by_word(expression, story, which)
        anchor = _anchor(story)[0]
        if which == "last" and "years" not in expression.words and anchor and year is not None:
            months = cal.season(anchor.year, name)
            year = anchor.year if months.end and months.end < anchor else anchor.year - 1
    else:
        month = {"SP": 3, "SU": 6, "FA": 9, "WI": 12}[name]
        year, basis = _year_by_context(expression, story, month, None, None)
    return Resolution(cal.season(year, name), basis) if year else Resolution(Period(f"XXXX-{name}"))


def _plain_year(expression: Expression, story: Story) -> Resolution:
    return Resolution(cal.year(int(expression.words["year"][0])), "explicit")


def _decade(expression: Expression, story: Story) -> Resolution:
    return Resolution(cal.decade(int(expression.words["decade"][0])), "explicit")


def _holiday(expression: Expression, story: Story) -> Resolution:
    new_year = "12-31" if "eve" in expression.words else "1-1"
    number, day = map(int, (expression.get("holiday", "holiday_day") or new_year).split("-"))
    fixed = Expression("date", expression.start, expression.end, dict(expression.words), expression.future)
    fixed.words |= {"month": [str(number)], "day": [str(day - ("holiday" in expression.words and "eve" in expression.words))]}
    return _date(fixed, story)


def _hijri(expression: Expression, story: Story) -> Resolution:
    """Leave the day open: the moon decides, and the Gregorian date usually stands beside it."""
    return Resolution(Period("XXXX-XX-XX"))


_RESOLVERS: dict[str, Callable[[Expression, Story], Resolution]] = {
    "numeric": _numeric, "date": _date, "day_of_month": _day_of_month, "weekday_number": _weekday_number, "hijri": _hijri, "holiday": _holiday, "month_year": _month, "nth_part": _nth_part,
    "season": _season, "night_between": _night_between, "weekday": _weekday, "month": _month, "day_word": _day_word,
    "ago": _ago, "shifted": _shifted, "past_units": _past_units, "period": _period, "overnight": _overnight,
    "part": _part, "decade": _decade, "year": _plain_year,
}  # fmt: skip
