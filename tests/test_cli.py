"""The command as a user runs it: real processes, real files, real Parquet."""

from __future__ import annotations

import json
import re
import shutil

import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from pipeline.cli import app
from pipeline.tables import PUBLIC_TABLES, SCHEMAS, read_table
from pipeline.version import SCHEMA_VERSION, __version__

PLACES = ("Gao", "Kidal", "Timbuktu", "Mopti", "Sikasso", "Kayes", "Bamako")
COMMANDS = ("run", "ingest", "annotate", "encode", "merge", "show", "schema")
CLASH = (
    "Army troops and jihadist fighters clashed near {place} in Mali on {day} May 2021. {dead} soldiers were killed, "
    "the army said. Residents spoke of heavy gunfire until noon."
)
CODED_AT = {"SOURCE_DATE_EPOCH": "1700000000"}


def clash(number):
    """Forty clashes fill more than one batch; the last of them are told by two papers, with different tolls."""
    story = CLASH.format(place=PLACES[number % 7], day=1 + number % 28, dead=2 + number // 28)
    return {"id": f"c{number}", "published": "2021-06-01", "source": f"Paper {number // 28}", "text": story}


@pytest.fixture(scope="session")
def articles(tmp_path_factory):
    folder = tmp_path_factory.mktemp("articles")
    lines = [json.dumps(clash(number)) for number in range(40)]
    (folder / "clashes.jsonl").write_text("\n".join([*lines, lines[3], "{broken"]), encoding="utf-8")
    (folder / "march_2019-03-08.txt").write_text(
        "Thousands march in Algiers\n\nALGIERS - Thousands of people marched through the centre of Algiers on Friday "
        "against the president's plan to stand again. Police looked on.\n",
        encoding="utf-8",
    )
    return folder


@pytest.fixture(scope="session")
def out(command, articles, tmp_path_factory):
    folder = tmp_path_factory.mktemp("run") / "out"
    done = command("run", articles, "--out", folder, **CODED_AT)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    return folder


@pytest.fixture(scope="session")
def staged(command, articles, tmp_path_factory):
    folder = tmp_path_factory.mktemp("stages") / "out"
    for stage in (("ingest", articles, "--out"), ("annotate",), ("encode",), ("merge",)):
        done = command(*stage, folder)
        assert (done.returncode, done.stdout) == (0, ""), done.stderr
    return folder


def rows(out, name, *, without=()):
    return [{k: v for k, v in row.items() if k not in without} for row in read_table(out, name).to_pylist()]


def parquet_bytes(out):
    return {path.relative_to(out): path.read_bytes() for path in sorted(out.rglob("*.parquet"))}


def test_run_writes_the_five_tables_and_nothing_else(out):
    assert sorted(path.name for path in out.iterdir()) == sorted(PUBLIC_TABLES)
    assert {name: len(rows(out, name)) > 0 for name in PUBLIC_TABLES} == dict.fromkeys(PUBLIC_TABLES, True)


@pytest.mark.parametrize("name", PUBLIC_TABLES)
def test_files_have_the_columns_and_versions_that_are_promised(out, name):
    for path in (out / name).glob("*.parquet"):
        schema = pq.read_schema(path)
        assert schema.equals(SCHEMAS[name])
        assert schema.metadata[b"schema_version"].decode() == SCHEMA_VERSION
        assert schema.metadata[b"pipeline_version"].decode() == __version__


def test_inputs_are_documents_and_rejects(out):
    documents, rejects = rows(out, "documents"), rows(out, "rejects")
    assert (len(documents), len(rejects)) == (42, 1)
    assert rejects[0]["source_path"].endswith("clashes.jsonl#42")
    (repeated,) = [row for row in documents if row["duplicate_of"]]
    assert (repeated["doc_id"], repeated["duplicate_of"]) == ("c3-2", "c3")


def test_reports_of_one_event_are_merged(out):
    events = {event["event_id"]: event for event in rows(out, "events")}
    assert len(rows(out, "reports")) > len(events)
    event = events["c1-01"]
    assert event["location"] == "Kidal"
    assert event["doc_ids"] == ["c1", "c29"]
    assert event["sources"] == ["Paper 0", "Paper 1"]
    assert (event["fatalities"], event["fatalities_max"]) == (2, 3)


def test_stages_one_by_one_give_what_run_gives(out, staged):
    assert rows(staged, "documents") == rows(out, "documents")
    assert rows(staged, "mentions") == rows(out, "mentions")
    for name in ("reports", "events"):
        assert rows(staged, name, without=["timestamp"]) == rows(out, name, without=["timestamp"])


def test_two_processes_write_the_same_bytes_as_one(command, articles, out, tmp_path):
    done = command("run", articles, "--out", tmp_path / "out", "--workers", "2", **CODED_AT)
    assert done.returncode == 0, done.stderr
    assert parquet_bytes(tmp_path / "out") == parquet_bytes(out)


def test_the_time_of_coding_can_be_fixed(out):
    assert {row["timestamp"].timestamp() for row in rows(out, "reports")} == {1_700_000_000}


def test_a_file_name_dates_an_article(out):
    (march,) = [row for row in rows(out, "reports") if row["country"] == "Algeria"]
    assert (str(march["event_date"]), march["sub_event_type"]) == ("2019-03-08", "Peaceful protest")


def test_standard_input_and_globs_from_another_folder(command, articles, tmp_path):
    shutil.copy(articles / "march_2019-03-08.txt", tmp_path)
    story = CLASH.format(place="Gao", day=3, dead="Nine")
    done = command("run", "*.txt", "-", "--out", "here", "--published", "2021-06-01", cwd=tmp_path, stdin=story)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    assert [row["fatalities"] for row in rows(tmp_path / "here", "reports")] == [0, 9]
    assert [row["source_path"] for row in rows(tmp_path / "here", "documents")] == ["march_2019-03-08.txt", "-"]


def test_the_summary_goes_to_standard_error_without_escape_codes(command, articles, tmp_path):
    done = command("ingest", articles, "--out", tmp_path / "out")
    assert done.stdout == ""
    assert "42 documents, 1 rejects" in done.stderr
    assert "rejected 1: broken JSON" in done.stderr
    assert "\x1b" not in done.stderr


def test_show_prints_the_events(command, out):
    done = command("show", out, "--limit", "5")
    assert done.returncode == 0
    assert "Armed clash" in done.stdout
    assert "Kidal" in done.stdout
    assert f"and {len(rows(out, 'events')) - 5} more rows" in done.stdout
    assert done.stderr == ""


def test_show_prints_the_reports(out):
    shown = CliRunner().invoke(app, ["show", str(out), "--table", "reports", "-n", "1"])
    assert shown.exit_code == 0
    assert "2021-05-01" in shown.stdout


@pytest.mark.parametrize("name", PUBLIC_TABLES)
def test_schema_describes_every_column(name):
    printed = CliRunner().invoke(app, ["schema", name]).stdout
    assert set(SCHEMAS[name].names) <= set(re.findall(r"\w+", printed))


def test_schema_without_a_table_describes_all(command):
    done = command("schema")
    assert done.returncode == 0
    assert all(name in done.stdout for name in PUBLIC_TABLES)


def test_version(command):
    done = command("--version")
    assert (done.returncode, done.stdout.strip()) == (0, f"conflict-events {__version__}")


def test_help_lists_the_commands(command):
    done = command("--help")
    assert done.returncode == 0
    assert all(name in done.stdout for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
def test_help_of_every_command_has_an_example(name):
    shown = CliRunner().invoke(app, [name, "--help"])
    assert shown.exit_code == 0
    assert f"Example: conflict-events {name}" in shown.stdout


BAD_USAGE = [
    ["run", "a.txt"],
    ["run", "--out", "out"],
    ["run", "a.txt", "--out", "out", "--published", "yesterday"],
    ["run", "a.txt", "--out", "out", "--workers", "0"],
    ["run", "a.txt", "--out", "out", "--colour", "red"],
    ["show", "out", "--table", "weather"],
    ["schema", "weather"],
    ["forecast"],
]


@pytest.mark.parametrize("arguments", BAD_USAGE, ids=" ".join)
def test_bad_usage_exits_with_2_and_writes_nothing(arguments, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, arguments)
    assert (done.exit_code, done.stdout) == (2, "")
    assert list(tmp_path.iterdir()) == []


def test_a_bad_date_is_named():
    done = CliRunner().invoke(app, ["ingest", "a.txt", "--out", "out", "--published", "30.10.2024"])
    assert done.exit_code == 2
    assert "'30.10.2024' is not a date" in done.stderr


@pytest.mark.parametrize("stage", ["annotate", "encode", "merge", "show"])
def test_a_stage_without_its_tables_says_what_to_do(tmp_path, stage):
    done = CliRunner().invoke(app, [stage, str(tmp_path)])
    assert (done.exit_code, done.stdout) == (1, "")
    assert re.fullmatch(r"error: no \w+ table in .*: run the stage before this one first\n", done.stderr)
    assert list(tmp_path.iterdir()) == []


def test_a_misspelt_folder_is_not_made(tmp_path):
    CliRunner().invoke(app, ["encode", str(tmp_path / "evnets")])
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_is_not_there_is_one_line(command, articles, tmp_path):
    done = command("run", articles, "--out", tmp_path / "out", "--model", "no_such_model")
    assert done.returncode == 1
    assert re.fullmatch(r"error: .*no_such_model.*\n", done.stderr)
    assert list((tmp_path / "out").iterdir()) == []


DAMAGE = {
    "a part that is no Parquet": lambda table: (table / "part-00000.parquet").write_bytes(b"PAR1 and then nothing"),
    "a part that is lost": lambda table: (table / "part-00001.parquet").unlink(),
}


@pytest.mark.parametrize("damage", DAMAGE.values(), ids=DAMAGE)
def test_a_failing_stage_leaves_the_old_table_and_no_rubbish(command, staged, tmp_path, damage):
    out = tmp_path / "out"
    shutil.copytree(staged, out)
    damage(out / "syntax")
    done = command("encode", out)
    assert done.returncode == 1
    assert re.fullmatch(r"error: .*\n", done.stderr)
    assert rows(out, "reports") == rows(staged, "reports")
    assert sorted(path.name for path in out.iterdir()) == sorted([*PUBLIC_TABLES, "syntax"])
