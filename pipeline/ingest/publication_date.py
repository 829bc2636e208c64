"""When was it published? The first basis that applies: metadata, file name, dateline, body, caption; else none.

A null date is a good answer, a wrong one is not: it would move every "Monday" of the text. So each basis but the first
two gives way to what contradicts it in the text: later years, people who did not hold their office yet, other weekdays.
"""

from __future__ import annotations

import datetime as dt
import math
import re
from functools import cached_property, lru_cache
from typing import Any

import dateparser

from pipeline.ingest.boilerplate import compiled, speaks_of
from pipeline.ingest.cleaning import Cleaned
from pipeline.ingest.day_expressions import Day, find_days, weekdays
from pipeline.ingest.offices import Window, office_window

Dated = tuple[dt.date | None, str]
EARLIEST, LATEST = dt.date(1900, 1, 1), dt.date(2100, 1, 1)
FIRST_YEAR, LAST_YEAR = 2000, 2060  # between which a day without a year is completed
LEAD_PARAGRAPHS, LEAD_CHARACTERS = 2, 1000
SAME_NAMES = 0.6  # share of a caption's names that the story must have too
CAPTION_PARAGRAPHS = 4  # whose weekdays a caption's day must agree with
LONGEST_DATE = 60  # characters of a metadata field
NEWS_SPAN = 31  # days between the oldest and the newest day that one news story tells of in its own time

_ISO = re.compile(r"\s*(\d{4})-(\d\d)-(\d\d)(?!\d)")
_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)([-_.]?)(0[1-9]|1[0-2])\2(0[1-9]|[12]\d|3[01])(?!\d)")
_IN_URL = re.compile(r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])[/-](0?[1-9]|[12]\d|3[01])(?=[/-]|$)")
_YEAR = re.compile(
    r"\b(?:(in|since|of|during|from|for|after|before|early|late|mid|summer|winter|autumn|spring|until|by|to|fall)"
    r"(?:[ -]))((?:19|20)\d\d)\b(?! ?[-–] ?\d|[.,]\d|\s+(?:troops|people|soldiers|fighters|men))",
    re.IGNORECASE,
)
_HISTORIC = re.compile(
    r"\b(?:since|until|till|before|after|from|by|for|between|following|to|the|of)\b(?: (?:the|late|early|about))*\W*$",
    re.IGNORECASE,
)
_OF_TIME = re.compile(
    r"\b(?:hours?|night|morning|evening|afternoon|dawn|eve|day|noon|as|midnight|end|dusk)\s+of\W*$"
    r"|\b\d{1,2} (?:to|and)\W*$|\bas of\W*$",
    re.IGNORECASE,
)
_OPENS = re.compile(r"\b(?:as of|of|for|\d\d?:\d\d|\d\d? ?[-–])$")
_CLOSES = re.compile(r"(?:at )?\d\d?[:.]\d\d|regarding\b|update\b")
_NAME = re.compile(r"\b[A-Z][\w'’-]{2,}")
_DAY_AFTER = re.compile(r"\b(?:last night|yesterday|overnight),?\W*(?:on )?\W*$", re.IGNORECASE)
_NOT_NOW = re.compile(
    r"\b(?:next|last|previous|following|coming|every|each|since|until|after|before|by|from)\W*$", re.IGNORECASE
)


def publication_date(cleaned: Cleaned, *, given: Any = None, file_name: str = "", url: str | None = None) -> Dated:
    """Return (date, basis), basis being metadata, filename, dateline, body, caption or none."""
    for date, basis in ((parse_published(given), "metadata"), (date_in_name(file_name, url), "filename")):
        if date:
            return date, basis
    evidence = _Evidence(cleaned)
    for find, basis in ((_from_dateline, "dateline"), (_from_body, "body"), (_from_caption, "caption")):
        date = find(cleaned, evidence)
        if date:
            return date, basis
    return None, "none"


def parse_published(value: Any) -> dt.date | None:
    """Return the date of a metadata field: a date, a time stamp, seconds since 1970, or text; None where it is none."""
    if isinstance(value, dt.datetime):
        return _plausible(value.date())
    if isinstance(value, dt.date):
        return _plausible(value)
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return _from_epoch(float(value))
    return _parse_text(str(value).strip()) if len(str(value)) <= LONGEST_DATE else None


def date_in_name(file_name: str, url: str | None = None) -> dt.date | None:
    """Return the one full date in a file name (2024-10-30, 20241030) or in the path of an address (/2024/10/30/)."""
    for pattern, text in ((_IN_NAME, file_name), (_IN_URL, url or ""), (_IN_NAME, (url or "").rpartition("/")[2])):
        groups = [[int(g) for g in m.groups() if g and g.isdigit()] for m in pattern.finditer(text)]
        dates = {date for group in groups if (date := _safe(*group))}
        if len(dates) == 1:
            return dates.pop()
    return None


