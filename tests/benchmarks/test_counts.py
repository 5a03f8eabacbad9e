"""What keeps the product fast, counted instead of timed: modules, derivatives, expressions compiled, trees printed."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections import Counter
from typing import Any

import pytest
import sympy

import symbackprop as sbp
from symbackprop import kept
from symbackprop.check.evaluate.drawing import Places
from symbackprop.check.evaluate.network import NetworkDrawing
from symbackprop.check.evaluate.world import NetworkWorld
from symbackprop.check.judge.compare import Comparer
from symbackprop.derive import paths
from symbackprop.expression import Expression, Symbol, add, multiply
from symbackprop.graph import Graph
from symbackprop.latex.printer import RULES, Printer
from symbackprop.notation.matching import Matcher
from symbackprop.notation.naming import Naming
from symbackprop.notation.table import NOTATIONS

HEAVY = ("jinja2", "mpmath", "msgspec", "numpy", "sympy")


def modules_after(*arguments: str) -> list[str]:
    """The modules that a command has imported when it is done, in a process of its own."""
    program = (
        "import json, sys\n"
        "from symbackprop.cli import main\n"
        "try:\n"
        f"    main({list(arguments)!r})\n"
        "except SystemExit:\n"
        "    pass\n"
        "print(json.dumps(sorted(sys.modules)), file=sys.stderr)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    names: list[str] = json.loads(done.stderr.splitlines()[-1])
    return names


@pytest.mark.parametrize("argument", ["--help", "--version"])
def test_help_imports_nothing_heavy(argument: str) -> None:
    names = modules_after(argument)
    assert not [name for name in names if name.partition(".")[0] in HEAVY]
    own = [name for name in names if name.partition(".")[0] == "symbackprop"]
    assert own == ["symbackprop", "symbackprop.cli", "symbackprop.errors"]


def test_markdown_asks_for_no_other_format_and_no_checker() -> None:
    names = modules_after("derive", "mazur", "--stdout")
    assert "symbackprop.render.renderer" in names
    unwanted = (
        "symbackprop.check",
        "symbackprop.live",
        "symbackprop.latex.reader_parser",
        "quickjs",
        "starlette",
        "numpy",
    )
    assert not [name for name in names if name.startswith(unwanted)]


def test_the_neurons_of_a_layer_share_their_derivatives(monkeypatch: pytest.MonkeyPatch) -> None:
    """SymPy differentiates each shape of formula once, by each of its places, however many neurons have it."""
    monkeypatch.setattr(kept, "_answers", lambda: None)
    calls = 0
    original = sympy.diff

    def counted(*arguments: object) -> object:
        nonlocal calls
        calls += 1
        return original(*arguments)

    monkeypatch.setattr(sympy, "diff", counted)

    def derivatives(outputs: int) -> int:
        nonlocal calls
        paths._derivative.cache_clear()
        network = sbp.Network("n", inputs=3, layers=[sbp.Dense(3), sbp.Dense(outputs)])
        derivation = sbp.derive(network)
        before = calls
        for parameter in derivation.derivation.parameters:
            derivation.story.paths.run(parameter)
        return calls - before

    few, many = derivatives(2), derivatives(8)
    # only the error's sum has a place for every output
    assert 0 < few <= many <= few + 6


def test_expressions_are_compiled_only_for_names_that_begin_alike(monkeypatch: pytest.MonkeyPatch) -> None:
    compiled: list[str] = []
    expression = Matcher.__dict__["expression"]
    original = expression.func
    monkeypatch.setattr(expression, "func", lambda matcher: compiled.append(matcher.beginning) or original(matcher))
    naming = Naming(NOTATIONS.get("mazur"), (2, 2, 2))
    assert [symbol.kind for symbol in naming.read("out_{h1}")] == ["activation"]
    assert compiled
    assert all("out_{h1}".startswith(beginning) for beginning in compiled)
    assert len(compiled) * 2 < len(naming.patterns)


def test_parts_of_a_long_formula_are_printed_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Breaking a line asks for the whole, for its parts and for theirs."""
    printed = 0
    rule = RULES["multiply"]

    def counted(*arguments: object) -> object:
        nonlocal printed
        printed += 1
        return rule(*arguments)  # type: ignore[arg-type]

    monkeypatch.setitem(RULES, "multiply", counted)
    printer = Printer(lambda symbol: f"a_{{{re.sub(r'[^0-9,]', '', str(symbol.indices))}}}")
    products = [multiply(*(Symbol("weight", 1, (row, column)) for column in range(20))) for row in range(10)]
    whole = add(*products)
    text = printer.tex(whole)
    assert printed == len(products)
    assert text == " + ".join(printer.tex(product) for product in products)
    assert printer.tex(whole) == text
    assert printed == len(products)


def test_a_definition_is_written_once_however_often_it_is_asked_for() -> None:
    derivation = sbp.derive(sbp.load("mazur")).derivation
    for parameter in derivation.parameters:
        assert derivation.definition(parameter) is derivation.definition(parameter)


def test_parts_of_the_loss_are_written_out_once_each(monkeypatch: pytest.MonkeyPatch) -> None:
    """However many ways lead to them: each entry asks which parts it reaches."""
    asked: list[Symbol] = []
    original = paths.definition

    def counted(graph: Graph, entry: Symbol, *inline: Any) -> Expression:
        if not inline:
            asked.append(entry)
        return original(graph, entry, *inline)

    monkeypatch.setattr(paths, "definition", counted)
    network = sbp.Network("n", inputs=3, layers=[sbp.Dense(6), sbp.Dense(5)])
    derivation = sbp.derive(network).derivation
    found = paths.Paths(derivation)
    for parameter in derivation.parameters:
        found.run(parameter)
    assert sorted(entry.indices or () for entry in asked) == [(unit,) for unit in range(5)]


def test_slips_are_looked_for_without_evaluating_again_what_trees_share(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: Counter[tuple[int, Symbol]] = Counter()
    original = NetworkDrawing.quantity

    def counted(drawing: NetworkDrawing, symbol: Symbol, places: Places) -> Any:
        asked[id(drawing), symbol] += 1
        return original(drawing, symbol, places)

    monkeypatch.setattr(NetworkDrawing, "quantity", counted)
    world = NetworkWorld(sbp.derive(sbp.load("mazur")).derivation)
    factors = [Symbol("weight", 1, (row, column)) for row in range(2) for column in range(2)]
    terms = [multiply(factor, *factors) for factor in factors]
    # a sum, and the same with one of its terms in the place of another
    written = [add(*terms), *(add(*terms[:place], terms[place - 1], *terms[place + 1 :]) for place in range(4))]
    asked.clear()
    comparer = Comparer(world)
    assert not any(comparer.compare(written[0], other).equal for other in written[1:])
    assert set(asked.values()) == {1}
    assert {symbol for _, symbol in asked} == set(factors)
