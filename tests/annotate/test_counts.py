"""Quantities, what they count, and what happened to the counted."""

from __future__ import annotations

import time

import pytest
import spacy
from hypothesis import given
from hypothesis import strategies as st
from spacy.tokens import Doc

from pipeline.annotate.count_outcomes import OutcomeWords
from pipeline.annotate.count_phrases import NounClass, noun_classes
from pipeline.annotate.counts import ConflictCounts
from pipeline.annotate.numbers import Quantity, find_quantities, parse_quantity
from pipeline.knowledge import knowledge_path, model_path, read_table
from pipeline.mentions import mentions_of

BLANK = spacy.blank("en")


@pytest.fixture(scope="module")
def nlp() -> spacy.Language:
    """Words and sentences only: what a text without a model gives."""
    blank = spacy.blank("en")
    blank.add_pipe("sentencizer")
    blank.add_pipe("conflict_counts")
    return blank


@pytest.fixture(scope="module")
def parser() -> spacy.Language:
    """What the shipped language model's trees and roles give."""
    nlp = spacy.load(model_path())
    nlp.add_pipe("conflict_counts")
    return nlp


def counts(doc: Doc) -> list[tuple[str, str | None, int | None, str | None]]:
    return [
        (span.text, span._.mention.count_of, span._.mention.count_value, span._.mention.canonical)
        for span in mentions_of(doc, "COUNT")
    ]


def tree(rows: str) -> Doc:
    """Build a Doc from lines of word, tag, label and index of the head."""
    cells = [line.split() for line in rows.strip().splitlines()]
    words, tags, deps, heads = zip(*cells, strict=True)
    numbers = [int(head) for head in heads]
    return ConflictCounts()(Doc(BLANK.vocab, words=list(words), tags=list(tags), deps=list(deps), heads=numbers))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("two", Quantity(2)),
        ("twenty-one", Quantity(21)),
        ("3,800", Quantity(3800)),
        ("1.2 million", Quantity(1_200_000)),
        ("a hundred and six", Quantity(106)),
        ("two thousand five hundred", Quantity(2500)),
        ("half a dozen", Quantity(6)),
        ("two dozen", Quantity(24)),
        ("a couple of", Quantity(2)),
        ("another three", Quantity(3)),
        ("four (4)", Quantity(4)),
        ("some 70", Quantity(70, qualifier="about")),
        ("about a dozen", Quantity(12, qualifier="about")),
        ("~90", Quantity(90, qualifier="about")),
        ("over 30", Quantity(30, 31, None, "over")),
        ("at least 5", Quantity(5, 5, None, "at_least")),
        ("no fewer than nine", Quantity(9, 9, None, "at_least")),
        ("70 or more", Quantity(70, 70, None, "at_least")),
        ("30+", Quantity(30, 30, None, "at_least")),
        ("up to 7", Quantity(7, None, 7, "up_to")),
        ("nearly 40", Quantity(40, None, 39, "nearly")),
        ("fewer than ten", Quantity(10, None, 9, "under")),
        ("between 5 and 7", Quantity(5, 5, 7, "range")),
        ("five to seven", Quantity(5, 5, 7, "range")),
        ("5-7", Quantity(5, 5, 7, "range")),
        ("two or three", Quantity(2, 2, 3, "range")),
        ("dozens", Quantity(12, 12, None, "dozens")),
        ("several", Quantity(3, 3, None, "several")),
        ("tens of thousands", Quantity(10_000, 10_000, None, "tens")),
        ("some", Quantity(None, 1, None, "some")),
        ("no", Quantity(0)),
        ("nobody", Quantity(0)),
    ],
)
def test_numbers_parse_quantity(text: str, expected: Quantity) -> None:
    assert parse_quantity(text) == expected


@pytest.mark.parametrize("text", ["", "men", "at least", "F-16", "155mm", "06:40", "12.12.2024", "3-1", "two men", "a"])
def test_numbers_other_text_is_no_quantity(text: str) -> None:
    assert parse_quantity(text) is None


