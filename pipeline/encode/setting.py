"""Where and when: the place and the date of an event, weighed among all that its text names.

`Scene` proposes a mention by the nearest context; it competes with every other place and date of the text, with no
place at all, and with the day of publication.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from math import log1p

from spacy.tokens import Span

from pipeline.encode.arguments import case_of
from pipeline.encode.candidates import CONTEXT_ONLY
from pipeline.encode.choosing import Part, best, score, true
from pipeline.encode.events import WIDE, StoryEvent
from pipeline.encode.mentions import MentionIndex
from pipeline.encode.positions import Positions
from pipeline.encode.scene import Scene
from pipeline.event_dates import EventDate, event_date
from pipeline.mentions import mention_of, mentions_of, zone_at
from pipeline.place_names import bare_key

# Prepositions, and words before a date, that are signals of their own.
_CASES = frozenset({"in", "at", "near", "on", "from", "to", "of", "between", "outside", "into", "for", "by", "through"})
_BEFORE = frozenset({"on", "in", "since", "until", "after", "before", "by", "from", "of", "the", "last", "and", "to"})
_AGES = ((0, "today"), (1, "yesterday"), (7, "this week"), (31, "this month"), (366, "this year"))
_COARSE = frozenset({"admin1", "district"})


@dataclass(slots=True)
class _Named:
    """A place or day that a text names: its mentions, and what can be said of it whatever the event."""

    spans: list[Span]
    kind: str
    signals: set[str]


@dataclass(slots=True)
class Option:
    """A place or date that an event could have: its mentions, the first of which is coded, or none."""

    spans: list[Span]
    signals: dict[str, float] = field(default_factory=dict)
    here: list[Span] = field(default_factory=list)  # those of its mentions that stand in a passage of the event

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
        self._owned = {
            role: {span for event in events for passage in event.passages for span in getattr(passage, role)}
            for role in ("places", "dates")
        }
        self._places = [self._place_named(spans) for spans in _grouped(mentions_of(scene.doc, "PLACE"), _place_key)]
        self._dates = [self._date_named(spans) for spans in _grouped(mentions_of(scene.doc, "DATE"), _date_key)]

    def place(self, number: int) -> tuple[Span | None, float]:
        """Return the place mention of an event, by its number, and its probability (0-1)."""
        return _choose(self.place_options(number), self.proposed_places[number], "place")

    def date(self, number: int) -> tuple[Span | None, float]:
        """Return the date mention of an event, by its number, and its probability; None is the day of publication."""
        return _choose(self.date_options(number), self.proposed_dates[number], "date")

    def place_options(self, number: int) -> list[Option]:
        """Return the places that an event could have, no place among them."""
        event, proposed = self.events[number], self.proposed_places[number]
        told = {f"nowhere, {'proposed' if proposed is None else 'another proposed'}"}
        told |= {"nowhere, but places told" * bool(event.spans("places")), "nowhere"}
        points = self._points_here(event)
        last = max(passage.trigger.start for passage in event.passages)
        offers = []
        for named in self._places:
            if proposed not in named.spans and self._heads_what_follows(named.spans, last):
                continue
            offer = self._offer(named, number, self.proposed_places)
            offer.signals |= true(self._of_place(named, offer, proposed, points))
            offers.append(offer)
        for offer in offers:
            offer.signals |= true(_nested(offer, offers))
        return [*offers, Option([], true(told))]

    def _heads_what_follows(self, spans: list[Span], last: int) -> bool:
        """Return whether a place stands only in headings behind an event's last word: they place what is below."""
        return all(span.start > last and self.scene.is_heading(span.sent) for span in spans)

    def date_options(self, number: int) -> list[Option]:
        """Return the dates that an event could have, that of publication (no mention) among them."""
        event, proposed = self.events[number], self.proposed_dates[number]
        told = {"publication", f"publication, {'proposed' if proposed is None else 'another proposed'}"}
        told |= {"publication, but dates told" * bool(event.spans("dates"))}
        earlier = _is_past_perfect(event)
        told |= {"publication, told in the past perfect" * earlier}
        offers = []
        for named in self._dates:
            offer = self._offer(named, number, self.proposed_dates)
            offer.signals |= true(self._of_date(named, offer, earlier))
            offers.append(offer)
        return [*offers, Option([], true(told))]

    def _offer(self, named: _Named, number: int, proposals: Sequence[Span | None]) -> Option:
        """Return the option of one place or day, its proposed or nearest mention first, with what both can show."""
        event, proposed = self.events[number], proposals[number]
        spans = sorted(named.spans, key=lambda span: (span != proposed, self.positions.distance(span, event)))
        kind, label = named.kind, spans[0].label_
        here = self.positions.here(spans, event)
        role = "places" if label == "PLACE" else "dates"
        own = {span for passage in event.passages for span in getattr(passage, role)}
        leading = getattr(event.leading[0], role)
        heads = [passage.trigger.root for passage in event.passages]
        is_told = [any(self.index.roles.get(token.i) == label for token in span) for span in here]
        source = self._source(proposed, own, event)
        is_proposed = proposed is not None and proposed in spans
        names = {
            kind,
            f"proposed {source}" * is_proposed,
            f"proposed {source}, {kind}" * is_proposed,
            f"another proposed {source}, this {kind}" * (not is_proposed and proposed is not None),
            "the event's own" * any(span in own for span in spans),
            "the leading passage's own" * any(span in leading for span in spans),
            "below the word" * any(head.is_ancestor(span.root) for span in here for head in heads),
            f"{label} here" * any(is_told),
            f"no {label} here" * (bool(here) and not any(is_told)),
        }
        names |= self.positions.told(spans, event) | _beside(spans, number, proposals)
        names |= self._lent(spans, own, role, event)
        away = log1p(min(abs(span.start - head.i) for span in spans for head in heads))
        return Option(spans, true(names) | {"mentions": log1p(len(spans)), "words away": away}, here)

    def _lent(self, spans: list[Span], own: set[Span], role: str, event: StoryEvent) -> set[str]:
        """Return whether mentions are the own ones of other events, and on which side of this one all of them stand."""
        heads = [passage.trigger.start for passage in event.passages]
        starts = [span.start for span in spans]
        side = "behind" if min(starts) > max(heads) else "before" if max(starts) < min(heads) else ""
        names = {f"all {side}" * bool(side)}
        if any(span in self._owned[role] for span in spans) and not any(span in own for span in spans):
            names |= {"another event's own", f"another event's own, {side}" * bool(side)}
        return names

    def _place_named(self, spans: list[Span]) -> _Named:
        mention, kind = mention_of(spans[0]), _kind_of(spans[0])
        signals = {
            f"{kind}, precision {mention.geo_precision}",
            "a mere context" * all(mention_of(span).confidence < CONTEXT_ONLY for span in spans),
            "unsure" * all(mention_of(span).confidence < 0.65 for span in spans),
            "in a heading" * any(self.scene.is_heading(span.sent) for span in spans),
            "in the main country" * (mention.country == self.scene.country),
            "in the dateline" * any(zone_at(self.scene.doc, span.start_char) == "dateline" for span in spans),
        }
        return _Named(spans, kind, signals)

    def _date_named(self, spans: list[Span]) -> _Named:
        unsure = all(mention_of(span).confidence < 0.85 for span in spans)
        return _Named(spans, _kind_of(spans[0]), {self._age(mention_of(spans[0]).date_start), "unsure" * unsure})

    def _of_place(self, named: _Named, offer: Option, proposed: Span | None, points: int) -> set[str]:
        """Return what only a place can show; `points`: how many narrow places the event's own sentences name."""
        names = set().union(*(_cases(span) for span in offer.here))
        names |= {"the only point here" * (named.kind == "point" and points == 1 and bool(offer.here))}
        if proposed is not None and proposed not in offer.spans:
            names |= _compared(offer.spans[0], proposed)
        return names | named.signals

    def _of_date(self, named: _Named, offer: Option, earlier: bool) -> set[str]:
        """Return what only a date can show; `earlier`: the event is told as earlier than the story."""
        before = (span.doc[span.start - 1].lower_ for span in offer.here if span.start)
        age = self._age(mention_of(named.spans[0]).date_start)
        told = {f"told in the past perfect, {age}" * earlier}
        return {f"{word} here" for word in before if word in _BEFORE} | named.signals | told

    def _source(self, proposed: Span | None, own: set[Span], event: StoryEvent) -> str:
        """Return why the rules propose a mention: it is the event's own, or how far away its sentence is."""
        if proposed is None or proposed in own:
            return "by the event's words"
        if self.scene.is_heading(proposed.sent):
            return "by a heading"
        return "by its sentence" if self.positions.distance(proposed, event) == 0 else "by its context"

    def _points_here(self, event: StoryEvent) -> int:
        places = (place for p in event.passages for place in self.index.in_sentence(p.sentence, "PLACE"))
        return len({place.kb_id_ for place in places if _kind_of(place) == "point"})

    def _age(self, start: dt.date | None) -> str:
        published = self.scene.doc._.published
        if published is None or start is None:
            return "of unknown age"
        days = (published - start).days
        return next((name for limit, name in _AGES if days <= limit), "older") if days >= 0 else "ahead"


