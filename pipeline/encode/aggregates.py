"""Reported totals: "over 30 incidents", "about 20 of them Israeli fire", "seven clearly deliberate".

A total is a row of its own (`record_type` "aggregate") with its bounds, its period and, where it is a part of another
total, a link to it. Events told one by one are linked to the total that counts them. No coding scheme that we know of
has such rows; ACLED leaves totals out.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Any

from spacy.tokens import Doc, Span

from pipeline import lexicon
from pipeline.encode.arguments import Arguments, arguments, case_of
from pipeline.encode.candidates import Candidate, candidates
from pipeline.encode.event_types import ARMED, SUB_EVENT_TYPES
from pipeline.encode.mentions import MentionIndex
from pipeline.encode.parties import Parties, civilians, side
from pipeline.encode.reports import Row, fill_casualties, fill_parties, fill_place
from pipeline.encode.scene import Scene
from pipeline.encode.standing import standing, words
from pipeline.event_dates import event_date
from pipeline.mentions import mentions_of, zone_at

# Frames whose plural is a total of one kind; the others ("attacks", "incidents") may be of any.
TYPED_FRAMES = frozenset(
    {
        "air_strike",
        "strike",
        "shelling",
        "clash",
        "abduct",
        "sexual",
        "suicide",
        "kill",
        "loot",
        "arrest",
        "chemical",
    }
)
# How far behind a total a part with a noun of its own may stand.
NEAR_WORDS = 150
# Words that open a part of the total before them in the same sentence.
PART_OPENERS = frozenset({"with", "among", "amongst", "including"})


@dataclass(slots=True)
class Total:
    """A total: its row, the words that count, the tokens of its clause, and its sides."""

    row: Row
    count: Span
    tokens: set[int] = field(default_factory=set)
    agents: list[Span] = field(default_factory=list)
    patients: list[Span] = field(default_factory=list)
    parent: Total | None = None

    @property
    def root(self) -> Total:
        """The total that is no part of another."""
        return self if self.parent is None else self.parent.root


def aggregate_rows(doc: Doc, index: MentionIndex, scene: Scene, document: dict[str, Any]) -> list[Total]:
    """Return the totals of incidents that the running story reports, in text order."""
    totals: list[Total] = []
    for count in mentions_of(doc, "COUNT"):
        mention = count._.mention
        if mention.count_of != "incidents" or zone_at(doc, count.start_char):
            continue
        if max(mention.count_value or 0, mention.count_min or 0) < 2 or not standing(count.root).real:
            continue
        parent = _whole(count, totals)
        if parent is None and _is_elliptic(count):
            continue
        total = _total(count, parent, index, scene, document)
        if parent is not None or _is_told(total, index):
            totals.append(total)
    return totals


def link(totals: list[Total], events: list[Row]) -> list[Row]:
    """Return all rows of an article, each with the row of the total that counts it as `parent`."""
    for total in totals:
        total.row["parent"] = total.parent.row if total.parent else None
    for event in events:
        counting = [t for t in totals if t.parent is None and _counts(t.row, event)]
        event["parent"] = counting[0].row if counting else None
    return [t.row for t in totals] + events


def _total(count: Span, parent: Total | None, index: MentionIndex, scene: Scene, document: dict[str, Any]) -> Total:
    mention, sentence = count._.mention, count[0].sent
    roles = arguments(count.root)
    clause = _clause(count, roles)
    told = [c for c in candidates(sentence, index) if c.trigger.root.i in clause]
    total = Total(Row(document), count, clause, parent=parent)
    total.agents, total.patients = _sides(count, roles, told, parent, index)
    row = total.row
    row.fill(
        {
            "record_type": "aggregate",
            "incidents": mention.count_value,
            "incidents_min": mention.count_min,
            "incidents_max": mention.count_max,
            "incidents_qualifier": mention.count_qualifier,
        },
        [count],
    )
    kind = _type(count, told, parent, index)
    event_type, disorder = SUB_EVENT_TYPES[kind] if kind else (None, None)
    row.fill({"sub_event_type": kind, "event_type": event_type, "disorder_type": disorder}, [count])
    row.update(certainty=standing(count.root).certainty, notes=sentence.text.strip())
    _fill_place(row, count, clause, parent, index, scene)
    _fill_period(row, _dates(count, clause, index), parent, scene)
    fill_casualties(row, [c for c in index.in_sentence(sentence, "COUNT") if c.root.i in clause])
    fill_parties(row, _parties(total, row), row)
    row["confidence"] = round(0.5 + 0.1 * sum(row.get(c) is not None for c in ("actor1", "actor2", "event_date")), 2)
    return total


def _is_told(total: Total, index: MentionIndex) -> bool:
    """Return whether a total says whose, when or where; "twice" and "11 times" must count violence."""
    sided = bool(total.agents or total.patients)
    known = sided or total.row["event_date"] is not None or total.row.get("location") is not None
    times = any(t.lemma_ in ("time", "twice", "thrice", "occasion") for t in total.count)
    violent = any(t.i in total.tokens for s in index.in_sentence(total.count[0].sent, "TRIGGER") for t in s)
    return known and (violent or not times)


def _whole(count: Span, totals: list[Total]) -> Total | None:
    """Return the earlier total that a count is a part of."""
    figure = count._.mention.count_value or count._.mention.count_min or 0
    larger = [t for t in totals if (t.row["incidents"] or 0) >= figure]
    if not larger:
        return None
    doc, last = count.doc, larger[-1]
    same_sentence = last.count[0].sent == count[0].sent
    if same_sentence and any(t.lower_ in PART_OPENERS for t in doc[last.count.end : count.start + 1]):
        return last
    if _points_back(count):
        return last
    if _is_elliptic(count) or count._.mention.canonical == "part":
        return last.root
    return last.root if _is_kind_of(count, last.root) else None


def _points_back(count: Span) -> bool:
    """Return whether the words take a share of what was counted before ("eleven of them", "of these, 1,210")."""
    sentence = count[0].sent
    for token in sentence:
        if token.lower_ in ("them", "these", "those", "which") and case_of(token).startswith(("of", "among", "in")):
            return abs(token.i - count.root.i) <= 6
    following = count.doc[count.end : count.end + 3]
    return len(following) == 3 and following[0].lower_ == "of" and following[1].lower_ in ("the", "these", "those")


def _is_elliptic(count: Span) -> bool:
    """Return whether a count leaves its noun out."""
    return not any(token.pos_ in ("NOUN", "PROPN") and token.lemma_ != "dozen" for token in count)


def _is_kind_of(count: Span, whole: Total) -> bool:
    """Return whether a count with a noun of its own is told as a part of a total that stands close before it."""
    near = 0 < count.start - whole.count.end <= NEAR_WORDS
    if not near or whole.row["sub_event_type"] is not None:
        return False
    return count.root.lemma_ == whole.count.root.lemma_ or whole.count.root.lemma_ in ("incident", "strike", "attack")


def _clause(count: Span, roles: Arguments) -> set[int]:
    """Return the tokens that tell of the counted incidents: the count's own phrase and the verb that governs it."""
    head = count.root
    tokens = {t.i for t in head.subtree} | {t.i for t in count}
    verb = head.head
    if verb.pos_ in ("VERB", "AUX") and head.dep_.startswith(("nsubj", "obj", "obl")):
        if verb.lemma_.lower() not in words("attribution") or head.dep_.startswith("obj"):
            tokens |= {t.i for t in verb.subtree}
    return tokens


