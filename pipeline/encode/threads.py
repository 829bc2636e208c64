"""Which event a passage goes on with: told once more in the lede and the body, or another raid of the same morning.

The rules of `story` propose an earlier event or a new one; the proposal competes with every event told so far.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log1p

from spacy.tokens import Span

from pipeline.encode.candidates import RENEWERS
from pipeline.encode.choosing import Signals, best, score, true
from pipeline.encode.events import CROWD_TYPES, StoryEvent, conflict, days, points
from pipeline.taxonomy import SUB_EVENT_TYPES, VIOLENCE

# By so much, in log-odds, joining or parting must be likelier than what the rules propose.
LEAD = 0.2
_LIST_MARKS = frozenset({"-", "–", "—", "•", "▪", "*", "·"})


def thread(event: StoryEvent, told: Sequence[StoryEvent], proposed: StoryEvent | None) -> StoryEvent | None:
    """Return the event told before that an event is, None if it is a new one.

    proposed (StoryEvent | None): What the rules hold it for.
    """
    options = thread_signals(event, told, proposed)
    by_rules = len(told) if proposed is None else next(n for n, one in enumerate(told) if one is proposed)
    number, _ = best([score(signals, "same") for signals in options], by_rules, LEAD)
    return told[number] if number < len(told) else None


def thread_signals(event: StoryEvent, told: Sequence[StoryEvent], proposed: StoryEvent | None) -> list[Signals]:
    """Return the signals of each event told before, and last those of a new event."""
    own = _own(event)
    joined = [_of_join(event, earlier, earlier is told[-1], earlier is proposed) for earlier in told]
    for signals in joined:
        signals.update(true({f"join: {name}" for name in own if name}))
    fresh = {"new", "new, proposed" * (proposed is None), f"new: {event.type}"}
    fresh |= {"new in type" * all(earlier.type != event.type for earlier in told)}
    fresh |= {"new in place" * all(conflict(points(event.passages), points(one.passages)) for one in told)}
    return [*joined, true(fresh | {f"new, {name}" for name in own if name})]


def _own(event: StoryEvent) -> set[str]:
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
        "harm only" * event.harm_only,
        "a place of its own" * bool(points(event.passages)),
        "a day of its own" * bool(days(event.passages)),
        "an agent of its own" * any(p.agents for p in event.passages),
        "deaths of its own" * any(c._.mention.count_of == "fatalities" for p in event.passages for c in p.counts),
        f"opens {opener.lower_}",
        "a list item" * (opener.text in _LIST_MARKS or opener.is_digit),
        "pluperfect" * any(child.lower_ == "had" for child in head.children),
        *(f"says {token.lower_}" for token in sentence if token.lower_ in RENEWERS),
        f"as {first.kind}",
    }


def _of_join(event: StoryEvent, earlier: StoryEvent, nearest: bool, proposed: bool) -> dict[str, float]:
    kind = _kinship(event, earlier)
    where = _agreement(points(event.passages), points(earlier.passages))
    when = _agreement(days(event.passages), days(earlier.passages))
    who = _agreement(_names(event.spans("agents")), _names(earlier.spans("agents")))
    whom = _agreement(_names(event.spans("patients")), _names(earlier.spans("patients")))
    first, last = event.passages[0], earlier.passages[-1]
    between = first.sentence.doc[last.sentence.end : first.sentence.start]
    apart = sum(token.is_sent_start is True for token in between) + (last.sentence.start != first.sentence.start)
    paragraph = "\n" not in first.sentence.doc[last.trigger.end : first.trigger.start].text
    swapped = bool(_names(event.spans("agents")) & _names(earlier.spans("patients")))
    names = {
        "proposed" * proposed,
        f"proposed, {kind}" * proposed,
        "nearest" * nearest,
        kind,
        f"{kind}, nearest" * nearest,
        f"{event.type} after {earlier.type}",
        f"place {where}",
        f"place {where}, {kind}",
        f"day {when}",
        f"day {when}, {kind}",
        f"agent {who}",
        f"target {whom}",
        "the target acts" * swapped,
        f"deaths {_agreement(_figures(event), _figures(earlier))}",
        f"weapons {_agreement(_weapons(event), _weapons(earlier))}",
        "one word" * (first.trigger.root.lemma_ in {p.trigger.root.lemma_ for p in earlier.passages}),
        "one sentence" * (apart == 0),
        "the next sentence" * (apart == 1),
        "one paragraph" * paragraph,
        f"one paragraph, {kind}" * paragraph,
        "after harm only" * earlier.harm_only,
        "far" * (apart > 4),
    }
    return true(names) | {"sentences apart": log1p(apart), "passages": log1p(len(earlier.passages))}


def _kinship(event: StoryEvent, earlier: StoryEvent) -> str:
    """Return how near two types are."""
    if event.harm_only:
        return "only harm"
    if event.type == earlier.type:
        return "one type"
    if {event.type, earlier.type} <= CROWD_TYPES:
        return "crowd types"
    one, other = SUB_EVENT_TYPES[event.type], SUB_EVENT_TYPES[earlier.type]
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


def _names(spans: Iterable[Span]) -> set[str]:
    return {span.kb_id_ for span in spans if not span.kb_id_.startswith("Unidentified")}


def _figures(event: StoryEvent) -> set[str]:
    counts = (count._.mention for passage in event.passages for count in passage.counts)
    return {f"{count.count_value or count.count_min}" for count in counts if count.count_of == "fatalities"}


def _weapons(event: StoryEvent) -> set[str]:
    return {weapon for passage in event.passages for weapon in passage.weapons}
