"""Which sense a trigger has: the first row of triggers.csv that its arguments and its sentence allow."""

from __future__ import annotations

from functools import cache

from spacy.tokens import Span, Token

from pipeline import lexicon
from pipeline.encode.arguments import Arguments
from pipeline.encode.event_types import ARMED, CROWD, STATE
from pipeline.encode.mentions import MentionIndex
from pipeline.encode.standing import lemmas_beside
from pipeline.mentions import mention_of

# What the object must be where anything will do ("dispersed the march", not "the marchers dispersed").
ANYTHING = "any"


def choose_sense(trigger: Span, roles: Arguments, index: MentionIndex) -> lexicon.TriggerRow | None:
    """Return the row that fits, or None where no sense does; its frame `none` says that nothing is reported."""
    for row in _senses(trigger.kb_id_):
        if row.near and not context_words(row.near) & lemmas_beside(trigger):
            continue
        if row.subject and not any(row.subject in classes(token, index) for token in roles.agents):
            continue
        if row.object == ANYTHING and not roles.patients:
            continue
        if row.object not in (None, ANYTHING) and not any(
            row.object in classes(token, index) for token in roles.patients + roles.targets
        ):
            continue
        return row
    return None


def is_figurative(trigger: Span) -> bool:
    """Return whether a trigger is also a figure of speech: one of its senses evokes a weak frame."""
    return any(lexicon.frames()[row.frame].kind == "weak" for row in _senses(trigger.kb_id_))


def _senses(key: str) -> list[lexicon.TriggerRow]:
    """Return the senses of a pattern, then those of the verb that it begins with ("take from", "take")."""
    words, pos = key.rsplit(".", 1)
    rows = lexicon.senses().get(key, [])
    if pos == "V" and " " in words:
        rows = rows + lexicon.senses().get(f"{words.split(' ')[0]}.V", [])
    return rows


def classes(token: Token, index: MentionIndex) -> frozenset[str]:
    """Return the classes of an argument: what its mentions and its noun say it is."""
    if token.i not in index.classes:
        index.classes[token.i] = frozenset(_classes(token, index))
    return index.classes[token.i]


def _classes(token: Token, index: MentionIndex) -> set[str]:
    found: set[str] = set()
    actor = index.actor_of(token)
    if actor is not None:
        found |= actor_classes(mention_of(actor).inter)
        if mention_of(actor).inter in CROWD:
            found.add("protesters")
    if index.covering(token, "PLACE"):
        found |= {"place", "named"}
    weapon = index.covering(token, "WEAPON")
    if weapon is not None:
        found |= {"weapon", weapon.kb_id_}
    lemma = token.lemma_.lower()
    found |= {name for name, members in noun_classes().items() if lemma in members}
    if "crowd" in found:
        found.add("person")
    if "person" in found and not found & {"armed"}:
        found.add("civilian")
    if "place_noun" in found:
        found.add("place")
    return found


def actor_classes(inter: int | None) -> set[str]:
    """Return the classes of an actor type."""
    if inter in ARMED:
        return {"armed", "person"} if inter in STATE else {"armed", "person", "non_state"}
    if inter in CROWD:
        return {"crowd", "person"}
    return {"civilian", "person"} if inter == 7 else set()


@cache
def noun_classes() -> dict[str, frozenset[str]]:
    """Return the classes of common nouns."""
    return {name: frozenset(members) for name, members in lexicon.word_lists("noun_classes.csv").items()}


def context_words(name: str) -> frozenset[str]:
    """Return one list of context_words.csv."""
    return lexicon.word_set("context_words.csv", name)
