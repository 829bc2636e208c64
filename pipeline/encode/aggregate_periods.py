"""Over which period the incidents of a total happened."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from dateutil.relativedelta import relativedelta
from spacy.tokens import Doc, Span, Token

from pipeline import lexicon
from pipeline.annotate.count_antecedents import COUNTING
from pipeline.annotate.numbers import parse_quantity
from pipeline.encode.aggregate_parts import (
    Total,
    counts_times,
    governing_verb,
    is_elliptic,
    is_ordinal,
    joined_totals,
    verbs_above,
)
from pipeline.encode.mentions import MentionIndex
from pipeline.encode.reports import TIME_COLUMNS, Row
from pipeline.encode.scene import Scene
from pipeline.encode.standing import words
from pipeline.event_dates import event_date
from pipeline.mentions import mention_of, mentions_of, zone_at

# "this week", "the fortnight": in a text with a reporting period that period is meant.
_PERIOD_NOUNS = frozenset({"week", "fortnight", "month", "period", "weeks"})
_STRETCH_OF_TIME = frozenset({"day", "week", "fortnight", "month", "period"})
_RELATIVE = frozenset({"before", "earlier", "previous", "preceding"})
_BEGINNING = frozenset({"launch", "begin", "start"})
HEAD_WORDS = 40  # in which a digest gives the period that it covers
MID_MONTH = (11, 20)  # the days of "mid-November"
SINCE_REACH = 12  # words from "since" to its date
TRUCE_REACH = 8  # words from "since" to the truce, and from a truce to its day
BREACHES = frozenset({"breach", "violation", "infringement"})
DAY_REACH = 5  # sentences before an ordinal in which the day of what it is said of may stand
# "the third in five weeks", "nine in the space of a week": so long, up to an event or to the day of publication.
_WINDOW = re.compile(
    r"\bin (?:(?:the|a) (?:space|course|span|period) of |just |under |less than |about |barely )*"
    r"(?P<number>as many|an?|\d+|[a-z]+) (?P<unit>day|week|fortnight|month|year)s?\b(?! of\b)",
    re.IGNORECASE,
)
_SAME_PERIOD = re.compile(
    r"\bin the same (?:[a-z]+ )?(?:day|week|month|quarter|period|stretch|fortnight)s?\b", re.IGNORECASE
)


def own_dates(total: Total, index: MentionIndex) -> list[Span]:
    """Return the dates that bound the count, not the day of a press conference."""
    dates = index.in_sentence(total.count[0].sent, "DATE")
    dates = [d for d in dates if mention_of(d).date_start is not None and not _is_aside(d, total.count)]
    near = [d for d in dates if d.root.i in total.zone and (_opens(d) or _governs(d, total))]
    if near or is_elliptic(total.count):
        return near
    joined = joined_totals(total.count)
    if shared := [d for d in dates if any(noun.is_ancestor(d.root) for noun in joined)]:
        return shared
    verb = governing_verb(total.count)
    return [d for d in dates if verb is not None and verb in verbs_above(d.root)[:1] and d.root.head == verb]


def _is_aside(date: Span, count: Span) -> bool:
    """Return whether a date is that of one event or of a record: "with Monday's two", "the most since 2006"."""
    following = date.doc[date.end].lower_ if date.end < len(date.doc) else ""
    between = {t.lower_ for t in date.doc[count.end : max(count.end, date.start)]}
    return (following in ("'s", "’s") and not is_ordinal(count)) or "than" in between


def _governs(date: Span, total: Total) -> bool:
    """Return whether a date hangs on the count or on a verb above it that is not the telling of it."""
    head = total.count.root
    if head == date.root or head.is_ancestor(date.root):
        return True
    if any(t.dep_ == "appos" and not t.is_ancestor(head) for t in date.root.ancestors):
        return False  # "20 attacks involved quadcopters, a weapon unheard of two years ago"
    above = verbs_above(date.root)
    if not above:
        return True
    verb = above[0]
    said = verb.lemma_.lower() in words("attribution") and verb.lemma_ not in COUNTING
    if said and any(c.dep_ in ("ccomp", "parataxis") for c in verb.children):
        return False
    return verb == head or verb.is_ancestor(head) or verb == governing_verb(total.count) or _begins(date)


def _begins(date: Span) -> bool:
    """Return whether a date is that on which something began that goes on: "the operation launched on 21 January"."""
    verb = next(iter(verbs_above(date.root)), None)
    return verb is not None and verb.lemma_ in _BEGINNING and verb.dep_.startswith(("acl", "advcl"))


def _opens(date: Span) -> bool:
    """Return whether a date only begins a period: "since the truce of 1 November", "between the vote on 2 May and"."""
    before = {t.lower_ for t in date.doc[max(date[0].sent.start, date.start - SINCE_REACH) : date.end]}
    told = mention_of(date)
    ends = told.date_start == told.date_end and any(t.lower_ == "and" for t in date.doc[date.end : date[0].sent.end])
    return "since" in before or ("between" in before and ends)


def reporting_period(doc: Doc) -> Span | None:
    """Return the date of several days that a headline or dateline gives ("Reporting period: 10-23 June 2025")."""
    for date in mentions_of(doc, "DATE"):
        told, heads = mention_of(date), zone_at(doc, date.start_char) in ("headline", "dateline")
        heads = heads or (_heads(date) and told.date_precision != "year")  # but "resolution 1701 (2006)"
        if heads and told.date_start and told.date_end and told.date_end > told.date_start:
            past = any(t.lower_ in ("past", "last") for t in date)
            return date if past or (told.date_end - told.date_start).days > 1 else None
    return None


def _heads(date: Span) -> bool:
    """Return whether a date stands among the headings of a text: "Week 6: 5-11 February 2024"."""
    return date.end <= HEAD_WORDS and not any(token.pos_ in ("VERB", "AUX") for token in date.doc[: date.end])


def fill_period_of(total: Total, scene: Scene, period: Span | None, before: Total | None) -> None:
    """Fill the first and last day of the period that a total covers.

    period (Span | None): The text's own reporting period.
    before (Total | None): The total told before, which may lend its days to one that names none.
    """
    dates, row = total.dates, total.row
    row.fill(dict.fromkeys(TIME_COLUMNS), [])
    window = None if dates else _window(total, scene) or _since_truce(total, scene)
    if window is not None:
        _set_days(total, *window)
    elif before is not None and (year := _other_year(total, dates)) is not None and before.root.row["event_date"]:
        _shift_years(total, before.root.row, year)
    elif total.base is not None and (not dates or _is_relative(total)):
        _shift(total, total.base)
    elif period is not None and total.parent is None and (not dates or _names_period(dates[0])):
        _set(total, [period], scene)
    elif dates:
        _set(total, dates, scene)
    elif total.inherits is not None:
        row.update({name: total.inherits.row[name] for name in TIME_COLUMNS})
    else:
        near = _date_around(total, scene) or _period_meant(total, scene)
        if near is not None:
            _set(total, [near], scene)
        elif before is not None and _in_same_passage(before.count, total.count):
            row.update({name: before.root.row[name] for name in TIME_COLUMNS})


def _window(total: Total, scene: Scene) -> tuple[dt.date, dt.date, str, list[Span]] | None:
    """Return the first and last day of "the third in five weeks", how the last is known, and the words that give it."""
    text = scene.doc[total.count.end : max(total.zone.stop, total.count.end)].text
    found = _WINDOW.search(text)
    number = _number(found["number"], total) if found else None
    last = _last_day(total, scene)
    if found is None or not number or last is None:
        return None
    day, basis, span = last
    unit = found["unit"].lower()
    length = relativedelta(**{f"{unit}s": number}) if unit != "fortnight" else relativedelta(weeks=2 * number)
    return day - length + dt.timedelta(days=1), day, basis, [span] if span is not None else [total.count]


def _since_truce(total: Total, scene: Scene) -> tuple[dt.date, dt.date, str, list[Span]] | None:
    """Return the first and last day of what was counted "since the deal entered into force", by the deal's own day."""
    truces, published = lexicon.word_set("context_words.csv", "truce"), scene.doc._.published
    if published is None or not _names_truce(total, truces):
        return None
    for date in reversed(mentions_of(scene.doc, "DATE")):
        told, before = mention_of(date), scene.doc[max(date[0].sent.start, date.start - TRUCE_REACH) : date.start]
        day = told.date_start if told.date_precision == "day" else None
        if day is not None and day < published and any(t.lemma_.lower() in truces for t in before):
            return day, published, told.date_basis or "body", [date]
    return None


