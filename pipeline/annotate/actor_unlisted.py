"""Armed groups that no table lists: "the Free Hill Front", "Zomri fighters", "a group calling itself Sons of Kesh".

Such a name becomes a row of its own for the text that tells it, so that all that follows reads it like a listed one. It is
taken where a word of `data/knowledge/group_words.csv` tells an armed group, or where the text tells of its fighters or deeds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from spacy.tokens import Doc, Token

from pipeline.annotate.actor_context import Context
from pipeline.annotate.actor_matching import Match, Term
from pipeline.annotate.actor_syntax import HYPHENS, POSSESSIVE, Syntax
from pipeline.annotate.actor_tables import Community, word_classes
from pipeline.countries import Words
from pipeline.knowledge import knowledge_path, read_table
from pipeline.organisations import UNLISTED, NamedActor, named_actors

Place = Literal["first", "last", "any", "of", "never"]

_NAMES = frozenset({"ORG", "NORP"})
_OPENERS = frozenset({"the", "a", "an", '"', "“", "‘", ","})
_OF = frozenset({"of", "for"})
_ARTICLES = frozenset({"al", "el", "ul"})
_SMALL = _OF | _ARTICLES | {"the", "and", "de", "del", "la", "los", "na", "wa", "wal", "ti", "an", "e", "du", "des", "da", "do", "dos"}
_LINKS = frozenset({"of", "from", "belonging", "to", "loyal", "with"})
_NAMING = frozenset({"calling", "called", "known", "named", "dubbed"})
_ARMED = frozenset({"armed", "unknown", "militia"})
# Nouns behind a name that belong to it: "the Zomri militia" is the Zomri Militia.
_PART_OF_NAME = {
    "militia": "Militia", "gang": "Gang", "cartel": "Cartel", "brigade": "Brigade", "battalion": "Battalion",
    "clan": "Clan Militia", "clans": "Clan Militia", "tribes": "Tribal Militia", "tribe": "Tribal Militia", "tribesmen": "Tribal Militia", "clansmen": "Clan Militia",
}  # fmt: skip
_SEVERAL_KIN = frozenset({"clans", "tribes"})
_KIN = frozenset({"clan", "clans", "tribe", "tribes", "tribesmen", "clansmen"})
_COLLECTIVE = frozenset({"group", "outfit", "militia", "gang", "movement", "cartel", "faction", "organisation", "organization"})
_PARTISANS = frozenset({"activist", "supporter", "member", "worker", "cadre", "loyalist", "follower"})
_REBELS = frozenset({"rebel", "insurgent", "guerrilla", "jihadist", "separatist", "mujahideen", "insurgency"})
_GANGS = frozenset({"gang", "militia", "cartel", "vigilante", "cult", "gangster", "bandit"})


class GroupWord(BaseModel):
    """One row of `data/knowledge/group_words.csv`: words in the names of armed groups."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: Words
    place: Place
    inter: int | None = Field(default=None, ge=2, le=4)
    sure: Literal["yes", "no"] = "no"


@cache
def _group_words() -> dict[Place, dict[str, GroupWord]]:
    table: dict[Place, dict[str, GroupWord]] = {"first": {}, "last": {}, "any": {}, "of": {}, "never": {}}
    for row in read_table(knowledge_path("group_words.csv"), GroupWord):
        table[row.place] |= dict.fromkeys(row.words, row)
    return table


@cache
def _usual_type(country: str | None) -> int:
    """Return the type, 2 or 3, of most listed groups of a country (alpha-3)."""
    types = Counter(row.inter for row in named_actors() if row.country == country and row.inter in (2, 3))
    return 2 if types[2] > types[3] else 3


@dataclass(slots=True)
class _Name:
    """Tokens that may name a group, half-open, and the row of its telling word."""

    start: int
    end: int
    word: GroupWord | None


