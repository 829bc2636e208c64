"""Tables: what is written comes back, in exactly the promised columns, and a table is whole or not there."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.tables import PUBLIC_TABLES, SCHEMAS, TableWriter, read_rows, read_table, to_arrow
from pipeline.version import SCHEMA_VERSION, __version__

SAMPLES = {
    "string": "Ménaka – “قرية”",
    "int8": 8,
    "int32": 466,
    "int64": 2_453_348,
    "float": 0.5,
    "double": 15.9182,
    "date32": dt.date(2023, 6, 6),
    "binary": b"\x00\xff",
    "timestamp": dt.datetime(2023, 6, 7, 12, tzinfo=dt.UTC),
}
STRETCH = [{"kind": "headline", "start": 0, "end": 9}]
EVIDENCE = [{"column": "fatalities", "start": 3, "end": 7}]


def sample(field):
    if pa.types.is_list(field.type):
        return {"layout": STRETCH, "evidence": EVIDENCE}.get(field.name, ["a1", "a2"])
    return SAMPLES[str(field.type).split("[")[0]]


def full_row(name):
    return {field.name: sample(field) for field in SCHEMAS[name]}


def bare_row(name):
    return {f.name: None if f.nullable else full_row(name)[f.name] for f in SCHEMAS[name]}


def written(out, name, *parts):
    with TableWriter(out, name) as writer:
        for rows in parts:
            writer.write(rows)


@pytest.mark.parametrize("name", SCHEMAS)
def test_rows_come_back_as_they_were_written(tmp_path, name):
    rows = [full_row(name), bare_row(name)]
    written(tmp_path, name, rows)
    assert [row for batch in read_rows(tmp_path, name) for row in batch] == rows


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_table_has_exactly_the_promised_columns(tmp_path, name):
    written(tmp_path, name)
    assert read_table(tmp_path, name).schema.equals(SCHEMAS[name])


@pytest.mark.parametrize("name", SCHEMAS)
def test_an_empty_table_is_written_and_read(tmp_path, name):
    written(tmp_path, name)
    assert read_table(tmp_path, name).schema.names == SCHEMAS[name].names
    assert list(read_rows(tmp_path, name)) == []


def test_files_tell_their_versions_and_what_columns_mean(tmp_path):
    written(tmp_path, "rejects", [full_row("rejects")])
    schema = pq.read_schema(next((tmp_path / "rejects").glob("*.parquet")))
    assert schema.metadata[b"schema_version"].decode() == SCHEMA_VERSION
    assert schema.metadata[b"pipeline_version"].decode() == __version__
    assert all(schema.field(name).metadata[b"meaning"] for name in schema.names)


def test_parts_are_read_in_the_order_in_which_they_were_written(tmp_path):
    rows = [{**full_row("rejects"), "source_path": f"{n}.txt"} for n in range(25)]
    written(tmp_path, "rejects", *([row] for row in rows))
    assert read_table(tmp_path, "rejects").to_pylist() == rows
    assert [len(batch) for batch in read_rows(tmp_path, "rejects", batch_size=10)] == [1] * 25


@given(st.lists(st.text(st.characters(codec="utf-8")), max_size=5))
def test_any_text_survives(texts):
    rows = [{**full_row("rejects"), "reason": text} for text in texts]
    assert to_arrow("rejects", rows).column("reason").to_pylist() == texts


@pytest.mark.parametrize(
    ("column", "value"),
    [("fatalities", "three"), ("event_date", "06/06/2023"), ("inter1", 300), ("latitude", "north"), ("notes", 7)],
)
def test_a_value_of_the_wrong_type_is_an_error(column, value):
    with pytest.raises((pa.ArrowInvalid, pa.ArrowTypeError)):
        to_arrow("reports", [{**full_row("reports"), column: value}])


def test_an_unknown_table_is_an_error():
    with pytest.raises(KeyError):
        to_arrow("stories", [])


def test_a_cell_that_must_be_filled_is_not_left_blank(tmp_path):
    with pytest.raises(pa.ArrowInvalid, match="notes"):
        written(tmp_path, "reports", [{**full_row("reports"), "notes": None}])


def test_a_table_that_is_not_there_says_what_to_do(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no mentions table in .*: run the stage before this one first"):
        read_table(tmp_path, "mentions")


def test_a_table_of_another_version_says_which_columns_lack(tmp_path):
    (tmp_path / "reports").mkdir()
    pq.write_table(pa.table({"event_id": ["e1"]}), tmp_path / "reports" / "part-00000.parquet")
    with pytest.raises(ValueError, match=r"lacks the columns .*actor1.*another version"):
        read_table(tmp_path, "reports")


def test_a_file_that_is_no_parquet_is_named(tmp_path):
    written(tmp_path, "reports")
    (tmp_path / "reports" / "part-00000.parquet").write_text("not Parquet")
    with pytest.raises(ValueError, match=r"reports holds a file that is not Parquet"):
        read_table(tmp_path, "reports")


def test_a_new_table_takes_the_place_of_the_old_one(tmp_path):
    written(tmp_path, "rejects", [full_row("rejects")], [full_row("rejects")])
    written(tmp_path, "rejects", [bare_row("rejects")])
    assert read_table(tmp_path, "rejects").to_pylist() == [bare_row("rejects")]
    assert [p.name for p in tmp_path.iterdir()] == ["rejects"]


def test_a_writer_that_fails_leaves_the_old_table_and_nothing_else(tmp_path):
    written(tmp_path, "rejects", [bare_row("rejects")])
    with pytest.raises(pa.ArrowTypeError):
        written(tmp_path, "rejects", [full_row("rejects")], [{**full_row("rejects"), "reason": 7}])
    assert read_table(tmp_path, "rejects").to_pylist() == [bare_row("rejects")]
    assert [p.name for p in tmp_path.iterdir()] == ["rejects"]


def test_a_table_is_not_seen_before_it_is_whole(tmp_path: Path):
    with TableWriter(tmp_path, "rejects") as writer:
        writer.write([full_row("rejects")])
        assert not (tmp_path / "rejects").exists()
    assert (tmp_path / "rejects").is_dir()


def test_events_are_reports_with_their_sources():
    columns = {name: SCHEMAS[name].names for name in PUBLIC_TABLES}
    assert set(columns["reports"]) - {"doc_id"} == set(columns["events"]) - {"doc_ids", "sources", "n_reports"}
