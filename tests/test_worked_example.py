"""The worked example against its source's numbers: Mazur (2015), "A Step by Step Backpropagation Example"."""

from __future__ import annotations

import msgspec
import pytest
import sympy

from symbackprop.api import derive, load
from symbackprop.derive.derivation import ORDERS
from symbackprop.numeric.arithmetic import precise
from symbackprop.numeric.rounding import Rounding
from symbackprop.numeric.training import train

# Quantity in the notation -> nine decimals. Twenty-five are printed in the source; w5+ is not, and
# ∂E_o2/∂out_h1 is printed there with a wrong last digit.
VALUES = {
    "net_h1": "0.3775",
    "out_h1": "0.593269992",
    "out_h2": "0.596884378",
    "net_o1": "1.105905967",
    "out_o1": "0.75136507",
    "out_o2": "0.772928465",
    "E_o1": "0.274811083",
    "E_o2": "0.023560026",
    "E_total": "0.298371109",
    "delta_o1": "0.138498562",
    "w5+": "0.35891648",
    "w6+": "0.408666186",
    "w7+": "0.51130127",
    "w8+": "0.561370121",
    "w1+": "0.149780716",
    "w2+": "0.199561432",
    "w3+": "0.249751144",
    "w4+": "0.299502287",
}
GRADIENTS = {"w5": "0.082167041", "w1": "0.000438568"}
# What the document states as an equation, by the TeX of its left side.
EQUATIONS = {
    r"\frac{\partial E_{total}}{\partial out_{o1}}": "0.74136507",
    r"\frac{\partial out_{o1}}{\partial net_{o1}}": "0.186815602",
    r"\frac{\partial E_{o1}}{\partial out_{h1}}": "0.055399425",
    r"\frac{\partial E_{o2}}{\partial out_{h1}}": "-0.019049118",
    r"\frac{\partial E_{total}}{\partial out_{h1}}": "0.036350306",
    r"\frac{\partial out_{h1}}{\partial net_{h1}}": "0.241300709",
}
# order, biases updated -> (error after 1 step, error after 10,000, outputs after 10,000)
LOOPS = {
    ("simultaneous", False): ("0.2910277737", "0.0000351019", ("0.015913620", "0.984064274")),
    ("sequential", False): ("0.2910279239", "0.0000350848", ("0.015912196", "0.984065734")),
    ("simultaneous", True): ("0.2857508867", "0.0000043553", None),
    ("sequential", True): ("0.2857744701", "0.0000043673", None),
}
SEQUENTIAL = {"w1+": "0.149817639", "w2+": "0.199635277", "w3+": "0.249788185", "w4+": "0.29957637"}
TEN = Rounding(10, trailing_zeros=True)


@pytest.fixture(scope="module")
def mazur():
    return derive(load("mazur"))


@pytest.mark.parametrize(("name", "value"), VALUES.items())
def test_values(mazur, name, value):
    assert Rounding(9).number(mazur.value(name)).text == value


@pytest.mark.parametrize(("name", "value"), GRADIENTS.items())
def test_gradients(mazur, name, value):
    assert Rounding(9).number(mazur.gradient(name).value).text == value


@pytest.mark.parametrize("language", ["en", "zh"])
def test_the_document_states_every_number(mazur, language):
    text = mazur.document(language).text()
    lines = [line for line in text.replace("&", "").replace("\n=", " =").splitlines() if " = " in line]
    for left, value in EQUATIONS.items():
        stated = [line for line in lines if line.startswith(left + " = ")]
        assert any(line.split(" = ")[-1].removesuffix("\\\\").strip().startswith(value) for line in stated), left
    for value in (*VALUES.values(), *GRADIENTS.values(), "0.291027924", "0.000035085"):
        assert value in text


def test_sequential_updates(mazur):
    values = mazur.derivation.values_after("sequential")
    for name, value in SEQUENTIAL.items():
        assert Rounding(9).number(values[mazur.directory.find(name)]).text == value


@pytest.mark.parametrize(("order", "biases"), LOOPS)
def test_the_loop(order, biases):
    network = load("mazur")
    network = msgspec.structs.replace(network, training=msgspec.structs.replace(network.training, update_biases=biases))
    derivation = derive(network).derivation
    run = derivation.train(order, 10_000)
    first, last, outputs = LOOPS[order, biases]
    assert run.error(1, TEN).text == first
    assert run.error(10_000, TEN).text == last
    if outputs is not None:
        nine = Rounding(9, trailing_zeros=True)
        assert tuple(nine.number(value).text for value in run.outputs.values()) == outputs


@pytest.mark.parametrize("order", ORDERS)
def test_fifty_digits_confirm_what_the_loop_shows(mazur, order):
    derivation = mazur.derivation
    steps = 1000
    sweep = derivation.sweep_in(order)
    exact = train(sweep.graph, sweep.updates, derivation.output, derivation.model.values, steps, precise(50))
    doubles = derivation.train(order, steps)
    shown = mazur.story.rounding
    for count in (0, 1, 10, 100, 1000):
        assert doubles.error(count, shown) == exact.error(count, shown)
    for output in exact.outputs:
        assert doubles.output(output, shown) == exact.output(output, shown)


def test_gradient_forms_agree(mazur):
    values = {mazur.sympy(symbol): sympy.Float(str(value), 40) for symbol, value in mazur.derivation.values.items()}
    for gradient in mazur.gradients:
        forms = [gradient.delta_form, gradient.closed_form]
        if gradient.factors:
            forms.append(sympy.Mul(*gradient.factors))
        for form in forms:
            assert abs(form.xreplace(values).evalf(30) - sympy.Float(str(gradient.value), 40)) < 1e-25
