"""Score coded rows against the rows that a careful human coder made of the same articles.

Within an article each gold row is paired with at most one coded row, likeliest pairs first. A gold row that stays alone
is missed, a coded row that stays alone is extra; a row marked `optional` costs nothing when it is missed and earns
nothing when it is found. Cells are judged in found rows only. A row is *whole* when everything in WHOLE_ROW is right.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from pipeline.gazetteer import kilometres
from pipeline.tables import Row

SAME_PLACE_KM = 10.0
# Of 10.0 points in all: less than this and two rows tell of different events.
PAIR_POINTS = 3.5
# What speaks for a pair: the passage most (3 points for all its words), then what happened, to whom, when and where.
PASSAGE_POINTS = 3.0
POINTS = {
    "event_type": 1.5,
    "one actor": 1.0,
    "actor pair": 1.0,
    "event_date": 1.0,
    "location": 1.0,
    "sub_event_type": 0.5,
    "record_type": 0.5,
    "fatalities": 0.5,
}
# Both sides lack a date as easily as they share one: agreement speaks for a pair only where gold has a value.
_ONLY_IF_TOLD = frozenset({"event_date", "location", "fatalities"})
_SMALL_WORDS = frozenset({"al", "el", "ar", "as", "ash", "at", "the", "of", "and"})
_REGIME_YEARS = re.compile(r"\(\d{4}-(?:\d{4})?\)")


def fold(text: str | None) -> str:
    """Return the words of a name without case, accents, articles and a regime's years."""
    plain = unicodedata.normalize("NFKD", _REGIME_YEARS.sub("", text or "")).encode("ascii", "ignore").decode()
    return " ".join(word for word in re.findall(r"[a-z0-9]+", plain.lower()) if word not in _SMALL_WORDS)


def same_name(one: str | None, other: str | None) -> bool:
    """Return whether two names are one; "HTS: Hayat Tahrir al Sham" is also either of its halves."""
    if not fold(one) or not fold(other):
        return fold(one) == fold(other)
    return bool(_forms(one) & _forms(other))


def _forms(name: str | None) -> set[str]:
    text = name or ""
    return {fold(part) for part in (text, *text.split(":", 1))}


def _same_place(gold: Row, row: Row) -> bool:
    if not gold["location"] or not row["location"]:
        return bool(gold["location"]) == bool(row["location"])
    if same_name(gold["location"], row["location"]):
        return True
    points = [r[axis] for r in (gold, row) for axis in ("latitude", "longitude")]
    return None not in points and kilometres(*points) <= SAME_PLACE_KM


def _actors(row: Row) -> list[str]:
    return [row[column] for column in ("actor1", "actor2") if row[column]]


def _same_actors(gold: Row, row: Row) -> bool:
    """Return whether both sides are right, in whichever order."""
    expected, coded = _actors(gold), _actors(row)
    if len(expected) != len(coded):
        return False
    return any(all(map(same_name, expected, order)) for order in (coded, coded[::-1]))


def _one_actor(gold: Row, row: Row) -> bool:
    return any(same_name(one, other) for one in _actors(gold) for other in _actors(row))


def _equal(*columns: str, blank: Any = None) -> Callable[[Row, Row], bool]:
    """Return a judge of cells that are right when they are equal; `blank` is what an empty one stands for."""

    def judge(gold: Row, row: Row) -> bool:
        return all((gold[c] or blank) == (row[c] or blank) for c in columns)

    return judge


def _same_types(gold: Row, row: Row) -> bool:
    sides = ("inter1", "inter2")
    return sorted(gold[s] or 0 for s in sides) == sorted(row[s] or 0 for s in sides)


def _same_day(gold: Row, row: Row) -> bool:
    return str(gold["event_date"] or "") == str(row["event_date"] or "")[:10]


Judge = Callable[[Row, Row], bool]
CELLS: dict[str, Judge] = {
    "record_type": _equal("record_type"),
    "event_type": _equal("event_type"),
    "sub_event_type": _equal("sub_event_type"),
    "actor1": lambda gold, row: same_name(gold["actor1"], row["actor1"]),
    "actor2": lambda gold, row: same_name(gold["actor2"], row["actor2"]),
    "actor pair": _same_actors,
    "inter pair": _same_types,
    "event_date": _same_day,
    "time_precision": _equal("time_precision"),
    "country": lambda gold, row: same_name(gold["country"], row["country"]),
    "location": _same_place,
    "geo_precision": _equal("geo_precision"),
    "fatalities": _equal("fatalities", blank=0),
    "injuries": lambda gold, row: all(gold[c] == row[c] for c in ("injuries", "injuries_min")),
    "incidents": _equal("incidents", blank=1),
    "civilian_targeting": lambda gold, row: bool(gold["civilian_targeting"]) == bool(row["civilian_targeting"]),
    "certainty": _equal("certainty"),
}
WHOLE_ROW = frozenset(
    {
        "record_type",
        "event_type",
        "sub_event_type",
        "actor pair",
        "event_date",
        "country",
        "location",
        "fatalities",
    }
)


