"""Articles as records of JSON Lines, JSON, CSV and Parquet.

Fields: `text`, and where there `id`, `title`, `published`, `source`, `url`, `language`; others are not read.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from pipeline.ingest.articles import Article, Failure, IngestError
from pipeline.ingest.encoding import decode, encoding_of, repair

FIELDS = ("id", "title", "published", "source", "url", "language")
# A text of a million characters, each escaped in six bytes, with room for the other fields.
LONGEST_RECORD = 8_000_000  # bytes
BATCH = 64  # rows of a Parquet file in memory at a time


def read_jsonl(stream: BinaryIO, path: str) -> Iterator[Article | Failure]:
    """Yield the article of each line; a broken line is one Failure."""
    empty = True
    for number, line in _lines(stream):
        place = f"{path}#{number}"
        if line is None:
            empty = False
            yield Failure(place, f"line longer than {LONGEST_RECORD:,} bytes")
        elif line.strip():
            empty = False
            yield _from_json(line, place)
    if empty:
        raise IngestError("no records")


def read_json(data: bytes, path: str) -> Iterator[Article | Failure]:
    """Yield the articles of a JSON file: one object, or a list of objects. A file of JSON lines is read as such."""
    try:
        value = json.loads(decode(data))
    except (json.JSONDecodeError, RecursionError) as error:
        if b"\n{" in data:
            yield from read_jsonl(io.BytesIO(data), path)
            return
        raise IngestError(f"broken JSON: {error}") from None
    records = value if isinstance(value, list) else [value]
    if not records:
        raise IngestError("no records")
    for number, record in enumerate(records, 1):
        yield _article(record, f"{path}#{number}")


def read_csv(stream: BinaryIO, path: str, *, tabs: bool = False) -> Iterator[Article | Failure]:
    """Yield the article of each row. Raises IngestError where the header has no column `text`."""
    sample = stream.read(1 << 16)
    stream.seek(0)
    encoding = encoding_of(sample)
    errors = "surrogateescape" if encoding.startswith("utf-8") else "strict"
    file = io.TextIOWrapper(stream, encoding=encoding, errors=errors, newline="")
    csv.field_size_limit(LONGEST_RECORD)
    delimiter = "\t" if tabs else _delimiter(sample.decode(encoding, "replace"))
    rows = csv.DictReader(file, delimiter=delimiter)
    _need_text(rows.fieldnames or ())
    number = 0
    while True:
        number += 1
        try:
            row = next(rows)
        except StopIteration:
            break
        except (csv.Error, UnicodeDecodeError) as error:
            yield Failure(f"{path}#{number}", f"broken CSV: {error}")
            continue
        yield _article(row, f"{path}#{number}")
    if number == 1:
        raise IngestError("no records")


def read_parquet(stream: BinaryIO, path: str) -> Iterator[Article | Failure]:
    """Yield the article of each row. Raises IngestError for a broken file and where there is no column `text`."""
    try:
        file = pq.ParquetFile(stream)
        names = file.schema_arrow.names
        _need_text(names)
        if not file.metadata.num_rows:
            raise IngestError("no records")
        number = 0
        for batch in file.iter_batches(batch_size=BATCH, columns=[n for n in ("text", *FIELDS) if n in names]):
            for row in batch.to_pylist():
                number += 1
                yield _article(row, f"{path}#{number}")
    except pa.ArrowException as error:
        raise IngestError(f"broken Parquet: {str(error).splitlines()[0]}") from None


def _lines(stream: BinaryIO) -> Iterator[tuple[int, bytes | None]]:
    """Yield (number, line), with None for a line that is too long to be read."""
    number = 0
    while line := stream.readline(LONGEST_RECORD + 1):
        number += 1
        if len(line) > LONGEST_RECORD and not line.endswith(b"\n"):
            while line and not line.endswith(b"\n"):
                line = stream.readline(1 << 20)
            yield number, None
        else:
            yield number, line


def _from_json(line: bytes, place: str) -> Article | Failure:
    try:
        return _article(json.loads(decode(line)), place)
    except (json.JSONDecodeError, RecursionError) as error:
        return Failure(place, f"broken JSON: {error}")
    except IngestError as error:
        return Failure(place, str(error))


def _article(record: object, place: str) -> Article | Failure:
    if not isinstance(record, Mapping):
        return Failure(place, "not an object with a field 'text'")
    doc_id = _text(record.get("id"))
    text = record.get("text")
    if text is None:
        return Failure(place, "no field 'text'" if "text" not in record else "no text", doc_id)
    if not isinstance(text, str):
        return Failure(place, f"field 'text' is {type(text).__name__}, not text", doc_id)
    try:
        return Article(
            place,
            repair(text),
            doc_id=doc_id,
            title=_text(record.get("title")),
            published=record.get("published"),
            source=_text(record.get("source")),
            url=_text(record.get("url")),
            language=_text(record.get("language")),
        )
    except IngestError as error:
        return Failure(place, str(error), doc_id)


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, Mapping | list) or value != value:
        return None
    return repair(str(value)).strip() or None


def _need_text(names: Iterable[str]) -> None:
    if "text" not in names:
        raise IngestError(f"no column 'text' (columns: {', '.join(map(str, names)) or 'none'})")


def _delimiter(sample: str) -> str:
    header = sample.partition("\n")[0]
    return max((",", ";", "\t"), key=header.count)
