"""What the places component makes of texts: names in brackets in place_forms.csv, and texts of our own."""

from __future__ import annotations

import csv
from itertools import pairwise
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

import pipeline.annotate.places  # noqa: F401 - registers the component
from pipeline.gazetteer import displaced, kilometres, open_gazetteer
from pipeline.mentions import Mention, Zone, mention_of, mentions_of

FORMS = Path(__file__).with_name("place_forms.csv")


def forms(places: bool) -> list[dict[str, str]]:
    with FORMS.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(line for line in file if not line.startswith("#")))
    return [row for row in rows if bool(row["country"]) == places]


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.blank("en")
    nlp.add_pipe("sentencizer")
    nlp.add_pipe("conflict_places")
    return nlp


def read(nlp: Language, marked: str) -> tuple[Doc, int, int]:
    """Read a text with one stretch in brackets; return its offsets without them."""
    start, end = marked.index("["), marked.index("]") - 1
    return nlp(marked.replace("[", "").replace("]", "")), start, end


def mentions_at(doc: Doc, start: int, end: int) -> list[Mention]:
    return [span._.mention for span in mentions_of(doc, "PLACE") if span.start_char < end and start < span.end_char]


def places_of(doc: Doc) -> dict[str, Mention]:
    return {span.text: span._.mention for span in mentions_of(doc, "PLACE")}


def test_the_forms_are_as_many_as_they_should_be() -> None:
    assert len(forms(places=True)) >= 300
    assert len(forms(places=False)) >= 150


@pytest.mark.parametrize("row", forms(places=True), ids=lambda row: row["text"])
def test_place_is_found_where_it_lies(nlp: Language, row: dict[str, str]) -> None:
    doc, start, end = read(nlp, row["text"])
    (mention,) = mentions_at(doc, start, end)
    assert mention.country == row["country"]
    if not row["latitude"]:
        assert (mention.latitude, mention.longitude, mention.geo_precision) == (None, None, None)
        return
    assert mention.latitude is not None
    assert mention.longitude is not None
    assert kilometres(mention.latitude, mention.longitude, float(row["latitude"]), float(row["longitude"])) < 25
    assert not row["precision"] or mention.geo_precision == int(row["precision"])


@pytest.mark.parametrize("row", forms(places=False), ids=lambda row: row["text"])
def test_what_is_no_place_is_none(nlp: Language, row: dict[str, str]) -> None:
    doc, start, end = read(nlp, row["text"])
    assert [mention for mention in mentions_at(doc, start, end) if mention.confidence >= 0.5] == []


@pytest.mark.parametrize(
    ("text", "name", "country"),
    [
        ("Three men were killed in Tripoli, Libya. Gunmen held Tripoli for an hour.", "Tripoli", "LBY"),
        ("Three men were killed in Tripoli, north Lebanon. Gunmen held Tripoli for an hour.", "Tripoli", "LBN"),
        ("The Libyan army shelled Misrata and Zuwara. A curfew was declared in Tripoli.", "Tripoli", "LBY"),
        ("The Lebanese army was fired at in Sidon and Zahle. A curfew was declared in Tripoli.", "Tripoli", "LBN"),
        ("Villagers fled Georgia's capital as Georgian police entered Gori.", "Georgia", "GEO"),
        ("Israel kept silent. Jets raided Lebanon.", "Lebanon", "LBN"),
    ],
)
def test_namesakes_are_told_apart_by_the_text(nlp: Language, text: str, name: str, country: str) -> None:
    found = [span._.mention.country for span in mentions_of(nlp(text), "PLACE") if span.text == name]
    assert found
    assert set(found) == {country}


