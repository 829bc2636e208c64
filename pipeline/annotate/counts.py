"""Counts: how many, of what, and what happened to them. Component `conflict_counts`; docs/counts.md tells its rules."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise, takewhile

from spacy.language import Language
from spacy.tokens import Doc, Span, Token

from pipeline.annotate.count_antecedents import Antecedent, is_counted, noun_meant, noun_of_amount
from pipeline.annotate.count_fates import LIST_REACH, PEOPLE, fates_of
from pipeline.annotate.count_outcomes import Outcome, outcomes_of, outcomes_said
from pipeline.annotate.count_phrases import (
    INCIDENTS,
    NUMBER_WORDS,
    NumberPhrase,
    end_of_sentence,
    incidents_at,
    is_incident,
    is_plural,
    noun_classes,
    number_phrases,
    start_of_sentence,
)
from pipeline.annotate.count_shares import shares_of
from pipeline.annotate.numbers import Quantity, parse_quantity
from pipeline.mentions import Mention, mentions_of, set_mentions

PART = "part"  # of another count: never to be added to it
PERIODS = frozenset({"year", "month", "week", "season", "war", "conflict", "campaign", "crisis", "violence"})
MOVING = frozenset({"rising", "up", "down", "falling", "increasing", "climbing", "dropping", "decreasing", "jumping"})
CUMULATIVE = "cumulative"  # a total to date that holds earlier counts

RIVAL = "rival"  # another party's figure for the same: neither to be added nor to be put in its place
# Verbs by which somebody gives a figure of their own.
CLAIMING = frozenset({"speak", "acknowledge", "admit", "concede", "insist", "put", "give", "claim", "count", "cite"})

COUNT_OF = {
    "incident": "incidents",
    "occasion": "incidents",
    "munition": "munitions",
    "dead": "fatalities",
    "hurt": "injuries",
    "held": "detained",
    "taken": "abducted",
}
# Roles that the language model lays on numbers.
ROLES_KEY = "event_roles"
FATES = {"KILLED": "fatalities", "INJURED": "injuries", "ABDUCTED": "abducted", "ARRESTED": "detained"}
ITEM_REACH = 8  # words from a figure to the list that spells it out
MODEL_REACH = 16  # words from such a number to the word that says what happened
UNSURE = 3  # distance of an outcome that rests on the model
SIDE_REACH = 4  # words from a figure that holds for both sides: "one dead on either side"
STRIKING = frozenset({"attack", "target", "hit", "strike", "raid", "bomb", "shell", "torch", "loot", "storm"})
EACH_SIDE = ("either side", "each side")
INCLUDING = frozenset({"including", "incl", "incl."})
AMONG = ("among them", "among whom", "most of them", "some of them")
VAGUE = frozenset({"some", "a_few", "several", "many", "tens", "dozens", "scores", "hundreds", "thousands"})
TOLL_REACH = 14  # words from "toll" or "number of" to the figure
AFTER_REACH = 3  # words from "after" to those whom a toll holds already
TALLY_REACH = 18  # words from an ordinal to what makes it a tally: "since", "this year"
TALLY_MARKS = frozenset({"since", "month", "year", "week", "such", "row", "days", "weeks", "months", "time"})
PLACES = frozenset(
    {"city", "town", "village", "place", "location", "spot", "point", "site", "municipality", "district", "province"}
)
STANDING = frozenset({"stand", "rise", "climb", "reach", "grow"})  # "the deaths since March now stand at 55"
BRINGING = frozenset(verb + end for verb in ("bring", "rais", "tak") for end in ("", "e", "es", "s", "ed", "ing"))
BRINGING |= {"brought", "took", "taken"}

ONE_OF_THEM = frozenset({"he", "she", "him", "her"})
REFLEXIVES = frozenset({"himself", "herself"})
ARTICLES = frozenset({"a", "an", "the", "his", "her", "their", "its", "another", "one"})

Found = tuple[Span, Mention]
_Decision = tuple[str | None, str | None, float]  # count_of, canonical where the text marks it, confidence


@Language.factory("conflict_counts", assigns=["doc.spans"])
def make_conflict_counts(nlp: Language, name: str) -> ConflictCounts:
    """Make the component that finds counts."""
    return ConflictCounts()


class ConflictCounts:
    """Find counted things and what happened to them, and set them as COUNT mentions.

    Reads tags and tree (Universal Dependencies v2) where they are set and falls back on neighbouring words.
    `canonical` is the figure, or "part" or "cumulative" for what must not be added to other counts.
    """

    def __call__(self, doc: Doc) -> Doc:
        """Set the COUNT mentions of a document."""
        outcomes = outcomes_of(doc)
        phrases = number_phrases(doc)
        fates = fates_of(doc, phrases, outcomes)
        by_model = _by_model(doc, outcomes, fates)
        seen = Antecedent()
        found: list[Found] = []
        for phrase, fate in zip(phrases, fates, strict=True):
            pair = _ordinal(doc, phrase, seen) if phrase.ordinal else _numbered(doc, phrase, fate, seen, by_model)
            if pair is not None:
                found.append(pair)
        found.extend(shares_of(doc, found))
        taken = {token.i for span, _ in found for token in span}
        found.extend(_without_number(doc, outcomes, taken))
        found.extend(_told_by_model(doc, by_model, found))
        set_mentions(doc, "COUNT", list(_without_items(_apart(found))))
        return doc

    def to_bytes(self, **kwargs: object) -> bytes:
        """Return no state: all knowledge is in the tables."""
        return b""

    def from_bytes(self, data: bytes, **kwargs: object) -> ConflictCounts:
        """Return the component as it is."""
        return self

    def to_disk(self, path: object, **kwargs: object) -> None:
        """Write nothing: all knowledge is in the tables."""

    def from_disk(self, path: object, **kwargs: object) -> ConflictCounts:
        """Return the component as it is."""
        return self


def _apart(found: list[Found]) -> list[Found]:
    """Drop counts that overlap an earlier one."""
    kept: list[Found] = []
    end = 0
    for span, mention in sorted(found, key=_position):
        if span.start >= end:
            kept.append((span, mention))
            end = span.end
    return kept


def _without_items(found: list[Found]) -> Iterator[Found]:
    """Make parts of what only spells out a figure: "three people, a teacher and two pupils"."""
    listed: set[int] = set()
    for n, (whole, told) in enumerate(found):
        if told.count_of in {"fatalities", "injuries"} and (told.count_value or 0) > 1:
            listed.update(_items_of(whole, told, found[n + 1 :], n + 1))
    for n, (span, mention) in enumerate(found):
        yield span, replace(mention, canonical=PART) if n in listed or _is_told(found, n) else mention


def _items_of(whole: Span, told: Mention, following: list[Found], first: int) -> list[int]:
    """Return which of the counts behind a figure make it up together with those who are told without a number."""
    doc, left, items = whole.doc, told.count_value or 0, []
    counted = {span.start: n for n, (span, _) in enumerate(following)}
    opening = next(
        (i for i in range(whole.end, min(whole.end + ITEM_REACH, len(doc))) if doc[i].text in {",", ":"}), None
    )
    if opening is None or not (_is_general(whole) or _is_apposed(doc[opening], whole)):
        return []
    for i in range(opening + 1, end_of_sentence(doc, whole.start)):
        if doc[i].tag_.startswith("VB") or doc[i].text == ";":
            return []
        if i in counted:
            mention = following[counted[i]][1]
            items.append(first + counted[i])
            left -= (mention.count_value or 0) if mention.count_of in {told.count_of, None} else told.count_value or 0
        elif doc[i].lower_ in {"a", "an"}:
            left -= 1
        if left == 0:
            return items
    return []


def _is_general(count: Span) -> bool:
    """Say whether a figure is of people of whatever kind."""
    return count.root.lemma_.lower() in {"people", "person", "civilian", "member", "victim", "resident", "villager"}


def _is_apposed(comma: Token, whole: Span) -> bool:
    """Say whether what follows a comma says who they are."""
    return any(t.dep_ == "appos" and t.head in whole and t.i > comma.i for t in whole.subtree)


def _is_told(found: list[Found], n: int) -> bool:
    """Say whether a pronoun stands for who is counted before: "lynched a young lawyer: he died at the scene"."""
    span, mention = found[n]
    if span.text.lower() not in {*ONE_OF_THEM, "them"}:
        return False
    same = mention.count_value
    before = (told for other, told in found[:n] if other.sent == span.sent and told.count_value == same)
    return any(told.count_of == mention.count_of for told in before)


def _position(pair: Found) -> tuple[int, int]:
    return pair[0].start, -pair[0].end


def _mention(quantity: Quantity, count_of: str | None, canonical: str | None, confidence: float) -> Mention:
    figure = None if quantity.value is None else str(quantity.value)
    return Mention(
        canonical=canonical or figure,
        confidence=confidence,
        count_of=count_of,
        count_value=quantity.value,
        count_min=quantity.min,
        count_max=quantity.max,
        count_qualifier=quantity.qualifier,
    )


def _by_model(doc: Doc, outcomes: dict[int, Outcome], fates: list[Outcome | None]) -> dict[int, Outcome]:
    """Return what happened to the counted by the roles that the language model lays on numbers.

    Only where a word says so whose patient the tree has lost: "ten guards and, it seems, the driver killed".
    """
    people = (one for i, one in outcomes.items() if _bare(doc[i], one))
    used = {one.word for one in (*people, *fates) if one is not None}
    found: dict[int, Outcome] = {}
    for role in doc.spans.get(ROLES_KEY, ()):
        count_of = FATES.get(role.label_)
        if count_of is None or _is_doer(role.root):
            continue
        reach = range(role.end, min(role.end + MODEL_REACH, end_of_sentence(doc, role.start)))
        clause = takewhile(lambda i: doc[i].text != ";", reach)
        word = next((i for i in clause if i not in used and count_of in outcomes_said(doc[i])), None)
        if word is not None:
            found[role.start] = Outcome(count_of, word, distance=UNSURE)
    return found


def _is_doer(token: Token) -> bool:
    """Say whether a number is of those who did it: "killed by two riders"."""
    return any(child.lower_ == "by" for noun in (token, token.head) for child in noun.lefts)


def _numbered(
    doc: Doc, phrase: NumberPhrase, outcome: Outcome | None, seen: Antecedent, by_model: dict[int, Outcome]
) -> Found | None:
    if outcome is not None and outcome.weak and not _may_be_people(doc, phrase, seen):
        outcome = None
    if outcome is None and phrase.kind in PEOPLE:
        outcome = by_model.get(phrase.start)
    count_of, canonical, confidence = _what(doc, phrase, outcome, seen)
    if canonical is None:
        canonical = _share(doc, phrase, outcome, count_of, seen)
    if canonical == PART and count_of is None:
        count_of, confidence = seen.last_casualty(doc, phrase), 0.7
    if count_of is None and (phrase.head is None or phrase.quantity.value in {0, 1, None} or phrase.kind == "occasion"):
        return None
    seen.see(doc, phrase, count_of)
    quantity = _told_quantity(doc, phrase, outcome, count_of)
    if quantity is None:
        return None
    return doc[phrase.start : phrase.end], _mention(quantity, count_of, canonical, confidence)


def _may_be_people(doc: Doc, phrase: NumberPhrase, seen: Antecedent) -> bool:
    return phrase.kind in PEOPLE or phrase.partitive_pronoun or (phrase.head is None and seen.told(doc, phrase))


def _told_quantity(doc: Doc, phrase: NumberPhrase, outcome: Outcome | None, count_of: str | None) -> Quantity | None:
    """Return the quantity; Turkey's "neutralised" is no deaths, with the figure as upper bound.

    None where somebody only boasts of it: claiming that they killed "many crusaders".
    """
    quantity = phrase.quantity
    boasted = quantity.qualifier in VAGUE and phrase.start > 0 and doc[phrase.start - 1].is_quote
    if boasted and count_of in {"fatalities", "injuries"}:
        return None
    if doc[phrase.end : phrase.end + SIDE_REACH].text.lower().endswith(EACH_SIDE):
        return quantity.doubled()
    if outcome is None or outcome.qualifier is None or count_of != "fatalities" or not _may_be_turkish(doc):
        return quantity
    return Quantity(0, max=quantity.max or quantity.value, qualifier=outcome.qualifier)


def _may_be_turkish(doc: Doc) -> bool:
    """Say whether "neutralised" may be Turkey's word, for killed, captured or surrendered; others mean killed."""
    actors = mentions_of(doc, "ACTOR")
    return not actors or any("Turkey" in actor.kb_id_ for actor in actors)


