"""Where in a text place names stand: capitalised words that the gazetteer knows, and how likely each is a place here.

"Reading", "Ali", "Victory" and "Nice" are places of the gazetteer too. What speaks for a place: a locative word before
it, a type or an admin name behind it, the model's entities. What speaks against: a person's or organisation's name
around it, a title, the start of a sentence, a list of common words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache

from pydantic import BaseModel, ConfigDict
from spacy.tokens import Doc, Token

from pipeline.annotate.place_choice import Hint
from pipeline.annotate.place_phrases import Phrase, place_words, read_phrase
from pipeline.gazetteer import Gazetteer, Match
from pipeline.knowledge import knowledge_path, read_table
from pipeline.place_names import exact_key

LONGEST = 9  # tokens of a name, hyphens among them
JOINERS = frozenset(("-", "–", "'", "’", "/"))
PARTICLES = frozenset(
    "al el an ar as ash at et ad az ez en er es ed ej aj ul de la del las los da do dos du des le les sur of i e o bin abu".split()
)
PEOPLE = ("PERSON", "PER")
PLACES = ("LOC", "GPE", "FAC")


class NotPlaceRow(BaseModel):
    """A word that is rarely the place of its name: a common word, a given name, a surname."""

    model_config = ConfigDict(extra="forbid")

    kind: str
    words: str


@dataclass(slots=True)
class Name:
    """A stretch of text that may name a place."""

    start: int  # tokens, half-open
    end: int
    text: str
    matches: tuple[Match, ...]
    phrase: Phrase
    evidence: float  # that it is a place, without its phrase
    hints: list[Hint] = field(default_factory=list)
    sea: bool = False
    qualifies: bool = False  # says where the name before it lies

    @property
    def key(self) -> str:
        """What the mentions of one name share."""
        return exact_key(self.text)


@cache
def not_places() -> frozenset[str]:
    """Return the words that are rarely places, in lower case."""
    rows = read_table(knowledge_path("not_places.csv"), NotPlaceRow)
    return frozenset(word for row in rows for word in row.words.split("|"))


def find_names(doc: Doc, gazetteer: Gazetteer) -> list[Name]:
    """Return the names of a text, the longest at each point, in text order."""
    labels = _labels(doc)
    titled = _titled_lines(doc)
    names = []
    for start, end, matches in _spans(doc, gazetteer):
        text = doc.text[doc[start].idx : doc[end - 1].idx + len(doc[end - 1])]
        if text in place_words()["vast"]:
            continue
        if text in place_words()["sea"]:
            names.append(Name(start, end, text, (), read_phrase(doc, start, end), 3.0, sea=True))
            continue
        phrase = read_phrase(doc, start, end)
        evidence = _named_as(doc, labels, start, end) + _company(doc, start, end, titled, phrase) + _common(doc, start, end)
        names.append(Name(start, end, text, matches, phrase, evidence))
    return names


def _spans(doc: Doc, gazetteer: Gazetteer) -> Iterator[tuple[int, int, tuple[Match, ...]]]:
    position = 0
    while position < len(doc):
        if not _may_begin(doc, position):
            position += 1
            continue
        for end in _ends(doc, position):
            text = doc.text[doc[position].idx : doc[end - 1].idx + len(doc[end - 1])]
            matches = _known(text, gazetteer)
            if matches or text in place_words()["sea"] or text in place_words()["vast"]:
                yield position, end, matches
                position = end
                break
        else:
            position += 1


def _known(text: str, gazetteer: Gazetteer) -> tuple[Match, ...]:
    matches = gazetteer.find(text)
    # Short forms (US, UAE) are countries, and only in capitals; towns of two or three letters are written as words.
    if len(text) <= 3:
        return tuple(m for m in matches if text.isupper() == (m.place.feature == "country")) if text != "US" else matches
    return matches


def _may_begin(doc: Doc, position: int) -> bool:
    token = doc[position]
    if token.text[:1].isupper():
        return True
    if token.lower_ in PARTICLES and position + 2 < len(doc) and not token.whitespace_:
        return doc[position + 1].text in JOINERS and doc[position + 2].text[:1].isupper()
    # "al Mughayyir", "'Ayn"
    if token.lower_ in ("al", "el") and position + 1 < len(doc):
        return doc[position + 1].text[:1].isupper()
    return len(token) > 2 and token.text[0] in "'’‘`" and token.text[1].isupper()


def _ends(doc: Doc, start: int) -> list[int]:
    """Return where a name that begins at start may end, the longest first."""
    ends = []
    for position in range(start, min(start + LONGEST, len(doc))):
        token = doc[position]
        if position > start and not _may_continue(doc, position):
            break
        if token.text[:1].isupper() or token.text[:1].isdigit() or token.text[:1] in "'’‘`":
            ends.append(position + 1)
    return ends[::-1]


def _may_continue(doc: Doc, position: int) -> bool:
    token, previous = doc[position], doc[position - 1]
    if token.is_space or "\n" in previous.whitespace_:
        return False
    if token.text in JOINERS:
        return not previous.whitespace_
    if token.text[:1].isupper() or token.lower_ in PARTICLES or token.text[:1] in "'’‘`":
        return token.text not in ("'s", "’s", "'", "’")
    return previous.text in JOINERS and not previous.whitespace_ and (token.is_alpha and len(token) <= 3 or token.is_digit)


def _labels(doc: Doc) -> list[str]:
    labels = [""] * len(doc)
    for entity in doc.ents:
        for position in range(entity.start, entity.end):
            labels[position] = entity.label_
    return labels


def _named_as(doc: Doc, labels: list[str], start: int, end: int) -> float:
    """Score what the model calls the words; it is often wrong about Arabic and African names."""
    if not doc.ents:
        return 0.0
    found = [labels[position] for position in range(start, end)]
    if any(label in PLACES for label in found):
        return 1.8
    around = (labels[start - 1] if start else ""), (labels[end] if end < len(doc) else "")
    if any(label in PEOPLE for label in found):
        return -2.5 if any(label in PEOPLE for label in around) else -1.5
    if "ORG" in found:
        return -2.0 if "ORG" in around else -0.8
    return -2.5 if "NORP" in found else -0.3


def _titled_lines(doc: Doc) -> set[int]:
    """Return tokens of lines where most words are capitalised, so that capitals say nothing there."""
    titled: set[int] = set()
    line: list[Token] = []
    for token in doc:
        if not token.is_space:
            line.append(token)
        if "\n" in token.text or token.i == len(doc) - 1:
            words = [t for t in line if t.is_alpha and len(t) > 3]
            if len(words) > 2 and sum(t.text[0].isupper() for t in words) > 0.7 * len(words):
                titled.update(t.i for t in line)
            line = []
    return titled


def _company(doc: Doc, start: int, end: int, titled: set[int], phrase: Phrase) -> float:
    """Score the words that touch the name: a title, a longer name that the gazetteer does not know."""
    words = place_words()
    score = 0.0
    if start:
        before = doc[start - 1]
        if before.lower_.rstrip(".") in words["title"] or (before.text == "." and start > 1 and doc[start - 2].lower_ in words["title"]):
            score -= 3.0
        elif _touching_capital(before, before) and start not in titled and not _begins_sentence(doc, start - 1):
            score -= 2.0
        if before.lower_ == "of" and start > 1 and doc[start - 2].lower_ in words["institution"] and doc[start - 2].text[:1].isupper():
            score -= 3.0
        if before.lower_ == "the" and not phrase.kind and phrase.relation != "road":
            score -= 1.5
    if end < len(doc):
        after, last = doc[end], doc[end - 1]
        if after.text in JOINERS and not last.whitespace_ and not after.whitespace_ and end + 1 < len(doc):
            score -= 3.0 if doc[end + 1].text[:1].islower() else 0.5
        elif _touching_capital(after, last) and end not in titled:
            lower = after.lower_
            if lower in words["organisation"]:
                score -= 3.0
            elif not phrase.kind and lower not in words["direction"]:
                score -= 2.0
        if after.lower_ in words["say"] and not phrase.cue:
            score -= 1.5
    return score


def _touching_capital(word: Token, first: Token) -> bool:
    words = place_words()
    return (
        bool(first.whitespace_)
        and word.is_alpha
        and word.text[0].isupper()
        and not word.is_stop
        and not any(word.lower_ in words[kind] for kind in ("calendar", "direction", "settled", "admin1", "admin2", "near"))
    )


def _begins_sentence(doc: Doc, position: int) -> bool:
    if position == 0:
        return True
    token = doc[position]
    previous = doc[position - 1]
    return token.is_sent_start is True or previous.is_space or previous.text in ".!?:;\"“”—–-"


def _common(doc: Doc, start: int, end: int) -> float:
    """Score a single word that is mostly something else, above all at the start of a sentence."""
    if end - start > 1:
        return 0.5
    token = doc[start]
    if token.lower_ in place_words()["calendar"]:
        return -9.0
    score = 0.0
    if token.lower_ in not_places():
        score -= 2.0
    if token.is_stop:
        score -= 4.0
    if _begins_sentence(doc, start) and token.pos_ not in ("PROPN", ""):
        score -= 1.5
    if len(token) < 4:
        score -= 1.0
    return score
