"""symbackprop check: read derivations written by hand and judge every step."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING

from symbackprop.commands.progress import progress
from symbackprop.errors import UserError

if TYPE_CHECKING:
    from symbackprop.check.scan.source import SourceText
    from symbackprop.check.verdict import FileReport, Report
    from symbackprop.spec.model import Network

FILES = "Markdown, LaTeX, notebook or reStructuredText; - is standard input"


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help=FILES)
    parser.add_argument("--spec", metavar="SPEC", help="the network: a TOML file, or the name of a built-in one")
    parser.add_argument("--notation", metavar="NAME", help="notation family in which names are read")
    parser.add_argument(
        "--convention", action="append", default=[], metavar="KEY=VALUE", help="settle what would be inferred"
    )
    parser.add_argument("--format", choices=("text", "json", "sarif"), default="text", help="the report's form (text)")
    parser.add_argument(
        "--strict", action="store_true", help="fail for rounding, conventions, undecided and unread too"
    )


def run(options: Namespace) -> int:
    from symbackprop.check.conventions import Conventions
    from symbackprop.check.verdict import Report

    conventions = dict(_pair(text) for text in options.convention)
    Conventions().changed(conventions)
    given = _network(options.spec) if options.spec else None
    with progress("checking") as step:
        files = []
        for name in options.files:
            step(f"checking {name}")
            files.append(_check_one(name, given, options.notation, conventions))
    report = Report(tuple(files))
    print(_WRITERS[options.format](report).rstrip("\n"))
    return report.exit_code(options.strict)


def _check_one(name: str, network: Network | None, notation: str | None, conventions: dict[str, str]) -> FileReport:
    """The report on one file; one that cannot be checked is a report that says why, and the next one goes on."""
    from symbackprop.check.check import check_source
    from symbackprop.check.scan.source import read_source
    from symbackprop.check.verdict import FileReport

    try:
        source = read_source(name)
        chosen = network or _named_in(source)
        return check_source(source, chosen, notation=notation, conventions=conventions)
    except UserError as error:
        return FileReport(name, error=str(error))


def _named_in(source: SourceText) -> Network | None:
    """The network that the front matter names under ``symbackprop``."""
    from symbackprop.check.scan.statements import extract_of

    name = extract_of(source).options.get("spec")
    return _network(name) if name else None


def _network(spec: str) -> Network:
    from symbackprop.api import load

    return load(spec)


def _pair(text: str) -> tuple[str, str]:
    key, sign, value = text.partition("=")
    if not sign:
        raise UserError("--convention", f"expected KEY=VALUE, got {text!r}")
    return key.strip(), value.strip()


def _text(report: Report) -> str:
    from symbackprop.check.report.text import render_text, wants_color

    return render_text(report, wants_color(sys.stdout))


def _json(report: Report) -> str:
    from symbackprop.check.report.json_format import render_json

    return render_json(report)


def _sarif(report: Report) -> str:
    from symbackprop.check.report.sarif import render_sarif
    from symbackprop.check.rule import RULES

    return render_sarif(report, {rule.name: rule.summary for rule in RULES})


_WRITERS: dict[str, Callable[[Report], str]] = {"text": _text, "json": _json, "sarif": _sarif}
