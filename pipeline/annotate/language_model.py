"""The language model as a spaCy component: sentences, tags, trees, lemmas and names in one pass."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import srsly
from spacy.language import Language
from spacy.tokens import Doc, Span

from pipeline.annotate.decoding import best_tags, best_tree
from pipeline.annotate.lemmas import Lemmas
from pipeline.annotate.onnx_network import OnnxNetwork, WindowScores
from pipeline.annotate.wordpiece import WordPiece
from pipeline.event_scores import COLUMNS, ROLES, SHARES, WHOLE, WIDTH, EventScores, tag_spans

FILES = ("network.onnx", "relations.onnx", "vocab.txt", "labels.json", "lemmas.json")
ROOT = "ROOT"  # as spaCy writes it; all other relations are those of the treebanks
BLANK = ("_SP", "SPACE", "dep")  # tag, part of speech and relation of blanks
PARAGRAPH_MARKS = frozenset("\n\r\v\f\x85\u2028\u2029")

DEFAULTS = {
    "threads": 1,
    "window_words": 110,
    "batch_pieces": 512,
    "spans_key": "conflict_entities",
    "roles_key": "event_roles",
}


@Language.factory(
    "multitask_onnx",
    assigns=[
        "doc.sents",
        "doc.ents",
        "doc.spans",
        "doc.tensor",
        "token.is_sent_start",
        "token.tag",
        "token.pos",
        "token.dep",
        "token.head",
        "token.lemma",
        "token.ent_type",
        "token.ent_iob",
    ],
    default_config=DEFAULTS,
)
def make_multitask_onnx(
    nlp: Language, name: str, threads: int, window_words: int, batch_pieces: int, spans_key: str, roles_key: str
) -> MultitaskOnnx:
    """Create the component, without a network: that comes with `from_disk` or `from_bytes`."""
    return MultitaskOnnx(
        nlp.vocab,
        name,
        threads=threads,
        window_words=window_words,
        batch_pieces=batch_pieces,
        spans_key=spans_key,
        roles_key=roles_key,
    )


@dataclass(slots=True)
class Stretch:
    """Words of a window that are settled: their places in the Doc and what was said of them."""

    tokens: list[int]
    scores: WindowScores


class MultitaskOnnx:
    """Set sentences, tags, trees, lemmas, names and what the words say of events from one network.

    Paragraphs, parted by line breaks, are read apart, and no sentence crosses a line break.
    Windows are batched within a Doc only: a text gives the same result whatever else is read.
    """

    def __init__(
        self,
        vocab: Any,
        name: str = "multitask_onnx",
        *,
        threads: int = 1,
        window_words: int = 110,
        batch_pieces: int = 512,
        spans_key: str = "conflict_entities",
        roles_key: str = "event_roles",
    ) -> None:
        """Keep the settings.

        vocab (Vocab): The shared vocabulary.
        name (str): The component's name in the pipeline.
        threads (int): Threads of onnxruntime in each process.
        window_words (int): The longest run of words that the network reads at once.
        batch_pieces (int): Sub-tokens that are run together, padding included.
        spans_key (str): Where in `doc.spans` the entities of conflict texts are put.
        roles_key (str): Where in `doc.spans` the roles of events are put.
        """
        self.vocab = vocab
        self.name = name
        self.threads = threads
        self.window_words = window_words
        self.batch_pieces = batch_pieces
        self.spans_key = spans_key
        self.roles_key = roles_key
        self._files: dict[str, bytes] = {}

    @property
    def labels(self) -> tuple[str, ...]:
        """The labels of `doc.ents`."""
        return tuple(self._labels["names"]) if self._files else ()

    def __call__(self, doc: Doc) -> Doc:
        """Annotate one Doc in place."""
        if not self._files:
            raise ValueError(f"Component '{self.name}' has no network yet. Load it with from_disk or from_bytes.")
        stretches = self._read(doc)
        self._set_words(doc, stretches)
        self._set_spans(doc, stretches)
        doc.tensor = event_table(len(doc), stretches)
        scores = EventScores.of(doc)
        doc.spans[self.roles_key] = scores.roles() if scores is not None else []
        return doc

    def pipe(self, stream: Iterable[Doc], *, batch_size: int = 128) -> Iterator[Doc]:
        """Annotate Docs one by one: a Doc fills a batch of windows by itself."""
        for doc in stream:
            yield self(doc)

    def _read(self, doc: Doc) -> list[Stretch]:
        """Run the network over all paragraphs; those longer than a window take several rounds."""
        texts = [token.text for token in doc]
        stretches: list[Stretch] = []
        waiting = paragraphs(doc, texts)
        while waiting:
            windows = [tokens[: self._fit(tokens, texts)] for tokens in waiting]
            scores = self._network.run([[texts[i] for i in window] for window in windows], self.batch_pieces)
            left = []
            for tokens, window, found in zip(waiting, windows, scores, strict=True):
                keep = len(window) if len(window) == len(tokens) else seam(found.starts)
                stretches.append(Stretch(window[:keep], found))
                if keep < len(tokens):
                    left.append(tokens[keep:])
            waiting = left
        return sorted(stretches, key=stretch_start)

    def _fit(self, tokens: list[int], texts: list[str]) -> int:
        return self._network.fit([texts[i] for i in tokens[: self.window_words]], self.window_words)

    def _set_words(self, doc: Doc, stretches: list[Stretch]) -> None:
        """Set tags, lemmas and trees; the sentences follow from the trees."""
        n_tokens = len(doc)
        places: list[int] = []
        heads = blank_heads(n_tokens, stretches)
        deps, dep_sides, head_sides = [self._blank_ids[2]] * n_tokens, [], []
        tags, pos = [self._blank_ids[0]] * n_tokens, [self._blank_ids[1]] * n_tokens
        for stretch in stretches:
            tree = stretch_tree(stretch)
            scores, tokens = stretch.scores, stretch.tokens
            dep_sides.append(scores.label_dep[: len(tokens)])
            head_sides.append(scores.label_head[tree])
            places += tokens
            for i, head, upos, xpos in zip(tokens, tree, scores.upos.tolist(), scores.xpos.tolist(), strict=False):
                heads[i] = tokens[head - 1] if head else i
                pos[i], tags[i] = self._ids["upos"][upos], self._ids["xpos"][xpos]
        if places:
            relations = self._network.label(np.concatenate(dep_sides), np.concatenate(head_sides))
            for i, relation in zip(places, relations.tolist(), strict=True):
                deps[i] = self._ids["deprels"][relation] if heads[i] != i else self._root_id
        lemmas = self._lemma_ids(doc, pos, tags)
        offsets = np.array(heads, dtype=np.int64) - np.arange(n_tokens)
        columns = [np.array(column, dtype=np.uint64) for column in (tags, pos, lemmas, deps)]
        values: Any = np.stack([*columns, offsets.astype(np.uint64)], axis=1)
        doc.from_array(["TAG", "POS", "LEMMA", "DEP", "HEAD"], values)

    def _lemma_ids(self, doc: Doc, pos: list[int], tags: list[int]) -> list[int]:
        strings = self.vocab.strings
        return [
            strings.add(self._lemmas(token.text, self._names[p], self._names[t]))
            for token, p, t in zip(doc, pos, tags, strict=True)
        ]

    def _set_spans(self, doc: Doc, stretches: list[Stretch]) -> None:
        found: dict[str, list[Span]] = {"names": [], "conflict": []}
        for stretch in stretches:
            tokens = stretch.tokens
            for column, spans in found.items():
                labels = self._labels[column]
                for start, end, label in tag_spans(best_tags(getattr(stretch.scores, column)[: len(tokens)])):
                    spans.append(Span(doc, tokens[start], tokens[end - 1] + 1, label=labels[label]))
        doc.set_ents(found["names"])
        doc.spans[self.spans_key] = found["conflict"]

    def load(self, files: dict[str, bytes]) -> None:
        """Make the network and the tables from the contents of FILES."""
        missing = [name for name in FILES if name not in files]
        if missing:
            raise ValueError(f"The model of component '{self.name}' lacks {', '.join(missing)}. Is the copy whole?")
        self._files = {name: files[name] for name in FILES}
        wordpiece = WordPiece(files["vocab.txt"].decode("utf8").rstrip("\n").split("\n"))
        self._network = OnnxNetwork(files["network.onnx"], files["relations.onnx"], wordpiece, self.threads)
        self._lemmas = Lemmas.from_json(files["lemmas.json"])
        self._labels: dict[str, list[str]] = json.loads(files["labels.json"])
        known = {"roles": ROLES, **SHARES}
        if {name: tuple(self._labels.get(name, ())) for name in known} != known:
            raise ValueError(f"The model of component '{self.name}' was taught other events than this version reads")
        strings = self.vocab.strings
        self._ids = {name: [strings.add(label) for label in self._labels[name]] for name in ("upos", "xpos", "deprels")}
        self._blank_ids = [strings.add(label) for label in BLANK]
        self._root_id = strings.add(ROOT)
        tag_ids = [*self._ids["upos"], *self._ids["xpos"], *self._blank_ids]
        self._names = {number: strings[number] for number in tag_ids}

    def to_bytes(self, *, exclude: Iterable[str] = ()) -> bytes:
        """Serialize the network and the tables."""
        return srsly.msgpack_dumps(self._files)

    def from_bytes(self, data: bytes, *, exclude: Iterable[str] = ()) -> MultitaskOnnx:
        """Load what `to_bytes` gave."""
        self.load(srsly.msgpack_loads(data))
        return self

    def to_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> None:
        """Write the network and the tables into a folder."""
        folder = Path(path)
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in self._files.items():
            (folder / name).write_bytes(content)

    def from_disk(self, path: str | Path, *, exclude: Iterable[str] = ()) -> MultitaskOnnx:
        """Load a folder that `to_disk` wrote."""
        self.load({name: (Path(path) / name).read_bytes() for name in FILES if (Path(path) / name).exists()})
        return self

    def __getstate__(self) -> dict[str, Any]:
        settings = ("vocab", "name", "threads", "window_words", "batch_pieces", "spans_key", "roles_key", "_files")
        return {name: getattr(self, name) for name in settings}

    def __setstate__(self, state: dict[str, Any]) -> None:
        self.__dict__.update(state)
        if self._files:
            self.load(self._files)


def stretch_start(stretch: Stretch) -> int:
    """Give the place of a stretch in its Doc, to sort by."""
    return stretch.tokens[0]


def paragraphs(doc: Doc, texts: list[str]) -> list[list[int]]:
    """List the words (not the blanks) of each paragraph by their place in the Doc; a dateline is read apart."""
    found: list[list[int]] = [[]]
    ends = {zone.end for zone in (doc._.layout if doc.has_extension("layout") else ()) if zone.kind == "dateline"}
    for token in doc:
        if ends and found[-1] and any(doc[found[-1][-1]].idx < end <= token.idx for end in ends):
            found.append([])
        if not token.is_space:
            found[-1].append(token.i)
        elif not PARAGRAPH_MARKS.isdisjoint(texts[token.i]):
            found.append([])
    return [tokens for tokens in found if tokens]


def seam(starts: np.ndarray) -> int:
    """Say how many words of a window to settle: up to its last sentence start, if that is not early."""
    found = np.flatnonzero(starts > 0)
    last = int(found[-1]) if len(found) else 0
    return last if last >= len(starts) // 4 and last > 0 else len(starts)


def stretch_tree(stretch: Stretch) -> list[int]:
    """Give the head of each word, one tree a sentence, counted from 1 in the stretch; 0 for roots."""
    n_words = len(stretch.tokens)
    begins = [0, *(i for i in np.flatnonzero(stretch.scores.starts[:n_words] > 0).tolist() if i > 0)]
    tree: list[int] = []
    for begin, end in zip(begins, [*begins[1:], n_words], strict=True):
        columns = [0, *range(begin + 1, end + 1)]
        heads = best_tree(stretch.scores.arcs[begin:end, columns])
        tree += [head + begin if head else 0 for head in heads]
    return tree


def blank_heads(n_tokens: int, stretches: list[Stretch]) -> list[int]:
    """Hang every token on the one before it, those before the first word on that word."""
    first = stretches[0].tokens[0] if stretches else 0
    return [first if i < first else max(i - 1, 0) for i in range(n_tokens)]


def event_table(n_tokens: int, stretches: Iterable[Stretch]) -> Any:
    """Give what `EventScores` reads: a row a token, probabilities in bytes; blanks have zeros."""
    table = np.zeros((n_tokens, WIDTH), dtype=np.uint8)
    for stretch in stretches:
        tokens, scores = stretch.tokens, stretch.scores
        table[tokens, 0] = best_tags(scores.roles[: len(tokens)])
        for name, columns in COLUMNS.items():
            found = getattr(scores, name)[: len(tokens)]
            powers = np.exp(found - found.max(axis=1, keepdims=True))
            shares = powers / powers.sum(axis=1, keepdims=True)
            table[tokens, columns] = np.rint(shares * WHOLE)
    return table