def _plausible(date: dt.date) -> dt.date | None:
    return date if EARLIEST <= date < LATEST else None


def _safe(year: int, month: int, day: int) -> dt.date | None:
    try:
        return _plausible(dt.date(year, month, day))
    except ValueError:
        return None


def _from_epoch(value: float) -> dt.date | None:
    if not math.isfinite(value) or value < 1e8:
        return None
    seconds = value / 1000 if value > 1e11 else value
    try:
        return _plausible((dt.datetime(1970, 1, 1) + dt.timedelta(seconds=seconds)).date())
    except OverflowError:
        return None


@lru_cache(maxsize=4096)
def _parse_text(text: str) -> dt.date | None:
    iso = _ISO.match(text)
    if iso:
        return _safe(*map(int, iso.groups()))
    days = [day.date for day in find_days(text)]
    if len(days) == 1 and days[0]:
        return _plausible(days[0])
    # Anything without a year would be completed from today's clock, and 08/07/2021 would be guessed.
    if not re.search(r"\b(?:19|20)\d\d\b", text) or days:
        return None
    settings = {"STRICT_PARSING": True, "REQUIRE_PARTS": ["day", "month", "year"], "PARSERS": ["absolute-time"]}
    found = dateparser.parse(text, languages=["en"], settings=settings)  # type: ignore[arg-type]
    return _plausible(found.date()) if found else None


class _Evidence:
    """What the story itself says about its time."""

    def __init__(self, cleaned: Cleaned) -> None:
        self.paragraphs = cleaned.story()
        self.story = "\n\n".join(self.paragraphs)
        self.lead = "\n\n".join(self.paragraphs[:LEAD_PARAGRAPHS])[:LEAD_CHARACTERS]
        self.days = find_days(self.story)
        self.pictures = [
            (day.date, text)
            for text in cleaned.zone_texts("caption")
            if not speaks_of("archive", text) and not speaks_of("occasion", text)
            for day in find_days(text)
            if day.date
        ]

    @cached_property
    def window(self) -> Window:
        """The days on which all office holders named held their office."""
        return office_window(self.story)

    @cached_property
    def years(self) -> set[int]:
        """Years that the story speaks of as past or present, not as a term or plan."""
        return {int(y) for word, y in _YEAR.findall(self.story) if word.casefold() not in ("by", "until", "to", "for")}

    @cached_property
    def past(self) -> list[dt.date]:
        """The full dates that the story names, without those that it looks forward to."""
        return [day.date for day in self.days if day.date and not _ahead(self.story, day)]

    def too_early(self, date: dt.date) -> bool:
        """Whether the story knows later days or years, or people in an office that they only took later."""
        return any(d > date for d in self.past) or any(y > date.year for y in self.years) or date < self.window.start

    def contradicts(self, date: dt.date) -> bool:
        """Whether the day is too early, or people named held their office no more."""
        return not self.window.holds(date) or self.too_early(date)


def _from_dateline(cleaned: Cleaned, evidence: _Evidence) -> dt.date | None:
    for text in cleaned.zone_texts("dateline"):
        for day in reversed(find_days(text)):
            date = day.date or _complete(day, evidence) or _choose(day, evidence)
            if date:
                return _plausible(date)
    for text in cleaned.zone_texts("headline"):
        for day in find_days(text):
            if _dates_headline(text, day):
                return day.date or _complete(day, evidence)
    return None


def _dates_headline(text: str, day: Day) -> bool:
    """Whether a headline's date is that of the text ("Statement (14 May 2024)", "Digest - 17 May"), not its subject."""
    before, after = text[: day.start].rstrip(), text[day.end :].strip(" ,)]")
    if day.weekday is not None and day.year and not after:
        return True
    opened = not before or before[-1] in "(|-–—:,/[•" or _OPENS.search(before)
    closed = not after or after[0] in "|-–—:(" or _CLOSES.match(after)
    return bool(opened and closed) and not speaks_of("look_back", text)


def _choose(day: Day, evidence: _Evidence) -> dt.date | None:
    """Read 08/07/2021: the reading whose weekday, or day before, the lead names, where the other's is not."""
    if not day.other or day.year is None:
        return None
    named = {weekday for _, weekday in weekdays(evidence.lead)}
    fits = [
        date
        for date in (dt.date(day.year, day.month, day.day), day.other)
        if date.weekday() in named and evidence.window.holds(date)
    ]
    return fits[0] if len(fits) == 1 else None


def _complete(day: Day, evidence: _Evidence) -> dt.date | None:
    """Complete a day without a year from the text's own evidence, where exactly one year agrees with all of it.

    Evidence is a weekday written with the day, office holders, and a picture of the same weeks. Other weekdays of the
    text are none: a story may begin with what happened four days ago. Nor are other full dates: news gives the year
    where it is not its own.
    """
    if day.year is not None:
        return None
    dates = [date for year in range(FIRST_YEAR, LAST_YEAR) if (date := day.in_year(year))]
    dates = [date for date in dates if not evidence.contradicts(date)]
    if day.weekday is not None:
        dates = [date for date in dates if date.weekday() == day.weekday]
        pictured = [d for d in dates if any(0 <= (d - c).days <= NEWS_SPAN for c, _ in evidence.pictures)]
        dates = pictured or dates
    return dates[0] if len(dates) == 1 else None


