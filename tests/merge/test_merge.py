"""Merge: one event told by several outlets becomes one row, and two events stay two."""

from __future__ import annotations

import datetime as dt
from itertools import permutations

import pytest

from pipeline.merge import merge
from pipeline.tables import REPORTS, to_arrow

DAY = dt.date(2022, 6, 13)


def report(doc_id="a", number=1, **changes):
    row = dict.fromkeys(REPORTS.names)
    row |= {
        "event_id": f"{doc_id}-{number:02d}",
        "doc_id": doc_id,
        "source": f"Paper {doc_id}",
        "notes": "Told in short.",
        "record_type": "event",
        "event_type": "Explosions/Remote violence",
        "incidents": 1,
        "certainty": "asserted",
        "sub_event_type": "Shelling/artillery/missile attack",
        "event_date": DAY,
        "year": 2022,
        "time_precision": 1,
        "actor1": "Houthis",
        "inter1": 2,
        "actor2": "Civilians (Yemen)",
        "inter2": 7,
        "country": "Yemen",
        "admin1": "Taiz",
        "location": "Taiz",
        "latitude": 13.579,
        "longitude": 44.021,
        "fatalities": 11,
        "evidence": [],
        "confidence": 0.8,
        "timestamp": dt.datetime(2022, 6, 15, tzinfo=dt.UTC),
    }
    return row | changes


def merged(*reports, duplicates=None):
    events = merge(list(reports), duplicates or {})
    to_arrow("events", events)  # every event must fit the table
    return events


def test_two_outlets_make_one_event_with_the_lower_toll_and_the_spread():
    fullest = report("b", fatalities=14, confidence=0.9)
    (event,) = merged(report("a", fatalities=11), fullest, report("c", fatalities=12))
    assert event["event_id"] == "a-01"
    assert event["doc_ids"] == ["b", "a", "c"]
    assert sorted(event["sources"]) == ["Paper a", "Paper b", "Paper c"]
    assert event["n_reports"] == 3
    assert (event["fatalities"], event["fatalities_min"], event["fatalities_max"]) == (11, 11, 14)


def test_outlets_that_agree_have_no_spread():
    (event,) = merged(report("a"), report("b"))
    assert (event["fatalities"], event["fatalities_min"], event["fatalities_max"]) == (11, None, None)


def test_bounds_that_an_outlet_gives_widen_the_spread():
    (event,) = merged(report("a", fatalities=8, fatalities_min=8), report("b", fatalities=10, fatalities_max=15))
    assert (event["fatalities"], event["fatalities_min"], event["fatalities_max"]) == (8, 8, 15)


def test_the_wounded_are_merged_like_the_dead():
    (event,) = merged(report("a", injuries=30), report("b", injuries=25), report("c"))
    assert (event["injuries"], event["injuries_min"], event["injuries_max"]) == (25, 25, 30)


def test_the_fullest_report_gives_the_cells():
    (event,) = merged(report("a", actor1=None, confidence=0.6), report("b", notes="Told at length.", confidence=0.9))
    assert (event["actor1"], event["notes"]) == ("Houthis", "Told at length.")


SAME = [
    {"location": "Al Qahirah", "latitude": 13.60, "longitude": 44.04},
    {"actor1": "Unidentified Armed Group (Yemen)"},
    {"actor1": None},
    {"fatalities": 0},
    {"certainty": "alleged"},
    {"source": None},
]
ANOTHER = [
    {"event_date": dt.date(2022, 6, 14)},
    {"event_date": None},
    {"actor1": "Military Forces of Saudi Arabia"},
    {"actor2": "Military Forces of Yemen"},
    {"location": "Mocha", "latitude": 13.317, "longitude": 43.25},
    {"location": None, "latitude": None, "longitude": None},
    {"country": "Oman"},
    {"event_type": "Battles", "sub_event_type": "Armed clash"},
    {"record_type": "aggregate", "incidents": 12},
]


@pytest.mark.parametrize("changes", SAME)
def test_the_same_event(changes):
    assert len(merged(report("a"), report("b", **changes))) == 1
    assert len(merged(report("a", **changes), report("b"))) == 1


@pytest.mark.parametrize("changes", ANOTHER)
def test_another_event(changes):
    assert len(merged(report("a"), report("b", **changes))) == 2
    assert len(merged(report("a", **changes), report("b"))) == 2


def test_undated_events_are_never_merged():
    assert len(merged(report("a", event_date=None), report("b", event_date=None))) == 2


def test_two_events_of_one_article_are_never_merged():
    assert len(merged(report("a", 1), report("a", 2))) == 2


def test_two_raids_that_two_outlets_tell_are_two_events():
    events = merged(report("a", 1), report("a", 2), report("b", 1), report("b", 2))
    assert [event["n_reports"] for event in events] == [2, 2]


def test_a_repeated_text_adds_a_source_and_no_event():
    undated = {"event_date": None, "location": None, "latitude": None, "longitude": None}
    events = merged(
        report("a", 1, **undated), report("a", 2), report("b", 1, **undated), report("b", 2), duplicates={"b": "a"}
    )
    assert [(event["event_id"], event["n_reports"], event["doc_ids"]) for event in events] == [
        ("a-01", 2, ["a", "b"]),
        ("a-02", 2, ["a", "b"]),
    ]


def test_a_part_names_the_event_that_its_total_became():
    total = {
        "record_type": "aggregate",
        "event_type": None,
        "sub_event_type": None,
        "incidents": 12,
        "location": None,
        "latitude": None,
        "longitude": None,
        "admin1": None,
    }
    events = merged(
        report("a", 1, **total), report("b", 1, **total), report("b", 2, part_of="b-01", confidence=1.0), report("c", 1)
    )
    assert [(event["event_id"], event["part_of"]) for event in events] == [("a-01", None), ("b-02", "a-01")]


def test_a_part_keeps_its_total_when_another_outlet_tells_it_better():
    total = {"record_type": "aggregate", "sub_event_type": None, "incidents": 12, "location": None, "latitude": None}
    events = merged(report("a", 1, **total), report("a", 2, part_of="a-01"), report("b", confidence=1.0))
    assert [event["part_of"] for event in events] == [None, "a-01"]


def test_the_order_of_the_articles_does_not_change_what_is_merged():
    reports = [
        report("a"),
        report("b", fatalities=9),
        report("c", event_date=dt.date(2022, 6, 14)),
        report("d", location="Mocha", latitude=13.317, longitude=43.25),
    ]
    results = set()
    for order in permutations(reports):
        events = merged(*order)
        results.add(frozenset((frozenset(e["doc_ids"]), e["fatalities"], e["location"]) for e in events))
    assert len(results) == 1


def test_no_reports_make_no_events():
    assert merged() == []
