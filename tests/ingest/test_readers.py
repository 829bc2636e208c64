"""Every format gives its articles, every bad input one reject, and nothing is lost in between."""

import csv
import gzip
import io
import json
import sys
from datetime import date, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from pipeline.ingest import IngestError, document, ingest
from pipeline.tables import to_arrow

DATA = Path(__file__).parents[1] / "data" / "ingest"
STORY = "Rockets hit the grain port of Marsabor on Tuesday, killing a watchman and closing the port, the mayor said."


def run(*inputs, **options):
    documents, rejects = [], []
    for table, row in ingest(inputs, **options):
        to_arrow(table, [row])  # every row must fit its table
        (documents if table == "documents" else rejects).append(row)
    return documents, rejects


def record(number, **fields):
    return {"id": f"n{number}", "text": f"{STORY} It was round {number}.", "published": "2024-05-15", **fields}


def jsonl(path, records):
    path.write_text("".join((r if isinstance(r, str) else json.dumps(r)) + "\n" for r in records), encoding="utf-8")
    return path


def test_one_broken_line_costs_one_article(tmp_path):
    lines = [record(n) for n in range(10)]
    lines[2] = '{"id": "n2", "text": "cut off'
    documents, rejects = run(jsonl(tmp_path / "news.jsonl", lines))
    assert [d["doc_id"] for d in documents] == [f"n{n}" for n in range(10) if n != 2]
    assert len(rejects) == 1
    assert rejects[0]["source_path"].endswith("news.jsonl#3")
    assert "broken JSON" in rejects[0]["reason"]


def test_metadata_of_a_record_is_kept(tmp_path):
    fields = {"title": "Port shelled", "source": "Orland Post", "url": "https://p.example/1"}
    (row,), _ = run(jsonl(tmp_path / "a.jsonl", [record(1, **fields)]))
    assert (row["source"], row["url"], row["title"]) == ("Orland Post", "https://p.example/1", "Port shelled")
    assert (row["published"], row["published_basis"]) == (date(2024, 5, 15), "metadata")
    assert row["text"].startswith("Port shelled\n\nRockets hit")


@pytest.mark.parametrize("kind", ["csv", "tsv", "parquet", "json", "jsonl.gz"])
def test_tables_give_a_document_a_row(tmp_path, kind):
    path, rows = tmp_path / f"news.{kind}", [record(1), record(2)]
    if kind in ("csv", "tsv"):
        with path.open("w", newline="", encoding="utf-8") as file:
            writer = csv.DictWriter(file, ["id", "text", "published"], delimiter="\t" if kind == "tsv" else ",")
            writer.writeheader()
            writer.writerows(rows)
    elif kind == "parquet":
        pq.write_table(pa.Table.from_pylist([{**r, "published": datetime(2024, 5, 15, 9)} for r in rows]), path)
    elif kind == "json":
        path.write_text(json.dumps(rows))
    else:
        path.write_bytes(gzip.compress("\n".join(map(json.dumps, rows)).encode()))
    documents, rejects = run(path)
    assert [d["doc_id"] for d in documents] == ["n1", "n2"]
    assert {d["published"] for d in documents} == {date(2024, 5, 15)}
    assert not rejects


def test_page_gives_text_title_date_source_and_caption():
    (row,), rejects = run(DATA / "page.html")
    assert not rejects
    assert (row["title"], row["source"]) == ("Mortars fall on Marsabor", "The Orland Post")
    assert (row["published"], row["published_basis"]) == (date(2024, 5, 15), "metadata")
    assert "Smoke over the grain port" in row["text"]
    assert "Home" not in row["text"]
    kinds = [zone["kind"] for zone in row["layout"]]
    assert kinds == ["headline", "caption", "dateline"]


def test_web_archive_gives_its_pages_and_skips_the_rest(tmp_path):
    with (tmp_path / "crawl.warc.gz").open("wb") as file:
        writer = WARCWriter(file, gzip=True)
        for url, body, kind in (
            ("https://p.example/a", (DATA / "page.html").read_bytes(), "text/html; charset=utf-8"),
            ("https://p.example/a.png", b"\x89PNG", "image/png"),
            ("https://p.example/empty", b"<html><body>Menu</body></html>", "text/html"),
        ):
            headers = StatusAndHeaders("200 OK", [("Content-Type", kind)], protocol="HTTP/1.1")
            writer.write_record(
                writer.create_warc_record(url, "response", payload=io.BytesIO(body), http_headers=headers)
            )
    documents, rejects = run(tmp_path / "crawl.warc.gz")
    assert [d["title"] for d in documents] == ["Mortars fall on Marsabor"]
    assert [r["reason"] for r in rejects] == ["no article in the page"]


