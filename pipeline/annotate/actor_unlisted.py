"""Armed groups that no table lists: "the Free Hill Front", "Zomri fighters", "a group calling itself Sons of Kesh".

Such a name becomes a row of its own for the text that tells it, so that all that follows reads it like a listed one.
It is taken where a word of `data/knowledge/group_words.csv` tells an armed group, or where the text tells of its
fighters or deeds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field
from spacy.tokens import Doc, Token

from pipeline.annotate.actor_context import Context
from pipeline.annotate.actor_matching import Match, Term, without_overlaps
from pipeline.annotate.actor_names import KIN
from pipeline.annotate.actor_syntax import HYPHENS, POSSESSIVE, Syntax
from pipeline.annotate.actor_tables import Community, word_classes
from pipeline.countries import Words
from pipeline.knowledge import knowledge_path, read_table
from pipeline.lexicon import word_set
from pipeline.organisations import UNLISTED, NamedActor, named_actors

Place = Literal["first", "last", "any", "of", "never"]

# Entities that an armed group or a community may be taken for.
_NAMES = ("ORG", "NORP")
_ARMED = frozenset({"armed", "unknown", "militia"})
_OF = frozenset({"of", "for"})
_ARTICLES = frozenset({"al", "el", "ul"})
_KINDS = ("Ethnic Militia", "Clan Militia", "Tribal Militia", "Communal Militia")
# Collectives that also do good works or business: they must be seen to fight.
_CIVIL_TOO = frozenset({"group", "movement", "organisation", "organization", "column", "wing", "section", "syndicate"})
# Words inside a name that are written small.
_SMALL = (
    _OF
    | _ARTICLES
    | POSSESSIVE
    | HYPHENS
    | frozenset(
        {
            "the",
            "and",
            "de",
            "del",
            "la",
            "los",
            "na",
            "wa",
            "wal",
            "du",
            "da",
            "do",
            "dos",
            "das",
            "des",
            "di",
            "e",
            "y",
        }
    )
)
_QUOTES = frozenset({'"', "“", "”", "‘", "’", "'"})
_OPENERS = frozenset({"the", "a", "an", ",", '"', "“", "‘"})
_LONGEST = 6  # tokens of a name in quotation marks
_ARTICLED = frozenset({"a", "an", "one", "the"})
_EXPLAINED = 8  # tokens in which it is said what a name is
_LINKS = frozenset({"of", "from", "belonging", "to", "loyal", "with"})
_ORDINALS = frozenset({"first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth"})


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


@cache
def _usual_kin(country: str | None) -> str:
    """Return what ACLED calls most militias of communities in a country (alpha-3): ethnic, clan, tribal, communal."""
    own = (row.name for row in named_actors() if row.country == country and row.inter == 4)
    kinds = Counter(" ".join(name.split()[-2:]) for name in own if name.endswith(_KINDS))
    return kinds.most_common(1)[0][0] if kinds else _KINDS[0]


@dataclass(slots=True)
class _Name:
    """Tokens that may name a group, half-open, and the row of the word in them that tells one, if any."""

    start: int
    end: int
    word: GroupWord | None = None


class Unlisted:
    """Finds the names of one document's unlisted groups, among and beside its matches."""

    def __init__(self, doc: Doc, matches: list[Match], context: Context) -> None:
        self.doc = doc
        self.matches = matches
        self.context = context
        self.syntax = Syntax(doc)
        nouns = [(match, row) for match in matches for row in match.nouns[:1]]
        self._starting = {match.start: match for match, _ in nouns}
        self._ending = {match.end: row for match, row in nouns}
        self._taken = _tokens(match for match in matches if self._is_somebody(match))
        self._peoples = _tokens(match for match in matches if match.first("people", "community", "capital"))
        self._common = _tokens(match for match in matches if match.first("country", "adjective", "noun"))
        unarmed = {match.start for match, row in nouns if row.kind in ("civil", "crowd")}
        agents = (range(span.start, span.end) for span in doc.spans.get("event_roles", ()) if span.label_ == "AGENT")
        self._agents = {i for agent in agents if unarmed.isdisjoint(agent) for i in agent}

    def matches_with_own(self) -> list[Match]:
        """Return the matches of the document with those of its unlisted groups, which replace what they cover."""
        own: list[Match] = []
        # A name that is spelled out stands before its short form, wherever that is told first.
        for name in sorted(self._names(), key=lambda name: not self._abbreviation(name.end)):
            if any(name.start < match.end and match.start < name.end for match in own):
                continue
            if (row := self._row(name)) is not None:
                term = Term("actor", row.name, row)
                own += [Match(start, end, (term,)) for start, end in self._told(name, *row.abbreviations)]
            elif self._is_community(name):
                own += self._community(name)
        own = without_overlaps(own)
        covered = _tokens(own)
        kept = [match for match in self.matches if covered.isdisjoint(range(match.start, match.end))]
        return sorted([*kept, *own], key=lambda match: match.start)

    def _is_somebody(self, match: Match) -> bool:
        """Tell whether a match names somebody by itself: "Ansar" may, in "Ansar al-Hudud" it is only a part."""
        if match.end - match.start == 1 and match.end < len(self.doc) and self.doc[match.end].lower_ in _ARTICLES:
            return False
        if match.first("force") is not None:
            return True
        actors = match.every("actor")
        return bool(actors) and self.context.choose(actors)[0] is not None

    # -- where a name may stand ---------------------------------------------------------------------------------------

    def _names(self) -> Iterator[_Name]:
        for start, end in self._stretches():
            start, end = self._trimmed(start, end)
            words = [token.lower_ for token in self.doc[start:end]]
            if words and self._is_proper(start, end) and not self._is_barred(start, end, words):
                yield _Name(start, end, _telling(words))

    def _stretches(self) -> Iterator[tuple[int, int]]:
        """Yield what looks like a name: entities, what ends in a telling word, what stands at a noun for a group."""
        for entity in self.doc.ents:
            if entity.label_ in _NAMES:
                yield entity.start, self._whole(entity.start, entity.end)
        yield from self._quoted()
        last, anywhere = _group_words()["last"], _group_words()["any"]
        for token in self.doc:
            telling = token.text[:1].isupper() and (token.lower_ in last or token.lower_ in anywhere)
            if telling and token.ent_type_ not in _NAMES and (start := self.syntax.name_start(token.i)) < token.i:
                yield start, token.i + 1
        for match in self._starting.values():
            row = match.nouns[0]
            if row.kind not in _ARMED | {"group"} or not self.doc[match.start].text.islower():
                continue
            if self.doc[match.start - 1].ent_type_ not in (*_NAMES, "LOC"):
                yield self.syntax.name_start(match.start), match.start
            if self.doc[match.end - 1].lemma_ in word_set("party_words.csv", "collective"):
                yield match.end, self.syntax.name_end(match.end)

    def _quoted(self) -> Iterator[tuple[int, int]]:
        marks = [token.i for token in self.doc if token.text in _QUOTES]
        for opening, closing in pairwise(marks):
            if opening + 1 < closing <= opening + 1 + _LONGEST:
                yield opening + 1, closing

    def _whole(self, start: int, end: int) -> int:
        """Return where a name ends that goes on behind "of": "Movement for the Salvation of Azab"."""
        heads = (i + 1 for i in range(start, end) if self.doc[i].lower_ in _group_words()["of"])
        at = next((i for i in heads if i < len(self.doc) and self.doc[i].lower_ in _OF), end)
        while at + 1 < len(self.doc) and self.doc[at].lower_ in _OF:
            behind = self.syntax.name_end(at + 1 + (self.doc[at + 1].lower_ == "the"))
            if behind <= at + 1:
                break
            at = behind
        return max(at, end)

    def _trimmed(self, start: int, end: int) -> tuple[int, int]:
        while start < end and self.doc[start].lower_ in _OPENERS:
            start += 1
        while start < end and (self.doc[end - 1].text in POSSESSIVE | HYPHENS or self.doc[end - 1].text.islower()):
            end -= 1
        return start, end

    def _is_proper(self, start: int, end: int) -> bool:
        """Tell whether all words of a stretch are written as those of names are."""
        words = [token.text for token in self.doc[start:end]]
        small = [word for word in words if not (word[0].isupper() or word[0].isdigit())]
        opens = words[0] not in small or words[0] in _ARTICLES
        return opens and len(small) < len(words) and _SMALL.issuperset(small)

    def _is_barred(self, start: int, end: int, words: list[str]) -> bool:
        """Tell whether a stretch is of a listed actor, a place or a state, or can be no armed group's name."""
        never, text = _group_words()["never"], " ".join(words)
        if not never.keys().isdisjoint(words) or any(" " in phrase and phrase in text for phrase in never):
            return True
        tokens = range(start, end)
        if not self._taken.isdisjoint(tokens) or self._common.issuperset(tokens):
            return True
        if not self._peoples.isdisjoint(tokens) and _telling(words) is None:
            return True
        bracketed = start > 0 and self.doc[start - 1].text == "("
        person = self.doc[start].ent_type_ == "PERSON"
        if bracketed or person or self.context.is_place_or_date(start, end):
            return True
        national = any(m.start < end and start < m.end and m.first("adjective", "country") for m in self.matches)
        numbered = _is_number(words[0]) or (start > 0 and _is_number(self.doc[start - 1].lower_))
        return (national or numbered) and words[-1] in word_set("party_words.csv", "state unit")

    # -- whether it is a group's ----------------------------------------------------------------------------------

    def _row(self, name: _Name) -> NamedActor | None:
        """Return the row of a group, if the name is one's."""
        sure = name.word is not None and name.word.sure == "yes"
        acts = name.word is not None and self._attacks(self._root(name))
        behind = self._behind(name)
        noun = self.doc[behind.end - 1].lower_ if behind is not None else self._explaining(name)
        told = self._is_theirs(name, behind) if behind is not None else bool(noun)
        if not (sure or acts or told or self._is_apposed(name) or self._is_called(name) or self._is_of_fighters(name)):
            return None
        full, short, inter = self._full(name, noun), self._abbreviation(name.end), self._type(name, noun)
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
        root = self._root(name)
        peoples = any(token.ent_type_ == "NORP" for token in (root, *root.conjuncts))  # the one as the other
        ahead = {token.lower_ for token in self.doc[name.end : name.end + 4]}
        if name.word is not None or not peoples or not KIN.keys().isdisjoint(ahead):
            return False  # "the Nomali and Aiyala clans" are read with their noun
        if behind is None:
            return self.syntax.attacks(root.i)
        return behind.nouns[0].kind in ("civil", "person") and self.syntax.attacks(behind.end - 1)

    def _community(self, name: _Name) -> list[Match]:
        """Return a community's matches, here and wherever else it is named."""
        words, kin = self._text(name), _usual_kin(self.context.main_country)
        row = Community(words=(words,), militia=f"{words} {kin}", group=f"{words} {kin.split()[0]} Group")
        term = Term("community", words, row)
        return [Match(start, end, (term,)) for start, end in self._told(name)]

    def _behind(self, name: _Name) -> Match | None:
        """Return the common noun directly behind a name, if it is one for an actor."""
        at = self.syntax.first_word(name.end) if name.end < len(self.doc) else name.end
        match = self._starting.get(at)
        return match if match is not None and self.doc[at].text.islower() else None

    def _is_theirs(self, name: _Name, behind: Match) -> bool:
        """Tell of "Zomri fighters", "the Zomri gang", "Kesh Party activists clashed with rivals"."""
        row, noun = behind.nouns[0], self.doc[behind.end - 1]
        if noun.lower_ in ("clans", "tribes") and "and" not in self.doc[max(0, name.start - 2) : name.start].text:
            return False  # "Porgera clans" are those of a place; "the Nomali and Aiyala clans" are two
        if name.word is not None and noun.lemma_ in word_set("party_words.csv", "partisans"):
            return self.syntax.attacks(noun.i)
        if row.kind == "group":
            return self._attacks(noun)
        return row.kind in _ARMED and (row.kind != "unknown" or "gang" in row.words)

    def _is_apposed(self, name: _Name) -> bool:
        """Tell of "the rebel group Tahra", "a little-known group, the Sons of Kesh, claimed the bombing"."""
        at = self._before(name, _OPENERS)
        row = self._ending.get(at)
        if row is None or row.kind not in _ARMED | {"group"}:
            return False
        joined = self.doc[at].text != "," or self._root(name).dep_ == "appos"
        armed = row.kind in _ARMED and "gunman" not in row.words
        return joined and (armed or self._attacks(self.doc[at - 1]))

    def _explaining(self, name: _Name) -> str:
        """Return the noun of "the Terene, a Basotho gang", "the Doghmush, one of the big clans", or nothing."""
        at = name.end
        while at < len(self.doc) and (self.doc[at].text in _QUOTES or self._is_bracketed(at)):
            at += 1
        if at + 2 >= len(self.doc) or self.doc[at].text != "," or self.doc[at + 1].lower_ not in _ARTICLED:
            return ""
        fighters = word_set("party_words.csv", "collective") - _CIVIL_TOO
        for token in self.doc[at + 2 : at + 2 + _EXPLAINED]:
            if token.lemma_ in fighters:
                return token.lower_
            if (token.is_punct and token.text not in HYPHENS) or token.pos_ in ("VERB", "AUX", "SCONJ"):
                return ""
        return ""

    def _is_bracketed(self, at: int) -> bool:
        around = self.doc[max(0, at - 1) : at + 2].text
        return self.doc[at].text in "()" or ("(" in around and ")" in around)

    def _is_called(self, name: _Name) -> bool:
        """Tell of "a group calling itself X", "a militia known as X"."""
        naming = word_set("party_words.csv", "naming")
        verb = next((t for t in self.doc[max(0, name.start - 4) : name.start] if t.lower_ in naming), None)
        ends = range(verb.i, max(0, verb.i - 3), -1) if verb is not None else ()
        row = next((self._ending[end] for end in ends if end in self._ending), None)
        return row is not None and row.kind in _ARMED | {"group"}

    def _is_of_fighters(self, name: _Name) -> bool:
        """Tell of "rebels of the KLF", "members of Los Pardos burned two houses"."""
        at = self._before(name, _OPENERS | _LINKS)
        row, linked = self._ending.get(at), any(t.lower_ in _LINKS for t in self.doc[at : name.start])
        if row is None or not linked or self.doc[name.start].ent_type_ not in _NAMES:
            return False
        around = {token.lower_ for token in self.doc[max(0, at - 1) : name.end + 6]}
        if not KIN.keys().isdisjoint(around):
            return False  # "fighters of the Gak and Manuer clans", "the tribes of Albu Nasr and Bani Asad"
        fighters = row.kind == "armed" or (name.word is not None and row.kind in _ARMED | {"unit"})
        return fighters or (row.kind in _ARMED | {"member"} and self._attacks(self.doc[at - 1]))

    def _before(self, name: _Name, skipped: frozenset[str]) -> int:
        """Return where the words end that stand before a name, some skipped."""
        at = name.start
        while at > 0 and self.doc[at - 1].lower_ in skipped:
            at -= 1
        return at

    def _attacks(self, token: Token) -> bool:
        """Tell whether somebody does violence, is met with it, or claims a deed."""
        if not self.syntax.parsed:
            return False
        if self.syntax.attacks(token.i):
            return True
        head, kinds = token.head, word_classes(token.head.lower_) - {"say"}
        if kinds and token.i in self._agents and token.dep_ != "nsubj:pass":
            return True
        cases = {child.lower_ for child in token.children if child.dep_ == "case"}
        people = head.i + 1 in self._ending or head.i in self._agents
        of_people = token.dep_.startswith("nmod") and bool(cases & _LINKS) and people
        if token.dep_ == "appos" or of_people:
            return self._attacks(head)
        if "with" in cases and "attack" in kinds | word_classes(head.lemma_):
            return True
        claims = head.lower_.startswith("claim") and any(child.dep_ == "obj" for child in head.children)
        return token.dep_ == "nsubj" and claims

    def _root(self, name: _Name) -> Token:
        return self.syntax.root(name.start, name.end)

    # -- what it is called, and of what type ------------------------------------------------------------------------

    def _text(self, name: _Name) -> str:
        return self.doc[name.start : name.end].text

    def _full(self, name: _Name, noun: str) -> str:
        """Return the name with the noun that belongs to it: "the Zomri militia" is the Zomri Militia."""
        part = KIN.get(noun) or (noun.title() if noun in word_set("party_words.csv", "named so") else "")
        whole = not part or name.word is not None or self._text(name).lower().endswith(part.lower())
        return self._text(name) if whole else f"{self._text(name)} {part}"

    def _abbreviation(self, end: int) -> str:
        """Return the short form in brackets behind a name: "the Free Hill Front (FHF)"."""
        if end + 2 >= len(self.doc) or self.doc[end].text != "(" or self.doc[end + 2].text != ")":
            return ""
        short = self.doc[end + 1].text
        return short if 2 <= len(short) <= 8 and sum(letter.isupper() for letter in short) >= 2 else ""

    def _type(self, name: _Name, noun: str) -> int:
        """Return ACLED's actor type: by the nouns beside the name, its telling word, else the country's usual one."""
        beside = {token.lemma_.lower() for token in self.doc[max(0, name.start - 5) : name.end + 1]} | {noun}
        if noun in KIN:
            return 4
        if beside & word_set("party_words.csv", "rebels"):
            return 2
        if beside & word_set("party_words.csv", "gangs"):
            return 3
        given = name.word.inter if name.word is not None else None
        return given or _usual_type(self.context.main_country)

    # -- told again -----------------------------------------------------------------------------------------------

    def _told(self, name: _Name, *short: str) -> Iterator[tuple[int, int]]:
        """Yield where a name or its short form stands in the text (tokens, half-open)."""
        words = [token.text for token in self.doc]
        for form in (words[name.start : name.end], *([word] for word in short)):
            for start in range(len(words) - len(form) + 1):
                if words[start] == form[0] and words[start : start + len(form)] == form:
                    yield start, start + len(form)


def _telling(words: list[str]) -> GroupWord | None:
    """Return the row of the word that tells an armed group's name, the surest first."""
    table = _group_words()
    found = [table["any"].get(word) for word in words]
    if len(words) > 1:
        found += [table["first"].get(words[0]), table["last"].get(words[-1])]
        of = next((n for n, word in enumerate(words) if n and word in _OF), 0)
        found += [table["of"].get(words[of - 1]), table["last"].get(words[of - 1])] if of else []
    rows = [row for row in found if row is not None]
    return next((row for row in rows if row.sure == "yes"), rows[0] if rows else None)


def _is_number(word: str) -> bool:
    return word[:1].isdigit() or word in _ORDINALS


def _tokens(matches: Iterable[Match]) -> set[int]:
    return {i for match in matches for i in range(match.start, match.end)}
