"""How far a row can be trusted: the probability that all of its main cells are right.

A logistic regression over signals that are known when a row is made; `benchmarks.calibrate` fits its weights
(data/knowledge/confidence.csv) on the gold articles, and RESULTS.md says how often rows of each bin are right.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from math import exp
from typing import Any

from pydantic import BaseModel, ConfigDict

from pipeline.encode.events import StoryEvent
from pipeline.event_scores import NO_EVENT
from pipeline.knowledge import knowledge_path, read_table
from pipeline.tables import Row

# Events below it are not told, and none of a text whose surest event is below the other, unless one is told plainly:
# half of these are none. A text without place tells an event less often.
LEAST, SUREST, NOWHERE = 0.03, 0.15, 0.25
SURE = 0.9
# Signals of an event whose own words say who did it to whom, where and when.
WHOLE = ("own date", "own place", "who acts is told", "who undergoes is told")


class WeightRow(BaseModel):
    """A row of `data/knowledge/confidence.csv`: a signal and its weight in log-odds."""

    model_config = ConfigDict(extra="forbid")

    signal: str
    weight: float


@cache
def weights() -> dict[str, float]:
    """Return the weight of each signal."""
    return {row.signal: row.weight for row in read_table(knowledge_path("confidence.csv"), WeightRow)}


def confidence(signals: Mapping[str, float]) -> float:
    """Return the probability, 0-1 in hundredths, that a row with these signals is wholly right."""
    score = weights()["always"] + sum(weights().get(name, 0.0) * value for name, value in signals.items())
    return round(1 / (1 + exp(-score)), 2)


def trusted(rows: Sequence[Row]) -> list[Row]:
    """Return the rows of one text without events that can hardly be trusted; totals stay."""
    events = [row for row in rows if row["record_type"] == "event"]
    plain = any(_is_plain(row) for row in events)
    told = plain or any(row["confidence"] >= (SUREST if row["location"] else NOWHERE) for row in events)
    least = LEAST if told else 1.0
    return [row for row in rows if row["record_type"] == "aggregate" or row["confidence"] >= least]


def _is_plain(row: Row) -> bool:
    """Return whether a row tells an event, however it is worded.

    Dead or hurt are counted in a named place, or in a country where the model is sure of the type; or the event's own
    words say who did it to whom, where and when.
    """
    signals = row["signals"]
    sure = signals["type as the model has it"] >= SURE and row["country"]
    whole = bool(row["location"]) and all(signals[name] for name in WHOLE)
    return whole or bool((row["location"] or sure) and (row["fatalities"] or row["injuries"]))


def event_signals(event: StoryEvent) -> dict[str, float]:
    """Return what the passages of an event say for and against its row."""
    kind = event.type
    shares = [p.opinion for p in event.passages if p.opinion]
    return {
        "type as the model has it": max((s.get(kind, 0.0) for s in shares), default=0.5),
        "model holds it for none": min((s[NO_EVENT] for s in shares), default=0.5),
        "own date": float(any(p.dates for p in event.passages)),
        "own place": float(any(p.places for p in event.passages)),
        "several passages": float(len(event.passages) > 1),
        "harm only": float(event.harm_only),
        "who acts is told": float(any(p.agents for p in event.passages)),
        "who undergoes is told": float(any(p.patients for p in event.passages)),
    }


def row_signals(row: Mapping[str, Any]) -> dict[str, float]:
    """Return the signals that the cells of any row give."""
    signals = {f"no {name}": float(row.get(name) is None) for name in ("actor1", "actor2", "event_date", "location")}
    signals |= {f"{name} unnamed": float("Unidentified" in (row.get(name) or "")) for name in ("actor1", "actor2")}
    signals |= {
        f"certainty {name}": float(row.get("certainty") == name) for name in ("attributed", "likely", "alleged")
    }
    signals["aggregate"] = float(row["record_type"] == "aggregate")
    signals["near or region"] = float((row.get("geo_precision") or 1) > 1)
    signals["deaths"] = float(bool(row.get("fatalities")))
    if row["record_type"] == "event":
        signals[f"event type {row['event_type']}"] = 1.0
    return signals
