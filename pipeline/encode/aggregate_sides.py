"""Whose incidents a total counts, against whom, and of what kind."""

from __future__ import annotations

from collections.abc import Sequence

from spacy.tokens import Span, Token

from pipeline import lexicon
from pipeline.encode.aggregate_kinds import (
    TYPED_FRAMES,
    clauses_of,
    event_noun,
    families,
    family_of,
    is_on_the_ground,
    kind_of,
    naming_words,
)
from pipeline.encode.aggregate_parts import (
    Total,
    counted_noun,
    counts_times,
    governing_verb,
    is_elliptic,
    is_of_incidents,
    is_ordinal,
)
from pipeline.encode.arguments import TARGET_CASES, Arguments, arguments, case_of
from pipeline.encode.candidates import Candidate, candidates
from pipeline.encode.event_types import ARMED, CROWD, STATE, TERRITORY
from pipeline.encode.learned import VICTIMS
from pipeline.encode.mentions import MentionIndex, armed_among, is_known
from pipeline.encode.opponents import holds
from pipeline.encode.parties import Parties, Side, civilians, crews, side
from pipeline.encode.reports import fill_kind, fill_parties
from pipeline.encode.senses import classes
from pipeline.encode.standing import words
from pipeline.mentions import mention_of
from pipeline.taxonomy import AGAINST_CIVILIANS, SUB_EVENT_TYPES

# Who counts: neither side of what is counted, even where no word of saying stands there.
_TALLYING = frozenset({"register", "verify", "receive", "tally", "put", "list", "collect", "total", "show"})
_SEEING = frozenset({"observe", "monitor", "see", "detect", "witness"})
_MISSION = "nited Nations"
_PROTESTS = "Protests"
_BREAKING = frozenset({"violate", "breach", "break"})
SENTENCES_BACK = 5  # how far back "such raids" may point, its own sentence included


def is_counted_by_other(count: Span) -> bool:
    """Return whether somebody other than the writer counted: "the Observatory registered 17", not "we logged 17"."""
    for verb in count.root.ancestors:
        lemma = verb.lemma_.lower()
        if verb.pos_ == "VERB" and (lemma in words("attribution") or lemma in _TALLYING):
            subjects = [c for c in verb.children if c.dep_ == "nsubj" and not c.is_ancestor(count.root)]
            if any(s.lower_ not in ("we", "i", "it") for s in subjects):
                return True
    return False


def is_reporting(verb: Token) -> bool:
    """Return whether a verb tells or counts, rather than acts."""
    lemma = verb.lemma_.lower()
    return lemma in words("attribution") or lemma in _TALLYING | _SEEING


def fill_sides(total: Total, index: MentionIndex) -> None:
    """Find the kind and the sides that the total's own words give."""
    count = total.count
    told = [c for c in candidates(count[0].sent, index) if _tells(c, total)]
    total.kind, total.family = kind_of(total, told, index), family_of(count, index)
    total.crowd = not is_elliptic(count) and _is_demonstration(count, index)
    total.violent = any(_is_violent(c) for c in told) or any(index.covering(t, "TRIGGER") for t in naming_words(count))
    acting, undergoing = _roles(count)
    if is_elliptic(count):  # "... and the second group for 17" has a subject of its own
        acting = [t for t in acting if t.i in total.zone]
        undergoing = [t for t in undergoing if t.i in total.zone] + _struck(total)
    agents = [a for a in index.actors_of(acting) if mention_of(a).inter in ARMED | CROWD]
    patients = index.actors_of(undergoing)
    for candidate in told:
        agents += [a for a in candidate.agents if a not in agents and mention_of(a).inter in ARMED | CROWD]
        patients += [a for a in candidate.patients if a not in patients + agents]
    _add_bystanders(total, index.actors_of(acting), agents, patients, index)
    patients += [a for a in _holders(total, index) if agents and a not in patients + agents]
    patients = [p for p in patients if not _is_toll(p, index)]
    things = [*undergoing, count.root]  # "45 ships were attacked"
    homes = (c.lower_ == "residential" for t in things for c in t.children)
    total.on_civilians = any(homes) or any("civil_place" in classes(t, index) for t in things)
    total.on_ships = any(t.lemma_.lower() in lexicon.word_set("party_words.csv", "ship") for t in things)
    agents = [a for a in agents if not _is_any_group(a)]
    struck = {p.kb_id_ for p in patients}
    total.agents = [a for a in agents if a.kb_id_ not in struck or a in index.actors_of(acting)]
    total.patients = [p for p in patients if p.kb_id_ not in {a.kb_id_ for a in total.agents}]
    if is_breach(total) or (total.kind == "Air/drone strike" and is_on_the_ground(total)):
        total.kind = None