def _names_truce(total: Total, truces: frozenset[str]) -> bool:
    """Return whether a truce opens the period: "since the ceasefire", "breaches of the understanding"."""
    doc, zone = total.count.doc, range(total.zone.start, total.zone.stop)
    since = next((i for i in zone if doc[i].lower_ == "since"), None)
    reach = doc[since : since + TRUCE_REACH] if since is not None else doc[zone.start : zone.stop]
    breached = since is not None or any(doc[i].lemma_ in BREACHES for i in zone)
    return breached and any(token.lemma_.lower() in truces for token in reach)


def _number(words: str, total: Total) -> int | None:
    """Return how many weeks are meant: "in as many weeks" as are counted."""
    if words.lower() == "as many":
        return total.figure
    quantity = parse_quantity("one" if words.lower() in ("a", "an") else words)
    return quantity.value if quantity else None


def _last_day(total: Total, scene: Scene) -> tuple[dt.date, str, Span | None] | None:
    """Return the day of what an ordinal is said of, or of publication."""
    before = [d for d in mentions_of(scene.doc, "DATE") if d.start < total.count.start]
    days = [d for d in before if mention_of(d).date_precision == "day" and mention_of(d).date_start]
    between = scene.doc[days[-1].end : total.count.start] if days else None
    if between is not None and is_ordinal(total.count) and sum(1 for t in between if t.is_sent_start) <= DAY_REACH:
        told = mention_of(days[-1])
        assert told.date_start is not None
        return told.date_start, told.date_basis or "body", days[-1]
    published = scene.doc._.published
    return (published, scene.doc._.published_basis, None) if published is not None else None


