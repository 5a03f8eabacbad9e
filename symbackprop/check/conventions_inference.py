"""Inferring the conventions of a document: those under which the least of it fails."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

from symbackprop.check.conventions import Conventions


class Candidate(Protocol):
    """A document under some conventions."""

    conventions: Conventions

    def under(self, conventions: Conventions) -> Candidate: ...

    def failures(self) -> int:
        """How much does not hold; 0 is best."""
        ...


def inferred(document: Candidate, given: frozenset[str]) -> Conventions:
    """The best conventions; those with a ``given`` key stay as they are. The usual ones win where nothing speaks."""
    best, fewest = document.conventions, document.failures()
    for key in _ORDER:
        if key in given or not fewest:
            continue
        for conventions in _others(best, key):
            failures = document.under(conventions).failures()
            if failures < fewest:
                best, fewest = conventions, failures
    return best


_ORDER = ("layout", "index_order", "product", "delta_sign")


def _others(conventions: Conventions, key: str) -> Iterator[Conventions]:
    if key == "layout":
        for layout in ("column", "row"):
            if layout != conventions.layout_of_vectors:
                yield replace(conventions, layout_of_vectors=layout)
    elif key == "index_order":
        yield replace(conventions, index_order="from-to" if conventions.index_order == "to-from" else "to-from")
    elif key == "product":
        yield replace(conventions, product="hadamard" if conventions.product == "matrix" else "matrix")
    else:
        yield conventions.with_other_sign()
