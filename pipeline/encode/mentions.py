"""The mentions of an annotated Doc, found by token and by sentence."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from functools import lru_cache

from spacy.tokens import Doc, Span, Token

from pipeline.encode.event_types import ARMED
from pipeline.event_scores import EventScores
from pipeline.lexicon import word_set
from pipeline.mentions import mention_of, mentions_of, text_of, zone_at

# How deep below an argument's head an actor's name may stand ("the headquarters of Kataib Hezbollah").
MAX_DEPTH = 3
_NAMING_RELATIONS = frozenset(
    {
        "amod",
        "compound",
        "nmod:poss",
        "nmod",
        "appos",
        "flat",
        "nummod",
        "nmod:unmarked",
        "acl",
        "acl:relcl",
        "obj",
    }
)


# The roles of the language model that are looked up beside the mentions.
PARTIES = ("AGENT", "TARGET", "SOURCE")


def _is_filing(span: Span) -> bool:
    """Return whether a mention in a dateline tells of the filing of the report, not of an event."""
    if span.label_ == "DATE":
        return mention_of(span).date_start == span.doc._.published
    return span.label_ in ("PLACE", "ACTOR")


def is_known(actor: Span) -> bool:
    """Return whether a mention names an organised actor, not "gunmen" or a government's offices."""
    name, inter = actor.kb_id_, mention_of(actor).inter
    return inter in ARMED and not name.startswith(("Unidentified", "Government", "Vigilante", "Private Security"))


def armed_among(actors: Iterable[Span]) -> set[str]:
    """Return the names of the armed actors among mentions."""
    return {actor.kb_id_ for actor in actors if mention_of(actor).inter in ARMED}


# Costly to ask a Doc for; all stages of the coding ask for the same, one text after another.
@lru_cache(maxsize=1)
def sentences_of(doc: Doc) -> list[Span]:
    """Return the sentences of a text."""
    return list(doc.sents)


@lru_cache(maxsize=1)
def texts_of(doc: Doc) -> dict[int, str]:
    """Return the sentences as they are written, by their first tokens."""
    text = text_of(doc)
    return {s.start: text[s.start_char : s.end_char] for s in sentences_of(doc)}


def _latest(starts: list[int], token: int) -> int:
    """Return the last of the sentences' starts that is not behind a token."""
    return starts[bisect_right(starts, token) - 1]


def main_country(doc: Doc) -> str | None:
    """Return the country that most places of a text lie in (alpha-3), None if no place has one."""
    votes = Counter(mention_of(p).country for p in mentions_of(doc, "PLACE") if mention_of(p).country)
    return votes.most_common(1)[0][0] if votes else None


class MentionIndex:
    """Look mentions up by token or sentence; kinds as in the `mentions` table, and the roles of `event_scores`.

    scores (EventScores): What the language model thinks of events; None when another model has read the text.
    """

    def __init__(self, doc: Doc) -> None:
        self._by_token: dict[str, dict[int, Span]] = {}
        self._by_sentence: dict[str, dict[int, list[Span]]] = {}
        starts = [sentence.start for sentence in sentences_of(doc)]
        has_dateline = any(zone.kind == "dateline" for zone in doc._.layout)
        for kind in ("ACTOR", "PLACE", "DATE", "COUNT", "WEAPON", "TRIGGER"):
            tokens: dict[int, Span] = {}
            sentences: dict[int, list[Span]] = defaultdict(list)
            for span in mentions_of(doc, kind):
                if has_dateline and zone_at(doc, span.start_char) == "dateline" and _is_filing(span):
                    continue
                tokens.update(dict.fromkeys(range(span.start, span.end), span))
                sentences[_latest(starts, span.start)].append(span)
            self._by_token[kind] = tokens
            self._by_sentence[kind] = sentences
        self.classes: dict[int, frozenset[str]] = {}  # of tokens, as `senses` reads them
        self.scores = EventScores.of(doc)
        self._by_sentence |= {role: defaultdict(list) for role in PARTIES}
        self.roles: dict[int, str] = {}  # by token, as the language model lays them on words
        for span in self.scores.roles() if self.scores is not None else ():
            self.roles.update((token, span.label_) for token in range(span.start, span.end))
            if span.label_ in PARTIES:
                self._by_sentence[span.label_][_latest(starts, span.start)].append(span)
        self._actors: dict[int, Span | None] = {}  # by the token of the argument that names them

    def covering(self, token: Token, kind: str) -> Span | None:
        """Return the mention of a kind that holds the token."""
        return self._by_token[kind].get(token.i)

    def in_sentence(self, sentence: Span, kind: str) -> list[Span]:
        """Return the mentions of a kind, or the words of a role, that begin in a sentence, in order."""
        return self._by_sentence[kind].get(sentence.start, [])

    def actor_of(self, argument: Token) -> Span | None:
        """Return the actor that an argument names: its head, else what modifies it."""
        if argument.i not in self._actors:
            self._actors[argument.i] = self._actor_below(argument, 0)
        return self._actors[argument.i]

    def _actor_below(self, argument: Token, depth: int) -> Span | None:
        found = self.covering(argument, "ACTOR")
        if found is not None:
            return found if is_known(found) else self._named_after(found) or found
        if depth >= MAX_DEPTH:
            return None
        named = (child for child in argument.children if child.dep_ in _NAMING_RELATIONS)
        below = (self._actor_below(child, depth + 1) for child in (*named, *_keepers(argument)))
        return next((actor for actor in below if actor is not None), None)

    def bystanders(self, sentence: Span) -> list[Span]:
        """Return the actors of a sentence but for those who, by the language model, only speak of what happened."""
        speak = [token.i for span in self.in_sentence(sentence, "SOURCE") for token in span]
        return [a for a in self.in_sentence(sentence, "ACTOR") if a.root.i not in speak]

    def actors_in(self, spans: Iterable[Span]) -> list[Span]:
        """Return the actors that stretches of text name, each once, in order."""
        return self.actors_of(token for span in spans for token in (span.root, *span))

    def actors_of(self, arguments: Iterable[Token]) -> list[Span]:
        """Return the actors that arguments name, each once, in order."""
        found = (self.actor_of(argument) for argument in arguments)
        return list(dict.fromkeys(one for actor in found if actor is not None for one in (*self._twin(actor), actor)))

    def _twin(self, actor: Span) -> list[Span]:
        """Return the US side of "US and British jets", whose head is the other's."""
        if actor.start < 2 or actor.doc[actor.start - 1].lower_ not in ("and", "/"):
            return []
        twin = self.covering(actor.doc[actor.start - 2], "ACTOR")
        return [twin] if twin is not None and twin.root.head in actor else []

    def _named_after(self, actor: Span) -> Span | None:
        """Return the name that stands in apposition to an actor told by its kind ("civilian auxiliaries, the VDP")."""
        appositions = (c for c in actor.root.children if c.dep_ == "appos" and c.pos_ == "PROPN")
        names = (self.covering(c, "ACTOR") for c in appositions)
        return next((n for n in names if n is not None and is_known(n)), None)


def _keepers(thing: Token) -> Iterator[Token]:
    """Yield who holds a place or thing: the army of "a checkpoint manned by the army"."""
    kept = word_set("party_words.csv", "keeping")
    for clause in thing.children:
        if clause.dep_ == "acl" and clause.lemma_ in kept:
            yield from (child for child in clause.children if child.dep_ == "obl:agent")
