"""The document model: what a document says, in no language and no format.

A block holds keys of the locale files and mathematics as expression trees; words enter in
``render``, spelling of quantities in ``notation``, syntax in ``templates``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TypeAlias

from symbackprop.expression import Chain, Expression


@dataclass(frozen=True, slots=True)
class Text:
    """Words that are the same in every language: an author, a file name, a count."""

    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A reference to a numbered formula, figure or table by its label."""

    label: str


@dataclass(frozen=True, slots=True)
class Message:
    """A phrase of the locale file, with arguments of its own."""

    key: str
    arguments: Mapping[str, Inline] = field(default_factory=lambda: MappingProxyType({}))


Inline: TypeAlias = "Expression | Chain | Text | Reference | Message | tuple[Inline, ...]"
"""What may stand inside a line; a tuple is an enumeration, joined as the language does."""


@dataclass(frozen=True, slots=True)
class Heading:
    level: int
    message: Message


@dataclass(frozen=True, slots=True)
class Say:
    """A paragraph."""

    message: Message


@dataclass(frozen=True, slots=True)
class Enumeration:
    """A list of paragraphs, numbered where the order matters."""

    items: tuple[Message, ...]
    ordered: bool = False


@dataclass(frozen=True, slots=True)
class Formula:
    """A displayed formula of one or more chains; the label makes it numbered and referable."""

    chains: tuple[Chain, ...]
    label: str | None = None
    aside: bool = False
    """Whether it repeats for another quantity what was shown before, so that a page may fold it away."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table; every cell is inline."""

    caption: Message
    header: tuple[Inline, ...]
    rows: Sequence[tuple[Inline, ...]]
    label: str | None = None
    columns: str = ""
    """One letter a column: l (words), c (mathematics), r (numbers). Empty: all c."""


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure by the name under which ``figures`` draws it ("network", "paths-w5", "curve")."""

    name: str
    caption: Message
    label: str | None = None


@dataclass(frozen=True, slots=True)
class Code:
    language: str
    text: str


Block: TypeAlias = "Heading | Say | Enumeration | Formula | Table | Figure | Code"


@dataclass(frozen=True, slots=True)
class Document:
    """A whole document: its title, its blocks in reading order, and what its front matter needs."""

    title: Message
    blocks: tuple[Block, ...]
    summary: Message | None = None
    author: str = ""
    date: str = ""
    tags: tuple[str, ...] = ()
