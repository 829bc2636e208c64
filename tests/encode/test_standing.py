"""What is planned, feared, denied, rehearsed or remembered is no event; hedges and speakers grade the others."""

from __future__ import annotations

import pytest

from pipeline.encode.standing import standing

PUBLISHED = "2024-10-30"


@pytest.mark.parametrize(
    "text",
    [
        # plans and threats
        "Israel plans to bomb Nabatieh in southern Lebanon.",
        "The army is preparing to attack Gao in Mali.",
        "Israel threatened to bomb Nabatieh in southern Lebanon.",
        "The army warned of an attack on Gao in Mali.",
        "Militants could attack Gao in Mali.",
        "The army foiled a planned attack on Gao in Mali.",
        "Rallies are to be held in Gao in Mali on Friday.",
        "Troops from the base in Gao in Mali are to repel an attack by rebels on Thursday.",
        # conditions
        "If militants attack Gao in Mali, the army will respond.",
        # denials
        "The army denied bombing a market in Gao in Mali on Monday.",
        "The army denied that it had bombed Nabatieh in southern Lebanon.",
        "Israeli warplanes did not bomb Nabatieh in southern Lebanon on Tuesday.",
        "There was no attack on Gao in Mali on Monday.",
        "Nobody was killed in Gao in Mali on Monday.",
        "A channel claimed that a raid had killed three men in Gao in Mali on Monday, but later retracted the claim.",
        # trials, notices and deaths of other causes
        "A court in Gao in Mali on Monday resumed the trial of officers accused of the murder of villagers.",
        "Organisers in Gao in Mali had given notice of three marches for later in the month.",
        "The house in Gao in Mali prayed for a former member who died of cardiac arrest on Monday.",
        # drills and anniversaries
        "Troops shelled a mock village near Gao in Mali during an exercise on Monday.",
        "Residents of Gao marked the anniversary of an attack that killed 40 people.",
    ],
)
def test_what_did_not_happen_is_no_row(coded, text):
    assert coded(text, published=PUBLISHED) == []


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("Militants killed six traders near Gao in Mali on Monday.", "asserted"),
        ("Militants killed six traders near Gao in Mali on Monday, police said.", "attributed"),
        ("According to residents, militants killed six traders near Gao in Mali on Monday.", "attributed"),
        ("Militants probably killed six traders near Gao in Mali on Monday.", "likely"),
        ("Militants allegedly killed six traders near Gao in Mali on Monday.", "alleged"),
        ("The army accused militants of killing six traders near Gao in Mali on Monday.", "alleged"),
        ("Police said militants allegedly killed six traders near Gao in Mali on Monday.", "alleged"),
    ],
)
def test_hedges_and_speakers_grade_the_certainty(coded, text, certainty):
    (row,) = coded(text, published=PUBLISHED)
    assert (row["certainty"], row["fatalities"]) == (certainty, 6)


@pytest.mark.parametrize(
    "text",
    [
        "No one was hurt when rockets landed near the airport of Erbil in Iraq on Monday night.",
        "A year after the massacre in Bucha, Russian missiles struck Kramatorsk in Ukraine on Monday, killing eight.",
    ],
)
def test_what_stands_beside_a_denial_or_a_memory_happened(coded, text):
    (row,) = coded(text, published=PUBLISHED)
    assert row["sub_event_type"] == "Shelling/artillery/missile attack"


def test_no_fewer_than_is_no_denial(coded):
    text = "No fewer than 35 villagers were killed by gunmen in Gusau in Nigeria on Monday."
    (row,) = coded(text, published=PUBLISHED)
    assert (row["fatalities"], row["fatalities_min"]) == (35, 35)


@pytest.mark.parametrize(
    ("sentence", "word", "real"),
    [
        ("Rebels attacked the town.", "attacked", True),
        ("Rebels began to shell the town.", "shell", True),
        ("Rebels managed to seize the town.", "seize", True),
        ("The town may have been attacked.", "attacked", True),
        ("Residents fled after the attack.", "attack", True),
        ("The army failed to answer the raid.", "raid", True),
        ("Rebels never attacked the town.", "attacked", False),
        ("Rebels may attack the town.", "attack", False),
        ("Rebels vowed to attack the town.", "attack", False),
        ("An attack could start a war.", "attack", False),
    ],
)
def test_a_word_in_its_sentence(nlp, sentence, word, real):
    (trigger,) = [token for token in nlp(sentence) if token.text == word]
    assert standing(trigger).real is real
