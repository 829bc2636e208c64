"""The network: a BERT encoder with one small head for each kind of annotation."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import torch
from safetensors.torch import load_file
from torch import Tensor, nn
from torch.nn import functional

from pipeline.annotate.wordpiece import N_SHAPES

ARC_WIDTH = 192
LABEL_WIDTH = 128
WORD_DROPOUT = 0.2


@dataclass(frozen=True)
class EncoderSize:
    """The dimensions of a BERT encoder, as its config.json states them."""

    vocab: int
    positions: int
    width: int
    layers: int
    heads: int
    inner: int
    epsilon: float

    @classmethod
    def from_json(cls, path: Path) -> EncoderSize:
        """Read the dimensions from the config.json of a published encoder."""
        config = json.loads(path.read_text(encoding="utf8"))
        return cls(
            vocab=config["vocab_size"],
            positions=config["max_position_embeddings"],
            width=config["hidden_size"],
            layers=config["num_hidden_layers"],
            heads=config["num_attention_heads"],
            inner=config["intermediate_size"],
            epsilon=config["layer_norm_eps"],
        )


class Layer(nn.Module):
    """One transformer layer, normalised after each half as in BERT."""

    def __init__(self, size: EncoderSize, dropout: float) -> None:
        super().__init__()
        self.n_heads = size.heads
        self.query = nn.Linear(size.width, size.width)
        self.key = nn.Linear(size.width, size.width)
        self.value = nn.Linear(size.width, size.width)
        self.mix = nn.Linear(size.width, size.width)
        self.mix_norm = nn.LayerNorm(size.width, eps=size.epsilon)
        self.widen = nn.Linear(size.width, size.inner)
        self.narrow = nn.Linear(size.inner, size.width)
        self.narrow_norm = nn.LayerNorm(size.width, eps=size.epsilon)
        self.dropout = nn.Dropout(dropout)

    def split(self, states: Tensor) -> Tensor:
        """Part the width into attention heads: (batch, heads, pieces, width of a head)."""
        batch, pieces, width = states.shape
        return states.view(batch, pieces, self.n_heads, width // self.n_heads).transpose(1, 2)

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        """Let the pieces attend to one another; `bias` bars padding."""
        query, key, value = self.split(self.query(states)), self.split(self.key(states)), self.split(self.value(states))
        # Spelled out, and not scaled_dot_product_attention, so that the exported graph stays plain.
        weights = query @ key.transpose(2, 3) * (query.shape[-1] ** -0.5) + bias
        mixed = (weights.softmax(-1) @ value).transpose(1, 2).reshape(states.shape)
        states = self.mix_norm(states + self.dropout(self.mix(mixed)))
        inner = self.narrow(functional.gelu(self.widen(states)))
        return self.narrow_norm(states + self.dropout(inner))


class Encoder(nn.Module):
    """BERT with one embedding more: the case shape of the word that a piece belongs to."""

    def __init__(self, size: EncoderSize, dropout: float = 0.1) -> None:
        super().__init__()
        self.words = nn.Embedding(size.vocab, size.width)
        self.positions = nn.Embedding(size.positions, size.width)
        self.shapes = nn.Embedding(N_SHAPES, size.width)
        nn.init.zeros_(self.shapes.weight)
        self.norm = nn.LayerNorm(size.width, eps=size.epsilon)
        self.dropout = nn.Dropout(dropout)
        self.layers = nn.ModuleList(Layer(size, dropout) for _ in range(size.layers))

    def forward(self, pieces: Tensor, shapes: Tensor, mask: Tensor) -> Tensor:
        """Give the last states of all pieces."""
        places = torch.arange(pieces.shape[1], device=pieces.device)
        states = self.words(pieces) + self.positions(places) + self.shapes(shapes)
        states = self.dropout(self.norm(states))
        bias = ((1.0 - mask.to(states.dtype)) * -10000.0)[:, None, None, :]
        for layer in self.layers:
            states = layer(states, bias)
        return states

    def load_pretrained(self, path: Path) -> None:
        """Take over published BERT weights, the single token type added to the positions."""
        published = load_file(path)
        published = {name.removeprefix("bert."): value for name, value in published.items()}
        own = {
            "words.weight": published["embeddings.word_embeddings.weight"],
            "positions.weight": published["embeddings.position_embeddings.weight"]
            + published["embeddings.token_type_embeddings.weight"][0],
            "norm.weight": published["embeddings.LayerNorm.weight"],
            "norm.bias": published["embeddings.LayerNorm.bias"],
            "shapes.weight": self.shapes.weight.detach(),
        }
        renamed = {
            "query": "attention.self.query",
            "key": "attention.self.key",
            "value": "attention.self.value",
            "mix": "attention.output.dense",
            "mix_norm": "attention.output.LayerNorm",
            "widen": "intermediate.dense",
            "narrow": "output.dense",
            "narrow_norm": "output.LayerNorm",
        }
        for number in range(len(self.layers)):
            for mine, theirs in renamed.items():
                for part in ("weight", "bias"):
                    own[f"layers.{number}.{mine}.{part}"] = published[f"encoder.layer.{number}.{theirs}.{part}"]
        self.load_state_dict(own)


class TreeHead(nn.Module):
    """Scores of every word as head of every other (biaffine), and what labels are made from."""

    def __init__(self, width: int, n_labels: int) -> None:
        super().__init__()
        self.root = nn.Parameter(torch.randn(width) * 0.1)
        self.arc_dep = nn.Linear(width, ARC_WIDTH)
        self.arc_head = nn.Linear(width, ARC_WIDTH)
        self.arc_pair = nn.Parameter(torch.zeros(ARC_WIDTH, ARC_WIDTH))
        self.arc_prior = nn.Linear(ARC_WIDTH, 1)
        self.label_dep = nn.Linear(width, LABEL_WIDTH)
        self.label_head = nn.Linear(width, LABEL_WIDTH)
        self.label_out = nn.Linear(LABEL_WIDTH, n_labels)
        self.dropout = nn.Dropout(WORD_DROPOUT)
        nn.init.xavier_uniform_(self.arc_pair)

    def forward(self, words: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Give arc scores (batch, words, 1 + words; column 0 is the root) and the two halves of the labels."""
        root = self.root.expand(words.shape[0], 1, -1)
        heads = torch.cat([root, words], dim=1)
        dep = self.dropout(functional.gelu(self.arc_dep(words)))
        head = self.dropout(functional.gelu(self.arc_head(heads)))
        arcs = (dep @ self.arc_pair) @ head.transpose(1, 2) + self.arc_prior(head).transpose(1, 2)
        return arcs, self.label_dep(words), self.label_head(heads)

    def label(self, deps: Tensor, heads: Tensor, gold: Tensor) -> Tensor:
        """Give label scores of each word under its gold head."""
        chosen = heads.gather(1, gold.clamp(min=0)[..., None].expand(-1, -1, heads.shape[2]))
        return self.label_out(self.dropout(functional.gelu(deps + chosen)))


class Network(nn.Module):
    """Encoder, one linear layer for each kind of word label, and the tree."""

    def __init__(self, size: EncoderSize, word_labels: dict[str, int], n_deprels: int) -> None:
        super().__init__()
        self.encoder = Encoder(size)
        self.shapes = nn.Embedding(N_SHAPES, size.width)
        nn.init.zeros_(self.shapes.weight)
        self.dropout = nn.Dropout(WORD_DROPOUT)
        self.word_heads = nn.ModuleDict({name: nn.Linear(size.width, n) for name, n in word_labels.items()})
        self.tree = TreeHead(size.width, n_deprels)

    def forward(self, pieces: Tensor, shapes: Tensor, mask: Tensor, firsts: Tensor) -> dict[str, Tensor]:
        """Score every word; `firsts` holds the place of each word's first piece."""
        states = self.encoder(pieces, shapes, mask)
        words = states.gather(1, firsts[..., None].expand(-1, -1, states.shape[2]))
        words = self.dropout(words + self.shapes(shapes.gather(1, firsts)))
        scores = {name: head(words) for name, head in self.word_heads.items()}
        scores["arcs"], scores["label_dep"], scores["label_head"] = self.tree(words)
        return scores
