"""Find the date expressions of a text: what the words say, before anybody asks which day that is.

Rules are regular expressions over the roles of words (see `date_words`): `<month>` is one word with that role,
`{DAY}` a named piece. The first rule that matches at a word wins, so longer forms stand before the forms they contain.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from pipeline.annotate.date_words import Word, role_symbols, scan

_PIECES = {
    "DAY": "(?:<day>|<day_th>)",
    "MONTH": "(?:(?:<month>|<month_or_word>|<month_short>)<dot>?)",
    "WEEKDAY": "(?:(?:<weekday>|<weekday_short>)<dot>?<comma>?(?:<the>|<on>)?)",
    "UNIT": "(?:<days>|<weeks>|<weekend>|<months>|<years>|<decades>)",
    "WHICH": "(?:<this>|<last>|<next>|<previous>|<past>|<following>|<same>|<that>)",
    "NUMBER": "(?:<article>?<number><of>?|<day>|<number_other>|<article>?<vague_number>)",
    # "early", "late on", "the night of", "in the early hours of", "dawn on", "overnight on"
    "BEFORE": "(?:(?:<edge>|<later>|<earlier>)(?:<on>|<dash>)?|<overnight>(?:<on>|<to>)?"
              "|<the>?(?:<edge>|<lower>)?(?:<part_of_day><hours>?|<hours>)(?:<of>|<on>)?)",
    "AFTER": "(?:<edge>?<part_of_day>|<overnight>)",
    # "mid-", "late", "the end of", "the second half of"
    "EDGE": "(?:<the>?(?:<edge>|<edge_noun>)<dash>?(?:<in>|<of>)?<the>?|<the>(?:<ordinal>|<lower>)<half><of><the>?)",
    "YEAR": "(?:<comma>?<of>?<year>)",
    "THAT_YEAR": "(?:<comma>?<of>?<the>?{WHICH}<years>)",
    "CUE": "(?:<in>|<on>|<of>|<to>|<and>|<from>|<since>|<before>|<after>|<between>|<preposition>)",
    "OPENING": "(?:<dot>|<break>)",
    "SEASON": "(?:<season>|<season_or_word>(?!<of>))",
}  # fmt: skip

# One rule a form; `date_resolution` says what each form means.
_RULES = {
    "numeric": "{BEFORE}?<numeric>",
    "days_of_month": "{WEEKDAY}?{DAY}(?:<comma>{DAY})*(?:<comma>?<and><lower>?<on>?|<dash>|<to>|<slash>)"
                     "{WEEKDAY}?{DAY}<of>?"
                     "(?:{MONTH}(?:{YEAR}|{THAT_YEAR})?|<month_lower>{YEAR})",
    "month_of_days": "{MONTH}{DAY}(?:<comma>{DAY})*(?:<comma>?<and>|<dash>|<to>|<slash>){DAY}"
                     "(?!{MONTH}|<lower>)(?:{YEAR}|{THAT_YEAR})?",
    "date": "(?:{BEFORE}?(?:<the>?{WEEKDAY})?<the>?(?:{DAY}<days>?|<ordinal>(?=<of>))(?:<of>|<dash>)?"
            "(?:{MONTH}<dash>?(?:{YEAR}|{THAT_YEAR})?|<month_lower><dash>?{YEAR})"
            "|{BEFORE}?(?:<the>?{WEEKDAY})?"
            "(?:{MONTH}<the>?{DAY}(?:{YEAR}|{THAT_YEAR})?|<month_lower><dot>?{DAY}{YEAR})){AFTER}?",
    "hijri": "{DAY}?<hijri_month>(?:<dash>|<apostrophe>|<capital>|<lower>|<ordinal>){0,4}?"
             "<comma>?(?:<number_other>|<year>)",
    "feast": "(?:{BEFORE}<the>?)?(?:<the>?<eve><of>)?<the>?<year>?<feast>{AFTER}?(?:{YEAR}|{THAT_YEAR}|<last>)?",
    "day_of_month": "{BEFORE}?<the>?(?:<day_th>|<ordinal>)(?:<days>)?<of>(?:<the>?{WHICH}?<months>)"
                    "|(?<={CUE})<the><day_th>",
    "weekday_number": "{WEEKDAY}{DAY}(?=<dash>|<dot>|<comma>|<mark>|<break>)",
    "month_year": "{EDGE}?(?:{MONTH}|<month_lower>)(?:{YEAR}|(?<!<month_lower>){THAT_YEAR})",
    "nth_part": "<the>?(?:<ordinal>|<day_th>|<last>)<number>?(?:<days>|<weeks>|<half>|<months>)<of>"
                "(?:<the>?{MONTH}{YEAR}?|<the>?<year>|<the>?{WHICH}?(?:<years>|<months>))",
    "season": "{EDGE}?<the>?(?:<season>|<season_or_word>)(?:{YEAR}|{THAT_YEAR})|{EDGE}?<the>?{WHICH}<edge>?{SEASON}"
              "|(?:{EDGE}|(?<={CUE}))<season>|<the><edge>?{SEASON}",
    "night_between": "<the>?(?:<part_of_day>(?:<of>|<between>|<from>)|<overnight>(?:<on>|<from>|<between>)?)"
                     "<weekday>(?:<to>|<and>|<dash>|<slash>)<weekday>",
    "weekday": "(?:{BEFORE}<the>?)?(?:<the>?{WHICH})?<weekday>{AFTER}?(?:<of>?<the>?{WHICH}<weeks>)?"
               "|(?:{BEFORE}|(?<={CUE})|{WHICH})<weekday_short>(?!<capital>|<dash>|<province>){AFTER}?",
    "month": "(?:{EDGE}|<the>?{WHICH})?<month>|{EDGE}?<the><months><of>(?:<month>|<month_or_word>)|"
             "<month_or_word>(?=(?:<dash>|<to>|<and>){MONTH})"
             "|(?:{EDGE}|{WHICH}|(?<={CUE}))<month_or_word>(?!<capital>)",
    "day_word": "(?:<edge>|<later>|<earlier>|<the><days><before>(?=<day_word>))?<day_word>{AFTER}?",
    "ago": "<edge>?(?:(?:{NUMBER}|<article>)<lower>?)?(?:{UNIT}|<hours>)<ago>",
    "shifted": "(?:(?:{NUMBER}|<article>)<lower>?)?(?:{UNIT}|<hours>)(?:<later>|<earlier>)"
               "|(?:{NUMBER}|<article>){UNIT}(?:<before>|<after>)(?=<dot>|<comma>|<break>|<mark>|<that>)"
               "|(?<={OPENING})(?:{NUMBER}|<article>){UNIT}<after>|(?<=<comma>|<happened>)(?:{NUMBER}|<article>){UNIT}<after>|<the><days><following>"
               "|<the>(?:{UNIT}|<part_of_day>)(?:<before>|<after>)(?!<the>|<article>|<capital>|<this>|<year>|<month>|<lower>)",
    "past_units": "<the>?(?:<last>|<past>|<previous>|<next>|<following>){NUMBER}<lower>?(?:{UNIT}|<hours>)"
                  "|<the>(?:<past>|(?<=<in><the>)<last>){UNIT}",
    "period": "(?:(?:<edge>|<later>|<earlier>)(?:<in>|<on>)?|{EDGE})?<the>?{WHICH}<edge>?(?:{UNIT}|<part_of_day>)"
              "|(?:(?:<edge>|<later>|<earlier>)<in>|<the><edge_noun><of>)<the>{UNIT}|<the><weekend>",
    "overnight": "<overnight>",
    "part": "(?<={CUE})<part_of_day>(?!<capital>|<lower>)"
            "|<the>(?:<edge>|<lower>)?<part_of_day><hours>?|<the>(?:<edge>|<lower>)<hours>",
    "duration": "(?<=<preposition>){NUMBER}(?:{UNIT}|<hours>)(?!<before>|<after>)",
    "decade": "<the>?(?:<edge><dash>?)?<decade>",
    "year": "(?:<the><years>|{EDGE})?<year>",
}  # fmt: skip

# What the year alone needs before it, and what shows that it counts things ("2000 people").
_YEAR_CUES = {"in", "since", "between", "from", "to", "before", "after", "edge", "edge_noun", "open", "dash", "until"}
_WEAK_YEAR_CUES = {"of", "and", "preposition", "the"}
_CLAUSE_ENDS = {"dot", "break"}
_CONNECTIVES = {"when", "with", "but", "it", "he", "they", "which", "while"}
_UNITS = ("days", "weeks", "weekend", "months", "years", "decades", "hours", "part_of_day")
_LOOK_AROUND = 12  # words
_FAR = 20  # years


@dataclass(slots=True)
class Expression:
    """A date expression: which rule found it, where (characters), and its words by role."""

    form: str
    start: int
    end: int
    words: dict[str, list[str]]
    future: bool = False
    joined: bool = False  # with the next expression it names a period: "between 3 and 9 May"
    background: bool = False  # "since May", "the truce of 3 May", "said on Monday": not what the story tells next
    subordinate: bool = False  # "..., a day after troops left": dates the clause that follows
    aside: bool = False  # a glance at another year, off the thread of the story
    first: int = 0  # positions among the words of the text
    last: int = 0

    def get(self, *roles: str) -> str | None:
        """Return the value of the first word with one of the roles."""
        for role in roles:
            if role in self.words:
                return self.words[role][0]
        return None

    @property
    def which(self) -> str | None:
        """Which one it is, from here or from the story: this, last, next, previous, past, following or same."""
        return self.get("this", "last", "next", "previous", "past", "following", "same", "that")

    @property
    def month(self) -> int:
        """The month's number, 0 when no month is named."""
        return int(self.get("month", "month_or_word", "month_short", "month_lower") or 0)

    @property
    def unit(self) -> str:
        """What is counted: hour, day, week, fortnight, weekend, month, year, decade or century."""
        return (self.get(*_UNITS) or "day").removesuffix("s")

    @property
    def plural(self) -> bool:
        """Whether the unit is in the plural."""
        return (self.get(*_UNITS) or "").endswith("s")

    @property
    def count(self) -> int | None:
        """How many: None for "a few" and "several"."""
        if "vague_number" in self.words and "number" not in self.words:
            return None
        text = self.get("number", "day", "number_other", "article")
        return int(text) if text and text.isdecimal() else None


