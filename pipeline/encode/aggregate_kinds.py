"""Of what kind the incidents of a total are: "air strikes" are of one kind, "attacks" may be of any."""

from __future__ import annotations

from spacy.tokens import Span, Token

from pipeline import lexicon
from pipeline.annotate.count_phrases import is_incident
from pipeline.encode.aggregate_parts import (
    GENERIC,
    Total,
    counted_noun,
    counts_times,
    governing_verb,
    is_elliptic,
)
from pipeline.encode.arguments import case_of
from pipeline.encode.candidates import Candidate
from pipeline.encode.event_types import TERRITORY, Situation, sub_event_type
from pipeline.encode.mentions import MentionIndex
from pipeline.encode.senses import noun_classes
from pipeline.mentions import mention_of, mentions_of
from pipeline.taxonomy import SUB_EVENT_TYPES

# Frames whose plural is a total of one kind; the others ("attacks", "incidents") may be of any.
TYPED_FRAMES = frozenset(
    {
        "air_strike",
        "strike",
        "shelling",
        "clash",
        "abduct",
        "sexual",
        "suicide",
        "kill",
        "murder",
        "loot",
        "burn",
        "destroy",
        "arrest",
        "chemical",
        "base",
        "pounding",
    }
)
SURE = 0.8  # the language model's share from which it names a kind
_OF_MANY = frozenset({"massacre", "slaughter"})  # each kills several
_BLASTS = frozenset({"bombing", "explosion", "detonation", "blast"})


# "cases of", "reports of" something: what stands behind "of" is what was counted.
CONTAINERS = frozenset({"case", "incident", "report", "act", "instance", "bout", "occasion"})


_MIXED = frozenset({"bombing", "confrontation", "operation"})  # may be of any kind, whatever their frame


def naming_words(count: Span) -> list[Token]:
    """Return the words that may name what is counted."""
    nouns = [counted_noun(count), event_noun(count)]
    return [*count, *(n for n in nouns if n is not None and n not in count)]


def event_noun(count: Span) -> Token | None:
    """Return the noun of what is counted, behind "cases of"; None for "three times" or an elliptic count."""
    if counts_times(count) or is_elliptic(count):
        return None
    head = counted_noun(count) or count.root
    if head.lemma_ in CONTAINERS:
        for child in head.children:
            if child.dep_.startswith("nmod") and case_of(child) == "of":
                return child
    return head


def kind_of(total: Total, told: list[Candidate], index: MentionIndex) -> str | None:
    """Return the sub-event type of what is counted; null where the words may stand for any kind."""
    count = total.count
    if not is_elliptic(count) and not counts_times(count):
        named = _kind_of_noun(count, index) or _kind_of_attack(count, index)
        if named is not None:
            return None if _is_mixed(count, index) else named
        if not clauses_of(count):
            return _kind_of_means(count, index) or _kind_of_sort(count, told)
        inner = {t.i for c in clauses_of(count) for t in c.subtree}
        if mention_of(count).canonical == "cumulative":  # "the third convoy to be plundered"
            verbs = (index.covering(t, "TRIGGER") for t in clauses_of(count))
            typed = (kind for v in verbs if v is not None and (kind := _typed(v)))
            kinds = {c.type for c in told if c.trigger.root.i in inner and c.kind != "result" and _is_kind(c)}
            return next(typed, kinds.pop() if len(kinds) == 1 else None)
        told = [c for c in told if c.trigger.root.i in inner]
    if told and all(SUB_EVENT_TYPES[c.type][0] == "Riots" for c in told):
        return "Mob violence"
    verb = governing_verb(count)
    if counts_times(count) and (means := _kind_of_times(count, index)) is not None:
        return means
    if counts_times(count) and verb is not None and any(c.dep_ == "conj" for c in verb.children):
        return None  # "were shot at, stoned or hindered on 35 occasions"
    told = [c for c in told if not _is_aside(c, count)]
    kinds = {c.type for c in told if (c.kind != "result" or c.frame == "struck") and _is_kind(c)}
    kinds = {"Armed clash" if kind in TERRITORY else kind for kind in kinds}
    if len(kinds) == 1:
        return kinds.pop()
    if kinds or not is_elliptic(count):
        return None
    return _kind_of_predicate(total, index)


