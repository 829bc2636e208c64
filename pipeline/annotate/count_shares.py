"""Shares without a figure ("half of these", "about a third of the attacks"): the figure of the whole, divided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from spacy.tokens import Doc, Span

from pipeline.annotate.count_phrases import PRONOUNS, noun_classes
from pipeline.annotate.numbers import fraction
from pipeline.mentions import Mention

WHOLE_REACH = 150  # words back to the count that is divided
_EXACT = frozenset({"exactly", "precisely"})
_ARTICLES = frozenset({"a", "one"})
# Words before a share that make it a bound or an estimate, and the qualifier that they give.
_QUALIFIERS = {"about": "about", "around": "about", "roughly": "about", "some": "about", "over": "over"} | {
    "nearly": "nearly",
    "almost": "nearly",
}


def shares_of(doc: Doc, counts: Sequence[tuple[Span, Mention]]) -> Iterator[tuple[Span, Mention]]:
    """Yield the shares of counts of incidents, as parts.

    doc (Doc): A text.
    counts (Sequence): Its counts, in text order.
    """
    wholes = [(s, m) for s, m in counts if m.count_of == "incidents" and m.canonical != "part" and m.count_value]
    if not wholes:
        return
    for token in doc[:-2]:
        divisor = fraction(token.lower_)
        end = _end_of_whole(doc, token.i + 1) if divisor else None
        before = [m for s, m in wholes if 0 < token.i - s.end <= WHOLE_REACH] if end else []
        if divisor and end and before and before[-1].count_value:
            start, qualifier = _opening(doc, token.i)
            if start is not None:
                yield doc[start:end], _mention(before[-1].count_value, divisor, qualifier)


def _end_of_whole(doc: Doc, i: int) -> int | None:
    """Return the end of "of these" or "of the attacks" at a token, None where something else is divided."""
    if doc[i].lower_ != "of" or i + 1 >= len(doc):
        return None
    if doc[i + 1].lower_ in PRONOUNS and doc[i + 1].lower_ not in {"whom", "us"}:
        return i + 2
    noun = doc[i + 2] if i + 2 < len(doc) else None
    pointed = doc[i + 1].lower_ in {"the", "these", "those", "all"}
    return i + 3 if noun is not None and pointed and noun_classes().get(noun.lower_) == "incident" else None


def _opening(doc: Doc, i: int) -> tuple[int | None, str | None]:
    """Return the first word of a share and its qualifier; "the first half of" and "a second third" are no shares."""
    word = doc[i].lower_
    start = i - 1 if i and doc[i - 1].lower_ in _ARTICLES else i
    if start == i and word != "half":
        return None, None
    before = doc[start - 1].lower_ if start else ""
    if before in {"first", "second", "latter", "other", "the"}:
        return None, None
    if before in _EXACT:
        return start - 1, "exact"
    return (start - 1, _QUALIFIERS[before]) if before in _QUALIFIERS else (start, None)


def _mention(whole: int, divisor: int, qualifier: str | None) -> Mention:
    value = whole // divisor
    qualifier = qualifier or ("exact" if whole % divisor == 0 else "about")
    return Mention(
        canonical="part",
        confidence=0.6,
        count_of="incidents",
        count_value=value,
        count_min=value + 1 if qualifier == "over" else None,
        count_max=value - 1 if qualifier == "nearly" else None,
        count_qualifier=qualifier,
    )
