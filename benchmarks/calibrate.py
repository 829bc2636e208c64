"""Fit the weights of `confidence` on gold articles, and say how often rows of each bin are right.

    python -m benchmarks.calibrate [--write]

A logistic regression with a small penalty. The first table is made by cross-validation: the rows of an article are
judged with weights that were fitted on other articles.
"""

from __future__ import annotations

import argparse
import csv
from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from benchmarks.evaluate import GOLD, gold_articles
from benchmarks.scoring import score
from pipeline import load, texts
from pipeline.encode import full_rows
from pipeline.ingest import ingest
from pipeline.knowledge import knowledge_path
from pipeline.tables import Row, now

FILES = ("dev", "dev2", "dev3", "dev4", "notes")
HELD_BACK = "fresh"
FOLDS = 5
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
    signals, right, groups = judged(FILES)
    names = sorted({name for row in signals for name in row})
    table = matrix(signals, names)
    numbers = {group: number for number, group in enumerate(sorted(set(groups)))}
    folds = np.array([numbers[group] % FOLDS for group in groups])
    guesses = np.zeros(len(right))
    for fold in range(FOLDS):
        fitted = fit(table[folds != fold], right[folds != fold])
        guesses[folds == fold] = probability(table[folds == fold], fitted)
    print(reliability("cross-validated on " + ", ".join(FILES), guesses, right))
    final = fit(table, right)
    signals, right, _ = judged([HELD_BACK])
    print(reliability(HELD_BACK, probability(matrix(signals, names), final), right))
    if write:
        with knowledge_path("confidence.csv").open("w", encoding="utf-8", newline="") as file:
            file.write(HEAD)
            rows = [("signal", "weight"), ("always", f"{final[-1]:.2f}")]
            rows += [(name, f"{weight:.2f}") for name, weight in zip(names, final[:-1], strict=True)]
            csv.writer(file, lineterminator="\n").writerows(rows)


def judged(files: tuple[str, ...] | list[str]) -> tuple[list[dict[str, float]], Array, list[str]]:
    """Code gold files; return the signals of each row, whether it is wholly right, and its article."""
    nlp = load()
    signals: list[dict[str, float]] = []
    right: list[bool] = []
    groups: list[str] = []
    for name in files:
        path = GOLD / f"{name}.jsonl"
        coded: dict[str, list[Row]] = defaultdict(list)
        for table, row in ingest([path]):
            if table == "documents":
                coded[row["doc_id"]] = full_rows(nlp(texts.new_doc(nlp, row)), row, now(), least=0.0)
        for judgement in score(gold_articles(path), coded).judgements:
            if judgement.row is not None:
                signals.append(judgement.row["signals"])
                right.append(judgement.whole)
                groups.append(judgement.doc_id)
    return signals, np.array(right, dtype=np.float64), groups


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
