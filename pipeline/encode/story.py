"""From passages to events: one event told in headline, lede and body is one; a second raid is another.

A passage continues an earlier event unless its place, day or parties contradict it, or its words say that it is a new
one. Passages that only tell harm ("four more bodies were recovered in Nabi Chit") take what they leave unsaid from the
event before them.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from spacy.tokens import Doc, Span

from pipeline import lexicon
from pipeline.encode.candidates import Candidate, candidates, retyped
from pipeline.encode.event_types import (
    ARMED,
    CROWD,
    STATE,
    STRATEGIC,
    SUB_EVENT_TYPES,
    VIOLENCE,
    dominant,
    from_the_air,
    sub_event_type,
)
from pipeline.encode.mentions import MentionIndex
from pipeline.encode.standing import in_context
from pipeline.mentions import mentions_of, zone_at

# Features of places too wide to tell two events apart.
WIDE = frozenset({"country", "region", "sea", "continent"})
# Days before publication after which an event is background, unless its day and place are told.
BACKGROUND_DAYS = 60
# How many words behind an event its toll may follow.
TOLL_WORDS = 40
# So many different words of sport, of an exercise or of markets make the whole text one about them.
OTHER_TOPICS = {"figurative": 4, "drill": 3, "economy": 6}
_HARM = frozenset({"kill", "die", "injure", "struck", "blame", "planted"})
# Nouns of these frames, with "the", may stand for any violent event told before.
_GENERIC = frozenset({"assault", "strike", "explosion", "kill", "gunfire", "clash", "die"})
# What insurgents do: without an agent it is laid to the one group that the article knows.
_INSURGENT = frozenset({"Remote explosive/landmine/IED", "Suicide bomb", "Armed clash"})
_DISRUPTED = "Disrupted weapons use"
_TERRITORY = frozenset({"Government regains territory", "Non-state actor overtakes territory"})
_STRIKES = frozenset({"Air/drone strike", "Shelling/artillery/missile attack"})
# Sub-types that are sides of one demonstration.
_CROWD_TYPES = frozenset(
    {
        "Peaceful protest",
        "Protest with intervention",
        "Excessive force against protesters",
        "Violent demonstration",
        "Mob violence",
    }
)


@dataclass(slots=True)
class StoryEvent:
    """One event as an article tells it, from one or more passages."""

    passages: list[Candidate]
    zone: str | None = None
    afterwards: list[Span] = field(default_factory=list)  # counts of sentences that only tell the toll
    borrowed: bool = False  # its type comes from the event before it
    inherited: dict[str, list[Span]] = field(default_factory=dict)

    @property
    def type(self) -> str:
        """The dominant sub-event type of its passages; harm alone never overrules an act."""
        acts = [p.type for p in self.passages if p.frame not in _HARM and not p.anaphoric and not p.aside]
        killings = [p.type for p in self.passages if p.frame in ("kill", "murder") and p.agents]
        if acts and killings and all(SUB_EVENT_TYPES[kind][0] == STRATEGIC for kind in acts):
            acts = killings  # burning and killing is an attack, not a burning
        if not acts:
            return self.passages[0].type
        if any(p.frame == "grave" for p in self.passages):
            return "Other"
        acts += [p.type for p in self.passages if p.type == "Excessive force against protesters"]
        if _TERRITORY & set(acts) and self._bloodless(acts):
            return "Non-violent transfer of territory"
        if "Abduction/forced disappearance" in acts and not any(
            p.frame in ("kill", "murder", "die") for p in self.passages
        ):
            acts = [kind for kind in acts if kind != "Attack"]
        if _DISRUPTED in acts and not any(p.frame in _HARM for p in self.passages):
            return _DISRUPTED
        state = any(s._.mention.inter in STATE for p in self.passages for s in p.agents)
        if state and "Attack" in acts and _CROWD_TYPES.intersection(acts):
            return "Excessive force against protesters"
        return dominant(acts)

    def _bloodless(self, acts: list[str]) -> bool:
        """Whether the place changed hands without a fight: the other side left, or the words say so."""
        if "Armed clash" in acts or any(p.frame in _HARM for p in self.passages):
            return False
        told = " ".join(p.sentence.text.lower() for p in self.passages)
        left = any(p.frame == "withdraw" for p in self.passages)
        return left or any(words in told for words in lexicon.word_lists("context_words.csv")["bloodless"])

    @property
    def harm_only(self) -> bool:
        """Whether nothing but death or injury is told."""
        return all(p.frame in _HARM for p in self.passages)

    @property
    def leading(self) -> list[Candidate]:
        """Its passages, those that give it its type first."""
        kind = self.type
        return sorted(self.passages, key=lambda p: p.type != kind)

    def spans(self, field_name: str) -> list[Span]:
        """Return the mentions of one role, the leading passage's first; else what was inherited.

        Who acts is taken from one passage alone: later ones name others who act, on other things.
        """
        found: list[Span] = []
        if field_name == "counts":
            found.extend(self.afterwards)
        for passage in self.leading if field_name in ("agents", "patients") else self.passages:
            found.extend(s for s in getattr(passage, field_name) if s not in found)
            if field_name == "agents":
                hit = {s.kb_id_ for s in self.leading[0].patients}
                found = [s for s in found if s.kb_id_ not in hit]
                if any(not s.kb_id_.startswith("Unidentified") for s in found):
                    break
        if field_name == "agents" and len(found) > 1:  # who claims or is blamed takes the place of "gunmen"
            found = [s for s in found if not s.kb_id_.startswith("Unidentified")] or found[:1]
        return found or self.inherited.get(field_name, [])


def tell(doc: Doc, index: MentionIndex, counted: set[int]) -> list[StoryEvent]:
    """Return the events that an annotated text reports, in text order.

    counted (set[int]): Tokens of totals ("48 attacks"), which are told in rows of their own.
    """
    if any(in_context(doc, effect, words) for effect, words in OTHER_TOPICS.items()):
        return []
    body: list[StoryEvent] = []
    aside: list[StoryEvent] = []
    for sentence in doc.sents:
        zone = zone_at(doc, sentence.start_char)
        if zone == "boilerplate":
            continue
        told = aside if zone in ("headline", "caption") else body
        found = [c for c in candidates(sentence, index) if c.trigger.root.i not in counted]
        if not found and told:
            told[-1].afterwards.extend(_toll_only(sentence, told[-1], index))
        for group in _group(found):
            for one in _by_place(retyped(group)):
                _place(StoryEvent(one, zone), told)
    for event in body or aside:
        _settle(event)
    events = [event for event in body or aside if _is_told(event, doc)]
    _cast(events, doc)
    return events


def _toll_only(sentence: Span, event: StoryEvent, index: MentionIndex) -> list[Span]:
    """Return the dead and hurt that a sentence without event words tells of the event before it."""
    places = {p.kb_id_ for p in index.in_sentence(sentence, "PLACE") if _is_point(p)}
    if _conflict(places, _places(event.passages)) or sentence.start - event.passages[-1].sentence.end > TOLL_WORDS:
        return []
    counts = index.in_sentence(sentence, "COUNT")
    return [c for c in counts if c._.mention.count_of in ("fatalities", "injuries")]


def _settle(event: StoryEvent) -> None:
    """Choose types anew where a passage left out whom the fire hit and another tells it ("six customers were dead")."""
    victims = frozenset().union(*(p.situation.patient for p in event.passages))
    persons = any(p.situation.persons for p in event.passages)
    for passage in event.passages:
        case = passage.situation
        if not case.patient and not case.persons and (victims or persons):
            passage.type = sub_event_type(replace(case, patient=victims - case.agent, persons=persons)) or passage.type


def _cast(events: list[StoryEvent], doc: Doc) -> None:
    """Give fire and strikes without an agent the one striker that the article knows.

    Passive news ("three shells landed in Yaroun") leaves out who the story is about; where it knows two, the agent
    stays blank.
    """
    air_war = any(w.kb_id_ == "air" for w in mentions_of(doc, "WEAPON"))
    for event in events:
        if event.type in _STRIKES:
            if not event.spans("agents"):
                event.inherited["agents"] = _striker(event, events, doc)
            state = any(s._.mention.inter in STATE for s in event.spans("agents"))
            for passage in event.passages:
                passage.type = from_the_air(passage.type, passage.weapons, state, air_war)
        elif event.type in _INSURGENT and not event.spans("agents"):
            event.inherited["agents"] = _only(doc, event, frozenset({2, 3}))
        elif event.type == "Non-state actor overtakes territory" and not event.spans("patients"):
            event.inherited["patients"] = [s for s in _only(doc, event, frozenset({1})) if _is_home(s, event)]


def _only(doc: Doc, event: StoryEvent, inters: frozenset[int]) -> list[Span]:
    """Return the one named actor of these types that an article knows besides those in the event; none if several."""
    involved = {s.kb_id_ for s in event.spans("agents") + event.spans("patients")}
    known = [
        s
        for s in mentions_of(doc, "ACTOR")
        if s._.mention.inter in inters
        and s.kb_id_ not in involved
        and s.kb_id_.startswith("Unidentified") is False
        and s.kb_id_ not in ("Government",)
        and not s.kb_id_.startswith(("Government of", "Police Forces"))
    ]
    return known[:1] if len({s.kb_id_ for s in known}) == 1 else []


def _is_home(actor: Span, event: StoryEvent) -> bool:
    return actor._.mention.country in {p._.mention.country for p in event.spans("places")}


def _striker(event: StoryEvent, events: list[StoryEvent], doc: Doc) -> list[Span]:
    hit = {s.kb_id_ for s in event.spans("patients")}
    same = [s for e in events if e.type == event.type for s in e.spans("agents")]
    armed = [s for s in mentions_of(doc, "ACTOR") if s._.mention.inter == 1 or event.type != "Air/drone strike"]
    for known in (same, [s for s in armed if s._.mention.inter in ARMED and _strikes_abroad(s, event)]):
        known = [s for s in known if s.kb_id_ not in hit and s._.mention.inter in ARMED and s._.mention.country]
        if len({s.kb_id_ for s in known}) == 1:
            return known[:1]
    return []


def _strikes_abroad(actor: Span, event: StoryEvent) -> bool:
    """Return whether an actor is at home elsewhere than where the event's places lie."""
    scene = {p._.mention.country for p in event.spans("places")}
    return bool(scene) and actor._.mention.country not in scene


