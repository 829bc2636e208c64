"""Actors by name: those of the tables, countries that act, and armed groups that no table lists."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from spacy.tokens import Doc

from pipeline.annotate.actor_context import Context
from pipeline.annotate.actor_matching import Match
from pipeline.annotate.actor_syntax import HYPHENS, POSSESSIVE, Syntax, first_conjunct
from pipeline.annotate.actor_tables import ActorNoun, Community, word_classes
from pipeline.organisations import NamedActor
from pipeline.regimes import ruling

# What a participle behind a hyphen makes of the name before it: no actor at all, or one who acts through others.
FOREIGN = frozenset({
    "backed", "held", "controlled", "run", "made", "supplied", "occupied", "flagged", "owned", "based", "administered",
    "born", "ruled", "dominated", "led", "funded", "trained", "operated", "supported", "sponsored", "allied", "aligned",
    "installed", "type", "speaking", "built", "majority", "language", "style", "brokered", "mediated",
})  # fmt: skip
THROUGH = frozenset({"linked", "affiliated", "aligned", "inspired", "allied", "led", "operated"})
_PREFIXES = frozenset({"pro", "anti", "non", "former", "ex", "pre", "post"})
KIN = {
    "clan": "Clan Militia",
    "clans": "Clan Militia",
    "tribe": "Tribal Militia",
    "tribes": "Tribal Militia",
    "tribesmen": "Tribal Militia",
    "clansmen": "Clan Militia",
    "section": "Clan Militia",
    "sections": "Clan Militia",
    "sub-clan": "Clan Militia",
}


@dataclass(slots=True)
class Found:
    """An actor phrase. `name` None: a reference to be resolved; a state name without `country` waits for one."""

    start: int
    end: int
    kind: str
    name: str | None = None
    inter: int | None = None
    country: str | None = None
    confidence: float = 0.9
    noun: ActorNoun | None = None
    plural: bool = False
    speaks: bool = False
    linked: bool = False  # named only as the patron of who is meant: "the al Qaeda-linked group"


class Names:
    """Reads the names among the matches of one document."""

    def __init__(self, doc: Doc, matches: list[Match], context: Context, syntax: Syntax) -> None:
        self.doc = doc
        self.matches = matches
        self.context = context
        self.syntax = syntax

    def find(self, number: int) -> list[Found]:
        """Return the actor that a match names by itself, if any."""
        match = self.matches[number]
        oblique = self.is_oblique(number)
        actors = match.every("actor")
        if actors and not oblique:
            row, confidence = self.context.choose(actors)
            if row is not None:
                return [self.named(match.start, match.end, row, confidence)]
        if (term := match.first("force")) and not self._is_place_elsewhere(match, term.code):
            return [Found(match.start, match.end, "force", term.force, 1, self.code(match, term.code), 0.9)]
        if oblique:
            return []
        if (people := match.first("community")) and isinstance(people.row, Community) and people.row.militia:
            if self.syntax.attacks(match.end - 1):  # "the Teghani and the Bijarani traded shots"
                return [Found(match.start, match.end, "militia", people.row.militia, 4, None, 0.7, plural=True)]
        if (term := match.first("people", "community")) and self.syntax.is_plural_noun(match.end - 1):
            name = term.row.group if isinstance(term.row, Community) else "Civilians"
            return [Found(match.start, match.end, "civil", name, 7, term.code or None, 0.5, plural=True)]
        return self._acting_country(match)

    def _is_place_elsewhere(self, match: Match, code: str) -> bool:
        """Tell whether a force's name is a place here: Ansar is a village of Lebanon, no force of Bangladesh."""
        return not self.context.weight(code) and self.context.is_place_or_date(match.start, match.end)

    def named(self, start: int, end: int, row: NamedActor, confidence: float) -> Found:
        """Return the phrase of a named actor.

        Branches of a state's forces that carry only its name ("Federal Police (Iraq)") go by the force's.
        """
        if ruled := self.ruler(row, start, end):
            return replace(ruled, kind="named")
        plain = row.inter == 1 and row.name.endswith(")") and row.parent.startswith(("Military ", "Police "))
        country = None if row.suffix == "yes" else row.country
        return Found(start, end, "named", row.parent if plain else row.name, row.inter, country, confidence)

    def _polices(self, start: int, end: int) -> bool:
        """Tell whether rulers' fighters are or act as police: "Taliban police", "the Taliban arrested"."""
        root = first_conjunct(self.syntax.root(start, end))
        act = word_classes(root.head.lower_) if root.dep_ in ("nsubj", "obl:agent") else ()
        return "police" in act or self.doc[end - 1].lower_ in ("police", "policemen")

    def ruler(self, row: NamedActor, start: int, end: int, head: ActorNoun | None = None) -> Found | None:
        """Return the force of a group that is the state, for a phrase and its head noun, or None."""
        day = self.context.day
        if day is None and row.active_to != dt.date.max:
            return None
        for code in row.homes:
            regime = ruling(row.name, code, day)
            if regime and regime.inter == 1 and regime.name.startswith("Military Forces"):
                police = (head and head.name == "Police Forces") or self._polices(start, end)
                return Found(start, end, "force", "Police Forces" if police else "Military Forces", 1, code, 0.85)
        return None

    def code(self, match: Match, code: str) -> str:
        """Return the country meant by a word of several (Congolese): the one that the document is about."""
        codes = list(dict.fromkeys(term.code for term in match.terms if term.code))
        return max(codes, key=self.context.weight) if len(codes) > 1 else code

    def is_oblique(self, number: int) -> bool:
        """Tell whether a name only colours what follows: "Iran-backed", "Houthi-controlled", "pro-Turkish"."""
        match = self.matches[number]
        after = self.syntax.after_hyphen(match.end)
        if after in THROUGH and match.first("actor"):
            return False
        if after in FOREIGN:
            return True
        before = match.start - 1
        if before >= 0 and self.doc[before].text in HYPHENS:
            before -= 1
        return before >= 0 and self.doc[before].lower_ in _PREFIXES

    def _acting_country(self, match: Match) -> list[Found]:
        """A country's name as the one who acts: "Israel struck", "bombed by Turkey", "a truce with Moscow"."""
        term = match.first("country", "capital")
        after = self.doc[match.end].text if match.end < len(self.doc) else ""
        in_dateline = match.first("country") is None and self.doc[match.start].text.isupper()
        if term is None or in_dateline or after in POSSESSIVE or not self.syntax.parsed:
            return []
        name = self._deed(match)
        return [Found(match.start, match.end, "force", name, 1, self.code(match, term.code), 0.6)] if name else []

    def _deed(self, match: Match) -> str | None:
        role = first_conjunct(self.syntax.root(match.start, match.end))
        kinds = word_classes(role.head.lower_)
        case = {child.lower_ for child in role.children if child.dep_ == "case"}
        if role.dep_ == "nsubj":
            return "Military Forces" if "force" in kinds else "Government" if "state" in kinds else None
        by = "by" in case and (kinds or role.dep_.startswith("nmod"))
        return "Military Forces" if by or (case & {"between", "with"} and "pact" in kinds) else None

    def twin(self, one: Found) -> list[Found]:
        """Return the Albu Nasr side of "the Albu Nasr and Bani Asad tribes", whose second name is `one`."""
        kin = KIN.get(self.doc[one.end - 1].lower_)
        start = one.start - 1
        first = self.syntax.name_start(start, persons=True) if kin else start
        if first == start:
            return []
        return [replace(one, start=first, end=start, name=f"{self.doc[first:start].text} {kin}")]

    def listed_after(self, match: Match) -> list[Found]:
        """Return the two of "the tribes of Albu Nasr and Bani Asad"."""
        kin, start = KIN.get(self.doc[match.end - 1].lower_), match.end + 1
        if kin is None or start >= len(self.doc) or self.doc[match.end].lower_ != "of":
            return []
        middle = self.syntax.name_end(start)
        if middle == start or middle + 1 >= len(self.doc) or self.doc[middle].lower_ != "and":
            return []
        end = self.syntax.name_end(middle + 1)
        spans = [(match.start, middle, start), (middle + 1, end, middle + 1)] if end > middle + 1 else []
        return [Found(a, b, "militia", f"{self.doc[n:b].text} {kin}", 4, None, 0.6) for a, b, n in spans]
