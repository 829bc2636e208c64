"""Export a trained network as a spaCy pipeline: python -m models.training.export --run DIR --out DIR."""

from __future__ import annotations

import argparse
import json
import random
import tempfile
import tomllib
from pathlib import Path
from typing import Any

import spacy_lookups_data
import torch
from spacy.lang.en import English

from models.training import CONFIG
from models.training.deployed import INPUTS, Deployed, Labeller
from models.training.lemma_tables import compile_lemmas
from models.training.network import EncoderSize, Network
from models.training.quantise import quantise
from models.training.tokenizer import make_tokenizer
from models.training.train import Data, word_head_sizes
from models.training.windows import Encoding, batches
from pipeline.annotate.language_model import make_multitask_onnx  # noqa: F401  (registers the factory)
from pipeline.annotate.onnx_network import OUTPUTS
from pipeline.annotate.wordpiece import WordPiece

OPSET = 17
N_CALIBRATION = 120  # windows
META = {
    "name": "conflict_en",
    "version": "0.2.0",
    "description": "English syntax, names and events for texts on armed conflict: one multi-task MiniLM in int8",
    "author": "conflict-events",
    "license": "CC BY-SA 4.0",
    "spacy_version": ">=3.8.7,<3.9.0",
    "sources": [
        {"name": "all-MiniLM-L6-v2", "license": "Apache-2.0"},
        {"name": "UD English-EWT", "license": "CC BY-SA 4.0"},
        {"name": "UD English-GUM, open genres", "license": "CC BY 4.0; texts CC BY 2.5, CC BY-SA 3.0, CC BY 4.0"},
        {"name": "Universal NER, English-EWT", "license": "CC BY-SA 4.0"},
        {"name": "Wikigold", "license": "CC BY 4.0"},
        {"name": "CrossNER, politics", "license": "MIT; texts CC BY-SA"},
        {"name": "re3d, open rows", "license": "public domain; OGL v3.0; CC BY 3.0 AU; CC BY-SA 3.0; EU reuse"},
        {"name": "spacy-lookups-data", "license": "MIT; WordNet 3.0"},
    ],
}


def load_network(run: Path) -> tuple[Network, dict[str, list[str]]]:
    """Rebuild the network that `train` wrote."""
    state = torch.load(run / "network.pt")
    labels: dict[str, list[str]] = state["labels"]
    network = Network(EncoderSize(**state["size"]), word_head_sizes(labels), len(labels["deprels"]))
    network.load_state_dict(state["weights"])
    return network.eval(), labels


def export_graph(network: Network, path: Path) -> None:
    """Write the network in float32 with free sizes of batch and window."""
    pieces = torch.ones(2, 9, dtype=torch.int64)
    firsts = torch.arange(1, 7).expand(2, 6)
    example = (pieces, pieces.clone(), torch.ones(2, 9), firsts)
    axes = {name: {0: "batch", 1: "places"} for name in INPUTS[:3]} | {"firsts": {0: "batch", 1: "words"}}
    axes |= {name: {0: "batch", 1: "words"} for name in OUTPUTS}
    axes["arcs"] = {0: "batch", 1: "words", 2: "heads"}
    axes["label_head"] = {0: "batch", 1: "heads"}
    torch.onnx.export(
        Deployed(network).eval(), example, path, input_names=INPUTS, output_names=list(OUTPUTS), dynamic_axes=axes,
        opset_version=OPSET, dynamo=False,
    )  # fmt: skip


def export_labeller(network: Network, root: int, path: Path) -> None:
    """Write the small graph that names the relations of chosen arcs."""
    halves = torch.zeros(3, network.tree.label_out.in_features)
    torch.onnx.export(
        Labeller(network, root).eval(), (halves, halves), path, input_names=["deps", "heads"],
        output_names=["relations"], dynamic_axes={name: {0: "words"} for name in ("deps", "heads", "relations")},
        opset_version=OPSET, dynamo=False,
    )  # fmt: skip


def calibration(corpora: Path, config: dict[str, Any], run: Path) -> list[dict[str, Any]]:
    """Take some training windows as inputs of the graph, to measure activations on."""
    data = Data(corpora, config)
    wordpiece = WordPiece.from_file(run / "vocab.txt")
    encoding = Encoding(wordpiece, {}, config["windows"]["pieces"])
    rng = random.Random(config["training"]["seed"])
    drawn = rng.sample(list(data.epoch(config, rng, vary=False)), N_CALIBRATION)
    encoded = [window for window in map(encoding.encode, drawn) if window]
    return [{name: batch[name].numpy() for name in INPUTS} for batch in batches(encoded, 1600, rng)]


def component_files(run: Path, corpora: Path, config: dict[str, Any]) -> dict[str, bytes]:
    """Make the contents of all files of the component."""
    network, labels = load_network(run)
    treebanks = [corpora / name for name in config["corpora"]["treebanks"]]
    with tempfile.TemporaryDirectory() as folder:
        plain, small, relations = (Path(folder) / name for name in ("plain.onnx", "small.onnx", "relations.onnx"))
        export_graph(network, plain)
        quantise(plain, small, calibration(corpora, config, run))
        export_labeller(network, labels["deprels"].index("root"), relations)
        graphs = {"network.onnx": small.read_bytes(), "relations.onnx": relations.read_bytes()}
    lemmas = compile_lemmas(Path(spacy_lookups_data.__file__).parent / "data", treebanks)
    # A BIO tag is numbered from its label, so labels are enough.
    plain_labels = {
        name: [v[2:] for v in labels[name] if v.startswith("B-")] for name in ("names", "conflict", "roles")
    }
    return graphs | {
        "vocab.txt": (run / "vocab.txt").read_bytes(),
        "labels.json": json.dumps(labels | plain_labels, indent=1).encode("utf8"),
        "lemmas.json": lemmas.to_json(),
    }


def package(files: dict[str, bytes], out: Path, meta: dict[str, Any]) -> None:
    """Write a pipeline that spacy.load opens."""
    nlp = English()
    nlp.tokenizer = make_tokenizer()
    nlp.add_pipe("multitask_onnx").load(files)  # type: ignore[attr-defined]
    nlp.meta.update(meta)
    nlp.to_disk(out)


def main() -> None:
    """Read the command line and export."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder that train wrote")
    parser.add_argument("--corpora", type=Path, required=True, help="for the lemma tables")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    config = tomllib.loads(CONFIG.read_text(encoding="utf8"))
    package(component_files(args.run, args.corpora, config), args.out, META)


if __name__ == "__main__":
    main()
