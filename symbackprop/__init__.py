"""Backpropagation derived, checked and written up.

>>> import symbackprop as sbp
>>> derivation = sbp.derive(sbp.load("mazur"))
>>> derivation.gradient("w5").delta_form
delta_o1*out_h1
"""

from __future__ import annotations

from typing import TYPE_CHECKING

__version__ = "0.1.0"

__all__ = [
    "About",
    "Data",
    "Dense",
    "Network",
    "Numbers",
    "Training",
    "UserError",
    "__version__",
    "derive",
    "load",
    "number",
]

_HOMES = {
    "load": "symbackprop.api",
    "derive": "symbackprop.api",
    "Network": "symbackprop.spec.model",
    "Data": "symbackprop.spec.model",
    "Training": "symbackprop.spec.model",
    "Numbers": "symbackprop.spec.model",
    "About": "symbackprop.spec.model",
    "number": "symbackprop.spec.model",
    "Dense": "symbackprop.layers.dense",
    "UserError": "symbackprop.errors",
}
"""Name -> the module it comes from. They are imported on first use, so that ``--help`` need not wait for SymPy."""

if TYPE_CHECKING:
    from symbackprop.api import derive, load
    from symbackprop.errors import UserError
    from symbackprop.layers.dense import Dense
    from symbackprop.spec.model import About, Data, Network, Numbers, Training, number


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(_HOMES[name]), name)
