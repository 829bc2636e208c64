"""The two sides of an event: which actor comes first, and who is associated with whom (ACLED codebook, actors)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from spacy.tokens import Span

from pipeline.actor_names import full_name
from pipeline.encode.event_types import ARMED, CROWD, STATE
from pipeline.encode.story import StoryEvent
from pipeline.regimes import actor_type

# What demonstrators and the unarmed are called as main actors; their group becomes the associated actor.
MAIN_NAMES = {5: "Rioters", 6: "Protesters", 7: "Civilians"}
_VAC = "Violence against civilians"


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
        return full_name(self.main, self.home, country) if self.main else None

    def inter(self, country: str | None, date: dt.date | None) -> int | None:
        """Return the actor type where and when the event happened."""
        return actor_type(self.main, self.type_at_home, self.home, country, date) if self.main else None

    def associates(self, country: str | None) -> str | None:
        """Return the associated actors, separated by "; "."""
        names = []
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
    """Return the sides of an event; a side that nobody names stays empty."""
    agents, patients = event.spans("agents"), [p for p in event.spans("patients") if p not in event.spans("agents")]
    everyone = agents + patients
    if event_type == "Protests":
        crowd = _crowd_side(_of(everyone, CROWD | {7}), 6)
        forces = side(_of(everyone, ARMED))
        excessive = event.type == "Excessive force against protesters"
        return Parties(forces, crowd) if excessive else Parties(crowd, forces)
    if event_type == "Riots":
        crowd = _crowd_side(_of(agents, CROWD | {7, 4}) or _of(everyone, CROWD), 5)
        rest = [s for s in everyone if s not in crowd.spans + crowd.associated]
        return Parties(crowd, side(rest))
    first, second = side(agents), side(patients)
    if event_type == _VAC or (event_type != "Battles" and event_type != "Strategic developments" and not second.main):
        civilian = event_type == _VAC or harmed or any(p.persons for p in event.passages)
        if civilian and second.type_at_home != 7:
            second = _civilian_side(patients)
    if event_type == "Battles" and not second.main and len(agents) > 1:
        first, second = side(agents[:1]), side([a for a in agents[1:] if a.kb_id_ != agents[0].kb_id_])
    return Parties(first, second)


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


def _civilian_side(spans: list[Span]) -> Side:
    return _crowd_side(_of(spans, {7}), 7)


def _of(spans: list[Span], inters: frozenset[int] | set[int]) -> list[Span]:
    return [s for s in spans if s._.mention.inter in inters]
