"""The tables: one explicit Arrow schema each, and their reading and writing. Nothing else touches Parquet.

A table is a folder of Parquet parts. A folder is replaced as a whole: parts are written beside it and moved into place,
so that a reader sees the old table or the new one, never half of one.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from pipeline.version import SCHEMA_VERSION, __version__

EVIDENCE = pa.list_(pa.struct([("column", pa.string()), ("start", pa.int32()), ("end", pa.int32())]))
LAYOUT = pa.list_(pa.struct([("kind", pa.string()), ("start", pa.int32()), ("end", pa.int32())]))


def _schema(columns: list[tuple[str, pa.DataType, str]]) -> pa.Schema:
    """Build a schema from (name, type, meaning); a name that ends in `?` may be null."""
    return pa.schema(
        [
            pa.field(name.rstrip("?"), kind, nullable=name.endswith("?"), metadata={"meaning": meaning})
            for name, kind, meaning in columns
        ]
    )


S, I8, I32, I64 = pa.string(), pa.int8(), pa.int32(), pa.int64()
F32, F64, DAY = pa.float32(), pa.float64(), pa.date32()

DOCUMENTS = _schema(
    [
        ("doc_id", S, "the input's own id, else derived from its content; stable between runs"),
        ("source_path", S, "file that the article came from, with its place in the file"),
        ("url?", S, "address of the article"),
        ("source?", S, "name of the publisher"),
        ("title?", S, "headline"),
        ("text", S, "cleaned text; every offset in the other tables counts its characters"),
        ("published?", DAY, "publication date"),
        ("published_basis", S, "metadata, filename, dateline, body, caption or none"),
        ("language", S, "ISO 639-1 code"),
        ("content_hash", S, "hash of the normalised text"),
        ("duplicate_of?", S, "doc_id of the earlier article with the same text"),
        ("layout", LAYOUT, "stretches of text that are not running story: headline, caption, dateline, boilerplate"),
    ]
)

MENTIONS = _schema(
    [
        ("doc_id", S, "article"),
        ("mention_id", S, "doc_id and ordinal"),
        ("sentence", I32, "ordinal of the sentence"),
        ("start", I32, "first character in documents.text"),
        ("end", I32, "one past the last character"),
        ("text", S, "exactly documents.text[start:end]"),
        ("kind", S, "ACTOR, PLACE, DATE, COUNT, WEAPON or TRIGGER"),
        ("canonical?", S, "standard name of actor or place, ISO 8601 date or interval, or number"),
        ("inter?", I8, "actors: ACLED's actor type, 1-8"),
        ("country?", S, "ISO 3166 alpha-3 country"),
        ("date_start?", DAY, "dates: first day"),
        ("date_end?", DAY, "dates: last day"),
        ("date_precision?", S, "dates: day, week, month or year"),
        ("date_basis?", S, "dates: explicit when the words suffice, else what they were resolved against"),
        ("latitude?", F64, "places: degrees north"),
        ("longitude?", F64, "places: degrees east"),
        ("geoname_id?", I64, "places: GeoNames id"),
        ("geo_precision?", I8, "places: 1 the place itself, 2 near it or part of a region, 3 region"),
        ("feature?", S, "places: town, village, camp, base, region, country ..."),
        ("admin1?", S, "places: first-order division"),
        ("admin2?", S, "places: second-order division"),
        ("admin3?", S, "places: third-order division"),
        (
            "count_of?",
            S,
            "counts: fatalities, injuries, incidents, detained, abducted, displaced, munitions, participants",
        ),
        ("count_min?", I64, "counts: lower bound that the words give"),
        ("count_max?", I64, "counts: upper bound that the words give"),
        ("count_value?", I64, "counts: the figure"),
        ("count_qualifier?", S, "counts: exact, about, over, at_least, up_to, nearly, range, dozens ..."),
        ("confidence", F32, "0-1"),
    ]
)

_ACLED = [
    ("event_id", S, "identifier of the row; stable between runs"),
    ("event_date?", DAY, "day of the event, or first day of an aggregate's period"),
    ("year?", I32, "year of event_date"),
    ("time_precision?", I8, "1 the day is known, 2 the week, 3 the month or vaguer"),
    ("disorder_type?", S, "ACLED disorder type"),
    ("event_type?", S, "ACLED event type; null only in aggregates of mixed or unsaid kind"),
    ("sub_event_type?", S, "ACLED sub-event type"),
    ("actor1?", S, "who acts, where one side acts on the other"),
    ("assoc_actor_1?", S, "groups with actor1, separated by '; '"),
    (
        "inter1?",
        I8,
        "type of actor1: 1 state, 2 rebels, 3 political militia, 4 identity militia, 5 rioters, "
        "6 protesters, 7 civilians, 8 external or other forces",
    ),
    ("actor2?", S, "the other side"),
    ("assoc_actor_2?", S, "groups with actor2, separated by '; '"),
    ("inter2?", I8, "type of actor2"),
    ("interaction?", S, "both types in words, the lower code first"),
    ("civilian_targeting?", S, "'Civilian targeting' when civilians are the main or only target"),
    ("iso?", I32, "ISO 3166 numeric country code"),
    ("region?", S, "ACLED region"),
    ("country?", S, "country"),
    ("admin1?", S, "first-order division"),
    ("admin2?", S, "second-order division"),
    ("admin3?", S, "third-order division"),
    ("location?", S, "place name"),
    ("latitude?", F64, "degrees north"),
    ("longitude?", F64, "degrees east"),
    ("geo_precision?", I8, "1 the named place, 2 near it or part of a small region, 3 a region at its capital"),
    ("source?", S, "name of the publisher"),
    ("source_scale?", S, "reach of the source"),
    ("notes", S, "the sentence or sentences that report it; of one with several totals, the words of this one"),
    ("fatalities?", I64, "deaths, by ACLED's conservative rule"),
    ("tags?", S, "ACLED-style tags, separated by '; '"),
    ("timestamp", pa.timestamp("ms", tz="UTC"), "when the row was coded"),
]

_OWN = [
    ("record_type", S, "event, or aggregate: a reported total of several incidents"),
    ("part_of?", S, "event_id of the aggregate that counts this row"),
    ("incidents?", I64, "1 for an event; for an aggregate what the text says"),
    ("incidents_min?", I64, "lower bound of incidents"),
    ("incidents_max?", I64, "upper bound of incidents"),
    ("incidents_qualifier?", S, "exact, about, over, at_least, up_to, nearly, range, dozens ..."),
    ("event_date_end?", DAY, "last day, where the text gives a period"),
    ("event_date_text?", S, "the words that date the event"),
    ("date_basis?", S, "what the words were resolved against: explicit, metadata, dateline, body or caption"),
    ("fatalities_min?", I64, "lower bound of deaths"),
    ("fatalities_max?", I64, "upper bound of deaths"),
    ("injuries?", I64, "wounded"),
    ("injuries_min?", I64, "lower bound of wounded"),
    ("injuries_max?", I64, "upper bound of wounded"),
    ("certainty", S, "asserted, attributed, likely, alleged or disputed"),
    ("evidence", EVIDENCE, "which characters of documents.text each filled column comes from"),
    ("confidence", F32, "0-1"),
]

REPORTS = _schema([*_ACLED, ("doc_id", S, "article"), *_OWN])

EVENTS = _schema(
    [
        *_ACLED,
        ("doc_ids", pa.list_(S), "articles that report the event"),
        ("sources", pa.list_(S), "their publishers"),
        ("n_reports", I32, "how many reports were merged"),
        *_OWN,
    ]
)

REJECTS = _schema(
    [
        ("source_path", S, "input that could not be read or coded"),
        ("doc_id?", S, "its id, where it has one"),
        ("stage", S, "ingest, annotate or encode"),
        ("reason", S, "why"),
    ]
)

# The annotated texts, which `encode` needs when it runs alone: not one of the tables that analysts read.
SYNTAX = _schema(
    [
        ("doc_id", S, "article"),
        ("content_hash", S, "documents.content_hash of the text that was parsed"),
        ("doc", pa.binary(), "spaCy Doc: words, tags, tree, entities"),
    ]
)

SCHEMAS: dict[str, pa.Schema] = {
    "documents": DOCUMENTS,
    "mentions": MENTIONS,
    "reports": REPORTS,
    "events": EVENTS,
    "rejects": REJECTS,
    "syntax": SYNTAX,
}
PUBLIC_TABLES = ("documents", "mentions", "reports", "events", "rejects")

Row = dict[str, Any]


def now() -> dt.datetime:
    """Return the time that is written into rows; SOURCE_DATE_EPOCH fixes it for reproducible output."""
    epoch = os.environ.get("SOURCE_DATE_EPOCH")
    if epoch:
        return dt.datetime.fromtimestamp(int(epoch), dt.UTC)
    return dt.datetime.now(dt.UTC).replace(microsecond=0)


def to_arrow(name: str, rows: Iterable[Row]) -> pa.Table:
    """Return rows as an Arrow table of the named schema.

    Raises KeyError for an unknown table and pyarrow.ArrowInvalid for a value that does not fit its column.
    """
    metadata = {"schema_version": SCHEMA_VERSION, "pipeline_version": __version__}
    return pa.Table.from_pylist(list(rows), schema=SCHEMAS[name].with_metadata(metadata))


class TableWriter:
    """Write one table part by part; nothing is seen under its name until `close`."""

    def __init__(self, out: Path, name: str) -> None:
        self.name = name
        self.target = out / name
        out.mkdir(parents=True, exist_ok=True)
        self._folder = Path(tempfile.mkdtemp(prefix=f".{name}-", dir=out))
        self._parts = 0

    def write(self, rows: Iterable[Row]) -> None:
        """Write rows as one more part; no rows, no part."""
        table = to_arrow(self.name, rows)
        if table.num_rows:
            self._write_part(table)

    def close(self) -> None:
        """Put the table in its place, with one empty part when nothing was written."""
        if not self._parts:
            self._write_part(to_arrow(self.name, []))
        self._folder.chmod(0o755)
        if self.target.exists():
            old = self._folder.with_name(self._folder.name + ".old")
            os.replace(self.target, old)
            os.replace(self._folder, self.target)
            shutil.rmtree(old)
        else:
            os.replace(self._folder, self.target)

    def discard(self) -> None:
        """Drop what was written and leave the old table as it was."""
        shutil.rmtree(self._folder, ignore_errors=True)

    def __enter__(self) -> TableWriter:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self.close()
        else:
            self.discard()

    def _write_part(self, table: pa.Table) -> None:
        pq.write_table(table, self._folder / f"part-{self._parts:05d}.parquet", compression="zstd")
        self._parts += 1


def read_rows(out: Path, name: str, batch_size: int = 256) -> Iterator[list[Row]]:
    """Yield a table's rows batch by batch.

    Raises FileNotFoundError when the table is not there, ValueError when it has other columns than its schema.
    """
    for batch in _dataset(out, name).to_batches(batch_size=batch_size):
        if batch.num_rows:
            yield batch.to_pylist()


def require(out: Path, *names: str) -> None:
    """Raise FileNotFoundError when a table that a stage reads is not there."""
    for name in names:
        if not (out / name).is_dir():
            raise FileNotFoundError(f"no {name} table in {out}: run the stage before this one first")


def read_table(out: Path, name: str) -> pa.Table:
    """Return a whole table as Arrow; errors as in `read_rows`."""
    return _dataset(out, name).to_table()


def _dataset(out: Path, name: str) -> ds.Dataset:
    require(out, name)
    folder = out / name
    try:
        dataset = ds.dataset(sorted(str(p) for p in folder.glob("*.parquet")), format="parquet")
    except pa.ArrowInvalid as error:
        raise ValueError(f"{folder} holds a file that is not Parquet: {error}") from None
    missing = set(SCHEMAS[name].names) - set(dataset.schema.names)
    if missing:
        raise ValueError(f"{folder} lacks the columns {', '.join(sorted(missing))}: it was written by another version")
    return dataset
