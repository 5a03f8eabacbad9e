"""Plain data into the types of the model: strict, and with a message for every mistake.

msgspec says what the types are; its own conversion stops at the first mistake, so it is not used.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import cache
from typing import Any, Final

import msgspec
from msgspec import inspect

from symbackprop.errors import quote
from symbackprop.spec.choices import choices_in
from symbackprop.spec.problems import Problems


class Failed:
    """What stands for a value that could not be read; the mistake was reported already."""


FAILED: Final = Failed()

Reader = Callable[[object, str, Problems], Any]


def read_struct(
    kind: type[msgspec.Struct],
    data: object,
    place: str,
    problems: Problems,
    readers: Mapping[str, Reader] | None = None,
) -> dict[str, Any] | Failed:
    """The fields of a struct from a table, each by itself, so that one mistake does not hide the next.

    A field that could not be read is ``FAILED``; one that was left out has its default.
    ``readers`` replace the reading of some fields.
    """
    if not isinstance(data, Mapping):
        problems.add(place, f"expected a table, got {named(data)}")
        return FAILED
    fields = {field.encode_name: field for field in msgspec.structs.fields(kind)}
    tag = kind.__struct_config__.tag_field
    for key in data:
        if key not in fields and key != tag:
            problems.unknown(within(place, str(key)), key, ([tag] if tag else []) + list(fields), "unknown key")
    values: dict[str, Any] = {}
    for name, field in fields.items():
        inside = within(place, name)
        if name in data:
            reader = (readers or {}).get(name)
            given = data[name]
            values[field.name] = (
                reader(given, inside, problems) if reader else convert(type_of(field.type), given, inside, problems)
            )
        elif field.required:
            problems.add(inside, "is missing")
            values[field.name] = FAILED
        else:
            values[field.name] = default_of(field)
    return values


def default_of(field: msgspec.structs.FieldInfo) -> Any:
    """The default of an optional field."""
    factory: Any = field.default_factory
    return field.default if factory is msgspec.NODEFAULT else factory()


def convert(kind: inspect.Type, given: object, place: str, problems: Problems) -> Any:
    """A value of a type, or ``FAILED``."""
    return _CONVERT[type(kind)](kind, given, place, problems)


@cache
def type_of(annotation: Any) -> inspect.Type:
    """What msgspec makes of an annotation."""
    return inspect.type_info(annotation)


def within(place: str, key: str) -> str:
    return f"{place}.{key}" if place else key


def _refuse(kind: inspect.Type, given: object, place: str, problems: Problems) -> Any:
    problems.add(place, f"expected {expected(kind)}, got {named(given)}")
    return FAILED


def _metadata(kind: inspect.Metadata, given: object, place: str, problems: Problems) -> Any:
    extra = kind.extra or {}
    if "expected" in extra and _fits(kind.type, given) is False:
        problems.add(place, f"expected {extra['expected']}, got {named(given)}")
        return FAILED
    value = convert(kind.type, given, place, problems)
    offered = choices_in(extra)
    for name in value if isinstance(value, Mapping) else (value,):
        if offered is not None and value is not FAILED and name not in offered:
            problems.unknown(place, name, offered)
            value = FAILED
    return value


def _fits(kind: inspect.Type, given: object) -> bool | None:
    """Whether a text matches its pattern; None where there is none to match."""
    if isinstance(kind, inspect.StrType) and kind.pattern is not None:
        return isinstance(given, str) and re.search(kind.pattern, given) is not None
    return None


def _integer(kind: inspect.IntType, given: object, place: str, problems: Problems) -> Any:
    if type(given) is int and (kind.ge is None or given >= kind.ge) and (kind.le is None or given <= kind.le):
        return given
    return _refuse(kind, given, place, problems)


def _number(kind: inspect.Type, given: object, place: str, problems: Problems) -> Any:
    if type(given) is Decimal:
        return given
    if type(given) is int:
        return Decimal(given)
    return _refuse(kind, given, place, problems)


def _plain(*types: type) -> Callable[..., Any]:
    def check(kind: inspect.Type, given: object, place: str, problems: Problems) -> Any:
        return given if type(given) in types else _refuse(kind, given, place, problems)

    return check


def _literal(kind: inspect.LiteralType, given: object, place: str, problems: Problems) -> Any:
    if given in kind.values and type(given) is str:
        return given
    if isinstance(given, str):
        problems.unknown(place, given, map(str, kind.values))
    else:
        problems.add(place, f"expected a text, got {named(given)}", map(str, kind.values))
    return FAILED


def _list(kind: inspect.ListType, given: object, place: str, problems: Problems) -> Any:
    if type(given) is not list:
        return _refuse(kind, given, place, problems)
    before = problems.count
    items = []
    for number, item in enumerate(given):
        if type(item) is Decimal and type(kind.item_type) is inspect.DecimalType:
            items.append(item)
        else:
            items.append(convert(kind.item_type, item, f"{place}[{number}]", problems))
        if problems.full:
            break
    return items if problems.count == before else FAILED


def _dictionary(kind: inspect.DictType, given: object, place: str, problems: Problems) -> Any:
    if type(given) is not dict:
        return _refuse(kind, given, place, problems)
    before = problems.count
    values = {key: convert(kind.value_type, item, within(place, key), problems) for key, item in given.items()}
    return values if problems.count == before else FAILED


def _union(kind: inspect.UnionType, given: object, place: str, problems: Problems) -> Any:
    for member in kind.types:
        if type(given) in _TAKES.get(type(member), ()):
            return convert(member, given, place, problems)
    return _refuse(kind, given, place, problems)


def _struct(kind: inspect.StructType, given: object, place: str, problems: Problems) -> Any:
    before = problems.count
    values = read_struct(kind.cls, given, place, problems)
    return kind.cls(**values) if isinstance(values, dict) and problems.count == before else FAILED


_CONVERT: dict[type[inspect.Type], Callable[..., Any]] = {
    inspect.Metadata: _metadata,
    inspect.IntType: _integer,
    inspect.DecimalType: _number,
    inspect.BoolType: _plain(bool),
    inspect.StrType: _plain(str),
    inspect.LiteralType: _literal,
    inspect.ListType: _list,
    inspect.DictType: _dictionary,
    inspect.UnionType: _union,
    inspect.StructType: _struct,
}

# type of the model -> types of TOML that a union hands to it
_TAKES: dict[type[inspect.Type], tuple[type, ...]] = {
    inspect.DecimalType: (Decimal, int),
    inspect.IntType: (int,),
    inspect.BoolType: (bool,),
    inspect.StrType: (str,),
    inspect.LiteralType: (str,),
    inspect.ListType: (list,),
    inspect.DictType: (dict,),
    inspect.StructType: (dict,),
}


def expected(kind: inspect.Type) -> str:
    """A type in words."""
    return _WORDS[type(kind)](kind)


def _integer_words(kind: inspect.IntType) -> str:
    if kind.ge is not None and kind.le is not None:
        return f"a whole number from {kind.ge} to {kind.le}"
    return "a whole number"


_WORDS: dict[type[inspect.Type], Callable[[Any], str]] = {
    inspect.Metadata: lambda kind: expected(kind.type),
    inspect.IntType: _integer_words,
    inspect.DecimalType: lambda kind: "a number",
    inspect.BoolType: lambda kind: "true or false",
    inspect.StrType: lambda kind: "a text",
    inspect.LiteralType: lambda kind: " or ".join(f'"{value}"' for value in kind.values),
    inspect.ListType: lambda kind: "a list",
    inspect.DictType: lambda kind: "a table",
    inspect.UnionType: lambda kind: " or ".join(
        expected(member) for member in kind.types if type(member) is not inspect.NoneType
    ),
    inspect.StructType: lambda kind: "a table",
}


def named(value: object) -> str:
    """What was given, in words: a number or text itself, of anything larger only what it is."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int) and abs(value) >= 10**40:
        return "a very large number"
    if isinstance(value, (str, int, Decimal)):
        return quote(value)
    if isinstance(value, list):
        return f"a list of {len(value)}"
    return "a table" if isinstance(value, Mapping) else f"a {type(value).__name__}"