QUANTITY_TEXT = "at least between and 5 7 twenty one two hundred thousand dozen a no fewer than over some or - , 1,200"
WORDS = st.sampled_from(QUANTITY_TEXT.split())


@given(st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=12).map(" ".join)))
def test_numbers_never_fail_and_keep_their_bounds(text: str) -> None:
    end = 0
    for match in find_quantities(text):
        assert end <= match.start < match.end <= len(text)
        end = match.end
        quantity = match.quantity
        if quantity.min is not None and quantity.max is not None:
            assert quantity.min <= quantity.max
        assert quantity.value is None or quantity.value >= 0
    parse_quantity(text)


@given(st.integers(min_value=0, max_value=10**9))
def test_numbers_figures_are_read_back(number: int) -> None:
    assert parse_quantity(f"{number}") == Quantity(number)
    assert parse_quantity(f"{number:,}") == Quantity(number)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("At least 14 villagers were killed.", [("At least 14 villagers", "fatalities", 14, "14")]),
        ("The blast left nine people dead.", [("nine people dead", "fatalities", 9, "9")]),
        ("Three dead, 16 hurt in Kirkuk", [("Three dead", "fatalities", 3, "3"), ("16", "injuries", 16, "16")]),
        ("Shelling killed two and wounded 19.", [("two", "fatalities", 2, "2"), ("19", "injuries", 19, "19")]),
        ("The bodies of five women were found.", [("five women", "fatalities", 5, "5")]),
        ("The raid claimed the lives of six guards.", [("six guards", "fatalities", 6, "6")]),
        ("A patrol was hit on Friday. 54 soldiers died.", [("54 soldiers", "fatalities", 54, "54")]),
        ("It happened on 3 May. 8 guards were killed.", [("8 guards", "fatalities", 8, "8")]),
        ("Nobody was hurt.", [("Nobody", "injuries", 0, "0")]),
        ("There were no casualties.", [("no casualties", "injuries", 0, "0")]),
        ("Police rounded up 18 suspects.", [("18 suspects", "detained", 18, "18")]),
        ("Gunmen abducted four nurses.", [("four nurses", "abducted", 4, "4")]),
        ("Hundreds of residents fled.", [("Hundreds of residents", "displaced", 100, "100")]),
        ("About 400 demonstrators blocked the road.", [("About 400 demonstrators", "participants", 400, "400")]),
        ("They fired over 20 rockets.", [("over 20 rockets", "munitions", 20, "20")]),
        ("It shot down 44 of the 60 drones.", [("44 of the 60 drones", "munitions", 44, "part")]),
        ("Soldiers seized 15 rifles.", [("15 rifles", None, 15, "15")]),
    ],
)
def test_counts_say_what_happened(nlp: spacy.Language, text: str, expected: list) -> None:
    assert counts(nlp(text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It logged over 40 incidents.", [("over 40 incidents", "incidents", 40, "40")]),
        (
            "Monitors logged 31 attacks in June. Twelve of them hit clinics. The origin of nine is unknown.",
            [
                ("31 attacks", "incidents", 31, "31"),
                ("Twelve of them", "incidents", 12, "part"),
                ("nine", "incidents", 9, "part"),
            ],
        ),
        ("The base was shelled five times.", [("five times", "incidents", 5, "5")]),
        ("The town was bombed twice.", [("twice", "incidents", 2, "2")]),
        ("They have 18 reports of abductions.", [("18 reports of abductions", "incidents", 18, "18")]),
        ("It was the fourth such raid since May.", [("fourth such raid", "incidents", 4, "cumulative")]),
        ("A third raid followed at noon.", []),
        ("They meet twice a week.", []),
    ],
)
def test_counts_of_incidents(nlp: spacy.Language, text: str, expected: list) -> None:
    assert counts(nlp(text)) == expected


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("Eight people died, including two children.", ["8", "part"]),
        ("Eight people died, two of them children.", ["8", "part"]),
        ("Twelve soldiers died, three of whom were officers.", ["12", "part"]),
        ("The strike brought the toll to 41.", ["cumulative"]),
        ("Some 900 people have been killed since the war began.", ["cumulative"]),
        ("Six men were killed in the deadliest attack since 2016.", ["6"]),
        ("The death toll rose to 12.", ["12"]),
    ],
)
def test_counts_mark_what_must_not_be_summed(nlp: spacy.Language, text: str, marks: list[str]) -> None:
    assert [canonical for *_, canonical in counts(nlp(text))] == marks


