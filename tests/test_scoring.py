"""The scorer's figures on rows small enough to count by hand, and the gate that compares them with the floors."""

from __future__ import annotations

import csv
import json

import pytest

from benchmarks.evaluate import Result, raised, reliability, shortfalls, table, write_details
from benchmarks.scoring import CELLS, WHOLE_ROW, fold, likeness, paired, same_name, score

PASSAGE = "A mortar shell landed in the yard of a school in Derna on Sunday"


def gold(**changes):
    row = {
        "record_type": "event",
        "event_type": "Explosions/Remote violence",
        "sub_event_type": "Shelling/artillery/missile attack",
        "actor1": "Military Forces of Libya",
        "inter1": 1,
        "actor2": "Civilians (Libya)",
        "inter2": 7,
        "event_date": "2019-04-14",
        "time_precision": 1,
        "country": "Libya",
        "location": "Derna",
        "latitude": 32.77,
        "longitude": 22.64,
        "geo_precision": 1,
        "fatalities": 2,
        "injuries": None,
        "injuries_min": None,
        "incidents": 1,
        "civilian_targeting": True,
        "certainty": "asserted",
        "part_of": None,
        "evidence": PASSAGE,
        "optional": False,
    }
    return {**row, **changes}


def coded(**changes):
    row = {**gold(), "event_id": "a-01", "notes": PASSAGE + ".", "civilian_targeting": "Civilian targeting"}
    return {**row, "confidence": 0.9, **changes}


def scored(gold_rows, rows):
    return score([{"id": "a", "rows": gold_rows}], {"a": rows})


OTHER = {
    "event_type": "Battles",
    "sub_event_type": "Armed clash",
    "notes": "Gunmen clashed near the harbour.",
    "actor1": "Unidentified Armed Group (Libya)",
    "actor2": "Police Forces of Libya",
    "location": "Sirte",
    "latitude": 31.2,
    "longitude": 16.58,
    "event_date": "2019-04-11",
    "fatalities": 0,
    "event_id": "a-02",
}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Military Forces of Israel (2022-)", "Military Forces of Israel"),
        ("UNIFIL: United Nations Interim Force in Lebanon", "UNIFIL"),
        ("United Nations Interim Force in Lebanon", "UNIFIL: United Nations Interim Force in Lebanon"),
        ("Deir al-Zor", "Deir Zor"),
        ("Ménaka", "Menaka"),
        (None, None),
        (None, ""),
    ],
)
def test_names_that_are_the_same(one, other):
    assert same_name(one, other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Hamas", None), (None, "Hamas"), ("Civilians (Iraq)", "Civilians (Iran)"), ("Hezbollah", "Kataib Hezbollah")],
)
def test_names_that_are_not(one, other):
    assert not same_name(one, other)


def test_folding_leaves_the_words_that_tell_names_apart():
    assert fold("The Battle of Al-Ḥawīja (2017-)") == "battle hawija"


def test_a_row_that_equals_the_gold_row_is_wholly_right():
    result = scored([gold()], [coded()])
    assert result.outcomes == {"found": 1}
    wrong = {name: value for name, value in result.figures().items() if value not in (1.0, None)}
    assert wrong == {}


WRONG_CELLS = [
    ({"record_type": "aggregate"}, {"record_type"}),
    ({"event_type": "Battles"}, {"event_type"}),
    ({"actor1": None}, {"actor1", "actor pair"}),
    ({"actor1": "Civilians (Libya)", "actor2": "Military Forces of Libya"}, {"actor1", "actor2"}),
    ({"inter1": 8}, {"inter pair"}),
    ({"inter1": 7, "inter2": 1}, set()),
    ({"event_date": None}, {"event_date"}),
    ({"event_date": "2019-04-15"}, {"event_date"}),
    ({"location": "Al Derna"}, set()),
    ({"location": "Old Harbour", "latitude": 32.80, "longitude": 22.60}, set()),
    ({"location": "Sirte", "latitude": 31.2, "longitude": 16.58}, {"location"}),
    ({"location": "Sirte", "latitude": None, "longitude": None}, {"location"}),
    ({"location": None}, {"location"}),
    ({"fatalities": 3}, {"fatalities"}),
    ({"injuries_min": 1}, {"injuries"}),
    ({"incidents": 2}, {"incidents"}),
    ({"civilian_targeting": None}, {"civilian_targeting"}),
    ({"certainty": "alleged"}, {"certainty"}),
    ({"geo_precision": 2, "time_precision": 2}, {"geo_precision", "time_precision"}),
]


@pytest.mark.parametrize(("changes", "wrong"), WRONG_CELLS)
def test_cells_that_differ_are_wrong(changes, wrong):
    result = scored([gold()], [coded(**changes)])
    assert {name for name in CELLS if result.figures()[name] == 0} == wrong
    assert result.judgements[0].whole == (not wrong & WHOLE_ROW)


def test_missed_and_extra_rows_are_counted():
    result = scored(
        [gold(), gold(**OTHER, evidence=OTHER["notes"])],
        [
            coded(),
            coded(
                **OTHER
                | {
                    "notes": "Farmers brought in the harvest.",
                    "event_type": "Protests",
                    "sub_event_type": "Peaceful protest",
                }
            ),
        ],
    )
    assert result.outcomes == {"found": 1, "missed": 1, "extra": 1}
    figures = result.figures()
    assert (figures["precision"], figures["recall"], figures["F1"]) == (0.5, 0.5, 0.5)


