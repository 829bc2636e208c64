"""Who fights whom: the armed enmities of the world (data/knowledge/foes.csv)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cache, lru_cache

from pydantic import BaseModel, ConfigDict, Field, field_validator

from pipeline.annotate.actor_tables import communities
from pipeline.countries import Words, countries
from pipeline.knowledge import knowledge_path, read_table
from pipeline.organisations import main_actor, named_actors

_Years = tuple[int, int]


class FoesRow(BaseModel):
    """One row of `data/knowledge/foes.csv`: a side and those it fought, from one year to another (inclusive)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    side: str
    against: Words
    active_from: int = Field(default=0, ge=1900, le=2100)
    active_to: int = Field(default=9999, ge=1900, le=2100)

    @field_validator("side", "against")
    @classmethod
    def _known(cls, cell: str | tuple[str, ...]) -> str | tuple[str, ...]:
        for name in (cell,) if isinstance(cell, str) else cell:
            if name not in _names():
                raise ValueError(f"{name} is no country (alpha-3), actor of actors.csv or militia of communities.csv")
            if main_actor(name)[0] != name:
                raise ValueError(f"{name} is coded as {main_actor(name)[0]}")
        return cell


@lru_cache(maxsize=10_000)
def are_foes(one: tuple[str, ...], other: tuple[str, ...], year: int | None) -> bool:
    """Return whether two sides are known to fight each other, in a year if it is known.

    one, other: Names of each side: main actors, or countries (alpha-3) for the forces of their states.
    """
    enemies = [_foes()[name] for name in one if name in _foes()]
    return any(_was(year, found.get(name, ())) for found in enemies for name in other)


def _was(year: int | None, periods: Iterable[_Years]) -> bool:
    return any(year is None or first <= year <= last for first, last in periods)


@cache
def _foes() -> Mapping[str, Mapping[str, list[_Years]]]:
    table: dict[str, dict[str, list[_Years]]] = defaultdict(lambda: defaultdict(list))
    for row in read_table(knowledge_path("foes.csv"), FoesRow):
        for name in row.against:
            for one, other in ((row.side, name), (name, row.side)):
                table[one][other].append((row.active_from, row.active_to))
    return table


@cache
def _names() -> frozenset[str]:
    militias = (row.militia for row in communities())
    return frozenset({*countries(), *(row.name for row in named_actors()), *militias})
