"""Say which days a date expression means, from its words, the publication date and the dates before it in the story."""

from __future__ import annotations

from collections.abc import Callable

from pipeline.annotate import date_absolute as absolute
from pipeline.annotate import date_relative as relative
from pipeline.annotate.calendar_periods import Period
from pipeline.annotate.date_expressions import Expression
from pipeline.annotate.date_story import Resolution, Story

# Form of expression -> what it means; the forms are the rules of `date_expressions`.
_MEANINGS: dict[str, Callable[[Expression, Story], Resolution]] = {
    "numeric": absolute.numeric,
    "date": absolute.date,
    "hijri": absolute.hijri,
    "feast": absolute.feast,
    "day_of_month": absolute.day_of_month,
    "weekday_number": absolute.weekday_number,
    "month_year": absolute.month,
    "month": absolute.month,
    "nth_part": absolute.nth_part,
    "season": absolute.season,
    "decade": absolute.decade,
    "year": absolute.year,
    "night_between": relative.night_between,
    "weekday": relative.weekday,
    "day_word": relative.day_word,
    "ago": relative.ago,
    "shifted": relative.shifted,
    "past_units": relative.past_units,
    "period": relative.period,
    "part": relative.part,
    "overnight": relative.overnight,
    "duration": relative.duration,
}


def resolve(expression: Expression, story: Story) -> Resolution:
    """Resolve one expression; expressions must come in text order.

    An expression whose anchor is missing keeps an open value (XXXX-10-07, PAST_REF) without days, and so does a day
    that does not exist.
    """
    try:
        return _MEANINGS[expression.form](expression, story)
    except (ValueError, OverflowError):  # 31 June; a thousand years ago
        return Resolution(Period("XXXX-XX-XX"))