def test_counts_neutralised_is_no_death_with_an_upper_bound(nlp: spacy.Language) -> None:
    (span,) = mentions_of(nlp("Last week 17 militants were neutralised."), "COUNT")
    mention = span._.mention
    assert (mention.count_of, mention.count_value, mention.count_max) == ("fatalities", 0, 17)
    assert mention.count_qualifier == "neutralised"


@pytest.mark.parametrize(
    "text",
    [
        "The boy is a 14-year-old from Basra.",
        "She was aged 12.",
        "The driver, 29, and the guard left.",
        "On 4 May 2023 it rained.",
        "It lies 12 km east of the river.",
        "They waited for three days.",
        "Repairs cost $40 million, 12 per cent more.",
        "Prices rose 12%.",
        "The 444 Brigade left.",
        "Resolution 1701 calls for it.",
        "A 155 mm gun stood near UN position 5-42.",
        "The team won 3-1 on Route 60.",
        "At 06:40 a nine-storey block shook.",
        "2. Background",
        "No. 9 of the series",
        "They saw an F-16.",
    ],
)
def test_counts_leave_out_figures_that_count_nothing(nlp: spacy.Language, text: str) -> None:
    assert counts(nlp(text)) == []


def test_counts_take_conjuncts_and_singulars_from_the_tree() -> None:
    doc = tree("""
        Gunfire NN nsubj 1
        killed VBD root 1
        a DT det 3
        baker NN obj 1
        and CC cc 6
        his PRP$ nmod:poss 6
        sons NNS conj 3
        . . punct 1
    """)
    assert counts(doc) == [("a baker", "fatalities", 1, "1"), ("his sons", "fatalities", None, None)]


def test_counts_do_not_take_the_doer() -> None:
    doc = tree("""
        Two CD nummod 1
        gunmen NNS nsubj 2
        killed VBD root 2
        six CD nummod 4
        guards NNS obj 2
        . . punct 2
    """)
    assert counts(doc) == [("Two gunmen", None, 2, "2"), ("six guards", "fatalities", 6, "6")]


def test_counts_skip_what_did_not_happen() -> None:
    doc = tree("""
        The DT det 1
        pilot NN nsubj:pass 4
        was VBD aux:pass 4
        not RB advmod 4
        hurt VBN root 4
        . . punct 4
    """)
    assert counts(doc) == []


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=80))
def test_counts_bear_any_text(text: str) -> None:
    doc = ConflictCounts()(BLANK.make_doc(text))
    for span in mentions_of(doc, "COUNT"):
        mention = span._.mention
        assert span.text
        assert mention.count_min is None or mention.count_max is None or mention.count_min <= mention.count_max


def test_counts_of_a_long_text_without_sentences_take_no_long_time() -> None:
    doc = BLANK.make_doc("At least 27 people were killed in three attacks and 5 wounded " * 500)
    started = time.perf_counter()
    ConflictCounts()(doc)
    assert len(mentions_of(doc, "COUNT")) == 1500
    assert time.perf_counter() - started < 10


def test_counts_survive_a_round_trip_of_the_pipeline(nlp: spacy.Language) -> None:
    copy = spacy.blank("en")
    copy.add_pipe("sentencizer")
    copy.add_pipe("conflict_counts")
    copy.from_bytes(nlp.to_bytes())
    assert counts(copy("Ten men died.")) == [("Ten men", "fatalities", 10, "10")]


