"""The two sides of an event: which actor comes first, and who is associated with whom (ACLED codebook, actors)."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field, replace

from spacy.tokens import Span, Token

from pipeline.actor_names import full_name
from pipeline.countries import alpha3_of_name, countries, country
from pipeline.encode.event_types import ARMED, CROWD, STATE, STRIKES
from pipeline.encode.events import StoryEvent
from pipeline.encode.opponents import (
    aims_at,
    by_default,
    culprit,
    inside,
    is_helper,
    is_mutual,
    opponent,
    says,
    stands_with,
    striker,
)
from pipeline.encode.standing import words
from pipeline.mentions import mention_of
from pipeline.organisations import main_actor
from pipeline.regimes import actor_type
from pipeline.taxonomy import AGAINST_CIVILIANS

# What demonstrators and the unarmed are called as main actors; their group becomes the associated actor.
MAIN_NAMES = {5: "Rioters", 6: "Protesters", 7: "Civilians"}
_AT_SEA = "Civilians (International)"  # crews of merchant ships
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

_PLANTED = frozenset({"Remote explosive/landmine/IED", "Suicide bomb", "Grenade"})
# Where "with" names the other side.
_MEETINGS = frozenset({"Armed clash", "Agreement", "Change to group/activity", "Violent demonstration", "Mob violence"})
_VIOLENT = _ATTACKED_BY_SOMEONE | STRIKES | {"Armed clash", "Looting/property destruction"}


@dataclass(slots=True)
class Side:
    """One side: the main actor's mentions, and those of the groups with it."""

    spans: list[Span] = field(default_factory=list)
    main: str | None = None  # canonical name before the country is added
    type_at_home: int | None = None
    home: str | None = None
    associated: list[Span] = field(default_factory=list)
    firm: bool = False  # by a rule of the codebook that no other reading of the text outweighs

    def name(self, country: str | None) -> str | None:
        """Return the name as ACLED writes it for an event in a country (alpha-3)."""
        if not self.main:
            return None
        occupier = self._occupier(country)
        return full_name("Military Forces" if occupier else main_actor(self.main)[0], occupier or self.home, country)

    def inter(self, country: str | None, date: dt.date | None) -> int | None:
        """Return the actor type where and when the event happened."""
        if not self.main or self.type_at_home is None:
            return None
        home = self._occupier(country) or self.home
        return actor_type(main_actor(self.main)[0], self.type_at_home, home, country, date)

    def names(self, country: str | None) -> list[str]:
        """Return the names by which foes.csv knows the side: its main actor's, and the state's (alpha-3)."""
        if not self.main:
            return []
        state = self.home or self._occupier(country) or country if self.type_at_home == 1 else None
        return [main_actor(self.main)[0], *([state] if state else [])]

    def _occupier(self, country: str | None) -> str | None:
        """Return the state (alpha-3) whose army stands where nameless soldiers and police have none of their own."""
        nameless = self.home is None and self.main in ("Military Forces", "Police Forces", "Security Forces")
        return countries()[country].army if nameless and country else None

    def associates(self, country: str | None) -> str | None:
        """Return the associated actors, separated by "; "."""
        unit = main_actor(self.main)[1] if self.main else None
        names = [unit] if unit else []
        for span in self.associated:
            name = full_name(span.kb_id_, mention_of(span).country, country)
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
    if event.type not in _MEETINGS:
        patients = [p for p in patients if not stands_with(p.root)]
    if event_type == "Protests":
        return _protest(event, agents + patients)
    if event_type == "Riots":
        return _riot(event, agents, patients)
    unarmed = _of(agents, CROWD | {7})
    agents, patients = [a for a in agents if a not in unarmed], patients + unarmed
    first = _author(event, side(agents), {p.kb_id_ for p in patients})
    second = _target(event, event_type, first, side(patients), patients, harmed)
    if event_type == "Battles":
        first, second = _battle(event, first, second)
    first.associated = [s for s in first.associated if s.kb_id_ != second.main]
    second.associated = [s for s in second.associated if s.kb_id_ != first.main]
    laid_long_ago = any(p.frame == "tripped" for p in event.passages)
    if not first.main and event.type in _ATTACKED_BY_SOMEONE and not laid_long_ago:
        first = unidentified()
    return Parties(first, second)


def _author(event: StoryEvent, first: Side, struck: set[str]) -> Side:
    """Return the side that acted; where its name is missing, who claims the act, is blamed for it, or strikes there."""
    own = [a for p in event.passages if p.type == event.type for a in p.agents]
    if event.type in STRIKES and not own:
        if says(event, "nobody's"):
            return Side(firm=True)
        code = striker(event)
        if code and first.home != code and country(code).force("Military Forces") not in struck:
            return army_of(code)
    if event.type in _PLANTED and first.type_at_home == 1 and _is_at_home(first, event):
        first = Side()  # a state plants no bombs among its own
    if event.type in _VIOLENT and (not own or not first.main or first.main.startswith("Unidentified")):
        behind = culprit(event)
        if behind is not None:
            return replace(side([behind]), firm=behind == by_default(event))
    return first


