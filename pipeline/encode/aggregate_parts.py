"""Which reported total is a part of which: "eleven of them", "with seven of these", "57 in Iraq", "26 the week before".

Each count of incidents has a stretch of its sentence to itself (its zone), so that what is said of one part is not
taken for another's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from spacy.tokens import Span, Token

from pipeline.annotate.count_antecedents import COUNTING, noun_meant, noun_of_amount
from pipeline.annotate.count_phrases import NUMBER_WORDS, incidents_at, is_incident
from pipeline.annotate.counts import MOVING
from pipeline.encode.arguments import case_of
from pipeline.encode.reports import Row
from pipeline.encode.standing import words
from pipeline.mentions import mention_of

# How far behind a total a part with a noun of its own may stand.
NEAR_WORDS = 150
# Words that open a part of the total before them in the same sentence.
PART_OPENERS = frozenset({"with", "among", "amongst", "including"})
# Nouns that stand for violence of any kind.
GENERIC = frozenset({"incident", "attack", "strike", "case", "violation", "breach", "occasion", "time", "event"})
POINTERS = frozenset({"them", "these", "those", "which"})
# "against 26 the week before", "up from 50 in April": another period's figure.
_COMPARING = frozenset({"against", "from", "than", "versus", "compared"})
_EARLIER = frozenset({"before", "earlier", "previous", "preceding", "last"})
_STRONG = frozenset({";", ":", "--", "—", "–", "("})
_WEAK, _JOINING = frozenset({","}), frozenset({"and", "while"})
_RESTS = frozenset({"rest", "remainder", "others"})
TOLL_REACH = 14  # words between "the number of attacks" and its figure
VAGUE_REACH = 4  # times: so much less than it may be is told of "dozens" or "over 30"
_VAGUE = frozenset({"dozens", "several", "many", "tens", "scores", "hundreds", "thousands", "over", "at_least"})


@dataclass(slots=True)
class Total:
    """A total: its row, the words that count, what belongs to it alone, and its sides."""

    row: Row
    count: Span
    zone: range
    tokens: set[int] = field(default_factory=set)  # of the clause that tells it
    kind: str | None = None  # sub_event_type
    lent: bool = False  # its kind is that of an event told before
    meant: str | None = None  # sub_event_type of the event that an ordinal is said of
    family: str | None = None  # event_type that its noun stands for, where that leaves the sub-type open
    agents: list[Span] = field(default_factory=list)
    patients: list[Span] = field(default_factory=list)
    violent: bool = False  # its own words tell violence
    on_civilians: bool = False  # they hit homes, schools, markets
    on_ships: bool = False
    crowd: bool = False  # demonstrations are counted
    places: list[Span] = field(default_factory=list)
    told_at: list[Span] = field(default_factory=list)  # places of the event that it takes up
    dates: list[Span] = field(default_factory=list)
    parent: Total | None = None  # the total that it is a part of
    base: Total | None = None  # the total that it is compared with
    children: list[Total] = field(default_factory=list)

    @property
    def figure(self) -> int:
        """The number of incidents, of a vague count the least."""
        return figure(self.count)

    @property
    def root(self) -> Total:
        """The total that is no part of another."""
        return self if self.parent is None else self.parent.root

    @property
    def inherits(self) -> Total | None:
        """The total that says what this one leaves unsaid."""
        return self.parent or self.base


def figure(count: Span) -> int:
    """Return the number that a count gives, of a vague one the least."""
    mention = mention_of(count)
    return max(mention.count_value or 0, mention.count_min or 0)


def zones(counts: Sequence[Span]) -> list[range]:
    """Return for each count of one sentence the tokens that tell of it alone."""
    sentence = counts[0][0].sent
    cuts = [_cut(one, other) for one, other in pairwise(counts)]
    ends = [*cuts, _rest(counts[-1], sentence)]
    return [range(a, b) for a, b in zip([sentence.start, *cuts], ends, strict=True)]


def _rest(count: Span, sentence: Span) -> int:
    """Return where a sentence turns to those that were not counted: "in the rest", "as well as 19 crossings"."""
    for token in sentence.doc[count.end : sentence.end]:
        if token.lower_ in _RESTS and token.doc[count.end : token.i].text.strip(" \n")[-1:].isalpha():
            stops = [t.i for t in token.doc[count.end : token.i] if t.text in _STRONG | _WEAK]
            if stops:
                return stops[-1]
        if token.dep_ == "conj" and token.head == count.root and any(c.dep_ == "nummod" for c in token.children):
            return token.left_edge.i
    return sentence.end


def _cut(one: Span, other: Span) -> int:
    """Return where the zone of the second of two neighbouring counts begins."""
    between = one.doc[one.end : other.start]
    if (
        between.text.endswith("(") and len(between) > 1 and other.doc[other.end : other.end + 1].text == ")"
    ):  # "ahead of Ituri (51)"
        return max(between[-2].left_edge.i, one.end)
    for marks in (_STRONG, _WEAK, _JOINING):
        found = [t.i for t in between if t.lower_ in marks]
        if found and between[found[-1] - one.end].text == "(" and any(t.text == ")" for t in between):
            found = found[:-1]
        if found:
            return found[-1]
    return other.start


def is_elliptic(count: Span) -> bool:
    """Return whether a count leaves its noun out: "eleven of them", "13 took place"."""
    if mention_of(count).canonical == "part":
        return True
    if is_ordinal(count):
        return False
    return counted_noun(count) is None and not counts_times(count)


def is_ordinal(count: Span) -> bool:
    """Return whether an event is the last of a row: "the third post to be stormed this year", "the 25th since May"."""
    return mention_of(count).canonical == "cumulative" and all(t.tag_ not in ("CD", "IN", "RB") for t in count[:1])


def is_of_incidents(count: Span) -> bool:
    """Return whether what is counted is named as something that happens, or left out."""
    noun = counted_noun(count)
    return noun is None or is_incident(noun)


def is_vague(count: Span) -> bool:
    """Return whether a count says nothing of what is counted but that it happened: "three cases", "the other two"."""
    noun = counted_noun(count)
    return noun is None or noun.lemma_ in GENERIC


def counted_noun(count: Span) -> Token | None:
    """Return the noun of what is counted: in "six raids", or before the figure in "the number of raids rose to six".

    In "rallies in 37 cities" it is the rallies.
    """
    nouns = [t for t in count if t.pos_ in ("NOUN", "PROPN") and t.lemma_ != "dozen"]
    if nouns:
        return _held_there(nouns[-1]) or nouns[-1]
    start = max(count[0].sent.start, count.start - TOLL_REACH)
    for token in count.doc[start : min(count.end + 4, count[0].sent.end)]:
        if token.lower_ not in NUMBER_WORDS:
            continue
        counted = next((c for c in token.children if c.dep_.startswith("nmod") and case_of(c) == "of"), None)
        if counted is not None:
            return counted
    return None if mention_of(count).canonical == "part" else _taken_up(count)


def _taken_up(count: Span) -> Token | None:
    """Return the noun of incidents told without a number: "abductions go on; it has recorded 23 of them"."""
    root = count.root
    if count[-1].lower_ in POINTERS or (root.dep_ == "obj" and root.pos_ == "NUM" and root.head.lemma_ in COUNTING):
        return noun_meant(count.doc, count.start)
    return noun_of_amount(root)


def joined_totals(count: Span) -> list[Token]:
    """Return the nouns of further totals behind "and", with which a total shares its place and time."""
    noun = counted_noun(count)
    later = (token for token in (noun.conjuncts if noun is not None else ()) if token.i >= count.end)
    return [token for token in later if is_incident(token) and any(c.dep_ == "nummod" for c in token.children)]


def _held_there(noun: Token) -> Token | None:
    """Return what happened, in the plural, where a noun of places tells where."""
    if is_incident(noun) or not noun.dep_.startswith(("obl", "nmod")):
        return None
    return next(iter(incidents_at(noun)), None)


def is_compared(count: Span, zone: range) -> bool:
    """Return whether a count is that of an earlier period, told for comparison."""
    before = {t.lower_ for t in count.doc[max(zone.start, count.start - 4) : count.start]}
    if not before & _COMPARING or not is_elliptic(count):
        return False
    following = {t.lower_ for t in count.doc[count.start : min(zone.stop, count.end + 8)]}
    return bool(before & {"compared", *MOVING} or following & _EARLIER)


def is_of_other_days(draft: Total, last: Total) -> bool:
    """Return whether a count without a noun names days before those of the last total: "in 2023 it recorded 1,548"."""
    start = last.row["event_date"]
    ends = [end for date in draft.dates if (end := mention_of(date).date_end) is not None]
    earlier = start is not None and any(end < start for end in ends)
    return earlier and is_elliptic(draft.count) and not _points_back(draft.count, draft.zone)


def is_repeated(count: Span, totals: Sequence[Total]) -> bool:
    """Return whether a count only takes up one told before: "the latest of the nine", "both", "those 22 attacks"."""
    same = [t for t in totals if t.figure == figure(count)]
    if not same:
        return False
    start = count.doc[max(0, count.start - 1) : count.start + 1]
    if any(t.lower_ == "other" for t in count):
        return False
    return any(t.lower_ in ("the", "these", "those", "all", "both") for t in start)


def whole_of(draft: Total, totals: Sequence[Total]) -> Total | None:
    """Return the earlier total that a draft is a part of."""
    count = draft.count
    larger = [t for t in totals if t.base is None and _holds(t, draft.figure)]
    if not larger:
        return None
    if is_elliptic(count):  # "fourteen of the raids", of 19 raids and 27 shellings
        larger = [t for t in larger if _share_noun(count, t.count)] or larger
    last = larger[-1]
    same_sentence = last.count[0].sent == count[0].sent
    between = count.doc[last.count.end : count.start + 1]
    commas = [t.i for t in between if t.text == ","]
    openers = [t.i for t in between if t.lower_ in PART_OPENERS]
    if same_sentence and openers and not any(comma > openers[-1] + 1 for comma in commas):
        return last  # but "106 in the north, including the hills, 28 in the south" stand side by side
    named = _named_whole(count, larger)
    if named is not None:
        return named
    if _points_back(count, draft.zone):
        near = same_sentence or (_points_near(count, draft.zone) and last.count[0].sent.end == count[0].sent.start)
        return last if near or not _fits_beside(last, draft.figure) else last.root
    if is_elliptic(count):
        return (last.parent or last) if same_sentence else last.root
    if any(t.lower_ in ("other", "remaining") for t in count) and count.doc[max(0, count.start - 1)].lower_ == "the":
        return last.root
    if same_sentence and any(t.text in (":", "(") for t in count.doc[last.root.count.end : count.start]):
        return last.root
    roots = [t for t in larger if t.parent is None]
    return next((root for root in roots if _is_kind_of(draft, root)), None)


def is_beside(count: Span, last: Total, zone: range) -> bool:
    """Return whether a count without a noun stands beside the one before it: "six raids on Tyre and four on Khiam"."""
    if last.count[0].sent != count[0].sent or not is_elliptic(count) or _points_back(count, zone):
        return False
    between = [t.lower_ for t in count.doc[last.count.end : count.start]]
    if _sort_of(count) and _sort_of(last.count):
        return True
    return last.parent is None and "and" in between and not set(between) & {*_STRONG, *_WEAK, *PART_OPENERS}


def _sort_of(count: Span) -> Token | None:
    """Return the noun that tells of what sort the cases are: "12 cases of arson", "nine of kidnapping"."""
    sorts = (c for c in count.root.children if c.dep_ == "nmod" and case_of(c) == "of" and c.i == count.root.i + 2)
    return next((noun for noun in sorts if is_incident(noun) or noun.tag_ == "NN"), None)


def _holds(whole: Total, part: int) -> bool:
    return whole.figure > part or (whole.row["incidents_qualifier"] in _VAGUE and part < VAGUE_REACH * whole.figure)


def _named_whole(count: Span, totals: Sequence[Total]) -> Total | None:
    """Return the total that is taken up by its figure: "fourteen of the 31"."""
    following = count.doc[count.start + 1 : count.end + 4]
    if not any(t.lower_ == "of" for t in following):
        return None
    for token in following:
        for total in totals:
            if token.is_digit and int(token.text) == total.figure:
                return total
    return None


def _points_back(count: Span, zone: range) -> bool:
    """Return whether the words take a share of what was counted before ("eleven of them", "of these, 1,210")."""
    for token in count.doc[zone.start : zone.stop]:
        if token.lower_ in POINTERS and _is_share(token):
            return abs(token.i - count.root.i) <= 6
    following = count.doc[count.start : min(count.end + 3, zone.stop)]
    return any(
        t.lower_ == "of" and following[n + 1].lower_ in ("the", "these", "those") for n, t in enumerate(following[:-1])
    )


def _points_near(count: Span, zone: range) -> bool:
    """Return whether the words take up the figure just told: "of these", where "of them" may go further back."""
    return any(t.lower_ in ("these", "those") and _is_share(t) for t in count.doc[zone.start : zone.stop])


def _is_share(pointer: Token) -> bool:
    if case_of(pointer).startswith(("of", "among", "in")):
        return True
    return pointer.i > 0 and pointer.nbor(-1).lower_ in ("of", "among")


def _fits_beside(last: Total, part: int) -> bool:
    """Return whether a share may stand beside the parts told before it, rather than be a part of the last of them.

    Behind parts that are the whole together, "three of them" are three of the whole.
    """
    if last.parent is None:
        return True
    told = sum(child.figure for child in last.root.children)
    return told == last.root.figure or told + part <= last.root.figure


def _is_kind_of(draft: Total, whole: Total) -> bool:
    """Return whether a count with a noun of its own is told as a part of a total that stands close before it."""
    if not 0 < draft.count.start - whole.count.end <= NEAR_WORDS:
        return False
    if _names(draft.agents) and _names(whole.agents) and not _names(draft.agents) & _names(whole.agents):
        return False
    if not _within(draft, whole):
        return False
    if whole.kind is not None:
        return draft.kind == whole.kind and bool(draft.places)
    return _share_noun(draft.count, whole.count) or is_vague(whole.count)


def _share_noun(one: Span, other: Span) -> bool:
    """Return whether two counts name what they count, by the same noun."""
    noun, other_noun = counted_noun(one), counted_noun(other)
    return noun is not None and other_noun is not None and noun.lemma_ == other_noun.lemma_


def _within(draft: Total, whole: Total) -> bool:
    """Return whether a draft names no days outside of the whole's period."""
    start, end = whole.row["event_date"], whole.row["event_date_end"]
    for date in draft.dates:
        first = mention_of(date).date_start
        if start is None or first < start or (end is not None and first > end):
            return False
    return True