class Unlisted:
    """Finds the names of one document's unlisted groups among and beside its matches."""

    def __init__(self, doc: Doc, matches: list[Match], context: Context) -> None:
        self.doc = doc
        self.matches = matches
        self.context = context
        self.syntax = Syntax(doc)
        self._nouns = [(m, row) for m in matches for row in m.nouns[:1]]
        self._starting = {match.start: row for match, row in self._nouns}
        self._ending = {match.end: row for match, row in self._nouns}
        self._taken = {i for match in matches if self._is_known(match) for i in range(match.start, match.end)}
        common = [match for match in matches if match.first("country", "adjective", "noun")]
        self._plain = {i for match in common for i in range(match.start, match.end)}
        roles = doc.spans["event_roles"] if "event_roles" in doc.spans else ()
        unarmed = {match.start for match, row in self._nouns if row.kind in ("civil", "crowd")}
        agents = (range(span.start, span.end) for span in roles if span.label_ == "AGENT")
        self._agents = {i for agent in agents if unarmed.isdisjoint(agent) for i in agent}

    def matches_with_own(self) -> list[Match]:
        """Return the matches of the document with those of its unlisted groups, which replace what they cover."""
        own: list[Match] = []
        for name in self._names():
            if any(name.start < match.end and match.start < name.end for match in own):
                continue
            row = self._row(name)
            if row is not None:
                own.append(_match(name.start, name.end, row))
                own += self._again(name, row)
            elif self._is_community(name):
                own.append(_community(name.start, name.end, self.doc[name.start : name.end].text))
        own = _apart(sorted(own, key=lambda m: (m.start, -m.end)))
        covered = {i for match in own for i in range(match.start, match.end)}
        kept = [m for m in self.matches if covered.isdisjoint(range(m.start, m.end))]
        return sorted([*kept, *own], key=lambda match: match.start)

    def _is_known(self, match: Match) -> bool:
        """Tell whether a match names somebody by itself: "Ansar" may, in "Ansar al-Hudud" it is only a part."""
        if match.end + 1 < len(self.doc) and self.doc[match.end].lower_ in _ARTICLES and match.end - match.start == 1:
            return False
        actors = match.every("actor")
        known = bool(actors) and self.context.choose(actors)[0] is not None
        return known or match.first("force", "people", "community", "capital") is not None

    # -- where a name may stand ---------------------------------------------------------------------------------------

    def _names(self) -> Iterator[_Name]:
        for start, end in self._stretches():
            words = [token.lower_ for token in self.doc[start:end]]
            if start >= end or not self._is_proper(start, end) or self._is_barred(start, end, words):
                continue
            yield _Name(start, end, _telling(words))

    def _stretches(self) -> Iterator[tuple[int, int]]:
        """Yield the stretches of tokens that look like names: entities, and names that end or precede a telling noun."""
        for entity in self.doc.ents:
            if entity.label_ in _NAMES:
                yield self._trimmed(entity.start, self._whole(entity.start, entity.end))
        last = _group_words()["last"] | _group_words()["any"]
        for token in self.doc:
            if token.text[:1].isupper() and token.lower_ in last and token.ent_type_ not in _NAMES:
                start = self.syntax.name_start(token.i)
                if start < token.i:
                    yield self._trimmed(start, token.i + 1)
        for match, row in self._nouns:
            if row.kind in _ARMED | {"group"} and self.doc[match.start].text.islower():
                start = self.syntax.name_start(match.start)
                if start < match.start and self.doc[match.start - 1].ent_type_ not in (*_NAMES, "LOC"):
                    yield self._trimmed(start, match.start)
                end = self.syntax.name_end(match.end)
                if self.doc[match.end - 1].lemma_ in _COLLECTIVE and end > match.end:
                    yield self._trimmed(match.end, end)

    def _is_proper(self, start: int, end: int) -> bool:
        """Tell whether all words of a stretch are written as those of names are."""
        words = [token.text for token in self.doc[start:end]]
        small = [word for word in words if not word[:1].isupper() and not word[:1].isdigit()]
        opens = words[0][:1].isalnum() and (words[0] not in small or words[0] in _ARTICLES)
        return opens and len(small) < len(words) and all(
            word in _SMALL or word in HYPHENS or word in POSSESSIVE for word in small
        )

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        while start < end and self.doc[start].lower_ in _OPENERS:
            start += 1
        while start < end and (self.doc[end - 1].text in POSSESSIVE | HYPHENS or self.doc[end - 1].text.islower()):
            end -= 1
        return start, end

    def _whole(self, start: int, end: int) -> int:
        """Return where a name ends that goes on behind "of": "Movement for the Salvation of Azab"."""
        heads = (i for i in range(start, end) if self.doc[i].lower_ in _group_words()["of"])
        at = next((i + 1 for i in heads if i + 1 < len(self.doc) and self.doc[i + 1].lower_ in _OF), end)
        whole = end
        while at + 1 < len(self.doc) and self.doc[at].lower_ in _OF:
            behind = self.syntax.name_end(at + 1 + (self.doc[at + 1].lower_ == "the"))
            if behind <= at + 1:
                break
            at = whole = behind
        return max(whole, end)

    def _is_barred(self, start: int, end: int, words: list[str]) -> bool:
        """Tell whether a stretch is of a listed actor, a place or a state, or can be no armed group's name."""
        never, text = _group_words()["never"], " ".join(words)
        if any(word in never for word in words) or any(" " in phrase and phrase in text for phrase in never):
            return True
        if any(i in self._taken for i in range(start, end)) or self.doc[start].ent_type_ == "PERSON":
            return True
        plain = all(i in self._plain for i in range(start, end))
        bracketed = start > 0 and self.doc[start - 1].text == "("
        if plain or bracketed or self.context.is_place_or_date(start, end):
            return True
        national = any(m.start < end and start < m.end and m.first("adjective", "country") for m in self.matches)
        counted = _is_number(words[0]) or (start > 0 and _is_number(self.doc[start - 1].lower_))
        return (national or counted) and words[-1] in _STATE_LIKE

    # -- whether it is a group's ----------------------------------------------------------------------------------------

    def _row(self, name: _Name) -> NamedActor | None:
        behind = self._behind(name)
        sure = name.word is not None and name.word.sure == "yes"
        if not (sure or self._has_fighters(name, behind) or (name.word is not None and self._acts(name))):
            return None
        words = self.doc[name.start : name.end].text
        noun = self.doc[behind].lower_ if behind is not None else ""
        part = _PART_OF_NAME.get(noun, "") if name.word is None else ""
        full = words if not part or words.lower().endswith(part.lower()) else f"{words} {part}"
        short = self._abbreviation(name.end)
        inter = self._type(name, noun)
        return NamedActor(
            name=f"{short}: {full}" if short else full,
            inter=inter,
            abbreviations=(short,) if short else (),
            suffix="yes" if inter == 4 else "no",
            source=UNLISTED,
        )

    def _is_community(self, name: _Name) -> bool:
        """Tell whether people of a community that no table lists do violence: "Bumi youths raided a village"."""
        behind = self._behind(name)
        if behind is None or name.word is not None or self.doc[name.start].ent_type_ != "NORP":
            return False
        return self._ending[behind + 1].kind in ("civil", "person") and self.syntax.attacks(behind)

    def _behind(self, name: _Name) -> int | None:
        """Return the last token of the common noun directly behind a name, if it is one of an actor."""
        at = self.syntax.first_word(name.end) if name.end < len(self.doc) else name.end
        row = self._starting.get(at)
        if row is None or not self.doc[at].text.islower():
            return None
        return next(match.end for match, own in self._nouns if match.start == at and own is row) - 1

    def _has_fighters(self, name: _Name, behind: int | None) -> bool:
        """Tell whether the text speaks of an armed group by a noun beside the name."""
        if behind is not None:
            row = self._ending[behind + 1]
            gang = row.kind != "unknown" or "gang" in row.words
            if self.doc[behind].lower_ in _SEVERAL_KIN and self.doc[max(0, name.start - 2) : name.start].text.find("and") < 0:
                return False  # "Porgera clans" are those of a place; "the Nomali and Aiyala clans" are two
            if name.word is not None and self.doc[behind].lemma_ in _PARTISANS:
                return self.syntax.attacks(behind)
            if row.kind in _ARMED | {"group"} and gang:
                return row.kind != "group" or self._acts(_Name(name.start, behind + 1, None))
        at = name.start
        while at > 0 and self.doc[at - 1].lower_ in _OPENERS:
            at -= 1
        row = self._ending.get(at)
        if row is not None and row.kind in _ARMED | {"group"}:
            joined = self.doc[at].text != "," or self._root(name).dep_ == "appos"
            armed = row.kind in _ARMED and "gunman" not in row.words
            return joined and (armed or self._attacks(self.doc[at - 1]))
        return self._is_called(name.start) or self._is_of_fighters(name)

    def _is_called(self, start: int) -> bool:
        """Tell whether a group is said to be called so: "a group calling itself X", "gunmen known as X"."""
        before = list(self.doc[max(0, start - 4) : start])
        verb = next((token for token in before if token.lower_ in _NAMING), None)
        if verb is None:
            return False
        row = next((self._ending[i] for i in range(verb.i, max(0, verb.i - 3), -1) if i in self._ending), None)
        return row is not None and row.kind in _ARMED | {"group"}

    def _is_of_fighters(self, name: _Name) -> bool:
        """Tell whether it is the group of "rebels of the KLF", "members of Los Pardos burned two houses"."""
        at = name.start
        while at > 0 and self.doc[at - 1].lower_ in _OPENERS | _LINKS:
            at -= 1
        row = self._ending.get(at)
        ahead = [token.lower_ for token in self.doc[max(0, at - 1) : name.end + 6]]
        if not _KIN.isdisjoint(ahead):
            return False  # "fighters of the Gak and Manuer clans", "the tribes of Albu Nasr and Bani Asad"
        linked = any(self.doc[i].lower_ in _LINKS for i in range(at, name.start))
        if row is None or not linked or self.doc[name.start].ent_type_ not in _NAMES:
            return False
        return row.kind == "armed" or (row.kind in _ARMED | {"member"} and self._attacks(self.doc[at - 1]))

    def _acts(self, name: _Name) -> bool:
        return self._attacks(self._root(name))

    def _attacks(self, token: Token) -> bool:
        """Tell whether somebody does violence, is met with it, or claims a deed."""
        if self.syntax.attacks(token.i):
            return True
        if not self.syntax.parsed:
            return False
        head, kinds = token.head, word_classes(token.head.lower_) - {"say"}
        if kinds and token.i in self._agents:
            return True
        cases = {child.lower_ for child in token.children if child.dep_ == "case"}
        if token.dep_ == "appos" or (cases & _LINKS and token.dep_.startswith("nmod") and head.i + 1 in self._ending):
            return self._attacks(head)
        if "with" in cases and "attack" in kinds | word_classes(head.lemma_):
            return True
        claims = head.lower_.startswith("claim") and any(child.dep_ == "obj" for child in head.children)
        return token.dep_ == "nsubj" and claims

    def _root(self, name: _Name) -> Token:
        return self.syntax.root(name.start, name.end)

    # -- what it is called, and of what type --------------------------------------------------------------------------

    def _abbreviation(self, end: int) -> str:
        """Return the short form in brackets behind a name: "the Free Hill Front (FHF)"."""
        if end + 2 >= len(self.doc) or self.doc[end].text != "(" or self.doc[end + 2].text != ")":
            return ""
        short = self.doc[end + 1].text
        return short if 2 <= len(short) <= 8 and short[:1].isupper() and sum(c.isupper() for c in short) >= 2 else ""

    def _type(self, name: _Name, noun: str) -> int:
        if noun in _KIN:
            return 4
        before = [self.doc[i].lemma_.lower() for i in range(max(0, name.start - 5), name.start)]
        around = {noun, *before, self.doc[name.end].lemma_.lower() if name.end < len(self.doc) else ""}
        if around & _REBELS:
            return 2
        if around & _GANGS:
            return 3
        given = name.word.inter if name.word is not None else None
        return given or _usual_type(self.context.main_country)

    # -- told again ---------------------------------------------------------------------------------------------------

    def _again(self, name: _Name, row: NamedActor) -> Iterator[Match]:
        """Yield where else a name or its short form stands in the text."""
        first = self.doc[name.start : name.end]
        forms = [[token.text for token in first], *([short] for short in row.abbreviations)]
        for form in forms:
            for start in range(len(self.doc) - len(form) + 1):
                inside = name.start <= start < name.end
                if not inside and self.doc[start].text == form[0]:
                    if [token.text for token in self.doc[start : start + len(form)]] == form:
                        yield _match(start, start + len(form), row)


