"""Which of ACLED's sub-event types fits, and which outweighs the others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import lexicon
from pipeline.encode.event_types import Situation, dominant, from_the_air, sub_event_type
from pipeline.taxonomy import SUB_EVENT_TYPES

STATE, REBELS, MILITIA, SETTLERS, RIOTERS, PROTESTERS, CIVILIANS = 1, 2, 3, 4, 5, 6, 7


def choose(frame, agent=(), patient=(), weapons=(), persons=False):
    default = lexicon.frames()[frame].sub_event_type
    return sub_event_type(Situation(frame, default, frozenset(weapons), frozenset(agent), frozenset(patient), persons))


@pytest.mark.parametrize(
    ("case", "kind"),
    [
        # battles
        ({"frame": "clash", "agent": {STATE, REBELS}}, "Armed clash"),
        ({"frame": "assault", "agent": {REBELS}, "patient": {STATE}}, "Armed clash"),
        ({"frame": "assault", "agent": {REBELS}, "patient": {STATE}, "weapons": {"rocket"}}, "Armed clash"),
        ({"frame": "capture", "agent": {STATE}}, "Government regains territory"),
        ({"frame": "capture", "agent": {REBELS}}, "Non-state actor overtakes territory"),
        ({"frame": "fall", "patient": {STATE}}, "Government regains territory"),
        # the weapon decides
        ({"frame": "strike", "weapons": {"air"}}, "Air/drone strike"),
        ({"frame": "launch", "agent": {REBELS}, "weapons": {"rocket"}}, "Shelling/artillery/missile attack"),
        ({"frame": "kill", "weapons": {"ied"}, "persons": True}, "Remote explosive/landmine/IED"),
        ({"frame": "explosion", "weapons": {"suicide", "ied"}}, "Suicide bomb"),
        ({"frame": "kill", "weapons": {"grenade"}, "persons": True}, "Grenade"),
        ({"frame": "strike", "weapons": {"chemical", "air"}}, "Chemical weapon"),
        ({"frame": "thrown", "weapons": {"ied"}}, "Grenade"),
        ({"frame": "thrown", "weapons": {"shell"}}, "Shelling/artillery/missile attack"),
        ({"frame": "thrown", "agent": {RIOTERS}, "weapons": {"stone"}}, "Mob violence"),
        ({"frame": "kill", "agent": {REBELS}, "weapons": {"gun", "rocket"}, "patient": {CIVILIANS}}, "Attack"),
        # violence against civilians
        ({"frame": "kill", "agent": {REBELS}, "patient": {CIVILIANS}}, "Attack"),
        ({"frame": "kill", "agent": {REBELS}, "persons": True}, "Attack"),
        ({"frame": "kill", "agent": {REBELS}, "patient": {STATE}}, "Armed clash"),
        ({"frame": "abduct", "agent": {REBELS}, "patient": {CIVILIANS}}, "Abduction/forced disappearance"),
        ({"frame": "abduct", "agent": {STATE}, "patient": {REBELS}}, "Arrests"),
        # demonstrations
        ({"frame": "protest", "agent": {PROTESTERS}}, "Peaceful protest"),
        ({"frame": "gunfire", "agent": {STATE}, "patient": {PROTESTERS}}, "Excessive force against protesters"),
        ({"frame": "kill", "agent": {STATE}, "patient": {PROTESTERS}}, "Excessive force against protesters"),
        ({"frame": "disperse", "patient": {PROTESTERS}, "weapons": {"gun"}}, "Excessive force against protesters"),
        ({"frame": "disperse", "agent": {STATE}, "patient": {PROTESTERS}}, "Protest with intervention"),
        ({"frame": "launch", "weapons": {"crowd_control"}, "patient": {PROTESTERS}}, "Protest with intervention"),
        ({"frame": "beat", "agent": {STATE}, "patient": {PROTESTERS}}, "Protest with intervention"),
        ({"frame": "arrest", "agent": {STATE}, "patient": {PROTESTERS}}, "Protest with intervention"),
        ({"frame": "launch", "agent": {PROTESTERS}, "patient": {STATE}, "weapons": {"stone"}}, "Violent demonstration"),
        ({"frame": "clash", "agent": {RIOTERS}, "patient": {STATE}}, "Violent demonstration"),
        # mobs, settlers
        ({"frame": "lynch", "agent": {RIOTERS}, "patient": {CIVILIANS}}, "Mob violence"),
        ({"frame": "kill", "agent": {RIOTERS}, "patient": {CIVILIANS}}, "Mob violence"),
        ({"frame": "clash", "agent": {CIVILIANS}, "patient": {CIVILIANS}}, "Mob violence"),
        ({"frame": "burn", "agent": {SETTLERS}}, "Looting/property destruction"),
        ({"frame": "riot", "agent": {SETTLERS}, "patient": {CIVILIANS}}, "Attack"),
        ({"frame": "riot", "agent": {SETTLERS}}, "Looting/property destruction"),
        # no one was hurt
        ({"frame": "arrest", "agent": {STATE}, "patient": {CIVILIANS}}, "Arrests"),
        ({"frame": "intercept", "agent": {STATE}, "weapons": {"air"}}, "Disrupted weapons use"),
        ({"frame": "loot", "agent": {MILITIA}}, "Looting/property destruction"),
    ],
)
def test_who_does_what_to_whom_with_what(case, kind):
    assert choose(**case) == kind


@pytest.mark.parametrize(
    ("types", "kind"),
    [
        (["Shelling/artillery/missile attack", "Armed clash"], "Armed clash"),
        (["Air/drone strike", "Attack"], "Air/drone strike"),
        (["Armed clash", "Non-state actor overtakes territory"], "Non-state actor overtakes territory"),
        (["Looting/property destruction", "Attack"], "Attack"),
        (["Arrests", "Abduction/forced disappearance"], "Abduction/forced disappearance"),
        (["Peaceful protest", "Protest with intervention"], "Protest with intervention"),
        (["Protest with intervention", "Violent demonstration"], "Violent demonstration"),
        (["Protest with intervention", "Excessive force against protesters"], "Excessive force against protesters"),
        (["Peaceful protest", "Arrests"], "Peaceful protest"),
    ],
)
def test_the_graver_of_two_types_is_coded(types, kind):
    assert dominant(types) == dominant(types[::-1]) == kind


@given(st.lists(st.sampled_from(sorted(SUB_EVENT_TYPES)), min_size=1))
def test_the_dominant_type_is_one_of_those_told(types):
    assert dominant(types) in types
    assert dominant(types) == dominant(sorted(types))


ACTORS = st.frozensets(st.integers(1, 8), max_size=2)
WEAPONS = st.frozensets(st.sampled_from(sorted(lexicon.word_lists("weapons.csv"))), max_size=3)
FRAMES = st.sampled_from(sorted(set(lexicon.frames()) - {"none"}))


@given(FRAMES, ACTORS, ACTORS, WEAPONS, st.booleans())
def test_every_situation_has_a_type_of_acled(frame, agent, patient, weapons, persons):
    assert choose(frame, agent, patient, weapons, persons) in SUB_EVENT_TYPES


@pytest.mark.parametrize(
    ("weapons", "state", "air_war", "kind"),
    [
        ({"missile"}, True, True, "Air/drone strike"),
        ({"missile"}, True, False, "Shelling/artillery/missile attack"),
        ({"missile"}, False, True, "Shelling/artillery/missile attack"),
        ({"shell"}, True, True, "Shelling/artillery/missile attack"),
    ],
)
def test_a_states_missile_in_a_story_of_aircraft_is_an_air_strike(weapons, state, air_war, kind):
    assert from_the_air("Shelling/artillery/missile attack", weapons, state, air_war) == kind


@pytest.mark.parametrize(
    ("text", "kind", "actor1"),
    [
        (
            "Thousands of people marched in Nairobi on Tuesday against new taxes.",
            "Peaceful protest",
            "Protesters (Kenya)",
        ),
        ("Protesters burned tyres in Nairobi on Tuesday.", "Peaceful protest", "Protesters (Kenya)"),
        (
            "Police fired tear gas at protesters in Nairobi on Tuesday.",
            "Protest with intervention",
            "Protesters (Kenya)",
        ),
        ("Police arrested six protesters in Nairobi on Tuesday.", "Protest with intervention", "Protesters (Kenya)"),
        ("Protesters threw stones at police in Nairobi on Tuesday.", "Violent demonstration", "Rioters (Kenya)"),
        (
            "Soldiers opened fire on protesters in Khartoum on Monday, killing three of them.",
            "Excessive force against protesters",
            "Military Forces of Sudan",
        ),
        ("A mob lynched a suspected thief in Kano, Nigeria, on Monday.", "Mob violence", "Rioters (Nigeria)"),
        (
            "Israeli settlers burned olive trees in Huwara in the West Bank on Monday.",
            "Looting/property destruction",
            "Settlers (Israel)",
        ),
        (
            "Israeli settlers attacked Palestinian farmers near Nablus on Monday and burned two cars.",
            "Attack",
            "Settlers (Israel)",
        ),
        (
            "Ukrainian air defences shot down 12 drones over Odesa on Monday night.",
            "Disrupted weapons use",
            "Military Forces of Ukraine",
        ),
        (
            "Troops shelled rebel positions and clashed with rebels near Goma in DR Congo on Monday.",
            "Armed clash",
            "Military Forces of Democratic Republic of Congo",
        ),
        (
            "A suicide bomber blew himself up at a mosque in Peshawar in Pakistan on Monday, killing 11 worshippers.",
            "Suicide bomb",
            "Unidentified Armed Group (Pakistan)",
        ),
        (  # no air raid
            "A dawn raid by bandits on Kankara in Nigeria left five villagers dead on Sunday.",
            "Attack",
            "Unidentified Armed Group (Nigeria)",
        ),
        (  # no second armed side
            "Seventeen civilians were killed on Tuesday in an attack attributed to the Allied Democratic Forces near "
            "Lubero in North Kivu, DR Congo.",
            "Attack",
            "ADF: Allied Democratic Forces",
        ),
        (  # only the armed undergo
            "Soldiers killed 12 bandits in Kaduna on Friday, the Nigerian army said.",
            "Armed clash",
            "Military Forces of Nigeria",
        ),
        (
            "Residents clashed with soldiers in Goma, DR Congo, on Thursday; two people were killed.",
            "Violent demonstration",
            "Rioters (Democratic Republic of Congo)",
        ),
        (
            "Fulani herders and Berom farmers clashed in Barkin Ladi, Nigeria, on Wednesday; eight people were killed.",
            "Armed clash",
            "Fulani Ethnic Militia (Nigeria)",
        ),
        (  # a bomb, where the army would demolish
            "The ELN blew up a stretch of the oil pipeline near Saravena, Colombia, on Tuesday.",
            "Remote explosive/landmine/IED",
            "ELN: National Liberation Army",
        ),
        (
            "Israeli soldiers blew up the house of a wanted man in Jenin on Tuesday.",
            "Looting/property destruction",
            "Military Forces of Israel",
        ),
        (  # the armed aboard make it a battle
            "Islamic State fighters attacked a bus carrying soldiers near Palmyra, Syria, on Tuesday, killing 13.",
            "Armed clash",
            "Islamic State (Syria)",
        ),
        (
            "Villagers in black walked in silence through Juliaca, Peru, on Tuesday.",
            "Peaceful protest",
            "Protesters (Peru)",
        ),
        (
            "On Tuesday women sat down on the highway at Gummi in Zamfara State, Nigeria, with leaves in their hands.",
            "Peaceful protest",
            "Protesters (Nigeria)",
        ),
        (
            "Taxi drivers rode to the governorate in Bunia, DR Congo, on Tuesday and handed in a memorandum.",
            "Peaceful protest",
            "Protesters (Democratic Republic of Congo)",
        ),
    ],
)
def test_types_of_whole_reports(coded, text, kind, actor1):
    (row,) = coded(text, published="2024-10-30")
    assert (row["sub_event_type"], row["actor1"]) == (kind, actor1)
    assert (row["event_type"], row["disorder_type"]) == SUB_EVENT_TYPES[kind]