def _what(doc: Doc, phrase: NumberPhrase, outcome: Outcome | None, seen: Antecedent) -> _Decision:
    """Decide what is counted; also "part" or "cumulative" where that follows from how it was decided."""
    kind = phrase.kind
    if kind == "casualty":
        return ("injuries" if phrase.quantity.value == 0 else None), None, 0.8
    if kind == "occasion":
        return ("incidents", None, 0.6) if _is_tally_of_times(doc, phrase) else (None, None, 0.5)
    if kind == "thing" and (_attacked_over_time(doc, phrase) or _is_where_they_were(doc, phrase)):
        return "incidents", None, 0.6
    if phrase.partitive_pronoun and _are_incidents(doc, phrase, outcome, seen):
        return "incidents", PART, 0.7
    if kind in COUNT_OF:
        return (None if _is_one_more(doc, phrase) else COUNT_OF[kind]), None, 1.0
    if outcome is not None:
        return outcome.count_of, None, 0.9 if outcome.distance < 3 else 0.8
    if kind == "participant":
        return "participants", None, 0.9
    if phrase.head is None:
        return _left_out(doc, phrase, seen)
    return None, None, 0.7


def _are_incidents(doc: Doc, phrase: NumberPhrase, outcome: Outcome | None, seen: Antecedent) -> bool:
    """Say whether "24 of those" are incidents, whatever the verb: "were arrests", "fell on villages"."""
    if outcome is None or not seen.is_incident(doc, phrase):
        return False
    said = doc[outcome.word]
    return said.lower_ in {"fell", "fall"} or (is_incident(said) and said.pos_ == "NOUN" and is_plural(said))


