"""GeoNames country dumps that a user adds: checked, cut to what the news names, and kept in the user's cache.

    added = add_dump(Path("LB.zip"))   # from https://download.geonames.org/export/dump/, CC BY 4.0
    print(added.path, added.places)

Every index that is compiled afterwards holds their places. The columns are described in GeoNames' readme.
"""

from __future__ import annotations

import gzip
import io
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.cache import cache_folder, written_whole

# Feature codes of GeoNames that news reports name, and what we call them; towns (PPL*, STLMT) are sorted by size.
FEATURES = {
    "ADM2": "admin2", "ADM3": "district",
    "AIRP": "airport", "AIRB": "base", "AIRF": "airport", "INSM": "base", "MILB": "base", "NVB": "base",
    "CMPRF": "camp", "CMP": "camp", "PRT": "port", "OILF": "field", "GASF": "field", "OILR": "refinery",
    "DAM": "dam", "PS": "power plant", "PRN": "prison", "PSTB": "crossing", "CSTM": "crossing",
}  # fmt: skip
# No towns: parts of towns, whose town the dump does not name, and places that are gone.
NOT_TOWNS = frozenset({"PPLX", "PPLH", "PPLW", "PPLCH"})
N_COLUMNS = 19


class DumpRow(BaseModel):
    """The columns of a dump that are read, by GeoNames' names."""

    model_config = ConfigDict(frozen=True)

    geonameid: int = Field(gt=0)
    name: str = Field(min_length=1)
    alternatenames: str
    latitude: float = Field(ge=-90, le=90)
    longitude: float = Field(ge=-180, le=180)
    feature_code: str
    country: str = Field(pattern="^[A-Z]{2}$")  # ISO 3166 alpha-2
    admin1: str
    admin2: str
    admin3: str
    population: int = Field(ge=0)

    @property
    def is_town(self) -> bool:
        """Whether people live there."""
        code = self.feature_code
        return (code.startswith("PPL") and code not in NOT_TOWNS) or code == "STLMT"


# Where the columns of DumpRow stand among the nineteen.
_AT = {"geonameid": 0, "name": 1, "alternatenames": 3, "latitude": 4, "longitude": 5, "feature_code": 7, "country": 8,
       "admin1": 10, "admin2": 11, "admin3": 12, "population": 14}  # fmt: skip


@dataclass(frozen=True, slots=True)
class AddedDump:
    """What became of a dump: the compiled file, how many places it holds, and whether it is new or another one."""

    path: Path
    places: int
    changed: bool


def add_dump(path: Path) -> AddedDump:
    """Check a dump and keep its towns, districts, bases and the like for every later index.

    path (Path): A country's dump, XX.zip, XX.txt or XX.txt.gz.
    Raises ValueError, naming file, line and reason, for anything that is not a whole dump, and OSError when it
    cannot be read.
    """
    kept = [(line, row) for line, row in _read(path) if row.is_town or row.feature_code in FEATURES]
    lines, rows = [line for line, _ in kept], [row for _, row in kept]
    if not lines:
        raise ValueError(f"{path}: no towns or districts in it; is it a GeoNames country dump?")
    target = dumps_folder() / f"{_country(rows)}.txt"
    content = "".join(f"{line}\n" for line in sorted(set(lines))).encode()
    changed = not target.is_file() or target.read_bytes() != content
    if changed:
        with written_whole(target) as file:
            file.write_bytes(content)
    return AddedDump(target, len(lines), changed)


def added_dumps() -> list[Path]:
    """Return the compiled dumps in the user's cache, in a fixed order."""
    return sorted(dumps_folder().glob("*.txt"))


def read_dump(path: Path) -> list[DumpRow]:
    """Read a compiled dump."""
    return [row for _, row in _read(path)]


def dumps_folder() -> Path:
    """Return the folder of compiled dumps; it is there once one was added."""
    return cache_folder() / "geonames"


def _read(path: Path) -> Iterator[tuple[str, DumpRow]]:
    """Yield each line with what it says."""
    try:
        for number, line in enumerate(_lines(path), 1):
            line = line.rstrip("\r\n")
            if line:
                yield line, _row(line, f"{path}, line {number}")
    except (zipfile.BadZipFile, gzip.BadGzipFile, zlib.error, EOFError, RuntimeError) as error:  # or encrypted
        raise ValueError(f"{path}: the archive cannot be read ({error})") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"{path}: not UTF-8 text ({error.reason} at byte {error.start})") from None


def _row(line: str, where: str) -> DumpRow:
    cells = line.split("\t")
    if len(cells) != N_COLUMNS:
        raise ValueError(f"{where}: {len(cells)} columns instead of the {N_COLUMNS} of a GeoNames dump")
    values = {name: cells[column] for name, column in _AT.items()}
    values["population"] = values["population"] or "0"
    values["country"] = values["country"] or "XX"  # seas and disputed ground
    try:
        return DumpRow.model_validate(values)
    except ValidationError as error:
        wrong = error.errors()[0]
        raise ValueError(f"{where}: {wrong['loc'][0]} is {wrong['input']!r}; {wrong['msg']}") from None


def _lines(path: Path) -> Iterable[str]:
    if path.suffix.lower() == ".zip":
        with zipfile.ZipFile(path) as archive:
            tables = [name for name in archive.namelist() if name.endswith(".txt") and name != "readme.txt"]
            if len(tables) != 1:
                raise ValueError(f"{path}: holds {len(tables)} tables instead of one; is it a GeoNames country dump?")
            with archive.open(tables[0]) as member:
                yield from io.TextIOWrapper(member, encoding="utf8", newline="\n")
    elif path.suffix.lower() == ".gz":
        with gzip.open(path, "rt", encoding="utf8", newline="\n") as text:
            yield from text
    else:
        with path.open(encoding="utf8", newline="\n") as text:
            yield from text


def _country(rows: list[DumpRow]) -> str:
    """Return the country that a dump is of: a newer one takes the place of the old, whatever the file is called."""
    return Counter(row.country for row in rows).most_common(1)[0][0]