def _names(actors: Sequence[Span]) -> set[str]:
    return {a.kb_id_ for a in actors}


def clause_of(count: Span) -> set[int]:
    """Return the tokens that tell of the counted incidents: the count's phrase and the verb that governs it.

    Other verbs of the sentence that are joined to it ("..., and two men died in Tyre") tell events of their own, and
    so does what stands behind a semicolon.
    """
    head = count.root
    tokens = {t.i for t in head.subtree} | {t.i for t in count}
    verb = governing_verb(count)
    if verb is not None and (verb.lemma_.lower() not in words("attribution") or not head.dep_.startswith("nsubj")):
        joined = [c for c in verb.children if c.dep_ in ("conj", "parataxis") and c.pos_ == "VERB" and c.i > count.end]
        tokens |= {t.i for t in verb.subtree} - {t.i for c in joined for t in c.subtree}
    end = next((t.i for t in count.doc[count.end : count[0].sent.end] if t.text == ";"), count[0].sent.end)
    return {i for i in tokens if i < end}


def governing_verb(count: Span) -> Token | None:
    """Return the verb whose subject, object or adverbial a count is; of "three times" the nearest verb above."""
    head = count.root
    if head.pos_ == "VERB":
        return head
    if head.head.pos_ in ("VERB", "AUX") and head.dep_.startswith(("nsubj", "obj", "obl", "advmod", "nmod")):
        return head.head
    if counts_times(count):
        return next((a for a in head.ancestors if a.pos_ == "VERB"), None)
    return None


