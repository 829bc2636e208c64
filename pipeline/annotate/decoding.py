"""From the network's scores to tags that fit together: names as BIO spans, sentences as trees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Scores = NDArray[np.float32]

NEVER = np.float32(-1e9)
# Greater than any sum of scores: takes part in every tree, so that the best one has it only once.
ONE_ROOT = np.float32(1e6)


def best_tags(scores: Scores) -> NDArray[np.int64]:
    """Give the best sequence of BIO tags, numbered 0 for O, 2k-1 for B and 2k for I of label k."""
    tags = scores.argmax(axis=1)
    before = np.concatenate(([0], tags[:-1]))
    is_inside = (tags > 0) & (tags % 2 == 0)
    if not (is_inside & (before != tags) & (before != tags - 1)).any():
        return tags  # nothing to mend: the best tag of each word makes the best sequence
    return _viterbi(scores)


def _viterbi(scores: Scores) -> NDArray[np.int64]:
    n_words, n_tags = scores.shape
    numbers = np.arange(n_tags)
    inside = (numbers > 0) & (numbers % 2 == 0)
    follows = (numbers[:, None] == numbers) | (numbers[:, None] == numbers - 1)  # [before, after]
    bars = np.where(inside & ~follows, NEVER, np.float32(0))
    best = scores[0] + np.where(inside, NEVER, np.float32(0))
    back = np.zeros((n_words, n_tags), dtype=np.int64)
    for word in range(1, n_words):
        paths = best[:, None] + bars
        back[word] = paths.argmax(axis=0)
        best = paths[back[word], numbers] + scores[word]
    tags = np.zeros(n_words, dtype=np.int64)
    tags[-1] = best.argmax()
    for word in range(n_words - 1, 0, -1):
        tags[word - 1] = back[word, tags[word]]
    return tags


def best_tree(scores: Scores) -> list[int]:
    """Give the head of each word in the best tree that has one root.

    `scores` has a row a word and a column for the root and then for each word as head;
    the heads count words from 1 and are 0 for the root.
    """
    n_words = len(scores)
    if n_words == 1:
        return [0]
    scores = scores.astype(np.float64)
    scores[np.arange(n_words), np.arange(1, n_words + 1)] = NEVER
    heads = scores.argmax(axis=1)
    if np.count_nonzero(heads == 0) == 1 and _cycle([-1, *heads.tolist()]) is None:
        return heads.tolist()
    square = np.full((n_words + 1, n_words + 1), float(NEVER))
    square[1:] = scores
    square[1:, 0] -= ONE_ROOT
    return _arborescence(square)[1:]


def _cycle(heads: list[int]) -> list[int] | None:
    """Find the nodes of a cycle, if there is one; node 0 is the root and has no head."""
    state = [0] * len(heads)  # 0 not seen, otherwise the number of the walk that came by
    state[0] = -1
    for start in range(1, len(heads)):
        node = start
        while state[node] == 0:
            state[node] = start
            node = heads[node]
        if state[node] == start:
            cycle = [node]
            while heads[cycle[-1]] != node:
                cycle.append(heads[cycle[-1]])
            return cycle
    return None


def _arborescence(scores: NDArray[np.float64]) -> list[int]:
    """Give the best heads by Chu-Liu/Edmonds; scores[dependent, head], node 0 is the root."""
    best = scores.argmax(axis=1)
    best[0] = -1
    heads: list[int] = best.tolist()
    cycle = _cycle(heads)
    if cycle is None:
        return heads
    inside = np.array(cycle)
    outside = np.setdiff1d(np.arange(len(scores)), inside)
    new = len(outside)  # the cycle becomes the last node of a smaller graph
    # Coming in breaks one arc of the cycle: what counts is the gain over that arc.
    gains = scores[np.ix_(inside, outside)] - scores[inside, best[inside]][:, None]
    entry = gains.argmax(axis=0)
    exits = scores[np.ix_(outside, inside)]
    leave = exits.argmax(axis=1)
    smaller = np.full((new + 1, new + 1), float(NEVER))
    smaller[:new, :new] = scores[np.ix_(outside, outside)]
    smaller[new, :new] = gains.max(axis=0)
    smaller[:new, new] = exits.max(axis=1)
    for node, head in enumerate(_arborescence(smaller)):
        if node == new:
            heads[inside[entry[head]]] = int(outside[head])
        elif node > 0:
            heads[outside[node]] = int(inside[leave[node]] if head == new else outside[head])
    return heads