def test_the_likelier_pair_is_made_first():
    rows = [coded(**OTHER), coded()]
    assert paired([gold(), gold(**OTHER, evidence=OTHER["notes"])], rows) == {0: 1, 1: 0}


def test_a_row_of_another_kind_and_another_passage_is_no_partner():
    assert likeness(gold(), coded(event_type="Riots", notes="Nothing of the kind.")) == 0


def test_the_same_day_and_place_do_not_make_a_pair_alone():
    unlike = coded(**OTHER | {"event_date": "2019-04-14", "location": "Derna"})
    assert paired([gold()], [unlike]) == {}


def test_optional_rows_cost_and_earn_nothing():
    assert scored([gold(optional=True)], []).outcomes == {"optional": 1}
    result = scored([gold(optional=True)], [coded()])
    assert result.outcomes == {"optional": 1}
    assert result.figures()["precision"] is None


@pytest.mark.parametrize(("part_of", "right"), [("a-00", 1.0), (None, 0.0), ("a-02", 0.0)])
def test_a_part_is_right_when_it_names_the_row_that_counts_it(part_of, right):
    total = {"record_type": "aggregate", "event_type": None, "sub_event_type": None, "incidents": 40}
    passage = "Some 40 incidents were logged in a month."
    rows = [coded(**total, event_id="a-00", notes=passage), coded(part_of=part_of)]
    result = scored([gold(**total, evidence=passage), gold(part_of=0)], rows)
    assert result.figures()["part_of"] == right


def test_articles_without_events_are_to_stay_empty():
    articles = [{"id": "a", "rows": []}, {"id": "b", "rows": []}]
    result = score(articles, {"b": [coded()]})
    assert result.figures()["kept empty"] == 0.5
    assert result.figures()["F1"] is None


def result_of(rows, digest="d1"):
    return Result("sample", digest, scored([gold()], rows))


def test_the_gate_is_quiet_when_floors_are_reached():
    result = result_of([coded()])
    assert list(shortfalls(result, raised(result, {}, allow_fall=False))) == []


def test_the_gate_names_each_figure_that_fell():
    pinned = raised(result_of([coded()]), {}, allow_fall=False)
    fallen = list(shortfalls(result_of([coded(fatalities=9)]), pinned))
    assert fallen == [
        "sample: whole-row F1 is 0.000, its floor is 1.000",
        "sample: fatalities is 0.000, its floor is 1.000",
    ]


@pytest.mark.parametrize(("floor", "fails"), [(1.004, False), (1.006, True)])
def test_the_gate_forgives_a_rounding(floor, fails):
    pinned = {"digest": "d1", "floors": {"F1": floor}}
    assert bool(list(shortfalls(result_of([coded()]), pinned))) == fails


def test_the_gate_notices_a_changed_gold_file_and_one_without_floors():
    pinned = raised(result_of([coded()]), {}, allow_fall=False)
    (line,) = shortfalls(result_of([coded()], digest="d2"), pinned)
    assert "gold file changed" in line
    assert "--update" in line
    assert "no floors yet" in next(shortfalls(result_of([coded()]), None))


def test_floors_rise_and_fall_only_when_told_to():
    high = raised(result_of([coded()]), {}, allow_fall=False)
    low = result_of([coded(location="Sirte", latitude=31.2, longitude=16.58)])
    assert raised(low, high, allow_fall=False)["floors"]["location"] == 1.0
    assert raised(low, high, allow_fall=True)["floors"]["location"] == 0.0


def test_details_tell_every_fault_with_its_passage(tmp_path):
    rows = [coded(fatalities=5), coded(**OTHER)]
    result = Result("sample", "", scored([gold(), gold(event_type="Riots", evidence="Shops were looted.")], rows))
    write_details(tmp_path / "faults.csv", [result])
    with (tmp_path / "faults.csv").open(newline="", encoding="utf-8") as file:
        lines = list(csv.DictReader(file))
    assert [(line["what"], line["cell"], line["gold"], line["coded"]) for line in lines] == [
        ("wrong", "fatalities", "2", "5"),
        ("missed", "", "Shelling/artillery/missile attack", ""),
        ("extra", "", "", "Armed clash"),
    ]
    assert [line["passage"] for line in lines] == [PASSAGE, "Shops were looted.", OTHER["notes"]]


def test_reliability_counts_rows_by_confidence():
    rows = [coded(confidence=0.60000002), coded(**OTHER, confidence=0.95)]
    text = reliability(scored([gold()], rows).judgements)
    assert [line.split() for line in text.strip().splitlines()[1:]] == [
        ["0.6", "1", "1.000", "1.000"],
        ["0.9", "1", "0.000", "0.000"],
    ]


def test_the_printed_table_has_a_column_for_each_file():
    lines = table([result_of([coded()]), Result("notes", "", scored([gold()], []))]).splitlines()
    assert lines[0].split() == ["sample", "notes"]
    assert ["F1", "1.000", "0.000"] in [line.split() for line in lines]


def test_gold_files_are_well_formed(pytestconfig):
    for path in sorted((pytestconfig.rootpath / "tests" / "gold").glob("*.jsonl")):
        articles = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
        assert len({article["id"] for article in articles}) == len(articles)
        for article in articles:
            assert all(row["evidence"] in article["text"] for row in article["rows"])
            assert set(gold()) <= set().union(*article["rows"]) or not article["rows"]
