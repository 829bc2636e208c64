"""People with a name: soldiers by their rank ("Captain Musa"), and whom a later sentence only names ("Rooney")."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from spacy.tokens import Doc, Span, Token

from pipeline.annotate.actor_names import Found
from pipeline.lexicon import word_set

_PEOPLE = frozenset({"PERSON", "PER"})
_TITLES = frozenset({"appos", "nmod:desc"})
_VICTIMS = frozenset({"nsubj", "nsubj:pass", "obj"})


def ranked(doc: Doc, found: list[Found]) -> list[Found]:
    """Return soldiers told by a rank alone: "Captain Musa Danjuma", but not the captain of a ship."""
    known = {index for one in found for index in range(one.start, one.end)}
    introduced = {word for person, _ in _introductions(doc, found) for word in _names(person)}
    new = []
    for person in _people(doc):
        title = _rank(doc, person)
        if title is not None and title not in known and introduced.isdisjoint(_names(person)):
            new.append(Found(title, title + 1, "force", "Military Forces", 1, confidence=0.6))
    return new


def named_again(doc: Doc, found: list[Found]) -> list[Found]:
    """Return who is known from before and told by name alone: the Rooney of "Seán Rooney, an Irish peacekeeper"."""
    introduced = {word: (person, one) for person, one in _introductions(doc, found) for word in _names(person)}
    known = {index for one in found for index in range(one.start, one.end)}
    again = []
    for token in doc if introduced else ():
        if token.dep_ not in _VICTIMS or token.i in known:
            continue
        parts = [token, *(child for child in token.children if child.dep_ == "flat")]
        for person, one in [introduced[part.text] for part in parts if part.text in introduced][:1]:
            if token.i >= person.end and all(part.lower_ in person.text.lower() for part in parts):
                again.append(replace(one, start=token.i, end=token.i + 1, confidence=min(0.6, one.confidence)))
    return again


def _people(doc: Doc) -> Iterator[Span]:
    return (entity for entity in doc.ents if entity.label_ in _PEOPLE)


def _rank(doc: Doc, person: Span) -> int | None:
    """Return the token of a soldier's rank that opens a name or stands before it."""
    ranks, afloat = word_set("party_words.csv", "ranks"), word_set("party_words.csv", "ship")
    at = next((i for i in (person.start, person.start - 1) if i >= 0 and doc[i].lower_.rstrip(".") in ranks), None)
    if at is None or not doc[at].is_title or not afloat.isdisjoint(token.lower_ for token in doc[at].sent):
        return None
    return at


def _introductions(doc: Doc, found: list[Found]) -> Iterator[tuple[Span, Found]]:
    """Yield people whose title or apposition says whose they are."""
    owner = {index: one for one in found for index in range(one.start, one.end)}
    for person in _people(doc):
        root = person.root
        beside = [child.i for child in root.children if child.dep_ in _TITLES]
        beside += [root.head.i] * (root.dep_ == "appos") + [person.start - 1]
        one = next((owner[i] for i in beside if i in owner and not owner[i].plural), None)
        if one is not None:
            yield person, one


def _names(person: Span) -> list[str]:
    return [token.text for token in person if _is_name(token)]


def _is_name(token: Token) -> bool:
    return token.is_title and len(token) > 2 and token.lower_.rstrip(".") not in word_set("party_words.csv", "ranks")