@pytest.mark.parametrize(("name", "schema"), [("count_nouns.csv", NounClass), ("count_outcomes.csv", OutcomeWords)])
def test_counts_tables_hold_to_their_schema(name: str, schema: type) -> None:
    assert read_table(knowledge_path(name), schema)


@pytest.mark.parametrize(("form", "name"), [("policemen", "person"), ("strikes", "incident"), ("bodies", "dead")])
def test_counts_nouns_know_their_plurals(form: str, name: str) -> None:
    assert noun_classes()[form] == name


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("They logged 48 attacks. Exactly half of these were in Tyre.", ("Exactly half of these", 24, "exact")),
        ("They logged 90 raids. About a third of the raids hit schools.", ("About a third of the raids", 30, "about")),
        ("They logged 49 attacks. Half of them were by night.", ("Half of them", 24, "about")),
    ],
)
def test_share_without_a_figure_is_reckoned_from_the_whole(
    nlp: spacy.Language, text: str, expected: tuple[str, int, str]
) -> None:
    part = next(s for s in mentions_of(nlp(text), "COUNT") if s._.mention.canonical == "part")
    assert (part.text, part._.mention.count_value, part._.mention.count_qualifier) == expected


@pytest.mark.parametrize(
    "text", ["Half of the village fled after 12 attacks.", "In the first half of the attacks none died."]
)
def test_other_halves_are_no_shares(nlp: spacy.Language, text: str) -> None:
    assert [s for s in mentions_of(nlp(text), "COUNT") if s._.mention.canonical == "part"] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("A policeman was fatally wounded.", [("A policeman", "fatalities", 1, "1")]),
        ("A mine killed three brothers aged seven, nine and twelve.", [("three brothers", "fatalities", 3, "3")]),
        ("An elderly couple was shot dead.", [("An elderly couple", "fatalities", 2, "2")]),
        (
            "A mob seized two men and burned them alive.",
            [("two men", "fatalities", 2, "2"), ("them", "fatalities", 2, "part")],
        ),
        ("Two women were dragged out, tied up and burnt alive.", [("Two women", "fatalities", 2, "2")]),
        ("A boy was hit in the chest and lost his life.", [("A boy", "fatalities", 1, "1")]),
        ("A shepherd was killed by two riders.", [("A shepherd", "fatalities", 1, "1"), ("two riders", None, 2, "2")]),
        ("A Palestinian aged 19 was shot dead by a settler.", [("A Palestinian", "fatalities", 1, "1")]),
        ("Police shot back and killed one of them.", [("one of them", "fatalities", 1, "1")]),
        ("Raiders cut the throats of six herders.", [("six herders", "fatalities", 6, "6")]),
        ("A crowd caught three men, stoned them and burned the bodies.", [("three men", "fatalities", 3, "3")]),
        ("A lorry driver was blown up by a mine.", [("A lorry driver", "fatalities", 1, "1")]),
        ("A granary was blown up by a mine.", []),
        ("The chiefs spoke of two dead on either side.", [("two", "fatalities", 4, "4")]),
        ("A warden who had raised the alarm was shot and died.", [("A warden", "fatalities", 1, "1")]),
        ("He was dragged out of his shop and shot.", [("He", "fatalities", 1, "1")]),
        ('The group claimed that it had killed "dozens of infidels".', []),
        ("A shell killed one, a nurse said.", [("one", "fatalities", 1, "1")]),
        (
            "A shell burst as the column was passing through Kulpi, killing Sgt. Omar Deng and hurting two others.",
            [
                ("Sgt. Omar", "fatalities", 1, "1"),
                ("two others", "injuries", 2, "2"),
            ],
        ),
        ("The rebels admitted the loss of five men.", [("five men", "fatalities", 5, "5")]),
        (
            "A mob beat up a patrol, killing four officers along with their chief and a clerk.",
            [
                ("four officers", "fatalities", 4, "4"),
                ("their chief", "fatalities", 1, "1"),
                ("a clerk", "fatalities", 1, "1"),
            ],
        ),
        ("An air strike killed a family of six.", [("six", "fatalities", 6, "6")]),
        (
            "At least two of the victims later took their own lives.",
            [("At least two of the victims", None, 2, "part")],
        ),
        (
            "A gunman wounded two guards on Monday before being killed by troops.",
            [("A gunman", "fatalities", 1, "1"), ("two guards", "injuries", 2, "2")],
        ),
        (
            "Two of the four soldiers wounded in the attack on Monday died in hospital.",
            [("Two of the four soldiers", "fatalities", 2, "2")],
        ),
        # incidents whose noun is left out, though people or provinces were counted in between
        (
            "Monitors counted 68 attacks in March, in which 198 people died. Of these, 44 were reported from Sindh "
            "and 21 from Punjab.",
            [
                ("68 attacks", "incidents", 68, "68"),
                ("198 people", "fatalities", 198, "198"),
                ("44", "incidents", 44, "part"),
                ("21", "incidents", 21, "part"),
            ],
        ),
        (
            "Rebels carried out nine attacks in which 12 people died. Four were from Jos.",
            [("nine attacks", "incidents", 9, "9"), ("12 people", "fatalities", 12, "12")],
        ),
        (
            "Police counted 29 incidents in the three provinces. Eleven were bombings.",
            [
                ("29 incidents", "incidents", 29, "29"),
                ("three provinces", None, 3, "3"),
                ("Eleven", "incidents", 11, "part"),
            ],
        ),
        ("The office logged 83 settler-related incidents.", [("83 settler-related incidents", "incidents", 83, "83")]),
        # ordinals that keep a tally
        ("It was the third post the group had attacked since March.", [("third post", "incidents", 3, "cumulative")]),
        (
            "It was the 11th time police had fired live rounds this year.",
            [("11th time", "incidents", 11, "cumulative")],
        ),
        ("It was his third goal since March.", []),
    ],
)
def test_counts_with_the_language_model(parser: spacy.Language, text: str, expected: list[object]) -> None:
    assert counts(parser(text)) == expected


