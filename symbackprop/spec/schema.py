"""The JSON Schema of a spec, made from the types that read it, so that editors complete and check specs."""

from __future__ import annotations

from collections.abc import Mapping
from inspect import cleandoc
from typing import Any

import msgspec
from msgspec import inspect

from symbackprop.layers.layer import LAYERS
from symbackprop.spec.choices import choices_in
from symbackprop.spec.conversion import type_of
from symbackprop.spec.model import MOST_LAYERS, Network

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DEFAULT_KIND = "dense"

Schema = dict[str, Any]


def schema() -> Schema:
    """The schema as plain data: layers as a choice by ``kind``, names of tables as enumerations."""
    structs: list[Any] = [Network, *(entry.layer for entry in LAYERS)]
    _, components = msgspec.json.schema_components(structs, ref_template="#/$defs/{name}")
    definitions: dict[str, Schema] = {name: _plain(component) for name, component in components.items()}
    for kind in (*structs, *_inner(Network)):
        _complete(definitions[kind.__name__], kind)
    network = definitions.pop(Network.__name__)
    network["properties"]["layers"] |= {
        "type": "array",
        "minItems": 1,
        "maxItems": MOST_LAYERS,
        "items": {"oneOf": [_layer(definitions, entry.name, entry.layer, entry.summary) for entry in LAYERS]},
    }
    return {"$schema": DIALECT, **network, "$defs": definitions}


def _inner(kind: type[msgspec.Struct]) -> list[type[msgspec.Struct]]:
    """The structs that are fields of a struct."""
    types = (_bare(type_of(field.type)) for field in msgspec.structs.fields(kind))
    return [found.cls for found in types if isinstance(found, inspect.StructType)]


def _bare(kind: inspect.Type) -> inspect.Type:
    return _bare(kind.type) if isinstance(kind, inspect.Metadata) else kind


def _layer(definitions: Mapping[str, Schema], name: str, kind: type[msgspec.Struct], summary: str) -> Schema:
    """The reference to a layer's schema; only the default kind may be left out."""
    definition = definitions[kind.__name__]
    definition["properties"]["kind"] = {"const": name, "description": f"{name}: {summary}"}
    required = [key for key in definition.get("required", ()) if key != "kind"]
    definition["required"] = required if name == DEFAULT_KIND else ["kind", *required]
    return {"$ref": f"#/$defs/{kind.__name__}"}


def _complete(definition: Schema, kind: type[msgspec.Struct]) -> None:
    """Put in what msgspec leaves out: the names that a table offers."""
    definition["description"] = cleandoc(kind.__doc__ or "")
    for field in msgspec.structs.fields(kind):
        found = type_of(field.type)
        offered = choices_in(found.extra or {}) if isinstance(found, inspect.Metadata) else None
        if offered is None:
            continue
        names = {"enum": list(offered)}
        entry = definition["properties"][field.encode_name]
        entry |= {"propertyNames": names} if isinstance(_bare(found), inspect.DictType) else names


def _plain(part: Any) -> Any:
    """Numbers as numbers (msgspec writes exact ones as texts), and nothing of null, which TOML has not."""
    if isinstance(part, list):
        return [_plain(item) for item in part]
    if not isinstance(part, Mapping):
        return part
    if part.get("format") == "decimal":
        return {**{key: value for key, value in part.items() if key != "format"}, "type": "number"}
    plain = {key: _plain(value) for key, value in part.items() if not (key == "default" and _says_nothing(value))}
    if "anyOf" in plain:
        choices = [choice for choice in plain.pop("anyOf") if choice != {"type": "null"}]
        plain = {**plain, **(choices[0] if len(choices) == 1 else {"anyOf": choices})}
    return plain


def _says_nothing(default: Any) -> bool:
    return default is None or default in ("", [], {}) or isinstance(default, Mapping)
