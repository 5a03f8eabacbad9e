"""The loss of a document that is its own model: the quantity that its gradients belong to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from symbackprop.check.bind.document import DocumentNames
from symbackprop.check.bind.scripts import LOSSES
from symbackprop.expression import Apply, Expression, Name, Symbol, walk


def loss_in(trees: Sequence[Expression], names: DocumentNames) -> Symbol | None:
    """What is differentiated most; beside the loss of a sample, that of all samples."""
    counts: Counter[Symbol] = Counter()
    for tree in trees:
        for node in walk(tree):
            if isinstance(node, Apply) and node.operator in ("partial", "gradient"):
                of = node.arguments[0]
                if isinstance(of, Apply) and of.operator == "call":
                    of = of.arguments[0]
                symbol = names.resolve(of) if isinstance(of, Name) else None
                if isinstance(symbol, Symbol) and symbol.position is None and _may_be_loss(symbol, names):
                    counts[symbol] += 1 + (symbol.kind in LOSSES)
    named = sorted(family for family in names.families if family in LOSSES)
    if not counts:
        counts.update(Symbol(family) for family in named[:1])
    single = names.lexicon.samplewise.losses
    if single:
        of_all = Counter({symbol: count for symbol, count in counts.items() if symbol.kind not in single})
        of_all = of_all or Counter([Symbol(family) for family in named if family not in single][:1])
        counts = of_all or counts
    return max(counts, key=lambda symbol: counts[symbol], default=None)


def _may_be_loss(symbol: Symbol, names: DocumentNames) -> bool:
    """Whether a quantity may be the loss: of all samples, or of any one of them."""
    return symbol.indices is None or (
        symbol.kind in LOSSES and all(index in names.lexicon.samples for index in symbol.indices)
    )
