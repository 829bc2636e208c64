"""Where the incidents of a total happened."""

from __future__ import annotations

from spacy.tokens import Span, Token

from pipeline.annotate.count_antecedents import COUNTING
from pipeline.encode.aggregate_parts import Total, governing_verb, is_elliptic, is_ordinal, joined_totals, verbs_above
from pipeline.encode.aggregate_sides import is_reporting
from pipeline.encode.arguments import case_of
from pipeline.encode.candidates import CONTEXT_ONLY, is_seat
from pipeline.encode.mentions import MentionIndex
from pipeline.encode.reports import PLACE_COLUMNS, fill_place
from pipeline.encode.scene import Scene
from pipeline.encode.senses import noun_classes
from pipeline.encode.story import WIDE
from pipeline.mentions import mention_of, mentions_of, zone_at

_STRETCHES = frozenset({"direction", "front", "axis", "area", "sector", "district", "territory", "region", "corridor"})
LABEL_WORDS = 5  # a sentence of so few words before the others of its paragraph is its label: "Sumy region."
_NARROW = ("district", "town", "city", "village")
# Features of the places that a definite noun may take up.
_TAKEN_UP = {
    "city": ("city", "town"),
    "town": ("town", "city"),
    "village": ("village",),
    "camp": ("camp",),
    "dam": ("dam",),
    "province": ("admin1",),
    "governorate": ("admin1",),
    "region": ("admin1",),
    "oblast": ("admin1",),
    "department": ("admin1",),
    "state": ("admin1",),
    **dict.fromkeys(("district", "county", "municipality", "commune", "sector", "emirate", "township"), _NARROW),
}


def own_places(total: Total, index: MentionIndex) -> list[Span]:
    """Return the places where the counted incidents happened: not the homes of the sides, nor of who counts."""
    found = []
    for place in index.in_sentence(total.count[0].sent, "PLACE"):
        named = mention_of(place).feature in WIDE and index.covering(place.root, "ACTOR") is not None
        if place.root.i not in total.zone or named:
            continue
        if _is_scene(place, total):
            found.append(place)
    return found or _shared(total, index)


def _shared(total: Total, index: MentionIndex) -> list[Span]:
    """Return the places told once for several totals: "nine marches and 31 sit-ins in Iraq"."""
    joined = joined_totals(total.count)
    places = index.in_sentence(total.count[0].sent, "PLACE") if joined else []
    there = (place for place in places if case_of(place.root) in ("in", "across", "at"))
    return [place for place in there if any(noun.is_ancestor(place.root) for noun in joined)]


def _is_scene(place: Span, total: Total) -> bool:
    head = total.count.root
    if is_seat(place):
        return False
    after = place.doc[total.count.end : place.start]
    if is_elliptic(total.count) and [t.lower_ for t in after] == ["in"]:
        return True  # "28 in Balochistan, seven in Sindh"
    if zone_at(place.doc, place.start_char) or place.root.dep_ in ("compound", "amod", "nmod:poss"):
        return place.root.dep_ == "compound" and _is_named_by(place.root)
    if mention_of(place).feature in WIDE and place.root.i < place.root.head.i and place.root.head.pos_ == "NOUN":
        return False  # "U.S. and coalition positions"
    case = [c.lower_ for c in place.root.children if c.dep_ == "case"]
    if "by" in case:
        return False
    if head.is_ancestor(place.root) or head == place.root:
        return True
    verb = next(iter(verbs_above(place.root)), None)
    counted = verb is not None and verb.dep_.startswith("acl") and verb.lemma_ in COUNTING
    if verb is not None and verb != governing_verb(total.count) and not counted:
        if is_reporting(verb) or not verb.is_ancestor(head):
            return False  # told "from Beirut", or of something else
    subject = _subject_above(place.root)
    if subject == place.root and mention_of(place).feature not in WIDE:
        return True  # "Balochistan recorded 35"
    return subject is None or subject.dep_ == "nsubj:pass" or not is_reporting(subject.head)


def _is_named_by(token: Token) -> bool:
    """Return whether a place is part of the name of a stretch of land: "the Vovchansk direction"."""
    return token.head.lemma_ in _STRETCHES or token.head.lemma_ in noun_classes()["place_noun"]


def _subject_above(token: Token) -> Token | None:
    return next((t for t in (token, *token.ancestors) if t.dep_.startswith("nsubj")), None)


