"""Whom a reference means: "the group", "its fighters", "the army", "the peacekeepers", "our units", "they"."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from functools import cached_property

from spacy.tokens import Doc, Token

from pipeline import lexicon
from pipeline.annotate.actor_composition import STATE_NAMES
from pipeline.annotate.actor_context import Context
from pipeline.annotate.actor_names import Found
from pipeline.annotate.actor_syntax import OWNERS, first_conjunct
from pipeline.annotate.actor_tables import word_classes
from pipeline.countries import alpha3_of_adjective, alpha3_of_name, country
from pipeline.foes import are_foes
from pipeline.organisations import NamedActor, works_in

_FIRST_PERSON = frozenset({"our", "ours"})
_QUOTES = frozenset({'"', "“", "”", "''", "``"})
_POINTING = frozenset({"the", "this", "that", "these", "those", "such", "said"})
_ARMED_TYPES = frozenset({2, 3, 4})
_PEACEKEEPERS = frozenset({"soldier", "troop", "trooper", "corporal", "sergeant", "private", "officer"})
_OPENING = 24  # tokens that tell who issues a text
_OFFICES = ("spokesperson", "spokesman", "general staff", "ministry of defence", "ministry of defense", "media wing",
            "ministry of national defence", "military media", "joint operations command")  # fmt: skip
_DETERMINER_REACH = 7  # words back to the article: "the Iran-backed Shiite movement"
_HEADER = 80  # tokens in which a communique names the force that speaks


class References:
    """Resolves the references of one document in text order."""

    def __init__(
        self,
        doc: Doc,
        context: Context,
        found: list[Found],
        missions: list[NamedActor],
        author: NamedActor | None = None,
        office: str | None = None,
    ) -> None:
        self.doc = doc
        self.context = context
        self.found = found
        self.missions = missions
        # The armed group that says "our fighters".
        self.author = author if author is not None and self._is_first_person else None
        self.office = office  # the state (alpha-3) whose army issues the text

    def resolve(self) -> list[Found]:
        """Return the phrases with names, references resolved; what stays open is left out."""
        done: list[Found] = []
        for one in self._with_pronouns():
            answer = self._in_contingent(self._resolved(one, done))
            if answer is not None and answer.name:
                done.append(answer)
        return done

    def _in_contingent(self, one: Found | None) -> Found | None:
        """A nation's soldiers where it has no war of its own are the mission's: "a Finnish soldier" beside UNIFIL."""
        if one is None or one.name != "Military Forces" or one.country is None or one.kind not in ("force", "unit"):
            return one
        if self.context.main_country and are_foes((one.country,), (self.context.main_country,), None):
            return one  # Israelis are no peacekeepers in Lebanon
        again = sum(other.country == one.country for other in self.found)
        person = one.kind == "unit" or self.doc[one.end - 1].lemma_.lower() in _PEACEKEEPERS
        by_nation = alpha3_of_adjective(self.doc[one.start].text) == one.country
        if one.country in self.context.place_countries or again > 1 or not (person and by_nation):
            return one
        names = {row.name: row for row in self.missions if self.context.main_country in row.homes - {one.country}}
        mission = next((o for o in self.found if o.name in names), None)
        if mission is None or self._acts(one):
            return one
        return _as(one, mission, 0.7)

    def _acts(self, one: Found) -> bool:
        token = self.doc[one.start : one.end].root
        verbs = (token.head, *token.head.conjuncts)
        return token.dep_ == "nsubj" and any("force" in word_classes(verb.lower_) for verb in verbs)

    def _resolved(self, one: Found, done: list[Found]) -> Found | None:
        if one.kind == "pronoun":
            return self._pronoun(one, done)
        if one.kind == "enemy":
            code = one.country or self._enemy(one)
            if code:
                return replace(one, name=one.name or "Military Forces", inter=1, country=code)
            group = self._enemy_group()
            return _as(one, group, 0.5) if group else None
        if one.name == "Security Forces":
            one = replace(one, name=self._security(one))
        if one.name in STATE_NAMES and one.country is None:
            return self._state(one, done)
        owner = self._owner(one, done)
        if owner is not None:
            return _as(one, owner, 0.6)
        if one.kind == "mission" and one.name is None:
            return self._mission(one, done)
        if one.kind == "armed" and one.noun is not None and one.name in (None, one.noun.name):
            return self._armed(one, done)
        if one.linked and self._definite(one):
            return self._group(replace(one, name=None), done) or one
        if one.name:
            return self._again(one, done) if one.kind == "unknown" and self._definite(one) else one
        if one.kind == "group" and self._definite(one):
            return self._group(one, done)
        if one.kind == "arm":
            earlier = self._nearest(
                done, one, lambda other: self._bears_arms(other) and self._close(other, one), sentences=2
            )
            return _as(one, earlier, 0.5) if earlier else None
        return None

    # -- kinds of reference -------------------------------------------------------------------------------------------

    def _state(self, one: Found, done: list[Found]) -> Found:
        owner = self._owner(one, done)
        if owner is not None and (owner.inter != 1 or owner.country):
            return _as(one, owner, 0.6) if owner.inter != 1 else replace(one, country=owner.country, confidence=0.6)
        if self.author and one.name == "Military Forces" and (code := self._enemy(one)):
            return replace(one, country=code, confidence=0.6)
        own = self._own_side if self._speaks_for_force and one.name == "Military Forces" else None
        if own and not country(own).army:
            return replace(one, country=own, confidence=0.7)
        same = self._nearest(
            done, one, lambda other: other.name == one.name and bool(other.country) and not self._opposed(other, one)
        )
        near = self.context.near_country(one.start)
        if same and near and self._definite(one) and self.context.is_passing(near):
            near = None
        if same and (self._definite(one) or self._close(same, one)) and (near is None or self._close(same, one)):
            abroad = country(same.country).army if same.country and one.name == "Military Forces" else None
            return replace(one, country=abroad or same.country, confidence=0.7)
        code = near or (same.country if same else None) or self.context.main_country
        if code and one.name == "Military Forces":
            code = self._foe_of_its_foe(one, country(code).army or code)
        return replace(one, country=code, confidence=0.6 if code else 0.4)

    def _foe_of_its_foe(self, one: Found, code: str) -> str:
        """The country, of those in the text, that an armed group fights where it strikes soldiers whom it does not.

        "Hezbollah shelled soldiers at Khiam", in Lebanon, means those of Israel.
        """
        year = self.context.day.year if self.context.day else None
        for other in self.found:
            if other.inter in _ARMED_TYPES and other.name and not _nameless(other) and self._opposed(other, one):
                if are_foes((other.name,), (code,), year):
                    return code
                foes = [c for c in self.context.countries if are_foes((other.name,), (c,), year)]
                return max(foes, key=self.context.weight, default=code)
        return code

    def _security(self, one: Found) -> str:
        """ "Security forces" are police, except where they fight an armed group (as ACLED's coders take them)."""
        here = self.context.sentence(one.start)
        near = [other for other in self.found if self.context.sentence(other.start) == here]
        armed = any(other.inter in _ARMED_TYPES or other.kind == "armed" for other in near)
        return "Military Forces" if armed and not {other.inter for other in near} & {5, 6} else "Police Forces"

    def _armed(self, one: Found, done: list[Found]) -> Found:
        def named(other: Found) -> bool:
            return other.kind not in ("pronoun",) and other.inter in _ARMED_TYPES and not _nameless(other)

        near = self.context.near_country(one.start)

        lemmas = (token.lemma_ for token in self.doc[one.start : one.end])
        rebels = not lexicon.word_set("party_words.csv", "insurgents").isdisjoint(lemmas)
        known = rebels and any(named(other) and other.inter == 2 for other in done)

        def fits(other: Found) -> bool:
            if known and other.inter != 2:
                return False  # "the rebels" are no militia of the other side
            # The next country of a digest has rebels of its own.
            here = self._close(other, one) or works_in(other.name or "", near) is not False
            return here and named(other) and (one.country is None or other.country == one.country)

        if self._definite(one):
            earlier = self._nearest(done, one, fits)
            if earlier:
                return _as(one, earlier, 0.6)
        apart = [other for other in done if fits(other) and not self._opposed(other, one)]
        acting = [other for other in apart if self._is_subject(other)]
        earlier = self._nearest(acting, one, fits, sentences=2) or self._nearest(apart, one, fits, sentences=2)
        if earlier and one.plural:
            return _as(one, earlier, 0.5)
        names = {other.name: other for other in self.found if other.name and fits(other)}
        if (
            len(names) == 1
            and one.plural
            and not any(self._opposed(other, one) for other in self.found if other.name in names)
        ):
            return _as(one, next(iter(names.values())), 0.5)
        return replace(
            one, name=one.noun.name if one.noun else None, inter=one.noun.inter if one.noun else None, confidence=0.5
        )

    def _group(self, one: Found, done: list[Found]) -> Found | None:
        word = self.doc[one.end - 1].lower_

        def armed(other: Found) -> bool:
            return other.kind != "civil" and other.inter in _ARMED_TYPES and not _nameless(other)

        def called(other: Found) -> bool:
            return word in (other.name or "").lower() or word in self.doc[other.start : other.end].text.lower()

        earlier = self._nearest(done, one, lambda other: armed(other) and called(other))
        if word == "front":  # "the front" is more often a line than an organisation
            return _as(one, earlier, 0.6) if earlier else None
        earlier = earlier or self._nearest(done, one, armed)
        return _as(one, earlier, 0.6) if earlier else None

    def _again(self, one: Found, done: list[Found]) -> Found:
        def attackers(other: Found) -> bool:
            raids = other.kind in ("unknown", "armed", "militia") or other.inter == 4
            return raids and other.name != "Vigilante Group"

        earlier = self._nearest(done, one, attackers, sentences=3)
        return _as(one, earlier, 0.6) if earlier else one

    def _mission(self, one: Found, done: list[Found]) -> Found | None:
        names = {row.name for row in self.missions}
        earlier = self._nearest(done, one, lambda other: other.name in names)
        later = next((other for other in self.found if other.name in names), None)
        if earlier or later:
            return _as(one, earlier or later or one, 0.8)
        text = self.doc[one.start : one.end].text.lower()
        if text in ("mission", "missions", "international force", "international forces"):
            return None
        if not lexicon.word_set("context_words.csv", "relief").isdisjoint(t.lower_ for t in self.doc[one.start].sent):
            return None  # "a UN convoy carrying food"
        near = self.context.near_country(one.start) or self.context.main_country
        union = "African Union" if text.startswith(("african union", "au ")) else "United Nations"
        fitting = [
            row
            for row in self.missions
            if near in row.homes and row.active(self.context.day) and union in row.name and _keeps_peace(row)
        ]
        there = [row for row in fitting if row.country == near] or fitting
        if len(there) != 1:
            return None
        return replace(one, name=there[0].name, inter=8, country=None, confidence=0.6)

    def _enemy(self, one: Found) -> str | None:
        """The other state's country in a text that speaks for one side, else the army that occupies the place."""
        own = None if self.author else self._own_side
        rivals = Counter(other.country for other in self.found if other.inter == 1 and other.country not in (None, own))
        if rivals and (own or self.author):
            return rivals.most_common(1)[0][0]
        near = self.context.near_country(one.start) or own
        return (country(near).army or self._invader(near)) if near else None

    def _invader(self, code: str) -> str | None:
        """The other country at war there, where no armed group is told of: Russia for a paper of Nikopol."""
        striker = country(code).striker
        return striker if striker != code and not any(one.inter in _ARMED_TYPES for one in self.found) else None

    def _enemy_group(self) -> Found | None:
        """The armed group that a state's own communique names most often."""
        if self.author or not self._speaks_for_force:
            return None
        groups = {other.name: other for other in self.found if other.inter == 2 and other.name and not _nameless(other)}
        often = Counter(other.name for other in self.found if other.name in groups).most_common(1)
        return groups[often[0][0]] if often else None

    @cached_property
    def _speaks_for_force(self) -> bool:
        """Whether the text is a force's own communique: its head names the office, or it says "our units"."""
        if self.office is not None or names_office(self.doc[:_OPENING].text):
            return self._own_side is not None and not any(o.inter == 8 and o.end <= _HEADER for o in self.found)
        return self._is_first_person and self.author is None

    @cached_property
    def _is_first_person(self) -> bool:
        people = ("force", "unit", "arm", "armed", "member")
        ours = (o for o in self.found if o.kind in people and self._determiner(o) in _FIRST_PERSON)
        return any(not self._is_quoted(o) for o in ours)

    @cached_property
    def _mission_speaking(self) -> Found | None:
        """The peacekeepers whose own statement a text is, unless an army's office stands in its head as well."""
        names = {row.name for row in self.missions}
        first = next((o for o in self.found if o.end <= _OPENING and o.inter is not None), None)
        return first if first is not None and first.name in names and self.office is None else None

    def _is_quoted(self, one: Found) -> bool:
        """Whether somebody else speaks: an odd number of quotation marks stands before in the paragraph."""
        here = self.context.paragraph(one.start)
        before = (t for t in self.doc[: one.start] if t.text in _QUOTES and self.context.paragraph(t.i) == here)
        return sum(1 for _ in before) % 2 == 1

    @cached_property
    def _own_side(self) -> str | None:
        """The state (alpha-3) that the text speaks for, if it speaks for one; else its main country."""
        if self.office is not None:
            return self.office
        header = self.context.header(_HEADER)
        terms = [m.first("country", "force") for m in header]
        if names_office(self.doc[:_OPENING].text):  # "Ministry of National Defence - Ankara"
            opening = [m for m in header if m.end <= _OPENING]
            capitals = [m.first("capital") for m in opening]
            terms = [*(m.first("country", "force") for m in opening), *capitals, *terms]
        return next((term.code for term in terms if term), None) or self.context.main_country

    def _owner(self, one: Found, done: list[Found]) -> Found | None:
        """The actor behind a possessive pronoun: "its fighters", "our howitzers"."""
        if one.kind not in ("armed", "member", "unit", "arm", "weapon", "force", "group", "strike") or one.start == 0:
            return None
        pronoun = self._determiner(one)
        if pronoun in _FIRST_PERSON and self.author:
            return _spoken_by(one, self.author)
        if pronoun in _FIRST_PERSON and self._mission_speaking:
            return self._mission_speaking
        if pronoun in _FIRST_PERSON:
            spoken = next((other for other in self.found if other.speaks and other.end <= _HEADER and other.name), None)
            if spoken and spoken.inter != 1:
                return spoken
            code = self._own_side
            has_army = code is not None and not country(code).army
            return Found(one.start, one.end, "force", "Military Forces", 1, code, 0.6) if has_army else None
        if pronoun not in OWNERS:
            return None
        speaker = _speaker_above(self.doc[one.start])
        if speaker is not None and speaker.pos_ != "PRON":
            return self._at(speaker, done) or self._named_at(speaker) or self._army_of(speaker, one)

        def acts(other: Found) -> bool:
            return other.inter in (1, 2, 3, 4, 8) and not self._opposed(other, one)

        subject = self._nearest(done, one, lambda other: acts(other) and self._is_subject(other), sentences=1)
        return subject or self._nearest(done, one, acts, sentences=2)

    def _army_of(self, speaker: Token, one: Found) -> Found | None:
        """The forces of a state that speaks under its country's name: "France said that its jets"."""
        code = alpha3_of_name(speaker.text)
        return Found(one.start, one.end, "force", "Military Forces", 1, code, 0.6) if code else None

    def _pronoun(self, one: Found, done: list[Found]) -> Found | None:
        token = self.doc[one.start]
        speaker = _speaker_above(token)
        if speaker is not None and speaker.pos_ != "PRON":
            said = self._at(speaker, done)
            acts = {"force", "act"} & word_classes(token.head.lower_)
            return _as(one, said, 0.7) if said else self._army_of(speaker, one) if acts else None
        if not {"force", "act"} & word_classes(token.head.lower_):
            return None
        plural = token.lower_ in ("they", "them")
        earlier = self._nearest(
            done,
            one,
            lambda other: other.kind != "pronoun" and self._is_subject(other) and (plural or not other.plural),
            sentences=1,
        )
        if earlier is None and self.author and token.lower_ in ("they", "we"):
            return _spoken_by(one, self.author)
        return _as(one, earlier, 0.5) if earlier else None

    # -- helpers ------------------------------------------------------------------------------------------------------

    def _with_pronouns(self) -> list[Found]:
        """Add the pronouns that are subjects of violent verbs."""
        if not self.doc.has_annotation("DEP"):
            return self.found
        pronouns = [
            Found(t.i, t.i + 1, "pronoun")
            for t in self.doc
            if t.lower_ in ("it", "they", *(["we"] if self.author else []))
            and t.dep_ == "nsubj"
            and t.head.pos_ == "VERB"
            and ({"force", "act"} & word_classes(t.head.lower_) or _speaker_above(t) is not None)
        ]
        return sorted([*self.found, *pronouns], key=lambda one: one.start)

    def _nearest(
        self, done: list[Found], one: Found, fits: Callable[[Found], bool], sentences: int | None = None
    ) -> Found | None:
        here = self.context.sentence(one.start)
        for other in reversed(done):
            if sentences is not None and here - self.context.sentence(other.start) > sentences:
                return None
            if other.end <= one.start and fits(other):
                return other
        return None

    def _opposed(self, other: Found, one: Found) -> bool:
        """Tell whether two phrases are different arguments of one verb: who strikes is not who is struck."""
        verbs = [_verb_of(self.doc[found.start : found.end].root) for found in (other, one)]
        roles = {self.doc[found.start : found.end].root.dep_.startswith("nsubj") for found in (other, one)}
        return verbs[0] is not None and verbs[0] == verbs[1] and len(roles) == 2

    def _bears_arms(self, other: Found) -> bool:
        """Tell whether an actor has tanks and aircraft: a state, or peacekeepers, no foundation or company."""
        return other.inter == 1 or (other.inter == 8 and any(other.name == row.name for row in self.missions))

    @staticmethod
    def _at(token: Token, done: list[Found]) -> Found | None:
        return next((other for other in reversed(done) if other.start <= token.i < other.end), None)

    def _named_at(self, token: Token) -> Found | None:
        """The actor that a later word names: "Its jets bombed the port, the Israeli army said"."""
        later = self._at(token, self.found)
        return later if later is not None and later.name and (later.inter != 1 or later.country) else None

    def _close(self, other: Found, one: Found) -> bool:
        return self.context.paragraph(other.start) == self.context.paragraph(one.start)

    def _determiner(self, one: Found) -> str:
        for index in range(one.start - 1, max(-1, one.start - _DETERMINER_REACH), -1):
            word = self.doc[index].lower_
            if word in _POINTING or word in OWNERS:
                return word
            if self.doc[index].tag_ not in ("JJ", "CD", "NN", "NNP", "VBN", "HYPH"):
                return ""
        return ""

    def _definite(self, one: Found) -> bool:
        return self._determiner(one) in _POINTING

    def _is_subject(self, other: Found) -> bool:
        return first_conjunct(self.doc[other.start : other.end].root).dep_ in ("nsubj", "nsubj:pass")


def _as(one: Found, other: Found, confidence: float) -> Found:
    return replace(
        one,
        name=other.name,
        inter=other.inter,
        country=other.country,
        confidence=min(confidence, other.confidence),
        kind=one.kind if one.kind == "pronoun" else other.kind,
    )


def _spoken_by(one: Found, author: NamedActor) -> Found:
    """Return a phrase as the armed group whose communique it is."""
    return replace(one, name=author.name, inter=author.inter, country=author.country, confidence=0.6)


def names_office(text: str) -> bool:
    """Return whether a text names an office that speaks for an army."""
    return any(office in text.lower() for office in _OFFICES)


def _keeps_peace(row: NamedActor) -> bool:
    return any(word in row.name for word in ("Force", "Mission", "Operation"))


def _nameless(other: Found) -> bool:
    return (other.name or "").startswith(("Unidentified", "Vigilante Group", "Private Security"))


def _verb_of(token: Token) -> int | None:
    """Index of the nearest verb above a token."""
    while token.head.i != token.i:
        token = token.head
        if token.pos_ == "VERB" and token.dep_ != "xcomp":  # "claims to have shelled"
            return token.i
    return None


def _speaker_above(token: Token) -> Token | None:
    """The subject of the verb of saying in whose clause a pronoun stands: "the army said it had struck"."""
    verb = token.head
    while verb.head.i != verb.i:
        verb = verb.head
        if "say" in word_classes(verb.lower_):
            return next((child for child in verb.children if child.dep_ == "nsubj"), None)
    return None
