"""What the places component makes of texts: names in brackets in place_forms.csv, and texts of our own."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language
from spacy.tokens import Doc

import pipeline.annotate.places  # noqa: F401 - registers the component
from pipeline.gazetteer import kilometres
from pipeline.mentions import Mention, Zone, mentions_of

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
    assert len(forms(places=True)) >= 100
    assert len(forms(places=False)) >= 50


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
