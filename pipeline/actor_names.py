"""Actor names as ACLED writes them for an event in a country: `Protesters (Iraq)`, `Military Forces of Israel`."""

from __future__ import annotations

from functools import cache

from pipeline.annotate.actor_tables import actor_nouns, communities
from pipeline.countries import country
from pipeline.organisations import named_actors

# Kinds of state force that stand without a country until the event's country is known.
STATE_KINDS = ("Military Forces", "Police Forces", "Government", "Prison Guards", "Private Security Forces")
# ACLED has no force of this name: an unspecified security force is coded as the police, its commonest reading.
_SPELLED = {"Security Forces": "Police Forces"}


# So ACLED calls the militias and groups of communities, listed or not.
_OF_COMMUNITIES = tuple(
    f" {kind} {what}" for kind in ("Ethnic", "Clan", "Tribal", "Communal", "Caste") for what in ("Militia", "Group")
)


@cache
def _organised() -> dict[str, bool]:
    """Return the organised actors, and whether ACLED writes the country behind them."""
    return {row.name: row.suffix == "yes" for row in named_actors()}


@cache
def _common() -> frozenset[str]:
    """Return the names that anybody anywhere may have: Protesters, Teachers, Vigilante Group, Druze Group."""
    nouns = (row.name for row in actor_nouns())
    peoples = (name for row in communities() for name in (row.militia, row.group))
    return frozenset({*nouns, *peoples})


def _is_common(name: str) -> bool:
    return name in _common() or name.startswith("Unidentified") or name.endswith(_OF_COMMUNITIES)


def full_name(name: str, home: str | None, event_country: str | None) -> str:
    """Return the name of an actor in an event.

    name (str): Canonical name of a mention, without the event's country.
    home (str): The actor's own country (alpha-3), where the text gives one.
    event_country (str): Where the event happened (alpha-3).
    """
    name = _SPELLED.get(name, name)
    where = home or event_country
    if name == "Unidentified Armed Group" and where == event_country and where:
        where = country(where).attackers or where
        name = "Unidentified Gang" if country(where).gangs else name
    if name in STATE_KINDS:
        if name == "Private Security Forces":
            return f"{name} ({country(where).name})" if where else f"Unidentified {name}"
        return country(where).force(name) if where else f"Unidentified {name}"
    known = _organised().get(name)
    if known is None and _is_common(name) and "(" not in name:
        return f"{name} ({country(where).name})" if where else name
    if known:
        where = event_country or home
        return f"{name} ({country(where).name})" if where else name
    return name