@cache
def _grammar() -> re.Pattern[str]:
    symbols = role_symbols()
    pieces: dict[str, str] = {}
    for name, pattern in _PIECES.items():
        pieces[name] = _fill(pattern, pieces)
    rules = "|".join(f"(?P<{name}>{_fill(pattern, pieces)})" for name, pattern in _RULES.items())
    # Group names keep their brackets: only names of roles are replaced.
    return re.compile(re.sub(r"(?<!\?P)<(\w+)>", lambda found: symbols[found[1]], rules))


def _fill(pattern: str, pieces: dict[str, str]) -> str:
    return re.sub(r"\{([A-Z_]+)\}", lambda found: pieces[found[1]], pattern)


def find_expressions(text: str) -> list[Expression]:
    """Return the date expressions of a text in order; they do not overlap."""
    words, symbols = scan(text)
    found: list[Expression] = []
    for match in _grammar().finditer(symbols):
        form = str(match.lastgroup)
        if (form == "year" and not _is_year(words, match.start(), match.end())) or (
            form == "day_of_month" and not _is_day(words, match.start(), match.end())
        ):
            continue
        found.extend(_expressions(form, words, match.start(), match.end()))
    _join(found, words)
    for expression in found:
        expression.future = _in_future(words, expression)
        expression.subordinate = _before_clause(words, expression)
        expression.background = _in_background(words, expression)
    _mark_asides(found, words)
    return found


