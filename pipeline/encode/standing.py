"""Did it happen, and who says so: the standing of a trigger in its sentence.

Plans, threats, conditions, denials, drills and commemorations are no events (ACLED codebook, "what is not coded");
hedges and attribution grade the certainty of the others.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from spacy.attrs import LEMMA
from spacy.tokens import Doc, Span, Token

from pipeline import lexicon
from pipeline.encode.arguments import case_of

_CLAUSE_RELATIONS = ("ccomp", "xcomp", "advcl", "acl", "acl:relcl", "csubj", "parataxis", "conj", "csubj:pass")


@dataclass(slots=True)
class Standing:
    """Whether a trigger's event is told as real, and how sure the text is of it."""

    real: bool = True
    denied: bool = False
    certainty: str = "asserted"


def standing(trigger: Token) -> Standing:
    """Walk from the trigger to the root of its sentence and collect what changes its standing."""
    result = Standing()
    node, steps = trigger, 0
    while steps < 12:
        steps += 1
        _read_modifiers(node, result, own=node == trigger)
        if node.head == node or not result.real or (node == trigger and _is_presupposed(trigger)):
            break
        if not _step_up(node, trigger, result):
            break
        node = node.head
    if result.certainty == "asserted" and _is_attributed(trigger.sent, trigger):
        result.certainty = "attributed"
    return result


def _read_modifiers(node: Token, result: Standing, own: bool) -> None:
    if _is_to_come(node):
        result.real = False
    for child in node.children:
        word = child.lower_
        if child.dep_ in ("advmod", "det", "cc:preconj") and word in words("negation") and not _is_comparison(child):
            result.real, result.denied = False, True
        elif child.dep_.startswith("nsubj") and any(
            g.dep_ == "det" and g.lower_ in words("negation") for g in child.children
        ):
            result.real, result.denied = False, True
        elif child.dep_.startswith("nsubj") and word in ("nobody", "none"):
            result.real, result.denied = False, True
        elif child.dep_ in ("case", "mark") and word == "without" and own:
            result.real, result.denied = False, True
        elif child.dep_ in ("aux", "aux:pass") and word in words("modal"):
            if _is_perfect(node):
                result.certainty = "likely"
            else:
                result.real = False
        elif child.dep_ == "mark" and word in words("condition"):
            result.real = False
        elif child.dep_ in ("advmod", "amod") and child.lemma_.lower() in words("alleged"):
            result.certainty = "alleged"
        elif child.dep_ in ("advmod", "amod") and child.lemma_.lower() in words("likely"):
            result.certainty = "likely"
        elif child.dep_ in ("amod", "compound") and own and child.lemma_.lower() in words("unreal"):
            result.real = word == "warning"  # a warning shot or strike was made
        elif (
            child.dep_ == "obj"
            and own
            and any(c.dep_ == "amod" and c.lemma_.lower() in words("unreal") for c in child.children)
        ):
            result.real = False  # "foiled a planned attack"


def _step_up(node: Token, trigger: Token, result: Standing) -> bool:
    """Judge the step from a node to its head; return whether to go on."""
    head, relation = node.head, node.dep_
    lemma = head.lemma_.lower()
    nominal = relation.startswith(("obl", "nmod", "obj", "appos"))
    if relation == "advcl" and _is_when(node, head):
        return False
    if nominal and set(case_of(node).split()) & words("presupposing"):
        return False
    if relation == "nsubj:pass" and lemma in words("unreal"):
        result.real = False  # "the march was called off"
    if relation.startswith("nsubj") and head.pos_ == "VERB":
        # "a strike could trigger a war": an indefinite subject of a modal verb is as unreal as the verb.
        if trigger == node and not is_definite(node):
            _read_modal(head, result)
        return False
    if (
        relation in _CLAUSE_RELATIONS
        and relation != "conj"
        and _is_infinitive(node)
        and lemma not in words("infinitive")
    ):
        result.real = False
    elif (relation in ("ccomp", "xcomp", "acl") or nominal) and lemma in words("unreal"):
        result.real = False
    elif (relation in ("ccomp", "xcomp", "acl") or nominal) and lemma in words("denial"):
        result.real, result.denied = False, True
    elif relation in ("ccomp", "xcomp") and lemma in words("likely"):
        result.certainty = "likely"
    elif lemma in words("accusing") and nominal and in_context(lemmas_of(head.sent), "trial"):
        result.real = False  # "resumed the trial of officers accused of the murder of villagers"
    elif lemma == "accuse" and (relation in ("advcl", "xcomp") or nominal):
        result.certainty = "alleged"
    elif relation == "ccomp" and lemma in words("attribution") and _is_taken_back(head):
        result.real, result.denied = False, True
    elif relation == "ccomp" and lemma in words("attribution"):
        if result.certainty == "asserted":
            result.certainty = "attributed"
    return not (nominal and head.pos_ == "VERB" and relation.startswith("obl"))


