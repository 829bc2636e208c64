"""Signals: what speaks for and against somebody on one side of an event, each a name and a number.

The names are plain words, so that the weights in data/knowledge/choices.csv can be read. Distances are in sentences.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log1p
from typing import Any

from spacy.tokens import Doc, Span

from pipeline import lexicon
from pipeline.encode.choosing import true
from pipeline.encode.event_types import ARMED, CROWD, CROWD_EVENTS
from pipeline.encode.events import StoryEvent
from pipeline.encode.mentions import PARTIES, MentionIndex, is_known
from pipeline.encode.opponents import (
    aims_at,
    culprit,
    holds,
    is_helper,
    is_mutual,
    is_unclaimed,
    opponent,
    says,
    striker,
)
from pipeline.encode.parties import Parties, Side, side, state_of
from pipeline.encode.positions import Positions
from pipeline.encode.senses import classes
from pipeline.foes import are_foes
from pipeline.mentions import mention_of, mentions_of
from pipeline.organisations import main_actor, works_in
from pipeline.taxonomy import AGAINST_CIVILIANS, SUB_EVENT_TYPES

_STATE_KINDS = frozenset({"home", "abroad", "police"})
_CRIMINALS = "criminals"
_UNKNOWN = "unknown"
_NOT_KNOWN = frozenset({"unknown", "unidentified", "unnamed"})
NOBODY = ""  # the actor of a side that has no name of its own
# Sub-event types whose parties are of another kind than those of their event type.
_APART = {
    "Air/drone strike": "air strike",
    "Shelling/artillery/missile attack": "shelling",
    "Chemical weapon": "shelling",
    "Disrupted weapons use": "disrupted",
    "Arrests": "arrests",
    "Looting/property destruction": "looting",
    "Change to group/activity": "change",
    "Agreement": "agreement",
    "Non-violent transfer of territory": "transfer",
    "Headquarters or base established": "base",
    "Government regains territory": "territory",
    "Non-state actor overtakes territory": "territory",
    "Suicide bomb": "bomb",
    "Remote explosive/landmine/IED": "bomb",
    "Grenade": "bomb",
}


@dataclass(slots=True)
class Play:
    """An event whose parts are to be given: where and when it was, and whom the rules propose.

    kind (str): The event type; the sub-event type where its parties are of their own kind; one kind for all crowds.
    """

    event: StoryEvent
    proposed: Parties
    country: str | None  # alpha-3
    date: dt.date | None
    kind: str = field(init=False)

    def __post_init__(self) -> None:
        event_type = SUB_EVENT_TYPES[self.event.type][0]
        self.kind = _APART.get(self.event.type) or ("crowd" if event_type in CROWD_EVENTS else event_type)

    def side(self, number: int) -> Side:
        """Return what the rules propose for side 1 or 2."""
        return self.proposed.first if number == 1 else self.proposed.second

    def proposes(self, one: Side, other: Side) -> bool:
        """Return whether two sides are those that the rules propose."""
        return one is self.proposed.first and other is self.proposed.second


@dataclass(slots=True)
class Option:
    """Somebody who could be on a side: `kind` in a word, `actor` the main actor's name or NOBODY."""

    side: Side
    actor: str
    kind: str
    signals: dict[str, float] = field(default_factory=dict)
    _names: tuple[str, ...] | None = None

    def names(self, country: str | None) -> tuple[str, ...]:
        """Return the names by which foes.csv knows the side; looked up once."""
        if self._names is None:
            self._names = tuple(self.side.names(country))
        return self._names


