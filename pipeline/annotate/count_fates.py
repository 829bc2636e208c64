"""Fates: which of the things that happened belongs to which number phrase, also where a list shares one verb."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc

from pipeline.annotate.count_outcomes import Outcome, outcome_near, outcome_of_next_verb, says_outcome
from pipeline.annotate.count_phrases import NumberPhrase, end_of_sentence, noun_classes, start_of_sentence

PEOPLE = frozenset({"person", "participant"})  # classes of nouns that something can happen to
JOINERS = frozenset({"and", ",", "or", "&"})
CLAUSE_ENDS = frozenset(".,;:()—–!?")
LIST_REACH = 12  # words between the members of a list


def fates_of(doc: Doc, phrases: list[NumberPhrase], outcomes: dict[int, Outcome]) -> list[Outcome | None]:
    """Return what happened to the counted of each phrase; members of a list share what is said of one of them."""
    fates = [_fate(doc, phrase, outcomes) for phrase in phrases]
    said = dict(outcomes)
    for n, phrase in enumerate(phrases):
        if fates[n] is None and phrase.kind in {*PEOPLE, None} and not phrase.partitive_pronoun:
            fates[n] = _of_list_before(doc, phrase, said)
        if (fate := fates[n]) is not None:
            said.update(dict.fromkeys(range(phrase.start, phrase.end), fate))
    for n, phrase in enumerate(phrases):
        if fates[n] is None and phrase.kind in PEOPLE:
            fates[n] = _of_list_behind(doc, phrase, said)
    for i, outcome in outcomes.items():
        meant = _meant_by_them(doc, i, phrases) if doc[i].lower_ in {"them", "they"} and not outcome.weak else None
        if meant is not None and (fates[meant] is None or outcome.count_of == "fatalities"):
            fates[meant] = outcome
    for i in _bodies(doc):
        meant = _meant_by_them(doc, i, phrases)
        fate = fates[meant] if meant is not None else None
        if meant is not None and (fate is None or fate.count_of == "abducted"):
            fates[meant] = Outcome("fatalities", i, distance=1)
    return fates


def _bodies(doc: Doc) -> Iterator[int]:
    """Yield where the bodies of people counted before are told of: "stoned them and burned the bodies"."""
    for token in doc[1:-1]:
        if token.lower_ in {"bodies", "corpses"} and token.nbor().lower_ not in {"of", "were"}:
            if token.nbor(-1).lower_ in {"their", "the"} and token.dep_ == "obj":
                yield token.i


def _meant_by_them(doc: Doc, i: int, phrases: list[NumberPhrase]) -> int | None:
    """Return which phrase a pronoun takes up in its sentence: "stopped two men and burned them alive"."""
    start = start_of_sentence(doc, i)
    before = [n for n, phrase in enumerate(phrases) if start <= phrase.start < i and phrase.kind in PEOPLE]
    return before[-1] if before and (phrases[before[-1]].quantity.value or 0) > 1 else None


def _fate(doc: Doc, phrase: NumberPhrase, outcomes: dict[int, Outcome]) -> Outcome | None:
    """Return what happened to the counted: by the words next to it, by the tree, by the next verb."""
    if phrase.kind in {"thing", "incident", "occasion", "munition"}:
        return None
    if phrase.quantity.value == 0 and phrase.head is not None and phrase.kind is None:
        return None  # "without trial"
    lower, upper = start_of_sentence(doc, phrase.start), end_of_sentence(doc, phrase.end - 1)
    near = outcome_near(doc, phrase.start, phrase.end, lower, upper)
    own = outcomes.get(phrase.start)
    if phrase.partitive and near is not None and own is not None and own.count_of == "fatalities":
        return own  # "two of the four soldiers wounded on Tuesday died"
    if near is not None and not (near.weak and phrase.head is None and not phrase.partitive):
        return near
    inside = (outcomes[i] for i in _head_first(phrase) if i in outcomes and outcomes[i].word not in _own_words(phrase))
    fate = near or next(inside, None) or _passed_on(doc, phrase, outcomes)
    return fate or (outcome_of_next_verb(doc, phrase.end, upper) if phrase.kind in PEOPLE else None)


def _of_list_before(doc: Doc, phrase: NumberPhrase, said: dict[int, Outcome]) -> Outcome | None:
    """Return the fate of the list that a phrase goes on with: "killed a commander, two of his men and five others"."""
    i = phrase.start - 1
    if i < 1 or doc[i].lower_ not in JOINERS or _is_subject(doc, phrase.end):
        return None
    if says_outcome(doc[i - 1]) or (doc[i - 1].text == "," and i > 1 and says_outcome(doc[i - 2])):
        return None  # "seven dead, and four people"
    for j in range(i - 1, max(i - LIST_REACH, 0), -1):
        if j in said:
            return said[j] if said[j].word < j else None
        if doc[j].tag_.startswith("VB") or doc[j].text in {";", ":", "("}:
            return None
    return None


def _of_list_behind(doc: Doc, phrase: NumberPhrase, said: dict[int, Outcome]) -> Outcome | None:
    """Return the fate of the list that a phrase begins: "ten guards and the driver killed"."""
    i = phrase.end
    if i + 1 >= len(doc) or doc[i].lower_ not in JOINERS:
        return None
    following = (said[j] for j in range(i + 1, min(i + LIST_REACH // 2, len(doc))) if j in said and said[j].word > j)
    return next(following, None)


def _is_subject(doc: Doc, i: int) -> bool:
    """Say whether a verb of its own follows before the clause ends: ", two witnesses said"."""
    for token in doc[i : i + LIST_REACH]:
        if token.text in CLAUSE_ENDS or token.is_sent_start:
            return False
        if token.tag_ in {"VBD", "VBZ", "VBP", "MD"}:
            return True
    return False


def _head_first(phrase: NumberPhrase) -> Iterator[int]:
    if phrase.head is not None:
        yield phrase.head
    yield from range(phrase.start, phrase.end)


def _own_words(phrase: NumberPhrase) -> range:
    """Return the words whose outcome says nothing of the phrase: "wounded" in "two wounded soldiers" does."""
    return range(0) if phrase.kind in PEOPLE else range(phrase.start, phrase.end)


def _passed_on(doc: Doc, phrase: NumberPhrase, outcomes: dict[int, Outcome]) -> Outcome | None:
    """Return the outcome of "a group" for "a group of five men" or "a family of six"."""
    counted = doc[phrase.end - 1 if phrase.head is None else phrase.head]
    if counted.dep_ != "nmod":
        return None
    whole = counted.head
    return outcomes.get(whole.i) if noun_classes().get(whole.lower_) == "group" else None
