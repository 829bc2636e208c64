"""What the actors component makes of texts: the forms of actor_forms.csv, and texts of our own."""

from __future__ import annotations

import csv
import datetime as dt
from itertools import pairwise
from pathlib import Path

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st
from spacy.language import Language

import pipeline.annotate.actors
import pipeline.annotate.language_model
import pipeline.annotate.places  # noqa: F401 - registers the component
from pipeline.annotate.actor_matching import fold, plural_of
from pipeline.countries import alpha3_of_adjective, alpha3_of_name, countries, country, numeric
from pipeline.knowledge import KnowledgeError, knowledge_path, model_path, read_table
from pipeline.mentions import Mention, mentions_of
from pipeline.organisations import NamedActor, main_actor, named_actors
from pipeline.regimes import actor_type, regimes, ruling_group

FORMS = Path(__file__).with_name("actor_forms.csv")


def forms(*filled: str) -> list[dict[str, str]]:
    """Return the rows of which just these cells are filled, of `words` and `name`."""
    with FORMS.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if {c for c in ("words", "name") if row[c]} == set(filled)]


@pytest.fixture(scope="module")
def nlp() -> Language:
    nlp = spacy.load(model_path())
    for name in ("conflict_dates", "conflict_places", "conflict_actors"):
        if name not in nlp.pipe_names:
            nlp.add_pipe(name)
    return nlp


def read(nlp: Language, text: str, published: str = "") -> list[tuple[str, Mention]]:
    doc = nlp.make_doc(text)
    doc._.published = dt.date.fromisoformat(published) if published else None
    return [(span.text, span._.mention) for span in mentions_of(nlp(doc), "ACTOR")]


def named(nlp: Language, text: str, published: str = "") -> list[tuple[str, str | None]]:
    return [(words, mention.canonical) for words, mention in read(nlp, text, published)]


def agrees(row: dict[str, str], mention: Mention) -> bool:
    return (
        mention.canonical == row["name"]
        and row["inter"] in ("", str(mention.inter))
        and row["country"] in ("", mention.country)
    )


def test_forms_get_their_names(nlp: Language) -> None:
    """Whole sentences through the trained model: a retrained one may lose a few, not more."""
    rows = forms("words", "name")
    lost = []
    for row in rows:
        found = read(nlp, row["sentence"], row["published"])
        if not any(row["words"] in words and agrees(row, mention) for words, mention in found):
            lost.append((row["sentence"], row["name"], found))
    assert len(rows) >= 400
    assert len(lost) <= 0.03 * len(rows), lost


def test_sentences_without_actors_give_none(nlp: Language) -> None:
    rows = forms()
    wrong = [(row["sentence"], found) for row in rows if (found := named(nlp, row["sentence"]))]
    assert len(rows) >= 150
    assert len(wrong) <= 0.05 * len(rows), wrong


def test_words_that_name_nobody(nlp: Language) -> None:
    for row in forms("words"):
        found = [words for words, _ in named(nlp, row["sentence"], row["published"])]
        assert not any(row["words"] in words or words in row["words"] for words in found), (row["sentence"], found)


def test_who_only_speaks_is_no_actor(nlp: Language) -> None:
    assert named(nlp, "The Lebanese army said that a car burned.") == []


def test_pronoun_of_a_speaker_is_the_actor(nlp: Language) -> None:
    found = named(nlp, "The Turkish military said it had bombed two caves near Zap in Iraq.")
    assert ("it", "Military Forces of Turkey") in found


def test_group_refers_to_the_group_named_before(nlp: Language) -> None:
    text = "Al Shabaab fired mortars at Baidoa in Somalia. On Friday the militants burned two trucks."
    assert ("militants", "Al Shabaab") in named(nlp, text)


def test_a_reference_with_an_epithet_is_still_the_group_named_before(nlp: Language) -> None:
    text = "Yemen's Houthis fired at a ship off Mokha. The Iran-aligned movement has attacked many others."
    assert ("movement", "Houthi Movement") in named(nlp, text)


def test_soldiers_whom_a_group_shells_are_those_of_the_state_that_it_fights(nlp: Language) -> None:
    text = "Hezbollah claims to have shelled a gathering of soldiers at Khiam in Lebanon. Israel gave no comment."
    assert ("soldiers", "Military Forces of Israel") in named(nlp, text, "2024-11-19")


def test_abbreviation_follows_the_country_of_the_text(nlp: Language) -> None:
    syria = named(nlp, "The SNA shelled a village near Manbij in Syria.", "2023-05-01")
    assert ("SNA", "SNA: Syrian National Army") in syria


