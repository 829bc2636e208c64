"""Reported totals: "over 30 incidents", "about 20 of them Israeli fire", "seven clearly deliberate".

A total is a row of its own (`record_type` "aggregate") with its bounds, its period and, where it is a part of another
total, a link to it. Events told one by one are linked to the total that counts them. No coding scheme that we know of
has such rows; ACLED leaves totals out.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from spacy.tokens import Doc, Span

from pipeline.encode.aggregate_links import link
from pipeline.encode.aggregate_parts import (
    Total,
    clause_of,
    counts_times,
    figure,
    incident_counts,
    is_compared,
    is_elliptic,
    is_repeated,
    whole_of,
)
from pipeline.encode.aggregate_scope import (
    fill_period_of,
    fill_place_of,
    is_one_spot,
    own_dates,
    own_places,
    reporting_period,
    spread_over_countries,
)
from pipeline.encode.aggregate_sides import fill_sides, is_reporting, parties_of
from pipeline.encode.event_types import SUB_EVENT_TYPES
from pipeline.encode.mentions import MentionIndex
from pipeline.encode.reports import Row, fill_casualties, fill_parties
from pipeline.encode.scene import Scene
from pipeline.encode.standing import standing
from pipeline.mentions import mentions_of, zone_at

__all__ = ["Total", "aggregate_rows", "link"]

# So many blows of one day in one town are one event; more are a total.
FEW = 10


def aggregate_rows(doc: Doc, index: MentionIndex, scene: Scene, document: dict[str, Any]) -> list[Total]:
    """Return the totals of incidents that the running story reports, in text order."""
    totals: list[Total] = []
    period = reporting_period(doc)
    for draft in _drafts(doc, index, document):
        _relate(draft, totals)
        if draft.inherits is None and (is_elliptic(draft.count) or is_repeated(draft.count, totals)):
            continue
        _inherit(draft)
        _fill(draft, index, scene, period, totals[-1] if totals else None)
        if draft.inherits is None and (not _is_told(draft, index) or (is_one_spot(draft) and draft.figure <= FEW)):
            continue
        if draft.parent is not None:
            draft.parent.children.append(draft)
        totals.append(draft)
    for total in totals:
        spread_over_countries(total)
    return totals


def _drafts(doc: Doc, index: MentionIndex, document: dict[str, Any]) -> Iterator[Total]:
    """Yield the counts of incidents of the running story, with what their own words say."""
    counts = [c for c in mentions_of(doc, "COUNT") if c._.mention.count_of == "incidents"]
    for count, zone in incident_counts(doc, counts):
        if zone_at(doc, count.start_char) or figure(count) < 2 or not standing(count.root).real:
            continue
        draft = Total(Row(document), count, zone, clause_of(count))
        mention = count._.mention
        draft.row.fill(
            {
                "record_type": "aggregate",
                "incidents": mention.count_value,
                "incidents_min": mention.count_min,
                "incidents_max": mention.count_max,
                "incidents_qualifier": mention.count_qualifier,
            },
            [count],
        )
        fill_sides(draft, index)
        draft.places, draft.dates = own_places(draft, index), own_dates(draft, index)
        yield draft


def _relate(draft: Total, totals: list[Total]) -> None:
    """Find the total that a draft is a part of, or that it is compared with."""
    if not totals or is_repeated(draft.count, totals):
        return
    if is_compared(draft.count, draft.zone):
        draft.base = totals[-1]
    else:
        draft.parent = whole_of(draft, totals)


def _inherit(draft: Total) -> None:
    whole = draft.inherits
    if whole is None:
        return
    same_noun = is_elliptic(draft.count) or draft.count.root.lemma_ == whole.count.root.lemma_
    draft.kind = draft.kind or (whole.kind if same_noun else None)
    draft.agents, draft.patients = draft.agents or whole.agents, draft.patients or whole.patients
    acting = {a.kb_id_ for a in draft.agents}
    draft.patients = [p for p in draft.patients if p.kb_id_ not in acting]


def _fill(draft: Total, index: MentionIndex, scene: Scene, period: Span | None, before: Total | None) -> None:
    row, count = draft.row, draft.count
    event_type, disorder = SUB_EVENT_TYPES[draft.kind] if draft.kind else (None, None)
    row.fill({"sub_event_type": draft.kind, "event_type": event_type, "disorder_type": disorder}, [count])
    row.update(certainty=_certainty(draft), notes=count[0].sent.text.strip())
    fill_place_of(draft, scene)
    fill_period_of(draft, scene, period, before)
    fill_casualties(row, [c for c in index.in_sentence(count[0].sent, "COUNT") if _harms(c, draft)])
    fill_parties(row, parties_of(draft, row), row)
    row["confidence"] = round(0.5 + 0.1 * sum(row.get(c) is not None for c in ("actor1", "actor2", "event_date")), 2)


def _harms(count: Span, draft: Total) -> bool:
    return count.root.i in draft.zone and count.root.i in draft.tokens


def _certainty(draft: Total) -> str:
    """Return how sure the text is; a part is no surer than the total that it is taken from."""
    told = standing(draft.count.root).certainty
    if told == "asserted" and _is_tallied_by_other(draft.count):
        told = "attributed"
    whole = draft.inherits
    return whole.row["certainty"] if whole is not None and told == "asserted" else told


def _is_tallied_by_other(count: Span) -> bool:
    """Return whether somebody other than the writer counted: "the Observatory registered 17", not "we logged 17"."""
    verb = count.root.head
    if verb.pos_ != "VERB" or not count.root.dep_.startswith("obj") or not is_reporting(verb):
        return False
    subjects = [c for c in verb.children if c.dep_ == "nsubj"]
    return any(s.lower_ not in ("we", "i") for s in subjects)


def _is_told(total: Total, index: MentionIndex) -> bool:
    """Return whether a total says whose, when or where; "twice" and "11 times" must count violence."""
    sided = bool(total.agents or total.patients)
    known = sided or total.row["event_date"] is not None or bool(total.places)
    violent = any(t.i in total.tokens for s in index.in_sentence(total.count[0].sent, "TRIGGER") for t in s)
    return known and (violent or not counts_times(total.count))
