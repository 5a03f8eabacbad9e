"""The command line: ``symbackprop COMMAND``. Nothing heavy is imported before a command runs."""

from __future__ import annotations

import argparse
import gc
import os
import sys
from collections.abc import Collection, Sequence
from importlib import import_module

from symbackprop import __version__
from symbackprop.errors import UserError, VerificationError

COMMANDS = {
    "derive": "derive a network's gradients and write the derivation as a document",
    "check": "read derivations written by hand and judge every step",
    "explain": "explain a rule of the checker",
    "figure": "draw one picture of a network: its neurons, the paths of a weight, the computation graph, the error",
    "notations": "list the notations, each with a formula in it",
    "examples": "list the built-in networks, or copy one out to start from",
    "serve": "show a spec's page, or a post's check report, in the browser and renew it with every change",
    "show": "print one formula, or every derivative, to paste",
    "templates": "list the templates of documents, or copy them out to change them",
    "schema": "print the JSON Schema of a spec, for editors",
    "completion": "print what makes a shell complete commands, options and names",
}
"""Command -> summary; the command's module is ``symbackprop.commands.<command>``."""

ASKED_BY_A_SHELL = "_ARGCOMPLETE"
"""The variable by which a shell says that it wants completions; they are asked for as argcomplete has it."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command and answer its exit code: 0 done, 1 verification failed or something is wrong, 2 bad input."""
    if arguments is None:  # the process is ours and short: rarely looking for cycles saves a tenth of its time
        gc.set_threshold(200_000, 50, 50)
    given = list(sys.argv[1:] if arguments is None else arguments)
    if ASKED_BY_A_SHELL in os.environ:
        typed = os.environ.get("COMP_LINE", "").split()
        parser = parser_of([name for name in COMMANDS if name in typed])
        import_module("symbackprop.commands.completing").complete(parser)
    parser = parser_of([name for name in COMMANDS if name in given])
    options = parser.parse_args(given)
    if options.command is None:
        parser.print_help()
        return 2
    try:
        result: int = import_module(f"symbackprop.commands.{options.command}").run(options)
        return result
    except UserError as error:
        print(f"symbackprop: {error}", file=sys.stderr)
        return error.exit_code
    except VerificationError as error:
        print(f"symbackprop: verification failed: {error}", file=sys.stderr)
        return error.exit_code
    except KeyboardInterrupt:
        print("symbackprop: interrupted; nothing was half-written", file=sys.stderr)
        return 130
    except BrokenPipeError:
        # The reader of our output went away (`| head`); there is nobody left to tell.
        sys.stderr.close()
        return 0


def parser_of(configured: Collection[str] = COMMANDS) -> argparse.ArgumentParser:
    """The parser, with the options of some commands; each of them is imported for it."""
    parser = argparse.ArgumentParser(
        prog="symbackprop",
        description="Derives backpropagation symbolically, writes it up, and checks derivations written by hand.",
    )
    parser.add_argument("--version", action="version", version=f"symbackprop {__version__}")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    for name, summary in COMMANDS.items():
        command = commands.add_parser(name, help=summary, description=summary[:1].upper() + summary[1:] + ".")
        if name in configured:
            import_module(f"symbackprop.commands.{name}").configure(command)
    return parser


if __name__ == "__main__":
    sys.exit(main())
