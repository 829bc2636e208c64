"""From an event of the story to a row of the `reports` table, every filled cell with its characters."""

from __future__ import annotations

from collections.abc import Container, Sequence
from typing import Any

from spacy.tokens import Span

from pipeline import lexicon
from pipeline.countries import countries, numeric
from pipeline.encode.casting import cast
from pipeline.encode.casting_signals import Play
from pipeline.encode.casualties import Toll, toll
from pipeline.encode.confidence import event_signals
from pipeline.encode.deaths import Deaths
from pipeline.encode.event_types import INTER_NAMES, TERRITORY
from pipeline.encode.events import WIDE, StoryEvent
from pipeline.encode.mentions import MentionIndex, texts_of
from pipeline.encode.parties import Parties, parties
from pipeline.encode.positions import Positions
from pipeline.encode.scene import Scene
from pipeline.encode.setting import Setting
from pipeline.encode.type_choice import choose_type
from pipeline.event_dates import event_date
from pipeline.mentions import mention_of
from pipeline.taxonomy import SUB_EVENT_TYPES

PLACE_COLUMNS = (
    "iso", "region", "country", "admin1", "admin2", "admin3", "location", "latitude", "longitude", "geo_precision",
)  # fmt: skip
OVERTAKES = "Non-state actor overtakes territory"
TIME_COLUMNS = ("event_date", "year", "time_precision", "event_date_end", "event_date_text", "date_basis")


class Row(dict[str, Any]):
    """A report in the making: cells, and which characters they come from."""

    def __init__(self, document: dict[str, Any]) -> None:
        super().__init__(doc_id=document["doc_id"], source=document.get("source"), evidence=[])

    def fill(self, columns: dict[str, Any], spans: list[Span]) -> None:
        """Set cells, anew if they are set; those that are not null are traced to the spans."""
        self.update(columns)
        self["evidence"] = [piece for piece in self["evidence"] if piece["column"] not in columns]
        for column, value in columns.items():
            if value is not None:
                self["evidence"].extend({"column": column, "start": s.start_char, "end": s.end_char} for s in spans)


def event_rows(
    events: list[StoryEvent],
    scene: Scene,
    document: dict[str, Any],
    index: MentionIndex,
    totals: Sequence[Row] = (),
    counted: Container[int] = (),
) -> list[Row]:
    """Return the rows of the events of a text; `event_id` and `part_of` are given when all its rows are known.

    totals (sequence of Row): The rows of its totals, which tell whom it is about.
    counted (container of int): The tokens that tell them.
    """
    type_shares = [choose_type(event, index) for event in events]
    positions = Positions(scene.doc)
    setting, deaths = Setting(events, scene, index, positions), Deaths(events, scene, index, positions, counted)
    rows, plays = [], []
    for number, event in enumerate(events):
        (place, place_share), (date, date_share) = setting.place(number), setting.date(number)
        dead, dead_share = deaths.of(number)
        row, play = stage(event, place, date, dead, scene, document)
        row["signals"] = event_signals(event) | {
            "type as chosen": type_shares[number],
            "place as chosen": place_share,
            "date as chosen": date_share,
            "deaths as chosen": dead_share,
        }
        rows.append(row)
        plays.append(play)
    for row, play, chosen in zip(rows, plays, cast(plays, scene.doc, index, positions, totals), strict=True):
        fill_parties(row, chosen.parties, play.event.words)
        _mend_territory(row)
        row["tags"] = _tags(play.event, row)
        row["signals"]["parties as chosen"] = chosen.share
    return rows


def stage(
    event: StoryEvent,
    place: Span | None,
    date: Span | None,
    dead: Toll | None,
    scene: Scene,
    document: dict[str, Any],
) -> tuple[Row, Play]:
    """Return the row of an event without its parties, and what is to be known to choose them."""
    row = Row(document)
    fill_kind(row, event.type, event.words)
    row.update(record_type="event", incidents=1, incidents_min=None, incidents_max=None, incidents_qualifier="exact")
    row.update(certainty=_certainty(event), notes=_notes(event), part_of=None)
    fill_place(row, place, scene)
    fill_date(row, date, scene)
    harmed = fill_casualties(row, dead, toll(event.spans("counts"), "injuries"))
    return row, Play(event, parties(event, row["event_type"], harmed), row["country_code"], row["event_date"])


def _tags(event: StoryEvent, row: Row) -> str | None:
    """Return ACLED's tags: the size of a crowd as the text gives it, and who was targeted."""
    tags = []
    if "Demonstrations" in (row["disorder_type"] or ""):
        crowd = [c.text for c in event.spans("counts") if mention_of(c).count_of == "participants"]
        tags.append(f"crowd size={' '.join(crowd[0].split()).lower()}" if crowd else "crowd size=no report")
    elif row["civilian_targeting"]:
        struck = {t.lemma_.lower() for s in event.spans("patients") for t in s}
        tags += [name for name, words in lexicon.word_lists("tags.csv").items() if struck & set(words)]
    return "; ".join(tags) or None


