"""Turn the encoder's matrices into int8 so that no word's scores depend on the rest of a batch.

onnxruntime's dynamic quantisation has one scale for all activations of a batch: a window would get
other scores in other company, and one large value costs all others their precision. Here each
sub-token is divided by its own largest value, and the scale is a constant. Channels that are large
everywhere are evened out first, at the cost of the matrix's rows (as in SmoothQuant, Xiao et al. 2023).
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from numpy.typing import NDArray
from onnx import ModelProto, NodeProto, helper, numpy_helper

Array = NDArray[np.float32]

# Seven bits for weights: processors without VNNI add pairs of products in 16 bits, which eight overflow.
WEIGHT_STEPS = 63.0
STEP, ZERO = "activation_step", "activation_zero"


def encoder_products(model: ModelProto) -> dict[str, NodeProto]:
    """Find the products of activations with a constant matrix inside the encoder, by name."""
    constants = {constant.name for constant in model.graph.initializer}
    return {
        node.name: node
        for node in model.graph.node
        if node.op_type == "MatMul" and node.name.startswith("/layers") and node.input[1] in constants
    }


def channel_peaks(model: ModelProto, feeds: Iterable[dict[str, NDArray]]) -> dict[str, Array]:
    """Measure the largest value of each channel of each product's input over some windows of text."""
    watched = onnx.ModelProto()
    watched.CopyFrom(model)
    inputs = list(dict.fromkeys(node.input[0] for node in encoder_products(watched).values()))
    watched.graph.output.extend(helper.make_empty_tensor_value_info(name) for name in inputs)
    session = onnxruntime.InferenceSession(watched.SerializeToString(), providers=["CPUExecutionProvider"])
    peaks: dict[str, Array] = {}
    for feed in feeds:
        for name, values in zip(inputs, session.run(inputs, feed), strict=True):
            peak = np.abs(values).reshape(-1, values.shape[-1]).max(axis=0)
            peaks[name] = np.maximum(peaks[name], peak) if name in peaks else peak
    return peaks


def quantise(source: Path, target: Path, feeds: Iterable[dict[str, NDArray]]) -> None:
    """Rewrite the float32 graph at `source`, measured on `feeds`, into `target`."""
    model = onnx.load(source)
    products = encoder_products(model)
    if not products:
        raise ValueError(f"{source} has no encoder products. Were the layers renamed in deployed.py?")
    peaks = channel_peaks(model, feeds)
    matrices = {constant.name: numpy_helper.to_array(constant) for constant in model.graph.initializer}
    constants = [
        numpy_helper.from_array(np.array(1 / 127, dtype=np.float32), STEP),
        numpy_helper.from_array(np.array(128, dtype=np.uint8), ZERO),
    ]
    nodes: list[NodeProto] = []
    for node in model.graph.node:
        if node.name in products:
            matrix = matrices[node.input[1]]
            balance = balance_channels(peaks[node.input[0]], matrix)
            constants += matrix_constants(node.name, matrix, balance)
            nodes += product_nodes(node)
        else:
            nodes.append(node)
    used = {name for node in nodes for name in node.input}
    kept = [constant for constant in [*model.graph.initializer, *constants] if constant.name in used]
    del model.graph.node[:], model.graph.initializer[:]
    model.graph.node.extend(nodes)
    model.graph.initializer.extend(kept)
    model.opset_import.append(helper.make_opsetid("com.microsoft", 1))
    onnx.save(model, target)


def balance_channels(peak: Array, matrix: Array) -> Array:
    """Give what to divide each channel by, so that activations and weights share the spread."""
    rows = np.maximum(np.abs(matrix).max(axis=1), 1e-4)
    balance = np.sqrt(np.maximum(peak, 1e-4) / rows)
    return (balance / np.exp(np.log(balance).mean())).astype(np.float32)


def matrix_constants(name: str, matrix: Array, balance: Array) -> list[onnx.TensorProto]:
    """Quantise a matrix with one scale a column."""
    matrix = matrix * balance[:, None]
    scale = (np.abs(matrix).max(axis=0) / WEIGHT_STEPS).astype(np.float32)
    weights = np.round(matrix / scale).astype(np.int8)
    parts = {"even": 1 / balance, "weights": weights, "scale": scale}
    return [numpy_helper.from_array(value, f"{name}/{part}") for part, value in parts.items()]


def product_nodes(node: NodeProto) -> list[NodeProto]:
    """Spell one product out: even the channels, divide by the row's peak, multiply in int8, scale back."""
    name = node.name

    def step(op: str, inputs: list[str], output: str, **attributes: object) -> NodeProto:
        return helper.make_node(op, inputs, [output], f"{output}/{op}", **attributes)

    even, size, peak, unit, whole, product = (
        f"{name}/{part}" for part in ("evened", "size", "peak", "unit", "whole", "product")
    )
    return [
        step("Mul", [node.input[0], f"{name}/even"], even),
        step("Abs", [even], size),
        step("ReduceMax", [size], peak, axes=[-1], keepdims=1),
        step("Div", [even, peak], unit),
        step("QuantizeLinear", [unit, STEP, ZERO], whole),
        step(
            "MatMulIntegerToFloat",
            [whole, f"{name}/weights", STEP, f"{name}/scale", ZERO],
            product,
            domain="com.microsoft",
        ),
        step("Mul", [product, peak], node.output[0]),
    ]
