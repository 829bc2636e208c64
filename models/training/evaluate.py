"""Score a packaged pipeline: python -m models.training.evaluate --model DIR --corpora DIR [--baseline DIR]."""

from __future__ import annotations

import argparse
import json
import os
import resource
import subprocess
import sys
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from models.training import CONFIG, REPOSITORY
from models.training.annotations import NAMES, apart, read_items
from models.training.corpora import NAME_LABELS, Mention, conllu_words, open_text, read_rows
from pipeline.annotate import language_model  # noqa: F401  (registers the factory)
from pipeline.event_scores import NO_EVENT, ROLES, EventScores
from pipeline.taxonomy import SUB_EVENT_TYPES

Scores = dict[str, float]
NEWS = "n"  # how ids of news begin in PUD
ROUNDS = 3


def f_score(right: int, guessed: int, gold: int) -> float:
    """Give the harmonic mean of precision and recall in per cent."""
    return 200 * right / (guessed + gold) if guessed + gold else 0.0


def parse_sentences(nlp: Language, sentences: Iterable[list[list[str]]]) -> Scores:
    """Score trees, tags and lemmas on given words, each sentence read alone.

    UAS and LAS leave punctuation out as spaCy's scorer does, "UAS all" and "LAS all" count it as UD does.
    """
    right: Counter[str] = Counter()
    n_words: Counter[str] = Counter()
    for rows in sentences:
        doc = nlp(Doc(nlp.vocab, words=[row[1] for row in rows]))
        for token, row in zip(doc, rows, strict=True):
            head = 0 if token.head.i == token.i else token.head.i + 1
            is_head, label = head == int(row[6]), "root" if head == 0 else token.dep_
            found = {"UAS all": is_head, "LAS all": is_head and label == row[7]}
            if row[7] != "punct":
                found |= {"UAS": found["UAS all"], "LAS": found["LAS all"]}
            found |= {"UPOS": token.pos_ == row[3], "XPOS": token.tag_ == row[4], "lemma": token.lemma_ == row[2]}
            right.update({name: int(is_right) for name, is_right in found.items()})
            n_words.update(found.keys())
    columns = ("UAS", "LAS", "UAS all", "LAS all", "UPOS", "XPOS", "lemma")
    return {name: 100 * right[name] / n_words[name] for name in columns}


def treebank_paragraphs(path: Path) -> list[list[list[str]]]:
    """Join the sentences of each paragraph of a treebank: lists of sentences of words."""
    paragraphs: list[list[list[str]]] = []
    words: list[str] = []
    with open_text(path) as lines:
        for line in lines:
            if line.startswith(("# newdoc", "# newpar")):
                paragraphs.append([])
            elif line[0].isdigit() and line.split("\t", 1)[0].isdigit():
                words.append(line.split("\t", 2)[1])
            elif not line.strip() and words:
                paragraphs[-1].append(words)
                words = []
    return [paragraph for paragraph in paragraphs if paragraph]


def split_sentences(nlp: Language, paragraphs: Iterable[list[list[str]]]) -> float:
    """Score sentence splitting: F of whole sentences over paragraphs of given words."""
    right = guessed = gold = 0
    for paragraph in paragraphs:
        doc = nlp(Doc(nlp.vocab, words=[word for sentence in paragraph for word in sentence]))
        found = {(sentence.start, sentence.end) for sentence in doc.sents}
        true, start = set(), 0
        for sentence in paragraph:
            true.add((start, start + len(sentence)))
            start += len(sentence)
        right, guessed, gold = right + len(found & true), guessed + len(found), gold + len(true)
    return f_score(right, guessed, gold)


