"""The files that a command line names: by name, by folder, by pattern."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Iterator
from glob import glob, has_magic
from pathlib import Path

from symbackprop.errors import UserError


def named_files(names: Iterable[str], endings: Collection[str]) -> list[str]:
    """Every file once, in the order given; a folder stands for all files in it with one of the endings.

    Hidden folders and files in it are left out. A pattern (``posts/*.md``) that the shell left as it
    is stands for what it fits. UserError for a folder or pattern that stands for nothing.
    """
    found: dict[str, None] = {}
    for name in names:
        found.update(dict.fromkeys(_meant(name, endings)))
    return list(found)


def _meant(name: str, endings: Collection[str]) -> list[str]:
    path = Path(name)
    if path.is_dir():
        return _some(name, _within(name, endings), f"no file in it ends in {', '.join(endings)}")
    if has_magic(name) and not path.exists():
        matches = glob(name, recursive=True)  # noqa: PTH207 - Path takes no absolute pattern
        return _some(name, (match for match in matches if Path(match).is_file()), "no file has such a name")
    return [name]


def _within(folder: str, endings: Collection[str]) -> Iterator[str]:
    for parent, folders, files in os.walk(folder):
        folders[:] = [name for name in folders if not name.startswith(".")]
        for name in files:
            if not name.startswith(".") and Path(name).suffix.lower() in endings:
                yield os.path.join(parent, name)  # noqa: PTH118 - as it was given: Path would drop a leading "./"


def _some(name: str, files: Iterable[str], fact: str) -> list[str]:
    found = sorted(files)
    if not found:
        raise UserError(name, fact)
    return found