@pytest.mark.parametrize(
    ("text", "marks"),
    [
        ("The raid killed three people, a teacher and two pupils.", ["3", "part"]),
        ("The blast killed three soldiers, two policemen and a civilian.", ["3", "2", "1"]),
        ("Police killed two demonstrators, one by a bullet to the chest.", ["2", "part"]),
        ("Villagers lynched a lawyer: he died at the scene.", ["1", "part"]),
        ("Three officers were hit, one of whom died on the way to hospital.", ["3", "1"]),
        ("Seven people, among them a soldier and a girl who was selling water, were killed.", ["7", "part"]),
        ("Forty raids were counted, and 70 people were killed in them.", ["40", "cumulative"]),
        ("The toll of the blast rose to 63 on Sunday after two of the wounded died.", ["63", "part"]),
    ],
)
def test_counts_spelt_out_are_parts(parser: spacy.Language, text: str, marks: list[str]) -> None:
    assert [canonical for *_, canonical in counts(parser(text))] == marks


def test_counts_leave_out_ages_and_read_what_armies_write(parser: spacy.Language) -> None:
    boys = counts(parser("Four boys between the ages of 6 and 11 were killed in Ghazni on Friday."))
    assert [(count_of, value) for _, count_of, value, _ in boys] == [("fatalities", 4)]
    so_far = counts(parser("Two gunmen were killed so far in the clash."))
    assert [figure for *_, figure in so_far] == ["2"]
    to_date = counts(parser("This year 190 people were killed so far in the war."))
    assert [figure for *_, figure in to_date] == ["cumulative"]


def test_counts_take_who_is_captured_and_killed_for_dead(parser: spacy.Language) -> None:
    found = counts(parser("Ahmed Hassan was captured and killed by the rebels on Tuesday."))
    assert [(count_of, value) for _, count_of, value, _ in found] == [("fatalities", 1)]
