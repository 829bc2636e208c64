"""Who did it to whom: the syntactic arguments of a trigger, over Universal Dependencies trees.

Active and passive verbs, participles, relative clauses, conjuncts, event nouns ("an Israeli raid on Khiam", "the
killing of two farmers by gunmen") and light verbs ("carried out a raid", "came under fire").
"""

from __future__ import annotations

from dataclasses import dataclass, field

from spacy.tokens import Token

from pipeline import lexicon

SUBJECTS = ("nsubj", "nsubj:outer", "csubj")
TARGET_CASES = frozenset({"on", "at", "against", "into", "towards", "toward", "onto", "upon", "over", "with"})

_AGED = frozenset({"aged", "age", "old"})
_GIVEN = frozenset({"fire", "siege", "waste", "torch", "damage"})


@dataclass(slots=True)
class Arguments:
    """Heads of the phrases that act, that undergo, and that stand beside; conjuncts are spelled out."""

    agents: list[Token] = field(default_factory=list)
    patients: list[Token] = field(default_factory=list)
    targets: list[Token] = field(default_factory=list)  # oblique: "on", "at", "against" something
    predicate: Token | None = None  # the verb that carries tense and mood: the trigger, or its light verb


def arguments(trigger: Token) -> Arguments:
    """Return the arguments of a trigger's head token."""
    if trigger.pos_ in ("VERB", "AUX") or trigger.tag_ in ("VBN", "VBD"):
        found = _verb_arguments(trigger)
    else:
        found = _noun_arguments(trigger)
    for role in ("agents", "patients", "targets"):
        setattr(found, role, _with_conjuncts(getattr(found, role), trigger))
    return found


def case_of(token: Token) -> str:
    """Return the preposition(s) of a nominal, lower-case, "" for none."""
    return " ".join(child.lower_ for child in token.children if child.dep_ in ("case", "mark") and child.i < token.i)


def _verb_arguments(verb: Token) -> Arguments:
    found = Arguments(predicate=verb)
    passive = _is_passive(verb)
    beaten = not passive and _is_to_death(verb)
    for child in verb.children:
        if beaten and _is_killed(child, verb):
            found.patients.append(child)
        elif child.dep_ in SUBJECTS and _is_nominal(child):
            (found.patients if passive and child.dep_ != "nsubj" else found.agents).append(child)
        elif child.dep_ == "nsubj:pass":
            (found.patients if passive else found.agents).append(child)
        elif child.dep_ in ("obj", "iobj") and _is_nominal(child):
            found.patients.append(child)
        elif child.dep_ == "obl:agent" and "by" not in case_of(child).split():
            found.patients.append(child)  # a garden path: "a rocket fired by them hit the headquarters"
        elif child.dep_ == "obl:agent" or (child.dep_ == "obl" and passive and case_of(child) == "by"):
            found.agents.append(child)
        elif child.dep_.startswith("obl") and case_of(child).split(" ")[-1] in TARGET_CASES:
            found.targets.append(child)
        elif child.dep_.startswith("obl") and case_of(child) == "to" and _is_given(verb):
            found.targets.append(child)
    if verb.dep_ == "acl:relcl":  # "gunmen who attacked": the pronoun stands for the noun before the clause
        found.agents = [verb.head if t.tag_ in ("WDT", "WP") else t for t in found.agents]
        found.patients = [verb.head if t.tag_ in ("WDT", "WP") else t for t in found.patients]
    if not (found.patients if passive else found.agents):
        _borrow_subject(verb, found, passive)
    return found


def _is_to_death(verb: Token) -> bool:
    """Return whether "to death" follows a verb at once."""
    after = verb.i + 1
    return after + 1 < len(verb.doc) and verb.doc[after].lower_ == "to" and verb.doc[after + 1].lower_ == "death"


def _is_killed(noun: Token, verb: Token) -> bool:
    """Return whether a nominal stands right behind "beat to death", where the tree may lose the object."""
    behind = noun.left_edge.i == verb.i + 3 and not case_of(noun)
    return behind and (noun.dep_ in SUBJECTS or noun.dep_.startswith("obl"))


def _is_given(verb: Token) -> bool:
    """Return whether what follows "to" undergoes: "set fire to a shop", "laid siege to the town"."""
    return any(child.dep_ == "obj" and child.lemma_ in _GIVEN for child in verb.children)


def _borrow_subject(verb: Token, found: Arguments, passive: bool) -> None:
    """Fill the missing subject from the clause that governs the verb."""
    head, relation = verb.head, verb.dep_
    if head.lemma_ == "accuse" and head != verb:
        found.agents.extend(_verb_arguments(head).patients)
        return
    if relation in ("acl", "acl:relcl"):
        borrowed = [head]
    elif relation in ("conj", "xcomp", "advcl", "parataxis", "ccomp") and head.pos_ in ("VERB", "AUX", "ADJ", "NOUN"):
        above = _verb_arguments(head) if head.pos_ in ("VERB", "AUX") and head != verb else None
        if above is None:
            return
        if relation == "conj" and _is_passive(head):
            borrowed = above.patients
        else:
            borrowed = above.agents or ([] if relation == "advcl" else above.patients)
        if relation == "xcomp" and head.lemma_ not in ("begin", "start", "continue", "manage") and above.patients:
            borrowed = above.patients
    else:
        return
    if relation == "acl:relcl" and any(c.dep_ in SUBJECTS and c.tag_ not in ("WDT", "WP") for c in verb.children):
        found.patients.extend(borrowed)
    elif passive or (relation == "acl" and verb.tag_ == "VBN"):
        found.patients.extend(borrowed)
    else:
        found.agents.extend(borrowed)