@dataclass(frozen=True, slots=True)
class Judgement:
    """One gold row, one coded row, or a pair of them."""

    doc_id: str
    gold: Row | None
    row: Row | None
    wrong: frozenset[str] = frozenset()  # cells, of a pair

    @property
    def outcome(self) -> str:
        """What became of it: found, missed, extra, or optional."""
        if self.gold is None:
            return "extra"
        if self.gold.get("optional"):
            return "optional"
        return "missed" if self.row is None else "found"

    @property
    def whole(self) -> bool:
        """Whether it is a pair and all that makes a row is right."""
        return self.gold is not None and self.row is not None and not self.wrong & WHOLE_ROW


@dataclass(slots=True)
class Score:
    """What came of a set of articles; ratios are between 0 and 1, and None where there is nothing to divide by."""

    judgements: list[Judgement] = field(default_factory=list)
    articles: int = 0
    quiet: int = 0  # articles without events
    quiet_kept: int = 0  # and without a coded row
    links: int = 0  # pairs whose gold row is counted by a paired aggregate
    links_right: int = 0

    @property
    def outcomes(self) -> Counter[str]:
        """How many rows were found, missed, extra and optional."""
        return Counter(j.outcome for j in self.judgements)

    def figures(self) -> dict[str, float | None]:
        """Return the ratios by name: of rows, of the cells of found rows, of links, of quiet articles."""
        found = [j for j in self.judgements if j.outcome == "found"]
        coded, expected = len(found) + self.outcomes["extra"], len(found) + self.outcomes["missed"]
        whole = sum(j.whole for j in found)
        rows = coded + expected if expected else 0  # where nothing is to be found there is no F1
        return {
            "precision": _ratio(len(found), coded),
            "recall": _ratio(len(found), expected),
            "F1": _ratio(2 * len(found), rows),
            "whole-row F1": _ratio(2 * whole, rows),
            **{name: _ratio(sum(name not in j.wrong for j in found), len(found)) for name in CELLS},
            "part_of": _ratio(self.links_right, self.links),
            "kept empty": _ratio(self.quiet_kept, self.quiet),
        }


def score(articles: Iterable[Row], coded: dict[str, list[Row]]) -> Score:
    """Score coded rows against gold articles.

    articles (iterable of dict): Gold articles, see tests/gold/README.md.
    coded (dict): Rows of the `reports` table by doc_id, which is the gold article's id.
    """
    total = Score()
    for article in articles:
        gold, rows = article["rows"], coded.get(article["id"], [])
        pairs = paired(gold, rows)
        total.articles += 1
        total.quiet += not gold
        total.quiet_kept += not gold and not rows
        total.judgements.extend(_judged(article["id"], gold, rows, pairs))
        for child, parent in _links(gold, pairs):
            total.links += 1
            total.links_right += rows[pairs[child]]["part_of"] == rows[pairs[parent]]["event_id"]
    return total


def paired(gold: list[Row], rows: list[Row]) -> dict[int, int]:
    """Return which gold row goes with which coded row, one to one, the likeliest pairs first."""
    points = {(g, r): likeness(gold[g], rows[r]) for g in range(len(gold)) for r in range(len(rows))}
    pairs: dict[int, int] = {}
    # Of pairs that are equally likely the one furthest down is taken first; any fixed order would do.
    for g, r in sorted(points, key=lambda pair: (points[pair], *pair), reverse=True):
        if points[g, r] >= PAIR_POINTS and g not in pairs and r not in pairs.values():
            pairs[g] = r
    return pairs


def likeness(gold: Row, row: Row) -> float:
    """Return how much speaks for it that two rows tell of the same event; 0 when neither type nor passage agree."""
    overlap = _overlap(gold["evidence"], row["notes"])
    if overlap < 0.5 and not CELLS["event_type"](gold, row):
        return 0.0
    judges = {**CELLS, "one actor": _one_actor}
    agreed = (name for name in POINTS if judges[name](gold, row) and (gold.get(name) or name not in _ONLY_IF_TOLD))
    return PASSAGE_POINTS * overlap + sum(POINTS[name] for name in agreed)


def _overlap(passage: str | None, notes: str | None) -> float:
    """Return the share of the passage's different words that stand in the notes."""
    words = set(fold(passage).split())
    return len(words & set(fold(notes).split())) / len(words) if words else 0.0


def _judged(doc_id: str, gold: list[Row], rows: list[Row], pairs: dict[int, int]) -> Iterator[Judgement]:
    for n, expected in enumerate(gold):
        row = rows[pairs[n]] if n in pairs else None
        wrong = frozenset(name for name, right in CELLS.items() if row is not None and not right(expected, row))
        yield Judgement(doc_id, expected, row, wrong)
    for n, row in enumerate(rows):
        if n not in pairs.values():
            yield Judgement(doc_id, None, row)


def _links(gold: list[Row], pairs: dict[int, int]) -> Iterator[tuple[int, int]]:
    """Yield (row, aggregate that counts it) of the gold rows that both have a partner."""
    for child, row in enumerate(gold):
        if row["part_of"] in pairs and child in pairs and not row.get("optional"):
            yield child, row["part_of"]


def _ratio(part: int, whole: int) -> float | None:
    return part / whole if whole else None
