"""From passages to events: one event told in headline, lede and body is one; a second raid is another.

A passage continues an earlier event unless its place, day or parties contradict it, or its words say that it is a new
one. Passages that only tell harm ("four more bodies were recovered in Nabi Chit") take what they leave unsaid from the
event before them.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any, Literal

from spacy.tokens import Doc, Span, Token

from pipeline.encode.arguments import case_of
from pipeline.encode.candidates import Candidate, candidates, retyped, tree_steps
from pipeline.encode.event_types import STRIKES, TERRITORY
from pipeline.encode.events import CROWD_TYPES, HARM, TRANSFER, WIDE, StoryEvent, conflict, days, latest, points
from pipeline.encode.mentions import MentionIndex, sentences_of
from pipeline.encode.positions import Positions
from pipeline.encode.standing import in_context, lemmas_of
from pipeline.encode.threads import thread
from pipeline.encode.told import settle
from pipeline.mentions import mention_of, zone_at
from pipeline.taxonomy import AGAINST_CIVILIANS, SUB_EVENT_TYPES, VIOLENCE

# How many words behind an event its toll may follow.
TOLL_WORDS = 40
# So many different words of sport, of an exercise, of markets, of a trial, of a film or of hackers make the whole text
# one about them.
OTHER_TOPICS = {"figurative": 4, "drill": 3, "economy": 6, "trial": 6, "fiction": 4, "cyber": 3}
# Edges of the tree to what may be a clause of its own, and how many others such a clause is worth.
CLAUSES = frozenset({"conj", "parataxis", "advcl"})
CLAUSE_STEPS = 4
# Nouns of these frames, with "the", may stand for any violent event told before.
GENERIC = frozenset({"assault", "strike", "explosion", "kill", "murder", "gunfire", "clash", "die"})
# Event types within which sub-types may be sides of one event.
_ONE_EVENT = ("Battles", AGAINST_CIVILIANS)


def is_off_topic(doc: Doc) -> bool:
    """Return whether a text is about something that only uses the words of conflict."""
    lemmas = lemmas_of(doc)
    return any(in_context(lemmas, effect, words) for effect, words in OTHER_TOPICS.items())


def tell(doc: Doc, index: MentionIndex, counted: set[int]) -> list[StoryEvent]:
    """Return the events that an annotated text reports, in text order.

    counted (set[int]): Tokens of totals ("48 attacks"), which are told in rows of their own.
    """
    body: list[StoryEvent] = []
    aside: list[StoryEvent] = []
    positions = Positions(doc)
    for sentence in sentences_of(doc):
        zone = zone_at(doc, sentence.start_char)
        if zone == "boilerplate":
            continue
        told = aside if zone in ("headline", "caption") else body
        found = [c for c in candidates(sentence, index) if c.trigger.root.i not in counted]
        if not found and told:
            last = latest(told)
            last.afterwards.extend(_toll_only(sentence, last, index))
        for group in _group(found):
            beside: list[StoryEvent] = []  # what is told side by side, in several places or on several days
            for one in (day for there in _by_place(retyped(group)) for day in _by_day(there)):
                event = _place(StoryEvent(one, zone), told, beside, positions)
                event.lead = beside[0] if beside else None
                beside.append(event)
    return settle(body or aside, doc)


def _toll_only(sentence: Span, event: StoryEvent, index: MentionIndex) -> list[Span]:
    """Return the dead and hurt that a sentence without event words tells of the event before it."""
    places = {p.kb_id_ for p in index.in_sentence(sentence, "PLACE") if _is_point(p)}
    if conflict(places, points(event.passages)) or sentence.start - event.passages[-1].sentence.end > TOLL_WORDS:
        return []
    counts = index.in_sentence(sentence, "COUNT")
    return [c for c in counts if mention_of(c).count_of in ("fatalities", "injuries")]


def _group(found: list[Candidate]) -> list[list[Candidate]]:
    """Put the passages of one sentence that tell of the same event together; harm goes with the act nearest to it."""
    groups: list[list[Candidate]] = []
    for candidate in sorted(found, key=lambda c: c.frame in HARM):
        fitting = [group for group in groups if all(_same_in_sentence(other, candidate) for other in group)]
        if not fitting:
            groups.append([candidate])
        elif candidate.frame in HARM:
            min(fitting, key=lambda group: _steps(group, candidate)).append(candidate)
        else:
            fitting[0].append(candidate)
    groups = [sorted(group, key=lambda c: c.trigger.start) for group in groups]
    return sorted(groups, key=lambda group: group[0].trigger.start)


def _steps(group: list[Candidate], candidate: Candidate) -> int:
    """Return how far the nearest word of a group is from that of a passage, over the tree."""
    return min(tree_steps(c.trigger.root, candidate.trigger.root, _weigh) for c in group)


def _weigh(token: Token) -> int:
    """Return how many steps the edge above a word counts as: more where it leads to a clause with its own subject."""
    clause = token.dep_ in CLAUSES and any(child.dep_.startswith("nsubj") for child in token.children)
    return CLAUSE_STEPS if clause else 1


def _by_place(group: list[Candidate]) -> list[list[Candidate]]:
    """Return one event for each of several places that are named side by side ("the edges of Houla and Markaba").

    The casualties stay with the first: totals over several places are split, not repeated (ACLED codebook).
    """
    named = [p for c in group for p in c.places if _is_point(p)]
    beside = [p for p in named[1:] if p.kb_id_ != named[0].kb_id_ and _are_coordinated(named[0], p)]
    return _split(group, "places", beside)


def _by_day(group: list[Candidate]) -> list[list[Candidate]]:
    """Return one event for each of several days that are named side by side ("on 2 and 3 November").

    What goes on over several days is an event of each (ACLED codebook); the casualties stay with the first.
    """
    named = [d for c in group for d in c.dates if mention_of(d).date_precision == "day"]
    beside = [later for day, later in pairwise(named) if _are_joined(day, later)]
    return _split(group, "dates", beside)


def _split(group: list[Candidate], role: Literal["places", "dates"], beside: list[Span]) -> list[list[Candidate]]:
    """Return an event without the mentions beside its own, and one for each of those; the first keeps the counts."""
    if not beside:
        return [group]
    acts = [c for c in group if c.frame not in HARM]
    own: list[dict[str, Any]] = [{role: [span for span in getattr(c, role) if span not in beside]} for c in group]
    others: list[dict[str, Any]] = [{role: [span], "counts": []} for span in beside if acts]
    first = [replace(c, **kept) for c, kept in zip(group, own, strict=True)]
    return [first, *([replace(c, **other) for c in acts] for other in others)]


def _are_joined(day: Span, later: Span) -> bool:
    between = day.doc[day.end : later.start].text.lower().removeprefix(", ")
    days = mention_of(day).date_start, mention_of(later).date_start
    joined = between in ("and", "and on", "and again on")
    return joined and days[0] is not None and days[1] is not None and days[0] < days[1]


def _is_point(place: Span) -> bool:
    mention = mention_of(place)
    return mention.latitude is not None and mention.feature not in WIDE | {"admin1", "district"}


def _are_coordinated(one: Span, other: Span) -> bool:
    """Return whether two places, or the nouns that they are parts of, are conjuncts."""
    ours, theirs = {one.root, one.root.head}, {other.root, other.root.head}
    if any(case_of(token).endswith("between") for token in ours):
        return False  # "on the road between Diffa and Bosso"
    if one.doc[one.end : other.start].text == "," and not any(c.dep_ == "cc" for c in other.root.children):
        return False  # "at Machil, Kupwara": a village and its district
    return any(token in candidate.conjuncts for token in theirs for candidate in ours)


def _same_in_sentence(one: Candidate, other: Candidate) -> bool:
    if conflict(points([one]), points([other])) or conflict(days([one]), days([other])):
        return False
    if one.frame in HARM or other.frame in HARM:
        return True
    if one.trigger.root.is_ancestor(other.trigger.root) or other.trigger.root.is_ancestor(one.trigger.root):
        return True
    return _same_kind(one.type, other.type)


def _place(event: StoryEvent, told: list[StoryEvent], beside: list[StoryEvent], positions: Positions) -> StoryEvent:
    """Join an event to the earlier one that it continues, but none of those beside it, or tell it as new."""
    others = [one for one in told if not any(one is other for other in beside)]
    if event.type in STRIKES:
        others = [one for one in others if not _strikes_back(event, one)]
    proposed = next((one for one in reversed(others) if _continues(event, one, nearest=one is latest(told))), None)
    earlier = thread(event, others, proposed, positions) if others else None
    if earlier is not None:
        tells_how = earlier.harm_only and any(passage.weapons for passage in event.passages)
        if not event.harm_only and not tells_how and not _same_kind(event.type, earlier.type):
            for passage in event.passages:
                passage.aside = True  # it tells more of the event, not what kind it is
        earlier.join(event)
        return earlier
    if told:
        _inherit(event, told)
    told.append(event)
    return event


def _strikes_back(event: StoryEvent, earlier: StoryEvent) -> bool:
    """Return whether two strikes are made by different sides: one answers the other, and is no second telling of it."""
    return earlier.gist.kind in STRIKES and conflict(event.gist.agents, earlier.gist.agents)


def _continues(event: StoryEvent, earlier: StoryEvent, nearest: bool) -> bool:
    first, gist, told = event.passages[0], event.gist, earlier.gist
    if conflict(gist.places, told.places) or conflict(gist.days, told.days):
        return False
    crowd = {gist.kind, told.kind} <= CROWD_TYPES  # marchers and the police who stop them act in one event
    if not crowd and conflict(gist.agents, told.agents):
        return False
    if gist.harm_only or (first.anaphoric and first.frame in GENERIC and nearest and not first.renewed):
        return nearest or bool(gist.places & told.places)
    if not _same_kind(gist.kind, told.kind):
        return nearest and _elaborates(event, earlier)
    if first.renewed and not gist.places & told.places:
        return False
    return nearest or first.anaphoric or bool(gist.places & told.places)


def _elaborates(event: StoryEvent, earlier: StoryEvent) -> bool:
    """Return whether violence without place, day or new attacker of its own only tells more of the event before it."""
    gist, told = event.gist, earlier.gist
    if event.passages[0].renewed or gist.places or gist.days:
        return False
    violent = {SUB_EVENT_TYPES[gist.kind][1], SUB_EVENT_TYPES[told.kind][1]} == {VIOLENCE}
    return violent and not gist.agents - told.agents - told.patients


def _inherit(event: StoryEvent, told: list[StoryEvent]) -> None:
    """Let an event take what it leaves unsaid from the one before it."""
    before = next((e for e in reversed(told) if event.harm_only or _same_kind(e.type, event.type)), None)
    if before is None:
        return
    for role in ("agents", "dates"):
        if not event.spans(role):
            event.inherit(role, before.spans(role))
    if event.harm_only and not event.spans("weapons") and not any(p.agents for p in event.passages):
        event.borrow_type(before)


def _same_kind(one: str, other: str) -> bool:
    """Return whether two sub-types may be sides of one event."""
    pair = {one, other}
    if one == other or pair <= CROWD_TYPES or pair <= TERRITORY | {TRANSFER}:
        return True
    return SUB_EVENT_TYPES[one][0] == SUB_EVENT_TYPES[other][0] and SUB_EVENT_TYPES[one][0] in _ONE_EVENT
