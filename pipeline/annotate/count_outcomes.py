"""What happened to whom: which words were killed, wounded, detained ..., by the syntax tree or by what stands near.

The words that say so stand in data/knowledge/count_outcomes.csv; the tree's labels are Universal Dependencies v2.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Literal

from pydantic import BaseModel, ConfigDict
from spacy.tokens import Doc, Token

from pipeline.knowledge import knowledge_path, read_table

Role = Literal["patient", "subject", "state", "of"]
Weak = Literal["", "number", "people"]  # said of people alone, and, for "number", only with a number

REACH = 8  # words behind a verb within which its completing word must stand: "hacked six men ... to death"
SHORT_REACH = 4  # words before: "claimed the lives"
FAR_REACH = 12  # words from a subject to its verb
UNREAL = frozenset({"could", "would", "can", "should", "will", "not", "n't", "never", "n’t"})


_OTHER_DAYS = ("sept", "yesterday", "today", "tomorrow", "tonight", "overnight")
DAYS_AND_MONTHS = frozenset(
    name.lower()
    for names in (calendar.month_name, calendar.month_abbr, calendar.day_name, calendar.day_abbr, _OTHER_DAYS)
    for name in names
    if name
)


class OutcomeWords(BaseModel):
    """One row of count_outcomes.csv."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    words: str
    role: Role
    count_of: str
    needs: str = ""
    follows: str = ""
    unless: str = ""
    weak: Weak = ""
    qualifier: str | None = None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What happened to a word: `word` is the index of the token that says it; a smaller `distance` is surer."""

    count_of: str
    word: int
    weak: Weak = ""
    qualifier: str | None = None
    distance: int = 0


@dataclass(frozen=True, slots=True)
class _Entry:
    role: Role
    needs: frozenset[str]
    follows: frozenset[str]
    unless: frozenset[str]
    row: OutcomeWords


def _set(cell: str) -> frozenset[str]:
    return frozenset(cell.split("|")) if cell else frozenset()


@cache
def _entries() -> dict[str, list[_Entry]]:
    table: dict[str, list[_Entry]] = {}
    for row in read_table(knowledge_path("count_outcomes.csv"), OutcomeWords):
        entry = _Entry(row.role, _set(row.needs), _set(row.follows), _set(row.unless), row)
        for word in row.words.split("|"):
            table.setdefault(word, []).append(entry)
    return table


def says_outcome(token: Token) -> bool:
    """Say whether a word tells what happened to people."""
    return next(_said_by(token), None) is not None


def outcomes_said(token: Token) -> set[str]:
    """Return what a word tells of people: fatalities, injuries ..."""
    return {entry.row.count_of for entry in _said_by(token) if not entry.row.weak}


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
                if known is None or _outweighs(outcome, known):
                    found[patient.i] = outcome
    return found


def _outweighs(outcome: Outcome, known: Outcome) -> bool:
    """Say whether an outcome is what became of somebody: "shot in the chest and died", "captured and killed"."""
    if bool(known.weak) != bool(outcome.weak) and outcome.count_of == known.count_of:
        return not outcome.weak
    if {outcome.count_of, known.count_of} == {"fatalities", "injuries"}:
        return (outcome.count_of == "fatalities") == (outcome.word >= known.word)
    if known.count_of in _TAKEN and outcome.count_of == "fatalities":
        return True
    return outcome.distance < known.distance


def outcome_near(doc: Doc, start: int, end: int, lower: int, upper: int) -> Outcome | None:
    """Return what the words next to tokens start..end say of them, looking no farther than lower..upper.

    Surer than the tree where it applies: "four policemen were badly hurt", "killing six", "two dead", "deaths of six".
    """
    return _behind(doc, end, upper) or _before(doc, start, lower)


def _behind(doc: Doc, end: int, upper: int) -> Outcome | None:
    passive = False
    for i in range(end, min(end + 5, upper)):
        token = doc[i]
        entries = list(_said_by(token))
        if any(entry.role == "patient" for entry in entries) and not passive and _object_begins(doc, i + 1, upper):
            return None  # active: the object follows
        for entry in entries:
            gathering = entry.role == "subject" and token.lower_.endswith("ing") and not entry.needs
            if entry.role != "of" and not gathering:  # not "people gathering truffles"
                return _outcome(entry, token, 1)
        if token.lower_ not in _LINKS and token.tag_ != "RB":
            return None
        passive = passive or token.lower_ in _PASSIVE
    return None


def _object_begins(doc: Doc, i: int, upper: int) -> bool:
    """Say whether an object may begin at a token: "two gunmen killed | a man", not "two gunmen killed | Monday"."""
    if i >= upper or doc[i].is_punct or doc[i].lower_ in DAYS_AND_MONTHS or doc[i].lower_ in {"incl", "including"}:
        return False
    if doc[i].lower_ in {"this", "that", "last", "earlier", "late", "early", "some"}:
        return False
    if doc[i].tag_:
        return doc[i].tag_[:2] in {"DT", "CD", "NN", "JJ", "PR"}
    return not doc[i].is_stop or doc[i].like_num or doc[i].lower_ in {"a", "an", "the", "his", "her", "their"}


def _before(doc: Doc, start: int, lower: int) -> Outcome | None:
    i, wanted = start - 1, {"patient"}
    if i > lower and doc[i].lower_ in {"of", "to", ":"}:
        wanted = {"state", "patient"} if doc[i].text == ":" else {"of"}
        i -= 1
    elif i > lower + 1 and doc[i - 1 : i + 1].text.lower() == "to death":
        i -= 2
    elif i > lower and doc[i].lower_ in {"the", "also", "down", "up", "dead"}:
        i -= 1
    if i < lower or (i > lower and doc[i - 1].lower_ in _PASSIVE):
        return None
    return next((_outcome(entry, doc[i], 1) for entry in _said_by(doc[i]) if entry.role in wanted), None)


def outcome_of_next_verb(doc: Doc, end: int, upper: int) -> Outcome | None:
    """Return what the next verb says of its subject, no comma between: "six men of the faction were killed"."""
    passive = False
    for i in range(end, min(end + FAR_REACH, upper)):
        token = doc[i]
        if token.is_quote or doc[i : i + 3].text == "said to be":
            continue
        if token.is_punct or token.lower_ in _CLAUSES:
            return None
        wanted = {"patient", "state"} if passive else {"subject"}
        entry = next((entry for entry in _said_by(token) if entry.role in wanted), None)
        if entry is not None and token.tag_ in {"VBD", "VBN", "JJ"}:
            return _outcome(entry, token, 3)
        passive = passive or token.lower_ in _PASSIVE
        if token.tag_ in {"VBD", "VBZ", "VBP", "MD"} and token.lower_ not in _LINKS:
            return None
    return None


# What a verb behind them says, it says of somebody else.
_CLAUSES = frozenset({"who", "that", "which", "and", "before", "after", "when", "while", "until"})
_TAKEN = frozenset({"abducted", "detained"})
_SAYING = frozenset({"say", "tell", "report", "add", "confirm"})
_PASSIVE = frozenset(("was", "were", "is", "are", "been", "being", "be"))
_LINKS = _PASSIVE | {"have", "has", "had", "also", "others", "more", "in", "reported", "reportedly", "left", "did"}


def _said_by(token: Token) -> Iterator[_Entry]:
    entries = _entries().get(token.lower_)
    if not entries:
        return
    unreal = _unreal(token)
    for entry in entries:
        if (not unreal or "not" in entry.follows) and _fits(entry, token):
            yield entry


def _unreal(token: Token) -> bool:
    """Say whether the word tells of what did not or may not happen: "was not hurt", "could kill", "to eliminate".

    Who "took their own lives" was not killed.
    """
    if token.lower_ in {"life", "lives"} and token.i and token.nbor(-1).lower_ == "own":
        return True
    lefts = [child.lower_ for child in token.lefts]
    return not UNREAL.isdisjoint(lefts) or (token.tag_ == "VB" and "to" in lefts)


def _fits(entry: _Entry, token: Token) -> bool:
    if entry.follows:
        before = [word.lower_ for word in token.doc[max(token.i - SHORT_REACH, 0) : token.i]]
        before += [token.head.lower_] * (token.dep_ == "conj")  # "dragged him out of his house and shot him"
        if entry.follows.isdisjoint(before):
            return False
    if not entry.needs and not entry.unless:
        return True
    after = _words_after(token)
    return (not entry.needs or not entry.needs.isdisjoint(after)) and entry.unless.isdisjoint(after)


def _words_after(token: Token) -> list[str]:
    words: list[str] = []
    for word in token.doc[token.i + 1 : token.i + 1 + REACH]:
        if word.is_sent_start or word.text in {";", "\n"}:
            break
        words.append(word.lower_)
    return words


def _outcome(entry: _Entry, token: Token, distance: int) -> Outcome:
    return Outcome(entry.row.count_of, token.i, entry.row.weak, entry.row.qualifier, distance)


def _patients(token: Token, role: Role) -> Iterator[tuple[Token, int]]:
    """Yield the words that a word of this role tells of, with how indirectly it does."""
    for noun, distance in _direct_patients(token, role):
        if any(child.lower_ == "by" for child in noun.lefts):  # the doer, whatever the label says
            continue
        yield noun, distance
        yield from ((other, distance + 1) for other in _taken_along(token) if role == "patient")
        for other in noun.subtree if noun.n_rights else ():
            if other.dep_ != "conj" or other.lower_ in _entries() or _speaks(other):
                continue
            if _joined_to(other, noun):
                yield other, distance + 1


def _taken_along(verb: Token) -> Iterator[Token]:
    """Yield who shares the lot of a verb's object: "killing seven officers along with their senior and a toddler"."""
    for child in verb.rights:
        cases = [word.lower_ for word in child.lefts if word.dep_ == "case"]
        if child.dep_.startswith("obl") and cases in (["along", "with"], ["together", "with"], ["alongside"]):
            yield child
            yield from child.conjuncts


