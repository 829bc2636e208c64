import pickle

import pytest
import spacy

from pipeline import knowledge
from pipeline.annotate import language_model  # noqa: F401  (registers the factory)

REPORT = (
    "Clashes erupt in eastern Congo\n\n"
    "GOMA, March 4 - At least nine villagers were killed by gunmen near the town of Sake on Monday, "
    "two local officials said. The attackers set houses on fire and fled before soldiers arrived.\n\n"
    '"We heard shots at dawn," said Marie Kanyere, who lives in Goma. "Nobody came to help us."'
)
SENTENCES = [
    "The rebels fired mortars at a police station in Aden.",
    "Two soldiers were wounded.",
    "Protesters marched through Khartoum.",
]


@pytest.fixture(scope="module")
def nlp():
    return spacy.load(knowledge.model_path())


def annotations(doc):
    words = [(t.text, t.tag_, t.pos_, t.lemma_, t.dep_, t.head.i, t.is_sent_start) for t in doc]
    spans = [(s.start, s.end, s.label_) for s in [*doc.ents, *doc.spans["conflict_entities"]]]
    return words, spans, doc.tensor.tolist()


def word(doc, text):
    return next(token for token in doc if token.text == text)


def assert_whole(doc):
    """Every token has its annotation, and every sentence is one tree of its own tokens."""
    if len(doc):
        for layer in ("SENT_START", "DEP", "TAG", "POS", "LEMMA"):
            assert doc.has_annotation(layer)
    for sentence in doc.sents:
        assert sum(token.head.i == token.i for token in sentence) == 1
        for token in sentence:
            assert sentence.start <= token.head.i < sentence.end
            assert sentence.root in {token, *token.ancestors}


def test_sentences_never_cross_a_line_break(nlp):
    doc = nlp("Shelling goes on in the north\nAid agencies warn of hunger\n\nThe army denied the report.")
    assert [sentence.text.strip() for sentence in doc.sents] == [
        "Shelling goes on in the north",
        "Aid agencies warn of hunger",
        "The army denied the report.",
    ]


def test_sentences_of_a_paragraph_are_parted(nlp):
    doc = nlp("Dr. Ali left the U.N. office in Sanaa at 5 p.m. on Monday. He was shot outside. Nobody knows why.")
    assert [sentence[0].text for sentence in doc.sents] == ["Dr.", "He", "Nobody"]


def test_report_is_whole(nlp):
    assert_whole(nlp(REPORT))


def test_names(nlp):
    doc = nlp(
        "Gunmen killed Ahmed Hassan in Mogadishu, the Ministry of Defence said. "
        "Ethiopian troops later entered Somalia, according to Human Rights Watch."
    )
    found = {(entity.text, entity.label_) for entity in doc.ents}
    assert {
        ("Ahmed Hassan", "PERSON"),
        ("Mogadishu", "LOC"),
        ("Ministry of Defence", "ORG"),
        ("Ethiopian", "NORP"),
        ("Somalia", "LOC"),
        ("Human Rights Watch", "ORG"),
    } <= found


def test_conflict_entities_hold_groups_without_a_name(nlp):
    doc = nlp("Security forces shot dead four protesters in Omdurman.")
    found = {(span.text, span.label_) for span in doc.spans["conflict_entities"]}
    assert {("Security forces", "ORG"), ("protesters", "ORG"), ("Omdurman", "LOCATION")} <= found


def test_passive_with_agent(nlp):
    doc = nlp("Nine villagers were killed by gunmen near Sake.")
    killed = word(doc, "killed")
    assert killed.dep_ == "ROOT"
    assert (word(doc, "villagers").dep_, word(doc, "villagers").head) == ("nsubj:pass", killed)
    assert (word(doc, "gunmen").dep_, word(doc, "gunmen").head) == ("obl:agent", killed)


