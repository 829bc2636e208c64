"""Dictionary forms of English words from their part of speech, by tables and suffix rules."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

# Tags of words that already have their dictionary form.
BASE_TAGS = frozenset({"NN", "VB", "VBP", "JJ", "RB"})
NAME_TAGS = frozenset({"NNP", "NNPS"})
INFLECTED = frozenset({"NOUN", "VERB", "ADJ", "ADV"})
LONGEST = 40  # letters; what is longer is an address or a slip
VOWELS = frozenset("aeiou")


class Lemmas:
    """Look a word up, or take its ending off and check the rest against known words.

    `exceptions` holds word -> lemma for each part of speech; `known` the dictionary forms, and
    `rules` the endings with what stands in their place, tried in order.
    """

    def __init__(
        self,
        exceptions: Mapping[str, Mapping[str, str]],
        known: Mapping[str, Iterable[str]],
        rules: Mapping[str, list[list[str]]],
    ) -> None:
        self.exceptions = {pos: dict(words) for pos, words in exceptions.items()}
        self.known = {pos: frozenset(words) for pos, words in known.items()}
        self.rules = {pos: list(endings) for pos, endings in rules.items()}
        self._seen: dict[tuple[str, str, str], str] = {}

    def __call__(self, word: str, pos: str, tag: str) -> str:
        """Give the lemma of a word with its universal (`pos`) and Penn (`tag`) part of speech."""
        key = (word, pos, tag)
        lemma = self._seen.get(key)
        if lemma is None:
            lemma = self._seen[key] = self._lemma(word, pos, tag)
            if len(self._seen) > 200_000:
                self._seen.clear()
        return lemma

    def _lemma(self, word: str, pos: str, tag: str) -> str:
        if len(word) > LONGEST:
            return word
        plain = word.replace("’", "'").lower()
        listed = self.exceptions.get(pos, {}).get(plain)
        if listed is not None:
            return listed
        if pos in {"PROPN", "X", "SYM", "PUNCT"} or tag in NAME_TAGS:
            return word
        if pos not in INFLECTED:
            return plain
        return plain if tag in BASE_TAGS else self.strip(plain, pos)

    def strip(self, word: str, pos: str) -> str:
        """Take the ending off by rule; a word that ends in nothing known stays as it is."""
        known, unknown = self.known.get(pos, frozenset()), ""
        for ending, instead in self.rules.get(pos, ()):
            if word.endswith(ending) and len(word) > len(ending) + 1:
                stem = word.removesuffix(ending) + instead
                if stem in known:
                    return stem
                unknown = unknown or stem
        return _mend(word, unknown, pos) if unknown and word not in known else word

    def to_json(self) -> bytes:
        """Write the tables; known words go into one string each, which reads fast."""
        tables = {
            "exceptions": self.exceptions,
            "known": {pos: " ".join(sorted(words)) for pos, words in self.known.items()},
            "rules": self.rules,
        }
        return json.dumps(tables, ensure_ascii=False, sort_keys=True, indent=0).encode("utf8")

    @classmethod
    def from_json(cls, data: bytes) -> Lemmas:
        """Read what `to_json` wrote."""
        tables = json.loads(data)
        known = {pos: words.split(" ") for pos, words in tables["known"].items()}
        return cls(tables["exceptions"], known, tables["rules"])


def _mend(word: str, first: str, pos: str) -> str:
    """Choose a form for a word that no table knows: "droned" -> "drone", "doxxed" -> "dox"."""
    if pos != "VERB" or not word.endswith(("ed", "ing")):
        return first
    stem = word.removesuffix("ed").removesuffix("ing")
    if len(stem) > 3 and stem[-1] == stem[-2] and stem[-1] not in "lsz":
        return stem[:-1]
    ends_short = len(stem) > 2 and stem[-1] not in VOWELS | set("wxy") and stem[-2] in VOWELS and stem[-3] not in VOWELS
    return stem + "e" if stem[-1:] in set("cvzus") or (ends_short and len(stem) < 6) else stem