def _attacked_over_time(doc: Doc, phrase: NumberPhrase) -> bool:
    """Say whether things "have been attacked": over some time each is an incident ("has attacked 45 ships since")."""
    if phrase.head is None or (phrase.quantity.value or 0) < 2:
        return False
    noun = doc[phrase.head]
    if noun.dep_ not in {"obj", "nsubj:pass"} or noun.head.lemma_ not in STRIKING:
        return False
    verb = noun.head
    while verb.dep_ in {"conj", "xcomp"}:  # "have hit or attempted to hit 70 ships"
        verb = verb.head
    return any(c.dep_ == "aux" and c.lemma_ == "have" for c in verb.children)


def _is_where_they_were(doc: Doc, phrase: NumberPhrase) -> bool:
    """Say whether places stand for what happened in each: "rallies were held in 37 cities", "fires at 17 spots"."""
    if phrase.head is None or (phrase.quantity.value or 0) < 2 or doc[phrase.head].lemma_ not in PLACES:
        return False
    noun = doc[phrase.head]
    if not any(c.dep_ == "case" and c.lower_ in {"in", "at", "across"} for c in noun.children):
        return False
    uncounted = any(not any(c.dep_ == "nummod" for c in t.children) for t in incidents_at(noun))
    return uncounted or (noun.head.lemma_ == "take" and any(t.lower_ == "streets" for t in noun.head.subtree))