def find_mentions(
    nlp: Language, rows: Iterable[dict[str, Any]], spans: Callable[[Doc], Iterable[Any]], labels: Iterable[str]
) -> Scores:
    """Score mentions in raw text: exact offsets and label, by label and together."""
    counted: dict[str, Counter[str]] = {label: Counter() for label in labels}
    for row in rows:
        doc = nlp(row["text"])
        gold = {(begin, end, NAME_LABELS.get(label, label)) for begin, end, label in row["ents"]}
        found = {(span.start_char, span.end_char, NAME_LABELS.get(span.label_, span.label_)) for span in spans(doc)}
        for label, counts in counted.items():
            for name, mentions in (("gold", gold), ("guessed", found), ("right", gold & found)):
                counts[name] += sum(mention[2] == label for mention in mentions)
    total = sum(counted.values(), Counter())
    scores = {label: f_score(c["right"], c["guessed"], c["gold"]) for label, c in counted.items() if c["gold"]}
    return {"F": f_score(total["right"], total["guessed"], total["gold"])} | scores


def names(doc: Doc) -> Iterable[Any]:
    """Give the named entities of a Doc."""
    return doc.ents


def conflict_entities(doc: Doc) -> Iterable[Any]:
    """Give the conflict entities of a Doc; a pipeline without them finds none."""
    return doc.spans.get("conflict_entities", ())


def roles(doc: Doc) -> Iterable[Any]:
    """Give the roles of events in a Doc."""
    return doc.spans.get("event_roles", ())


def score_events(nlp: Language, items: Iterable[tuple[str, list[Mention]]]) -> Scores:
    """Score the words that tell events (F, and how often their type is right) and what items report.

    Items that report several types at once are left out of the last figure.
    """
    counts: Counter[str] = Counter()
    for text, marks in items:
        doc = nlp(text)
        scores = EventScores(doc)
        told = {i: label[2:].partition("@")[0] for i, label in marked_words(doc, marks, "T:")}
        totals = {i for i, _ in marked_words(doc, marks, "S:")}
        found = {t.i: best(scores.word(t.i)) for t in doc if t.i not in totals}
        found = {i: label for i, label in found.items() if label not in ("O", NO_EVENT)}
        counts.update(gold=len(told), found=len(found), both=len(told.keys() & found.keys()))
        counts.update(typed=sum(found.get(i) == label for i, label in told.items()))
        types = set(told.values()) or {NO_EVENT}
        if len(types) == 1 and not totals:
            guess = best(scores.sentence(doc[:]))
            counts.update(items=1, real=(guess != NO_EVENT) == (types != {NO_EVENT}), kind=guess in types)
    return {
        "event words F": f_score(counts["both"], counts["found"], counts["gold"]),
        "their type": 100 * counts["typed"] / max(counts["both"], 1),
        "event or not": 100 * counts["real"] / counts["items"],
        "kind": 100 * counts["kind"] / counts["items"],
    }


def marked_words(doc: Doc, marks: Iterable[Mention], prefix: str) -> Iterator[tuple[int, str]]:
    """Give the words under marks whose label begins with a prefix, each with the label."""
    for begin, end, label in marks:
        if label.startswith(prefix):
            yield from ((token.i, label) for token in doc if begin < token.idx + len(token) and token.idx < end)


def best(scores: dict[str, float]) -> str:
    """Give the label of the highest score."""
    return max(scores, key=lambda label: scores[label])


def score_notes(nlp: Language, path: Path) -> Scores:
    """Score the type of notes that report one event each, which the network has never seen."""
    right: Counter[str] = Counter()
    for note in read_rows(path):
        types = {(row["event_type"], row["sub_event_type"]) for row in note["rows"] if row["record_type"] == "event"}
        if len(types) == 1 and len(note["rows"]) == 1:
            doc = nlp(note["text"])
            guess = best({kind: p for kind, p in EventScores(doc).sentence(doc[:]).items() if kind != NO_EVENT})
            event_type, sub_event_type = types.pop()
            right.update(notes=1, sub=guess == sub_event_type, type=SUB_EVENT_TYPES[guess][0] == event_type)
    return {"event_type": 100 * right["type"] / right["notes"], "sub_event_type": 100 * right["sub"] / right["notes"]}


