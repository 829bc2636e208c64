"""The network as it is shipped: joined projections, a word table in int8, best tags chosen inside."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

from models.training.network import Encoder, Layer, Network
from pipeline.annotate.onnx_network import OUTPUTS

INPUTS = ["pieces", "shapes", "mask", "firsts"]


class Int8Table(nn.Module):
    """An embedding table with one scale a row: a quarter of the size, hardly a difference."""

    def __init__(self, table: nn.Embedding) -> None:
        super().__init__()
        weights = table.weight.detach()
        scale = weights.abs().amax(dim=1, keepdim=True).clamp(min=1e-8) / 127
        self.register_buffer("scale", scale)
        self.register_buffer("rows", (weights / scale).round().to(torch.int8))

    def forward(self, numbers: Tensor) -> Tensor:
        """Look rows up and scale them back."""
        return self.rows[numbers].to(torch.float32) * self.scale[numbers]


class JoinedLayer(nn.Module):
    """A transformer layer whose three projections are one matrix, so that its input is quantised once."""

    def __init__(self, layer: Layer) -> None:
        super().__init__()
        parts = [layer.query, layer.key, layer.value]
        self.project = nn.Linear(layer.query.in_features, 3 * layer.query.out_features)
        self.project.weight = nn.Parameter(torch.cat([part.weight for part in parts]))
        self.project.bias = nn.Parameter(torch.cat([part.bias for part in parts]))
        self.layer = layer

    def forward(self, states: Tensor, bias: Tensor) -> Tensor:
        """Do what the trained layer does; `bias` bars padding."""
        layer = self.layer
        query, key, value = (layer.split(part) for part in self.project(states).chunk(3, dim=-1))
        weights = query @ key.transpose(2, 3) * (query.shape[-1] ** -0.5) + bias
        mixed = (weights.softmax(-1) @ value).transpose(1, 2).reshape(states.shape)
        states = layer.mix_norm(states + layer.mix(mixed))
        return layer.narrow_norm(states + layer.narrow(functional.gelu(layer.widen(states))))


class Deployed(nn.Module):
    """The trained network with what export changes; same scores within rounding."""

    def __init__(self, network: Network) -> None:
        super().__init__()
        self.encoder: Encoder = network.encoder
        self.table = Int8Table(network.encoder.words)
        self.layers = nn.ModuleList(JoinedLayer(layer) for layer in network.encoder.layers)
        self.network = network

    def encode(self, pieces: Tensor, shapes: Tensor, mask: Tensor) -> Tensor:
        """Repeat the encoder with the table and the layers of this class."""
        places = torch.arange(pieces.shape[1], device=pieces.device)
        states = self.encoder.norm(self.table(pieces) + self.encoder.positions(places) + self.encoder.shapes(shapes))
        bias = ((1.0 - mask) * -10000.0)[:, None, None, :]
        for layer in self.layers:
            states = layer(states, bias)
        return states

    def forward(self, pieces: Tensor, shapes: Tensor, mask: Tensor, firsts: Tensor) -> tuple[Tensor, ...]:
        """Give OUTPUTS in their order."""
        states = self.encode(pieces, shapes, mask)
        words = states.gather(1, firsts[..., None].expand(-1, -1, states.shape[2]))
        words = words + self.network.shapes(shapes.gather(1, firsts))
        scores = {name: head(words) for name, head in self.network.word_heads.items()}
        scores |= {name: scores[name].argmax(-1) for name in ("upos", "xpos")}
        scores["starts"] = scores["starts"][..., 1] - scores["starts"][..., 0]
        scores["arcs"], scores["label_dep"], scores["label_head"] = self.network.tree(words)
        return tuple(scores[name] for name in OUTPUTS)


class Labeller(nn.Module):
    """From a word's half and its head's half to the best relation; the root's is set by the tree."""

    def __init__(self, network: Network, root: int) -> None:
        super().__init__()
        self.out = network.tree.label_out
        bars = torch.zeros(self.out.out_features)
        bars[root] = -1e9
        self.register_buffer("bars", bars)

    def forward(self, deps: Tensor, heads: Tensor) -> Tensor:
        """Number the best relation of each pair."""
        return (self.out(functional.gelu(deps + heads)) + self.bars).argmax(-1)