def _target(
    event: StoryEvent, event_type: str | None, first: Side, second: Side, patients: list[Span], harmed: bool
) -> Side:
    """Return the side that was struck; where it has no name, the unarmed, or the other armed side of the article."""
    persons = any(p.persons for p in event.passages)
    if event_type == AGAINST_CIVILIANS:
        return _crowd_side(_of(patients, CROWD | {7}), 7)
    if event.type == "Disrupted weapons use" and not second.main:
        senders = [s for p in event.passages for s in p.agents if s.kb_id_ != first.main]
        return side(senders[:1] or _as_list(opponent(event, first.main, state_of(first))))
    if second.main and not (second.type_at_home == 7 and _on_army(event, event_type, first)):
        return second
    if event.type == "Agreement":
        return side(first.associated)
    if _on_army(event, event_type, first):
        return army(firm=True)
    if event_type == _REMOTE:
        if aims_at(event, "ship"):
            return crews()
        hit = inside(event, first.main)
        if hit is not None:
            return side([hit])
        if first.main and not persons and aims_at(event, "military"):
            return side(_as_list(opponent(event, first.main, state_of(first))))
        return civilians() if harmed or persons else second
    on_property = event.type in _AT_HOMES and any(p.civil_property for p in event.passages)
    return civilians() if on_property or (event.type == "Arrests" and persons) else second


def _on_army(event: StoryEvent, event_type: str | None, first: Side) -> bool:
    """Return whether a foreign state strikes a base or ministry of the army, the target whoever died there."""
    abroad = first.type_at_home == 1 and not _is_at_home(first, event)
    return event_type == _REMOTE and abroad and says(event, "site")


def _is_at_home(one: Side, event: StoryEvent) -> bool:
    return one.home in {mention_of(p).country for p in event.spans("places")}


def state_of(one: Side) -> str | None:
    """Return the country (alpha-3) whose forces a side is, if it is a state's."""
    return one.home if one.type_at_home in STATE else None


def _as_list(actor: Span | None) -> list[Span]:
    return [actor] if actor is not None else []


def _protest(event: StoryEvent, everyone: list[Span]) -> Parties:
    crowd = _crowd_side(_of(everyone, CROWD | {7}), 6)
    forces = side(_of(everyone, STATE)) if event.type != "Peaceful protest" else Side()
    if event.type != "Peaceful protest" and not forces.main:
        forces = police()
    return Parties(forces, crowd) if event.type == "Excessive force against protesters" else Parties(crowd, forces)


def _riot(event: StoryEvent, agents: list[Span], patients: list[Span]) -> Parties:
    crowd = _of(agents, CROWD | {4, 7})
    if not crowd:
        crowd, patients = _of(patients, CROWD), [p for p in agents + patients if mention_of(p).inter not in CROWD]
    else:
        patients = [a for a in agents if a not in crowd] + patients
    other = side(patients)
    near = [a for p in event.passages for a in p.bystanders if mention_of(a).inter in STATE]
    forces = not other.main or other.main.startswith("Government")
    if forces and event.type == "Violent demonstration":
        other = side(near[:1]) if near else police()
    elif not other.main and is_mutual(event):
        other = rioters()
    elif not other.main and event.type == "Mob violence":
        missions = [a for a in near if mention_of(a).inter == 8]
        on_property = any(p.civil_property for p in event.passages)
        other = side(missions[:1]) if missions else replace(civilians(), firm=on_property)
    return Parties(_crowd_side(crowd, 5), other)


def _battle(event: StoryEvent, first: Side, second: Side) -> tuple[Side, Side]:
    """Fill a side that the tree does not give from the other armed actors of the passages, or of the article."""
    if second.type_at_home not in ARMED:  # bystanders who were hit are no side of a battle
        second = Side()
    # Of "a convoy came under fire; two South Africans died" both are on the side that was hit.
    struck = any(p.frame == "under_fire" for p in event.passages) and not is_mutual(event)
    hit = {a.kb_id_ for p in event.passages for a in p.patients} if struck and not first.main else set()
    told = [a for p in event.passages for a in (*p.agents, *p.patients, *p.bystanders) if a.kb_id_ not in hit]
    spare = [a for a in told if mention_of(a).inter in ARMED and a.kb_id_ not in (first.main, second.main)]
    spare = [a for a in spare if not a.kb_id_.startswith("Government") and not is_helper(a, event)]
    if not first.main and spare:
        first = side([spare.pop(0)])
        spare = [a for a in spare if a.kb_id_ != first.main]
    if not second.main and first.main:
        rest = [
            a for a in first.associated if event.type == "Armed clash" and a.kb_id_ not in {s.kb_id_ for s in spare}
        ]
        second = side((spare or rest)[:1])
        if not second.main:
            second = _other_side(event, first)
    if not first.main and second.main:
        first = (None if second.type_at_home in STATE else _speaking(event)) or unidentified()
    return first, second


