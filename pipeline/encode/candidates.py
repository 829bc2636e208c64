"""Candidate events: what one sentence reports, trigger by trigger, with the mentions that belong to each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from spacy.tokens import Span, Token

from pipeline import lexicon
from pipeline.encode.arguments import Arguments, arguments, case_of
from pipeline.encode.event_types import ARMED, BATTLES, CROWD, TERRITORY, Situation, sub_event_type
from pipeline.encode.learned import misleads, opinion, surer_type, untriggered, yields
from pipeline.encode.mentions import MentionIndex, armed_among
from pipeline.encode.senses import choose_sense, classes, is_figurative, noun_classes
from pipeline.encode.standing import Standing, in_context, is_definite, lemmas_of, standing, words
from pipeline.mentions import mention_of

# Prepositions that make a place the source or goal of something else, not where the event happens.
_NOT_THERE = frozenset({"from", "for", "to", "towards", "toward", "about", "by"})
# Words for ground taken or given up are words of motion, too.
GROUND = TERRITORY | {"Non-violent transfer of territory"}
# The frame of words that only the language model holds to tell an event.
LEARNED = "learned"
# Confidence of mentions that only name a context ("Tripoli, Lebanon"), and of actors that were guessed from the text.
CONTEXT_ONLY = 0.5
GUESSED = 0.5
# Edges between the trees of one sentence, where it has several.
APART = 50
RENEWERS = frozenset(
    {
        "another",
        "second",
        "third",
        "separate",
        "separately",
        "elsewhere",
        "meanwhile",
        "also",
        "earlier",
        "later",
    }
)


# Transitive verbs: a subject without an object is a passive that leaves out its auxiliary, as in headlines and digests.
_UNORGANISED = frozenset({5, 6, 7})  # crowds and civilians
_NEEDS_OBJECT = frozenset({"kill", "murder", "injure", "abduct", "arrest", "sexual"})


@dataclass(slots=True)
class Candidate:
    """One passage that reports an event, before it is compared with the rest of the story."""

    sentence: Span
    trigger: Span
    frame: str
    kind: str
    type: str
    standing: Standing
    situation: Situation
    agents: list[Span] = field(default_factory=list)
    patients: list[Span] = field(default_factory=list)
    undergoing: list[Token] = field(default_factory=list)  # heads of what undergoes, by the tree alone
    persons: bool = False
    civil_property: bool = False  # homes, cars, crops among what undergoes
    weapons: set[str] = field(default_factory=set)
    places: list[Span] = field(default_factory=list)
    dates: list[Span] = field(default_factory=list)
    counts: list[Span] = field(default_factory=list)
    triggers: list[Span] = field(default_factory=list)
    firm: bool = False  # the codebook settles its type, whatever the language model thinks
    aside: bool = False  # tells more of an event, not what kind it is
    bystanders: list[Span] = field(default_factory=list)  # other actors of the sentence
    opinion: dict[str, float] = field(default_factory=dict)  # of the language model, on its type
    anaphoric: bool = field(init=False)  # points back to an event already told ("the attack", "it was the worst blast")

    def __post_init__(self) -> None:
        head = self.trigger.root
        self.anaphoric = head.pos_ in ("NOUN", "PROPN") and (
            is_definite(head) or any(c.dep_ == "nsubj" and c.lower_ in ("it", "this", "that") for c in head.children)
        )

    @property
    def is_occasion(self) -> bool:
        """Whether the words tell of deaths as the reason for something else ("in anger over the killing of a boy")."""
        head = self.trigger.root
        if head.pos_ in ("NOUN", "PROPN"):
            return head.dep_.startswith(("obl", "nmod")) and case_of(head) in words("occasion")
        return head.tag_ == "VBG" and case_of(head) == "of" and head.head.lemma_ in words("accusing")

    @property
    def plural(self) -> bool:
        """Whether the words speak of events in general ("in response to drone attacks")."""
        return self.trigger.root.tag_ == "NNS"

    @property
    def renewed(self) -> bool:
        """Whether the words say that this is one more event ("another raid", "a second blast")."""
        return any(t.lower_ in RENEWERS for t in self.sentence)


def candidates(sentence: Span, index: MentionIndex) -> list[Candidate]:
    """Return the real events that a sentence reports, one per trigger, in text order."""
    found = _triggered(sentence, index)
    if not found:
        return []
    lemmas = lemmas_of(sentence)
    if in_context(lemmas, "drill") or in_context(lemmas, "figurative", words_needed=2):
        return []
    if in_context(lemmas, "disaster") and not _is_armed(sentence, index):
        return []
    looks_back = _years_back(sentence) if "year" in lemmas else None
    if (in_context(lemmas, "past") or looks_back == sentence.start) and not any(
        _is_day(date) for date in index.in_sentence(sentence, "DATE")
    ):
        return []
    found = [
        (trigger, roles, frame)
        for trigger, roles, frame in found
        if not _is_modifier(trigger.root, frame.frame)
        and (looks_back in (None, sentence.start) or not _looked_back_on(trigger.root, looks_back))
    ]
    found.sort(key=lambda item: item[0].start)
    heads = [trigger.root for trigger, _, _ in found]
    kinds = ("PLACE", "DATE", "COUNT", "WEAPON", "AGENT", "TARGET")
    shares = {kind: _shares(sentence, heads, index, kind) for kind in kinds}
    result = []
    for i, (trigger, roles, frame) in enumerate(found):
        candidate = _candidate(sentence, trigger, roles, frame, index, {k: s[i] for k, s in shares.items()})
        if candidate is not None:
            result.append(candidate)
    return result


def _triggered(sentence: Span, index: MentionIndex) -> list[tuple[Span, Arguments, lexicon.FrameRow]]:
    """Return the words of a sentence that tell an event, by a sense of a trigger or by the language model."""
    found: list[tuple[Span, Arguments, lexicon.FrameRow]] = []
    told: set[int] = set()
    for trigger in index.in_sentence(sentence, "TRIGGER"):
        roles = arguments(trigger.root)
        row = choose_sense(trigger, roles, index)
        if row is None:
            if is_figurative(trigger) and not _is_armed(sentence, index):
                told.update(token.i for token in trigger)  # "came under fire over the price of maize"
            continue
        told.update(token.i for token in trigger)
        frame = lexicon.frames()[row.frame]
        moves = frame.sub_event_type in GROUND and yields(trigger.root, sentence, index)
        if frame.frame != "none" and not moves and not misleads(trigger.root, sentence, index):
            found.append((trigger, roles, frame))
    for trigger, kind in untriggered(sentence, index, told):
        frame = lexicon.FrameRow(frame=LEARNED, sub_event_type=kind, kind="act")
        found.append((trigger, arguments(trigger.root), frame))
    return found


def _candidate(
    sentence: Span,
    trigger: Span,
    roles: Arguments,
    frame: lexicon.FrameRow,
    index: MentionIndex,
    share: dict[str, list[Span]],
) -> Candidate | None:
    how = standing(roles.predicate if roles.predicate is not None else trigger.root)
    if how.real and roles.predicate != trigger.root:
        own = standing(trigger.root)
        how = own if not own.real else how
    if not how.real:
        return None
    agents = [a for a in index.actors_of(roles.agents) if not _is_bare_weapon(a, index)]
    undergoing = roles.patients + roles.targets
    if frame.subject == "undergoes":
        undergoing, agents = roles.agents + undergoing, []
    elif (
        frame.frame in _NEEDS_OBJECT
        and not roles.patients
        and not _inters(agents) & ARMED
        and trigger.root.pos_ == "VERB"
    ):
        undergoing, agents = roles.agents, []  # "one soldier killed, two wounded"
    elif frame.subject == "blamed":
        undergoing, agents = [], index.actors_of(undergoing)
    elif frame.subject == "repels":
        undergoing, agents = roles.agents, index.actors_of(undergoing)
    harmed = [c.root for c in share["COUNT"] if mention_of(c).count_of in ("fatalities", "injuries")]
    hit = index.actors_of(undergoing + harmed)
    if not agents and trigger.root.dep_ != "amod":  # "the targeted camps were used by them" tells not who targeted
        apart = [a for a in index.actors_in(share["AGENT"]) if a not in hit and not _is_bare_weapon(a, index)]
        # "rockets fired by them were intercepted": who stands within what is struck did not strike it.
        apart = [a for a in apart if not any(token.is_ancestor(a.root) for token in undergoing)]
        agents = [a for a in apart if not _stands_by(a, trigger.root)]
    acting = {a.kb_id_ for a in agents}
    patients = [a for a in hit if a.kb_id_ not in acting or (a not in agents and mention_of(a).inter in _UNORGANISED)]
    patients = patients or [a for a in index.actors_in(share["TARGET"]) if a.kb_id_ not in acting]
    persons = any(classes(t, index) & {"civilian", "civil_place"} and not index.actor_of(t) for t in undergoing)
    weapons = {w.kb_id_ for w in share["WEAPON"]}
    situation = Situation(
        frame=frame.frame,
        default=frame.sub_event_type,
        weapons=frozenset(weapons),
        agent=_inters(agents),
        patient=_inters(patients),
        persons=persons,
    )
    shares = opinion(trigger.root, sentence, index)
    near = index.bystanders(sentence)
    armed = len(armed_among([*agents, *near]))
    kind = _kind(situation, frame, shares, agents, patients, armed)
    if kind is None or any(_is_ahead(date) for date in share["DATE"]):
        return None
    # "was hit", with neither striker nor weapon, tells only the harm: the act stands elsewhere.
    bare = frame.frame == "strike" and not weapons and not _inters(agents) & ARMED and trigger.root.pos_ == "VERB"
    return Candidate(
        sentence=sentence,
        trigger=trigger,
        frame="struck" if bare else frame.frame,
        kind="result" if bare else frame.kind,
        type=kind,
        standing=how,
        agents=agents,
        patients=patients,
        undergoing=roles.patients + roles.targets,
        persons=persons,
        civil_property=any("property" in classes(t, index) for t in undergoing),
        weapons=weapons,
        situation=situation,
        firm=bool(frame.firm),
        opinion=shares,
        places=sorted((p for p in share["PLACE"] if _is_scene(p)), key=lambda p: not trigger.root.is_ancestor(p.root)),
        dates=share["DATE"],
        counts=share["COUNT"],
        triggers=[trigger],
        bystanders=[a for a in near if a not in agents and a not in patients],
    )


def retyped(group: list[Candidate]) -> list[Candidate]:
    """Choose the types of passages of one event anew, now that the weapons of all of them are known."""
    weapons = frozenset().union(*(c.weapons for c in group))
    agents = frozenset().union(*(c.situation.agent for c in group if c.kind != "result" or len(group) == 1))
    for candidate in group:
        case = replace(candidate.situation, weapons=weapons, agent=candidate.situation.agent or agents)
        candidate.type = sub_event_type(case) or candidate.type
    return group


def _stands_by(actor: Span, trigger: Token) -> bool:
    """Return whether unarmed people do something else meanwhile: "were shot dead while crowds waited"."""
    doing = actor.root.head
    apart = actor.root.dep_ == "nsubj" and doing != trigger and not doing.is_ancestor(trigger)
    return apart and mention_of(actor).inter in _UNORGANISED


def _is_bare_weapon(actor: Span, index: MentionIndex) -> bool:
    """Return whether a weapon was only guessed to be somebody's ("two jets", after talk of another air force)."""
    return mention_of(actor).confidence <= GUESSED and index.covering(actor.root, "WEAPON") is not None


