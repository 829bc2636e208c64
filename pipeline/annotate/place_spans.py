"""Where in a text place names stand: capitalised words that the gazetteer knows, and how likely each is a place here.

"Reading", "Ali", "Victory" and "Nice" are places of the gazetteer too. What speaks for a place: a locative word before
it, a type or an admin name behind it, the model's entities. What speaks against: a person's or organisation's name
around it, a title, the start of a sentence, a list of common words.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cache

from pydantic import BaseModel, ConfigDict
from spacy.tokens import Doc, Span, Token

from pipeline.annotate.place_choice import Hint
from pipeline.annotate.place_phrases import BUILT, Phrase, place_words, read_phrase
from pipeline.annotate.place_setting import ActorName
from pipeline.countries import alpha3_of_adjective
from pipeline.gazetteer import Gazetteer, Match, Rank
from pipeline.knowledge import knowledge_path, read_table
from pipeline.place_names import exact_key

LONGEST = 9  # tokens of a name, hyphens among them
JOINERS = frozenset(("-", "–", "'", "’", "/"))
HEADS = frozenset((":", "–", "—", "(", "-", "."))  # behind a place that heads an entry
ARTICLES = ("al", "el", "an", "ar", "as", "ash", "at", "et", "ad", "az", "ez", "en", "er", "es", "ed", "ej", "aj", "ul",
            "ech", "esh", "ach", "ou", "os", "uz", "us")  # fmt: skip
ELIDED = ("d'", "d’", "l'", "l’")  # "Côte d'Ivoire"
PARTICLES = frozenset((*ARTICLES, "de", "la", "del", "las", "los", "da", "do", "dos", "du", "des", "le", "les", "sur",
                       "of", "i", "e", "o", "bin", "abu"))  # fmt: skip
NOT_OF_NAMES = ("calendar", "direction", "settled", "admin1", "admin2", "near")
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


def find_names(doc: Doc, text: str, gazetteer: Gazetteer, actors: Iterable[ActorName] = ()) -> list[Name]:
    """Return the names of a text (doc.text, which is costly to ask for), the longest at each point, in text order."""
    entities = _entities(doc)
    titled = _titled_lines(doc)
    held = {position: actor for actor in actors for position in range(actor.start, actor.end)}
    names = []
    for start, end, words, matches in _spans(doc, text, gazetteer):
        if words in place_words()["vast"] or (alpha3_of_adjective(words) and not _is_country(matches)):
            continue
        actor = held.get(start)
        if actor and actor.end - actor.start > end - start:
            continue
        phrase = read_phrase(doc, text, start, end)
        if words in place_words()["sea"] and not any(match.place.source == "own" for match in matches):
            names.append(Name(start, end, words, (), phrase, 3.0, sea=True))
            continue
        evidence = _named_as(doc, entities, start, end, phrase) + _common(doc, start, end, phrase)
        evidence -= 2.0 if actor else 0.0
        evidence += _company(doc, start, end, titled, phrase)
        names.append(Name(start, end, words, matches, phrase, evidence))
    return names


def _is_country(matches: tuple[Match, ...]) -> bool:
    return any(match.place.feature == "country" for match in matches)


def _spans(doc: Doc, text: str, gazetteer: Gazetteer) -> Iterator[tuple[int, int, str, tuple[Match, ...]]]:
    position = 0
    while position < len(doc):
        if not _may_begin(doc, position):
            position += 1
            continue
        for end in _ends(doc, position):
            words = text[doc[position].idx : doc[end - 1].idx + len(doc[end - 1])]
            matches = _known(words, gazetteer)
            if matches or words in place_words()["sea"] or words in place_words()["vast"]:
                yield _with_direction(doc, text, gazetteer, position, end) or (position, end, words, matches)
                position = end
                break
        else:
            position += 1


def _with_direction(
    doc: Doc, text: str, gazetteer: Gazetteer, start: int, end: int
) -> tuple[int, int, str, tuple[Match, ...]] | None:
    """Return the place that a lower-case direction belongs to: "northeast Syria" is one of our own regions."""
    if not start or doc[start - 1].lower_ not in place_words()["direction"]:
        return None
    words = text[doc[start - 1].idx : doc[end - 1].idx + len(doc[end - 1])]
    matches = tuple(match for match in gazetteer.find(words) if match.rank == Rank.NAME and match.place.source == "own")
    return (start - 1, end, words, matches) if matches else None


def _known(text: str, gazetteer: Gazetteer) -> tuple[Match, ...]:
    if text.lower() in PARTICLES:
        return ()
    matches = gazetteer.find(text)
    # Short forms (US, UAE) are countries, and only in capitals; towns of two or three letters are written as words.
    if len(text) > 3:
        return matches
    return tuple(match for match in matches if text.isupper() == (match.place.feature == "country"))


def _may_begin(doc: Doc, position: int) -> bool:
    token = doc[position]
    if token.lower_ in PARTICLES and position + 2 < len(doc) and not token.whitespace_:
        return doc[position + 1].text in JOINERS and doc[position + 2].text[:1].isupper()
    # "al Mughayyir", "An Naqurah", but not "as Syria"
    if (token.lower_ in ("al", "el") or (token.lower_ in ARTICLES and token.is_title)) and position + 1 < len(doc):
        return doc[position + 1].text[:1].isupper()
    if token.text[:1].isupper():
        return token.text.isupper() or not token.is_stop
    return len(token) > 2 and token.text[0] in "'’‘`" and token.text[1].isupper()


def _ends(doc: Doc, start: int) -> list[int]:
    """Return where a name that begins at start may end, the longest first."""
    ends = []
    for position in range(start, min(start + LONGEST, len(doc))):
        token = doc[position]
        if position > start and not _may_continue(doc, position):
            break
        if token.text[:1].isupper() or token.text[:1].isdigit() or token.text[:1] in "'’‘`" or _is_elided(token):
            ends.append(position + 1)
    if ends and ends[-1] < len(doc) and doc[ends[-1]].lower_ in place_words()["facility"]:
        ends.append(ends[-1] + 1)  # "Ben Gurion airport"
    return ends[::-1]


def _may_continue(doc: Doc, position: int) -> bool:
    token, previous = doc[position], doc[position - 1]
    if token.is_space or "\n" in previous.whitespace_:
        return False
    if token.text in JOINERS:
        return not previous.whitespace_
    if token.text[:1].isupper() or token.lower_ in PARTICLES or token.text[:1] in "'’‘`" or _is_elided(token):
        return token.text not in ("'s", "’s", "'", "’")
    joined = previous.text in JOINERS and not previous.whitespace_
    return joined and (token.is_digit or (token.is_alpha and len(token) <= 3))


def _is_elided(token: Token) -> bool:
    return token.text.startswith(ELIDED) and token.text[2:3].isupper()


@dataclass(slots=True)
class _Entities:
    """The model's entities by token, and how often a word stands in a person's name of several words."""

    by_token: dict[int, Span]
    surnames: Counter[str]


def _entities(doc: Doc) -> _Entities:
    by_token = {position: entity for entity in doc.ents for position in range(entity.start, entity.end)}
    people = [entity for entity in doc.ents if entity.label_ in PEOPLE and len(entity) > 1]
    return _Entities(by_token, Counter(token.text for entity in people for token in entity))


def _named_as(doc: Doc, entities: _Entities, start: int, end: int, phrase: Phrase) -> float:
    """Score what the model calls the words; it is often wrong about Arabic and African names that stand alone."""
    if not doc.ents:
        return 0.0
    found = [entity for position in range(start, end) if (entity := entities.by_token.get(position))]
    if any(entity.label_ in PLACES for entity in found):
        return 1.8
    if any(entity.label_ == "NORP" for entity in found):
        return -2.5
    part = any(entity.start < start or entity.end > end for entity in found)
    if part and phrase.kind not in BUILT:
        return -2.5 if any(entity.label_ in PEOPLE for entity in found) else -2.0
    if end - start == 1 and doc[start].text in entities.surnames:
        return -2.0
    return -0.8 if found else -0.3


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
    """Score the words that touch the name: a title, an institution, a longer name that the gazetteer does not know."""
    score = _before(doc, start, end, titled, phrase) if start else 0.0
    return score + (_behind(doc, start, end, titled, phrase) if end < len(doc) else 0.0)


def _before(doc: Doc, start: int, end: int, titled: set[int], phrase: Phrase) -> float:
    words, before = place_words(), doc[start - 1]
    two_before = doc[start - 2] if start > 1 else before
    score = 0.0
    if before.lower_.rstrip(".") in words["title"] or (before.text == "." and two_before.lower_ in words["title"]):
        score -= 3.0
    elif _is_joined(two_before, before) and phrase.relation != "road":
        score -= 2.5
    elif _touching_capital(before, before, stop=True) and start not in titled and not _begins_sentence(doc, start - 1):
        score -= 3.0
    if before.lower_ == "of" and two_before.lower_ in words["institution"] and two_before.text[:1].isupper():
        score -= 3.0
    if before.lower_ == "the" and end - start == 1 and not phrase.kind and not _modifies(doc, end):
        score -= 1.5
    return score


def _behind(doc: Doc, start: int, end: int, titled: set[int], phrase: Phrase) -> float:
    words, behind, last = place_words(), doc[end], doc[end - 1]
    lower = behind.lower_
    if not _is_joined(last, behind) and behind.text in HEADS and _begins_sentence(doc, start):
        return 1.0  # "Chaman: ...", "Marte (Borno): ..."
    score = -1.5 if lower in words["say"] and not phrase.cue else 0.0
    if phrase.kind in BUILT:
        return score
    if _is_joined(last, behind):
        return score if phrase.relation == "road" else score - 3.0
    if lower in PARTICLES and not behind.whitespace_ and last.whitespace_:
        return score - 3.0  # "Wadi al-Shay"
    if lower in words["pact"]:
        return score - 3.0  # "the Oslo accords"
    if not _touching_capital(behind, last) or end in titled:
        return score
    if lower in words["organisation"] or lower in words["namesake"]:
        return score - 3.0
    return score if phrase.end > last.idx + len(last) else score - 3.0  # "Borno State"


def _is_joined(word: Token, joiner: Token) -> bool:
    """Tell a name that is joined to another word: "Washington-led", "Pont-Sondé"."""
    return joiner.text in JOINERS and not word.whitespace_ and not joiner.whitespace_


def _modifies(doc: Doc, end: int) -> bool:
    """Tell "the Karbala technical college", where the article is not the name's own."""
    return end < len(doc) and doc[end].is_alpha and doc[end].is_lower and not doc[end].is_stop


def _touching_capital(word: Token, first: Token, stop: bool = False) -> bool:
    words = place_words()
    return (
        bool(first.whitespace_)
        and word.is_alpha
        and word.text[0].isupper()
        and (stop or not word.is_stop)
        and not any(word.lower_ in words[kind] for kind in NOT_OF_NAMES)
    )


def _begins_sentence(doc: Doc, position: int) -> bool:
    if position == 0:
        return True
    token = doc[position]
    previous = doc[position - 1]
    return token.is_sent_start is True or previous.is_space or previous.text in '.!?:;"“”—–-'


def _common(doc: Doc, start: int, end: int, phrase: Phrase) -> float:
    """Score words that are mostly something else, above all a single one at the start of a sentence."""
    if end - start > 1:
        return -3.0 if doc[start:end].text.lower() in not_places() else 0.5
    token = doc[start]
    if token.lower_ in place_words()["calendar"]:
        return -9.0
    score = 0.0
    if token.lower_ in not_places():
        score -= 1.0 if phrase.cue >= 1.5 else 2.0
    if token.is_stop:
        score -= 4.0
    if _begins_sentence(doc, start) and token.pos_ not in ("PROPN", ""):
        score -= 1.5
    if len(token) < 4:
        score -= 0.5
    return score
