"""Number phrases: a quantity together with the noun that it counts, and the figures that count nothing.

Ages, dates, times, measures, money, unit names ("Brigade 35") and numbers inside names are left out here. What the nouns
are (people, incidents, munitions, measures ...) stands in data/knowledge/count_nouns.csv.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict
from spacy.tokens import Doc, Token

from pipeline.annotate.mentions import mentions_of
from pipeline.annotate.numbers import Quantity, QuantityMatch, find_quantities
from pipeline.knowledge import knowledge_path, read_table

PRONOUNS = frozenset({"them", "these", "those", "whom", "which", "us"})
NP_REACH = 8  # words between a number and the last word of its noun phrase
YEARS = range(1900, 2101)
_DAYS_AND_MONTHS = frozenset(
    name.lower()
    for names in (calendar.month_name, calendar.month_abbr, calendar.day_name, calendar.day_abbr, ["", "sept", "june"])
    for name in names
    if name
)
_BREAKS = frozenset(".,;:()[]{}!?\"“”|•–—…")


class NounClass(BaseModel):
    """One row of count_nouns.csv."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    words: str


@dataclass(slots=True)
class NumberPhrase:
    """A quantity and its noun (token indexes, half-open); `kind` is the noun's class, None for an unlisted noun.

    `partitive` says that the noun is the whole that the quantity is taken from: "six of them", "two of the dead".
    """

    start: int
    end: int
    quantity: Quantity
    head: int | None = None
    kind: str | None = None
    partitive: bool = False
    ordinal: bool = False


@cache
def noun_classes() -> dict[str, str]:
    """Return the class of each form, singular and plural; where a form is in two classes the first in the file holds."""
    return {form: name for name, form, _ in reversed(list(_forms())) if name != "label"}


@cache
def _labels() -> frozenset[str]:
    return frozenset(form for name, form, _ in _forms() if name == "label")


@cache
def _only_singular() -> frozenset[str]:
    plurals = {form for _, form, plural in _forms() if plural}
    return frozenset(form for _, form, plural in _forms() if not plural and form not in plurals)


def _forms() -> Iterator[tuple[str, str, bool]]:
    for row in read_table(knowledge_path("count_nouns.csv"), NounClass):
        for word in row.words.split("|"):
            singular, _, plural = word.partition("/")
            yield row.name, singular, False
            yield row.name, plural or _plural(singular), True


def _plural(noun: str) -> str:
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun + ("es" if noun.endswith(("s", "x", "ch", "sh")) else "s")


def number_phrases(doc: Doc) -> list[NumberPhrase]:
    """Return the quantities of a text that may count something, each with its noun, in text order."""
    dated = {token.i for span in mentions_of(doc, "DATE") for token in span if any(c.isdigit() for c in span.text)}
    phrases = (_phrase(doc, match, dated) for match in find_quantities(doc.text))
    return [phrase for phrase in phrases if phrase is not None]


def _phrase(doc: Doc, match: QuantityMatch, dated: set[int]) -> NumberPhrase | None:
    span = doc.char_span(match.start, match.end, alignment_mode="expand")
    if span is None or _in_a_word(doc.text, match) or any(token.i in dated for token in span):
        return None
    phrase = NumberPhrase(span.start, span.end, match.quantity, ordinal=match.ordinal)
    if _standing_alone(doc, phrase):
        return phrase
    _find_head(doc, phrase)
    return None if _counts_nothing(doc, phrase) else phrase


def _standing_alone(doc: Doc, phrase: NumberPhrase) -> bool:
    return doc[phrase.start].lower_ in {"nobody", "none"} or doc[phrase.end - 1].lower_ in {"one", "nobody"} and (
        phrase.quantity.value == 0
    )


def _in_a_word(text: str, match: QuantityMatch) -> bool:
    """Say whether the number is part of a longer word, amount or score: nine-storey, S-300, $40, 12%, 3-1."""
    before, after = text[max(match.start - 2, 0) : match.start], text[match.end : match.end + 2]
    if before[-1:] in {"$", "€", "£", "¥", "₦", "₹", "₪", "#", "№", "/", "_", "'", "’"} or before[-1:].isalnum():
        return True
    if before[-1:] in {"-", "–", "."} and before[:1].isalnum() and len(before) == 2:
        return True
    if after[:1] in {"-", "‑", "–", "/", "_"} and after[1:].isalnum():
        return True
    return after[:1] in {"%", "°"} or after.lstrip()[:1] in {"%", "°"} or after[:1].isalnum()


def end_of_sentence(doc: Doc, i: int) -> int:
    """Return the index behind the sentence or line of a token."""
    for j in range(i + 1, len(doc)):
        if doc[j].is_sent_start or "\n" in doc[j].text:
            return j
    return len(doc)


def start_of_sentence(doc: Doc, i: int) -> int:
    """Return the index of the first token of a token's sentence or line."""
    for j in range(i, 0, -1):
        if doc[j].is_sent_start or "\n" in doc[j - 1].text:
            return j
    return 0


