"""symbackprop check: read derivations written by hand and judge every step."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from typing import TYPE_CHECKING

from symbackprop.commands import running
from symbackprop.commands.files import named_files
from symbackprop.commands.progress import progress_bar
from symbackprop.commands.running import chosen_executor
from symbackprop.errors import UserError
from symbackprop.workers.tasks import MEGABYTES, SECONDS, Limits

if TYPE_CHECKING:
    from symbackprop.check.verdict import Report

FILES = "Markdown, LaTeX, notebook or reStructuredText, or a folder of such files; - is standard input"


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
    running.configure_limits(
        parser, Limits(SECONDS, MEGABYTES), late="what is not judged by then is undecided",
        greedy="one that needs more is reported as an error",
    )  # fmt: skip
    running.configure(parser)


def run(options: Namespace) -> int:
    from symbackprop.api import load
    from symbackprop.batch.checking import check_files
    from symbackprop.check.conventions import Conventions
    from symbackprop.check.scan.source import KINDS

    conventions = dict(_pair(text) for text in options.convention)
    Conventions().changed(conventions)
    given = load(options.spec) if options.spec else None
    names = named_files(options.files, KINDS)
    with chosen_executor(options) as executor, progress_bar("checking") as done:
        report = check_files(
            names, given, notation=options.notation, conventions=conventions, executor=executor, jobs=options.jobs,
            time_limit=options.time_limit, memory_limit=options.memory_limit, done=done,
        )  # fmt: skip
    print(_WRITERS[options.format](report).rstrip("\n"))
    return report.exit_code(options.strict)


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
