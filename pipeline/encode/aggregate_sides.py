"""Whose incidents a total counts, against whom, and of what kind."""

from __future__ import annotations

from collections.abc import Iterable

from spacy.tokens import Span, Token

from pipeline import lexicon
from pipeline.encode.aggregate_parts import Total, counts_times, governing_verb, is_elliptic
from pipeline.encode.arguments import TARGET_CASES, Arguments, arguments, case_of
from pipeline.encode.candidates import Candidate, candidates
from pipeline.encode.event_types import ARMED, CROWD, SUB_EVENT_TYPES, Situation, sub_event_type
from pipeline.encode.mentions import MentionIndex
from pipeline.encode.parties import Parties, Side, civilians, side
from pipeline.encode.reports import Row
from pipeline.encode.standing import words

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
        "arrest",
        "chemical",
        "base",
    }
)
# "cases of", "reports of" something: what stands behind "of" is what was counted.
_CONTAINERS = frozenset({"case", "incident", "report", "act", "instance", "occasion"})
# Who counts: neither side of what is counted, even where no word of saying stands there.
_TALLYING = frozenset({"register", "verify", "receive", "tally", "observe", "monitor", "see", "put", "list", "collect"})
_MISSION = "nited Nations"


def is_reporting(verb: Token) -> bool:
    """Return whether a verb tells or counts, rather than acts."""
    lemma = verb.lemma_.lower()
    return lemma in words("attribution") or lemma in _TALLYING


def fill_sides(total: Total, index: MentionIndex) -> None:
    """Find the kind and the sides that the total's own words give."""
    count = total.count
    told = [c for c in candidates(count[0].sent, index) if _tells(c, total)]
    total.kind = _kind(total, told, index)
    acting, undergoing = _roles(count)
    agents = [a for a in _actors(acting, index) if a._.mention.inter in ARMED | CROWD]
    patients = _actors(undergoing, index)
    for candidate in told:
        agents += [a for a in candidate.agents if a not in agents]
        patients += [a for a in candidate.patients if a not in patients + agents]
    _add_bystanders(total, agents, patients, index)
    struck = {p.kb_id_ for p in patients}
    total.agents = [a for a in agents if a.kb_id_ not in struck or a in _actors(acting, index)]
    total.patients = [p for p in patients if p.kb_id_ not in {a.kb_id_ for a in total.agents}]


def _tells(candidate: Candidate, total: Total) -> bool:
    head = candidate.trigger.root
    return head.i in total.zone and head.i in total.tokens and not is_reporting(head)


def _roles(count: Span) -> tuple[list[Token], list[Token]]:
    """Return the heads of who acts and of who undergoes, by the tree."""
    noun, verb = _event_noun(count), governing_verb(count)
    acting: list[Token] = []
    undergoing: list[Token] = []
    if noun is not None:
        roles = arguments(noun)
        acting, undergoing = list(roles.agents), roles.patients + roles.targets
    if verb is None or is_reporting(verb):
        return acting, undergoing
    roles = arguments(verb)
    relation = count.root.dep_
    own = {t.i for t in count.root.subtree}
    if counts_times(count) or relation.startswith("obl"):
        acting += [t for t in roles.agents if t.i not in own]
        undergoing += [t for t in roles.patients + roles.targets if t.i not in own]
    elif relation.startswith("obj"):
        _take_subject(verb, roles, acting, undergoing)
    elif relation.startswith("nsubj"):
        undergoing += [t for t in roles.patients if t.i not in own]
    return acting, undergoing


def _take_subject(verb: Token, roles: Arguments, acting: list[Token], undergoing: list[Token]) -> None:
    """Add the subject of the verb whose object is counted: who launched them, or who suffered them."""
    suffers = verb.lemma_ in lexicon.word_lists("light_verbs.csv")["patient"]
    (undergoing if suffers else acting).extend(t for t in roles.agents)


def _event_noun(count: Span) -> Token | None:
    """Return the noun of what is counted, behind "cases of"; None for "three times" or an elliptic count."""
    if counts_times(count) or is_elliptic(count):
        return None
    nouns = [t for t in count if t.pos_ in ("NOUN", "PROPN")]
    head = nouns[-1] if nouns else count.root
    if head.lemma_ in _CONTAINERS:
        for child in head.children:
            if child.dep_.startswith("nmod") and case_of(child) == "of":
                return child
    return head


def _actors(tokens: Iterable[Token], index: MentionIndex) -> list[Span]:
    spans: list[Span] = []
    for token in tokens:
        actor = index.actor_of(token)
        if actor is not None and actor not in spans:
            spans.append(actor)
    return spans


