"""One event as an article tells it: its passages, what type they make, and who, where and when they name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from spacy.tokens import Span

from pipeline import lexicon
from pipeline.encode.candidates import Candidate
from pipeline.encode.event_types import STATE, TERRITORY, dominant
from pipeline.mentions import mention_of
from pipeline.taxonomy import STRATEGIC, SUB_EVENT_TYPES

# Frames that tell harm or guilt, not what was done.
HARM = frozenset({"kill", "die", "injure", "struck", "blame", "planted"})
KILLING = frozenset({"kill", "murder", "die"})
# Features of places too wide to tell two events apart.
WIDE = frozenset({"country", "region", "sea", "continent"})
DISRUPTED = "Disrupted weapons use"
TRANSFER = "Non-violent transfer of territory"
EXCESSIVE = "Excessive force against protesters"
ABDUCTION = "Abduction/forced disappearance"
# Sub-types that are sides of one demonstration.
CROWD_TYPES = frozenset(
    {"Peaceful protest", "Protest with intervention", EXCESSIVE, "Violent demonstration", "Mob violence"}
)


@dataclass(slots=True, frozen=True)
class Gist:
    """What an event says in short, to be compared with others; names leave out the unidentified."""

    kind: str
    harm_only: bool
    places: set[str]
    days: set[str]
    agents: set[str]
    patients: set[str]
    deaths: set[str]
    weapons: set[str]
    words: set[str]


@dataclass(slots=True)
class StoryEvent:
    """One event as an article tells it, from one or more passages."""

    passages: list[Candidate]
    zone: str | None = None
    afterwards: list[Span] = field(default_factory=list)  # counts of sentences that only tell the toll
    settled: str | None = None  # the type that was chosen, once all is known
    borrowed: bool = False  # its type comes from the event before it
    inherited: dict[str, list[Span]] = field(default_factory=dict)
    lead: StoryEvent | None = None  # the first of those told side by side, which what follows tells more of
    _gist: Gist | None = None
    _spans: dict[str, list[Span]] = field(default_factory=dict)  # by role, once it is settled and changes no more

    @property
    def gist(self) -> Gist:
        """What it says in short; read once, until it changes."""
        if self._gist is None:
            counts = [mention_of(count) for passage in self.passages for count in passage.counts]
            self._gist = Gist(
                self.type,
                self.harm_only,
                points(self.passages),
                days(self.passages),
                _names(self.spans("agents")),
                _names(self.spans("patients")),
                {f"{count.count_value or count.count_min}" for count in counts if count.count_of == "fatalities"},
                {weapon for passage in self.passages for weapon in passage.weapons},
                {passage.trigger.root.lemma_ for passage in self.passages},
            )
        return self._gist

    def join(self, other: StoryEvent) -> None:
        """Tell another passage or more of it."""
        self.passages.extend(other.passages)
        self._gist = None

    def inherit(self, role: str, spans: list[Span]) -> None:
        """Take mentions of a role that it leaves unsaid."""
        self.inherited[role] = spans
        self._gist = None

    def borrow_type(self, other: StoryEvent) -> None:
        """Take the type of another event, where it tells only harm."""
        self.borrowed = True
        for passage in self.passages:
            passage.type = other.type
        self._gist = None

    @property
    def type(self) -> str:
        """The sub-event type: what was settled, else what its passages make together; harm never overrules an act."""
        if self.settled is not None:
            return self.settled
        acts = [p.type for p in self.passages if p.frame not in HARM and not p.anaphoric and not p.aside]
        if not acts:
            return self.passages[0].type
        if any(p.frame == "grave" for p in self.passages):
            return "Other"
        killings = [p.type for p in self.passages if p.frame in ("kill", "murder") and p.agents]
        if killings and all(kind == ABDUCTION or SUB_EVENT_TYPES[kind][0] == STRATEGIC for kind in acts):
            acts = killings  # burning or kidnapping and killing is an attack
        acts += [p.type for p in self.passages if p.type == EXCESSIVE]
        return self._special(acts) or dominant(acts)

    def _special(self, acts: list[str]) -> str | None:
        """Return the type where several acts make something that none of them is, or that precedence misses."""
        if TERRITORY & set(acts) and self._bloodless(acts):
            return TRANSFER
        if ABDUCTION in acts and set(acts) <= {ABDUCTION, "Attack"} and not self._tells(KILLING):
            return ABDUCTION
        if DISRUPTED in acts and not self._tells(HARM):
            return DISRUPTED
        state = any(mention_of(s).inter in STATE for p in self.passages for s in p.agents)
        return EXCESSIVE if state and "Attack" in acts and CROWD_TYPES.intersection(acts) else None

    def _tells(self, frames: frozenset[str]) -> bool:
        return any(p.frame in frames for p in self.passages)

    def _bloodless(self, acts: list[str]) -> bool:
        """Whether the place changed hands without a fight: the other side left, or the words say so."""
        if "Armed clash" in acts or self._tells(HARM):
            return False
        told = " ".join(p.sentence.text.lower() for p in self.passages)
        left = any(p.frame == "withdraw" for p in self.passages)
        return left or any(words in told for words in lexicon.word_lists("context_words.csv")["bloodless"])

    @property
    def harm_only(self) -> bool:
        """Whether nothing but death or injury is told."""
        return all(p.frame in HARM for p in self.passages)

    @property
    def words(self) -> list[Span]:
        """The words that tell it."""
        return [trigger for passage in self.passages for trigger in passage.triggers]

    @property
    def leading(self) -> list[Candidate]:
        """Its passages, those that give it its type first."""
        kind = self.type
        return sorted(self.passages, key=lambda p: p.type != kind)

    def spans(self, role: str) -> list[Span]:
        """Return the mentions of one role, the leading passage's first; else what was inherited."""
        if self.settled is None:
            return self._read_spans(role)
        if role not in self._spans:
            self._spans[role] = self._read_spans(role)
        return self._spans[role]

    def _read_spans(self, role: str) -> list[Span]:
        if role == "agents":
            return self._agents() or self.inherited.get(role, [])
        found = list(self.afterwards) if role == "counts" else []
        passages = self.leading if role == "patients" else self.passages
        if role == "counts":  # the dead in whose name a crowd marches did not die there
            passages = [p for p in passages if not p.is_occasion] or passages
        for passage in passages:
            found.extend(s for s in getattr(passage, role) if s not in found)
        return found or self.inherited.get(role, [])

    def _agents(self) -> list[Span]:
        """Return who acts, from one passage alone: later ones name others who act, on other things.

        A named actor who claims it or is blamed takes the place of "gunmen".
        """
        leading = self.leading
        battle = SUB_EVENT_TYPES[self.type][0] == "Battles"  # in which both sides lose men
        tolls = set() if battle else KILLING | {"injure"}
        hit = {s.kb_id_ for p in leading if p is leading[0] or p.frame in tolls for s in p.patients}
        told = [[s for s in p.agents if s.kb_id_ not in hit] for p in leading]
        named = [[s for s in agents if not s.kb_id_.startswith("Unidentified")] for agents in told]
        return next((agents for agents in named if agents), next((agents for agents in told if agents), []))


def latest(told: Sequence[StoryEvent]) -> StoryEvent:
    """Return the event that was told last, of several told side by side the first."""
    return told[-1].lead or told[-1]


def _names(spans: Iterable[Span]) -> set[str]:
    return {span.kb_id_ for span in spans if not span.kb_id_.startswith("Unidentified")}


def points(passages: Iterable[Candidate]) -> set[str]:
    """Return the names of the places, narrower than a region, that passages name."""
    places = (s for p in passages for s in p.places)
    return {s.kb_id_ for s in places if mention_of(s).feature not in WIDE and mention_of(s).latitude is not None}


def days(passages: Iterable[Candidate]) -> set[str]:
    """Return the days that passages name."""
    return days_of(date for passage in passages for date in passage.dates)


def days_of(dates: Iterable[Span]) -> set[str]:
    """Return which of some dates are days, as ISO dates."""
    found = (mention_of(date) for date in dates)
    return {str(d.date_start) for d in found if d.date_precision == "day" and d.date_start}


def conflict(one: set[str], other: set[str]) -> bool:
    """Return whether two sets of names contradict each other: both known, nothing shared."""
    return bool(one and other and not one & other)