def _expressions(form: str, words: list[Word], first: int, last: int) -> Iterator[Expression]:
    """Yield one expression, or one a day for "3, 4 and 9 May"."""
    if form not in ("days_of_month", "month_of_days"):
        yield _expression(form, words, first, last)
        return
    days = [i for i in range(first, last) if words[i].role in ("day", "day_th")]
    while int(words[days[0]].value) >= int(words[days[-1]].value):  # "Report 24 / 19 May": no list of days
        first, days = days[1] if form == "days_of_month" else first, days[1:] or days
        if len(days) == 1:
            break
    shared = [word for word in words[first:last] if word.role not in ("day", "day_th")]
    begins = [first, *(day - (words[day - 1].role in ("weekday", "weekday_short")) for day in days[1:])]
    ends = [*(i + 1 for i in days[:-1]), last]
    for day, begin, end in zip(days, begins, ends, strict=True):
        expression = _expression("date", [*shared, words[day]], 0, len(shared) + 1)
        expression.start, expression.end = words[begin].start, words[end - 1].end
        expression.first, expression.last = begin, end
        if day != days[0]:
            expression.words.pop("weekday", None)
        yield expression


def _expression(form: str, words: list[Word], first: int, last: int) -> Expression:
    roles: dict[str, list[str]] = {}
    for word in words[first:last]:
        roles.setdefault(word.role, []).append(word.value)
    while words[last - 1].role == "dot" and last - first > 1:
        last -= 1
    return Expression(form, words[first].start, words[last - 1].end, roles, first=first, last=last)


