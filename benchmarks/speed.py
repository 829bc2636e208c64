"""How fast the pipeline codes, stage by stage, on one core: a Markdown table on standard output.

    python -m benchmarks.speed [--copies N]

The texts are the sample and gold articles, repeated in memory. Every stage is measured on the same texts; start-up and
peak memory are those of a `conflict-events run` of its own.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from spacy.language import Language

from pipeline import load, texts
from pipeline.encode import encode
from pipeline.gazetteer import Gazetteer, index_path, own_tables
from pipeline.gazetteer_sources import OwnPlaceRow
from pipeline.ingest import document, ingest
from pipeline.knowledge import read_table
from pipeline.tables import Row, now

ROOT = Path(__file__).parent.parent
INPUTS = (ROOT / "data" / "articles", *sorted((ROOT / "tests" / "gold").glob("*.jsonl")))
LOADING = """
import time
begin = time.perf_counter()
import pipeline
pipeline.load()
print(time.perf_counter() - begin)
"""


class Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time that the block takes to a stage."""
        begin = time.perf_counter()
        yield
        self.seconds[name] += time.perf_counter() - begin


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description="Measure speed and memory on one core.")
    parser.add_argument("--copies", type=int, default=1, help="how often the articles are repeated")
    copies = parser.parse_args().copies
    use_one_core()
    rows = [row for table, row in ingest(INPUTS) if table == "documents"]
    words = copies * sum(len(row["text"].split()) for row in rows)
    # The stages first: they compile the place index where it is not there yet, once for all.
    clock = stages(load(), rows, copies)
    startup, whole, memory = whole_run(rows, copies)
    print(report(clock.seconds, copies * len(rows), words))
    print(f"| the whole command, from start to Parquet | {_speed(whole, copies * len(rows), words)} | |")
    print(f"\nloading the pipeline: {startup:.1f} s; peak memory of the command: {memory:.0f} MiB")
    first, again = look_up()
    print(f"a place name is looked up in {first:.0f} microseconds, one seen before in {again:.1f}")


def use_one_core() -> None:
    """Keep this process and its children on one core, where the system can."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


def stages(nlp: Language, rows: list[Row], copies: int) -> Clock:
    """Take texts through ingest, each component and encode, in this process; the first text, unmeasured, warms up."""
    clock = Clock()
    _code(nlp, rows[0], Clock())
    for _ in range(copies):
        with nlp.memory_zone():
            for row in rows:
                _code(nlp, row, clock)
    return clock


def _code(nlp: Language, row: Row, clock: Clock) -> None:
    with clock.stage("ingest"):
        document(row["text"], title=row["title"], published=row["published"], source=row["source"])
    with clock.stage("annotate: tokenizer"):
        doc = texts.new_doc(nlp, row)
    for name, component in nlp.pipeline:
        with clock.stage(f"annotate: {name}"):
            doc = component(doc)
    with clock.stage("annotate: rows"):
        texts.mention_rows(doc, row["doc_id"])
    with clock.stage("encode"):
        encode(doc, row, now())


def look_up() -> tuple[float, float]:
    """Return microseconds to look one place name up, for the first time and once more."""
    names = list(dict.fromkeys(row.name for table in own_tables() for row in read_table(table, OwnPlaceRow)))
    gazetteer = Gazetteer(index_path())
    seconds = []
    for _ in range(2):
        begin = time.perf_counter()
        for name in names:
            gazetteer.find(name)
        seconds.append(time.perf_counter() - begin)
    return seconds[0] / len(names) * 1e6, seconds[1] / len(names) * 1e6


def whole_run(rows: list[Row], copies: int) -> tuple[float, float, float]:
    """Return seconds to load the pipeline, seconds of a whole run and its peak memory in MiB."""
    startup = min(float(subprocess.check_output([sys.executable, "-c", LOADING], cwd=ROOT)) for _ in range(2))
    with tempfile.TemporaryDirectory() as folder:
        articles = Path(folder, "articles.jsonl")
        with articles.open("w", encoding="utf-8") as file:
            for number in range(copies):
                file.writelines(_line(row, number) for row in rows)
        command = [sys.executable, "-m", "pipeline", "run", str(articles), "--out", str(Path(folder, "out"))]
        begin = time.perf_counter()
        subprocess.run(command, cwd=ROOT, check=True, stderr=subprocess.DEVNULL)
        seconds = time.perf_counter() - begin
    # The largest of all finished children; macOS counts bytes, Linux kibibytes.
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    return startup, seconds, peak / (2**20 if sys.platform == "darwin" else 2**10)


def _line(row: Row, number: int) -> str:
    fields = {"id": f"{row['doc_id']}-{number}", "published": row["published"] and str(row["published"])}
    return json.dumps({**fields, **{name: row[name] for name in ("text", "title", "source")}}) + "\n"


def report(seconds: dict[str, float], documents: int, words: int) -> str:
    """Return the rows of the table: stages, their speed and their share of the time."""
    total = sum(seconds.values())
    lines = [
        f"{documents} articles, {words} words, one core\n",
        "| stage | articles/s | words/s | share |",
        "|---|--:|--:|--:|",
    ]
    lines += [f"| {name} | {_speed(time, documents, words)} | {time / total:.1%} |" for name, time in seconds.items()]
    lines.append(f"| all stages | {_speed(total, documents, words)} | |")
    return "\n".join(lines)


def _speed(seconds: float, documents: int, words: int) -> str:
    return f"{documents / seconds:,.1f} | {words / seconds:,.0f}"


if __name__ == "__main__":
    main()
