"""Who stands on which side of an event: what the words name, what the text says elsewhere, and what stays open."""

from __future__ import annotations

import pytest

PUBLISHED = "2024-10-30"  # a Wednesday


def pairs(rows):
    return [(row["actor1"], row["actor2"]) for row in rows]


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        (  # claimed in the next sentence
            "A roadside bomb killed three soldiers near Bannu in Pakistan on Tuesday. "
            "The Tehreek-i-Taliban Pakistan claimed responsibility.",
            ("TTP: Tehreek-i-Taliban Pakistan", "Military Forces of Pakistan"),
        ),
        (  # blamed by officials
            "Gunmen abducted twelve villagers near Geidam in Nigeria on Tuesday. Officials blamed Boko Haram.",
            ("Boko Haram", "Civilians (Nigeria)"),
        ),
        (  # they say so of themselves
            "A bomb killed three soldiers near Bannu in Pakistan on Tuesday. The Tehreek-i-Taliban Pakistan said on "
            "Wednesday that it was behind the blast.",
            ("TTP: Tehreek-i-Taliban Pakistan", "Military Forces of Pakistan"),
        ),
        (  # a witness knows them
            "Six women were raped outside Kutum in North Darfur in Sudan on Tuesday. They know who it was: "
            '"They are Janjaweed," a relative said.',
            ("Janjaweed", "Civilians (Sudan)"),
        ),
        (  # a digest says it once for all
            "Incidents are attributed to Islamic State unless said otherwise. A farmer was killed on Tuesday near "
            "Muqdadiyah in Iraq when a device hidden in an orchard blew up.",
            ("Islamic State (Iraq)", "Civilians (Iraq)"),
        ),
        (  # nobody has claimed it
            "Gunmen abducted twelve villagers near Geidam in Nigeria on Tuesday. No group claimed responsibility.",
            ("Unidentified Armed Group (Nigeria)", "Civilians (Nigeria)"),
        ),
        (  # laid long before
            "A shepherd was killed near Hawija in Iraq on Tuesday by a mine that Islamic State had planted.",
            ("Islamic State (Iraq)", "Civilians (Iraq)"),
        ),
        (  # "suspected" speaks of the militants, not of those whom they attacked
            "In Djibo in Burkina Faso, suspected militants attacked a post of the army and its auxiliaries, the VDP, "
            "on Tuesday.",
            ("Unidentified Armed Group (Burkina Faso)", "Military Forces of Burkina Faso"),
        ),
        (  # a name that looks like a verb
            "IS militants attacked a police post in Daquq district in Iraq on Tuesday.",
            ("Islamic State (Iraq)", "Police Forces of Iraq"),
        ),
    ],
)
def test_who_is_said_to_be_behind_it(coded, text, pair):
    assert pairs(coded(text, published=PUBLISHED)) == [pair]


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        (
            "The army in Israel said its jets were active again. Warplanes bombed Nabatieh in southern Lebanon "
            "on Tuesday, killing four people.",
            ("Military Forces of Israel", "Civilians (Lebanon)"),
        ),
        (
            "Shells fell on Yaroun in southern Lebanon on Tuesday, wounding two people. "
            "Israel was asked where they came from.",
            (None, "Civilians (Lebanon)"),
        ),
        (
            "Israeli warplanes struck the air base at Hama in Syria on Tuesday. Four people were killed.",
            ("Military Forces of Israel", "Military Forces of Syria"),
        ),
    ],
)
def test_fire_without_a_name_is_the_known_strikers_unless_the_text_doubts_it(coded, text, pair):
    assert pairs(coded(text, published=PUBLISHED)) == [pair]


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        (
            "Two rival armed groups clashed in Zawiya in Libya on Tuesday. A passer-by was killed.",
            ("Unidentified Armed Group (Libya)", "Unidentified Armed Group (Libya)"),
        ),
        (  # both lose men, and another group is only spoken of
            "Soldiers clashed with bandits near Anka in Zamfara state, Nigeria, on Tuesday. Twelve bandits and two "
            "soldiers were killed. Boko Haram has its camps far away in the north-east.",
            ("Military Forces of Nigeria", "Unidentified Armed Group (Nigeria)"),
        ),
        (
            "The Albu Nasr and Bani Asad tribes clashed near Basra in Iraq on Tuesday.",
            ("Albu Nasr Tribal Militia (Iraq)", "Bani Asad Tribal Militia (Iraq)"),
        ),
        (
            "The tribes of Albu Nasr and Bani Asad fought near Basra in Iraq on Tuesday.",
            ("Albu Nasr Tribal Militia (Iraq)", "Bani Asad Tribal Militia (Iraq)"),
        ),
        (
            "The army repelled an attack by Islamic State near Ramadi in Iraq on Tuesday.",
            ("Islamic State (Iraq)", "Military Forces of Iraq"),
        ),
        (
            "M23 rebels, backed by the Rwandan army, captured Masisi in the Democratic Republic of Congo on Tuesday.",
            ("M23: March 23 Movement", "Military Forces of Democratic Republic of Congo"),
        ),
    ],
)
def test_both_sides_of_a_battle(coded, text, pair):
    assert [sorted(one) for one in pairs(coded(text, published=PUBLISHED))] == [sorted(pair)]


