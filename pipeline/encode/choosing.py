"""The choice among what a text offers for a cell: a log-linear model over named signals.

The rules propose; a proposal competes with everything else that the text names. `benchmarks.choices` fits the weights
(data/knowledge/choices.csv) on gold articles.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cache
from math import exp, fsum
from typing import Literal

from pydantic import BaseModel, ConfigDict

from pipeline.knowledge import knowledge_path, read_table

# By so much, in log-odds, something must be likelier than what the rules propose.
LEAD = 0.4
# What is chosen: whether a passage goes on with an event told before, whether an event is told well enough, its type,
# its first and second side, both sides together, its place, date and deaths.
Part = Literal[
    "same",
    "told",
    "type",
    "first",
    "second",
    "pair",
    "place",
    "date",
    "deaths",
]
Signals = Mapping[str, float]


class WeightRow(BaseModel):
    """A row of `data/knowledge/choices.csv`: what a signal weighs in a choice, in log-odds."""

    model_config = ConfigDict(extra="forbid")

    part: Part
    signal: str
    weight: float


@cache
def weights() -> Mapping[Part, Signals]:
    """Return the weights of the signals of each choice."""
    table: dict[Part, dict[str, float]] = defaultdict(dict)
    for row in read_table(knowledge_path("choices.csv"), WeightRow):
        table[row.part][row.signal] = row.weight
    return table


def score(signals: Signals, part: Part) -> float:
    """Return how much speaks for something with these signals, in log-odds; their order does not matter."""
    known = weights()[part]
    return fsum([value * weight for name, value in signals.items() if (weight := known.get(name))])


def best(scores: Sequence[float], proposed: int | None, lead: float = LEAD) -> tuple[int, float]:
    """Return the number of what is chosen, the likeliest unless the proposal comes close, and its probability."""
    top = max(range(len(scores)), key=lambda n: scores[n])
    chosen = top if proposed is None or scores[top] >= scores[proposed] + lead else proposed
    return chosen, 1 / sum(exp(value - scores[chosen]) for value in scores)


def true(names: set[str]) -> dict[str, float]:
    """Return signals that hold, without the empty name."""
    return dict.fromkeys(names - {""}, 1.0)
