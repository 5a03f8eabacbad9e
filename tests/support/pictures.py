"""Pictures that the tests of the figures draw."""

from __future__ import annotations

import math
from itertools import pairwise
from pathlib import Path

import jinja2

from symbackprop.figures.model import (
    ComputationPicture,
    Curve,
    CurvePicture,
    Dependency,
    Edge,
    Factor,
    Highlight,
    NetworkPicture,
    Neuron,
    Step,
)

TEMPLATES = Path(__file__).parents[2] / "templates" / "figures"


def svg_environment() -> jinja2.Environment:
    return jinja2.Environment(loader=jinja2.FileSystemLoader(TEMPLATES), undefined=jinja2.StrictUndefined)


def tikz_environment() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(TEMPLATES),
        undefined=jinja2.StrictUndefined,
        block_start_string="<%",
        block_end_string="%>",
        variable_start_string="<<",
        variable_end_string=">>",
        comment_start_string="<#",
        comment_end_string="#>",
    )


def network(
    *sizes: int, values: bool = True, digits: int = 2, bias: bool = True, titles: tuple[str, ...] = ()
) -> NetworkPicture:
    """A fully connected network with its losses."""
    letters = ["i", *["h"] * (len(sizes) - 2), "o"]
    kinds = ["input", *["hidden"] * (len(sizes) - 2), "output"]
    neurons, edges, weights = [], [], 0
    for layer, size in enumerate(sizes):
        for unit in range(size):
            value = f"{0.05 * (unit + 1):.{digits}f}" if values else None
            label = f"{letters[layer]}_{{{unit + 1}}}"
            neurons.append(Neuron(f"{layer}.{unit}", label, kinds[layer], layer, unit, value))  # type: ignore[arg-type]
    for layer, (before, after) in enumerate(pairwise(sizes)):
        if bias:
            neurons.append(Neuron(f"bias{layer}", "1", "bias", layer, 0))
        for target in range(after):
            for source in range(before):
                weights += 1
                value = f"{0.1 + 0.05 * weights:.2f}" if values else None
                ends = f"{layer}.{source}", f"{layer + 1}.{target}"
                edges.append(Edge(f"w{weights}", *ends, f"w_{{{weights}}}", value))
            if bias:
                value = "0.35" if values else None
                edges.append(Edge(f"b{layer + 1}", f"bias{layer}", f"{layer + 1}.{target}", f"b_{layer + 1}", value))
    last = len(sizes)
    for unit in range(sizes[-1]):
        neurons.append(Neuron(f"E{unit}", f"E_{{o{unit + 1}}}", "loss", last, unit))
        edges.append(Edge("", f"{last - 1}.{unit}", f"E{unit}"))
        edges.append(Edge("", f"E{unit}", "E"))
    neurons.append(Neuron("E", "E_{total}", "loss", last + 1, 0))
    return NetworkPicture(tuple(neurons), tuple(edges), titles)


def gradient_paths() -> NetworkPicture:
    """The two ways from the error of a 2-2-2 network to its first weight."""
    plain = network(2, 2, 2, values=False)

    def factor(key: str, of: str, by: str, value: str | None = None) -> Factor:
        return Factor(key, rf"\frac{{\partial {of}}}{{\partial {by}}}", value)

    highlight = Highlight(
        backward=("w1", "1.0", "1.0>2.0", "1.0>2.1", "2.0", "2.1", "2.0>E0", "2.1>E1", "E0>E", "E1>E"),
        factors=(
            factor("w1", "net_{h1}", "w_1"),
            factor("1.0", "out_{h1}", "net_{h1}", "0.2413"),
            factor("1.0>2.0", "net_{o1}", "out_{h1}", "0.40"),
            factor("1.0>2.1", "net_{o2}", "out_{h1}", "0.50"),
            factor("2.0", "out_{o1}", "net_{o1}"),
            factor("2.1", "out_{o2}", "net_{o2}"),
            factor("2.0>E0", "E_{o1}", "out_{o1}", "0.741365069"),
            factor("2.1>E1", "E_{o2}", "out_{o2}", "-0.217071535"),
        ),
    )
    return NetworkPicture(plain.neurons, plain.edges, ("Input", "Hidden", "Output"), highlight)


def one_neuron() -> ComputationPicture:
    """A neuron with two inputs, values and gradients on its edges."""
    leaves = [
        ("i1", "i_1", "0.05"),
        ("w1", "w_1", "0.15"),
        ("i2", "i_2", "0.10"),
        ("w2", "w_2", "0.20"),
        ("b", "b_1", "0.35"),
    ]
    steps = [Step(key, label, "leaf", value, "0.0088") for key, label, value in leaves]
    steps += [Step("m1", r"\times"), Step("m2", r"\times"), Step("net", "+"), Step("sigma", r"\sigma")]
    steps.append(Step("out", "out_{h1}", "result", "0.593269992", "0.036350306"))
    ends = ["i1 m1", "w1 m1", "i2 m2", "w2 m2", "m1 net", "m2 net", "b net", "net sigma", "sigma out"]
    edges = [Dependency(*end.split(), value="0.3775", gradient="0.0088") for end in ends]
    return ComputationPicture(tuple(steps), tuple(edges), "value", r"gradient $\partial E$")


