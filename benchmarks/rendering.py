"""Rendering a long document as Markdown and writing it, beside Jinja and a file alone."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.clock import Measured, in_turn, task
from benchmarks.networks import sigmoid_network
from benchmarks.table import Row, compared, failed

SIZES = (32, 32, 32, 10)


def rows() -> Iterator[Row]:
    with tempfile.TemporaryDirectory() as folder:
        text = str(Path(folder, "document.md"))
        # the first one, in the warm-up, writes the document that the others read
        found = in_turn({name: task(f"rendering:{name}", text) for name in ("own", "jinja", "write")})
    own = found["own"]
    if not isinstance(own, Measured):
        yield failed("rendering", own)
        return
    what = f"a document of {int(own.result) / 1e6:.2f} MB: formulas printed, rendered and written"
    yield compared(what, own, "floor: the same text through a Jinja template, written", found["jinja"], ("at most", 10))
    yield compared("", own, "floor: written", found["write"], None)


def own(path: str) -> Callable[[], int]:
    """The derivation of every weight, composed: what remains is printing, rendering, writing."""
    import symbackprop as sbp
    from symbackprop.api import derive, with_options

    document = derive(with_options(sigmoid_network(SIZES), detail="brief")).document("en")
    assert document.document
    # what the first document of a process makes: the templates' code
    assert derive(sbp.load("mazur")).document("en").text()

    def run() -> int:
        return Path(path).write_bytes(document.text().encode())

    return run


def jinja(path: str) -> Callable[[], int]:
    """The same text, its blocks given: a loop over them, and over rows and cells, with a branch for each kind."""
    from jinja2 import Environment

    blocks = list(blocks_of(Path(path).read_text(encoding="utf-8")))
    template = Environment(trim_blocks=True, lstrip_blocks=True).from_string(TEMPLATE)
    return lambda: Path(path).write_bytes(template.render(blocks=blocks).encode())


TEMPLATE = """
{% for block in blocks %}
{% if block.kind == "heading" %}
{{ block.marks }} {{ block.line }}
{% elif block.kind == "formula" %}
$$
{{ block.tex }}
$$
{% elif block.kind == "table" %}
{% for row in block.rows %}
| {{ row | join(" | ") }} |
{% endfor %}
{% else %}
{{ block.line }}
{% endif %}

{% endfor %}
"""


def blocks_of(text: str) -> Iterator[dict[str, object]]:
    """The blocks of a Markdown text, tables as rows of cells."""
    for part in text.split("\n\n"):
        if part.startswith("#"):
            marks, _, line = part.partition(" ")
            yield {"kind": "heading", "marks": marks, "line": line}
        elif part.startswith("$$"):
            yield {"kind": "formula", "tex": part.strip("$\n")}
        elif part.startswith("|"):
            yield {"kind": "table", "rows": [row.strip("| ").split(" | ") for row in part.split("\n")]}
        else:
            yield {"kind": "paragraph", "line": part}


def write(path: str) -> Callable[[], int]:
    text = Path(path).read_text(encoding="utf-8")
    return lambda: Path(path).write_bytes(text.encode())
