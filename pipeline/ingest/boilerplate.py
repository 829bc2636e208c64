"""What pages carry around a story: the patterns of `data/knowledge/boilerplate.csv`, compiled."""

from __future__ import annotations

import re
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, field_validator

from pipeline.knowledge import knowledge_path, read_table

# Longer lines are paragraphs: no pattern may take them for a page's furniture.
LONGEST_LINE = 420


class Pattern(BaseModel):
    """One row: a regular expression, where on the page it counts, and a line that it must match."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal[
        "noise",
        "furniture",
        "kicker",
        "caption",
        "credit",
        "end",
        "signature",
        "after",
        "open",
        "close",
        "gallery",
        "archive",
        "occasion",
        "look_back",
        "ahead",
        "english",
        "no_place",
        "particle",
        "before_name",
        "after_name",
    ]
    where: Literal["any", "head", "tail"] = "any"
    pattern: str
    example: str

    @field_validator("pattern")
    @classmethod
    def _compiles(cls, value: str) -> str:
        try:
            re.compile(value)
        except re.error as error:
            raise ValueError(f"not a regular expression: {error}") from None
        return value


@cache
def patterns() -> tuple[Pattern, ...]:
    """Return the rows of the table. Raises KnowledgeError for a row that breaks its schema."""
    return tuple(read_table(knowledge_path("boilerplate.csv"), Pattern))


@cache
def compiled(kind: str, where: str = "any") -> re.Pattern[str]:
    """Return one expression for all rows of a kind that count at `where` (rows marked `any` count everywhere)."""
    rows = [p.pattern for p in patterns() if p.kind == kind and p.where in ("any", where)]
    return re.compile("|".join(f"(?:{row})" for row in rows) or r"(?!)", re.IGNORECASE)


@cache
def words(kind: str) -> frozenset[str]:
    """Return the words of a kind whose rows are plain lists of words (english, no_place, particle, before_name ...)."""
    return frozenset(word for p in patterns() if p.kind == kind for word in p.pattern.split("|"))


def is_line(kind: str, line: str, where: str = "any") -> bool:
    """Whether a whole line is of a kind."""
    return len(line) <= LONGEST_LINE and compiled(kind, where).fullmatch(line) is not None


def speaks_of(kind: str, text: str) -> bool:
    """Whether words of a kind (archive, occasion, look_back, ahead, credit) stand anywhere in a text."""
    return compiled(kind).search(text) is not None
