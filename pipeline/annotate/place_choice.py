"""Which of the places of one name a text means: what stands beside it, what the text is about, what lies near, size.

Scores are sums of small figures, set together on the development articles; change one and measure all.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from math import exp, log10

from pipeline.gazetteer import Match, Place, Rank, kilometres

SETTLED = ("city", "town", "village", "settlement", "camp", "neighbourhood", "island", "port", "locality")
WIDE = ("admin1", "territory", "country", "region")

THRESHOLD = 2.0  # below it no answer
MARGIN = 0.6  # over the best namesake in another country, or no answer
SURE, SURE_MARGIN = 3.2, 1.5  # enough to guide the choice of others
NEARBY_KM = 60.0  # at which nearness to a settled place has lost two thirds of its weight
SAME_SPOT_KM = 30.0  # namesakes nearer than this are one place for the margin

RANKS = {Rank.NAME: 0.0, Rank.OTHER_NAME: -0.7, Rank.LOOSE_NAME: -0.8, Rank.LOOSE_OTHER_NAME: -1.4}


@dataclass(frozen=True, slots=True)
class Hint:
    """A country, or a first-order division of it, that stands beside a name."""

    country: str
    admin1: str | None = None


@dataclass(slots=True)
class Setting:
    """What the text is about: countries by weight, and places that are settled."""

    countries: Counter[str] = field(default_factory=Counter)
    admin1: Counter[tuple[str, str]] = field(default_factory=Counter)
    spots: list[tuple[float, float]] = field(default_factory=list)

    def share(self, country: str) -> float:
        """Return how much of the text is about a country, 0-1."""
        total = sum(self.countries.values())
        return self.countries[country] / total if total else 0.0

    def learn(self, place: Place, weight: float = 1.0) -> None:
        """Take a settled place into account."""
        self.countries[place.country] += weight
        if place.admin1:
            self.admin1[place.country, place.admin1] += weight
        if place.latitude is not None and place.longitude is not None and place.feature not in WIDE:
            self.spots.append((place.latitude, place.longitude))


@dataclass(frozen=True, slots=True)
class Choice:
    """The place chosen, its score, and how far it is ahead of the best other place of the name."""

    place: Place
    score: float
    margin: float


def choose(
    matches: Iterable[Match], cue: float, setting: Setting, kind: str | None = None, hints: Iterable[Hint] = ()
) -> Choice | None:
    """Return the likeliest place of a name, or None when none is likely enough or two are equally likely."""
    hints = tuple(hints)
    matches = tuple(matches)
    towns = {match.place.country for match in matches if match.place.feature in SETTLED and match.rank == Rank.NAME}
    scored = [(cue + _score(match, setting, kind, hints, towns), match.place) for match in matches]
    scored.sort(key=lambda pair: (-pair[0], pair[1].id))
    if not scored or scored[0][0] < THRESHOLD:
        return None
    score, best = scored[0]
    margin = min((score - other for other, place in scored[1:] if not _same_spot(best, place)), default=9.0)
    abroad = min((score - other for other, place in scored[1:] if place.country != best.country), default=9.0)
    return Choice(best, score, margin) if abroad >= MARGIN else None


def _score(match: Match, setting: Setting, kind: str | None, hints: tuple[Hint, ...], towns: set[str]) -> float:
    place = match.place
    score = RANKS[match.rank] + _renown(place) + _kind(place, kind, towns) + _about(place, setting)
    if hints:
        score += max(_beside(place, hint) for hint in hints)
    return score + _nearness(place, setting)


def _renown(place: Place) -> float:
    if place.feature == "country":
        return 3.0
    if place.source == "admin1":
        return 1.2
    size = log10(max(place.population, 300)) - 4.0  # a town of ten thousand is neither here nor there
    return max(1.2, size + 0.5) if place.source == "own" else size


def _kind(place: Place, kind: str | None, towns: set[str]) -> float:
    """Score the feature against what the text calls it: Idlib is the city, Idlib province is not."""
    if kind == "admin1":
        return 2.5 if place.feature in ("admin1", "territory") else 1.0 if place.feature == "region" else -1.0
    if kind in ("settled", "camp", "quarter", "facility"):
        return -3.0 if place.feature in ("admin1", "country") else 0.5
    if kind == "admin2":
        return 1.0 if place.feature in ("district", "admin2") else -1.0 if place.feature in WIDE else 0.3
    return -1.0 if place.feature == "admin1" and place.country in towns else 0.0


def _about(place: Place, setting: Setting) -> float:
    if not setting.countries:
        return -0.8
    share = setting.share(place.country)
    score = 1.5 if share >= 0.3 else 0.6 + 3.0 * share if share else -2.0
    if place.admin1 and setting.admin1[place.country, place.admin1]:
        score += 0.5
    return score


def _beside(place: Place, hint: Hint) -> float:
    if place.country != hint.country:
        return -4.0
    if hint.admin1 is None:
        return 3.0
    return 4.0 if place.admin1 == hint.admin1 else -1.0


def _nearness(place: Place, setting: Setting) -> float:
    if place.latitude is None or place.longitude is None or not setting.spots:
        return 0.0
    nearest = min(kilometres(place.latitude, place.longitude, *spot) for spot in setting.spots)
    return 1.2 * exp(-nearest / NEARBY_KM)


def _same_spot(one: Place, two: Place) -> bool:
    if one.latitude is None or one.longitude is None or two.latitude is None or two.longitude is None:
        return one.country == two.country
    return kilometres(one.latitude, one.longitude, two.latitude, two.longitude) <= SAME_SPOT_KM