def _other_year(total: Total, dates: list[Span]) -> Span | None:
    """Return the year whose same weeks are meant: "in the same month of 2024 we counted 68"."""
    if not _SAME_PERIOD.search(total.count[0].sent.text):
        return None
    return next((d for d in dates if mention_of(d).date_precision == "year"), None)


def _shift_years(total: Total, told: Row, year: Span) -> None:
    """Give the period of another total, in the year that is named."""
    named = mention_of(year).date_start
    assert named is not None
    years = relativedelta(years=told["year"] - named.year)
    end = told["event_date_end"]
    after = end + dt.timedelta(days=1) - years if end else None  # a month of another year may be a day longer
    last = after - dt.timedelta(days=1) if after else None
    _set_days(total, told["event_date"] - years, last, told["date_basis"], [year])


def _set_days(total: Total, start: dt.date, end: dt.date | None, basis: str, spans: list[Span]) -> None:
    code = event_date(start, end, None, basis=basis, aggregate=True).precision
    cells: dict[str, Any] = {
        "event_date": start,
        "year": start.year,
        "event_date_end": end,
        "time_precision": code if end is not None else 3,
        "event_date_text": spans[0].text,
        "date_basis": basis,
    }
    total.row.fill(cells, spans)


def _set(total: Total, dates: list[Span], scene: Scene) -> None:
    start, end = _bounds(dates, scene.doc._.published)
    first = mention_of(dates[0])
    _set_days(total, start, end, first.date_basis or "body", dates[:2])


def _bounds(dates: list[Span], published: dt.date | None) -> tuple[dt.date, dt.date | None]:
    """Return the first and last day; "since" runs to the publication, nothing runs beyond it."""
    spans = [(d, first, mention_of(d).date_end) for d in dates if (first := mention_of(d).date_start) is not None]
    opening = next(((d, first) for d, first, _ in spans if _opens(d) or _begins(d)), None)
    if opening is not None:
        start = _day_within(opening[0])
        later = [last for d, _, last in spans if d is not opening[0] and last]
        last = next((day for day in later if day > start), published)
        return start, max(last, start) if last else None
    start = spans[0][1]
    end = max(last or first for _, first, last in spans[:2])
    return start, published if published is not None and start <= published < end else end


