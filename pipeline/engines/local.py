"""Run the stages on one machine: batch by batch, in this process or in several, with the same output either way.

Batches are read, coded and written in order, and only a few are under way at a time, so that memory stays flat.
"""

from __future__ import annotations

import datetime as dt
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cache, partial
from itertools import groupby, islice
from multiprocessing import get_context
from pathlib import Path
from typing import Any, TypeVar

import spacy
from spacy.language import Language

from pipeline import texts
from pipeline.encode import encode
from pipeline.ingest import ingest
from pipeline.merge import merge
from pipeline.model import load
from pipeline.tables import Row, TableWriter, now, read_rows, require

Item = TypeVar("Item")
Progress = Callable[[int], None]

BATCH = 32


@dataclass(slots=True)
class Settings:
    """What a run is told: the model, the time written into its rows, and how many processes work."""

    model: str | None = None
    timestamp: dt.datetime = field(default_factory=now)
    workers: int = 1


def run_all(
    inputs: Iterable[str | Path],
    out: Path,
    settings: Settings,
    *,
    published: dt.date | None = None,
    source: str | None = None,
    clean: bool = True,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Take articles to events; return the number of rows of each table.

    A text that cannot be coded becomes a row of `rejects`: inputs = documents + rejects.
    """
    found = ingest(inputs, published=published, source=source, clean=clean)
    with ExitStack() as stack:
        tables = _Tables(stack, out, ("documents", "mentions", "reports", "rejects"))
        for coded in _in_order(partial(_code, settings=settings), _batches(found, BATCH), settings.workers):
            tables.write(coded)
            if progress:
                progress(len(coded["documents"]) + len(coded["rejects"]))
    counts = tables.counts
    counts["events"] = run_merge(out)
    return counts


def run_ingest(
    inputs: Iterable[str | Path],
    out: Path,
    *,
    published: dt.date | None = None,
    source: str | None = None,
    clean: bool = True,
    progress: Progress | None = None,
) -> dict[str, int]:
    """Write `documents` and `rejects`."""
    with ExitStack() as stack:
        tables = _Tables(stack, out, ("documents", "rejects"))
        for batch in _batches(ingest(inputs, published=published, source=source, clean=clean), BATCH):
            tables.write(_by_table(batch))
            if progress:
                progress(len(batch))
    return tables.counts


def run_annotate(out: Path, settings: Settings, progress: Progress | None = None) -> dict[str, int]:
    """Write `mentions` and `syntax` from `documents`; errors as in `read_rows`."""
    require(out, "documents")
    with ExitStack() as stack:
        tables = _Tables(stack, out, ("mentions", "syntax"))
        batches = read_rows(out, "documents", BATCH)
        for coded in _in_order(partial(_annotate, settings=settings), batches, settings.workers):
            tables.write(coded)
            if progress:
                progress(len(coded["syntax"]))
    return tables.counts


def run_encode(out: Path, settings: Settings, progress: Progress | None = None) -> dict[str, int]:
    """Write `reports` from `documents`, `mentions` and `syntax`; errors as in `read_rows`."""
    require(out, "documents", "mentions", "syntax")
    with ExitStack() as stack:
        tables = _Tables(stack, out, ("reports",))
        for coded in _in_order(partial(_encode, settings=settings), _batches(_annotated(out), BATCH), settings.workers):
            tables.write({"reports": coded["reports"]})
            if progress:
                progress(coded["texts"])
    return tables.counts


def run_merge(out: Path) -> int:
    """Write `events` from `reports`; return their number."""
    reports = [row for batch in read_rows(out, "reports") for row in batch]
    duplicates = {
        row["doc_id"]: row["duplicate_of"]
        for batch in read_rows(out, "documents")
        for row in batch
        if row["duplicate_of"]
    }
    events = merge(reports, duplicates)
    with TableWriter(out, "events") as writer:
        writer.write(events)
    return len(events)


class _Tables:
    """Several tables that are written together, and how many rows each got."""

    def __init__(self, stack: ExitStack, out: Path, names: Iterable[str]) -> None:
        self.writers = {name: stack.enter_context(TableWriter(out, name)) for name in names}
        self.counts = dict.fromkeys(self.writers, 0)

    def write(self, rows: dict[str, list[Row]]) -> None:
        for name, writer in self.writers.items():
            writer.write(rows.get(name, ()))
            self.counts[name] += len(rows.get(name, ()))


@cache
def _load(model: str | None) -> Language:
    """Return this process's model, loaded once."""
    return load(model)


def _code(batch: list[tuple[str, Row]], settings: Settings) -> dict[str, list[Row]]:
    """Annotate and encode what `ingest` gave; a text that fails is rejected with its reason."""
    nlp = _load(settings.model)
    tables: dict[str, list[Row]] = {"documents": [], "mentions": [], "reports": [], "rejects": []}
    with nlp.memory_zone():
        for name, row in batch:
            if name == "rejects":
                tables["rejects"].append(row)
                continue
            stage = "annotate"
            try:
                doc = nlp(texts.new_doc(nlp, row))
                mentions = texts.mention_rows(doc, row["doc_id"])
                stage = "encode"
                reports = encode(doc, row, settings.timestamp)
            except Exception as error:
                tables["rejects"].append(_rejected(row, stage, error))
                continue
            tables["documents"].append(row)
            tables["mentions"].extend(mentions)
            tables["reports"].extend(reports)
    return tables


def _annotate(batch: list[Row], settings: Settings) -> dict[str, list[Row]]:
    nlp = _load(settings.model)
    tables: dict[str, list[Row]] = {"mentions": [], "syntax": []}
    with nlp.memory_zone():
        for row in batch:
            doc = nlp(texts.new_doc(nlp, row))
            tables["mentions"].extend(texts.mention_rows(doc, row["doc_id"]))
            tables["syntax"].append(texts.syntax_row(doc, row))
    return tables


def _encode(batch: list[tuple[Row, bytes, list[Row]]], settings: Settings) -> dict[str, Any]:
    nlp = spacy.blank("en")  # its words are all that the annotated texts still need
    reports: list[Row] = []
    with nlp.memory_zone():
        for row, syntax, mentions in batch:
            doc = texts.restored_doc(nlp.vocab, row, syntax, mentions)
            reports.extend(encode(doc, row, settings.timestamp))
    return {"reports": reports, "texts": len(batch)}


def _annotated(out: Path) -> Iterator[tuple[Row, bytes, list[Row]]]:
    """Yield documents with their syntax and mentions, read side by side: all three tables are in the same order."""
    documents = (row for rows in read_rows(out, "documents") for row in rows)
    syntax = (row for rows in read_rows(out, "syntax") for row in rows)
    mentions = groupby((row for rows in read_rows(out, "mentions") for row in rows), key=lambda row: row["doc_id"])
    doc_id, group = next(mentions, (None, iter(())))
    for document, parsed in zip(documents, syntax, strict=True):
        if parsed["doc_id"] != document["doc_id"] or parsed["content_hash"] != document["content_hash"]:
            raise ValueError(f"{out}/syntax does not belong to {out}/documents: run annotate again")
        own: list[Row] = []
        if doc_id == document["doc_id"]:
            own = list(group)
            doc_id, group = next(mentions, (None, iter(())))
        yield document, parsed["doc"], own


def _rejected(row: Row, stage: str, error: Exception) -> Row:
    reason = f"{type(error).__name__}: {error}".splitlines()[0]
    return {"source_path": row["source_path"], "doc_id": row["doc_id"], "stage": stage, "reason": reason}


def _by_table(batch: list[tuple[str, Row]]) -> dict[str, list[Row]]:
    tables: dict[str, list[Row]] = {}
    for name, row in batch:
        tables.setdefault(name, []).append(row)
    return tables


def _batches(items: Iterable[Item], size: int) -> Iterator[list[Item]]:
    iterator = iter(items)
    while batch := list(islice(iterator, size)):
        yield batch


def _in_order(work: Callable[[Any], dict[str, Any]], batches: Iterable[Any], workers: int) -> Iterator[dict[str, Any]]:
    """Apply work to every batch and yield the results in the order of the batches."""
    if workers <= 1:
        yield from map(work, batches)
        return
    waiting: deque[Future[dict[str, Any]]] = deque()
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        for batch in batches:
            waiting.append(pool.submit(work, batch))
            if len(waiting) >= 2 * workers:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