@dataclass(slots=True)
class _Words:
    """What the passages of one event say, looked up once."""

    lead: list[Span]
    agents: list[Span]
    patients: list[Span]
    bystanders: list[Span]
    unnamed: tuple[set[str], set[str]]  # what those without a name are called
    undergoing: set[str]
    weapons: set[str]
    agent_told: bool
    culprit: str | None
    unclaimed: bool
    striker: str | None
    opponents: tuple[str | None, str | None]  # whom the article sets against the other side that the rules propose

    def told(self, number: int) -> list[Span]:
        """Return who acts (side 1) or undergoes (side 2)."""
        return self.agents if number == 1 else self.patients

    def met(self, kind: str, number: int) -> set[str]:
        """Return with what weapons somebody of a kind would have acted, or what would have undergone it with them."""
        if number == 1:
            return {f"{kind} by {weapon}" for weapon in self.weapons}
        return {f"{kind} & {word}" for word in self.undergoing}


@dataclass(slots=True)
class _Beside:
    """An actor beside an event, on whichever side it may be: its mentions in the passages, and what is said of it."""

    here: list[Span]
    names: set[str]


class Readings:
    """The actors of a text and what it says of them, for all its events.

    actors (dict): Named armed actors with their mentions, by main actor.
    """

    def __init__(
        self,
        plays: Sequence[Play],
        doc: Doc,
        index: MentionIndex,
        positions: Positions,
        totals: Sequence[Mapping[str, Any]] = (),
    ) -> None:
        self.doc, self.index, self.plays = doc, index, plays
        self.positions, self.totals = positions, totals
        self._proposed = [(play, play.event.type, *_mains(play.proposed)) for play in plays]
        self.actors: dict[str, list[Span]] = defaultdict(list)
        for span in mentions_of(doc, "ACTOR"):
            if mention_of(span).inter in ARMED and not span.kb_id_.startswith(("Unidentified", "Government")):
                self.actors[main_actor(span.kb_id_)[0]].append(span)
        self._known = sum(len(spans) for spans in self.actors.values() if is_known(spans[0])) or 1
        self._roles = {name: self._count_roles(spans) for name, spans in self.actors.items()}
        self._most = {role: self._most_often(role) for role in PARTIES}
        self._shares = {name: self._share_of(name) for name in self.actors}
        self._words = {id(play): self._read(play) for play in plays}
        self._beside = {(id(play), name): self._look(play, name) for play in plays for name in self.actors}

    def nearest(self, play: Play, name: str) -> Span:
        """Return the mention of an actor that stands nearest to an event, the first of equals."""
        return min(self.actors[name], key=lambda span: self.positions.distance(span, play.event))

    def striker(self, play: Play) -> str | None:
        """Return the country (alpha-3) whose forces strike where an event was, if the text speaks of it."""
        return self._words[id(play)].striker

    def cannot_be(self, play: Play, name: str, number: int) -> bool:
        """Return whether an event's own words keep an actor from a side.

        Who only helps ("backed by the Rwandan army") is no side, who is hit with the other side did not strike,
        bandits or "unknown individuals" are not those whom the text names elsewhere, and who is not known to be at
        work in a country must be told there.
        """
        words, spans, here = self._words[id(play)], self.actors[name], self._beside[id(play), name].here
        if not here and name != words.culprit and works_in(name, play.country) is False:
            return True
        if here and all(is_helper(span, play.event) for span in here):
            return True
        hit = number == 1 and _any(spans, words.patients) and _any(spans, play.proposed.second.associated)
        if hit and play.event.type != "Armed clash":  # in which both sides lose men
            return True
        if number == 1 and play.kind == "territory" and _any(spans, words.patients) and not _any(spans, words.agents):
            return True  # who is driven out takes no ground
        if number == 1 and play.kind == AGAINST_CIVILIANS and here and name != words.culprit:
            if all(_is_below(span, play.event) for span in here):
                return True  # whose leader was shot, did not shoot
        another = bool({_CRIMINALS, _UNKNOWN} & words.unnamed[number - 1])
        return not here and name != words.culprit and another

    # -- signals --------------------------------------------------------------------------------------------------

    def of_actor(self, play: Play, name: str, kind: str, number: int) -> dict[str, float]:
        """Return the signals of a named actor, by its mentions, for side 1 or 2."""
        words, spans = self._words[id(play)], self.actors[name]
        unnamed = words.unnamed[number - 1]
        acts, undergoes = _any(spans, words.agents), _any(spans, words.patients)
        here = acts if number == 1 else undergoes
        names = {
            kind,
            f"{kind}: {play.kind}",
            "acts in the leading passage" * _any(spans, words.lead),
            "acts in a passage" * acts,
            "undergoes in a passage" * undergoes,
            "stands by" * (beside := _any(spans, words.bystanders) and not acts and not undergoes),
            f"stands by: {play.kind}" * beside,
            f"guessed, {'told' if here else 'not told'} here" * all(mention_of(s).confidence <= 0.5 for s in spans),
            "another is told" * (bool(words.lead if number == 1 else words.patients) and not here),
            *(f"another is told as {word}" for word in unnamed if not acts and not undergoes),
            "another is told without name" * (bool(unnamed) and not acts and not undergoes),
            "an agent is told, another" * (words.agent_told and not acts),
            "culprit" * (name == words.culprit),
            f"unclaimed, {'told' if here else 'not told'} here" * words.unclaimed,
            "opponent" * (name == words.opponents[number - 1]),
            "told where it is not known to be" * (works_in(name, play.country) is False),
            "strikes there" * (words.striker is not None and mention_of(spans[0]).country == words.striker),
        }
        names |= words.met(kind, number)
        if number == 2:
            names |= {"a party", f"a party: {play.kind}"} if kind == "type 3" and _is_party(name) else set()
            below = any(_is_below(span, play.event) for span in self._beside[id(play), name].here)
            names |= {"within what undergoes", f"within what undergoes: {play.kind}"} if below else set()
        return true(names | self._beside[id(play), name].names) | self._shares[name]

    def of_default(self, play: Play, kind: str, number: int) -> dict[str, float]:
        """Return the signals of somebody without a name: nobody, the unidentified, civilians, the local army."""
        words = self._words[id(play)]
        told, unnamed = words.told(number), words.unnamed[number - 1]
        names = {
            kind,
            f"{kind}: {play.kind}",
            f"{kind}, told without name" * bool(unnamed),
            f"{kind}, unclaimed" * (number == 1 and words.unclaimed),
            *(f"{kind}, told as {word}" for word in unnamed),
            f"{kind}, agent told" * (bool(words.lead) or words.agent_told),
            f"{kind}, the unarmed told" * any(mention_of(span).inter == 7 for span in told),
            f"{kind}, the armed told" * any(mention_of(span).inter in ARMED for span in told),
        }
        return true(names | words.met(kind, number))

    def of_proposal(self, play: Play, number: int) -> dict[str, float]:
        """Return the signals of the side that the rules propose."""
        words, proposed = self._words[id(play)], play.side(number)
        told = _any(proposed.spans, words.told(number))
        source = "proposed, told" if told else "proposed, by default"
        names = {"proposed", source, f"{source}: {play.kind}", f"proposed {kind_of(proposed, play.country, play.date)}"}
        if number == 2:
            names |= {f"{source} & {word}" for word in words.undergoing}
        return true(names)

    def of_pair(self, one: Option, other: Option, play: Play) -> dict[str, float]:
        """Return the signals of two sides together."""
        names = {f"{one.kind} + {other.kind}", f"{one.kind} + {other.kind}: {play.kind}"}
        if one.actor and one.actor == other.actor:
            names |= {"same", f"same: {play.kind}"}
        elif one.side.home and one.side.home == other.side.home and {one.kind, other.kind} <= _STATE_KINDS:
            names.add("one state")
        elif one.actor and other.actor and self._are_opposed(one.actor, other.actor, play):
            names |= {"opposed elsewhere", f"opposed elsewhere: {play.kind}"}
        names |= self._enmity(one, other, play)
        if play.proposes(one.side, other.side):
            names.add("both proposed")
        return true(names)

    @staticmethod
    def _enmity(one: Option, other: Option, play: Play) -> set[str]:
        """Return whether two sides are known to fight each other."""
        sides = one.names(play.country), other.names(play.country)
        if not all(sides) or sides[0] == sides[1]:
            return set()
        if are_foes(*sides, play.date.year if play.date else None):
            return {"known foes", f"known foes: {play.kind}"}
        return {"no known foes"} if one.actor and other.actor else set()

    # -- what they are made from ----------------------------------------------------------------------------------

    def _read(self, play: Play) -> _Words:
        event, passages = play.event, play.event.passages
        behind = culprit(event)
        agents = [span for passage in passages for span in passage.agents]
        patients = [span for passage in passages for span in passage.patients]
        return _Words(
            lead=event.leading[0].agents,
            agents=agents,
            patients=patients,
            bystanders=[span for passage in passages for span in passage.bystanders],
            unnamed=(_nameless_words(agents), _nameless_words(patients)),
            undergoing=set(self._undergoing(event)),
            weapons={weapon for passage in passages for weapon in passage.weapons},
            agent_told=any(self.index.in_sentence(passage.sentence, "AGENT") for passage in passages),
            culprit=main_actor(behind.kb_id_)[0] if behind is not None else None,
            unclaimed=is_unclaimed(event),
            striker=striker(event),
            opponents=(_opponent(event, play.proposed.second), _opponent(event, play.proposed.first)),
        )

    def _look(self, play: Play, name: str) -> _Beside:
        spans = self.actors[name]
        here = self.positions.here(spans, play.event)
        told = self.positions.told(spans, play.event) | self.positions.subjects(spans, play.event)
        told |= {
            "holds the ground" * any(map(holds, here)),
            "named second" * (bool(here) and all(map(_is_second, here))),
        }
        return _Beside(
            here, told | self._roles_told(name, here) | self._elsewhere(name, play) | self._in_totals(name, play)
        )

    def _undergoing(self, event: StoryEvent) -> Iterable[str]:
        """Yield what the words are that undergo an event, by the tree and by the language model, and who was hurt."""
        for passage in event.passages:
            for token in passage.undergoing:
                yield "something undergoes"
                yield from (f"undergoing {name}" for name in classes(token, self.index))
                yield f"the {token.lemma_.lower()}"
            for span in self.index.in_sentence(passage.sentence, "TARGET"):
                yield "a target is told"
                yield from (f"target {name}" for token in span for name in classes(token, self.index))
                yield f"the {span.root.lemma_.lower()}"
        for count in event.spans("counts"):
            yield f"{mention_of(count).count_of} counted"
            if mention_of(count).count_of in ("fatalities", "injuries"):
                yield from (f"hurt {name}" for name in classes(count.root, self.index))
        yield from (f"aimed at {name}" for name in ("military", "ship") if aims_at(event, name))
        yield from ["a site"] * says(event, "site") + ["mutual"] * is_mutual(event)

    def _roles_told(self, name: str, here: list[Span]) -> set[str]:
        roles = self._count_roles(here)
        often = {f"most often {role}" for role in PARTIES if self._most[role] == name}
        return {f"{role} here" for role in PARTIES if roles[role]} | often

    def _elsewhere(self, name: str, play: Play) -> set[str]:
        """Return on which sides of other events the rules propose an actor."""
        names: set[str] = set()
        for other, kind, first, second in self._proposed:
            if other is play or name not in (first, second):
                continue
            for part, own in (("acts", first), ("undergoes", second)):
                if own == name:
                    names |= {f"{part} elsewhere", f"{part} elsewhere in this type" * (kind == play.event.type)}
        return names

    def _in_totals(self, name: str, play: Play) -> set[str]:
        """Return on which sides of the text's totals an actor stands ("nine attacks by Islamic State this week")."""
        if not self.totals:
            return set()
        names, own = set(), side(self.actors[name][:1]).name(play.country)
        for total in self.totals:
            same = total["sub_event_type"] == play.event.type
            kinds = ("in a total", "in a total of this type") if same else ("in a total",)
            names |= {f"acts {kind}" for kind in kinds if total["actor1"] == own}
            names |= {f"undergoes {kind}" for kind in kinds if total["actor2"] == own}
        return names

    def _share_of(self, name: str) -> dict[str, float]:
        roles, mentions = self._roles[name], len(self.actors[name])
        share = mentions / self._known if is_known(self.actors[name][0]) else 0.0
        acts = (roles["AGENT"] - roles["TARGET"]) / (2 + roles["AGENT"] + roles["TARGET"])
        return {
            "share of mentions": share,
            "the only one": float(share == 1.0),
            "mentions": log1p(mentions),
            "acts rather than undergoes": acts,
            "speaks": roles["SOURCE"] / (1 + mentions),
        }

    def _are_opposed(self, one: str, other: str, play: Play) -> bool:
        sides = ((first, second) for p, _, first, second in self._proposed if p is not play)
        return any(pair in ((one, other), (other, one)) for pair in sides)

    def _count_roles(self, spans: list[Span]) -> Counter[str]:
        told = (
            role for span in spans for role in {self.index.roles.get(token) for token in range(span.start, span.end)}
        )
        return Counter(role for role in told if role in PARTIES)

    def _most_often(self, role: str) -> str | None:
        best = max(self._roles, key=lambda name: self._roles[name][role], default=None)
        return best if best is not None and self._roles[best][role] else None