def fill_place_of(total: Total, scene: Scene) -> None:
    """Fill the columns of place from the total's own words, else from the total that it belongs to."""
    places, whole, row = _of_subject(total) or total.places, total.inherits, total.row
    lands = {mention_of(p).country for p in places if mention_of(p).feature in WIDE and mention_of(p).country}
    near = [p for p in places if mention_of(p).feature not in WIDE]
    if len(lands) > 1 and not near:
        fill_place(row, None, scene)
        _blank_country(total)
    elif not places and _is_worldwide(total):
        fill_place(row, None, scene)
        _blank_country(total)
    elif places or whole is None:
        places = places or _place_meant(total, scene)
        end = total.count.end
        nearest = min(near or places, key=lambda p: abs(p.start - end), default=None)
        if nearest is not None and _is_one_of_several(nearest, near):
            fill_place(row, None, scene)  # "in Borno, Adamawa and Yobe"
            if row["country_code"] != mention_of(nearest).country:
                _blank_country(total)
        else:
            fill_place(row, nearest, scene, _country_meant(total, scene))
    else:
        for column in PLACE_COLUMNS:
            row[column] = whole.row.get(column)
        row["country_code"] = whole.row["country_code"]


def _of_subject(total: Total) -> list[Span]:
    """Return the place that a clause is about: "North Kivu came first with 92, ahead of Ituri"."""
    verb = governing_verb(total.count)
    if verb is None or total.count.root.dep_.startswith("nsubj"):
        return []
    subjects = [place for place in total.places if place.root.dep_ == "nsubj" and place.root.head == verb]
    return [place for place in subjects if not list(place.root.conjuncts)]


def _is_worldwide(total: Total) -> bool:
    """Return whether a total is told of so many countries: "34 attacks in 11 countries"."""
    words = total.count.doc[total.zone.start : total.zone.stop]
    return any(t.lemma_ == "country" and t.tag_ == "NNS" and any(c.dep_ == "nummod" for c in t.children) for t in words)


def _country_meant(total: Total, scene: Scene) -> str | None:
    """Return the country (alpha-3) of a total that names no place: that of the last one told before it.

    Of an ordinal the last town, wherever it is told; of others the last country of the paragraph.
    """
    before = [p for p in mentions_of(scene.doc, "PLACE") if p.start < total.count.start and mention_of(p).country]
    if is_ordinal(total.count):
        before = [p for p in before if mention_of(p).feature not in WIDE]
    else:
        here = scene.paragraphs.get(total.count[0].sent.start)
        before = [p for p in before if mention_of(p).feature in WIDE and mention_of(p).confidence >= CONTEXT_ONLY]
        before = [p for p in before if scene.paragraphs.get(p[0].sent.start) == here]
    return mention_of(before[-1]).country if before else None


def _is_one_of_several(place: Span, places: list[Span]) -> bool:
    """Return whether a total is spread over places that stand side by side."""
    others = (p for p in places if p.kb_id_ != place.kb_id_)
    return any(p.root in place.root.conjuncts for p in others)


def _place_meant(total: Total, scene: Scene) -> list[Span]:
    """Return the place that "the city" or "the dam" takes up: the last one of that kind before."""
    for token in scene.doc[total.zone.start : total.zone.stop]:
        if token.lemma_ not in _TAKEN_UP or not _is_taken_up(token):
            continue
        before = [p for p in mentions_of(scene.doc, "PLACE") if p.start < token.i]
        alike = [p for p in (*before, *total.told_at) if mention_of(p).feature in _TAKEN_UP[token.lemma_]]
        if alike:
            return alike[-1:]
    sentence = total.count[0].sent
    for label in scene.sentences:
        if label.start < sentence.start and scene.paragraphs.get(label.start) == scene.paragraphs.get(sentence.start):
            return scene.index.in_sentence(label, "PLACE") if len(label) <= LABEL_WORDS else []
    return []


def _is_taken_up(noun: Token) -> bool:
    """Return whether a noun is definite and has no name of its own: "in the state", not "the Kachin state"."""
    named = any(child.is_title and child.dep_ in ("compound", "amod", "nmod") for child in noun.children)
    return noun.tag_ == "NN" and noun.is_lower and not named and any(child.lower_ == "the" for child in noun.children)


def spread_over_countries(total: Total) -> None:
    """Leave the country of a total blank that names none itself and whose parts lie in several."""
    lands = {child.row["country_code"] for child in total.children if child.places}
    if len(lands) > 1 and (not total.places or total.row["country_code"] not in lands):
        _blank_country(total)


def _blank_country(total: Total) -> None:
    total.row.update(dict.fromkeys((*PLACE_COLUMNS, "country_code")))


def is_one_spot(total: Total) -> bool:
    """Return whether all happened on one day in one town: one event, however many blows (ACLED's unit)."""
    row = total.row
    days = row["event_date"], row["event_date_end"]
    return days[0] is not None and days[0] == days[1] and bool(row.get("location")) and _is_spot(total)


def _is_spot(total: Total) -> bool:
    features = {mention_of(p).feature for p in total.places}
    in_parts = any(p[-1].lower_ in _STRETCHES for p in total.places)  # "in Belgorod district"
    return bool(features) and not features & {"admin1", "district", "territory", *WIDE} and not in_parts