def _struck(total: Total) -> list[Token]:
    """Return what stands behind "15 hit", which the tree may take for an adjective: "15 hit schools or clinics"."""
    after = list(total.count.doc[total.count.end : total.zone.stop])
    return after[1:] if after and after[0].lower_ in ("hit", "struck") else []


def _is_any_group(actor: Span) -> bool:
    """Return whether words stand for groups of whatever name: "68 militant attacks", "89 attacks by armed groups"."""
    if actor.kb_id_ != "Unidentified Armed Group":
        return False
    insurgents = lexicon.word_set("party_words.csv", "insurgents") | {"group"}
    several = actor.root.tag_ == "NNS" and actor.root.lemma_.lower() in insurgents
    return several or actor.root.dep_ in ("compound", "amod")


def _holders(total: Total, index: MentionIndex) -> list[Span]:
    """Return who holds the ground on which the counted happened: "in areas held by the SDF"."""
    actors = (a for a in index.in_sentence(total.count[0].sent, "ACTOR") if a.root.i in total.zone)
    return [a for a in actors if is_known(a) and holds(a)]


def _is_toll(actor: Span, index: MentionIndex) -> bool:
    """Return whether an actor is only the victims that are counted: "in which 198 people lost their lives"."""
    count = index.covering(actor.root, "COUNT")
    if actor.root.lemma_ == "civilian":
        return False  # whom they were aimed at, however many died
    return mention_of(actor).inter == 7 and count is not None and mention_of(count).count_of in VICTIMS


def is_breach(total: Total) -> bool:
    """Return whether a truce was broken: "violated the ceasefire 79 times"."""
    verb = governing_verb(total.count)
    if verb is None or verb.lemma_ not in _BREAKING:
        return False
    truces = lexicon.word_set("context_words.csv", "truce")
    broken = (c for c in verb.children if c.dep_ in ("obj", "nsubj:pass"))
    return any(t.lemma_.lower() in truces for c in broken for t in (c, *c.lefts))  # "the cease-fire" is three tokens


def is_hindered(total: Total) -> bool:
    """Return whether peacekeepers undergo what is counted, by whatever verb: "was restricted on three occasions"."""
    verb = governing_verb(total.count)
    mission = any(_MISSION in p.kb_id_ for p in total.patients)
    return mission and verb is not None and _has_passive(verb)


def _is_violent(candidate: Candidate) -> bool:
    """Return whether a word that may be a figure of speech ("raided its reserves") stands beside a party or weapon."""
    return candidate.kind == "act" or bool(
        candidate.agents or candidate.patients or candidate.weapons or candidate.places
    )


def fill_from_context(total: Total, index: MentionIndex, sentences: Sequence[Span]) -> None:
    """Take what "such raids", "the third this week" or "17 cases" leave unsaid from the event told before."""
    if total.inherits is not None or not _takes_up(total):
        return
    count = total.count
    before = [s for s in sentences if s.start <= count.start][-SENTENCES_BACK:]
    for sentence in reversed(before):
        told = [c for c in candidates(sentence, index) if _is_act_before(c, count)]
        if told:
            last = ([c for c in told if c.frame in TYPED_FRAMES] or told)[-1]
            armed = [a for a in last.agents if mention_of(a).inter in ARMED | CROWD]
            total.agents, total.patients = total.agents or armed, total.patients or last.patients
            total.patients = [p for p in total.patients if p not in total.agents]
            ordinal = is_ordinal(count)
            total.lent = ordinal and is_alike(count)
            if total.kind is None and (total.lent or not total.violent or (ordinal and not is_of_incidents(count))):
                total.kind = "Armed clash" if last.type in TERRITORY and not ordinal else last.type
                total.lent = True
            total.violent, total.told_at = True, last.places
            return


def is_alike(count: Span) -> bool:
    """Return whether what is counted is like the event told before: "the eighth such clash", "attack of this kind"."""
    words = {t.lower_ for t in count}
    kinds = (t for t in count.root.subtree if t.lemma_ in ("kind", "sort", "type", "nature"))
    return bool(words & {"such", "similar"}) or any(case_of(t) == "of" for t in kinds)


