"""The front end for a kind of file; each is a module of this package, imported when it is needed."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from typing import Protocol, cast

from symbackprop.check.scan.pieces import Piece
from symbackprop.check.scan.source import Extract, SourceText


class FrontEnd(Protocol):
    """What the module of a front end holds."""

    def extract(self, source: SourceText) -> Extract:
        """What the file says to the checker itself, and what of it is not followed."""

    def pieces(self, source: SourceText) -> Iterator[Piece]:
        """Its headings, paragraphs and tables, in reading order."""


def front_end(kind: str) -> FrontEnd:
    """The front end for one of the kinds of ``scan.source.KINDS``, which are the modules' names."""
    return cast(FrontEnd, importlib.import_module(f"symbackprop.check.frontends.{kind}"))
