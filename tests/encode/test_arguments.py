"""Who acts and who undergoes, in whichever construction a reporter chose."""

from __future__ import annotations

import pytest

from pipeline.encode.arguments import arguments, case_of


def roles(nlp, sentence, word):
    """Return the words that act, undergo and are aimed at by the first token `word` of a sentence."""
    (trigger, *_) = [token for token in nlp(sentence) if token.text == word]
    found = arguments(trigger)
    return tuple({token.text for token in tokens} for tokens in (found.agents, found.patients, found.targets))


@pytest.mark.parametrize(
    ("sentence", "word", "agents", "patients"),
    [
        ("Rebels killed four soldiers near Goma.", "killed", {"Rebels"}, {"soldiers"}),
        ("Four soldiers were killed by rebels near Goma.", "killed", {"rebels"}, {"soldiers"}),
        ("Four soldiers were killed near Goma.", "killed", set(), {"soldiers"}),
        ("The army buried four soldiers killed near Goma.", "killed", set(), {"soldiers"}),
        ("Rebels attacked the convoy, killing four soldiers.", "killing", {"Rebels"}, {"soldiers"}),
        ("Rebels stormed the camp and killed four soldiers.", "killed", {"Rebels"}, {"soldiers"}),
        ("Rebels killed four soldiers and a nurse.", "killed", {"Rebels"}, {"soldiers", "nurse"}),
        ("Rebels and bandits killed four soldiers.", "killed", {"Rebels", "bandits"}, {"soldiers"}),
    ],
)
def test_verbs(nlp, sentence, word, agents, patients):
    assert roles(nlp, sentence, word)[:2] == (agents, patients)


@pytest.mark.parametrize(
    ("sentence", "word", "agents", "patients", "targets"),
    [
        ("An Israeli raid on the base failed.", "raid", {"Israeli"}, set(), {"base"}),
        ("The rebels carried out an attack on the base.", "attack", {"rebels"}, set(), {"base"}),
        ("The rebels staged a raid on the base.", "raid", {"rebels"}, set(), {"base"}),
        ("Clashes between soldiers and rebels went on.", "Clashes", {"soldiers", "rebels"}, set(), set()),
        ("Four nurses were killed in a raid by rebels.", "raid", {"rebels"}, {"nurses"}, set()),
    ],
)
def test_event_nouns_and_the_light_verbs_above_them(nlp, sentence, word, agents, patients, targets):
    assert roles(nlp, sentence, word) == (agents, patients, targets)


def test_what_a_verb_is_aimed_at_stands_apart_from_whom_it_hits(nlp):
    agents, patients, targets = roles(nlp, "The army fired rockets at the village.", "fired")
    assert (agents, patients, targets) == ({"army"}, {"rockets"}, {"village"})


@pytest.mark.parametrize(
    ("sentence", "noun", "case"),
    [
        ("They fired at the village.", "village", "at"),
        ("They fled from under the shelling.", "shelling", "from under"),
        ("They shelled the village.", "village", ""),
    ],
)
def test_the_preposition_of_a_noun(nlp, sentence, noun, case):
    (token,) = [token for token in nlp(sentence) if token.text == noun]
    assert case_of(token) == case


@pytest.mark.parametrize(
    "text",
    [
        "Israeli warplanes bombed Nabatieh in southern Lebanon on Tuesday.",
        "Nabatieh in southern Lebanon was bombed by Israeli warplanes on Tuesday.",
        "Nabatieh in southern Lebanon, which was bombed by Israeli warplanes on Tuesday, lies in ruins.",
        "Israel carried out an air raid on Nabatieh in southern Lebanon on Tuesday.",
    ],
)
def test_one_raid_in_any_words_is_the_same_row(coded, text):
    (row,) = coded(text, published="2024-10-30")
    assert row["sub_event_type"] == "Air/drone strike"
    assert (row["actor1"], row["location"]) == ("Military Forces of Israel", "Nabatieh")


@pytest.mark.parametrize(
    "text",
    [
        "Al-Shabaab fighters attacked a military base near Baidoa in Somalia on Monday.",
        "Al-Shabaab staged an attack on a military base near Baidoa in Somalia on Monday.",
        "A military base near Baidoa in Somalia was attacked by Al-Shabaab fighters on Monday.",
    ],
)
def test_the_attacker_of_a_base_comes_first(coded, text):
    (row,) = coded(text, published="2024-10-30")
    assert (row["actor1"], row["actor2"]) == ("Al Shabaab", "Military Forces of Somalia")


def test_who_comes_under_fire_is_the_other_side(coded):
    (row,) = coded("An army patrol came under fire near Gao in Mali on Monday.", published="2024-10-30")
    assert (row["inter1"], row["actor2"]) == (3, "Military Forces of Mali")