def _choose(options: list[Option], proposed: Span | None, part: Part) -> tuple[Span | None, float]:
    by_rules = next(n for n, option in enumerate(options) if option.span == proposed)
    number, share = best([score(option.signals, part) for option in options], by_rules)
    return options[number].span, share


def _is_past_perfect(event: StoryEvent) -> bool:
    """Return whether an event is told as earlier than the story: "gunmen had raided the village"."""
    verbs = (passage.trigger.root for passage in event.leading)
    return any(child.dep_.startswith("aux") and child.lower_ == "had" for verb in verbs for child in verb.children)


def _cases(place: Span) -> set[str]:
    """Return the preposition before a place, or before what it is joined to, and whether it tells whose home it is."""
    first = place.root
    while first.dep_ == "conj" and not case_of(first):
        first = first.head
    case = case_of(first).split(" ")[-1]
    if case not in _CASES:
        return set()
    return {f"{case} here", f"{case} here, of somebody" * (case in ("from", "of") and first.head.pos_ == "NOUN")}


def _kind_of(span: Span) -> str:
    """Return how narrow a place is, or to what a date is exact."""
    mention = mention_of(span)
    if span.label_ == "DATE":
        return str(mention.date_precision)
    return "wide" if mention.feature in WIDE else mention.feature if mention.feature in _COARSE else "point"