def _add_bystanders(total: Total, agents: list[Span], patients: list[Span], index: MentionIndex) -> None:
    """Fill a side that the tree leaves open from the other actors of the zone ("four were the work of Hezbollah")."""
    count = total.count
    owned = _owned_by_reporter(count)
    known = {s.kb_id_ for s in agents + patients}
    for actor in index.in_sentence(count[0].sent, "ACTOR"):
        if actor.root.i not in total.zone or actor.kb_id_ in known:
            continue
        mission = _MISSION in actor.kb_id_
        if _reports(actor) and not (mission and owned):
            continue
        unarmed = actor._.mention.inter not in ARMED or mission
        aimed_at = case_of(actor.root).split(" ")[-1] in TARGET_CASES
        if not unarmed and not aimed_at and not agents:
            agents.append(actor)
        elif (unarmed or aimed_at) and (not patients or (mission and _only_civil(patients))):
            patients[:] = [actor]
        known.add(actor.kb_id_)


def _only_civil(patients: list[Span]) -> bool:
    return all(p._.mention.inter == 7 for p in patients)


def _reports(actor: Span) -> bool:
    """Return whether an actor is only the source of the figure."""
    head = actor.root
    if head.dep_.startswith(("nsubj", "nmod:poss")) or head.head.dep_.startswith("nsubj"):
        verb = next((a for a in head.ancestors if a.pos_ == "VERB"), None)
        return verb is not None and is_reporting(verb) and not _has_passive(verb)
    return case_of(head) == "according to" or any(a.lower_ == "according" for a in head.ancestors)


def _has_passive(verb: Token) -> bool:
    return any(c.dep_ in ("nsubj:pass", "aux:pass") for c in verb.children)


def _owned_by_reporter(count: Span) -> bool:
    """Return whether what was hit is the reporter's own: "the Mission logged 23 incidents in which its people"."""
    clauses = [c for c in count.root.children if c.dep_.startswith("acl")]
    return any(t.lower_ in ("its", "their", "our", "us") for c in clauses for t in c.subtree)


def _kind(total: Total, told: list[Candidate], index: MentionIndex) -> str | None:
    """Return the sub-event type of what is counted; null where the words may stand for any kind."""
    count = total.count
    if not is_elliptic(count) and not counts_times(count):
        named = _kind_of_noun(count, index)
        if named is not None or not _clauses(count):
            return named
        inner = {t.i for c in _clauses(count) for t in c.subtree}
        told = [c for c in told if c.trigger.root.i in inner]
    kinds = {c.type for c in told if c.kind != "result" and _is_kind(c, count)}
    if len(kinds) == 1:
        return kinds.pop()
    if kinds or not is_elliptic(count):
        return None
    return _kind_of_predicate(total, index)


def _clauses(count: Span) -> list[Token]:
    return [c for c in count.root.children if c.dep_.startswith("acl")]


def _is_kind(candidate: Candidate, count: Span) -> bool:
    """Return whether a verb says of what kind the incidents were: "was attacked 30 times" may be of any."""
    if candidate.trigger.root.lemma_ in ("attack", "target", "hit", "strike", "use"):
        return candidate.trigger.root.lemma_ == "target" and candidate.type.startswith("Looting")
    return True


def _kind_of_noun(count: Span, index: MentionIndex) -> str | None:
    noun = _event_noun(count)
    triggers = [index.covering(t, "TRIGGER") for t in count]
    if noun is not None:
        triggers.append(index.covering(noun, "TRIGGER"))
    for trigger in triggers:
        kind = _typed(trigger) if trigger is not None else None
        if kind is not None:
            return kind
    return None


def _typed(trigger: Span) -> str | None:
    """Return the sub-event type of a noun whose plural is a total of one kind."""
    rows = lexicon.senses().get(trigger.kb_id_, ())
    frame = next((row.frame for row in rows if row.frame != "none"), "")
    return lexicon.frames()[frame].sub_event_type if frame in TYPED_FRAMES else None


def _kind_of_predicate(total: Total, index: MentionIndex) -> str | None:
    """Return the kind that an elliptic count is said to be: "1,210 were artillery barrages", "96 were by drone"."""
    sentence = total.count[0].sent
    nouns = [t for t in index.in_sentence(sentence, "TRIGGER") if t.root.i in total.zone and t.root.pos_ == "NOUN"]
    weapons = [w for w in index.in_sentence(sentence, "WEAPON") if w.root.i in total.zone]
    kinds = {_typed(t) or _by_weapon(weapons) for t in nouns if t.start > total.count.start}
    by = [w for w in weapons if case_of(w.root) in ("by", "with")]
    if not kinds and by:
        return _by_weapon(by)
    return kinds.pop() if len(kinds) == 1 else None


def _by_weapon(weapons: list[Span]) -> str | None:
    case = Situation(frame="launch", default=None, weapons=frozenset(w.kb_id_ for w in weapons))
    return sub_event_type(case)


def parties_of(total: Total, row: Row) -> Parties:
    """Return the sides; attacks of settlers and violence against civilians have civilians as the other side."""
    first, second = side(total.agents), side(total.patients)
    event_type = SUB_EVENT_TYPES[total.kind][0] if total.kind else None
    if event_type == "Riots" and first.type_at_home not in ARMED:
        first = Side(first.spans, "Rioters", 5)
    on_civilians = event_type == "Violence against civilians" or first.type_at_home == 4
    return Parties(first, civilians() if on_civilians and not second.main else second)
