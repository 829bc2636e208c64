"""Names as ACLED writes them for an event in a country."""

from __future__ import annotations

import pytest

from pipeline.actor_names import full_name


@pytest.mark.parametrize(
    ("name", "home", "where", "written"),
    [
        ("Military Forces", "ISR", "LBN", "Military Forces of Israel"),
        ("Police Forces", None, "USA", "Police Forces of the United States"),
        ("Military Forces", None, None, "Unidentified Military Forces"),
        ("Security Forces", None, "IRQ", "Police Forces of Iraq"),
        ("Protesters", None, "YEM", "Protesters (Yemen)"),
        ("Civilians", "CHN", "MLI", "Civilians (China)"),
        ("Civilians (International)", None, "YEM", "Civilians (International)"),
        ("Islamic State", None, "SYR", "Islamic State (Syria)"),
        ("Hezbollah", "LBN", "SYR", "Hezbollah"),
        ("Private Security Forces", None, "NGA", "Private Security Forces (Nigeria)"),
    ],
)
def test_full_name(name, home, where, written):
    assert full_name(name, home, where) == written
