"""Where and when an event happened: its own words first, then the nearest governing context, then the article."""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Doc, Span

from pipeline.encode.candidates import CONTEXT_ONLY
from pipeline.encode.events import WIDE, StoryEvent
from pipeline.encode.mentions import MentionIndex, main_country, sentences_of, texts_of
from pipeline.mentions import mention_of, zone_at

# A heading is a line of few words.
HEADING_WORDS = 8
# Words that point back to the place of the event before.
_BACKWARD_NOUNS = frozenset(
    {
        "there",
        "nearby",
        "city",
        "town",
        "village",
        "camp",
        "dam",
        "area",
        "district",
        "neighbourhood",
        "same",
        "street",
        "quarter",
        "base",
        "airport",
        "university",
        "capital",
    }
)


class Scene:
    """Places and dates of one article, looked up for one event after another."""

    def __init__(self, doc: Doc, index: MentionIndex) -> None:
        self.doc = doc
        self.index = index
        self.sentences = sentences_of(doc)
        self.paragraphs = _paragraphs(doc)
        self.country = main_country(doc)
        self.story_place: Span | None = None  # of the last event that has one of its own
        self.story_date: Span | None = None  # of the first event that has one of its own

    def place(self, event: StoryEvent) -> Span | None:
        """Return the place mention of an event, or None."""
        own = _narrowest(event.spans("places"))
        if own is not None and mention_of(own).feature not in WIDE:
            self.story_place = own
            return own
        first = event.passages[0].sentence
        for sentence in self._context(first):
            near = _narrowest(self.index.in_sentence(sentence, "PLACE"))
            if near is not None and mention_of(near).feature not in WIDE:
                return near
        if own is None and any(t.lower_ in _BACKWARD_NOUNS for t in first):
            return self.story_place
        return own

    def date(self, event: StoryEvent) -> Span | None:
        """Return the date mention of an event, or None."""
        own = _first_resolved(event.spans("dates"))
        if own is not None:
            if not is_opening(own):
                self.story_date = self.story_date or own
            return own
        first = event.passages[0].sentence
        in_sentence = _first_resolved(self.index.in_sentence(first, "DATE"))
        if in_sentence is not None:
            return in_sentence
        for sentence in self._context(first):
            near = _first_resolved(self.index.in_sentence(sentence, "DATE"))
            if near is not None:
                return near
        return self.story_date

    def _context(self, sentence: Span) -> Iterable[Span]:
        """Yield the sentence, those before it in its paragraph, then headings above."""
        paragraph = self.paragraphs.get(sentence.start, 0)
        before = [s for s in self.sentences if s.start < sentence.start and self.paragraphs.get(s.start) == paragraph]
        yield sentence
        yield from reversed(before)
        yield from (
            s
            for s in reversed(self.sentences)
            if s.start < sentence.start and self.paragraphs.get(s.start) != paragraph and self.is_heading(s)
        )

    def is_heading(self, sentence: Span) -> bool:
        """Return whether a sentence may be a heading, whose place or date holds for what stands below it."""
        return len(sentence) <= HEADING_WORDS and zone_at(self.doc, sentence.start_char) is None


def _paragraphs(doc: Doc) -> dict[int, int]:
    """Return the ordinal of the paragraph in which each sentence begins, by the sentence's first token."""
    ordinal, blanks = 0, ""  # before the sentence
    found: dict[int, int] = {}
    for start, text in texts_of(doc).items():
        words = text.lstrip()
        ordinal += "\n" in blanks + text[: len(text) - len(words)]
        found[start] = ordinal
        blanks = text[len(text.rstrip()) :]
    return found


def _narrowest(places: Iterable[Span]) -> Span | None:
    """Return the first place that is narrower than a country or wide region, else the first place."""
    found = list(places)
    found = [p for p in found if mention_of(p).confidence >= CONTEXT_ONLY] or [
        p for p in found if mention_of(p).feature in WIDE
    ]
    for place in found:
        if mention_of(place).feature not in WIDE and mention_of(place).feature != "admin1":
            return place
    for place in found:
        if mention_of(place).feature not in WIDE:
            return place
    return found[0] if found else None


def _first_resolved(dates: Iterable[Span]) -> Span | None:
    """Return the first date that is known; the beginning of a period only where there is no other."""
    known = [date for date in dates if mention_of(date).date_start is not None]
    return next((date for date in known if not is_opening(date)), known[0] if known else None)


def is_opening(date: Span) -> bool:
    """Return whether a date is only the day from which something counts: "more than 40 since 27 November"."""
    return date.start > 0 and date.doc[date.start - 1].lower_ == "since"
