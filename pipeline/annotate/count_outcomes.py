"""What happened to whom: which words of a text were killed, wounded, detained ... by the syntax tree, or by what stands near.

The words that say so stand in data/knowledge/count_outcomes.csv; labels of the tree are those of Universal Dependencies v2.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict
from spacy.tokens import Doc, Token

from pipeline.knowledge import knowledge_path, read_table

Role = Literal["patient", "subject", "state", "of"]

REACH = 8  # words behind a verb within which its completing word must stand: "hacked six men ... to death"
UNREAL = frozenset({"could", "would", "can", "should", "will", "not", "n't", "never", "n’t"})


class OutcomeWords(BaseModel):
    """One row of count_outcomes.csv."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: str
    role: Role
    count_of: str
    needs: str = ""
    weak: bool = False
    qualifier: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to a word: `word` is the index of the token that says it; a smaller `distance` is surer."""

    count_of: str
    word: int
    weak: bool = False
    qualifier: str | None = None
    distance: int = 0


@dataclass(frozen=True, slots=True)
class _Entry:
    role: Role
    needs: frozenset[str]
    row: OutcomeWords


@cache
def _entries() -> dict[str, list[_Entry]]:
    table: dict[str, list[_Entry]] = {}
    for row in read_table(knowledge_path("count_outcomes.csv"), OutcomeWords):
        entry = _Entry(row.role, frozenset(filter(None, row.needs.split("|"))), row)
        for word in row.words.split("|"):
            table.setdefault(word, []).append(entry)
    return table


def outcomes_of(doc: Doc) -> dict[int, Outcome]:
    """Return, by token index, what the tree says happened to the people or things that the token names."""
    found: dict[int, Outcome] = {}
    if not doc.has_annotation("DEP"):
        return found
    for token in doc:
        for entry in _said_by(token):
            for patient, distance in _patients(token, entry.role):
                outcome = _outcome(entry, token, distance)
                known = found.get(patient.i)
                if known is None or outcome.distance < known.distance:
                    found[patient.i] = outcome
    return found


def outcome_near(doc: Doc, start: int, end: int, lower: int, upper: int) -> Outcome | None:
    """Return what the words next to tokens start..end say of them, looking no farther than lower..upper.

    For texts without a tree, headlines and telegram style: "four policemen were badly hurt", "killing six", "two dead".
    """
    return _behind(doc, end, upper) or _before(doc, start, lower)


_LINKS = frozenset("was were is are been being be have has had also reportedly others more people seriously lightly".split())


def _behind(doc: Doc, end: int, upper: int) -> Outcome | None:
    passive = False
    for i in range(end, min(end + 5, upper)):
        token = doc[i]
        for entry in _said_by(token):
            ends = i + 1 >= upper or not (doc[i + 1].is_alpha or doc[i + 1].like_num) or _is_link(doc[i + 1])
            if entry.role in {"subject", "state"} or (entry.role == "patient" and (passive or ends)):
                return _outcome(entry, token, 3)
        if not _is_link(token):
            return None
        passive = passive or token.lower_ in {"was", "were", "been", "being", "are", "is"}
    return None


def _before(doc: Doc, start: int, lower: int) -> Outcome | None:
    for i in range(start - 1, max(start - 3, lower) - 1, -1):
        token = doc[i]
        passive = i > lower and doc[i - 1].lower_ in {"was", "were", "been", "being", "be"}
        for entry in _said_by(token):
            if entry.role == "patient" and not passive:
                return _outcome(entry, token, 3)
        if not token.is_alpha or token.is_title:
            return None
    return None


def _is_link(token: Token) -> bool:
    return token.lower_ in _LINKS or token.tag_ == "RB" or token.pos_ == "ADP"


def _said_by(token: Token) -> Iterator[_Entry]:
    entries = _entries().get(token.lower_)
    if not entries or any(child.lower_ in UNREAL for child in token.lefts):
        return
    for entry in entries:
        if not entry.needs or _completed(token, entry.needs):
            yield entry


def _completed(token: Token, needs: frozenset[str]) -> bool:
    doc = token.doc
    for i in range(token.i + 1, min(token.i + 1 + REACH, len(doc))):
        if doc[i].lower_ in needs:
            return True
        if doc[i].is_sent_start or doc[i].text in {";", "\n"}:
            return False
    return False


def _outcome(entry: _Entry, token: Token, distance: int) -> Outcome:
    return Outcome(entry.row.count_of, token.i, entry.row.weak, entry.row.qualifier, distance)


def _patients(token: Token, role: Role) -> Iterator[tuple[Token, int]]:
    """Yield the words that a word of this role tells of, with how indirectly it does."""
    for noun, distance in _direct_patients(token, role):
        yield noun, distance
        for other in noun.subtree if noun.n_rights else ():
            if other.dep_ == "conj" and _joined_to(other, noun) and other.lower_ not in _entries():
                yield other, distance + 1


def _joined_to(token: Token, noun: Token) -> bool:
    """Say whether only "and" and commas lie between two nouns of the tree."""
    while token.dep_ == "conj" and token.head.i != token.i:
        token = token.head
        if token.i == noun.i:
            return True
    return False


def _direct_patients(token: Token, role: Role) -> Iterator[tuple[Token, int]]:
    if role == "of":
        yield from ((child, 1) for child in token.children if _is_complement(child))
        return
    objects = [child for child in token.children if child.dep_ in {"obj", "iobj"}]
    if role == "patient" and objects:
        yield from ((noun, 0) for noun in objects)
        return
    if role == "patient" and token.tag_ in {"VB", "VBP", "VBZ", "VBG"}:
        return  # active, and the tree gives no object
    subjects = list(_subjects(token))
    yield from ((noun, 0) for noun in subjects)
    if not subjects:
        yield from _by_place_in_tree(token, role)


def _is_complement(child: Token) -> bool:
    cases = {grandchild.lower_ for grandchild in child.children if grandchild.dep_ == "case"}
    return child.dep_.startswith(("nmod", "obl")) and bool(cases & {"of", "to"})


def _subjects(token: Token) -> Iterator[Token]:
    """Yield the subjects of a verb; a relative pronoun stands for the noun that its clause describes."""
    for child in token.children:
        if not child.dep_.startswith("nsubj"):
            continue
        if child.lower_ in {"who", "that", "which", "whom"} and token.dep_ in {"acl:relcl", "acl"}:
            yield token.head
        else:
            yield child


def _by_place_in_tree(token: Token, role: Role) -> Iterator[tuple[Token, int]]:
    head = token.head
    if token.dep_ in {"acl", "amod", "acl:relcl"} and role != "of":
        yield head, 2
    elif token.dep_ in {"xcomp", "ccomp", "advcl", "obl"} and role == "state":
        yield from ((child, 1) for child in head.children if child.dep_ in {"obj", "nsubj:pass"})
    elif token.dep_ == "xcomp":
        yield from ((noun, 1) for noun in _subjects(head))
    elif token.dep_ == "conj" and token.head.lower_ in _entries() and not any(c.dep_ == "obj" for c in head.children):
        yield from ((noun, 1) for noun in _subjects(head))
