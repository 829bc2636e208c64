"""Number phrases: a quantity together with the noun that it counts, and the figures that count nothing.

Ages, dates, times, measures, money, unit names ("Brigade 35") and numbers inside names are left out here. What the
nouns are (people, incidents, munitions, measures ...) stands in data/knowledge/count_nouns.csv.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache

from pydantic import BaseModel, ConfigDict
from spacy.tokens import Doc, Token

from pipeline.annotate.count_outcomes import DAYS_AND_MONTHS, says_outcome
from pipeline.annotate.numbers import Quantity, QuantityMatch, find_quantities
from pipeline.knowledge import knowledge_path, read_table
from pipeline.mentions import mentions_of, text_of

FIGHTING = frozenset({"fighting", "clashes", "violence", "shelling", "hostilities", "strikes", "protests", "unrest"})
INCIDENTS = frozenset({"incident", "occasion"})  # classes of nouns for what happens
PRONOUNS = frozenset({"them", "these", "those", "whom", "which", "us"})
NUMBER_WORDS = frozenset({"number", "count", "tally", "total"})  # "the number of raids since May is 12"
DETERMINERS = frozenset({"the", "its", "his", "their", "our", "her"})
NP_REACH = 8  # words between a number and the last word of its noun phrase
LONGEST_SENTENCE = 200  # words looked through where a text has no sentence bounds
OLDEST = 110  # years of age
YEARS = range(1900, 2101)
_BREAKS = frozenset([*'.,;:()[]{}!?"“”|•–—…', "incl", "incl.", "per"])


class NounClass(BaseModel):
    """One row of count_nouns.csv."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    words: str


@dataclass(slots=True)
class NumberPhrase:
    """A quantity and its noun (token indexes, half-open); `kind` is the noun's class, None for an unlisted noun.

    `partitive` says that the noun is the whole that the quantity is taken from ("two of the dead"), `partitive_pronoun`
    that a pronoun stands for it ("six of them").
    """

    start: int
    end: int
    quantity: Quantity
    head: int | None = None
    kind: str | None = None
    partitive: bool = False
    partitive_pronoun: bool = False
    ordinal: bool = False


@cache
def noun_classes() -> dict[str, str]:
    """Return the class of each form, singular and plural; of two classes of one form the first in the file holds."""
    return {form: name for name, form, _ in reversed(list(_forms())) if name != "label"}


@cache
def _labels() -> frozenset[str]:
    return frozenset(form for name, form, _ in _forms() if name == "label")


@cache
def _only_singular() -> frozenset[str]:
    plurals = {form for _, form, plural in _forms() if plural}
    return frozenset(form for _, form, plural in _forms() if not plural and form not in plurals)


def incidents_at(noun: Token) -> list[Token]:
    """List what happened, in the plural, at a noun of places: "rallies" of "rallies were held in 37 cities"."""
    told = [noun.head, *(child for child in noun.head.children if child.dep_.startswith("nsubj"))]
    return [token for token in told if is_incident(token) and is_plural(token)]


def is_incident(token: Token) -> bool:
    """Say whether a noun is of things that happen: "raids", "times"."""
    return _class_of(token.doc, token.i) in INCIDENTS


def is_plural(token: Token) -> bool:
    """Say whether a noun of the table is a plural; the tag decides for forms like "police"."""
    word = token.lower_
    if word in _only_singular():
        return False
    return word not in _singulars() or token.tag_ in {"NNS", "NNPS"}


@cache
def _singulars() -> frozenset[str]:
    return frozenset(form for _, form, plural in _forms() if not plural)


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
    text, starts = text_of(doc), [token.idx for token in doc]
    dated = {token.i for span in mentions_of(doc, "DATE") for token in span if any(c.isdigit() for c in span.text)}
    phrases = (_phrase(doc, text, match, starts, dated) for match in find_quantities(text))
    return [phrase for phrase in phrases if phrase is not None]


def _phrase(doc: Doc, text: str, match: QuantityMatch, starts: list[int], dated: set[int]) -> NumberPhrase | None:
    # Doc.char_span walks over all tokens, too; a text with many numbers would cost the square of its length.
    start, end = bisect_right(starts, match.start) - 1, bisect_left(starts, match.end)
    if _in_a_word(text, match) or not dated.isdisjoint(range(start, end)):
        return None
    phrase = NumberPhrase(start, end, match.quantity, ordinal=match.ordinal)
    if _standing_alone(doc, phrase):
        return phrase
    if doc[start].lower_ in {"twice", "thrice"}:
        phrase.head, phrase.kind = start, "occasion"
        return phrase
    _find_head(doc, phrase)
    return None if _counts_nothing(doc, phrase) else phrase