def _is_told(event: StoryEvent, doc: Doc) -> bool:
    """Return whether enough stands in the event's own passages: a figure of speech has no fighters, dead or place."""
    passages = event.passages
    described = any(p.agents for p in passages) and bool(_places(passages) or any(p.dates for p in passages))
    if all(p.anaphoric or p.frame in _HARM for p in passages) and not event.harm_only and not described:
        return False
    caused = any(p.agents or p.weapons for p in passages) or event.borrowed
    if event.harm_only and not (caused and _places(passages)):
        return False  # deaths without a doer may be a storm's or a stampede's
    if event.type in _CROWD_TYPES and not _is_staged(event):
        return False
    if not _places(passages) and all(p.plural or p.frame in _HARM for p in passages) and not event.harm_only:
        return False
    actors = {s.kb_id_ for p in passages for s in p.agents + p.patients if s._.mention.inter in ARMED | CROWD}
    harm = any(
        c._.mention.count_of in ("fatalities", "injuries", "abducted", "detained") for p in passages for c in p.counts
    )
    places, dates = _places(passages), _dates(passages)
    weapons = any(p.weapons for p in passages)
    plain = any(p.kind == "act" for p in passages)
    if event.type == "Armed clash":
        actors |= {s.kb_id_ for p in passages for s in p.bystanders if s._.mention.inter in ARMED}
    struck = any(p.persons or p.civil_property for p in passages)
    acts = min(len(actors), 2) + harm + weapons + plain + struck
    return acts >= 1 and acts + bool(places) + bool(dates) >= 2 and not _is_background(event, doc)