def _mains(proposed: Parties) -> tuple[str | None, str | None]:
    """Return the main actors of both sides."""
    first, second = (main_actor(own.main)[0] if own.main else None for own in (proposed.first, proposed.second))
    return first, second


def kind_of(own: Side, country: str | None, date: dt.date | None) -> str:
    """Return what a side is: nobody, unidentified, civilians, crowd, police, home, abroad, mission, or "type 2"."""
    if not own.main:
        return "nobody"
    if own.main.startswith("Unidentified"):
        return "unidentified"
    if own.type_at_home == 7:
        return "civilians"
    if own.type_at_home in CROWD:
        return "crowd"
    if "Police" in own.main or own.main.startswith("Security Forces"):
        return "police"
    if own.type_at_home == 8:
        return "mission"
    inter = own.inter(country, date)
    return {1: "home", 8: "abroad"}.get(inter or 0) or f"type {inter}"


def _opponent(event: StoryEvent, facing: Side) -> str | None:
    found = opponent(event, facing.main, state_of(facing)) if facing.main else None
    return main_actor(found.kb_id_)[0] if found is not None else None


def _is_party(name: str) -> bool:
    """Return whether an actor is by its name a political party."""
    return not lexicon.word_set("party_words.csv", "party").isdisjoint(name.lower().split())


def _is_below(actor: Span, event: StoryEvent) -> bool:
    """Return whether who undergoes an event is told by an actor: "a man accused of financing" it."""
    undergoing = (token for passage in event.passages for token in passage.undergoing)
    return any(token.is_ancestor(actor.root) for token in undergoing)


def _is_second(span: Span) -> bool:
    """Return whether somebody is joined to who stands before: the second of "Turkish troops and their allies"."""
    return span.root.dep_ == "conj" and span.root.head.i < span.root.i


def _any(spans: Iterable[Span], among: Sequence[Span]) -> bool:
    return any(span in among for span in spans)


def _nameless_words(told: Sequence[Span]) -> set[str]:
    """Return what those without a name are called: gunman, militant; also criminals, or unknown."""
    words = {span.root.lemma_.lower() for span in told if span.kb_id_.startswith("Unidentified")}
    criminal = bool(words & lexicon.word_set("party_words.csv", "criminal"))
    unknown = any(token.lower_ in _NOT_KNOWN for actor in told for token in actor)
    return words | ({_CRIMINALS} if criminal else set()) | ({_UNKNOWN} if unknown else set())
