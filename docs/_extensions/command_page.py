"""The page of the command line, from the parsers themselves."""

from __future__ import annotations

from argparse import Action, ArgumentParser
from typing import Any

from markdown import block, code, table

from symbackprop.cli import COMMANDS, parser_of

INTRODUCTION = """\
# Command line

Every command takes `--help`. What it is given is a spec: a TOML file, or the name of a built-in network.

"""
CODES = [
    ("0", "done, and nothing wrong was found"),
    ("1", "`check` found something wrong, or a gradient did not agree with central differences: nothing was written"),
    ("2", "the command, a spec or a file is not as it should be; the message names the place and the choices"),
]


def command_page() -> dict[str, str]:
    """The one page."""
    parser = parser_of()
    commands: dict[str, ArgumentParser] = _subparsers(parser)
    assert set(commands) == set(COMMANDS)
    rows = [(f"[{name}](#{name})", COMMANDS[name]) for name in commands]
    parts = [
        INTRODUCTION + table(("Command", "What it does"), rows),
        "## Exit codes\n\n" + table(("Code", "Meaning"), CODES),
        *(_section(name, command) for name, command in commands.items()),
    ]
    return {"command-line": "\n".join(parts)}


def _subparsers(parser: ArgumentParser) -> Any:
    return next(action.choices for action in parser._actions if isinstance(action.choices, dict))


def _section(name: str, command: ArgumentParser) -> str:
    usage = command.format_usage().removeprefix("usage: ")
    rows = [
        (_spelled(action), action.help or "") for action in command._actions if "--help" not in action.option_strings
    ]
    options = table(("Argument", "Meaning"), rows) if rows else ""
    return f"## {name}\n\n{command.description}\n\n{block(usage)}\n{options}"


def _spelled(action: Action) -> str:
    """An argument as it is typed, with what may follow it."""
    value = action.metavar if action.metavar is not None else action.dest.upper()
    if action.choices is not None:
        value = "{" + ",".join(map(str, action.choices)) + "}"
    if not action.option_strings:
        return code(str(value))
    last = "" if action.nargs == 0 else f" {value}"
    return ", ".join(code(option + last) for option in action.option_strings)
