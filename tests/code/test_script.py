"""The script of a network: it runs by itself, and its numbers are the document's."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import msgspec
import pytest
from support.python_output import PRINTED, REMARK, last_place, run_script

from symbackprop.api import NetworkDerivation, derive, load, with_options
from symbackprop.derive.reverse import adjoint_symbol
from symbackprop.document.python.script import round_of, script_of
from symbackprop.errors import UserError
from symbackprop.examples.library import example_names
from symbackprop.notation.table import NOTATIONS
from symbackprop.render.environment import choose_format
from symbackprop.render.inline import Words
from symbackprop.render.locale import LOCALES
from symbackprop.render.numbering import Numbering
from symbackprop.render.script import render_script
from symbackprop.spec.reading import read_spec

SMALL = """
name = "small"
inputs = 2
[[layers]]
size = 2
activation = "{activation}"
weights = [[0.3, -0.2], [0.1, 0.4]]
biases = [0.1, -0.1]
[[layers]]
size = 1
activation = "identity"
weights = [[0.5, -0.6]]
biases = [0.2]
[data]
inputs = {inputs}
targets = {targets}
[training]
{training}
"""


def small(
    tmp_path: Path,
    training: str,
    inputs: str = "[0.5, -0.4]",
    targets: str = "[0.3]",
    activation: str = "tanh",
    more: str = "",
) -> NetworkDerivation:
    path = tmp_path / "small.toml"
    text = SMALL.format(training=training, inputs=inputs, targets=targets, activation=activation)
    path.write_text(text + more, encoding="utf-8")
    return derive(read_spec(path))


def script(derivation: NetworkDerivation, language: str = "en") -> str:
    return derivation.document(language).text("py")


def check(derivation: NetworkDerivation, text: str, tmp_path: Path) -> dict[str, str]:
    """Run the script; every number it prints is the one that stands behind the line which computes it."""
    found = PRINTED.findall(output := run_script(text, tmp_path))
    printed = dict(reversed(found))  # the first round comes first; the last outputs have the same names
    remarks = dict(REMARK.findall(text))
    assert remarks
    for name, number in remarks.items():
        assert abs(float(printed[name]) - float(number)) <= 2 * last_place(number), name
    return {**printed, "": output}


COMPLETE = [name for name in example_names() if derive(load(name)).derivation.model.complete]


@pytest.mark.parametrize("example", COMPLETE)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_scripts_of_all_examples_print_the_derivations_numbers(example: str, language: str, tmp_path: Path) -> None:
    derivation = derive(load(example))
    text = script(derivation, language)
    printed = check(derivation, text, tmp_path)
    order = derivation.network.training.order
    gradients = [adjoint_symbol(parameter) for parameter in derivation.derivation.parameters]
    turn = round_of(derivation.derivation, order, "")
    assert {line.entry for line in (*turn.forward, *turn.backward)} >= set(gradients)
    assert len(printed) - 1 >= len(turn.forward) + len(turn.backward)
    if derivation.network.training.iterations:
        run = derivation.derivation.train(order, derivation.network.training.iterations)
        for count, number in re.findall(r"^(\d+): \w+ = (\S+)$", printed[""], re.MULTILINE):
            assert abs(run.errors[int(count)] - float(number)) <= last_place(number) + 1e-9 * run.errors[int(count)]
        last = [float(number) for _, number in PRINTED.findall(printed[""])[-len(run.outputs) :]]
        assert last == pytest.approx([float(value) for value in run.outputs.values()], abs=1e-5)


def test_the_worked_example(tmp_path: Path) -> None:
    text = script(derive(load("mazur")))
    assert "    net_h1 = w1 * i1 + w2 * i2 + b1  # 0.3775\n" in text
    assert "    E_o1 = 1 / 2 * (target_o1 - out_o1) ** 2  # 0.274811083\n" in text
    assert "    dE_total_dw5 = delta_o1 * out_h1  # 0.082167041\n" in text
    assert "# Run it with: python mazur.en.py\n" in text
    output = run_script(text, tmp_path)
    for line in ("0: E_total = 0.298371109", "10000: E_total = 0.000035102", "w5_new = 0.358916480"):
        assert line in output.splitlines()


@pytest.mark.parametrize("notation", NOTATIONS.names())
def test_every_notation_gives_names_that_are_pythons(notation: str, tmp_path: Path) -> None:
    derivation = derive(with_options(load("mazur"), notation=notation))
    text = script(derivation)
    check(derivation, text, tmp_path)
    names = [
        name.id
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Assign)
        for name in ast.walk(node.targets[0])
        if isinstance(name, ast.Name)
    ]
    renewed = {f"{name}_new" for name in names} & set(names)
    # every quantity once, the trained weights twice: their first value, and the new one in its place
    assert len(names) == len(set(names)) + len(renewed)
    assert max(map(len, text.splitlines())) <= 120


def test_a_notation_with_the_other_sign_says_so_in_its_deltas(tmp_path: Path) -> None:
    text = script(derive(with_options(load("mazur"), notation="mitchell")))
    assert "delta_5 = (t5 - o5) * o5 * (1 - o5)  # -0.138498562" in text or "# -0.138498562" in text
    assert "= -delta_5 * o3" in text or "= -(delta_5 * o3)" in text


def test_one_sample_after_another(tmp_path: Path) -> None:
    training = 'learning_rate = 0.1\nbatch = "sample"\niterations = 10'
    derivation = small(tmp_path, training, "[[0.5, -0.4], [0.1, 0.9], [-0.3, 0.2]]", "[[0.3], [-0.2], [0.6]]")
    output_format = choose_format("py")
    words = Words(output_format, output_format.choose_flavour(None), LOCALES.get("en"), str, Numbering(()))
    made = script_of(derivation.story, derivation.in_own_signs)
    output = check(derivation, render_script(made, output_format, words, "One by one", "small.py"), tmp_path)[""]
    run = derivation.derivation.train("simultaneous", 10)
    errors = dict(re.findall(r"^(\d+): total = (\S+)$", output, re.MULTILINE))
    assert set(errors) == {"0", "1", "10"}
    for count, number in errors.items():
        assert abs(run.errors[int(count)] - float(number)) <= last_place(number)
    assert len(run.outputs) == 3
    last = [float(number) for name, number in PRINTED.findall(output)[-3:]]
    assert last == pytest.approx([float(value) for value in run.outputs.values()], abs=1e-8)


@pytest.mark.parametrize(
    "training",
    [
        'learning_rate = 0.1\niterations = 20\norder = "sequential"',
        'learning_rate = 0.1\niterations = 20\noptimiser = "momentum"\nmomentum = 0.9',
        'learning_rate = 0.1\niterations = 20\noptimiser = "nesterov"\nmomentum = 0.9',
        "learning_rate = 0.1\niterations = 20\nupdate_biases = false",
    ],
)
@pytest.mark.parametrize("activation", ["tanh", "relu", "softplus", "gelu", "elu"])
def test_the_loop_is_the_derivations(training: str, activation: str, tmp_path: Path) -> None:
    derivation = small(tmp_path, training, activation=activation)
    output = check(derivation, script(derivation), tmp_path)[""]
    order = derivation.network.training.order
    run = derivation.derivation.train(order, 20)
    for count, number in re.findall(r"^(\d+): \w+ = (\S+)$", output, re.MULTILINE):
        assert abs(run.errors[int(count)] - float(number)) <= last_place(number)


def test_all_samples_at_once(tmp_path: Path) -> None:
    derivation = small(tmp_path, "learning_rate = 0.1\niterations = 5", "[[0.5, -0.4], [0.1, 0.9]]", "[[0.3], [-0.2]]")
    check(derivation, script(derivation), tmp_path)


def test_without_iterations_or_learning_rate_there_is_no_loop(tmp_path: Path) -> None:
    once = small(tmp_path, "learning_rate = 0.1")
    text = script(once)
    assert "for count" not in text
    assert "_new" in text
    check(once, text, tmp_path)
    never = small(tmp_path, "")
    text = script(never)
    assert "_new" not in text
    check(never, text, tmp_path)


def test_formulas_that_leave_the_range_of_doubles_are_replaced_by_stable_ones(tmp_path: Path) -> None:
    derivation = small(tmp_path, "learning_rate = 0.1", inputs="[5000, -100]", activation="softplus")
    text = script(derivation)
    assert "def softplus(x):" in text
    check(derivation, text, tmp_path)


def test_a_missing_value_is_named(tmp_path: Path) -> None:
    network = load("mazur")
    network = msgspec.structs.replace(network, data=msgspec.structs.replace(network.data, inputs=None))
    with pytest.raises(UserError, match=r"needs all values; there is none for i_1, i_2$"):
        script(derive(network))


def test_words_of_the_spec_stay_in_comments(tmp_path: Path) -> None:
    title = "'''\"\"\"\nimport os # \\\n\r\u2028raise SystemExit(7)"
    derivation = small(tmp_path, "learning_rate = 0.1")
    network = msgspec.structs.replace(
        derivation.network, about=msgspec.structs.replace(derivation.network.about, title=title)
    )
    derivation = derive(network)
    text = script(derivation)
    check(derivation, text, tmp_path)
    assert "raise SystemExit" in text.splitlines()[1]


def test_the_same_spec_gives_the_same_bytes() -> None:
    assert script(derive(load("softmax-mlp"))) == script(derive(load("softmax-mlp")))


def test_a_network_too_large_to_name_everything_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "large.toml"
    row = ", ".join(["0.1"] * 60)
    rows = ", ".join([f"[{row}]"] * 60)
    path.write_text(
        f'name = "large"\ninputs = 60\n[[layers]]\nsize = 60\nactivation = "tanh"\nbias = "none"\nweights = [{rows}]\n'
        f"[data]\ninputs = [{row}]\ntargets = [{row}]\n[about]\ndetail = 'brief'\n",
        encoding="utf-8",
    )
    with pytest.raises(UserError, match="too many to read"):
        script(derive(read_spec(path)))