@pytest.mark.parametrize(
    ("text", "name", "location", "precision"),
    [
        ("Iraqi police defused a bomb in Anbar province.", "Anbar province", "Ramadi", 3),
        ("Two men were shot in Haret Hreik in Lebanon.", "Haret Hreik", "Beirut", 1),
        ("Iraqi farmers were kidnapped in Daquq district.", "Daquq district", "Daquq", 2),
        ("Iraqi police fired at a crowd in the Karrada district of Baghdad.", "Baghdad", "Baghdad", 1),
        ("A bomb went off on the road linking Homs with Hama in Syria.", "Hama", "Hama", 2),
        ("The Syrian army bombed the countryside of Hama.", "Hama", "Hama", 3),
        ("A mortar round wounded a child on the edge of Idlib in Syria.", "Idlib", "Idlib", 2),
        ("Syrian troops have sealed off Idlib.", "Idlib", "Idlib", 1),
    ],
)
def test_words_beside_a_name_set_where_it_is_coded(
    nlp: Language, text: str, name: str, location: str, precision: int
) -> None:
    mention = places_of(nlp(text))[name]
    assert (mention.canonical, mention.geo_precision) == (location, precision)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Baghdad said the raid broke the truce.", "Baghdad"),
        ("Protesters in Iraq accused Moscow of arming both sides after talks with Moscow.", "Moscow"),
        ("A shop was burned in Tripoli, Libya.", "Libya"),
        ("Six men died in Marte (Borno), Nigeria.", "Borno"),
    ],
)
def test_governments_and_qualifiers_are_context_only(nlp: Language, text: str, name: str) -> None:
    found = [span._.mention for span in mentions_of(nlp(text), "PLACE") if span.text == name]
    assert all(mention.confidence < 0.5 for mention in found)


def test_the_capital_is_the_countrys(nlp: Language) -> None:
    mention = places_of(nlp("Rival militias fought with tanks in the Libyan capital on Tuesday."))["Libyan capital"]
    assert (mention.canonical, mention.country, mention.geo_precision) == ("Tripoli", "LBY", 1)
    assert "capital" not in places_of(nlp("He called for capital punishment in Libya."))


def test_sea_has_no_country(nlp: Language) -> None:
    mention = places_of(nlp("A tanker was hit in the Red Sea on Monday."))["Red Sea"]
    assert (mention.feature, mention.country, mention.latitude) == ("sea", None, None)


def test_unknown_namesakes_of_other_countries_give_no_answer(nlp: Language) -> None:
    doc = nlp("Two soldiers were killed when their lorry struck a mine in Santa Ana.")
    assert all(mention.country is None for mention in places_of(doc).values())


def test_dateline_is_a_place_like_others(nlp: Language) -> None:
    doc = nlp.make_doc("TRIPOLI, Libya - Gunmen seized an oil terminal in Zawiya on Monday.")
    doc._.layout = (Zone("dateline", 0, 14),)
    for _, component in nlp.pipeline:
        doc = component(doc)
    assert {name: mention.country for name, mention in places_of(doc).items()} == {
        "TRIPOLI": "LBY",
        "Libya": "LBY",
        "Zawiya": "LBY",
    }


@pytest.mark.parametrize(
    "text", ["", " ", "\n\n", "'", "al-", "-", "The", "Al Al Al", "(", "São\u200bPaulo", "حمص", "𝕳𝖔𝖒𝖘"]
)
def test_odd_texts_do_no_harm(nlp: Language, text: str) -> None:
    assert nlp(text).text == text


JOINING = ["in", "near", "the", "of", "al-", ",", "(", ")", ".", ":", "–", "south", "said", "road", "to", "\n"]
NAMING = ["Homs", "Tripoli", "Libya", "Syria's", "Deir", "ez-Zor", "Libyan", "capital", "district", "province", "Ali"]
WORDS = st.sampled_from([*JOINING, *NAMING])


