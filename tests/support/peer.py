"""The error of a network once more, written down by hand for HIPS autograd: an independent oracle."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import autograd.numpy as np
import numpy
from autograd import grad
from autograd.extend import defvjp, primitive

from symbackprop.expression import Symbol
from symbackprop.graph import Graph
from symbackprop.spec.model import Network

Parameters = dict[str, Any]
"""Node id -> array."""


# autograd's own erf would need SciPy
erf = primitive(numpy.vectorize(math.erf))
defvjp(erf, lambda answer, x: lambda g: g * 2 / math.sqrt(math.pi) * np.exp(-(x**2)))


def _softmax(z: Any) -> Any:
    shifted = np.exp(z - np.max(z, axis=-1, keepdims=True))
    return shifted / np.sum(shifted, axis=-1, keepdims=True)


ACTIVATE: dict[str, Callable[[Any], Any]] = {
    "identity": lambda z: z,
    "sigmoid": lambda z: 1 / (1 + np.exp(-z)),
    "tanh": np.tanh,
    "softplus": lambda z: np.logaddexp(0, z),
    "gelu": lambda z: z * (1 + erf(z / np.sqrt(2))) / 2,
    "relu": lambda z: np.where(z > 0, z, 0),
    "leaky_relu": lambda z: np.where(z > 0, z, z / 100),
    "elu": lambda z: np.where(z > 0, z, np.exp(z) - 1),
    "softmax": _softmax,
}

LOSS: dict[str, Callable[[Any, Any], Any]] = {
    "half_squared_error": lambda t, y: np.sum((t - y) ** 2, axis=-1) / 2,
    "sum_of_squared_errors": lambda t, y: np.sum((t - y) ** 2, axis=-1),
    "mean_squared_error": lambda t, y: np.mean((t - y) ** 2, axis=-1),
    "cross_entropy": lambda t, y: -np.sum(t * np.log(y), axis=-1),
    "binary_cross_entropy": lambda t, y: -np.sum(t * np.log(y) + (1 - t) * np.log(1 - y), axis=-1),
}

PENALTY: dict[str, Callable[[Any], Any]] = {
    "l2": lambda w: np.sum(w**2) / 2,
    "l1": lambda w: np.sum(np.abs(w)),
}


def outputs(network: Network, parameters: Parameters, inputs: Any) -> Any:
    """The outputs for one sample, or for rows of them."""
    values = inputs
    for position, layer in enumerate(network.layers, start=1):
        values = LAYER[layer.kind](layer, parameters, position, values)
    return values


def _dense(layer: Any, parameters: Parameters, position: int, values: Any) -> Any:
    weight = parameters[f"weight[{position}]"] if layer.tied is None else parameters[f"weight[{layer.tied}]"].T
    bias = parameters.get(f"bias[{position}]", 0)
    return ACTIVATE[layer.activation](np.dot(values, weight.T) + bias)


def _recurrent(layer: Any, parameters: Parameters, position: int, values: Any) -> Any:
    weight, recurrent = parameters[f"weight[{position}]"], parameters[f"recurrent_weight[{position}]"]
    state = np.array([float(value) for value in layer.initial or [0] * layer.size])
    steps = []
    for given in values:
        score = np.dot(weight, given) + np.dot(recurrent, state) + parameters.get(f"bias[{position}]", 0)
        state = ACTIVATE[layer.activation](score)
        steps.append(state)
    return np.array(steps)


LAYER: dict[str, Callable[[Any, Parameters, int, Any], Any]] = {
    "dense": _dense,
    "recurrent": _recurrent,
    "softmax": lambda layer, parameters, position, values: _softmax(values),
}


def error(network: Network, parameters: Parameters, inputs: Any, targets: Any) -> Any:
    """E, rows and penalties included."""
    each = LOSS[network.loss](targets, outputs(network, parameters, inputs))
    total = np.mean(each) if network.training.reduction == "mean" and not network.over_time else np.sum(each)
    for name, coefficient in network.penalties.items():
        weights = [value for node, value in parameters.items() if not node.startswith("bias")]
        total = total + float(coefficient) * sum(PENALTY[name](weight) for weight in weights)
    return total


def gradients(network: Network, graph: Graph, values: dict[Symbol, Any]) -> dict[Symbol, float]:
    """∂E/∂parameter for every entry, by autograd, at given values of the leaves."""

    def array(node: Any) -> Any:
        shape = [axis.size for axis in node.axes]
        return np.array([float(values[node.entry(*place)]) for place in node.places()]).reshape(shape)

    parameters = {node.id: array(node) for node in graph.parameters}
    inputs, targets = array(graph.by_id["activation[0]"]), array(graph.by_id["target"])
    found = grad(lambda changed: error(network, changed, inputs, targets))(parameters)
    return {node.entry(*place): float(found[node.id][place]) for node in graph.parameters for place in node.places()}
