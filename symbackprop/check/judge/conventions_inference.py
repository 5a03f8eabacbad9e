"""Inferring the conventions of a document: those under which the least of it fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from symbackprop.check.conventions import Conventions


class Candidate(Protocol):
    """A document under some conventions."""

    @property
    def conventions(self) -> Conventions: ...

    def under(self, conventions: Conventions) -> Candidate:
        """The same document under others."""
        ...

    def open_conventions(self) -> frozenset[str]:
        """The keys that make a difference to this document."""
        ...

    def choices(self, key: str) -> tuple[str, ...]:
        """The values of a convention that may be meant."""
        ...

    def failing(self, among: frozenset[int] | None = None) -> dict[int, int]:
        """What does not hold, by a number of its own, with its weight; only those ``among`` are looked at."""
        ...

    def concerns(self, key: str, number: int) -> bool:
        """Whether a convention makes a difference to what does not hold under this number."""
        ...


def inferred(document: Candidate, given: frozenset[str]) -> Conventions:
    """The best conventions; those with a ``given`` key stay as they are. The usual ones win where nothing speaks."""
    best, failing = document.conventions, document.failing()
    open_keys = document.open_conventions() - given
    for key in _ORDER:
        if key not in open_keys or not failing:
            continue
        for conventions in _others(best, key, document.choices(key)):
            other = document.under(conventions)
            # A convention that mends nothing need not be tried on the rest.
            if len(other.failing(frozenset(failing))) == len(failing):
                continue
            found = other.failing()
            before, after = (
                sum(weight for number, weight in each.items() if document.concerns(key, number))
                for each in (failing, found)
            )
            if after < before:
                best, failing = conventions, found
    return best


_ORDER = ("activation", "layout", "index_order", "product", "mean", "delta_sign")


def _others(conventions: Conventions, key: str, choices: tuple[str, ...]) -> Iterator[Conventions]:
    if key == "layout":
        for layout in ("column", "row"):
            if layout != conventions.layout_of_vectors:
                yield replace(conventions, layout_of_vectors=layout)
    elif key == "activation":
        for activation in choices:
            if activation != conventions.activation:
                yield replace(conventions, activation=activation)
    elif key == "index_order":
        yield replace(conventions, index_order="from-to" if conventions.index_order == "to-from" else "to-from")
    elif key == "product":
        yield replace(conventions, product="hadamard" if conventions.product == "matrix" else "matrix")
    elif key == "mean":
        yield replace(conventions, mean="outside" if conventions.mean == "inside" else "inside")
    else:
        yield conventions.with_other_sign()
