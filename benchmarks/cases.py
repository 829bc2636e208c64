"""What there is to choose for the events of gold articles, and what of it is right.

Choices build on one another (who acts depends on where it was), so each kind of case is made from what the weights in
use choose before it: threads, then which events are told, then types, then place, date and deaths, then the two sides.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from unittest.mock import patch

from spacy.tokens import Span

from benchmarks.annotated import Text
from benchmarks.scoring import CELLS, paired, same_name
from pipeline.encode import reports, story, told
from pipeline.encode.aggregates import aggregate_rows
from pipeline.encode.candidates import Candidate
from pipeline.encode.casting import options
from pipeline.encode.casting_signals import Play, Readings
from pipeline.encode.choosing import Signals
from pipeline.encode.deaths import BLOODLESS, Deaths
from pipeline.encode.events import StoryEvent, conflict, days, points
from pipeline.encode.mentions import MentionIndex
from pipeline.encode.positions import Positions
from pipeline.encode.reports import fill_date, fill_parties, fill_place, stage
from pipeline.encode.scene import Scene
from pipeline.encode.setting import Option, Setting
from pipeline.encode.story import is_off_topic, tell
from pipeline.encode.threads import thread_signals
from pipeline.encode.type_choice import choose_type, type_signals
from pipeline.encode.worth import worth_signals
from pipeline.tables import Row
from pipeline.taxonomy import SUB_EVENT_TYPES

Signal = tuple[str, str]  # part, name
SIDES = ("first", "second", "pair")


@dataclass(slots=True)
class Case:
    """One choice for an event of a gold file: the signals of what the text offers, and what of it is right."""

    choice: str
    file: str
    article: str
    offers: list[dict[Signal, float]] = field(default_factory=list)
    right: set[int] = field(default_factory=set)  # empty: the text offers nothing that is right
    proposed: int | None = 0  # by the rules; None: what they propose cannot be


def _case(choice: str, text: Text, offers: Sequence[Signals], right: set[int], proposed: int) -> Case:
    named = [{(choice, name): value for name, value in offer.items()} for offer in offers]
    return Case(choice, text.file, text.name, named, right, proposed)


# -- the story: which passages tell one event, and which events are told ---------------------------------------------


def thread_cases(text: Text) -> Iterator[Case]:
    """Yield for each passage but the first which event it goes on with, by the passages that gold quotes."""
    if is_off_topic(text.doc):
        return
    rows = _Quoted(text)
    cases: list[Case] = []

    def record(
        event: StoryEvent, before: Sequence[StoryEvent], proposed: StoryEvent | None, positions: Positions
    ) -> StoryEvent | None:
        right = rows.threads(event, before)
        by_rules = len(before) if proposed is None else next(n for n, one in enumerate(before) if one is proposed)
        if right:
            cases.append(_case("same", text, thread_signals(event, before, proposed, positions), right, by_rules))
        chosen = by_rules if by_rules in right or not right else max(right)
        return before[chosen] if chosen < len(before) else None

    with patch.object(story, "thread", record):
        _tell(text)
    yield from cases


def told_cases(text: Text) -> Iterator[Case]:
    """Yield for each event whether gold has it; a second telling of one is not to be told."""
    if is_off_topic(text.doc):
        return
    rows = _Quoted(text)
    cases: list[Case] = []
    taken: set[int] = set()

    def record(event: StoryEvent, events: Sequence[StoryEvent], doc: object, proposed: bool) -> bool:
        quoted = rows.of(event)
        if quoted and all(text.gold[row].get("optional") for row in quoted):
            return True
        good = bool(quoted - taken)
        taken.update(quoted)
        signals = worth_signals(event, events, text.doc, proposed)
        cases.append(_case("told", text, [{}, signals], {int(good)}, int(proposed)))
        return good

    with patch.object(told, "is_worth_a_row", record):
        _tell(text)
    yield from cases


def _tell(text: Text) -> list[StoryEvent]:
    index = MentionIndex(text.doc)
    totals = aggregate_rows(text.doc, index, Scene(text.doc, index), text.document)
    return tell(text.doc, index, {token for total in totals for token in total.tokens})


class _Quoted:
    """Which events of gold are quoted where in a text."""

    def __init__(self, text: Text) -> None:
        self.quotes: list[tuple[int, Row, range]] = []
        for number, row in enumerate(text.gold):
            words = r"\s+".join(map(re.escape, row["evidence"].split()))
            found = re.search(words, text.doc.text) if row["record_type"] == "event" else None
            if found is not None:
                self.quotes.append((number, row, range(*found.span())))

    def of(self, event: StoryEvent) -> set[int]:
        """Return the gold rows whose quotation holds the words that tell an event."""
        return set().union(*(self._of(passage) for passage in event.passages))

    def _of(self, passage: Candidate) -> set[int]:
        start, sentence = passage.trigger.start_char, passage.sentence
        exact = {number for number, _, quote in self.quotes if start in quote}
        kind = SUB_EVENT_TYPES[passage.type][0]
        near = {
            number
            for number, row, quote in self.quotes
            if row["event_type"] == kind and quote.start < sentence.end_char and sentence.start_char < quote.stop
        }
        return exact or near

    def threads(self, event: StoryEvent, before: Sequence[StoryEvent]) -> set[int]:
        """Return which events told before an event may go on with; the number of them all: it may be a new one.

        A passage that gold does not quote tells more of some event that it does not contradict.
        """
        own, new = self.of(event), len(before)
        if own:
            same = {n for n, one in enumerate(before) if own & self.of(one)}
            unknown = {n for n, one in enumerate(before) if not self.of(one) and not _contradict(event, one)}
            return same or {new} | unknown
        return {n for n, one in enumerate(before) if not _contradict(event, one)}


def _contradict(event: StoryEvent, other: StoryEvent) -> bool:
    places = conflict(points(event.passages), points(other.passages))
    return places or conflict(days(event.passages), days(other.passages))


# -- the cells of its events ------------------------------------------------------------------------------------------


@dataclass(slots=True)
class _Staged:
    """The events of a text and the gold row of each that has one."""

    events: list[StoryEvent]
    index: MentionIndex
    scene: Scene
    positions: Positions
    setting: Setting
    deaths: Deaths
    staged: list[tuple[reports.Row, Play]]
    found: dict[int, Row]
    totals: list[reports.Row]


def _staged(text: Text, types_known: bool = True, setting_known: bool = True) -> _Staged:
    index = MentionIndex(text.doc)
    scene = Scene(text.doc, index)
    totals = aggregate_rows(text.doc, index, scene, text.document)
    counted = {token for total in totals for token in total.tokens}
    events = tell(text.doc, index, counted)
    for event in events if types_known else ():
        choose_type(event, index)
    positions = Positions(text.doc)
    setting = Setting(events, scene, index, positions)
    deaths = Deaths(events, scene, index, positions, counted)
    staged = []
    for n, event in enumerate(events):
        chosen = (setting.place(n)[0], setting.date(n)[0], deaths.of(n)[0])
        proposed = (setting.proposed_places[n], setting.proposed_dates[n], deaths.proposed[n])
        row, play = stage(event, *(chosen if setting_known else proposed), scene, text.document)
        fill_parties(row, play.proposed)
        staged.append((row, play))
    pairs = paired(text.gold, [row for row, _ in staged])
    wanted = {r: text.gold[g] for g, r in sorted(pairs.items())}
    found = {r: row for r, row in wanted.items() if row["record_type"] == "event" and not row.get("optional")}
    return _Staged(events, index, scene, positions, setting, deaths, staged, found, [total.row for total in totals])


def type_cases(text: Text) -> Iterator[Case]:
    """Yield the sub-event types of the found events."""
    kinds = list(SUB_EVENT_TYPES)
    known = _staged(text, types_known=False, setting_known=False)
    for n, gold in known.found.items():
        event = known.events[n]
        if gold["sub_event_type"] and not any(passage.firm for passage in event.passages):
            right, proposed = kinds.index(gold["sub_event_type"]), kinds.index(event.type)
            yield _case("type", text, type_signals(event, known.index), {right}, proposed)


def setting_cases(text: Text) -> Iterator[Case]:
    """Yield the places, dates and deaths of the found events."""
    known = _staged(text, setting_known=False)
    for n, gold in known.found.items():
        setting = known.setting
        offers, proposed = setting.place_options(n), setting.proposed_places[n]
        rows = [_with(fill_place, offer, known.scene) for offer in offers]
        yield _of_mentions("place", text, offers, proposed, [CELLS["location"](gold, row) for row in rows])
        offers, proposed = setting.date_options(n), setting.proposed_dates[n]
        rows = [_with(fill_date, offer, known.scene) for offer in offers]
        yield _of_mentions("date", text, offers, proposed, [CELLS["event_date"](gold, row) for row in rows])
        if known.events[n].type not in BLOODLESS:
            tolls = known.deaths.options(n)
            figures = [option.toll.deaths if option.toll else 0 for option in tolls]
            right = {k for k, figure in enumerate(figures) if figure == (gold["fatalities"] or 0)}
            yield _case("deaths", text, [option.signals for option in tolls], right, 0)


def _with(fill: Callable[[reports.Row, Span | None, Scene], None], offer: Option, scene: Scene) -> Row:
    row = reports.Row({"doc_id": ""})
    fill(row, offer.span, scene)
    return row


def _of_mentions(choice: str, text: Text, offers: list[Option], proposed: Span | None, fits: list[bool]) -> Case:
    by_rules = next(n for n, offer in enumerate(offers) if offer.span == proposed)
    return _case(choice, text, [offer.signals for offer in offers], {n for n, fit in enumerate(fits) if fit}, by_rules)


def party_cases(text: Text) -> Iterator[Case]:
    """Yield the pairs of sides of the found events."""
    known = _staged(text)
    plays = [play for _, play in known.staged]
    readings = Readings(plays, text.doc, known.index, known.positions, known.totals)
    for n, gold in known.found.items():
        yield _of_parties(Case("parties", text.file, text.name), gold, *known.staged[n], readings)


def _of_parties(case: Case, gold: Row, row: Row, play: Play, readings: Readings) -> Case:
    wanted = (gold["actor1"], gold["actor2"])
    if _fits(row, wanted[::-1]) > _fits(row, wanted):
        wanted = wanted[::-1]  # who comes first is not what is learnt here
    case.proposed = None
    for one in options(play, readings, 1):
        for other in options(play, readings, 2):
            names = one.side.name(play.country), other.side.name(play.country)
            if all(map(same_name, names, wanted)):
                case.right.add(len(case.offers))
            if play.proposes(one.side, other.side):
                case.proposed = len(case.offers)
            told = zip(SIDES, (one.signals, other.signals, readings.of_pair(one, other, play)), strict=True)
            case.offers.append({(part, name): value for part, signals in told for name, value in signals.items()})
    return case


def _fits(row: Row, names: tuple[str | None, ...]) -> int:
    return sum(name is not None and same_name(row[f"actor{n + 1}"], name) for n, name in enumerate(names))


# What is chosen together, in the order in which the pipeline chooses.
STAGES: tuple[tuple[tuple[str, ...], Callable[[Text], Iterator[Case]]], ...] = (
    (("same",), thread_cases),
    (("told",), told_cases),
    (("type",), type_cases),
    (("place", "date", "deaths"), setting_cases),
    (("parties",), party_cases),
)