def _nested(offer: Option, offers: Sequence[Option]) -> set[str]:
    """Return whether, of the places of an event's sentences, one is the seat of the area that another lies in."""
    others = [other for other in offers if other.here and other is not offer] if offer.here else []
    return {
        "seat of another's area" * any(_is_seat(offer.spans[0], other.spans[0]) for other in others),
        "in the area of another" * any(_is_seat(other.spans[0], offer.spans[0]) for other in others),
    }


def _is_seat(seat: Span, place: Span) -> bool:
    """Return whether a place gives its name to the province or district that another place lies in."""
    one, other = mention_of(seat), mention_of(place)
    if one.country != other.country or not one.canonical or one.canonical == other.canonical:
        return False
    if seat.root in place.root.conjuncts:
        return False  # "between Diffa and Bosso"
    return bare_key(one.canonical) in {bare_key(area) for area in (other.admin1, other.admin2) if area}


def _compared(place: Span, proposed: Span) -> set[str]:
    """Return how a place lies to the proposed one: in the same province, narrower, wider, elsewhere."""
    one, other = mention_of(place), mention_of(proposed)
    if one.country != other.country:
        return {"in another country than proposed"}
    is_point, was_point = _kind_of(place) == "point", _kind_of(proposed) == "point"
    same = one.admin1 is not None and one.admin1 == other.admin1
    return {
        "narrower than proposed" * (is_point and not was_point),
        "narrower, same province" * (is_point and not was_point and same),
        "wider than proposed" * (was_point and not is_point),
        "same province as proposed" * same,
    }


def _beside(spans: list[Span], number: int, proposed: Sequence[Span | None]) -> set[str]:
    """Return whether the events before and behind are thought to have the same place or date."""
    others = {n for n, span in enumerate(proposed) if n != number and span is not None and span in spans}
    return {
        "of the event before" * (number - 1 in others),
        "of the event behind" * (number + 1 in others),
        "of another event" * bool(others),
        "of no other event" * (not others and len(proposed) > 1),
    }


def _grouped(spans: Iterable[Span], key: Callable[[Span], object]) -> list[list[Span]]:
    """Return the mentions of each place or day; those without one are left out."""
    groups: dict[object, list[Span]] = defaultdict(list)
    for span in spans:
        name = key(span)
        if name is not None:
            groups[name].append(span)
    return list(groups.values())


def _place_key(span: Span) -> tuple[object, ...]:
    mention = mention_of(span)
    return (mention.canonical, mention.latitude, mention.longitude, mention.geo_precision)


def _date_key(span: Span) -> EventDate | None:
    told = mention_of(span)
    if told.date_start is None:
        return None
    return event_date(told.date_start, told.date_end, told.date_precision, basis=told.date_basis)
