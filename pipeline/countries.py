"""Countries: ACLED's names and regions, the words that stand for a country, and the names of its forces."""

from __future__ import annotations

from functools import cache
from typing import Annotated

import pycountry
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from pipeline.knowledge import knowledge_path, read_table


def _split(cell: object) -> object:
    return tuple(part.strip() for part in cell.split("|") if part.strip()) if isinstance(cell, str) else cell


Words = Annotated[tuple[str, ...], BeforeValidator(_split)]
Alpha3 = Annotated[str, Field(pattern=r"^[A-Z]{3}$")]


class Country(BaseModel):
    """One row of `data/knowledge/countries.csv`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    alpha3: Alpha3
    name: str
    other_names: Words = ()
    adjectives: Words = ()
    demonyms: Words = ()
    capital: str = ""
    metonyms: Words = ()
    region: str
    the: bool = False
    military: Words = ()
    police: Words = ()
    army: Alpha3 | None = None
    striker: Alpha3 | None = None
    attackers: Alpha3 | None = None
    gangs: bool = False

    @property
    def people(self) -> tuple[str, ...]:
        """Words for the country's people: the listed ones, else the adjective and its plural in -s."""
        if self.demonyms:
            return self.demonyms
        return tuple(f"{word}s" for word in self.adjectives if word[-1] in "nioraktbdl" and word[-2:] != "sh")

    def force(self, kind: str) -> str:
        """Return ACLED's name of a state force, such as `Military Forces of the United States`."""
        return f"{kind} of the {self.name}" if self.the else f"{kind} of {self.name}"


@cache
def countries() -> dict[str, Country]:
    """Return all countries by ISO 3166 alpha-3 code (XKX: Kosovo).

    Raises KnowledgeError when the table breaks its schema.
    """
    return {row.alpha3: row for row in read_table(knowledge_path("countries.csv"), Country)}


def country(alpha3: str) -> Country:
    """Return one country; raises KeyError for a code that the table lacks."""
    return countries()[alpha3]


@cache
def _codes_by_name() -> dict[str, str]:
    codes: dict[str, str] = {}
    for row in countries().values():
        for name in (row.name, *row.other_names):
            codes.setdefault(name.casefold(), row.alpha3)
    return codes


@cache
def _codes_by_adjective() -> dict[str, str]:
    codes: dict[str, str] = {}
    for row in countries().values():
        for word in (*row.adjectives, *row.people):
            codes.setdefault(word.casefold(), row.alpha3)
    return codes


def alpha3_of_name(name: str) -> str | None:
    """Return the code of a country by any of its names, or None."""
    return _codes_by_name().get(name.casefold())


def alpha3_of_adjective(word: str) -> str | None:
    """Return the code of a country by its adjective or its people's name (`Lebanese`, `Turks`), or None."""
    return _codes_by_adjective().get(word.casefold())


@cache
def numeric(alpha3: str) -> int | None:
    """Return the ISO 3166 numeric code, ACLED's `iso`; None where ISO gives none (Kosovo)."""
    found = pycountry.countries.get(alpha_3=alpha3)
    return int(found.numeric) if found else None