def _speaks(noun: Token) -> bool:
    """Say whether somebody only tells of it, whatever the tree says: "killing five, a nurse and two guards said"."""
    for token in noun.doc[noun.i + 1 : noun.i + 1 + FAR_REACH]:
        if token.is_punct and token.text != "-":
            return False
        if token.tag_ in {"VBD", "VBZ", "VBP", "MD", "VBN"}:
            return token.lemma_ in _SAYING
    return False


def _joined_to(token: Token, noun: Token) -> bool:
    """Say whether only conjunctions and appositions lie between two nouns of the tree."""
    while token.dep_ in {"conj", "appos"} and token.head.i != token.i:
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
    if role == "state" and token.tag_.startswith("VB") and (objects or not _may_be_passive(token)):
        return
    if role == "patient" and not _may_be_passive(token):
        yield from ((noun, 1) for noun in _object_by_place(token))
        return
    subjects = list(_subjects(token))
    yield from ((noun, 0) for noun in subjects)
    if not subjects:
        yield from _by_place_in_tree(token, role)


def _may_be_passive(token: Token) -> bool:
    """Say whether a participle without an object tells of its subject: not "soldiers shot dead a man"."""
    if token.tag_ in {"VB", "VBP", "VBZ", "VBG"} or token.doc[token.i + 1 : token.i + 2].text == "back":
        return False  # "police shot back"
    if any(child.dep_ in {"aux:pass", "nsubj:pass"} for child in token.children):
        return True
    following = _behind_particle(token)
    return following is None or not _object_begins(token.doc, following.i, len(token.doc))


