"""Reported totals: how many, over which period, part of what, and which events they count."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

Rows = list[dict[str, Any]]
Coder = Callable[..., Rows]
PUBLISHED = dt.date(2025, 3, 20)


def totals_of(coded: Coder, text: str) -> Rows:
    rows = coded(text, doc_id="t", published=PUBLISHED)
    return [row for row in rows if row["record_type"] == "aggregate"]


def total_and_event(coded: Coder, text: str) -> tuple[dict[str, Any], dict[str, Any]]:
    rows = coded(text, doc_id="t", published=PUBLISHED)
    (total,) = [row for row in rows if row["record_type"] == "aggregate"]
    (event,) = [row for row in rows if row["record_type"] == "event"]
    return total, event


def parents(rows: Rows) -> list[int | None]:
    """Return for each total the figure of the one that it is a part of."""
    by_id = {row["event_id"]: row["incidents"] for row in rows}
    return [by_id.get(row["part_of"]) for row in rows]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("The army logged over 30 attacks in Diyala in February.", (30, 31, None, "over")),
        ("Monitors recorded at least 12 air strikes in Idlib in February.", (12, 12, None, "at_least")),
        ("Police counted between 50 and 55 kidnap incidents in Kaduna in February.", (50, 50, 55, "range")),
        ("Nearly 40 attacks by settlers were documented in the West Bank in February.", (40, None, 39, "nearly")),
        ("About a dozen air strikes hit villages of Sagaing in February.", (12, None, None, "about")),
        ("The Houthis have attacked more than 20 cargo ships since January.", (20, 21, None, "over")),
        ("In February the number of attacks in Hasakah rose to 18.", (18, None, None, "exact")),
        ("It was the fifth such raid on Khiam since 1 March, residents said.", (5, None, None, "exact")),
        ("Monday's ambush was the fourth on the road to Yei in South Sudan since January.", (4, None, None, "exact")),
        ("The ELN carried out 27 violent actions in Arauca in February.", (27, None, None, "exact")),
        ("Protests have been held in at least 37 cities of Iran since 6 March.", (37, 37, None, "at_least")),
        ("Demolitions by the Israeli army in Nablus reached 64 in February.", (64, None, None, "exact")),
        ("A monitoring group put lynchings in Haiti at 17 for the month of February.", (17, None, None, "exact")),
        (
            "Abductions go on in Zamfara; an aid agency has documented 31 of them since 1 March.",
            (31, None, None, "exact"),
        ),
        ("The Houthis have hit or tried to hit more than 20 ships since January.", (20, 21, None, "over")),
        ("In Colombia, 19 people died in 12 incidents of political violence in February.", (12, None, None, "exact")),
        (
            "No other town in Kosovo has suffered like Zvecan: nine explosions since 1 February.",
            (9, None, None, "exact"),
        ),
    ],
)
def test_total_keeps_its_figure_and_bounds(coded: Coder, text: str, expected: tuple[Any, ...]) -> None:
    (row,) = totals_of(coded, text)
    cells = ("incidents", "incidents_min", "incidents_max", "incidents_qualifier")
    assert tuple(row[c] for c in cells) == expected


@pytest.mark.parametrize(
    ("text", "figures", "wholes"),
    [
        (
            "In February monitors logged 60 attacks in Mali. Forty of them were the work of JNIM. "
            "In nine of these, vehicles were burned.",
            [60, 40, 9],
            [None, 60, 40],
        ),
        (
            "Since 1 March observers recorded over 30 incidents, about 20 of them Israeli fire, "
            "with seven clearly deliberate.",
            [30, 20, 7],
            [None, 30, 20],
        ),
        (
            "Militias have launched 90 attacks on the base since January: 57 in Iraq and 33 in Syria.",
            [90, 57, 33],
            [None, 90, 90],
        ),
        (
            "The army reported 48 attacks in February. Half of these took place in Kirkuk.",
            [48, 24],
            [None, 48],
        ),
        (
            "Russian forces carried out 340 strikes on the region in February: 140 air strikes and 200 shellings.",
            [340, 140, 200],
            [None, 340, 340],
        ),
        (
            "We recorded 31 incidents in North Kivu in February. Fourteen of the 31 took place in Masisi.",
            [31, 14],
            [None, 31],
        ),
        (
            "Twenty attacks were documented in Nablus in February. Six of the attacks targeted schools.",
            [20, 6],
            [None, 20],
        ),
        (
            "Islamic State carried out 22 attacks in February. Fifteen took place in Hasakah; five were in Raqqa.",
            [22, 15, 5],
            [None, 22, 22],
        ),
        (
            "It was the fifth time since 1 March that munitions of the Israeli army landed near peacekeepers in Lebanon. "
            "Tank rounds were involved in three cases and drones in the other two.",
            [5, 3, 2],
            [None, 5, 5],
        ),
        (
            "The network counted 90 attacks in Nigeria in February. A total of 61 were reported in Borno, including "
            "its northern districts, 20 in Zamfara, six in Plateau and three in Benue.",
            [90, 61, 20, 6, 3],
            [None, 90, 90, 90, 90],
        ),
        (
            "Turkish forces carried out 300 attacks in northern Iraq in February. Duhok alone accounted for 210 of these.",
            [300, 210],
            [None, 300],
        ),
        (
            "Peacekeepers of MONUSCO came under attack eight times in February. Three of the eight involved mines.",
            [8, 3],
            [None, 8],
        ),
        (
            "The observatory registered 53 air strikes in Yemen in February. Of these it holds 12 for certain.",
            [53, 12],
            [None, 53],
        ),
        (
            "Monitors logged 90 incidents in February. North Kivu came first with 40, ahead of Ituri (31) and South Kivu (19).",
            [90, 40, 31, 19],
            [None, 90, 90, 90],
        ),
        (
            "The army made 14 air raids and 22 artillery attacks in Kachin in February. Nine of the raids hit Laiza.",
            [14, 22, 9],
            [None, None, 14],
        ),
        (
            "The Palestinian faction broke the truce more than 70 times in February. Israel committed 1,520 breaches.",
            [70, 1520],
            [None, None],
        ),
    ],
)
def test_parts_are_linked_to_their_whole(coded: Coder, text: str, figures: list[int], wholes: list[int | None]) -> None:
    rows = totals_of(coded, text)
    assert [row["incidents"] for row in rows] == figures
    assert parents(rows) == wholes


def test_part_inherits_what_it_leaves_unsaid(coded: Coder) -> None:
    rows = totals_of(coded, "The RSF carried out 24 attacks in Sudan in February. Nine of them took place in Nyala.")
    whole, part = rows
    assert part["actor1"] == whole["actor1"] == "RSF: Rapid Support Forces"
    assert (part["event_date"], part["event_date_end"]) == (dt.date(2025, 2, 1), dt.date(2025, 2, 28))
    assert part["location"] == "Nyala"


def test_figure_of_an_earlier_period_is_a_total_of_its_own(coded: Coder) -> None:
    rows = totals_of(coded, "Between 10 and 16 March monitors logged 31 attacks in Mali, against 26 the week before.")
    assert parents(rows) == [None, None]
    assert (rows[1]["event_date"], rows[1]["event_date_end"]) == (dt.date(2025, 3, 3), dt.date(2025, 3, 9))


@pytest.mark.parametrize(
    ("text", "period"),
    [
        (  # "since" runs to the day of publication
            "Since the truce of 27 November 2024 Israel has carried out over 500 air strikes.",
            (dt.date(2024, 11, 27), PUBLISHED),
        ),
        (
            "The ceasefire agreement that took effect on 5 January is fragile. Israeli forces have carried out 61 strikes "
            "in Gaza since the deal entered into force.",
            (dt.date(2025, 1, 5), PUBLISHED),
        ),
        (
            "With Tuesday's two, Islamic State has carried out 17 attacks in Iraq this year.",
            (dt.date(2025, 1, 1), PUBLISHED),
        ),
        (
            "The office documented 80 attacks by settlers in the West Bank in February, more than in any month since 2006.",
            (dt.date(2025, 2, 1), dt.date(2025, 2, 28)),
        ),
        (
            "In the first two months of the year, the army carried out 45 air strikes in Myanmar.",
            (dt.date(2025, 1, 1), dt.date(2025, 2, 28)),
        ),
    ],
)
def test_period_is_that_of_the_counted(coded: Coder, text: str, period: tuple[dt.date, dt.date]) -> None:
    (row,) = totals_of(coded, text)
    assert (row["event_date"], row["event_date_end"]) == period


def test_total_without_a_place_is_of_the_country_of_its_paragraph(coded: Coder) -> None:
    text = (
        "In Burkina Faso, JNIM was active. Observers recorded 27 attacks by the group between 10 and 16 March.\n\n"
        "In Nigeria, troops raided Marte on Monday. On Tuesday troops raided Monguno. Bandits were seen near Maiduguri."
    )
    (row,) = totals_of(coded, text)
    assert row["country"] == "Burkina Faso"


def test_who_comes_under_fire_is_not_who_fires(coded: Coder) -> None:
    text = "This is the eleventh time that UNIFIL vehicles have come under fire in south Lebanon since 27 November."
    (row,) = totals_of(coded, text)
    assert (row["actor1"], row["actor2"]) == (None, "UNIFIL: United Nations Interim Force in Lebanon")


def test_the_dead_of_a_total_are_no_events(coded: Coder) -> None:
    text = (
        "Gunmen shot at a patrol of soldiers near Kidal in Mali on Monday; nobody was hurt. Forty attacks have been "
        "recorded in the region since January. They left 178 people dead: 101 civilians, 53 soldiers and 24 rebels."
    )
    total, event = total_and_event(coded, text)
    assert (total["fatalities"], event["fatalities"]) == (178, 0)


def test_reporting_period_of_the_heading_dates_a_total(coded: Coder) -> None:
    text = "Weekly security digest\nReporting period: 10 - 16 March 2025\n\nNine attacks were logged in Iraq."
    (row,) = totals_of(coded, text)
    assert (row["event_date"], row["event_date_end"]) == (dt.date(2025, 3, 10), dt.date(2025, 3, 16))


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("The monitor counted 40 air strikes in Idlib in February.", "Air/drone strike"),
        ("The General Staff counted 62 clashes in Donetsk in February.", "Armed clash"),
        ("Police logged 14 kidnap incidents in Zamfara in February.", "Abduction/forced disappearance"),
        ("The monitor counted 40 attacks in Idlib in February.", None),
        ("Militias launched 40 rocket and drone attacks on the base in February.", None),
        ("The Turkish army carried out 70 air and artillery attacks in northern Iraq in February.", None),
        ("Israeli forces carried out 89 demolitions of buildings in Gaza in February.", "Looting/property destruction"),
        ("Nikopol was shelled 30 times in February.", "Shelling/artillery/missile attack"),
        ("The police counted 76 arson attacks in Chile in February.", "Looting/property destruction"),
        ("Israeli forces carried out 112 search-and-arrest operations in the West Bank in February.", "Arrests"),
        ("Nearly 20 attacks in Pakistan in February involved quadcopters.", "Air/drone strike"),
    ],
)
def test_only_totals_of_one_kind_are_typed(coded: Coder, text: str, kind: str | None) -> None:
    (row,) = totals_of(coded, text)
    assert row["sub_event_type"] == kind


@pytest.mark.parametrize(
    "text",
    [
        "Missile danger was announced 11 times in Kyiv in February.",
        "The families have fled twice since January, aid workers said.",
        "The Canal Authority raided its reserves twice last year.",
        "Officials met on six occasions in February to discuss a truce.",
        "No attacks were reported in Kirkuk in February.",
        "He is the 67th person to die in the unrest in Venezuela since 1 March.",
        "The union took three legal actions in Lima in February.",
    ],
)
def test_what_is_no_violence_is_no_total(coded: Coder, text: str) -> None:
    assert totals_of(coded, text) == []


def test_total_taken_up_again_is_told_once(coded: Coder) -> None:
    text = "Settlers carried out nine attacks in Nablus in February. The latest of the nine took place in Huwara."
    assert [row["incidents"] for row in totals_of(coded, text)] == [9]


def test_total_told_in_the_highlights_is_not_told_again(coded: Coder) -> None:
    text = (
        "HIGHLIGHTS\n\nSettlers carried out 48 attacks between 3 and 16 February.\n\n"
        "DETAILS\n\nThe Office recorded 48 attacks by settlers between 3 and 16 February. Twelve of them took place in Huwara."
    )
    assert [row["incidents"] for row in totals_of(coded, text)] == [48, 12]


def test_unnamed_attackers_count_in_a_digest_of_a_groups_attacks(coded: Coder) -> None:
    text = (
        "Islamic State carried out nine attacks in Iraq between 3 and 9 March.\n\n"
        "On 4 March a farmer was killed near Muqdadiyah by gunmen on a motorbike."
    )
    total, event = total_and_event(coded, text)
    assert event["part_of"] == total["event_id"]


def test_few_blows_on_one_town_on_one_day_are_one_event(coded: Coder) -> None:
    rows = coded("Israeli jets launched six raids on Khiam on Tuesday.", doc_id="t", published=PUBLISHED)
    assert [row["record_type"] for row in rows] == ["event"]


def test_source_of_the_figure_is_no_side(coded: Coder) -> None:
    (row,) = totals_of(coded, "The Iraqi army recorded 12 attacks by Islamic State in Diyala in February.")
    assert (row["actor1"], row["actor2"], row["certainty"]) == ("Islamic State (Iraq)", None, "attributed")


def test_event_is_linked_to_the_total_that_counts_it(coded: Coder) -> None:
    text = (
        "On 14 March an Israeli drone hit a car in Nabatieh, killing two men. "
        "Israel has carried out over 500 air strikes in Lebanon since 27 November 2024."
    )
    total, event = total_and_event(coded, text)
    assert event["part_of"] == total["event_id"]


def test_an_interception_counts_among_the_attacks_of_a_group_though_nobody_says_whose_drone_it_was(
    coded: Coder,
) -> None:
    text = (
        "On 14 March a drone was shot down by U.S. forces near Erbil in Iraq. "
        "Islamic Resistance in Iraq has attacked U.S. forces 60 times in Iraq since mid-October."
    )
    total, event = total_and_event(coded, text)
    assert total["event_date"] == dt.date(2024, 10, 15)
    assert event["part_of"] == total["event_id"]


def test_event_outside_the_period_is_not_counted(coded: Coder) -> None:
    text = (
        "On 14 March an Israeli drone hit a car in Nabatieh, killing two men. "
        "Israel carried out 80 air strikes in Lebanon in February."
    )
    rows = coded(text, doc_id="t", published=PUBLISHED)
    assert [row["part_of"] for row in rows if row["record_type"] == "event"] == [None]


def test_disasters_are_no_totals_of_incidents(coded):
    text = "The coast of Odisha in India has seen at least five large cyclone events in 35 years, which killed 10,000 people."
    assert coded(text, published="2024-05-16") == []


def test_a_running_toll_is_that_of_the_total_beside_it(coded: Coder) -> None:
    (row,) = totals_of(
        coded, "The number of attacks in Daraa in Syria since January has risen to 60; 45 people have died in them."
    )
    assert row["fatalities"] == 45


def test_an_ordinal_counts_the_event_that_it_is_said_of_and_takes_its_doer(coded: Coder) -> None:
    text = (
        "On 14 March fighters of Boko Haram burned a school in Banki, Borno state, in Nigeria. "
        "It was the third school to be burned in the state since 1 January."
    )
    total, event = total_and_event(coded, text)
    assert (total["incidents"], total["actor1"]) == (3, "Boko Haram")
    assert (total["event_date"], total["event_date_end"]) == (dt.date(2025, 1, 1), PUBLISHED)
    assert event["part_of"] == total["event_id"]


def test_ordinals_of_peaceful_things_are_no_totals(coded: Coder) -> None:
    text = (
        "On 14 March the leaders of Egypt and Sudan met in Cairo. It was the third summit they had held since January."
    )
    assert totals_of(coded, text) == []


def test_a_broken_truce_is_counted(coded: Coder) -> None:
    (row,) = totals_of(coded, "India said on Thursday that Pakistan had violated the ceasefire 79 times in February.")
    assert (row["incidents"], row["actor1"]) == (79, "Military Forces of Pakistan")


def test_a_broken_cease_fire_with_a_hyphen_is_counted(coded: Coder) -> None:
    (row,) = totals_of(coded, "India said on Thursday that Pakistan had violated the cease-fire 79 times in February.")
    assert (row["incidents"], row["actor1"]) == (79, "Military Forces of Pakistan")


def test_an_ordinal_takes_both_sides_of_an_attack_on_the_unarmed(coded: Coder) -> None:
    text = (
        "On 14 March gunmen shot dead two farmers in Dangbara, in Nigeria's Zamfara state. "
        "It was the third attack on farmers in the state since 1 March."
    )
    total, event = total_and_event(coded, text)
    assert (total["actor1"], total["actor2"]) == (event["actor1"], event["actor2"])
    assert total["actor2"] == "Civilians (Nigeria)"


def test_whom_the_other_bombs_hit_is_not_known(coded: Coder) -> None:
    text = (
        "On 14 March a roadside bomb of Al Shabaab killed two soldiers in Afgooye, in Somalia. "
        "It was the fifth roadside bomb blast in the region since 1 January."
    )
    total, _ = total_and_event(coded, text)
    assert (total["actor1"], total["actor2"]) == ("Al Shabaab", None)


def test_strikes_that_nobody_is_named_for_are_those_of_who_strikes_there(coded: Coder) -> None:
    text = "Israel kept silent. At least 14 air raids on southern Lebanon have been counted since 1 March."
    (row,) = totals_of(coded, text)
    assert (row["actor1"], row["inter1"], row["actor2"]) == ("Military Forces of Israel", 8, None)


def test_clashes_of_two_states_at_war_are_those_of_their_armies(coded: Coder) -> None:
    text = "KYIV - The General Staff counted 62 clashes near Pokrovsk on Wednesday. Russia said nothing."
    (row,) = totals_of(coded, text)
    assert (row["actor1"], row["actor2"]) == ("Military Forces of Russia", "Military Forces of Ukraine")


def test_groups_of_whatever_name_are_no_side_of_a_total(coded: Coder) -> None:
    (row,) = totals_of(coded, "Militants carried out 89 attacks in Pakistan in February, an institute said.")
    assert row["actor1"] is None


@pytest.mark.parametrize(
    ("text", "place"),
    [
        (
            "On 14 March a bomb hurt a guard in Bannang Sata in Thailand. It was the third bomb attack in the district.",
            None,
        ),
        (
            "On 14 March a bomb hurt a guard in Bannang Sata in Thailand's Yala province. "
            "It was the third bomb attack in the district since 1 March.",
            "Bannang Sata",
        ),
        ("Clashes rose in Kachin in Myanmar. Monitors logged 40 in the state in February.", "Myitkyina"),
    ],
)
def test_a_total_lies_where_its_words_take_up(coded: Coder, text: str, place: str | None) -> None:
    assert [row["location"] for row in totals_of(coded, text)] == ([place] if place else [])


def test_the_figure_of_an_earlier_year_is_no_part(coded: Coder) -> None:
    text = "Police recorded 40 attacks on migrants in Saxony in February. In the whole of 2022 they had recorded 310."
    rows = totals_of(coded, text)
    assert [(row["incidents"], row["year"]) for row in rows] == [(40, 2025), (310, 2022)]
    assert parents(rows) == [None, None]


def test_the_dead_of_the_period_may_be_told_in_another_paragraph(coded: Coder) -> None:
    text = (
        "The Turkish army carried out 140 attacks in northern Iraq between 1 and 28 February, a monitor said.\n\n"
        "Most of them were artillery fire.\n\nThe monitor lists three deaths in the month."
    )
    assert totals_of(coded, text)[0]["fatalities"] == 3


def test_a_total_of_a_stretch_of_time_told_before_covers_it(coded: Coder) -> None:
    text = (
        "Gunmen killed 41 farmers near Hays in Yemen between 1 December and 28 February, a monitor said.\n\n"
        "It documented 57 violations in the three months."
    )
    (row,) = totals_of(coded, text)
    assert (row["event_date"], row["event_date_end"]) == (dt.date(2024, 12, 1), dt.date(2025, 2, 28))


def test_an_event_is_part_of_the_narrowest_share_that_fits(coded: Coder) -> None:
    text = (
        "In February we logged 23 incidents in Borno, Nigeria. Borno's centre accounted for 17. Of the 23, nine were "
        "attributed to ISWAP.\n\nOn 9 February ISWAP fighters attacked soldiers in Monguno, killing two."
    )
    rows = coded(text, doc_id="t", published=PUBLISHED)
    (event,) = [row for row in rows if row["record_type"] == "event"]
    assert {row["event_id"]: row["incidents"] for row in rows}[event["part_of"]] == 9


@pytest.mark.parametrize(
    ("text", "sides"),
    [
        ("Russian forces carried out 30 strikes on 11 settlements in Sumy region in Ukraine in February.",
         ("Military Forces of Russia", "Civilians (Ukraine)")),
        ("The UN documented nearly 40 incidents of settler violence in the West Bank in February.",
         ("Settlers (Israel)", "Civilians (Palestine)")),
        ("Monitors recorded 68 militant attacks across Pakistan in February.", (None, None)),
    ],
)  # fmt: skip
def test_sides_of_totals(coded: Coder, text: str, sides: tuple[str | None, str | None]) -> None:
    (row,) = totals_of(coded, text)
    assert (row["actor1"], row["actor2"]) == sides


def test_the_toll_of_a_total_may_be_told_behind_its_parts(coded: Coder) -> None:
    text = (
        "IS carried out 22 attacks in Syria in February, a monitor said. Fifteen happened in Deir ez-Zor. "
        "They cost the lives of 11 fighters and four civilians."
    )
    assert totals_of(coded, text)[0]["fatalities"] == 15


@pytest.mark.parametrize(
    ("text", "days"),
    [
        (
            "Gunmen attacked a patrol in Srinagar on Monday. It was the third grenade attack in the valley in five days.",
            ("2025-03-13", "2025-03-17"),
        ),
        (
            "A teacher was shot dead in Tank in Pakistan on Monday. It was the third attack in as many weeks.",
            ("2025-02-25", "2025-03-17"),
        ),
        ("There have been nine drone attacks in Iraq in the space of a week.", ("2025-03-14", "2025-03-20")),
        (
            "Monitors counted 89 attacks in Mali in February. In the same month of last year they had counted 68.",
            ("2024-02-01", "2024-02-29"),
        ),
        (
            "From 1 September to 31 December 2024 the mission recorded 312 incidents in Mali, compared with 405 in the "
            "previous four months.",
            ("2024-05-01", "2024-08-31"),
        ),
        (
            "Twenty attacks in Mali in February involved quadcopters, a weapon almost unheard of two years ago.",
            ("2025-02-01", "2025-02-28"),
        ),
    ],
)
def test_the_period_of_a_total(coded: Coder, text: str, days: tuple[str, str]) -> None:
    total = totals_of(coded, text)[-1]
    assert (str(total["event_date"]), str(total["event_date_end"])) == days


def test_an_ordinal_has_the_country_and_kind_of_what_it_is_said_of(coded: Coder) -> None:
    text = (
        "Gunmen killed nine villagers near Ayorou in Niger on Monday and two traders near Niamey in Niger.\n\n"
        "Supporters of two parties fought with sticks in Howrah in India on Sunday. "
        "It was the eighth such clash in the belt since 3 March.\n\n"
        "Jihadists burned a school near Djibo in Burkina Faso on Tuesday."
    )
    (total,) = totals_of(coded, text)
    (event,) = [row for row in coded(text, doc_id="t", published=PUBLISHED) if row["country"] == "India"][1:]
    assert total["country"] == "India"
    assert total["sub_event_type"] == event["sub_event_type"]


def test_those_killed_in_them_are_the_toll_of_a_total(coded: Coder) -> None:
    text = (
        "Since 1 March monitors have documented 1,115 protest gatherings in Iran. "
        "At least 448 people have been killed in them, 60 of them under 18."
    )
    (total,) = totals_of(coded, text)
    assert (total["incidents"], total["fatalities"]) == (1115, 448)


def test_towns_with_crowds_in_the_streets_are_demonstrations(coded: Coder) -> None:
    (total,) = totals_of(coded, "Teachers took to the streets in 20 cities across Iran on Friday.")
    assert (total["incidents"], total["actor1"]) == (20, "Protesters (Iran)")


def test_a_total_of_many_countries_has_none(coded: Coder) -> None:
    text = (
        "We found 34 attacks on schools in 11 countries in February.\n\n"
        "Cameroon: Gunmen abducted eleven teachers in Kumbo on 3 March."
    )
    (total,) = totals_of(coded, text)
    assert total["country"] is None


def test_a_total_is_told_by_its_own_words(coded: Coder) -> None:
    text = "In February Sindh saw 61 attacks, 38 of them in the districts that were merged into the province in 2018."
    whole, part = totals_of(coded, text)
    assert whole["notes"] == "In February Sindh saw 61 attacks"
    assert part["notes"].startswith("38 of them in the districts")
    assert part["sub_event_type"] is None


def test_what_the_counted_are_said_not_to_be_is_counted(coded: Coder) -> None:
    text = "The mission verified 228 incidents in Mali in February. In six cases the authors could not be identified."
    assert [row["incidents"] for row in totals_of(coded, text)] == [228, 6]


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("Zawiya in Libya saw at least seven rounds of fighting in February.", [7]),
        ("The monitor counted 212 demonstrations and 31 sit-ins in Iraq in February.", [212, 31]),
        ("UNIFIL logged 31 incidents in Lebanon in February; five times drones let go of grenades.", [31, 5]),
        ("Attacks across Pakistan numbered 124 in February, rising from 102 in January.", [124, 102]),
        ("It is the fourth time this month that Komanda in Ituri, DR Congo, is attacked by the ADF.", [4]),
    ],
)
def test_figures_of_monitors_are_counted(coded: Coder, text: str, figures: list[int]) -> None:
    assert [row["incidents"] for row in totals_of(coded, text)] == figures


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Soldiers conducted 28 raids in the northern Bekaa, Lebanon, in February.", None),
        ("There were 28 raids on south Lebanon in February.", "Air/drone strike"),
        ("Police recorded 29 incidents of mob beating in Bangladesh in February.", "Mob violence"),
        ("In February there were 12 cases of arson in Plateau, Nigeria.", "Looting/property destruction"),
        ("The Houthis breached the truce in Yemen 87 times in February.", None),
    ],
)
def test_the_kind_of_a_total_is_that_of_its_words(coded: Coder, text: str, kind: str | None) -> None:
    (total,) = totals_of(coded, text)
    assert total["sub_event_type"] == kind


def test_cases_of_different_sorts_stand_side_by_side(coded: Coder) -> None:
    text = "In February there were 12 cases of arson, nine of kidnapping and four of rape in Plateau, Nigeria."
    rows = totals_of(coded, text)
    assert [row["incidents"] for row in rows] == [12, 9, 4]
    assert parents(rows) == [None, None, None]


def test_a_monitor_s_seat_is_no_place_of_what_it_counts(coded: Coder) -> None:
    based = "The Islamabad-based Institute for Peace says militants carried out 124 attacks in Pakistan in February."
    (total,) = totals_of(coded, based)
    assert total["location"] is None
    text = "A war monitor based in Britain said Islamic State had carried out 158 attacks in Syria in February."
    (total,) = totals_of(coded, text)
    assert total["country"] == "Syria"


def test_massacres_are_not_each_one_death(coded: Coder) -> None:
    (total,) = totals_of(coded, "A think tank has counted 55 massacres in Colombia since January.")
    assert total["fatalities"] == 0


def test_what_the_dead_are_put_at_is_a_toll(coded: Coder) -> None:
    text = "Islamic State carried out 158 attacks in Syria since January, a monitor said. It put the dead at 61."
    (total,) = totals_of(coded, text)
    assert (total["incidents"], total["fatalities"]) == (158, 61)


def test_who_is_accused_of_violations_made_them(coded: Coder) -> None:
    (total,) = totals_of(coded, "Israel has accused Hamas of up to 50 violations of the truce in Gaza since January.")
    assert total["actor1"] == "Hamas Movement"


def test_a_mission_s_own_patrols_are_the_mission(coded: Coder) -> None:
    text = "Statement of UNIFIL. Naqoura, Lebanon. Our patrols have been blocked eleven times since 1 March."
    (total,) = totals_of(coded, text)
    assert total["actor2"] == "UNIFIL: United Nations Interim Force in Lebanon"


def test_an_event_behind_a_semicolon_is_its_own_and_a_bare_toll_is_the_total_s(coded: Coder) -> None:
    text = "Monitors recorded 14 air raids in Sagaing, Myanmar, in February; on Monday a jet killed three people in Monywa."
    total, event = total_and_event(coded, text)
    assert (total["fatalities"], event["fatalities"], event["location"]) == (0, 3, "Monywa")
    text = "Police recorded 29 incidents of mob beating in Bangladesh in February; 17 people lost their lives."
    (total,) = totals_of(coded, text)
    assert total["fatalities"] == 17
