"""Datelines and date lines: "BEIRUT, Aug 22 (LPA) - ", "Naqoura, 14 November 2024", "Report | 21 May 2024 | 17:00"."""

from __future__ import annotations

import re

from pipeline.ingest.boilerplate import is_line, words
from pipeline.ingest.day_expressions import find_days

LONGEST_DATELINE = 120
LONGEST_PLACES = 6  # words of the places on a line of their own: "KABKABIYA / JEBEL MARRA / EL FASHER"
SHORTEST_PARAGRAPH = 160  # characters below which a line without a full stop is a headline
_SENTENCE_END = re.compile(r"[.!?…:][\"'”’»)\]]*$")
_SEPARATOR = re.compile(r"\s*(?<=[\s)\w.,/])(?:\s-{1,3}\s|\s?[–—]\s?|--|\s\|\s|:\s|\.\s)\s*")
_PARENTHESES = re.compile(r"\([^()]{1,40}\)|/[A-Z][\w ]{1,20}/")
_AGENCY_SLASH = re.compile(r"((?:[A-Z][\w.'’-]*[ -]?){1,4})/\s+(?=[A-Z“\"])")
_PLACE = re.compile(r"[^\W\d_][\w'’.\-]*(?: [^\W\d_][\w'’.\-]*){0,4}")
_CLOCK = re.compile(
    r"\(?\b\d{1,2}[:.]\d\d(?: ?[ap]\.?m\.?)?(?: ?\(?[A-Z]{2,5}\)?\b)?\)?|\b\d{1,2} ?[ap]\.?m\.?\b|\b\d{4} ?hrs\b"
)
_LABEL = re.compile(
    r"\b(?:last )?(?:published|updated|posted|modified|created|issued|released|as of|date|dated|on|at|reporting period"
    r"|period(?: covered)?|from|to|first)\b\W*",
    re.IGNORECASE,
)


def dateline_end(paragraph: str) -> int:
    """Return where the dateline at the beginning of a paragraph ends, in characters; 0 where there is none."""
    if len(paragraph) < SHORTEST_PARAGRAPH and not _SENTENCE_END.search(paragraph):
        return 0  # "SUDAN: Army retakes the town" is a headline
    head = paragraph[:LONGEST_DATELINE]
    for day in find_days(head)[:1]:
        rest = paragraph[day.end :].lstrip()
        if day.start == 0 and day.year and day.weekday is not None and rest[:1].isupper():
            return len(paragraph) - len(rest)  # "Thursday, May 7, 2015 On Tuesday, ..."
    for separator in _SEPARATOR.finditer(head):
        before, mark, after = head[: separator.start()], separator.group().strip(), paragraph[separator.end() :]
        if before and after and _is_dateline(before, mark, after[0]):
            return separator.end()
    agency = _AGENCY_SLASH.match(head)  # "Example News/ A security source said"
    return agency.end() if agency else 0


def is_dateline_alone(line: str) -> bool:
    """Whether a line is a dateline with nothing behind it: place and full date."""
    line = line.strip().rstrip(".:")
    if len(line) > LONGEST_DATELINE or not any(day.year for day in find_days(line)):
        return False
    places = _places(line)
    return places is not None and sum(len(place.split()) for place in places) <= LONGEST_PLACES


def is_date_line(line: str) -> bool:
    """Whether a line gives the text's date and little else: "Update | 21 May 2024 | 17:00", "Published: 4 May 2025"."""
    days = find_days(line)
    if not days or len(line) > LONGEST_DATELINE:
        return False
    rest = _without_dates(line)
    segments = [s.strip() for s in re.split(r"[|•·]", rest)]
    segments = [s for s in segments if s and not is_line("noise", s)]
    others = [w for s in segments for w in _LABEL.sub("", s).split() if any(c.isalnum() for c in w)]
    sentence = line.rstrip().endswith((".", "!", "?")) and len(others) > 3
    return len(others) <= 9 and not sentence and (any(day.year for day in days) or len(others) <= 3)


def is_only_date(line: str) -> bool:
    """Whether nothing but a date, a time and labels such as "Published" stand on a line."""
    rest = _LABEL.sub("", _without_dates(line))
    return bool(find_days(line)) and not any(
        c.isalpha() for segment in rest.split("|") for c in segment if not is_line("noise", segment.strip())
    )


def _is_dateline(before: str, mark: str, following: str) -> bool:
    days = find_days(before)
    places = _places(before)
    if places is None or len(places) > 3 or not (places or days):
        return False
    dated, agency = bool(days), bool(_PARENTHESES.search(before))
    capitals = bool(places) and places[0].isupper() and not is_line("kicker", places[0], "head")
    if not (following.isupper() or following.isdigit() or following in "“\"'‘(«[") and not dated:
        return False
    if mark == ".":
        return any(day.year for day in days) or before.endswith("/")
    if mark == ":":
        return capitals or dated
    return dated or capitals or (agency and mark != "|") or (mark != "|" and len(places) <= 2)


def _places(text: str) -> list[str] | None:
    """Return the place names of a would-be dateline, None where it holds anything else than names, dates, agencies."""
    rest = _PARENTHESES.sub(" ", _without_dates(text))
    pieces = [p.strip(" .-–—") for p in re.split(r"[,/|]|\s[-–—]\s", rest)]
    places = [p for p in pieces if p]
    return places if all(map(_is_place, places)) else None


def _is_place(piece: str) -> bool:
    parts = piece.split()
    if not _PLACE.fullmatch(piece) or (parts[0].casefold() in words("no_place") and parts[0] != "THE"):
        return False
    return all(part[0].isupper() or part.casefold() in words("particle") or "-" in part for part in parts)


def _without_dates(text: str) -> str:
    kept, at = [], 0
    for day in find_days(text):
        kept.append(text[at : day.start])
        at = day.end
    kept.append(text[at:])
    joined = re.sub(r"\b\d{1,2} ?[-–—/] ?(?=\W*$|\s*[,|(])", " ", " ".join(kept))
    joined = re.sub(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b", " ", joined)
    return _CLOCK.sub(" ", joined)