def _is_one_more(doc: Doc, phrase: NumberPhrase) -> bool:
    """Say whether the number is a mere "another" of a thing: "another round of talks", "another attack"."""
    return doc[phrase.start].lower_ == "another" and phrase.quantity.value == 1 and phrase.kind not in {"dead", "hurt"}


def _left_out(doc: Doc, phrase: NumberPhrase, seen: Antecedent) -> _Decision:
    """Decide what a number without a noun counts: "the toll rose to 12", "eleven of them were attributed to"."""
    if not phrase.quantity.value:
        return None, None, 0.0
    if noun_of_amount(doc[phrase.start : phrase.end].root) is not None:
        return "incidents", None, 0.7
    named, told = _number_of(doc, phrase), seen.last_told(doc, phrase)
    if told in {"fatalities", "injuries"} and named in {None, "toll", "dead"} and _is_claimed(doc, phrase, seen):
        return told, RIVAL, 0.6
    if named == "toll" and seen.counts_incidents():
        return "incidents", CUMULATIVE, 0.6
    if named is not None:
        return COUNT_OF.get(named, "fatalities" if named in {"toll", *PEOPLE} else None), None, 0.8
    if seen.is_incident(doc, phrase) or (seen.in_this_sentence(doc, phrase) and _has_moved(doc, phrase)):
        return "incidents", PART, 0.7
    meant = noun_meant(doc, phrase.start) if is_counted(doc, phrase) else None
    if meant is not None and not seen.casualties_since(meant.i):
        return "incidents", str(phrase.quantity.value), 0.6  # a whole, though it is told like a part
    return None, None, 0.0


