"""Equations with a quantity on the left that do not say how it is computed, or say it of its parts."""

from __future__ import annotations

from symbackprop.check.bind.indices import IMPLICIT, free_indices
from symbackprop.check.bind.lexicon import Lexicon
from symbackprop.check.bind.scripts import LOSSES
from symbackprop.check.evaluate.model import Model
from symbackprop.check.evaluate.only_read import is_only_read
from symbackprop.expression import Apply, Expression, Index, Symbol, walk


def only_shows(tree: Expression) -> bool:
    """Whether a right side is nothing that can be computed: a list, something left out, an index that is not named."""
    return is_only_read(tree) or any(
        isinstance(node, Symbol) and Index(IMPLICIT) in (node.indices or ()) for node in walk(tree)
    )


def is_of_one_unit(head: Symbol, tree: Expression, lexicon: Lexicon, model: Model) -> bool:
    """``W = z_j^l - b_j^l``: something that has no index of its own is another thing for each unit."""
    if head.indices is not None or head.position is not None or head == model.loss:
        return False
    samples = {index.symbol for index in lexicon.samples if isinstance(index, Index)}
    return not set(free_indices(tree)) <= {model.last, lexicon.last_step} | lexicon.chosen | samples


def adds_losses(tree: Expression) -> bool:
    """``E_{o1} + E_{o2}``: a total of which another equation may say what its parts are."""
    return (
        isinstance(tree, Apply)
        and tree.operator == "add"
        and all(isinstance(term, Symbol) and term.kind.partition("_")[0] in LOSSES for term in tree.arguments)
    )


def same_form(one: Apply, other: Apply) -> bool:
    """Whether two formulas have their parts in the same places."""
    return one.operator == other.operator and len(one.arguments) == len(other.arguments)
