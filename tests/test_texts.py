"""Between rows and Docs: offsets are true, and a Doc that went through the tables is coded like any other."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from conftest import CODED_AT, ROOT
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.tokens import Doc

from pipeline import texts
from pipeline.encode import encode
from pipeline.ingest import document
from pipeline.mentions import SPAN_KEYS, mentions_of
from pipeline.tables import to_arrow

STORY = """Eleven killed as mortar shells hit Taiz market

TAIZ, Yemen, 14 June 2022 - Mortar shells fired by Houthi fighters hit a market in the Yemeni city of Taiz on Monday,
killing at least 11 people and wounding more than 30, medics said.

"Some are children," said Dr Salwa al-Aghbari – of Al-Thawra Hospital. It was the second attack since 1 June."""
ODD_TEXTS = [
    "A soldier was killed in Kidal on Monday 🙂🙂 – the “third” since 1 May.",
    "Al-Ḥasakah was\u00a0shelled on 3\u202fMay 2021; 4 people were hurt.",
    "killed killed killed killed killed",
    "12 34 56 killed 78",
    "Two soldiers were killed in Kidal on Monday, two soldiers were killed in Gao on Tuesday. " * 12,
]

WORDS = ["killed", "two", "soldiers", "in", "Kidal", "on", "Monday", "shelling", "and", ".", "\n\n"]


def annotated(nlp, text):
    row = document(text, doc_id="d1", published="2022-06-14", clean=False)
    return nlp(texts.new_doc(nlp, row)), row


def restored(nlp, doc, row):
    syntax, mentions = texts.syntax_row(doc, row)["doc"], texts.mention_rows(doc, "d1")
    stored = to_arrow("mentions", mentions).to_pylist()
    return texts.restored_doc(nlp.vocab, row, syntax, stored)


def test_every_kind_of_mention_becomes_a_row(nlp):
    doc, _ = annotated(nlp, STORY)
    rows = texts.mention_rows(doc, "d1")
    assert {row["kind"] for row in rows} == set(SPAN_KEYS)
    assert [(row["start"], row["end"]) for row in rows] == sorted((row["start"], row["end"]) for row in rows)
    assert len({row["mention_id"] for row in rows}) == len(rows)


@pytest.mark.parametrize("text", [STORY, *ODD_TEXTS])
def test_the_text_of_a_mention_is_the_text_between_its_offsets(nlp, text):
    doc, row = annotated(nlp, text)
    sentences = len(list(doc.sents))
    for mention in texts.mention_rows(doc, "d1"):
        assert mention["text"] == row["text"][mention["start"] : mention["end"]]
        assert 0 <= mention["sentence"] < sentences


def told(doc, kind):
    """The mentions of one kind; the tables keep `confidence` as a 32-bit float."""
    return [
        (span.text, span.start, replace(span._.mention, confidence=round(span._.mention.confidence, 4)))
        for span in mentions_of(doc, kind)
    ]


def gold_texts():
    lines = (ROOT / "tests" / "gold" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line)["text"] for line in lines[:4]]


@pytest.mark.parametrize("text", [STORY, *ODD_TEXTS, *gold_texts()])
def test_a_doc_out_of_the_tables_is_coded_like_the_original(nlp, text):
    doc, row = annotated(nlp, text)
    again = restored(nlp, doc, row)
    for kind in SPAN_KEYS:
        assert told(again, kind) == told(doc, kind)
    assert encode(again, row, CODED_AT) == encode(doc, row, CODED_AT)


def test_a_mention_of_another_text_is_an_error(nlp):
    doc, row = annotated(nlp, STORY)
    mention = {**texts.mention_rows(doc, "d1")[0], "start": 1, "end": 5}
    with pytest.raises(ValueError, match=r"mention d1-m0000 does not fit the text of d1"):
        texts.restored_doc(nlp.vocab, row, texts.syntax_row(doc, row)["doc"], [mention])


def test_an_empty_doc_has_no_rows(nlp):
    assert texts.mention_rows(nlp(nlp.make_doc("")), "d1") == []


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(WORDS),
            st.text(st.characters(codec="utf-8", exclude_characters="\x00"), max_size=6),
        ),
        max_size=25,
    ).map(" ".join)
)
def test_no_text_breaks_the_components_or_the_offsets(nlp, text):
    row = {"doc_id": "d1", "text": text, "source": None}
    doc = nlp(texts.new_doc(nlp, row))
    assert isinstance(doc, Doc)
    for mention in texts.mention_rows(doc, "d1"):
        assert mention["text"] == text[mention["start"] : mention["end"]]
    to_arrow("reports", encode(doc, row, CODED_AT))
