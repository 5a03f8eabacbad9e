"""The gallery: every built-in network in both languages and the main formats, as the folder ``output`` holds it."""

from __future__ import annotations

import json
from pathlib import Path

from symbackprop.api import derive, load
from symbackprop.examples.library import example_names
from symbackprop.render.environment import choose_format
from symbackprop.render.locale import LOCALES
from symbackprop.render.writing import MANIFEST, Output, write

FOLDER = Path(__file__).parents[2] / "output"
FORMATS = ("md", "tex")


def write_example(example: str, folder: Path) -> tuple[Path, ...]:
    """What ``symbackprop derive EXAMPLE --lang both --to md --to tex`` writes."""
    derivation = derive(load(example))
    outputs: list[Output] = []
    made_by = ""
    for language in LOCALES.names():
        document = derivation.document(language)
        made_by = document.made_by()
        for name in FORMATS:
            output_format = choose_format(name)
            outputs += document.outputs(output_format, output_format.choose_flavour(None), example)
        outputs += document.figure_files(f"{example}.figures")
    return write(folder, outputs, made_by, force=True)


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path in it."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def listed(folder: Path) -> set[str]:
    """What the manifest of a folder says was written there."""
    path = folder / MANIFEST
    return set(json.loads(path.read_bytes())["files"]) if path.exists() else set()


def rewrite(folder: Path) -> None:
    """Write the whole gallery; what was written before and is no longer made goes."""
    old = listed(folder)
    (folder / MANIFEST).unlink(missing_ok=True)
    for example in example_names():
        write_example(example, folder)
    for path in old - listed(folder):
        (folder / path).unlink(missing_ok=True)
    for path in folder.iterdir():
        if path.is_dir() and not any(path.iterdir()):
            path.rmdir()
