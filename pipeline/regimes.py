"""Regimes: who counts as a state's force, where and when (ACLED codebook, actor names and types)."""

from __future__ import annotations

import datetime as dt
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from pipeline.countries import Alpha3, Words
from pipeline.knowledge import knowledge_path, read_table

STATE, EXTERNAL = 1, 8


class Regime(BaseModel):
    """One row of `data/knowledge/regimes.csv`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    country: Alpha3
    actor: str = ""
    start: dt.date = dt.date.min
    end: dt.date = dt.date.max
    name: str = ""
    inter: int | None = Field(default=None, ge=1, le=8)
    years: str = Field(default="", pattern=r"^(\d{4}-(\d{4})?)?$")
    words: Words = ()

    def covers(self, day: dt.date | None) -> bool:
        """Tell whether the row holds on a day; an unknown day is taken as today's regime (the open row)."""
        return self.end == dt.date.max if day is None else self.start <= day <= self.end


@cache
def regimes() -> dict[str, tuple[Regime, ...]]:
    """Return the regimes by country (alpha-3). Raises KnowledgeError when the table breaks its schema."""
    table: dict[str, list[Regime]] = {}
    for row in read_table(knowledge_path("regimes.csv"), Regime):
        table.setdefault(row.country, []).append(row)
    return {code: tuple(rows) for code, rows in table.items()}


def ruling(actor: str, country: str | None, day: dt.date | None) -> Regime | None:
    """Return the row that says what an actor counts as in a country on a day, or None."""
    rows = regimes().get(country or "", ())
    return next((row for row in rows if row.actor and row.actor == actor and row.covers(day)), None)


def ruling_group(country: str, day: dt.date | None) -> str | None:
    """Return the group that is the state on a day (Afghanistan since August 2021: `Taliban`), or None."""
    rows = (row for row in regimes().get(country, ()) if row.actor and row.inter == STATE and row.covers(day))
    return next((row.actor for row in rows if row.name != row.actor), None)


def years(country: str, day: dt.date | None) -> str:
    """Return ACLED's suffix of a state's regime on a day, such as `2021-`; empty where the table gives none."""
    rows = regimes().get(country, ())
    return next((row.years for row in rows if row.years and row.covers(day)), "")


def actor_type(
    name: str, home_type: int, home_country: str | None, event_country: str | None, event_date: dt.date | None
) -> int:
    """Return ACLED's type of an actor in an event.

    A state's force outside its own country is 8; a group that rules where the event is may be 1 (Taliban in
    Afghanistan since 15 August 2021); everyone else keeps the type they have at home.
    """
    row = ruling(name, event_country, event_date)
    if row and row.inter:
        return row.inter
    abroad = home_country is not None and event_country is not None and home_country != event_country
    return EXTERNAL if home_type == STATE and abroad else home_type