def _standing_alone(doc: Doc, phrase: NumberPhrase) -> bool:
    """Say whether the words are a pronoun that takes no noun: nobody, no one, none."""
    return phrase.quantity.value == 0 and doc[phrase.end - 1].lower_ in {"nobody", "none", "one"}


def _in_a_word(text: str, match: QuantityMatch) -> bool:
    """Say whether the number is part of a longer word, amount or score: nine-storey, S-300, $40, 12%, 3-1."""
    before, after = text[max(match.start - 2, 0) : match.start], text[match.end : match.end + 2]
    if text[match.start].isdigit() and _is_list_number(text, match):
        return True
    if before[-1:] in {"$", "€", "£", "¥", "₦", "₹", "₪", "#", "№", "/", "_", "'", "’"} or before[-1:].isalnum():
        return True
    if before[-1:] in {"-", "–", "."} and before[:1].isalnum() and len(before) == 2:
        return True
    if after[:1] in {"-", "‑", "–", "/", "_"} and after[1:].isalnum():
        return True
    return after[:1] in {"%", "°"} or after.lstrip()[:1] in {"%", "°"} or after[:1].isalnum()


def _is_list_number(text: str, match: QuantityMatch) -> bool:
    """Say whether a figure only numbers a paragraph or page: "2. Burkina Faso", "-30-"."""
    before, after = text[: match.start].rstrip(" \t("), text[match.end : match.end + 1]
    return ((not before or before[-1] == "\n") and after in {".", ")", ":", "\n"}) or (before[-1:] == after == "-")


def end_of_sentence(doc: Doc, i: int) -> int:
    """Return the index behind the sentence or line of a token."""
    last = min(len(doc), i + 1 + LONGEST_SENTENCE)
    return next((j for j in range(i + 1, last) if doc[j].is_sent_start or "\n" in doc[j].text), last)


def start_of_sentence(doc: Doc, i: int) -> int:
    """Return the index of the first token of a token's sentence or line."""
    first = max(0, i - LONGEST_SENTENCE)
    return next((j for j in range(i, first, -1) if doc[j].is_sent_start or "\n" in doc[j - 1].text), first)


def _find_head(doc: Doc, phrase: NumberPhrase) -> None:
    """Find the counted noun to the right, through "of" and adjectives, and stretch the phrase to it."""
    i, limit = phrase.end, min(end_of_sentence(doc, phrase.end - 1), phrase.end + NP_REACH)
    while i < limit and doc[i].lower_ in {"more", "further", "additional", "separate", "such"}:
        i += 1
    if i < limit and doc[i].lower_ == "of" and i + 1 < limit:
        i += 1
        phrase.partitive = not _is_vague_noun(doc[phrase.end - 1])
        if doc[i].lower_ in PRONOUNS and doc[i].dep_ != "det":
            phrase.partitive, phrase.partitive_pronoun, phrase.end = True, True, i + 1
            return
        if doc[i].tag_ in {"DT", "PRP$"} or doc[i].lower_ in PRONOUNS | DETERMINERS:
            phrase.partitive = True
            i += 1
        if i + 1 < limit and doc[i].like_num:  # "74 of the 117 drones"
            i += 1
            if doc[i].tag_.startswith("VB"):  # "four of the eleven involved mines"
                phrase.partitive_pronoun, phrase.end = True, i
                return
    elif doc[phrase.end - 1].lower_ == "of" and i < limit and doc[i].lower_ in {"the", "its", "his", "their", "our"}:
        i += 1
    # "the third time police had fired", "five times drones dropped grenades"
    times = i < limit and doc[i].lower_ == ("time" if phrase.ordinal else "times")
    phrase.head = i if times else _last_noun(doc, i, limit)
    if phrase.head is not None:
        phrase.kind = _class_of(doc, phrase.head)
        if phrase.kind == "container":
            _look_inside(doc, phrase, limit)
        elif doc[phrase.head].lower_ == "rounds" and _is_fought(doc, phrase.head + 1, limit):
            phrase.kind = "incident"
        phrase.end = phrase.head + 1


