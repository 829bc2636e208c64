"""What the words beside a place name say of it: that it is a place, of what kind, and how near the event was.

ACLED codes the town itself as geo_precision 1, a spot near it or part of a small region as 2, a larger region at its
capital as 3. The words that decide are in data/knowledge/place_words.csv.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict, Field
from spacy.tokens import Doc

from pipeline.annotate.numbers import parse_quantity
from pipeline.countries import alpha3_of_adjective
from pipeline.knowledge import knowledge_path, read_table

REACH = 80  # characters read on each side of a name
NOT_OFF = "".join(rf"(?<!\b{verb} )" for verb in ("sealed", "sealing", "cordoned", "blocked", "closed", "cut", "shut"))
BUILT = ("facility", "building")
TYPES = ("admin1", "admin2", "settled", "camp", "quarter")


class PlaceWordsRow(BaseModel):
    """One kind of words, separated by |, and the precision that they give."""

    model_config = ConfigDict(extra="forbid")

    kind: str
    precision: int | None = Field(default=None, ge=1, le=3)
    words: str


@dataclass(slots=True)
class Phrase:
    """The phrase that a name stands in; offsets are characters of the text."""

    start: int
    end: int
    kind: str | None = None  # what the words call it: admin1, admin2, settled, camp, quarter, facility, building
    precision: int | None = None
    relation: str | None = None  # near, bound, road: the place is not itself where it happened
    rural: bool = False  # countryside: the land about a town, or a whole province
    direction: bool = False  # northern X
    cue: float = 0.0  # how strongly the words say that this is a place
    country: str | None = None  # "the Lebanese village of X"
    offset: tuple[float, float] | None = None  # "12 km north of X": km and bearing in degrees, clockwise from north


@cache
def place_words() -> dict[str, frozenset[str]]:
    """Return the words of each kind, in lower case except for the names of seas and vast regions."""
    rows = read_table(knowledge_path("place_words.csv"), PlaceWordsRow)
    return {row.kind: frozenset(row.words.split("|")) for row in rows}


def _any(*kinds: str) -> str:
    words = {word for kind in kinds for word in place_words()[kind]}
    return "(?:" + "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)) + ")"


@dataclass(frozen=True, slots=True)
class _Before:
    """A pattern for the words before a name; most names are spared it by a look at the last word."""

    pattern: re.Pattern[str]
    last_words: frozenset[str]

    def search(self, before: str) -> re.Match[str] | None:
        """Search where the last word, but for "the", is one that the pattern can end with."""
        words = before.rsplit(None, 2)
        last = words[-2] if len(words) > 1 and words[-1] == "the" else words[-1] if words else ""
        return self.pattern.search(before) if last.lower() in self.last_words else None


@dataclass(frozen=True, slots=True)
class _Patterns:
    """The words as patterns: those before a name end in `$`, those behind it begin at the name."""

    type_behind: re.Pattern[str]
    part_behind: re.Pattern[str]
    road_behind: re.Pattern[str]
    type_before: _Before
    direction: _Before
    near: _Before
    edge: _Before
    between: _Before
    bound: _Before
    inside: _Before
    road_before: _Before
    preposition: _Before


def _before(pattern: str, *last_words: str) -> _Before:
    return _Before(re.compile(pattern, re.I), frozenset(word.split()[-1] for word in last_words))


@cache
def _patterns() -> _Patterns:
    words = place_words()
    types = "|".join(f"(?P<{kind}>{_any(kind)})" for kind in (*TYPES, *BUILT))
    way = _any("direction")
    point = f"(?:(?:north|south|east|west)[- ]?(?:north|south|east|west)?|{way})"
    typed = [word for kind in (*TYPES, *BUILT) for word in words[kind]]
    return _Patterns(
        type_behind=re.compile(rf"[ -](?:{types})\b", re.I),
        part_behind=re.compile(rf"(?:['’]s?)? (?:(?:{way}|\w+ern) )?(?P<part>{_any('after')})\b", re.I),
        road_behind=re.compile(rf"(?:[-–—][A-Z][\w-]+)? (?:{_any('road')})\b"),
        type_before=_before(
            rf"(?P<lead>(?:[\w-]+ ){{0,2}})(?:{types})(?: (?:of|called|named|known as))? $",
            *("of", "called", "named", "as"),
            *typed,
        ),
        direction=_before(rf"\b(?:{way})(?:[- ]{way})? $", *words["direction"]),
        # "off Hodeidah", but not "sealed off Hodeidah".
        near=_before(rf"\b(?:{_any('near')}|{NOT_OFF}off) (?:the )?$", "off", *words["near"]),
        edge=_before(
            rf"(?:(?<!\bthe )\b{point} of|\bto the {point} of|\b(?P<edge>{_any('edge')}) of"
            r"|\b(?:kilomet(?:er|re)s?|km|miles?) from) (?:the )?$",
            "of",
            "from",
        ),
        between=_before(
            r"\b(?:between|linking|connecting|joining) (?:[^.;:]{1,40} (?:and|with|to) )?$",
            *("between", "linking", "connecting", "joining", "and", "with", "to"),
        ),
        bound=_before(rf"\b{_any('bound')} (?:the )?$", *words["bound"]),
        inside=_before(rf"\b(?:in|from|across|at|of) the {point} of (?:the )?$", "of"),
        road_before=_before(
            rf"\b{_any('road')} (?:(?:leading )?from (?:[^.;:]{{1,30}} to )?|(?:leading )?to )$", "from", "to"
        ),
        preposition=_before(rf"\b(?P<word>{_any('locative')}) (?:the )?$", *words["locative"]),
    )


def read_phrase(doc: Doc, text: str, start: int, end: int) -> Phrase:
    """Read the words on both sides of the name that stands at tokens start to end."""
    first, last = doc[start].idx, doc[end - 1].idx + len(doc[end - 1])
    phrase = Phrase(first, last)
    _read_behind(phrase, text[last : last + REACH].split("\n", 1)[0])
    before = re.split(r"[\n.;:!?)] ?(?=[^a-z]|$)|\n", text[max(0, first - REACH) : first])[-1]
    _read_before(phrase, before.replace("\u00a0", " "))
    return phrase


# "12 km north of", "some five miles south-east of"; what stands before the unit is read as a number.
_OFFSET = re.compile(
    r"(?P<figure>[\w.,]+)[ -](?P<unit>km|kms|kilomet(?:er|re)s?|miles?)(?: to)?(?: the)? ?"
    r"(?P<first>north|south|east|west)[- ]?(?P<second>north|south|east|west)?(?: of)?(?: the)? $",
    re.I,
)
_BEARINGS = {"north": 0.0, "east": 90.0, "south": 180.0, "west": 270.0}
KM_OF_A_MILE = 1.609
FARTHEST = 150.0  # km: beyond that the town only gives the direction


def _offset(before: str) -> tuple[float, float] | None:
    """Return how far and in which direction from a place something lies, from the words before its name."""
    found = _OFFSET.search(before)
    quantity = parse_quantity(found["figure"]) if found else None
    if found is None or quantity is None or not quantity.value:
        return None
    km = quantity.value * (KM_OF_A_MILE if found["unit"].lower().startswith("mile") else 1.0)
    one, two = (_BEARINGS.get((found[name] or "").lower()) for name in ("first", "second"))
    if one is None or km > FARTHEST:
        return None
    if two is None:
        return km, one
    return km, (315.0 if {one, two} == {0.0, 270.0} else (one + two) / 2)


def _read_behind(phrase: Phrase, behind: str) -> None:
    patterns = _patterns()
    if found := patterns.type_behind.match(behind):
        phrase.kind = found.lastgroup
        phrase.cue += 0.0 if found.lastgroup == "building" else 1.5  # hospitals are named after people
        if phrase.kind == "admin2":
            phrase.precision = 2
        if phrase.kind not in BUILT:
            phrase.end += found.end()
    if found := patterns.part_behind.match(behind):
        phrase.precision, phrase.cue = 2, phrase.cue + 1.0
        phrase.rural = found["part"].lower() in ("countryside", "desert")
    elif patterns.road_behind.match(behind):
        phrase.precision, phrase.relation, phrase.cue = 2, "road", phrase.cue + 1.0


def _read_before(phrase: Phrase, before: str) -> None:
    patterns = _patterns()
    before, of_type = _strip_type(phrase, before)
    if found := patterns.direction.search(before):
        phrase.direction = True
        phrase.cue += 1.0
        phrase.rural = phrase.rural or found[0].strip().lower() == "rural"
        before = before[: found.start()]
    phrase.offset = _offset(before)
    found = patterns.edge.search(before)
    if found and _inside(found, before):
        phrase.cue += 2.0
    elif found:
        phrase.precision, phrase.relation, phrase.cue = 2, "near", phrase.cue + 2.0
        phrase.rural = phrase.rural or (found["edge"] or "").lower() in ("countryside", "desert")
    elif patterns.near.search(before):
        phrase.precision, phrase.relation, phrase.cue = 2, "near", phrase.cue + 2.0
    elif patterns.between.search(before):
        phrase.precision, phrase.relation, phrase.cue = 2, "near", phrase.cue + 1.5
    elif patterns.road_before.search(before):
        phrase.precision, phrase.relation, phrase.cue = 2, "road", phrase.cue + 1.5
    elif patterns.bound.search(before):
        phrase.relation, phrase.cue = "bound", phrase.cue + 1.5
    elif patterns.inside.search(before):
        phrase.cue += 1.5
    elif found := patterns.preposition.search(before):
        strong = found["word"].lower() in place_words()["strong"]
        phrase.cue += 2.0 if of_type else 1.5 if strong else 0.8
    elif of_type:
        phrase.cue += 1.0


def _inside(edge: re.Match[str], before: str) -> bool:
    """Tell "the Karrada area of Baghdad" and "parts of Homs", which lie inside, from "the area of Homs"."""
    if (edge["edge"] or "").lower() not in ("area", "areas", "part", "parts"):
        return False
    words = before[: edge.start()].split()
    return bool(words) and words[-1].lower() not in ("the", "an", "in", "general", "rural", "border", "surrounding")


def _strip_type(phrase: Phrase, before: str) -> tuple[str, bool]:
    """Read "the Lebanese town of" before a name, and return what stands before that."""
    found = _patterns().type_before.search(before)
    if not found or found.lastgroup in BUILT:
        return before, False
    lead = found["lead"].split()
    kind = next(kind for kind in TYPES if found[kind])
    of_a_part = kind in ("admin2", "quarter") and bool(lead) and lead[-1][:1].isupper()
    named_of = found[0].rstrip().endswith((" of", " called", " named", " as"))
    if not named_of and kind not in ("settled", "camp"):
        return before, False
    if phrase.kind is None or phrase.kind in BUILT:
        # "Karrada district of Baghdad" is in Baghdad itself; "the district of Daquq" is not in Daquq town.
        phrase.kind = "settled" if of_a_part or kind == "quarter" else kind
        if phrase.kind == "admin2" or (kind == "settled" and lead[-1:] and lead[-1].lower() in ("a", "an", "some")):
            phrase.precision = 2
    phrase.cue += 1.0
    phrase.country = next((code for code in map(alpha3_of_adjective, lead) if code), None)
    kept = [] if of_a_part else [word for word in lead if word[:1].islower()]
    return before[: found.start()] + "".join(f"{word} " for word in kept if word in place_words()["locative"]), True
