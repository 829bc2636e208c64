"""What the whole article adds to its events: types, agents that passives leave out, and which are told well enough."""

from __future__ import annotations

from dataclasses import replace

from spacy.tokens import Doc, Span

from pipeline.encode.candidates import Candidate
from pipeline.encode.event_types import ARMED, CROWD, STATE, STRIKES, from_the_air, sub_event_type
from pipeline.encode.events import CROWD_TYPES, HARM, StoryEvent, days, points
from pipeline.encode.learned import VICTIMS
from pipeline.encode.standing import words
from pipeline.encode.worth import is_worth_a_row
from pipeline.mentions import mention_of, mentions_of, text_of
from pipeline.taxonomy import SUB_EVENT_TYPES

# Days before publication after which an event is background, unless its day and place are told.
BACKGROUND_DAYS = 60
# What insurgents do: without an agent it is laid to the one group that the article knows.
INSURGENT = frozenset({"Remote explosive/landmine/IED", "Suicide bomb", "Armed clash"})
# From this probability on the language model's word that something happened is evidence, too.
MODEL_SURE = 0.9
_NO_OPPONENT = ("Unidentified", "Government", "Police Forces")


def settle(events: list[StoryEvent], doc: Doc) -> list[StoryEvent]:
    """Return the events that are told well enough to stand, with their types and strikers settled."""
    for event in events:
        _settle_types(event)
    if _is_column(doc):  # what it recalls without a day is no news
        events = [event for event in events if days(event.passages)]
    told = [event for event in events if is_worth_a_row(event, events, doc, is_told(event, doc))]
    _cast(told, doc)
    return told


def _is_column(doc: Doc) -> bool:
    """Return whether a text is headed as an article of opinion."""
    opening = doc[:12].text.strip().split("\n")[0]
    return opening.strip(" :-–—|").lower() in words("column")


def _settle_types(event: StoryEvent) -> None:
    """Choose types anew where a passage left out whom the fire hit and another tells it ("six customers were dead")."""
    victims = frozenset().union(*(p.situation.patient for p in event.passages))
    persons = any(p.situation.persons for p in event.passages)
    for passage in event.passages:
        case = passage.situation
        if not case.patient and not case.persons and (victims or persons):
            passage.type = sub_event_type(replace(case, patient=victims - case.agent, persons=persons)) or passage.type


def _cast(events: list[StoryEvent], doc: Doc) -> None:
    """Give fire and strikes without an agent the one striker that the article knows.

    Passive news ("three shells landed in Yaroun") leaves out who the story is about; where it knows two, the agent
    stays blank.
    """
    air_war = any(w.kb_id_ == "air" for w in mentions_of(doc, "WEAPON"))
    for event in events:
        if event.type in STRIKES:
            if not event.spans("agents"):
                event.inherit("agents", _striker(event, events, doc))
            state = any(mention_of(s).inter in STATE for s in event.spans("agents"))
            for passage in event.passages:
                passage.type = from_the_air(passage.type, passage.weapons, state, air_war)
        elif event.type in INSURGENT and not event.spans("agents"):
            event.inherit("agents", _only(doc, event, frozenset({2, 3})))
        elif event.type == "Non-state actor overtakes territory" and not event.spans("patients"):
            event.inherit("patients", [s for s in _only(doc, event, frozenset({1})) if _is_home(s, event)])


def _only(doc: Doc, event: StoryEvent, inters: frozenset[int]) -> list[Span]:
    """Return the one named actor of these types that an article knows besides those in the event; none if several."""
    involved = {s.kb_id_ for s in event.spans("agents") + event.spans("patients")}
    actors = [s for s in mentions_of(doc, "ACTOR") if mention_of(s).inter in inters and s.kb_id_ not in involved]
    known = [s for s in actors if not s.kb_id_.startswith(_NO_OPPONENT)]
    return known[:1] if len({s.kb_id_ for s in known}) == 1 else []


def _is_home(actor: Span, event: StoryEvent) -> bool:
    return mention_of(actor).country in {mention_of(p).country for p in event.spans("places")}


