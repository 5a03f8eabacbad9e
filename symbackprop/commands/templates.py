"""symbackprop templates: the templates of documents, to look at and to start from."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from pathlib import Path


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("names", nargs="*", metavar="NAME", help="only these, by their path or their folder (all)")
    parser.add_argument("--copy", metavar="DIR", help='copy them to a folder for "derive --templates DIR"')
    parser.add_argument("--force", action="store_true", help="overwrite templates that were changed there")


def run(options: Namespace) -> int:
    from symbackprop.render.own_templates import built_in_templates
    from symbackprop.render.writing import Output, write

    chosen = _chosen(options.names, built_in_templates())
    if options.copy is None:
        print("\n".join(chosen))
        return 0
    outputs = [Output(name, path.read_bytes()) for name, path in chosen.items()]
    for path in write(Path(options.copy), outputs, "templates", options.force):
        print(path)
    return 0


def _chosen(names: list[str], known: dict[str, Path]) -> dict[str, Path]:
    """The templates that some names mean; UserError for a name that means none."""
    from symbackprop.errors import unknown

    wanted = {name: [path for path in known if f"{path}/".startswith(f"{name.strip('/')}/")] for name in names}
    for name, found in wanted.items():
        if not found:
            raise unknown("NAME", name, known, "unknown template")
    paths = [path for found in wanted.values() for path in found] if names else list(known)
    return {path: known[path] for path in sorted(set(paths))}
