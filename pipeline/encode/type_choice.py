"""What kind of event it was: the sub-event type weighed among all, by the words, weapons, parties and victims told.

The rules propose the type (`event_types`, after ACLED's codebook) and the language model has an opinion of each word;
where they differ, what else is told decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from math import inf, log

from spacy.tokens import Span, Token

from pipeline import lexicon
from pipeline.encode.candidates import LEARNED, is_noncombatant
from pipeline.encode.choosing import LEAD, best, score, true
from pipeline.encode.event_types import ARMED, CROWD, CROWD_EVENTS, STATE
from pipeline.encode.events import StoryEvent
from pipeline.encode.mentions import MentionIndex, armed_among
from pipeline.event_scores import NO_EVENT
from pipeline.mentions import mention_of, mentions_of
from pipeline.taxonomy import AGAINST_CIVILIANS, SUB_EVENT_TYPES

# A share of the model's below this says no more against a type.
FLOOR = 0.02
# Where it gives no type as much as this, it has nothing to say on the type.
HEARD = 0.1


def choose_type(event: StoryEvent, index: MentionIndex) -> float:
    """Settle the sub-event type of an event and return its probability (0-1).

    A type that is firm stays, and that of the rules where the language model holds all words for no event.
    """
    if any(passage.firm for passage in event.passages):
        event.settled = event.type
        return 1.0
    scores = [score(signals, "type") for signals in type_signals(event, index)]
    excluded = _excluded(event)
    scores = [-inf if kind in excluded else s for s, (kind, _) in zip(scores, SUB_EVENT_TYPES.values(), strict=True)]
    heard = any(share >= HEARD for p in event.passages for kind, share in p.opinion.items() if kind != NO_EVENT)
    number, share = best(scores, list(SUB_EVENT_TYPES).index(event.type), LEAD if heard else inf)
    event.settled = list(SUB_EVENT_TYPES)[number]
    return share


def _excluded(event: StoryEvent) -> set[str]:
    """Return the event types that the sides rule out, whatever the words (ACLED codebook).

    No battle where the unarmed are attacked, by the rules, or only the model tells of one, and no second armed side is
    named that might fight, nor where the unarmed clash with the armed; no violence against civilians where only the
    armed undergo what the rules hold for a battle or a riot; no riot or protest of an armed group.
    """
    kind = SUB_EVENT_TYPES[event.type][0]
    patients = [actor for passage in event.passages for actor in passage.patients]
    agents = [actor for passage in event.passages for actor in passage.agents]
    excluded: set[str] = set()
    if kind == "Riots" and agents and all(mention_of(actor).inter not in ARMED for actor in agents):
        excluded.add("Battles")
    if kind in ("Battles", "Riots") and patients and all(mention_of(actor).inter in ARMED for actor in patients):
        undergoing = [token for passage in event.passages for token in passage.undergoing]
        if all(any(t == a.root or _carries(t, a.root) for t in undergoing) for a in patients):
            excluded.add(AGAINST_CIVILIANS)
    militia = bool(agents) and all(mention_of(actor).inter in ARMED - STATE for actor in agents)
    if militia and kind not in CROWD_EVENTS and not any(mention_of(actor).inter in CROWD for actor in patients):
        excluded |= CROWD_EVENTS
    guessed = all(p.frame == LEARNED for p in event.passages if SUB_EVENT_TYPES[p.type][0] == "Battles")
    if kind == AGAINST_CIVILIANS or (kind == "Battles" and guessed):
        beside = (*agents, *patients, *(a for passage in event.passages for a in passage.bystanders))
        if len(armed_among(beside)) < 2 and (any(map(is_noncombatant, patients)) or _is_alone_armed(patients)):
            excluded.add("Battles")
    return excluded


def _is_alone_armed(patients: Sequence[Span]) -> bool:
    """Return whether all who undergo an event are people, and the text names one armed party or none."""
    people = bool(patients) and all(mention_of(actor).inter == 7 for actor in patients)
    return people and len(armed_among(mentions_of(patients[0].doc, "ACTOR"))) < 2


def _carries(vehicle: Token, aboard: Token) -> bool:
    """Return whether somebody is aboard of what undergoes an event: "a bus carrying soldiers"."""
    clause, carrying = aboard.head, lexicon.word_set("party_words.csv", "carrying")
    below = clause.dep_ == "acl" and clause.head == vehicle and aboard.dep_ == "obj"
    return below and clause.lemma_ in carrying


def type_signals(event: StoryEvent, index: MentionIndex) -> list[dict[str, float]]:
    """Return the signals of each sub-event type, in the order of the taxonomy."""
    proposed, told = event.type, _told(event, index)
    passages, types = event.passages, {passage.type for passage in event.passages}
    found = []
    met = zip(*map(_met, told), strict=True) if told else [()] * len(SUB_EVENT_TYPES)
    for (kind, (event_type, _)), with_words in zip(SUB_EVENT_TYPES.items(), met, strict=True):
        shares = [passage.opinion[kind] for passage in passages if passage.opinion] or [FLOOR]
        names = {
            kind,
            "proposed" * (kind == proposed),
            f"proposed {kind}" * (kind == proposed),
            "another proposed of its event type" * (kind != proposed and SUB_EVENT_TYPES[proposed][0] == event_type),
            f"{kind}, {proposed} proposed",
            "of a passage" * (kind in types),
            "of the first passage" * (passages[0].type == kind),
            f"of a passage: {kind}" * (kind in types),
        }
        names.update(with_words)
        values = {"as the model has it": log(max(FLOOR, *shares)), "by its mean": sum(shares) / len(shares)}
        found.append(true(names) | values)
    return found


@cache  # of a closed vocabulary, asked for by every event
def _met(word: str) -> tuple[str, ...]:
    """Return the signals of a word that a passage says, for each type in the order of the taxonomy."""
    return tuple(f"{kind} & {word}" for kind in SUB_EVENT_TYPES)


def _told(event: StoryEvent, index: MentionIndex) -> set[str]:
    """Return in words what an event's passages say: frames, weapons, who acts, who undergoes, what is counted."""
    words: set[str] = set()
    for passage in event.passages:
        words |= {passage.frame, *(f"by {weapon}" for weapon in passage.weapons)}
        words |= {f"acts {mention_of(span).inter}" for span in passage.agents}
        words |= {f"undergoes {mention_of(span).inter}" for span in passage.patients}
        words |= {f"beside {mention_of(span).inter}" for span in passage.bystanders}
        words |= {"persons" * passage.persons, "property" * passage.civil_property}
        words |= {f"{role} told" for role in ("AGENT", "TARGET") if index.in_sentence(passage.sentence, role)}
    words |= {f"{mention_of(count).count_of} counted" for count in event.spans("counts")}
    struck = {mention_of(span).inter for span in event.spans("patients")}
    words |= {"only the armed undergo" * (bool(struck) and struck <= ARMED)}
    words |= {"no agent" * (not any(p.agents for p in event.passages)), "harm only" * event.harm_only}
    return words - {""}
