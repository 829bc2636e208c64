"""What the language model thinks of events: which words tell one, which mislead, and who takes part."""

from __future__ import annotations

import numpy as np
import pytest
import spacy
from spacy.language import Language
from spacy.tokens import Doc

from pipeline.event_scores import EVENTS, NO_EVENT, EventScores

RAID = "Hooded raiders on camels swept into Tin Essako at dusk on Monday, butchering eleven herders, a teacher said."


def scores(nlp: Language, text: str) -> tuple[Doc, EventScores]:
    doc = nlp(text)
    found = EventScores.of(doc)
    assert found is not None
    return doc, found


def best(shares: dict[str, float]) -> str:
    return max(shares, key=lambda label: shares[label])


def test_words_that_tell_an_event_are_known_with_its_type(nlp: Language) -> None:
    doc, found = scores(nlp, RAID)
    told = {token.text for token in doc if found.tells(token.i) > 0.5}
    assert "butchering" in told
    assert not told & {"Monday", "teacher", "herders", "said", "."}
    butchering = next(token for token in doc if token.text == "butchering")
    assert best(found.word(butchering.i)) == "Attack"
    assert best(found.sentence(doc[:])) == "Attack"


@pytest.mark.parametrize(
    "text",
    [
        "The striker's late attack sank the visitors in Turin.",
        "Shares in the airline came under fire after the profit warning.",
        "The general vowed to bomb the capital if the talks fail.",
        "Forty years after the massacre, survivors laid flowers at the monument.",
        "Troops took part in a live-fire exercise with mortars near the border.",
    ],
)
def test_words_of_war_without_an_event_mislead_nobody(nlp: Language, text: str) -> None:
    doc, found = scores(nlp, text)
    assert max(found.tells(token.i) for token in doc) < 0.5
    assert best(found.sentence(doc[:])) == NO_EVENT


def test_parties_and_numbers_are_found(nlp: Language) -> None:
    doc, _ = scores(nlp, RAID)
    roles = {(span.label_, span.text) for span in doc.spans["event_roles"]}
    assert ("TARGET", "herders") in roles
    assert ("KILLED", "eleven") in roles
    assert any(label == "AGENT" and "raiders" in text for label, text in roles)
    assert any(label == "SOURCE" and "teacher" in text for label, text in roles)


def test_scores_are_stored_with_the_doc(nlp: Language) -> None:
    doc, found = scores(nlp, RAID)
    again = EventScores.of(Doc(nlp.vocab).from_bytes(doc.to_bytes(exclude=["user_data"])))
    assert again is not None
    assert [again.word(n) for n in range(len(doc))] == [found.word(n) for n in range(len(doc))]
    assert [span.text for span in again.roles()] == [span.text for span in found.roles()]


def test_probabilities_add_up_but_for_rounding(nlp: Language) -> None:
    doc, found = scores(nlp, RAID)
    for token in doc:
        assert abs(sum(found.word(token.i).values()) - 1) <= 0.5 * len(EVENTS) / 255
        assert abs(sum(found.certainty(token.i).values()) - 1) <= 0.5 * 5 / 255


def test_docs_of_another_model_have_none() -> None:
    doc = spacy.blank("en")(RAID)
    assert EventScores.of(doc) is None
    doc.tensor = np.ones((len(doc), 96), dtype=np.float32)
    assert EventScores.of(doc) is None


@pytest.mark.parametrize("text", ["", "   ", "\n\n"])
def test_texts_without_words_tell_nothing(nlp: Language, text: str) -> None:
    doc = nlp(text)
    found = EventScores.of(doc)
    assert found is None or [found.tells(token.i) for token in doc] == [0.0] * len(doc)
    assert list(doc.spans["event_roles"]) == []