def is_on_the_ground(total: Total) -> bool:
    """Return whether raids are those of people on foot, no aircraft being told of: "soldiers conducted 28 raids"."""
    noun = event_noun(total.count)
    if noun is None or noun.lemma_ != "raid" or any(child.dep_ in ("compound", "amod") for child in noun.children):
        return False
    weapons = mentions_of(noun.doc, "WEAPON")
    return bool(total.agents) and not any(weapon.kb_id_ == "air" for weapon in weapons)


def _is_aside(candidate: Candidate, count: Span) -> bool:
    """Return whether a verb describes something else: "38 of them in the districts that were merged in 2018"."""
    for token in (candidate.trigger.root, *candidate.trigger.root.ancestors):
        if token in count or token.head in count or token.is_ancestor(count.root):
            return False
        if token.dep_.startswith("acl"):
            return token.head.pos_ in ("NOUN", "PROPN")
    return False


def family_of(count: Span, index: MentionIndex) -> str | None:
    """Return the event type of nouns that stand for one: "30 such explosions"; else null.

    Shootings, incursions or demonstrations may turn out to be of several.
    """
    noun = event_noun(count)
    if noun is None or noun.lemma_ in GENERIC or _is_mixed(count, index):
        return None
    trigger = index.covering(noun, "TRIGGER")
    found = families(trigger) if trigger is not None else set()
    return found.pop() if found == {"Explosions/Remote violence"} else None


def families(trigger: Span) -> set[str]:
    """Return the event types that an event noun may stand for."""
    types = (lexicon.frames()[frame].sub_event_type for frame in _frames(trigger))
    return {SUB_EVENT_TYPES[kind][0] for kind in types if kind}


def clauses_of(count: Span) -> list[Token]:
    """Return the verbs of the relative clauses and participles that describe the counted."""
    return [c for c in count.root.children if c.dep_.startswith("acl")]


def _is_mixed(count: Span, index: MentionIndex) -> bool:
    """Return whether several kinds are counted together: "rocket and drone attacks", "shootouts and ambushes"."""
    noun = event_noun(count)
    joined = [t for t in (noun.conjuncts if noun is not None else ()) if t.i >= count.end and is_incident(t)]
    joined = [t for t in joined if not any(c.dep_ == "nummod" for c in t.children)]
    if any(_kind_named(t, index) != _kind_of_noun(count, index) for t in joined):
        return True
    weapons = {w.start: w for t in count if (w := index.covering(t, "WEAPON")) is not None}
    kinds = {_by_weapon([w]) for w in weapons.values()}
    aerial = any(t.lower_ in ("air", "aerial") for t in count)  # "air and artillery attacks"
    return len(kinds | ({"Air/drone strike"} if aerial else set())) > 1


def _is_kind(candidate: Candidate) -> bool:
    """Return whether a verb says of what kind the incidents were: "was attacked 30 times" may be of any."""
    if any(token.lemma_ in ("attack", "target", "hit", "strike", "use") for token in candidate.trigger):
        return candidate.trigger.root.lemma_ == "target" and candidate.type.startswith("Looting")
    return True


def _kind_of_noun(count: Span, index: MentionIndex) -> str | None:
    return next((kind for t in naming_words(count) if (kind := _kind_named(t, index)) is not None), None)


def _kind_named(noun: Token, index: MentionIndex) -> str | None:
    trigger = index.covering(noun, "TRIGGER")
    return _typed(trigger) if trigger is not None else None


def _kind_of_attack(count: Span, index: MentionIndex) -> str | None:
    """Return the kind of "grenade attacks", "attacks with explosives" and "bombings", by what they were made with."""
    noun = event_noun(count)
    if noun is None or noun.lemma_ not in {"attack", "incident", "operation", *_BLASTS}:
        return None
    own = (t for t in noun.subtree if t == noun or (t.dep_ == "compound" and t.head == noun))
    with_it = [*own, *(t for t in noun.subtree if case_of(t) in ("with", "of"))]
    weapons = [w for t in with_it if (w := index.covering(t, "WEAPON")) is not None]
    if weapons:
        return _by_weapon(weapons)
    from_the_air = any(weapon.kb_id_ == "air" for weapon in mentions_of(count.doc, "WEAPON"))
    return "Remote explosive/landmine/IED" if noun.lemma_ in _BLASTS and not from_the_air else None


