"""The words of date expressions: a text becomes a string with one character a word, on which the date grammar runs.

A grammar over words that have a role ("month", "day", "weekday") stays readable and fast: the regular expressions see
a few hundred characters instead of a few thousand, and need no list of month names in every rule.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict

from pipeline.annotate.feasts import feast_names, feasts
from pipeline.knowledge import knowledge_path, read_table


class DateWord(BaseModel):
    """A row of `data/knowledge/date_words.csv`."""

    model_config = ConfigDict(extra="forbid")

    word: str
    role: str
    value: str = ""


class Word(NamedTuple):
    """A word, number or mark of the text with its role in the grammar; offsets in characters."""

    start: int
    end: int
    role: str
    value: str


# Roles that come from the form of a word, or from feasts.csv, not from the table.
FORMS = (
    "feast", "numeric", "day", "day_th", "year", "decade", "number_other", "clock", "month_lower",
    "lower", "capital", "comma", "dot", "dash", "slash", "open", "apostrophe", "mark", "break",
)  # fmt: skip

_MARKS = {
    ",": "comma", ".": "dot", "-": "dash", "–": "dash", "—": "dash", "‑": "dash", "/": "slash", "(": "open",
    "'": "apostrophe", "’": "apostrophe",
}  # fmt: skip

# "The Good Friday Agreement", "Easter Island" are no days.
_NAMED_AFTER = "Agreement|Accord|Island|Rising|Uprising|Brigade|Movement|Front|Party|Offensive"

# Feasts; "2024-11-14", "14/11/2024", "14.11.24"; numbers with their inner marks ("1,700", "11:20"); words; marks;
# blank lines.
_WORD = (
    r"(?P<numeric>(?<![\w.,/-])(?:\d{4}(?P<sep>[-/.])\d{1,2}(?P=sep)\d{1,2}"
    r"|\d{1,2}(?P<mid>[-/.])\d{1,2}(?P=mid)(?:\d{4}|\d{2}))(?!\d|[/-]\d|[^\W\dT]))"
    r"|(?P<number>(?P<digits>\d++(?:[.,:]\d++)*+)(?P<suffix>st|nd|rd|th|s)?(?![^\W\d_]))"
    r"|(?P<word>[^\W\d_]+|\d+[^\W\d_]+)"
    r"|(?P<gap>\n[^\S\n]*\n)"
    r"|(?P<mark>[^\w\s]|_)"
)

# A day with an hour and a time zone, as armies write it: "120630H May 2021" is half past six on the 12th.
_DATE_TIME_GROUP = re.compile(r"(?:0[1-9]|[12]\d|3[01])(?:[01]\d|2[0-3])[0-5]\d[A-Z]")


@cache
def vocabulary() -> dict[str, tuple[str, str]]:
    """Return role and value of every word of the table, by lower-case word.

    Raises KnowledgeError when the table breaks its schema.
    """
    rows = read_table(knowledge_path("date_words.csv"), DateWord)
    return {row.word: (row.role, row.value) for row in rows}


@cache
def _word_pattern() -> re.Pattern[str]:
    feast = rf"(?P<feast>(?-i:\b(?:{feast_names()})\b(?!\s(?:{_NAMED_AFTER}))))"
    return re.compile(f"{feast}|{_WORD}", re.IGNORECASE)


@cache
def role_symbols() -> dict[str, str]:
    """Return the character that stands for each role in the string that the grammar runs on."""
    roles = [*FORMS, *sorted({role for role, _ in vocabulary().values()})]
    return {role: chr(0x100 + number) for number, role in enumerate(roles)}


def scan(text: str) -> tuple[list[Word], str]:
    """Return the words of a text and, with one character a word, the string of their roles."""
    symbols, words = role_symbols(), []
    for match in _word_pattern().finditer(text):
        role, value = _classify(match)
        words.append(Word(match.start(), match.end(), role, value))
    return words, "".join([symbols[word.role] for word in words])


def _classify(match: re.Match[str]) -> tuple[str, str]:
    kind, text = match.lastgroup, match[0]
    if kind == "word":
        return _classify_word(text)
    if kind == "mark":
        return _MARKS.get(text, "mark"), text
    if kind == "gap":
        return "break", ""
    if kind == "numeric":
        return "numeric", text
    if kind == "feast":
        return "feast", feasts()[text]
    return _classify_number(match["digits"], (match["suffix"] or "").lower())


def _classify_word(text: str) -> tuple[str, str]:
    if _DATE_TIME_GROUP.fullmatch(text):
        return "day", text[:2].lstrip("0")
    lower = text.lower()
    role, value = vocabulary().get(lower, ("", lower))
    if not role:
        return ("lower" if text == lower else "capital"), text
    if role in ("weekday_short", "month_short") and text == lower:
        return ("month_lower", value) if role == "month_short" else ("lower", text)
    if role == "month_or_word" and (text == lower or text.isupper()):
        return "month_lower", value
    return role, value


def _classify_number(digits: str, suffix: str) -> tuple[str, str]:
    if suffix == "s":
        return ("decade" if len(digits) == 4 and digits.endswith("0") else "number_other"), digits
    if suffix:
        return ("day_th" if digits.isdigit() and 1 <= int(digits) <= 31 else "number_other"), digits
    if ":" in digits:
        return "clock", digits
    if digits.isdigit():
        if len(digits) <= 2 and 1 <= int(digits) <= 31:
            return "day", digits
        if len(digits) == 4 and 1000 <= int(digits) <= 2100:
            return "year", digits
    return "number_other", digits
