"""Number words, figures and their qualifiers: what "at least two dozen" or "between 5 and 7" says.

Works on plain text, so that it does not depend on how a tokenizer parts "5-7" or "30+". Vague words are given the
conservative figures of the ACLED codebook (dozens 12, hundreds 100); they stand in data/knowledge/quantity_words.csv.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from pipeline.knowledge import knowledge_path, read_table

LARGEST = 10**12  # larger figures are no counts of anything that the tables hold
DOZEN = 12  # the one scale word that ends a number: "two dozen" never goes on with "and three"

Role = Literal["unit", "ten", "scale", "vague", "before", "after", "ordinal", "fraction"]


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as the text gives it; `value` is None where the words only say "more than none"."""

    value: int | None
    min: int | None = None
    max: int | None = None
    qualifier: str = "exact"

    def doubled(self) -> Quantity:
        """Return the quantity that "one on either side" makes together."""
        value, low, high = (None if one is None else 2 * one for one in (self.value, self.min, self.max))
        return Quantity(value, low, high, self.qualifier)


class QuantityMatch(NamedTuple):
    """A quantity and where it stands (characters, half-open); `ordinal` marks "third" or "21st"."""

    start: int
    end: int
    quantity: Quantity
    ordinal: bool = False


class QuantityWord(BaseModel):
    """One row of quantity_words.csv."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    phrase: str
    role: Role
    value: int | None = None
    min: int | None = None
    max: int | None = None
    qualifier: str = "exact"


class _Piece(NamedTuple):
    text: str
    start: int
    end: int


# In this order: things with digits that are no numbers (times, dates, F-16, 155mm), figures, words, anything else.
_PIECE = re.compile(
    r"""(?P<odd>[0-9]+(?:[.:/][0-9]+){2,}|[0-9]{1,2}[:/][0-9]{2,4}\b|[^\W\d_]+-?[0-9][\w-]*)
      |(?P<nth>[0-9]+(?:st|nd|rd|th)\b)
      |(?P<mixed>[0-9][0-9.,]*[^\W\d_]\w*)
      |(?P<figure>[0-9]{1,3}(?:[,\u00a0\u202f][0-9]{3})+(?![0-9])|[0-9]+(?:\.[0-9]+)?)
      |(?P<word>[^\W\d_]+(?:['’.][^\W\d_]+)*)
      |(?P<line>\n)
      |(?P<other>[^\s])""",
    re.VERBOSE,
)
_FIGURE = re.compile(r"[0-9]{1,3}(?:[,\u00a0\u202f][0-9]{3})+|[0-9]+(?:\.[0-9]+)?")
_HYPHENS = frozenset("-‐‑–—")
_RANGE_WORDS = frozenset({"to", "or", *_HYPHENS})


def parse_quantity(text: str) -> Quantity | None:
    """Return the quantity that the whole of a text expresses, or None when it is anything else."""
    for match in find_quantities(text):
        if not match.ordinal and match.start == len(text) - len(text.lstrip()) and match.end == len(text.rstrip()):
            return match.quantity
    return None


def find_quantities(text: str) -> list[QuantityMatch]:
    """Return the quantities of a text from left to right, none overlapping another."""
    pieces = [_Piece(m.group().lower(), m.start(), m.end()) for m in _PIECE.finditer(text)]
    found: list[QuantityMatch] = []
    i = 0
    starts = _starts()
    while i < len(pieces):
        may_start = pieces[i].text in starts or pieces[i].text[0].isdigit()
        read = (_quantity(pieces, i) or _ordinal(pieces, i)) if may_start else None
        if read is None:
            i += 1
            continue
        quantity, after, ordinal = read
        found.append(QuantityMatch(pieces[i].start, pieces[after - 1].end, quantity, ordinal))
        i = after
    return found


@cache
def quantity_words() -> dict[str, dict[tuple[str, ...], QuantityWord]]:
    """Return the rows of quantity_words.csv by role and by the pieces of their phrase."""
    table: dict[str, dict[tuple[str, ...], QuantityWord]] = {}
    for row in read_table(knowledge_path("quantity_words.csv"), QuantityWord):
        pieces = tuple(m.group().lower() for m in _PIECE.finditer(row.phrase))
        table.setdefault(row.role, {})[pieces] = row
    return table


@cache
def _starts() -> frozenset[str]:
    """Return the words that a quantity may begin with, so that other words cost nothing."""
    unread = {"after", "fraction"}  # a fraction is no number by itself
    phrases = (phrase for role, rows in quantity_words().items() if role not in unread for phrase in rows)
    return frozenset({"between", "a", "an"} | {phrase[0] for phrase in phrases})


_LONGEST = 5  # pieces of the longest phrase in quantity_words.csv


def _phrase(pieces: list[_Piece], i: int, role: Role) -> tuple[QuantityWord, int] | None:
    """Find the longest phrase of a role at a piece, and the piece behind it."""
    phrases = quantity_words()[role]
    for length in range(min(_LONGEST, len(pieces) - i), 0, -1):
        row = phrases.get(tuple(piece.text for piece in pieces[i : i + length]))
        if row is not None:
            return row, i + length
    return None


def _quantity(pieces: list[_Piece], i: int) -> tuple[Quantity, int, bool] | None:
    read = _qualified(pieces, i) or _between(pieces, i) or _plain(pieces, i) or _vague(pieces, i)
    return None if read is None else (*read, False)


def _qualified(pieces: list[_Piece], i: int) -> tuple[Quantity, int] | None:
    """Read "at least 27", "more than two dozen", "some 70", "up to several hundred"."""
    before = _phrase(pieces, i, "before")
    if before is None:
        return None
    row, j = before
    read = _qualified(pieces, j) or _between(pieces, j) or _plain(pieces, j)
    if read is None and row.qualifier != "exact":
        read = _vague(pieces, j)
    if read is None or read[0].value is None:
        return None
    return _qualify(read[0], row.qualifier), read[1]


def _qualify(quantity: Quantity, qualifier: str) -> Quantity:
    """Bound a figure by its qualifier; a range or vague word keeps its own bounds."""
    value = quantity.value
    if value is None or quantity.qualifier != "exact":
        return quantity
    if qualifier == "over":
        return Quantity(value, min=value + 1, qualifier=qualifier)
    if qualifier == "at_least":
        return Quantity(value, min=value, qualifier=qualifier)
    if qualifier == "up_to":
        return Quantity(value, max=value, qualifier=qualifier)
    if qualifier in {"nearly", "under"}:
        return Quantity(value, max=max(value - 1, 0), qualifier=qualifier)
    return replace(quantity, qualifier=qualifier)


def _between(pieces: list[_Piece], i: int) -> tuple[Quantity, int] | None:
    """Read "between 5 and 7"; the lower figure is the value, as ACLED codes it."""
    if _text(pieces, i) != "between":
        return None
    low = _cardinal(pieces, i + 1, joined_by_and=False)
    if low is None or low[1] >= len(pieces) or pieces[low[1]].text not in {"and", "to", *_HYPHENS}:
        return None
    high = _cardinal(pieces, low[1] + 1)
    return None if high is None else _range(low[0], high[0], high[1])


def _range(low: int, high: int, after: int) -> tuple[Quantity, int] | None:
    return (Quantity(low, min=low, max=high, qualifier="range"), after) if low < high else None


def _plain(pieces: list[_Piece], i: int) -> tuple[Quantity, int] | None:
    """Read "23", "twenty-one", "1.2 million", "two or three", "5-7", "30 or more"."""
    low = _cardinal(pieces, i)
    if low is None:
        return None
    value, j = low
    if _text(pieces, j) == "(" and _text(pieces, j + 2) == ")" and _text(pieces, j + 1) == str(value):
        return Quantity(value), j + 3  # "three (3)", as police releases write
    if j < len(pieces) and pieces[j].text in _RANGE_WORDS:
        high = _cardinal(pieces, j + 1)
        if high is not None and (read := _range(value, high[0], high[1])):
            return read
    after = _phrase(pieces, j, "after")
    if after is None:
        return Quantity(value), j
    return _qualify(Quantity(value), after[0].qualifier), after[1]


def _vague(pieces: list[_Piece], i: int) -> tuple[Quantity, int] | None:
    """Read "dozens", "a couple of", "no one"."""
    found = _phrase(pieces, i, "vague")
    if found is None:
        return None
    row, j = found
    return Quantity(row.value, row.min, row.max, row.qualifier), j


def fraction(word: str) -> int | None:
    """Return the divisor of "half" (2), "third" (3) or "quarter" (4); None for other words."""
    row = quantity_words()["fraction"].get((word,))
    return None if row is None else row.value


def _ordinal(pieces: list[_Piece], i: int) -> tuple[Quantity, int, bool] | None:
    """Read "third" and "21st"."""
    text = pieces[i].text
    if text[0].isdigit() and text[-2:] in {"st", "nd", "rd", "th"} and text[:-2].isdecimal():
        value = int(text[:-2]) if len(text) < 8 else LARGEST
        return (Quantity(value), i + 1, True) if value < LARGEST else None
    found = _phrase(pieces, i, "ordinal")
    if found is None:
        return None
    return Quantity(found[0].value), found[1], True


def _cardinal(pieces: list[_Piece], i: int, *, joined_by_and: bool = True) -> tuple[int, int] | None:
    """Read one number in figures or words, and the piece behind it; None where no number begins."""
    if i >= len(pieces):
        return None
    read = _figure(pieces, i) if pieces[i].text[0].isdigit() else _number_words(pieces, i, joined_by_and)
    return None if read is None or read[0] >= LARGEST else read


def _figure(pieces: list[_Piece], i: int) -> tuple[int, int] | None:
    text = pieces[i].text
    if not _FIGURE.fullmatch(text) or len(text) > 15:
        return None
    digits = re.sub(r"[,\u00a0\u202f]", "", text)
    scale = _value(pieces, i + 1, "scale")
    if scale is not None:
        return round(float(digits) * scale), i + 2
    return (int(digits), i + 1) if digits.isdecimal() else None


def _number_words(pieces: list[_Piece], i: int, joined_by_and: bool) -> tuple[int, int] | None:
    """Read "three", "a dozen", "one hundred and twenty thousand": groups below a thousand, each with its scale."""
    total, j, last = 0, i, LARGEST
    while last > DOZEN:
        joined = joined_by_and and last < LARGEST and _text(pieces, j) == "and"
        group = _below_thousand(pieces, j + joined, joined_by_and)
        value, after = group or (1, j + joined)
        scale = _value(pieces, after, "scale")
        if scale is None or scale >= last or (joined and group is None):
            return (total + value, after) if group else (None if j == i else (total, j))
        total, j, last = total + value * scale, after + 1, scale
    return total, j


def _below_thousand(pieces: list[_Piece], i: int, joined_by_and: bool) -> tuple[int, int] | None:
    if _text(pieces, i) in {"a", "an"} and _value(pieces, i + 1, "scale") is not None:
        value, j = 1, i + 1
    else:
        read = _below_hundred(pieces, i)
        if read is None and _text(pieces, i) != "hundred":
            return None
        value, j = read or (1, i)
    if _text(pieces, j) != "hundred":
        return value, j
    value, j = value * 100, j + 1
    rest = _below_hundred(pieces, j + 1 if joined_by_and and _text(pieces, j) == "and" else j)
    return (value, j) if rest is None else (value + rest[0], rest[1])


def _below_hundred(pieces: list[_Piece], i: int) -> tuple[int, int] | None:
    """Read "seven", "forty", "forty-two"."""
    unit = _value(pieces, i, "unit")
    if unit is not None:
        return unit, i + 1
    ten = _value(pieces, i, "ten")
    if ten is None:
        return None
    j = i + 2 if _text(pieces, i + 1) in _HYPHENS else i + 1
    unit = _value(pieces, j, "unit")
    return (ten, i + 1) if unit is None or not 0 < unit < 10 else (ten + unit, j + 1)


def _text(pieces: list[_Piece], i: int) -> str:
    return pieces[i].text if i < len(pieces) else ""


def _value(pieces: list[_Piece], i: int, role: Role) -> int | None:
    row = quantity_words()[role].get((_text(pieces, i),))
    return None if row is None else row.value
