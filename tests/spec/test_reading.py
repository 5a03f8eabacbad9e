"""Reading specs: each mistake with its place, all of them at once, and nothing that hangs or crashes."""

from __future__ import annotations

import errno
import os
import tomllib
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from support.steps import steps

from symbackprop.errors import UserError, UserErrors
from symbackprop.spec.model import MOST_LAYERS, Network
from symbackprop.spec.reading import LARGEST_FILE, check_network, parse_spec, read_spec

GOOD = """
name = "net"
inputs = 2
[[layers]]
size = 2
bias = "layer"
weights = [[0.15, 0.20], [1, 2e-3]]
biases = 0.35
[data]
inputs = [0.05, 0.10]
targets = [0.01, 0.99]
[training]
learning_rate = 0.5
"""


def messages(text: str) -> list[str]:
    with pytest.raises(UserError) as caught:
        parse_spec(text, "net.toml")
    error = caught.value
    return [str(part) for part in error.errors] if isinstance(error, UserErrors) else [str(error)]


def test_numbers_keep_their_digits() -> None:
    network = parse_spec(GOOD)
    assert network.layers[0].weights == [[Decimal("0.15"), Decimal("0.20")], [Decimal(1), Decimal("2e-3")]]
    assert str(network.layers[0].weights[0][1]) == "0.20"
    assert network.sizes == (2, 2)


def test_what_is_left_out_has_its_default() -> None:
    network = parse_spec('name = "a"\ninputs = 1\n[[layers]]\nsize = 1')
    assert network.layers[0].activation == "sigmoid"
    assert network.training.order == "simultaneous"
    assert network.data.inputs is None


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (("size = 2", "size = 0"), "layers[0].size: expected a whole number from 1 to 4096, got '0'"),
        (("size = 2", "size = true"), "layers[0].size: expected a whole number from 1 to 4096, got true"),
        (("size = 2", 'size = "2"'), "layers[0].size: expected a whole number from 1 to 4096, got '2'"),
        (("size = 2", "size = 2.0"), "layers[0].size: expected a whole number from 1 to 4096, got '2.0'"),
        (("size = 2", ""), "layers[0].size: is missing"),
        (("size = 2", "siz = 2"), "layers[0].siz: unknown key 'siz'; did you mean 'size'?"),
        (('bias = "layer"', 'bias = "layr"'), "layers[0].bias: unknown 'layr'; did you mean 'layer'?"),
        (('bias = "layer"', "bias = 3"), "layers[0].bias: expected a text, got '3'; known: layer, none, unit"),
        (('bias = "layer"', 'bias = "none"'), 'layers[0].biases: values are given, but bias is "none"'),
        (("biases = 0.35", "biases = [1, 2]"), "layers[0].biases: expected one number, got a list of 2"),
        (('bias = "layer"', ""), "layers[0].biases: expected 2 numbers, one for each unit, got one number"),
        (("0.20]", "0.20, 3]"), "layers[0].weights[0]: expected 2 numbers, one for each unit before, got 3"),
        (("0.20]", '"0.20"]'), "layers[0].weights[0][1]: expected a number, got '0.20'"),
        (("0.20]", "true]"), "layers[0].weights[0][1]: expected a number, got true"),
        (("0.20]", "nan]"), "layers[0].weights[0][1]: NaN is not a finite number"),
        (("0.20]", "-inf]"), "layers[0].weights[0][1]: -Infinity is not a finite number"),
        (("0.20]", "1e400]"), "layers[0].weights[0][1]: 1.000e+400 is out of range"),
        (("0.20]", "1e-400]"), "layers[0].weights[0][1]: 1.000e-400 is out of range"),
        (("0.20]", "1e99999999999999999999]"), "layers[0].weights[0][1]: Infinity is not a finite number"),
        (("0.20]", "0." + "1" * 41 + "]"), "layers[0].weights[0][1]: more than 40 digits"),
        (("size = 2", 'size = 2\nactivation = "sigmod"'), "layers[0].activation: unknown 'sigmod'; did you mean"),
        (("[data]", 'loss = "mse"\n[data]'), "layers[0].loss: unknown key 'loss'"),
        (("inputs = 2", 'inputs = 2\nloss = "mean_square"'), "loss: unknown 'mean_square'; did you mean"),
        (('name = "net"', 'name = "../net"'), "name: expected 1 to 64 letters, digits, - and _"),
        (('name = "net"', "name = 3"), "name: expected 1 to 64 letters, digits, - and _"),
        (("inputs = [0.05, 0.10]", "inputs = [0.05]"), "data.inputs: expected 2 numbers, one for each input, got 1"),
        (("inputs = [0.05, 0.10]", "inputs = 0.05"), "data.inputs: expected a list, got '0.05'"),
        (("inputs = [0.05, 0.10]", "inputs = []"), "data.inputs: expected 2 numbers, one for each input, got 0"),
        (("targets = [0.01, 0.99]", 'targets = "input"'), "data.targets: unknown 'input'; did you mean 'inputs'?"),
        (("learning_rate = 0.5", "learning_rate = 0"), "training.learning_rate: must be positive, got '0'"),
        (("learning_rate = 0.5", "learning_rate = nan"), "training.learning_rate: NaN is not a finite number"),
        (("learning_rate = 0.5", "momentum = 0.9"), "training.momentum: the optimiser sgd has none; known: momentum"),
        (("learning_rate = 0.5", 'optimiser = "momentum"\nmomentum = 1.5'), "training.momentum: must be at least 0"),
        (("learning_rate = 0.5", "iterations = -1"), "training.iterations: expected a whole number from 0"),
        (("[training]", "[trainig]"), "trainig: unknown key 'trainig'; did you mean 'training'?"),
        (("[data]", "data = 3\n[about]"), "layers[0].data: unknown key 'data'"),
        (("inputs = 2", "inputs = 2\npenalties = {l3 = 1}"), "penalties: unknown 'l3'; known: l1, l2"),
        (("inputs = 2", "inputs = 2\npenalties = {l2 = -1}"), "penalties.l2: must be at least 0, got '-1'"),
        (("inputs = 2", 'inputs = 2\nabout.date = "1.2.2024"'), "about.date: expected a date as text, YYYY-MM-DD"),
    ],
)
def test_each_mistake_has_its_message(change: tuple[str, str], expected: str) -> None:
    assert change[0] in GOOD
    found = messages(GOOD.replace(*change, 1))
    assert any(message.startswith(f"net.toml: {expected}") for message in found), found


