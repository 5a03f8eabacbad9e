"""Other readings that a statement may follow in a document about a network, and the words that state them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from msgspec import structs

from symbackprop.check.conventions import Conventions
from symbackprop.check.evaluate.network import Layout
from symbackprop.check.evaluate.variants import linear, tied
from symbackprop.check.judge.alternative import Terms
from symbackprop.derive.reverse import ADJOINT, UPDATED
from symbackprop.expression import Apply, Expression, Symbol, transform, walk
from symbackprop.spec.model import Network

_SIGNED = frozenset({ADJOINT, f"negated {ADJOINT}"})
_ARRAYS = frozenset({"activation", "preactivation", "weight", "bias", "share"})


@dataclass(frozen=True, kw_only=True)
class Possible(Terms):
    """``layout`` changes the arrangement, ``network`` the network itself (None: it cannot be changed so)."""

    layout: Callable[[Layout], Layout] = lambda layout: layout
    network: Callable[[Network], Network | None] | None = None


def _as_adjoints(tree: Expression) -> Expression:
    """Every ∂E/∂x as what the backward pass computes for it, which follows its order."""
    return transform(tree, _adjoint)


def _adjoint(tree: Expression) -> Expression | None:
    if isinstance(tree, Apply) and tree.operator == "partial" and len(tree.arguments) == 2:
        of, by = tree.arguments
        if isinstance(of, Symbol) and isinstance(by, Symbol) and of.kind == "loss" and not by.variant:
            return structs.replace(by, variant=ADJOINT)
    return None


def _turns_a_bias(tree: Expression) -> bool:
    """Whether a bias is transposed, as no single number is."""
    return any(
        isinstance(node, Symbol) and node.kind == "bias"
        for turned in walk(tree)
        if isinstance(turned, Apply) and turned.operator == "transpose"
        for node in walk(turned)
    )


def network_alternatives(conventions: Conventions) -> Iterator[Possible]:
    """All of them, those of whole documents first."""
    other = conventions.with_other_order()
    yield Possible(
        rule="delta-redefined", fact="δ is taken with the other sign",
        layout=lambda layout: replace(layout, delta_sign=-layout.delta_sign), variants=_SIGNED, beside_head=True,
    )  # fmt: skip
    yield Possible(
        rule="update-order", fact=conventions.other_order_fact(),
        layout=lambda layout: replace(layout, order=other.layout().order), variants=frozenset({UPDATED}),
        words=(
            r"sequential|逐层|依次|already (?:updated|new)|new weights|新权重|(?:update|更新|"
            r"\+\}?\s*\\leftarrow).*←$"
        ),
        of_head=True, turn=_as_adjoints,
    )  # fmt: skip
    yield Possible(
        rule="shared-bias", fact="all neurons of a layer share one bias",
        layout=lambda layout: replace(layout, shared_bias=True), kinds=frozenset({"bias"}), refuted=_turns_a_bias,
        words=r"标量|共享|共用|同一个偏置|scalar|share|same bias|one bias|single bias",
    )  # fmt: skip
    yield Possible(
        rule="other-layout", fact="vectors are " + ("columns" if conventions.layout_of_vectors == "row" else "rows"),
        layout=lambda layout: replace(layout, row=not layout.row), kinds=_ARRAYS, is_remote=True,
        words=(
            r"row vector|column vector|行向量|列向量|in a row|in a column|and a (?:row|"
            r"column)|一列|一行|mirror image|镜像"
        ),
    )  # fmt: skip
    yield Possible(
        rule="other-shares", fact="the errors are handed back by the weights themselves",
        layout=lambda layout: replace(layout, plain_shares=True), kinds=frozenset({"share"}), is_remote=True,
        words=r"simplif|denominator|分母|化简|简化|省去",
    )  # fmt: skip
    yield Possible(
        rule="other-shares", fact="the errors are handed back by the weights themselves, in columns",
        layout=lambda layout: replace(layout, plain_shares=True, row=False), kinds=frozenset({"share"}), is_remote=True,
        words=r"simplif|denominator|分母|化简|简化|省去",
    )  # fmt: skip
    yield Possible(
        rule="other-activation", fact="the units are linear", network=linear, kinds=_ARRAYS | {"loss", "target"},
        is_remote=True,
        words=r"linear|线性|identity|恒等",
    )  # fmt: skip
    yield Possible(
        rule="other-ties", fact="the second half of the network uses the weights of the first", network=tied,
        kinds=_ARRAYS | {"loss", "target"}, of_section=True, is_remote=True,
        words=r"\btied|\btying|共享权重|权重共享|权重绑定|绑定权重",
    )  # fmt: skip