def _is_staged(event: StoryEvent) -> bool:
    """Return whether a demonstration has a place, a day or a size: people also protest in general."""
    sized = any(c._.mention.count_of in ("participants", "injuries", "fatalities") for c in event.spans("counts"))
    return sized or any(p.places or p.dates for p in event.passages) or len(event.passages) > 2


def _is_background(event: StoryEvent, doc: Doc) -> bool:
    """Return whether an event is old and too vaguely told to stand alone."""
    dates = [s._.mention for p in event.passages for s in p.dates if s._.mention.date_start]
    if not dates or doc._.published is None:
        return False
    old = all((doc._.published - d.date_start).days > BACKGROUND_DAYS for d in dates)
    return old and not (any(d.date_precision == "day" for d in dates) and _places(event.passages))


def _group(found: list[Candidate]) -> list[list[Candidate]]:
    """Put the passages of one sentence that tell of the same event together."""
    groups: list[list[Candidate]] = []
    for candidate in found:
        for group in groups:
            if all(_same_in_sentence(other, candidate) for other in group):
                group.append(candidate)
                break
        else:
            groups.append([candidate])
    return groups


def _by_place(group: list[Candidate]) -> list[list[Candidate]]:
    """Return one event for each of several places that are named side by side ("the edges of Houla and Markaba").

    The casualties stay with the first: totals over several places are split, not repeated (ACLED codebook).
    """
    points = [p for c in group for p in c.places if _is_point(p)]
    beside = [p for p in points[1:] if p.kb_id_ != points[0].kb_id_ and _are_coordinated(points[0], p)]
    first = [replace(c, places=[p for p in c.places if p not in beside]) for c in group]
    others = [[replace(c, places=[p], counts=[]) for c in group if c.frame not in _HARM] for p in beside]
    return [first, *(other for other in others if other)]


