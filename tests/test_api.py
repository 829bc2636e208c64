"""What an analyst gets from one text: a DataFrame of the promised types, coded as a careful reader would."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from pandas.api import types

import pipeline
from pipeline.tables import REPORTS

STORY = (
    "Boko Haram militants attacked the village of Gamboru in Nigeria's Borno State on Saturday, killing 12 villagers "
    "and wounding seven, police said."
)


@pytest.fixture(scope="module")
def frame(nlp):
    return pipeline.extract(STORY, published="2021-05-05", source="Lake Daily", nlp=nlp)


@pytest.fixture(scope="module")
def empty(nlp):
    return pipeline.extract("The council met in Lima on Monday to talk about schools and roads.", nlp=nlp)


@pytest.mark.parametrize("name", ["frame", "empty"])
def test_columns_have_the_promised_types(name, request):
    frame = request.getfixturevalue(name)
    assert list(frame.columns) == REPORTS.names
    for column in ("event_date", "event_date_end", "timestamp"):
        assert types.is_datetime64_any_dtype(frame[column])
    for column in ("fatalities", "injuries", "injuries_min", "incidents"):
        assert frame[column].dtype == pd.Int64Dtype()
    for column in ("inter1", "inter2", "geo_precision", "time_precision"):
        assert frame[column].dtype == pd.Int8Dtype()
    for column in ("latitude", "longitude", "confidence"):
        assert types.is_float_dtype(frame[column])
    assert types.is_string_dtype(frame["actor1"])


def test_a_text_without_events_gives_no_rows(empty):
    assert len(empty) == 0


def test_the_cells_of_a_clear_report(frame):
    (row,) = frame.to_dict("records")
    expected = {
        "event_date": pd.Timestamp("2021-05-01"),
        "year": 2021,
        "time_precision": 1,
        "date_basis": "metadata",
        "disorder_type": "Political violence",
        "event_type": "Violence against civilians",
        "sub_event_type": "Attack",
        "inter1": 2,
        "actor2": "Civilians (Nigeria)",
        "inter2": 7,
        "interaction": "Rebel group-Civilians",
        "civilian_targeting": "Civilian targeting",
        "iso": 566,
        "region": "Western Africa",
        "country": "Nigeria",
        "location": "Gamboru",
        "fatalities": 12,
        "injuries": 7,
        "source": "Lake Daily",
        "record_type": "event",
        "incidents": 1,
        "certainty": "attributed",
    }
    assert {name: row[name] for name in expected} == expected


def test_every_filled_cell_is_traced_to_its_words(frame):
    (row,) = frame.to_dict("records")
    words = {(e["column"], STORY[e["start"] : e["end"]]) for e in row["evidence"]}
    assert words >= {
        ("event_type", "attacked"),
        ("actor1", "Boko Haram militants"),
        ("actor2", "villagers"),
        ("location", "Gamboru"),
        ("event_date", "Saturday"),
        ("fatalities", "12 villagers"),
        ("injuries", "seven"),
    }


def test_without_a_publication_date_relative_days_stay_open(nlp):
    frame = pipeline.extract("Gunmen killed six bus passengers near Jos in Nigeria on Monday.", nlp=nlp)
    (row,) = frame.to_dict("records")
    assert pd.isna(row["event_date"])
    assert pd.isna(row["year"])
    assert row["fatalities"] == 6


def test_a_date_may_be_given_as_a_date(nlp, frame):
    again = pipeline.extract(STORY, published=dt.date(2021, 5, 5), nlp=nlp)
    assert again["event_date"].tolist() == frame["event_date"].tolist()


def test_the_model_is_loaded_when_none_is_given():
    assert len(pipeline.extract(STORY, published="2021-05-05")) == 1


BAD = [
    ({"text": ""}, "no text"),
    ({"text": " \n "}, "no text"),
    ({"text": STORY, "published": "last week"}, "isoformat"),
    (
        {
            "text": "Des hommes armés ont tué trois gendarmes lundi près du village de Tillabéri, selon le maire de la "
            "commune. Les assaillants sont repartis à moto vers la frontière."
        },
        "language: fr",
    ),
    ({"text": "killed " * 200_000}, "longer than"),
]


@pytest.mark.parametrize(("arguments", "message"), BAD)
def test_what_cannot_be_coded_is_a_value_error(nlp, arguments, message):
    with pytest.raises(ValueError, match=message):
        pipeline.extract(**arguments, nlp=nlp)


# (published, text, cells of each row). Sentences that leave a reader no choice.
CLEAR = {
    "a strike told by a dated wire lede": (
        None,
        "TYRE, Lebanon, Oct 22, 2024 (Coast Press) - An Israeli drone strike hit a car near the coastal city of Tyre "
        "on Tuesday, killing two people and wounding three.",
        [
            {
                "event_date": dt.date(2024, 10, 22),
                "sub_event_type": "Air/drone strike",
                "inter1": 8,
                "inter2": 7,
                "actor1": "Military Forces of Israel",
                "actor2": "Civilians (Lebanon)",
                "country": "Lebanon",
                "location": "Tyre",
                "fatalities": 2,
                "injuries": 3,
            }
        ],
    ),
    "a passive without an agent": (
        "2022-01-12",
        "A market in the town of Bambari in the Central African Republic was shelled on Monday. Four people were "
        "wounded.",
        [
            {
                "event_date": dt.date(2022, 1, 10),
                "sub_event_type": "Shelling/artillery/missile attack",
                "actor1": None,
                "inter1": None,
                "location": "Bambari",
                "fatalities": 0,
                "injuries": 4,
            }
        ],
    ),
    "soldiers killed by a mine": (
        "2023-06-07",
        "Three soldiers were killed on Tuesday when their vehicle struck an improvised explosive device near Ménaka in "
        "northern Mali, the army said.",
        [
            {
                "event_date": dt.date(2023, 6, 6),
                "sub_event_type": "Remote explosive/landmine/IED",
                "fatalities": 3,
                "actor2": "Military Forces of Mali",
                "inter2": 1,
                "country": "Mali",
                "civilian_targeting": None,
                "certainty": "attributed",
            }
        ],
    ),
    "a protest that police break up": (
        "2022-09-15",
        "Police fired tear gas at protesters in Tripoli, Lebanon, on Wednesday. No one was hurt.",
        [
            {
                "event_date": dt.date(2022, 9, 14),
                "sub_event_type": "Protest with intervention",
                "location": "Tripoli",
                "actor1": "Protesters (Lebanon)",
                "actor2": "Police Forces of Lebanon",
                "fatalities": 0,
            }
        ],
    ),
    "live fire on a protest": (
        "2019-11-10",
        "Police in La Paz, Bolivia, opened fire on demonstrators on Saturday, killing two.",
        [
            {
                "event_date": dt.date(2019, 11, 9),
                "sub_event_type": "Excessive force against protesters",
                "fatalities": 2,
                "actor1": "Police Forces of Bolivia",
                "actor2": "Protesters (Bolivia)",
                "civilian_targeting": "Civilian targeting",
            }
        ],
    ),
    "a clash": (
        "2024-03-12",
        "Hezbollah fighters and Israeli soldiers exchanged fire near Aita al-Shaab in southern Lebanon on Sunday, "
        "leaving one soldier dead and four wounded.",
        [
            {
                "event_date": dt.date(2024, 3, 10),
                "event_type": "Battles",
                "sub_event_type": "Armed clash",
                "actor1": "Hezbollah",
                "actor2": "Military Forces of Israel",
                "fatalities": 1,
                "injuries": 4,
            }
        ],
    ),
    "an abduction": (
        "2021-05-05",
        "Unidentified gunmen abducted four schoolteachers from the village of Kagara in Nigeria's Niger State on "
        "Sunday.",
        [
            {
                "event_date": dt.date(2021, 5, 2),
                "sub_event_type": "Abduction/forced disappearance",
                "fatalities": 0,
                "actor1": "Unidentified Armed Group (Nigeria)",
                "actor2": "Civilians (Nigeria)",
                "location": "Kagara",
            }
        ],
    ),
    "drones shot down without harm": (
        "2021-05-05",
        "Air defences intercepted three drones over Erbil in Iraq on Monday; no damage was reported.",
        [
            {
                "event_date": dt.date(2021, 5, 3),
                "sub_event_type": "Disrupted weapons use",
                "location": "Erbil",
                "fatalities": 0,
            }
        ],
    ),
    "headline and lede are one event": (
        "2024-11-01",
        "Suicide bomber kills nine in Mogadishu\n\nMOGADISHU, Somalia - A suicide bomber blew himself up outside a "
        "cafe in Mogadishu on Thursday, killing nine people, police said.\n\nThe blast wrecked the cafe.",
        [
            {
                "event_date": dt.date(2024, 10, 31),
                "sub_event_type": "Suicide bomb",
                "fatalities": 9,
                "location": "Mogadishu",
            }
        ],
    ),
    "two days, two places": (
        "2024-03-12",
        "On Sunday, Russian forces shelled the town of Avdiivka in Ukraine. On Monday, they shelled Kupiansk, killing "
        "one woman.",
        [
            {"event_date": dt.date(2024, 3, 10), "location": "Avdiivka", "fatalities": 0},
            {"event_date": dt.date(2024, 3, 11), "location": "Kupiansk", "fatalities": 1},
        ],
    ),
    "a total and a part of it": (
        "2024-11-01",
        "More than 40 attacks on aid convoys have been recorded in Darfur, Sudan, since 1 September, a monitor said. "
        "Fifteen of them were carried out by the Rapid Support Forces.",
        [
            {
                "record_type": "aggregate",
                "incidents": 40,
                "incidents_min": 41,
                "incidents_qualifier": "over",
                "event_date": dt.date(2024, 9, 1),
                "country": "Sudan",
                "part_of": None,
            },
            {"record_type": "aggregate", "incidents": 15, "actor1": "RSF: Rapid Support Forces", "part_of": "doc-01"},
        ],
    ),
    "a day reckoned from a caption is no better than a week": (
        None,
        "Strike on Khiam leaves three dead\n\nSmoke rises after an Israeli air strike on the town of Khiam, southern "
        "Lebanon, Oct. 9, 2024. (Photo: Coast Press)\n\nAn Israeli air strike killed three people in the southern "
        "Lebanese town of Khiam on Wednesday, the civil defence said.",
        [
            {
                "event_date": dt.date(2024, 10, 9),
                "time_precision": 2,
                "date_basis": "caption",
                "location": "Khiam",
                "fatalities": 3,
            }
        ],
    ),
    "an undated text": (
        None,
        "Al-Shabaab fighters captured the town of Adale in Somalia from government troops on Sunday.",
        [
            {
                "event_date": None,
                "time_precision": None,
                "event_type": "Battles",
                "location": "Adale",
                "sub_event_type": "Non-state actor overtakes territory",
                "actor1": "Al Shabaab",
            }
        ],
    ),
    "a threat": (
        "2024-08-02",
        "Hezbollah threatened on Thursday to strike Haifa with missiles if Beirut is bombed.",
        [],
    ),
    "a drill": (
        "2024-03-12",
        "The Lebanese army will hold a live-fire drill near Baalbek on Friday in which artillery will be fired.",
        [],
    ),
    "a denial": ("2024-05-05", "The army has not attacked the village of Kafr Kila, the mayor said on Monday.", []),
    "an anniversary": (
        "2024-03-12",
        "Ten years ago this week, gunmen stormed a hotel in Nairobi. On Monday, families laid wreaths.",
        [],
    ),
    "sport": (
        "2024-03-12",
        "The striker fired a missile from 30 metres as City bombarded the visitors' goal in Manchester on Saturday.",
        [],
    ),
    "a march and the tear gas that ends it are one event": (
        "2022-09-15",
        "Hundreds of people rallied in the Lebanese city of Tripoli on Wednesday to protest against power cuts. Police "
        "fired tear gas to disperse them.",
        [{"event_date": dt.date(2022, 9, 14), "sub_event_type": "Protest with intervention"}],
    ),
    "a dateline is nobody who acts": (
        "2021-05-05",
        "MAIDUGURI, Nigeria - Boko Haram militants attacked the village of Gamboru on Saturday, killing 12 villagers.",
        [{"actor1": "Boko Haram", "location": "Gamboru"}],
    ),
    "a road accident": ("2024-03-12", "Two people were killed when a lorry hit a bus in Lagos on Sunday.", []),
    "a visit long after an attack": (
        "2024-03-12",
        "The president of Mali visited Gao on Sunday, a year after an attack that killed 64 people.",
        [],
    ),
    "a sentence for a private crime": (
        "2024-03-12",
        "A court in Lyon sentenced a baker on Monday for killing his wife in 2019.",
        [],
    ),
    "rockets by a group under a dateline of its country": (
        "2024-03-12",
        "BEIRUT, Lebanon - Hezbollah fired rockets at the Israeli town of Kiryat Shmona on Sunday, wounding two.",
        [{"actor1": "Hezbollah", "location": "Kiryat Shmona", "injuries": 2}],
    ),
}


@pytest.mark.parametrize(("published", "text", "expected"), [pytest.param(*CLEAR[name], id=name) for name in CLEAR])
def test_clear_sentences(coded, published, text, expected):
    rows = coded(text, published=published, doc_id="doc")
    found = [{name: row[name] for name in cells} for row, cells in zip(rows, expected, strict=False)]
    assert (len(rows), found) == (len(expected), expected)