def test_eight_mistakes_give_eight_messages() -> None:
    text = """
name = "a b"
inputs = 2
los = "half_squared_error"
[[layers]]
kind = "dens"
size = 3
[[layers]]
size = 2
activation = "sigmod"
[[layers]]
size = 2
weights = [[1, 2], [3, 4, 5]]
[data]
inputs = [1, 2, 3]
targets = [1, nan]
[training]
learning_rate = -1
order = "seq"
"""
    found = messages(text)
    places = [message.split(": ")[1] for message in found]
    assert places == [
        "los",
        "name",
        "layers[0].kind",
        "layers[1].activation",
        "training.order",
        "layers[2].weights[1]",  # its neighbour could not be read, but its size is known
        "data.inputs",
        "data.targets[1]",
        # "training" could not be read as a whole, so its learning rate is not judged
    ]
    assert len(set(found)) == 8


def test_several_mistakes_in_one_list_are_all_found() -> None:
    found = messages(GOOD.replace("[0.15, 0.20], [1, 2e-3]", '["a", 0.20], [1, "b"]'))
    assert [message.split(": ")[1] for message in found] == ["layers[0].weights[0][0]", "layers[0].weights[1][1]"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("name = ", "not TOML: Invalid value"),
        ("a = 1\na = 2", "not TOML: Cannot overwrite a value"),
        ("<html>", "not TOML: "),
        ("a = " + "[" * 5000 + "]" * 5000, "not read: lists or tables are nested too deep"),
        ("a = " + "{a=" * 5000, "not read: lists or tables are nested too deep"),
        (".".join("a" * 40) + " = 1", "a key with more than 32 dots is not read"),
        ("inputs = " + "9" * 5000, "not read: a whole number has thousands of digits"),
        ("inputs = " + "9" * 4000, "inputs: expected a whole number from 1 to 4096, got a very large number"),
        ("", "name: is missing"),
        ("layers = 3", "layers: expected at least one layer, each a table, got '3'"),
        ("layers = []", "layers: expected at least one layer, each a table, got a list of 0"),
        ("layers = [3]", "layers[0]: expected a table, got '3'"),
        ("layers = [" + "{size=1}," * (MOST_LAYERS + 1) + "]", f"layers: 65 layers are more than {MOST_LAYERS}"),
        ('data = "x"', "data: expected a table, got 'x'"),
    ],
)
def test_bad_texts(text: str, expected: str) -> None:
    found = messages(text)
    assert any(message.startswith(f"net.toml: {expected}") for message in found), found