def test_a_name_in_apposition_goes_before_the_kind_of_group(coded):
    text = (
        "Gunmen attacked a post of the army and its civilian auxiliaries, the VDP, in Djibo in Burkina Faso on Tuesday."
    )
    assert [row["assoc_actor_2"] for row in coded(text, published=PUBLISHED)] == [
        "VDP: Volunteers for the Defense of the Homeland"
    ]


def test_merchant_ships_are_at_home_nowhere(coded):
    rows = coded(
        "Houthi forces fired a missile at a bulk carrier off Hodeidah in Yemen on Tuesday.", published=PUBLISHED
    )
    assert pairs(rows) == [("Houthi Movement", "Civilians (International)")]


def test_a_mob_that_hits_nobody_armed_hits_civilians(coded):
    rows = coded("A mob set fire to a shop in Kano in Nigeria on Tuesday.", published=PUBLISHED)
    assert pairs(rows) == [("Rioters (Nigeria)", "Civilians (Nigeria)")]


def test_violent_demonstrators_face_the_police(coded):
    rows = coded("Protesters threw stones at police in Basra in Iraq on Tuesday.", published=PUBLISHED)
    assert pairs(rows) == [("Rioters (Iraq)", "Police Forces of Iraq")]


def test_signatories_are_the_two_sides(coded):
    rows = coded(
        "The government of Colombia and the ELN signed a ceasefire in Cucuta in Colombia on Tuesday.",
        published=PUBLISHED,
    )
    assert pairs(rows) == [("Government of Colombia", "ELN: National Liberation Army")]


def test_who_used_what_was_struck_is_not_who_struck_it(coded):
    text = (
        "US jets struck two camps near al-Qaim, Iraq, on Monday, noting that the targeted camps were used by "
        "Kataib Hezbollah. Two fighters were killed."
    )
    rows = coded(text, published="2024-01-24")
    assert rows
    assert all(row["actor1"] == "Military Forces of the United States" for row in rows)


def test_a_side_without_a_name_is_traced_to_the_words_that_tell_the_event(coded):
    text = "Nine villagers were shot dead near Gusau in Nigeria on Tuesday."
    (row,) = coded(text, published=PUBLISHED)
    assert row["actor1"] == "Unidentified Armed Group (Nigeria)"
    assert {text[e["start"] : e["end"]] for e in row["evidence"] if e["column"] == "actor1"} == {"shot dead"}


def test_who_repels_an_attack_is_not_who_made_it(coded):
    (row,) = coded("Kurdish SDF fighters repelled an attack by the SNA near Tal Tamr in Syria on Tuesday.")
    assert (row["actor1"], row["actor2"]) == ("SNA: Syrian National Army", "SDF: Syrian Democratic Forces")


def test_two_who_strike_together_are_one_side(coded):
    (row,) = coded("US and British jets bombed a Houthi radar near Hodeidah in Yemen on Tuesday.")
    assert row["actor1"] == "Military Forces of the United States"
    assert row["actor2"] == "Houthi Movement"
    assert "Military Forces of the United Kingdom" in row["assoc_actor_1"]


def test_armed_groups_in_israel_whom_nobody_names_are_palestinian(coded):
    (row,) = coded("Gunmen opened fire on a bus near Ashkelon in Israel on Monday, killing two people.")
    assert row["actor1"] == "Unidentified Armed Group (Palestine)"