def _kind(
    case: Situation,
    frame: lexicon.FrameRow,
    shares: dict[str, float],
    agents: list[Span],
    patients: list[Span],
    armed: int,
) -> str | None:
    """Return the sub-event type by the rules, or that of which the model is sure unless the sides rule it out.

    armed (int): How many armed actors the sentence names that may have acted.
    """
    kind = sub_event_type(case)
    several = len({a.kb_id_ for a in (*agents, *patients)}) > 1 and case.agent | case.patient <= ARMED
    clash = kind == "Armed clash" and (several or (bool(case.patient) and case.patient <= ARMED))
    unruly = frame.frame == "clash" and case.agent == {7}  # "residents clashed with soldiers"
    if kind and not (frame.firm or clash or unruly):
        case.learned = surer_type(kind, shares)
    unarmed = any(map(is_noncombatant, patients)) or (7 in case.patient and bool(case.agent & ARMED))
    if kind == "Attack" and unarmed and armed < 2 and case.learned in BATTLES | {"Air/drone strike"}:
        case.learned = None  # a battle has two armed sides, and an attack from the air a weapon
    if case.learned == "Attack" and case.patient and case.patient <= ARMED:
        case.learned = None  # an attack on the armed alone is none on civilians
    if case.learned == "Attack" and kind == "Mob violence" and case.agent and case.agent <= _UNORGANISED:
        case.learned = None  # "beaten to death by villagers"
    if case.learned == "Remote explosive/landmine/IED" and kind == "Air/drone strike":
        case.learned = None  # "a guided bomb struck a road"
    return case.learned or kind


