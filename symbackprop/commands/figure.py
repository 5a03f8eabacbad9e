"""symbackprop figure: one picture of a network, to use anywhere."""

from __future__ import annotations

import re
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from symbackprop.commands.progress import progress
from symbackprop.errors import UserError

if TYPE_CHECKING:
    from symbackprop.api import NetworkDerivation
    from symbackprop.expression import Symbol
    from symbackprop.publish import RenderedDocument

KINDS = ("network", "paths", "graph", "curve")
FORMATS = ("svg", "tikz", "png")


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("spec", metavar="SPEC", help="a TOML file, or the name of a built-in network")
    parser.add_argument(
        "--kind",
        choices=KINDS,
        default="network",
        help="the network; the paths from a weight to the error; the computation graph; the error curve (network)",
    )
    parser.add_argument(
        "--weight", metavar="NAME", help="paths: the weight that they start from; graph: only what lies behind it"
    )
    parser.add_argument("--both-orders", action="store_true", help="curve: both orders of the updates")
    parser.add_argument("--to", action="append", choices=FORMATS, help="may be given several times (svg)")
    parser.add_argument("--lang", metavar="en|zh|both", help="language of the words (the spec's)")
    parser.add_argument("--notation", metavar="NAME", help="notation family (the spec's)")
    parser.add_argument("--digits", type=int, metavar="N", help="digits shown (the spec's)")
    parser.add_argument("-o", "--output", default="output", metavar="DIR", help="folder to write to (output)")
    parser.add_argument("--name", metavar="NAME", help="name of the files (the spec's, the kind and the weight)")
    parser.add_argument("--force", action="store_true", help="overwrite files that were not written by this tool")


def run(options: Namespace) -> int:
    from symbackprop.api import derive, load, with_options
    from symbackprop.render.locale import LOCALES
    from symbackprop.render.writing import Output, path_error, write

    _check(options)
    network = with_options(load(options.spec), notation=options.notation, digits=options.digits)
    languages = list(LOCALES.names()) if options.lang == "both" else [options.lang or network.about.language]
    for language in languages:
        LOCALES.get(language, "--lang")
    with progress(f"deriving {network.name}") as step:
        derivation = derive(network)
        weight = _parameter(derivation, options) if options.weight else None
        name = options.name or "-".join([network.name, options.kind, *_particulars(options, derivation, weight)])
        if (error := path_error(name, "--name")) is not None:
            raise error
        outputs = []
        documents = [derivation.document(language) for language in languages]
        for document in documents:
            step(f"drawing ({document.language})")
            outputs += [
                Output(f"{name}.{document.language}.{form}", _drawn(document, _figure(options, weight), form))
                for form in dict.fromkeys(options.to or ["svg"])
            ]
    for path in write(Path(options.output), outputs, documents[0].made_by(), options.force):
        print(path)
    return 0


def _check(options: Namespace) -> None:
    """What the options of the command line contradict each other in."""
    if options.kind == "paths" and not options.weight:
        raise UserError("--kind", "paths lead from a weight to the error: say which with --weight")
    if options.weight and options.kind not in ("paths", "graph"):
        raise UserError("--weight", f"a picture of kind {options.kind} has no weight of its own", ("paths", "graph"))
    if options.both_orders and options.kind != "curve":
        raise UserError("--both-orders", f"a picture of kind {options.kind} knows no order", ("curve",))


def _parameter(derivation: NetworkDerivation, options: Namespace) -> Symbol:
    """The parameter of that name: a weight for the paths, any for the graph."""
    symbol = derivation.directory.find(options.weight, "--weight")
    known = derivation.derivation.parameters
    if options.kind == "paths":
        known = tuple(entry for entry in known if entry.kind == "weight")
    if symbol not in known:
        names = map(derivation.plain_name, known)
        raise UserError(
            "--weight", f"{options.weight} is no {'weight' if options.kind == 'paths' else 'parameter'}", names
        )
    return symbol


def _particulars(options: Namespace, derivation: NetworkDerivation, weight: Symbol | None) -> Iterator[str]:
    """What the name of the files says besides the kind: the weight in letters and digits, or the orders."""
    if weight is not None:
        head, *scripts = re.findall(r"[^\W_]+", derivation.plain_name(weight))
        yield head + "-".join(scripts)
    if options.both_orders:
        yield "orders"


def _figure(options: Namespace, weight: Symbol | None) -> str:
    from symbackprop.figures.pictures import figure_name

    return "curve-both" if options.both_orders else figure_name(options.kind, weight)


def _drawn(document: RenderedDocument, figure: str, form: str) -> bytes:
    if form == "tikz":
        return document.figure(figure, "tikz").encode()
    svg = document.figure(figure)
    if form == "svg":
        return svg.encode()
    from symbackprop.render.png import svg_to_png

    return svg_to_png(svg)