def _day_within(date: Span) -> dt.date:
    """Return the day from which "since" a date counts: its first, but the 15th for "since mid-November"."""
    told = mention_of(date)
    assert told.date_start is not None
    middle = told.date_end is not None and (told.date_start.day, told.date_end.day) == MID_MONTH
    return told.date_start.replace(day=15) if middle else told.date_start


def told_one_by_one(total: Total) -> bool:
    """Return whether each has its day: "twice, on 12 and again on 19 June", "it happened a second time on Friday"."""
    ordinal = mention_of(total.count).canonical == "cumulative" and counts_times(total.count)
    days = {mention_of(d).date_start for d in total.dates if mention_of(d).date_start == mention_of(d).date_end}
    if ordinal and len(total.dates) == len(days) == 1 and not _opens(total.dates[0]):
        return True
    return len(days) == total.figure


def _names_period(date: Span) -> bool:
    text = [t.lower_ for t in date if t.is_alpha]
    return text[:1] in (["this"], ["the"]) and text[-1] in _PERIOD_NOUNS and not _opens(date)


def _is_relative(total: Total) -> bool:
    following = total.count.doc[total.count.end : min(total.count.end + 6, total.zone.stop)]
    other_week = any(one.lower_ == "week" and other.like_num for one, other in pairwise(following))  # "in week 36"
    return other_week or any(t.lower_ in _RELATIVE for t in following)


def _shift(total: Total, base: Total) -> None:
    """Give the period of the same length right before that of the total compared with: "the week before"."""
    start, end = base.row["event_date"], base.row["event_date_end"]
    if not _is_relative(total):
        total.row.update({name: base.row[name] for name in TIME_COLUMNS})
        return
    if start is None or end is None:
        return
    last = start - dt.timedelta(days=1)
    after = end + dt.timedelta(days=1)
    months = after.month - start.month + 12 * (after.year - start.year)
    first = start - relativedelta(months=months) if start.day == after.day == 1 else last - (end - start)
    total.row.update(
        event_date=first,
        year=first.year,
        event_date_end=last,
        time_precision=base.row["time_precision"],
        date_basis=base.row["date_basis"],
    )


def _date_around(total: Total, scene: Scene) -> Span | None:
    """Return the last date of the same paragraph before a total."""
    sentence = total.count[0].sent
    paragraph = scene.paragraphs.get(sentence.start)
    for earlier in reversed(scene.sentences):
        if earlier.start >= sentence.start or scene.paragraphs.get(earlier.start) != paragraph:
            continue
        dates = [d for d in scene.index.in_sentence(earlier, "DATE") if mention_of(d).date_start is not None]
        dates = [d for d in dates if zone_at(scene.doc, d.start_char) is None]
        if dates:
            return dates[-1]
    return None


def takes_up_period(words: Iterable[Token]) -> bool:
    """Return whether words take up a stretch of time told before: "in the three months"."""
    return any(_is_period(token) for token in words)


def _is_period(token: Token) -> bool:
    return token.lemma_ in _STRETCH_OF_TIME and any(c.lower_ in ("the", "these", "that") for c in token.children)


def _period_meant(total: Total, scene: Scene) -> Span | None:
    """Return the stretch of time that "in the three months" takes up: the last one told before."""
    for token in scene.doc[total.zone.start : total.zone.stop]:
        if _is_period(token):
            before = [d for d in mentions_of(scene.doc, "DATE") if d.end <= token.i]
            told = [(d, mention_of(d)) for d in before]
            long = [d for d, m in told if m.date_start and m.date_end and m.date_end > m.date_start]
            return long[-1] if long else None
    return None


def _in_same_passage(one: Span, other: Span) -> bool:
    between = one.doc[one.end : other.start]
    return sum(1 for t in between if t.is_sent_start) <= 2
