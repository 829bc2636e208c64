"""What readers hand on: an article as it was found, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

# spaCy's own limit (`Language.max_length`); a longer text is a book, not an article.
LONGEST_TEXT = 1_000_000  # characters


class IngestError(ValueError):
    """An input that gives no document; the message is the reason in `rejects`."""


@dataclass(slots=True)
class Article:
    """One article before cleaning: `path` is the file with its place in it, `published` as found, not yet checked."""

    path: str
    text: str
    doc_id: str | None = None
    title: str | None = None
    published: Any = None
    source: str | None = None
    url: str | None = None
    language: str | None = None
    captions: tuple[str, ...] = ()
    file_name: str = ""  # a name that may date the article


@dataclass(frozen=True, slots=True)
class Failure:
    """An input that gives no article, and why."""

    path: str
    reason: str
    doc_id: str | None = None
