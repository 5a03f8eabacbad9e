"""Mutation testing of one module: changes one thing at a time and asks whether its tests notice.

``python tests/mutants.py symbackprop/check/judge/numbers.py 45 tests/check/test_judged_numbers.py``
draws 45 changes, always the same ones, and lists those that no test noticed. The module is put back
as it was at the end; it is to be run in a clone of its own.
"""

from __future__ import annotations

import ast
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

SECONDS = 120
"""After which a change that makes the tests hang counts as noticed."""

OTHER: dict[type[ast.AST], type[ast.AST]] = {
    ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Add, ast.Div: ast.Mult, ast.Lt: ast.LtE, ast.LtE: ast.Lt,
    ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And,
}  # fmt: skip
"""Operator -> what it is changed into."""


def changes(tree: ast.Module) -> Iterator[tuple[int, Callable[[], None]]]:
    """Every change that can be made: its line, and what makes it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.BinOp | ast.BoolOp) and type(node.op) in OTHER:
            yield node.lineno, lambda node=node: setattr(node, "op", OTHER[type(node.op)]())
        elif isinstance(node, ast.Compare) and type(node.ops[0]) in OTHER:
            yield node.lineno, lambda node=node: node.ops.__setitem__(0, OTHER[type(node.ops[0])]())
        elif isinstance(node, ast.Constant) and isinstance(node.value, bool):
            yield node.lineno, lambda node=node: setattr(node, "value", not node.value)
        elif isinstance(node, ast.Constant) and isinstance(node.value, int):
            yield node.lineno, lambda node=node: setattr(node, "value", node.value + 1)
        elif isinstance(node, ast.If):
            yield node.lineno, lambda node=node: setattr(node, "test", ast.Constant(False))
        elif isinstance(node, ast.Return) and node.value is not None:
            yield node.lineno, lambda node=node: setattr(node, "value", ast.Constant(None))


def is_noticed(tests: list[str]) -> bool:
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
    try:
        return subprocess.run(command, capture_output=True, timeout=SECONDS, check=False).returncode != 0
    except subprocess.TimeoutExpired:
        return True


def main(module: str, most: str, *tests: str) -> None:
    path = Path(module)
    source = path.read_text(encoding="utf-8")
    count = len(list(changes(ast.parse(source))))
    drawn = random.Random(1).sample(range(count), min(int(most), count))
    missed: list[int] = []
    try:
        for number in drawn:
            tree = ast.parse(source)
            line, change = list(changes(tree))[number]
            change()
            path.write_text(ast.unparse(tree), encoding="utf-8")
            if not is_noticed(list(tests)):
                missed.append(line)
    finally:
        path.write_text(source, encoding="utf-8")
    print(f"{module}: {len(drawn) - len(missed)} of {len(drawn)} changes noticed; {count} can be made")
    for line in sorted(missed):
        print(f"  {line}: {source.splitlines()[line - 1].strip()}")


if __name__ == "__main__":
    main(*sys.argv[1:])