def test_active_clause(nlp):
    doc = nlp("On Friday, militants attacked an army base in northern Mali.")
    attacked = word(doc, "attacked")
    assert (word(doc, "militants").dep_, word(doc, "militants").head) == ("nsubj", attacked)
    assert (word(doc, "base").dep_, word(doc, "base").head) == ("obj", attacked)
    assert word(doc, "Mali").head in {attacked, word(doc, "base")}


def test_reported_speech_hangs_on_the_verb_of_saying_or_the_other_way_round(nlp):
    doc = nlp("The police fired tear gas at the crowd, a witness said.")
    fired, said = word(doc, "fired"), word(doc, "said")
    assert word(doc, "police").head == fired
    assert word(doc, "witness").head == said
    assert said.head == fired or fired.head == said


def test_quote_before_its_speaker(nlp):
    doc = nlp('"They burned four houses and shot my uncle," said Amina Yusuf, a nurse in Zamfara.')
    shot, said = word(doc, "shot"), word(doc, "said")
    assert (word(doc, "uncle").dep_, word(doc, "uncle").head) == ("obj", shot)
    assert word(doc, "Amina").head == said
    assert word(doc, "Amina").dep_ == "nsubj"


def test_trailing_speaker_leaves_the_clause_whole(nlp):
    doc = nlp("Three soldiers were killed in an ambush near Menaka, the governor of the region said on Tuesday.")
    killed, said = word(doc, "killed"), word(doc, "said")
    assert (word(doc, "soldiers").dep_, word(doc, "soldiers").head) == ("nsubj:pass", killed)
    assert (word(doc, "governor").dep_, word(doc, "governor").head) == ("nsubj", said)


def test_each_item_of_a_list_is_read_by_itself(nlp):
    doc = nlp("Incidents on Sunday:\n- Gunmen killed two guards in Jos.\n- A bomb wounded four traders in Yola.")
    killed, wounded = word(doc, "killed"), word(doc, "wounded")
    assert killed.sent != wounded.sent
    assert (word(doc, "guards").dep_, word(doc, "guards").head) == ("obj", killed)
    assert (word(doc, "bomb").dep_, word(doc, "bomb").head) == ("nsubj", wounded)


@pytest.mark.parametrize(
    ("headline", "verb", "subject", "object_"),
    [
        ("Militants kill five soldiers in Pakistan ambush", "kill", "Militants", "soldiers"),
        ("Drone Strikes Hit Two Villages in Southern Lebanon", "Hit", "Strikes", "Villages"),
        ("Rebels seize border town after three days of fighting", "seize", "Rebels", "town"),
    ],
)
def test_headlines_in_the_present(nlp, headline, verb, subject, object_):
    doc = nlp(headline)
    assert word(doc, verb).dep_ == "ROOT"
    assert (word(doc, subject).dep_, word(doc, subject).head.text) == ("nsubj", verb)
    assert (word(doc, object_).dep_, word(doc, object_).head.text) == ("obj", verb)


def test_caption_is_a_sentence_of_its_own(nlp):
    doc = nlp("Protesters burn tyres in Basra, Iraq, July 3, 2018. - AFP file photo\n\nPolice shot two men on Monday.")
    assert [sentence.root.text for sentence in doc.sents][-1] == "shot"
    assert (word(doc, "Protesters").dep_, word(doc, "Protesters").head.text) == ("nsubj", "burn")


def test_arabic_names_of_groups_are_no_persons(nlp):
    doc = nlp("Kataib Hezbollah and Asaib Ahl al-Haq shelled a base, and Saraya al-Quds fired rockets near Gaza.")
    assert [entity.text for entity in doc.ents if entity.label_ == "PERSON"] == []