BAD_FILES = {
    "empty.txt": (b"", "empty file"),
    "blank.txt": (b" \n\n ", "empty file"),
    "picture.txt": (b"\x89PNG\r\n\x1a\n" + bytes(400), "binary file"),
    "noise.dat": (bytes(range(256)) * 20, "binary file"),
    "nul.txt": (STORY.encode() + b"\x00" + STORY.encode(), "holds NUL bytes"),
    "columns.csv": (b"id,title\n1,Port\n2,Town\n", "no column 'text' (columns: id, title)"),
    "cut.parquet": (b"PAR1 and no more", "broken Parquet"),
    "menu.html": (b"<html><body><nav>Home</nav></body></html>", "no article in the page"),
    "cut.json": (b'[{"text": ', "broken JSON"),
    "cut.jsonl.gz": (gzip.compress(json.dumps(record(1)).encode())[:40], "cannot be read"),
    "book.txt": ((STORY + " ").encode() * 10_000, "longer than 1,000,000 characters"),
    "french.txt": (
        "Des hommes armés ont attaqué mardi le port de la ville, tuant un gardien et blessant neuf dockers, selon la "
        "police.".encode(), "language: fr",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_file_is_one_reject_and_the_others_are_done(tmp_path, name):
    data, reason = BAD_FILES[name]
    (tmp_path / name).write_bytes(data)
    (tmp_path / "zz_good.txt").write_text(STORY)
    documents, rejects = run(tmp_path)
    assert [Path(d["source_path"]).name for d in documents] == ["zz_good.txt"]
    assert len(rejects) == 1
    assert rejects[0]["reason"].startswith(reason)
    assert rejects[0]["stage"] == "ingest"


def test_giant_line_is_one_reject(tmp_path):
    path = jsonl(tmp_path / "giant.jsonl", [{"text": "x " * 5_000_000}, record(1)])
    documents, rejects = run(path)
    assert [d["doc_id"] for d in documents] == ["n1"]
    assert rejects[0]["reason"] == "line longer than 8,000,000 bytes"


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("[1, 2]", "not an object with a field 'text'"),
        ('{"text": 5}', "field 'text' is int, not text"),
        ('{"id": "a"}', "no field 'text'"),
        ('{"text": ""}', "no text"),
        ('{"text": "a\\u0000b"}', "holds NUL bytes"),
        ('{"text": "\\ud800 half"}', "holds half a character"),
    ],
)
def test_bad_record_is_one_reject(tmp_path, value, reason):
    documents, rejects = run(jsonl(tmp_path / "a.jsonl", [value, record(1)]))
    assert len(documents) == 1
    assert rejects[0]["reason"].startswith(reason)


def test_missing_unreadable_and_unmatched_inputs(tmp_path):
    locked = tmp_path / "locked.txt"
    locked.mkdir()  # a folder without files, since tests may run as root, whom no permission stops
    documents, rejects = run(tmp_path / "gone.txt", tmp_path / "*.html", locked)
    assert not documents
    assert [r["reason"] for r in rejects] == ["no such file", "no file matches", "folder without files"]


def test_folders_are_read_in_order_without_hidden_files(tmp_path):
    for name in ("b/2.txt", "a/1.txt", ".git/config", "c.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"{STORY} This is {name}.")
    documents, _ = run(tmp_path)
    assert [Path(d["source_path"]).name for d in documents] == ["c.txt", "1.txt", "2.txt"]


def test_standard_input(monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(json.dumps(record(7)).encode())))
    documents, _ = run("-")
    assert documents[0]["doc_id"] == "n7"


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
def test_encodings_are_recognised(tmp_path, encoding):
    text = f"Port shelled\n\nMARSABOR – {STORY} “We’re closed,” said José."
    (tmp_path / "a.txt").write_bytes(text.encode(encoding))
    (row,), _ = run(tmp_path / "a.txt")
    assert row["text"] == text


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("2024-05-15T22:10:00+02:00", date(2024, 5, 15)),
        ("Wed, 15 May 2024 08:00:00 GMT", date(2024, 5, 15)),
        ("May 15, 2024", date(2024, 5, 15)),
        (1715760000, date(2024, 5, 15)),
        ("yesterday", None),
        ("2024-13-45", None),
        ("05/06/2024", None),  # May or June: not guessed
    ],
)
def test_published_is_read_or_left_to_the_next_basis(tmp_path, value, expected):
    (row,), rejects = run(jsonl(tmp_path / "a.jsonl", [record(1, published=value)]))
    assert row["published"] == expected
    assert row["published_basis"] == ("metadata" if expected else "none")
    assert not rejects


def test_caller_fills_in_what_is_lacking(tmp_path):
    path = jsonl(tmp_path / "a.jsonl", [record(1), {"text": STORY}])
    documents, _ = run(path, published=date(2020, 1, 2), source="Own desk")
    assert [d["published"] for d in documents] == [date(2024, 5, 15), date(2020, 1, 2)]
    assert {d["source"] for d in documents} == {"Own desk"}


def test_ids_stay_unique_and_duplicates_are_told(tmp_path):
    other = record(1, text=STORY + " Another text.")
    path = jsonl(tmp_path / "a.jsonl", [record(1), record(1), other, {"text": record(1)["text"].upper()}])
    documents, rejects = run(path)
    assert [d["doc_id"] for d in documents[:3]] == ["n1", "n1-2", "n1-3"]
    assert [d["duplicate_of"] for d in documents] == [None, "n1", None, "n1"]
    assert not rejects


def test_derived_id_does_not_depend_on_the_file(tmp_path):
    ids = set()
    for name in ("one.txt", "two.txt"):
        (tmp_path / name).write_text(STORY)
        ids.add(run(tmp_path / name)[0][0]["doc_id"])
    assert len(ids) == 1


def test_no_clean_takes_the_text_as_it_is():
    text = "Port shelled\n\n\nTT\n  " + STORY + "\r\n"
    row = document(text, clean=False)
    assert (row["text"], row["layout"]) == (text, [])


@pytest.mark.parametrize("text", ["", "  \n ", "…"])
def test_document_refuses_what_is_no_text(text):
    with pytest.raises(IngestError):
        document(text)


def test_two_articles_in_one_file():
    documents, rejects = run(DATA / "two_articles.txt")
    assert [d["title"] for d in documents] == [
        "River Town Counts Its Dead after Market Raid",
        "Two Patrols Stoned on the Lake Road within a Week",
    ]
    assert [d["source_path"][-2:] for d in documents] == ["#1", "#2"]
    assert [d["published"] for d in documents] == [date(2024, 5, 14), None]
    assert [d["published_basis"] for d in documents] == ["caption", "none"]
    assert not rejects