def _is_act_before(candidate: Candidate, count: Span) -> bool:
    return (
        candidate.kind != "result" and candidate.trigger.end <= count.start and not is_reporting(candidate.trigger.root)
    )


def _takes_up(total: Total) -> bool:
    """Return whether a count points back to an event: by "such", by an ordinal, by a noun that says nothing."""
    noun = counted_noun(total.count)
    if mention_of(total.count).canonical == "cumulative" and "number" not in {t.lower_ for t in total.count[0].sent}:
        return True
    if any(t.lower_ in ("such", "similar", "earlier", "previous") for t in total.count):
        return True
    bare = noun is not None and noun == event_noun(total.count) and not clauses_of(total.count)
    return bare and noun is not None and noun.lemma_ in ("case", "instance") and not total.violent and not total.agents


def complete_from_parts(total: Total) -> None:
    """Give a total the sides that all of its parts share; one whose parts are of several kinds is of no one kind."""
    kinds = {child.kind for child in total.children}
    if total.kind is not None and len(kinds - {None}) > 1:
        total.kind = None
    if total.kind is None or total.agents or total.patients or not total.children:
        return
    sides = {(_name(c.agents), _name(c.patients)) for c in total.children}
    if len(sides) == 1:
        total.agents, total.patients = total.children[0].agents, total.children[0].patients


def _name(actors: list[Span]) -> str | None:
    return actors[0].kb_id_ if actors else None


def _tells(candidate: Candidate, total: Total) -> bool:
    head = candidate.trigger.root
    own = head.i in total.tokens or is_elliptic(total.count)
    example = any(case_of(t) == "including" for t in (head, *head.ancestors) if t.i >= total.count.end)
    return head.i in total.zone and own and not example and not is_reporting(head)


def _roles(count: Span) -> tuple[list[Token], list[Token]]:
    """Return the heads of who acts and of who undergoes, by the tree."""
    noun, verb = event_noun(count), governing_verb(count)
    acting: list[Token] = []
    undergoing: list[Token] = []
    if noun is not None:
        roles = arguments(noun)
        acting, undergoing = list(roles.agents), roles.patients + roles.targets
    if is_ordinal(count):  # "the third post the group had attacked"
        for clause in clauses_of(count):
            roles = arguments(clause)
            subjects = [t for t in roles.agents if t.pos_ not in ("DET", "PRON")]
            (undergoing if _comes_under(clause) else acting).extend(subjects)
            undergoing += roles.patients
    if verb is not None and verb.lemma_ == "accuse" and case_of(count.root) == "of":
        acting += arguments(verb).patients
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
        undergoing += [t for t in roles.targets if t.i not in own]
    elif relation.startswith("nsubj"):
        undergoing += [t for t in roles.patients if t.i not in own]
    return acting, undergoing


def _comes_under(verb: Token) -> bool:
    """Return whether the subject of a verb is struck: "our vehicles have come under fire"."""
    return any(c.dep_.startswith("obl") and case_of(c) == "under" for c in verb.children)


def _take_subject(verb: Token, roles: Arguments, acting: list[Token], undergoing: list[Token]) -> None:
    """Add the subject of the verb whose object is counted: who launched them, or who suffered them."""
    suffers = verb.lemma_ in lexicon.word_lists("light_verbs.csv")["patient"]
    (undergoing if suffers else acting).extend(t for t in roles.agents)


def _add_bystanders(
    total: Total, acting: list[Span], agents: list[Span], patients: list[Span], index: MentionIndex
) -> None:
    """Fill a side that the tree leaves open from the other actors of the zone ("four were the work of Hezbollah")."""
    count = total.count
    owned = _owned_by_reporter(count)
    known = {s.kb_id_ for s in agents + patients}
    for actor in index.in_sentence(count[0].sent, "ACTOR"):
        if actor.root.i not in total.zone or actor.kb_id_ in known or _is_absent(actor, count):
            continue
        mission = _MISSION in actor.kb_id_
        if _reports(actor) and not (mission and owned):
            continue
        unarmed = mention_of(actor).inter not in ARMED or mission
        aimed_at = case_of(actor.root).split(" ")[-1] in TARGET_CASES
        if not unarmed and not aimed_at and not agents:
            agents.append(actor)
        elif aimed_at or (unarmed and actor not in acting and _is_in_clause(actor, total)):
            if not patients or (mission and _only_civil(patients)):
                patients[:] = [actor]
        known.add(actor.kb_id_)


