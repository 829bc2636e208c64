"""Train the network: python -m models.training.train --corpora DIR --encoder DIR --out DIR."""

from __future__ import annotations

import argparse
import random
import time
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import spacy
import torch
from spacy.language import Language
from torch import Tensor
from torch.nn import functional

from models.training import CONFIG, REPOSITORY, annotations, corpora, windows
from models.training.network import EncoderSize, Network
from pipeline.annotate.wordpiece import WordPiece
from pipeline.event_scores import CERTAINTY, EVENTS, KINDS, ROLES

WORD_HEADS = ("names", "conflict", "upos", "xpos", "roles", "events", "kinds", "certainty")


class Data:
    """All corpora of a configuration, and the labels found in them."""

    def __init__(
        self, root: Path, config: dict[str, Any], dev: bool = False, parser: Language | None = None, own: bool = True
    ) -> None:
        files, suffix = config["corpora"], "_dev" if dev else ""
        treebanks: dict[str, corpora.Document] = {}
        for name in files[f"treebanks{suffix}"]:
            treebanks |= corpora.read_treebank(root / name)
        corpora.reduce_rare_deprels(treebanks.values(), config["labels"]["min_deprel_count"])
        rows = corpora.read_rows(root / files[f"names{suffix}"])
        corpora.lay_names(treebanks, [r for r in rows if r["id"].rpartition("-")[0] in treebanks])
        apart = {*files["treebank_sources"], *files["skip_sources"]}
        self.treebanks = list(treebanks.values())
        self.names = corpora.read_passages([r for r in rows if r["source"] not in apart], "names")
        self.conflict = corpora.read_passages(corpora.read_rows(root / files[f"conflict{suffix}"]), "conflict")
        items = annotations.read_items(REPOSITORY / config["annotations"]["folder"], held_back=dev) if own else []
        self.annotations = annotations.documents(items, parser)

    def labels(self, config: dict[str, Any]) -> dict[str, list[str]]:
        """List the values of every column, most basic first so that numbers are stable."""
        sentences = [sentence for document in self.treebanks for sentence in document]
        found = {
            column: sorted({value for sentence in sentences for value in sentence.columns[column]})
            for column in ("upos", "xpos", "deprels")
        }
        marks = {name: bio_labels(config["labels"][name]) for name in ("names", "conflict")}
        marks["roles"] = bio_labels(ROLES)
        events = {"events": list(EVENTS), "kinds": list(KINDS), "certainty": list(CERTAINTY)}
        return marks | found | events

    def epoch(self, config: dict[str, Any], rng: random.Random, vary: bool = True) -> Iterable[corpora.Sentence]:
        """Give the windows of one pass, cut and varied anew."""
        conflict = self.conflict * (config["training"]["conflict_repeats"] if vary else 1)
        own = self.annotations * (config["training"]["annotation_repeats"] if vary else 1)
        # Single sentences are read one behind another, so that the network is used to company.
        mixed = [sentence for document in rng.sample(own, len(own)) for sentence in document]
        for documents in (self.treebanks, self.names, conflict, [mixed]):
            for window in windows.cut_windows(documents, config["windows"]["words"], rng):
                yield windows.vary(window, config["augment"], rng) if vary else window


def word_head_sizes(labels: dict[str, list[str]]) -> dict[str, int]:
    """Say how many values each head of single words tells apart."""
    return {name: len(labels[name]) for name in WORD_HEADS} | {"starts": 2}


def bio_labels(labels: Sequence[str]) -> list[str]:
    """List BIO tags: O first, then B and I of each label."""
    return ["O", *(f"{mark}-{label}" for label in labels for mark in "BI")]


def loss(network: Network, batch: dict[str, Tensor], weights: dict[str, float]) -> dict[str, Tensor]:
    """Give the weighted loss of each task, summed over labelled words and divided by all words."""
    scores = network(batch["pieces"], batch["shapes"], batch["mask"], batch["firsts"])
    n_words = (batch["firsts"] > 0).sum()
    real = (batch["firsts"] > 0).float()
    bars = torch.cat([torch.ones(len(real), 1), real], dim=1)[:, None, :]  # no word hangs on padding
    scores["arcs"] = scores["arcs"] + (1.0 - bars) * -10000.0
    scores["deprels"] = network.tree.label(scores["label_dep"], scores["label_head"], batch["heads"])
    losses = {}
    for name, weight in weights.items():
        gold = batch["heads" if name == "arcs" else name]
        total = functional.cross_entropy(
            scores[name].float().flatten(0, 1), gold.flatten(), ignore_index=windows.IGNORED, reduction="sum"
        )
        losses[name] = weight * total / n_words
    return losses


def rate_factor(progress: float, warmup: float) -> float:
    """Rise over the warm-up, then fall in a line to nothing."""
    return progress / warmup if progress < warmup else max(0.0, (1.0 - progress) / (1.0 - warmup))


