"""Texts in which a side speaks of itself: "our fighters", "the enemy", "they"."""

from __future__ import annotations

import pytest

GUERRILLAS = (
    "TO THE PUBLIC\n\nThe attacks of the Turkish army on our areas went on this week.\n\n"
    "On 12 May our forces opened fire on soldiers near Kani Masi, in the Amadiya district of Iraq, killing two of them. "
    "On 13 May the enemy bombed our positions near Amadiya with warplanes."
)


@pytest.mark.parametrize(
    ("source", "sides"),
    [
        ("HPG Press Centre", {"PKK: Kurdistan Workers Party", "Military Forces of Turkey"}),
    ],
)
def test_an_armed_group_speaks_of_itself_and_of_the_army_it_fights(coded, source, sides):
    rows = coded(GUERRILLAS, published="2023-05-14", source=source)
    clash = next(row for row in rows if row["sub_event_type"] == "Armed clash")
    strike = next(row for row in rows if row["event_type"] == "Explosions/Remote violence")
    assert {clash["actor1"], clash["actor2"]} == sides
    assert strike["actor1"] == "Military Forces of Turkey"


def test_a_newspaper_that_quotes_our_forces_is_no_party(coded):
    rows = coded(
        '"Our forces were attacked," the mayor said. Gunmen killed two soldiers near Amadiya in Iraq on Friday.',
        published="2023-05-14",
        source="The Hezbollah Watch",
    )
    assert "Hezbollah" not in {row[side] for row in rows for side in ("actor1", "actor2")}


def test_an_army_that_says_our_is_the_one_whose_office_speaks_wherever_it_fights(coded):
    rows = coded(
        "WEEKLY BRIEFING\n\nOn 10 June our aircraft bombed caves of the PKK in the Gara area of Iraq. "
        "On 11 June two PKK members opened fire on one of our outposts near Amadiya and were killed in the clash.",
        published="2023-06-13",
        source="Ministry of National Defence (Turkey)",
    )
    assert [{row["actor1"], row["actor2"]} for row in rows] == [
        {"Military Forces of Turkey", "PKK: Kurdistan Workers Party"}
    ] * 2