def _behind_particle(token: Token) -> Token | None:
    """Return the word behind a verb and its particle: "shot dead | a", "gunned down | two", "beat to death | a"."""
    i = token.i + 1
    if token.doc[i : i + 2].text.lower() == "to death":
        i += 2
    elif i < len(token.doc) and token.doc[i].lower_ in {"dead", "down", "up", "alive"}:
        i += 1
    return token.doc[i] if i < len(token.doc) else None


def _object_by_place(token: Token) -> Iterator[Token]:
    """Yield the noun behind an active verb that the tree gives no object: "shot dead a 17-year-old"."""
    first = _behind_particle(token)
    if first is None or first.tag_ not in {"DT", "PRP$"}:
        return
    for noun in token.doc[first.i + 1 : first.i + 1 + REACH]:
        ends = noun.i + 1 >= len(token.doc) or noun.nbor().tag_[:2] not in {"NN", "JJ", "HY", "PO"}
        if ends and (noun.tag_.startswith("NN") or noun.lower_.endswith("old")):
            yield noun
            return


def _is_complement(child: Token) -> bool:
    cases = {grandchild.lower_ for grandchild in child.children if grandchild.dep_ == "case"}
    return child.dep_.startswith(("nmod", "obl")) and bool(cases & {"of", "to"})


def _subjects(token: Token) -> Iterator[Token]:
    """Yield the subjects of a verb; a relative pronoun stands for the noun that its clause describes."""
    for child in token.lefts:  # not the speaker of ", the mayor said" behind it
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
    elif token.dep_ == "advcl" and any(child.dep_ == "aux:pass" for child in token.children):
        yield from ((noun, 1) for noun in _subjects(head))  # "stabbed two guards before being killed by troops"
    elif token.tag_ == "VBN" and token.dep_ in {"conj", "advcl"} and (verb := _passive_above(token)) is not None:
        yield from ((noun, 1) for noun in _subjects(verb))
    elif token.dep_ in {"xcomp", "conj"} and (
        role == "subject" or not any(child.dep_ == "obj" for child in token.children)
    ):
        # "stepped on a mine and died"; an active "and killed" tells of no subject
        passive = any(child.dep_ in {"aux:pass", "cop"} for verb in (token, head) for child in verb.children)
        if role != "subject" and not passive:
            return
        yield from ((noun, 1) for noun in _subjects(_first_verb(token)))


def _passive_above(token: Token) -> Token | None:
    """Return the passive verb that participles go on with: "were dragged out, tied up and burnt alive"."""
    while token.tag_ == "VBN" and token.dep_ in {"conj", "advcl"} and not any(True for _ in _subjects(token)):
        token = token.head
    return token if any(child.dep_ == "nsubj:pass" for child in token.children) else None


def _first_verb(token: Token) -> Token:
    """Return the verb whose subject a joined verb shares."""
    head = token.head
    while head.dep_ == "conj" and head.head.i != head.i and not any(True for _ in _subjects(head)):
        head = head.head
    return head
