"""Resolve expressions that count from publication or from the story: "Tuesday", "last week", "two days earlier"."""

from __future__ import annotations

from pipeline.annotate import calendar_periods as cal
from pipeline.annotate.calendar_periods import DAY, Period
from pipeline.annotate.date_expressions import Expression
from pipeline.annotate.date_story import (
    NEAR,
    STEP,
    TO_STORY,
    Resolution,
    Story,
    day_told,
    from_publication,
    from_story,
    in_the_news,
)

_LENGTHS = {"day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365}  # days
_UNKNOWN_DAY = Resolution(Period("XXXX-XX-XX"))
_HALF_DAY = 12  # hours
# Days by which a story goes on from the day that it tells in full, where nothing else says when it was written.
GOES_ON = 2


def weekday(expression: Expression, story: Story) -> Resolution:
    """Resolve a weekday to the most recent such day, that of publication included; "last", "next" exclude it."""
    number, which = int(expression.get("weekday", "weekday_short") or 0), expression.which
    from_last_day = which in TO_STORY or story.history
    anchor, basis = (story.day, "body") if from_last_day else from_publication(story)
    if not anchor:
        return Resolution(Period(f"XXXX-WXX-{number + 1}"))
    if "weeks" in expression.words:
        monday = anchor - anchor.weekday() * DAY + 7 * STEP[which or "this"] * DAY
        return Resolution(cal.day(monday + number * DAY), basis)
    if not which and story.day and _in_flashback(expression, story):
        return Resolution(cal.day(story.day + ((number - story.day.weekday() - 1) % 7 + 1) * DAY), "body")
    ahead, back = (number - anchor.weekday()) % 7, (anchor.weekday() - number) % 7
    if which in ("next", "following") or (which != "last" and expression.future):
        return Resolution(cal.day(anchor + (ahead or (7 if which else 0)) * DAY), basis)
    if story.basis == "body" and not which and 0 < ahead <= GOES_ON:
        return Resolution(cal.day(anchor + ahead * DAY), basis)
    if which in ("last", "previous"):
        back = back or 7
    return Resolution(cal.day(anchor - back * DAY), basis)


def _in_flashback(expression: Expression, story: Story) -> bool:
    """Tell whether the story has just gone back, "on Friday, 11 July", so that "by Sunday" goes on from there."""
    if not story.day or not story.published or expression.background or expression.future:
        return False
    near = expression.start - story.day_at < NEAR
    return near and story.day_named and story.published - story.day > 7 * DAY


def night_between(expression: Expression, story: Story) -> Resolution:
    """Resolve "the night of Monday to Tuesday": the night belongs to the day on which it ends."""
    second = Expression("weekday", 0, 0, {"weekday": expression.words["weekday"][1:]}, expression.future)
    return weekday(second, story)


def day_word(expression: Expression, story: Story) -> Resolution:
    """Resolve "today", "late yesterday", "the day before yesterday"."""
    if story.history:
        return Resolution(Period("PRESENT_REF"))
    anchor, basis = from_publication(story)
    if not anchor:
        return _UNKNOWN_DAY
    days = int(expression.words["day_word"][0]) - ("before" in expression.words)
    return Resolution(cal.day(anchor + days * DAY), basis)


def ago(expression: Expression, story: Story) -> Resolution:
    """Resolve "three weeks ago" against publication."""
    anchor, basis = from_publication(story)
    count = expression.count
    if not anchor or count is None or ("hours" in expression.words and count >= _HALF_DAY):
        return Resolution(Period("PAST_REF"))
    if "hours" in expression.words:
        return Resolution(cal.day(anchor), basis)
    return Resolution(cal.shift(anchor, -count, expression.unit), basis)


def shifted(expression: Expression, story: Story) -> Resolution:
    """Resolve "two days later", "the evening before", "hours earlier" against the last date told."""
    sign = 1 if expression.words.keys() & {"later", "after", "following"} else -1
    if expression.subordinate:  # "came a day after troops left": the clause that follows is the earlier one
        sign = -1
    count, unit = 1 if "the" in expression.words else expression.count, expression.unit
    if "part_of_day" in expression.words:
        unit = "day"
    anchor = day_told(story) if unit in ("hour", "minute", "day") else story.now.start if story.now else None
    if "hours" in expression.words and anchor and (count or 0) < _HALF_DAY:
        return Resolution(cal.day(anchor), "body")
    if not anchor or count is None or "hours" in expression.words:
        return Resolution(Period("FUTURE_REF" if sign > 0 else "PAST_REF"))
    move = cal.around if "the" in expression.words else cal.shift
    return Resolution(move(anchor, sign * count, unit), "body")


def past_units(expression: Expression, story: Story) -> Resolution:
    """Resolve "the past 24 hours", "the last three weeks": the stretch that ends with the day of publication."""
    vague = "vague_number" in expression.words
    count, unit = (None if vague else expression.count or 1), expression.unit
    value = f"P{'T' if 'hours' in expression.words else ''}{'X' if count is None else count}{unit[0].upper()}"
    anchor, basis = from_publication(story)
    if not anchor or count is None or expression.which not in ("last", "past"):
        return Resolution(Period(value))
    days = (count + 23) // 24 if unit == "hour" else _LENGTHS.get(unit, 0) * count
    if not days:
        return Resolution(Period(value))
    precision = "day" if days <= 2 else "week" if days <= 8 else "month" if days <= 62 else "year"
    return Resolution(Period(value, anchor - days * DAY, anchor, precision), basis)


def duration(expression: Expression, story: Story) -> Resolution:
    """Give "for three days" its length and no days."""
    time = "T" if "hours" in expression.words else ""
    return Resolution(Period(f"P{time}{expression.count or 'X'}{expression.unit[0].upper()}"))


def period(expression: Expression, story: Story) -> Resolution:
    """Resolve "last week", "that night", "the next day", "earlier this month", "the weekend"."""
    which, unit = expression.which or "", expression.unit
    if "part_of_day" in expression.words:
        return _part_by_word(expression, story, which)
    if expression.plural:
        return Resolution(Period(f"PX{unit[0].upper()}"))
    if unit == "day":
        return _day_by_word(expression, story, which)
    if unit in ("decade", "century"):
        return _UNKNOWN_DAY
    to_story = (
        which in TO_STORY
        or (which == "next" and "the" in expression.words)
        or (not which and unit not in ("weekend", "week") and "edge_noun" not in expression.words)
    )
    anchor, basis = from_story(story) if to_story else from_publication(story)
    if not anchor and not which:
        anchor, basis = from_publication(story)
    if not anchor:
        return _UNKNOWN_DAY
    found = cal.around(anchor, STEP.get(which, 0), unit)
    if unit == "weekend" and not to_story and which != "next":
        found = _weekend_before(anchor, which)
    return Resolution(_trimmed(found, expression, anchor), basis)  # type: ignore[arg-type]


def _weekend_before(anchor: cal.dt.date, which: str) -> Period:
    """Return the weekend that has begun; "last weekend" is never the one that is still on."""
    found = cal.weekend(anchor)
    running = found.start and found.start <= anchor
    return found if running and which != "last" else cal.weekend(anchor - 7 * DAY)


def _day_by_word(expression: Expression, story: Story, which: str) -> Resolution:
    anchor, basis = (story.day, "body") if which in (*TO_STORY, "next") else (None, None)
    if which == "this" and "edge_noun" in expression.words:  # "since the beginning of this day"
        anchor, basis = from_publication(story)  # type: ignore[assignment]
    return Resolution(cal.day(anchor + STEP[which] * DAY), basis) if anchor else _UNKNOWN_DAY


def _trimmed(found: Period, expression: Expression, anchor: cal.dt.date) -> Period:
    """Cut "earlier this week" at the day of publication, "late last month" to the last third."""
    edge = expression.get("edge", "edge_noun")
    if "earlier" in expression.words and found.start and found.end and found.start <= anchor < found.end:
        return Period(found.value, found.start, anchor, found.precision)
    if edge and found.precision == "month" and found.start:
        return cal.month(found.start.year, found.start.month, edge)
    return found


def _part_by_word(expression: Expression, story: Story, which: str) -> Resolution:
    name = expression.words["part_of_day"][0]
    told = day_told(story) if which == "previous" else story.day
    anchor, basis = from_publication(story) if which in ("last", "this") else (told, "body")
    if not anchor:
        return Resolution(Period(f"XXXX-XX-XXT{name}"))
    date = anchor + STEP.get(which, 0) * DAY
    if which == "last" and name == "NI":  # a night belongs to the day on which it ends
        return Resolution(Period(cal.day(date, name).value, anchor, anchor, "day"), basis)
    return Resolution(cal.day(date, name), basis)


def part(expression: Expression, story: Story) -> Resolution:
    """Resolve "at dawn", "in the evening": on the day that the story has come to, else that of publication."""
    name = expression.get("part_of_day", "overnight") or "MO"
    near = story.day and (expression.start - story.day_at < NEAR or not story.published)
    anchor, basis = (story.day, "body") if near or in_the_news(story) else from_publication(story)
    return Resolution(cal.day(anchor, name), basis) if anchor else Resolution(Period(f"XXXX-XX-XXT{name}"))


def overnight(expression: Expression, story: Story) -> Resolution:
    """Resolve "overnight" to the day on which the night ends: that of publication."""
    anchor, basis = from_publication(story)
    return Resolution(cal.day(anchor, "NI"), basis) if anchor else part(expression, story)