@pytest.mark.parametrize(
    ("sentence", "text", "pos", "lemma"),
    [
        ("Soldiers killed two men.", "killed", "VERB", "kill"),
        ("A shell struck the market.", "struck", "VERB", "strike"),
        ("He was shot by the police.", "shot", "VERB", "shoot"),
        ("Rebels fired rockets at the airport.", "fired", "VERB", "fire"),
        ("The clashes lasted two days.", "clashes", "NOUN", "clash"),
        ("The attackers fled.", "attackers", "NOUN", "attacker"),
        ("Five people were wounded in the attack.", "wounded", "VERB", "wound"),
        ("They are still fighting in the city.", "fighting", "VERB", "fight"),
        ("Gunmen abducted the mayor.", "Gunmen", "NOUN", "gunman"),
        ("The army has bombed the town.", "bombed", "VERB", "bomb"),
        ("The men were beheaded.", "beheaded", "VERB", "behead"),
        ("It didn’t end the war.", "n’t", "PART", "not"),
    ],
)
def test_lemmas_of_triggers(nlp, sentence, text, pos, lemma):
    token = word(nlp(sentence), text)
    assert (token.pos_, token.lemma_) == (pos, lemma)


def test_same_result_alone_and_in_company(nlp):
    texts = [REPORT, *SENTENCES, "", REPORT[:200]]
    alone = [annotations(nlp(text)) for text in texts]
    assert [annotations(doc) for doc in nlp.pipe(texts, batch_size=4)] == alone
    assert [annotations(doc) for doc in nlp.pipe(texts[::-1])] == alone[::-1]


def test_a_paragraph_reads_the_same_whatever_stands_beside_it(nlp):
    paragraph = SENTENCES[0]
    alone, *_ = annotations(nlp(paragraph))
    doc = nlp(paragraph + "\n\n" + REPORT)
    assert [t.dep_ for t in doc[: len(alone)]] == [row[4] for row in alone]
    assert [t.head.i for t in doc[: len(alone)]] == [row[5] for row in alone]


def test_same_result_with_more_threads_and_other_batches(nlp):
    settings = {"threads": 2, "batch_pieces": 128}
    other = spacy.load(knowledge.model_path(), config={"components": {"multitask_onnx": settings}})
    assert annotations(other(REPORT)) == annotations(nlp(REPORT))


def test_same_result_in_other_processes(nlp):
    assert [annotations(doc) for doc in nlp.pipe(SENTENCES, n_process=2)] == [annotations(nlp(t)) for t in SENTENCES]


def test_round_trips(nlp, tmp_path):
    nlp.to_disk(tmp_path)
    copies = [
        spacy.load(tmp_path),
        spacy.blank("en").from_config(nlp.config).from_bytes(nlp.to_bytes()),
        pickle.loads(pickle.dumps(nlp)),
    ]
    for copy in copies:
        assert annotations(copy(REPORT)) == annotations(nlp(REPORT))


def test_component_without_network_says_what_to_do():
    nlp = spacy.blank("en")
    nlp.add_pipe("multitask_onnx")
    with pytest.raises(ValueError, match="from_disk"):
        nlp("Troops left.")


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "\n",
        " \n\n \t\n ",
        "\n\n  Troops left.  \n",
        "Troops  left   the\ttown .",
        "😀😀 🚀",
        "قتل ثلاثة جنود في الموصل يوم الثلاثاء.",
        "在北京发生了抗议活动。",
        "GUNMEN KILL THREE IN KABUL; POLICE BLAME TALIBAN",
        "x" * 5000 + " fell.",
        "!" * 700,
        "\u200b\u200b \ufeff",
        "a\u2028b\r\nc",
        "-" * 3000,
    ],
    ids=lambda text: ascii(text[:12]),
)
def test_hard_inputs_are_whole(nlp, text):
    doc = nlp(text)
    assert doc.text == text
    assert_whole(doc)


@pytest.mark.parametrize("unit", ["shells fell on the town and ", "They left. ", "killed,"])
def test_enormous_paragraph(nlp, unit):
    doc = nlp(unit * (100_000 // len(unit)))
    assert_whole(doc)


def test_long_paragraph_is_cut_at_sentences(nlp):
    doc = nlp(" ".join(SENTENCES * 30))
    assert [sentence.text for sentence in doc.sents] == SENTENCES * 30
