"""Run the exported network over windows of words."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields

import numpy as np
import onnxruntime
from numpy.typing import NDArray

from pipeline.annotate.wordpiece import WordPiece, word_shape

MAX_PIECES = 240  # of a window, its two marks included; the network has seen none longer

# Chosen by speed on short batches; the result does not depend on it within rounding.
SLOWER_FUSIONS = ["SkipLayerNormFusion"]


@dataclass(slots=True)
class WindowScores:
    """What the network says about the words of one window."""

    names: NDArray[np.float32]
    conflict: NDArray[np.float32]
    roles: NDArray[np.float32]
    events: NDArray[np.float32]
    kinds: NDArray[np.float32]
    certainty: NDArray[np.float32]
    upos: NDArray[np.int64]
    xpos: NDArray[np.int64]
    starts: NDArray[np.float32]  # above 0: begins a sentence
    arcs: NDArray[np.float32]  # a row a word, a column for the root and for each word
    label_dep: NDArray[np.float32]
    label_head: NDArray[np.float32]


OUTPUTS = tuple(column.name for column in fields(WindowScores))


class OnnxNetwork:
    """Two graphs: one from pieces to scores, a small one from chosen arcs to their labels.

    Activations are quantised by sub-token, inside the graph, so a window has the same scores in
    whatever batch it is run.
    """

    def __init__(self, graph: bytes, label_graph: bytes, wordpiece: WordPiece, threads: int = 1) -> None:
        self.wordpiece = wordpiece
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        providers = ["CPUExecutionProvider"]
        self.session = onnxruntime.InferenceSession(graph, options, providers, disabled_optimizers=SLOWER_FUSIONS)
        self.labeller = onnxruntime.InferenceSession(label_graph, options, providers)
        self._words: dict[str, tuple[tuple[int, ...], int]] = {}

    def pieces(self, word: str) -> tuple[tuple[int, ...], int]:
        """Give the pieces and the case shape of a word."""
        found = self._words.get(word)
        if found is None:
            found = self.wordpiece(word), word_shape(word)
            if len(self._words) > 200_000:
                self._words.clear()
            if len(word) < 100:
                self._words[word] = found
        return found

    def fit(self, words: list[str], max_words: int) -> int:
        """Say how many of the first words go into one window."""
        room = MAX_PIECES - 2
        for number, word in enumerate(words[:max_words]):
            room -= len(self.pieces(word)[0])
            if room < 0:
                return number
        return min(len(words), max_words)

    def run(self, windows: list[list[str]], batch_pieces: int) -> list[WindowScores]:
        """Score windows, in batches of like length so that little is padding."""
        pieces = [[self.pieces(word) for word in words] for words in windows]
        lengths = [2 + sum(len(ids) for ids, _ in window) for window in pieces]
        order = sorted(range(len(windows)), key=lambda number: (lengths[number], number))
        results: dict[int, WindowScores] = {}
        start = 0
        while start < len(order):
            end = start + 1
            while end < len(order) and lengths[order[end]] * (end + 1 - start) <= batch_pieces:
                end += 1
            batch = order[start:end]
            results.update(zip(batch, self._score([pieces[number] for number in batch]), strict=True))
            start = end
        return [results[number] for number in range(len(windows))]

    def _score(self, batch: list[list[tuple[tuple[int, ...], int]]]) -> Iterator[WindowScores]:
        longest = max(2 + sum(len(ids) for ids, _ in window) for window in batch)
        ids = np.zeros((len(batch), longest), dtype=np.int64)
        shapes = np.zeros_like(ids)
        firsts = np.zeros((len(batch), max(len(window) for window in batch)), dtype=np.int64)
        mask = np.zeros(ids.shape, dtype=np.float32)
        for row, window in enumerate(batch):
            row_ids, row_shapes, row_firsts = [self.wordpiece.begin], [0], []
            for word_ids, shape in window:
                row_firsts.append(len(row_ids))
                row_ids.extend(word_ids)
                row_shapes.extend([shape] * len(word_ids))
            row_ids.append(self.wordpiece.end)
            ids[row, : len(row_ids)] = row_ids
            mask[row, : len(row_ids)] = 1.0
            shapes[row, : len(row_shapes)] = row_shapes
            firsts[row, : len(row_firsts)] = row_firsts
        feed = {"pieces": ids, "shapes": shapes, "mask": mask, "firsts": firsts}
        scores = dict(zip(OUTPUTS, self.session.run(list(OUTPUTS), feed), strict=True))
        for row, window in enumerate(batch):
            n = len(window)
            cut = {name: values[row, :n] for name, values in scores.items()}
            cut["arcs"] = scores["arcs"][row, :n, : n + 1]
            cut["label_head"] = scores["label_head"][row, : n + 1]
            yield WindowScores(**cut)

    def label(self, deps: NDArray[np.float32], heads: NDArray[np.float32]) -> NDArray[np.int64]:
        """Number the best relation for each pair of word and head, never that of the root."""
        return self.labeller.run(None, {"deps": deps, "heads": heads})[0]
