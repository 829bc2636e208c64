"""Parties, places and dates that do not stand beside the event's own words, and the model that chooses them."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from benchmarks.choices import Case, choose, fit
from pipeline import texts
from pipeline.encode.casting import SidesRow, options
from pipeline.encode.casting_signals import Readings
from pipeline.encode.choosing import best, weights
from pipeline.encode.mentions import MentionIndex
from pipeline.encode.positions import Positions
from pipeline.encode.reports import stage
from pipeline.encode.scene import Scene
from pipeline.encode.setting import Setting
from pipeline.encode.story import tell
from pipeline.ingest import document

TEXT = (
    "Hezbollah said on Sunday that it had fired rockets at an Israeli barracks near Kiryat Shmona. No one was hurt.\n\n"
    "Hours earlier an Israeli drone had hit a car in Tyre, killing two men. Police in Beirut gave no details."
)


def test_who_is_struck_may_be_named_in_another_sentence(coded):
    rows = coded(
        "Hezbollah and the Israeli army have been fighting along the border of Lebanon since last year.\n\n"
        "Six rockets were shot down over Haifa by air defences early on Sunday.",
        published="2024-10-07",
    )
    assert [row["sub_event_type"] for row in rows] == ["Disrupted weapons use"]
    assert {rows[0]["actor1"], rows[0]["actor2"]} == {"Military Forces of Israel", "Hezbollah"}


def test_the_place_is_not_where_the_police_speak(coded):
    strike = next(row for row in coded(TEXT, published="2024-10-07") if row["sub_event_type"] == "Air/drone strike")
    assert (strike["location"], str(strike["event_date"])[:10]) == ("Tyre", "2024-10-06")


def test_every_weighted_signal_can_be_had(nlp):
    """A misspelt signal would be left out in silence: most weights of each choice must be met in a few texts."""
    seen = {part: set() for part in ("first", "second", "place", "date")}
    for text in (TEXT, TEXT.replace("Hezbollah", "Gunmen"), TEXT.replace("in Tyre", "in southern Lebanon")):
        doc = nlp(texts.new_doc(nlp, document(text, published="2024-10-07")))
        index = MentionIndex(doc)
        scene = Scene(doc, index)
        events = tell(doc, index, set())
        positions = Positions(doc)
        setting = Setting(events, scene, index, positions)
        plays = [stage(event, None, None, None, scene, {"doc_id": "a"})[1] for event in events]
        readings = Readings(plays, doc, index, positions)
        for number, play in enumerate(plays):
            for part, offers in (
                ("first", options(play, readings, 1)),
                ("second", options(play, readings, 2)),
                ("place", setting.place_options(number)),
                ("date", setting.date_options(number)),
            ):
                seen[part] |= {name for offer in offers for name in offer.signals}
    for part, names in seen.items():
        assert len(names & set(weights()[part])) > 15, part


@pytest.mark.parametrize(
    ("scores", "proposed", "number"), [([0.0], 0, 0), ([1.0, 3.0, 2.0], 0, 1), ([2.0, 2.0], 1, 1), ([2.1, 2.0], 1, 1)]
)
def test_what_is_clearly_likelier_replaces_the_proposal_and_shares_are_probabilities(scores, proposed, number):
    chosen, share = best(scores, proposed)
    assert chosen == number
    assert share == pytest.approx(np.exp(scores[number]) / np.exp(scores).sum())


def test_fit_learns_what_tells_the_right_offer_from_the_others():
    rng = np.random.default_rng(3)
    cases = []
    for n in range(300):
        offers = [{("place", name): float(rng.random() < 0.5) for name in ("near", "noise")} for _ in range(4)]
        scores = [3 * offer["place", "near"] + rng.gumbel() for offer in offers]
        cases.append(Case("place", "file", f"a-{n}", offers, {int(np.argmax(scores))}, 0))
    fitted = fit(cases)
    assert fitted["place", "near"] > 2
    assert abs(fitted["place", "noise"]) < 0.5
    assert choose(Case("place", "file", "b", [{}, {("place", "near"): 1.0}], set(), 0), fitted) == 1


def test_nobody_stands_against_a_new_base(coded):
    text = "Rwandan soldiers opened a base at Ancuabe in Mozambique on Tuesday. Islamic State fighters had burned huts there."
    bases = [row for row in coded(text) if row["sub_event_type"] == "Headquarters or base established"]
    assert [(row["actor1"], row["actor2"]) for row in bases] == [("Military Forces of Rwanda", None)]


def test_only_civilians_are_attacked_without_a_fight(coded):
    (row,) = coded("Al Shabaab fighters shot dead three farmers near Baidoa in Somalia on Tuesday, the army said.")
    assert (row["sub_event_type"], row["actor1"], row["actor2"]) == ("Attack", "Al Shabaab", "Civilians (Somalia)")


def test_sides_of_an_unknown_type_are_told():
    with pytest.raises(ValidationError, match="Tea party is no sub-event type"):
        SidesRow(sub_event_type="Tea party", side=2, rule="only", kinds=("civilians",))
