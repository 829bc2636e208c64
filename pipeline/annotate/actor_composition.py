"""Noun phrases whose actor no list holds: "Israeli warplanes", "Fulani herders", "army patrol", "masked men"."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Doc

from pipeline import lexicon
from pipeline.annotate.actor_context import Context
from pipeline.annotate.actor_matching import Match
from pipeline.annotate.actor_names import FOREIGN, THROUGH, Found, Names
from pipeline.annotate.actor_syntax import Syntax
from pipeline.annotate.actor_tables import ActorNoun, Community
from pipeline.countries import alpha3_of_adjective
from pipeline.organisations import NamedActor

# ACLED's templates "Military Forces of X": the country is written into the name.
STATE_NAMES = frozenset({"Military Forces", "Police Forces", "Security Forces", "Government"})
PEOPLE = frozenset({"civil", "person", "number", "crowd", "militia"})
_STATE_KINDS = frozenset({"force", "arm", "weapon", "unit", "enemy", "member"})
_ARMED_KINDS = frozenset({"armed", "unknown", "militia", "member", "unit", "weapon"})
_DOERS = frozenset({"militia", "unknown", "armed"})
_ARMS = frozenset({"arm", "weapon", "unit", "strike"})
_COORDINATORS = (["and"], ["-"], ["/"], ["–"], [",", "and"], [","])


class Composer:
    """Joins the nouns of a phrase with the names and adjectives before them; marks in `used` the matches it takes."""

    def __init__(self, doc: Doc, matches: list[Match], context: Context, names: Names, used: set[int]) -> None:
        self.doc = doc
        self.matches = matches
        self.context = context
        self.names = names
        self.syntax: Syntax = names.syntax
        self.used = used

    def compose(self, run: list[int], rows: list[ActorNoun], qualifiers: list[int]) -> list[Found]:
        """Return the actors of a phrase: the last of `rows` is its head, `qualifiers` are nearest first."""
        head, match = rows[-1], self.matches[run[-1]]
        if head.inter == 1 and self.syntax.after_hyphen(match.end) in FOREIGN - THROUGH:
            return []  # "the government-held town"
        extra = self._companions(run, rows)
        force = next((row for row in rows[:-1] if row.kind in ("force", "enemy") and row.name in STATE_NAMES), None)
        if force is None and head.kind in _ARMS and any(row.name == "Government" for row in rows[:-1]):
            force = head  # "government drones"
        start = self.matches[min([run[0], *qualifiers])].start
        base = Found(start, match.end, head.kind, noun=head, plural=any(term.plural for term in match.terms))
        for number in qualifiers:
            found = self._qualified(base, number, head, force)
            if found:
                self.used.add(number)
                return [*found, *self.coordinated(number, found[-1]), *extra]
        base.start = self.matches[run[0]].start
        return [*self._bare(base, head, force, run), *extra]

    def _companions(self, run: list[int], rows: list[ActorNoun]) -> list[Found]:
        """Groups that identify demonstrators or victims: the students among "student protesters"."""
        if rows[-1].kind not in PEOPLE:
            return []
        return [
            Found(self.matches[n].start, self.matches[n].end, "civil", row.name, row.inter, confidence=0.8, noun=row)
            for n, row in zip(run, rows[:-1], strict=False)
            if row.kind == "civil"
        ]

    # -- with a name or an adjective ------------------------------------------------------------------------------

    def _qualified(self, base: Found, number: int, head: ActorNoun, force: ActorNoun | None) -> list[Found] | None:
        match = self.matches[number]
        if actors := match.every("actor"):
            row, confidence = self.context.choose(actors)
            if row is not None:
                return self._of_actor(base, row, confidence, match, head)
        if term := match.first("force"):
            return self._of_state(base, term.code, head, term.force, match)
        if (term := match.first("community")) and isinstance(term.row, Community):
            return self._of_community(base, term.row, match, head)
        if term := match.first("adjective", "country", "people"):
            return self._of_state(base, self.names.code(match, term.code), head, force.name if force else "", match)
        return None

    def _of_actor(self, base: Found, row: NamedActor, sure: float, match: Match, head: ActorNoun) -> list[Found]:
        own = self.names.named(match.start, match.end, row, sure)
        if head.kind in PEOPLE and row.inter != 4:
            start = self.syntax.first_word(match.end)
            return [own, replace(base, start=start, name=head.name, inter=head.inter, confidence=0.7)]
        if head.kind == "strike" or head.name == "Government":
            return [own]
        if ruled := self.names.ruler(row, base.start, base.end, head):
            return [ruled]
        linked = (
            self.syntax.after_hyphen(match.end) in THROUGH
            or self.doc[match.end : match.end + 1].text.lower() in THROUGH
        )
        return [replace(base, name=own.name, inter=own.inter, country=own.country, confidence=sure, linked=linked)]

    def _of_state(self, base: Found, code: str, head: ActorNoun, force: str, match: Match) -> list[Found] | None:
        name, kind = force or head.name, head.kind
        if kind == "strike":
            return [Found(match.start, match.end, "force", name, 1, code, 0.85)]
        if kind in _STATE_KINDS and name in STATE_NAMES:
            return [replace(base, kind="force" if kind == "member" else kind, name=name, inter=1, country=code)]
        if kind == "official" and not self.syntax.suffers(base.end - 1):
            return []
        if kind in PEOPLE or kind in ("unknown", "armed"):
            home = None if head.name.endswith(")") else code
            return [replace(base, name=head.name, inter=head.inter, country=home, confidence=0.7)]
        if kind == "mission":
            return [base]
        return [replace(base, name=head.name, inter=1, country=code)] if head.inter == 1 else None

    def _of_community(self, base: Found, row: Community, match: Match, head: ActorNoun) -> list[Found] | None:
        if head.kind == "member" and not head.name:
            return None
        unarmed = head.kind in ("civil", "person")
        armed = head.kind in _ARMED_KINDS or self._attribute(base) or (unarmed and self.syntax.attacks(base.end - 1))
        if armed and row.militia:
            return [replace(base, kind="militia", name=row.militia, inter=4, confidence=0.8)]
        if unarmed and head.name == "Civilians":
            return [replace(base, name=row.group, inter=7, confidence=0.7)]
        group = Found(match.start, match.end, "civil", row.group, 7, confidence=0.7)
        rest = replace(base, start=self.syntax.first_word(match.end), name=head.name, inter=head.inter)
        return [group, rest] if head.kind in PEOPLE else [group]

    def coordinated(self, number: int, model: Found) -> list[Found]:
        """Return the Russian side of "Russian and Syrian warplanes", the US of "US and British jets"."""
        if number == 0 or model.inter != 1 or model.name not in STATE_NAMES:
            return []
        first, other = self.matches[number], self.matches[number - 1]
        gap = [self.doc[i].text for i in range(other.end, first.start)]
        term = other.first("adjective", "country")
        if gap not in _COORDINATORS or term is None or other.first("actor") or self.names.is_oblique(number - 1):
            return []
        self.used.add(number - 1)
        twin = Found(other.start, other.end, "force", model.name, 1, self.names.code(other, term.code), 0.85)
        return [twin, *self.coordinated(number - 1, twin)]

    # -- without ----------------------------------------------------------------------------------------------------

    def _bare(self, base: Found, head: ActorNoun, force: ActorNoun | None, run: list[int]) -> list[Found]:
        if head.kind in ("arm", "weapon") and (code := self._held_to_be(base)):
            return [replace(base, name="Military Forces", inter=1, country=code, confidence=0.7)]
        attribute = self._attribute(base)
        if attribute:
            changed = self._with_attribute(base, head, attribute)
            if changed is not None:
                return changed
        if head.kind == "force":
            if force and force.kind == "force":  # "army officers", "police commandos"
                return [self._as_state(base, force.name)]
            loose = self.doc[base.end - 1].tag_ == "JJ" and len(run) == 1 and self.syntax.modifies_noun(base.end)
            return [] if loose and not self._is_asset(base.end) else [self._as_state(base, head.name)]
        owner = self.matches[run[0]]
        if force and head.kind == "strike":
            return [Found(owner.start, owner.end, force.kind, force.name, 1, confidence=0.8)]
        if head.kind == "strike" and owner.noun and owner.noun.kind in _DOERS:  # "settler attacks", "rebel ambushes"
            row = owner.noun
            return [Found(owner.start, owner.end, row.kind, row.name, row.inter, confidence=0.7)]
        if force and head.kind in _STATE_KINDS:
            return [replace(self._as_state(base, force.name), kind=force.kind)]
        if self._is_no_actor(base, head):
            return []
        if head.kind == "person" and self.syntax.attacks(base.end - 1, "attack"):
            return [replace(base, kind="unknown", name="Unidentified Armed Group", inter=3, confidence=0.6)]
        if head.kind in ("unknown", *PEOPLE):
            sure = 0.8 if head.kind in ("unknown", "crowd") else 0.6
            return [replace(base, name=head.name, inter=head.inter, confidence=sure)]
        return [replace(base, name=head.name, inter=1, confidence=0.5)] if head.name == "Government" else [base]

    def _held_to_be(self, base: Found) -> str | None:
        """Return the country whose a thing is thought to be: "a drone, believed to be Turkish"."""
        after = [token for token in self.doc[base.end : base.end + 5] if token.text != ","]
        thought = lexicon.word_set("party_words.csv", "blame")
        if len(after) < 4 or after[0].lemma_ not in thought or [t.lower_ for t in after[1:3]] != ["to", "be"]:
            return None
        return alpha3_of_adjective(after[3].text)

    @staticmethod
    def _as_state(base: Found, name: str) -> Found:
        return replace(base, kind="force", name=name, inter=1, confidence=0.8)

    def _is_no_actor(self, base: Found, head: ActorNoun) -> bool:
        """Tell whether a noun without a qualifier names nobody here."""
        syntax, kind = self.syntax, head.kind
        common = kind in ("member", "unit", "person", "civil", "group") and head.name != "Government"
        if common and syntax.ends_name(base.start, base.end):
            return True
        if kind == "group" and syntax.follows_preposition(base.start):
            return True
        if kind == "arm" and syntax.holds_liquid(base.start):
            return True
        if kind in PEOPLE or head.name == "Government":
            counts = kind == "number" and syntax.is_linked(base.end)
            target = kind != "official" or syntax.suffers(base.end - 1)
            acts = kind == "militia" and self._is_act(base.end)  # "settler attacks", "gang violence"
            return counts or not target or (syntax.modifies_noun(base.end) and not acts)
        if kind == "enemy":
            return syntax.is_linked(base.end)
        if kind == "member":
            return not syntax.is_owned(base.start) and not syntax.is_linked(base.end)
        return kind == "strike" or (kind == "weapon" and not syntax.is_owned(base.start))

    def _with_attribute(self, base: Found, head: ActorNoun, attribute: ActorNoun) -> list[Found] | None:
        if not attribute.name or (attribute.inter == 7 and not base.plural):
            return []
        if attribute.inter == 7 and head.kind == "force":
            return [replace(base, kind="civil", name=attribute.name, inter=7, confidence=0.8)]
        if attribute.inter != 7 and head.name in ("Civilians", "Protesters", "Women"):
            return [replace(base, kind="unknown", name=attribute.name, inter=attribute.inter, confidence=0.8)]
        return None

    def _attribute(self, base: Found) -> ActorNoun | None:
        """Return an adjective before a phrase that changes its class ("masked men"); the phrase grows over it."""
        for number in range(len(self.matches)):
            match = self.matches[number]
            if match.start >= base.start:
                return None
            row = match.noun
            if match.end < base.start - 2 or row is None or row.kind != "attribute":
                continue
            if all(map(self.syntax.premodifies, range(match.end, base.start))):
                base.start = match.start
                self.used.add(number)
                return row
        return None

    def _is_asset(self, index: int) -> bool:
        return self._is_of(index, "asset", "unit", "arm")

    def _is_act(self, index: int) -> bool:
        return self._is_of(index, "strike") or self.doc[index].lower_ == "violence"

    def _is_of(self, index: int, *kinds: str) -> bool:
        rows = [match.noun for match in self.matches if match.start == index]
        return any(row and row.kind in kinds for row in rows)
