"""Find the words of the knowledge tables in a text: a trie over folded word pieces.

Folding makes spellings meet: case, accents, apostrophes, hyphens, doubled letters and the Arabic article are dropped,
so that "Hay'at Tahrir al-Sham", "Hayat Tahrir ash-Sham" and "Hayyat Tahrir Al Sham" are one name.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, Protocol, TypeVar

from spacy.tokens import Doc

from pipeline.annotate.actor_tables import ActorNoun, Community
from pipeline.countries import alpha3_of_name, countries
from pipeline.organisations import NamedActor

TermKind = Literal["actor", "force", "country", "adjective", "people", "capital", "noun", "community"]

_PIECE = re.compile(r"[^\W_]+")
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.){2,}")  # "U.N."
_APOSTROPHES = re.compile(r"['’‘`ʼʿʾ´](?!s\b)")
_DOUBLED = re.compile(r"([^\W\d])\1+")
_ARTICLES = frozenset({"al", "el", "ul", "an", "as", "ash", "ad", "ar", "az", "at", "ed", "es"})
_FOLDS = (
    ("defence", "defense"),
    ("isation", "ization"),
    ("labour", "labor"),
    ("ou", "u"),
    ("oo", "u"),
    ("ee", "i"),
    ("ae", "ai"),
    ("ay", "ai"),
    ("iya", "ia"),
    ("iyya", "ia"),
)
# Punctuation that ends a name, unless the table writes it so.
_BREAKS = (",", ";", ":", "(", ")", "?", "!", ". ", "\u201c", "\u201d", '"')
# Upper-case abbreviations that are plain words in a headline set in capitals.
_WORDS_IN_CAPITALS = frozenset({"IS", "US", "IT", "AS", "AN", "OR"})


@dataclass(slots=True, frozen=True)
class Term:
    """What a word or name stands for. `surface`: as the table writes it; `code`: alpha-3 of countries and forces."""

    kind: TermKind
    surface: str
    row: NamedActor | ActorNoun | Community | None = None
    code: str = ""
    force: str = ""
    plural: bool = False

    def fits_case(self, text: str) -> bool:
        """Abbreviations must stand as they are; names need a capital; common nouns need nothing."""
        if self.kind == "noun":
            return _plain(text) == _plain(self.surface) and (self.surface.islower() or not text.islower())
        if len(self.surface) <= 7 and sum(character.isupper() for character in self.surface) >= 2:
            return _letters(text) == _letters(self.surface)
        return self.surface.islower() or any(character.isupper() for character in text)


@dataclass(slots=True, frozen=True)
class Match:
    """Tokens `start` to `end` (half-open) that stand for one of `terms`."""

    start: int
    end: int
    terms: tuple[Term, ...]

    def first(self, *kinds: str) -> Term | None:
        """Return the first term of one of these kinds."""
        for term in self.terms:
            if term.kind in kinds:
                return term
        return None

    def every(self, kind: str) -> list[Term]:
        """Return the terms of a kind."""
        return [term for term in self.terms if term.kind == kind]

    @property
    def nouns(self) -> list[ActorNoun]:
        """The rows of its noun readings."""
        return [term.row for term in self.terms if isinstance(term.row, ActorNoun)]

    @property
    def noun(self) -> ActorNoun | None:
        """The first noun reading."""
        return next(iter(self.nouns), None)


class _Tokens(Protocol):
    """What takes up tokens `start` to `end` (half-open)."""

    @property
    def start(self) -> int: ...

    @property
    def end(self) -> int: ...


_AnyTokens = TypeVar("_AnyTokens", bound=_Tokens)


def without_overlaps(found: Iterable[_AnyTokens]) -> list[_AnyTokens]:
    """Return what does not overlap, in text order: the first, and the longest of those that begin at one token."""
    kept: list[_AnyTokens] = []
    for one in sorted(found, key=lambda one: (one.start, -one.end)):
        if not kept or one.start >= kept[-1].end:
            kept.append(one)
    return kept


@lru_cache(maxsize=20_000)
def _plain(text: str) -> str:
    """Letters of a common noun in one spelling; nouns are not folded further ("noon" is no nun)."""
    plain = _letters(unicodedata.normalize("NFKD", text).casefold())
    return plain.replace("defence", "defense").replace("isation", "ization").replace("labour", "labor")


def _letters(text: str) -> str:
    return "".join(_PIECE.findall(text))


@lru_cache(maxsize=200_000)
def fold(text: str) -> tuple[str, ...]:
    """Return the folded pieces of a word or name."""
    plain = text if text.isascii() else _unaccented(text)
    plain = _APOSTROPHES.sub("", plain.casefold())
    if "." in plain:
        plain = _DOTTED.sub(lambda match: match[0].replace(".", ""), plain)
    return tuple(_fold_piece(piece) for piece in _PIECE.findall(plain))


def _unaccented(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))


@lru_cache(maxsize=100_000)
def _fold_piece(piece: str) -> str:
    for old, new in _FOLDS:
        piece = piece.replace(old, new)
    piece = _DOUBLED.sub(r"\1", piece)
    return piece[:-1] if len(piece) > 4 and piece.endswith("ah") else piece


def _without_articles(pieces: Iterable[str]) -> tuple[str, ...]:
    kept = tuple(piece for piece in pieces if piece not in _ARTICLES)
    return kept or tuple(pieces)


class Lexicon:
    """All terms of the tables in one trie."""

    def __init__(self, actors: Iterable[NamedActor], nouns: Iterable[ActorNoun], groups: Iterable[Community]) -> None:
        self._root: dict[str, Any] = {}
        for term in (*_actor_terms(actors), *_country_terms(), *_noun_terms(nouns), *_community_terms(groups)):
            self._add(term)

    def _add(self, term: Term) -> None:
        pieces = _without_articles(fold(term.surface))
        if not pieces:
            return
        node = self._root
        for piece in pieces:
            node = node.setdefault(piece, {})
        node.setdefault("", []).append(term)

    def matches(self, doc: Doc) -> list[Match]:
        """Return the longest matches from left to right; none overlap."""
        pieces = [(piece, token.i) for token in doc for piece in fold(token.text)]
        found: list[Match] = []
        position = 0
        while position < len(pieces):
            match, after = None, position + 1
            if position == 0 or pieces[position - 1][1] != pieces[position][1]:
                match, after = self._longest(doc, pieces, position)
            if match:
                found.append(match)
            position = after
        return found

    def _longest(self, doc: Doc, pieces: list[tuple[str, int]], position: int) -> tuple[Match | None, int]:
        node, at, best, after = self._root, position, None, position + 1
        first = pieces[position][1]
        while at < len(pieces):
            piece, index = pieces[at]
            step = node.get(piece)
            if step is None:
                # The article inside a name is skipped; at its start it is no part of the name.
                if at > position and (piece in ("al", "el") or (piece in _ARTICLES and _hyphen_follows(doc, index))):
                    at += 1
                    continue
                break
            node, at = step, at + 1
            if "" in node and (at == len(pieces) or pieces[at][1] != index):
                terms = _fitting(doc, first, index + 1, node[""])
                if terms and (whole := _with_article(doc, first)) is not None:
                    best, after = Match(whole, index + 1, terms), at
        return best, after


def _with_article(doc: Doc, start: int) -> int | None:
    """Start of a name with the Arabic article before it; None where the article hangs on a longer name."""
    whole = start
    if start >= 2 and doc[start - 1].text == "-" and doc[start - 2].lower_ in _ARTICLES:
        whole = start - 2
    elif start >= 1 and doc[start - 1].lower_ in ("al", "el"):
        whole = start - 1
    before = doc[whole - 1] if 0 < whole < start else None
    joined = before is not None and before.text[:1].isupper() and before.whitespace_ == " " and not before.is_sent_start
    return None if joined and before is not None and before.tag_ in ("NNP", "NNPS") else whole


def _hyphen_follows(doc: Doc, index: int) -> bool:
    return "-" in doc[index].text or (index + 1 < len(doc) and doc[index + 1].text == "-")


def _fitting(doc: Doc, start: int, end: int, terms: list[Term]) -> tuple[Term, ...]:
    text = doc[start:end].text if end - start > 1 else doc[start].text
    if "\n" in text:
        return ()
    if any(mark in text for mark in _BREAKS):
        terms = [term for term in terms if any(mark in term.surface for mark in _BREAKS)]
    if text in _WORDS_IN_CAPITALS and _in_capitals(doc, start):
        return ()
    return tuple(term for term in terms if term.fits_case(text))


def _in_capitals(doc: Doc, index: int) -> bool:
    around = [doc[i].text for i in (index - 1, index + 1) if 0 <= i < len(doc)]
    return any(len(word) > 3 and word.isupper() and word.isalpha() for word in around)


def _actor_terms(actors: Iterable[NamedActor]) -> Iterator[Term]:
    actors = list(actors)
    spoken = {name for row in actors for name in (*row.aliases, *row.abbreviations)}
    for row in actors:
        names = [row.name, *row.aliases, *row.abbreviations]
        head, colon, tail = row.name.partition(": ")
        if colon:
            names.append(tail)
            if head not in spoken:  # "Hamas: Kataib Al Ayyash" is not called Hamas
                names.append(head)
        names += [plain for name in (row.name, tail) if (plain := _without_country(name)) != name]
        for name in dict.fromkeys(names):
            yield Term("actor", name, row)


def _without_country(name: str) -> str:
    """Drop a country in brackets at the end: "Soldiers of God (Lebanon)"."""
    plain, bracket, inside = name.removesuffix(")").rpartition(" (")
    return plain if bracket and alpha3_of_name(inside) else name


def _country_terms() -> Iterator[Term]:
    for row in countries().values():
        words: list[tuple[TermKind, tuple[str, ...]]] = [
            ("country", (row.name, *row.other_names)),
            ("adjective", row.adjectives),
            ("people", row.people),
            ("capital", (*([row.capital] if row.capital else []), *row.metonyms)),
        ]
        for kind, surfaces in words:
            yield from (Term(kind, surface, code=row.alpha3) for surface in surfaces)
        for force, surfaces in (("Military Forces", row.military), ("Police Forces", row.police)):
            yield from (Term("force", surface, code=row.alpha3, force=force) for surface in surfaces)


def _noun_terms(nouns: Iterable[ActorNoun]) -> Iterator[Term]:
    for row in nouns:
        for word in row.words:
            plural = plural_of(word)
            yield Term("noun", word, row, plural=word.endswith(("men", "people", "forces", "troops", "police")))
            if plural != word and plural not in row.words:
                yield Term("noun", plural, row, plural=True)


def _community_terms(groups: Iterable[Community]) -> Iterator[Term]:
    for row in groups:
        yield from (Term("community", word, row) for word in row.words)


def plural_of(word: str) -> str:
    """Return the plural of an English noun phrase that ends in its head; plurals are returned as they stand."""
    if word.endswith(("man", "woman")) and word != "human":
        return word[:-2] + "en"
    if word.endswith(("s", "men", "people", "police", "folk", "children")) and not word.endswith("ss"):
        return word
    if word.endswith(("ch", "sh", "x", "ss")):
        return word + "es"
    return word[:-1] + "ies" if re.search(r"[^aeiou]y$", word) else word + "s"