def _speaking(event: StoryEvent) -> Side | None:
    """Return the local force that tells of its enemies' dead: "the army said five rebels were killed in a clash"."""
    for passage in event.passages:
        for verb in passage.trigger.root.ancestors:
            if verb.lemma_ not in words("attribution"):
                continue
            subject = next((c for c in verb.children if c.dep_ == "nsubj"), None)
            force = _SPEAKERS.get(subject.lemma_.lower()) if subject is not None else None
            if subject is not None and force is not None and _is_local(subject, event):
                return force()
    return None


def _is_local(force: Token, event: StoryEvent) -> bool:
    """Return whether no adjective says that a force is that of another country than the event's."""
    told = {child.text for child in force.children if child.dep_ in ("amod", "compound")}
    here = {mention_of(place).country for place in event.spans("places")} - {None}
    lands = {code for code, land in countries().items() if told & set(land.adjectives)}
    return not lands or bool(lands & here) or not here


def _other_side(event: StoryEvent, first: Side) -> Side:
    if event.type == "Armed clash" and says(event, "infighting"):
        return replace(first, spans=list(first.spans), associated=[], firm=True)
    nameless = bool(first.main and first.main.startswith("Unidentified"))
    mutual = event.type == "Armed clash" and is_mutual(event) and first.type_at_home not in STATE
    found = None if mutual and nameless else opponent(event, first.main, state_of(first))
    if found is not None:
        return side([found])
    if mutual:  # two nameless groups, or two factions of one
        return Side(main=first.main, type_at_home=first.type_at_home, home=first.home)
    lost_by_state = event.type == "Non-state actor overtakes territory" and first.type_at_home not in STATE
    return army() if lost_by_state else Side()


def unidentified() -> Side:
    """Return the armed group that nobody names."""
    return Side(main="Unidentified Armed Group", type_at_home=3)


def army(firm: bool = False) -> Side:
    """Return the army of the country where the event happened, whom no mention names."""
    return Side(main="Military Forces", type_at_home=1, firm=firm)


def army_of(code: str) -> Side:
    """Return the army of a country (alpha-3)."""
    return Side(main=country(code).force("Military Forces"), type_at_home=1, home=code)


def police() -> Side:
    """Return the police of the country where the event happened, whom no mention names."""
    return Side(main="Police Forces", type_at_home=1)


# Whose spokesmen tell of fights of their own.
_SPEAKERS = {"army": army, "military": army, "police": police}


def rioters() -> Side:
    """Return rioters whom no mention names."""
    return _crowd_side([], 5)


def civilians() -> Side:
    """Return civilians whom no mention names."""
    return _crowd_side([], 7)


def crews() -> Side:
    """Return the crews of merchant ships."""
    return Side(main=_AT_SEA, type_at_home=7)


def side(spans: list[Span]) -> Side:
    """Return the side that mentions make up: the first armed actor leads, the others are associated."""
    if not spans:
        return Side()
    armed = _of(spans, ARMED)
    main = (armed or spans)[0]
    mention = mention_of(main)
    if mention.inter in MAIN_NAMES:
        return _crowd_side(spans, mention.inter)
    others = [s for s in spans if s.kb_id_ != main.kb_id_]
    return Side([s for s in spans if s.kb_id_ == main.kb_id_], main.kb_id_, mention.inter, mention.country, others)


def _crowd_side(spans: list[Span], inter: int) -> Side:
    """The main actor has the general name; the groups that make it up are associated."""
    groups = [s for s in spans if s.kb_id_ not in MAIN_NAMES.values()]
    settlers = [span for span in spans if span.kb_id_.startswith("Settlers")]  # rioters from another country
    if settlers:
        home = alpha3_of_name(settlers[0].kb_id_.partition("(")[2].rstrip(")"))
    else:
        home = mention_of(spans[0]).country if spans and inter == 7 else None
    return Side(spans, MAIN_NAMES[inter], inter, home, groups)


def _of(spans: list[Span], inters: frozenset[int] | set[int]) -> list[Span]:
    return [s for s in spans if mention_of(s).inter in inters]
