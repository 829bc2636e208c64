"""Compile the lemma tables: treebank words over the exceptions, words and rules of spaCy's lookups."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path

import srsly

from models.training.corpora import conllu_words
from pipeline.annotate.lemmas import BASE_TAGS, INFLECTED, Lemmas

MIN_SHARE = 0.6  # of a treebank word's uses that one lemma must have
UNINFLECTED_MIN_COUNT = 3  # a rarer pronoun or particle is a slip of the pen more often than a word


def compile_lemmas(lookups: Path, treebanks: Iterable[Path]) -> Lemmas:
    """Join both sources; `lookups` is the data folder of the package spacy-lookups-data."""
    rules = srsly.read_gzip_json(lookups / "en_lemma_rules.json.gz")
    index = srsly.read_gzip_json(lookups / "en_lemma_index.json.gz")
    irregular = srsly.read_gzip_json(lookups / "en_lemma_exc.json.gz")
    lemmas = Lemmas(
        exceptions={pos: {word: forms[0] for word, forms in irregular[pos.lower()].items()} for pos in INFLECTED},
        known={pos: [word for word in index[pos.lower()] if " " not in word] for pos in INFLECTED},
        rules={pos: rules[pos.lower()] for pos in INFLECTED},
    )
    lemmas.exceptions["ADV"] = {}  # theirs turn adverbs into adjectives, which the treebanks do not
    for (word, pos), (lemma, tag) in _treebank_lemmas(treebanks).items():
        if lemmas(word, pos, tag) != lemma and (lemma.islower() or pos not in INFLECTED):
            lemmas.exceptions.setdefault(pos, {})[word.replace("’", "'").lower()] = lemma
    return Lemmas(lemmas.exceptions, lemmas.known, lemmas.rules)


def _treebank_lemmas(treebanks: Iterable[Path]) -> dict[tuple[str, str], tuple[str, str]]:
    """Give the usual lemma and tag of each word and part of speech, names and numbers aside."""
    counts: dict[tuple[str, str], Counter[tuple[str, str]]] = defaultdict(Counter)
    for path in treebanks:
        for _, rows in conllu_words(path):
            for row in rows:
                word, lemma, pos, tag = row[1].lower(), row[2], row[3], row[4]
                is_misspelt = "Typo=Yes" in row[5] or row[4] in {"GW", "AFX"}
                if pos not in {"PROPN", "X", "SYM", "NUM", "PUNCT"} and lemma != "_" and not is_misspelt:
                    counts[word, pos][lemma, tag] += 1
    usual = {}
    for (word, pos), found in counts.items():
        by_lemma: Counter[str] = Counter()
        for (lemma, _), count in found.items():
            by_lemma[lemma] += count
        lemma, count = by_lemma.most_common(1)[0]
        total = sum(by_lemma.values())
        if count < MIN_SHARE * total or (pos not in INFLECTED and total < UNINFLECTED_MIN_COUNT):
            continue
        # A word with an inflected reading is judged by it: the base form needs no table.
        tags = [tag for (found_lemma, tag), _ in found.most_common() if found_lemma == lemma]
        usual[word, pos] = lemma, next((tag for tag in tags if tag not in BASE_TAGS), tags[0])
    return usual
