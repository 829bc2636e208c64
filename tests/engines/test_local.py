"""The local engine: stages give what a whole run gives, texts that fail are rejected, and time can be fixed."""

from __future__ import annotations

import datetime as dt
import json

import pytest
import spacy

from pipeline.engines import local
from pipeline.tables import read_table

RAID = "Gunmen killed {n} farmers in the village of Bosso in Niger on Monday, the mayor said."


def articles(path, count):
    lines = [{"id": f"n{n}", "published": "2020-07-08", "text": RAID.format(n=n)} for n in range(2, count + 2)]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_progress_tells_of_every_input(tmp_path):
    source = articles(tmp_path / "raids.jsonl", 40)
    source.write_text(source.read_text() + "{broken\n")
    steps = []
    counts = local.run_all([source], tmp_path / "out", local.Settings(), progress=steps.append)
    assert sum(steps) == 41
    assert len(steps) > 1
    assert (counts["documents"], counts["rejects"]) == (40, 1)
    assert counts["reports"] == read_table(tmp_path / "out", "reports").num_rows


def test_rows_stand_in_the_order_of_the_inputs(tmp_path):
    source = articles(tmp_path / "raids.jsonl", 40)
    local.run_all([source], tmp_path / "out", local.Settings())
    assert read_table(tmp_path / "out", "documents")["doc_id"].to_pylist() == [f"n{n}" for n in range(2, 42)]


def test_a_text_that_cannot_be_coded_is_rejected_and_the_others_go_on(tmp_path):
    blank = tmp_path / "blank"
    spacy.blank("en").to_disk(blank)  # finds no sentences, which mentions are counted by
    counts = local.run_all([articles(tmp_path / "a.jsonl", 2)], tmp_path / "out", local.Settings(model=str(blank)))
    assert counts["documents"] + counts["rejects"] == 2
    for row in read_table(tmp_path / "out", "rejects").to_pylist():
        assert row["stage"] == "annotate"
        assert "sentence" in row["reason"]
        assert "\n" not in row["reason"]


def test_tables_of_different_runs_are_not_mixed(tmp_path):
    out = tmp_path / "out"
    local.run_ingest([articles(tmp_path / "a.jsonl", 2)], out)
    local.run_annotate(out, local.Settings())
    other = tmp_path / "b.txt"
    other.write_text(RAID.format(n=9))
    local.run_ingest([other, other], out)
    with pytest.raises(ValueError, match="run annotate again"):
        local.run_encode(out, local.Settings())


def test_a_text_that_changed_under_its_id_is_not_coded_from_old_mentions(tmp_path):
    source, out = tmp_path / "a.jsonl", tmp_path / "out"
    local.run_ingest([articles(source, 1)], out)
    local.run_annotate(out, local.Settings())
    source.write_text(source.read_text().replace("Gunmen killed 2 farmers", "Rebels abducted nine teachers"))
    local.run_ingest([source], out)
    with pytest.raises(ValueError, match="run annotate again"):
        local.run_encode(out, local.Settings())


@pytest.mark.parametrize(("epoch", "expected"), [("0", dt.datetime(1970, 1, 1)), ("86400", dt.datetime(1970, 1, 2))])
def test_source_date_epoch_fixes_the_time(monkeypatch, epoch, expected):
    monkeypatch.setenv("SOURCE_DATE_EPOCH", epoch)
    assert local.Settings().timestamp == expected.replace(tzinfo=dt.UTC)


def test_the_time_is_in_whole_seconds_of_utc(monkeypatch):
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert local.now().microsecond == 0
    assert local.now().tzinfo == dt.UTC