def test_who_claims_an_event_far_behind_it_is_matched_by_its_place(coded):
    text = (
        "A bomb killed two policemen in Khalis in Iraq on Monday.\n\nThe governor visited the wounded in hospital.\n\n"
        "Shops stayed shut for a second day and schools sent their pupils home.\n\n"
        "In an online statement the Islamic State group claimed the attack in Khalis."
    )
    (row,) = coded(text, published="2016-05-10")
    assert row["actor1"] == "Islamic State (Iraq)"


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        (  # the two-part names of its cells do not make its own ambiguous
            "Two Israeli soldiers were killed when a missile fired by Hamas hit their vehicle in Beit Hanoun on Tuesday.",
            ("Hamas Movement", "Military Forces of Israel"),
        ),
        (
            "Islamist militants killed 20 people in an attack on the town of Macomia in Mozambique on Tuesday.",
            ("Islamic State Mozambique", "Civilians (Mozambique)"),
        ),
        (
            "A settler attack on Huwara in the West Bank on Tuesday left three Palestinians hurt.",
            ("Settlers (Israel)", "Civilians (Palestine)"),
        ),
        (  # who tells of enemies' dead has fought them
            "The Philippine army said five communist rebels were killed in a clash in Calbiga, Samar, on Tuesday.",
            ("Military Forces of the Philippines", "NPA: New People's Army"),
        ),
        (  # on one side with those who came under fire
            "Peacekeepers of MONUSCO came under fire near Sake in DR Congo on Tuesday; two South African soldiers died.",
            (
                "Unidentified Armed Group (Democratic Republic of Congo)",
                "MONUSCO: United Nations Organization Stabilization Mission in the Democratic Republic of Congo",
            ),
        ),
        (
            "The Houthis shot down a US MQ-9 drone over Marib in Yemen on Tuesday.",
            ("Houthi Movement", "Military Forces of the United States"),
        ),
        (  # peacekeepers of other nations are the mission's; Israel sends none to Lebanon
            "Israeli soldiers crossed the fence near Shebaa in Lebanon on Monday and seized a shepherd. They handed him "
            "over to UNIFIL the next day.",
            ("Military Forces of Israel", "Civilians (Lebanon)"),
        ),
        (
            "Government soldiers fought among themselves in Afgooye in Somalia on Monday. Three of them died.",
            ("Military Forces of Somalia", "Military Forces of Somalia"),
        ),
        (
            "Members of the Aiye and Eiye confraternities clashed in Abeokuta, Nigeria, on Saturday; four men died.",
            ("Black Axe Confraternity", "Eiye Confraternity"),
        ),
        (
            "The Mozambican Armed Defence Forces fought Islamist militants outside Macomia in Mozambique on Saturday.",
            ("Military Forces of Mozambique", "Islamic State Mozambique"),
        ),
        (  # the fire of others meets a patrol
            "In Baalbek, Lebanon, an army patrol that had come for members of the Jaafar clan was met by rocket-propelled "
            "grenades and machine guns on Monday.",
            ("Jafar Clan Militia (Lebanon)", "Military Forces of Lebanon"),
        ),
        (  # whose leader was shot, did not shoot
            "Haji Zarin Gul, president of the Awami National Party in Shabqadar, Pakistan, was sprayed with bullets "
            "outside a mosque on Monday night. Two men had come on a motorcycle.",
            ("Unidentified Armed Group (Pakistan)", "Civilians (Pakistan)"),
        ),
        (
            "France said on Tuesday that its jets had bombed a camp of jihadists of JNIM near Menaka in Mali on Monday.",
            ("Military Forces of France", "JNIM: Group for Support of Islam and Muslims"),
        ),
        (
            "Israel said it carried out a warning strike on fighters of Hezbollah near Tyre in Lebanon on Tuesday.",
            ("Military Forces of Israel", "Hezbollah"),
        ),
        (
            "The Niger Delta Avengers dynamited a trunk line feeding the refinery in Warri, Nigeria, on Wednesday.",
            ("NDA: Niger Delta Avengers", None),
        ),
        (
            "A drone, believed to be Turkish, struck a pickup near Penjwen in Iraq on Tuesday, killing two farmers.",
            ("Military Forces of Turkey", "Civilians (Iraq)"),
        ),
        (  # rulers who are attacked do not police
            "Fighters of the National Resistance Front raided a Taliban outpost in Baghlan, Afghanistan, on Tuesday.",
            ("NRF: National Resistance Front", "Military Forces of Afghanistan"),
        ),
        (
            "The militia of Dagalo shelled Abu Shouk camp near El Fasher on Tuesday, killing nine displaced people.",
            ("RSF: Rapid Support Forces", "Civilians (Sudan)"),
        ),
    ],
)
def test_sides_of_short_reports(coded, text, pair):
    (row,) = coded(text, published=PUBLISHED)
    assert {row["actor1"], row["actor2"]} == set(pair)


def test_unknown_individuals_are_not_the_army_named_in_the_next_sentence(coded):
    rows = coded(
        "UNIFIL peacekeepers were fired upon near Tiri in southern Lebanon on Tuesday by unknown individuals. No one was "
        "injured. The Israeli army said that it was looking into the report.",
        published=PUBLISHED,
    )
    assert pairs(rows) == [
        ("Unidentified Armed Group (Lebanon)", "UNIFIL: United Nations Interim Force in Lebanon"),
    ]


