"""What the language model thinks of events, word by word, kept in `doc.tensor` so that it is stored with the Doc.

The network was taught on the sentences of data/annotations. For every word it says which event the word tells, if any,
what its sentence reports, how sure the event is, and whether the word belongs to a party or a number of an event.
Probabilities are kept in bytes: small, and hardly touched by a processor's last digits.
"""

from __future__ import annotations

from itertools import accumulate, pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from spacy.attrs import IS_SPACE
from spacy.tokens import Doc, Span

from pipeline.taxonomy import SUB_EVENT_TYPES

NO_EVENT = "no event"
# Columns of the network: their labels in order.
EVENTS = ("O", NO_EVENT, *SUB_EVENT_TYPES)  # of a word; "no event": it could tell one, and does not
KINDS = (NO_EVENT, *SUB_EVENT_TYPES)  # of a sentence, said at each of its words
CERTAINTY = ("asserted", "attributed", "likely", "alleged", "disputed")  # of the event that the word tells
# Where two roles are laid on the same words, the first of these is learnt.
ROLES = (
    "AGENT", "TARGET", "KILLED", "INJURED", "ABDUCTED", "ARRESTED", "TOTAL", "CROWD",
    "PLACE", "DATE", "WEAPON", "SOURCE",
)  # fmt: skip

# Columns of the table in doc.tensor: the tag of the role, then the shares of these.
SHARES = {"events": EVENTS, "kinds": KINDS, "certainty": CERTAINTY}
_BOUNDS = list(accumulate(map(len, SHARES.values()), initial=1))
COLUMNS = {name: slice(*bounds) for name, bounds in zip(SHARES, pairwise(_BOUNDS), strict=True)}
WIDTH = _BOUNDS[-1]
WHOLE = 255.0  # what a probability of 1 is kept as


class EventScores:
    """Read-only view of the scores of a Doc; `EventScores.of(doc)` is None for a Doc that another model has read."""

    def __init__(self, doc: Doc) -> None:
        table: Any = doc.tensor
        self.doc = doc
        self._tags = table[:, 0]
        self._events, self._kinds, self._certainty = (table[:, COLUMNS[name]] for name in SHARES)
        self._wholes: dict[tuple[int, int], dict[str, float]] = {}
        self._blank = doc.to_array(IS_SPACE).astype(bool)
        nothing = (self._events[:, :2] / WHOLE).sum(axis=1)
        self._told = np.where(self._events.any(axis=1), np.maximum(0.0, 1.0 - nothing), 0.0).tolist()

    @classmethod
    def of(cls, doc: Doc) -> EventScores | None:
        """Return the scores of a Doc, None when it has none."""
        table = doc.tensor
        fits = getattr(table, "shape", None) == (len(doc), WIDTH) and table.dtype == np.uint8
        return cls(doc) if fits and len(doc) else None

    def word(self, token: int) -> dict[str, float]:
        """Return the probability of each of EVENTS at a token."""
        return dict(zip(EVENTS, (self._events[token] / WHOLE).tolist(), strict=True))

    def tells(self, token: int) -> float:
        """Return the probability that a token tells a real event, of whatever type; 0 for blanks."""
        return self._told[token]

    def sentence(self, span: Span) -> dict[str, float]:
        """Return the probability of each of KINDS for a sentence or another run of words."""
        bounds = (span.start, span.end)
        if bounds not in self._wholes:
            self._wholes[bounds] = self._whole(span)
        return self._wholes[bounds]

    def _whole(self, span: Span) -> dict[str, float]:
        words = np.flatnonzero(~self._blank[span.start : span.end]) + span.start
        return dict(zip(KINDS, (self._kinds[words] / WHOLE).mean(axis=0).tolist(), strict=True)) if len(words) else {}

    def certainty(self, token: int) -> dict[str, float]:
        """Return the probability of each of CERTAINTY at a token that tells an event."""
        return dict(zip(CERTAINTY, (self._certainty[token] / WHOLE).tolist(), strict=True))

    def roles(self) -> list[Span]:
        """Return the words that belong to events, labelled with one of ROLES, in order."""
        return [
            Span(self.doc, start, end, label=ROLES[label])
            for start, end, label in tag_spans(self._tags.astype(np.int64))
        ]


def tag_spans(tags: NDArray[np.int64]) -> list[tuple[int, int, int]]:
    """List the spans of a BIO sequence as (first word, word after the last, label number from 0)."""
    spans: list[tuple[int, int, int]] = []
    for word in np.flatnonzero(tags).tolist():
        label, is_inside = divmod(int(tags[word]) - 1, 2)
        if is_inside and spans:
            spans[-1] = (spans[-1][0], word + 1, label)
        else:
            spans.append((word, word + 1, label))
    return spans
