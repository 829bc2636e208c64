"""The component `conflict_dates`: date expressions, resolved to days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from itertools import pairwise, takewhile

from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.annotate.date_expressions import Expression, find_expressions
from pipeline.annotate.date_resolution import resolve
from pipeline.annotate.date_story import Resolution, Story, in_order, remember
from pipeline.mentions import Mention, set_mentions, text_of, zone_at

_BESIDE = 30  # characters
# "at dawn", "hours later" only follow what was told before.
_CONFIDENCE = {"part": 0.6, "shifted": 0.8, "period": 0.9}
# So many days and months without a year before the first year show that the year is publication's.
_DAYS_OF_NEWS = 3
_SPOKEN = ("weekday", "day_word", "ago", "past_units", "overnight")


class DateFinder:
    """Set DATE mentions on a Doc: TIMEX3 value, first and last day, precision, and what they were resolved against."""

    def __init__(self, *, name: str = "conflict_dates") -> None:
        self.name = name

    def __call__(self, doc: Doc) -> Doc:
        """Find and resolve the dates of a text; captions and boilerplate do not carry its story on."""
        expressions = find_expressions(text_of(doc))
        story = _story(doc, expressions)
        resolved: list[Resolution] = []
        for expression in expressions:
            resolution = resolve(expression, story)
            if zone_at(doc, expression.start) is None:
                remember(expression, resolution, story)
            if resolved and expressions[len(resolved) - 1].joined:
                resolved[-1] = in_order(resolved[-1], resolution)
            resolved.append(resolution)
        _date_parts(text_of(doc), expressions, resolved)
        _date_hijri(expressions, resolved)
        set_mentions(doc, "DATE", _mentions(doc, expressions, resolved))
        return doc


@Language.factory("conflict_dates", assigns=["doc.spans"])
def make_dates(nlp: Language, name: str) -> DateFinder:
    """Create the component; it needs nothing but tokens."""
    return DateFinder(name=name)


def _story(doc: Doc, expressions: list[Expression]) -> Story:
    published: dt.date | None = doc._.published
    years = [int(e.words["year"][0]) for e in expressions if "year" in e.words and zone_at(doc, e.start) is None]
    return Story(
        published=published,
        basis=doc._.published_basis if published else "none",
        order=_day_month_order(expressions),
        history=published is not None and _is_history(expressions, years, published),
        first_year=years[0] if years else None,
    )


def _is_history(expressions: list[Expression], years: list[int], published: dt.date) -> bool:
    """Tell a history from news: many years, mostly not that of publication, and hardly a "Monday" or "yesterday".

    A history gives the year first; where days without one come before it, the year is the reader's own: news.
    """
    far = sum(year != published.year for year in years)
    spoken = sum(e.form in _SPOKEN or (e.form == "period" and e.which in ("this", "last")) for e in expressions)
    named = [e for e in expressions if e.form in ("date", "month") or "year" in e.words]
    news = len([*takewhile(lambda e: "year" not in e.words, named)]) >= _DAYS_OF_NEWS
    return (
        not news
        and len(expressions) >= 10
        and far >= 3
        and far >= 2 * (len(years) - far)
        and 8 * spoken <= len(expressions)
    )


def _day_month_order(expressions: list[Expression]) -> str:
    """Tell 14/11 from 11/14 by the text's own numeric dates, else by how it writes its dates in words."""
    british = american = 0
    for expression in expressions:
        if expression.form == "numeric":
            first, second = _leading_numbers(expression.words["numeric"][0])
            british += 10 * (first > 12)
            american += 10 * (second > 12 >= first)
        elif expression.form == "date" and "month_lower" not in expression.words:
            roles = list(expression.words)
            day_first = "of" in roles or roles.index(_role(roles, "day")) < roles.index(_role(roles, "month"))
            british, american = british + day_first, american + (not day_first)
    return "MDY" if american > british else "DMY"


def _leading_numbers(text: str) -> tuple[int, int]:
    parts = [int(part) for part in text.replace("/", "-").replace(".", "-").split("-")]
    return (0, 0) if parts[0] > 31 else (parts[0], parts[1])


def _role(roles: list[str], kind: str) -> str:
    return next((role for role in roles if role.startswith(kind) or (role == "ordinal" and kind == "day")), roles[0])


def _date_parts(text: str, expressions: list[Expression], resolved: list[Resolution]) -> None:
    """Give a part of a day the day that is named behind it: "at dawn yesterday", "on the evening of 3 May"."""
    for i, (one, other) in enumerate(pairwise(expressions)):
        behind = text[one.end : other.start].strip(" ,").lower() in ("", "on", "of")
        if one.form == "part" and behind and resolved[i + 1].period.precision == "day":
            resolved[i] = resolved[i + 1]


def _date_hijri(expressions: list[Expression], resolved: list[Resolution]) -> None:
    """Give a Hijri date the days of the Gregorian date beside it: "5 Rajab 1446 (5 January 2025)"."""
    for i, expression in enumerate(expressions):
        for j in (i + 1, i - 1):
            if expression.form == "hijri" and 0 <= j < len(expressions) and expressions[j].form in ("date", "numeric"):
                gap = max(expressions[j].start - expression.end, expression.start - expressions[j].end)
                if gap <= _BESIDE:
                    resolved[i] = resolved[j]


def _mentions(doc: Doc, expressions: list[Expression], resolved: list[Resolution]) -> Iterable[tuple[Span, Mention]]:
    """Yield a mention for each expression; both ends of a period carry the days of the whole period."""
    last_token = 0
    for i, (expression, resolution) in enumerate(zip(expressions, resolved, strict=True)):
        span = doc.char_span(expression.start, expression.end, alignment_mode="expand")
        if span is None or span.start < last_token:
            continue
        last_token = span.end
        period = resolution.period
        start, end = period.start, period.end
        if expression.joined and end:
            end = max(end, resolved[i + 1].period.end or end)
        elif i and expressions[i - 1].joined and start:
            start = min(start, resolved[i - 1].period.start or start)
        yield (
            span,
            Mention(
                canonical=period.value,
                date_start=start,
                date_end=end,
                date_precision=period.precision,
                date_basis=resolution.basis if start else None,
                confidence=_CONFIDENCE.get(expression.form, 1.0) if start else 0.3,
            ),
        )
