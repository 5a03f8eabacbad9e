"""gather: entries picked by affine index access (slices, windows, renamed axes); scatter and stack go with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import product
from typing import NamedTuple

from symbackprop.expression import Index, IndexValue
from symbackprop.graph import Axis, Builder, Node, whole


class Affine(NamedTuple):
    """An index as offset + sum of coefficient · index along an axis of the result."""

    offset: IndexValue = 0
    terms: tuple[tuple[str, int], ...] = ()

    def at(self, place: Mapping[str, IndexValue]) -> IndexValue:
        """Its value at a place of the result; a symbolic index may enter once, as it is."""
        number, symbolic = 0, None
        for index, coefficient in ((self.offset, 1), *((place[axis], coefficient) for axis, coefficient in self.terms)):
            if isinstance(index, int):
                number += coefficient * index
            elif coefficient == 1 and symbolic is None:
                symbolic, number = index.symbol, number + index.offset
            else:
                raise ValueError(f"{self} cannot be written with symbolic indices")
        return number if symbolic is None else Index(symbolic, number)


def along(axis: str, step: int = 1, offset: int = 0) -> Affine:
    """The index that moves with an axis of the result."""
    return Affine(offset, ((axis, step),))


Access = tuple[tuple[str, Affine], ...]


@dataclass(frozen=True, slots=True)
class Gather:
    """result[place] = argument[access(place)].

    ``access`` says, for axes of the argument, which index is read; ``result`` are the axes that
    stand in their stead. Axes that ``access`` does not name stay as they are.
    """

    access: Access
    result: tuple[Axis, ...] = ()

    def axes(self, arguments: tuple[Node, ...]) -> tuple[Axis, ...]:
        (argument,) = arguments
        read = dict(self.access)
        known = {axis.name: axis for axis in argument.axes}
        if not read.keys() <= known.keys():
            raise ValueError(f"{argument.id} has no axes {sorted(read.keys() - known.keys())}")
        kept = tuple(axis for axis in argument.axes if axis.name not in read)
        axes = (*self.result, *kept)
        if len({axis.name for axis in axes}) != len(axes):
            raise ValueError(f"an axis would appear twice among {axes}")
        for name, affine in self.access:
            self._check(known[name], affine)
        return axes

    def _check(self, axis: Axis, affine: Affine) -> None:
        """Every index must lie inside the axis, as far as sizes are numbers."""
        sizes = {entry.name: entry.size for entry in self.result}
        if not isinstance(affine.offset, int) or not isinstance(axis.size, int):
            return
        low = high = affine.offset
        for name, coefficient in affine.terms:
            size = sizes[name]
            if not isinstance(size, int):
                return
            reach = coefficient * (size - 1)
            low, high = low + min(0, reach), high + max(0, reach)
        if low < 0 or high >= axis.size:
            raise ValueError(f"indices {low} to {high} do not lie inside {axis.name}, which has size {axis.size}")

    @property
    def renaming(self) -> dict[str, str] | None:
        """Argument's axis -> result's axis, where nothing but the names of axes changes."""
        names = {}
        for axis, affine in self.access:
            if affine.offset != 0 or len(affine.terms) != 1 or affine.terms[0][1] != 1:
                return None
            names[axis] = affine.terms[0][0]
        one_to_one = len(set(names.values())) == len(names) == len(self.result)
        return names if one_to_one else None

    def source(self, place: Mapping[str, IndexValue]) -> dict[str, IndexValue]:
        """The place of the argument that is read for a place of the result."""
        own = {axis.name for axis in self.result}
        kept = {name: index for name, index in place.items() if name not in own}
        return {**kept, **{name: affine.at(place) for name, affine in self.access}}

    def adjoint(self, build: Builder, node: Node, adjoint: Node, position: int) -> Node | None:
        """Each entry's adjoint goes back to where the entry was read."""
        argument = node.arguments[0]
        return build.apply(Scatter(self, argument.axes), adjoint, order=argument.axes)


@dataclass(frozen=True, slots=True)
class Scatter:
    """result[p] = sum of argument[q] over all q that ``gather`` reads from p: the transpose of ``gather``."""

    gather: Gather
    result: tuple[Axis, ...]

    def axes(self, arguments: tuple[Node, ...]) -> tuple[Axis, ...]:
        (argument,) = arguments
        missing = set(self.gather.result) - set(argument.axes)
        if missing:
            raise ValueError(f"{argument.id} lacks the axes {missing}")
        return self.result

    def sources(self, place: Mapping[str, IndexValue]) -> Iterator[dict[str, IndexValue]]:
        """The places of the argument that are added up at a place of the result."""
        read = dict(self.gather.access)
        kept = {name: index for name, index in place.items() if name not in read}
        renaming = self.gather.renaming
        if renaming is not None:
            yield {**kept, **{new: place[old] for old, new in renaming.items()}}
            return
        for inner in _readers(self.gather).get(tuple(place[name] for name, _ in self.gather.access), ()):
            yield {**kept, **inner}

    def adjoint(self, build: Builder, node: Node, adjoint: Node, position: int) -> Node | None:
        return build.apply(self.gather, adjoint, order=node.arguments[0].axes)


@lru_cache(maxsize=256)
def _readers(gather: Gather) -> dict[tuple[IndexValue, ...], list[dict[str, int]]]:
    """Place of the argument -> the places of the result that read it; sizes must be numbers."""
    found: dict[tuple[IndexValue, ...], list[dict[str, int]]] = {}
    names = [axis.name for axis in gather.result]
    for indices in product(*(range(whole(axis)) for axis in gather.result)):
        place = dict(zip(names, indices, strict=True))
        found.setdefault(tuple(affine.at(place) for _, affine in gather.access), []).append(place)
    return found


@dataclass(frozen=True, slots=True)
class Stack:
    """result[t, ...] = argument_t[...]: arguments over the same axes, joined along a new one."""

    axis: Axis

    def axes(self, arguments: tuple[Node, ...]) -> tuple[Axis, ...]:
        if len(arguments) != whole(self.axis):
            raise ValueError(f"{len(arguments)} arguments do not fill the axis {self.axis}")
        if any(set(argument.axes) != set(arguments[0].axes) for argument in arguments):
            raise ValueError("the arguments have different axes")
        return (self.axis, *arguments[0].axes)

    def adjoint(self, build: Builder, node: Node, adjoint: Node, position: int) -> Node | None:
        """The slice that belongs to the argument."""
        pick = Gather(((self.axis.name, Affine(position)),))
        return build.apply(pick, adjoint, order=node.arguments[position].axes)