# A country's name before, or a number with one of these is a state's own: "the Iraqi Army", "21 Special Armoured Brigade".
_STATE_LIKE = frozenset({
    "army", "forces", "force", "guard", "guards", "corps", "brigade", "battalion", "battalions", "brigades", "division",
    "unit", "units", "command", "squad", "commandos", "council", "committee", "party", "union", "league", "congress",
    "federation", "youth", "front",
})  # fmt: skip
_ORDINALS = frozenset({"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"})


def _is_number(word: str) -> bool:
    return word[:1].isdigit() or word in _ORDINALS


def _telling(words: list[str]) -> GroupWord | None:
    """Return the row of the word that tells an armed group's name, the surest first."""
    table = _group_words()
    found = [table["any"].get(word) for word in words]
    if len(words) > 1:
        cut = next((n for n, word in enumerate(words) if word in _OF), len(words))
        found += [table["first"].get(words[0]), table["last"].get(words[-1])]
        found += [table["of"].get(words[cut - 1]), table["last"].get(words[cut - 1])] if cut < len(words) else []
    rows = [row for row in found if row is not None]
    return next((row for row in rows if row.sure == "yes"), rows[0] if rows else None)


def _match(start: int, end: int, row: NamedActor) -> Match:
    return Match(start, end, (Term("actor", row.name, row),))


def _community(start: int, end: int, words: str) -> Match:
    row = Community(words=words, militia=f"{words} Ethnic Militia", group=f"{words} Ethnic Group")
    return Match(start, end, (Term("community", words, row),))


def _apart(matches: list[Match]) -> list[Match]:
    kept: list[Match] = []
    for match in matches:
        if not kept or match.start >= kept[-1].end:
            kept.append(match)
    return kept
