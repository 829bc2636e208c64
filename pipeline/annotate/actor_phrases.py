"""From matched words to the actor phrases of a text: which matches belong together, and who only speaks."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

from spacy.tokens import Doc

from pipeline.annotate.actor_composition import Composer
from pipeline.annotate.actor_context import Context
from pipeline.annotate.actor_matching import Match, without_overlaps
from pipeline.annotate.actor_names import Found, Names
from pipeline.annotate.actor_syntax import Syntax
from pipeline.annotate.actor_tables import ActorNoun, Community
from pipeline.organisations import is_active

_LINKS = frozenset(
    {
        "of",
        "from",
        "with",
        "to",
        "in",
        "the",
        "a",
        "an",
        "belonging",
        "loyal",
        "linked",
        "affiliated",
        "allied",
        "aligned",
        "be",
        "suspected",
        "thought",
        "known",
        "called",
        "dubbed",
        "formerly",
        "previously",
        "once",
        "locally",
        "as",
        "calling",
        "identified",
        "themselves",
        "itself",
        "who",
        '"',
        "“",
        "for",
        "independent",
    }
)
_OWNERS = frozenset({"named", "armed", "unknown", "militia", "force", "unit"})
_OWNED = frozenset({"armed", "unknown", "member", "unit", "weapon", "arm", "group", "militia", "force"})


class Phrases:
    """Finds the actor phrases of one document from its matches."""

    def __init__(self, doc: Doc, matches: list[Match], context: Context) -> None:
        self.doc = doc
        self.matches = matches
        self.context = context
        self.syntax = Syntax(doc)
        self.names = Names(doc, matches, context, self.syntax)
        self._used: set[int] = set()
        self._composer = Composer(doc, matches, context, self.names, self._used)

    def find(self) -> list[Found]:
        """Return the phrases in text order; they do not overlap."""
        found: list[Found] = []
        for number in range(len(self.matches) - 1, -1, -1):
            if number not in self._used and self._noun(number):
                found += self._noun_phrase(number)
        for number in range(len(self.matches)):
            if number not in self._used:
                found += self.names.find(number)
                found += self._shared(number) or self._beside(number)
        found += [twin for one in found if one.inter == 4 for twin in self._twin(one)]
        found = without_overlaps(found)
        self._take_over(found)
        for one in found:
            demands = one.kind == "crowd" and self.syntax.demands(one.start, one.end)  # which is what crowds do
            one.speaks = one.speaks or (not demands and self.syntax.only_speaks(one.start, one.end))
        return found

    def _noun(self, number: int) -> ActorNoun | None:
        return next(iter(self._readings(number)), None)

    def _readings(self, number: int) -> list[ActorNoun]:
        """Return the readings of a noun match: the rows for the country it is told in, else the general ones.

        Where the group that a word means today does not exist yet, the word names nobody.
        """
        rows = [row if is_active(row.name, self.context.day) else _nameless(row) for row in self.matches[number].nouns]
        if len(rows) < 2 and not any(row.countries for row in rows):
            return rows
        told_in = (self.context.near_country(self.matches[number].start), self.context.main_country)
        local = next((own for code in told_in if (own := [row for row in rows if code in row.countries])), [])
        general = [row for row in rows if not row.countries]
        return local or general or [row for row in rows if set(row.countries) & set(self.context.countries)]

    def _verb(self, number: int) -> bool:
        return self.syntax.is_verb(self.matches[number].start, self.matches[number].end)

    def _noun_phrase(self, number: int) -> list[Found]:
        readings = self._readings(number)
        if readings[0].kind == "attribute" or self._verb(number):
            return []
        run = self._run(number)
        self._used.update(run)
        qualifiers = self._qualifiers(run[0])
        if readings[0].kind == "speaker":
            return self._speaker(run, qualifiers)
        listed = self.names.listed_after(self.matches[number]) if readings[0].kind == "militia" else []
        if listed:
            return listed
        if readings[0].kind == "asset":
            return self._owner_of(run, qualifiers)
        before = [row for n in run[:-1] if (row := self._noun(n))]
        composed = (self._composer.compose(run, [*before, reading], qualifiers) for reading in readings)
        return next((found for found in composed if found), [])

    def _speaker(self, run: list[int], qualifiers: list[int]) -> list[Found]:
        """Whoever speaks for an actor: remembered for "its forces", never an actor of the event."""
        self._used.update(qualifiers)
        end = self.matches[run[-1]].end
        for number in qualifiers:
            match = self.matches[number]
            if term := match.first("force", "country", "adjective", "capital"):
                name, code = term.force or "Military Forces", self.names.code(match, term.code)
                return [Found(match.start, end, "force", name, 1, code, 0.6, speaks=True)]
            chosen, confidence = self.context.choose(match.every("actor"))
            if chosen is not None:
                return [replace(self.names.named(match.start, end, chosen, confidence), speaks=True)]
        forces = [row for n in run[:-1] if (row := self._noun(n)) and row.kind == "force"]
        return [Found(self.matches[run[0]].start, end, "force", row.name, 1, speaks=True) for row in forces[:1]]

    def _owner_of(self, run: list[int], qualifiers: list[int]) -> list[Found]:
        """Whose property it is: the army of "Syrian army depots"; names before "hideouts" stand by themselves."""
        people = [n for n in run[:-1] if (row := self._noun(n)) and row.kind == "force"]
        if not people:
            self._used.difference_update(run[:-1])
            return []
        return self._composer.compose(people, [row for n in people if (row := self._noun(n))], qualifiers)

    def _shared(self, number: int) -> list[Found]:
        """The Pakistani side of "Pakistani and Taliban forces", where "Taliban forces" is a name of the tables."""
        match = self.matches[number]
        last = self.doc[match.end - 1].text
        if match.first("actor") and match.end - match.start > 1 and last.islower() and last.endswith("s"):
            return self._composer.coordinated(number, Found(match.start, match.end, "force", "Military Forces", 1))
        return []

    def _beside(self, number: int) -> list[Found]:
        """The US side of "US and coalition positions", whose second part is no country."""
        match = self.matches[number]
        term, after = match.first("adjective", "country"), number + 1
        together = after < len(self.matches) and self.matches[after].start == match.end + 1
        if term is None or not together or self.doc[match.end].lower_ != "and" or after not in self._used:
            return []
        end = self.matches[after].end
        behind = [row for m in self.matches if m.start == end and (row := m.noun)]
        if not any(row.kind in ("unit", "arm", "force") for row in behind):
            return []
        return [Found(match.start, match.end, "force", "Military Forces", 1, self.names.code(match, term.code), 0.8)]

    def _twin(self, one: Found) -> list[Found]:
        """The Kuki side of "Kuki and Meitei volunteers", the Albu Nasr side of "the Albu Nasr and Bani Asad tribes"."""
        if one.start < 2 or self.doc[one.start - 1].lower_ != "and" or not self.syntax.is_plural_noun(one.end - 1):
            return []
        for match in self.matches:
            term = match.first("community")
            if match.end == one.start - 1 and term and isinstance(term.row, Community) and term.row.militia:
                return [replace(one, start=match.start, end=match.end, name=term.row.militia, country=None)]
        return self.names.twin(one)

    # -- what belongs together ----------------------------------------------------------------------------------------

    def _run(self, number: int) -> list[int]:
        """Noun matches that stand side by side and end in this one: "army patrol", "student protesters"."""
        run = [number]
        while run[0] > 0 and self._adjoins(run[0] - 1, run[0]):
            row = self._noun(run[0] - 1)
            if row is None or row.kind in ("speaker", "attribute") or self._verb(run[0] - 1):
                break
            run.insert(0, run[0] - 1)
        return run

    def _qualifiers(self, number: int) -> list[int]:
        """Names and adjectives before a noun, nearest first."""
        found: list[int] = []
        at = number
        while at > 0 and self._adjoins(at - 1, at) and self._noun(at - 1) is None:
            if at < number and self._joint(at - 1, at):
                break
            at -= 1
            if not self.names.is_oblique(at):
                found.append(at)
        return found

    def _joint(self, left: int, right: int) -> bool:
        """Tell whether two countries own a thing together: "Russian-Turkish patrol"."""
        between = self.doc[self.matches[left].end : self.matches[right].start].text
        return between in ("-", "–", "/") and all(self.matches[n].first("adjective", "country") for n in (left, right))

    def _adjoins(self, left: int, right: int) -> bool:
        """Tell whether two matches belong to one noun phrase."""
        start, end = self.matches[left].end, self.matches[right].start
        if end - start > 4 or "\n" in self.doc[start - 1].whitespace_:
            return False
        return self.syntax.joins(start, end) or self.syntax.premodified(start, end)

    def _take_over(self, found: list[Found]) -> None:
        """Give "fighters of the RSF", "members of the Jaafar clan" the name that follows them."""
        for one, following in pairwise(found):
            if one.kind not in _OWNED or one.country or following.kind not in _OWNERS or not following.name:
                continue
            gap = [self.doc[i].lower_ for i in range(one.end, min(following.start, one.end + 7))]
            if one.kind == "force" and gap[:1] != ["of"]:
                continue
            linked = all(word in _LINKS or self.syntax.describes(one.end + n) for n, word in enumerate(gap))
            if one.noun is not None and "movement" in one.noun.words and following.kind == "unknown":
                continue  # "the movement of the assailants"
            if gap and len(gap) <= 6 and gap[0] in _LINKS and linked:
                one.name, one.inter, one.country = following.name, following.inter, following.country
                one.confidence = following.confidence
                one.kind = "named" if one.kind == "armed" else one.kind  # no reference: it is said who they are


def _nameless(row: ActorNoun) -> ActorNoun:
    return row.model_copy(update={"name": "Unidentified Armed Group", "inter": 3})
