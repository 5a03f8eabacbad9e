"""Rewrites the mathematics of a document, wherever it stands, and leaves everything else as it is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from symbackprop.document.blocks import (
    Block,
    Document,
    Enumeration,
    Figure,
    Formula,
    Heading,
    Inline,
    Message,
    Reference,
    Say,
    Table,
    Text,
)
from symbackprop.expression import Chain, Expression

Rewrite = Callable[["Expression | Chain"], "Expression | Chain"]


def rewritten(document: Document, rewrite: Rewrite) -> Document:
    """The document with every expression and every chain rewritten."""
    return replace(document, blocks=tuple(_block(block, rewrite) for block in document.blocks))


def _block(block: Block, rewrite: Rewrite) -> Block:
    if isinstance(block, Formula):
        return replace(block, chains=tuple(_chain(chain, rewrite) for chain in block.chains))
    if isinstance(block, Heading | Say):
        return replace(block, message=_message(block.message, rewrite))
    if isinstance(block, Enumeration):
        return replace(block, items=tuple(_message(item, rewrite) for item in block.items))
    if isinstance(block, Table):
        header = tuple(_inline(cell, rewrite) for cell in block.header)
        rows = tuple(tuple(_inline(cell, rewrite) for cell in row) for row in block.rows)
        return replace(block, caption=_message(block.caption, rewrite), header=header, rows=rows)
    if isinstance(block, Figure):
        return replace(block, caption=_message(block.caption, rewrite))
    return block


def _chain(chain: Chain, rewrite: Rewrite) -> Chain:
    result = rewrite(chain)
    assert isinstance(result, Chain)
    return result


def _message(message: Message, rewrite: Rewrite) -> Message:
    return Message(message.key, {name: _inline(value, rewrite) for name, value in message.arguments.items()})


def _inline(inline: Inline, rewrite: Rewrite) -> Inline:
    if isinstance(inline, tuple):
        return tuple(_inline(part, rewrite) for part in inline)
    if isinstance(inline, Message):
        return _message(inline, rewrite)
    if isinstance(inline, Text | Reference):
        return inline
    return rewrite(inline)
