"""What a document says about where and when it plays: the ground on which names and bare nouns are decided."""

from __future__ import annotations

import datetime as dt
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import cached_property

from spacy.tokens import Doc, Span

from pipeline.annotate.actor_matching import Match, Term
from pipeline.mentions import mention_of, mentions_of, zone_at
from pipeline.organisations import UNLISTED, NamedActor

# A country that the places of a text lie in weighs more than one whose name or adjective merely occurs.
_PLACE_WEIGHT, _NAME_WEIGHT, _ADJECTIVE_WEIGHT = 3.0, 1.5, 0.5


# Rebels and missions, whose short forms are known where no country is named.
_WAGE_WAR = frozenset({2, 8})
_OFTEN = 4  # places that tell which country a text is about

# Below this share of a text's countries an actor is taken to be away from home.
_FOREIGN_SHARE = 0.02


class Context:
    """Countries, day, paragraphs and sentences of one document."""

    def __init__(self, doc: Doc, matches: list[Match]) -> None:
        self.doc = doc
        self.day: dt.date | None = doc._.published
        self._matches = matches
        places = [span for span in mentions_of(doc, "PLACE") if not _in_dateline(doc, span)]
        self._places = [(span.start, code) for span in places if (code := mention_of(span).country)]
        self._starts = [sent.start for sent in doc.sents] if doc.has_annotation("SENT_START") else []
        self._breaks = [token.i + 1 for token in doc if "\n" in token.text]

    @cached_property
    def countries(self) -> dict[str, float]:
        """Weights of the countries that the text is about."""
        weights: defaultdict[str, float] = defaultdict(float)
        for _, code in self._places:
            weights[code] += _PLACE_WEIGHT
        for match in self._matches:
            term = match.first("country", "capital", "adjective", "people", "force")
            if term and term.kind == "force" and self.is_place_or_date(match.start, match.end):
                continue  # Ansar, a village
            if term and _unambiguous(match):
                weights[term.code] += _NAME_WEIGHT if term.kind in ("country", "capital") else _ADJECTIVE_WEIGHT
            elif not term and _unambiguous(match) and (row := _in_full(match)) and row.country:
                weights[row.country] += _ADJECTIVE_WEIGHT
        return dict(weights)

    def weight(self, code: str) -> float:
        """Return the weight of one country."""
        return self.countries.get(code, 0.0)

    @cached_property
    def main_country(self) -> str | None:
        """The country that weighs most, if it clearly does."""
        ranked = sorted(self.countries.items(), key=lambda pair: -pair[1])[:2]
        if not ranked or (len(ranked) > 1 and ranked[0][1] == ranked[1][1]):
            return None
        return ranked[0][0]

    def sentence(self, index: int) -> int:
        """Ordinal of a token's sentence."""
        return bisect_right(self._starts, index)

    def paragraph(self, index: int) -> int:
        """Ordinal of a token's paragraph."""
        return bisect_right(self._breaks, index)

    @cached_property
    def place_countries(self) -> frozenset[str]:
        """Countries in which places of the text lie."""
        return frozenset(code for _, code in self._places)

    def is_place_or_date(self, start: int, end: int) -> bool:
        """Tell whether tokens are a place name or a date."""
        spans = (span for kind in ("PLACE", "DATE") for span in mentions_of(self.doc, kind))
        return any(span.start <= start and end <= span.end for span in spans)

    def header(self, tokens: int) -> list[Match]:
        """Return the matches in the first tokens of the document."""
        return [match for match in self._matches if match.end <= tokens]

    def is_passing(self, code: str) -> bool:
        """Tell whether a country is named once in a text about another: where the talks will be held."""
        named = Counter[str | None](own for _, own in self._located)
        return named[code] == 1 and named[self.main_country] >= _OFTEN

    def near_country(self, index: int) -> str | None:
        """Country of the places in a token's sentence or, where it has none, in its paragraph before it."""
        here, around = self.sentence(index), self.paragraph(index)
        places = [(abs(start - index), code) for start, code in self._located if self.sentence(start) == here]
        if not places:
            before = ((start, code) for start, code in self._located if start < index)
            places = [(index - start, code) for start, code in before if self.paragraph(start) == around]
        if any(code == self.main_country for _, code in places):
            return self.main_country
        return min(places)[1] if places else None

    @cached_property
    def _located(self) -> list[tuple[int, str]]:
        found = self._places
        if not found:
            named = ((m, m.first("country", "capital")) for m in self._matches if _unambiguous(m))
            found = [(match.start, term.code) for match, term in named if term]
        return found

    def choose(self, terms: list[Term]) -> tuple[NamedActor | None, float]:
        """Return the actor that a name stands for here, with a confidence in 0-1.

        Countries of the document decide, then the day, then whether the full name stands in the text; a name that
        stays open between several actors is nobody's.
        """
        rows = list({id(t.row): t.row for t in terms if isinstance(t.row, NamedActor)}.values())
        rows = [row for row in rows if row.active(self.day)] or rows
        scored = sorted(((self._fit(row), -n) for n, row in enumerate(rows)), reverse=True)
        if not scored:
            return None, 0.0
        row = rows[-scored[0][1]]
        if len(scored) > 1 and scored[0][0] == scored[1][0]:
            whole = [one for one in rows if one.suffix == "yes" and self._share(one.homes)]
            if len(whole) != 1:
                return None, 0.0
            row = whole[0]  # open between two branches: the organisation that has them
        short = all(t.surface in row.abbreviations for t in terms if t.row is row)
        spelled = row.name in self._spelled_out
        if short and not spelled and not self.countries and row.homes and row.inter not in _WAGE_WAR:
            return None, 0.0  # "UNC" is known for other things than Naga politics
        if scored[0][0] < _FOREIGN_SHARE and row.homes and self.countries:
            if row.inter == 1 and not spelled:
                return None, 0.0  # a state's branch has no namesakes' business in a text about other countries
            return (None, 0.0) if short and not spelled else (row, 0.6)
        if row.source == UNLISTED:
            return row, 0.4
        return row, 0.9 if len(rows) > 1 else 0.95

    def _fit(self, row: NamedActor) -> float:
        share = self._share(row.homes)
        home = self._share([row.country]) if row.country else 0.0
        # A branch at work in the text's countries stands before an organisation that is everywhere, which stands first
        # where no branch is.
        branch = 0.01 if row.suffix == "yes" else 0.02 if share else 0.0
        return share + 0.5 * home + branch + (1.0 if row.name in self._spelled_out else 0.0)

    def _share(self, codes: Iterable[str]) -> float:
        """How much of the text is about some countries, 0-1."""
        return sum(self.weight(code) for code in codes) / (sum(self.countries.values()) or 1.0)

    @cached_property
    def _spelled_out(self) -> set[str]:
        """Names that the text gives in full, as the only reading of their words."""
        return {row.name for match in self._matches if _unambiguous(match) and (row := _in_full(match))}


def _in_full(match: Match) -> NamedActor | None:
    """The actor whose name, not only its abbreviation, is matched."""
    row = match.terms[0].row
    return row if isinstance(row, NamedActor) and match.terms[0].surface not in row.abbreviations else None


def _in_dateline(doc: Doc, span: Span) -> bool:
    """Tell whether a place only says where the report was written."""
    if zone_at(doc, span.start_char) == "dateline":
        return True
    opens = span.start == 0 or "\n" in doc[span.start - 1].text_with_ws or doc[span.start - 1].text == "/"
    return opens and span.text.isupper() and len(span.text) > 3


def _unambiguous(match: Match) -> bool:
    return len({(term.kind == "actor", id(term.row) if term.row else term.code) for term in match.terms}) == 1
