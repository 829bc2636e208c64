from datetime import date

import pytest

from pipeline.ingest.offices import Office, office_window
from pipeline.knowledge import knowledge_path, read_table

ROWS = read_table(knowledge_path("offices.csv"), Office)


@pytest.mark.parametrize(
    ("text", "inside", "outside"),
    [
        ("President Joe Biden said so.", date(2022, 1, 1), date(2017, 6, 23)),
        ("The Biden administration said so.", date(2022, 1, 1), date(2017, 6, 23)),
        ("Lebanese Prime Minister Najib Mikati called for calm.", date(2024, 11, 10), date(2018, 1, 1)),
        ("Israel's defence minister, Yoav Gallant, spoke.", date(2024, 8, 22), date(2025, 8, 22)),
        ("US Defense Secretary Lloyd Austin spoke.", date(2023, 1, 1), date(2020, 1, 1)),
        ("President Trump spoke.", date(2018, 1, 1), date(2022, 1, 1)),
    ],
)
def test_office_holders_place_a_text_in_time(text, inside, outside):
    window = office_window(text)
    assert window.holds(inside)
    assert not window.holds(outside)


@pytest.mark.parametrize(
    "text",
    ["Former President Donald Trump spoke.", "Then-President Barack Obama agreed.", "Biden flew home.", ""],
)
def test_no_office_no_window(text):
    assert office_window(text).holds(date(2003, 1, 1))


def test_history_beside_the_present_leaves_the_later_beginning():
    window = office_window("President Joe Biden recalled how President George W. Bush began the war.")
    assert window.holds(date(2023, 1, 1))
    assert not window.holds(date(2010, 1, 1))


def test_terms_end_after_they_begin():
    assert not [row for row in ROWS if row.until < row.since]
    assert len(ROWS) > 300
