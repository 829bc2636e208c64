"""Ingest: read any format, split, clean, date. From inputs to rows of `documents` and `rejects`."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from pipeline.ingest.articles import LONGEST_TEXT, Article, Failure, IngestError
from pipeline.ingest.cleaning import Cleaned
from pipeline.ingest.cleaning import clean as clean_text
from pipeline.ingest.language import language_of
from pipeline.ingest.publication_date import parse_published, publication_date
from pipeline.ingest.readers import read

__all__ = ["IngestError", "document", "ingest"]

log = logging.getLogger(__name__)


def ingest(
    inputs: Iterable[str | Path], *, published: date | None = None, source: str | None = None, clean: bool = True
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield ("documents", row) or ("rejects", row), one for each article, in the order of the inputs.

    `inputs` are files, folders, globs and "-" for standard input. `published` and `source` fill in what an input lacks.
    With `clean` false a text is taken as it is. Raises nothing for bad inputs: each is a row of `rejects`.
    """
    ids = _Ids()
    for found in read(inputs):
        if isinstance(found, Failure):
            yield "rejects", _reject(found.path, found.reason, found.doc_id)
            continue
        try:
            row = _document(found, published, source, clean)
        except IngestError as error:
            yield "rejects", _reject(found.path, str(error), found.doc_id)
            continue
        yield "documents", ids.settle(row)


def document(
    text: str,
    *,
    doc_id: str | None = None,
    title: str | None = None,
    published: date | str | None = None,
    source: str | None = None,
    url: str | None = None,
    source_path: str = "",
    clean: bool = True,
) -> dict[str, Any]:
    """Return one row of `documents` from a text.

    Raises IngestError (a ValueError) for a text that is empty, too long or not English.
    """
    article = Article(source_path, text, doc_id=doc_id, title=title, published=published, source=source, url=url)
    return _document(article, None, None, clean)


def _document(article: Article, published: date | None, source: str | None, clean: bool) -> dict[str, Any]:
    _check(article.text)
    cleaned = clean_text(article.text, title=article.title, captions=article.captions, source=article.source or source)
    if not any(c.isalnum() for c in cleaned.text):
        raise IngestError("no text")
    language = language_of("\n".join(cleaned.story()) or cleaned.text)
    if language != "en":
        raise IngestError(f"language: {language}")
    given = _given_date(article, published)
    when, basis = publication_date(cleaned, given=given, file_name=article.file_name, url=article.url)
    kept = cleaned if clean else Cleaned(article.text, article.title, ())
    digest = _hash(kept.text)
    return {
        "doc_id": article.doc_id or digest[:16],
        "source_path": article.path,
        "url": article.url,
        "source": article.source or source,
        "title": kept.title,
        "text": kept.text,
        "published": when,
        "published_basis": basis,
        "language": language,
        "content_hash": digest,
        "duplicate_of": None,
        "layout": [{"kind": z.kind, "start": z.start, "end": z.end} for z in kept.zones],
    }


def _check(text: str) -> None:
    if not text.strip():
        raise IngestError("no text")
    if len(text) > LONGEST_TEXT:
        raise IngestError(f"longer than {LONGEST_TEXT:,} characters ({len(text):,})")
    if "\x00" in text:
        raise IngestError("holds NUL bytes")
    try:
        text.encode()
    except UnicodeEncodeError:
        raise IngestError("holds half a character (lone surrogate)") from None


def _given_date(article: Article, published: date | None) -> Any:
    """The article's own date, else the caller's; a date that is none is told to the log and the next basis is taken."""
    if article.published in (None, ""):
        return published
    if parse_published(article.published) is None:
        log.warning("%s: published %r is no date", article.path, article.published)
        return published
    return article.published


def _hash(text: str) -> str:
    """Hash of a text without regard to case and white space, 32 hexadecimal digits of BLAKE2b."""
    return hashlib.blake2b(" ".join(text.casefold().split()).encode(), digest_size=16).hexdigest()


def _reject(path: str, reason: str, doc_id: str | None) -> dict[str, Any]:
    return {"source_path": path, "doc_id": doc_id, "stage": "ingest", "reason": " ".join(reason.split())[:300]}


class _Ids:
    """Keeps ids unique within a run and knows which text was seen before.

    An id that comes twice gets a suffix (-2, -3 ...), whether the text is the same or another: nothing is lost, and
    `duplicate_of` tells the two cases apart.
    """

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._first: dict[str, str] = {}

    def settle(self, row: dict[str, Any]) -> dict[str, Any]:
        """Make the row's id unique and fill in `duplicate_of`."""
        wanted, number = row["doc_id"], 2
        while row["doc_id"] in self._taken:
            row["doc_id"] = f"{wanted}-{number}"
            number += 1
        self._taken.add(row["doc_id"])
        first = self._first.setdefault(row["content_hash"], row["doc_id"])
        row["duplicate_of"] = first if first != row["doc_id"] else None
        return row
