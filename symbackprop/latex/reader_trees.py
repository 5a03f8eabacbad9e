"""What the reader does with trees it has already built: fold, merge, take a differential or a transpose apart."""

from __future__ import annotations

from typing import TypeGuard

from symbackprop.expression import Apply, Expression, Name, Number, Span, Symbol
from symbackprop.latex.reader_symbols import SYMBOLS

_NOWHERE = Span(0, 0)
_TEN = Number("10")
_LETTERS = frozenset(value for kind, value in SYMBOLS.values() if kind == "letter")
_UNTYPED = _LETTERS | {"cdot", "dots"}
_MARKS = frozenset({"+", "-", "*", "cdot"})
_TRANSPOSES = frozenset({"T", "top", "Tr", "tr"})


def span_of(tree: Expression) -> Span:
    """Where the tree stands."""
    return _NOWHERE if isinstance(tree, Symbol) or tree.span is None else tree.span


def is_differential(tree: Expression) -> TypeGuard[Apply]:
    """Whether this is a ∂ of something that waits for its other half."""
    return isinstance(tree, Apply) and tree.operator == "differential"


def scientific(factors: list[Expression]) -> list[Expression]:
    """The factors with ``3.5``, ``10^{-7}`` as the one number ``3.5e-7``."""
    found: list[Expression] = []
    for factor in factors:
        mantissa = found[-1] if found else None
        if isinstance(mantissa, Number) and "e" not in mantissa.text and (exponent := _power_of_ten(factor)):
            span = Span(span_of(mantissa).start, span_of(factor).end)
            found[-1] = Number(f"{mantissa.text}e{exponent}", span=span)
        else:
            found.append(factor)
    return found


def _power_of_ten(factor: Expression) -> str:
    if isinstance(factor, Apply) and factor.operator == "power" and factor.arguments[0] == _TEN:
        exponent = factor.arguments[1]
        if isinstance(exponent, Number) and len(exponent.text) < 5 and exponent.text.lstrip("-").isdigit():
            return exponent.text
    return ""


def merged(factors: list[Expression], span: Span) -> Expression:
    """What stands side by side in a subscript: letters and digits as one name, other things as a sequence."""
    found: list[Expression] = []
    for factor in factors:
        before = found[-1] if found else None
        if before is not None and (left := _typed(before)) and (right := _typed(factor)):
            both = left + right
            place = Span(span_of(before).start, span_of(factor).end)
            found[-1] = Number(both, span=place) if both.isdigit() else Name(both, span=place)
        else:
            found.append(factor)
    return found[0] if len(found) == 1 else Apply("sequence", tuple(found), span)


def _typed(tree: Expression) -> str:
    """The letters and digits of a tree that is nothing else: no command, no style, no scripts."""
    if isinstance(tree, Number):
        return tree.text if tree.text.isdigit() else ""
    if isinstance(tree, Name) and is_bare(tree) and tree.head.isalnum() and tree.head not in _UNTYPED:
        return tree.head
    return ""


def is_bare(name: Name) -> bool:
    """Whether the name is its head alone."""
    return name.subscript is None and name.superscript is None and not name.primes and not name.style


def peeled(script: Expression) -> tuple[Expression | None, bool, int]:
    """A superscript without the transpose sign and the primes in it: (what is left, transposed, primes)."""
    if isinstance(script, Name):
        if script.head in _TRANSPOSES and script.subscript is None and script.superscript is None and not script.primes:
            return None, True, 0
        if script.head == "prime" and script.subscript is None and script.superscript is None:
            return None, False, 1 + script.primes
        return script, False, 0
    if not isinstance(script, Apply):
        return script, False, 0
    arguments = script.arguments
    if script.operator in ("multiply", "sequence"):
        last, transposed, primes = peeled(arguments[-1])
        if last is None:
            rest = arguments[0] if len(arguments) == 2 else Apply(script.operator, arguments[:-1], script.span)
            return _as_items(rest), transposed, primes
        return _as_items(script), False, 0
    if script.operator in ("transpose", "derivative") and _is_bracketed(arguments[0]):
        return arguments[0], script.operator == "transpose", int(script.operator == "derivative")
    return script, False, 0


def _is_bracketed(tree: Expression) -> bool:
    return isinstance(tree, Apply) and tree.operator in ("group", "bracket", "brace")


def _as_items(script: Expression) -> Expression:
    """``[l](i)`` in a superscript lists a layer and a sample, ``l+`` a layer and a mark; neither is a product."""
    if isinstance(script, Apply) and script.operator == "multiply":
        first, last = script.arguments[0], script.arguments[-1]
        if _is_bracketed(first) or (isinstance(last, Name) and last.head in _MARKS):
            return Apply("sequence", script.arguments, script.span)
    return script


def differential(tree: Expression) -> Expression | None:
    """What a tree is the differential of: E of ``dE``, of ``d E`` and of ``\\partial E``; None if it is none.

    The empty name stands for the ``d`` of ``\\frac{d}{dw}``.
    """
    if isinstance(tree, Name):
        return _undifferentiated(tree)
    if not isinstance(tree, Apply) or not tree.arguments:
        return None
    first, rest = tree.arguments[0], tree.arguments[1:]
    if tree.operator == "differential":
        return first
    if tree.operator == "call" and isinstance(first, Name):
        inner = _undifferentiated(first)
        if inner is None or not inner.head:
            return None
        return Apply("call", (inner, *rest), Span(span_of(inner).start, span_of(tree).end))
    if tree.operator == "multiply" and isinstance(first, Name):
        inner = _undifferentiated(first)
        if inner is None:
            return None
        factors = rest if not inner.head else (inner, *rest)
        span = Span(span_of(factors[0]).start, span_of(tree).end)
        return factors[0] if len(factors) == 1 else Apply("multiply", factors, span)
    return None


def _undifferentiated(name: Name) -> Name | None:
    if name.head in ("d", "partial") and name.subscript is None and name.superscript is None and not name.primes:
        return Name("")
    if name.head[:1] != "d" or len(name.head) == 1 or name.head in _LETTERS or name.head[1].isdigit():
        return None
    span = Span(span_of(name).start + 1, span_of(name).end)
    return Name(name.head[1:], name.subscript, name.superscript, name.primes, name.style, span)
