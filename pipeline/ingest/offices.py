"""Who held which office when (`data/knowledge/offices.csv`), and what the people named in a text say of its date."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from pydantic import BaseModel, ConfigDict, Field

from pipeline.ingest.boilerplate import words as known_words
from pipeline.knowledge import knowledge_path, read_table

# Texts call a person by an office some days before and after the change.
TOLERANCE = dt.timedelta(days=7)
REACH = 8  # words between a full name and its title
GOVERNING = frozenset({"president", "prime minister", "chancellor"})
_WORD = re.compile(r"[^\W_]+(?:'[^\W\d_]+)*")

Words = tuple[str, ...]
Term = tuple[dt.date, dt.date]


class Office(BaseModel):
    """One term of one person: name forms apart by ";", the last name among them; title forms likewise; ISO alpha-3."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    names: str
    title: str
    country: str
    since: dt.date = Field(alias="from")
    until: dt.date = Field(alias="to", default=dt.date.max)

    @property
    def term(self) -> Term:
        """First and last day on which a text may call the person by the office."""
        return self.since - TOLERANCE, self.until if self.until == dt.date.max else self.until + TOLERANCE


@dataclass(frozen=True, slots=True)
class Window:
    """The days that agree with the office holders named in a text, as spans in order."""

    spans: tuple[Term, ...] = ((dt.date.min, dt.date.max),)

    @property
    def start(self) -> dt.date:
        """The first day: before it somebody did not hold the office yet."""
        return self.spans[0][0]

    @property
    def end(self) -> dt.date:
        """The last day."""
        return self.spans[-1][1]

    def holds(self, date: dt.date) -> bool:
        """Whether a day lies in the window."""
        return any(start <= date <= end for start, end in self.spans)

    def within(self, terms: list[Term]) -> Window:
        """Keep the days that lie in one of the terms too.

        Where none is left, one of the names is told as history, and only the later beginning still counts.
        """
        both = sorted((max(a, c), min(b, d)) for a, b in self.spans for c, d in terms if max(a, c) <= min(b, d))
        if both:
            return Window(tuple(both))
        return Window(((max(self.start, min(start for start, _ in terms)), dt.date.max),))


def office_window(text: str) -> Window:
    """Return the days on which everybody whom the text names with an office held it; all days where it names nobody."""
    words = _words(text)
    window = Window()
    for terms in _named(words):
        window = window.within(terms)
    return window


@dataclass(slots=True)
class _Index:
    """Names and titles by their first word, so that a text is read once, word by word."""

    full: dict[str, dict[Words, dict[Words, list[Term]]]] = field(default_factory=lambda: defaultdict(dict))
    titles: dict[str, set[Words]] = field(default_factory=lambda: defaultdict(set))
    by_last: dict[tuple[Words, Words], list[Term]] = field(default_factory=lambda: defaultdict(list))
    governments: dict[Words, list[Term]] = field(default_factory=lambda: defaultdict(list))


@cache
def _index() -> _Index:
    index = _Index()
    for row in read_table(knowledge_path("offices.csv"), Office):
        titles = [tuple(_words(t)) for t in row.title.split(";")]
        for name in (tuple(_words(n)) for n in row.names.split(";")):
            for title in titles:
                index.titles[title[0]].add(title)
                index.by_last[(title, name)].append(row.term)
                if len(name) > 1:
                    index.full[name[0]].setdefault(name, defaultdict(list))[title].append(row.term)
            if " ".join(titles[0]) in GOVERNING:
                index.governments[name].append(row.term)
    return index


def _named(words: list[str]) -> Iterator[list[Term]]:
    """The terms of each office holder named: full name near a title, title and last name, a person's administration."""
    index = _index()
    for i, word in enumerate(words):
        for name, offices in index.full.get(word, {}).items():
            end = i + len(name)
            if tuple(words[i:end]) == name and not _is_past(words, i, end):
                near = " ".join(["", *words[max(0, i - REACH) : i], "|", *words[end : end + REACH], ""])
                terms = [t for title, spans in offices.items() if f" {' '.join(title)} " in near for t in spans]
                if terms:
                    yield terms
        for title in index.titles.get(word, ()):
            end = i + len(title)
            if tuple(words[i:end]) == title:
                for size in (3, 2, 1):
                    terms = index.by_last.get((title, tuple(words[end : end + size])), [])
                    if terms and not _is_past(words, i, end + size):
                        yield terms
                        break
        if word in ("administration", "government"):
            for size in (2, 1):
                terms = index.governments.get(tuple(words[max(0, i - size) : i]), [])
                if terms and not _is_past(words, i - size, i):
                    yield terms
                    break


def _is_past(words: list[str], start: int, end: int) -> bool:
    """Whether words around a name say that the office is not held at the time of the text: former, then, slain ..."""
    before, after = words[max(0, start - 5) : start], words[end : end + 6]
    return not (known_words("before_name").isdisjoint(before) and known_words("after_name").isdisjoint(after))


def _words(text: str) -> list[str]:
    """Casefolded words without accents and possessive endings, in the British spelling of defence."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    bare = bare.casefold().replace("’", "'").replace("‘", "'").replace("defense", "defence")
    return [word.removesuffix("'s") for word in _WORD.findall(bare)]