def test_files_that_are_no_specs(tmp_path: Path) -> None:
    def fact(path: Path) -> str:
        with pytest.raises(UserError) as caught:
            read_spec(path)
        return caught.value.fact

    binary = tmp_path / "binary.toml"
    binary.write_bytes(b'name = "\xff\xfe"')
    large = tmp_path / "large.toml"
    large.write_bytes(b"#" * (LARGEST_FILE + 1))
    assert fact(tmp_path / "missing.toml") == "there is no such file"
    assert fact(tmp_path) == "is a directory, not a spec"
    assert fact(binary) == "is not UTF-8 (byte 9)"
    assert fact(large) == "too large for a spec: more than 10,000,000 bytes"


def test_file_that_may_not_be_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "locked.toml"
    path.write_text(GOOD)

    def refused(self: Path) -> bytes:
        # what the system says to anyone but root, whom no mode of a file stops
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), str(self))

    monkeypatch.setattr(Path, "read_bytes", refused)
    with pytest.raises(UserError, match="cannot be read: Permission denied"):
        read_spec(path)


@pytest.mark.parametrize(
    "text",
    [
        lambda count: "\n".join(f"key{number} = 1" for number in range(count)),
        lambda count: "[[layers]]\nsize = 2\nweights = [" + "['x', 'y']," * count + "]",
    ],
    ids=["unknown keys", "wrong numbers"],
)
def test_a_mistake_that_is_not_told_costs_next_to_nothing(text: Callable[[int], str]) -> None:
    """Where there is no room left in the answer, no nearest name is looked for: a few steps each, not hundreds."""
    few, many = text(1_000), text(40_000)
    assert steps(lambda: messages(many)) - steps(lambda: messages(few)) < 10 * 39_000
    assert len(messages(many)) <= 102


def test_deep_keys_do_not_reach_the_toml_reader(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its time grows with the square of their depth."""
    read: list[str] = []
    monkeypatch.setattr(tomllib, "loads", lambda text, **_: read.append(text))
    deep = ".".join(f"a{depth}" for depth in range(900))
    assert messages(f"name = 'a'\n{deep} = 1") == ["net.toml: a key with more than 32 dots is not read"]
    assert read == []


def test_many_mistakes_are_counted() -> None:
    found = messages("\n".join(f"key{number} = 1" for number in range(1000)))
    assert len(found) == 101
    assert found[-1] == "net.toml: and at least 903 more mistakes"


def test_networks_made_in_python_are_checked_too() -> None:
    network = parse_spec(GOOD)
    assert check_network(network) == network
    wrong = Network("net", 3, network.layers, data=network.data)
    with pytest.raises(UserErrors) as caught:
        check_network(wrong)
    assert [error.place for error in caught.value.errors] == [
        "network: layers[0].weights[0]",
        "network: layers[0].weights[1]",
        "network: data.inputs",
    ]
