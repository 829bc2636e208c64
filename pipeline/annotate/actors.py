"""Actors: who acts or suffers, by ACLED's names and types."""

from __future__ import annotations

import gc
import re
from functools import cache
from pathlib import Path

from spacy.language import Language
from spacy.tokens import Doc

from pipeline.annotate.actor_composition import STATE_NAMES
from pipeline.annotate.actor_context import Context
from pipeline.annotate.actor_matching import Lexicon, Match
from pipeline.annotate.actor_names import Found
from pipeline.annotate.actor_persons import named_again, ranked
from pipeline.annotate.actor_phrases import Phrases
from pipeline.annotate.actor_reference import References, names_office
from pipeline.annotate.actor_tables import actor_nouns, communities
from pipeline.annotate.actor_unlisted import Unlisted
from pipeline.countries import country
from pipeline.mentions import Mention, mentions_of, set_mentions
from pipeline.organisations import NamedActor, named_actors


class Actors:
    """spaCy component that sets the ACTOR mentions of a Doc."""

    def __init__(self, *, actors: str | None = None) -> None:
        self.lexicon, self.missions = _knowledge(actors)

    def __call__(self, doc: Doc) -> Doc:
        """Find the actors; mentions in `doc.spans["actors"]`."""
        matches = self._outside_places(doc, self.lexicon.matches(doc))
        context = Context(doc, matches)
        matches = Unlisted(doc, matches, context).matches_with_own()
        phrases = Phrases(doc, matches, context).find()
        phrases = sorted([*phrases, *ranked(doc, phrases)], key=lambda one: one.start)
        author, office = self._author(doc, context)
        found = References(doc, context, phrases, self.missions, author, office).resolve()
        found = sorted([*found, *named_again(doc, found)], key=lambda one: one.start)
        set_mentions(doc, "ACTOR", [(doc[one.start : one.end], _mention(one)) for one in found if not one.speaks])
        return doc

    def _author(self, doc: Doc, context: Context) -> tuple[NamedActor | None, str | None]:
        """Return whose office is the source of a text: an armed group ("HPG Press Centre"), or a state (alpha-3)."""
        matches = self.lexicon.matches(Doc(doc.vocab, words=re.findall(r"[^\s()]+", doc._.source or "")))
        named = (context.choose(terms)[0] for match in matches if (terms := match.every("actor")))
        group = next((row for row in named if row is not None and row.inter in (2, 3, 4)), None)
        states = (match.first("force", "country", "adjective", "capital") for match in matches)
        state = next((term.code for term in states if term), None) if names_office(doc._.source or "") else None
        return group, state

    @staticmethod
    def _outside_places(doc: Doc, matches: list[Match]) -> list[Match]:
        """Drop names of actors that are part of a longer place name (Fatah Square)."""
        places = [(span.start, span.end) for span in mentions_of(doc, "PLACE")]

        def inside(match: Match) -> bool:
            size = match.end - match.start
            return any(s <= match.start and match.end <= e and e - s > size for s, e in places)

        return [match for match in matches if not (match.first("actor", "noun", "community") and inside(match))]


@Language.factory("conflict_actors", default_config={"actors": None}, assigns=["doc.spans"])
def make_actors(nlp: Language, name: str, actors: str | None) -> Actors:
    """Create the component.

    actors (str): CSV file of an analyst's own actors, in the form of data/knowledge/actors.csv; its rows come on top
    of the built-in ones and replace those of the same name.
    """
    return Actors(actors=actors)


@cache
def _knowledge(own: str | None) -> tuple[Lexicon, list[NamedActor]]:
    collects = gc.isenabled()
    gc.disable()  # all of the tables stays: looking for garbage among it takes a third of the time
    try:
        rows = named_actors(Path(own) if own else None)
        return Lexicon(rows, actor_nouns(), communities()), [row for row in rows if row.inter == 8 and row.countries]
    finally:
        if collects:
            gc.enable()


def _mention(one: Found) -> Mention:
    name = one.name
    if name == "Security Forces":
        name = "Police Forces"
    if name in STATE_NAMES and one.country:
        name = country(one.country).force(name)
    return Mention(canonical=name, inter=one.inter, country=one.country, confidence=one.confidence)
