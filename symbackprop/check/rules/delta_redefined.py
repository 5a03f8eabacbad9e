"""δ with another meaning.

What it finds: a step that is true only if δ is minus the derivative of the loss by the pre-activation, in a document
whose δ is that derivative; or the other way round. And a second definition of δ, with the other sign or as the
derivative by the activation.

Why: all of these are in use, and a document that mentions another one rarely says so in the formula.

Example: ``\\frac{\\partial E}{\\partial w_5} = -\\delta_{o1} out_{h1}`` after ``\\delta_{o1} out_{h1}``.
"""

from __future__ import annotations

from msgspec.structs import replace

from symbackprop.check.bind.indices import without_brackets
from symbackprop.check.judge.finding import Finding
from symbackprop.check.rule import Case, Rule
from symbackprop.check.verdict import Status
from symbackprop.derive.reverse import ADJOINT
from symbackprop.expression import Apply, Expression, Symbol, partial


def _examine(case: Case) -> Finding | None:
    """A definition of δ, when δ has been something else."""
    head = case.head
    if not isinstance(head, Symbol) or head.variant != ADJOINT or head.kind != "preactivation":
        return None
    written, is_negative = _unsigned(case.written)
    by = written.arguments[1] if isinstance(written, Apply) and written.operator == "partial" else None
    if not isinstance(by, Symbol) or by not in (replace(head, kind=kind, variant="") for kind in _LAYER):
        return None
    assert isinstance(written, Apply)
    expected = partial(written.arguments[0], replace(head, variant=""))
    if not case.comparer.compare(head, expected).equal:
        return None
    other = f"minus {case.spell(written)}" if is_negative else case.spell(written)
    message = f"{case.spell(head)} is {case.spell(expected)} in this document, and here it is defined as {other}"
    return Finding(Status.WRONG, "delta-redefined", message, case.spell(expected))


_LAYER = ("preactivation", "activation")


def _unsigned(tree: Expression) -> tuple[Expression, bool]:
    tree = without_brackets(tree)
    if isinstance(tree, Apply) and tree.operator == "negate":
        return without_brackets(tree.arguments[0]), True
    return tree, False


ENTRY = Rule("delta-redefined", __doc__, 9, status=Status.CONVENTION, examine=_examine)
