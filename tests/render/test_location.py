"""The templates are found, or the error names both places."""

from __future__ import annotations

from pathlib import Path

import pytest

from symbackprop.errors import UserError
from symbackprop.render.location import find_templates, templates_folder


def test_an_installed_package_brings_its_own(tmp_path: Path) -> None:
    (tmp_path / "symbackprop" / "templates").mkdir(parents=True)
    (tmp_path / "templates").mkdir()
    (tmp_path / "pyproject.toml").touch()
    assert find_templates(tmp_path / "symbackprop") == tmp_path / "symbackprop" / "templates"


def test_a_checkout_has_them_beside_its_project_file(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    (tmp_path / "pyproject.toml").touch()
    assert find_templates(tmp_path / "symbackprop") == tmp_path / "templates"


def test_a_stranger_s_templates_beside_the_package_are_not_taken(tmp_path: Path) -> None:
    (tmp_path / "templates").mkdir()
    with pytest.raises(UserError) as raised:
        find_templates(tmp_path / "symbackprop")
    assert str(tmp_path / "symbackprop" / "templates") in str(raised.value)
    assert str(tmp_path / "templates") in str(raised.value)


def test_the_real_ones_are_there() -> None:
    assert {"latex", "locale", "markdown", "flavours"} <= {path.name for path in templates_folder().iterdir()}