def _has_moved(doc: Doc, phrase: NumberPhrase) -> bool:
    """Say whether a figure is where another came from: "numbered 124, rising from 102 in December"."""
    before = doc[phrase.start - 1] if phrase.start > 1 else None
    return before is not None and before.lower_ == "from" and before.nbor(-1).lower_ in MOVING


def _is_claimed(doc: Doc, phrase: NumberPhrase, seen: Antecedent) -> bool:
    """Say whether somebody gives a figure as theirs: "the council insists on 23", "put at 14 by X and at 17 by Y"."""
    if doc[max(phrase.start - 2, 0) : phrase.start].text.lower() in {"and at", "but at"}:
        return not seen.counts_incidents()
    reach = range(max(start_of_sentence(doc, phrase.start), phrase.start - 6), phrase.start)
    return any(doc[i].lemma_ in CLAIMING and doc[i].tag_.startswith("VB") for i in reach)


def _number_of(doc: Doc, phrase: NumberPhrase) -> str | None:
    """Return the class of what "the toll rose to 12" or "brings to 12 the number of attacks" counts."""
    lower, upper = start_of_sentence(doc, phrase.start), end_of_sentence(doc, phrase.end - 1)
    before = range(phrase.start - 1, max(lower, phrase.start - TOLL_REACH) - 1, -1)
    root = doc[phrase.end - 1]
    if root.dep_.startswith("obl") and root.head.lemma_ in STANDING:
        subject = next((c for c in root.head.children if c.dep_ == "nsubj"), None)
        if subject is not None and noun_classes().get(subject.lower_) == "dead":
            return "dead"
    for i in (*before, *range(phrase.end, min(upper, phrase.end + 4))):
        word = doc[i].lower_
        if (
            word in {"dead", "wounded", "injured"}
            and doc[i : i + 2].text.lower() == f"{word} at"
            and i + 2 == phrase.start
        ):
            return "dead" if word == "dead" else "hurt"  # "put the dead at 61"
        if noun_classes().get(word) == "toll":
            return "toll"
        if word in NUMBER_WORDS:
            kinds = (noun_classes().get(doc[j].lower_) for j in range(i + 1, min(i + 9, upper)))
            # "the number of acts of violence"
            return next((kind for kind in kinds if kind not in {None, "group", "thing", "unit", "container"}), None)
    return None


