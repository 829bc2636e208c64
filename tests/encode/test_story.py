"""How many events an article tells, and which casualties belong to which."""

from __future__ import annotations

import pytest

PUBLISHED = "2024-10-30"  # a Wednesday


def told(rows):
    """Return place and deaths of every row, in text order."""
    return [(row["location"], row["fatalities"]) for row in rows]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (
            "An Israeli drone struck a car in Khiam on Tuesday, killing two people. "
            "The drone strike set nearby houses on fire. The attack was the worst in a month.",
            [("Khiam", 2)],
        ),
        (
            "Gunmen attacked a village near Gusau in Nigeria on Monday. "
            "The gunmen burned houses and killed nine villagers. The attack lasted three hours.",
            [("Gusau", 9)],
        ),
        ("Gunmen attacked a market in Gusau in Nigeria on Monday. Nine people were killed.", [("Gusau", 9)]),
        (
            "Gunmen attacked a market in Gusau in Nigeria on Monday, killing nine people. "
            "Another attack in Zuru killed two people.",
            [("Gusau", 9), ("Zuru", 2)],
        ),
        (
            "An Israeli drone struck a car in Khiam in southern Lebanon on Tuesday, killing two people. "
            "Another drone strike hit Tyre.",
            [("Khiam", 2), ("Tyre", 0)],
        ),
        (
            "Israeli warplanes bombed Khiam in southern Lebanon on Tuesday. Israeli warplanes bombed Tyre on Tuesday.",
            [("Khiam", 0), ("Tyre", 0)],
        ),
        (
            "Israeli warplanes bombed Khiam and Tyre in southern Lebanon on Tuesday, killing five people.",
            [("Khiam", 5), ("Tyre", 0)],
        ),
        (
            "Two militants were killed when soldiers stormed a hideout in Kulgam in India on Monday, while Pakistani "
            "troops shelled Poonch, killing a farmer.",
            [("Kulgam", 2), ("Poonch", 1)],
        ),
        (
            "Thousands marched in Nairobi on Monday against a new tax. "
            "In Kisumu, police fired tear gas at a smaller rally on Monday.",
            [("Nairobi", 0), ("Kisumu", 0)],
        ),
        (
            "Gunmen ambushed a convoy of soldiers between Diffa and Bosso in Niger on Monday, killing two.",
            [("Diffa", 2)],
        ),
        (
            "Two clans fought in Bawku in Ghana on 3 and 4 October. A woman was killed by a stray bullet.",
            [("Bawku", 1), ("Bawku", 0)],
        ),
        (
            "Students set fire to cars in Dakar in Senegal on Tuesday over the killing of a teenager. No one was hurt.",
            [("Dakar", 0)],
        ),
        ("Gunmen on motorbikes killed 58 people who were returning from a market in western Niger.", [(None, 58)]),
    ],
)
def test_one_event_is_one_row_and_another_is_another(coded, text, rows):
    assert told(coded(text, published=PUBLISHED)) == rows


def test_the_same_town_on_another_day_is_another_event(coded):
    text = (
        "Israeli jets bombed Khiam in southern Lebanon on Monday. "
        "Israeli jets bombed Khiam on Tuesday, killing two people."
    )
    rows = coded(text, published=PUBLISHED)
    assert [(str(row["event_date"]), row["fatalities"]) for row in rows] == [("2024-10-28", 0), ("2024-10-29", 2)]


def test_dead_and_hurt_of_the_next_sentence(coded):
    text = "Gunmen attacked a market in Gusau in Nigeria on Monday. Nine people died and four were injured."
    (row,) = coded(text, published=PUBLISHED)
    assert (row["fatalities"], row["injuries"]) == (9, 4)


@pytest.mark.parametrize(
    "background",
    [
        "Three years ago gunmen killed 40 people in Zuru.",
        "In 2019, militants killed dozens of people in the region.",
    ],
)
def test_what_happened_years_ago_is_background(coded, background):
    text = f"Gunmen attacked a village near Gusau in Nigeria on Monday, killing nine people. {background}"
    assert told(coded(text, published=PUBLISHED)) == [("Gusau", 9)]


def test_headline_and_body_tell_one_event(coded):
    text = "Gunmen attacked a market in Gusau in Nigeria on Monday, killing nine people."
    rows = coded(text, title="Gunmen kill nine at market in Nigeria", published=PUBLISHED)
    assert told(rows) == [("Gusau", 9)]


def test_an_event_that_only_the_headline_tells(coded):
    text = "Residents are in shock after the night."
    (row,) = coded(text, title="Gunmen kill nine villagers in Gusau, Nigeria", published=PUBLISHED)
    assert told([row]) == [("Gusau", 9)]
    assert str(row["event_date"]) == PUBLISHED


