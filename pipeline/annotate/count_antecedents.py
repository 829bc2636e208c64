"""What numbers without a noun point back to: "eleven of them", "two of whom", "the council insists on 23"."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc

from pipeline.annotate.count_phrases import NumberPhrase, start_of_sentence

SENTENCES_BACK, WORDS_BACK = 4, 150  # how far back "eleven of them" may point


class Antecedent:
    """What the last numbers counted, for numbers that leave their noun out: "Eleven of them"."""

    def __init__(self) -> None:
        self.kind: str | None = None
        self.index = -1
        self.casualties: list[tuple[int, str]] = []

    def last_told(self, doc: Doc, phrase: NumberPhrase) -> str | None:
        """Return what the last count of casualties was of, in the sentence or the one before."""
        if not self.casualties:
            return None
        i, of = self.casualties[-1]
        between = doc[i + 1 : phrase.start]
        return of if sum(1 for token in between if token.is_sent_start) <= 1 else None

    def see(self, phrase: NumberPhrase, count_of: str | None) -> None:
        """Take note of a number, of what it counts and what happened to the counted."""
        if phrase.head is not None:
            self.kind, self.index = phrase.kind, phrase.start
        if count_of not in {"incidents", "munitions", None}:
            self.casualties.append((phrase.start, count_of))

    def is_incident(self, doc: Doc, phrase: NumberPhrase) -> bool:
        """Say whether the noun left out is that of incidents counted close before."""
        if self.kind not in {"incident", "occasion"}:
            return False
        between = doc[self.index : phrase.start]
        return len(between) < WORDS_BACK and sum(1 for token in between if token.is_sent_start) <= SENTENCES_BACK

    def told(self, doc: Doc, phrase: NumberPhrase, count_of: str | None = None) -> bool:
        """Say whether a count of casualties, or of one sort of them, stands earlier in the sentence."""
        return any(count_of in {None, of} for of in self._in_sentence(doc, phrase))

    def last_casualty(self, doc: Doc, phrase: NumberPhrase) -> str | None:
        """Return what the last count of casualties in the sentence was of."""
        return next(self._in_sentence(doc, phrase), None)

    def _in_sentence(self, doc: Doc, phrase: NumberPhrase) -> Iterator[str]:
        start = start_of_sentence(doc, phrase.start)
        for i, of in reversed(self.casualties):
            if i < start:
                return
            yield of
