"""Whether an event is told well enough to be a row: not a figure of speech, a recollection, or a word in passing.

The rules of `told` propose; what its words, the language model and its place in the text say decides.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import log

from spacy.tokens import Doc, Span

from pipeline.encode.choosing import best, score, true
from pipeline.encode.event_types import ARMED, CROWD, TERRITORY
from pipeline.encode.events import HARM, StoryEvent, days, points
from pipeline.encode.learned import VICTIMS
from pipeline.event_scores import NO_EVENT
from pipeline.mentions import mention_of
from pipeline.taxonomy import SUB_EVENT_TYPES

# By so much, in log-odds, it must be likelier than not that an event is (not) worth a row, against the rules.
LEAD = 1.0
# A share of the model's below this says no more.
FLOOR = 0.1
# From this probability on the model is sure that ground was taken.
SURE = 0.9
# From this probability on it holds words for no event.
DOUBT = 0.9
_AGES = ((-1, "ahead"), (1, "of the day"), (7, "of the week"), (31, "of the month"), (366, "of the year"))


def is_worth_a_row(event: StoryEvent, events: Sequence[StoryEvent], doc: Doc, proposed: bool) -> bool:
    """Return whether an event of a text is to be coded.

    proposed (bool): What the rules say.
    """
    if _is_plain(event) if proposed else not _is_violent(event):
        return proposed
    number, _ = best([0.0, score(worth_signals(event, events, doc, proposed), "told")], int(proposed), LEAD)
    return number == 1


def worth_signals(event: StoryEvent, events: Sequence[StoryEvent], doc: Doc, proposed: bool) -> dict[str, float]:
    """Return what speaks for and against a row."""
    passages, first = event.passages, event.passages[0]
    agents = [span for passage in passages for span in passage.agents]
    patients = [span for passage in passages for span in passage.patients]
    kinds = "harm only" if event.harm_only else "act" if any(p.kind == "act" for p in passages) else "weak"
    told = "kept" if proposed else "left out"
    before = [one for one in events if one.passages[0].trigger.start < first.trigger.start]
    place = "placed" if points(passages) else "in a wide place" if event.spans("places") else "without place"
    armed = _is_armed(agents + patients)
    weapons = any(passage.weapons for passage in passages)
    names = {
        "always",
        told,
        f"{told}, {kinds}",
        f"{told}: {event.type}",
        event.type,
        kinds,
        place,
        f"{place}, {kinds}",
        "dated" * bool(days(passages)),
        f"{'dated' if days(passages) else 'undated'}, {place}",
        _age(event, doc),
        "who acts is named" * any(_is_named(span) for span in agents),
        "who acts is told" * bool(agents),
        "who undergoes is told" * bool(patients),
        "armed" * armed,
        "a crowd" * any(mention_of(span).inter in CROWD for span in agents + patients),
        "weapons" * weapons,
        "persons" * any(passage.persons for passage in passages),
        "property" * any(passage.civil_property for passage in passages),
        *(f"{mention_of(count).count_of} counted" for count in event.spans("counts")),
        "anaphoric" * all(passage.anaphoric for passage in passages),
        "plural" * all(passage.plural for passage in passages),
        "pluperfect" * all(any(t.lower_ == "had" for t in p.trigger.root.children) for p in passages),
        "a noun" * all(passage.trigger.root.pos_ in ("NOUN", "PROPN") for passage in passages),
        *(f"as {passage.kind}" for passage in passages),
        *(f"frame {passage.frame}" for passage in passages),
        *(f"{passage.standing.certainty}" for passage in passages),
        *(f"word {passage.trigger.root.lemma_.lower()}" for passage in passages),
        "in a headline or caption" * (event.zone is not None),
        "several passages" * (len(passages) > 1),
        "the first" * (not before),
        "the only one" * (len(events) == 1),
        "one of its type before" * any(one.type == event.type for one in before),
        "one there before" * any(points(one.passages) & points(passages) for one in before),
        "in a clause" * all(p.trigger.root.dep_.startswith(("acl", "advcl", "ccomp", "xcomp")) for p in passages),
        "in a phrase" * all(p.trigger.root.dep_.startswith(("obl", "nmod", "appos", "compound")) for p in passages),
    }
    shares = [passage.opinion for passage in passages if passage.opinion]
    none = min((share[NO_EVENT] for share in shares), default=0.5)
    kind = max((share[name] for share in shares for name in SUB_EVENT_TYPES), default=0.5)
    same = max((share[event.type] for share in shares), default=0.5)
    evidence = "hurt" if _is_harmful(event) else "armed" if armed or weapons else "bare"
    names |= {f"doubted, {evidence}" * (none >= DOUBT)}
    values = {
        "model: none": log(max(FLOOR, none)),
        "model: some": log(max(FLOOR, 1 - none)),
        "model: surest type": kind,
        "model: its type": log(max(FLOOR, same)),
        "depth in the text": first.trigger.start / len(doc),
    }
    return true(names) | values


def _is_plain(event: StoryEvent) -> bool:
    """Return whether people are counted dead or hurt in a named place: nothing speaks against such a report."""
    return bool(points(event.passages)) and _is_harmful(event)


def _is_harmful(event: StoryEvent) -> bool:
    return any(mention_of(count).count_of in VICTIMS for count in event.spans("counts"))


def _is_violent(event: StoryEvent) -> bool:
    """Return whether an act, who acts or a weapon is told, or ground surely taken: deaths may be an accident's."""
    return any(
        (passage.kind == "act" and passage.frame not in HARM)
        or (passage.type in TERRITORY and passage.opinion.get(passage.type, 0.0) >= SURE)
        or passage.agents
        or passage.weapons
        or _is_armed(passage.patients)
        for passage in event.passages
    )


def _is_armed(spans: Iterable[Span]) -> bool:
    return any(mention_of(span).inter in ARMED for span in spans)


def _age(event: StoryEvent, doc: Doc) -> str:
    """Return how old an event is by its own dates."""
    starts = [mention_of(date).date_start for p in event.passages for date in p.dates if mention_of(date).date_start]
    if not starts or doc._.published is None:
        return "of no age"
    age = min((doc._.published - start).days for start in starts)
    return next((name for limit, name in _AGES if age <= limit), "old")


def _is_named(span: Span) -> bool:
    return not span.kb_id_.startswith("Unidentified")
