"""How far from an event something stands in its text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from functools import cached_property

import numpy as np
from spacy.attrs import IS_SPACE
from spacy.tokens import Doc, Span

from pipeline.encode.events import StoryEvent
from pipeline.encode.mentions import sentences_of
from pipeline.mentions import mentions_of

# Words before a mention that still stands at the head of its paragraph.
LABEL_WORDS = 3
LABEL_TOKENS = 12  # with bullets, numbers and brackets


class Positions:
    """Sentences and paragraphs of one text, by their ordinals."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self._starts = [sentence.start for sentence in sentences_of(doc)]
        blanks = np.flatnonzero(doc.to_array(IS_SPACE)).tolist()
        self._breaks = [token + 1 for token in blanks if "\n" in doc[token].text]
        self._headlines = [zone for zone in doc._.layout if zone.kind == "headline"]
        self._last: tuple[StoryEvent | None, int, set[int]] = (None, 0, set())

    def sentence(self, token: int) -> int:
        """Return the ordinal of a token's sentence, from 1."""
        return bisect_right(self._starts, token)

    def paragraph(self, token: int) -> int:
        """Return the ordinal of a token's paragraph, from 0."""
        return bisect_right(self._breaks, token)

    def distance(self, span: Span, event: StoryEvent) -> int:
        """Return how many sentences lie between a mention and the nearest passage of an event."""
        at = self.sentence(span.start)
        return min(abs(at - passage) for passage in self._passages(event))

    def here(self, spans: Iterable[Span], event: StoryEvent) -> list[Span]:
        """Return the mentions that stand in a passage of an event."""
        passages = self._passages(event)
        return [span for span in spans if self.sentence(span.start) in passages]

    def told(self, spans: list[Span], event: StoryEvent) -> set[str]:
        """Return in words where mentions stand beside an event, as names of signals."""
        ordinals = [self.sentence(span.start) for span in spans]
        steps = {ordinal - passage for passage in self._passages(event) for ordinal in ordinals}
        here = {self.paragraph(passage.sentence.start) for passage in event.passages}
        inside = [span for span in spans if self.paragraph(span.start) in here]
        return {
            "in the sentence" * (0 in steps),
            "a sentence before" * (-1 in steps),
            "a sentence after" * (1 in steps),
            "two or three before" * (not steps.isdisjoint((-3, -2))),
            "two or three after" * (not steps.isdisjoint((2, 3))),
            "far" * steps.isdisjoint(range(-3, 4)),
            "in the headline" * any(map(self._is_in_headline, spans)),
            "opens the text" * (min(ordinals) <= 2),
            "opens the paragraph" * any(map(self._opens, inside)),
            "in the same paragraph" * bool(inside),
        }

    def subjects(self, spans: Iterable[Span], event: StoryEvent) -> set[str]:
        """Return in words whether mentions are what the sentences of an event, or those before, are about."""
        passages = self._passages(event)
        steps = {self.sentence(s.start) - p for s in spans if s.root.dep_.startswith("nsubj") for p in passages}
        return {"subject here" * (0 in steps), "subject a sentence before" * (-1 in steps)}

    def _passages(self, event: StoryEvent) -> set[int]:
        """Return the sentences of an event's passages; it is asked for again and again of the same event."""
        last, length, found = self._last
        if last is not event or length != len(event.passages):
            found = {self.sentence(passage.sentence.start) for passage in event.passages}
            self._last = (event, len(event.passages), found)
        return found

    @cached_property
    def _labels(self) -> set[tuple[str, int]]:
        spans = [span for kind in ("DATE", "PLACE") for span in mentions_of(self.doc, kind)]
        return {(span.label_, self.paragraph(span.start)) for span in spans if self._opens(span)}

    def label(self, token: int) -> str:
        """Return what heads a token's paragraph, as in digests: "a date", "a place" or nothing."""
        number = self.paragraph(token)
        return "a date" if ("DATE", number) in self._labels else "a place" if ("PLACE", number) in self._labels else ""

    def _opens(self, span: Span) -> bool:
        """Return whether a mention is at the head of its paragraph, as in digests: "09 Feb, Gwoza: Fighting"."""
        number = self.paragraph(span.start)
        start = self._breaks[number - 1] if number else 0
        if span.start - start > LABEL_TOKENS:
            return False
        return sum(token.is_alpha or token.is_digit for token in self.doc[start : span.start]) <= LABEL_WORDS

    def _is_in_headline(self, span: Span) -> bool:
        return any(zone.start <= span.start_char < zone.end for zone in self._headlines)
