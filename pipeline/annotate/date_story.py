"""The thread of dates of one text: what it has come to, and which year a date without a year belongs to.

News convention: a date without a year lies in the recent past, unless the clause looks ahead or the story has just told
of another year. Histories have many dates far from publication; there such a date goes on from the one before it.
"""

from __future__ import annotations

import calendar
import datetime as dt
from dataclasses import dataclass

from pipeline.annotate.calendar_periods import DAY, Period, day
from pipeline.annotate.date_expressions import Expression

STEP = {"last": -1, "past": -1, "previous": -1, "this": 0, "same": 0, "next": 1, "following": 1}
TO_STORY = ("previous", "following", "same")  # counted from the story, the others from publication
NEAR = 400  # characters: about a paragraph

_RECENT = 45 * DAY
_AHEAD = 31 * DAY
_SAME_STORY = 3 * DAY  # news still tells of a day so long before publication
_NO_STEP = ("part", "hijri")  # forms that say nothing about where the story goes on


@dataclass(slots=True)
class Story:
    """What relative expressions are resolved against."""

    published: dt.date | None = None
    basis: str = "none"  # where `published` comes from, as in the documents table
    order: str = "DMY"  # how the text writes numeric dates
    history: bool = False
    first_year: int | None = None
    now: Period | None = None  # the last date told
    heard: Period | None = None  # the last day named, be it that of a report
    day: dt.date | None = None  # the last day told
    day_at: int = 0  # characters
    day_named: bool = False  # whether the text gives its weekday and its date
    told: Period | None = None  # the last date whose year is in the text, or was taken from it
    told_at: int = 0  # characters


@dataclass(slots=True, frozen=True)
class Resolution:
    """The days that an expression means, and what they were resolved against (as in `date_basis`)."""

    period: Period
    basis: str | None = None


def remember(expression: Expression, resolution: Resolution, story: Story) -> None:
    """Let an expression of the running story be what later ones are resolved against."""
    period = resolution.period
    if period.start and period.precision == "day" and not (expression.future or story.history):
        story.heard = period
    if not period.start or not _carries_on(expression, story):
        return
    story.now = period
    if period.precision == "day":
        story.day, story.day_at = period.start, expression.end
        story.day_named = expression.form == "date" and "weekday" in expression.words
    elif period.precision in ("month", "year") and not in_the_news(story):
        story.day = None
    if resolution.basis in ("explicit", "body") and not expression.aside:
        story.told, story.told_at = period, expression.end


def in_the_news(story: Story) -> bool:
    """Return whether the last day told is one that news still tells of; "at noon" and the like are on it."""
    return bool(story.day and story.published and story.published - story.day <= _SAME_STORY)


def _carries_on(expression: Expression, story: Story) -> bool:
    if expression.form in _NO_STEP or expression.future or expression.subordinate:
        return False
    if (expression.background and not story.history) or (expression.aside and expression.form == "year"):
        return False
    return not expression.words.keys() & {"ago", "previous"}


def from_publication(story: Story) -> tuple[dt.date | None, str | None]:
    """Return what "last week" counts from and its basis: the publication date; in a history the story's own date."""
    if story.history:
        return from_story(story)
    return story.published, "metadata" if story.basis == "filename" else story.basis


def from_story(story: Story) -> tuple[dt.date | None, str]:
    """Return what "the following week" counts from: the date that the story has come to."""
    now = story.now or story.heard
    return (now.start if now else None), "body"


def day_told(story: Story) -> dt.date | None:
    """Return what "two days earlier" counts from: the day that the story has come to, else the last one named."""
    return story.day or (story.heard.start if story.heard else None)


def in_order(first: Resolution, second: Resolution) -> Resolution:
    """Return the first end of a period, a week earlier where "Monday to Wednesday" would run backwards."""
    one, two = first.period, second.period
    if one.start and two.start and one.precision == two.precision == "day" and DAY <= one.start - two.start <= 6 * DAY:
        return Resolution(day(one.start - 7 * DAY), first.basis)
    return first


