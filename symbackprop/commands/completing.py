"""What a shell offers after TAB: argcomplete knows the parser, and tables tell the names that an argument takes."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Iterator
from typing import Any

Names = Callable[[], Iterable[str]]


def complete(parser: argparse.ArgumentParser) -> None:
    """Answer the shell that asks through the environment, and end the process."""
    import argcomplete

    for name, command in _commands(parser):
        for action in command._actions:
            names = _NAMES.get((name, action.dest)) or _NAMES.get(action.dest)
            if names is not None:
                action.completer = _completer(names, action.dest)  # type: ignore[attr-defined]
    argcomplete.autocomplete(parser)


def _commands(parser: argparse.ArgumentParser) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            yield from action.choices.items()


def _completer(names: Names, dest: str) -> Callable[..., list[str]]:
    """The names that begin as what was typed, and the files where a file may stand instead."""

    def offered(prefix: str, **context: Any) -> list[str]:
        from argcomplete.completers import FilesCompleter

        found = [name for name in names() if name.startswith(prefix)]
        return [*found, *FilesCompleter(_FILES[dest])(prefix, **context)] if dest in _FILES else found

    return offered


def _examples() -> Iterable[str]:
    from symbackprop.examples.library import example_names

    return example_names()


def _notations() -> Iterable[str]:
    from symbackprop.notation.table import NOTATIONS

    return NOTATIONS.names()


def _flavours() -> Iterable[str]:
    from symbackprop.render.flavour import FLAVOURS

    return FLAVOURS.names()


def _formats() -> Iterable[str]:
    from symbackprop.render.environment import formats

    return formats()


def _languages() -> Iterable[str]:
    from symbackprop.render.locale import LOCALES

    return (*LOCALES.names(), "both")


def _rules() -> Iterable[str]:
    from symbackprop.check.rule import RULES

    return RULES.names()


def _templates() -> Iterable[str]:
    from symbackprop.render.own_templates import built_in_templates

    return built_in_templates()


# argument, or command and argument -> the names that it takes
_NAMES: dict[str | tuple[str, str], Names] = {
    "spec": _examples,
    "specs": _examples,
    "network": _examples,
    "notation": _notations,
    "flavour": _flavours,
    "lang": _languages,
    ("derive", "to"): _formats,
    ("examples", "name"): _examples,
    ("explain", "rule"): _rules,
    ("templates", "names"): _templates,
}

# argument -> the endings of files that may stand in the place of a name
_FILES = {"spec": ["toml"], "specs": ["toml"], "network": ["toml"]}