@pytest.mark.parametrize(
    ("sequel", "kind"),
    [
        ("They dispersed at nightfall.", "Peaceful protest"),
        ("Police dispersed them at nightfall.", "Protest with intervention"),
        ("Police fired in the air to disperse them.", "Protest with intervention"),
    ],
)
def test_who_sends_a_crowd_home(coded, sequel, kind):
    rows = coded(
        f"Some 200 people protested in Mukalla, Yemen, on Monday against power cuts. {sequel}", published=PUBLISHED
    )
    assert [row["sub_event_type"] for row in rows] == [kind]


@pytest.mark.parametrize(
    "text",
    [
        # sport
        "The striker fired a late goal as the team beat its rivals to win the cup match in Lagos on Sunday. "
        "The coach praised the goal.",
        "The team launched its attack late in the match and the striker shot wide of the goal.",
        # markets
        "Shares were pounded and the index was hammered as investors fled bonds; the rate and the currency fell.",
        "Oil prices fell sharply and analysts fear a hit to the economy as the currency sank.",
        # exercises
        "Troops fired shells during a live-fire exercise near Gao on Monday. "
        "The drill, a simulation of an attack, was the third.",
        # figures of speech
        "The actor exploded onto the stage in Paris.",
        "The party launched an attack on the budget in London on Monday.",
        "The two kingdoms fought three wars over the valley of Kashmir, in which thousands of people were killed.",
        "A rocket went up over Seville on Monday and the battle of the choirs began: tickets for the festival cost "
        "nothing, visitors vote for the title, and the jury gives the prize.",
        # films and hackers
        "Gunmen ambushed a convoy near Baalbek on Monday and killed fourteen people: for the script of a drama in thirty "
        "episodes, which viewers will see in spring, the old cinema was rebuilt.",
        "Hackers attacked the port of Manila on Sunday and kidnapped its booking files; they planted logic bombs in the "
        "payroll database, and the programmers defused two of them.",
        # storms and accidents
        "A storm killed nine people in Manila in the Philippines on Monday.",
        "An earthquake killed 90 people near Herat in Afghanistan on Monday.",
        "Flooding killed 12 people in Kampala on Monday.",
        "A bus crash killed nine people near Gusau in Nigeria on Monday.",
        "A ferry sank off Zanzibar on Monday, killing 14 passengers.",
        "A building collapsed in Mumbai on Monday, killing eight people.",
        # quiet news
        "The council met in Accra on Monday to talk about roads.",
    ],
)
def test_words_of_war_without_a_war(coded, text):
    assert coded(text, published=PUBLISHED) == []


def test_how_people_died_may_be_told_after_their_deaths(coded):
    (row,) = coded(
        "Two people have been killed in Druzhkivka in Ukraine. A missile came down next to a bus stop, the governor said.",
        published=PUBLISHED,
    )
    assert (row["sub_event_type"], row["fatalities"]) == ("Shelling/artillery/missile attack", 2)


def test_a_beating_is_no_sexual_violence(coded):
    (row,) = coded("Three soldiers physically assaulted a farmer in Gao in Mali on Monday.", published=PUBLISHED)
    assert row["sub_event_type"] == "Attack"


def test_a_man_beaten_to_death_is_counted(coded):
    (row,) = coded("A crowd in Gao in Mali beat to death a man accused of theft on Monday.", published=PUBLISHED)
    assert (row["sub_event_type"], row["actor2"], row["fatalities"]) == ("Mob violence", "Civilians (Mali)", 1)


def test_an_aid_convoy_is_no_peacekeepers(coded):
    text = "Gunmen ambushed a UN convoy carrying food near Gao in Mali on Monday, killing five aid workers."
    (row,) = coded(text, published=PUBLISHED)
    assert (row["sub_event_type"], row["actor2"]) == ("Attack", "Civilians (Mali)")


def test_strikes_of_two_sides_are_two_events(coded):
    text = (
        "India fired missiles at sites in Pakistan on Monday, killing 31 civilians. "
        "Pakistani shelling across the Line of Control killed 15 people."
    )
    rows = coded(text, published=PUBLISHED)
    assert [(row["actor1"], row["fatalities"]) for row in rows] == [
        ("Military Forces of India", 31),
        ("Military Forces of Pakistan", 15),
    ]


def test_the_kidnapped_who_are_rescued_were_not_taken_then(coded):
    (row,) = coded("Troops killed 10 bandits and rescued 25 kidnapped villagers in Maradun in Nigeria on Sunday.")
    assert (row["sub_event_type"], row["fatalities"]) == ("Armed clash", 10)


def test_an_attack_on_peacekeepers_is_no_violence_against_civilians(coded):
    text = "UNIFIL said its patrol was attacked by individuals in Jwayya in Lebanon on Friday; no one was hurt."
    (row,) = coded(text, published=PUBLISHED)
    assert row["event_type"] == "Riots"
    assert row["actor2"] == "UNIFIL: United Nations Interim Force in Lebanon"
