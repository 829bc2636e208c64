"""Cut documents into the windows that the network sees, vary them, and batch them as tensors."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor

from models.training.corpora import Document, Sentence
from pipeline.annotate.wordpiece import WordPiece, word_shape

IGNORED = -100
MINOR_WORDS = frozenset(
    ["a", "an", "and", "as", "at", "but", "by", "for", "from", "in", "of", "on", "or", "the", "to", "with"]
)


def join(sentences: Sequence[Sentence]) -> Sentence:
    """Put sentences of one corpus one after another; heads then count from the window's first word."""
    window = Sentence([word for sentence in sentences for word in sentence.words])
    for name in sentences[0].columns:
        before, column = 0, []
        for sentence in sentences:
            values = sentence.columns[name]
            column += [head + before if head else 0 for head in values] if name == "heads" else values
            before += len(values)
        window.columns[name] = column
    return window


def cut_windows(documents: Iterable[Document], max_words: int, rng: random.Random) -> Iterator[Sentence]:
    """Join runs of sentences up to a length drawn anew for each window, so that all lengths are seen."""
    for document in documents:
        run: list[Sentence] = []
        length, wanted = 0, rng.randint(8, max_words)
        for sentence in document:
            size = len(sentence.words)
            if size > max_words:
                continue
            if run and length + size > wanted:
                yield join(run)
                run, length, wanted = [], 0, rng.randint(8, max_words)
            run.append(sentence)
            length += size
        if run:
            yield join(run)


def vary(window: Sentence, shares: dict[str, float], rng: random.Random) -> Sentence:
    """Rewrite some windows as news text may come: capitals, headlines, curly quotes, no full stop."""
    words, columns = list(window.words), window.columns
    if rng.random() < shares["curly_quotes"]:
        words = _curl(words)
    style = rng.random()
    headline = shares["upper"] <= style < shares["upper"] + shares["headline"]
    if style < shares["upper"]:
        words = [word.upper() for word in words]
    elif headline:
        words = [word if word in MINOR_WORDS else word[:1].upper() + word[1:] for word in words]
    bare = headline or rng.random() < shares["no_final_stop"]
    if bare and words[-1] in {".", "!"} and len(words) > 1 and len(words) not in columns.get("heads", ()):
        words = words[:-1]
        columns = {name: column[:-1] for name, column in columns.items()}
    return Sentence(words, columns)


def _curl(words: Iterable[str]) -> list[str]:
    curled, is_open = [], False
    for word in words:
        if word == '"':
            is_open = not is_open
            word = "“" if is_open else "”"
        curled.append(word.replace("'", "’"))
    return curled


class Encoding:
    """Turn windows into tensors; `labels` gives the values of each column in order."""

    def __init__(self, wordpiece: WordPiece, labels: dict[str, list[str]], max_pieces: int) -> None:
        self.wordpiece = wordpiece
        self.numbers = {name: {label: n for n, label in enumerate(values)} for name, values in labels.items()}
        self.columns = (*labels, "starts", "heads")
        self.max_pieces = max_pieces

    def encode(self, window: Sentence) -> dict[str, list[int]] | None:
        """Number pieces and labels; None for a window too long in pieces."""
        pieces, shapes, firsts = [self.wordpiece.begin], [0], []
        for word in window.words:
            firsts.append(len(pieces))
            ids = self.wordpiece(word)
            pieces.extend(ids)
            shapes.extend([word_shape(word)] * len(ids))
        if len(pieces) >= self.max_pieces:
            return None
        encoded = {"pieces": [*pieces, self.wordpiece.end], "shapes": [*shapes, 0], "firsts": firsts}
        for name in self.columns:
            values: list[Any] = window.columns.get(name) or [IGNORED] * len(window.words)
            numbers = self.numbers.get(name)
            encoded[name] = [numbers.get(value, IGNORED) for value in values] if numbers else values
        return encoded


def batches(windows: list[dict[str, list[int]]], batch_pieces: int, rng: random.Random) -> list[dict[str, Tensor]]:
    """Group windows of like length into batches of at most `batch_pieces` places, in random order."""
    shuffled = sorted(windows, key=lambda window: len(window["pieces"]) + rng.random() * 16)
    grouped: list[list[dict[str, list[int]]]] = [[]]
    longest = 0
    for window in shuffled:
        longest = max(longest, len(window["pieces"]))
        if grouped[-1] and longest * (len(grouped[-1]) + 1) > batch_pieces:
            grouped.append([])
            longest = len(window["pieces"])
        grouped[-1].append(window)
    rng.shuffle(grouped)
    return [stack(group) for group in grouped]


def stack(group: list[dict[str, list[int]]]) -> dict[str, Tensor]:
    """Pad windows to one length and stack them, with a mask over the pieces."""
    batch = {}
    for name in group[0]:
        filler = 0 if name in {"pieces", "shapes", "firsts"} else IGNORED
        length = max(len(window[name]) for window in group)
        batch[name] = torch.tensor([window[name] + [filler] * (length - len(window[name])) for window in group])
    batch["mask"] = (batch["pieces"] != 0).float()
    return batch
