"""Renders one template that is not trusted: ``python -m symbackprop.render.sandbox``, by ``own_templates`` only.

It reads a request (pickled by the parent process) and writes the text. Templates see nothing that
begins with an underscore, change nothing that they are handed, load nothing from elsewhere; the
process bounds its time, its memory and what it writes.
"""

from __future__ import annotations

import pickle
import sys
import traceback
from typing import Any

from jinja2 import ChoiceLoader, FileSystemLoader, FunctionLoader, StrictUndefined, TemplateError
from jinja2.exceptions import TemplateNotFound, TemplateSyntaxError
from jinja2.loaders import split_template_path
from jinja2.sandbox import ImmutableSandboxedEnvironment

from symbackprop.render.own_templates import FAILED
from symbackprop.workers.bounds import bounded

LONGEST_MESSAGE = 500


class TooLongError(Exception):
    """More was written than a document may have."""


def sandbox(request: dict[str, Any]) -> ImmutableSandboxedEnvironment:
    """The environment of a request: own templates first, then the built-in ones, folder by folder."""
    loaders: list[Any] = []
    for files, folder in zip(request["files"], request["folders"], strict=True):
        loaders += [FunctionLoader(_finder(files)), FileSystemLoader(folder)]
    made = ImmutableSandboxedEnvironment(loader=ChoiceLoader(loaders), undefined=StrictUndefined, **request["settings"])
    made.globals.pop("lipsum")
    return made


def _finder(files: dict[str, tuple[str, str]]) -> Any:
    def find(name: str) -> tuple[str, str, Any] | None:
        found = files.get("/".join(split_template_path(name)))
        return (found[1], found[0], lambda: True) if found else None

    return find


def text_of(request: dict[str, Any]) -> str:
    """The rendered text, as long as it stays within its bound."""
    pieces, length = [], 0
    for piece in sandbox(request).get_template(request["name"]).generate(**request["variables"]):
        length += len(piece)
        if length > request["characters"]:
            raise TooLongError(f"writes more than {request['characters']:,} characters")
        pieces.append(piece)
    return "".join(pieces)


def _place(error: BaseException, names: set[str]) -> str:
    """``path:line`` in an own template, as far as it is known."""
    if isinstance(error, TemplateSyntaxError) and error.filename in names:
        return f"{error.filename}:{error.lineno}"
    frames = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename in names]
    return f"{frames[-1].filename}:{frames[-1].lineno}" if frames else ""


def main() -> int:
    request = pickle.load(sys.stdin.buffer)  # from the process that started this one
    try:
        with bounded(memory=request["memory"], seconds=request["seconds"], file_size=0):
            text = text_of(request).encode()
    except Exception as error:
        place = _place(error, {path for files in request["files"] for path, _ in files.values()})
        told = _safe(_told(error))
        sys.stderr.buffer.write((f"{place}\t{told}" if place else told).encode())
        return FAILED
    sys.stdout.buffer.write(text)
    return 0


def _safe(message: str) -> str:
    """A message that a template may have had a hand in: no control characters, and not without end."""
    shown = "".join(character if character.isprintable() else " " for character in message[:LONGEST_MESSAGE])
    return shown + ("…" if len(message) > LONGEST_MESSAGE else "")


def _told(error: Exception) -> str:
    if isinstance(error, MemoryError):
        return "takes too much memory"
    if isinstance(error, TemplateNotFound):
        return f"there is no template {str(error)!r} in this folder"
    if isinstance(error, TemplateError | TooLongError):
        return str(error) or type(error).__name__
    return f"{type(error).__name__}: {error}"


if __name__ == "__main__":
    sys.exit(main())
