"""Which total counts an event that is told by itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from pipeline.annotate.count_phrases import is_incident
from pipeline.countries import countries
from pipeline.encode.aggregate_parts import Total, counted_noun, is_ordinal
from pipeline.encode.aggregate_sides import fill_kind_and_sides, is_alike
from pipeline.encode.event_types import STRIKES
from pipeline.encode.events import WIDE
from pipeline.encode.opponents import striker_in
from pipeline.encode.parties import army_of
from pipeline.encode.reports import Row, interaction
from pipeline.mentions import mention_of
from pipeline.taxonomy import AGAINST_CIVILIANS, SUB_EVENT_TYPES

# How the names begin of a state's forces, and of all whom no group's name stands for.
_STATE = ("Military Forces", "Police Forces", "Government")
_OTHERS = (*_STATE, "Civilians", "Protesters", "Rioters", "Settlers")
_SIDES = ("actor1", "actor2", "inter1", "inter2", "interaction")
_PLACES = ("location", "admin2", "admin1")
LAST_REACH = 400  # characters from an event to "It was the third this week"
REGION = 3  # geo_precision of a place that stands for its region
# What "attacks" and "incidents" do not count unless the total is of that kind.
_VIOLENT_DEVELOPMENTS = frozenset({"Looting/property destruction", "Disrupted weapons use"})


def link(totals: list[Total], events: list[Row]) -> list[Row]:
    """Return all rows of an article, each with the row of the total that counts it as `parent`."""
    for total in totals:
        total.row["parent"] = total.parent.row if total.parent else None
    said_of: dict[int, Total] = {}  # the ordinal that an event is said to be
    for total in totals:
        event = _told_last(total, events)
        if event is not None:
            total.meant = event["sub_event_type"]
            if total.lent and total.kind != total.meant:
                total.kind = event["sub_event_type"]
                fill_kind_and_sides(total)
            said_of[id(event)] = total
            _take_sides_of(total, event)
    for event in events:
        counting = said_of.get(id(event)) or _most_specific(totals, event)
        event["parent"] = counting.row if counting else None
    told = [*events, *(total.row for total in totals if total.row["actor1"] and total.row["actor2"])]
    for total in totals:
        counted = [e for e in events if e["parent"] is total.row]
        _take_sides(total.row, counted or [r for r in told if r["sub_event_type"] == total.row["sub_event_type"]])
        _take_striker(total)
    return [t.row for t in totals] + events


def _told_last(total: Total, events: Sequence[Row]) -> Row | None:
    """Return the event that an ordinal is said of, the last one told before: "It was the 12th such raid since June"."""
    if not is_ordinal(total.count):
        return None
    end = total.count.end_char
    told = [(_words_before(event, end), event) for event in events]
    place, event = max(told, key=lambda pair: pair[0], default=(-1, None))
    return event if end - place <= LAST_REACH and event is not None and _may_be(total, event) else None


def _take_sides_of(total: Total, event: Row) -> None:
    """Give a total the sides that it leaves unsaid of the event that it is said of, as far as they go for all of it.

    Who did it is known of the others only where he has a name or the words say that they were alike; whom bombs hit may
    differ from one time to another.
    """
    row, alike = total.row, is_alike(total.count)
    own, named = row["actor1"] or "Unidentified", not (event["actor1"] or "Unidentified").startswith("Unidentified")
    if row["actor2"] and event["actor2"] and row["actor2"] != event["actor2"]:
        return
    if own.startswith("Unidentified") and (named or alike or event["event_type"] == AGAINST_CIVILIANS):
        _give_side(row, 1, event["actor1"], event["inter1"])
    told = row["actor1"] in (None, event["actor1"])
    if row["actor2"] is None and told and (alike or event["event_type"] != "Explosions/Remote violence"):
        _give_side(row, 2, event["actor2"], event["inter2"])


def _give_side(row: Row, number: int, name: str | None, inter: int | None) -> None:
    """Set one side of a total, and what follows from it."""
    row.update({f"actor{number}": name, f"inter{number}": inter})
    row["interaction"] = interaction(row["inter1"], row["inter2"])


def _words_before(event: Row, end: int) -> int:
    """Return where the last word before an offset stands that tells an event, -1 if there is none."""
    words = (piece["start"] for piece in event["evidence"] if piece["column"] == "sub_event_type")
    return max((start for start in words if start < end), default=-1)


def _may_be(total: Total, event: Row) -> bool:
    """Return whether an event is of the country and kind of a total, where known."""
    row, columns = total.row, ("country",) if total.lent else ("country", "sub_event_type")
    return all(not row[c] or not event[c] or row[c] == event[c] for c in columns)


def _most_specific(totals: Sequence[Total], event: Row) -> Total | None:
    """Return the narrowest total that counts an event: a part only where its own words fit the event."""
    for total in totals:
        if total.parent is None and total.base is None and counts(total, event):
            return _descend(total, event)
    return None


def _descend(total: Total, event: Row) -> Total:
    fitting = [part for part in total.children if counts(part, event) and _is_singled_out(part, event)]
    return _descend(min(fitting, key=lambda part: part.figure), event) if fitting else total


def _is_singled_out(part: Total, event: Row) -> bool:
    """Return whether what sets a part off from its whole is known of the event."""
    whole = part.parent.row if part.parent else {}
    columns = ("sub_event_type", "actor1", "actor2", "location", "country")
    own = [c for c in columns if part.row.get(c) and part.row.get(c) != whole.get(c)]
    own = [c for c in own if c != "actor2" or _plain(part.row[c]) != "Civilians"]  # "15 hit schools"
    if "location" in own and part.row["geo_precision"] == REGION and event["location"]:
        own = [c for c in own if c != "location"] + ["country"]  # Sinjil, of the seven in Ramallah governorate
    dated = bool(part.dates) and event["event_date"] is not None
    in_one = not part.row.get("location") and bool(_towns(part) & {event[c] for c in _PLACES})  # "in Tyre and Qana"
    return (bool(own) or dated or in_one) and all(event.get(c) for c in own)


def counts(total: Total, event: Row) -> bool:
    """Return whether a total counts an event: same period, place, sides and kind, where known."""
    row = total.row
    if row["country"] and event["country"] and row["country"] != event["country"]:
        return False
    if row.get("location") and any(row.get(c) and row[c] != event[c] for c in ("admin1", "admin2")):
        return False
    if not _same_kind(total, event) or not _same_sides(row, event):
        return False
    told = (row["sub_event_type"], row["actor1"], row["actor2"], total.places)
    if not any(told) and not _is_log(total):
        return False
    start, end = row["event_date"], row["event_date_end"]
    if start is None or event["event_date"] is None:
        return any(row[c] and row[c] == event[c] for c in ("actor1", "actor2"))
    return start <= event["event_date"] <= (end or dt.date.max)


def _towns(total: Total) -> set[str | None]:
    """Return the names of the places, narrower than a country, over which a total is spread."""
    return {mention_of(place).canonical for place in total.places if mention_of(place).feature not in WIDE}


def _is_log(total: Total) -> bool:
    """Return whether all incidents of a period are counted: "31 incidents were recorded this week"."""
    noun = counted_noun(total.count)
    return noun is not None and is_incident(noun)


def _same_kind(total: Total, event: Row) -> bool:
    row, kind = total.row, event["sub_event_type"]
    if row["sub_event_type"] or total.meant:
        return kind == (row["sub_event_type"] or total.meant)
    if total.family:
        return SUB_EVENT_TYPES[kind][0] == total.family
    demonstrators = {"Protesters", "Rioters"} & {_plain(row[c]) for c in ("actor1", "actor2")}
    demonstration = "Demonstrations" in (event["disorder_type"] or "")
    if demonstration or demonstrators:
        return (demonstration and bool(demonstrators)) or total.count.root.lemma_ == "incident"
    return SUB_EVENT_TYPES[kind][0] != "Strategic developments" or kind in _VIOLENT_DEVELOPMENTS


def _same_sides(row: Row, event: Row) -> bool:
    """Return whether no side contradicts; in battles and demonstrations either side may stand first."""
    wanted = [_plain(row[c]) for c in ("actor1", "actor2")]
    given = [_plain(event[c]) for c in ("actor1", "actor2")]
    intercepted = event["sub_event_type"] == "Disrupted weapons use"
    swapped = intercepted or event["event_type"] == "Battles" or wanted[0] in ("Protesters", "Rioters", "")
    if wanted[1] and not wanted[0] and not given[1]:
        return False
    orders = (given, given[::-1]) if swapped else (given,)
    associated = {_plain(a) for a in (row.get("assoc_actor_2") or "").split("; ")}
    for first, second in orders:
        if (first, second) != tuple(given) and wanted[0] and wanted[0] != first and (first or not intercepted):
            continue  # the other side stands first only where it is the one wanted, or nobody knows who fired
        # Who strikes an armed group hits bystanders, too.
        astray = second == "Civilians" and wanted[0] == first != "" and not wanted[1].startswith(_OTHERS)
        if _agree(wanted[0], first) and (_agree(wanted[1], second) or second in associated or astray):
            return True
    return False


def _agree(wanted: str, given: str) -> bool:
    unnamed = not wanted or not given or (wanted.startswith("Unidentified") and not given.startswith(_STATE))
    # A digest of a group's attacks leaves out by whom each was made.
    unnamed = unnamed or (given.startswith("Unidentified Armed Group") and not wanted.startswith(_OTHERS))
    return unnamed or wanted == given or {wanted, given} == {"Protesters", "Rioters"}


def _plain(name: str | None) -> str:
    """Return a name without the country of general names: "Civilians (Lebanon)" are civilians."""
    head = (name or "").split(" (")[0]
    return head if head in ("Civilians", "Protesters", "Rioters") else name or ""


def _take_sides(row: Row, events: list[Row]) -> None:
    """Give a total that leaves them out the one striker, or in clashes the one pair, of the events; its own if any."""
    if row["actor1"]:
        return
    pairs = {frozenset((e["actor1"], e["actor2"])): e for e in events}
    if row["sub_event_type"] == "Armed clash" and not row["actor2"] and len(pairs) == 1:
        ((_, event),) = pairs.items()
        row.update({column: event[column] for column in _SIDES})
    if row["sub_event_type"] not in STRIKES:
        return
    strikers = {e["actor1"]: e for e in events if e["actor1"] and not e["actor1"].startswith("Unidentified")}
    if len(strikers) == 1:
        ((name, event),) = strikers.items()
        _give_side(row, 1, name, event["inter1"])


def _take_striker(total: Total) -> None:
    """Give strikes that nobody is named for the forces that strike in the country, and clashes there both armies."""
    row, code = total.row, total.row["country_code"]
    if row["actor1"] or row["sub_event_type"] not in STRIKES | {"Armed clash"}:
        return
    striker = striker_in(total.count.doc, code, row["sub_event_type"])
    if striker is None:
        return
    sides = [army_of(striker), army_of(code)]
    at_war = striker != code and countries()[striker].striker == code
    clash = row["sub_event_type"] == "Armed clash" and not row["actor2"] and at_war
    if row["sub_event_type"] not in STRIKES and not clash:
        return
    for n, side in enumerate(sides if clash else sides[:1], 1):
        _give_side(row, n, side.name(code), side.inter(code, row["event_date"]))
