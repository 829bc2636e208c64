"""The choice among ACLED's event types.

The hierarchy and the rules of precedence follow the ACLED codebook: a clash with shelling in it is a clash, an attack
on the unarmed is violence against civilians, live fire on a protest is excessive force, and so on.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from pipeline.taxonomy import STRATEGIC, SUB_EVENT_TYPES

# Where one passage fits several, the first of these that fits is the event (ACLED codebook, dominant type).
# Among demonstrations violence by the crowd outweighs the police's answer.
_CROWD_ORDER = ("Violent demonstration", "Mob violence", "Protest with intervention", "Peaceful protest")
PRECEDENCE = (
    *(name for name, (kind, _) in SUB_EVENT_TYPES.items() if kind != STRATEGIC and name not in _CROWD_ORDER),
    *_CROWD_ORDER,
    *(name for name, (kind, _) in SUB_EVENT_TYPES.items() if kind == STRATEGIC),
)

INTER_NAMES = {
    1: "State forces",
    2: "Rebel group",
    3: "Political militia",
    4: "Identity militia",
    5: "Rioters",
    6: "Protesters",
    7: "Civilians",
    8: "External/Other forces",
}
ARMED = frozenset({1, 2, 3, 4, 8})
STATE = frozenset({1, 8})
CROWD = frozenset({5, 6})
CROWD_EVENTS = frozenset({"Protests", "Riots"})  # event types
TERRITORY = frozenset({"Government regains territory", "Non-state actor overtakes territory"})
BATTLES = frozenset(name for name, (kind, _) in SUB_EVENT_TYPES.items() if kind == "Battles")
STRIKES = frozenset({"Air/drone strike", "Shelling/artillery/missile attack"})

# A frame that says how it was done only through its weapon takes its sub-type from the weapon, in this order.
_BY_WEAPON = (
    ("chemical", "Chemical weapon"),
    ("suicide", "Suicide bomb"),
    ("air", "Air/drone strike"),
    ("missile", "Shelling/artillery/missile attack"),
    ("rocket", "Shelling/artillery/missile attack"),
    ("shell", "Shelling/artillery/missile attack"),
    ("ied", "Remote explosive/landmine/IED"),
    ("grenade", "Grenade"),
)
_REMOTE_FRAMES = frozenset(
    {
        "strike",
        "launch",
        "weapon_lands",
        "explosion",
        "kill",
        "die",
        "injure",
        "destroy",
        "shelling",
        "pounding",
        "gunfire",
        "burn",
        "assault",
        "murder",
        "under_fire",
    }
)
_FORCE_FRAMES = frozenset(
    {"murder", "gunfire", "under_fire", "assault", "attack_person", "beat", "kill", "injure", "die"}
)


@dataclass(slots=True)
class Situation:
    """What is known of an event when its type is chosen."""

    frame: str
    default: str | None
    weapons: frozenset[str] = frozenset()
    agent: frozenset[int] = field(default_factory=frozenset)  # actor types that act
    patient: frozenset[int] = field(default_factory=frozenset)  # actor types that undergo
    persons: bool = False  # people without arms or name among those who undergo
    learned: str | None = None  # the type of which the language model is sure, against the rules


def from_the_air(kind: str, weapons: set[str], state_acts: bool, air_war: bool) -> str:
    """Return an air strike for a missile that a state's forces fire in a story of aircraft, else the kind itself."""
    missile = kind == "Shelling/artillery/missile attack" and "missile" in weapons
    return "Air/drone strike" if missile and state_acts and air_war else kind


def sub_event_type(case: Situation) -> str | None:
    """Choose the sub-event type of one trigger; None when the situation is no event."""
    if case.learned:
        return case.learned
    if case.frame == "thrown":
        if "ied" in case.weapons:
            return "Grenade"  # a bomb thrown by hand (ACLED codebook)
        case = replace(case, frame="launch")
    if case.frame == "launch" and "stone" in case.weapons:
        return _riot(case)
    if case.frame == "launch" and "crowd_control" in case.weapons:
        return "Protest with intervention"
    if case.frame in _REMOTE_FRAMES:
        remote = _by_weapon(case)
        if remote:
            return remote
    if case.frame == "grenade" and case.patient & CROWD:
        return "Protest with intervention"
    if case.frame in _FORCE_FRAMES:
        return _use_of_force(case)
    chooser = _CHOOSERS.get(case.frame)
    return chooser(case) if chooser else case.default


