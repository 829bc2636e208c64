"""Find the words that may report an event, and the weapons: TRIGGER and WEAPON mentions.

Only words are found here. Which sense a trigger has, and whether it reports an event at all, is decided in encode,
where its arguments are known.
"""

from __future__ import annotations

from collections.abc import Iterator

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from pipeline import lexicon
from pipeline.mentions import Mention, set_mentions

# How many words may stand between the words of a verb pattern ("shot the lawyer dead").
MAX_GAP = 9
_CLAUSE_MARKS = frozenset(",;:.()–—")


@Language.factory("conflict_triggers", assigns=["doc.spans"], requires=["token.lemma", "token.pos"])
def make_triggers(nlp: Language, name: str) -> Triggers:
    """Create the component; its words come from triggers.csv and weapons.csv."""
    return Triggers()


class Triggers:
    """Set `doc.spans["triggers"]` (canonical: the pattern) and `doc.spans["weapons"]` (canonical: the class)."""

    def __init__(self) -> None:
        self.patterns = lexicon.patterns_by_head()
        self.weapons: dict[str, list[tuple[tuple[str, ...], str]]] = {}
        for words, kind in lexicon.word_classes("weapons.csv").items():
            lemmas = tuple(words.split(" "))
            self.weapons.setdefault(lemmas[-1], []).append((lemmas, kind))
        for found in self.weapons.values():
            found.sort(key=lambda item: -len(item[0]))

    def __call__(self, doc: Doc) -> Doc:
        """Find triggers and weapons in a Doc."""
        lemmas = [token.lemma_.lower() or token.lower_ for token in doc]
        set_mentions(doc, "TRIGGER", self._triggers(doc, lemmas))
        set_mentions(doc, "WEAPON", self._weapons(doc, lemmas))
        return doc

    def _triggers(self, doc: Doc, lemmas: list[str]) -> Iterator[tuple[Span, Mention]]:
        taken: set[int] = set()
        found: list[tuple[int, list[int], lexicon.Pattern]] = []
        for token in doc:
            for form in dict.fromkeys((lemmas[token.i], token.lower_)):
                for pattern in self.patterns.get(form, ()):
                    words = _matched(token, pattern, lemmas)
                    if words:
                        found.append((token.i, words, pattern))
        # Longer patterns first, so that "shoot down" is not also "shoot".
        for anchor, words, pattern in sorted(found, key=lambda item: (-len(item[1]), item[0])):
            if not taken.intersection(words):
                taken.update(words)
                tight = words[-1] - words[0] < len(words)
                span = doc[words[0] : words[-1] + 1] if tight else doc[anchor : anchor + 1]
                yield span, Mention(canonical=pattern.key)

    def _weapons(self, doc: Doc, lemmas: list[str]) -> Iterator[tuple[Span, Mention]]:
        first = len(doc)  # from the right: the last word is a weapon's head ("rocket - propelled grenade")
        for i in reversed(range(len(doc))):
            if i >= first or doc[i].pos_ in ("VERB", "AUX", "ADP"):
                continue
            for words, kind in self.weapons.get(lemmas[i], ()):
                start = i - len(words) + 1
                if start >= 0 and all(w in (lemmas[j], doc[j].lower_) for j, w in enumerate(words, start)):
                    yield doc[start : i + 1], Mention(canonical=kind)
                    first = start
                    break


def _matched(token: Token, pattern: lexicon.Pattern, lemmas: list[str]) -> list[int]:
    """Return the positions of a pattern's words when it is anchored at the token, else an empty list."""
    if not _pos_fits(token, pattern):
        return []
    if pattern.pos != "V":
        start = token.i - len(pattern.lemmas) + 1
        fits = start >= 0 and tuple(lemmas[start : token.i + 1]) == pattern.lemmas
        return list(range(start, token.i + 1)) if fits else []
    positions = [token.i]
    for lemma in pattern.lemmas[1:]:
        following = _following(token, positions[-1], lemma, lemmas)
        if following is None:
            return []
        positions.append(following)
    return positions


def _following(token: Token, after: int, lemma: str, lemmas: list[str]) -> int | None:
    """Return where a verb's further word stands: next to it, or governed by it a few words on."""
    doc = token.doc
    end = min(len(doc), after + 1 + MAX_GAP)
    for i in range(after + 1, end):
        if doc[i].is_sent_start or doc[i].text in _CLAUSE_MARKS:
            return None
        if lemmas[i] == lemma or doc[i].lower_ == lemma:
            near = i == after + 1 or doc[i].head.i in (token.i, after) or doc[i].head.head.i == token.i
            return i if near else None
    return None


def _pos_fits(token: Token, pattern: lexicon.Pattern) -> bool:
    if pattern.pos == "*" or (pattern.pos == "N" and len(pattern.lemmas) > 1):
        return True
    if pattern.pos == "V":
        return token.pos_ in ("VERB", "AUX") or (token.pos_ == "ADJ" and token.tag_ in ("VBN", "VBD", "VBG"))
    # Names of months and people are capitalised, event nouns in running text are not.
    return token.pos_ == "NOUN" or (token.pos_ == "PROPN" and (token.is_sent_start or token.is_lower or token.is_upper))