def _class_of(doc: Doc, head: int) -> str | None:
    """Return the class of a noun, of "sit-ins" by the whole word."""
    hyphened = head > 1 and doc[head - 1].tag_ == "HYPH"
    whole = noun_classes().get(doc[head - 2 : head + 1].text.lower()) if hyphened else None
    return whole or noun_classes().get(doc[head].lower_)


def _look_inside(doc: Doc, phrase: NumberPhrase, limit: int) -> None:
    """Take the noun behind "of" for "220 reports of abductions" and "six acts of violence"."""
    assert phrase.head is not None
    if phrase.head + 2 < limit and doc[phrase.head + 1].lower_ == "of":
        inner = _last_noun(doc, phrase.head + 2, limit)
        kind = noun_classes().get(doc[inner].lower_) if inner is not None else None
        if inner is not None and kind in {"incident", "munition"}:
            phrase.head, phrase.kind = inner, kind


def _is_fought(doc: Doc, i: int, limit: int) -> bool:
    """Say whether rounds are of fighting, not of ammunition or talks: "seven rounds of street fighting"."""
    behind = range(i + 1, min(i + 4, limit)) if i < limit and doc[i].lower_ == "of" else ()
    return any(doc[j].lower_ in FIGHTING for j in behind)


def _is_vague_noun(token: Token) -> bool:
    return token.lower_.endswith("s") and not token.is_digit


def _last_noun(doc: Doc, start: int, limit: int) -> int | None:
    """Return the last noun of the noun phrase that begins at a token, or None where none begins."""
    last = None
    for i in range(start, limit):
        token = doc[i]
        known = token.lower_ in noun_classes()
        if (
            token.text in _BREAKS
            or token.lower_ in DAYS_AND_MONTHS
            or token.is_space
            or (last is None and _is_predicate(token))
        ):
            break
        if not token.tag_:
            if known:
                last = i
            elif last is not None or token.is_stop or token.is_digit:
                break
        elif token.tag_.startswith("NN") or _is_acronym(token) or (known and last is None and _may_be_noun(token)):
            last = i
        elif not _goes_on(doc, i, limit, last):
            break
    return last


def _is_predicate(token: Token) -> bool:
    """Say whether a verb form is that of the clause, not an adjective: "15 hit schools, clinics or mosques"."""
    return token.lower_ in {"hit", "struck"}


def _may_be_noun(token: Token) -> bool:
    return token.tag_[:2] not in {"JJ", "VB"}


def _is_acronym(token: Token) -> bool:
    return token.is_upper and len(token) > 1 and token.is_alpha


def _goes_on(doc: Doc, i: int, limit: int, last: int | None) -> bool:
    """Say whether a word that is no noun stands inside the noun phrase: adjectives, "rocket and drone attacks"."""
    tag = doc[i].tag_
    if last is not None and doc[i - 1].tag_ == "HYPH":  # "683 settler-related incidents"
        return tag.startswith("JJ") or tag in {"VBN", "CC"}  # "112 search-and-arrest operations"
    if tag in {"HYPH", "POS"} or doc[i].text in {"-", "'s"}:
        return True
    if tag == "CC":
        if last is None:
            return i + 1 < limit and doc[i + 1].tag_.startswith("JJ")
        return i + 2 < limit and doc[i + 1].tag_ == "NN" and doc[i + 2].tag_.startswith("NN")
    if tag.startswith("JJ") and last is not None:  # "South African blue helmets", but not "three people dead"
        return doc[last].tag_ == "NNP" and _noun_follows(doc, i, limit)
    if tag.startswith("JJ"):
        return True
    if tag == "RB" and i + 1 < limit:  # "171 locally reported strikes"
        return last is None and doc[i + 1].tag_ in {"VBN", "VBD", "JJ"}
    if tag == "VBD" and doc[i - 1].tag_ == "RB":
        return last is None
    return last is None and tag in {"VBN", "VBG", "RBS", "AFX"}


def _noun_follows(doc: Doc, i: int, limit: int) -> bool:
    while i < limit and doc[i].tag_.startswith("JJ"):
        i += 1
    return i < limit and doc[i].tag_.startswith("NN")