def _sides(
    count: Span, roles: Arguments, told: list[Candidate], parent: Total | None, index: MentionIndex
) -> tuple[list[Span], list[Span]]:
    agents = [a for a in (index.actor_of(t) for t in roles.agents) if a is not None]
    patients = [a for a in (index.actor_of(t) for t in roles.patients + roles.targets) if a is not None]
    for candidate in told:
        agents += [a for a in candidate.agents if a not in agents]
        patients += [a for a in candidate.patients if a not in patients + agents]
    missions = [a for a in index.in_sentence(count[0].sent, "ACTOR") if "nited Nations" in a.kb_id_]
    if missions and all(p._.mention.inter == 7 for p in patients):  # "the Mission ... its people, property"
        agents, patients = [a for a in agents if a not in missions], missions[:1]
    known = {s.kb_id_ for s in agents + patients}
    if parent is not None:
        known |= {s.kb_id_ for s in parent.patients}
    for actor in index.in_sentence(count[0].sent, "ACTOR"):
        if actor.kb_id_ in known:
            continue
        known.add(actor.kb_id_)
        if actor._.mention.inter in ARMED and not agents and "nited Nations" not in actor.kb_id_:
            agents.append(actor)
        elif not patients and (actor._.mention.inter == 7 or "nited Nations" in actor.kb_id_):
            patients.append(actor)
    if parent is not None:
        agents, patients = agents or parent.agents, patients or parent.patients
    return agents, patients


