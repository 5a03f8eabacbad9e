"""symbackprop check: read derivations written by hand and judge every step."""

from __future__ import annotations

import os
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from symbackprop.commands.progress import progress
from symbackprop.errors import UserError

if TYPE_CHECKING:
    from symbackprop.check.verdict import FileReport, Report


def configure(parser: ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="+", metavar="FILE", help="Markdown, LaTeX, notebook or reStructuredText; - is standard input"
    )
    parser.add_argument("--spec", metavar="SPEC", help="the network: a TOML file, or the name of a built-in one")
    parser.add_argument("--notation", metavar="NAME", help="notation family in which names are read")
    parser.add_argument(
        "--convention", action="append", default=[], metavar="KEY=VALUE", help="settle what would be inferred"
    )
    parser.add_argument("--format", choices=("text", "json", "sarif"), default="text", help="form of the report (text)")
    parser.add_argument(
        "--strict", action="store_true", help="fail for rounding, conventions, undecided and unread too"
    )


def run(options: Namespace) -> int:
    from symbackprop.check.report import render
    from symbackprop.check.verdict import Report

    conventions = dict(_pair(text) for text in options.convention)
    with progress("checking") as step:
        files = []
        for name in options.files:
            step(f"checking {name}")
            files.append(_check_one(name, options, conventions))
    report: Report = Report(tuple(files))
    print(render(report, options.format, colour=_coloured()))
    return report.exit_code(options.strict)


def _check_one(name: str, options: Namespace, conventions: dict[str, str]) -> FileReport:
    """The report on one file; a file that cannot be read is a report with an error."""
    from symbackprop.check.check import check_source, network_of
    from symbackprop.check.scan.source import read_text
    from symbackprop.check.verdict import FileReport

    try:
        source = read_text(sys.stdin.read(), "markdown", "-") if name == "-" else read_text(Path(name))
    except UserError as error:
        return FileReport(name, error=str(error))
    network = network_of(options.spec, source)
    return check_source(source, network, notation=options.notation, conventions=conventions)


def _pair(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign:
        raise UserError("--convention", f"expected KEY=VALUE, got {text!r}")
    return key.strip(), value.strip()


def _coloured() -> bool:
    return sys.stdout.isatty() and "NO_COLOR" not in os.environ
