"""Entries are found in folders, refused when they are double, and not touched before the first use."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from symbackprop.errors import UserError
from symbackprop.registry import FileRegistry, Registry, RegistryError


@dataclass(frozen=True)
class Fruit:
    name: str


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty package ``orchard``."""
    monkeypatch.syspath_prepend(tmp_path)
    for module in [name for name in sys.modules if name.partition(".")[0] == "orchard"]:
        monkeypatch.delitem(sys.modules, module)
    (tmp_path / "orchard").mkdir()
    (tmp_path / "orchard" / "__init__.py").touch()
    return tmp_path / "orchard"


def fruit_module(package: Path, module: str, code: str) -> None:
    (package / f"{module}.py").write_text(f"from {__name__} import Fruit\n{code}\n")


def registry() -> Registry[Fruit]:
    return Registry("orchard", Fruit, "fruit")


def test_entries_of_all_modules_in_alphabetical_order(package: Path) -> None:
    fruit_module(package, "stone", "ENTRIES = [Fruit('plum'), Fruit('cherry')]")
    fruit_module(package, "core", "ENTRY = Fruit('apple')")
    fruit_module(package, "helper", "")
    fruits = registry()
    assert fruits.names() == ("apple", "cherry", "plum")
    assert [fruit.name for fruit in fruits] == ["apple", "cherry", "plum"]
    assert fruits.get("plum") == Fruit("plum")
    assert len(fruits) == 3
    assert "plum" in fruits
    assert "fig" not in fruits


def test_an_unknown_name_is_answered_with_the_nearest(package: Path) -> None:
    fruit_module(package, "core", "ENTRIES = [Fruit('apple'), Fruit('pear')]")
    with pytest.raises(UserError, match=r"^basket: unknown fruit 'aple'; did you mean 'apple'\? known: apple, pear$"):
        registry().get("aple", "basket")


def test_a_name_given_twice_is_refused_with_both_places(package: Path) -> None:
    fruit_module(package, "one", "ENTRY = Fruit('apple')")
    fruit_module(package, "two", "ENTRY = Fruit('apple')")
    with pytest.raises(RegistryError, match=r"'apple' is defined in orchard\.one and in orchard\.two"):
        registry().names()


def test_an_entry_of_another_type_is_refused(package: Path) -> None:
    fruit_module(package, "one", "ENTRY = 'apple'")
    with pytest.raises(RegistryError, match=r"orchard\.one: 'apple' is no Fruit"):
        registry().names()


def test_nothing_is_imported_before_the_first_use(package: Path) -> None:
    fruit_module(package, "one", "ENTRY = Fruit('apple')")
    fruits = registry()
    assert "orchard" not in sys.modules
    assert fruits.names() == ("apple",)
    assert "orchard.one" in sys.modules


def test_files_of_a_folder(tmp_path: Path) -> None:
    read: list[str] = []

    def load(path: Path) -> str:
        read.append(path.name)
        return path.read_text()

    for name in ("pear", "apple"):
        (tmp_path / f"{name}.toml").write_text(name.upper())
    (tmp_path / "notes.txt").touch()
    files = FileRegistry(lambda: tmp_path, ".toml", load, "fruit")
    assert files.names() == ("apple", "pear")
    assert read == []
    assert files.get("pear") == files.get("pear") == "PEAR"
    assert read == ["pear.toml"]
    assert list(files) == ["APPLE", "PEAR"]
    assert len(files) == 2
    assert "apple" in files


@pytest.mark.parametrize("name", ["../secret", "/etc/passwd", "", "notes.txt", "appel"])
def test_a_name_leads_to_no_other_file(tmp_path: Path, name: str) -> None:
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "apple.toml").touch()
    (tmp_path / "secret.toml").touch()
    with pytest.raises(UserError, match=r"--fruit: unknown fruit .*known: apple"):
        FileRegistry(lambda: folder, ".toml", Path.read_text, "fruit").get(name, "--fruit")