def graph_of_network() -> ComputationPicture:
    """All quantities of a 2-2-2 network, with local derivatives on the edges."""
    steps, edges = [], []
    for name in ("i_1", "i_2", *(f"w_{number}" for number in range(1, 9)), "b_1", "b_2"):
        steps.append(Step(name, name, "leaf", "0.15", "0.000438568"))
    weight = iter(range(1, 9))
    for units, sources, bias in ((("h1", "h2"), ("i_1", "i_2"), "b_1"), (("o1", "o2"), ("out.h1", "out.h2"), "b_2")):
        for unit in units:
            steps.append(Step(f"net.{unit}", f"net_{{{unit}}}", value="0.3775", gradient="0.008771"))
            steps.append(Step(f"out.{unit}", f"out_{{{unit}}}", value="0.593269992", gradient="0.036350306"))
            for source in sources:
                name = f"w_{next(weight)}"
                edges.append(Dependency(name, f"net.{unit}", source.replace(".", "_{") + "}" * ("." in source)))
                edges.append(Dependency(source, f"net.{unit}", name, "0.15"))
            edges.append(Dependency(bias, f"net.{unit}", "1"))
            edges.append(Dependency(f"net.{unit}", f"out.{unit}", f"out_{{{unit}}}(1 - out_{{{unit}}})"))
    for unit in ("o1", "o2"):
        steps.append(Step(f"E.{unit}", f"E_{{{unit}}}", value="0.274811083", gradient="1"))
        edges.append(Dependency(f"out.{unit}", f"E.{unit}", f"out_{{{unit}}} - t_{{{unit}}}"))
        edges.append(Dependency(f"E.{unit}", "E", "1"))
    steps.append(Step("E", "E_{total}", "result", "0.298371109", "1"))
    return ComputationPicture(tuple(steps), tuple(edges), "值", "梯度")


def recurrent() -> ComputationPicture:
    """Two time steps that share a weight: its edges pass by other nodes."""
    steps = [Step("U", "U", "leaf", "0.5", "0.21"), Step("h0", "h_0", "leaf", "0")]
    steps += [Step("x1", "x_1", "leaf", "1"), Step("x2", "x_2", "leaf", "2")]
    edges = []
    for time in (1, 2):
        steps += [Step(f"s{time}", f"s_{time}", value="0.25", gradient="0.1"), Step(f"h{time}", f"h_{time}")]
        edges += [
            Dependency("U", f"s{time}", f"h_{time - 1}", "0.25"),
            Dependency(f"h{time - 1}", f"s{time}", "U", "0.5"),
        ]
        edges += [Dependency(f"x{time}", f"s{time}", "V"), Dependency(f"s{time}", f"h{time}", "1 - h^2")]
    return ComputationPicture((*steps, Step("E", "E", "result", "0.1", "1")), (*edges, Dependency("h2", "E")))


def crowded_graph() -> ComputationPicture:
    """A graph whose labels have no room: long ones on many edges between few nodes."""
    sources, targets = range(7), range(7)
    steps = [
        Step(f"{side}{number}", f"{side}_{number}")
        for side, count in (("a", sources), ("b", targets))
        for number in count
    ]
    label = r"\frac{\partial b}{\partial a}"
    edges = [Dependency(f"a{one}", f"b{other}", label, "0.123456789") for one in sources for other in targets]
    return ComputationPicture(tuple(steps), tuple(edges))


def error_curve(*, x_logarithmic: bool = False) -> CurvePicture:
    def errors(speed: float) -> tuple[tuple[float, float], ...]:
        return tuple((float(step), 0.3 / (1 + 0.12 * speed * step) ** 1.25) for step in range(10001))

    curves = (Curve(errors(1.0), "simultaneous"), Curve(errors(1.1), "顺序 & more"))
    return CurvePicture(curves, "iteration", "error $E_{total}$", x_logarithmic, True)


def waves() -> CurvePicture:
    curves = tuple(
        Curve(tuple((x / 10, math.sin(x / 10 + shift)) for x in range(100)), f"{shift}") for shift in range(4)
    )
    return CurvePicture(curves, "$t$", "$x$")


PICTURES = {
    "1-1-1": network(1, 1, 1),
    "2-2-2": network(2, 2, 2, titles=("Input", "Hidden", "Output")),
    "2-2-2 in nine digits": network(2, 2, 2, digits=9, titles=("输入层", "隐藏层", "输出层")),
    "2-3-2": network(2, 3, 2, values=False, bias=False),
    "4-5-3 in nine digits": network(4, 5, 3, digits=9),
    "6-8-6": network(6, 8, 6),
    "64-64-10": network(64, 64, 10, values=False),
    "paths": gradient_paths(),
    "neuron": one_neuron(),
    "graph": graph_of_network(),
    "recurrent": recurrent(),
    "crowded graph": crowded_graph(),
    "error": error_curve(),
    "error over log time": error_curve(x_logarithmic=True),
    "waves": waves(),
}
DIAGRAMS = {name: picture for name, picture in PICTURES.items() if not isinstance(picture, CurvePicture)}
