"""How far from an event something stands in its text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable

from spacy.tokens import Doc, Span

from pipeline.encode.events import StoryEvent
from pipeline.mentions import zone_at


class Positions:
    """Sentences and paragraphs of one text, by their ordinals."""

    def __init__(self, doc: Doc) -> None:
        self.doc = doc
        self._starts = [sentence.start for sentence in doc.sents]
        self._breaks = [token.i + 1 for token in doc if token.is_space and "\n" in token.text]

    def sentence(self, token: int) -> int:
        """Return the ordinal of a token's sentence, from 1."""
        return bisect_right(self._starts, token)

    def paragraph(self, token: int) -> int:
        """Return the ordinal of a token's paragraph, from 0."""
        return bisect_right(self._breaks, token)

    def steps(self, spans: Iterable[Span], event: StoryEvent) -> list[int]:
        """Return how many sentences mentions stand behind the passages of an event (negative: before them)."""
        passages = [self.sentence(passage.sentence.start) for passage in event.passages]
        return [self.sentence(span.start) - passage for span in spans for passage in passages]

    def distance(self, span: Span, event: StoryEvent) -> int:
        """Return how many sentences lie between a mention and the nearest passage of an event."""
        return min(abs(step) for step in self.steps([span], event))

    def here(self, spans: Iterable[Span], event: StoryEvent) -> list[Span]:
        """Return the mentions that stand in a passage of an event."""
        return [span for span in spans if self.distance(span, event) == 0]

    def told(self, spans: list[Span], event: StoryEvent) -> set[str]:
        """Return in words where mentions stand beside an event, as names of signals."""
        steps = self.steps(spans, event)
        here = {self.paragraph(passage.sentence.start) for passage in event.passages}
        return {
            "in the sentence" * (0 in steps),
            "a sentence before" * (-1 in steps),
            "a sentence after" * (1 in steps),
            "two or three before" * any(-3 <= step < -1 for step in steps),
            "two or three after" * any(1 < step <= 3 for step in steps),
            "far" * all(abs(step) > 3 for step in steps),
            "in the headline" * any(zone_at(self.doc, span.start_char) == "headline" for span in spans),
            "opens the text" * any(self.sentence(span.start) <= 2 for span in spans),
            "in the same paragraph" * any(self.paragraph(span.start) in here for span in spans),
        }
