"""What numbers without a noun point back to: "eleven of them", "two of whom", "the council insists on 23"."""

from __future__ import annotations

from collections.abc import Iterator

from spacy.tokens import Doc, Token

from pipeline.annotate.count_phrases import (
    INCIDENTS,
    PRONOUNS,
    NumberPhrase,
    is_incident,
    is_plural,
    noun_classes,
    start_of_sentence,
)

# Verbs of incidents, not of people or things: by their subjects, and by their objects.
HAPPENING = frozenset(
    {
        "happen",
        "occur",
        "take",
        "record",
        "report",
        "register",
        "log",
        "document",
        "carry",
        "conduct",
        "commit",
        "involve",
        "target",
        "pit",
        "cause",
        "originate",
        "affect",
        "result",
        "damage",
    }
)
COUNTING = frozenset({"record", "register", "log", "document", "count", "tally", "list"})
# Verbs whose object happened: "Balochistan saw 23", "of these the army carried out six".
_HAVING = frozenset({"see", "suffer", "have", "launch", "stage", "mount", "deliver", "conduct", "carry"})
# Verbs by which a clause gives the number of its subject, or of its object.
AMOUNTING = frozenset(
    {
        "reach",
        "stand",
        "rise",
        "climb",
        "grow",
        "jump",
        "soar",
        "fall",
        "drop",
        "decline",
        "come",
        "total",
        "number",
        "exceed",
        "pass",
        "amount",
    }
)
_PUTTING = frozenset({"put", "estimate"})
_COMPARING = frozenset({"account", "compare"})  # verbs of a share, and of another period's figure
WHERE = frozenset({"in", "at", "across", "from", "over"})
_HOW = frozenset({"by", "with", "on", "against"})
NEXT_ITEM = 16  # words between two figures of a list
SENTENCES_BACK, WORDS_BACK = 4, 150  # how far back "eleven of them" may point
NOUN_BACK = 40  # words back to the noun of "they recorded 23 of them"


def _is_where(noun: Token, cases: frozenset[str] = WHERE) -> bool:
    """Say whether a noun only tells where: "30 incidents in the four states"."""
    return any(child.dep_ == "case" and child.lower_ in cases for child in noun.children)


def _is_of_incidents(doc: Doc, phrase: NumberPhrase) -> bool:
    """Say whether a number is said to have happened: "four of the seven happened in Jos", "eleven were bombings".

    Also what somebody counted ("in 2023 they recorded 1,548"), and a share ("Duhok accounted for 740 of these").
    """
    subject = doc[phrase.start : phrase.end].root
    told = subject.head
    if phrase.head is None and _opens_with_share(doc, phrase):
        return True
    if subject.dep_ == "obj" and phrase.head is None:
        return told.lemma_ in COUNTING | _HAVING
    if subject.dep_ == "obl":
        return told.lemma_ in _COMPARING
    if not subject.dep_.startswith("nsubj"):
        return False
    if any(child.dep_ == "cop" for child in told.children):
        return _is_where(told, WHERE - {"from"}) or noun_classes().get(told.lower_) == "incident"
    return told.lemma_ in HAPPENING


def is_counted(doc: Doc, phrase: NumberPhrase) -> bool:
    """Say whether somebody counted so many of what is told before: "a monitor has recorded 23 of them"."""
    counted = doc[phrase.start : phrase.end].root
    left_out = phrase.partitive_pronoun or phrase.head is None
    return left_out and counted.dep_ == "obj" and counted.head.lemma_ in COUNTING


def _opens_with_share(doc: Doc, phrase: NumberPhrase) -> bool:
    """Say whether a sentence begins with "of these": "of these we grade 19 as probable"."""
    start = start_of_sentence(doc, phrase.start)
    return doc[start].lower_ == "of" and doc[start + 1].lower_ in PRONOUNS


def noun_of_amount(number: Token) -> Token | None:
    """Return the noun of incidents whose number a clause gives: "demolitions reached 113", "puts lynchings at 89"."""
    verb = number.head
    if verb.lemma_ in AMOUNTING and number.dep_.startswith(("obj", "obl", "nmod", "xcomp")):
        nouns = [child for child in verb.children if child.dep_ in ("nsubj", "nsubj:pass")]
    elif verb.lemma_ in _PUTTING and number.dep_.startswith(("obl", "nmod")):
        nouns = [child for child in verb.children if child.dep_ in ("obj", "nsubj:pass")]
    else:
        return None
    return next((noun for noun in nouns if is_incident(noun) and is_plural(noun)), None)


