"""What the language model adds to the rules: words that no trigger covers, words that mislead, and the type.

The model was taught on sentences (data/annotations), never on the gold texts, so these thresholds could be set on gold.
Without scores (another language model) the rules stand alone.
"""

from __future__ import annotations

from spacy.tokens import Span, Token

from pipeline import lexicon
from pipeline.encode.event_types import ARMED
from pipeline.encode.mentions import MentionIndex
from pipeline.encode.standing import lemmas_of
from pipeline.event_scores import KINDS, NO_EVENT, EventScores
from pipeline.mentions import mention_of
from pipeline.taxonomy import SUB_EVENT_TYPES

_TELLING = frozenset({"VERB", "NOUN", "PROPN", "ADJ"})
# From this probability on a word without a trigger tells an event.
TELLS = 0.65
# Below these a trigger tells none: of the word, and of its sentence.
WORD_DOUBT, SENTENCE_DOUBT = 0.1, 0.1
VICTIMS = frozenset({"fatalities", "injuries", "abducted", "detained"})
SEXUAL, CHEMICAL = "Sexual violence", "Chemical weapon"
# The model's type takes the place of the rules' where it is that sure, and holds theirs for that unlikely.
TYPE_SURE, TYPE_DOUBT = 0.5, 0.2


def untriggered(sentence: Span, index: MentionIndex, told: set[int]) -> list[tuple[Span, str]]:
    """Return the words that tell an event though no sense of a trigger does, with its sub-event type.

    told (set[int]): Tokens of the triggers that have a sense here.
    """
    if index.scores is None:
        return []
    found: list[tuple[Span, str]] = []
    before = -1  # the last word that tells an event: in "set fire" the first one stands for both
    doc = sentence.doc
    for token in range(sentence.start, sentence.end):
        if token in told:
            before = token
        elif index.scores.tells(token) >= TELLS and doc[token].pos_ in _TELLING:
            kind, share = best_type(index.scores.word(token))
            harmless = kind == CHEMICAL and _is_chemistry(sentence, index)
            # What "other" events are, rules tell; "fell into an ambush" is told by the noun.
            by_rules = kind == "Other" or before == token - 1 or _leads_into(doc[token], told)
            if share >= TELLS and not (by_rules or harmless):
                found.append((doc[token : token + 1], kind))
            before = token
    return found


def _leads_into(verb: Token, told: set[int]) -> bool:
    lends = verb.lemma_ in lexicon.word_lists("light_verbs.csv")["into"]
    return lends and any(child.i in told for child in verb.children)


def misleads(trigger: Token, sentence: Span, index: MentionIndex) -> bool:
    """Return whether the model holds a trigger for no event, where nobody is counted hurt, armed or shot at."""
    if index.scores is None or not _is_doubted(trigger, index.scores):
        return False
    told = 1 - index.scores.sentence(sentence).get(NO_EVENT, 0.0)
    return told < SENTENCE_DOUBT and not (_is_at_war(sentence, index) or index.in_sentence(sentence, "WEAPON"))


def _is_chemistry(sentence: Span, index: MentionIndex) -> bool:
    """Return whether mere chemicals, no poison gas, are told of: "iodine released from these chemicals into milk"."""
    weapons = {weapon.root.lemma_.lower() for weapon in index.in_sentence(sentence, "WEAPON")}
    return weapons == {"chemical"} and not _is_at_war(sentence, index)


def _is_at_war(sentence: Span, index: MentionIndex) -> bool:
    """Return whether a sentence counts victims or names somebody armed."""
    harmed = any(mention_of(c).count_of in VICTIMS for c in index.in_sentence(sentence, "COUNT"))
    return harmed or any(mention_of(a).inter in ARMED for a in index.in_sentence(sentence, "ACTOR"))


def yields(trigger: Token, sentence: Span, index: MentionIndex) -> bool:
    """Return whether the model holds a trigger for no event and is sure of another one in the sentence.

    For words like "entered" and "left": who took or gave up ground, but more often where somebody merely went.
    """
    if index.scores is None or not _is_doubted(trigger, index.scores):
        return False
    return any(index.scores.tells(other.root.i) >= TELLS for other in index.in_sentence(sentence, "TRIGGER"))


def _is_doubted(trigger: Token, scores: EventScores) -> bool:
    return scores.tells(trigger.i) < WORD_DOUBT


def opinion(trigger: Token, sentence: Span, index: MentionIndex) -> dict[str, float]:
    """Return the probability of each of KINDS, by the word and its sentence together; empty if nothing is known."""
    if index.scores is None:
        return {}
    word, whole = index.scores.word(trigger.i), index.scores.sentence(sentence)
    shares = {name: (word[name] + whole[name]) / 2 for name in KINDS}
    if shares[SEXUAL] and not lemmas_of(sentence) & lexicon.word_set("context_words.csv", "sexual"):
        shares[SEXUAL] = 0.0  # "physically assaulted"
    return shares


def surer_type(kind: str, shares: dict[str, float]) -> str | None:
    """Return the sub-event type of which the model is sure where it holds that of the rules for unlikely, else None."""
    if not shares:
        return None
    best, share = best_type(shares)
    return best if share >= TYPE_SURE and shares[kind] <= TYPE_DOUBT else None


def best_type(scores: dict[str, float]) -> tuple[str, float]:
    """Return the likeliest sub-event type and its probability."""
    return max(((kind, scores[kind]) for kind in SUB_EVENT_TYPES), key=lambda pair: pair[1])