class Trainer:
    """The state of a run, which is saved every few minutes and taken up again when it exists."""

    def __init__(self, network: Network, config: dict[str, Any], out: Path) -> None:
        self.network, self.settings, self.weights = network, config["training"], config["weights"]
        encoder = list(network.encoder.parameters())
        known = {id(parameter) for parameter in encoder}
        heads = [parameter for parameter in network.parameters() if id(parameter) not in known]
        self.rates = (self.settings["encoder_rate"], self.settings["head_rate"])
        self.optimizer = torch.optim.AdamW(
            [{"params": encoder}, {"params": heads}], weight_decay=self.settings["weight_decay"], fused=True
        )
        self.epoch, self.step, self.seconds = 0, 0, 0.0
        self.path = out / "checkpoint.pt"
        if self.path.exists():
            state = torch.load(self.path)
            self.network.load_state_dict(state["network"])
            self.optimizer.load_state_dict(state["optimizer"])
            self.epoch, self.step, self.seconds = state["epoch"], state["step"], state["seconds"]

    def save(self) -> None:
        """Write the state aside and move it into place, so that a cut leaves the last one whole."""
        state = {"network": self.network.state_dict(), "optimizer": self.optimizer.state_dict()}
        state |= {"epoch": self.epoch, "step": self.step, "seconds": self.seconds}
        torch.save(state, self.path.with_suffix(".new"))
        self.path.with_suffix(".new").replace(self.path)

    def update(self, batch: dict[str, Tensor], progress: float) -> dict[str, float]:
        """Learn from one batch at the rate that `progress` (0 to 1) calls for."""
        factor = rate_factor(progress, self.settings["warmup"])
        for group, rate in zip(self.optimizer.param_groups, self.rates, strict=True):
            group["lr"] = rate * factor
        # bfloat16 doubles the speed on processors that have it; the weights stay in float32.
        with torch.autocast("cpu", dtype=torch.bfloat16):
            losses = loss(self.network, batch, self.weights)
        self.optimizer.zero_grad(set_to_none=True)
        sum(losses.values()).backward()
        torch.nn.utils.clip_grad_norm_(self.network.parameters(), self.settings["clip"])
        self.optimizer.step()
        return {name: value.item() for name, value in losses.items()}

    def run(self, data: Data, encoding: windows.Encoding, config: dict[str, Any], minutes: float, steps: int) -> None:
        """Train until the epochs, the minutes or the steps are used up, whichever is first."""
        self.network.train()
        epochs, seed = self.settings["epochs"], self.settings["seed"]
        while self.epoch < epochs:
            rng = random.Random(f"{seed}-{self.epoch}")
            encoded = [encoding.encode(window) for window in data.epoch(config, rng)]
            batches = windows.batches([e for e in encoded if e], self.settings["batch_pieces"], rng)
            for number in range(self.step, len(batches)):
                started = time.monotonic()
                done = (self.epoch + number / len(batches)) / epochs
                progress = max(done, self.seconds / 60 / minutes)
                if progress >= 1 or self.epoch * len(batches) + number >= steps:
                    return
                losses = self.update(batches[number], progress)
                before = self.seconds
                self.seconds += time.monotonic() - started
                self.step = number + 1
                if number % 50 == 0:
                    report = " ".join(f"{name} {value:.3f}" for name, value in losses.items())
                    print(f"epoch {self.epoch} step {number}/{len(batches)} {self.seconds:.0f}s {report}", flush=True)
                pause = self.settings["checkpoint_minutes"] * 60
                if before // pause != self.seconds // pause:
                    self.save()
            self.epoch, self.step = self.epoch + 1, 0


def take_over(network: Network, path: Path) -> None:
    """Start from the weights of an earlier run where they fit; heads that it lacks stay new."""
    earlier, own = torch.load(path)["weights"], network.state_dict()
    network.load_state_dict(
        own | {name: v for name, v in earlier.items() if name in own and v.shape == own[name].shape}
    )


def main() -> None:
    """Read the command line, train and write network.pt."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpora", type=Path, required=True)
    parser.add_argument("--encoder", type=Path, required=True, help="folder with model.safetensors and vocab.txt")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--without-annotations", action="store_true", help="learn from the corpora alone")
    parser.add_argument("--parser", type=Path, help="packaged pipeline that gives our own sentences tags and trees")
    parser.add_argument("--start", type=Path, help="network.pt of an earlier run, to learn new annotations on top of")
    parser.add_argument("--config", type=Path, default=CONFIG)
    parser.add_argument("--minutes", type=float, default=float("inf"), help="end earlier, the rate falling in time")
    parser.add_argument("--steps", type=float, default=float("inf"), help="stop after so many batches, to try things")
    parser.add_argument("--threads", type=int, default=2)
    args = parser.parse_args()

    config = tomllib.loads(args.config.read_text(encoding="utf8"))
    torch.manual_seed(config["training"]["seed"])
    torch.set_num_threads(args.threads)
    args.out.mkdir(parents=True, exist_ok=True)
    parser_of_ours = spacy.load(args.parser) if args.parser else None
    data = Data(args.corpora, config, parser=parser_of_ours, own=not args.without_annotations)
    labels = data.labels(config)
    size = EncoderSize.from_json(args.encoder / "config.json")
    network = Network(size, word_head_sizes(labels), len(labels["deprels"]))
    network.encoder.load_pretrained(args.encoder / "model.safetensors")
    if args.start:
        take_over(network, args.start)
    wordpiece = WordPiece.from_file(args.encoder / "vocab.txt")
    encoding = windows.Encoding(wordpiece, labels, config["windows"]["pieces"])
    trainer = Trainer(network, config, args.out)
    trainer.run(data, encoding, config, args.minutes, args.steps)
    state = {"weights": network.state_dict(), "size": asdict(size), "labels": labels}
    torch.save(state, args.out / "network.pt")
    (args.out / "vocab.txt").write_text("\n".join(wordpiece.vocab) + "\n", encoding="utf8")
    trainer.path.unlink(missing_ok=True)  # the next run begins anew


if __name__ == "__main__":
    main()
