"""Days that have a name, fixed or movable: which day "Good Friday" or "Eid al-Fitr" was in a year."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

from dateutil.easter import EASTER_ORTHODOX, EASTER_WESTERN, easter
from dateutil.relativedelta import TH, relativedelta
from hijridate import Gregorian, Hijri
from pydantic import BaseModel, ConfigDict, Field

from pipeline.annotate.calendar_periods import DAY, Period, day
from pipeline.knowledge import knowledge_path, read_table

LAST_HIJRI = 1500  # year of the calendar
_CHURCHES = {"easter": EASTER_WESTERN, "orthodox": EASTER_ORTHODOX}


class FeastRow(BaseModel):
    """A row of `data/knowledge/feasts.csv`."""

    model_config = ConfigDict(extra="forbid")

    names: str = Field(min_length=1)
    day: str = Field(pattern=r"^(\d{1,2}-\d{1,2}|hijri \d{1,2}-\d{1,2}|(easter|orthodox|thanksgiving)[+-]\d+)$")


@cache
def feasts() -> dict[str, str]:
    """Return the rule of every feast by its names."""
    rows = read_table(knowledge_path("feasts.csv"), FeastRow)
    return {name: row.day for row in rows for name in row.names.split("|")}


@cache
def feast_names() -> str:
    """Return a regular expression of all names, the longer first."""
    return "|".join(re.escape(name) for name in sorted(feasts(), key=len, reverse=True))


def on_day(date: dt.date, rule: str) -> Period:
    """Return a feast as a period: where the moon decides, countries differ by a day, so it is not dated to the day."""
    if rule.startswith("hijri"):
        return Period(date.isoformat(), date - DAY, date + DAY, "week")
    return day(date)


@cache
def days_of(rule: str, year: int) -> tuple[dt.date, ...]:
    """Return the days on which a feast falls in a year: one, or two for a feast of the lunar year.

    rule (str): As in `feasts.csv`.
    Raises OverflowError for years that the calendar of a lunar feast does not reach (before 1925, after 2077).
    """
    if rule.startswith("hijri"):
        month, number = map(int, rule.split(" ")[1].split("-"))
        first = Gregorian(year, 1, 1).to_hijri().year
        years = range(first, min(first + 2, LAST_HIJRI + 1))
        found = (dt.date(*Hijri(y, month, number).to_gregorian().datetuple()) for y in years)
        return tuple(date for date in found if date.year == year)
    moved = re.fullmatch(r"([a-z]+)([+-]\d+)", rule)
    if moved is None:
        month, number = map(int, rule.split("-"))
        return (dt.date(year, month, number),)
    fourth_thursday = dt.date(year, 11, 1) + relativedelta(weekday=TH(4))
    start = easter(year, _CHURCHES[moved[1]]) if moved[1] in _CHURCHES else fourth_thursday
    return (start + int(moved[2]) * DAY,)
