"""symbackprop examples: the built-in networks."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("name", nargs="?", metavar="NAME", help="the network to copy out; without it, all are listed")
    parser.add_argument("-o", "--output", default=".", metavar="DIR", help="folder to write NAME.toml to (here)")
    parser.add_argument("--force", action="store_true", help="overwrite a file that is already there")


def run(options: Namespace) -> int:
    from symbackprop.examples.library import example_names, example_path
    from symbackprop.render.writing import Output, write

    if options.name is None:
        width = max(map(len, example_names()))
        for name in example_names():
            print(f"{name:<{width}}  {_summary(example_path(name))}")
        return 0
    content = example_path(options.name).read_bytes()
    for path in write(Path(options.output), [Output(f"{options.name}.toml", content)], "examples", options.force):
        print(path)
    return 0


def _summary(path: Path) -> str:
    """The first comment line of a spec says what it is."""
    return path.read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
