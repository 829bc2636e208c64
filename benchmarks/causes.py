"""Why rows are lost, invented or wrong: every fault of the files that are learnt from, by cause.

    python -m benchmarks.causes

A row may have more than one cause. What the text names is read from the mentions that the pipeline finds in it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from benchmarks.annotated import Text, annotated
from benchmarks.evaluate import LEARNT_FROM
from benchmarks.scoring import WHOLE_ROW, Judgement, Row, same_name, score
from pipeline.encode import encode
from pipeline.mentions import mention_of, mentions_of
from pipeline.organisations import main_actor
from pipeline.tables import now

_UNARMED = ("Civilians", "Protesters", "Rioters")


def main() -> None:
    """Print the causes, the commonest first."""
    causes: Counter[str] = Counter()
    faulty = 0
    for text in annotated(LEARNT_FROM):
        rows = encode(text.doc, text.document, now())
        for judgement in score([{"id": text.name, "rows": text.gold}], {text.name: rows}).judgements:
            found = set(causes_of(judgement, text))
            faulty += bool(found)
            causes.update(found)
    print(f"{faulty} rows are lost, invented or not wholly right\n\n| cause | rows | share |\n|---|--:|--:|")
    for cause, number in causes.most_common():
        print(f"| {cause} | {number} | {number / faulty:.1%} |")


def causes_of(judgement: Judgement, text: Text) -> Iterator[str]:
    """Yield what is wrong with a gold row, a coded row or a pair of them."""
    gold, row = judgement.gold, judgement.row
    if judgement.outcome == "extra":
        assert row is not None
        yield f"invented: {_sort(row)}"
    elif judgement.outcome == "missed":
        assert gold is not None
        yield f"lost: {_sort(gold)}"
    elif judgement.outcome == "found":
        assert gold is not None
        assert row is not None
        wrong = judgement.wrong & WHOLE_ROW
        if wrong and gold["record_type"] == "aggregate":
            yield "wrong: total: kind, parties, place, period or deaths"
        elif wrong:
            yield from _of_event(gold, row, wrong, text)


def _of_event(gold: Row, row: Row, wrong: frozenset[str], text: Text) -> Iterator[str]:
    if "event_type" in wrong:
        yield "wrong: event type"
    elif "sub_event_type" in wrong:
        yield "wrong: sub-event type within the event type"
    if "event_date" in wrong:
        yield "wrong: date"
    if {"location", "country"} & wrong:
        places = {mention_of(place).canonical for place in mentions_of(text.doc, "PLACE")}
        known = gold["location"] is None or any(same_name(place, gold["location"]) for place in places if place)
        yield "wrong: place: " + ("another of the text" if known else "not found in the text, or by another name")
    if "fatalities" in wrong:
        figures = {mention_of(count).count_value for count in mentions_of(text.doc, "COUNT")}
        read = (gold["fatalities"] or 0) in figures | {0}
        yield "wrong: deaths: another event's, or left out" if read else "wrong: deaths: not read, or to be added up"
    if "actor pair" in wrong:
        for side in ("actor1", "actor2"):
            if not same_name(gold[side], row[side]):
                yield f"wrong: parties: {_of_side(gold[side], row[side], text)}"


def _of_side(wanted: str | None, coded: str | None, text: Text) -> str:
    if wanted is None:
        return "somebody where gold has nobody"
    if wanted.startswith("Unidentified"):
        return "unidentified in gold, coded as a name or nobody"
    if wanted.startswith(_UNARMED):
        return "the unarmed, coded as somebody else"
    named = {main_actor(actor.kb_id_)[0] for actor in mentions_of(text.doc, "ACTOR")}
    if not any(same_name(name, wanted) for name in named) and not wanted.startswith(("Military", "Police")):
        return "a name that is not found in the text"
    if coded is None or coded.startswith("Unidentified"):
        return "named in the text, coded as unidentified or nobody"
    return "named in the text, another taken"


def _sort(row: Row) -> str:
    return "a total" if row["record_type"] == "aggregate" else f"an event ({row['event_type'] or 'no type'})"


if __name__ == "__main__":
    main()