@pytest.mark.parametrize(
    ("text", "published", "name"),
    [
        ("Separatist fighters attacked a post in Kumbo, Cameroon.", "2021-03-01", "Ambazonian Separatists"),
        ("Separatist fighters attacked a post in Kumbo, Cameroon.", "2012-03-01", "Unidentified Armed Group"),
        ("Rebels shelled Marib in Yemen.", "2021-03-01", "Houthi Movement"),
        ("Separatists shelled Avdiivka in Ukraine.", "2017-03-01", "NAF: United Armed Forces of Novorossiya"),
        ("Separatists shelled Avdiivka in Ukraine.", "2023-03-01", "Unidentified Armed Group"),
    ],
)
def test_words_mean_one_group_in_one_country_while_it_is_active(
    nlp: Language, text: str, published: str, name: str
) -> None:
    assert named(nlp, text, published)[0][1] == name


def test_name_changes_with_the_regime(nlp: Language) -> None:
    text = "Taliban forces shelled a village in Helmand, Afghanistan."
    assert "Taliban" in {name for _, name in named(nlp, text, "2019-05-01")}
    assert "Military Forces of Afghanistan" in {name for _, name in named(nlp, text, "2022-05-01")}


def test_bare_army_without_any_country_stays_open(nlp: Language) -> None:
    [(_, mention)] = read(nlp, "The army shelled the ridge.")
    assert (mention.canonical, mention.inter, mention.country) == ("Military Forces", 1, None)


def test_spans_do_not_overlap(nlp: Language) -> None:
    doc = nlp("Fighters of the Rapid Support Forces (RSF) and Sudanese army soldiers fought Arab militiamen in Nyala.")
    spans = mentions_of(doc, "ACTOR")
    assert all(one.end <= other.start for one, other in pairwise(spans))


def test_own_table_comes_on_top(tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("name,inter,country,aliases\nValley Guard,4,LBN,Haras al-Wadi\n", encoding="utf-8")
    nlp = spacy.blank("en")
    nlp.add_pipe("conflict_actors", config={"actors": str(table)})
    [(words, mention)] = read(nlp, "In Lebanon, Haras al Wadi closed a road near Zahle.")
    assert (words, mention.canonical, mention.inter) == ("Haras al Wadi", "Valley Guard", 4)


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("Ghosts,9,LBN,,", "line 2, column inter: '9'"),
        ("Ghosts,3,Lebanon,,", "line 2, column country: 'Lebanon'"),
        ("Ghosts,3,XXX,,", "no such country: XXX"),
        ("Ghosts,3,LBN,2020,2010", "is after active_to"),
        ("Ghosts,3,LBN,soon,", "line 2, column active_from: 'soon'"),
    ],
)
def test_faulty_rows_are_named(tmp_path: Path, row: str, complaint: str) -> None:
    table = tmp_path / "bad.csv"
    table.write_text(f"name,inter,country,active_from,active_to\n{row}\n", encoding="utf-8")
    with pytest.raises(KnowledgeError, match=r"bad\.csv") as error:
        read_table(table, NamedActor)
    assert complaint in str(error.value)


@pytest.mark.parametrize(
    ("text", "words", "name"),
    [
        ("Enemy drones hit Tyre in Lebanon. An Israeli tank shelled Yaroun.", "Enemy drones", "Military Forces of Israel"),
        ("A Ghanaian soldier was hurt when a rocket hit a UNIFIL base near Tyre in Lebanon.", "Ghanaian soldier",
         "UNIFIL: United Nations Interim Force in Lebanon"),
        ("Two army officers were shot in Basra, Iraq.", "army officers", "Military Forces of Iraq"),
        ("Troops killed nine khwarij in Bannu, Pakistan.", "khwarij", "TTP: Tehreek-i-Taliban Pakistan"),
        ("Armed men took a doctor from his clinic in Culiacan, Mexico.", "Armed men", "Unidentified Gang"),
        ("The house of the governor in Kaduna, Nigeria, was burnt.", "governor", "Government of Nigeria"),
        ("General Staff of the Armed Forces of Ukraine. Soldiers held the line near Kupiansk; Russia lost ten men.",
         "Soldiers", "Military Forces of Ukraine"),
        ("Fighting broke out between Kuki and Meitei volunteers near Imphal in India.", "Kuki", "Kuki Ethnic Militia"),
    ],
)  # fmt: skip
def test_whose_people_they_are(nlp: Language, text: str, words: str, name: str) -> None:
    assert dict(named(nlp, text))[words] == name


