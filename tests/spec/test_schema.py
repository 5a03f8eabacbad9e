"""The published JSON Schema is valid, complete, and of one mind with the reader."""

from __future__ import annotations

import json
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import symbackprop.api  # noqa: F401 (its tables add their names to the choices)
from symbackprop.errors import UserError
from symbackprop.functions.activation import ACTIVATIONS
from symbackprop.layers.layer import LAYERS
from symbackprop.notation.table import NOTATIONS
from symbackprop.spec.reading import network_from
from symbackprop.spec.schema import schema

MINIMAL: dict[str, Any] = {"name": "net", "inputs": 2, "layers": [{"size": 2}]}


@pytest.fixture(scope="module")
def validator() -> Any:
    return jsonschema.Draft202012Validator(schema())


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())
    assert json.loads(json.dumps(schema())) == schema()


def test_every_field_says_what_it_is() -> None:
    def fields(part: Any, path: str) -> Iterator[tuple[str, Any]]:
        if isinstance(part, dict):
            for name, entry in part.get("properties", {}).items():
                yield f"{path}.{name}", entry
            for key, inner in part.items():
                yield from fields(inner, f"{path}.{key}")

    undescribed = [path for path, entry in fields(schema(), "") if not entry.get("description")]
    assert undescribed == []


def test_tables_are_offered_as_choices() -> None:
    made = schema()
    assert set(made["$defs"]["Dense"]["properties"]["activation"]["enum"]) == {*ACTIVATIONS.names(), "softmax"}
    assert made["properties"]["notation"]["enum"] == list(NOTATIONS.names())
    assert len(made["properties"]["layers"]["items"]["oneOf"]) == len(LAYERS)


def test_every_example_is_valid(validator: Any, root: Path) -> None:
    paths = sorted((root / "symbackprop" / "examples").glob("*.toml"))
    assert paths
    for path in paths:
        found = [error.message for error in validator.iter_errors(tomllib.loads(path.read_text(encoding="utf-8")))]
        assert found == [], path.name


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"layers": [{"kind": "dense", "size": 2, "weights": [[1, 2], [3, 4.5]], "bias": "none"}]},
        {"layers": [{"size": 2}, {"kind": "softmax"}], "loss": "cross_entropy"},
        {"layers": [{"size": 2}, {"size": 2, "tied": 1}]},
        {"penalties": {"l2": 0.1, "l1": True}},
        {"data": {"inputs": [[1, 2], [3, 4]], "targets": "inputs"}},
        {"data": {"inputs": [1, 2], "targets": [0, 1]}},
        {"about": {"title": {"en": "a", "zh": "b"}, "date": "2024-01-31"}},
    ],
)
def test_what_the_reader_takes_is_valid(validator: Any, change: dict[str, Any]) -> None:
    spec = {**MINIMAL, **change}
    network_from(json.loads(json.dumps(spec), parse_float=Decimal))
    assert list(validator.iter_errors(spec)) == []


@pytest.mark.parametrize(
    "change",
    [
        {"name": "a b"},
        {"inputs": 0},
        {"inputs": 2.5},
        {"los": "x"},
        {"loss": "x"},
        {"layers": []},
        {"layers": [{"kind": "dens", "size": 2}]},
        {"layers": [{"size": 2, "activation": "sigmod"}]},
        {"layers": [{"size": 2, "bias": "x"}]},
        {"layers": [{"size": 2, "weights": [["1", 2], [3, 4]]}]},
        {"layers": [{"kind": "softmax", "size": 2}]},
        {"penalties": {"l3": 1}},
        {"data": {"inputs": 1}},
        {"data": {"targets": "outputs"}},
        {"training": {"order": "seq"}},
        {"training": {"iterations": -1}},
        {"about": {"date": "today"}},
    ],
)
def test_what_the_reader_refuses_is_invalid(validator: Any, change: dict[str, Any]) -> None:
    spec = {**MINIMAL, **change}
    with pytest.raises(UserError):
        network_from(spec)
    assert list(validator.iter_errors(spec)) != []
