"""The head of a post: where it ends, and the options for the checker in it.

Only one key is looked at, so this reads lines and needs no YAML: ``symbackprop: mazur``, or a table
of options below that key (``spec``, ``notation``, conventions).
"""

from __future__ import annotations

import re
import tomllib

_KEY = "symbackprop"
_FENCE = re.compile(r"(---|\+\+\+)[ \t]*\n")
_LONGEST = 100_000
_ENTRY = re.compile(r"([ \t]*)([A-Za-z_][\w -]*)[ \t]*:(?:[ \t]+(.*))?$")
_FIRST = re.compile(r"\s*+(?:#.*\n\s*+)*+(?:[\"']?[\w.-]++(?: [\w.-]++)*+[\"']?[ \t]*+[:=]|\[|---|\.\.\.|\+\+\+)")


def split(text: str) -> tuple[dict[str, str], int]:
    """The options in the front matter, and where the text itself begins."""
    fence = _FENCE.match(text)
    if fence is None or _FIRST.match(text, fence.end()) is None:
        return {}, 0
    marks = "---|\\.\\.\\." if fence[1] == "---" else "\\+\\+\\+"
    end = re.compile(rf"^(?:{marks})[ \t]*$", re.MULTILINE).search(text, fence.end(), _LONGEST)
    if end is None:
        return {}, 0
    body = text[fence.end() : end.start()]
    return (_yaml(body) if fence[1] == "---" else _toml(body)), end.end()


def _yaml(body: str) -> dict[str, str]:
    options: dict[str, str] = {}
    depth: int | None = None
    for line in body.splitlines():
        entry = _ENTRY.match(line)
        if entry is None:
            continue
        indent, key, value = len(entry[1]), entry[2].strip(), _scalar(entry[3] or "")
        if depth is not None and indent > depth:
            options[key] = value
        elif key == _KEY:
            depth = indent
            if value:
                options["spec"] = value
        else:
            depth = None
    return options


def _scalar(value: str) -> str:
    value = value.strip()
    if value[:1] in ("'", '"'):
        closing = value.find(value[0], 1)
        return value[1:closing] if closing > 0 else value[1:]
    return re.split(r"\s#", value)[0].strip()


def _toml(body: str) -> dict[str, str]:
    try:
        table = tomllib.loads(body)
    except (tomllib.TOMLDecodeError, RecursionError):
        return {}  # the site's generator will say so; a checker of mathematics has no need of the rest
    value = table.get(_KEY, table.get("params", {}).get(_KEY) if isinstance(table.get("params"), dict) else None)
    if isinstance(value, dict):
        return {str(key): str(entry) for key, entry in value.items()}
    return {} if value is None else {"spec": str(value)}
