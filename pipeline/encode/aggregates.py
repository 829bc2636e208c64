"""Reported totals: "over 30 incidents", "about 20 of them Israeli fire", "seven clearly deliberate".

A total is a row of its own (`record_type` "aggregate") with its bounds, its period and, where it is a part of another
total, a link to it. Events told one by one are linked to the total that counts them. No coding scheme that we know of
has such rows; ACLED leaves totals out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain, pairwise
from typing import Any

from spacy.tokens import Doc, Span

from pipeline.encode.aggregate_kinds import kills
from pipeline.encode.aggregate_links import link
from pipeline.encode.aggregate_parts import (
    Total,
    clause_of,
    counted_noun,
    counts_times,
    figure,
    governing_verb,
    incident_counts,
    is_beside,
    is_compared,
    is_elliptic,
    is_of_incidents,
    is_of_other_days,
    is_ordinal,
    is_repeated,
    is_vague,
    whole_of,
)
from pipeline.encode.aggregate_periods import (
    fill_period_of,
    own_dates,
    reporting_period,
    takes_up_period,
    told_one_by_one,
)
from pipeline.encode.aggregate_places import fill_place_of, is_one_spot, own_places, spread_over_countries
from pipeline.encode.aggregate_sides import (
    complete_from_parts,
    fill_from_context,
    fill_kind_and_sides,
    fill_sides,
    is_breach,
    is_counted_by_other,
    is_hindered,
)
from pipeline.encode.arguments import case_of
from pipeline.encode.candidates import candidates
from pipeline.encode.casualties import Toll, added, tolls
from pipeline.encode.event_types import CROWD
from pipeline.encode.learned import VICTIMS, misleads
from pipeline.encode.mentions import MentionIndex
from pipeline.encode.reports import Row, fill_casualties
from pipeline.encode.scene import Scene
from pipeline.encode.standing import in_context, standing, words
from pipeline.mentions import mention_of, mentions_of, zone_at

__all__ = ["Total", "aggregate_rows", "link"]

# So many blows of one day in one town are one event; more are a total.
FEW = 10
PERIOD_SENTENCES = 8  # in which "two people died in the six months" may stand
TOLL_SENTENCES = 3  # in which, behind a total, "They cost the lives of 15" may stand
# What two tellings of one total have in common.
_IDENTITY = (
    "incidents", "incidents_min", "incidents_max", "sub_event_type", "actor1", "actor2", "country", "location",
    "event_date", "event_date_end",
)  # fmt: skip


def aggregate_rows(doc: Doc, index: MentionIndex, scene: Scene, document: dict[str, Any]) -> list[Total]:
    """Return the totals of incidents that the running story reports, in text order."""
    totals: list[Total] = []
    period = reporting_period(doc)
    for draft in _drafts(doc, index, document):
        _relate(draft, totals)
        if draft.inherits is None and (is_elliptic(draft.count) or is_repeated(draft.count, totals)):
            continue
        _inherit(draft)
        fill_from_context(draft, index, scene.sentences)
        _fill(draft, index, scene, period, totals[-1] if totals else None)
        if not _is_told(draft) or _is_event(draft):
            continue
        told = next((total for total in totals if _is_retold(total, draft)), None)
        if told is not None:  # in the highlights, and again in the text, where its parts follow
            totals.remove(told)
            totals.append(told)
            told.tokens |= draft.tokens
            continue
        if draft.parent is not None:
            draft.parent.children.append(draft)
        totals.append(draft)
        _date_story(draft, scene)
    _adopt(totals)
    for total in totals:
        spread_over_countries(total)
        complete_from_parts(total)
        fill_kind_and_sides(total)
    return totals


def _adopt(totals: list[Total]) -> None:
    """Make parts of the figures of one sentence that add up to the total told right before them."""
    for whole, first in pairwise(totals):
        beside = [t for t in totals if t.count[0].sent == first.count[0].sent]
        loose = all(t.parent is None and t.base in (None, *beside) and is_vague(t.count) for t in beside)
        if whole not in beside and loose and len(beside) > 1 and sum(t.figure for t in beside) == whole.figure:
            for part in beside:
                part.parent, part.base = whole, None
                _inherit(part)
            whole.children.extend(beside)


def _is_retold(total: Total, draft: Total) -> bool:
    """Return whether two totals, neither a part of another, are one: all that is known of both is the same."""
    if total.parent is not None or draft.parent is not None or draft.base is not None:
        return False
    return all(total.row.get(column) == draft.row.get(column) for column in _IDENTITY)


def _date_story(total: Total, scene: Scene) -> None:
    """Let a total of one day in the lede date the events that name no day: "on Tuesday 20 marches were counted"."""
    days = total.row["event_date"], total.row["event_date_end"]
    body = [s for s in scene.sentences if zone_at(scene.doc, s.start_char) is None]
    if total.dates and days[0] == days[1] and body and total.count[0].sent == body[0]:
        scene.story_date = scene.story_date or total.dates[0]


def _drafts(doc: Doc, index: MentionIndex, document: dict[str, Any]) -> Iterator[Total]:
    """Yield the counts of incidents of the running story, with what their own words say."""
    counts = [c for c in mentions_of(doc, "COUNT") if mention_of(c).count_of == "incidents"]
    protests = any(mention_of(actor).inter in CROWD for actor in mentions_of(doc, "ACTOR"))
    for count, zone in incident_counts(counts):
        if zone_at(doc, count.start_char) or figure(count) < 2 or not _is_real(count):
            continue
        if is_elliptic(count) and "more" in (count[-1].lower_, doc[min(count.end, len(doc) - 1)].lower_):
            continue  # "many more go unreported"
        noun = counted_noun(count) or count.root
        doubtful = not (_is_setting(count) or is_elliptic(count))  # a share is as true as its whole
        if doubtful and misleads(noun, count[0].sent, index):
            continue  # "two late strikes" of a match
        if in_context(frozenset(t.lemma_.lower() for t in (noun, *noun.lefts)), "disaster"):
            continue
        violent = any(t.lower_ in words("violent") for t in noun.lefts) or (noun.lemma_ == "gathering" and protests)
        if noun.lemma_ in words("vague") and not violent:
            continue  # "three legal actions"
        draft = Total(Row(document), count, zone, clause_of(count))
        mention = mention_of(count)
        draft.row.fill(
            {
                "record_type": "aggregate",
                "incidents": mention.count_value,
                "incidents_min": mention.count_min,
                "incidents_max": mention.count_max,
                "incidents_qualifier": mention.count_qualifier,
            },
            [count],
        )
        fill_sides(draft, index)
        if is_ordinal(count) and not is_of_incidents(count) and not _tells_violence(count, index):
            continue  # "the third summit held since March"
        draft.places, draft.dates = own_places(draft, index), own_dates(draft, index)
        yield draft


def _is_real(count: Span) -> bool:
    """Return whether incidents are told as real; what stands before a colon says nothing of them."""
    if _is_setting(count) or standing(count.root).real:
        return True
    colons = [t.i for t in count.doc[count[0].sent.start : count.start] if t.text == ":"]
    verb = governing_verb(count)
    return bool(colons) and (verb is None or verb.i < colons[-1] or verb.dep_ in ("parataxis", "ccomp"))


def _is_setting(count: Span) -> bool:
    """Return whether something is said of the counted, be it that it was not: "in six cases nobody was identified"."""
    noun = counted_noun(count)
    return noun is not None and noun.lemma_ in ("case", "incident") and noun.dep_ == "obl" and case_of(noun) == "in"


def _tells_violence(count: Span, index: MentionIndex) -> bool:
    """Return whether the words below a count tell an event, by a trigger or by the language model."""
    words = list(count.root.subtree)
    if any(index.covering(token, "TRIGGER") for token in words):
        return True
    return index.scores is not None and any(index.scores.tells(token.i) > 0.5 for token in words)


def _relate(draft: Total, totals: list[Total]) -> None:
    """Find the total that a draft is a part of, or that it is compared with."""
    if not totals or is_repeated(draft.count, totals):
        return
    last, zone = totals[-1], draft.zone
    if is_compared(draft.count, zone) or is_beside(draft.count, last, zone) or is_of_other_days(draft, last):
        draft.base = last
    else:
        draft.parent = whole_of(draft, totals)


def _inherit(draft: Total) -> None:
    whole = draft.inherits
    if whole is None:
        return
    noun, whole_noun = counted_noun(draft.count), counted_noun(whole.count)
    same_noun = is_elliptic(draft.count) or noun is None or whole_noun is None or noun.lemma_ == whole_noun.lemma_
    same_noun = same_noun or (noun is not None and noun.lemma_ in ("case", "incident", "occasion"))
    draft.kind = draft.kind or (whole.kind if same_noun else None)
    draft.agents, draft.patients = draft.agents or whole.agents, draft.patients or whole.patients
    draft.on_civilians = draft.on_civilians or whole.on_civilians
    draft.on_ships = draft.on_ships or whole.on_ships
    acting = {a.kb_id_ for a in draft.agents}
    draft.patients = [p for p in draft.patients if p.kb_id_ not in acting]


def _fill(draft: Total, index: MentionIndex, scene: Scene, period: Span | None, before: Total | None) -> None:
    words = scene.doc[draft.zone.start : draft.zone.stop].text.strip(" \n,;:")
    draft.row.update(certainty=_certainty(draft), notes=words)
    fill_place_of(draft, scene)
    fill_period_of(draft, scene, period, before)
    _fill_harm(draft, index, scene)
    fill_kind_and_sides(draft)


def _fill_harm(draft: Total, index: MentionIndex, scene: Scene) -> None:
    """Fill deaths and injuries: of the sentence, else of the next one, where it tells nothing else."""
    sentence = draft.count[0].sent
    harm = [c for c in index.in_sentence(sentence, "COUNT") if _harms(c, draft, index)]
    if not fill_casualties(draft.row, *_harm(harm)) and draft.parent is None:
        following = [s for s in scene.sentences if s.start >= sentence.end][:PERIOD_SENTENCES]
        near = [s for n, s in enumerate(following[:TOLL_SENTENCES]) if n == 0 or s[0].lower_ == "they"]
        near = [s for s in near if scene.paragraphs.get(s.start) == scene.paragraphs.get(sentence.start)]
        far = (s for s in following if takes_up_period(s))  # "the group lists two deaths in the six months"
        toll = next((s for s in chain(near, far) if _only_harm(s, index)), None)
        if toll is not None:
            fill_casualties(draft.row, *_harm(index.in_sentence(toll, "COUNT")))
            draft.tokens |= set(range(toll.start, toll.end))
    if not draft.row["fatalities"] and kills(draft, index):
        mention = mention_of(draft.count)
        draft.row.fill({"fatalities": mention.count_value, "fatalities_min": mention.count_min}, [draft.count])


def _harm(counts: Sequence[Span]) -> tuple[Toll | None, Toll | None]:
    """Return the dead, be they a running toll ("448 people have been killed in them"), and the hurt."""
    dead, hurt = tolls(counts)
    running = [c for c in counts if mention_of(c).count_of == "fatalities" and mention_of(c).canonical == "cumulative"]
    return dead or (added(running) if running else None), hurt


def _only_harm(sentence: Span, index: MentionIndex) -> bool:
    """Return whether a sentence only tells the toll: no day, place or act of its own."""
    if index.in_sentence(sentence, "DATE") or index.in_sentence(sentence, "PLACE"):
        return False
    counted = {mention_of(count).count_of for count in index.in_sentence(sentence, "COUNT")}
    if "incidents" in counted or not VICTIMS & counted:
        return False
    return all(c.kind == "result" or c.trigger.root.lemma_ == "dead" for c in candidates(sentence, index))


def _harms(count: Span, draft: Total, index: MentionIndex) -> bool:
    """Return whether deaths or injuries are those of the counted incidents, not of another event of the sentence."""
    if count.root.i not in draft.zone:
        return False
    if count.root.i in draft.tokens:
        return True
    between = count.doc[draft.count.end : count.start]
    apart = next((t.i for t in reversed(between) if t.text == ";"), None)
    joined = [a for a in (count.root, *count.root.ancestors) if a.dep_ in ("conj", "parataxis") and a.pos_ == "VERB"]
    if apart is None and not joined:
        return True
    clause = list(joined[0].subtree) if apart is None else list(count.doc[apart + 1 : count.sent.end])
    if any(t.lower_ in ("them", "these", "which", "result") for t in clause):
        return True
    elsewhere = any(index.covering(t, kind) for t in clause for kind in ("PLACE", "DATE"))
    return apart is not None and not elsewhere  # "29 lynchings were recorded; 17 people lost their lives"


def _certainty(draft: Total) -> str:
    """Return how sure the text is; a part is no surer than the total that it is taken from."""
    told = standing(draft.count.root).certainty
    if told == "asserted" and is_counted_by_other(draft.count):
        told = "attributed"
    whole = draft.inherits
    return whole.row["certainty"] if whole is not None and told == "asserted" else told


def _is_told(total: Total) -> bool:
    """Return whether a total says whose, when or where; "twice" and "11 times" must count violence."""
    if total.inherits is not None:
        return True
    if _is_setting(total.count) and not (total.violent or total.row["fatalities"] or total.row["injuries"]):
        return False
    known = total.agents or total.patients or total.row["event_date"] is not None or total.places
    if counts_times(total.count):
        return bool(known) and (total.violent or total.kind is not None or is_hindered(total) or is_breach(total))
    return bool(known)


def _is_event(total: Total) -> bool:
    """Return whether the rows of events tell all that is counted."""
    return told_one_by_one(total) or (total.parent is None and total.figure <= FEW and is_one_spot(total))
