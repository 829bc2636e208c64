"""Read articles from files, folders, globs and standard input; every failure is a row of its own, none stops the rest.

Files are read record by record, so that memory stays flat however long they are.
"""

from __future__ import annotations

import glob
import gzip
import os
import shutil
import sys
import tempfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from pipeline.ingest.articles import Article, Failure, IngestError
from pipeline.ingest.encoding import decode
from pipeline.ingest.splitting import split_articles
from pipeline.ingest.tabular import read_csv, read_json, read_jsonl, read_parquet
from pipeline.ingest.webpages import read_page, read_warc

LARGEST_TEXT = 64 * 1024 * 1024  # bytes of a text file or page, which are read as a whole
_KINDS = {
    "jsonl": (".jsonl", ".ndjson"),
    "json": (".json",),
    "csv": (".csv", ".tsv"),
    "parquet": (".parquet", ".pq"),
    "warc": (".warc",),
    "html": (".html", ".htm", ".xhtml"),
    "text": (".txt", ".text", ".md"),
}
# How PDF, ZIP (DOCX), PNG, JPEG, GIF, old Office, RAR, 7z and programs begin.
_BINARY = (
    b"%PDF",
    b"PK\x03\x04",
    b"\x89PNG",
    b"\xff\xd8\xff",
    b"GIF8",
    b"\xd0\xcf\x11\xe0",
    b"Rar!",
    b"7z\xbc\xaf",
    b"\x7fELF",
)
# What reading raises for files that are broken, locked or gone.
_FAILURES = (OSError, EOFError, zlib.error, IngestError)


def read(inputs: Iterable[str | Path]) -> Iterator[Article | Failure]:
    """Yield the articles of all inputs, and a Failure for each that cannot be read."""
    for given in inputs:
        for path in _files(str(given)):
            yield from (path,) if isinstance(path, Failure) else _read_file(path)


def _files(given: str) -> Iterator[str | Failure]:
    if given == "-" or os.path.isfile(given):
        yield given
    elif os.path.isdir(given):
        yield from _folder(given)
    elif os.path.lexists(given):
        yield Failure(given, "neither a file nor a folder")
    elif glob.has_magic(given):
        matches = sorted(glob.glob(given, recursive=True))
        for match in matches:
            yield from _files(match)
        if not matches:
            yield Failure(given, "no file matches")
    else:
        yield Failure(given, "no such file")


def _folder(folder: str) -> Iterator[str | Failure]:
    """The files of a folder and its subfolders, sorted; hidden ones (.git, .DS_Store) are no inputs."""
    failures: list[Failure] = []
    empty = True

    def note(error: OSError) -> None:
        failures.append(Failure(str(error.filename or folder), f"cannot be read: {error.strerror}"))

    for root, folders, names in os.walk(folder, onerror=note):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            if not name.startswith("."):
                empty = False
                yield os.path.join(root, name)
    yield from failures
    if empty and not failures:
        yield Failure(folder, "folder without files")


def _read_file(path: str) -> Iterator[Article | Failure]:
    try:
        with _standard_input() if path == "-" else Path(path).open("rb") as file:
            yield from _read_stream(file, path)
    except _FAILURES as error:
        yield Failure(path, _reason(error))


def _reason(error: BaseException) -> str:
    if isinstance(error, IngestError):
        return str(error)
    if isinstance(error, OSError) and error.strerror:
        return f"cannot be read: {error.strerror}"
    return f"cannot be read: {error or type(error).__name__}"


@contextmanager
def _standard_input() -> Iterator[BinaryIO]:
    """Standard input as a file on disk: Parquet and gzip have to go back in it."""
    with tempfile.TemporaryFile() as spool:
        shutil.copyfileobj(sys.stdin.buffer, spool)
        spool.seek(0)
        yield spool  # type: ignore[misc]


def _read_stream(file: BinaryIO, path: str) -> Iterator[Article | Failure]:
    name = path.casefold()
    zipped = file.read(2) == b"\x1f\x8b"
    file.seek(0)
    if zipped:
        name = name.removesuffix(".gz")
    stream: BinaryIO = gzip.GzipFile(fileobj=file) if zipped else file  # type: ignore[assignment]
    start = stream.read(4096)
    stream.seek(0)
    kind = _kind(name, start)
    if kind == "warc":
        file.seek(0)  # warcio undoes gzip itself, record by record
        yield from read_warc(file, path)
    elif kind == "parquet":
        yield from read_parquet(stream, path)
    elif kind == "csv":
        yield from read_csv(stream, path, tabs=name.endswith(".tsv"))
    elif kind == "jsonl":
        yield from read_jsonl(stream, path)
    else:
        yield from _read_whole(stream, path, kind)


def _kind(name: str, start: bytes) -> str:
    if not start.strip():
        raise IngestError("empty file")
    if start.startswith(b"PAR1"):
        return "parquet"
    if start.startswith(b"WARC/"):
        return "warc"
    if start.startswith(_BINARY):
        raise IngestError("binary file")
    for kind, endings in _KINDS.items():
        if name.endswith(endings):
            return kind
    head = start.lstrip(b"\xef\xbb\xbf \t\r\n")
    if head[:1] == b"{":
        return "jsonl"
    return "html" if head[:200].lower().startswith((b"<!doctype html", b"<html")) else "text"


def _read_whole(stream: BinaryIO, path: str, kind: str) -> Iterator[Article | Failure]:
    data = stream.read(LARGEST_TEXT + 1)
    if len(data) > LARGEST_TEXT:
        raise IngestError(f"larger than {LARGEST_TEXT // 2**20} MiB")
    if kind == "json":
        yield from read_json(data, path)
    elif kind == "html":
        yield read_page(data, path, file_name=os.path.basename(path))
    else:
        text = decode(data)
        articles = split_articles(text)
        for number, article in enumerate(articles, 1):
            place = f"{path}#{number}" if len(articles) > 1 else path
            yield Article(place, article, file_name=os.path.basename(path))
