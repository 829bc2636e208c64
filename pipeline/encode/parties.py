"""The two sides of an event: which actor comes first, and who is associated with whom (ACLED codebook, actors)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from spacy.tokens import Span

from pipeline.actor_names import full_name
from pipeline.encode.event_types import ARMED, CROWD, STATE
from pipeline.encode.story import StoryEvent
from pipeline.organisations import main_actor
from pipeline.regimes import actor_type

# What demonstrators and the unarmed are called as main actors; their group becomes the associated actor.
MAIN_NAMES = {5: "Rioters", 6: "Protesters", 7: "Civilians"}
_VAC = "Violence against civilians"
_REMOTE = "Explosions/Remote violence"
# Done to homes, shops or vehicles of nobody armed, these have civilians as the other side.
_AT_HOMES = frozenset({"Looting/property destruction", "Grenade"})
# Where somebody must have done it, an unnamed attacker is an unidentified armed group (ACLED codebook); fire and
# blasts whose origin nobody knows have no actor.
_ATTACKED_BY_SOMEONE = frozenset(
    {
        "Attack",
        "Abduction/forced disappearance",
        "Sexual violence",
        "Grenade",
        "Remote explosive/landmine/IED",
        "Suicide bomb",
    }
)


@dataclass(slots=True)
class Side:
    """One side: the main actor's mentions, and those of the groups with it."""

    spans: list[Span] = field(default_factory=list)
    main: str | None = None  # canonical name before the country is added
    type_at_home: int | None = None
    home: str | None = None
    associated: list[Span] = field(default_factory=list)

    def name(self, country: str | None) -> str | None:
        """Return the name as ACLED writes it for an event in a country (alpha-3)."""
        return full_name(main_actor(self.main)[0], self.home, country) if self.main else None

    def inter(self, country: str | None, date: dt.date | None) -> int | None:
        """Return the actor type where and when the event happened."""
        if not self.main or self.type_at_home is None:
            return None
        return actor_type(main_actor(self.main)[0], self.type_at_home, self.home, country, date)

    def associates(self, country: str | None) -> str | None:
        """Return the associated actors, separated by "; "."""
        unit = main_actor(self.main)[1] if self.main else None
        names = [unit] if unit else []
        for span in self.associated:
            name = full_name(span.kb_id_, span._.mention.country, country)
            if name and name not in names and name != self.name(country):
                names.append(name)
        return "; ".join(names) or None


@dataclass(slots=True)
class Parties:
    """actor1 and actor2 with their associates."""

    first: Side
    second: Side


def parties(event: StoryEvent, event_type: str | None, harmed: bool) -> Parties:
    """Return the sides of an event; a side that nobody names stays empty, or is an unidentified group.

    harmed (bool): People were killed or hurt, so that where nobody else is named civilians are the other side.
    """
    agents = event.spans("agents")
    patients = [p for p in event.spans("patients") if p.kb_id_ not in {a.kb_id_ for a in agents}]
    if event_type == "Protests":
        return _protest(event, agents + patients)
    if event_type == "Riots":
        return _riot(agents, patients)
    unarmed = _of(agents, CROWD | {7})
    agents, patients = [a for a in agents if a not in unarmed], patients + unarmed
    first, second = side(agents), side(patients)
    if event_type == _VAC:
        second = _crowd_side(_of(patients, CROWD | {7}), 7)
    elif event_type == "Battles":
        first, second = _battle(event, first, second)
    elif event_type == _REMOTE and not second.main and (harmed or any(p.persons for p in event.passages)):
        second = civilians()
    elif event.type in _AT_HOMES and not second.main and any(p.civil_property for p in event.passages):
        second = civilians()
    elif event.type == "Arrests" and not second.main and any(p.persons for p in event.passages):
        second = civilians()
    if event.type == "Disrupted weapons use" and not second.main:
        second = side([s for p in event.passages for s in p.agents if s.kb_id_ != first.main][:1])
    laid_long_ago = any(p.frame == "tripped" for p in event.passages)
    first.associated = [s for s in first.associated if s.kb_id_ != second.main]
    second.associated = [s for s in second.associated if s.kb_id_ != first.main]
    if not first.main and event.type in _ATTACKED_BY_SOMEONE and not laid_long_ago:
        first = Side(main="Unidentified Armed Group", type_at_home=3)
    return Parties(first, second)


def _protest(event: StoryEvent, everyone: list[Span]) -> Parties:
    crowd = _crowd_side(_of(everyone, CROWD | {7}), 6)
    forces = side(_of(everyone, STATE)) if event.type != "Peaceful protest" else Side()
    if event.type != "Peaceful protest" and not forces.main:
        forces = Side(main="Police Forces", type_at_home=1)
    return Parties(forces, crowd) if event.type == "Excessive force against protesters" else Parties(crowd, forces)


def _riot(agents: list[Span], patients: list[Span]) -> Parties:
    crowd = _of(agents, CROWD | {4, 7})
    if not crowd:
        crowd, patients = _of(patients, CROWD), [p for p in agents + patients if p._.mention.inter not in CROWD]
    else:
        patients = [a for a in agents if a not in crowd] + patients
    return Parties(_crowd_side(crowd, 5), side(patients))


def _battle(event: StoryEvent, first: Side, second: Side) -> tuple[Side, Side]:
    """Fill a side that the tree does not give from the other armed actors of the passage."""
    spare = [
        a
        for passage in event.passages
        for a in passage.bystanders
        if a._.mention.inter in ARMED and a.kb_id_ not in (first.main, second.main)
    ]
    if not first.main and spare:
        first = side([spare.pop(0)])
        spare = [a for a in spare if a.kb_id_ != first.main]
    if not second.main and first.associated and not spare:
        spare = [first.associated.pop(0)]
    if not second.main and spare:
        second = side(spare[:1])
    if not first.main and second.main:
        first = Side(main="Unidentified Armed Group", type_at_home=3)
    return first, second


def civilians() -> Side:
    """Return civilians whom no mention names."""
    return _crowd_side([], 7)


def side(spans: list[Span]) -> Side:
    """Return the side that mentions make up: the first armed actor leads, the others are associated."""
    if not spans:
        return Side()
    armed = _of(spans, ARMED)
    main = (armed or spans)[0]
    mention = main._.mention
    if mention.inter in MAIN_NAMES:
        return _crowd_side(spans, mention.inter)
    others = [s for s in spans if s.kb_id_ != main.kb_id_]
    return Side([s for s in spans if s.kb_id_ == main.kb_id_], main.kb_id_, mention.inter, mention.country, others)


def _crowd_side(spans: list[Span], inter: int) -> Side:
    """The main actor has the general name; the groups that make it up are associated."""
    groups = [s for s in spans if s.kb_id_ not in MAIN_NAMES.values()]
    home = next((s._.mention.country for s in spans if s._.mention.country), None)
    return Side(spans, MAIN_NAMES[inter], inter, home if inter == 7 else None, groups)


def _of(spans: list[Span], inters: frozenset[int] | set[int]) -> list[Span]:
    return [s for s in spans if s._.mention.inter in inters]
