"""The documents that the generator can write: networks, notations, languages and formats."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import cycle, product

from symbackprop.api import load
from symbackprop.examples.library import example_names
from symbackprop.notation.table import NOTATIONS
from symbackprop.render.locale import LOCALES

VARIANTS = tuple(product(LOCALES.names(), ("md", "tex")))
"""(language, format)"""

_NO_ARRAYS = "flat-za mazur mitchell"
CANNOT_WRITE = {
    "autoencoder": _NO_ARRAYS,
    "deep-autoencoder": f"{_NO_ARRAYS} wenjh",
    "mazur": "",
    "mazur-symbolic": "",
    "recurrent": "column-matrix d2l flat-za index-brackets mazur mitchell ng nielsen row-matrix softmax ufldl wenjh",
    "row-vector": f"{_NO_ARRAYS} recurrent wenjh",
    "softmax": _NO_ARRAYS,
    "softmax-mlp": _NO_ARRAYS,
    "weight-share": f"{_NO_ARRAYS} recurrent",
}
"""Network -> the notations that lack a name for something in its document."""


def pairs() -> Iterator[tuple[str, str]]:
    """(network, notation)"""
    for example in example_names():
        for notation in sorted(NOTATIONS.names()):
            if notation not in CANNOT_WRITE[example].split():
                yield example, notation


def covering() -> Iterator[tuple[str, str, str, str]]:
    """(network, notation, language, format): a network's own notation in all of them, each other in one."""
    turns = cycle(VARIANTS)
    for example, notation in pairs():
        chosen = VARIANTS if notation == load(example).notation else (next(turns),)
        yield from ((example, notation, *variant) for variant in chosen)