def _is_year(words: list[Word], first: int, last: int) -> bool:
    """Tell a year from a count: it heads a section or follows a preposition, and what follows is nothing to count."""
    if last - first > 1 or _is_heading(words, first, last):
        return True
    before = words[first - 1].role if first else "break"
    after = words[last] if last < len(words) else None
    counts = after is not None and (after.role == "capital" or (after.role == "lower" and after.value.endswith("s")))
    if before in _YEAR_CUES:
        return not counts or before == "in"
    named = before == "the" or after is None or after.role != "lower" or after.value in _CONNECTIVES
    return before in _WEAK_YEAR_CUES and "1900" <= words[first].value < "2100" and not counts and named


def _is_heading(words: list[Word], first: int, last: int) -> bool:
    """Tell whether a year stands alone in a line or opens one, as in "2005: Elections"."""
    opens = first == 0 or words[first - 1].role == "break"
    return opens and (last == len(words) or words[last].role in ("break", "mark", "dash"))


def _is_day(words: list[Word], first: int, last: int) -> bool:
    """Tell "on the 16th" from "on the 16th floor" by the word after it."""
    if last == len(words) or last - first > 2:
        return True
    after = words[last]
    return after.role not in ("lower", "capital") or after.value.endswith("ed") or after.value in _CONNECTIVES


def _join(found: list[Expression], words: list[Word]) -> None:
    """Mark periods ("from 3 May to 9 June 2024") and let the first of two dates share the year of the second."""
    for one, two in pairwise(found):
        between = [word.role for word in words[one.last : two.first]]
        link = [role for role in between if role not in ("the", "on", "in", "comma", "dot")]
        if len(between) > 2 or (between and not link and between != ["comma"]) or len(link) > 1:
            continue
        opener = words[one.first - 1].role if one.first else ""
        if link in (["to"], ["dash"]) or (link == ["and"] and opener == "between") or (link == ["slash"]):
            one.joined = one.form == two.form or {one.form, two.form} <= {"date", "month_year", "month", "numeric"}
        linked = not link or link[0] in ("and", "to", "dash", "slash")
        if linked and "year" in two.words and "year" not in one.words and one.form in ("date", "month"):
            turn_of_year = one.joined and one.month > two.month > 0
            one.words["year"] = [str(int(two.words["year"][0]) - turn_of_year)]


def _in_future(words: list[Word], expression: Expression) -> bool:
    """Tell whether the verb nearest to the expression looks ahead: the one before it, else the one after it."""
    if "next" in expression.words and "the" not in expression.words:
        return True
    for i in range(expression.first - 1, max(0, expression.first - _LOOK_AROUND) - 1, -1):
        if words[i].role in _CLAUSE_ENDS:
            break
        if i and words[i - 1].role == "copula":  # "will be held" looks ahead for all its participle
            continue
        if (verb := _looks_ahead(words[i])) is not None:
            return verb
    for word in words[expression.last : expression.last + _LOOK_AROUND]:
        if word.role in _CLAUSE_ENDS:
            break
        if (verb := _looks_ahead(word)) is not None:
            return verb
    return False


def _before_clause(words: list[Word], expression: Expression) -> bool:
    if expression.form != "shifted" or "after" not in expression.words or not expression.first:
        return False
    return "the" not in expression.words and words[expression.first - 1].role in ("comma", "happened")


def _in_background(words: list[Word], expression: Expression) -> bool:
    before = [word.role for word in words[max(0, expression.first - 4) : expression.first]]
    clause_end = max((i + 1 for i, role in enumerate(before) if role in ("dot", "comma", "break", "mark")), default=0)
    return bool(before) and (before[-1] in ("since", "of") or "speech" in before[clause_end:])


def _looks_ahead(word: Word) -> bool | None:
    if word.role == "future":
        return True
    if word.role in ("past_verb", "speech", "happened") or (word.role == "lower" and word.value.endswith("ed")):
        return False
    return None


def _mark_asides(found: list[Expression], words: list[Word]) -> None:
    """Mark years off the thread: decades away, reached by "since", or out of line with the years around them."""
    dated = [(expression, int(expression.words["year"][0])) for expression in found if "year" in expression.words]
    middle = sorted(year for _, year in dated)[len(dated) // 2] if dated else 0
    told: int | None = None
    for i, (expression, year) in enumerate(dated):
        onwards = [later for _, later in dated[i + 1 : i + 3] if told is not None and told <= later <= told + 1]
        out_of_line = told is not None and bool(onwards) and not told <= year <= max(onwards)
        bare = expression.form == "year" and not _is_heading(words, expression.first, expression.last)
        cue = words[expression.first - 1].role if expression.first else ""
        back = bare and ((told is not None and year < told) or cue in ("since", "the", "open"))
        expression.aside = out_of_line or back or abs(year - middle) > _FAR
        if not expression.aside:
            told = year
