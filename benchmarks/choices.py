"""Fit the weights by which parties, places and dates are chosen (`pipeline.encode.choosing`), and say what they gain.

    python -m benchmarks.choices [--write]

Conditional logits: of all that the text offers for an event, what gold has is to be the likeliest. The figures of files
that are learnt from are cross-validated: the events of an article are judged with weights fitted on other articles.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from spacy.tokens import Doc, Span

from benchmarks.evaluate import GOLD, HELD_BACK, LEARNT_FROM, gold_articles
from benchmarks.scoring import CELLS, paired, same_name
from pipeline import load, texts
from pipeline.encode import reports
from pipeline.encode.aggregates import aggregate_rows
from pipeline.encode.casting import options
from pipeline.encode.casting_signals import Play, Readings
from pipeline.encode.choosing import best
from pipeline.encode.deaths import BLOODLESS, Deaths
from pipeline.encode.mentions import MentionIndex
from pipeline.encode.positions import Positions
from pipeline.encode.reports import fill_date, fill_parties, fill_place, stage
from pipeline.encode.scene import Scene
from pipeline.encode.setting import Option, Setting
from pipeline.encode.story import tell
from pipeline.encode.type_choice import type_signals
from pipeline.ingest import ingest
from pipeline.knowledge import knowledge_path
from pipeline.tables import Row
from pipeline.taxonomy import SUB_EVENT_TYPES

FOLDS = 6
PENALTY = 3.0
STEPS = 30
TOLERANCE = 0.01  # weights are written with two decimals
# Signals of fewer events are left out.
LEAST = 8
# Weights that change nothing are not written.
SMALL = 0.05
CHOICES = ("type", "parties", "place", "date", "deaths")
PARTS = ("first", "second", "pair")
HEAD = """# What a signal weighs, in log-odds, in the choice of an event's two sides, its place and its date.
# Written by `python -m benchmarks.choices --write`; signals as in pipeline/encode/casting_signals.py and setting.py.
"""
Array = NDArray[np.float64]
Signal = tuple[str, str]  # part, name


@dataclass(slots=True)
class Case:
    """One choice for an event of a gold file: the signals of what the text offers, and what of it is right."""

    choice: str  # one of CHOICES
    file: str
    article: str
    offers: list[dict[Signal, float]] = field(default_factory=list)
    right: set[int] = field(default_factory=set)  # empty: the text offers nothing that is right
    proposed: int = 0  # by the rules


def main() -> None:
    """Fit, print what is gained, and write the weights if asked."""
    parser = argparse.ArgumentParser(description="Fit the weights of choices.")
    parser.add_argument("--write", action="store_true", help="write data/knowledge/choices.csv")
    write = parser.parse_args().write
    cases, held = list(cases_of(LEARNT_FROM)), list(cases_of(HELD_BACK))
    weights: dict[Signal, float] = {}
    for choice in CHOICES:
        own = [case for case in cases if case.choice == choice]
        chosen: dict[int, int] = {}
        for fold in range(FOLDS):
            fitted = fit([case for case in own if fold_of(case.article) != fold])
            chosen |= {id(case): choose(case, fitted) for case in own if fold_of(case.article) == fold}
        print(gains(choice, own, chosen))
        fitted = fit(own)
        unseen = [case for case in held if case.choice == choice]
        print(gains(f"{choice}, held back", unseen, {id(case): choose(case, fitted) for case in unseen}))
        weights |= fitted
    if write:
        _write(weights)


def fold_of(article: str) -> int:
    """Return the fold in which an article is judged: by its name, so that it is the same wherever it is asked for."""
    return crc32(article.encode()) % FOLDS


def cases_of(files: Iterable[str]) -> Iterator[Case]:
    """Yield the choices for the found events of gold files, coded as the rules propose."""
    nlp = load()
    for name in files:
        path = GOLD / f"{name}.jsonl"
        gold = {article["id"]: article["rows"] for article in gold_articles(path)}
        for table, document in ingest([path]):
            if table == "documents":
                yield from _cases(name, nlp(texts.new_doc(nlp, document)), document, gold[document["doc_id"]])


def _cases(file: str, doc: Doc, document: Row, gold: list[Row]) -> Iterator[Case]:
    index = MentionIndex(doc)
    scene = Scene(doc, index)
    totals = aggregate_rows(doc, index, scene, document)
    events = tell(doc, index, {token for total in totals for token in total.tokens})
    positions = Positions(doc)
    setting = Setting(events, scene, index, positions)
    deaths = Deaths(events, scene, index, positions)
    proposals = zip(events, setting.proposed_places, setting.proposed_dates, deaths.proposed, strict=True)
    staged = [stage(*proposal, scene, document) for proposal in proposals]
    for row, play in staged:
        fill_parties(row, play.proposed)
    readings = Readings([play for _, play in staged], doc, index, positions)
    for g, r in paired(gold, [row for row, _ in staged]).items():
        if gold[g]["record_type"] != "event" or gold[g].get("optional"):
            continue
        row, play = staged[r]
        kinds = list(SUB_EVENT_TYPES)
        if gold[g]["sub_event_type"] and not any(passage.firm for passage in play.event.passages):
            signals = [{("type", name): v for name, v in of.items()} for of in type_signals(play.event, index)]
            right, proposed = kinds.index(gold[g]["sub_event_type"]), kinds.index(play.event.type)
            yield Case("type", file, document["doc_id"], signals, {right}, proposed)
        yield _of_parties(Case("parties", file, document["doc_id"]), gold[g], row, play, readings)
        offers = setting.place_options(r)
        yield _of_mentions(Case("place", file, document["doc_id"]), offers, setting.proposed_places[r],
                           [CELLS["location"](gold[g], _with(fill_place, o, scene)) for o in offers])  # fmt: skip
        offers = setting.date_options(r)
        yield _of_mentions(Case("date", file, document["doc_id"]), offers, setting.proposed_dates[r],
                           [CELLS["event_date"](gold[g], _with(fill_date, o, scene)) for o in offers])  # fmt: skip
        if play.event.type not in BLOODLESS:
            tolls = deaths.options(r)
            yield Case(
                "deaths", file, document["doc_id"],
                [{("deaths", name): value for name, value in option.signals.items()} for option in tolls],
                {n for n, o in enumerate(tolls) if (o.toll.deaths if o.toll else 0) == (gold[g]["fatalities"] or 0)},
            )  # fmt: skip


def _with(fill: Callable[[reports.Row, Span | None, Scene], None], offer: Option, scene: Scene) -> Row:
    row = reports.Row({"doc_id": ""})
    fill(row, offer.span, scene)
    return row


def _of_mentions(case: Case, offers: list[Option], proposed: Span | None, right: list[bool]) -> Case:
    case.offers = [{(case.choice, name): value for name, value in offer.signals.items()} for offer in offers]
    case.right = {n for n, fits in enumerate(right) if fits}
    case.proposed = next(n for n, offer in enumerate(offers) if offer.span == proposed)
    return case


def _of_parties(case: Case, gold: Row, row: Row, play: Play, readings: Readings) -> Case:
    wanted = (gold["actor1"], gold["actor2"])
    if _fits(row, wanted[::-1]) > _fits(row, wanted):
        wanted = wanted[::-1]  # who comes first is not what is learnt here
    for one in options(play, readings, 1):
        for other in options(play, readings, 2):
            names = one.side.name(play.country), other.side.name(play.country)
            if all(map(same_name, names, wanted)):
                case.right.add(len(case.offers))
            if play.proposes(one.side, other.side):
                case.proposed = len(case.offers)
            told = zip(PARTS, (one.signals, other.signals, readings.of_pair(one, other, play)), strict=True)
            case.offers.append({(part, name): value for part, signals in told for name, value in signals.items()})
    return case


def _fits(row: Row, names: tuple[str | None, ...]) -> int:
    return sum(name is not None and same_name(row[f"actor{n + 1}"], name) for n, name in enumerate(names))


def fit(cases: list[Case]) -> dict[Signal, float]:
    """Return the weights by Newton's method; signals of fewer than LEAST events have none."""
    seen = Counter(signal for case in cases for signal in {s for offer in case.offers for s, v in offer.items() if v})
    column = {signal: n for n, signal in enumerate(sorted(s for s, count in seen.items() if count >= LEAST))}
    problem = [(_table(case, column), sorted(case.right)) for case in cases if case.right]
    weights = np.zeros(len(column))
    loss, slope, curve = _at(weights, problem)
    for _ in range(STEPS):
        step = np.linalg.solve(curve, slope)
        while True:  # Newton's step, halved until it leads down
            new_loss, new_slope, new_curve = _at(weights - step, problem)
            if new_loss <= loss or np.abs(step).max() < TOLERANCE:
                break
            step = step / 2
        weights, loss, slope, curve = weights - step, new_loss, new_slope, new_curve
        if np.abs(step).max() < TOLERANCE:
            break
    return {signal: float(weights[n]) for signal, n in column.items()}


