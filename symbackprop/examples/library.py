"""Where the built-in networks lie."""

from __future__ import annotations

from pathlib import Path

from symbackprop.errors import unknown

_FOLDER = Path(__file__).parent


def example_names() -> tuple[str, ...]:
    """The names of the built-in networks."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.toml")))


def example_path(name: str) -> Path:
    """The spec of a built-in network."""
    if name not in example_names():
        raise unknown("example", name, example_names())
    return _FOLDER / f"{name}.toml"