def _is_when(clause: Token, head: Token) -> bool:
    """Return whether a clause tells when something past was, or was not: "No one was hurt when rockets landed"."""
    marks = {child.lower_ for child in clause.children if child.dep_ in ("mark", "advmod")}
    past = head.tag_ in ("VBD", "VBN") and not any(
        c.dep_ == "aux" and c.lower_ in words("modal") for c in head.children
    )
    return past and bool(marks & {"when", "as", "after"})


def _read_modal(verb: Token, result: Standing) -> None:
    if _is_to_come(verb) or any(c.dep_ == "aux" and c.lower_ in words("modal") for c in verb.children):
        result.real = False


def _is_to_come(verb: Token) -> bool:
    """Return whether a form of "be" before "to" puts a verb off: "rallies are to be held"."""
    before = [
        child.lemma_ for child in verb.children if child.dep_.startswith(("aux", "cop", "mark")) and child.i < verb.i
    ]
    return any(pair == ("be", "to") for pair in pairwise(before))


def _is_taken_back(saying: Token) -> bool:
    """Return whether who says it takes it back: "claimed that three were killed, then withdrew the post"."""
    return any(c.lemma_.lower() in words("retraction") and not _has_subject(c) for c in saying.children)


def _is_attributed(sentence: Span, trigger: Token) -> bool:
    attributing = words("attribution")
    lemmas = _lemmas(sentence.doc)
    for number in range(sentence.start, sentence.end):
        if lemmas[number] not in attributing and not lemmas[number].startswith("accord"):
            continue
        token = sentence.doc[number]
        if token.lower_ == "according":
            return True
        if token.dep_ == "parataxis" and _has_subject(token):
            return True
        told = [c for c in token.children if c.dep_ in ("ccomp", "parataxis")]
        if token.dep_ == "ROOT" and _has_subject(token) and any(c == trigger or c.is_ancestor(trigger) for c in told):
            return True
    return False


def lemmas_of(text: Span | Doc) -> frozenset[str]:
    """Return the different lemmas of a text, lower-case."""
    if isinstance(text, Doc):
        return frozenset(_lemmas(text))
    return frozenset(_lemmas(text.doc)[text.start : text.end])


def lemmas_beside(words: Span) -> frozenset[str]:
    """Return the different lemmas of the sentence of some words, lower-case, without their own."""
    sentence, lemmas = words.sent, _lemmas(words.doc)
    return frozenset(lemmas[sentence.start : words.start] + lemmas[words.end : sentence.end])


@lru_cache(maxsize=1)  # one text after another is asked for, sentence by sentence
def _lemmas(doc: Doc) -> list[str]:
    keys = doc.to_array(LEMMA).tolist()
    lower = {key: doc.vocab.strings[key].lower() for key in set(keys)}
    return [lower[key] for key in keys]


def in_context(lemmas: frozenset[str], effect: str, words_needed: int = 1) -> bool:
    """Return whether a text has so many different words of an effect: `drill`, `past`, `figurative`, `disaster`."""
    return len(lemmas & words(effect)) >= words_needed


def words(effect: str) -> frozenset[str]:
    """Return the words of factuality.csv that have an effect."""
    return lexicon.word_set("factuality.csv", effect)


def _has_subject(token: Token) -> bool:
    return any(child.dep_.startswith("nsubj") for child in token.children)


def _is_infinitive(token: Token) -> bool:
    return any(child.lower_ == "to" and child.dep_ in ("mark", "aux") for child in token.children)


def _is_perfect(token: Token) -> bool:
    """Return whether "have" stands among the auxiliaries: "may have been hit" is a hedge, not a plan."""
    return any(child.dep_ == "aux" and child.lemma_ == "have" for child in token.children)


def _is_comparison(token: Token) -> bool:
    """Return whether "no" or "not" only opens a bound: "no fewer than 35"."""
    after = token.doc[token.i + 1 : token.i + 2].text.lower()
    return after in ("fewer", "less", "more", "later", "only")


def _is_presupposed(trigger: Token) -> bool:
    """Return whether the words take the event for granted, whatever the clause says: "failed to answer the raid"."""
    return trigger.pos_ == "NOUN" and is_definite(trigger)


def is_definite(token: Token) -> bool:
    """Return whether an article or pronoun says that the reader knows which one is meant."""
    return any(c.dep_ == "det" and c.lower_ in ("the", "this", "that", "these", "those") for c in token.children)
