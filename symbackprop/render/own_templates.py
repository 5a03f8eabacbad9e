"""Templates of a person's own: read from a folder, put over the built-in ones, and run in a sandbox.

A template may come from someone else, so it is not trusted. What it can reach is what it is handed;
it runs in a process of its own, which is ended when it takes too long, too much memory or writes
too much (``sandbox``).
"""

from __future__ import annotations

import os
import pickle
import subprocess
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NoReturn

from symbackprop.errors import UserError, nearest, quote, unknown
from symbackprop.render.location import templates_folder

SECONDS = 20.0
MOST_CHARACTERS = 20_000_000
MOST_MEMORY = 1_500_000_000
"""bytes, where the system can bound them"""
LARGEST_FILE = 1_000_000
MOST_FILES = 300
ENDINGS = (".j2", ".css", ".js")
FAILED = 3
"""the exit code of the sandbox where it is the template that is wrong"""


@dataclass(frozen=True)
class OwnTemplates:
    """The templates of a folder, by their path in it."""

    folder: Path
    files: Mapping[str, str]

    def concern(self, folders: tuple[Path, ...]) -> bool:
        """Whether one of them belongs into one of some built-in folders."""
        return any(path.startswith(prefix) for prefix in map(_prefix, folders) for path in self.files)


@dataclass(frozen=True)
class OwnEnvironment:
    """Own templates over the built-in ones of some folders."""

    own: OwnTemplates
    folders: tuple[Path, ...]
    settings: dict[str, Any]

    def get_template(self, name: str) -> OwnTemplate:
        return OwnTemplate(self, name)


@dataclass(frozen=True)
class OwnTemplate:
    """A template that is rendered in the sandbox."""

    environment: OwnEnvironment
    name: str

    def render(self, **variables: Any) -> str:
        """The text; a ``UserError`` with the template's line where it fails or passes a bound."""
        own, folders = self.environment.own, self.environment.folders
        request = {
            "files": [_below(folder, own.files) for folder in folders],
            "folders": [str(folder) for folder in folders],
            "settings": self.environment.settings,
            "name": self.name,
            "variables": variables,
            "characters": MOST_CHARACTERS,
            "memory": MOST_MEMORY,
            "seconds": SECONDS,
        }
        command = [sys.executable, "-m", "symbackprop.render.sandbox"]
        # where the package was imported from, the other process finds it as well
        search = {"PYTHONPATH": os.pathsep.join(filter(None, sys.path)), "PYTHONIOENCODING": "utf-8"}
        try:
            done = subprocess.run(
                command,
                input=pickle.dumps(request),
                capture_output=True,
                timeout=SECONDS,
                env={**os.environ, **search},
                check=False,
            )
        except subprocess.TimeoutExpired:
            self._fail(f"takes longer than {SECONDS:g} seconds")
        if done.returncode == FAILED:
            self._fail(done.stderr.decode())
        if done.returncode:
            self._fail("was ended by the system: it takes too much time or memory")
        return done.stdout.decode()

    def _fail(self, fact: str) -> NoReturn:
        """``fact`` may begin with the place: a path in the folder, a line."""
        line, separator, told = fact.partition("\t")
        place = self.environment.own.folder / (line if separator else f"{self.environment.folders[0].name}/{self.name}")
        raise UserError(str(place), told if separator else fact) from None


def _prefix(folder: Path) -> str:
    """How paths of templates in a built-in folder begin: those of the figures are named from the top."""
    return "figures/" if folder == templates_folder() else f"{folder.name}/"


def _below(folder: Path, files: Mapping[str, str]) -> dict[str, tuple[str, str]]:
    """The own templates of a built-in folder: name there -> (path, text)."""
    prefix = _prefix(folder)
    cut = 0 if folder == templates_folder() else len(prefix)
    return {path[cut:]: (path, text) for path, text in files.items() if path.startswith(prefix)}


def built_in_templates() -> dict[str, Path]:
    """Every template of a document or a figure, by its path among the templates."""
    top = templates_folder()
    folders = ["figures", *(path.parent.name for path in top.glob("*/format.toml"))]
    paths = sorted(path for folder in folders for path in (top / folder).iterdir())
    return {path.relative_to(top).as_posix(): path for path in paths if path.suffix in ENDINGS}


def read_own_templates(folder: str | Path, place: str = "--templates") -> OwnTemplates:
    """The templates in a folder; a ``UserError`` where it holds something that could not take effect."""
    top = Path(folder)
    if not top.is_dir():
        raise UserError(place, f"{quote(str(folder))} is no folder; symbackprop templates --copy DIR makes one")
    known = built_in_templates()
    files: dict[str, str] = {}
    for path in _paths(top):
        name = path.relative_to(top).as_posix()
        if path.is_symlink():
            raise UserError(str(path), "is a link; templates are files inside the folder")
        if path.suffix in ENDINGS and path.is_file():
            files[name] = _read(path)
        elif (templates_folder() / name).is_file():
            raise UserError(str(path), f"only templates ({', '.join(ENDINGS)}) can be replaced; take this file out")
        if len(files) > MOST_FILES:
            raise UserError(place, f"{quote(str(folder))} holds more than {MOST_FILES} templates")
    _check(files, known, top, place)
    return OwnTemplates(top, files)


def _paths(folder: Path) -> Iterator[Path]:
    """Everything in a folder but hidden things; what a link leads to is not looked at."""
    for path in sorted(folder.iterdir()):
        if not path.name.startswith("."):
            yield path
            if path.is_dir() and not path.is_symlink():
                yield from _paths(path)


def _read(path: Path) -> str:
    if path.stat().st_size > LARGEST_FILE:
        raise UserError(str(path), f"is larger than {LARGEST_FILE:,} bytes")
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise UserError(str(path), "is not UTF-8") from None


def _check(files: Mapping[str, str], known: Mapping[str, Path], top: Path, place: str) -> None:
    """Every template takes effect: in the place of a built-in one, or taken in by another one."""
    for name in files:
        if name in known:
            continue
        other = next((path for path in files if path != name and Path(name).name in files[path]), None)
        if other is None or name.partition("/")[0] not in {path.partition("/")[0] for path in known}:
            raise unknown(str(top), name, known, "takes the place of no template:") from None
    if not any(name in known for name in files):
        meant = nearest(top.name, known)
        raise UserError(place, f"{quote(str(top))} holds no template", tuple(known), meant)
