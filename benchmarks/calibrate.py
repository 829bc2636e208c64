"""Fit the weights of `confidence` on gold articles, and say how often rows of each bin are right.

    python -m benchmarks.calibrate [--write]

A logistic regression with a small penalty. Rows are judged as they would be coded had their article not been seen: with
choices (`benchmarks.choices`) and weights of confidence that were fitted on other articles.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict
from collections.abc import Iterable
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

from benchmarks import choices
from benchmarks.evaluate import GOLD, HELD_BACK, LEARNT_FROM, gold_articles
from benchmarks.scoring import score
from pipeline import load, texts
from pipeline.encode import choosing, full_rows
from pipeline.ingest import ingest
from pipeline.knowledge import knowledge_path
from pipeline.tables import Row, now

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
    rows = judged(LEARNT_FROM, cross_fitted())
    names = sorted({name for signals, _, _ in rows for name in signals})
    table, right = matrix([signals for signals, _, _ in rows], names), np.array([float(good) for _, good, _ in rows])
    folds = np.array([choices.fold_of(article) for _, _, article in rows])
    guesses = np.zeros(len(right))
    for fold in range(choices.FOLDS):
        guesses[folds == fold] = probability(table[folds == fold], fit(table[folds != fold], right[folds != fold]))
    print(reliability("cross-validated on " + ", ".join(LEARNT_FROM), guesses, right))
    final = fit(table, right)
    held = judged(HELD_BACK)
    held_right = np.array([float(good) for _, good, _ in held])
    print(reliability(", ".join(HELD_BACK), probability(matrix([s for s, _, _ in held], names), final), held_right))
    if write:
        with knowledge_path("confidence.csv").open("w", encoding="utf-8", newline="") as file:
            file.write(HEAD)
            weights = [("signal", "weight"), ("always", f"{final[-1]:.2f}")]
            weights += [(name, f"{weight:.2f}") for name, weight in zip(names, final[:-1], strict=True)]
            csv.writer(file, lineterminator="\n").writerows(weights)


def cross_fitted() -> list[dict[str, dict[str, float]]]:
    """Return the weights of choices for the articles of each fold, fitted on all others."""
    cases = list(choices.cases_of(LEARNT_FROM))
    fitted = []
    for fold in range(choices.FOLDS):
        table: dict[str, dict[str, float]] = defaultdict(dict)
        for choice in choices.CHOICES:
            others = [case for case in cases if case.choice == choice and choices.fold_of(case.article) != fold]
            for (part, signal), weight in choices.fit(others).items():
                table[part][signal] = weight
        fitted.append(table)
    return fitted


def judged(
    files: Iterable[str], fitted: list[dict[str, dict[str, float]]] | None = None
) -> list[tuple[dict[str, float], bool, str]]:
    """Code gold files; return the signals of each row, whether it is wholly right, and its article.

    fitted (list): Weights of choices by the article's fold; None: as shipped.
    """
    nlp = load()
    found = []
    for name in files:
        path = GOLD / f"{name}.jsonl"
        coded: dict[str, list[Row]] = {}
        for table, row in ingest([path]):
            if table == "documents":
                weights = fitted[choices.fold_of(row["doc_id"])] if fitted else choosing.weights()
                with patch.object(choosing, "weights", lambda known=weights: known):
                    coded[row["doc_id"]] = full_rows(nlp(texts.new_doc(nlp, row)), row, now(), least=0.0)
        for judgement in score(gold_articles(path), coded).judgements:
            if judgement.row is not None:
                found.append((judgement.row["signals"], judgement.whole, judgement.doc_id))
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
