"""Python statements as people write them: no bracket too many, squares as squares, long ones in several lines."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Mapping

from symbackprop.expression import Expression, Symbol
from symbackprop.numeric.source import FUNCTIONS, source

LONGEST_LINE = 100
MOST_TOGETHER, LONGEST_TOGETHER = 4, 80
HELPERS = {
    "sign": "def sign(x):\n    return (x > 0) - (x < 0)",
    "softplus": "def softplus(x):\n    return max(x, 0) + log1p(exp(-abs(x)))",
}
"""Functions that formulas call and Python's math module lacks."""

_OPEN, _CLOSE = "([", ")]"


class _Squares(ast.NodeTransformer):
    """``x * x`` as ``x**2``: the source that is made to run fast multiplies."""

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        of_itself = isinstance(node.op, ast.Mult) and ast.dump(node.left) == ast.dump(node.right)
        if of_itself and not isinstance(node.left, ast.Constant):
            return ast.BinOp(node.left, ast.Pow(), ast.Constant(2))
        return node


def python_text(expression: Expression, names: Mapping[Symbol, str], number: Callable[[str], str] = str) -> str:
    """A Python expression in as few brackets as Python allows."""
    tree = ast.parse(source(expression, names, number), mode="eval")
    return ast.unparse(_Squares().visit(tree))


def assignment(name: str, value: str, note: str = "") -> str:
    """``name = value  # note``, in several lines where one would be too long."""
    line = f"{name} = {value}"
    remark = f"  # {note}" if note else ""
    if len(line) + len(remark) <= LONGEST_LINE:
        return line + remark
    terms = _terms(value)
    if len(terms) == 1:
        return line + remark
    return "\n".join([f"{name} = ({remark}", *(f"    {row}" for row in _filled(terms)), ")"])


def together(pairs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
    """``a, b = x, y``: a few assignments in each line, as long as they fit."""
    rows: list[list[tuple[str, str]]] = []
    for pair in pairs:
        if not rows or len(rows[-1]) == MOST_TOGETHER or len(_row([*rows[-1], pair])) > LONGEST_TOGETHER:
            rows.append([])
        rows[-1].append(pair)
    return tuple(map(_row, rows))


def _row(pairs: Iterable[tuple[str, str]]) -> str:
    names, values = zip(*pairs, strict=True)
    return f"{', '.join(names)} = {', '.join(values)}"


def _terms(value: str) -> list[str]:
    """A sum in its terms, each with its sign; brackets stay whole."""
    terms, depth, start = [], 0, 0
    for match in re.finditer(r"[()\[\]]| [+-] ", value):
        mark = match[0]
        depth += (mark in _OPEN) - (mark in _CLOSE)
        if len(mark) == 3 and depth == 0:
            terms.append(value[start : match.start()])
            start = match.start() + 1
    return [*terms, value[start:]]


def _filled(terms: Iterable[str]) -> list[str]:
    """The terms in rows that are not too long."""
    rows: list[str] = []
    for term in terms:
        if rows and len(rows[-1]) + len(term) < LONGEST_LINE - 5:
            rows[-1] += f" {term}"
        else:
            rows.append(term)
    return rows


def listing(names: Iterable[str], opening: str = "(", closing: str = ")") -> str:
    """Names in brackets, over several lines where they do not fit in one."""
    every = list(names)
    line = f"{opening}{', '.join(every)}{',' if len(every) == 1 and opening == '(' else ''}{closing}"
    if len(line) <= LONGEST_LINE:
        return line
    rows = [""]
    for name in every:
        if len(rows[-1]) + len(name) > LONGEST_LINE - 8:
            rows.append("")
        rows[-1] += f"{name}, "
    return "\n".join([opening, *(f"    {row.rstrip()}" for row in rows), closing])


def called(texts: Iterable[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What some lines call: the functions to import (π among them), and the helpers written out."""
    whole = "\n".join(texts)
    helpers = tuple(text for name, text in HELPERS.items() if _mentions(whole, name))
    whole = "\n".join((whole, *helpers))
    names = (name for name in (*FUNCTIONS, "pi", "nan") if name not in HELPERS)
    return tuple(name for name in names if _mentions(whole, name)), helpers


def _mentions(text: str, name: str) -> bool:
    return re.search(rf"\b{name}\b", text) is not None
