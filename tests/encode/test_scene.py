"""Where and when: the event's own words first, then what governs them, never the dateline."""

from __future__ import annotations

import pytest

PUBLISHED = "2024-10-30"  # a Wednesday


@pytest.mark.parametrize(
    ("text", "location", "country"),
    [
        ("BEIRUT, Oct 29 (Reuters) - An Israeli drone struck a car in Khiam on Tuesday.", "Khiam", "Lebanon"),
        ("BEIRUT, Oct 29 (Reuters) - An Israeli drone struck a car in southern Lebanon.", None, "Lebanon"),
        ("Militants attacked Gao in Mali on Monday.\n\nThe fighters killed two shopkeepers there.", "Gao", "Mali"),
        ("Gunmen attacked a church in Jos in Nigeria on Monday.\n\nThe gunmen killed a priest.", "Jos", "Nigeria"),
    ],
)
def test_place(coded, text, location, country):
    (row,) = coded(text, published=PUBLISHED)
    assert (row["location"], row["country"]) == (location, country)


@pytest.mark.parametrize(
    ("text", "date", "precision"),
    [
        ("Gunmen killed six villagers in Gusau, Nigeria, on Monday.", "2024-10-28", 1),
        ("On 27 October gunmen killed six villagers in Gusau, Nigeria.", "2024-10-27", 1),
        ("Gunmen killed six villagers in Gusau, Nigeria, last week.", "2024-10-24", 2),
        ("Gunmen killed six villagers in Gusau, Nigeria, in September.", "2024-09-15", 3),
        # the sentence after it, and else the day of publication
        ("Gunmen attacked a market in Gusau in Nigeria. The attack took place on Monday.", "2024-10-28", 1),
        ("Gunmen killed six villagers in Gusau, Nigeria.", "2024-10-30", 1),
        # the dateline's day is that of the report
        ("LAGOS, Oct 29 (AFP) - Gunmen killed six villagers in Gusau on Monday.", "2024-10-28", 1),
    ],
)
def test_date(coded, text, date, precision):
    (row,) = coded(text, published=PUBLISHED)
    assert (str(row["event_date"]), row["time_precision"]) == (date, precision)


def test_a_later_event_without_a_day_takes_that_of_the_lede(coded):
    text = (
        "On Monday, gunmen attacked a market in Gusau in Nigeria. A tractor crossed a field. "
        "In Zuru, bandits abducted four farmers."
    )
    rows = coded(text, published=PUBLISHED)
    assert [(row["location"], str(row["event_date"])) for row in rows] == [
        ("Gusau", "2024-10-28"),
        ("Zuru", "2024-10-28"),
    ]


def test_without_any_day_the_date_stays_blank(coded):
    (row,) = coded("Gunmen killed nine villagers in Gusau, Nigeria.")
    assert (row["event_date"], row["time_precision"], row["location"]) == (None, None, "Gusau")


def test_a_heading_places_what_stands_below_it(coded):
    text = "Zamfara\n\nBandits abducted nine villagers on Monday.\n\nKano\n\nBandits abducted four farmers on Tuesday."
    rows = coded(text, title="Notes of the week", published=PUBLISHED)
    assert rows[-1]["location"] == "Kano"
    assert "Kano" not in [row["location"] for row in rows[:-1]]


def test_place_and_date_are_traced_to_their_words(coded):
    text = "Gunmen killed six villagers in Gusau, Nigeria, on Monday."
    (row,) = coded(text, published=PUBLISHED)
    words = {(e["column"], text[e["start"] : e["end"]]) for e in row["evidence"]}
    assert words >= {("location", "Gusau"), ("event_date", "Monday"), ("fatalities", "six villagers")}


def test_who_is_taken_from_a_house_was_taken_there(coded):
    (row,) = coded("Gunmen abducted two teachers from their house in Gusau in Nigeria on Monday.", published=PUBLISHED)
    assert row["location"] == "Gusau"


def test_an_old_entry_of_a_list_stands_by_its_own_day(coded):
    text = (
        "Five policemen were killed by a roadside bomb in Wajir in Kenya on Monday. Some earlier attacks:\n\n"
        "* May 21, 2016 - Two teachers are abducted by Al Shabaab and driven towards the frontier.\n"
    )
    assert [str(row["event_date"]) for row in coded(text, published=PUBLISHED)] == ["2024-10-28", "2016-05-21"]


def test_an_airport_is_found_however_it_is_written(coded):
    (row,) = coded("The Houthis fired a missile at Ben Gurion airport in Israel on Monday.", published=PUBLISHED)
    assert row["location"] == "Ben Gurion Airport"


def test_the_day_on_which_somebody_mourns_is_not_that_of_the_event(coded):
    text = (
        "President Petro on Monday condemned an ambush by the ELN near La Plata that left five soldiers dead on Sunday."
    )
    (row,) = coded(text, published=PUBLISHED)
    assert str(row["event_date"]) == "2024-10-27"
