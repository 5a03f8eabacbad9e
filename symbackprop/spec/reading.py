"""Reading a spec: every mistake in it is found in one pass, each with its key path."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

import msgspec

from symbackprop.errors import UserError
from symbackprop.layers.layer import LAYERS
from symbackprop.spec.checking import Draft, LayerRead, draft_problems
from symbackprop.spec.conversion import FAILED, Failed, named, read_struct, within
from symbackprop.spec.model import MOST_LAYERS, Network
from symbackprop.spec.problems import Problems

LARGEST_FILE = 10_000_000
"""Bytes; a spec with 100,000 weights of 20 digits takes about 2.5 MB."""
DEEPEST_KEY = 32
"""Dots in one key; the TOML reader's time grows with their number times that of the lines."""

_KEY = re.compile(r"^[^=,\n]+", re.MULTILINE)


def read_spec(path: Path) -> Network:
    """The network of a TOML file."""
    return parse_spec(_text(path), path.name)


def parse_spec(text: str, place: str = "spec") -> Network:
    """The network of a TOML text; raises one error that holds all that is wrong."""
    if any(match[0].count(".") > DEEPEST_KEY for match in _KEY.finditer(text)):
        raise UserError(place, f"a key with more than {DEEPEST_KEY} dots is not read")
    try:
        data = tomllib.loads(text, parse_float=_decimal)
    except tomllib.TOMLDecodeError as error:
        raise UserError(place, f"not TOML: {error}") from None
    except RecursionError:
        raise UserError(place, "not read: lists or tables are nested too deep") from None
    except ValueError:
        raise UserError(place, "not read: a whole number has thousands of digits") from None
    return network_from(data, place)


def network_from(data: Mapping[str, object], place: str = "spec") -> Network:
    """The network of plain data, as a TOML file gives it."""
    problems = Problems()
    found = read_struct(Network, data, "", problems, {"layers": _layers})
    values: dict[str, Any] = {} if isinstance(found, Failed) else found
    given = values.get("layers")
    read = given if isinstance(given, list) else []
    known = {name: value for name, value in values.items() if value is not FAILED and name in Draft.parts()}
    problems.extend(draft_problems(Draft(**{**known, "layers": read})))
    problems.report(place)
    return Network(**{**values, "layers": [part.layer for part in read]})


def check_network(network: Network, place: str = "network") -> Network:
    """A network that was made in Python, read like a file: its floats mean what they print.

    Raises all that is wrong with it.
    """
    return network_from(_exact(msgspec.to_builtins(network, builtin_types=(Decimal,))), place)


def _exact(data: Any) -> Any:
    """Plain data with a Decimal for every float."""
    if isinstance(data, dict):
        return {key: _exact(value) for key, value in data.items() if value is not None}
    if isinstance(data, list | tuple):
        return [_exact(value) for value in data]
    return Decimal(repr(data)) if isinstance(data, float) else data


def _text(path: Path) -> str:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise UserError(str(path), f"too large for a spec: more than {LARGEST_FILE:,} bytes")
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError:
        raise UserError(str(path), "there is no such file") from None
    except IsADirectoryError:
        raise UserError(str(path), "is a directory, not a spec") from None
    except UnicodeDecodeError as error:
        raise UserError(str(path), f"is not UTF-8 (byte {error.start + 1})") from None
    except OSError as error:
        raise UserError(str(path), f"cannot be read: {error.strerror}") from None


def _decimal(text: str) -> Decimal:
    """A number as it is written; one whose exponent is beyond all bounds is infinite, and refused later."""
    try:
        return Decimal(text)
    except InvalidOperation:
        return Decimal("-Infinity" if text.startswith("-") else "Infinity")


def _layers(given: object, place: str, problems: Problems) -> Any:
    """All layers as ``LayerRead``; what could not be read keeps its place."""
    if not isinstance(given, list) or not given:
        problems.add(place, f"expected at least one layer, each a table, got {named(given)}")
        return FAILED
    if len(given) > MOST_LAYERS:
        problems.add(place, f"{len(given)} layers are more than {MOST_LAYERS}")
        return FAILED
    return [_layer(data, f"{place}[{number}]", problems) for number, data in enumerate(given)]


def _layer(data: object, place: str, problems: Problems) -> LayerRead:
    if not isinstance(data, Mapping):
        problems.add(place, f"expected a table, got {named(data)}")
        return LayerRead(None)
    kind = data.get("kind", "dense")
    if not isinstance(kind, str) or kind not in LAYERS:
        problems.unknown(within(place, "kind"), kind, LAYERS.names())
        return LayerRead(None)
    before = problems.count
    struct = LAYERS.get(kind).layer
    values = read_struct(struct, data, place, problems)
    if isinstance(values, Failed):
        return LayerRead(None)
    if problems.count == before:
        return LayerRead(struct(**values))
    size = values.get("size")
    return LayerRead(None, size if isinstance(size, int) else None)