def is_noncombatant(actor: Span) -> bool:
    """Return whether a mention says that somebody bears no arms: "villagers", not "people" or "Palestinians"."""
    head = actor.root
    return mention_of(actor).inter == 7 and head.pos_ == "NOUN" and head.lemma_.lower() not in noun_classes()["anybody"]


def _inters(actors: list[Span]) -> frozenset[int]:
    return frozenset(inter for a in actors if (inter := mention_of(a).inter))


def _years_back(sentence: Span) -> int | None:
    """Return from which token on a sentence looks back over years ("a year after an attack that"), or None."""
    for token in sentence:
        if token.lemma_ == "year" and token.i + 1 < sentence.end:
            after = token.nbor()
            if after.lower_ in ("after", "since", "on"):
                return after.i
            if after.lower_ == "ago":
                return sentence.start
    return None


def _looked_back_on(token: Token, start: int) -> bool:
    """Return whether a word stands in the phrase that looks back: "a year after the massacre in Bucha, ..."."""
    return token.i > start and not any(t.text == "," for t in token.doc[start : token.i])


def _is_modifier(head: Token, frame: str) -> bool:
    """Return whether the word only describes another: "a protest organiser", "for the detained and disappeared"."""
    if head.dep_ == "compound" or (head.dep_ == "amod" and head.head.head.lemma_ in words("rescue")):
        return True  # "rescued 25 kidnapped villagers"
    participle = head.tag_ in ("VBN", "JJ") and frame not in ("die", "injure")
    return participle and any(c.dep_ == "det" for c in head.children)