def _counts_nothing(doc: Doc, phrase: NumberPhrase) -> bool:
    first, head = doc[phrase.start], phrase.head
    figure = first.text[0].isdigit() and phrase.quantity.qualifier == "exact"
    counted = phrase.kind not in {None, "thing", "unit"}
    if phrase.kind == "unit" or _next_is_date_or_unit(doc, phrase) or _is_year(doc, phrase):
        return True
    if phrase.start and not phrase.ordinal and _is_guarded(doc[phrase.start - 1], phrase, figure, counted):
        return True
    if first.lower_ == "no" and phrase.quantity.value == 0 and head is None:
        return True  # "No. 9", "no longer"
    if (figure and head is None and _is_age(doc, phrase)) or _is_listed_age(doc, phrase):
        return True
    return figure and head is not None and _is_name(doc, head, phrase)


def _is_year(doc: Doc, phrase: NumberPhrase) -> bool:
    """Say whether a figure of four digits is a year: "in 2015", "over 2017 attacks", but not "2,017 men"."""
    digits = [token.text for token in doc[phrase.start : phrase.end] if token.text[0].isdigit()]
    years = [text for text in digits if len(text) == 4 and text.isdecimal() and int(text) in YEARS]
    return bool(years) and phrase.kind not in {"person", "participant", "munition", "dead", "hurt"}


def _is_guarded(before: Token, phrase: NumberPhrase, figure: bool, counted: bool) -> bool:
    """Say whether the word before makes the number a date, an age, a name, a rate or part of a question."""
    if before.text == "." and before.i and before.nbor(-1).lower_ in {"no", "nos", *_labels()}:  # "No. 9"
        before = before.nbor(-1)
    word, first = before.lower_.rstrip("."), phrase.quantity.qualifier
    if first in {"many", "some"} and word in {"how", "so", "as", "too", "that", "not"}:
        return True
    if word in DAYS_AND_MONTHS and word != "may":
        return figure
    if word in {"aged", "age", "no", "nos", "number", "usd"}:
        return figure or word == "aged"
    if word == "of" and before.i and "average" in {before.nbor(-1).lower_}:
        return True
    if phrase.head is None and word == "on" and figure:
        return not (before.i and before.nbor(-1).lower_.startswith("insist"))  # a day: "on 12 and 19 June"
    return figure and not counted and (word in _labels() or before.text in {"$", "€", "£"})


def _is_listed_age(doc: Doc, phrase: NumberPhrase) -> bool:
    """Say whether a number goes on with ages: "aged seven, nine and twelve", "between the ages of 6 and 11"."""
    i = phrase.start - 1
    while i > 0 and (doc[i].lower_ in {",", "and", "or", "of"} or doc[i].like_num):
        i -= 1
    return phrase.head is None and i < phrase.start - 1 and i >= 0 and doc[i].lower_ in {"aged", "age", "ages"}


def _is_age(doc: Doc, phrase: NumberPhrase) -> bool:
    """Say whether a bare figure stands aside behind one person: "a mason, 29, and"."""
    start, end = phrase.start, phrase.end
    if start < 2 or end >= len(doc) or (phrase.quantity.value or 0) > OLDEST:
        return False
    aside = doc[start - 1].text in {",", "("} and doc[end].text in {",", ")", ";", "."}
    return aside and doc[start - 2].tag_ in {"NN", "NNP"} and doc[start - 2].ent_type_ != "LOC"


def _next_is_date_or_unit(doc: Doc, phrase: NumberPhrase) -> bool:
    """Say whether "May", "km" or "per cent" follows the number at once."""
    if phrase.head is not None or phrase.end >= len(doc):
        return False
    following = doc[phrase.end].lower_.rstrip(".")
    figure = doc[phrase.end - 1].text[0].isdigit()
    return (figure and following in DAYS_AND_MONTHS) or following == "per" or noun_classes().get(following) == "unit"


def _is_name(doc: Doc, head: int, phrase: NumberPhrase) -> bool:
    """Say whether the noun is a singular that the figure does not agree with: the 444 Brigade, the 7 October attack."""
    word = doc[head].lower_
    if phrase.ordinal or phrase.partitive or phrase.quantity.value in {0, 1}:
        return False
    if head + 1 < len(doc) and says_outcome(doc[head + 1]):  # "3 VDP dead"
        return False
    if word in noun_classes() or word in _labels():
        return word in _only_singular()
    return doc[head].tag_ in {"NN", "NNP"}
