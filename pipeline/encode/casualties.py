"""How many were killed and hurt: the figures of an event, by ACLED's conservative rule.

Within a sentence the separate counts are added ("a commander and his driver"), their parts are not ("including two
children"); running totals ("bringing the toll to 14") are no deaths of this event. Between sentences the first figure
of the story stands. Where another party gives a figure of its own ("the council insists on 23"), the lower one is
taken and both are kept as bounds.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Span

from pipeline.mentions import Mention, mention_of

RIVAL = "rival"  # canonical of a count that another party gives of the same


@dataclass(slots=True)
class Toll:
    """A figure with its bounds, and the words that it comes from."""

    value: int | None = None
    low: int | None = None
    high: int | None = None
    evidence: list[Span] = field(default_factory=list)

    @property
    def deaths(self) -> int:
        """The figure by ACLED's rule: the lowest that is reported; 3 for an unknown number."""
        if self.value is not None:
            return self.value if self.low is None else min(self.value, self.low)
        return 3 if self.low else 0


def told_of(counts: Iterable[Span], of: str) -> list[Span]:
    """Return the counts of one kind that are no parts of others and no running totals."""
    found = ((count, mention_of(count)) for count in counts)
    return [count for count, told in found if told.count_of == of and told.canonical not in ("part", "cumulative")]


def toll(counts: Iterable[Span], of: str) -> Toll | None:
    """Return the toll of one kind (`fatalities`, `injuries`, ...), or None when the text gives none."""
    by_sentence: dict[int, list[Span]] = defaultdict(list)
    for count in told_of(counts, of):
        by_sentence[count[0].sent.start].append(count)
    if not by_sentence:
        return None
    first = by_sentence[min(by_sentence)]
    told = added([c for c in first if mention_of(c).canonical != RIVAL] or first[:1])
    rivals = [c for cs in by_sentence.values() for c in cs if mention_of(c).canonical == RIVAL]
    return _spread(told, [c for c in rivals if c not in told.evidence])


def tolls(counts: Sequence[Span]) -> tuple[Toll | None, Toll | None]:
    """Return the tolls of the dead and of the hurt."""
    return toll(counts, "fatalities"), toll(counts, "injuries")


def _spread(told: Toll, rivals: list[Span]) -> Toll:
    """Take the lower of conflicting figures and keep the lowest and the highest as bounds."""
    values = [value for c in rivals if (value := mention_of(c).count_value) is not None]
    if told.value is None or not values:
        return told
    figures = [told.value, *values]
    return Toll(min(figures), min(figures), max(figures), told.evidence + rivals)


def added(counts: list[Span]) -> Toll:
    """Return the toll of separate counts together; counts inside another's phrase are no summands."""
    if len(counts) > 1 and ":" in (token.text for token in counts[0].doc[counts[0].end : counts[1].start]):
        counts = counts[:1]  # "178 people dead: 101 civilians, 53 soldiers ..."
    counts = [c for c in counts if not any(o is not c and o.root.is_ancestor(c.root) for o in counts if _lists(o, c))]
    found = [mention_of(c) for c in counts]
    values = [m.count_value for m in found]
    bounded = any(m.count_min is not None or m.count_max is not None for m in found)
    known = [v for v in values if v is not None]
    lows = [low for m in found if (low := _low(m)) is not None] if bounded else []
    low = sum(lows) if lows else None
    high = None
    if any(m.count_max is not None for m in found) and all(m.count_max is not None or m.count_value for m in found):
        high = sum(m.count_max if m.count_max is not None else m.count_value or 0 for m in found)
    complete = len(known) == len(values)
    return Toll(
        value=sum(known) if known and (complete or sum(known) > 0) else None,
        low=low if bounded else (None if complete else max(1, sum(known))),
        high=high,
        evidence=counts,
    )


def _lists(whole: Span, part: Span) -> bool:
    """Return whether a count stands inside another's phrase ("three children of one family"), not beside it."""
    return part.root not in whole.root.conjuncts and part.root.dep_ in ("nmod", "obl", "nmod:poss", "obj")


def _low(mention: Mention) -> int | None:
    """Return how many there were at least; "up to 7" and "neutralised" are no minimum."""
    if mention.count_min is not None or mention.count_max is not None:
        return mention.count_min
    return mention.count_value or 0
