"""The marked sentences that the language model learns from: how marks are read, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from models.training.annotations import documents, parse, read_items

FOLDER = Path(__file__).parents[1] / "data/annotations"
LINE = (
    "{{Kataib Hezbollah|ORG} fighters|AGENT} {shelled|T:Shelling/artillery/missile attack@alleged} {Ain al-Asad|LOC,PLACE}. "
    "A {trial|N:trial} over {three|TOTAL} {raids|S:Attack} goes on."
)


def test_marks_stand_on_their_text() -> None:
    text, marks = parse(LINE)
    assert text == "Kataib Hezbollah fighters shelled Ain al-Asad. A trial over three raids goes on."
    assert {(text[begin:end], label) for begin, end, label in marks} == {
        ("Kataib Hezbollah", "ORG"),
        ("Kataib Hezbollah fighters", "AGENT"),
        ("shelled", "T:Shelling/artillery/missile attack@alleged"),
        ("Ain al-Asad", "LOC"),
        ("Ain al-Asad", "PLACE"),
        ("trial", "N:trial"),
        ("three", "TOTAL"),
        ("raids", "S:Attack"),
    }


def test_each_sentence_learns_what_it_tells() -> None:
    ((first, second),) = documents([parse(LINE)])
    told = dict(zip(first.words, first.columns["events"], strict=True))
    assert told["shelled"] == "Shelling/artillery/missile attack"
    assert set(first.columns["kinds"]) == {"Shelling/artillery/missile attack"}
    assert dict(zip(first.words, first.columns["certainty"], strict=True))["shelled"] == "alleged"
    assert first.columns["roles"][:3] == ["B-AGENT", "I-AGENT", "I-AGENT"]
    assert first.columns["names"][:3] == ["B-ORG", "I-ORG", "O"]
    assert dict(zip(second.words, second.columns["events"], strict=True))["trial"] == "no event"
    assert set(second.columns["kinds"]) == {"Attack"}


def test_a_sentence_that_only_adds_to_an_event_is_not_taught_as_none() -> None:
    ((_, second),) = documents([parse("{Two|KILLED} men were {shot|T:Attack}. {Settlers|AGENT} had come at night.")])
    assert set(second.columns["kinds"]) == {None}


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("A {raid|T:Raid} began.", "'T:Raid' cannot be marked"),
        ("A {raid|T:Attack@maybe} began.", "cannot be marked"),
        ("A {raid|N:dream} began.", "cannot be marked"),
        ("A {raid|} began.", "cannot be marked"),
        ("A {raid began.", "never closed"),
        ("A raid} began.", "no label"),
        ("A raid|AGENT} began.", "ends wrongly"),
        ("A {|AGENT} began.", "'nothing' cannot be marked"),
    ],
)
def test_wrong_marks_are_refused_with_the_passage(line: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / "one.txt").write_text(f"# about\n\n{line}\n", encoding="utf8")
    with pytest.raises(ValueError, match=rf"one\.txt, line 3: .*{reason}"):
        read_items(tmp_path)


@given(st.lists(st.tuples(st.text(st.characters(exclude_characters="{}|"), min_size=1), st.booleans()), min_size=1))
def test_text_comes_back_whole(parts: list[tuple[str, bool]]) -> None:
    line = "".join(f"{{{part}|AGENT}}" if marked else part for part, marked in parts)
    text, marks = parse(line)
    assert text == "".join(part for part, _ in parts)
    assert [text[begin:end] for begin, end, _ in marks] == [part for part, marked in parts if marked]


def test_all_our_sentences_can_be_read_and_none_stands_twice() -> None:
    items = read_items(FOLDER) + read_items(FOLDER, held_back=True)
    texts = [text for text, _ in items]
    assert len(texts) == len(set(texts)) >= 2_500
    assert len(documents(items)) == len(items)