def _parties(total: Total, row: Row) -> Parties:
    """Return the sides; attacks of settlers and violence against civilians have civilians as the other side."""
    first, second = side(total.agents), side(total.patients)
    on_civilians = row["event_type"] == "Violence against civilians" or first.type_at_home == 4
    return Parties(first, civilians() if on_civilians and not second.main else second)


def _type(count: Span, told: list[Candidate], parent: Total | None, index: MentionIndex) -> str | None:
    for candidate in told:
        if candidate.trigger.root.i in {t.i for t in count}:
            return candidate.type if candidate.frame in TYPED_FRAMES else None
    trigger = index.covering(count.root, "TRIGGER")
    if trigger is not None:
        rows = lexicon.senses().get(trigger.kb_id_, ())
        frame = rows[0].frame if rows else ""
        return lexicon.frames()[frame].sub_event_type if frame in TYPED_FRAMES else None
    if len({c.type for c in told}) == 1 and parent is not None:
        return told[0].type
    return parent.row["sub_event_type"] if parent is not None else None


def _dates(count: Span, clause: set[int], index: MentionIndex) -> list[Span]:
    """Return the dates that bound the count: in its clause, or opened by "since", not the day of a press conference."""
    resolved = [d for d in index.in_sentence(count[0].sent, "DATE") if d._.mention.date_start is not None]
    return [d for d in resolved if d.root.i in clause or _opens(d)]


def _fill_place(
    row: Row, count: Span, clause: set[int], parent: Total | None, index: MentionIndex, scene: Scene
) -> None:
    places = [p for p in index.in_sentence(count[0].sent, "PLACE") if p.root.i in clause]
    if places or parent is None:
        nearest = min(places, key=lambda p: abs(p.start - count.end), default=None)
        fill_place(row, nearest, scene)
        return
    for column in ("iso", "region", "country", "admin1", "location", "latitude", "longitude", "geo_precision"):
        row[column] = parent.row.get(column)
    row["country_code"] = parent.row["country_code"]


def _fill_period(row: Row, dates: list[Span], parent: Total | None, scene: Scene) -> None:
    """Fill the first and last day of the period that a total covers."""
    columns: dict[str, Any] = dict.fromkeys(
        ("event_date", "year", "time_precision", "event_date_end", "event_date_text", "date_basis")
    )
    if not dates:
        if parent is not None:
            columns = {name: parent.row[name] for name in columns}
        row.fill(columns, [])
        return
    first = dates[0]
    start, end = first._.mention.date_start, first._.mention.date_end or first._.mention.date_start
    if _opens(first):
        end = scene.doc._.published or end
    elif len(dates) > 1 and dates[1]._.mention.date_start >= start:
        end = dates[1]._.mention.date_end or dates[1]._.mention.date_start
    if scene.doc._.published is not None and start <= scene.doc._.published < end:
        end = scene.doc._.published
    basis = first._.mention.date_basis
    period = event_date(start, end, None, basis=basis, aggregate=True)
    columns.update(
        event_date=start,
        year=start.year,
        event_date_end=end,
        time_precision=period.precision,
        event_date_text=first.text,
        date_basis=basis,
    )
    row.fill(columns, dates[:2])


def _opens(date: Span) -> bool:
    """Return whether a date is only the beginning of a period ("since 1 November")."""
    before = date.doc[max(0, date.start - 5) : date.end]
    return any(t.lower_ == "since" for t in before)


def _counts(total: Row, event: Row) -> bool:
    """Return whether a total counts an event told by itself: same period, country, sides and kind, where known."""
    if total["country"] and event["country"] and total["country"] != event["country"]:
        return False
    if total["sub_event_type"] and total["sub_event_type"] != event["sub_event_type"]:
        return False
    if total.get("location") and total["admin1"] != event["admin1"]:
        return False
    for column in ("actor1", "actor2"):
        if total[column] and event[column] and total[column] != event[column]:
            return False
    if total["actor2"] and not event["actor2"] and not total["actor1"]:
        return False
    start, end = total["event_date"], total["event_date_end"]
    if start is None or event["event_date"] is None:
        return bool(total["actor1"] or total["actor2"])
    return start <= event["event_date"] <= (end or dt.date.max)