def _is_tally_of_times(doc: Doc, phrase: NumberPhrase) -> bool:
    """Say whether "three times" tells how often: not "three times as many", "twice a week"."""
    following = doc[phrase.end].lower_ if phrase.end < len(doc) else ""
    return following not in {"as", "more", "the", "larger", "higher", "a", "per", "its"}


def _share(
    doc: Doc, phrase: NumberPhrase, outcome: Outcome | None, count_of: str | None, seen: Antecedent
) -> str | None:
    """Return "part" or "cumulative" where the words around the number say so."""
    if _is_part(doc, phrase, outcome, count_of, seen):
        return PART
    return CUMULATIVE if _is_total(doc, phrase, count_of) else None


def _is_part(doc: Doc, phrase: NumberPhrase, outcome: Outcome | None, count_of: str | None, seen: Antecedent) -> bool:
    before = [doc[i].lower_ for i in range(max(phrase.start - 2, 0), phrase.start)]
    if INCLUDING & set(before[-1:]) or before in (["among", "them"], ["among", "whom"]):
        return True
    if count_of == "fatalities" and _is_in_toll(doc, phrase):
        return True
    if doc[phrase.end - 1].lower_ in {"whom", "which"} and phrase.partitive_pronoun:
        return outcome is None or seen.told(doc, phrase, count_of)  # "two were hit, one of whom died": one more
    following = [doc[i].lower_ for i in range(phrase.end, min(phrase.end + 2, len(doc)))]
    if following[:2] in (["among", "them"], ["among", "those"]):
        return True
    bare = phrase.head is None and phrase.start > 1 and doc[phrase.start - 1].text == ","
    if bare and phrase.end < len(doc) and doc[phrase.end].tag_ == "IN":
        return seen.told(doc, phrase, count_of)  # "killed two men, one by a bullet"
    if not phrase.partitive:
        return False
    if outcome is None or phrase.kind in {"dead", "hurt"}:
        return True
    return phrase.partitive_pronoun and seen.told(doc, phrase, count_of)


def _is_total(doc: Doc, phrase: NumberPhrase, count_of: str | None) -> bool:
    lower, upper = start_of_sentence(doc, phrase.start), end_of_sentence(doc, phrase.end - 1)
    before = {doc[i].lower_ for i in range(max(lower, phrase.start - 8), phrase.start)}
    last = doc[phrase.start - 1].lower_ if phrase.start else ""
    if (before & BRINGING and last in {"to", "at"}) or last == "now":
        return True
    if count_of is None or count_of in {"incidents", "munitions", "participants"}:
        return False
    return _lies_in_them(doc, phrase.end, upper) or _spans_a_period(doc, phrase, lower, upper)


def _lies_in_them(doc: Doc, start: int, upper: int) -> bool:
    """Say whether they died in events counted before: "190 people have lost their lives in them"."""
    words = [doc[i].lower_ for i in range(start, min(start + MODEL_REACH, upper))]
    return any(pair in {("in", "them"), ("in", "these"), ("in", "those")} for pair in pairwise(words))


def _spans_a_period(doc: Doc, phrase: NumberPhrase, lower: int, upper: int) -> bool:
    """Say whether the clause tells of all "since" some day: not of one event, "the deadliest since 2015"."""
    for i in range(lower, upper):
        word = doc[i].lower_
        if i > phrase.end and (word == ";" or word in BRINGING):
            return False  # "six died, bringing the toll to 214 since March"
        said = doc[i - 1].lower_ if i > lower else ""
        so_far = (said, word) == ("so", "far") and _names_a_period(doc, lower, upper)
        to_date = so_far or (said, word) == ("to", "date")
        if word == "since" or to_date:
            before = [doc[j].lower_ for j in range(max(lower, i - LIST_REACH), i)]
            return not any(word.endswith("est") or word in {"first", "worst", "second", "third"} for word in before)
    return False


