"""From the days that a date expression covers to ACLED's event date and time precision.

ACLED: 1 the day is known, 2 only the week or weekend (coded at its middle), 3 only the month or vaguer (a month is
coded at the 15th).
"""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

_WEEK = 8  # days; "in the last week" covers today and the seven days before


class EventDate(NamedTuple):
    """ACLED's cells: the day, the last day of a period (aggregates only) and the time precision (1, 2 or 3)."""

    date: dt.date | None
    end: dt.date | None
    precision: int | None


def event_date(
    start: dt.date | None,
    end: dt.date | None,
    precision: str | None,
    *,
    basis: str | None = None,
    aggregate: bool = False,
) -> EventDate:
    """Return the event date of a mention's days (`date_start`, `date_end`, `date_precision`, `date_basis`).

    One event is put on one day; an `aggregate` keeps its first and last day. A day that was counted from the date of
    a photo caption is no better than a week. Without days all cells are blank.
    """
    if start is None:
        return EventDate(None, None, None)
    last = end or start
    code = max(_time_precision(start, last, precision), 2 if basis == "caption" else 1)
    if aggregate:
        return EventDate(start, last, code)
    return EventDate(_middle(start, last), None, code)


def _time_precision(start: dt.date, end: dt.date, precision: str | None) -> int:
    days = (end - start).days + 1
    if days > _WEEK or precision in ("month", "year"):
        return 3
    return 2 if days > 2 or precision == "week" else 1


def _middle(start: dt.date, end: dt.date) -> dt.date:
    if start.day == 1 and 28 <= (end - start).days + 1 <= 31:
        return start.replace(day=15)
    return start + dt.timedelta(days=(end - start).days // 2)
