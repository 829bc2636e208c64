"""What a text is about: the countries that it names, by name, adjective, actor or village, and the places settled."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from spacy.tokens import Doc

from pipeline.countries import alpha3_of_adjective
from pipeline.gazetteer import Place
from pipeline.organisations import named_actors

WIDE = ("admin1", "territory", "country", "region")
_MANY = 3  # countries
COUNTRY_WEIGHT, ADJECTIVE_WEIGHT, ACTOR_WEIGHT, NAME_WEIGHT = 1.0, 0.6, 0.6, 0.4


@dataclass(slots=True)
class Setting:
    """Countries and first-order divisions by weight, and the coordinates of settled places."""

    countries: Counter[str] = field(default_factory=Counter)
    admin1: Counter[tuple[str, str]] = field(default_factory=Counter)
    spots: list[tuple[float, float]] = field(default_factory=list)

    def share(self, country: str) -> float:
        """Return how much of the text is about a country, 0-1."""
        total = sum(self.countries.values())
        return self.countries[country] / total if total else 0.0

    def main_country(self) -> str | None:
        """Return the country that the text is mostly about, or None when no country is."""
        if not self.countries:
            return None
        country, _ = self.countries.most_common(1)[0]
        return country if self.share(country) >= 0.6 and self.countries[country] >= 1.5 else None

    def weigh(self, country: str, weight: float) -> None:
        """Add to a country's weight (a Counter of floats, whatever its type says)."""
        self.countries[country] += weight  # type: ignore[assignment]

    def learn(self, place: Place, weight: float = 1.0) -> None:
        """Take a settled place into account."""
        self.weigh(place.country, weight)
        if place.admin1:
            self.admin1[place.country, place.admin1] += 1
        if place.latitude is not None and place.longitude is not None and place.feature not in WIDE:
            self.spots.append((place.latitude, place.longitude))


@dataclass(frozen=True, slots=True)
class ActorName:
    """An actor's name in a text (tokens, half-open) and the countries that it speaks for."""

    start: int
    end: int
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Known:
    """A name of actors: its words in lower case, whether it is an abbreviation, and the countries it may stand for."""

    words: tuple[str, ...]
    short: bool
    countries: tuple[str, ...]


@cache
def _actor_names() -> dict[str, list[_Known]]:
    """Return the names of actors by their first word, the longest first; those of several actors have the homes of all.

    An actor that is at work in many countries speaks for none; nor do plain words for an actor.
    """
    homes: dict[tuple[tuple[str, ...], bool], set[str]] = defaultdict(set)
    for row in named_actors():
        own = {row.country} if row.country else set(row.countries)
        short = {name for name in row.abbreviations if name.isupper()}
        for name in {row.name, *row.aliases, *short}:
            words = tuple(re.findall(r"\w+", name.lower()))
            if words:
                homes[words, name.isupper()] |= own if len(own) <= _MANY else set()
    names: dict[str, list[_Known]] = defaultdict(list)
    for words, is_short in sorted(homes, key=lambda key: (-len(key[0]), key)):
        names[words[0]].append(_Known(words, is_short, tuple(sorted(homes[words, is_short]))))
    return dict(names)


def actor_names(doc: Doc) -> Iterator[ActorName]:
    """Yield the names of known actors in a text."""
    tokens = [(token.lower_, token.i) for token in doc if token.is_alpha or token.text[-1:].isalnum()]
    known = _actor_names()
    taken = -1
    for number, (word, position) in enumerate(tokens):
        if position <= taken or word not in known or not doc[position].text[0].isupper():
            continue
        for name in known[word]:
            words = tuple(w for w, _ in tokens[number : number + len(name.words)])
            if words == name.words and (doc[position].text.isupper() or not name.short):
                taken = tokens[number + len(words) - 1][1]
                yield ActorName(position, taken + 1, name.countries)
                break


def _adjectives(doc: Doc) -> Iterator[str]:
    """Yield the country of each adjective; "South Sudanese" is not Sudanese."""
    previous = ""
    for token in doc:
        word = token.text
        if word[:1].isupper() and not alpha3_of_adjective(f"{word} {_next_word(doc, token.i)}"):
            country = alpha3_of_adjective(f"{previous} {word}") or alpha3_of_adjective(word)
            if country:
                yield country
        previous = word


def _next_word(doc: Doc, position: int) -> str:
    return doc[position + 1].text if position + 1 < len(doc) else ""


def read_setting(doc: Doc, named: Iterable[str], homes: dict[str, int], actors: Iterable[ActorName]) -> Setting:
    """Weigh the countries of a text before any of its places is chosen.

    named: countries that it names, each time it does. homes: how many places' names each country has alone.
    """
    setting = Setting()
    for country in named:
        setting.weigh(country, COUNTRY_WEIGHT)
    for country in _adjectives(doc):
        setting.weigh(country, ADJECTIVE_WEIGHT)
    spoken_of = {*setting.countries, *homes}
    for actor in actors:
        # A name of several actors speaks for those of the countries that are spoken of.
        several = len(actor.countries) > _MANY
        meant = [country for country in actor.countries if country in spoken_of or not several]
        for country in meant if len(meant) <= _MANY else ():
            setting.weigh(country, ACTOR_WEIGHT / len(meant))
    for country, names in homes.items():
        if names >= 2:  # a single name speaks for no country
            setting.weigh(country, NAME_WEIGHT * names)
    return setting
