"""Read the project's own annotated sentences: inline marks, defined in data/annotations/README.md."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from spacy.language import Language
from spacy.tokens import Doc

from models.training.corpora import Document, Mention, Sentence, bio_tags, cut_after_stops
from models.training.tokenizer import make_tokenizer
from pipeline.event_scores import CERTAINTY, NO_EVENT, ROLES
from pipeline.taxonomy import SUB_EVENT_TYPES

HELD_BACK = "held_back.txt"  # of a folder of annotations: measured with, never learnt from
NAMES = ("PER", "ORG", "LOC", "NORP")
# Why a word that could tell an event tells none.
REASONS = (
    "plan", "threat", "call", "hypothetical", "denial", "drill", "anniversary", "trial", "history", "weapon", "sport",
    "economy", "metaphor", "accident", "crime", "meeting", "statement", "other",
)  # fmt: skip
_END = re.compile(r"\|([^{}|]*)\}")


def read_items(folder: Path, held_back: bool = False) -> list[tuple[str, list[Mention]]]:
    """Read annotated items as plain text and marks (begin, end, label) with offsets in characters.

    folder (Path): Holds the .txt files.
    held_back (bool): Only those that are measured with, in place of those that are learnt from.
    RAISES (ValueError): If a line cannot be read; names file, line and passage.
    """
    items = []
    for path in sorted(folder.glob("*.txt")):
        if (path.name == HELD_BACK) != held_back:
            continue
        for number, line in enumerate(path.read_text(encoding="utf8").splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            try:
                items.append(parse(line.strip()))
            except ValueError as error:
                raise ValueError(f"{path.name}, line {number}: {error}") from None
    return items


def documents(items: Iterable[tuple[str, list[Mention]]], parser: Language | None = None) -> list[Document]:
    """Turn items into sentences with the columns names, roles, events, certainty and kinds.

    parser (Language): Adds its sentences, tags and trees. Without any, training on these texts would leave the network
    free to forget the syntax of such texts.
    """
    read = parser or make_tokenizer()
    found = []
    for text, marks in items:
        doc = read(text)
        tokens = [token for token in doc if not token.is_space]
        taught = columns([(token.idx, token.idx + len(token)) for token in tokens], marks)
        words = [token.text for token in tokens]
        found.append(cut_after_stops(words, taught) if parser is None else parsed(doc, words, taught))
        set_kinds(found[-1])
    return found


def parsed(doc: Doc, words: list[str], taught: dict[str, list[Any]]) -> Document:
    """Cut words and their columns into the sentences of a parsed text, and add its tags and trees."""
    document, begin = [], 0
    for sentence in doc.sents:
        tokens = [token for token in sentence if not token.is_space]
        numbers = {token.i: number for number, token in enumerate(tokens, 1)}
        part = {name: column[begin : begin + len(tokens)] for name, column in taught.items()}
        part |= {
            "upos": [token.pos_ for token in tokens],
            "xpos": [token.tag_ for token in tokens],
            "heads": [0 if token.dep_ == "ROOT" else numbers[token.head.i] for token in tokens],
            "deprels": ["root" if token.dep_ == "ROOT" else token.dep_ for token in tokens],
            "starts": [int(number == 0) for number in range(len(tokens))],
        }
        if tokens:
            document.append(Sentence(words[begin : begin + len(tokens)], part))
        begin += len(tokens)
    return document


def parse(line: str) -> tuple[str, list[Mention]]:
    """Split a marked line into its plain text and (begin, end, label) with offsets in characters."""
    text, marks, open_at = "", [], []
    place = 0
    while place < len(line):
        character = line[place]
        if character == "{":
            open_at.append(len(text))
        elif character == "|":
            end = _END.match(line, place)
            if end is None or not open_at:
                raise ValueError(f"a mark ends wrongly at {line[place : place + 30]!r}")
            begin = open_at.pop()
            labels = [label.strip() for label in end[1].split(",")]
            wrong = [label for label in labels if not _is_label(label)]
            if wrong or begin == len(text):
                raise ValueError(
                    f"{wrong[0] if wrong else 'nothing'!r} cannot be marked at {line[place : place + 30]!r}"
                )
            marks += [(begin, len(text), label) for label in labels]
            place = end.end() - 1
        elif character == "}":
            raise ValueError(f"a mark has no label before {line[place : place + 30]!r}")
        else:
            text += character
        place += 1
    if open_at:
        raise ValueError("a mark is never closed")
    return text, marks


def _is_label(label: str) -> bool:
    kind, _, value = label.partition(":")
    if kind == "T":
        name, at, certainty = value.partition("@")
        return name in SUB_EVENT_TYPES and (not at or certainty in CERTAINTY)
    if kind == "S":
        return value in SUB_EVENT_TYPES or value == "mixed"
    return label in NAMES or label in ROLES or (kind == "N" and value in REASONS)


def columns(places: list[tuple[int, int]], marks: list[Mention]) -> dict[str, list[str | None]]:
    """Turn marks into a value for each word and column; None is not learnt from."""
    found: dict[str, list[str | None]] = {
        "names": list(bio_tags(places, [mark for mark in marks if mark[2] in NAMES])),
        "roles": list(bio_tags(places, list(apart(marks)))),
        "events": ["O"] * len(places),
        "certainty": [None] * len(places),
    }
    for begin, end, label in marks:
        kind, _, value = label.partition(":")
        if kind not in ("T", "S", "N"):
            continue
        name, _, certainty = value.partition("@")
        event = NO_EVENT if kind == "N" else None if name == "mixed" else name
        for number, (word_begin, word_end) in enumerate(places):
            if begin < word_end and word_begin < end:
                found["events"][number] = event
                found["certainty"][number] = (certainty or CERTAINTY[0]) if kind == "T" else None
    return found


def apart(marks: list[Mention]) -> Iterator[Mention]:
    """Give the marks of roles of which no two share a word, the weightier first."""
    taken: list[tuple[int, int]] = []
    for begin, end, label in sorted((m for m in marks if m[2] in ROLES), key=lambda m: (ROLES.index(m[2]), m[0])):
        if all(end <= other or begin >= other_end for other, other_end in taken):
            taken.append((begin, end))
            yield begin, end, label


def set_kinds(document: Document) -> None:
    """Add the column of kinds: at each word the event of its sentence that is told nearest to it.

    A sentence that only adds to the event of another ("The fire came from across the border") teaches no kind.
    """
    tells = any(event in SUB_EVENT_TYPES for sentence in document for event in sentence.columns["events"])
    for sentence in document:
        told = [n for n, event in enumerate(sentence.columns["events"]) if event in SUB_EVENT_TYPES]
        sentence.columns["kinds"] = [_kind(sentence, n, told, tells) for n in range(len(sentence.words))]


def _kind(sentence: Sentence, word: int, told: list[int], elsewhere: bool) -> str | None:
    if told:
        return sentence.columns["events"][min(told, key=lambda n: abs(n - word))]
    adds = elsewhere and any(role != "O" for role in sentence.columns["roles"])
    return None if adds or None in sentence.columns["events"] else NO_EVENT
