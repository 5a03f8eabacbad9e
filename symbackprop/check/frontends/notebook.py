"""Jupyter notebooks: the Markdown cells, each character with its place in the JSON file.

The standard library's JSON reader keeps no positions, so the strings are found here; it still judges
first whether the file is JSON at all.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from symbackprop.check.frontends import markdown
from symbackprop.check.scan import front_matter
from symbackprop.check.scan.mapped import MappedText, join
from symbackprop.check.scan.pieces import Piece
from symbackprop.check.scan.source import Extract, SourceText
from symbackprop.errors import UserError

_TOKEN = re.compile(r'"((?:[^"\\]|\\.)*+)"|[{}\[\]:,]|[^\s{}\[\]:,"]+')
_ESCAPE = re.compile(r'\\(?:u[dD][89abAB][0-9A-Fa-f]{2}\\u[dD][c-fC-F][0-9A-Fa-f]{2}|u[0-9A-Fa-f]{4}|["\\/bfnrt])')


@dataclass(slots=True)
class Cell:
    """A cell as found: its kind, and the stretches of the file that hold its lines."""

    kind: str = ""
    source: list[tuple[int, int]] = field(default_factory=list)


def extract(source: SourceText) -> Extract:
    """The options under ``symbackprop`` in the notebook's metadata, or in a first cell's front matter."""
    value = _parsed(source).get("metadata", {})
    value = value.get("symbackprop") if isinstance(value, dict) else None
    if isinstance(value, dict):
        return Extract({str(key): str(entry) for key, entry in value.items()})
    if value is not None:
        return Extract({"spec": str(value)})
    for view in _views(source):
        return Extract(front_matter.split(view.text)[0])
    return Extract()


def pieces(source: SourceText) -> Iterator[Piece]:
    """The pieces of all Markdown cells. UserError where the file is no notebook."""
    _parsed(source)
    for number, view in enumerate(_views(source)):
        yield from markdown.pieces_of(view, 0 if number else front_matter.split(view.text)[1])


def _parsed(source: SourceText) -> dict[str, object]:
    try:
        notebook = json.loads(source.text)
    except (ValueError, RecursionError) as error:
        raise UserError(source.file, f"is no notebook: {error}") from error
    if not isinstance(notebook, dict) or not {"cells", "worksheets"} & notebook.keys():
        raise UserError(source.file, "is no notebook: it has no 'cells'")
    return notebook


def _views(source: SourceText) -> Iterator[MappedText]:
    for cell in _cells(source.text):
        if cell.kind == "markdown":
            yield join(_unescaped(source.text, start, end) for start, end in cell.source)


def _cells(text: str) -> Iterator[Cell]:
    """The cells, by the way that leads to each string: ``cells`` → a number → ``source`` → a number."""
    path: list[str] = []  # the key (or "" in a list) at each depth
    cell = Cell()
    key: str | None = None
    for token in _TOKEN.finditer(text):
        value = token[0]
        if value in "{[":
            path.append("" if key is None else key)
            key = None
        elif value in "}]":
            if path and path.pop() == "" and path[-1:] == ["cells"]:
                yield cell
                cell = Cell()
            key = None
        elif value == ",":
            key = None
        elif value[0] == '"':
            if text.startswith(":", _after_space(text, token.end())):
                key = token[1]
            elif path[-2:] == ["cells", ""] and key == "cell_type":
                cell.kind = token[1]
            elif (path[-2:] == ["cells", ""] and key == "source") or path[-3:] == ["cells", "", "source"]:
                cell.source.append(token.span(1))


def _after_space(text: str, position: int) -> int:
    while position < len(text) and text[position] in " \t\n":
        position += 1
    return position


def _unescaped(text: str, start: int, end: int) -> MappedText:
    stretch = MappedText.of(text[start:end], start)
    return stretch.substitute(_ESCAPE, lambda escape: json.loads(f'"{escape[0]}"'))
