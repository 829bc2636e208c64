"""Fit the weights of all choices of the coding (`pipeline.encode.choosing`), and say what they gain.

    python -m benchmarks.choices [--write] [--fit-only]

Conditional logits: of all that the text offers for an event, what gold has is to be the likeliest. The figures of files
that are learnt from are cross-validated: the events of an article are judged with weights fitted on other articles.
"""

from __future__ import annotations

import argparse
import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from unittest.mock import patch
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize
from scipy.sparse import csr_array

from benchmarks.annotated import Text, annotated
from benchmarks.cases import STAGES, Case, Signal
from benchmarks.evaluate import HELD_BACK, LEARNT_FROM
from pipeline.encode import choosing
from pipeline.encode.choosing import best
from pipeline.knowledge import knowledge_path

FOLDS = 6
PENALTY = 3.0
STOP = {"maxiter": 1000, "maxfun": 1500, "ftol": 1e-9}  # weights are written with two decimals
# Signals of fewer events are left out.
LEAST = 8
# Weights that change nothing are not written.
SMALL = 0.05
# Files whose coders set the conventions where authors differ: each of their events counts as two.
MODELS = ("dev", "dev2", "dev3", "notes")
MODEL_WEIGHT = 2.0
CHOICES = tuple(choice for choices, _ in STAGES for choice in choices)
HEAD = """# What a signal weighs, in log-odds, in a choice of the coding (`Part` in pipeline/encode/choosing.py).
# Written by `python -m benchmarks.choices --write`; signals as in pipeline/encode: threads, worth, type_choice,
# setting, deaths and casting_signals.
"""
Array = NDArray[np.float64]


def main() -> None:
    """Fit, print what is gained, and write the weights if asked."""
    parser = argparse.ArgumentParser(description="Fit the weights of choices.")
    parser.add_argument("--write", action="store_true", help="write data/knowledge/choices.csv")
    parser.add_argument("--fit-only", action="store_true", help="print no figures")
    arguments = parser.parse_args()
    articles, held_back = annotated(LEARNT_FROM), [] if arguments.fit_only else annotated(HELD_BACK)
    weights: dict[Signal, float] = {}
    for choices, make in STAGES:
        with using(weights):
            cases = [case for article in articles for case in make(article)]
            held = [case for article in held_back for case in make(article)]
        for choice in choices:
            own = [case for case in cases if case.choice == choice]
            fitted = fit(own)
            if not arguments.fit_only:
                _print_gains(choice, own, [case for case in held if case.choice == choice], fitted)
            weights |= fitted
    if arguments.write:
        _write(weights)


def _print_gains(choice: str, own: list[Case], unseen: list[Case], fitted: dict[Signal, float]) -> None:
    """Print what a choice gains: by weights fitted on other articles, and on held-back files by those of all."""
    chosen: dict[int, int] = {}
    for fold in range(FOLDS):
        others = fit([case for case in own if fold_of(case.article) != fold])
        chosen |= {id(case): choose(case, others) for case in own if fold_of(case.article) == fold}
    print(gains(choice, own, chosen))
    print(gains(f"{choice}, held back", unseen, {id(case): choose(case, fitted) for case in unseen}), flush=True)


def fold_of(article: str) -> int:
    """Return the fold in which an article is judged: by its name, so that it is the same wherever it is asked for."""
    return crc32(article.encode()) % FOLDS


def cases_of(articles: Iterable[Text]) -> list[Case]:
    """Return all choices for gold articles, made with the weights in use."""
    return [case for article in articles for _, make in STAGES for case in make(article)]


@contextmanager
def using(weights: Mapping[Signal, float]) -> Iterator[None]:
    """Let the pipeline choose by these weights."""
    table: dict[str, dict[str, float]] = defaultdict(dict)
    for (part, signal), weight in weights.items():
        table[part][signal] = weight
    with patch.object(choosing, "weights", lambda: table):
        yield


def fit(cases: list[Case]) -> dict[Signal, float]:
    """Return the weights by penalised maximum likelihood; signals of fewer than LEAST events have none."""
    seen = Counter(signal for case in cases for signal in {s for offer in case.offers for s, v in offer.items() if v})
    column = {signal: n for n, signal in enumerate(sorted(s for s, count in seen.items() if count >= LEAST))}
    problem = _Problem([case for case in cases if case.right], column)
    found = minimize(problem.loss, np.zeros(len(column)), jac=True, method="L-BFGS-B", options=STOP)
    return {signal: float(found.x[n]) for signal, n in column.items()}


class _Problem:
    """What all cases say of the weights: a row of signals for each offer, the offers of a case side by side."""

    def __init__(self, cases: list[Case], column: Mapping[Signal, int]) -> None:
        offers = [(n, k in case.right, offer) for n, case in enumerate(cases) for k, offer in enumerate(case.offers)]
        cells = [(r, column[s], v) for r, (_, _, offer) in enumerate(offers) for s, v in offer.items() if s in column]
        rows, columns, values = zip(*cells, strict=True)
        self.table = csr_array((values, (rows, columns)), shape=(len(offers), len(column)))
        self.flipped = self.table.T.tocsr()
        self.case = np.array([n for n, _, _ in offers])
        self.first = np.flatnonzero(np.diff(self.case, prepend=-1))  # of each case's offers
        self.right = np.array([float(right) for _, right, _ in offers])
        self.counted = np.array([MODEL_WEIGHT if case.file in MODELS else 1.0 for case in cases])

    def loss(self, weights: Array) -> tuple[float, Array]:
        """Return the penalised negative log-likelihood at some weights, and its slope."""
        scores = self.table @ weights
        shares = np.exp(scores - np.maximum.reduceat(scores, self.first)[self.case])
        every, good = np.add.reduceat(shares, self.first), np.add.reduceat(shares * self.right, self.first)
        loss = PENALTY / 2 * float(weights @ weights) + float(self.counted @ (np.log(every) - np.log(good)))
        pull = shares / every[self.case] - shares * self.right / good[self.case]
        return loss, self.flipped @ (pull * self.counted[self.case]) + PENALTY * weights


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
