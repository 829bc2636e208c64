"""Whom the words beside an event name: who is blamed or claims it, who strikes there, whom it was aimed at."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from functools import lru_cache

from spacy.attrs import LOWER
from spacy.tokens import Doc, Span, Token

from pipeline import lexicon
from pipeline.countries import Country, countries
from pipeline.encode.arguments import case_of
from pipeline.encode.event_types import STATE
from pipeline.encode.events import StoryEvent, days, days_of, points
from pipeline.encode.mentions import is_known, main_country, sentences_of, texts_of
from pipeline.encode.standing import lemmas_of
from pipeline.mentions import mention_of, mentions_of
from pipeline.organisations import main_actor

_NEGATIONS = frozenset({"no", "not", "n't", "nobody", "none", "neither", "never", "nor", "without", "deny"})
_NOBODY = frozenset({"no", "nobody", "none", "unclaimed", "neither", "yet"})
# What a state may be blamed for; mines, bombs and grenades are the other side's.
_BY_STATES = frozenset({"Air/drone strike", "Shelling/artillery/missile attack", "Attack", "Chemical weapon"})
_CLAIMED = frozenset(
    {"responsibility", "attack", "blast", "bombing", "killing", "raid", "ambush", "assault", "explosion", "shooting"}
)
_OWN = frozenset({"its", "their", "his", "it", "them"})
_RECOGNISING = frozenset({"identify", "recognise", "recognize", "describe", "name"})
_HOLDS = frozenset({"control", "hold", "run", "occupy"})
_INSIDE = frozenset({"in", "inside", "at", "into", "on", "onto", "within"})
# Sentences after a passage in which it may still be said who was behind it.
_REACH = 3


def culprit(event: StoryEvent) -> Span | None:
    """Return the actor that the text holds to be behind an event whose own words name nobody, or None."""
    struck = {s.kb_id_ for s in event.spans("patients")}
    if event.type in ("Remote explosive/landmine/IED", "Grenade"):
        for passage in event.passages:
            laid = [t for t in passage.sentence if t.lemma_.lower() in _words("planted")]
            near = [a for a in passage.bystanders if is_known(a) and a.kb_id_ not in struck]
            if laid and len({a.kb_id_ for a in near}) == 1:
                return near[0]
    near = _told_after(event)
    for sentence in near:
        found = _accused(sentence, struck, event.type in _BY_STATES)
        if found is not None:
            return found
    return _claimant(event, struck, near) or by_default(event)


def is_unclaimed(event: StoryEvent) -> bool:
    """Return whether the text says near an event that nobody claimed it: "No group has accepted responsibility"."""
    cues = _words("unclaimed")
    if not cues & lemmas_of(event.passages[0].sentence.doc):
        return False
    told = (lemmas_of(sentence) for sentence in _told_after(event))
    return any(cues & lemmas and _NOBODY & lemmas for lemmas in told)


def _claimant(event: StoryEvent, struck: set[str], near: list[Span]) -> Span | None:
    """Return who claims an event farther on, by its place or day: "claimed the blast in Khalis"."""
    there = points(event.passages)
    for sentence in _told_far(event, near):
        claimant = _cued(sentence, struck, by_state=False, claims_only=True)
        if claimant is None:
            continue
        places = [place for place in _spans_in(sentence.doc, "PLACE")[sentence.start] if place.kb_id_ in there]
        before = [a for a in _known_in(sentence.doc)[sentence.start] if places and a.start < places[0].start]
        return before[-1] if before else claimant  # "X claimed the blast in Kolpur and Y that in Turbat"
    return None


def by_default(event: StoryEvent) -> Span | None:
    """Return the group to which a digest lays all that it does not say otherwise of ("attributed to X unless ...")."""
    struck = {s.kb_id_ for s in event.spans("patients")}
    doc = event.passages[0].sentence.doc
    if "unless" not in _words_of(doc):
        return None
    for sentence in sentences_of(doc):
        words = {t.lemma_.lower() for t in sentence}
        if "attribute" in words and "unless" in words:
            named = _known_in(doc)[sentence.start]
            sole = len({a.kb_id_ for a in named}) == 1 and named[0].kb_id_ not in struck
            return named[0] if sole and not _is_cleared(event, named[0]) else None
    return None


def _is_cleared(event: StoryEvent, group: Span) -> bool:
    """Return whether the text says before an event, in its paragraph, that it was not the group."""
    for actor in mentions_of(group.doc, "ACTOR"):
        between = group.doc[actor.end : event.passages[0].sentence.start]
        if actor.kb_id_ == group.kb_id_ and len(between) < 5 and "\n" not in between.text:
            return any(t.lower_ in _NEGATIONS for t in group.doc[max(0, actor.start - 3) : actor.start])
    return False


def striker(event: StoryEvent) -> str | None:
    """Return the country whose forces strike where the event is, if the text speaks of it and knows the origin."""
    places = [mention_of(p).country for p in event.spans("places") if mention_of(p).country]
    doc = event.passages[0].sentence.doc
    code = places[0] if places else main_country(doc)
    told = " ".join(_lowered(sentence.doc)[sentence.start] for sentence in _told_after(event, 1))
    unknown = any(words in told for words in _words("unknown"))
    return None if unknown else striker_in(doc, code, event.type)


def striker_in(doc: Doc, code: str | None, kind: str | None) -> str | None:
    """Return the country (alpha-3) whose forces strike in a country, by a sub-event type, if the text speaks of it."""
    known = countries().get(countries()[code].striker or "") if code in countries() else None
    if known is None or (known.alpha3 == code and kind != "Air/drone strike"):
        return None
    return known.alpha3 if _speaks_of(doc, known) else None


def opponent(event: StoryEvent, name: str | None, home: str | None = None) -> Span | None:
    """Return the armed actor whom the article sets against `name`: in the event's own words, else the only other one.

    home (str): Country whose state forces (alpha-3) are on the same side.
    """
    own = {name, main_actor(name or "")[0]}
    own |= {s.kb_id_ for p in event.passages for s in p.agents if any(a.kb_id_ == name for a in p.agents)}

    agents = [a.root for p in event.passages for a in p.agents]

    def other(actor: Span) -> bool:
        main = main_actor(actor.kb_id_)[0]
        known = is_known(actor) and not {actor.kb_id_, main} & own
        if mention_of(actor).inter in STATE and home is not None and mention_of(actor).country == home:
            return False
        return known and not (stands_with(actor.root) or any(actor.root in agent.conjuncts for agent in agents))

    for passage in event.passages:
        near = [a for a in (*passage.patients, *passage.bystanders, *passage.agents) if other(a)]
        if near:
            return near[0]
    everywhere = [a for a in mentions_of(event.passages[0].sentence.doc, "ACTOR") if other(a)]
    counted = Counter(main_actor(a.kb_id_)[0] for a in everywhere).most_common(2)
    if not counted or (len(counted) > 1 and counted[0][1] < 3 * counted[1][1]):
        return None
    return next(a for a in everywhere if main_actor(a.kb_id_)[0] == counted[0][0])


def stands_with(head: Token) -> bool:
    """Return whether somebody only helps: "with Wagner fighters", "with air support from the coalition"."""
    above = [head, head.head] if head.dep_.startswith("nmod") else [head]
    if head.dep_ in ("obl:agent", "obl") and head.head.lemma_ in ("back", "support", "accompany", "join", "assist"):
        return True
    return any(c.dep_ == "case" and c.lower_ in ("with", "alongside") for t in above for c in t.children)


def is_helper(actor: Span, event: StoryEvent) -> bool:
    """Return whether an actor beside an event only stands with somebody, and is no argument of its verb."""
    arguments = [a for p in event.passages for a in (*p.agents, *p.patients)]
    return actor not in arguments and stands_with(actor.root)


def inside(event: StoryEvent, name: str | None) -> Span | None:
    """Return the armed actor in whose base or area a shell or drone came down ("inside a UN position"), or None."""
    for passage in event.passages:
        for actor in passage.bystanders:
            below = passage.trigger.root.is_ancestor(actor.root) and actor.root.dep_.startswith(("obl", "nmod"))
            within = holds(actor) or (below and case_of(actor.root) in _INSIDE)
            if is_known(actor) and actor.kb_id_ != name and within:
                return actor
    return None


def holds(actor: Span) -> bool:
    """Return whether ground is said to be an actor's: "held by X"."""
    return actor.root.head.lemma_ in _HOLDS and actor.root.dep_.startswith("obl")


def aims_at(event: StoryEvent, kind: str) -> bool:
    """Return whether the event's own words name targets of a kind of party_words.csv ("military", "ship")."""
    words = _words(kind)
    for passage in event.passages:
        if passage.type != event.type and len(event.passages) > 1:
            continue
        text = _lowered(passage.sentence.doc)[passage.sentence.start]
        if any(not word.isalpha() and word in text for word in words):
            return True  # "M/V"
        if any(t.lemma_.lower() in words for t in _beside(passage.trigger.root, passage.frame in ("launch", "thrown"))):
            return True
    return False


def is_mutual(event: StoryEvent) -> bool:
    """Return whether one phrase stands for both sides: "two groups", "rival gangs", "hit each other"."""
    return says(event, "mutual")


def says(event: StoryEvent, kind: str) -> bool:
    """Return whether the event's sentences hold a word or phrase of a list of party_words.csv, as it is written."""
    texts = _lowered(event.passages[0].sentence.doc)
    told = [f" {texts[passage.sentence.start]} " for passage in event.passages]
    return any(f" {words}" in text for text in told for words in _words(kind))


def _beside(head: Token, fired: bool) -> Iterable[Token]:
    """Yield the words of what a trigger acts on: all below it but its subject, and but the shells that are fired."""
    for child in head.children:
        if fired and child.dep_ in ("obj", "nsubj:pass"):
            continue
        if not child.dep_.startswith(("nsubj", "advcl", "ccomp", "parataxis")) or child.dep_ == "nsubj:pass":
            yield from child.subtree
    if head.dep_ in ("obj", "obl", "conj", "nsubj") and head.pos_ == "NOUN":
        for child in head.head.children:
            if child != head and not child.dep_.startswith("nsubj"):
                yield from child.subtree


def _told_after(event: StoryEvent, reach: int = _REACH) -> list[Span]:
    """Return the sentences of an event and the few that follow each in its paragraph."""
    sentences = sentences_of(event.passages[0].sentence.doc)
    starts = {p.sentence.start for p in event.passages}
    found: list[Span] = []
    for n, sentence in enumerate(sentences):
        if sentence.start not in starts:
            continue
        found.append(sentence)
        for after in sentences[n + 1 : n + 1 + reach]:
            if "\n" in sentence.doc[after.start - 1].text_with_ws or after.text[:1] == "\n":
                break
            found.append(after)
    return list({s.start: s for s in found}.values())


def _told_far(event: StoryEvent, near: list[Span]) -> list[Span]:
    """Return the claims farther on than `near` that name the place or day of an event: "claimed Friday's raid"."""
    doc = event.passages[0].sentence.doc
    there, then = points(event.passages), days(event.passages)
    first, told = event.passages[0].sentence.end, {sentence.start for sentence in near}
    found = []
    for sentence in _claims_in(doc):
        if sentence.start < first or sentence.start in told:
            continue
        named = [_spans_in(doc, kind)[sentence.start] for kind in ("PLACE", "DATE")]
        where, when = {place.kb_id_ for place in named[0]}, days_of(named[1])
        if there & where or (then & when and not where):
            found.append(sentence)
    return found


def _accused(sentence: Span, struck: set[str], by_state: bool) -> Span | None:
    """Return who is said to have done it: by a witness, else by words of claims and blame."""
    known = (a for a in _known_in(sentence.doc)[sentence.start] if a.kb_id_ not in struck)
    return next((a for a in known if _is_who_they_are(a)), None) or _cued(sentence, struck, by_state)


def _cued(sentence: Span, struck: set[str], by_state: bool, claims_only: bool = False) -> Span | None:
    """Return who claims it or, unless claims alone count, is blamed for it or planted it."""
    known = [a for a in _known_in(sentence.doc)[sentence.start] if a.kb_id_ not in struck]
    for cue in sentence if known else ():
        word = cue.lemma_.lower()
        if (
            word in _words("planted")
            and not claims_only
            and any(c.dep_ == "obj" and c.lower_ in ("it", "them") for c in cue.children)
        ):
            owners = [a for a in known if _speaks(a, cue)]
            if owners:
                return owners[0]
        if (word not in _words("claim") and word not in _words("blame")) or _is_negated(cue):
            continue
        admits = word not in _words("claim") and _is_own_deed(cue)
        claims = admits or word in _words("claim")
        if (claims and not admits and word != "responsibility" and not _claims_it(cue)) or (claims_only and not claims):
            continue
        accused = cue.tag_ == "VBN" and not any(c.dep_ == "obj" for c in cue.children)  # "Boko Haram suspected"
        fitting = [a for a in known if accused or _speaks(a, cue) == claims]
        if cue.dep_ == "amod":  # "suspected militants" speaks of these, not of others in the sentence
            fitting = [a for a in fitting if cue.head in (a.root, *a.root.ancestors)]
        if claims or not by_state:
            fitting = [a for a in fitting if mention_of(a).inter not in STATE]
        if fitting:
            return min(fitting, key=lambda a: (a.start < cue.i and not claims, abs(a.start - cue.i)))
    return None