def _striker(event: StoryEvent, events: list[StoryEvent], doc: Doc) -> list[Span]:
    hit = {s.kb_id_ for s in event.spans("patients")}
    same = [s for e in events if e.type == event.type for s in e.spans("agents")]
    armed = [s for s in mentions_of(doc, "ACTOR") if mention_of(s).inter == 1 or event.type != "Air/drone strike"]
    for known in (same, [s for s in armed if mention_of(s).inter in ARMED and _strikes_abroad(s, event)]):
        known = [s for s in known if s.kb_id_ not in hit and mention_of(s).inter in ARMED and mention_of(s).country]
        if len({s.kb_id_ for s in known}) == 1:
            return known[:1]
    return []


def _strikes_abroad(actor: Span, event: StoryEvent) -> bool:
    """Return whether an actor is at home elsewhere than where the event's places lie."""
    scene = {mention_of(p).country for p in event.spans("places")}
    return bool(scene) and mention_of(actor).country not in scene


def is_told(event: StoryEvent, doc: Doc) -> bool:
    """Return whether an event is told well enough by the rules."""
    return _is_told(event) and not _is_background(event, doc)


def _is_told(event: StoryEvent) -> bool:
    """Return whether enough stands in the event's own passages: a figure of speech has no fighters, dead or place."""
    passages, places = event.passages, points(event.passages)
    if event.harm_only:  # deaths without a doer may be a storm's or a stampede's
        fighters = any(mention_of(s).inter in ARMED for p in passages for s in p.patients)
        caused = event.borrowed or fighters or any(p.agents or p.weapons for p in passages)
        wide = any(p.agents for p in passages) and any(p.places for p in passages)
        if not (caused and places) and not wide and not any(_is_killing(p) for p in passages):
            return False
    else:
        acts = [p for p in passages if p.frame not in HARM]
        described = any(p.agents for p in passages) and bool(places or any(p.dates for p in passages))
        if all(p.anaphoric for p in acts) and not described:
            return False
        if not places and all(p.plural for p in acts):
            return False
    if event.type in CROWD_TYPES and not _is_staged(event):
        return False
    evidence = _evidence(event)
    return evidence >= 1 and evidence + bool(places) + bool(days(passages)) >= 2


def _is_killing(passage: Candidate) -> bool:
    """Return whether armed men are said to have killed or hurt so many."""
    armed = any(mention_of(span).inter in ARMED for span in passage.agents)
    return armed and any(mention_of(count).count_of in VICTIMS for count in passage.counts)


def _evidence(event: StoryEvent) -> int:
    """Count the kinds of things that only violence, a crowd or an act in plain words has."""
    passages = event.passages
    actors = {s.kb_id_ for p in passages for s in p.agents + p.patients if mention_of(s).inter in ARMED | CROWD}
    if event.type == "Armed clash":
        actors |= {s.kb_id_ for p in passages for s in p.bystanders if mention_of(s).inter in ARMED}
    return (
        min(len(actors), 2)
        + any(mention_of(c).count_of in VICTIMS for p in passages for c in p.counts)
        + any(p.weapons for p in passages)
        + any(p.kind == "act" for p in passages)
        + any(p.persons or p.civil_property for p in passages)
        + any(_is_sure(p) for p in passages)
    )


def _is_sure(passage: Candidate) -> bool:
    """Return whether the language model is sure of a passage that is no figure of speech."""
    return passage.kind != "weak" and any(passage.opinion.get(kind, 0.0) >= MODEL_SURE for kind in SUB_EVENT_TYPES)


def _is_staged(event: StoryEvent) -> bool:
    """Return whether a demonstration has a place, a day or a size: people also protest in general."""
    sized = any(mention_of(c).count_of in ("participants", "injuries", "fatalities") for c in event.spans("counts"))
    return sized or any(p.places or p.dates for p in event.passages) or len(event.passages) > 2


def _is_background(event: StoryEvent, doc: Doc) -> bool:
    """Return whether an event is old and too vaguely told to stand alone; an entry of a list stands by its day."""
    dates = [mention_of(s) for p in event.passages for s in p.dates if mention_of(s).date_start]
    if not dates or doc._.published is None:
        return False
    old = all((doc._.published - d.date_start).days > BACKGROUND_DAYS for d in dates)
    on_a_day = [s for p in event.passages for s in p.dates if mention_of(s).date_precision == "day"]
    return old and not (on_a_day and points(event.passages)) and not any(map(_heads_entry, on_a_day))


def _heads_entry(date: Span) -> bool:
    """Return whether nothing but a bullet stands before a date in its line."""
    text = text_of(date.doc)[: date.start_char]
    return not any(character.isalnum() for character in text[text.rfind("\n") + 1 :])
