"""Named actors: the world table of armed groups, forces, parties and missions, with an analyst's own rows on top."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from pipeline.countries import Alpha3, Words, countries
from pipeline.knowledge import knowledge_path, read_table

# The `source` of a row that is made for one text, of a group that no table lists.
UNLISTED = "unlisted"


def _first_day(cell: object) -> object:
    if isinstance(cell, str) and re.fullmatch(r"\d{4}(-\d{2})?", cell):
        return f"{cell}-01-01"[:10]
    return cell


def _last_day(cell: object) -> object:
    if isinstance(cell, str) and re.fullmatch(r"\d{4}(-\d{2})?", cell):
        return f"{cell}-12-31" if len(cell) == 4 else f"{cell}-28"
    return cell


class NamedActor(BaseModel):
    """One row of `data/knowledge/actors.csv`, or of an analyst's own table in the same form.

    `active_from` and `active_to` are days, months or years; `suffix`: ACLED writes the event's country behind the name;
    `parent`: the actor under which ACLED codes this one.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    inter: int = Field(ge=1, le=8)
    country: Alpha3 | None = None
    countries: Words = ()
    active_from: Annotated[dt.date, BeforeValidator(_first_day)] = dt.date.min
    active_to: Annotated[dt.date, BeforeValidator(_last_day)] = dt.date.max
    aliases: Words = ()
    abbreviations: Words = ()
    suffix: Literal["yes", "no"] = "no"
    parent: str = ""
    source: str = ""

    @model_validator(mode="after")
    def _sound(self) -> NamedActor:
        unknown = {code for code in (*self.countries, self.country) if code} - set(countries())
        if unknown:
            raise ValueError(f"{self.name}: no such country: {', '.join(sorted(unknown))} (alpha-3 of countries.csv)")
        if self.active_from > self.active_to:
            raise ValueError(f"{self.name}: active_from {self.active_from} is after active_to {self.active_to}")
        return self

    @property
    def homes(self) -> frozenset[str]:
        """Countries in which the actor is to be expected; empty: anywhere."""
        return frozenset(code for code in (*self.countries, self.country) if code)

    def active(self, day: dt.date | None) -> bool:
        """Tell whether the actor existed on a day; an unknown day speaks against nobody."""
        return day is None or self.active_from <= day <= self.active_to


def named_actors(own: Path | None = None) -> list[NamedActor]:
    """Return the analyst's own actors, if a table is given, and the built-in ones that it does not replace by name.

    Raises KnowledgeError for a row that breaks the schema, FileNotFoundError when a table is missing.
    """
    mine = read_table(own, NamedActor) if own else []
    names = {row.name for row in mine}
    return mine + [row for row in _built_in() if row.name not in names]


@cache
def _built_in() -> tuple[NamedActor, ...]:
    return tuple(read_table(knowledge_path("actors.csv"), NamedActor))


def is_active(name: str, day: dt.date | None) -> bool:
    """Tell whether a built-in actor existed on a day; what the table does not know always did."""
    row = _by_name().get(name)
    return row is None or row.active(day)


def works_in(name: str, country: str | None) -> bool | None:
    """Tell whether a built-in actor is known to be at work in a country (alpha-3), None where that cannot be said."""
    row = _by_name().get(name)
    return country in row.homes if row is not None and row.homes and country else None


@cache
def _by_name() -> dict[str, NamedActor]:
    return {row.name: row for row in _built_in()}


@cache
def _parents() -> dict[str, str]:
    return {row.name: row.parent for row in _built_in() if row.parent}


def main_actor(name: str) -> tuple[str, str | None]:
    """Return the actor that ACLED codes for a name, and the name to put in its assoc_actor column, if any.

    "Al Qassam Brigades" is ("Hamas Movement", "Al Qassam Brigades"); "Hezbollah" is ("Hezbollah", None). Branches of a
    state's forces that carry only a country's name ("Federal Police (Iraq)") leave no associate.
    """
    main, below, parents = name, None, _parents()
    while main in parents and parents[main] != below:
        main, below = parents[main], main
    return main, None if below and below.endswith(")") else below
