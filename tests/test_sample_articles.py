"""The sample articles through the real command: what a new user runs first, and what they must then see."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from pipeline.tables import PUBLIC_TABLES, SCHEMAS, read_table

ROOT = Path(__file__).parents[1]
INPUTS = 17  # articles in all files of data/articles, the French one included
QUIET = ("derby.txt.gz", "korea_drills.txt")  # sport and markets in words of war; threats and drills


@pytest.fixture(scope="session")
def tables(tmp_path_factory):
    """All five tables of one run of the command, as lists of rows."""
    out = tmp_path_factory.mktemp("sample")
    command = [sys.executable, "-m", "pipeline", "run", "data/articles", "--out", str(out)]
    run = subprocess.run(
        command, cwd=ROOT, env={**os.environ, "SOURCE_DATE_EPOCH": "0"}, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    read = {name: read_table(out, name) for name in PUBLIC_TABLES}
    for name, table in read.items():
        assert table.schema.names == SCHEMAS[name].names
    # The cast raises for other types; Parquet itself knows no timestamps in seconds.
    return {name: table.cast(SCHEMAS[name]).to_pylist() for name, table in read.items()}


@pytest.fixture(scope="session")
def documents(tables):
    return {row["doc_id"]: row for row in tables["documents"]}


def file_name(document):
    return Path(document["source_path"]).name.split("#")[0]


def test_every_input_is_a_document_or_a_reject(tables, documents):
    assert len(documents) == len(tables["documents"])
    assert len(tables["documents"]) + len(tables["rejects"]) == INPUTS


def test_the_french_article_is_rejected_with_its_language(tables):
    (reject,) = tables["rejects"]
    assert reject["source_path"].endswith("niger_fr.txt")
    assert reject["reason"].split() == ["language:", "fr"]


def test_every_format_is_read_and_dated(documents):
    endings = {file_name(d).partition(".")[2] for d in documents.values()}
    assert endings == {"txt", "txt.gz", "html", "jsonl", "csv", "parquet", "warc.gz"}
    assert all(d["published"] for d in documents.values())
    assert {d["published_basis"] for d in documents.values()} == {"metadata", "filename", "dateline"}


def test_no_page_furniture_is_left_in_the_texts(documents):
    for document in documents.values():
        for furniture in ("cookies", "Accept all", "WhatsApp", "newsletter", "Read more"):
            assert furniture not in document["text"], document["source_path"]


@pytest.mark.parametrize("name", QUIET)
def test_articles_without_events_give_no_rows(tables, documents, name):
    assert [r["notes"] for r in tables["reports"] if file_name(documents[r["doc_id"]]) == name] == []


def test_every_other_article_gives_rows(tables, documents):
    silent = set(documents) - {row["doc_id"] for row in tables["reports"]}
    assert {file_name(documents[doc_id]) for doc_id in silent} == set(QUIET)


def test_what_two_outlets_report_is_one_event(tables):
    (event,) = [row for row in tables["events"] if row["n_reports"] > 1]
    assert event["n_reports"] == len(event["doc_ids"]) == 2
    assert (str(event["event_date"]), event["country"]) == ("2024-09-10", "Mali")
    assert (event["fatalities"], event["fatalities_min"], event["fatalities_max"]) == (9, 9, 11)


def test_a_total_keeps_its_number_and_its_parts(tables):
    (total,) = [
        r
        for r in tables["events"]
        if r["record_type"] == "aggregate" and r["country"] == "Sudan" and r["part_of"] is None
    ]
    assert (total["incidents"], total["incidents_min"], total["incidents_max"]) == (40, 41, None)
    parts = [r for r in tables["events"] if r["part_of"] == total["event_id"]]
    assert {r["incidents"] for r in parts if r["record_type"] == "aggregate"} >= {20, 6}


def test_parts_point_to_rows_of_the_table(tables):
    for name in ("reports", "events"):
        ids = {row["event_id"] for row in tables[name]}
        assert len(ids) == len(tables[name])
        assert {row["part_of"] for row in tables[name]} - {None} <= ids


def test_relative_dates_are_resolved_and_none_lies_ahead_of_its_article(tables, documents):
    events = [r for r in tables["reports"] if r["record_type"] == "event"]
    assert all(r["event_date"] and r["event_date"] <= documents[r["doc_id"]]["published"] for r in events)


def test_all_kinds_of_events_are_there(tables):
    assert {row["event_type"] for row in tables["events"]} >= {
        "Battles",
        "Explosions/Remote violence",
        "Violence against civilians",
        "Protests",
        "Riots",
        "Strategic developments",
    }
    assert len({row["country"] for row in tables["events"]} - {None}) >= 12


def test_evidence_and_mentions_lie_in_their_texts(tables, documents):
    for row in [*tables["reports"], *tables["events"]]:
        text = documents[row.get("doc_id") or row["doc_ids"][0]]["text"]
        assert row["evidence"], row["notes"]
        for piece in row["evidence"]:
            assert 0 <= piece["start"] < piece["end"] <= len(text)
            assert text[piece["start"] : piece["end"]].strip()
            assert row[piece["column"]] is not None, piece["column"]
    for mention in tables["mentions"]:
        text = documents[mention["doc_id"]]["text"]
        assert text[mention["start"] : mention["end"]] == mention["text"]
