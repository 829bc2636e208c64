"""The knowledge that the actors component reads: named actors, head nouns, communities and verbs."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from pipeline.countries import Alpha3, Words, _split, countries
from pipeline.knowledge import knowledge_path, read_table

NounClass = Literal[
    "force", "arm", "weapon", "strike", "armed", "unknown", "group", "member", "unit", "mission", "crowd", "civil",
    "enemy", "militia", "speaker", "attribute",
]


def _day(cell: object, month_day: str) -> object:
    if isinstance(cell, str) and re.fullmatch(r"\d{4}", cell):
        return f"{cell}-{month_day}"
    if isinstance(cell, str) and re.fullmatch(r"\d{4}-\d{2}", cell):
        return f"{cell}-{'01' if month_day == '01-01' else '28'}"
    return cell


def _first_day(cell: object) -> object:
    return _day(cell, "01-01")


def _last_day(cell: object) -> object:
    return _day(cell, "12-31")


class NamedActor(BaseModel):
    """One row of `data/knowledge/actors.csv`, or of an analyst's own table in the same form.

    `active_from` and `active_to` are days, months or years; `suffix`: ACLED writes the event's country behind the name.
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
    def _known_countries(self) -> NamedActor:
        unknown = {code for code in (*self.countries, *([self.country] if self.country else []))} - set(countries())
        if unknown:
            raise ValueError(f"no such country: {', '.join(sorted(unknown))} (alpha-3 codes of countries.csv)")
        if self.active_from > self.active_to:
            raise ValueError(f"active_from {self.active_from} is after active_to {self.active_to}")
        return self

    @property
    def homes(self) -> frozenset[str]:
        """Countries in which the actor is to be expected; empty: anywhere."""
        return frozenset((*self.countries, *([self.country] if self.country else [])))

    def active(self, day: dt.date | None) -> bool:
        """Tell whether the actor existed on a day; an unknown day speaks against nobody."""
        return day is None or self.active_from <= day <= self.active_to


class ActorNoun(BaseModel):
    """One row of `data/knowledge/actor_nouns.csv`: nouns of one class and the actor they stand for."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: Words
    kind: NounClass = Field(alias="class")
    name: str = ""
    inter: int | None = Field(default=None, ge=1, le=8)
    countries: Words = ()


class Community(BaseModel):
    """One row of `data/knowledge/communities.csv`: an ethnic, religious or tribal community."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: Words
    militia: str = ""
    group: str = ""


class ActorVerb(BaseModel):
    """One row of `data/knowledge/actor_verbs.csv`: a lemma with its irregular forms, and its class."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: Words
    kind: Literal["say", "force", "state"] = Field(alias="class")


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


@cache
def actor_nouns() -> tuple[ActorNoun, ...]:
    """Return the head nouns."""
    return tuple(read_table(knowledge_path("actor_nouns.csv"), ActorNoun))


@cache
def communities() -> tuple[Community, ...]:
    """Return the communities."""
    return tuple(read_table(knowledge_path("communities.csv"), Community))


@cache
def verb_classes() -> dict[str, frozenset[str]]:
    """Return every form of the listed verbs with its classes."""
    forms: dict[str, set[str]] = {}
    for row in read_table(knowledge_path("actor_verbs.csv"), ActorVerb):
        for form in (*row.words, *_inflections(row.words[0])):
            forms.setdefault(form, set()).add(row.kind)
    return {form: frozenset(kinds) for form, kinds in forms.items()}


def _inflections(lemma: str) -> list[str]:
    """Regular forms of an English verb; the table lists the irregular ones."""
    if lemma.endswith("e"):
        return [lemma + "s", lemma + "d", lemma[:-1] + "ing"]
    if lemma.endswith("y") and lemma[-2] not in "aeiou":
        return [lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing"]
    ending = "es" if lemma.endswith(("s", "sh", "ch", "x", "z")) else "s"
    doubled = lemma + lemma[-1] if re.search(r"[^aeiou][aeiou][bdgklmnprt]$", lemma) else lemma
    return [lemma + ending, *(stem + end for stem in {lemma, doubled} for end in ("ed", "ing"))]
