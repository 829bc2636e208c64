"""Compile the gazetteer's index from its sources.

Our own table wins: a GeoNames town of the same name at the same spot lends it its id, population and other spellings.
"""

from __future__ import annotations

import os
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from pipeline.cache import written_whole
from pipeline.gazetteer import LOOSE, Place, Rank, kilometres
from pipeline.gazetteer_sources import (
    Entry,
    admin1_entries,
    country_entries,
    dump_entries,
    geonames_entries,
    own_entries,
)
from pipeline.place_names import bare_key, exact_key, loose_key

SAME_PLACE_KM = 12.0  # the spread of coordinates that sources give for one town
NAMESAKES_KEPT = 5  # of one name in one country, the largest
CITY_KM = 40.0  # from a neighbourhood or camp to the town that it is coded at
INDEXES_KEPT = 4
TOWNS = {"city", "town", "village"}  # as GeoNames' populated places are called here
SETTLED = {"town", "village", "city", "camp", "neighbourhood", "settlement", "admin2", "district"}


def compile_index(path: Path) -> None:
    """Write the index to the path; readers see nothing or all of it, and racing writers end with the same file."""
    entries = _entries()
    with written_whole(path) as file:
        connection = sqlite3.connect(file)
        with connection:
            _write(connection, entries)
        connection.close()
    _forget_old(path)


def _forget_old(path: Path) -> None:
    """Remove indexes of former tables and versions, but for the last few, which others may have open."""
    by_age = sorted(path.parent.glob(f"{path.stem.split('-')[0]}-*{path.suffix}"), key=os.path.getmtime)
    for old in by_age[:-INDEXES_KEPT]:
        old.unlink(missing_ok=True)


def _entries() -> list[Entry]:
    own = list(own_entries())
    added = list(dump_entries())
    towns = _merge(own, [*added, *geonames_entries({e.place.geoname_id or 0 for e in added})])
    divisions = list(admin1_entries())
    _standard_admin1(own, divisions)
    capitals = _capitals(divisions, [*own, *towns])
    _code_at_cities(own, [*towns, *capitals])
    return [*own, *divisions, *capitals, *country_entries(divisions), *towns]


def _standard_admin1(own: list[Entry], divisions: list[Entry]) -> None:
    """Write first-order divisions one way, whoever wrote the row."""
    names = {(d.place.country, key): d.place.admin1 for d in divisions if d.place.admin1 for key in _merge_keys(d)}
    for entry in own:
        key = loose_key(entry.place.admin1 or "") or exact_key(entry.place.admin1 or "")
        entry.place = replace(entry.place, admin1=names.get((entry.place.country, key), entry.place.admin1))


def _capitals(divisions: list[Entry], towns: list[Entry]) -> list[Entry]:
    """Give the divisions' capitals ACLED's name, and return those that no other source has."""
    seated = [division for division in divisions if division.place.city]
    by_name = _towns_by_name(towns, {(d.place.country, key) for d in seated for key in _capital_keys(d)})
    added = []
    for division in seated:
        place = division.place
        namesakes = [town for key in sorted(_capital_keys(division)) for town in by_name[place.country, key]]
        found = [town for town in namesakes if _same_spot(town.place, place)]
        shared = [place.name, *division.names] if _shares_name(place) else []
        if found:
            _rename(max(found, key=_entry_weight), place.city or "", shared)
        else:
            capital = replace(place, name=place.city or "", city=None, feature="city", source="capital")
            added.append(Entry(capital, shared))
    return added


def _towns_by_name(towns: list[Entry], wanted: set[tuple[str, str]]) -> dict[tuple[str, str], list[Entry]]:
    by_name: dict[tuple[str, str], list[Entry]] = defaultdict(list)
    for town in towns:
        if town.place.feature in SETTLED - {"admin2", "district"}:
            for key in {(town.place.country, exact_key(name)) for name in town.all_names()} & wanted:
                by_name[key].append(town)
    return by_name


def _rename(town: Entry, name: str, others: list[str]) -> None:
    town.names.extend(others)
    if town.place.source == "geonames":
        town.names.append(town.place.name)
        town.place = replace(town.place, name=name)


def _capital_keys(division: Entry) -> set[str]:
    names = {division.place.city or ""}
    if _shares_name(division.place):
        names |= {division.place.name, *division.names}
    return {exact_key(name) for name in names}


def _shares_name(place: Place) -> bool:
    return loose_key(place.name) == loose_key(place.city or "")


def _entry_weight(entry: Entry) -> tuple[bool, int]:
    return _weight(entry.place)


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
        if town.place.country in own_countries and town.place.feature in TOWNS:
            numbers = (n for key in sorted(_merge_keys(town)) for n in by_name.get((town.place.country, key), ()))
            twin = next((n for n in numbers if _same_spot(own[n].place, town.place)), None)
        if twin is None:
            rest.append(town)
        else:
            own[twin] = _joined(own[twin], town)
    return rest


def _merge_keys(entry: Entry) -> set[str]:
    return {loose_key(name) or exact_key(name) for name in entry.all_names()} - {""}


def _same_spot(one: Place, two: Place) -> bool:
    return _within(one, two, SAME_PLACE_KM)


def _joined(own: Entry, town: Entry) -> Entry:
    if town.place.population < own.place.population:
        return own
    place = replace(own.place, geoname_id=town.place.geoname_id, population=town.place.population,
                    admin1=own.place.admin1 or town.place.admin1, admin2=own.place.admin2 or town.place.admin2,
                    admin3=town.place.admin3)  # fmt: skip
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
        near = [city for city in namesakes if _within(entry.place, city, CITY_KM)]
        if near:
            city = max(near, key=_weight)
            entry.place = replace(entry.place, city=city.name, latitude=city.latitude, longitude=city.longitude,
                                  admin1=city.admin1, admin2=city.admin2, admin3=city.admin3)  # fmt: skip


def _weight(place: Place) -> tuple[bool, int]:
    return place.source == "own", place.population


def _within(one: Place, two: Place, limit_km: float) -> bool:
    if one.latitude is None or one.longitude is None or two.latitude is None or two.longitude is None:
        return False
    return kilometres(one.latitude, one.longitude, two.latitude, two.longitude) <= limit_km


def _write(connection: sqlite3.Connection, entries: list[Entry]) -> None:
    connection.executescript(
        "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
        "CREATE TABLE place (id INTEGER PRIMARY KEY, name TEXT, country TEXT, admin1 TEXT, admin2 TEXT, admin3 TEXT,"
        " feature TEXT,"
        " latitude REAL, longitude REAL, population INTEGER, geoname_id INTEGER, city TEXT, source TEXT);"
        "CREATE TABLE name (key TEXT, rank INTEGER, place INTEGER, PRIMARY KEY (key, rank, place)) WITHOUT ROWID;"
    )
    # Large towns first, so that those of a name that are kept are the ones meant most often.
    entries.sort(key=_order)
    connection.executemany(
        f"INSERT INTO place VALUES ({','.join('?' * 13)})",
        ((number, *_columns(entry.place)) for number, entry in enumerate(entries)),
    )
    connection.executemany("INSERT INTO name VALUES (?, ?, ?)", sorted(_keys(entries)))


def _order(entry: Entry) -> tuple[bool, int, str]:
    return entry.place.source == "geonames", -entry.place.population, entry.place.name


def _columns(place: Place) -> tuple[object, ...]:
    return (place.name, place.country, place.admin1, place.admin2, place.admin3, place.feature, place.latitude,
            place.longitude, place.population, place.geoname_id, place.city, place.source)  # fmt: skip


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
