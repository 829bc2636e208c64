"""Look-up by name, the keys that bring spellings together, and the index on disk."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.gazetteer import Gazetteer, Match, index_path, kilometres, open_gazetteer, own_tables
from pipeline.gazetteer_sources import Admin1Row, OwnPlaceRow
from pipeline.knowledge import knowledge_path, read_table
from pipeline.place_names import bare_key, exact_key, loose_key


@pytest.fixture(scope="module")
def gazetteer() -> Gazetteer:
    return open_gazetteer()


def countries(matches: tuple[Match, ...]) -> set[str]:
    return {match.place.country for match in matches}


@pytest.mark.parametrize(
    "spellings",
    [
        ("Naqura", "Naqoura", "An Nāqūrah", "al-Naqura", "Naqqoura"),
        ("Deir ez-Zor", "Dayr az Zawr", "Deir al-Zour", "Deir ez Zor"),
        ("Bint Jbeil", "Bent Jbail"),
        ("Kfar Kila", "Kafr Kila", "Kfar Kela"),
        ("Tal Abyad", "Tell Abyad", "Tall Abyaḑ"),
        ("Ain Ebel", "Ayn Ibil", "Ein Ebel"),
        ("Jabal al-Zawiya", "Jebel az-Zawiyah"),
        ("Suwayda", "Sweida", "As-Suwaydā’", "Suweida"),
        ("Kupiansk", "Kup'yans'k", "Kupyansk"),
        ("Sulaymaniyah", "Sulaimaniya", "As Sulaymānīyah"),
        ("Hodeidah", "Al Hudaydah", "al-Hudayda"),
        ("Khan Sheikhoun", "Khān Shaykhūn"),
    ],
)
def test_romanisations_of_one_name_share_a_key(spellings: tuple[str, ...]) -> None:
    assert len({loose_key(name) for name in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "two"),
    [("Hama", "Hamas"), ("Homs", "Hama"), ("Sanaa", "Sinai"), ("Gaza", "Gazi"), ("Niger", "Nigeria")],
)
def test_different_names_have_different_keys(one: str, two: str) -> None:
    assert loose_key(one) != loose_key(two)


def test_exact_key_undoes_writing_only() -> None:
    assert exact_key("Aïn al-ʿArab") == exact_key("Ain Al Arab") == "ain al arab"
    assert exact_key("Mazar-i-Sharif") == exact_key("mazar i sharif")
    assert bare_key("Al-Qamishli") == bare_key("Qamishli") == "qamishli"
    assert exact_key("حمص") == loose_key("حمص") == ""


@given(st.text(max_size=30))
def test_keys_are_stable(name: str) -> None:
    assert exact_key(exact_key(name)) == exact_key(name)
    assert exact_key(name.upper()) == exact_key(name.upper().lower())


@pytest.mark.parametrize(
    ("name", "country", "latitude", "longitude"),
    [
        ("Naqoura", "LBN", 33.1, 35.1),
        ("Saraqeb", "SYR", 35.9, 36.8),
        ("El Fasher", "SDN", 13.6, 25.3),
        ("Maiduguri", "NGA", 11.8, 13.2),
        ("Kharkiv", "UKR", 50.0, 36.2),
        ("Culiacán", "MEX", 24.8, -107.4),
        ("Ain al-Asad", "IRQ", 33.8, 42.4),
    ],
)
def test_find_gives_the_place_where_it_lies(
    gazetteer: Gazetteer, name: str, country: str, latitude: float, longitude: float
) -> None:
    places = [match.place for match in gazetteer.find(name) if match.place.country == country]
    assert any(
        kilometres(place.latitude, place.longitude, latitude, longitude) < 25
        for place in places
        if place.latitude is not None and place.longitude is not None
    )


def test_find_gives_all_namesakes(gazetteer: Gazetteer) -> None:
    assert {"LBN", "LBY"} <= countries(gazetteer.find("Tripoli"))
    assert {"country", "admin1"} <= {match.place.feature for match in gazetteer.find("Georgia")}


@pytest.mark.parametrize("name", ["", " ", "-", "Qwrtzpl", "حمص", "Xyzzyville", "\x00"])
def test_find_gives_nothing_for_what_is_no_name(gazetteer: Gazetteer, name: str) -> None:
    assert gazetteer.find(name) == ()


def test_own_table_names_the_place_and_geonames_numbers_it(gazetteer: Gazetteer) -> None:
    place = gazetteer.find("Naqura")[0].place
    assert (place.name, place.admin1, place.source) == ("Naqoura", "South", "own")
    assert place.geoname_id is not None


@pytest.mark.parametrize(
    ("name", "country", "capital"),
    [("Anbar", "IRQ", "Ramadi"), ("North Darfur", "SDN", "El Fasher"), ("Borno", "NGA", "Maiduguri")],
)
def test_divisions_are_places_at_their_capital(gazetteer: Gazetteer, name: str, country: str, capital: str) -> None:
    divisions = [match.place for match in gazetteer.find(name) if match.place.feature == "admin1"]
    assert [(place.country, place.location) for place in divisions] == [(country, capital)]


def test_countries_have_no_coordinates(gazetteer: Gazetteer) -> None:
    (country,) = (match.place for match in gazetteer.find("Lebanon") if match.place.feature == "country")
    assert (country.country, country.latitude, country.longitude) == ("LBN", None, None)


def test_tables_obey_their_schemas() -> None:
    divisions = read_table(knowledge_path("admin1.csv"), Admin1Row)
    codes = [(row.country, row.code) for row in divisions if row.code]
    assert len(codes) == len(set(codes)) > 3500
    assert sum(len(read_table(path, OwnPlaceRow)) for path in own_tables()) > 1000


def _open_and_find(name: str) -> str:
    return open_gazetteer().find(name)[0].place.country


def test_processes_share_the_index() -> None:
    with multiprocessing.get_context("spawn").Pool(2) as pool:
        assert pool.map(_open_and_find, ["Naqoura", "Saraqeb"]) == ["LBN", "SYR"]


def test_missing_index_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="open_gazetteer"):
        Gazetteer(tmp_path / "none.sqlite")


def test_cache_folder_is_the_callers_choice(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CONFLICT_EVENTS_CACHE", str(tmp_path / "here"))
    assert index_path().parent == tmp_path / "here"
    assert (tmp_path / "here").is_dir()
