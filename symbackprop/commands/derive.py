"""symbackprop derive: from a spec to documents."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple
from warnings import catch_warnings, simplefilter

from symbackprop.commands.progress import progress
from symbackprop.errors import UserError

if TYPE_CHECKING:
    from symbackprop.publish import RenderedDocument
    from symbackprop.render.environment import Format
    from symbackprop.render.flavour import Flavour
    from symbackprop.render.writing import Output


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("spec", metavar="SPEC", help="a TOML file, or the name of a built-in network")
    parser.add_argument(
        "--to", action="append", metavar="FORMAT", help="md, tex, pdf, html, ipynb, py; may be given several times (md)"
    )
    parser.add_argument("--lang", metavar="en|zh|both", help="language of the document (the spec's)")
    parser.add_argument("--notation", metavar="NAME", help="notation family (the spec's)")
    parser.add_argument("--digits", type=int, metavar="N", help="digits shown (the spec's)")
    parser.add_argument("--detail", choices=("full", "brief"), help="every weight in full, or one and a table")
    parser.add_argument(
        "--form",
        action="append",
        choices=("scalar", "indexed", "matrix"),
        help="what the document shows besides single entries; may be given several times (the spec's)",
    )
    parser.add_argument("--layout", choices=("row", "column", "both"), help="how matrices stand (the notation's)")
    parser.add_argument("--flavour", metavar="NAME", help="dialect of Markdown")
    parser.add_argument("--fragment", action="store_true", help="tex: only the body, for \\input")
    parser.add_argument(
        "--templates",
        metavar="DIR",
        help='templates of your own in the place of built-in ones ("templates --copy DIR")',
    )
    parser.add_argument("-o", "--output", default="output", metavar="DIR", help="folder to write to (output)")
    parser.add_argument("--name", metavar="NAME", help="name of the files (the spec's)")
    parser.add_argument("--stdout", action="store_true", help="print one document and write nothing")
    parser.add_argument("--force", action="store_true", help="overwrite files that were not written by this tool")


def run(options: Namespace) -> int:
    from symbackprop.api import derive, load, with_options
    from symbackprop.render.environment import choose_format
    from symbackprop.render.locale import LOCALES
    from symbackprop.render.writing import path_error, write

    if options.digits is not None and not 1 <= options.digits <= 30:
        raise UserError("--digits", f"must lie between 1 and 30, got {options.digits}")
    chosen = _chosen(options, [choose_format(name) for name in dict.fromkeys(options.to or ["md"])])
    network = with_options(
        load(options.spec),
        notation=options.notation,
        digits=options.digits,
        detail=options.detail,
        layout=options.layout,
        forms=options.form,
    )
    name = options.name or network.name
    if (error := path_error(name, "--name")) is not None:
        raise error
    languages = list(LOCALES.names()) if options.lang == "both" else [options.lang or network.about.language]
    for language in languages:
        LOCALES.get(language, "--lang")
    with progress(f"deriving {network.name}") as step:
        derivation = derive(network)
        documents = [derivation.document(language, templates=options.templates) for language in languages]
        step("checking every gradient")
        assert derivation.verification
        if options.stdout:
            _print_one(documents, chosen, name)
            return 0
        outputs: list[Output] = []
        with catch_warnings(record=True) as complaints:
            simplefilter("always")
            for document in documents:
                step(f"writing ({document.language})")
                outputs += _outputs(document, chosen, name)
    for complaint in complaints:
        print(f"symbackprop: warning: {complaint.message}", file=sys.stderr)
    for path in write(Path(options.output), outputs, documents[0].made_by(), options.force):
        print(path)
    return 0


class Choice(NamedTuple):
    """One way in which a document is asked for."""

    format: Format
    flavour: Flavour
    fragment: bool


def _chosen(options: Namespace, formats: list[Format]) -> list[Choice]:
    """Each format with the options that concern it; an option that concerns none of them is refused."""
    if options.flavour is not None and not any(each.default_flavour for each in formats):
        raise UserError("--flavour", f"{_named(formats)} has no flavours; --to md has")
    if options.fragment and not any(each.fragment for each in formats):
        raise UserError("--fragment", f"{_named(formats)} has no fragments; --to tex has")
    return [
        Choice(
            each,
            each.choose_flavour(options.flavour if each.default_flavour else None),
            options.fragment and bool(each.fragment),
        )
        for each in formats
    ]


def _named(formats: list[Format]) -> str:
    return " and ".join(each.name for each in formats)


def _outputs(document: RenderedDocument, chosen: list[Choice], name: str) -> list[Output]:
    outputs = [
        output for choice in chosen for output in document.outputs(choice.format, choice.flavour, name, choice.fragment)
    ]
    if any(choice.format.figure == "svg" for choice in chosen):
        outputs += document.figure_files(f"{name}.figures")
    return outputs


def _print_one(documents: list[RenderedDocument], chosen: list[Choice], name: str) -> None:
    if len(documents) * len(chosen) != 1:
        raise UserError("--stdout", "prints one document: choose one language and one format")
    (document,), (choice,) = documents, chosen
    if choice.format.compiled:
        raise UserError("--stdout", f"prints text, and {choice.format.name} is none")
    (output,) = document.outputs(choice.format, choice.flavour, name, choice.fragment)
    sys.stdout.write(output.content.decode())