def _is_point(place: Span) -> bool:
    mention = place._.mention
    return mention.latitude is not None and mention.feature not in WIDE | {"admin1", "district"}


def _are_coordinated(one: Span, other: Span) -> bool:
    """Return whether two places, or the nouns that they are parts of, are conjuncts."""
    ours, theirs = {one.root, one.root.head}, {other.root, other.root.head}
    return any(token in candidate.conjuncts for token in theirs for candidate in ours)


def _same_in_sentence(one: Candidate, other: Candidate) -> bool:
    if _conflict(_places([one]), _places([other])) or _conflict(_dates([one]), _dates([other])):
        return False
    if one.frame in _HARM or other.frame in _HARM:
        return True
    if one.trigger.root.is_ancestor(other.trigger.root) or other.trigger.root.is_ancestor(one.trigger.root):
        return True
    return _same_kind(one.type, other.type)


def _place(event: StoryEvent, told: list[StoryEvent]) -> None:
    """Join an event to the earlier one that it continues, or tell it as new."""
    for earlier in reversed(told):
        if _continues(event, earlier, nearest=earlier is told[-1]):
            earlier.passages.extend(event.passages)
            return
    if told:
        _inherit(event, told)
    told.append(event)


def _continues(event: StoryEvent, earlier: StoryEvent, nearest: bool) -> bool:
    first = event.passages[0]
    if _conflict(_places(event.passages), _places(earlier.passages)):
        return False
    if _conflict(_dates(event.passages), _dates(earlier.passages)):
        return False
    if _conflict(_names(event.spans("agents")), _names(earlier.spans("agents"))):
        return False
    if event.harm_only or (first.anaphoric and first.frame in _GENERIC and nearest and not first.renewed):
        return nearest or bool(_places(event.passages) & _places(earlier.passages))
    if not _same_kind(event.type, earlier.type):
        return nearest and _elaborates(event, earlier)
    if first.renewed and not _places(event.passages) & _places(earlier.passages):
        return False
    return nearest or first.anaphoric or bool(_places(event.passages) & _places(earlier.passages))


def _elaborates(event: StoryEvent, earlier: StoryEvent) -> bool:
    """Return whether violence without place, day or new attacker of its own only tells more of the event before it."""
    first = event.passages[0]
    if first.renewed or _places(event.passages) or _dates(event.passages):
        return False
    violent = {SUB_EVENT_TYPES[event.type][1], SUB_EVENT_TYPES[earlier.type][1]} == {VIOLENCE}
    if not violent or _names(event.spans("agents")) - _names(earlier.spans("agents") + earlier.spans("patients")):
        return False
    for passage in event.passages:
        passage.aside = True
    return True


def _inherit(event: StoryEvent, told: list[StoryEvent]) -> None:
    """Let an event take what it leaves unsaid from the one before it."""
    before = next((e for e in reversed(told) if event.harm_only or _same_kind(e.type, event.type)), None)
    if before is None:
        return
    for role in ("agents", "dates"):
        if not event.spans(role):
            event.inherited[role] = before.spans(role)
    if event.harm_only and not event.spans("weapons") and not any(p.agents for p in event.passages):
        event.borrowed = True
        for passage in event.passages:
            passage.type = before.type


def _same_kind(one: str, other: str) -> bool:
    if (
        one == other
        or {one, other} <= _CROWD_TYPES
        or {one, other} <= _TERRITORY | {"Non-violent transfer of territory"}
    ):
        return True
    return SUB_EVENT_TYPES[one][0] == SUB_EVENT_TYPES[other][0] and SUB_EVENT_TYPES[one][0] in (
        "Battles",
        "Violence against civilians",
    )


def _places(passages: Iterable[Candidate]) -> set[str]:
    return {
        s.kb_id_
        for p in passages
        for s in p.places
        if s._.mention.feature not in WIDE and s._.mention.latitude is not None
    }


def _dates(passages: Iterable[Candidate]) -> set[str]:
    return {
        str(s._.mention.date_start)
        for p in passages
        for s in p.dates
        if s._.mention.date_precision == "day" and s._.mention.date_start
    }


def _names(spans: Iterable[Span]) -> set[str]:
    return {s.kb_id_ for s in spans if not s.kb_id_.startswith("Unidentified")}


def _conflict(one: set[str], other: set[str]) -> bool:
    return bool(one and other and not one & other)
