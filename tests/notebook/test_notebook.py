"""The notebook: a valid one, the same bytes every time, and code whose numbers are the document's."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterator
from contextlib import redirect_stdout
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from support.python_output import REMARK, last_place

from symbackprop.api import derive, load, with_options
from symbackprop.document.blocks import Formula, Table
from symbackprop.document.python.cells import with_cells
from symbackprop.examples.library import example_names
from symbackprop.expression import Apply, Chain, Number
from symbackprop.notation.table import NOTATIONS
from symbackprop.spec.reading import parse_spec

COMPLETE = [name for name in example_names() if derive(load(name)).derivation.model.complete]


def notebook(example: str, language: str = "en", notation: str | None = None) -> str:
    return derive(with_options(load(example), notation=notation)).document(language).text("ipynb")


def run(text: str) -> tuple[str, list[tuple[str, str, Any]]]:
    """What the code prints, and each line's name, the number behind it, and the value it got in its cell."""
    namespace: dict[str, Any] = {}
    printed = io.StringIO()
    lines = []
    for cell in json.loads(text)["cells"]:
        if cell["cell_type"] == "code":
            source = "".join(cell["source"])
            with redirect_stdout(printed):
                exec(compile(source, cell["id"], "exec"), namespace)  # noqa: S102 (the notebook under test)
            lines += [(name, number, namespace[name]) for name, number in REMARK.findall(source)]
    return printed.getvalue(), lines


@pytest.mark.parametrize("example", example_names())
@pytest.mark.parametrize("language", ["en", "zh"])
def test_it_is_what_jupyter_would_write(example: str, language: str) -> None:
    text = notebook(example, language)
    read = nbformat.reads(text, nbformat.NO_CONVERT)
    nbformat.validate(read)
    assert nbformat.writes(read) + "\n" == text
    assert len({cell.id for cell in read.cells}) == len(read.cells)
    assert all(cell.execution_count is None and not cell.outputs for cell in read.cells if cell.cell_type == "code")
    assert notebook(example, language) == text


@pytest.mark.parametrize("example", COMPLETE)
def test_every_line_computes_the_number_that_stands_behind_it(example: str) -> None:
    _, lines = run(notebook(example))
    assert len(lines) > 20
    for name, number, value in lines:
        assert abs(value - float(number)) <= last_place(number), name


@pytest.mark.parametrize("notation", NOTATIONS.names())
def test_in_every_notation(notation: str) -> None:
    _, lines = run(notebook("mazur", notation=notation))
    assert len(lines) > 40
    for name, number, value in lines:
        assert abs(value - float(number)) <= last_place(number), name


def shown_numbers(part: Any) -> Iterator[Number]:
    if isinstance(part, Number):
        yield part
    elif isinstance(part, Chain):
        yield from shown_numbers(part.expressions)
    elif isinstance(part, Apply):
        yield from shown_numbers(part.arguments)
    elif isinstance(part, tuple):
        for one in part:
            yield from shown_numbers(one)


@pytest.mark.parametrize("example", ["mazur", "deep-autoencoder", "recurrent", "row-vector"])
def test_no_number_of_the_document_is_left_out(example: str) -> None:
    derivation = derive(load(example))
    document = derivation.document("en")
    printed, _ = run(document.text("ipynb"))
    known = [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", printed)]
    known += [float(value) for value in derivation.derivation.model.values.values()]
    digits = derivation.network.numbers.digits
    for block in document.document.blocks:
        parts = block.chains if isinstance(block, Formula) else block.rows if isinstance(block, Table) else ()
        for number in shown_numbers(parts):
            if "." not in number.text:
                continue
            shown = abs(float(number.value))
            # what the document shows of a very small number has more places than what code prints
            near = 2 * max(last_place(number.text), 10.0**-digits)
            assert any(abs(shown - abs(value)) <= near for value in known), number.text


def test_the_loop_of_the_worked_example() -> None:
    printed, _ = run(notebook("mazur"))
    assert "simultaneous, 10000: error 0.000035102\noutputs 0.015913620 0.984064274\n" in printed
    sequential = derive(load("mazur")).derivation.train("sequential", 10000)
    assert f"sequential, 10000: error {sequential.errors[-1]:.9f}" in printed


@pytest.mark.parametrize("reduction", ["mean", "sum"])
def test_the_loop_of_one_sample_after_another(reduction: str) -> None:
    spec = f"""
name = "small"
inputs = 1
notation = "ng"
[[layers]]
size = 1
weights = [[0.5]]
biases = [0.1]
[data]
inputs = [[0.5], [1], [-0.5]]
targets = [[1], [0], [0.5]]
[training]
learning_rate = 0.5
iterations = 25
batch = "sample"
reduction = "{reduction}"
"""
    derivation = derive(parse_spec(spec))
    printed, _ = run(derivation.document("en").text("ipynb"))
    trained = derivation.derivation.train("simultaneous", 25)
    outputs = " ".join(f"{output:.9f}" for output in trained.outputs.values())
    assert f"simultaneous, 25: error {trained.errors[-1]:.9f}\noutputs {outputs}\n" in printed


def test_it_runs_in_jupyter() -> None:
    read = nbformat.reads(notebook("mazur", "zh"), 4)
    NotebookClient(read, timeout=120, kernel_name="python3").execute()
    printed = "".join(output.text for cell in read.cells if cell.cell_type == "code" for output in cell.outputs)
    assert "dE_total_dw5 = 0.082167041" in printed


def test_without_values_there_is_only_text() -> None:
    derivation = derive(load("mazur-symbolic"))
    document = with_cells(derivation.document("en").document, derivation.story, derivation.in_own_signs)
    assert document.blocks[0].message.key == "python.no_values"
    assert {cell["cell_type"] for cell in json.loads(notebook("mazur-symbolic"))["cells"]} == {"markdown"}


def test_figures_lie_beside_it(tmp_path: Any) -> None:
    paths = derive(load("mazur")).document("en").save(tmp_path / "mazur.ipynb")
    text = paths[0].read_text(encoding="utf-8")
    names = re.findall(r"\]\((mazur\.figures/[^)]+)\)", text)
    assert names
    assert {tmp_path / name for name in names} <= set(paths)