def _find_head(doc: Doc, phrase: NumberPhrase) -> None:
    """Find the counted noun to the right, through "of" and adjectives, and stretch the phrase to it."""
    i, limit = phrase.end, min(end_of_sentence(doc, phrase.end - 1), phrase.end + NP_REACH)
    while i < limit and doc[i].lower_ in {"more", "further", "additional", "separate"}:
        i += 1
    if i < limit and doc[i].lower_ == "of" and i + 1 < limit:
        i += 1
        phrase.partitive = not _is_vague_noun(doc[phrase.end - 1])
        if doc[i].lower_ in PRONOUNS:
            phrase.partitive, phrase.end = True, i + 1
            return
        if doc[i].tag_ in {"DT", "PRP$"} or doc[i].lower_ in {"the", "its", "his", "their", "our", "her"}:
            phrase.partitive = True
            i += 1
    elif doc[phrase.end - 1].lower_ == "of" and i < limit and doc[i].lower_ in {"the", "its", "his", "their", "our"}:
        i += 1
    phrase.head = _last_noun(doc, i, limit)
    if phrase.head is not None:
        phrase.end, phrase.kind = phrase.head + 1, noun_classes().get(doc[phrase.head].lower_)


def _is_vague_noun(token: Token) -> bool:
    return token.lower_.endswith("s") and not token.is_digit


def _last_noun(doc: Doc, start: int, limit: int) -> int | None:
    """Return the last noun of the noun phrase that begins at a token, or None where none begins."""
    last = None
    for i in range(start, limit):
        token = doc[i]
        known = token.lower_ in noun_classes()
        if token.text in _BREAKS or token.lower_ in _DAYS_AND_MONTHS or token.is_space:
            break
        if not token.tag_:
            if known:
                last = i
            elif last is not None or token.is_stop or token.is_digit:
                break
        elif token.tag_.startswith("NN") or (known and last is None and token.tag_[:2] not in {"JJ", "VB"}):
            last = i
        elif not _goes_on(doc, i, limit, last):
            break
    return last


def _goes_on(doc: Doc, i: int, limit: int, last: int | None) -> bool:
    """Say whether a word that is no noun stands inside the noun phrase: adjectives, "rocket and drone attacks"."""
    tag = doc[i].tag_
    if tag in {"HYPH", "POS"} or doc[i].text in {"-", "'s"}:
        return True
    if tag == "CC":
        if last is None:
            return i + 1 < limit and doc[i + 1].tag_.startswith("JJ")
        return i + 2 < limit and doc[i + 1].tag_ == "NN" and doc[i + 2].tag_.startswith("NN")
    return last is None and (tag.startswith("JJ") or tag in {"VBN", "VBG", "RBS", "AFX"})


def _counts_nothing(doc: Doc, phrase: NumberPhrase) -> bool:
    first, head = doc[phrase.start], phrase.head
    before = doc[phrase.start - 1] if phrase.start else None
    figure = first.text[0].isdigit() and phrase.quantity.qualifier == "exact"
    counted = phrase.kind not in {None, "thing", "unit"}
    if phrase.kind == "unit" or _next_is_date_or_unit(doc, phrase):
        return True
    if before is not None and not phrase.ordinal and _is_guarded(before, first, figure, counted):
        return True
    if figure and phrase.quantity.value in YEARS and "," not in first.text and not counted:
        return True
    return head is not None and _is_name(doc[head], phrase)


def _is_guarded(before: Token, first: Token, figure: bool, counted: bool) -> bool:
    """Say whether the word before makes the number a date, an age, a name or part of a question."""
    word = before.lower_.rstrip(".")
    if first.lower_ in {"many", "some"} and word in {"how", "so", "as", "too", "that", "not"}:
        return True
    if word in _DAYS_AND_MONTHS and word != "may":
        return figure
    if word in {"aged", "age", "no", "nos", "number", "usd", "dh"}:
        return figure or word == "aged"
    return figure and not counted and (word in _labels() or before.text in {"$", "€", "£"})


def _next_is_date_or_unit(doc: Doc, phrase: NumberPhrase) -> bool:
    """Say whether "May", "km" or "per cent" follows the figure at once."""
    i = phrase.end if phrase.head is None else phrase.head
    if phrase.head is None and i < len(doc):
        following = doc[i].lower_.rstrip(".")
        figure = doc[phrase.start].text[0].isdigit()
        return (figure and following in _DAYS_AND_MONTHS) or noun_classes().get(following) == "unit"
    return False


def _is_name(head: Token, phrase: NumberPhrase) -> bool:
    """Say whether the noun is a singular that the figure does not agree with: the 444 Brigade, the 7 October attack."""
    word = head.lower_
    if phrase.ordinal or phrase.partitive or phrase.quantity.value in {0, 1} or phrase.quantity.qualifier != "exact":
        return False
    singular = head.tag_ in {"NN", "NNP"} or not head.tag_
    return singular and (word in _only_singular() or (word not in noun_classes() and head.tag_ in {"NN", "NNP"}))
