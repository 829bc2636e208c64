"""GeoNames country dumps that a user adds: checked, cut to what the news names, and kept in the user's cache.

    added = add_dump(Path("LB.zip"))   # from https://download.geonames.org/export/dump/, CC BY 4.0
    print(added.path, added.places)

Every index that is compiled afterwards holds their places. The columns are described in GeoNames' readme.
"""

from __future__ import annotations

import gzip
import io
import os
import tempfile
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from pipeline.gazetteer import cache_folder

# Feature codes of GeoNames that news reports name, and what we call them; PPL* are sorted by size.
FEATURES = {
    "ADM2": "admin2", "ADM3": "district",
    "AIRP": "airport", "AIRB": "base", "AIRF": "airport", "INSM": "base", "MILB": "base", "NVB": "base",
    "CMPRF": "camp", "CMP": "camp", "PRT": "port", "OILF": "field", "GASF": "field", "OILR": "refinery",
    "DAM": "dam", "PS": "power plant", "PRN": "prison", "BDRY": "crossing", "PSTB": "crossing", "CSTM": "crossing",
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
        return self.feature_code.startswith("PPL") and self.feature_code not in NOT_TOWNS


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
    lines = [line for line, row in _read(path) if row.is_town or row.feature_code in FEATURES]
    if not lines:
        raise ValueError(f"{path}: no towns or districts in it; is it a GeoNames country dump?")
    target = dumps_folder() / f"{_stem(path)}.txt"
    content = "".join(f"{line}\n" for line in sorted(set(lines))).encode()
    changed = not target.is_file() or target.read_bytes() != content
    if changed:
        _write(target, content)
    return AddedDump(target, len(lines), changed)


def added_dumps() -> list[Path]:
    """Return the compiled dumps in the user's cache, in a fixed order."""
    return sorted(dumps_folder().glob("*.txt"))


def read_dump(path: Path) -> list[DumpRow]:
    """Read a compiled dump."""
    return [row for _, row in _read(path)]


def dumps_folder() -> Path:
    """Return the folder of compiled dumps, which is made if need be."""
    folder = cache_folder() / "geonames"
    folder.mkdir(exist_ok=True)
    return folder


def _read(path: Path) -> Iterator[tuple[str, DumpRow]]:
    """Yield each line with what it says."""
    try:
        for number, line in enumerate(_lines(path), 1):
            line = line.rstrip("\r\n")
            if line:
                yield line, _row(line, f"{path}, line {number}")
    except (zipfile.BadZipFile, gzip.BadGzipFile, EOFError) as error:
        raise ValueError(f"{path}: the archive is broken ({error})") from None
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
    if path.suffix == ".zip":
        with zipfile.ZipFile(path) as archive:
            if f"{path.stem}.txt" not in archive.namelist():
                raise ValueError(f"{path}: holds no {path.stem}.txt")
            with archive.open(f"{path.stem}.txt") as member:
                yield from io.TextIOWrapper(member, encoding="utf8", newline="\n")
    elif path.suffix == ".gz":
        with gzip.open(path, "rt", encoding="utf8", newline="\n") as text:
            yield from text
    else:
        with path.open(encoding="utf8", newline="\n") as text:
            yield from text


def _stem(path: Path) -> str:
    return path.name.split(".")[0]


def _write(target: Path, content: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=".dump-", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.replace(name, target)
    finally:
        Path(name).unlink(missing_ok=True)