def _names_a_period(doc: Doc, lower: int, upper: int) -> bool:
    """Say whether a clause names the time that "so far" closes; else it is the toll of one event, not yet sure."""
    return any(doc[i].lower_ in PERIODS or doc[i].shape_ == "dddd" for i in range(lower, upper))


def _ordinal(doc: Doc, phrase: NumberPhrase, seen: Antecedent) -> Found | None:
    """Read "the third such raid", "the tenth since December" as a running total of incidents, not of people."""
    if phrase.kind in PEOPLE:
        return None
    upper = min(end_of_sentence(doc, phrase.end - 1), phrase.end + TALLY_REACH)
    marks = {doc[i].lower_ for i in range(phrase.start, upper)} & TALLY_MARKS
    following = doc[phrase.end].lower_ if phrase.end < len(doc) else ""
    tally = phrase.head is None and following in {"since", "this"}  # "the 25th this year in which"
    tally = tally or (phrase.head is None and following == "in" and seen.in_this_sentence(doc, phrase))
    tally = tally or _is_described(doc, phrase) or _is_said_of_incident(doc, phrase)
    if not marks or not (tally or phrase.kind in INCIDENTS):
        return None
    seen.incidents = phrase.start
    return doc[phrase.start : phrase.end], _mention(phrase.quantity, "incidents", CUMULATIVE, 0.7)


def _is_in_toll(doc: Doc, phrase: NumberPhrase) -> bool:
    """Say whether a toll told before holds a death already: "the toll rose to 63 after two of the wounded died"."""
    if "after" not in {token.lower_ for token in doc[max(0, phrase.start - AFTER_REACH) : phrase.start]}:
        return False
    words = [token.lower_ for token in doc[start_of_sentence(doc, phrase.start) : phrase.start]]
    told = words[words.index("toll") :] if "toll" in words else []
    return "to" in told and any(word.isdigit() for word in told)


def _is_said_of_incident(doc: Doc, phrase: NumberPhrase) -> bool:
    """Say whether an ordinal alone is said of what happened: "Tuesday's ambush was the fourth on the highway"."""
    root = doc[phrase.end - 1]
    subjects = (c for c in root.children if c.dep_ == "nsubj")
    return phrase.head is None and any(noun_classes().get(c.lower_) in INCIDENTS for c in subjects)


def _is_described(doc: Doc, phrase: NumberPhrase) -> bool:
    """Say whether a clause tells what befell it: "the third convoy to be plundered", "the 17th town that they took"."""
    noun = doc[phrase.end - 1]
    return doc[phrase.start - 1].lower_ == "the" and any(c.dep_ in {"acl", "acl:relcl"} for c in noun.children)


def _without_number(doc: Doc, outcomes: dict[int, Outcome], taken: set[int]) -> Iterator[Found]:
    """Yield counts of people named without a number: "the driver was killed", "soldiers were hurt"."""
    for i, outcome in outcomes.items():
        token = doc[i]
        people = outcome.weak == "people" and noun_classes().get(token.lower_) in PEOPLE
        if i in taken or (outcome.weak and not people) or outcome.count_of in {"displaced", "participants"}:
            continue
        start = _start_of_noun_phrase(token)
        quantity = _bare(token, outcome)
        if quantity is not None and taken.isdisjoint(range(start, i + 1)):
            confidence = 0.5 if token.tag_ == "PRP" else 0.8
            part = PART if _names_a_part(doc, start) else None
            yield doc[start : i + 1], _mention(quantity, outcome.count_of, part, confidence)


def _names_a_part(doc: Doc, start: int) -> bool:
    """Say whether a noun phrase is of those counted before: "eight people, among them a guard and a woman"."""
    words = [token.lower_ for token in doc[max(start - ITEM_REACH, start_of_sentence(doc, start)) : start]]
    said = " ".join(words)
    if words[-3:] in (["one", "of", "them"], ["one", "of", "whom"]):
        return True  # "killing three people, one of them a boy of 16"
    return not INCLUDING.isdisjoint(words[-1:]) or any(mark in said for mark in AMONG)