def _is_armed(sentence: Span, index: MentionIndex) -> bool:
    """Return whether fighters, a crowd or weapons stand in a sentence."""
    actors = _inters([a for a in index.in_sentence(sentence, "ACTOR") if not a.kb_id_.startswith("Government")])
    return bool(actors & (ARMED | CROWD) or index.in_sentence(sentence, "WEAPON"))


def _is_day(date: Span) -> bool:
    return mention_of(date).date_precision == "day" and mention_of(date).date_start is not None


def _is_ahead(date: Span) -> bool:
    start, published = mention_of(date).date_start, date.doc._.published
    if date.doc._.published_basis == "body":
        return False  # the text was written some time after the day that it tells first
    return start is not None and published is not None and start > published


def _is_scene(place: Span) -> bool:
    """Return whether something may have happened at a place: not "for" it, not "from the bank of" it.

    Who is taken "from a house in" it was taken there.
    """
    if mention_of(place).confidence < CONTEXT_ONLY or _speaks_from(place.root) or is_seat(place):
        return False
    above = [place.root, *_nominals_above(place.root)]
    origins = [node for node in above if case_of(node).split(" ")[-1] == "from"]
    if any(node.head.lemma_ in words("taking") for node in origins):
        return True
    if case_of(place.root).split(" ")[-1] in _NOT_THERE and place.root.head.lemma_ not in words("edge"):
        return False  # but "at the entrance to" it
    return not any(node != place.root for node in origins)


def is_seat(place: Span) -> bool:
    """Return whether a place only tells where somebody has an office: "a monitor based in Britain", "Oslo-based"."""
    behind = place.doc[place.end : place.end + 2].text.lower()
    return behind == "-based" or place.root.head.lower_ in ("based", "headquartered")


def _speaks_from(place: Token) -> bool:
    """Return whether a place only tells who speaks: "Kandahar officials said", "according to Nasser Hospital"."""
    if "according" in case_of(place):
        return True
    speaker = place.head if place.dep_ in ("compound", "nmod:poss", "amod") else place
    return speaker.dep_ == "nsubj" and speaker.head.lemma_ in words("attribution")


def _nominals_above(token: Token) -> Iterator[Token]:
    while token.dep_.startswith("nmod") and token.head != token:
        token = token.head
        yield token


def _shares(sentence: Span, heads: list[Token], index: MentionIndex, kind: str) -> list[list[Span]]:
    """Give each mention of a sentence to the trigger that is nearest to it in the tree.

    The day on which somebody speaks is nobody's where another day is told: "said on Monday that on Saturday".
    """
    shares: list[list[Span]] = [[] for _ in heads]
    mentions = index.in_sentence(sentence, kind)
    if kind == "DATE":
        mentions = [date for date in mentions if not _dates_speech(date)] or mentions
    for mention in mentions:
        if heads:
            root = mention.root
            nearest = min(range(len(heads)), key=lambda i: (tree_steps(root, heads[i]), abs(root.i - heads[i].i)))
            shares[nearest].append(mention)
    return shares


def _dates_speech(date: Span) -> bool:
    return date.root.dep_.startswith("obl") and date.root.head.lemma_ in words("attribution") | words("reaction")


def _one(token: Token) -> int:
    return 1


def tree_steps(one: Token, other: Token, weigh: Callable[[Token], int] = _one) -> int:
    """Return the number of tree edges between two tokens, each weighed by the token below it.

    Tokens of two trees, as other language models may give for one sentence, are APART.
    """
    above, steps = {one.i: 0}, 0
    node = one
    while node.head != node:
        node, steps = node.head, steps + weigh(node)
        above[node.i] = steps
    node, steps = other, 0
    while node.i not in above and node.head != node:
        node, steps = node.head, steps + weigh(node)
    return steps + above.get(node.i, APART)