@pytest.mark.parametrize(
    "text", ["A petrol tank burned in Basra, Iraq.", "There was calm on the Pokrovsk front in Ukraine."]
)
def test_tanks_of_petrol_and_front_lines_are_no_actors(nlp: Language, text: str) -> None:
    assert named(nlp, text) == []


@pytest.mark.parametrize("text", ["", " ", "\n\n", "…", "\u200b\u200f", "🇱🇧 🇮🇱", "the", "army", "'s", "al-", "- -"])
def test_odd_texts_do_not_fail(nlp: Language, text: str) -> None:
    read(nlp, text)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.sampled_from(
            [
                "Israeli",
                "army",
                "'s",
                "-",
                "the",
                "Hezbollah",
                "men",
                "of",
                ",",
                "\n",
                "its",
                "al",
                "gunmen",
                "and",
                "IS",
                "police",
                "former",
                "said",
                "Druze",
                "é",
                "🚀",
            ]
        ),
        max_size=12,
    )
)
def test_words_in_any_order_do_not_fail_without_a_model(words: list[str]) -> None:
    blank = _blank()
    doc = blank(" ".join(words))
    assert all(span._.mention.canonical and 1 <= span._.mention.inter <= 8 for span in mentions_of(doc, "ACTOR"))


_BLANK: list[Language] = []


def _blank() -> Language:
    if not _BLANK:
        _BLANK.append(spacy.blank("en"))
        _BLANK[0].add_pipe("conflict_actors")
    return _BLANK[0]


# -- countries and regimes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "code"),
    [("Lebanon", "LBN"), ("DR Congo", "COD"), ("Ivory Coast", "CIV"), ("Côte d'Ivoire", "CIV"), ("Burma", "MMR")],
)
def test_country_by_name(words: str, code: str) -> None:
    assert alpha3_of_name(words) == code


@pytest.mark.parametrize(
    ("word", "code"),
    [("Emirati", "ARE"), ("Lebanese", "LBN"), ("Turks", "TUR"), ("Nigerien", "NER"), ("blue", None)],
)
def test_country_by_adjective(word: str, code: str | None) -> None:
    assert alpha3_of_adjective(word) == code


def test_countries_have_regions_and_numbers() -> None:
    assert len({row.region for row in countries().values()}) == 16
    assert numeric("LBN") == 422
    assert numeric("XKX") is None


def test_force_names_follow_acled() -> None:
    assert country("USA").force("Military Forces") == "Military Forces of the United States"
    assert country("TUR").force("Police Forces") == "Police Forces of Turkey"


@pytest.mark.parametrize(
    ("name", "home_type", "home", "where", "day", "expected"),
    [
        ("Military Forces of Israel", 1, "ISR", "ISR", "2024-10-01", 1),
        ("Military Forces of Israel", 1, "ISR", "LBN", "2024-10-01", 8),
        ("Military Forces of Israel", 1, "ISR", "PSE", "2024-10-01", 8),
        ("Houthi Movement", 2, "YEM", "YEM", "2024-10-01", 2),
        ("Taliban", 2, "AFG", "AFG", "2021-08-14", 2),
        ("Taliban", 2, "AFG", "AFG", "2021-08-15", 1),
        ("RSF: Rapid Support Forces", 2, "SDN", "SDN", "2021-01-01", 1),
        ("RSF: Rapid Support Forces", 2, "SDN", "SDN", "2023-04-15", 2),
        ("Hezbollah", 3, "LBN", "SYR", "2016-01-01", 3),
        ("Military Forces of Russia", 1, "RUS", None, None, 1),
    ],
)
def test_actor_type(name: str, home_type: int, home: str, where: str | None, day: str | None, expected: int) -> None:
    assert actor_type(name, home_type, home, where, dt.date.fromisoformat(day) if day else None) == expected


def test_ruling_group() -> None:
    assert ruling_group("AFG", dt.date(2022, 1, 1)) == "Taliban"
    assert ruling_group("AFG", dt.date(2020, 1, 1)) is None
    assert ruling_group("FRA", dt.date(2022, 1, 1)) is None


def test_regimes_of_a_country_do_not_overlap() -> None:
    for code, rows in regimes().items():
        for actor in {row.actor for row in rows}:
            spells = sorted((row.start, row.end) for row in rows if row.actor == actor)
            assert all(one[1] < other[0] for one, other in pairwise(spells)), (code, actor)


def test_main_actor() -> None:
    assert main_actor("Al Qassam Brigades") == ("Hamas Movement", "Al Qassam Brigades")
    assert main_actor("Hezbollah") == ("Hezbollah", None)


