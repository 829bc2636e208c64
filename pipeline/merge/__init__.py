"""Merge: the same event in several articles becomes one row of `events`.

Reports are the same event when type, day and country agree, the places are the same or at most SAME_PLACE_KM apart, and
no named actor contradicts. Every report stays in `reports`; the event takes the cells of its fullest report, the most
conservative toll (ACLED codebook) and the spread of the tolls as bounds.
"""

from __future__ import annotations

from collections import defaultdict

from pipeline.gazetteer import kilometres
from pipeline.tables import EVENTS, Row

SAME_PLACE_KM = 10.0


def merge(reports: list[Row], duplicates: dict[str, str]) -> list[Row]:
    """Return the rows of `events`, in the order of their first reports.

    reports (list[dict]): Rows of the `reports` table.
    duplicates (dict): doc_id -> doc_id of the earlier article with the same text.
    """
    clusters = _clusters(reports, duplicates)
    new_ids = {report["event_id"]: cluster[0]["event_id"] for cluster in clusters for report in cluster}
    return [_event(cluster, new_ids) for cluster in clusters]


def same_event(one: Row, other: Row) -> bool:
    """Return whether two reports of different articles tell of the same event; undated ones never do."""
    if one["doc_id"] == other["doc_id"] or one["event_date"] is None:
        return False
    return _key(one) == _key(other) and _near(one, other) and _compatible(one, other)


def _clusters(reports: list[Row], duplicates: dict[str, str]) -> list[list[Row]]:
    clusters: list[list[Row]] = []
    by_key: dict[tuple, list[list[Row]]] = defaultdict(list)
    by_id: dict[str, list[Row]] = {}
    for report in reports:
        cluster = by_id.get(_twin(report, duplicates) or "")
        if cluster is None:
            same = (c for c in by_key[_key(report)] if all(same_event(other, report) for other in c))
            cluster = next(same, None)
        if cluster is None:
            cluster = []
            clusters.append(cluster)
            by_key[_key(report)].append(cluster)
        cluster.append(report)
        by_id[report["event_id"]] = cluster
    return clusters


def _twin(report: Row, duplicates: dict[str, str]) -> str | None:
    """Return the id of the same row of the article that this one repeats: equal texts give equal rows."""
    original = duplicates.get(report["doc_id"])
    return report["event_id"].replace(report["doc_id"], original, 1) if original else None


def _key(report: Row) -> tuple:
    return (
        report["record_type"],
        report["sub_event_type"],
        report["event_date"],
        report["event_date_end"],
        report["country"],
        report["incidents"],
    )


def _near(one: Row, other: Row) -> bool:
    if one["location"] is None or other["location"] is None:
        return one["location"] == other["location"] and one["admin1"] == other["admin1"]
    return kilometres(one["latitude"], one["longitude"], other["latitude"], other["longitude"]) <= SAME_PLACE_KM


def _compatible(one: Row, other: Row) -> bool:
    for column in ("actor1", "actor2"):
        a, b = one[column], other[column]
        if a and b and a != b and not (a.startswith("Unidentified") or b.startswith("Unidentified")):
            return False
    return True


def _event(cluster: list[Row], new_ids: dict[str, str]) -> Row:
    fullest = max(cluster, key=lambda report: (report["confidence"], sum(v is not None for v in report.values())))
    event = {name: fullest.get(name) for name in EVENTS.names}
    event["event_id"] = cluster[0]["event_id"]
    totals = [r["part_of"] for r in cluster if r["part_of"]]
    event["part_of"] = new_ids.get(totals[0]) if totals else None
    event["doc_ids"] = list(dict.fromkeys([fullest["doc_id"], *(r["doc_id"] for r in cluster)]))
    event["sources"] = list(dict.fromkeys(r["source"] for r in cluster if r["source"]))
    event["n_reports"] = len(cluster)
    for figure in ("fatalities", "injuries"):
        _spread(event, cluster, figure)
    return event


def _spread(event: Row, cluster: list[Row], figure: str) -> None:
    """Give the event the lowest figure told, and the spread of all as bounds where they differ."""
    told = [r for r in cluster if r[figure] is not None]
    if not told:
        return
    lowest = min(told, key=lambda r: r[figure])
    for column in (figure, f"{figure}_min", f"{figure}_max"):
        event[column] = lowest[column]
    figures = {r[figure] for r in told}
    if len(figures) > 1:
        event[f"{figure}_min"] = min([*figures, *(r[f"{figure}_min"] for r in told if r[f"{figure}_min"] is not None)])
        event[f"{figure}_max"] = max([*figures, *(r[f"{figure}_max"] for r in told if r[f"{figure}_max"] is not None)])
