"""Binding: the names of a formula become quantities, its letters indices, its functions functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from msgspec import structs

from symbackprop.check.bind.indices import settled_sums
from symbackprop.check.bind.names import as_power
from symbackprop.check.bind.protocol import Names
from symbackprop.check.deadline import check_time
from symbackprop.check.evaluate.drawing import INDEX
from symbackprop.expression import Apply, Expression, Index, Name, Symbol

NOTHING = Name("")


@dataclass
class Bound:
    """A bound tree, the names that were met in it with what they mean, and what is not known."""

    tree: Expression
    meanings: dict[Name, Symbol] = field(default_factory=dict)
    unknown: list[Name] = field(default_factory=list)


@dataclass
class Binder:
    """Binds expressions. ``defined`` holds what the document itself defined: name -> bound tree."""

    names: Names
    defined: dict[Name, Expression] = field(default_factory=dict)

    def bind(self, tree: Expression) -> Bound:
        """The expression with everything bound that is known."""
        check_time()
        bound = Bound(tree)
        bound.tree = settled_sums(_Pass(self, bound).bound(tree))
        return bound


@dataclass
class _Pass:
    """One walk through an expression; ``indices`` are the letters of the sums around."""

    binder: Binder
    result: Bound
    indices: tuple[str, ...] = ()

    def bound(self, tree: Expression) -> Expression:
        if isinstance(tree, Name):
            return self._name(tree)
        if not isinstance(tree, Apply):
            return tree
        rule = _RULES.get(tree.operator)
        if rule is not None:
            return rule(self, tree)
        return structs.replace(tree, arguments=tuple(self.bound(argument) for argument in tree.arguments))

    def _name(self, name: Name) -> Expression:
        if name == NOTHING:
            return name
        letter = name.head + "'" * name.primes
        if letter in self.indices and name.subscript is None and name.superscript is None:
            return Symbol(INDEX, None, (Index(letter),))
        if name in self.binder.defined:
            return self.binder.defined[name]
        found = self.binder.names.resolve(name)
        if isinstance(found, Symbol):
            self.result.meanings[name] = found
        return self._compound(name) if found is None else found

    def _compound(self, name: Name) -> Expression:
        """A power in a superscript, or a change ``Δw``; else the name is unknown."""
        parts = as_power(name)
        if parts is not None:
            base, exponent = parts
            symbol = self.binder.names.resolve(base)
            if isinstance(symbol, Symbol):
                self.result.meanings[base] = symbol
                return Apply("power", (symbol, exponent), name.span)
        if name.head.startswith("Delta") and len(name.head) > 5:
            symbol = self.binder.names.resolve(structs.replace(name, head=name.head[5:]))
            if symbol is not None:
                return self.binder.names.change(symbol)
        if name.head not in ("e", "pi"):
            self.result.unknown.append(name)
        return Symbol("pi") if name.head == "pi" and name.subscript is None else name

    def _sum(self, tree: Apply) -> Expression:
        body, *rest = tree.arguments
        letters = tuple(_letters(rest[0])) if rest else ()
        inside = replace(self, indices=(*self.indices, *letters))
        parts = [inside.bound(body)]
        if rest:
            parts.append(inside.bound(rest[0]))
        # A bound that is not understood is no obstacle: the quantities say how far the index runs.
        known = len(self.result.unknown)
        parts.extend(self.bound(bound) for bound in rest[1:])
        del self.result.unknown[known:]
        return structs.replace(tree, arguments=tuple(parts))

    def _call(self, tree: Apply) -> Expression:
        head, *arguments = tree.arguments
        inner = tuple(self.bound(argument) for argument in arguments)
        function = self._function(head, inner)
        if function is None:
            return self._not_called(tree, head, inner)
        meant = self.binder.names.called(function, inner)
        if meant is not None:
            return meant
        return structs.replace(tree, arguments=(function, *inner))

    def _marked(self, tree: Apply) -> Expression:
        """``g(\\delta)^T`` with a quantity g: the mark belongs to the bracket alone, not to a call."""
        call, *marks = tree.arguments
        if isinstance(call, Apply) and call.operator == "call" and len(call.arguments) == 2:
            head, argument = call.arguments
            symbol = self.binder.names.resolve(head) if isinstance(head, Name) else None
            if isinstance(symbol, Symbol) and not self.binder.names.is_loss(symbol) and not self._function(head, ()):
                marked = structs.replace(tree, arguments=(Apply("group", (argument,)), *marks))
                return self.bound(Apply("multiply", (head, marked), tree.span))
        return structs.replace(tree, arguments=tuple(self.bound(argument) for argument in tree.arguments))

    def _function(self, head: Expression, arguments: tuple[Expression, ...]) -> Expression | None:
        if isinstance(head, Apply) and head.operator == "derivative":
            inner = self._function(head.arguments[0], arguments)
            return None if inner is None else Apply("derivative", (inner,), head.span)
        if not isinstance(head, Name):
            return None
        plain = structs.replace(
            head, primes=0, style="" if head.style in ("text", "mathrm", "operatorname") else head.style
        )
        function: Expression | None = self.binder.names.function(plain, arguments)
        for _ in range(head.primes if function is not None else 0):
            assert function is not None
            function = Apply("derivative", (function,), head.span)
        return function

    def _not_called(self, tree: Apply, head: Expression, arguments: tuple[Expression, ...]) -> Expression:
        """``J(W, b)``, ``out(1 - out)``: the name of a quantity before a bracket."""
        if isinstance(head, Name):
            symbol = self.binder.names.resolve(head)
            if isinstance(symbol, Symbol) and self.binder.names.is_loss(symbol):
                self.result.meanings[head] = symbol
                return symbol
            if isinstance(symbol, Symbol) and len(arguments) == 1 and not isinstance(arguments[0], Name | Symbol):
                self.result.meanings[head] = symbol
                return Apply("multiply", (symbol, Apply("group", arguments)), tree.span)
            self.result.unknown.append(head)
        return structs.replace(tree, arguments=(head, *arguments))

    def _gradient(self, tree: Apply) -> Expression:
        """``\\nabla_a C``: a without a layer is that of the last one."""
        found = [self.bound(argument) for argument in tree.arguments]
        by = tree.arguments[-1]
        if len(found) == 2 and isinstance(by, Name) and by.superscript is None:
            last = self.binder.names.of_last_layer(by)
            if last is not None:
                found[1] = last
                self.result.unknown[:] = [name for name in self.result.unknown if name != by]
        return structs.replace(tree, arguments=tuple(found))

    def _product(self, tree: Apply) -> Expression:
        """``Z_1[1]`` is read as a product in an exponent; the names know better."""
        arguments = list(tree.arguments)
        for place in range(len(arguments) - 2, -1, -1):
            name, bracket = arguments[place : place + 2]
            if isinstance(name, Name) and isinstance(bracket, Apply) and bracket.operator == "bracket":
                symbol = self.binder.names.indexed(name, bracket.arguments)
                if symbol is not None:
                    arguments[place : place + 2] = [symbol]
            elif self._is_sample(name, bracket):
                assert isinstance(name, Name)
                self.result.unknown.append(name)
            elif _is_group(bracket) and isinstance(name, Name) and self.binder.names.is_function(name):
                items = bracket.arguments if isinstance(bracket, Apply) else ()
                arguments[place : place + 2] = [Apply("call", (name, *items), name.span)]
        parts = tuple(self.bound(argument) for argument in arguments)
        return parts[0] if len(parts) == 1 else structs.replace(tree, arguments=parts)

    def _is_sample(self, name: Expression, bracket: Expression) -> bool:
        """``Σ_x y(x)``: the quantity y of the sample x."""
        inner = bracket.arguments[0] if isinstance(bracket, Apply) and bracket.operator == "group" else None
        return isinstance(name, Name) and isinstance(inner, Name) and inner == Name(inner.head) and (
            inner.head in self.indices and not self.binder.names.is_function(name))  # fmt: skip

    def _index(self, tree: Apply) -> Expression:
        """``W_1[2,1]``; an index on anything else is left to the evaluation."""
        array, *items = tree.arguments
        if isinstance(array, Name):
            symbol = self.binder.names.indexed(array, items)
            if symbol is not None:
                return symbol
        return structs.replace(tree, arguments=tuple(self.bound(argument) for argument in tree.arguments))


def _is_group(tree: Expression) -> bool:
    return isinstance(tree, Apply) and tree.operator == "group"


def _letters(tree: Expression) -> Iterator[str]:
    """The letters that run under a sum sign."""
    if isinstance(tree, Name):
        yield tree.head + "'" * tree.primes
    elif isinstance(tree, Apply) and tree.operator == "sequence":
        for part in tree.arguments:
            yield from _letters(part)
    elif isinstance(tree, Apply) and tree.operator in ("not_equal", "element", "less", "greater", "less_equal"):
        yield from _letters(tree.arguments[0])


_RULES: dict[str, Callable[[_Pass, Apply], Expression]] = {
    "sum": _Pass._sum,
    "call": _Pass._call,
    "index": _Pass._index,
    "multiply": _Pass._product,
    "gradient": _Pass._gradient,
    "transpose": _Pass._marked,
    "power": _Pass._marked,
}
