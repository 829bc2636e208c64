"""Which words are taken for reports of events and for weapons; their sense is decided later."""

from __future__ import annotations

from itertools import pairwise

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from pipeline.annotate.triggers import Triggers
from pipeline.mentions import mentions_of

BLANK = spacy.blank("en")
TRIGGERS = Triggers()


def found(doc, kind):
    return [(span.text, span.kb_id_) for span in mentions_of(doc, kind)]


@pytest.mark.parametrize(
    ("text", "triggers"),
    [
        ("Rebels ambushed a patrol.", [("ambushed", "ambush.V")]),
        ("The raids went on.", [("raids", "raid.N")]),
        # the longer words are the trigger
        ("An air strike hit the camp.", [("air strike", "air strike.N"), ("hit", "hit.V")]),
        ("Soldiers opened fire.", [("opened fire", "open fire.V")]),
        ("The patrol came under fire.", [("came under fire", "come under fire.V")]),
        # words of a verb that stand apart
        ("Gunmen shot the old lawyer dead.", [("shot", "shoot dead.V")]),
        # months and names are no events
        ("Residents voted in March.", []),
        ("The weather was fine.", []),
    ],
)
def test_triggers(nlp, text, triggers):
    assert found(nlp(text), "TRIGGER") == triggers


@pytest.mark.parametrize(
    ("text", "weapons"),
    [
        ("They fired two rockets.", [("rockets", "rocket")]),
        ("Police used tear gas.", [("tear gas", "crowd_control")]),
        ("A roadside bomb went off.", [("roadside bomb", "ied")]),
        ("A suicide bomber struck.", [("suicide bomber", "suicide")]),
        ("Two warplanes and a howitzer hit the hill.", [("warplanes", "air"), ("howitzer", "shell")]),
        # verbs are no weapons
        ("They shelled the hill.", []),
    ],
)
def test_weapons(nlp, text, weapons):
    assert found(nlp(text), "WEAPON") == weapons


@given(st.text(max_size=60))
def test_any_text_is_taken(text):
    doc = TRIGGERS(BLANK(text))
    for kind in ("TRIGGER", "WEAPON"):
        spans = mentions_of(doc, kind)
        assert all(one.end <= other.start for one, other in pairwise(spans))


def test_an_empty_doc_is_taken():
    doc = TRIGGERS(Doc(BLANK.vocab, words=[]))
    assert mentions_of(doc, "TRIGGER") == mentions_of(doc, "WEAPON") == []