def counts_times(count: Span) -> bool:
    """Return whether a count says how often: "twice", "on six occasions"."""
    return any(t.lemma_ in ("time", "twice", "thrice", "occasion") for t in count)


def _is_whole_of(count: Span, before: Sequence[Span]) -> bool:
    """Return whether a count only repeats of what the count before it is a part."""
    between = [t.lower_ for t in count.doc[before[-1].end : count.start]] if before else []
    return between in (["of", "the"], ["of", "these"], ["of", "those"])


def incident_counts(counts: Sequence[Span]) -> list[tuple[Span, range]]:
    """Return the counts of incidents with their zones, in text order."""
    found: list[tuple[Span, range]] = []
    same: list[Span] = []
    for count in counts:
        if count[0].lower_ == "both" or _is_whole_of(count, same):
            continue  # "two attempts, both in March"; "six of the 19 took place in Abyan"
        if same and same[0][0].sent != count[0].sent:
            found.extend(zip(same, zones(same), strict=True))
            same = []
        same.append(count)
    if same:
        found.extend(zip(same, zones(same), strict=True))
    return found


def verbs_above(token: Token) -> list[Token]:
    """Return the verbs on whose clauses a token hangs, the nearest first."""
    return [a for a in token.ancestors if a.pos_ == "VERB"]
