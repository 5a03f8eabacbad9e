"""Finds the entries in a folder: modules that hold ``ENTRY`` or ``ENTRIES``, or data files.

Nothing is imported or read before the first use. Adding an entry is adding one to the folder.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path
from typing import Generic, Protocol, TypeVar

from symbackprop.errors import unknown


class Named(Protocol):
    """What an entry must have: the name by which it is found."""

    @property
    def name(self) -> str: ...


Entry = TypeVar("Entry", bound=Named)
Value = TypeVar("Value")


class RegistryError(Exception):
    """A mistake in the entries themselves: a name given twice, a wrong type."""


class Registry(Generic[Entry]):
    """The entries of a package, by name, in alphabetical order.

    Each module of the package may hold ``ENTRY`` (one) or ``ENTRIES`` (several) of ``kind``;
    ``what`` is what a user calls such an entry ("activation").
    """

    def __init__(self, package: str, kind: type[Entry], what: str) -> None:
        self.package = package
        self.kind = kind
        self.what = what

    @cached_property
    def entries(self) -> Mapping[str, Entry]:
        found: dict[str, tuple[Entry, str]] = {}
        for module, entry in self._search():
            if not isinstance(entry, self.kind):
                raise RegistryError(f"{module}: {entry!r} is no {self.kind.__name__}")
            if entry.name in found:
                raise RegistryError(f"{self.what} {entry.name!r} is defined in {found[entry.name][1]} and in {module}")
            found[entry.name] = (entry, module)
        return {name: found[name][0] for name in sorted(found)}

    def _search(self) -> Iterator[tuple[str, object]]:
        package = importlib.import_module(self.package)
        for information in sorted(pkgutil.iter_modules(package.__path__), key=lambda module: module.name):
            module = importlib.import_module(f"{self.package}.{information.name}")
            several: Iterable[object] = getattr(module, "ENTRIES", ())
            for entry in (*several, *((module.ENTRY,) if hasattr(module, "ENTRY") else ())):
                yield module.__name__, entry

    def get(self, name: str, place: str = "") -> Entry:
        """The entry of that name; a ``UserError`` at ``place`` where there is none."""
        try:
            return self.entries[name]
        except KeyError:
            raise unknown(place, name, self.entries, f"unknown {self.what}") from None

    def names(self) -> tuple[str, ...]:
        return tuple(self.entries)

    def __iter__(self) -> Iterator[Entry]:
        return iter(self.entries.values())

    def __len__(self) -> int:
        return len(self.entries)

    def __contains__(self, name: object) -> bool:
        return name in self.entries


class FileRegistry(Generic[Value]):
    """The files of a folder, by stem: one file, one entry, read when it is asked for.

    Files whose names begin with an underscore are none of them. A name is looked up among the files
    that are there, so no name leads out of the folder.
    """

    def __init__(self, folder: Callable[[], Path], suffix: str, load: Callable[[Path], Value], what: str) -> None:
        self.folder = folder
        self.suffix = suffix
        self.load = load
        self.what = what
        self._loaded: dict[str, Value] = {}

    @cached_property
    def paths(self) -> Mapping[str, Path]:
        files = sorted(self.folder().glob(f"[!_]*{self.suffix}"))
        return {path.name.removesuffix(self.suffix): path for path in files}

    def get(self, name: str, place: str = "") -> Value:
        """The entry of that name; a ``UserError`` at ``place`` where there is none."""
        if name not in self._loaded:
            if name not in self.paths:
                raise unknown(place, name, self.paths, f"unknown {self.what}")
            self._loaded[name] = self.load(self.paths[name])
        return self._loaded[name]

    def forget(self) -> None:
        """Read the files again when they are wanted next."""
        self._loaded.clear()
        self.__dict__.pop("paths", None)

    def names(self) -> tuple[str, ...]:
        return tuple(self.paths)

    def __iter__(self) -> Iterator[Value]:
        return (self.get(name) for name in self.paths)

    def __len__(self) -> int:
        return len(self.paths)

    def __contains__(self, name: object) -> bool:
        return name in self.paths