def year_of(
    expression: Expression, story: Story, month: int, day_number: int | None = None
) -> tuple[int | None, str | None]:
    """Return the year of a month (1-12) or day, and what it was taken from; None when nothing tells."""
    if "year" in expression.words:
        return int(expression.words["year"][0]), "explicit"
    which = expression.which
    if which and ("years" in expression.words or which in TO_STORY):
        return year_by_word(story, which)
    return year_by_context(expression, story, month, day_number)


def year_by_word(story: Story, which: str) -> tuple[int | None, str | None]:
    """Return the year that "last year", "that year" and the like mean."""
    if which in TO_STORY and story.told:
        anchor, basis = story.told.start, "body"
    else:
        anchor, basis = from_story(story) if which in TO_STORY else from_publication(story)  # type: ignore[assignment]
    return (anchor.year + STEP[which], basis) if anchor else (None, None)


def year_by_context(
    expression: Expression, story: Story, month: int, day_number: int | None = None
) -> tuple[int | None, str | None]:
    """Return the year that a month or day without one belongs to, from the story or from publication."""
    if story.history or not story.published:
        if story.told:
            return _next_in_story(story.told, month, day_number, onwards=story.history), "body"
        return (story.first_year, "body") if story.history and story.first_year else (None, None)
    recent = _nearest(story.published, month, day_number, expression.future)
    told = story.told
    if told and told.end and not expression.which and expression.start - story.told_at < NEAR:
        year = _next_in_story(told, month, day_number)
        off_story = abs(dt.date(year, month, min(day_number or 1, 28)) - told.end)
        off_print = min(abs(story.published - recent), abs(story.published - told.end))
        if off_print > _RECENT or (told.precision == "day" and off_story <= _AHEAD):
            return year, "body"
    return recent.year, from_publication(story)[1]


def _next_in_story(told: Period, month: int, day_number: int | None, *, onwards: bool = True) -> int:
    """Return the year of a month in a story that has come to `told`: rather onwards, or the nearest and rather back."""
    assert told.start
    if told.precision == "year":
        return told.start.year
    years = [year for year in range(told.start.year - 1, told.start.year + 2) if _exists(year, month, day_number)]
    steps = {year: (year - told.start.year) * 12 + month - told.start.month for year in years or [told.start.year]}
    ahead, back = (1.0, -1.5) if onwards else (1.25, -1.0)
    return min(steps, key=lambda year: steps[year] * (ahead if steps[year] >= 0 else back))


def _exists(year: int, month: int, day_number: int | None) -> bool:
    return day_number is None or day_number <= calendar.monthrange(year, month)[1]


def _nearest(published: dt.date, month: int, day_number: int | None, future: bool) -> dt.date:
    """Return the day (the first of a bare month) nearest to publication that the clause allows.

    Dates lie in the past, but a day of the coming month is rather meant than last year's.
    Raises ValueError for 31 June.
    """
    years = range(max(1, published.year - 8), published.year + 9)  # 8 years hold a 29 February
    days = [dt.date(year, month, day_number or 1) for year in years if _exists(year, month, day_number)]
    if day_number is not None:
        return nearest_day(days, published, future)
    past, ahead = [d for d in days if d <= published], [d for d in days if d >= published]
    this_month = (past[-1].year, past[-1].month) == (published.year, published.month)
    return ahead[0] if future and not this_month else past[-1]


def nearest_day(days: list[dt.date], published: dt.date, future: bool) -> dt.date:
    """Return the last of some days (in order) before publication, or one of the coming month, or if ahead the next.

    Raises ValueError when there is none.
    """
    past, ahead = [d for d in days if d <= published], [d for d in days if d >= published]
    if not past or not ahead:
        raise ValueError("no such day")
    return ahead[0] if future or ahead[0] - published <= _AHEAD else past[-1]
