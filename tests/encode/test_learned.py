"""Where the rules stop: events in words that no trigger covers, and words that only mislead."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest

from pipeline.encode import encode


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Hooded raiders hacked eleven herders to death near Tin Essako in Mali on Monday.", "Attack"),
        ("Demonstrators torched the town hall of Cajamarca, Peru, on Friday.", "Violent demonstration"),
    ],
)
def test_words_without_a_trigger_are_read(coded, text, kind):
    rows = coded(text, published="2024-05-16")
    assert [row["sub_event_type"] for row in rows] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        "Lazio bombarded the Milan goal on Sunday and killed the game with two late strikes in Rome.",
        "The minister came under fire in Nairobi on Tuesday over the price of maize.",
        "Fluoride released from these chemicals into water has been the main source of fluoride in Norway since 1985.",
    ],
)
def test_words_of_war_in_other_news_give_no_row(coded, text):
    assert coded(text, published="2024-05-16") == []


def test_one_phrase_is_one_event(coded):
    text = (
        "Arsonists put the town hall of Kumbo, Cameroon, to the torch on Sunday night and hacked two guards to death."
    )
    assert len(coded(text, published="2024-05-16")) == 1


def test_who_only_speaks_takes_no_part(coded):
    text = "Rebels attacked a barracks near Gao in Mali on Monday, UN peacekeepers said. Six soldiers were killed."
    (row,) = coded(text, published="2024-05-16")
    assert "MINUSMA" not in f"{row['actor1']} {row['actor2']} {row['assoc_actor_1']} {row['assoc_actor_2']}"


def test_without_scores_the_rules_stand_alone(nlp, coded):
    """As with another language model."""
    text = "Gunmen killed three farmers near Jos, Nigeria, on Monday."
    document = {"doc_id": "d", "source": None, "text": text}
    doc = nlp(text)
    doc.tensor = np.zeros((0,), dtype=np.float32)
    (row,) = encode(doc, document, dt.datetime(2025, 1, 1, tzinfo=dt.UTC))
    assert (row["sub_event_type"], row["fatalities"], row["location"]) == ("Attack", 3, "Jos")