def noun_meant(doc: Doc, i: int) -> Token | None:
    """Return the noun of incidents without a number that "they recorded 23 of them" takes up at a token."""
    before = reversed(doc[max(0, i - NOUN_BACK) : i])
    return next((token for token in before if is_incident(token) and is_plural(token)), None)


class Antecedent:
    """What the last numbers counted, for numbers that leave their noun out: "Eleven of them"."""

    def __init__(self) -> None:
        self.kind: str | None = None
        self.index = -1
        self.incidents = -1  # where incidents were counted last
        self.casualties: list[tuple[int, str]] = []

    def last_told(self, doc: Doc, phrase: NumberPhrase) -> str | None:
        """Return what the last count of casualties was of, in the sentence or the one before."""
        if not self.casualties:
            return None
        i, of = self.casualties[-1]
        between = doc[i + 1 : phrase.start]
        return of if sum(1 for token in between if token.is_sent_start) <= 1 else None

    def see(self, doc: Doc, phrase: NumberPhrase, count_of: str | None) -> None:
        """Take note of a number, of what it counts and what happened to the counted."""
        if phrase.head is not None and (phrase.kind in INCIDENTS or not _is_where(doc[phrase.head])):
            self.kind, self.index = phrase.kind, phrase.start
        if count_of == "incidents":
            self.incidents = phrase.start
        if count_of not in {"incidents", "munitions", None}:
            self.casualties.append((phrase.start, count_of))

    def is_incident(self, doc: Doc, phrase: NumberPhrase) -> bool:
        """Say whether the noun left out is that of incidents counted close before.

        Where other things were counted since then, the words must be those of incidents: "44 were reported".
        """
        last = self.index if self.kind in INCIDENTS else -1
        if self.incidents > last and (self._goes_on(doc, phrase) or _is_of_incidents(doc, phrase)):
            last = self.incidents
        between = doc[last : phrase.start]
        near = len(between) < WORDS_BACK and sum(1 for token in between if token.is_sent_start) <= SENTENCES_BACK
        return last >= 0 and near

    def casualties_since(self, i: int) -> bool:
        """Say whether casualties were counted behind a token."""
        return self._last_casualties > i

    def in_this_sentence(self, doc: Doc, phrase: NumberPhrase) -> bool:
        """Say whether incidents were counted in the sentence: "the fifth blast in Malmö and the 28th in Sweden"."""
        return self.incidents >= start_of_sentence(doc, phrase.start)

    def counts_incidents(self) -> bool:
        """Say whether incidents were counted later than casualties."""
        return self.incidents > self._last_casualties

    @property
    def _last_casualties(self) -> int:
        return self.casualties[-1][0] if self.casualties else -1

    def _goes_on(self, doc: Doc, phrase: NumberPhrase) -> bool:
        """Say whether a number goes on with that of incidents: "20 of them in Benue and at least six in Plateau"."""
        between = doc[self.incidents : phrase.start]
        joined = "and" in {token.lower_ for token in between[-2:]} or between[-1:].text == ","
        return (
            joined
            and self.counts_incidents()
            and len(between) <= NEXT_ITEM
            and phrase.end < len(doc)
            and doc[phrase.end].lower_ in WHERE | _HOW
        )

    def told(self, doc: Doc, phrase: NumberPhrase, count_of: str | None = None) -> bool:
        """Say whether a count of casualties, or of one sort of them, stands earlier in the sentence."""
        return any(count_of in {None, of} for of in self._in_sentence(doc, phrase))

    def last_casualty(self, doc: Doc, phrase: NumberPhrase) -> str | None:
        """Return what the last count of casualties in the sentence was of."""
        return next(self._in_sentence(doc, phrase), None)

    def _in_sentence(self, doc: Doc, phrase: NumberPhrase) -> Iterator[str]:
        start = start_of_sentence(doc, phrase.start)
        for i, of in reversed(self.casualties):
            if i < start:
                return
            yield of
