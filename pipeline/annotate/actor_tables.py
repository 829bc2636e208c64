"""The words that the actors component reads: head nouns, communities and verbs."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from pipeline.countries import Words
from pipeline.knowledge import knowledge_path, read_table

NounClass = Literal[
    "force",
    "arm",
    "weapon",
    "strike",
    "armed",
    "unknown",
    "group",
    "member",
    "unit",
    "mission",
    "crowd",
    "civil",
    "person",
    "number",
    "enemy",
    "militia",
    "speaker",
    "attribute",
    "asset",
    "official",
]


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
    kind: Literal["say", "force", "state", "attack", "act", "pact", "police", "demand"] = Field(alias="class")


@cache
def actor_nouns() -> tuple[ActorNoun, ...]:
    """Return the head nouns."""
    return tuple(read_table(knowledge_path("actor_nouns.csv"), ActorNoun))


@cache
def communities() -> tuple[Community, ...]:
    """Return the communities."""
    return tuple(read_table(knowledge_path("communities.csv"), Community))


def word_classes(form: str) -> frozenset[str]:
    """Return the classes of a word form in lower case: "struck" is {"force"}."""
    return _forms().get(form, frozenset())


@cache
def _forms() -> dict[str, frozenset[str]]:
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
