"""Country dumps that a user adds: known to later runs, added once, refused with file, line and reason."""

from __future__ import annotations

import gzip
import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from pipeline.gazetteer import Gazetteer, index_path
from pipeline.geonames_dumps import add_dump, added_dumps, read_dump


def line(number: int, name: str, code: str, others: str = "", admin: tuple[str, str, str] = ("", "", ""), **cells: str):
    """Write a row as GeoNames does: nineteen columns, tabs between them."""
    columns = [str(number), name, name, others, cells.get("latitude", "33.27"), cells.get("longitude", "35.61"),
               code[0] if code == "PPL" else "A", code, "LB", "", *admin, "", cells.get("population", "0"), "", "650",
               "Asia/Beirut", "2024-01-01"]  # fmt: skip
    return "\t".join(columns)


DUMP = [
    line(900001, "Marj el Wastani", "PPL", "Marj Wastani,مرج", ("07", "7101", "710122")),
    line(900002, "Caza de Test", "ADM2", admin=("07", "7101", "")),
    line(900003, "Upper Commune", "ADM3", admin=("07", "7101", "710122")),
    line(900004, "Old Heap", "PPLH", admin=("07", "7101", "")),
    line(900005, "Nahr Nowhere", "STM"),
    line(900006, "Naqoura", "ADM3", admin=("05", "6001", "600101"), latitude="33.12", longitude="35.14"),
]


@pytest.fixture(autouse=True)
def own_cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CONFLICT_EVENTS_CACHE", str(tmp_path / "cache"))


def write_zip(path: Path, rows: list[str]) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("readme.txt", "about")
        archive.writestr(f"{path.stem}.txt", "\n".join(rows) + "\n")
    return path


def gazetteer_command(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "pipeline", "gazetteer", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)


def test_added_places_are_found_by_all_their_names_with_their_divisions(tmp_path: Path) -> None:
    dump = write_zip(tmp_path / "LB.zip", DUMP)
    done = gazetteer_command("add", str(dump))
    assert done.returncode == 0, done.stderr
    for name in ("Marj el Wastani", "Marj Wastani", "Marj al-Wasṭānī"):
        (place,) = (match.place for match in Gazetteer(index_path()).find(name))
        assert (place.country, place.admin2, place.admin3) == ("LBN", "Caza de Test", "Upper Commune")
        assert place.admin1 == "Nabatieh"
        assert (place.latitude, place.longitude, place.feature) == (33.27, 35.61, "village")
    assert Gazetteer(index_path()).find("Old Heap") == ()
    features = {(match.place.feature, match.place.geoname_id) for match in Gazetteer(index_path()).find("Naqoura")}
    assert ("district", 900006) in features  # and the town of that name is still itself
    assert not any(number == 900006 for feature, number in features if feature != "district")
    assert gazetteer_command("list").stdout.split() == [str(path) for path in added_dumps()]


def test_adding_again_changes_nothing_and_another_form_of_the_file_is_the_same(tmp_path: Path) -> None:
    first = add_dump(write_zip(tmp_path / "LB.zip", DUMP))
    index, content = index_path(), first.path.read_bytes()
    (tmp_path / "LB.txt.gz").write_bytes(gzip.compress("\n".join(reversed(DUMP)).encode()))
    again = add_dump(tmp_path / "LB.txt.gz")
    assert (first.changed, again.changed) == (True, False)
    assert (again.path, index_path(), again.path.read_bytes()) == (first.path, index, content)
    assert {row.name for row in read_dump(first.path)} == {
        "Marj el Wastani",
        "Caza de Test",
        "Upper Commune",
        "Naqoura",
    }


def test_a_newer_dump_takes_the_place_of_the_old_whatever_its_file_is_called(tmp_path: Path) -> None:
    add_dump(write_zip(tmp_path / "LB.zip", DUMP))
    newer = tmp_path / "LB (1).ZIP"
    newer.write_bytes(write_zip(tmp_path / "LB.zip", DUMP[:1]).read_bytes())
    assert add_dump(newer).changed
    (only,) = added_dumps()
    assert [row.name for row in read_dump(only)] == ["Marj el Wastani"]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([*DUMP[:2], "900009\tcut short"], r"LB\.txt, line 3: 2 columns instead of the 19"),
        ([DUMP[0], line(900009, "Far", "PPL", latitude="133.0")], r"line 2: latitude is '133.0'"),
        ([line(900009, "Far", "PPL", population="many")], r"line 1: population is 'many'"),
        ([DUMP[4]], "no towns or districts"),
        ([], "no towns or districts"),
    ],
)
def test_a_broken_dump_is_refused_and_leaves_nothing_behind(tmp_path: Path, rows: list[str], reason: str) -> None:
    path = tmp_path / "LB.txt"
    path.write_text("\n".join(rows), encoding="utf8")
    with pytest.raises(ValueError, match=reason):
        add_dump(path)
    assert added_dumps() == []


def test_the_command_says_in_one_line_why_it_refuses(tmp_path: Path) -> None:
    whole = write_zip(tmp_path / "LB.zip", DUMP * 50).read_bytes()
    (tmp_path / "LB.zip").write_bytes(whole[:-40])
    (tmp_path / "JO.zip").write_bytes(whole[:200] + bytes(40) + whole[240:])
    (tmp_path / "SY.zip").write_bytes(b"<html>Not found</html>")
    (tmp_path / "IQ.txt").write_bytes(b"\xff\xfe1\t2")
    for name in ("LB.zip", "JO.zip", "SY.zip", "IQ.txt", "absent.zip"):
        done = gazetteer_command("add", str(tmp_path / name))
        assert done.returncode == 1
        assert done.stderr.startswith("error: ")
        assert name in done.stderr
        assert done.stderr.count("\n") == 1
