"""From matched words to actors: names, and phrases such as "Israeli warplanes", "Fulani herders", "army patrol"."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace
from itertools import pairwise

from spacy.tokens import Doc, Token

from pipeline.annotate.actor_context import Context
from pipeline.annotate.actor_matching import Match
from pipeline.annotate.actor_tables import ActorNoun, Community, verb_classes
from pipeline.organisations import NamedActor
from pipeline.regimes import ruling

# ACLED's templates "Military Forces of X": the country is written into the name.
STATE_NAMES = frozenset({"Military Forces", "Police Forces", "Security Forces", "Government"})
PEOPLE = frozenset({"civil", "person", "number", "crowd", "militia"})

_POSSESSIVE = frozenset({"'s", "’s", "'", "’", "`s", "s"})
_HYPHENS = frozenset({"-", "‑", "–", "‐"})
# What a participle behind a hyphen makes of the name before it: no actor at all, or one who acts through others.
_FOREIGN = frozenset({"backed", "held", "controlled", "run", "made", "supplied", "occupied", "flagged", "owned",
                      "based",
                      "administered", "born", "ruled", "dominated", "led", "funded", "trained", "operated", "supported",
                      "sponsored", "allied", "aligned", "installed", "type", "speaking", "built", "majority",
                      "language", "style"})
_THROUGH = frozenset({"linked", "affiliated", "aligned", "inspired", "allied", "led", "operated"})
_PREFIXES = frozenset({"pro", "anti", "non", "former", "ex", "pre", "post"})
_LINKS = frozenset({"of", "from", "with", "to", "in", "the", "a", "an", "belonging", "loyal", "linked", "affiliated",
                    "allied", "aligned", "be", "suspected", "thought"})
_OWNERS = frozenset({"named", "armed", "unknown", "militia", "force", "unit"})
_ORGANISATIONS = frozenset({"front", "brigade", "brigades", "army", "forces", "movement", "battalion", "battalions",
                            "cartel", "clan", "resistance", "militia", "coalition", "alliance", "group", "gang"})
_ANSWERABLE = frozenset({"responsibility", "ceasefire", "cease-fire", "truce", "curfew", "war", "withdrawal"})


@dataclass(slots=True)
class Found:
    """An actor phrase. `name` None: a reference to be resolved; a state name without `country` waits for one."""

    start: int
    end: int
    kind: str
    name: str | None = None
    inter: int | None = None
    country: str | None = None
    confidence: float = 0.9
    noun: ActorNoun | None = None
    plural: bool = False
    speaks: bool = False
    linked: bool = False  # named only as the patron of who is meant: "the al Qaeda-linked group"


class Phrases:
    """Composes the actor phrases of one document from its matches."""

    def __init__(self, doc: Doc, matches: list[Match], context: Context) -> None:
        self.doc = doc
        self.matches = matches
        self.context = context
        self.parsed = doc.has_annotation("DEP")
        self.tagged = doc.has_annotation("TAG")
        self._used: set[int] = set()

    def find(self) -> list[Found]:
        """Return the phrases in text order; they do not overlap."""
        found: list[Found] = []
        for number in range(len(self.matches) - 1, -1, -1):
            if number not in self._used and self._noun(number):
                found += self._noun_phrase(number)
        for number, match in enumerate(self.matches):
            if number not in self._used:
                found += self._name(number, match)
                found += self._shared(number, match)
        found.sort(key=lambda one: (one.start, -one.end))
        found = _without_overlaps(found)
        self._take_over(found)
        for one in found:
            one.speaks = one.speaks or self._only_speaks(one)
        return found

    # -- noun phrases -------------------------------------------------------------------------------------------------

    def _noun(self, number: int) -> ActorNoun | None:
        return next(iter(self._readings(number)), None)

    def _readings(self, number: int) -> list[ActorNoun]:
        """Return the readings of a noun match in this document: the rows for its country, else the general ones."""
        rows = [t.row for t in self.matches[number].terms if t.kind == "noun" and isinstance(t.row, ActorNoun)]
        local = [row for row in rows if self.context.main_country in row.countries]
        open_rows = [row for row in rows if not row.countries]
        return local or open_rows or [row for row in rows if set(row.countries) & set(self.context.countries)]

    def _noun_phrase(self, number: int) -> list[Found]:
        head = self._noun(number)
        if head is None or self._is_verb(self.matches[number]):
            return []
        if head.kind == "attribute":
            return []
        run = self._run(number)
        self._used.update(run)
        qualifiers = self._qualifiers(run[0])
        if head.kind == "speaker":
            return self._speaker(run, qualifiers)
        if name := self._unlisted(run, head, qualifiers):
            return [name]
        if head.kind == "asset":
            return self._owner_of(run, qualifiers)
        before = [row for n in run[:-1] if (row := self._noun(n))]
        for reading in self._readings(number):
            found = self._compose(run, [*before, reading], qualifiers)
            if found:
                return found
        return []

    def _speaker(self, run: list[int], qualifiers: list[int]) -> list[Found]:
        """Whoever speaks for an actor: remembered for "its forces", never an actor of the event."""
        self._used.update(qualifiers)
        end = self.matches[run[-1]].end
        for number in qualifiers:
            match = self.matches[number]
            if term := match.first("force", "country", "adjective", "capital"):
                name, code = term.force or "Military Forces", self._code(match, term.code)
                return [Found(match.start, end, "force", name, 1, code, 0.6, speaks=True)]
            row, confidence = self.context.choose([t for t in match.terms if t.kind == "actor"])
            if row is not None:
                return [replace(self.named(match.start, end, row, confidence), speaks=True)]
        forces = [row for n in run[:-1] if (row := self._noun(n)) and row.kind == "force"]
        return [Found(self.matches[run[0]].start, end, "force", row.name, 1, speaks=True) for row in forces[:1]]

    def _owner_of(self, run: list[int], qualifiers: list[int]) -> list[Found]:
        """Whose property it is: the army of "Syrian army depots", the PKK of "PKK hideouts"."""
        people = [n for n in run[:-1] if (row := self._noun(n)) and row.kind == "force"]
        if not people:
            self._used.difference_update(run[:-1])
            return []
        return self._compose(people, [self._noun(n) for n in people], qualifiers)

    def _unlisted(self, run: list[int], head: ActorNoun, qualifiers: list[int]) -> Found | None:
        """An armed group that no table lists: "the Saraya al-Jabal brigade", "the 33rd Front", "the Ndali clan"."""
        match = self.matches[run[-1]]
        if not self.tagged or qualifiers or len(run) > 1:
            return None
        start = self._capitalised_before(match.start)
        titled = self.doc[match.end - 1].text[0].isupper()
        if start == match.start or head.kind not in ("group", "armed", "militia", "force", "member", "unknown", "unit"):
            return None
        words = self.doc[start : match.end if titled else match.start].text
        noun = self.doc[match.end - 1].lemma_.lower() or self.doc[match.end - 1].lower_
        ending = {"clan": " Clan Militia", "tribe": " Tribal Militia", "tribesman": " Tribal Militia"}.get(noun, "")
        if titled and self.doc[match.end - 1].lower_ in _ORGANISATIONS and not _state_unit(words):
            return Found(start, match.end, "named", words, 3, None, 0.4)
        if not titled and head.kind == "militia" and ending:
            return Found(start, match.end, "militia", words + ending, 4, None, 0.6)
        if not titled and head.words[0] in ("group", "gang", "fighter", "insurgent group"):
            return Found(start, match.end, "named", words, 3, None, 0.4)
        return None

    def _capitalised_before(self, index: int) -> int:
        """First token of the proper name that stands directly before an index; the index itself where none does."""
        start = index
        while start > 0 and self._names(self.doc[start - 1]):
            start -= 1
        while start < index and self.doc[start].text in _HYPHENS:
            start += 1
        return start

    def _names(self, token: Token) -> bool:
        if token.ent_type_ == "PERSON" or "\n" in token.whitespace_:
            return False
        opens = token.is_sent_start or (token.i > 0 and token.nbor(-1).is_space)
        nominal = token.tag_ in ("NNP", "NNPS", "NN", "NNS", "JJ")
        proper = token.text[:1].isupper() and nominal and not (opens and token.ent_type_ == "")
        ordinal = token.text[:1].isdigit() and token.tag_ in ("JJ", "CD", "NNP") and token.text[-1].isalpha()
        return proper or ordinal or token.text in _HYPHENS or token.lower_ in ("al", "el")

    def _run(self, number: int) -> list[int]:
        """Noun matches that stand side by side and end in this one: "army patrol", "student protesters"."""
        run = [number]
        while run[0] > 0 and self._adjoins(run[0] - 1, run[0]):
            row = self._noun(run[0] - 1)
            if row is None or row.kind in ("speaker", "attribute") or self._is_verb(self.matches[run[0] - 1]):
                break
            run.insert(0, run[0] - 1)
        return run

    def _qualifiers(self, number: int) -> list[int]:
        """Names and adjectives before a noun, nearest first."""
        found: list[int] = []
        at = number
        while at > 0 and self._adjoins(at - 1, at) and self._noun(at - 1) is None:
            if at < number and self._joint(at - 1, at):
                break
            at -= 1
            if not self._oblique(at):
                found.append(at)
        return found

    def _joint(self, left: int, right: int) -> bool:
        """Tell whether two countries own a thing together: "Russian-Turkish patrol"."""
        between = self.doc[self.matches[left].end : self.matches[right].start].text
        return between in ("-", "–", "/") and all(self.matches[n].first("adjective", "country") for n in (left, right))

    def _adjoins(self, left: int, right: int) -> bool:
        """Tell whether only hyphens, possessives or premodifiers stand between two matches of one noun phrase."""
        start, end = self.matches[left].end, self.matches[right].start
        gap = [self.doc[i] for i in range(start, end)]
        if "\n" in self.doc[start - 1].whitespace_ or len(gap) > 4:
            return False
        if all(token.text in _POSSESSIVE or token.text in _HYPHENS or token.text in "\"“”'" for token in gap):
            return True
        if not self.tagged or not all(_premodifies(token) for token in gap):
            return False
        return not self.parsed or self._inside(start - 1, end)

    def _inside(self, earlier: int, later: int) -> bool:
        """Tell whether the earlier token hangs on the later one's noun phrase."""
        token, steps = self.doc[earlier], 0
        while token.head.i != token.i and steps < 4:
            token, steps = token.head, steps + 1
            if token.i >= later:
                return True
        return False

    def _oblique(self, number: int) -> bool:
        """Tell whether a name only colours what follows: "Iran-backed", "Houthi-controlled", "pro-Turkish"."""
        match = self.matches[number]
        after = _word_after_hyphen(self.doc, match.end)
        if after in _THROUGH and match.first("actor"):
            return False
        if after in _FOREIGN:
            return True
        before = match.start - 1
        if before >= 0 and self.doc[before].text in _HYPHENS:
            before -= 1
        return before >= 0 and self.doc[before].lower_ in _PREFIXES

    def _compose(self, run: list[int], nouns: list[ActorNoun | None], qualifiers: list[int]) -> list[Found]:
        rows = [row for row in nouns if row]
        head, match = rows[-1], self.matches[run[-1]]
        extra = self._companions(run, rows)
        force = next((row for row in rows[:-1] if row.kind in ("force", "enemy") and row.name in STATE_NAMES), None)
        start = self.matches[min([run[0], *qualifiers])].start
        base = Found(start, match.end, head.kind, noun=head, plural=_is_plural(match))
        for number in qualifiers:
            found = self._qualified(base, number, head, force)
            if found:
                self._used.add(number)
                return [*found, *self._coordinated(number, found[-1]), *extra]
        base = replace(base, start=self.matches[run[0]].start)
        return [*self._bare(base, head, force, run), *extra]

    def _companions(self, run: list[int], rows: list[ActorNoun]) -> list[Found]:
        """Groups that identify demonstrators or victims: the students among "student protesters"."""
        if rows[-1].kind not in PEOPLE:
            return []
        return [
            Found(self.matches[n].start, self.matches[n].end, "civil", row.name, row.inter, confidence=0.8, noun=row)
            for n, row in zip(run[:-1], rows[:-1], strict=True)
            if row.kind == "civil"
        ]

    def _qualified(self, base: Found, number: int, head: ActorNoun, force: ActorNoun | None) -> list[Found] | None:
        match = self.matches[number]
        actor_terms = [t for t in match.terms if t.kind == "actor"]
        if actor_terms:
            row, confidence = self.context.choose(actor_terms)
            if row is not None:
                return self._of_actor(base, row, confidence, match, head)
        if term := match.first("force"):
            return self._of_state(base, term.code, head, force, match, term.force)
        if match.first("community"):
            return self._of_community(base, match, head)
        if term := match.first("adjective", "country", "people"):
            return self._of_state(base, self._code(match, term.code), head, force, match)
        return None

    def _of_actor(self, base: Found, row: NamedActor, sure: float, match: Match, head: ActorNoun) -> list[Found] | None:
        own = self.named(match.start, match.end, row, sure)
        if head.kind in PEOPLE and row.inter != 4:
            civil = replace(base, start=match.end, name=head.name, inter=head.inter, confidence=0.7)
            civil.start = _first_word(self.doc, match.end)
            return [own, civil]
        if head.kind == "strike" or head.name == "Government":
            return [own]
        if ruled := self._ruler(row, head):
            return [replace(ruled, start=base.start, end=base.end)]
        linked = _word_after_hyphen(self.doc, match.end) in _THROUGH
        return [replace(base, name=own.name, inter=own.inter, country=own.country, confidence=sure, linked=linked)]

    def _ruler(self, row: NamedActor, head: ActorNoun | None = None) -> Found | None:
        """The force of a group that is the state ("Taliban police"), or None."""
        if self.context.day is None and row.active_to != dt.date.max:
            return None
        for code in row.homes:
            regime = ruling(row.name, code, self.context.day)
            if regime and regime.inter == 1 and regime.name.startswith("Military Forces"):
                name = head.name if head and head.name in ("Police Forces", "Government") else "Military Forces"
                return Found(0, 0, "force", name, 1, code, 0.85)
        return None

    def _of_state(
        self, base: Found, code: str, head: ActorNoun, force: ActorNoun | None, match: Match, proper: str = ""
    ) -> list[Found] | None:
        name = proper or (force.name if force else head.name)
        kind = head.kind
        if kind == "strike":
            return [Found(match.start, match.end, "force", name, 1, code, 0.85)]
        if kind in ("force", "arm", "weapon", "unit", "enemy", "member") and name in STATE_NAMES:
            return [replace(base, kind="force" if kind == "member" else kind, name=name, inter=1, country=code)]
        if kind == "official" and not self._suffers(base.end - 1):
            return []
        if kind in ("group", "official") and head.name == "Government":
            return [replace(base, name="Government", inter=1, country=code)]
        if kind in PEOPLE or kind in ("unknown", "armed"):
            country = None if head.name.endswith(")") else code
            return [replace(base, name=head.name, inter=head.inter, country=country, confidence=0.7)]
        if kind == "mission":
            return [base]
        return [replace(base, name=head.name, inter=head.inter, country=code)] if head.inter == 1 else None

    def _of_community(self, base: Found, match: Match, head: ActorNoun) -> list[Found] | None:
        term = match.first("community")
        row = term.row if term else None
        if not isinstance(row, Community) or (head.kind == "member" and not head.name):
            return None
        armed = head.kind in ("armed", "unknown", "militia", "member", "unit", "weapon") or self._attribute(base) or (
            head.kind in ("civil", "person") and self._attacks(base.end - 1)
        )
        if armed and row.militia:
            return [replace(base, kind="militia", name=row.militia, inter=4, confidence=0.8)]
        if head.kind in ("civil", "person") and head.name == "Civilians":
            return [replace(base, name=row.group, inter=7, confidence=0.7)]
        group = Found(match.start, match.end, "civil", row.group, 7, confidence=0.7)
        rest = replace(base, start=_first_word(self.doc, match.end), name=head.name, inter=head.inter)
        return [group, rest] if head.kind in PEOPLE else [group]

    def _coordinated(self, number: int, model: Found) -> list[Found]:
        """The Russian side of "Russian and Syrian warplanes", the US of "US and British jets"."""
        first = self.matches[number]
        if number == 0 or model.kind in ("civil", "crowd"):
            return []
        other = self.matches[number - 1]
        gap = [self.doc[i].text for i in range(other.end, first.start)]
        if other.end == first.start or gap not in (["and"], ["-"], ["/"], ["–"], [",", "and"], [","]):
            return []
        actor_terms = [t for t in other.terms if t.kind == "actor"]
        if actor_terms:
            return []
        term = other.first("adjective", "country")
        if term is None or model.inter != 1 or model.name not in STATE_NAMES or self._oblique(number - 1):
            return []
        self._used.add(number - 1)
        twin = Found(other.start, other.end, "force", model.name, 1, self._code(other, term.code), 0.85)
        return [twin, *self._coordinated(number - 1, twin)]

    def _bare(self, base: Found, head: ActorNoun, force: ActorNoun | None, run: list[int]) -> list[Found]:
        attribute = self._attribute(base)
        if attribute and (not attribute.name or (attribute.inter == 7 and not base.plural)):
            return []
        if attribute and attribute.inter == 7 and head.kind == "force":
            return [replace(base, start=base.start, kind="civil", name=attribute.name, inter=7, confidence=0.8)]
        if attribute and attribute.inter != 7 and head.name in ("Civilians", "Protesters", "Women"):
            return [replace(base, kind="unknown", name=attribute.name, inter=attribute.inter, confidence=0.8)]
        if head.kind == "force":
            loose = self.tagged and self.doc[base.end - 1].tag_ == "JJ" and len(run) == 1
            return [] if loose and self._modifies_noun(base.end, owned=False) else [replace(base, name=head.name, inter=1, confidence=0.8)]
        if force and head.kind in ("arm", "weapon", "unit", "member"):
            return [replace(base, kind="force", name=force.name, inter=1, confidence=0.8)]
        if force and head.kind == "strike":
            owner = self.matches[run[0]]
            return [Found(owner.start, owner.end, "force", force.name, 1, confidence=0.8)]
        if head.kind in ("member", "unit", "person", "civil") and self._part_of_name(base):
            return []
        if head.kind == "enemy" and self._linked(base.end):
            return []
        if head.kind in PEOPLE and (self._modifies_noun(base.end) or self._counts(base, head)):
            return []
        if head.kind == "person" and self._attacks(base.end - 1, "attack"):
            return [replace(base, kind="unknown", name="Unidentified Armed Group", inter=3, confidence=0.6)]
        if head.kind in ("unknown", *PEOPLE):
            sure = 0.8 if head.kind in ("unknown", "crowd") else 0.6
            return [replace(base, name=head.name, inter=head.inter, confidence=sure)]
        if head.kind == "official" and not self._suffers(base.end - 1):
            return []
        if head.kind in ("group", "official") and head.name:
            return [] if self._modifies_noun(base.end) else [replace(base, name=head.name, inter=1, confidence=0.5)]
        if head.kind == "strike" or (head.kind == "weapon" and not self._owned(base)):
            return []
        if head.kind == "group" and self._part_of_name(base):
            return []
        return [] if head.kind == "member" and not self._owned(base) and not self._linked(base.end) else [base]

    def _attribute(self, base: Found) -> ActorNoun | None:
        """An adjective before the phrase that changes its class ("masked men"); the phrase grows over it."""
        for number, match in enumerate(self.matches):
            if match.start >= base.start:
                return None
            row = next((t.row for t in match.terms if t.kind == "noun" and isinstance(t.row, ActorNoun)), None)
            if row and row.kind == "attribute" and match.end >= base.start - 2:
                gap = [self.doc[i] for i in range(match.end, base.start)]
                if all(_premodifies(token) or token.text in _HYPHENS for token in gap):
                    base.start = match.start
                    self._used.add(number)
                    return row
        return None

    # -- names --------------------------------------------------------------------------------------------------------

    def named(self, start: int, end: int, row: NamedActor, confidence: float) -> Found:
        """Return the phrase of a named actor.

        Branches of a state's forces that carry only its name ("Federal Police (Iraq)") go by the force's.
        """
        if ruled := self._ruler(row):
            police = self.doc[end - 1].lower_ in ("police", "policemen")
            return replace(ruled, start=start, end=end, kind="named", name="Police Forces" if police else ruled.name)
        plain = row.inter == 1 and row.name.endswith(")") and row.parent.startswith(("Military ", "Police "))
        name = row.parent if plain else row.name
        country = None if row.suffix == "yes" else row.country
        return Found(start, end, "named", name, row.inter, country, confidence)

    def _name(self, number: int, match: Match) -> list[Found]:
        if match.first("actor") and not self._oblique(number):
            row, confidence = self.context.choose([t for t in match.terms if t.kind == "actor"])
            if row is not None:
                return [self.named(match.start, match.end, row, confidence)]
        if term := match.first("force"):
            return [Found(match.start, match.end, "force", term.force, 1, term.code, 0.9)]
        if self._oblique(number):
            return []
        if (term := match.first("people")) and self._stands_alone(match):
            return [Found(match.start, match.end, "civil", "Civilians", 7, term.code, 0.5, plural=True)]
        if (term := match.first("community")) and self._stands_alone(match) and isinstance(term.row, Community):
            return [Found(match.start, match.end, "civil", term.row.group, 7, None, 0.5, plural=True)]
        if (term := match.first("country", "capital")) and not self._in_dateline(match):
            return self._country_acts(match, self._code(match, term.code))
        return []

    def _shared(self, number: int, match: Match) -> list[Found]:
        """The Pakistani side of "Pakistani and Taliban forces", where "Taliban forces" is a name of the tables."""
        last = self.doc[match.end - 1]
        if match.first("actor") and match.end - match.start > 1 and last.text.islower() and last.text.endswith("s"):
            return self._coordinated(number, Found(match.start, match.end, "force", "Military Forces", 1))
        return []

    def _stands_alone(self, match: Match) -> bool:
        """Tell whether an adjective or people's name is used as a noun: "three Palestinians"."""
        last = self.doc[match.end - 1]
        return last.tag_ in ("NNS", "NNPS") if self.tagged else last.lower_.endswith("s")

    def _in_dateline(self, match: Match) -> bool:
        return match.first("country") is None and self.doc[match.start].text.isupper()

    def _country_acts(self, match: Match, code: str) -> list[Found]:
        """A country's name as the one who acts: "Israel struck", "bombed by Turkey", "between Israel and Hezbollah"."""
        after = self.doc[match.end].text if match.end < len(self.doc) else ""
        if not self.parsed or after in _POSSESSIVE:
            return []
        token = _root(self.doc, match.start, match.end)
        role = token
        while role.dep_ == "conj" and role.head.i < role.i:
            role = role.head
        kinds = verb_classes().get(role.head.lower_, frozenset())
        case = {child.lower_ for child in role.children if child.dep_ == "case"}
        if role.dep_ == "nsubj" and kinds & {"force", "state"}:
            name = "Military Forces" if "force" in kinds else "Government"
        elif ("by" in case and (kinds or role.dep_.startswith("nmod"))) or (case & {"between", "with"} and "pact" in kinds):
            name = "Military Forces"
        else:
            return []
        return [Found(match.start, match.end, "force", name, 1, code, 0.6)]

    def _code(self, match: Match, code: str) -> str:
        """The country meant by a name of several (Congolese): the one that the document is about."""
        codes = list(dict.fromkeys(t.code for t in match.terms if t.code))
        return max(codes, key=lambda one: self.context.countries[one]) if len(codes) > 1 else code

    # -- tree and tags ------------------------------------------------------------------------------------------------

    def _is_verb(self, match: Match) -> bool:
        tag = self.doc[match.start].tag_
        return self.tagged and match.end - match.start == 1 and tag in ("VBD", "VBP", "VBZ", "VB")

    def _modifies_noun(self, after: int, owned: bool = True) -> bool:
        """Tell whether a noun follows directly: the "government" of "government building"."""
        if not self.tagged or after >= len(self.doc) or self.doc[after].tag_ not in ("NN", "NNS", "NNP"):
            return False
        if not owned and self._is_asset(after):
            return False
        return not self.parsed or self.doc[after - 1].dep_ in ("compound", "amod", "nmod:poss", "nmod")

    def _is_asset(self, index: int) -> bool:
        rows = [t.row for m in self.matches if m.start == index for t in m.terms if isinstance(t.row, ActorNoun)]
        return any(row.kind in ("asset", "unit", "arm") for row in rows)

    def _part_of_name(self, base: Found) -> bool:
        """Tell whether a noun ends a proper name that is no actor's: "World Health Organization"."""
        return self.doc[base.end - 1].text[:1].isupper() and self._capitalised_before(base.start) < base.start

    def _counts(self, base: Found, head: ActorNoun) -> bool:
        """Tell whether a number word only counts what follows it: "dozens of shells"."""
        return head.kind == "number" and self._linked(base.end)

    def _linked(self, index: int) -> bool:
        return index < len(self.doc) and self.doc[index].lower_ in ("of", "from", "belonging")

    def _owned(self, base: Found) -> bool:
        """Tell whether a possessive pronoun stands before the phrase: "its drones", "their armed men"."""
        before = self.doc[max(0, base.start - 3) : base.start]
        return any(token.lower_ in ("its", "their", "his", "her", "our", "whose") for token in before)

    def _attacks(self, index: int, kind: str = "force") -> bool:
        """Tell whether a noun is the active subject of a violent verb, or the agent of one in the passive."""
        if not self.parsed:
            return False
        token = self.doc[index]
        by = any(child.dep_ == "case" and child.lower_ == "by" for child in token.children)
        return (token.dep_ == "nsubj" or by) and kind in verb_classes().get(token.head.lower_, ())

    def _suffers(self, index: int) -> bool:
        """Tell whether a noun is the target of a verb, or the owner of the target."""
        return self.parsed and self.doc[index].dep_ in ("obj", "nsubj:pass", "nmod:poss")

    def _only_speaks(self, one: Found) -> bool:
        """Tell whether an actor is only the source of a statement: subject of "said", or in "according to X"."""
        if not self.parsed:
            return False
        token = _root(self.doc, one.start, one.end)
        if any(child.dep_ == "case" and child.lower_ == "according" for child in token.children):
            return True
        while token.dep_ == "conj" and token.head.i < token.i:
            token = token.head
        kinds = verb_classes().get(token.head.lower_, frozenset())
        if token.dep_ != "nsubj" or "say" not in kinds or "force" in kinds:
            return False
        objects = [child for child in token.head.children if child.dep_ == "obj"]
        if objects and token.head.lower_.startswith("claim"):
            return False
        return not any(child.lower_ in _ANSWERABLE for child in objects)

    def _take_over(self, found: list[Found]) -> None:
        """Give "fighters of the RSF", "members of the Jaafar clan" the name that follows them."""
        for one, following in pairwise(found):
            gap = [self.doc[i].lower_ for i in range(one.end, following.start)]
            if one.kind not in ("armed", "unknown", "member", "unit", "weapon", "arm", "group", "militia", "force"):
                continue
            if one.country or (one.kind == "force" and gap[:1] != ["of"]):
                continue
            linked = gap and len(gap) <= 6 and gap[0] in _LINKS and all(word in _LINKS for word in gap)
            if linked and following.name and following.kind in _OWNERS:
                one.name, one.inter, one.country = following.name, following.inter, following.country
                one.confidence = following.confidence


def _state_unit(words: str) -> bool:
    """Tell whether a name is a numbered unit of somebody's army: "769th Brigade"."""
    return words[0].isdigit() and words.split()[-1].lower() in ("brigade", "battalion", "battalions", "army")


def _premodifies(token: Token) -> bool:
    return token.tag_ in ("JJ", "JJR", "JJS", "NN", "NNP", "NNS", "CD", "VBN", "HYPH", "POS") or token.text in _HYPHENS


def _word_after_hyphen(doc: Doc, index: int) -> str:
    if index + 1 < len(doc) and doc[index].text in _HYPHENS:
        return doc[index + 1].lower_
    return ""


def _first_word(doc: Doc, index: int) -> int:
    while doc[index].text in _POSSESSIVE or doc[index].text in _HYPHENS:
        index += 1
    return index


def _root(doc: Doc, start: int, end: int) -> Token:
    return doc[start:end].root


def _is_plural(match: Match) -> bool:
    return any(term.plural for term in match.terms)


def _without_overlaps(found: list[Found]) -> list[Found]:
    kept: list[Found] = []
    for one in found:
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept
