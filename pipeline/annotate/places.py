"""Places: find the place names of a text, choose which place each means, and code them as ACLED does."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from functools import cache
from math import exp

from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.annotate.place_choice import SURE, SURE_MARGIN, THRESHOLD, Choice, Hint, choose, is_stray
from pipeline.annotate.place_phrases import Phrase, place_words
from pipeline.annotate.place_setting import WIDE, ActorName, Setting, actor_names, read_setting
from pipeline.annotate.place_spans import Name, find_names
from pipeline.countries import alpha3_of_adjective, countries
from pipeline.gazetteer import Place, Rank, displaced, open_gazetteer
from pipeline.mentions import Mention, set_mentions, text_of, zone_at

CONTEXT_ONLY = 0.3  # confidence of a place that is named, but not as where something happened
DATELINE_WEIGHT = 0.5  # of the place where the news was written: it need not be where it happened
PERSONAL = -2.0  # evidence and cue below which a mention is not the place that others of its name are
# What follows a name that a street or square only bears: "al-Karama Square", "Juja Road in Nairobi".
_STREET = re.compile(r" (?:(?:[Ss]quare|[Ss]treet|[Aa]venue|[Bb]oulevard|[Rr]oundabout|[Gg]ate)\b|Road in [A-Z])")
_BOUND = re.compile(r"[-‑–]bound\b")
RELATION_FACTOR = {"road": 0.8, "bound": 0.5}


@Language.factory("conflict_places", assigns=["doc.spans"], default_config={"min_confidence": 0.0})
def make_places(nlp: Language, name: str, min_confidence: float) -> Places:
    """Create the component; the gazetteer is opened, and on first use compiled, with the first text."""
    return Places(min_confidence=min_confidence)


class Places:
    """Set PLACE mentions: standard name, country, division, coordinates and ACLED's geo_precision.

    Entities, sentences and the tree are used where they are, and needed nowhere. A confidence below 0.5 marks a place
    that only says where another lies ("Tripoli, Lebanon"), a government ("Baghdad said") or a destination.

    min_confidence (float): Leave out mentions below it.
    """

    def __init__(self, *, min_confidence: float = 0.0) -> None:
        self.min_confidence = min_confidence

    def __call__(self, doc: Doc) -> Doc:
        """Set the PLACE mentions of a text."""
        text = text_of(doc)
        actors = list(actor_names(doc))
        names = [name for name in find_names(doc, text, open_gazetteer(), actors) if not _is_street(text, name)]
        _read_hints(doc, text, names)
        _read_labels(text, names)
        setting = _setting(doc, names, actors)
        found = list(_capital_phrases(doc, setting))
        for name, choice in _choose_all(doc, names, setting):
            mention = _sea(name) if choice is None else _mention(name, choice)
            mention.confidence *= _role(doc, name, mention)
            if mention.confidence >= self.min_confidence:
                found.append((_span(doc, name), mention))
        set_mentions(doc, "PLACE", _apart(found))
        return doc


def _is_street(text: str, name: Name) -> bool:
    """Tell the name of a street or square, or the word for it, from a place."""
    return bool(_STREET.match(text, name.phrase.end)) or name.text.lower() in place_words()["namesake"]


def _read_hints(doc: Doc, text: str, names: list[Name]) -> None:
    """Note the country or division that stands beside a name: "Tripoli, north Lebanon", "Marte (Borno)"."""
    for number, name in enumerate(names):
        if name.phrase.country:
            name.hints.append(Hint(name.phrase.country))
        for following in names[number + 1 : number + 3]:
            _join(text, name, following, names[number + 1])
        before = doc[name.start - 1].lower_ if name.start else ""
        if before in ("'s", "’s") and number and names[number - 1].end == name.start - 1:
            name.hints.extend(_divisions(names[number - 1]))


def _read_labels(text: str, names: list[Name]) -> None:
    """Note the country under whose label a name stands: "Palestine: ... in Hebron", or "SYRIA" above paragraphs."""
    label, reach = None, 0
    for name in names:
        country = _label(text, name)
        if country is not None:
            label = country
            reach = text.find("\n", name.phrase.end) if text[name.phrase.end] == ":" else len(text)
            name.hints.append(label)
        elif label and not name.hints and (reach < 0 or name.phrase.start < reach):
            if any(match.place.country == label.country for match in name.matches):
                name.hints.append(label)


def _label(text: str, name: Name) -> Hint | None:
    """Return the country that a name at the beginning of a line gives to what follows it, behind a colon or below."""
    begins = not text[: name.phrase.start].rpartition("\n")[2].strip()
    if not begins or text[name.phrase.end : name.phrase.end + 1] not in (":", "\n"):
        return None
    return next((hint for hint in _divisions(name) if hint.admin1 is None), None)


def _join(text: str, name: Name, following: Name, nearest: Name) -> None:
    """Take what follows a name for the division it lies in, also behind another name: "Sinjar (Shingal), Ninewa"."""
    between = text[name.phrase.end : following.phrase.start].lower()
    if nearest is not following:
        between = between.replace(nearest.text.lower(), "")
    separators = between.strip()[:1]
    if separators == "i" and name.evidence + name.phrase.cue < 0.0:
        return  # "Police in Kano", "Women in Lagos": the first is hardly a place
    words = re.sub(r"[,()]", " ", between).split()
    free = place_words()["direction"] | {"in", "of", "the", "province", "state", "district", "region", "city"}
    if separators in (",", "(", "i") and len(words) <= 4 and all(word in free for word in words):
        hints = _divisions(following)
        if hints and (separators != "i" or any(hint.admin1 for hint in hints)):
            name.hints.extend(hints)
            following.qualifies = True


def _divisions(name: Name) -> list[Hint]:
    """Return the countries and first-order divisions that a name may be."""
    return [
        Hint(match.place.country, match.place.admin1)
        for match in name.matches
        if match.place.feature in ("country", "admin1", "territory") and match.rank == Rank.NAME
    ]


def _setting(doc: Doc, names: list[Name], actors: list[ActorName]) -> Setting:
    likely = [name for name in names if name.evidence + name.phrase.cue > -1.0]
    best = [name.matches[0].place for name in likely if name.matches]
    named = [place.country for place in best if place.feature == "country"]
    return read_setting(doc, named, _homes(names), actors)


def _homes(names: list[Name]) -> dict[str, int]:
    """Count the names of each country that one or two countries have alone."""
    homes: dict[str, set[str]] = defaultdict(set)
    for name in names:
        countries_of_name = {match.place.country for match in name.matches if match.rank == Rank.NAME}
        if 0 < len(countries_of_name) <= 2 and name.evidence + name.phrase.cue > 0.5:
            for country in countries_of_name:
                homes[country].add(name.key)
    return {country: len(keys) for country, keys in homes.items()}


def _choose_all(doc: Doc, names: list[Name], setting: Setting) -> list[tuple[Name, Choice | None]]:
    """Choose a place for each name: first what is sure, then the rest by what lies near that.

    One name is one place in a text, unless a division beside it says otherwise.
    """
    groups: dict[tuple[object, ...], list[Name]] = defaultdict(list)
    for name in names:
        groups[name.key, _wants_division(name), tuple(name.hints) if len(name.hints) == 1 else ()].append(name)
    groups = _with_hints_shared(groups)
    told = frozenset(country for country, weight in setting.countries.items() if weight > 0)
    for members in groups.values():
        choice = _choose(members, setting)
        if choice and choice.score >= SURE and choice.margin >= SURE_MARGIN and choice.place.feature != "country":
            weight = DATELINE_WEIGHT if zone_at(doc, members[0].phrase.start) == "dateline" else 1.0
            setting.learn(choice.place, weight)
    choices = [(members, _choose(members, setting)) for members in groups.values()]
    places = Counter(choice.place.country for _, choice in choices if choice)
    chosen: list[tuple[Name, Choice | None]] = []
    for members, choice in choices:
        if choice and not any(name.hints for name in members) and is_stray(choice, told, places):
            continue
        for name in members:
            if name.sea:
                chosen.append((name, None))
            elif choice and name.evidence + name.phrase.cue >= PERSONAL:
                chosen.append((name, choice))
    return chosen


def _with_hints_shared(groups: dict[tuple[object, ...], list[Name]]) -> dict[tuple[object, ...], list[Name]]:
    """Put mentions without a hint to the one group of their name that has one."""
    hinted: dict[tuple[object, object], list[tuple[object, ...]]] = defaultdict(list)
    for key in groups:
        if key[2]:
            hinted[key[0], key[1]].append(key)
    merged: dict[tuple[object, ...], list[Name]] = {}
    for key, members in groups.items():
        others = hinted.get((key[0], key[1]), [])
        target = others[0] if not key[2] and len(others) == 1 else key
        merged.setdefault(target, []).extend(members)
    return merged


def _wants_division(name: Name) -> bool:
    return name.phrase.kind == "admin1" or name.phrase.rural


def _choose(members: list[Name], setting: Setting) -> Choice | None:
    cue = max(name.phrase.cue for name in members)
    evidence = sum(name.evidence for name in members) / len(members)
    kinds = [name.phrase.kind for name in members if name.phrase.kind]
    kind = "admin1" if _wants_division(members[0]) and "admin1" in kinds else kinds[0] if kinds else None
    if kind is None and members[0].phrase.rural:
        kind = "rural"
    hints = {hint for name in members for hint in name.hints}
    return choose(members[0].matches, min(cue, 3.0) + evidence, setting, kind, hints)


def _mention(name: Name, choice: Choice) -> Mention:
    place, phrase = choice.place, name.phrase
    mention = Mention(
        canonical=place.location,
        country=place.country,
        admin1=place.admin1,
        admin2=place.admin2,
        admin3=place.admin3,
        latitude=place.latitude,
        longitude=place.longitude,
        geoname_id=place.geoname_id,
        feature=place.feature,
        geo_precision=_precision(place, phrase),
        confidence=1.0 / (1.0 + exp(0.8 * (THRESHOLD - 1.0 - choice.score))),
    )
    if phrase.offset and place.latitude is not None and place.longitude is not None:
        mention.latitude, mention.longitude = displaced(place.latitude, place.longitude, *phrase.offset)
    if place.feature == "country":
        mention.feature = "region" if phrase.direction else "country"
    return mention


def _precision(place: Place, phrase: Phrase) -> int | None:
    if place.latitude is None:
        return None
    if place.feature == "admin1":
        return 3
    if phrase.kind == "admin1" and place.feature not in ("region", "district", "admin2"):
        return 3  # a province that is known by its capital only
    if place.feature in ("region", "district", "admin2"):
        return 2
    if place.city and phrase.kind == "admin2":
        return 1  # "the Saltivka district of Kharkiv" is a part of the town that it is coded at
    return phrase.precision or 1


def _capital_phrases(doc: Doc, setting: Setting) -> Iterator[tuple[Span, Mention]]:
    """Yield "the Libyan capital", and "the capital" in a text that is about one country."""
    for token in doc:
        if token.lower_ != "capital" or not token.i or _is_another_capital(doc, token.i):
            continue
        before = doc[token.i - 1]
        country = alpha3_of_adjective(before.text) if before.lower_ != "the" else setting.main_country()
        if country and (place := _capital(country)):
            name = Name(token.i - 1, token.i + 1, "", (), Phrase(before.idx, token.idx + len(token)), 0.0)
            mention = _mention(name, Choice(place, THRESHOLD + 1.0, 9.0))
            mention.confidence = 0.8 if before.lower_ != "the" else 0.6
            yield doc[token.i if before.lower_ == "the" else token.i - 1 : token.i + 1], mention


def _is_another_capital(doc: Doc, position: int) -> bool:
    """Tell "capital of Gezira state", "capital punishment" and "the capital, Ramadi" from a country's capital."""
    behind = doc[position + 1] if position + 1 < len(doc) else None
    return behind is not None and (behind.lower_ == "of" or (behind.pos_ in ("NOUN", "PROPN") and not behind.is_punct))


@cache
def _capital(country: str) -> Place | None:
    row = countries().get(country)
    matches = open_gazetteer().find(row.capital) if row and row.capital else ()
    towns = [match.place for match in matches if match.place.country == country and match.place.feature not in WIDE]
    return towns[0] if towns else None


def _sea(name: Name) -> Mention:
    return Mention(canonical=name.text, feature="sea", confidence=0.9)


def _role(doc: Doc, name: Name, mention: Mention) -> float:
    """Return by how much a place's part in the sentence lessens that something happened there."""
    if name.qualifies or _speaks(doc, name, mention):
        return CONTEXT_ONLY
    if _BOUND.match(text_of(doc), name.phrase.end):
        return CONTEXT_ONLY  # "a Nairobi-bound bus"
    return RELATION_FACTOR.get(name.phrase.relation or "", 1.0)


def _speaks(doc: Doc, name: Name, mention: Mention) -> bool:
    """Tell "Baghdad said", "talks with Moscow": a capital or a country that stands for its government."""
    if mention.feature != "country" and mention.canonical not in _capitals():
        return False
    before = doc[name.start - 1].lower_ if name.start else ""
    after = doc[name.end].lower_ if name.end < len(doc) else ""
    words = place_words()
    if before in words["locative"] or name.phrase.relation == "near":
        return False
    return after in words["say"] or before in words["toward"] or before in words["say"] or _is_subject(doc, name)


def _is_subject(doc: Doc, name: Name) -> bool:
    root = doc[name.start : name.end].root
    return root.dep_ in ("nsubj", "nsubj:pass") and root.head.pos_ == "VERB"


@cache
def _capitals() -> frozenset[str]:
    return frozenset(name for row in countries().values() for name in (row.capital, *row.metonyms))


def _span(doc: Doc, name: Name) -> Span:
    """Return the name with the word for its kind behind it ("Daquq district")."""
    span = doc.char_span(name.phrase.start, name.phrase.end)
    return span if span is not None else doc[name.start : name.end]


def _apart(found: list[tuple[Span, Mention]]) -> list[tuple[Span, Mention]]:
    """Leave out a mention whose words lie inside the one before."""
    found.sort(key=lambda pair: (pair[0].start, -pair[0].end))
    kept: list[tuple[Span, Mention]] = []
    for span, mention in found:
        if not kept or span.start >= kept[-1][0].end:
            kept.append((span, mention))
    return kept
