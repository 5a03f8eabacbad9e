"""Expression trees as compact text, for tables of expected readings."""

from __future__ import annotations

from symbackprop.expression import Apply, Chain, Expression, Name, Number, Symbol
from symbackprop.latex.reader import Reading


def describe(tree: Expression) -> str:
    """``w_5`` for a name with a plain script, ``w_(bracket l)`` else; ``(add a b)`` for an operator."""
    if isinstance(tree, Number):
        return tree.text
    if isinstance(tree, Symbol):
        return repr(tree)
    if isinstance(tree, Name):
        text = f"{tree.style.replace(' ', '.')}:{tree.head}" if tree.style else tree.head or "_"
        text += "'" * tree.primes
        text += "" if tree.subscript is None else "_" + describe_script(tree.subscript)
        return text + ("" if tree.superscript is None else "^" + describe_script(tree.superscript))
    assert isinstance(tree, Apply)
    return f"({' '.join([tree.operator, *map(describe, tree.arguments)])})"


def describe_script(tree: Expression) -> str:
    text = describe(tree)
    return f"{{{text}}}" if "_" in text or ("^" in text and len(text) > 1) else text


def describe_chain(chain: Chain) -> str:
    members = [describe(member) for member in chain.expressions]
    return members[0] + "".join(
        f" {relation} {member}" for relation, member in zip(chain.relations, members[1:], strict=True)
    )


def describe_reading(reading: Reading) -> list[str]:
    """One line a row: "..." in front of a continued chain, "if" in front of a condition, "!kind" for a problem."""
    lines = []
    for row in reading.rows:
        if row.problem is not None:
            lines.append(f"!{row.problem.kind}@{row.problem.offset}")
            continue
        assert row.chain is not None
        mark = ("... " if row.continues else "") + ("if " if row.condition else "")
        lines.append(mark + describe_chain(row.chain))
    return lines