def _at(weights: Array, problem: list[tuple[NDArray[np.float32], list[int]]]) -> tuple[float, Array, Array]:
    """Return the penalised negative log-likelihood at some weights, its slope and its curvature."""
    loss = PENALTY / 2 * float(weights @ weights)
    slope, curve = PENALTY * weights, PENALTY * np.eye(len(weights))
    for table, right in problem:
        used = np.flatnonzero(table.any(axis=0))
        part = table[:, used]
        share = _softmax(part @ weights[used])
        mean = share @ part
        good = share[right].sum()
        loss -= float(np.log(good))
        slope[used] += mean - (share[right] / good) @ part[right]
        curve[np.ix_(used, used)] += (part * share[:, None]).T @ part - np.outer(mean, mean)
    return loss, slope, curve


def _table(case: Case, column: dict[Signal, int]) -> NDArray[np.float32]:
    table = np.zeros((len(case.offers), len(column)), dtype=np.float32)
    for n, pair in enumerate(case.offers):
        for signal, value in pair.items():
            if signal in column:
                table[n, column[signal]] = value
    return table


def _softmax(scores: Array) -> Array:
    shares = np.exp(scores - scores.max())
    return shares / shares.sum()


def choose(case: Case, weights: dict[Signal, float]) -> int:
    """Return the number of the offer that the pipeline would choose."""
    scores = [sum(value * weights.get(signal, 0.0) for signal, value in offer.items()) for offer in case.offers]
    return best(scores, case.proposed)[0]


def gains(title: str, cases: list[Case], chosen: dict[int, int]) -> str:
    """Return a table: the share of events that are right by the rules alone, as chosen, and as the text could give."""
    lines = [f"| {title} | events | rules | chosen | offered |", "|---|--:|--:|--:|--:|"]
    files: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        files[case.file].append(case)
    for name, own in {**files, "all": cases}.items():
        rules = sum(case.proposed in case.right for case in own)
        learnt = sum(chosen[id(case)] in case.right for case in own)
        shares = " | ".join(f"{n / len(own):.3f}" for n in (rules, learnt, sum(bool(case.right) for case in own)))
        lines.append(f"| {name} | {len(own)} | {shares} |")
    return "\n".join(lines) + "\n"


def _write(weights: dict[Signal, float]) -> None:
    with knowledge_path("choices.csv").open("w", encoding="utf-8", newline="") as file:
        file.write(HEAD)
        rows = [(*signal, f"{weight:.2f}") for signal, weight in sorted(weights.items()) if abs(weight) >= SMALL]
        csv.writer(file, lineterminator="\n").writerows([("part", "signal", "weight"), *rows])


if __name__ == "__main__":
    main()
