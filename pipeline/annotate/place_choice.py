"""Which of the places of one name a text means: what stands beside it, what the text is about, what lies near, size.

Scores are sums of small figures, set together on the development articles; change one and measure all.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from math import exp, log10

from pipeline.annotate.place_phrases import BUILT
from pipeline.annotate.place_setting import WIDE, Setting
from pipeline.countries import countries
from pipeline.gazetteer import Match, Place, Rank, kilometres

SETTLED = ("city", "town", "village", "settlement", "camp", "neighbourhood", "island", "port", "locality")
PARTS = ("neighbourhood", "camp", "settlement")

THRESHOLD = 2.0  # below it no answer
MARGIN = 0.8  # over the best namesake in another country, or no answer
SURE, SURE_MARGIN = 3.2, 1.5  # enough to guide the choice of others
NEARBY_KM = 60.0  # at which nearness to a settled place has lost two thirds of its weight
SEAT = 12_000  # inhabitants of a district's seat
OWN = {"city": 1.5, "village": 1.0, "neighbourhood": 1.0}  # of our own table; other features 1.2
SUBJECT = 1.8  # for a place of a country that the text is about
ONLY_ONE = 0.5  # for a name that one country has
NAMED_AFTER = -3.0  # for the place of another country whose name a building bears ("the Santa Ana estate")
OURS_ALONE = -0.5  # for such a name of our own table, in a text that does not name the country
METROPOLIS = 300_000  # inhabitants of a city that every reader is thought to know
STRAY_AMONG = 2  # places of one country among which a lone one of another, unnamed country is a namesake
SAME_SPOT_KM = 30.0  # namesakes nearer than this are one place for the margin

RANKS = {Rank.NAME: 0.0, Rank.OTHER_NAME: -0.7, Rank.LOOSE_NAME: -0.8, Rank.LOOSE_OTHER_NAME: -1.4}


@dataclass(frozen=True, slots=True)
class Hint:
    """A country, or a first-order division of it, that stands beside a name."""

    country: str
    admin1: str | None = None


@dataclass(frozen=True, slots=True)
class Choice:
    """The place chosen, its score, and how far it is ahead of the best other place of the name."""

    place: Place
    score: float
    margin: float
    rank: Rank = Rank.NAME  # how its name fits the words


def choose(
    matches: Iterable[Match], cue: float, setting: Setting, kind: str | None = None, hints: Iterable[Hint] = ()
) -> Choice | None:
    """Return the likeliest place of a name, or None when none is likely enough or two are equally likely."""
    hints = tuple(hints)
    matches = _without_capitals(matches) if kind is None else tuple(matches)
    if len({match.place.country for match in matches}) == 1:
        cue += ONLY_ONE
    alone = len({match.place.country for match in matches if match.rank == Rank.NAME}) == 1
    towns = {match.place.country for match in matches if match.place.feature in SETTLED and match.rank == Rank.NAME}
    scored = [(match.rank, cue + _score(match, setting, kind, hints, towns, alone), match.place) for match in matches]
    exact = [one for one in scored if one[0] <= Rank.OTHER_NAME]
    # Looser spellings are asked only where no place of that very spelling is likely.
    return _best(exact if any(score >= THRESHOLD for _, score, _ in exact) else scored)


def _without_capitals(matches: Iterable[Match]) -> tuple[Match, ...]:
    """Leave out towns that only go by their country's name as well: "Mexico" is the country."""
    matches = tuple(matches)
    named = {match.place.country for match in matches if match.place.feature == "country" and match.rank == Rank.NAME}
    return tuple(m for m in matches if m.rank != Rank.OTHER_NAME or m.place.country not in named)


def _best(scored: list[tuple[Rank, float, Place]]) -> Choice | None:
    scored.sort(key=lambda one: (-one[1], one[2].id))
    if not scored or scored[0][1] < THRESHOLD:
        return None
    rank, score, best = scored[0]
    margin = min((score - other for _, other, place in scored[1:] if not _same_spot(best, place)), default=9.0)
    abroad = min((score - other for _, other, place in scored[1:] if place.country != best.country), default=9.0)
    return Choice(best, score, margin, rank) if abroad >= MARGIN else None