def _mend_territory(row: Row) -> None:
    """Only a government at home regains territory; who else takes it, a foreign army too, overtakes it (ACLED)."""
    if row["sub_event_type"] in TERRITORY and row["inter1"] is not None:
        row["sub_event_type"] = "Government regains territory" if row["inter1"] == 1 else OVERTAKES


def fill_kind(row: Row, kind: str | None, words: list[Span]) -> None:
    """Fill the types of a row; a total may be of no one kind."""
    event_type, disorder = SUB_EVENT_TYPES[kind] if kind else (None, None)
    row.fill({"disorder_type": disorder, "event_type": event_type, "sub_event_type": kind}, words)


def fill_place(row: Row, place: Span | None, scene: Scene, country: str | None = None) -> None:
    """Fill the columns of place; a wide region or a country alone gives the country only.

    country (str): Where no place is told, alpha-3; else the country that the text is about.
    """
    columns: dict[str, Any] = dict.fromkeys(PLACE_COLUMNS)
    mention = mention_of(place) if place is not None else None
    alpha3 = (mention.country if mention is not None else None) or country or scene.country
    known = countries().get(alpha3 or "")
    if known:
        columns.update(iso=numeric(known.alpha3), region=known.region, country=known.name)
    if mention is not None and mention.latitude is not None and mention.feature not in WIDE:
        columns.update(
            admin1=mention.admin1,
            admin2=mention.admin2,
            admin3=mention.admin3,
            location=mention.canonical,
            latitude=mention.latitude,
            longitude=mention.longitude,
            geo_precision=mention.geo_precision or 1,
        )
    row.fill(columns, [place] if place is not None else [])
    row["country_code"] = known.alpha3 if known else None


def fill_date(row: Row, date: Span | None, scene: Scene) -> None:
    """Fill the columns of time from a date mention; without one the event has no date."""
    columns: dict[str, Any] = dict.fromkeys(TIME_COLUMNS)
    if date is not None:
        told = mention_of(date)
        day = event_date(told.date_start, told.date_end, told.date_precision, basis=told.date_basis)
        columns.update(
            event_date=day.date,
            year=day.date.year if day.date else None,
            time_precision=day.precision,
            event_date_text=date.text,
            date_basis=told.date_basis,
        )
    elif scene.doc._.published is not None and scene.doc._.published_basis in ("metadata", "filename", "dateline"):
        columns.update(
            event_date=scene.doc._.published,
            year=scene.doc._.published.year,
            time_precision=1,
            date_basis=scene.doc._.published_basis,
        )
    row.fill(columns, [date] if date is not None else [])


def fill_parties(row: Row, sides: Parties, words: Sequence[Span] = ()) -> None:
    """Fill actors, their types and what follows from them.

    words (sequence of Span): What tells the event, on which a side rests that no mention names (civilians).
    """
    for n, side in ((1, sides.first), (2, sides.second)):
        name, inter = side.name(row["country_code"]), side.inter(row["country_code"], row.get("event_date"))
        row.fill({f"actor{n}": name, f"inter{n}": inter}, side.spans or list(words))
        row.fill({f"assoc_actor_{n}": side.associates(row["country_code"])}, side.associated)
    row["interaction"] = interaction(row["inter1"], row["inter2"])
    targeted = row["inter2"] == 7 and row.get("event_type") not in ("Strategic developments", "Battles")
    targeted = targeted or row.get("sub_event_type") == "Excessive force against protesters"
    row["civilian_targeting"] = "Civilian targeting" if targeted else None


def interaction(inter1: int | None, inter2: int | None) -> str | None:
    """Return both actor types in words, the lower code first (ACLED's current export)."""
    known = sorted(i for i in (inter1, inter2) if i)
    if not known:
        return None
    return "-".join(INTER_NAMES[i] for i in known) if len(known) == 2 else f"{INTER_NAMES[known[0]]} only"


def fill_casualties(row: Row, dead: Toll | None, hurt: Toll | None) -> bool:
    """Fill deaths and injuries; return whether there are any."""
    told = dead or Toll()
    row.fill(
        {"fatalities": told.deaths, "fatalities_min": told.low, "fatalities_max": told.high},
        told.evidence,
    )
    told = hurt or Toll()
    row.fill({"injuries": told.value, "injuries_min": told.low, "injuries_max": told.high}, told.evidence)
    return any(found and (found.value or found.low) for found in (dead, hurt))


def _certainty(event: StoryEvent) -> str:
    """What the passage that tells the event says of it; a hedge stands wherever it is told first."""
    found = [p.standing.certainty for p in event.passages]
    hedged = [c for c in found if c in ("likely", "alleged", "disputed")]
    return hedged[0] if hedged else event.leading[0].standing.certainty


def _notes(event: StoryEvent) -> str:
    texts = texts_of(event.passages[0].sentence.doc)
    sentences = list(dict.fromkeys(texts[p.sentence.start].strip() for p in event.passages))
    return " ".join(sentences)
