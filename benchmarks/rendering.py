"""Rendering a long document as Markdown and writing it, beside Jinja and a file alone."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from benchmarks.clock import Measured, in_turn, task
from benchmarks.networks import sigmoid_network
from benchmarks.table import Row, compared, failed

SIZES = (12, 12, 12, 8)


def rows() -> Iterator[Row]:
    found = in_turn({name: task(f"rendering:{name}") for name in ("own", "jinja", "write")})
    own = found["own"]
    if not isinstance(own, Measured):
        yield failed("rendering", own)
        return
    what = f"a document of {int(own.result) / 1e6:.2f} MB: formulas printed, rendered and written"
    yield compared(what, own, "floor: the same text through a Jinja template, written", found["jinja"], ("at most", 10))
    yield compared("", own, "floor: written", found["write"], None)


def _document() -> Any:
    """The whole derivation of every weight, composed: what remains is printing, rendering, writing."""
    import symbackprop as sbp
    from symbackprop.api import derive, with_options

    document = derive(with_options(sigmoid_network(SIZES), detail="full")).document("en")
    assert document.document
    # what the first document of a process makes: the templates' code
    assert derive(sbp.load("mazur")).document("en").text()
    return document


def own() -> Callable[[], int]:
    document = _document()

    def run() -> int:
        return _written(document.text())

    return run


def jinja() -> Callable[[], int]:
    from jinja2 import Environment

    blocks = _document().text().split("\n\n")
    template = Environment().from_string("{% for block in blocks %}{{ block }}\n\n{% endfor %}")
    return lambda: _written(template.render(blocks=blocks))


def write() -> Callable[[], int]:
    text = _document().text()
    return lambda: _written(text)


def _written(text: str) -> int:
    with tempfile.TemporaryDirectory() as folder:
        return Path(folder, "document.md").write_bytes(text.encode())