@pytest.mark.parametrize(
    ("entry", "country", "actor"),
    [
        ("A village school in Sittwe was burned by armed men.", "Myanmar", "Unidentified Armed Group (Myanmar)"),
        ("Armed separatists took eleven teachers in Kumbo.", "Cameroon", "Ambazonian Separatists (Cameroon)"),
    ],
)
def test_each_country_of_a_digest_has_groups_of_its_own(coded, entry, country, actor):
    text = (
        f"Burkina Faso: On 12 October JNIM fighters killed a teacher in Tansila.\n\n{country}: On 13 October: {entry}\n"
    )
    row = next(row for row in coded(text, published=PUBLISHED) if row["country"] == country)
    assert row["actor1"] == actor


def test_the_army_in_gaza_is_that_of_israel(coded):
    text = (
        "A statement by Gaza's Government Media Office said that the army had shelled Khan Younis on Tuesday, killing "
        "three people."
    )
    (row,) = coded(text, published=PUBLISHED)
    assert row["actor1"] == "Military Forces of Israel"


def test_fighters_are_those_who_acted_before_not_those_whom_they_struck(coded):
    text = (
        "In Burkina Faso, JNIM was active this month. Eighteen of its attacks struck the army or its VDP auxiliaries. "
        "On 20 October several hundred fighters overran the base at Djibo."
    )
    rows = [row for row in coded(text, published=PUBLISHED) if row["record_type"] == "event"]
    assert [row["actor1"] for row in rows] == ["JNIM: Group for Support of Islam and Muslims"]


def test_an_unlisted_group_goes_by_its_own_name_without_a_country(coded):
    text = (
        "A group calling itself the Sons of Kesh shot dead two traders in Basra on Monday. The group is little known."
    )
    (row,) = coded(text, published=PUBLISHED)
    assert (row["actor1"], row["inter1"], row["actor2"]) == ("Sons of Kesh", 3, "Civilians (Iraq)")


def test_communities_that_trade_shots_are_both_sides(coded):
    text = "The Teghani and the Bijarani traded fire near Shikarpur, Pakistan, on Monday. Four people were killed."
    (row,) = coded(text, published=PUBLISHED)
    assert row["sub_event_type"] == "Armed clash"
    sides = {row["actor1"], row["actor2"]}
    assert sides == {"Teghani Tribal Militia (Pakistan)", "Bijarani Tribal Militia (Pakistan)"}


def test_settlers_who_riot_are_rioters_of_israel(coded):
    text = "Settlers hurled stones at Palestinians picking olives near Burin, West Bank, on Monday."
    (row,) = coded(text, published=PUBLISHED)
    assert (row["actor1"], row["assoc_actor_1"]) == ("Rioters (Israel)", "Settlers (Israel)")
    assert row["actor2"] == "Civilians (Palestine)"


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        (
            "Gunmen stormed a checkpoint held by the Syrian Democratic Forces in Gharanij, Syria, on Monday night.",
            ("Unidentified Armed Group (Syria)", "SDF: Syrian Democratic Forces"),
        ),
        (
            "Its jets bombed the oil terminal at Ras Isa, Yemen, on Monday, killing six workers, the Israeli army said.",
            ("Military Forces of Israel", "Civilians (Yemen)"),
        ),
        (
            "A women's network documented the rape of three girls aged 15 to 17 by RSF men on Monday in Tambul, Sudan.",
            ("RSF: Rapid Support Forces", "Civilians (Sudan)"),
        ),
        (
            "Two sub-clans clashed on Sunday near Caabudwaaq, Somalia, over a water reservoir.",
            ("Unidentified Clan Militia (Somalia)", "Unidentified Clan Militia (Somalia)"),
        ),
    ],
)
def test_sides_told_by_a_clause_are_found(coded, text, pair):
    (row,) = coded(text, published=PUBLISHED)
    assert (row["actor1"], row["actor2"]) == pair


def test_a_linked_group_is_the_one_told_of_and_not_its_patron(coded):
    text = "Al-Shabaab spoke of war. On Monday the Al-Qaeda linked group attacked an army camp at Adan Yabaal, Somalia."
    (row,) = coded(text, published=PUBLISHED)
    assert row["actor1"] == "Al Shabaab"


def test_a_mission_that_is_concerned_is_no_side(coded):
    text = "UNSMIL is gravely concerned by the armed clashes which broke out late on Sunday in Al-Ajaylat, Libya."
    assert all("UNSMIL" not in f"{row['actor1']} {row['actor2']}" for row in coded(text, published=PUBLISHED))


def test_nameless_gunmen_of_mexico_are_a_gang(coded):
    (row,) = coded("Armed men shot dead two farmers near Chilapa, Mexico, on Monday.", published=PUBLISHED)
    assert row["actor1"] == "Unidentified Gang (Mexico)"


def test_who_falls_into_an_ambush_did_not_lay_it(coded):
    text = "A military convoy fell into an ambush on Tuesday near Bougouni in Mali, an army source said."
    (row,) = coded(text, published=PUBLISHED)
    assert row["actor2"] == "Military Forces of Mali"
