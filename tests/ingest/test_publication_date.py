"""A text is dated by what it says of itself, and not at all where that is doubtful."""

from datetime import date

import pytest

from pipeline.ingest import document
from pipeline.ingest.day_expressions import find_days
from pipeline.ingest.publication_date import date_in_name, parse_published

HEAD = "Nurse killed in Marsabor"
BODY = "Shells fell on the southern quarter on Monday, killing a nurse, the health department of the town said."
MORE = "The department counted the dead of the week and asked for blood. A truce was talked about in the capital."


def dated(text):
    row = document(text)
    return row["published"], row["published_basis"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{HEAD}\n\nTESSIN, Orland, April 15, 2025 (ONA) — {BODY}", date(2025, 4, 15)),
        (f"{HEAD}\n\nTessin, 14 November 2024\n\n{BODY}", date(2024, 11, 14)),
        (f"{HEAD}\n\nMarch 16 - 2016 TESSIN / BAD ORLAND / NEW TESSIN\n\n{BODY}", date(2016, 3, 16)),
        (f"Spokesperson's Unit\nOperational update | 21 October 2024 | 17:00\n\n{BODY}", date(2024, 10, 21)),
        (f"Statement of the mission (14 May 2024)\n\n{BODY}", date(2024, 5, 14)),
        (f"ORLAND WATCH | Weekly | 12–18 May 2025\n\n{BODY}", date(2025, 5, 18)),
        (f"DIGEST No. 4\nReporting period: 28 May - 3 June 2024\n\n{BODY}", date(2024, 6, 3)),
        (f"Situation as of 22:00 12.12.2024\n\n{BODY}", date(2024, 12, 12)),
        (f"{HEAD}\n\n{BODY}\n\nPublished: 4 August 2025, 09.20 EST", date(2025, 8, 4)),
        (f"14/03/2025 — {BODY}", date(2025, 3, 14)),
        (f"2020-10-06: {BODY}", date(2020, 10, 6)),
        # Day and month in doubt: the weekday of the lead decides.
        (f"{HEAD}\n\n08-07-2021 10:22\n\nGrenades hit a house on Thursday, sources said.", date(2021, 7, 8)),
    ],
)
def test_dateline_and_header_lines(text, expected):
    assert dated(text) == (expected, "dateline")


@pytest.mark.parametrize(
    "text",
    [
        f"{HEAD}\n\nTESSIN, Aug 22 (ONA) - {BODY}",
        f"{HEAD}\n\nTESSIN, Aug 22 (ONA) - {BODY}\n\nThe siege has lasted since August 20, 2023.",
        f"{HEAD}\n\n08-07-2021\n\nA grenade was thrown at a house in Tessin, a source said.",
        f"Survivors remember the raid of 12 March 2004\n\n{BODY}",
    ],
)
def test_dateline_that_is_not_complete_dates_nothing(text):
    assert dated(text) == (None, "none")


def test_weekday_and_office_holders_complete_a_dateline():
    text = f"{HEAD}\n\nTESSIN, Thursday, Aug 22 - {BODY}\n\nUS President Joe Biden spoke of a grave mistake."
    assert dated(text) == (date(2024, 8, 22), "dateline")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"{HEAD}\n\nA mine killed three brothers in Tessin on Sunday, 26 January 2025. {MORE}", date(2025, 1, 26)),
        (
            "The government on Thursday accused the rebels of a breach after jets bombed Tessin in the early hours of "
            f"January 23, 2024. {MORE}",
            date(2024, 1, 25),
        ),
        (f"The army said last night, Friday, December 20, 2024, that it holds Tessin. {MORE}", date(2024, 12, 21)),
        (f"On 9 March 2023 a bomb killed the governor.\n\nClashes followed on 11 March. {MORE}", date(2023, 3, 11)),
    ],
)
def test_body(text, expected):
    assert dated(text) == (expected, "body")


@pytest.mark.parametrize(
    "text",
    [
        f"Rebels have shelled the port since October 7, 2023. {MORE}",
        f"The army wants to finish by March 31, 2026, its chief said. {MORE}",
        f"Whoever wins the vote on November 5, 2013, would replace the governor. {MORE}",
        f"A court sentenced two men on Monday for a bomb that killed nine people on 14 June 2019. {MORE}",
        f"Tessin marked the anniversary of the raid that killed forty people on 16 March 2008. {MORE}",
        f"The 7 October 2023 attack on the barracks is still being looked into. {MORE}",
        f"Three guards were shot on 3 May 2019, as they were in the war of 2021. {MORE}",
        f"On 3 May 2019 jets bombed Tessin. US President Joe Biden condemned the raid. {MORE}",
        BODY,
    ],
)
def test_history_plans_and_contradictions_do_not_date_a_text(text):
    assert dated(text) == (None, "none")


CAPTION = "Nurses of the Marsabor clinic carry a stretcher in Orland, {}. - NORDPIX/Lena Vik"
STORY = "The Marsabor clinic in Orland was hit again on {}, the health department said. Nurses were among the wounded."


@pytest.mark.parametrize(
    ("day", "weekday", "more", "expected"),
    [
        ("May 14, 2024", "Tuesday", "", date(2024, 5, 14)),
        ("May 14, 2024", "Wednesday", "It was first hit on Tuesday.", date(2024, 5, 14)),
        ("May 14, 2024", "Friday", "", None),
        ("June 20, 2017", "Tuesday", "The Biden administration has said nothing.", None),
        ("May 14, 2024", "Tuesday", "The town was spared in the war of 2024.", None),
        ("May 14, 2024", "Tuesday", "A truce of 3 June 2024 had held.", None),
        ("May 14, 2024", "Tuesday", "It had been spared since the raid of 2 January.", None),
    ],
)
def test_caption_dates_only_where_nothing_contradicts_it(day, weekday, more, expected):
    text = f"{HEAD}\n\n{CAPTION.format(day)}\n\n{STORY.format(weekday)} {more}"
    assert dated(text) == (expected, "caption" if expected else "none")


@pytest.mark.parametrize(
    "caption",
    [
        "Nurses of the Marsabor clinic carry a stretcher in Orland, May 14, 2024. - NORDPIX file photo",
        "FILE - Nurses of the Marsabor clinic carry a stretcher in Orland, May 14, 2024.",
        "Nurses of the Marsabor clinic in Orland take part in an annual parade, May 14, 2024. (AFP)",
        "A view of the old town, May 14, 2024. (AFP)",
    ],
)
def test_old_staged_or_unrelated_pictures_date_nothing(caption):
    assert dated(f"{HEAD}\n\n{caption}\n\n{STORY.format('Tuesday')}") == (None, "none")


@pytest.mark.parametrize(
    ("name", "url", "expected"),
    [
        ("2024-10-30 raid.txt", None, date(2024, 10, 30)),
        ("raid_20241030.html", None, date(2024, 10, 30)),
        ("1234520241030.txt", None, None),
        ("2024-10-30_2024-11-02.txt", None, None),
        ("page.html", "https://p.example/2024/10/30/raid", date(2024, 10, 30)),
        ("", "https://p.example/news/20241030", date(2024, 10, 30)),
    ],
)
def test_names(name, url, expected):
    assert date_in_name(name, url) == expected


@pytest.mark.parametrize("value", [None, "", True, float("nan"), -5, "soon", "10:30", "May 2024", "0000-00-00", [1]])
def test_no_dates(value):
    assert parse_published(value) is None


@pytest.mark.parametrize("text", ["31 June 2024", "May 24.5 per cent", "2024-13-01", "May 10:30", ""])
def test_impossible_days_are_not_found(text):
    assert not find_days(text)
