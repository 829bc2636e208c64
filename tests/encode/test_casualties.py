"""The dead and the hurt of an event: what is added, what is not, and where figures conflict."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

Coder = Callable[..., list[dict[str, Any]]]


def first(coded: Coder, text: str) -> dict[str, Any]:
    rows = coded(text, doc_id="t", published=dt.date(2025, 3, 20))
    return next(row for row in rows if row["record_type"] == "event")


@pytest.mark.parametrize(
    ("text", "dead", "low", "high"),
    [
        ("A bomb in Kirkuk killed nine people on Monday.", 9, None, None),
        ("A drone hit a car in Nabatieh on Monday, killing a commander and his driver.", 2, None, None),
        ("A bomb in Kirkuk killed nine people on Monday, including two children.", 9, None, None),
        ("Three farmers, among them a boy, were killed by a mine in Hajin on Monday.", 3, None, None),
        ("Army jets bombed a market in Mellit on Monday, killing at least 12 people.", 12, 12, None),
        ("Between 12 and 15 people were killed in an air strike on Mellit on Monday.", 12, 12, 15),
        ("Up to seven people were killed in an air strike on Mellit on Monday.", 7, None, 7),
        ("Dozens of people were killed in an air strike on Mellit on Monday.", 12, 12, None),
        ("Army jets bombed a house in Mellit on Monday. Four people died.", 4, None, None),
        ("Six people died in a rocket attack on Tyre on Monday, bringing the toll to 214 since March.", 6, None, None),
        ("Israeli shells hit a house in Yaroun on Monday. Nobody was killed.", 0, None, None),
        ("Israeli artillery shelled the outskirts of Yaroun on Monday.", 0, None, None),
        (
            "Gunmen attacked a village near Naka on Monday. Police counted 11 dead; the council insists on 23.",
            11,
            11,
            23,
        ),
        (
            "Gunmen attacked a village near Naka on Monday. The toll is put at 11 by the mayor and at 14 by elders.",
            11,
            11,
            14,
        ),
        (
            "A crowd dragged two strangers from a bus in Port-au-Prince on Monday and hacked them to death.",
            2,
            None,
            None,
        ),
        (
            "Shells hit Mellit on Monday, killing 17 people: nine civilians, six soldiers and two guards.",
            17,
            None,
            None,
        ),
        ("The Turkish army said it had neutralised 12 PKK terrorists in Gara on Monday.", 0, None, 12),
        ("Pakistani security forces neutralised four militants in Kulachi on Monday.", 4, None, None),
        ("Nigerian troops eliminated seven Boko Haram fighters in Konduga on Monday.", 7, None, None),
    ],
)
def test_deaths(coded: Coder, text: str, dead: int, low: int | None, high: int | None) -> None:
    row = first(coded, text)
    assert (row["fatalities"], row["fatalities_min"], row["fatalities_max"]) == (dead, low, high)


@pytest.mark.parametrize(
    ("text", "hurt"),
    [
        ("A bomb in Kirkuk wounded nine people on Monday.", 9),
        ("A bomb in Kirkuk killed two policemen and wounded nine others on Monday.", 9),
        ("Israeli shells hit a house in Yaroun on Monday. Nobody was hurt.", 0),
        ("A bomb in Kirkuk killed two policemen on Monday.", None),
        ("A soldier was wounded and three others were hurt when a mine exploded in Gara on Monday.", 4),
    ],
)
def test_injuries(coded: Coder, text: str, hurt: int | None) -> None:
    assert first(coded, text)["injuries"] == hurt
