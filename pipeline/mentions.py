"""Mentions: what the annotate components find in a text, and how they hang on a spaCy Doc.

A component calls `set_mentions(doc, kind, pairs)` once. The spans then stand in `doc.spans[SPAN_KEYS[kind]]` with the
kind as label and the canonical name as `kb_id_`, and `span._.mention` gives the full `Mention`.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from spacy.tokens import Doc, Span

SPAN_KEYS = {
    "ACTOR": "actors",
    "PLACE": "places",
    "DATE": "dates",
    "COUNT": "counts",
    "WEAPON": "weapons",
    "TRIGGER": "triggers",
}


@dataclass(slots=True)
class Mention:
    """One thing found in a text; the fields are the columns of the `mentions` table that a component decides."""

    canonical: str | None = None
    confidence: float = 1.0
    inter: int | None = None
    country: str | None = None  # ISO 3166 alpha-3
    date_start: dt.date | None = None
    date_end: dt.date | None = None
    date_precision: str | None = None  # day, week, month, year
    date_basis: str | None = None  # explicit, metadata, dateline, body, caption
    latitude: float | None = None
    longitude: float | None = None
    geoname_id: int | None = None
    geo_precision: int | None = None
    feature: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    admin3: str | None = None
    count_of: str | None = None
    count_min: int | None = None
    count_max: int | None = None
    count_value: int | None = None
    count_qualifier: str | None = None


@dataclass(slots=True, frozen=True)
class Zone:
    """A stretch of the text (characters) beside the running story: headline, caption, dateline or boilerplate."""

    kind: str
    start: int
    end: int


# What a caller knows about the text, set on the Doc before the pipeline runs.
for name, default in (
    ("published", None),
    ("published_basis", "none"),
    ("source", None),
    ("layout", ()),
    ("written", None),
):
    if not Doc.has_extension(name):
        Doc.set_extension(name, default=default)


def text_of(doc: Doc) -> str:
    """Return the text as it was read; `Doc.text` puts it together again from all its tokens."""
    return doc._.written if doc._.written is not None else doc.text


def set_mentions(doc: Doc, kind: str, found: Iterable[tuple[Span, Mention]]) -> None:
    """Replace the mentions of one kind; spans are sorted by position and given the kind as label."""
    table = doc.user_data.setdefault("mentions", {})
    label = doc.vocab.strings.add(kind)
    for key in [k for k in table if k[0] == label]:
        del table[key]
    spans = []
    for span, mention in sorted(found, key=lambda pair: (pair[0].start, pair[0].end)):
        spans.append(Span(doc, span.start, span.end, label=label, kb_id=mention.canonical or ""))
        table[label, span.start, span.end] = mention
    doc.spans[SPAN_KEYS[kind]] = spans


def mentions_of(doc: Doc, kind: str) -> list[Span]:
    """Return the spans of one kind in text order (none when the component did not run)."""
    key = SPAN_KEYS[kind]
    return list(doc.spans[key]) if key in doc.spans else []


def mention_of(span: Span) -> Mention:
    """Return what is known of a mention: `span._.mention` without the detour by the extension.

    Raises KeyError when no component has set it.
    """
    mention: Mention = span.doc.user_data["mentions"][span.label, span.start, span.end]
    return mention


def _mention(span: Span) -> Mention | None:
    try:
        return mention_of(span)
    except KeyError:
        return None


if not Span.has_extension("mention"):
    Span.set_extension("mention", getter=_mention)


def zone_at(doc: Doc, character: int) -> str | None:
    """Return the kind of zone that a character offset lies in, or None for running story."""
    for zone in doc._.layout:
        if zone.start <= character < zone.end:
            return zone.kind
    return None
