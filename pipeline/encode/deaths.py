"""How many were killed in an event: the figure weighed among all that its text gives.

The rules propose the toll of an event's own words; it competes with the counts of the dead of every other sentence and
with none. What kills nobody by its definition (arrests, agreements, peaceful protests ...) has no deaths, whatever
stands beside it (ACLED codebook: where somebody is killed the event is coded as the killing).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from math import log1p

from spacy.tokens import Span

from pipeline.encode.casualties import RIVAL, Toll, added, told_of, toll
from pipeline.encode.choosing import best, score, true
from pipeline.encode.events import KILLING, StoryEvent, conflict, days, days_of, points
from pipeline.encode.mentions import MentionIndex
from pipeline.encode.positions import Positions
from pipeline.encode.scene import Scene
from pipeline.encode.senses import context_words
from pipeline.mentions import mention_of, mentions_of
from pipeline.taxonomy import STRATEGIC, SUB_EVENT_TYPES

BLOODLESS = frozenset(
    {"Peaceful protest", "Protest with intervention", "Abduction/forced disappearance"}
    | {name for name, (event_type, _) in SUB_EVENT_TYPES.items() if event_type == STRATEGIC}
)
# Days before publication from which a date beside a figure is of something older than the news.
OLD = 10


@dataclass(slots=True)
class Option:
    """A toll that an event could have; None: nobody is said to have died."""

    toll: Toll | None
    signals: dict[str, float] = field(default_factory=dict)


class Deaths:
    """The counts of the dead of one text, for all its events.

    counted (container of int): Tokens that tell totals: their dead are those of many events.
    """

    def __init__(
        self,
        events: Sequence[StoryEvent],
        scene: Scene,
        index: MentionIndex,
        positions: Positions,
        counted: Container[int] = (),
    ) -> None:
        self.events, self.index = events, index
        self.positions = positions
        self._killed_here = [self._is_killed_here(event) for event in events]
        own = ([c for c in event.spans("counts") if c.root.i not in counted] for event in events)
        self.proposed = [toll(counts, "fatalities") for counts in own]
        self._tolls = self._told(scene, counted)
        self._sums_of = [self._sums(event) for event in events]
        self._own = [(points(e.passages), days(e.passages), e.spans("counts")) for e in events]
        self._told_beside: dict[int, tuple[set[str], set[str], set[str]]] = {}  # by id of tolls that are kept here
        occasions = (passage for event in events for passage in event.passages if passage.is_occasion)
        self._occasions = {count for passage in occasions for count in passage.counts}

    def of(self, number: int) -> tuple[Toll | None, float]:
        """Return the toll of an event, by its number, and its probability (0-1)."""
        if self.events[number].type in BLOODLESS:
            return None, 1.0
        options = self.options(number)
        chosen, share = best([score(option.signals, "deaths") for option in options], 0)
        return options[chosen].toll, share

    def options(self, number: int) -> list[Option]:
        """Return the tolls that an event could have, each figure once, the proposal first."""
        proposed = self.proposed[number]
        found: dict[int, Option] = {}
        tolls = [told for told in self._tolls if not (self._is_occasion(told) or self._is_of_another(told, number))]
        for told in (proposed, None, *tolls, *self._sums_of[number]):
            figure = told.deaths if told else 0
            option = found.setdefault(figure, Option(told))
            option.signals |= self._of_toll(told, number) if told else self._of_none(number)
        return list(found.values())

    @staticmethod
    def _told(scene: Scene, counted: Container[int]) -> list[Toll]:
        """Return what each sentence says in sum, and each of its counts alone."""
        sentences: dict[int, list[Span]] = defaultdict(list)
        for count in mentions_of(scene.doc, "COUNT"):
            if mention_of(count).count_of == "fatalities" and count.root.i not in counted:
                sentences[count[0].sent.start].append(count)
        groups = [group for counts in sentences.values() for group in (counts, *([count] for count in counts))]
        return [told for told in (toll(group, "fatalities") for group in groups) if told is not None]

    def _sums(self, event: StoryEvent) -> list[Toll]:
        """Return what all sentences of an event make together: "nine bandits were killed", "one soldier also died".

        A sentence that names a day or year of its own tells of others.
        """
        counts = [c for c in told_of(event.spans("counts"), "fatalities") if mention_of(c).canonical != RIVAL]
        counts = [c for c in counts if c[0].sent == counts[0][0].sent or not self.index.in_sentence(c[0].sent, "DATE")]
        return [added(counts)] if _over_sentences(counts) else []

    def _is_occasion(self, told: Toll) -> bool:
        """Return whether a toll is of deaths that are told as the reason for something else."""
        return all(span in self._occasions for span in told.evidence)

    def _is_of_another(self, told: Toll, number: int) -> bool:
        """Return whether a toll is told of an event on another day."""
        day = self._own[number][1]
        return any(
            own is not None
            and any(span in own.evidence for span in told.evidence)
            and conflict(day, days(other.passages))
            for other, own in zip(self.events, self.proposed, strict=True)
        )

    def _of_none(self, number: int) -> dict[str, float]:
        event = self.events[number]
        names = {
            "none",
            f"none: {event.type}",
            f"none, {'proposed' if self.proposed[number] is None else 'another proposed'}",
            "none, killing told" * any(passage.frame in KILLING for passage in event.passages),
            "none, only harm told" * event.harm_only,
            "none, KILLED here" * self._killed_here[number],
            "none, deaths told elsewhere" * bool(self._tolls),
        }
        return true(names)

    def _of_toll(self, told: Toll, number: int) -> dict[str, float]:
        event, proposed = self.events[number], self.proposed[number]
        figures = [other for n, other in enumerate(self.proposed) if n != number and other is not None]
        taken = [other for other in figures if any(span in other.evidence for span in told.evidence)]
        own, own_days, counts = self._own[number]
        there, days_there, beside = self._beside(told)
        is_proposed = proposed is not None and proposed.deaths == told.deaths
        own_counts = all(span in counts for span in told.evidence)
        names = {
            "proposed" * is_proposed,
            f"proposed: {event.type}" * is_proposed,
            "another proposed" * (proposed is not None and not is_proposed),
            "none proposed" * (proposed is None),
            "the event's own" * own_counts,
            "several counts" * (len(told.evidence) > 1),
            *(_of_sum(told, SUB_EVENT_TYPES[event.type][0] == "Battles") if _over_sentences(told.evidence) else ()),
            "of another event" * bool(taken),
            "of another event, none proposed here" * (bool(taken) and proposed is None),
            "on its day" * bool(own_days & days_there),
            "on another day" * conflict(own_days, days_there),
            "in its place" * bool(own & there),
            "in another place" * conflict(own, there),
            "over ten" * (told.deaths > 10),
            "over a hundred" * (told.deaths > 100),
            "KILLED elsewhere" * self._killed_here[number],
            "lower than proposed" * (proposed is not None and told.deaths < proposed.deaths),
            "the event's own, lower" * (proposed is not None and told.deaths < proposed.deaths and own_counts),
            "a rise over proposed" * (proposed is not None and told.deaths > proposed.deaths and own_counts),
        }
        names |= beside | self.positions.told(told.evidence, event)
        return true(names) | {"figure": log1p(told.deaths)}

    def _beside(self, told: Toll) -> tuple[set[str], set[str], set[str]]:
        """Return the places and days beside a toll, and its signals for whatever event; looked up once."""
        if id(told) not in self._told_beside:
            sentences = [span[0].sent for span in told.evidence]
            names = {
                "KILLED there" * any(self.index.roles.get(t.i) == "KILLED" for span in told.evidence for t in span),
                "beside an old date" * self._is_old(told),
                *self._parties(told),
            }
            self._told_beside[id(told)] = (
                {place.kb_id_ for sentence in sentences for place in self.index.in_sentence(sentence, "PLACE")},
                days_of(date for sentence in sentences for date in self.index.in_sentence(sentence, "DATE")),
                names,
            )
        return self._told_beside[id(told)]

    def _is_old(self, told: Toll) -> bool:
        """Return whether all dates beside a toll lie long before publication."""
        published = told.evidence[0].doc._.published
        beside = [d for s in told.evidence for d in self.index.in_sentence(s[0].sent, "DATE")]
        ends = [end for d in beside if (end := mention_of(d).date_end or mention_of(d).date_start) is not None]
        return published is not None and bool(ends) and all((published - end).days > OLD for end in ends)

    def _parties(self, told: Toll) -> set[str]:
        """Return whether figures that are added are of the dead of both sides."""
        dead = [actor for span in told.evidence if (actor := self.index.actor_of(span.root)) is not None]
        where = "over sentences" if _over_sentences(told.evidence) else "in one sentence"
        return {
            f"{where}, two parties" * (len({actor.kb_id_ for actor in dead}) > 1),
            f"{where}, two kinds of parties" * (len({mention_of(actor).inter for actor in dead}) > 1),
        }

    def _is_killed_here(self, event: StoryEvent) -> bool:
        sentences = (passage.sentence for passage in event.passages)
        return any(self.index.roles.get(token) == "KILLED" for s in sentences for token in range(s.start, s.end))


def _over_sentences(counts: Sequence[Span]) -> bool:
    """Return whether counts stand in several sentences."""
    return len(counts) > 1 and len({count[0].sent.start for count in counts}) > 1


def _of_sum(told: Toll, battle: bool) -> set[str]:
    """Return what speaks for and against adding figures of several sentences."""
    words = [{t.lemma_.lower() for t in span if t.pos_ in ("NOUN", "PROPN")} for span in told.evidence]
    sentences = [span[0].sent for span in told.evidence[1:]]
    figures = [mention_of(span).count_value or 0 for span in told.evidence]
    more_words = context_words("one_more")
    more = any(token.lower_ in more_words for sentence in sentences for token in sentence)
    return {
        "over sentences",
        "over sentences, of one kind" * any(one & other for one, other in combinations(words, 2)),
        "over sentences, one more" * more,
        "over sentences, in a battle" * battle,
        "over sentences, a breakdown" * (figures[0] == sum(figures[1:])),
        "over sentences, larger ones follow" * (max(figures[1:]) > figures[0]),
    }
