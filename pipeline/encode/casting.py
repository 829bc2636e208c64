"""Who plays which part: the two sides of an event, weighed among all that its text names.

The rules of `parties` propose sides by an event's own words. Who acts stands as often in another sentence of the text,
so every pair of sides that it could mean is scored by the signals of `casting_signals`, the proposal among them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from spacy.tokens import Doc

from pipeline.encode.casting_signals import NOBODY, Option, Play, Readings, kind_of
from pipeline.encode.choosing import best, score
from pipeline.encode.mentions import MentionIndex
from pipeline.encode.parties import Parties, Side, army, army_of, civilians, police, rioters, side, unidentified
from pipeline.encode.positions import Positions

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
    return list(found.values())


def _best(play: Play, readings: Readings) -> Cast:
    first = [(score(option.signals, "first"), option) for option in options(play, readings, 1)]
    second = [(score(option.signals, "second"), option) for option in options(play, readings, 2)]
    pairs = [(here + there, one, other) for here, one in first for there, other in second]
    scores = [known + score(readings.of_pair(one, other, play), "pair") for known, one, other in pairs]
    proposed = next(n for n, (_, one, other) in enumerate(pairs) if play.proposes(one.side, other.side))
    number, share = best(scores, proposed)
    _, one, other = pairs[number]
    return Cast(Parties(one.side, other.side), share)