@given(st.lists(WORDS | st.text(max_size=4), max_size=25))
@settings(max_examples=150, deadline=None)
def test_mentions_lie_in_the_text_and_apart(nlp: Language, words: list[str]) -> None:
    doc = nlp(" ".join(words))
    spans = mentions_of(doc, "PLACE")
    assert all(one.end <= two.start for one, two in pairwise(spans))
    for span in spans:
        mention = span._.mention
        assert doc.text[span.start_char : span.end_char] == span.text
        assert 0.0 <= mention.confidence <= 1.0
        assert (mention.latitude is None) == (mention.longitude is None)
        assert (mention.geo_precision is None) == (mention.latitude is None)


def test_minimum_confidence_leaves_context_out() -> None:
    strict = spacy.blank("en")
    strict.add_pipe("conflict_places", config={"min_confidence": 0.5})
    assert list(places_of(strict("A shop was burned in Tripoli, Libya."))) == ["Tripoli"]


@pytest.mark.parametrize(
    ("text", "north", "east"),
    [
        ("A drone hit a truck 12 km north of Hodeidah, Yemen.", 12, 0),
        ("Gunmen ambushed troops some 40 kilometres south-east of Maiduguri in Nigeria.", -28.3, 28.3),
        ("Shells fell five miles to the west of Kupiansk, Ukraine.", 0, -8.05),
        ("A patrol was hit twenty km northwest of Kidal in Mali.", 14.1, -14.1),
        ("A patrol was hit near Kidal in Mali.", 0, 0),
    ],
)
def test_so_far_from_a_town_moves_the_point_not_the_name(nlp: Language, text: str, north: float, east: float) -> None:
    (mention,) = [m for m in places_of(nlp(text)).values() if m.latitude is not None]
    town = next(m.place for m in open_gazetteer().find(mention.canonical) if m.place.country == mention.country)
    assert mention.geo_precision == 2
    moved_north = kilometres(town.latitude, town.longitude, mention.latitude, town.longitude)
    moved_east = kilometres(mention.latitude, town.longitude, mention.latitude, mention.longitude)
    assert moved_north == pytest.approx(abs(north), abs=0.3)
    assert moved_east == pytest.approx(abs(east), abs=0.3)
    assert (mention.latitude - town.latitude) * north >= 0
    assert (mention.longitude - town.longitude) * east >= 0


@given(st.floats(-80, 80), st.floats(-179, 179), st.floats(0.1, 150), st.floats(0, 360))
def test_displaced_points_lie_as_far_as_asked(latitude: float, longitude: float, km: float, bearing: float) -> None:
    assert kilometres(latitude, longitude, *displaced(latitude, longitude, km, bearing)) == pytest.approx(km, abs=0.05)


def test_a_building_does_not_bear_the_name_of_a_town_abroad(nlp: Language) -> None:
    doc = nlp("Eight lorries were burned at the Santa Ana estate in the commune of Collipulli in Chile.")
    assert {mention_of(place).country for place in doc.spans["places"]} == {"CHL"}


def test_who_acts_in_a_town_is_no_place(nlp: Language) -> None:
    (mention,) = places_of(nlp("Police in Dhaka clashed with workers.")).values()
    assert mention.confidence > 0.5


def test_a_label_gives_its_country_to_what_follows(nlp: Language) -> None:
    doc = nlp(
        "Myanmar: A shell hit a school in Sittwe.\n\nPalestine: Soldiers entered a school in Hebron.\n\n"
        "Yemen: A mine went off near Hays.\n"
    )
    assert places_of(doc)["Hebron"].country == "PSE"


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Fano fighters took Lemi near Debre Birhan in Ethiopia's Amhara region.", "Lima"),
        ("Gunmen shot two men in the Tierra Blanca neighbourhood of Culiacan in Sinaloa.", "Tierra Blanca"),
        ("Police in Culiacan, in the north-west of Mexico, found a body.", "Mexico City"),
    ],
)
def test_no_far_namesake_is_guessed(nlp: Language, text: str, name: str) -> None:
    assert name not in {span.kb_id_ for span in mentions_of(nlp(nlp.make_doc(text)), "PLACE")}
