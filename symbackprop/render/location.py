"""Where the templates lie: in the installed package, or beside ``pyproject.toml`` in a checkout."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

import symbackprop
from symbackprop.errors import UserError


def find_templates(package: Path) -> Path:
    """The templates of the package that lies in the folder ``package``."""
    installed = package / "templates"
    if installed.is_dir():
        return installed
    checkout = package.parent / "templates"
    if checkout.is_dir() and (package.parent / "pyproject.toml").is_file():
        return checkout
    raise UserError("templates", f"neither {installed} nor {checkout} (beside pyproject.toml) is there; install again")


@lru_cache(maxsize=1)
def templates_folder() -> Path:
    """The folder with the templates, locales and flavours."""
    return find_templates(Path(symbackprop.__file__).parent)
