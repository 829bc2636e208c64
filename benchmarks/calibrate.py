"""Fit the weights of `confidence` on gold articles, and say how often rows of each bin are right.

    python -m benchmarks.calibrate [--write]

A logistic regression with a small penalty. Rows are judged as they would be coded had their article not been seen: with
choices (`benchmarks.choices`) and weights of confidence that were fitted on other articles.
"""

from __future__ import annotations

import argparse
import csv
from collections.abc import Iterable
from contextlib import nullcontext

import numpy as np
from numpy.typing import NDArray

from benchmarks import choices
from benchmarks.annotated import Text, annotated
from benchmarks.cases import Signal
from benchmarks.evaluate import HELD_BACK, LEARNT_FROM
from benchmarks.scoring import score
from pipeline.encode import full_rows
from pipeline.knowledge import knowledge_path
from pipeline.tables import now

PENALTY = 1.0
BINS = (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9)
Array = NDArray[np.float64]
HEAD = """# Weights of the signals from which a row's confidence is reckoned, in log-odds.
# Written by `python -m benchmarks.calibrate --write`.
"""


def main() -> None:
    """Fit, print the tables, and write the weights if asked."""
    parser = argparse.ArgumentParser(description="Fit the weights of confidence.")
    parser.add_argument("--write", action="store_true", help="write data/knowledge/confidence.csv")
    write = parser.parse_args().write
    articles = annotated(LEARNT_FROM)
    rows = judged(articles, cross_fitted(articles))
    names = sorted({name for signals, _, _ in rows for name in signals})
    table, right = matrix([signals for signals, _, _ in rows], names), np.array([float(good) for _, good, _ in rows])
    folds = np.array([choices.fold_of(article) for _, _, article in rows])
    guesses = np.zeros(len(right))
    for fold in range(choices.FOLDS):
        guesses[folds == fold] = probability(table[folds == fold], fit(table[folds != fold], right[folds != fold]))
    print(reliability("cross-validated on " + ", ".join(LEARNT_FROM), guesses, right))
    final = fit(table, right)
    held = judged(annotated(HELD_BACK))
    held_right = np.array([float(good) for _, good, _ in held])
    print(reliability(", ".join(HELD_BACK), probability(matrix([s for s, _, _ in held], names), final), held_right))
    if write:
        with knowledge_path("confidence.csv").open("w", encoding="utf-8", newline="") as file:
            file.write(HEAD)
            weights = [("signal", "weight"), ("always", f"{final[-1]:.2f}")]
            weights += [(name, f"{weight:.2f}") for name, weight in zip(names, final[:-1], strict=True)]
            csv.writer(file, lineterminator="\n").writerows(weights)


def cross_fitted(articles: Iterable[Text]) -> list[dict[Signal, float]]:
    """Return the weights of choices for the articles of each fold, fitted on all others."""
    cases = choices.cases_of(articles)
    fitted: list[dict[Signal, float]] = []
    for fold in range(choices.FOLDS):
        others = [case for case in cases if choices.fold_of(case.article) != fold]
        table: dict[Signal, float] = {}
        for choice in choices.CHOICES:
            table |= choices.fit([case for case in others if case.choice == choice])
        fitted.append(table)
    return fitted


def judged(
    articles: Iterable[Text], fitted: list[dict[Signal, float]] | None = None
) -> list[tuple[dict[str, float], bool, str]]:
    """Code gold articles; return the signals of each row, whether it is wholly right, and its article.

    fitted (list): Weights of choices by the article's fold; None: as shipped.
    """
    found = []
    for text in articles:
        with choices.using(fitted[choices.fold_of(text.name)]) if fitted else nullcontext():
            rows = full_rows(text.doc, text.document, now(), doubtful=True)
        for judgement in score([{"id": text.name, "rows": text.gold}], {text.name: rows}).judgements:
            if judgement.row is not None:
                found.append((judgement.row["signals"], judgement.whole, text.name))
    return found


def matrix(signals: list[dict[str, float]], names: list[str]) -> Array:
    """Return a row of values for each row of signals, the last one constant."""
    return np.array([[*(row.get(name, 0.0) for name in names), 1.0] for row in signals])


def fit(table: Array, right: Array) -> Array:
    """Return the weights of a logistic regression by Newton's method; the constant is not penalised."""
    weights = np.zeros(table.shape[1])
    penalty = PENALTY * np.eye(len(weights))
    penalty[-1, -1] = 0.0
    for _ in range(30):
        guess = probability(table, weights)
        slope = table.T @ (guess - right) + penalty @ weights
        curve = (table * (guess * (1 - guess))[:, None]).T @ table + penalty
        weights = weights - np.linalg.solve(curve, slope)
    return weights


def probability(table: Array, weights: Array) -> Array:
    """Return the probability of each row."""
    return 1 / (1 + np.exp(-(table @ weights)))


def reliability(title: str, guesses: Array, right: Array) -> str:
    """Return a table: rows of each bin of confidence, and the share of them that is wholly right."""
    lines = [f"{title}: {len(right)} rows", "", "| confidence from | rows | wholly right |", "|---|--:|--:|"]
    for low, high in zip(BINS, (*BINS[1:], 1.01), strict=True):
        inside = (guesses >= low) & (guesses < high)
        if inside.any():
            lines.append(f"| {low:.1f} | {inside.sum()} | {right[inside].mean():.2f} |")
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    main()
