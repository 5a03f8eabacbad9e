"""A ∂ is missing.

What it finds: a fraction with a ∂ above or below its line only.

Why: one of the two is dropped in typing; what is left is a quotient, or nothing that has a meaning.

Example: ``\\frac{\\partial E}{w_5}`` should be ``\\frac{\\partial E}{\\partial w_5}``.
"""

from __future__ import annotations

from collections.abc import Iterator

from symbackprop.check.rule import Rule, Vocabulary
from symbackprop.check.rule_edits import edited
from symbackprop.expression import Apply, Expression


def _slips(tree: Expression, vocabulary: Vocabulary) -> Iterator[Expression]:
    def open_up(node: Expression) -> Iterator[Expression]:
        if isinstance(node, Apply) and node.operator == "partial":
            above, below = node.arguments
            yield Apply("divide", (Apply("differential", (above,)), below))
            yield Apply("divide", (above, Apply("differential", (below,))))

    for whole, _, _ in edited(tree, open_up):
        yield whole


ENTRY = Rule("partial-lost", __doc__, 5, slips=_slips)
