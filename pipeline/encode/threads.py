"""Which event a passage goes on with: told once more in the lede and the body, or another raid of the same morning.

The rules of `story` propose an earlier event or a new one; the proposal competes with every event told so far.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import log1p

from pipeline.encode.candidates import RENEWERS
from pipeline.encode.choosing import Signals, best, score, true
from pipeline.encode.events import CROWD_TYPES, Gist, StoryEvent, conflict, latest
from pipeline.encode.positions import Positions
from pipeline.mentions import mention_of
from pipeline.taxonomy import SUB_EVENT_TYPES, VIOLENCE

# By so much, in log-odds, joining or parting must be likelier than what the rules propose.
LEAD = 0.2
LONG_AGO = 60  # days
_LIST_MARKS = frozenset({"-", "–", "—", "•", "▪", "*", "·"})


def thread(
    event: StoryEvent, told: Sequence[StoryEvent], proposed: StoryEvent | None, positions: Positions
) -> StoryEvent | None:
    """Return the event told before that an event is, None if it is a new one.

    proposed (StoryEvent | None): What the rules hold it for.
    """
    options = thread_signals(event, told, proposed, positions)
    by_rules = len(told) if proposed is None else next(n for n, one in enumerate(told) if one is proposed)
    number, _ = best([score(signals, "same") for signals in options], by_rules, LEAD)
    return told[number] if number < len(told) else None


def thread_signals(
    event: StoryEvent, told: Sequence[StoryEvent], proposed: StoryEvent | None, positions: Positions
) -> list[Signals]:
    """Return the signals of each event told before, and last those of a new event."""
    gist, gists = event.gist, [one.gist for one in told]
    own = _own(event, gist)
    joined = []
    for one, earlier in zip(told, gists, strict=True):
        kind = _kinship(gist, earlier)
        names = _agreements(gist, earlier, kind) | {f"join: {name}" for name in own if name}
        names |= {"proposed", f"proposed, {kind}"} if one is proposed else set()
        names |= {"nearest", f"{kind}, nearest"} if one is latest(told) else set()
        joined.append(_away(event, one, kind, names, positions))
    fresh = {"new", "new, proposed" * (proposed is None), f"new: {gist.kind}"}
    fresh |= {"new in type" * all(earlier.kind != gist.kind for earlier in gists)}
    fresh |= {"new in place" * all(conflict(gist.places, earlier.places) for earlier in gists)}
    return [*joined, true(fresh | {f"new, {name}" for name in own if name})]


def _own(event: StoryEvent, gist: Gist) -> set[str]:
    """Return what an event's first passage says by itself for and against its being a new one."""
    first = event.passages[0]
    head, sentence = first.trigger.root, first.sentence
    opener = next((token for token in sentence if not token.is_space), sentence[0])
    noun = head.pos_ in ("NOUN", "PROPN")
    return {
        "anaphoric" * first.anaphoric,
        "plural" * first.plural,
        "renewed" * first.renewed,
        "a verb" * (not noun),
        "an indefinite noun" * (noun and any(child.lower_ in ("a", "an", "another") for child in head.children)),
        "harm only" * gist.harm_only,
        "a place of its own" * bool(gist.places),
        "a day of its own" * bool(gist.days),
        "a day long ago" * _was_long_ago(event),
        "an agent of its own" * any(p.agents for p in event.passages),
        "deaths of its own" * bool(gist.deaths),
        f"opens {opener.lower_}",
        "a list item" * (opener.text in _LIST_MARKS or opener.is_digit),
        "pluperfect" * any(child.lower_ == "had" for child in head.children),
        *(f"says {token.lower_}" for token in sentence if token.lower_ in RENEWERS),
        f"as {first.kind}",
    }


def _was_long_ago(event: StoryEvent) -> bool:
    """Return whether an event's own day is months before publication: how a war began, not today's raid."""
    published = event.passages[0].sentence.doc._.published
    starts = [start for date in event.spans("dates") if (start := mention_of(date).date_start)]
    return published is not None and any((published - start).days > LONG_AGO for start in starts)


def _agreements(gist: Gist, earlier: Gist, kind: str) -> set[str]:
    """Return in what two events agree."""
    where, when = _agreement(gist.places, earlier.places), _agreement(gist.days, earlier.days)
    return {
        kind,
        f"{gist.kind} after {earlier.kind}",
        f"place {where}",
        f"place {where}, {kind}",
        f"day {when}",
        f"day {when}, {kind}",
        f"agent {_agreement(gist.agents, earlier.agents)}",
        f"target {_agreement(gist.patients, earlier.patients)}",
        "the target acts" * bool(gist.agents & earlier.patients),
        f"deaths {_agreement(gist.deaths, earlier.deaths)}",
        f"weapons {_agreement(gist.weapons, earlier.weapons)}",
        "one word" * bool(gist.words & earlier.words),
        "after harm only" * earlier.harm_only,
    }


def _away(event: StoryEvent, earlier: StoryEvent, kind: str, names: set[str], positions: Positions) -> dict[str, float]:
    """Return the signals of an event told before, with how far back in the text it is."""
    here, there = event.passages[0].trigger.start, earlier.passages[-1].trigger.start
    apart = abs(positions.sentence(here) - positions.sentence(there))
    paragraph, label = positions.paragraph(here) == positions.paragraph(there), positions.label(here)
    names |= {
        "one sentence" * (apart == 0),
        "the next sentence" * (apart == 1),
        "far" * (apart > 4),
        "one paragraph" * paragraph,
        f"one paragraph, {kind}" * paragraph,
        f"a paragraph headed by {label}" * (not paragraph and bool(label)),
    }
    return true(names) | {"sentences apart": log1p(apart), "passages": log1p(len(earlier.passages))}


def _kinship(gist: Gist, earlier: Gist) -> str:
    """Return how near two types are."""
    if gist.harm_only:
        return "only harm"
    if gist.kind == earlier.kind:
        return "one type"
    if {gist.kind, earlier.kind} <= CROWD_TYPES:
        return "crowd types"
    one, other = SUB_EVENT_TYPES[gist.kind], SUB_EVENT_TYPES[earlier.kind]
    if one[0] == other[0]:
        return "one event type"
    return "violent types" if one[1] == other[1] == VIOLENCE else "other types"


def _agreement(one: set[str], other: set[str]) -> str:
    """Return whether two sets of names agree, contradict each other, or what is missing."""
    if one & other:
        return "shared"
    if one and other:
        return "different"
    return "told anew" if one else "left out" if other else "untold"
