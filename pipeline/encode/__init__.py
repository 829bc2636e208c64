"""Encode: what happened, as rows in ACLED's manner."""

from __future__ import annotations

import datetime as dt

from spacy.tokens import Doc

from pipeline.encode.aggregates import aggregate_rows, link
from pipeline.encode.confidence import confidence, row_signals, trusted
from pipeline.encode.mentions import MentionIndex
from pipeline.encode.reports import event_rows
from pipeline.encode.scene import Scene
from pipeline.encode.story import is_off_topic, tell
from pipeline.tables import REPORTS, Row


def encode(doc: Doc, document: Row, timestamp: dt.datetime) -> list[Row]:
    """Return the `reports` rows of one annotated text.

    doc (Doc): A text that has been through `pipeline.load()`.
    document (dict): Its row of the `documents` table.
    timestamp (datetime): When the rows are coded.
    """
    return [{name: row.get(name) for name in REPORTS.names} for row in full_rows(doc, document, timestamp)]


def full_rows(doc: Doc, document: Row, timestamp: dt.datetime, doubtful: bool = False) -> list[Row]:
    """Return the rows with what they were made from beside their columns: the `signals` of confidence.

    doubtful (bool): Keep the events that can hardly be trusted.
    """
    if is_off_topic(doc):
        return []
    index = MentionIndex(doc)
    scene = Scene(doc, index)
    totals = aggregate_rows(doc, index, scene, document)
    counted = {t for total in totals for t in total.tokens}
    told = tell(doc, index, counted)
    events = event_rows(told, scene, document, index, [total.row for total in totals], counted)
    rows: list[Row] = [*link(totals, events)]
    for row in rows:
        row["signals"] = row.get("signals", {}) | row_signals(row)
        row["confidence"] = confidence(row["signals"])
    rows = rows if doubtful else trusted(rows)
    for n, row in enumerate(rows):
        row["event_id"] = f"{document['doc_id']}-{n + 1:02d}"
        row["timestamp"] = timestamp
    for row in rows:
        parent = row.pop("parent", None)
        row["part_of"] = parent["event_id"] if parent is not None else None
        row["evidence"] = [piece for piece in row["evidence"] if row.get(piece["column"]) is not None]
    return rows
