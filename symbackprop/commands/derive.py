"""symbackprop derive: from specs to documents."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING

from symbackprop.commands import running
from symbackprop.commands.files import named_files
from symbackprop.commands.progress import progress, progress_bar
from symbackprop.commands.running import chosen_executor
from symbackprop.errors import UserError, VerificationError
from symbackprop.workers.tasks import Limits

if TYPE_CHECKING:
    from symbackprop.batch.deriving import Request
    from symbackprop.spec.model import Network


def configure(parser: ArgumentParser) -> None:
    parser.add_argument(
        "specs", nargs="+", metavar="SPEC", help="a TOML file, a folder of them, or the name of a built-in network"
    )
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
    running.configure_limits(
        parser, Limits(), late="one that takes longer is an error", greedy="one that needs more is an error"
    )
    running.configure(parser)


def run(options: Namespace) -> int:
    from symbackprop.api import load, with_options
    from symbackprop.batch.deriving import Request, chosen
    from symbackprop.render.locale import LOCALES

    languages = list(LOCALES.names()) if options.lang == "both" else [options.lang] if options.lang else []
    choices = chosen(options.to or ["md"], options.flavour, options.fragment, languages)
    request = Request(choices, tuple(languages), options.name, options.templates)
    specs = named_files(options.specs, (".toml",))
    if len(specs) > 1 and (options.stdout or options.name):
        raise UserError("--stdout" if options.stdout else "--name", "is for one spec")

    def changed(network: Network) -> Network:
        return with_options(
            network, notation=options.notation, digits=options.digits, detail=options.detail, layout=options.layout,
            forms=options.form,
        )  # fmt: skip

    if options.stdout:
        return _print_one(changed(load(specs[0])), request, Limits(options.time_limit, options.memory_limit))
    return _write_all(specs, request, changed, options)


def _write_all(specs: list[str], request: Request, change: Callable[[Network], Network], options: Namespace) -> int:
    from symbackprop.batch.deriving import derive_files

    with chosen_executor(options) as executor, progress_bar("deriving") as done:
        found = derive_files(
            specs, options.output, request, change=change, executor=executor, jobs=options.jobs, force=options.force,
            time_limit=options.time_limit, memory_limit=options.memory_limit, done=done,
        )  # fmt: skip
    for written in found:
        for warning in written.warnings:
            print(f"symbackprop: warning: {warning}", file=sys.stderr)
        for path in written.paths:
            print(path)
    if len(found) == 1 and found[0].error is not None:
        raise found[0].error
    for written in found:
        if written.error is not None:
            print(f"symbackprop: {_placed(written.spec, written.error)}", file=sys.stderr)
    return max((written.error.exit_code for written in found if written.error is not None), default=0)


def _placed(spec: str, error: UserError | VerificationError) -> str:
    """The error with the spec that it concerns in front, unless it names it already."""
    text = str(error) if isinstance(error, UserError) else f"verification failed: {error}"
    return text if text.startswith(f"{spec}:") else f"{spec}: {text}"


def _print_one(network: Network, request: Request, limits: Limits) -> int:
    from symbackprop.batch.deriving import single
    from symbackprop.workers.running import outcomes

    if len(request.languages_of(network)) * len(request.choices) != 1:
        raise UserError("--stdout", "prints one document: choose one language and one format")
    (choice,) = request.choices
    if choice.format.compiled:
        raise UserError("--stdout", f"prints text, and {choice.format.name} is none")
    with progress(f"deriving {network.name}"):
        (outcome,) = outcomes(single, [(network, request)], limits=limits, strictly=True)
    if outcome.error is not None:
        raise outcome.error
    sys.stdout.write(outcome.value or "")
    return 0