def _is_who_they_are(actor: Span) -> bool:
    """Return whether a witness names those who did it: "they are Janjaweed", "identified them as Murle"."""
    head = actor.root
    if head.head.lemma_ in _RECOGNISING and case_of(head) == "as":
        known = (c for c in head.head.children if c.dep_ in ("obj", "nsubj:pass"))
        return any(c.lower_ in ("them", "they") or c.lemma_.lower() in _words("attackers") for c in known)
    if not any(c.dep_ == "cop" for c in head.children):
        return False
    subjects = (c for c in head.children if c.dep_ == "nsubj")
    return any(s.lower_ == "they" or s.lemma_.lower() in _words("attackers") for s in subjects)


def _is_own_deed(cue: Token) -> bool:
    """Return whether who speaks says it of themselves: "said that it was behind the assault"."""
    node = cue.head if cue.dep_ == "case" else cue
    subjects = (c.lower_ for c in node.children if c.dep_ == "nsubj")
    return cue.lemma_.lower() in _words("admitted") and any(s in ("it", "they") for s in subjects)


def _claims_it(verb: Token) -> bool:
    """Return whether a deed is claimed: "carried out the bombing", "was carried out by one of its men"."""
    own = (t.lower_ for c in verb.children if c.dep_ == "obl:agent" for t in c.subtree)
    return any(c.dep_ == "obj" and c.lemma_ in _CLAIMED for c in verb.children) or not _OWN.isdisjoint(own)


def _speaks(actor: Span, cue: Token) -> bool:
    """Return whether an actor, or its spokesman, is the subject of the clause that a cue belongs to, or says it."""
    verb, head = cue if cue.pos_ == "VERB" else cue.head, actor.root
    if head.dep_.startswith("nmod"):
        head = head.head
    return head.dep_ == "nsubj" and head.head in (verb, verb.head)


def _is_negated(cue: Token) -> bool:
    around = [*cue.children, *cue.head.children, *(c for t in cue.head.children for c in t.children), cue.head]
    return any(t.lower_ in _NEGATIONS or t.lemma_ == "deny" for t in around if abs(t.i - cue.i) < 8)


def _speaks_of(doc: Doc, country: Country) -> bool:
    if any(mention_of(a).country == country.alpha3 for a in mentions_of(doc, "ACTOR")):
        return True
    names = {w.lower() for w in (country.name, country.capital, *country.adjectives, *country.metonyms) if w}
    if not names.isdisjoint(_words_of(doc)):
        return True
    return any(" " in name and name in text for name in names for text in _lowered(doc).values())


# All events of a text ask for the same, one text after another.
@lru_cache(maxsize=1)
def _words_of(doc: Doc) -> frozenset[str]:
    return frozenset(doc.vocab.strings[word] for word in set(doc.to_array(LOWER).tolist()))


@lru_cache(maxsize=1)
def _lowered(doc: Doc) -> dict[int, str]:
    return {start: text.lower() for start, text in texts_of(doc).items()}


@lru_cache(maxsize=1)
def _claims_in(doc: Doc) -> list[Span]:
    """Return the sentences in which an organised actor may claim something."""
    cues, known = _words("claim") | _words("admitted"), _known_in(doc)
    return [s for s in sentences_of(doc) if known[s.start] and any(t.lemma_.lower() in cues for t in s)]


@lru_cache(maxsize=1)
def _known_in(doc: Doc) -> defaultdict[int, list[Span]]:
    """Return the organised actors that a text names, by the first token of their sentence."""
    found: defaultdict[int, list[Span]] = defaultdict(list)
    for actor in filter(is_known, mentions_of(doc, "ACTOR")):
        found[actor[0].sent.start].append(actor)
    return found


@lru_cache(maxsize=2)
def _spans_in(doc: Doc, kind: str) -> defaultdict[int, list[Span]]:
    """Return the places or dates of a text, by the first token of their sentence."""
    found: defaultdict[int, list[Span]] = defaultdict(list)
    for span in mentions_of(doc, kind):
        found[span[0].sent.start].append(span)
    return found


def _words(name: str) -> frozenset[str]:
    return lexicon.word_set("party_words.csv", name)
