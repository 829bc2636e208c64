"""What the confidence of a row is made of, and that its weights are fitted as they should be."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.calibrate import fit, probability
from pipeline.encode.confidence import confidence, row_signals, weights

VAGUE = "Unknown assailants reportedly attacked a place somewhere in Nigeria."
CLEAR = "Al Shabaab fighters attacked an army base in Baidoa, Somalia, on 3 May 2024. Four soldiers were killed."


def test_a_row_that_tells_all_is_surer_than_one_that_tells_little(coded):
    clear = coded(CLEAR, published="2024-05-06")[0]
    vague = coded(VAGUE, published="2024-05-06")
    assert all(clear["confidence"] > row["confidence"] for row in vague)
    assert 0 < clear["confidence"] < 1


def test_every_weighted_signal_is_one_that_rows_can_have(nlp, coded):
    """A misspelt signal in the table would be left out in silence."""
    row = {"record_type": "event", "certainty": "asserted", "event_type": "Battles"}
    of_passages = {name for name in weights() if name not in row_signals(row) and not name.startswith("event type ")}
    assert of_passages <= {
        "always", "type as the model has it", "model holds it for none", "own date", "own place", "several passages",
        "harm only", "who acts is told", "who undergoes is told", "parties as chosen", "place as chosen", "date as chosen",
        "deaths as chosen", "type as chosen",
    }  # fmt: skip


@given(st.dictionaries(st.sampled_from(["own date", "own place", "harm only"]), st.floats(0, 1)))
def test_confidence_is_a_probability(signals):
    assert 0.0 <= confidence(signals) <= 1.0


def test_fit_finds_the_weights_that_made_the_data():
    rng = np.random.default_rng(7)
    table = np.column_stack([rng.integers(0, 2, (4000, 2)), np.ones(4000)]).astype(float)
    truth = np.array([1.5, -2.0, 0.3])
    right = (rng.random(4000) < probability(table, truth)).astype(float)
    assert np.abs(fit(table, right) - truth).max() < 0.25
