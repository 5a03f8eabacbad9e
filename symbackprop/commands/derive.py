"""symbackprop derive: from a spec to documents."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from symbackprop.commands.progress import progress
from symbackprop.errors import UserError

if TYPE_CHECKING:
    from symbackprop.publish import RenderedDocument
    from symbackprop.render.environment import Format
    from symbackprop.render.flavour import Flavour
    from symbackprop.render.writing import Output


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("spec", metavar="SPEC", help="a TOML file, or the name of a built-in network")
    parser.add_argument("--to", action="append", metavar="FORMAT", help="md, tex; may be given several times (md)")
    parser.add_argument("--lang", metavar="en|zh|both", help="language of the document (the spec's)")
    parser.add_argument("--notation", metavar="NAME", help="notation family (the spec's)")
    parser.add_argument("--digits", type=int, metavar="N", help="digits shown (the spec's)")
    parser.add_argument("--detail", choices=("full", "brief"), help="every weight in full, or one and a table")
    parser.add_argument("--flavour", metavar="NAME", help="dialect of Markdown")
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
    formats = [choose_format(name) for name in dict.fromkeys(options.to or ["md"])]
    chosen = [(each, each.choose_flavour(options.flavour if each.default_flavour else None)) for each in formats]
    network = with_options(load(options.spec), notation=options.notation, digits=options.digits, detail=options.detail)
    name = options.name or network.name
    if (error := path_error(name, "--name")) is not None:
        raise error
    languages = list(LOCALES.names()) if options.lang == "both" else [options.lang or network.about.language]
    for language in languages:
        LOCALES.get(language, "--lang")
    with progress(f"deriving {network.name}") as step:
        derivation = derive(network)
        documents = [derivation.document(language) for language in languages]
        step("checking every gradient")
        assert derivation.verification
        if options.stdout:
            _print_one(documents, chosen, name)
            return 0
        outputs: list[Output] = []
        for document in documents:
            step(f"writing ({document.language})")
            outputs += _outputs(document, chosen, name)
    for path in write(Path(options.output), outputs, documents[0].made_by(), options.force):
        print(path)
    return 0


def _outputs(document: RenderedDocument, chosen: list[tuple[Format, Flavour]], name: str) -> list[Output]:
    outputs = [output for each, flavour in chosen for output in document.outputs(each, flavour, name)]
    if any(each.figure == "svg" for each, _ in chosen):
        outputs += document.figure_files(f"{name}.figures")
    return outputs


def _print_one(documents: list[RenderedDocument], chosen: list[tuple[Format, Flavour]], name: str) -> None:
    if len(documents) * len(chosen) != 1:
        raise UserError("--stdout", "prints one document: choose one language and one format")
    (document,), ((output_format, flavour),) = documents, chosen
    (output,) = document.outputs(output_format, flavour, name)
    sys.stdout.write(output.content.decode())