def _kind_of_sort(count: Span, told: list[Candidate]) -> str | None:
    """Return the kind of "incidents of mob beating", where the language model is sure of the word behind "of"."""
    sort = event_noun(count)
    inner = (c for c in told if c.trigger.root == sort and sort != counted_noun(count))
    return next((c.type for c in inner if c.opinion.get(c.type, 0.0) >= SURE), None)


def _kind_of_times(count: Span, index: MentionIndex) -> str | None:
    """Return the kind of "seven times with FPV drones"."""
    behind = count.doc[count.end : count.end + 5]
    weapons = [w for t in behind[1:] if (w := index.covering(t, "WEAPON")) is not None]
    return _by_weapon(weapons) if weapons and behind[0].lower_ in ("with", "by") else None


def _kind_of_means(count: Span, index: MentionIndex) -> str | None:
    """Return the kind of attacks that are said to have been made with something: "20 attacks involved quadcopters"."""
    verb = governing_verb(count)
    if verb is None or verb.lemma_ not in ("involve", "use", "employ"):
        return None
    means = [t for c in verb.children if c.dep_ == "obj" for t in (c, *c.conjuncts)]
    weapons = [w for t in means if (w := index.covering(t, "WEAPON")) is not None]
    return _by_weapon(weapons) if weapons else None


def _typed(trigger: Span) -> str | None:
    """Return the sub-event type of a noun whose plural is a total of one kind."""
    mixed = len(trigger) == 1 and trigger.root.lemma_ in _MIXED
    frame = "" if mixed else next(iter(_frames(trigger)), "")
    return lexicon.frames()[frame].sub_event_type if frame in TYPED_FRAMES else None


def _frames(trigger: Span) -> list[str]:
    """Return the frames of an event noun in the senses that ask for no subject."""
    return [row.frame for row in lexicon.senses().get(trigger.kb_id_, ()) if row.frame != "none" and not row.subject]


def _kind_of_predicate(total: Total, index: MentionIndex) -> str | None:
    """Return the kind that an elliptic count is said to be: "1,210 were artillery barrages", "96 were by drone"."""
    sentence = total.count[0].sent
    nouns = [t for t in index.in_sentence(sentence, "TRIGGER") if t.root.i in total.zone and t.root.pos_ == "NOUN"]
    weapons = [w for w in index.in_sentence(sentence, "WEAPON") if w.root.i in total.zone]
    kinds = {_typed(t) or _by_weapon(weapons) for t in nouns if t.start > total.count.start}
    used = [w for w in weapons if w.start < total.count.start and w.root.dep_.startswith(("nsubj", "conj"))]
    by = [w for w in weapons if case_of(w.root) in ("by", "with")] or used
    if not kinds and by:
        return _by_weapon(by)
    if not kinds and not weapons and any(_is_property(t) for t in total.count.doc[total.zone.start : total.zone.stop]):
        return "Looting/property destruction"
    return kinds.pop() if len(kinds) == 1 else None


def _is_property(token: Token) -> bool:
    """Return whether something is aimed at a thing: "turned against Mission property"."""
    return token.lemma_ in {"property", *noun_classes()["property"]} and case_of(token) in ("against", "on")


def _by_weapon(weapons: list[Span]) -> str | None:
    case = Situation(frame="launch", default=None, weapons=frozenset(w.kb_id_ for w in weapons))
    return sub_event_type(case)


def kills(total: Total, index: MentionIndex) -> bool:
    """Return whether each of the counted is a death: "60 summary executions"."""
    if is_elliptic(total.count) or counts_times(total.count):
        return False
    triggers = [index.covering(t, "TRIGGER") for t in naming_words(total.count)]
    if any(t is not None and t.root.lemma_ in _OF_MANY for t in triggers):
        return False
    rows = [row for t in triggers if t is not None for row in lexicon.senses().get(t.kb_id_, ())]
    return bool(rows) and rows[0].frame in ("kill", "murder")