def _ahead(text: str, day: Day) -> bool:
    """Whether a day lies in the future of the text: words such as "is due", "until" stand before it in its clause."""
    clause = re.split(r"[.;!?\n]\s|, (?:but|and|while)\b", text[max(0, day.start - 120) : day.start])[-1]
    return speaks_of("ahead", clause[-70:]) or speaks_of("ahead", text[day.end : day.end + 15])


def _is_now(text: str, day: Day) -> bool:
    """Whether a full day is one that the text reports as news, not as history or plan."""
    before = text[max(0, day.start - 40) : day.start]
    if _HISTORIC.search(before) and not _OF_TIME.search(before):
        return False
    start = max(text.rfind(". ", 0, day.start), text.rfind("\n", 0, day.start)) + 1
    end = text.find(". ", day.end)
    sentence = text[start : end if end >= 0 else len(text)]
    return not speaks_of("look_back", sentence) and not _ahead(text, day)


def _from_body(cleaned: Cleaned, evidence: _Evidence) -> dt.date | None:
    lead = evidence.lead
    if speaks_of("look_back", " ".join([cleaned.title or "", *evidence.paragraphs[:1]])):
        return None
    found: list[tuple[dt.date, Day]] = []
    for day in find_days(lead):
        if not _is_now(lead, day):
            continue
        date = day.date or _choose(day, evidence)
        if date is None and day.weekday is not None and day.year is None:
            date = _complete(day, evidence)
        if date:
            found.append((date, day))
    if not found:
        return None
    date, day = max(found, key=lambda pair: pair[0])
    shifted = _shifted(lead, day, date)
    told = _last_day_told(evidence, shifted) if shifted else None
    return None if told is None or evidence.too_early(told) else _plausible(told)


def _shifted(lead: str, day: Day, date: dt.date) -> dt.date | None:
    """Move on from a day that the lead tells as background: "on Thursday accused ... after a raid on 23 January 2024".

    None where the weekday of the news is too far from it for both to be told as news.
    """
    if _DAY_AFTER.search(lead[max(0, day.start - 25) : day.start]):
        return date + dt.timedelta(days=1)
    if day.weekday is not None:
        return date
    for offset, weekday in weekdays(lead):
        if offset > day.start:
            break
        if not _NOT_NOW.search(lead[max(0, offset - 20) : offset]):
            days = (weekday - date.weekday()) % 7
            return date + dt.timedelta(days=days) if days <= 3 else None
    return date


def _last_day_told(evidence: _Evidence, date: dt.date) -> dt.date:
    """The last day within a month after `date` that the story tells of without a year."""
    told = [date]
    for day in evidence.days:
        if day.year is None and not _ahead(evidence.story, day) and _is_now(evidence.story, day):
            years = (date.year, date.year + 1)
            told += [d for y in years if (d := day.in_year(y)) and 0 < (d - date).days <= NEWS_SPAN]
    return max(told)


def _from_caption(_: Cleaned, evidence: _Evidence) -> dt.date | None:
    """Date a text by its caption: only where picture and story agree and nothing speaks for an older picture."""
    if len({date for date, _ in evidence.pictures}) != 1:
        return None
    date, caption = evidence.pictures[0]
    opening = "\n\n".join(evidence.paragraphs[:CAPTION_PARAGRAPHS])
    named = [weekday for _, weekday in weekdays(opening)]
    # The story's first weekday is the picture's or the next day; "in 2024" is how a text speaks of a year not its own.
    fits = date.weekday() in named and (named[0] - date.weekday()) % 7 <= 1
    distant = date.year in evidence.years or evidence.contradicts(date) or _other_days(opening, date)
    return date if fits and not distant and _same_subject(caption, evidence.story) else None


def _same_subject(caption: str, story: str) -> bool:
    """Whether the story has most names of the caption; "A view of the old city" fits any day."""
    text = caption
    for day in reversed(find_days(caption)):
        text = text[: day.start] + text[day.end :]
    credit = compiled("credit").search(text.rstrip())
    text = text[: credit.start()] if credit else text
    names = set(_NAME.findall(text)[1:])
    return len(names) >= 2 and len(names & set(_NAME.findall(story))) >= SAME_NAMES * len(names)


def _other_days(text: str, date: dt.date) -> bool:
    """Whether a text names days of the year that are not near the date."""
    days = [day.in_year(date.year) for day in find_days(text) if day.year is None]
    return any(abs((d - date).days) > NEWS_SPAN for d in days if d)


__all__ = ["date_in_name", "parse_published", "publication_date"]
