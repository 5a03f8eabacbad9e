"""The page of what a spec may say, from the JSON Schema that ``symbackprop schema`` prints."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from markdown import code, table

import symbackprop.api  # noqa: F401 (its tables add their names to the choices)
from symbackprop.spec.schema import schema as spec_schema

Schema = Mapping[str, Any]
INTRODUCTION = (
    "# The spec\n\nA network is described by one TOML file. This page is made from its JSON Schema, which"
    " `symbackprop schema` prints, so that an editor can complete and check what you write."
    " [The tutorial](../tutorial.md) builds one step by step; `symbackprop examples NAME` copies a built-in one.\n"
)


def spec_page() -> dict[str, str]:
    """The one page: the network, then the kinds of layers, then the other tables."""
    schema = spec_schema()
    links = {name: _link(name, schema) for name in schema["$defs"]}
    layers = [name for name, link in links.items() if "kind" in link]
    sections = [INTRODUCTION, _section("The network", schema, links)]
    for name in sorted(links, key=lambda name: name not in layers):
        title = f"`[[layers]]` with {links[name]}" if name in layers else links[name]
        sections.append(f"({_target(name)})=\n" + _section(title, schema["$defs"][name], links))
    return {"spec": "\n".join(sections)}


def _target(name: str) -> str:
    return f"spec-{name.lower()}"


def _link(name: str, schema: Schema) -> str:
    """How a table is written in TOML: a layer by its kind."""
    kind = schema["$defs"][name].get("properties", {}).get("kind", {}).get("const")
    if kind:
        return f"`kind = {json.dumps(kind)}`"
    key = next(key for key, value in schema["properties"].items() if value.get("$ref", "").endswith(f"/{name}"))
    return f"`[{key}]`"


def _section(title: str, schema: Schema, links: Mapping[str, str]) -> str:
    needed = schema.get("required", ())
    rows = (
        (code(key), value.get("description", ""), _kind(value, links), _default(key, value, needed))
        for key, value in schema["properties"].items()
    )
    about = schema.get("description", "").replace("\n\n", " ")
    return f"## {title}\n\n{about}\n\n{table(('Key', 'Meaning', 'Value', 'Default'), rows)}"


def _default(key: str, value: Schema, needed: Any) -> str:
    if key in needed:
        return "*required*"
    return code(json.dumps(value["default"], ensure_ascii=False)) if "default" in value else ""


def _kind(value: Schema, links: Mapping[str, str]) -> str:
    """What may stand there, in words."""
    if "$ref" in value:
        name = value["$ref"].rpartition("/")[2]
        return f"[{links[name]}](#{_target(name)})"
    if "const" in value:
        return code(json.dumps(value["const"]))
    if "enum" in value:
        return ", ".join(code(json.dumps(choice)) for choice in value["enum"])
    several = value.get("anyOf") or value.get("oneOf")
    if several:
        return " or ".join(_kind(one, links) for one in several)
    kind = value.get("type", "")
    if kind == "array":
        return f"list of ({_kind(value['items'], links)})" if "items" in value else "list"
    if kind == "object":
        names = ", ".join(map(code, value.get("propertyNames", {}).get("enum", ())))
        return f"table of ({_kind(value['additionalProperties'], links)})" + (f" for {names}" if names else "")
    return _number(kind, value.get("minimum"), value.get("maximum"))


def _number(kind: str, lowest: int | None, highest: int | None) -> str:
    if lowest is not None and highest is not None:
        return f"{kind}, {lowest:,} to {highest:,}"
    return f"{kind}, at least {lowest:,}" if lowest is not None else kind