def test_parents_and_regimes_name_known_actors() -> None:
    names = {row.name for row in named_actors()}
    assert {row.actor for rows in regimes().values() for row in rows if row.actor} <= names
    assert len(names) == len(named_actors())


def test_knowledge_files_are_there() -> None:
    for name in ("actors.csv", "actor_nouns.csv", "actor_verbs.csv", "communities.csv", "countries.csv", "regimes.csv"):
        assert knowledge_path(name).stat().st_size > 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Hay'at Tahrir al-Sham", "Hayat Tahrir al Sham"),
        ("Kata'ib", "Kataeb"),
        ("Defence", "Defense"),
        ("Türkiye", "Turkiye"),
    ],
)
def test_spellings_fold_together(one: str, other: str) -> None:
    assert fold(one) == fold(other)


@pytest.mark.parametrize(
    ("word", "plural"),
    [("soldier", "soldiers"), ("policeman", "policemen"), ("spy agency", "spy agencies"), ("troops", "troops")],
)
def test_plurals(word: str, plural: str) -> None:
    assert plural_of(word) == plural


def test_an_unlisted_group_is_known_again_in_its_text(nlp: Language) -> None:
    text = (
        "Two soldiers died in an ambush near Goma. The army blamed fighters of the Kanvar Liberation Front (KLF). "
        "The KLF denied it. On Monday the group attacked Sake, killing a trader."
    )
    found = read(nlp, text, "2024-02-02")
    own = [(words, m.inter) for words, m in found if m.canonical == "KLF: Kanvar Liberation Front"]
    assert {words for words, _ in own} >= {"Kanvar Liberation Front", "KLF", "group"}
    assert {inter for _, inter in own} == {2}
    assert all(m.confidence <= 0.5 for _, m in found if m.canonical == "KLF: Kanvar Liberation Front")


def test_an_unlisted_name_tells_its_type_by_the_words_beside_it(nlp: Language) -> None:
    for words, inter in (("rebel group Tahra", 2), ("Tahra gang", 3), ("Tahra clan", 4)):
        found = read(nlp, f"Men of the {words} killed three soldiers near Mandera.", "2024-02-02")
        assert {m.inter for _, m in found if (m.canonical or "").startswith("Tahra")} == {inter}, words


def test_rebels_are_no_militia_that_was_named_nearer(nlp: Language) -> None:
    text = (
        "Boko Haram fighters overran Song in Nigeria on Friday. Soldiers and the CJTF went out on Sunday. "
        "On Monday the insurgents shot two farmers."
    )
    assert ("insurgents", "Boko Haram") in named(nlp, text, "2024-11-19")


def test_who_people_are_is_said_behind_them(nlp: Language) -> None:
    text = "The Hafiz Gul Bahadur group denied it. Six khwarij of the banned TTP were killed in Kulachi, Pakistan."
    assert ("khwarij", "TTP: Tehreek-i-Taliban Pakistan") in named(nlp, text, "2024-11-19")
    assert ("police commandos", "Police Forces of India") in named(nlp, "Two police commandos were shot in Imphal.", "")


def test_short_forms_of_parties_and_gangs_need_their_country(nlp: Language) -> None:
    assert named(nlp, "The GPS in his lorry failed after gunmen shot at it.") == [
        ("gunmen", "Unidentified Armed Group")
    ]
    assert ("JNIM", "JNIM: Group for Support of Islam and Muslims") in named(nlp, "JNIM attacked a post and fled.")


def people_of(nlp: Language, text: str) -> set[tuple[str, str]]:
    return {(words, mention.canonical) for words, mention in read(nlp, text, "2024-05-17")}


def test_a_rank_before_a_name_tells_a_soldier(nlp: Language) -> None:
    here = "Captain Musa Danjuma was shot dead at Birnin Gwari in Kaduna State, Nigeria."
    assert ("Captain", "Military Forces of Nigeria") in people_of(nlp, here)
    afloat = "Captain Musa Danjuma of the tanker Hope was shot dead off Lagos, Nigeria."
    assert not any("Military" in name for _, name in people_of(nlp, afloat))


def test_who_was_introduced_is_known_by_name_alone(nlp: Language) -> None:
    text = (
        "Abu Ali al-Askari, a senior commander of Kataib Hezbollah, came to Baghdad on Monday. "
        "Al-Askari was killed near Jurf al-Sakhar on Tuesday."
    )
    assert {name for words, name in people_of(nlp, text) if words == "Al"} == {"Kataib Hezbollah"}
    text = "The journalist Issam Haddad filmed near Tyre, Lebanon. Haddad was killed by tank fire on Friday."
    assert {name for words, name in people_of(nlp, text) if words == "Haddad"} == {"Journalists"}
