from itertools import product

import numpy as np
import pytest

from pipeline.annotate.decoding import best_tags, best_tree
from pipeline.event_scores import tag_spans

OUT, B_ORG, I_ORG, B_LOC, I_LOC = range(5)


def is_tree(heads):
    for word in range(1, len(heads) + 1):
        seen = set()
        while word != 0:
            if word in seen:
                return False
            seen.add(word)
            word = heads[word - 1]
    return True


def tree_score(scores, heads):
    return sum(scores[word, head] for word, head in enumerate(heads))


@pytest.mark.parametrize("n_words", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("seed", range(12))
def test_best_tree_is_the_best_of_all_trees_with_one_root(n_words, seed):
    scores = np.random.default_rng(seed).normal(size=(n_words, n_words + 1)).astype(np.float32) * 5
    trees = [heads for heads in product(range(n_words + 1), repeat=n_words) if heads.count(0) == 1 and is_tree(heads)]
    found = best_tree(scores)
    assert found.count(0) == 1
    assert is_tree(found)
    assert tree_score(scores, found) == pytest.approx(max(tree_score(scores, heads) for heads in trees), abs=1e-3)


def test_best_tree_of_a_long_sentence_has_one_root():
    scores = np.random.default_rng(1).normal(size=(110, 111)).astype(np.float32)
    heads = best_tree(scores)
    assert heads.count(0) == 1
    assert is_tree(heads)


@pytest.mark.parametrize("seed", range(20))
def test_best_tags_is_the_best_of_all_valid_sequences(seed):
    scores = np.random.default_rng(seed).normal(size=(4, 5)).astype(np.float32)

    def is_valid(tags):
        pairs = zip((OUT, *tags), tags, strict=False)
        return all(tag not in {I_ORG, I_LOC} or before in {tag, tag - 1} for before, tag in pairs)

    best = max(
        (tags for tags in product(range(5), repeat=4) if is_valid(tags)),
        key=lambda tags: sum(scores[word, tag] for word, tag in enumerate(tags)),
    )
    assert best_tags(scores).tolist() == list(best)


@pytest.mark.parametrize(
    ("tags", "spans"),
    [
        ([OUT, OUT], []),
        ([B_ORG, I_ORG, OUT, B_LOC], [(0, 2, 0), (3, 4, 1)]),
        ([B_ORG, B_ORG, I_ORG], [(0, 1, 0), (1, 3, 0)]),
        ([OUT, B_LOC, I_LOC, I_LOC], [(1, 4, 1)]),
    ],
)
def test_tag_spans(tags, spans):
    assert tag_spans(np.array(tags)) == spans
