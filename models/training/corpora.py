"""Read the corpora into documents of sentences with whatever labels each corpus has."""

from __future__ import annotations

import gzip
import json
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TextIO

from models.training.tokenizer import make_tokenizer

NAME_LABELS = {"PER": "PERSON"}  # the corpus' label for persons, spaCy's label for them
FINAL_STOPS = frozenset(".?!")


@dataclass
class Sentence:
    """Words and label columns; a column that the corpus lacks is not in `columns`.

    `heads` counts words of the sentence from 1 and is 0 for the root, as in CoNLL-U.
    """

    words: list[str] = field(default_factory=list)
    columns: dict[str, list[Any]] = field(default_factory=dict)


Document = list[Sentence]
Mention = tuple[int, int, str]


def open_text(path: Path) -> TextIO:
    """Open a plain or gzipped UTF-8 file."""
    return gzip.open(path, "rt", encoding="utf8") if path.suffix == ".gz" else path.open(encoding="utf8")


def read_rows(path: Path) -> list[dict[str, Any]]:
    """Read a file with one JSON object a line."""
    with open_text(path) as lines:
        return [json.loads(line) for line in lines]


def conllu_words(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    """Give each sentence of a CoNLL-U file with the id of its document, as rows of ten fields."""
    document, rows = "", []
    with open_text(path) as lines:
        for line in lines:
            if line.startswith("# newdoc id"):
                document = line.split("=", 1)[1].strip()
            elif line[0].isdigit():
                fields = line.rstrip("\n").split("\t")
                if fields[0].isdigit():  # neither a multiword token nor an empty node
                    rows.append(fields)
            elif not line.strip() and rows:
                yield document, rows
                rows = []


def read_treebank(path: Path) -> dict[str, Document]:
    """Read a treebank into documents by id."""
    documents: dict[str, Document] = defaultdict(list)
    for document, rows in conllu_words(path):
        columns = {
            "upos": [row[3] for row in rows],
            "xpos": [row[4] for row in rows],
            "heads": [int(row[6]) for row in rows],
            "deprels": [row[7] for row in rows],
            "starts": [int(number == 0) for number in range(len(rows))],
        }
        documents[document].append(Sentence([row[1] for row in rows], columns))
    return dict(documents)


def reduce_rare_deprels(documents: Iterable[Document], min_count: int) -> None:
    """Cut relations seen fewer times than `min_count` down to their universal part."""
    columns = [sentence.columns["deprels"] for document in documents for sentence in document]
    counts = Counter(label for column in columns for label in column)
    for column in columns:
        column[:] = [label if counts[label] >= min_count else label.partition(":")[0] for label in column]


def lay_names(documents: dict[str, Document], rows: Iterable[dict[str, Any]]) -> None:
    """Give treebank documents a column of names from the rows whose id begins with theirs.

    Rows of one document follow one another and hold its letters, blanks apart; so offsets are
    compared in text without blanks.
    """
    texts: dict[str, str] = defaultdict(str)
    mentions: dict[str, list[Mention]] = defaultdict(list)
    for row in rows:
        document = row["id"].rpartition("-")[0]
        before = len(texts[document])
        for begin, end, label in row["ents"]:
            inside = len("".join(row["text"][:begin].split())), len("".join(row["text"][:end].split()))
            mentions[document].append((before + inside[0], before + inside[1], label))
        texts[document] += "".join(row["text"].split())
    for name, text in texts.items():
        sentences = documents[name]
        words = ["".join(word.split()) for sentence in sentences for word in sentence.words]
        if "".join(words) != text:
            raise ValueError(f"Names of {name} do not stand on the treebank's text. Are both of the same release?")
        ends = list(_running_sum(words))
        tags = bio_tags([(end - len(word), end) for word, end in zip(words, ends, strict=True)], mentions[name])
        for sentence in sentences:
            sentence.columns["names"], tags = tags[: len(sentence.words)], tags[len(sentence.words) :]


def _running_sum(words: Iterable[str]) -> Iterator[int]:
    end = 0
    for word in words:
        end += len(word)
        yield end


def bio_tags(places: list[tuple[int, int]], mentions: Iterable[Mention]) -> list[str]:
    """Turn mentions with character offsets into a BIO tag for each word."""
    tags = ["O"] * len(places)
    begins = [begin for begin, _ in places]
    for begin, end, label in sorted(mentions):
        label = NAME_LABELS.get(label, label)
        first = max(bisect_right(begins, begin) - 1, 0)
        if places[first][1] <= begin:
            first += 1
        mark = "B"
        for number in range(first, len(places)):
            if places[number][0] >= end:
                break
            tags[number] = f"{mark}-{label}"
            mark = "I"
    return tags


def read_passages(rows: Iterable[dict[str, Any]], column: str) -> list[Document]:
    """Read rows of raw text and mentions, one document a paragraph, cut after full stops."""
    tokenizer = make_tokenizer()
    documents = []
    for row in rows:
        begin = 0
        for paragraph in row["text"].split("\n"):
            tokens = [token for token in tokenizer(paragraph) if not token.is_space]
            places = [(begin + token.idx, begin + token.idx + len(token)) for token in tokens]
            if tokens:
                tags = bio_tags(places, [m for m in row["ents"] if begin <= m[0] < begin + len(paragraph)])
                documents.append(cut_after_stops([token.text for token in tokens], {column: tags}))
            begin += len(paragraph) + 1
    return documents


def cut_after_stops(words: list[str], columns: dict[str, list[Any]]) -> Document:
    """Cut words and their columns into sentences after full stops, question and exclamation marks."""
    document, start = [], 0
    for number, word in enumerate(words, 1):
        if word in FINAL_STOPS or number == len(words):
            part = {name: column[start:number] for name, column in columns.items()}
            document.append(Sentence(words[start:number], part))
            start = number
    return document
