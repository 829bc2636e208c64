"""Bad inputs among good ones, through the real command: the good ones are done, each bad one is one clear reject."""

from __future__ import annotations

import json
import os

import pytest

from pipeline.tables import read_table

STORY = "Gunmen killed {n} herders near the town of Ansongo in Mali on 4 May 2021, the governor said."


def record(n, **fields):
    return json.dumps({"id": f"r{n}", "text": STORY.format(n=n), **fields})


# Of each file: its name, what it holds, how many documents it gives, and (place in the file, reason) of each reject.
FILES = [
    ("good.txt", STORY.format(n=2), 1, []),
    ("empty.txt", "", 0, [("", "empty file")]),
    ("blank.txt", " \n\n\t\n", 0, [("", "empty file")]),
    ("picture.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)), 0, [("", "binary file")]),
    ("report.pdf", b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n", 0, [("", "binary file")]),
    ("nul.txt", b"Gunmen killed three herders\x00\x00 near Ansongo.", 0, [("", "binary file")]),
    ("nul.jsonl", record(2, text="Gunmen killed three herders\x00 near Ansongo."), 0, [("#1", "holds NUL bytes")]),
    (
        "ten.jsonl",
        "\n".join([record(3), record(4), '{"id": "r5", "text": "Gun', *(record(n) for n in range(6, 13))]),
        9,
        [("#3", "broken JSON")],
    ),
    ("column.csv", "id,body\nk1,Gunmen killed three herders.\n", 0, [("", "no column 'text' (columns: id, body)")]),
    ("field.jsonl", '{"id": "k2", "body": "Gunmen killed three herders."}\n', 0, [("#1", "no field 'text'")]),
    ("list.json", "[1, 2]", 0, [("#1", "not an object"), ("#2", "not an object")]),
    (
        "long.jsonl",
        "\n".join([record(13), '{"text": "' + "Gunmen killed herders. " * 900_000 + '"}', record(14)]),
        2,
        [("#2", "line longer than")],
    ),
    ("dates.jsonl", record(15, published="2021-02-31") + "\n" + record(16, published="soon"), 2, []),
    ("twice.jsonl", record(17) + "\n" + json.dumps({"id": "r17", "text": STORY.format(n=18)}), 2, []),
    ("nothing.html", "<html><head><title>Shop</title></head><body><nav>Home</nav></body></html>", 0, [("", "article")]),
    ("broken.parquet", b"PAR1 this is no Parquet", 0, [("", "broken Parquet")]),
    ("half.jsonl.gz", b"\x1f\x8b\x08\x00half", 0, [("", "cannot be read")]),
    (
        "french.txt",
        "Des hommes armés ont tué trois éleveurs mardi près de la ville d'Ansongo, selon le gouverneur de la région.",
        0,
        [("", "language: fr")],
    ),
]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mixed")
    for name, content, _, _ in FILES:
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


@pytest.fixture(scope="module")
def run(command, folder, tmp_path_factory):
    out = tmp_path_factory.mktemp("out")
    done = command("run", folder, folder / "gone.txt", "--out", out)
    return done, read_table(out, "documents").to_pylist(), read_table(out, "rejects").to_pylist(), out


def test_the_run_goes_through_without_a_traceback(run):
    done, *_ = run
    assert (done.returncode, done.stdout) == (0, "")
    assert "Traceback" not in done.stderr


def test_nothing_is_lost(run):
    _, documents, rejects, _ = run
    assert len(documents) == sum(count for _, _, count, _ in FILES)
    assert len(rejects) == sum(len(bad) for *_, bad in FILES) + 1
    assert len({row["doc_id"] for row in documents}) == len(documents)


@pytest.mark.parametrize(("name", "count", "bad"), [(name, count, bad) for name, _, count, bad in FILES])
def test_each_file_gives_its_documents_and_rejects(run, folder, name, count, bad):
    _, documents, rejects, _ = run
    path = str(folder / name)
    assert sum(row["source_path"].split("#")[0] == path for row in documents) == count
    found = [row for row in rejects if row["source_path"].split("#")[0] == path]
    assert [row["source_path"] for row in found] == [path + place for place, _ in bad]
    for row, (_, reason) in zip(found, bad, strict=True):
        assert reason in row["reason"]
        assert row["stage"] == "ingest"
        assert len(row["reason"].splitlines()) == 1


def test_a_path_that_is_not_there_is_a_reject(run, folder):
    _, _, rejects, _ = run
    assert [row["reason"] for row in rejects if row["source_path"] == str(folder / "gone.txt")] == ["no such file"]


def test_every_good_article_is_coded(run):
    _, documents, _, out = run
    told = {row["doc_id"]: row["fatalities"] for row in read_table(out, "reports").to_pylist()}
    assert len(told) == len(documents)
    assert sorted(told.values()) == list(range(2, 5)) + list(range(6, 19))


def test_a_date_that_is_none_is_told_and_not_used(run):
    done, documents, _, _ = run
    bases = {row["doc_id"]: row["published_basis"] for row in documents}
    assert "metadata" not in (bases["r15"], bases["r16"])
    assert "'2021-02-31' is no date" in done.stderr
    assert "'soon' is no date" in done.stderr


def test_an_id_that_comes_twice_is_kept_apart(run):
    _, documents, _, out = run
    assert {"r17", "r17-2"} <= {row["doc_id"] for row in documents}
    told = {row["doc_id"]: row["fatalities"] for row in read_table(out, "reports").to_pylist()}
    assert (told["r17"], told["r17-2"]) == (17, 18)


@pytest.mark.parametrize("argument", ["gone.txt", "*.docx", "hollow"])
def test_nothing_readable_exits_with_1_and_tells_why(command, tmp_path, argument):
    (tmp_path / "hollow").mkdir()
    done = command("ingest", argument, "--out", "out", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (1, "")
    assert "0 documents, 1 rejects" in done.stderr
    assert "nothing could be read" in done.stderr
    (row,) = read_table(tmp_path / "out", "rejects").to_pylist()
    assert row["source_path"] == argument


def test_empty_standard_input_exits_with_1(command, tmp_path):
    done = command("run", "-", "--out", tmp_path / "out")
    assert done.returncode == 1
    assert [row["reason"] for row in read_table(tmp_path / "out", "rejects").to_pylist()] == ["empty file"]
    assert read_table(tmp_path / "out", "events").num_rows == 0


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_what_may_not_be_read_is_a_reject(command, tmp_path):
    locked = tmp_path / "locked"
    locked.mkdir()
    (tmp_path / "good.txt").write_text(STORY.format(n=2))
    locked.chmod(0)
    try:
        done = command("ingest", locked, tmp_path / "good.txt", "--out", tmp_path / "out")
    finally:
        locked.chmod(0o755)
    assert done.returncode == 0
    (row,) = read_table(tmp_path / "out", "rejects").to_pylist()
    assert row["reason"] == "cannot be read: Permission denied"