def _noun_arguments(noun: Token) -> Arguments:
    found = Arguments(predicate=noun)
    for child in noun.children:
        case = case_of(child)
        if child.dep_ in ("amod", "compound", "nmod:poss") and child.i < noun.i:
            found.agents.append(child)
        elif child.dep_.startswith(("nmod", "obl")):
            if case in ("by", "from") or _is_blamed(child):
                found.agents.append(child)
            elif case in ("between", "among"):
                found.agents.append(child)
            elif case == "of":
                found.patients.append(child)
                found.agents.extend(_lost_agents(child))
            elif case.split(" ")[-1] in TARGET_CASES:
                found.targets.append(child)
        elif child.dep_ in ("acl", "acl:relcl") and child.lemma_ in ("target", "hit", "kill", "strike", "aim"):
            found.patients.extend(c for c in child.children if c.dep_ in ("obj", "nsubj:pass"))
    _add_light_verb(noun, found)
    return found


def _lost_agents(victim: Token) -> list[Token]:
    """Return who stands behind "by" below the victims' age: "the rape of a girl aged 15 by gunmen"."""
    ages = (token for child in victim.children if child.lemma_ in _AGED for token in child.subtree)
    return [token for token in ages if token.dep_.startswith(("obl", "nmod")) and case_of(token) == "by"]


def _is_blamed(noun: Token) -> bool:
    """Return whether a noun stands behind a participle of blame, not always in the tree: "blamed on IS"."""
    first = noun.left_edge
    return case_of(noun) in ("on", "to") and first.i > 0 and first.nbor(-1).lower_ in ("blamed", "attributed")


def _add_light_verb(noun: Token, found: Arguments) -> None:
    """Take over the arguments of the verb that the event noun depends on."""
    verb, relation = noun.head, noun.dep_
    if verb.lemma_ == "responsibility" and relation == "nmod":  # "claimed responsibility for the blast"
        verb, relation = verb.head, verb.dep_
    if relation == "obl" and case_of(noun) == "into" and verb.lemma_ in _light("into"):
        found.predicate = verb
        found.patients.extend(_verb_arguments(verb).agents)
        return
    if relation in ("obl", "obl:agent") and verb.pos_ == "VERB":
        lends_agent = lends_patient = case_of(noun) in ("in", "by", "during", "under") and _is_passive(verb)
    elif relation in ("obj", "nsubj:pass", "obl", "nsubj", "conj") and verb.pos_ == "VERB":
        lends_agent = relation in ("obj", "nsubj:pass") and verb.lemma_ in _light("agent")
        lends_patient = verb.lemma_ in _light("patient")
    else:
        return
    above = _verb_arguments(verb)
    found.predicate = verb
    if relation == "nsubj":  # "the strike killed two men"
        found.patients.extend(above.patients)
    elif relation in ("obl", "obl:agent") and lends_patient:  # "two men were killed in a strike"
        found.patients.extend(above.patients)
        found.agents.extend(a for a in above.agents if a != noun)
    elif lends_patient:
        found.patients.extend(above.agents)
    elif lends_agent:
        found.agents.extend(above.agents)
        found.targets.extend(above.targets)


def _light(role: str) -> tuple[str, ...]:
    return lexicon.word_lists("light_verbs.csv")[role]


def _is_passive(verb: Token) -> bool:
    auxiliaries = [child for child in verb.children if child.dep_ == "aux:pass"]
    if any(a.is_upper and not verb.is_upper for a in auxiliaries):
        return False  # a name taken for a verb: "IS militants attacked a post"
    if auxiliaries:
        return True
    if any(child.dep_ == "nsubj:pass" for child in verb.children):
        return verb.tag_ != "VBD" or not any(child.dep_ == "obj" for child in verb.children)
    if verb.tag_ != "VBN" or any(child.dep_ in ("aux", "nsubj") for child in verb.children):
        return False
    if verb.dep_ == "conj" and verb.head.pos_ == "VERB":  # "one was killed and two wounded"
        return verb.head != verb and not any(c.dep_ == "obj" for c in verb.children) and _is_passive(verb.head)
    return verb.dep_ in ("acl", "amod")


def _is_nominal(token: Token) -> bool:
    return token.pos_ in ("NOUN", "PROPN", "PRON", "NUM", "ADJ", "DET", "SYM", "X", "VERB")


def _with_conjuncts(tokens: list[Token], trigger: Token) -> list[Token]:
    spelled: list[Token] = []
    for token in tokens:
        counted = [c for c in token.children if token.pos_ == "NUM" and c.dep_ == "nmod" and case_of(c) == "of"]
        for one in (
            token,
            *counted,
            *(c for c in token.conjuncts if c.i > token.i and c.pos_ in ("NOUN", "PROPN", "NUM", "PRON")),
        ):
            if one != trigger and one not in spelled:
                spelled.append(one)
    return spelled
