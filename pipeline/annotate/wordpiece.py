"""WordPiece in plain Python: words to the numbers that the encoder knows."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from pathlib import Path

LOWER, TITLE, UPPER, INITIAL, MIXED, DIGIT, OTHER = range(1, 8)
N_SHAPES = 8  # 0 stands for padding and for the marks around a window

MAX_PIECES = 8  # of one word; only the first piece of a word is read by the heads
MAX_LETTERS = 100  # of one word, as in BERT; longer ones are unknown
CACHE_SIZE = 200_000


def word_shape(word: str) -> int:
    """Class the capitals and digits of a word, which the uncased vocabulary does not show."""
    if any(letter.isdigit() for letter in word):
        return DIGIT
    if not any(letter.isalpha() for letter in word):
        return OTHER
    if word.islower():
        return LOWER
    if word.isupper():
        return UPPER if len(word) > 1 else INITIAL
    return TITLE if word[0].isupper() and word[1:].islower() else MIXED


def is_separate(letter: str) -> bool:
    """Say whether BERT makes this character a piece of its own: punctuation, symbols, Han."""
    code = ord(letter)
    if 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126:
        return True
    return unicodedata.category(letter).startswith("P") or 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF


def basic_parts(word: str) -> list[str]:
    """Lower-case a word, drop accents and control characters, and part it at punctuation."""
    parts: list[str] = []
    current = ""
    for letter in unicodedata.normalize("NFD", word.lower()):
        if unicodedata.category(letter) in {"Mn", "Cc", "Cf"}:
            continue
        if letter.isspace() or is_separate(letter):
            parts.extend(part for part in (current, letter.strip()) if part)
            current = ""
        else:
            current += letter
    return [*parts, current] if current else parts


class WordPiece:
    """Give the pieces of words by longest match, remembering words already seen."""

    def __init__(self, vocab: Iterable[str]) -> None:
        self.vocab = tuple(vocab)
        self.ids = {piece: number for number, piece in enumerate(self.vocab)}
        self.unknown = self.ids["[UNK]"]
        self.begin = self.ids["[CLS]"]
        self.end = self.ids["[SEP]"]
        self._seen: dict[str, tuple[int, ...]] = {}

    @classmethod
    def from_file(cls, path: Path) -> WordPiece:
        """Read a vocabulary with one piece a line."""
        return cls(path.read_text(encoding="utf8").rstrip("\n").split("\n"))

    def __call__(self, word: str) -> tuple[int, ...]:
        """Give the pieces of one word: at least one, at most MAX_PIECES."""
        pieces = self._seen.get(word)
        if pieces is None:
            pieces = self._pieces(word)
            if len(self._seen) >= CACHE_SIZE:
                self._seen.clear()
            if len(word) <= MAX_LETTERS:
                self._seen[word] = pieces
        return pieces

    def _pieces(self, word: str) -> tuple[int, ...]:
        if len(word) > MAX_LETTERS:
            return (self.unknown,)
        pieces = [piece for part in basic_parts(word) for piece in self._match(part)]
        return tuple(pieces[:MAX_PIECES]) or (self.unknown,)

    def _match(self, part: str) -> list[int]:
        pieces: list[int] = []
        start = 0
        while start < len(part):
            prefix = "##" if start else ""
            end = len(part)
            while end > start and prefix + part[start:end] not in self.ids:
                end -= 1
            if end == start:
                return [self.unknown]
            pieces.append(self.ids[prefix + part[start:end]])
            start = end
        return pieces