def _is_in_clause(actor: Span, total: Total) -> bool:
    """Return whether no other clause stands between an actor and the count ("..., saying it acts for the people")."""
    verb = next((a for a in actor.root.ancestors if a.pos_ == "VERB"), None)
    head = total.count.root
    return verb in (None, governing_verb(total.count)) or verb.is_ancestor(head) or head.is_ancestor(verb)


def _is_absent(actor: Span, count: Span) -> bool:
    counted = mention_of(actor).inter == 7 and actor.root in count
    return counted or any(c.lower_ == "no" for c in actor.root.children)


def _only_civil(patients: list[Span]) -> bool:
    return all(mention_of(p).inter == 7 for p in patients)


def _reports(actor: Span) -> bool:
    """Return whether an actor is only the source of the figure."""
    head = actor.root
    verb = next((a for a in head.ancestors if a.pos_ == "VERB"), None)
    if verb is not None and is_reporting(verb) and not _has_passive(verb):
        aside = [t for t in (head, *head.ancestors) if t.head == verb]
        if aside and aside[0].dep_.startswith("obl") and case_of(aside[0]) in ("to", "on"):
            return False  # "attributed about 20 of them to Israeli fire"
        return bool(aside) and not aside[0].dep_.startswith("ccomp") and not _counts_in(aside[0])
    return case_of(head) == "according to" or any(a.lower_ == "according" for a in head.ancestors)


def _counts_in(phrase: Token) -> bool:
    """Return whether a phrase of a verb of counting is the counted itself."""
    return phrase.dep_.startswith("obj") and any(t.pos_ == "NUM" for t in phrase.subtree)


def _has_passive(verb: Token) -> bool:
    return any(c.dep_ in ("nsubj:pass", "aux:pass") for c in verb.children)


def _owned_by_reporter(count: Span) -> bool:
    """Return whether what was hit is the reporter's own: "the Mission logged 23 incidents in which its people"."""
    clauses = [c for c in count.root.children if c.dep_.startswith("acl")]
    return any(t.lower_ in ("its", "their", "our", "us") for c in clauses for t in c.subtree)


def fill_kind_and_sides(total: Total) -> None:
    """Fill the types, the actors and what follows from them."""
    fill_kind(total.row, total.kind, [total.count])
    sides = _parties_of(total)
    nowhere = total.row["country_code"] is None
    if nowhere and (sides.first.main or "").startswith("Unidentified"):
        sides.first = Side()  # "64 attacks by jihadist groups" in three countries
    fill_parties(total.row, sides)


def _parties_of(total: Total) -> Parties:
    """Return the sides; attacks of settlers and violence against civilians have civilians as the other side."""
    first, second = side(total.agents), side(total.patients)
    if len(armed_among(total.patients)) > 1:
        second = Side()  # "17 attacks on police and army"
    event_type = SUB_EVENT_TYPES[total.kind][0] if total.kind else None
    if total.crowd and first.type_at_home not in ARMED - STATE:
        first = Side(first.spans, "Protesters", 6)
        second = second if second.main != "Protesters" else Side()
    if event_type == "Riots" and first.type_at_home not in ARMED:
        first = Side(first.spans, "Rioters", 5)
    on_civilians = event_type == AGAINST_CIVILIANS or bool(first.main and first.main.startswith("Settlers"))
    on_civilians = on_civilians or total.kind == "Looting/property destruction" or total.on_civilians
    if total.on_ships and (not second.main or second.type_at_home == 7):
        second = crews()
    return Parties(first, civilians() if on_civilians and not second.main else second)


def _is_demonstration(count: Span, index: MentionIndex) -> bool:
    """Return whether demonstrations are counted, by their noun, or the towns that "took to the streets"."""
    triggers = (index.covering(t, "TRIGGER") for t in naming_words(count))
    if any(families(trigger) == {_PROTESTS} for trigger in triggers if trigger is not None):
        return True
    verb = governing_verb(count)
    return verb is not None and verb.lemma_ == "take" and any(t.lower_ == "streets" for t in verb.subtree)
