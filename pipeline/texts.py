"""Between table rows and spaCy Docs: a document's row in, its mentions' rows out, and back again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, fields

from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from pipeline.event_scores import EventScores
from pipeline.mentions import SPAN_KEYS, Mention, Zone, mention_of, mentions_of, set_mentions
from pipeline.tables import Row

_MENTION_FIELDS = tuple(f.name for f in fields(Mention))


def new_doc(nlp: Language, row: Row) -> Doc:
    """Return the tokenised text of a `documents` row with what is known of it; raises ValueError if it is too long."""
    return _with_context(nlp.make_doc(row["text"]), row)


def mention_rows(doc: Doc, doc_id: str) -> list[Row]:
    """Return the rows of the `mentions` table of an annotated Doc, in text order."""
    ordinals = {sentence.start: n for n, sentence in enumerate(doc.sents)}
    spans = sorted(
        (span for kind in SPAN_KEYS for span in mentions_of(doc, kind)), key=lambda s: (s.start, s.end, s.label_)
    )
    return [
        {
            "doc_id": doc_id,
            "mention_id": f"{doc_id}-m{n:04d}",
            "sentence": ordinals[span[0].sent.start],
            "start": span.start_char,
            "end": span.end_char,
            "text": span.text,
            "kind": span.label_,
            **asdict(mention_of(span)),
        }
        for n, span in enumerate(spans)
    ]


def syntax_row(doc: Doc, row: Row) -> Row:
    """Return the row of the `syntax` table, from which `restored_doc` makes the Doc of a document's row again."""
    idle = ["user_data", "span_groups", "cats"]
    parsed = doc.to_bytes(exclude=idle if EventScores.of(doc) is not None else [*idle, "tensor"])
    return {"doc_id": row["doc_id"], "content_hash": row["content_hash"], "doc": parsed}


def restored_doc(vocab: Vocab, row: Row, syntax: bytes, mentions: Iterable[Row]) -> Doc:
    """Return the annotated Doc of a document from the tables that `annotate` wrote.

    Raises ValueError when a mention does not stand in the text where it should.
    """
    doc = _with_context(Doc(vocab).from_bytes(syntax), row)
    by_kind: dict[str, list[tuple[Span, Mention]]] = {kind: [] for kind in SPAN_KEYS}
    for mention in mentions:
        span = doc.char_span(mention["start"], mention["end"])
        if span is None:
            raise ValueError(f"mention {mention['mention_id']} does not fit the text of {row['doc_id']}")
        by_kind[mention["kind"]].append((span, Mention(**{name: mention[name] for name in _MENTION_FIELDS})))
    for kind, found in by_kind.items():
        set_mentions(doc, kind, found)
    return doc


def _with_context(doc: Doc, row: Row) -> Doc:
    doc._.published = row.get("published")
    doc._.published_basis = row.get("published_basis") or "none"
    doc._.source = row.get("source")
    doc._.written = row["text"]
    doc._.layout = tuple(Zone(z["kind"], z["start"], z["end"]) for z in row.get("layout") or ())
    return doc
