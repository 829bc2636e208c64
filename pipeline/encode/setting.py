"""Where and when: the place and the date of an event, weighed among all that its text names.

`Scene` proposes a mention by the nearest context; it competes with every other place and date of the text, with no
place at all, and with the day of publication.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from math import log1p

from spacy.tokens import Span

from pipeline.encode.arguments import case_of
from pipeline.encode.choosing import Part, best, score, true
from pipeline.encode.events import WIDE, StoryEvent
from pipeline.encode.mentions import MentionIndex
from pipeline.encode.positions import Positions
from pipeline.encode.scene import Scene
from pipeline.event_dates import EventDate, event_date
from pipeline.mentions import mentions_of, zone_at

# Prepositions, and words before a date, that are signals of their own.
_CASES = frozenset({"in", "at", "near", "on", "from", "to", "of", "between", "outside", "into", "for", "by", "through"})
_BEFORE = frozenset({"on", "in", "since", "until", "after", "before", "by", "from", "of", "the", "last", "and", "to"})
_AGES = ((0, "today"), (1, "yesterday"), (7, "this week"), (31, "this month"), (366, "this year"))
_COARSE = frozenset({"admin1", "district"})


@dataclass(slots=True)
class Option:
    """A place or date that an event could have: its mentions, the first of which is coded, or none."""

    spans: list[Span]
    signals: dict[str, float] = field(default_factory=dict)

    @property
    def span(self) -> Span | None:
        """The mention that is coded."""
        return self.spans[0] if self.spans else None


class Setting:
    """The places and dates of one text, for all its events, and what `Scene` proposes for each."""

    def __init__(self, events: Sequence[StoryEvent], scene: Scene, index: MentionIndex, positions: Positions) -> None:
        self.events, self.scene, self.index = events, scene, index
        self.positions = positions
        self.proposed_places = [scene.place(event) for event in events]
        self.proposed_dates = [scene.date(event) for event in events]
        self._places = _grouped(mentions_of(scene.doc, "PLACE"), _place_key)
        self._dates = _grouped(mentions_of(scene.doc, "DATE"), _date_key)

    def place(self, number: int) -> tuple[Span | None, float]:
        """Return the place mention of an event, by its number, and its probability (0-1)."""
        return self._choose(self.place_options(number), self.proposed_places[number], "place")

    def date(self, number: int) -> tuple[Span | None, float]:
        """Return the date mention of an event, by its number, and its probability; None is the day of publication."""
        return self._choose(self.date_options(number), self.proposed_dates[number], "date")

    @staticmethod
    def _choose(options: list[Option], proposed: Span | None, part: Part) -> tuple[Span | None, float]:
        by_rules = next(n for n, option in enumerate(options) if option.span == proposed)
        number, share = best([score(option.signals, part) for option in options], by_rules)
        return options[number].span, share

    # -- places ---------------------------------------------------------------------------------------------------

    def place_options(self, number: int) -> list[Option]:
        """Return the places that an event could have, no place among them."""
        event, proposed = self.events[number], self.proposed_places[number]
        found = [Option(self._nearest_first(spans, event)) for spans in self._places.values()]
        for option in found:
            if proposed is not None and proposed in option.spans:
                option.spans = [proposed, *(span for span in option.spans if span != proposed)]
            option.signals = self._of_place(option.spans, number)
        told = {f"nowhere, {'proposed' if proposed is None else 'another proposed'}"}
        told |= {"nowhere, but places told" * bool(event.spans("places")), "nowhere"}
        return [*found, Option([], true(told))]

    def _of_place(self, spans: list[Span], number: int) -> dict[str, float]:
        event, proposed, mention = self.events[number], self.proposed_places[number], spans[0]._.mention
        here = [span for span in spans if 0 in self.positions.steps([span], event)]
        own = [place for passage in event.passages for place in passage.places]
        kind = "wide" if mention.feature in WIDE else mention.feature if mention.feature in _COARSE else "point"
        source = self._source(proposed, own, event)
        is_proposed = proposed is not None and proposed in spans
        names = {
            kind,
            f"{kind}, precision {mention.geo_precision}",
            f"proposed {source}" * is_proposed,
            f"proposed {source}, {kind}" * is_proposed,
            f"another proposed {source}, this {kind}" * (not is_proposed and proposed is not None),
            "the event's own" * any(span in own for span in spans),
            "the leading passage's own" * any(span in event.leading[0].places for span in spans),
            "below the word" * any(p.trigger.root.is_ancestor(s.root) for p in event.passages for s in here),
            "PLACE here" * any(self.index.roles.get(span.root.i) == "PLACE" for span in here),
            "no PLACE here" * (bool(here) and all(self.index.roles.get(span.root.i) != "PLACE" for span in here)),
            "a mere context" * all(span._.mention.confidence < 0.5 for span in spans),
            "unsure" * all(span._.mention.confidence < 0.65 for span in spans),
            "in a heading" * any(self.scene.is_heading(span.sent) for span in spans),
            "in the main country" * (mention.country == self.scene.country),
            "in the dateline" * any(zone_at(self.scene.doc, span.start_char) == "dateline" for span in spans),
            "the only point here" * (kind == "point" and self._points_here(event) == 1 and bool(here)),
        }
        names |= {f"{case} here" for span in here if (case := case_of(span.root).split(" ")[-1]) in _CASES}
        names |= self.positions.told(spans, event) | self._beside(spans, number, self.proposed_places)
        if proposed is not None and not is_proposed:
            names |= self._compared(spans[0], proposed)
        return true(names) | {"mentions": log1p(len(spans)), "words away": self._away(spans, event)}

    def _source(self, proposed: Span | None, own: list[Span], event: StoryEvent) -> str:
        """Return why the rules propose a mention: it is the event's own, or how far away its sentence is."""
        if proposed is None or proposed in own:
            return "by the event's words"
        if self.scene.is_heading(proposed.sent):
            return "by a heading"
        return "by its sentence" if 0 in self.positions.steps([proposed], event) else "by its context"

    def _points_here(self, event: StoryEvent) -> int:
        places = (place for p in event.passages for place in self.index.in_sentence(p.sentence, "PLACE"))
        return len({place.kb_id_ for place in places if place._.mention.feature not in WIDE | _COARSE})

    @staticmethod
    def _compared(place: Span, proposed: Span) -> set[str]:
        """Return how a place lies to the proposed one: in the same province, narrower, wider, elsewhere."""
        one, other = place._.mention, proposed._.mention
        if one.country != other.country:
            return {"in another country than proposed"}
        coarse, was_coarse = one.feature in WIDE | _COARSE, other.feature in WIDE | _COARSE
        same = one.admin1 is not None and one.admin1 == other.admin1
        return {
            "narrower than proposed" * (was_coarse and not coarse),
            "narrower, same province" * (was_coarse and not coarse and same),
            "wider than proposed" * (coarse and not was_coarse),
            "same province as proposed" * same,
        }

    # -- dates ----------------------------------------------------------------------------------------------------

    def date_options(self, number: int) -> list[Option]:
        """Return the dates that an event could have, that of publication (no mention) among them."""
        event, proposed = self.events[number], self.proposed_dates[number]
        found = [Option(self._nearest_first(spans, event)) for spans in self._dates.values()]
        for option in found:
            if proposed is not None and proposed in option.spans:
                option.spans = [proposed, *(span for span in option.spans if span != proposed)]
            option.signals = self._of_date(option.spans, number)
        told = {"publication", f"publication, {'proposed' if proposed is None else 'another proposed'}"}
        told |= {"publication, but dates told" * bool(event.spans("dates"))}
        return [*found, Option([], true(told))]

    def _of_date(self, spans: list[Span], number: int) -> dict[str, float]:
        event, proposed, mention = self.events[number], self.proposed_dates[number], spans[0]._.mention
        here = [span for span in spans if 0 in self.positions.steps([span], event)]
        own = [date for passage in event.passages for date in passage.dates]
        source = self._source(proposed, own, event)
        is_proposed = proposed is not None and proposed in spans
        age = self._age(mention.date_start)
        names = {
            f"{mention.date_precision}",
            age,
            f"proposed {source}" * is_proposed,
            f"proposed {source}, {mention.date_precision}" * is_proposed,
            f"another proposed {source}" * (not is_proposed and proposed is not None),
            "the event's own" * any(span in own for span in spans),
            "the leading passage's own" * any(span in event.leading[0].dates for span in spans),
            "below the word" * any(p.trigger.root.is_ancestor(s.root) for p in event.passages for s in here),
            "DATE here" * any(self.index.roles.get(t.i) == "DATE" for span in here for t in span),
            "no DATE here" * (bool(here) and all(self.index.roles.get(t.i) != "DATE" for span in here for t in span)),
            "unsure" * all(span._.mention.confidence < 0.85 for span in spans),
        }
        before = (span.doc[span.start - 1].lower_ for span in here if span.start)
        names |= {f"{word} here" for word in before if word in _BEFORE}
        names |= self.positions.told(spans, event) | self._beside(spans, number, self.proposed_dates)
        return true(names) | {"mentions": log1p(len(spans)), "words away": self._away(spans, event)}

    def _age(self, start: dt.date | None) -> str:
        published = self.scene.doc._.published
        if published is None or start is None:
            return "of unknown age"
        days = (published - start).days
        return next((name for limit, name in _AGES if days <= limit), "older") if days >= 0 else "ahead"

    # -- both -----------------------------------------------------------------------------------------------------

    def _nearest_first(self, spans: list[Span], event: StoryEvent) -> list[Span]:
        return sorted(spans, key=lambda span: min(abs(step) for step in self.positions.steps([span], event)))

    @staticmethod
    def _away(spans: list[Span], event: StoryEvent) -> float:
        heads = [passage.trigger.root.i for passage in event.passages]
        return min(log1p(abs(span.start - head)) for span in spans for head in heads)

    def _beside(self, spans: list[Span], number: int, proposed: Sequence[Span | None]) -> set[str]:
        """Return whether the events before and behind are thought to have the same place or date."""
        others = {n for n, span in enumerate(proposed) if n != number and span is not None and span in spans}
        return {
            "of the event before" * (number - 1 in others),
            "of the event behind" * (number + 1 in others),
            "of another event" * bool(others),
            "of no other event" * (not others and len(proposed) > 1),
        }


def _grouped(spans: Iterable[Span], key: object) -> dict[object, list[Span]]:
    groups: dict[object, list[Span]] = defaultdict(list)
    for span in spans:
        name = key(span)  # type: ignore[operator]
        if name is not None:
            groups[name].append(span)
    return groups


def _place_key(span: Span) -> object:
    mention = span._.mention
    return (mention.canonical, mention.latitude, mention.longitude, mention.geo_precision)


def _date_key(span: Span) -> EventDate | None:
    told = span._.mention
    if told.date_start is None:
        return None
    return event_date(told.date_start, told.date_end, told.date_precision, basis=told.date_basis)