def _score(
    match: Match, setting: Setting, kind: str | None, hints: tuple[Hint, ...], towns: set[str], alone: bool
) -> float:
    place = match.place
    score = RANKS[match.rank] + _renown(place) + _kind(place, kind, towns) + _nearness(place, setting)
    if kind == "building" and not setting.share(place.country):
        score += NAMED_AFTER
    if not hints:
        return score + _about(match, setting, alone)
    beside = max(_beside(place, hint) for hint in hints)
    return score + beside + (SUBJECT if beside > 0 else _about(match, setting, alone))


@cache
def _capitals() -> frozenset[tuple[str, str]]:
    return frozenset((row.alpha3, row.capital) for row in countries().values())


def _renown(place: Place) -> float:
    if place.feature == "country":
        return 3.0
    if place.source == "admin1":
        return 1.2
    # A town of ten thousand is neither here nor there; one of unknown size is in GeoNames as the seat of a district.
    size = log10(max(place.population or SEAT, 300)) - 4.0
    if place.population >= METROPOLIS or (place.country, place.name) in _capitals():
        size += 0.7
    if place.source != "own":
        return size
    return max(OWN.get(place.feature, 1.2) + 0.4 * max(0.0, log10(max(place.population, 1)) - 4.0), size + 0.5)


def _kind(place: Place, kind: str | None, towns: set[str]) -> float:
    """Score the feature against what the text calls it: Idlib is the city, Idlib province is not."""
    if kind == "admin1":
        return 2.5 if place.feature in ("admin1", "territory") else 1.0 if place.feature == "region" else -1.0
    if kind == "rural":
        return 2.5 if place.feature == "admin1" else 0.0
    if kind == "quarter" and place.feature not in PARTS:
        return -9.0  # of a town; a town is not called a quarter
    if kind is None and place.feature == "territory":
        return 1.5  # "in Gaza" is in the Strip, "in Gaza City" in the town
    if kind in ("settled", "camp", "quarter", *BUILT):
        return -3.0 if place.feature in ("admin1", "country") else 0.3
    if kind == "admin2":
        return 1.0 if place.feature in ("district", "admin2") else -1.0 if place.feature in WIDE else 0.3
    return -1.0 if place.feature == "admin1" and place.country in towns else 0.0


def _about(match: Match, setting: Setting, alone: bool) -> float:
    place = match.place
    if share := setting.share(place.country):
        score = SUBJECT if share >= 0.3 else 0.8 + 3.0 * share
        if match.rank != Rank.NAME and share < 0.3:
            score -= 1.0
        return score + (0.4 if setting.admin1[place.country, place.admin1 or ""] else 0.0)
    if place.feature == "country":
        return 0.0
    if alone and place.source == "own" and match.rank == Rank.NAME:
        return OURS_ALONE
    return _abroad(match) * (1.0 if setting.countries else 0.5)


def is_stray(choice: Choice, told: Container[str], places: Mapping[str, int]) -> bool:
    """Return whether a place is a namesake in a country that the text has nothing to do with.

    Only a city that every reader knows, by its very name, can be meant there: not Lima by "Lemi".

    told (container of str): Countries that the text names, by whatever words (alpha-3).
    places (mapping): How many names of places were chosen in each country.
    """
    place = choice.place
    if place.feature == "country":
        return False
    known = place.population >= METROPOLIS or (place.country, place.name) in _capitals()
    renowned = known and choice.rank == Rank.NAME
    elsewhere = max((number for country, number in places.items() if country != place.country), default=0)
    others = elsewhere >= STRAY_AMONG or any(country in told for country in places)
    return not renowned and place.country not in told and places[place.country] == 1 and others


def _abroad(match: Match) -> float:
    """Score a place of a country that the text does not name: only what is well known can be meant."""
    place = match.place
    if match.rank == Rank.OTHER_NAME and place.population >= METROPOLIS:
        return -2.0
    if match.rank == Rank.LOOSE_NAME and place.source == "own":
        return -2.0
    if match.rank != Rank.NAME:
        return -4.0
    if place.population >= METROPOLIS or (place.country, place.name) in _capitals():
        return -0.8
    if place.source == "admin1":
        return -1.5
    return -2.0 if place.population >= 50_000 or place.source == "own" else -3.0


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
