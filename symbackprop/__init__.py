"""Backpropagation derived, checked and written up.

>>> import symbackprop as sbp
>>> derivation = sbp.derive(sbp.load("mazur"))
>>> derivation.gradient("w5").delta_form
delta_o1*out_h1
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING

__version__ = "0.1.0"

__all__ = [
    "About",
    "Data",
    "Dense",
    "Network",
    "Numbers",
    "Recurrent",
    "Softmax",
    "Training",
    "UserError",
    "__version__",
    "check",
    "check_files",
    "derive",
    "derive_files",
    "load",
    "number",
]

_HOMES = {
    "load": "symbackprop.api",
    "check_files": "symbackprop.batch.checking",
    "derive_files": "symbackprop.batch.deriving",
    "Network": "symbackprop.spec.model",
    "Data": "symbackprop.spec.model",
    "Training": "symbackprop.spec.model",
    "Numbers": "symbackprop.spec.model",
    "About": "symbackprop.spec.model",
    "number": "symbackprop.spec.model",
    "Dense": "symbackprop.layers.dense",
    "Softmax": "symbackprop.layers.softmax",
    "Recurrent": "symbackprop.layers.recurrent",
    "UserError": "symbackprop.errors",
}
"""Name -> the module it comes from. They are imported on first use, so that ``--help`` need not wait for SymPy."""

if TYPE_CHECKING:
    from symbackprop.api import check, derive, load
    from symbackprop.batch.checking import check_files
    from symbackprop.batch.deriving import derive_files
    from symbackprop.errors import UserError
    from symbackprop.layers.dense import Dense
    from symbackprop.layers.recurrent import Recurrent
    from symbackprop.layers.softmax import Softmax
    from symbackprop.spec.model import About, Data, Network, Numbers, Training, number


def __getattr__(name: str) -> object:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)


def _function(name: str) -> property:
    """A function of the API that stays what it is when the subpackage of the same name is imported."""

    def get(package: ModuleType) -> object:
        return getattr(import_module("symbackprop.api"), name)

    def keep(package: ModuleType, subpackage: ModuleType) -> None:
        """The import system stores every subpackage as an attribute of its package; the function wins."""

    return property(get, keep)


class _Package(ModuleType):
    derive = _function("derive")
    check = _function("check")


sys.modules[__name__].__class__ = _Package
