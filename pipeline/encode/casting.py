"""Who plays which part: the two sides of an event, weighed among all that its text names.

The rules of `parties` propose sides by an event's own words. Who acts stands as often in another sentence of the text,
so every pair of sides that it could mean is scored by the signals of `casting_signals`, the proposal among them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, field_validator
from spacy.tokens import Doc

from pipeline.countries import Words
from pipeline.encode.casting_signals import NOBODY, Option, Play, Readings, kind_of
from pipeline.encode.choosing import best, score
from pipeline.encode.event_types import STRIKES
from pipeline.encode.mentions import MentionIndex
from pipeline.encode.opponents import aims_at
from pipeline.encode.parties import Parties, Side, army, army_of, civilians, crews, police, rioters, side, unidentified
from pipeline.encode.positions import Positions
from pipeline.knowledge import knowledge_path, read_table
from pipeline.taxonomy import SUB_EVENT_TYPES

# Kinds of events in which police whom nobody names may take part.
_POLICED = frozenset({"crowd", "arrests", "disrupted"})


@dataclass(slots=True)
class Cast:
    """The sides of an event, and the probability (0-1) that both are right."""

    parties: Parties
    share: float


def cast(
    plays: Sequence[Play],
    doc: Doc,
    index: MentionIndex,
    positions: Positions,
    totals: Sequence[Mapping[str, Any]] = (),
) -> list[Cast]:
    """Return the sides of the events of a text, in their order; `totals` are the rows of its totals."""
    readings = Readings(plays, doc, index, positions, totals)
    return [_best(play, readings) for play in plays]


def options(play: Play, readings: Readings, number: int) -> list[Option]:
    """Return who could be on side 1 or 2: the proposal, each armed actor of the text, the unnamed, and nobody."""
    found: dict[str | None, Option] = {}
    proposed = play.side(number)
    if proposed.firm:
        return [Option(proposed, proposed.main or NOBODY, kind_of(proposed, play.country, play.date))]
    for name in readings.actors:
        if readings.cannot_be(play, name, number):
            continue
        own = side([readings.nearest(play, name)])
        kind = kind_of(own, play.country, play.date)
        found[own.name(play.country)] = Option(own, name, kind, readings.of_actor(play, name, kind, number))
    defaults = [("nobody", Side()), ("unidentified", unidentified())]
    defaults += [("army", army())] if play.country else []
    defaults += [("police", police())] if play.country and play.kind in _POLICED else []
    defaults += [("civilians", civilians())] if number == 2 else []
    defaults += [("rioters", rioters())] if number == 2 and play.event.type == "Mob violence" else []
    abroad = readings.striker(play) if number == 1 else None
    defaults += [("striker", army_of(abroad))] if abroad else []
    for kind, own in defaults:
        option = found.setdefault(own.name(play.country), Option(own, NOBODY, kind))
        option.signals |= readings.of_default(play, kind, number)
    kind = kind_of(proposed, play.country, play.date)
    option = found.setdefault(proposed.name(play.country), Option(proposed, proposed.main or NOBODY, kind))
    option.side = proposed
    option.signals |= readings.of_proposal(play, number)
    fitting = [one for one in found.values() if _may_stand(one.kind, play.event.type, number)]
    return fitting or list(found.values())


class SidesRow(BaseModel):
    """One row of `data/knowledge/sides.csv`: who may, or may not, stand on a side of a sub-event type."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sub_event_type: str
    side: int = Field(ge=1, le=2)
    rule: Literal["only", "not"]
    kinds: Words

    @field_validator("sub_event_type")
    @classmethod
    def _known(cls, cell: str) -> str:
        if cell not in SUB_EVENT_TYPES:
            raise ValueError(f"{cell} is no sub-event type of ACLED's")
        return cell


@cache
def _sides() -> dict[tuple[str, int], SidesRow]:
    return {(row.sub_event_type, row.side): row for row in read_table(knowledge_path("sides.csv"), SidesRow)}


def _may_stand(kind: str, sub_event_type: str, number: int) -> bool:
    """Return whether the codebook lets somebody of a kind stand on a side of events of a type."""
    row = _sides().get((sub_event_type, number))
    return row is None or (kind in row.kinds) == (row.rule == "only")


def _best(play: Play, readings: Readings) -> Cast:
    first = [(score(option.signals, "first"), option) for option in options(play, readings, 1)]
    second = [(score(option.signals, "second"), option) for option in options(play, readings, 2)]
    pairs = [(here + there, one, other) for here, one in first for there, other in second]
    scores = [known + score(readings.of_pair(one, other, play), "pair") for known, one, other in pairs]
    proposed = next((n for n, (_, one, other) in enumerate(pairs) if play.proposes(one.side, other.side)), None)
    number, share = best(scores, proposed)
    _, one, other = pairs[number]
    aboard = other.side.main == civilians().main and _hits_ship(play)
    return Cast(Parties(one.side, crews() if aboard else other.side), share)


def _hits_ship(play: Play) -> bool:
    """Return whether a strike, or what happened in no country, is aimed at a merchant ship."""
    return (play.event.type in STRIKES or not play.country) and aims_at(play.event, "ship")