def dominant(types: list[str]) -> str:
    """Return the one of several sub-event types that ACLED would code."""
    return min(types, key=PRECEDENCE.index)


def _by_weapon(case: Situation) -> str | None:
    if case.frame in ("kill", "murder", "injure", "die") and "gun" in case.weapons:
        return None
    for weapon, name in _BY_WEAPON:
        if weapon not in case.weapons or (
            weapon == "ied" and case.frame in ("shelling", "pounding", "burn", "gunfire")
        ):
            continue
        if case.frame == "assault" and weapon != "air":  # a storming with rockets or bombs is still a battle
            continue
        return name
    return None


def _use_of_force(case: Situation) -> str | None:
    if case.patient & {6} and case.agent & ARMED:
        return "Protest with intervention" if case.frame == "beat" else "Excessive force against protesters"
    if case.agent & CROWD or case.agent == {7}:
        return "Violent demonstration" if case.patient & STATE and not case.persons else "Mob violence"
    if "stone" in case.weapons and case.frame in ("beat", "assault"):
        return "Mob violence"
    if case.patient & ARMED:
        return "Armed clash"
    if 7 in case.patient or case.persons:
        return "Attack"
    if case.frame in ("gunfire", "assault"):
        return "Armed clash" if case.agent & ARMED else case.default
    return case.default


def _clash(case: Situation) -> str:
    parties = case.agent | case.patient
    if parties & CROWD:
        return "Violent demonstration" if parties & STATE else "Mob violence"
    if parties and parties <= {7}:
        return "Mob violence"
    if case.agent == {7} and case.patient and case.patient <= STATE:
        return "Violent demonstration"  # "supporters of the opposition clashed with police"
    return "Armed clash"


def _capture(case: Situation) -> str:
    return "Government regains territory" if 1 in case.agent else "Non-state actor overtakes territory"


def _fall(case: Situation) -> str:
    return "Government regains territory" if 1 in case.patient else "Non-state actor overtakes territory"


def _arrest(case: Situation) -> str:
    return "Protest with intervention" if case.patient & CROWD else "Arrests"


def _abduct(case: Situation) -> str | None:
    if case.patient & CROWD and case.agent & STATE:
        return "Protest with intervention"
    if case.patient & ARMED and not case.patient & {7} and case.agent & STATE:
        return "Arrests"
    return case.default


def _property(case: Situation) -> str:
    if case.agent & CROWD:
        return _riot(case)
    return "Looting/property destruction"


def _blow_up(case: Situation) -> str | None:
    """Return the type of something blown up: a state's forces demolish, others set off a bomb."""
    return "Looting/property destruction" if case.agent and case.agent <= STATE else case.default


def _riot(case: Situation) -> str:
    if 4 in case.agent:  # an organised militia is no crowd
        return "Attack" if 7 in case.patient or case.persons else "Looting/property destruction"
    if 6 in case.agent or 1 in case.patient:
        return "Violent demonstration"
    return "Mob violence" if case.patient or case.persons or 5 in case.agent else "Violent demonstration"


def _disperse(case: Situation) -> str | None:
    return "Excessive force against protesters" if "gun" in case.weapons and 6 in case.patient else case.default


def _launch(case: Situation) -> str | None:
    return _use_of_force(case) if case.weapons and case.weapons <= {"gun", "blade", "crowd_control"} else case.default


_CHOOSERS = {
    "launch": _launch,
    "disperse": _disperse,
    "clash": _clash,
    "repelled": _clash,
    "capture": _capture,
    "fall": _fall,
    "arrest": _arrest,
    "abduct": _abduct,
    "loot": _property,
    "burn": _property,
    "destroy": _property,
    "blow_up": _blow_up,
    "riot": _riot,
}