def _told_by_model(doc: Doc, by_model: dict[int, Outcome], found: list[Found]) -> Iterator[Found]:
    """Yield the one of "a Palestinian aged 19 was shot dead", whom the tree loses and the language model counts."""
    taken = {token.i for span, _ in found for token in span}
    for start, outcome in by_model.items():
        if doc[start].lower_ in {"a", "an"} and start + 1 < len(doc) and taken.isdisjoint((start, start + 1)):
            yield doc[start : start + 2], _mention(Quantity(1), outcome.count_of, None, 0.7)


def _bare(token: Token, outcome: Outcome) -> Quantity | None:
    """Return how many people a noun without a number stands for: one for a singular, some for a plural."""
    word, article = token.lower_, token.doc[_start_of_noun_phrase(token)].lower_
    if word in ONE_OF_THEM or (word in REFLEXIVES and any(True for _ in token.conjuncts)):
        return Quantity(1)
    if word == "them":
        return _as_many(token)
    kind = noun_classes().get(word)
    if word == "couple":
        return Quantity(2)
    if article in {"any", "no"} or (kind is not None and kind not in PEOPLE):
        return None
    if kind in PEOPLE and not is_plural(token) and article not in ARTICLES and outcome.distance:
        # "resident of ..." in an apposition; but "Girl killed by sniper" in a note
        return Quantity(1) if token.is_sent_start and outcome.count_of == "fatalities" else None
    if kind in PEOPLE:
        return Quantity(None, min=1, qualifier="some") if is_plural(token) else Quantity(1)
    if token.ent_type_ == "NORP" and article in {"a", "an", "another"}:
        return Quantity(1)  # "a Palestinian was shot dead"
    if token.tag_ == "NNP":
        return Quantity(1) if _is_person(token) else None
    # A noun that the table lacks: only "a hairdresser", and only where the tree is sure of it.
    named = token.ent_type_ in {"ORG", "LOC"} or token.tag_ != "NN"
    aged = word == "old" or word.endswith("-old")
    theirs = article in {"his", "her", "their"} and token.dep_ in {"conj", "obl"}  # "the commander and his escort"
    return Quantity(1) if (article in {"a", "an"} or theirs) and outcome.distance < 2 and (aged or not named) else None


def _is_person(token: Token) -> bool:
    """Say whether a name is a person's: the model says so, or the text gives it in full elsewhere."""
    if token.ent_type_ == "PERSON":
        return token.ent_iob_ != "I"
    people = (entity for entity in token.doc.ents if entity.label_ == "PERSON" and len(entity) > 1)
    return any(token.text in {part.text for part in entity} for entity in people)


def _as_many(pronoun: Token) -> Quantity | None:
    """Return how many "them" are: "dragged two strangers from a bus and hacked them to death"."""
    before = reversed(pronoun.doc[pronoun.sent.start : pronoun.i])
    people = (t for t in before if t.tag_ == "NNS" and noun_classes().get(t.lower_) in {None, *PEOPLE})
    counted = next((child for noun in people for child in noun.children if child.dep_ == "nummod"), None)
    return parse_quantity(counted.text) if counted is not None else None


def _start_of_noun_phrase(token: Token) -> int:
    """Return the first token of the noun phrase that ends at a token, over adjectives and names to the article."""
    i = token.i
    while i > 0 and token.i - i < LIST_REACH and not token.doc[i].is_sent_start:
        before = token.doc[i - 1]
        if before.tag_ in {"DT", "PRP$"}:
            return i - 1
        compound = before.tag_ == "VBG" and token.doc[i - 2].tag_ == "HYPH"  # "a hard-hitting commentator"
        if before.tag_[:2] not in {"JJ", "NN", "PO", "CD", "HY"} and not compound:
            break
        i -= 1
    return i
