"""Who held which office when (`data/knowledge/offices.csv`), and what the office holders named in a text say of its date."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache, lru_cache

from pydantic import BaseModel, ConfigDict, Field

from pipeline.knowledge import knowledge_path, read_table

# Texts call a person by an office some days before and after the change.
TOLERANCE = dt.timedelta(days=7)
REACH = 60  # characters between a full name and its title
_FORMER = re.compile(
    r"\b(?:former|ex|then|late|ousted|deposed|toppled|fallen|onetime|future|incoming|outgoing|under|predecessor|successor)"
    r"\b[\w\s,.'’-]{0,25}$"
)


class Office(BaseModel):
    """One term of one person: name forms apart by ";", the last name among them; title forms likewise; ISO alpha-3."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    names: str
    title: str
    country: str
    since: dt.date = Field(alias="from")
    until: dt.date = Field(alias="to", default=dt.date(9999, 12, 31))


@dataclass(frozen=True, slots=True)
class Window:
    """The days that agree with all office holders named in a text."""

    spans: tuple[tuple[dt.date, dt.date], ...] = ((dt.date.min, dt.date.max),)

    @property
    def start(self) -> dt.date:
        """First day."""
        return self.spans[0][0] if self.spans else dt.date.max

    @property
    def end(self) -> dt.date:
        """Last day."""
        return self.spans[-1][1] if self.spans else dt.date.min

    def holds(self, date: dt.date) -> bool:
        """Whether a day lies in the window."""
        return any(start <= date <= end for start, end in self.spans)

    def within(self, terms: list[tuple[dt.date, dt.date]]) -> Window:
        """Keep the days that lie in one of the terms as well."""
        both = [(max(a, c), min(b, d)) for a, b in self.spans for c, d in terms]
        return Window(tuple(sorted((start, end) for start, end in both if start <= end)))


Terms = list[tuple[dt.date, dt.date]]


@lru_cache(maxsize=16)
def office_window(text: str) -> Window:
    """Return the days on which everybody whom the text names with an office held it; all days where it names nobody."""
    plain = _plain(text)
    window = Window()
    for terms in _named(plain):
        window = window.within(terms)
    return window


def _named(text: str) -> list[Terms]:
    """The terms of each office holder named: full name near its title, title and last name, last name's administration."""
    index = _index()
    found: list[Terms] = []
    for match in index.full.finditer(text):
        around = text[max(0, match.start() - REACH) : match.end() + REACH]
        before = text[max(0, match.start() - REACH) : match.start()]
        terms = [t for title, spans in index.by_full[match.group()].items() if re.search(rf"\b{title}\b", around) for t in spans]
        if terms and not _FORMER.search(before):
            found.append(terms)
    for match in index.titled.finditer(text):
        if not _FORMER.search(text[max(0, match.start() - REACH) : match.start()]):
            found.append(index.by_last[(match["title"], match["last"])])
    for match in index.governed.finditer(text):
        if not _FORMER.search(text[max(0, match.start() - REACH) : match.start()]):
            found.append(index.by_government[match["last"]])
    return [terms for terms in found if terms]


@dataclass(frozen=True, slots=True)
class _Index:
    full: re.Pattern[str]
    titled: re.Pattern[str]
    governed: re.Pattern[str]
    by_full: dict[str, dict[str, Terms]]
    by_last: dict[tuple[str, str], Terms]
    by_government: dict[str, Terms]


@cache
def _index() -> _Index:
    by_full: dict[str, dict[str, Terms]] = defaultdict(lambda: defaultdict(list))
    by_last: dict[tuple[str, str], Terms] = defaultdict(list)
    by_government: dict[str, Terms] = defaultdict(list)
    for row in read_table(knowledge_path("offices.csv"), Office):
        term = (_earlier(row.since), _later(row.until))
        titles = [_plain(t) for t in row.title.split(";")]
        for name in map(_plain, row.names.split(";")):
            for title in titles:
                if " " in name:
                    by_full[name][title].append(term)
                by_last[(title, name)].append(term)
            if titles[0] in ("president", "prime minister", "chancellor"):
                by_government[name].append(term)
    last = _alternation(name for _, name in by_last)
    titles_expression = _alternation(title for title, _ in by_last)
    pairs = re.compile(rf"\b(?P<title>{titles_expression}) (?P<last>{last})\b")
    governed = re.compile(rf"\b(?P<last>{_alternation(by_government)})(?:'s)? (?:administration|government)\b")
    return _Index(re.compile(rf"\b(?:{_alternation(by_full)})\b"), pairs, governed, by_full, by_last, by_government)


def _alternation(words: object) -> str:
    return "|".join(sorted(map(re.escape, set(words)), key=lambda w: (-len(w), w)))  # type: ignore[call-overload]


def _earlier(date: dt.date) -> dt.date:
    return date - TOLERANCE if date.year > 1 else date


def _later(date: dt.date) -> dt.date:
    return date + TOLERANCE if date.year < 9999 else date


def _plain(text: str) -> str:
    """Casefold, without accents, one kind of apostrophe and hyphen, British spelling of defence."""
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    bare = bare.casefold().replace("’", "'").replace("‘", "'").replace("-", " ").replace("defense", "defence")
    return " ".join(bare.split())