def own_sentences(nlp: Language) -> dict[str, Scores]:
    """Run the tests on the project's own sentences that were held back, and on its notes."""
    config = tomllib.loads(CONFIG.read_text(encoding="utf8"))["annotations"]
    items = read_items(REPOSITORY / config["folder"], held_back=True)
    named = [{"text": text, "ents": [m for m in marks if m[2] in NAMES]} for text, marks in items]
    acting = [{"text": text, "ents": list(apart(marks))} for text, marks in items]
    return {
        "own sentences, names": find_mentions(nlp, named, names, ("PERSON", "ORG", "LOC", "NORP")),
        "own sentences, roles": find_mentions(nlp, acting, roles, ROLES),
        "own sentences, events": score_events(nlp, items),
        "notes": score_notes(nlp, REPOSITORY / "tests/gold/notes.jsonl"),
    }


def score(model: Path, corpora: Path) -> dict[str, Scores]:
    """Run all tests of accuracy."""
    nlp = spacy.load(model)
    ewt = corpora / "ud_ewt/en_ewt-ud-test.conllu.gz"
    pud = list(conllu_words(corpora / "ud_pud/en_pud-ud-test.conllu.gz"))
    general = ("PERSON", "ORG", "LOC")
    news_rows = [r for r in read_rows(corpora / "ner_general/test_pud.jsonl.gz") if r["id"].startswith(NEWS)]
    ewt_rows = [r for r in read_rows(corpora / "ner_general/test.jsonl.gz") if r["source"] == "UNER_English-EWT"]
    conflict_rows = read_rows(corpora / "re3d_open/dev.jsonl")
    conflict_labels = sorted({label for row in conflict_rows for _, _, label in row["ents"]})
    return {
        "PUD": parse_sentences(nlp, (rows for _, rows in pud)),
        "PUD news": parse_sentences(nlp, (rows for document, rows in pud if document.startswith(NEWS))),
        "EWT test": parse_sentences(nlp, (rows for _, rows in conllu_words(ewt))),
        "EWT test, sentences": {"F": split_sentences(nlp, treebank_paragraphs(ewt))},
        "UNER-EWT test, names": find_mentions(nlp, ewt_rows, names, general),
        "UNER-PUD news, names": find_mentions(nlp, news_rows, names, general),
        "re3d dev, conflict entities": find_mentions(nlp, conflict_rows, conflict_entities, conflict_labels),
        **own_sentences(nlp),
    }


def speed(models: list[Path], texts: list[str]) -> list[float]:
    """Give words a second on one core, the best of some rounds in which the pipelines take turns."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    pipelines = [spacy.load(model) for model in models]
    best = [0.0] * len(models)
    for _ in range(ROUNDS):
        for number, nlp in enumerate(pipelines):
            started = time.process_time()
            n_words = sum(not token.is_space for doc in nlp.pipe(texts) for token in doc)
            best[number] = max(best[number], n_words / (time.process_time() - started))
    return best


def footprint(model: Path, texts: list[str]) -> Scores:
    """Measure load time and peak memory of this process, which must have loaded nothing else."""
    started = time.process_time()
    nlp = spacy.load(model)
    loaded = time.process_time() - started
    for _ in nlp.pipe(texts):
        pass
    return {"load, s": loaded, "peak memory, MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}


def main() -> None:
    """Read the command line and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--baseline", type=Path, help="another pipeline, to be timed in turns with the model")
    parser.add_argument("--footprint", action="store_true", help="only load time and memory, as JSON")
    parser.add_argument("--speed", action="store_true", help="only words a second")
    args = parser.parse_args()
    texts = [row["text"] for row in read_rows(args.corpora / "wikinews/articles.jsonl")]
    models = [args.model, *([args.baseline] if args.baseline else [])]
    if args.footprint:
        print(json.dumps(footprint(args.model, texts)))
        return
    if not args.speed:
        for test, scores in score(args.model, args.corpora).items():
            print(f"{test}: " + "  ".join(f"{name} {value:.1f}" for name, value in scores.items()), flush=True)
    for model in models:
        command = [sys.executable, "-m", "models.training.evaluate", "--footprint"]
        command += ["--corpora", str(args.corpora), "--model", str(model)]
        printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        print(f"{model}: " + "  ".join(f"{name} {value:.1f}" for name, value in json.loads(printed).items()))
    for model, words in zip(models, speed(models, texts), strict=True):
        print(f"{model}: {words:.0f} words a second of one core's time")


if __name__ == "__main__":
    main()
