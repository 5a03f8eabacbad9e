"""What SymPy answered, kept between runs, so that a process that asks the same need not start SymPy.

Starting SymPy takes most of a short command's time, and what is asked of it is the same in each run:
the derivative of a sigmoid, whether a preferred form is that derivative. An answer is a tree or a
truth value; it is kept as JSON, one answer a line, in the user's cache folder
(``SYMBACKPROP_CACHE`` names another one; empty: nothing is kept). Answers belong to the versions of
SymPy, Python and this package's formulas: where one of these changes, all is asked anew.

Nothing rests on what is kept alone: a document's gradients are still compared with differences of
the error.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass
from functools import cache, wraps
from importlib.util import find_spec
from pathlib import Path
from types import CodeType, FunctionType
from typing import Any, ParamSpec, TypeVar
from zlib import crc32

import msgspec

from symbackprop.expression import Apply, Index, Name, Number, Symbol

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")

FOLDER = "SYMBACKPROP_CACHE"
LARGEST = 2**20
"""Bytes of a file of answers; a larger one is not added to."""

OTHERS = 7
"""How many files of answers for other versions stay: somebody may work with several."""

_FORMULAS = ("expression.py", "derive", "forms", "functions", "graph.py", "kept.py", "layers", "ops")
"""The parts of this package that questions depend on."""

_TREES = {kind.__name__: kind for kind in (Apply, Name, Number, Symbol)}
_PARTS: dict[type, list[str]] = {
    kind: [part for part in kind.__struct_fields__ if part != "span"] for kind in _TREES.values()
}
"""What a tree consists of; not where it stands in a text."""


class NotKept(Exception):
    """Something that cannot be told apart from its like in another process."""


def kept(function: Callable[Parameters, Answer]) -> Callable[Parameters, Answer]:
    """Look an answer up before it is worked out, and keep what was worked out.

    For functions of the package whose answer depends on nothing but their arguments. What is raised
    is not kept, nor is what was asked about formulas from elsewhere.
    """

    @wraps(function)
    def asked(*arguments: Parameters.args, **named: Parameters.kwargs) -> Answer:
        answers = _answers()
        if answers is None:
            return function(*arguments, **named)
        try:
            parts = map(described, (*arguments, *sorted(named.items())))
            question = repr((function.__module__, function.__qualname__, *parts))
        except NotKept:
            return function(*arguments, **named)
        if question not in answers.known:
            answers.keep(question, function(*arguments, **named))
        return answers.known[question]  # type: ignore[no-any-return]

    return asked


def folder() -> Path | None:
    """Where things are kept between runs; None where nothing is to be kept."""
    chosen = os.environ.get(FOLDER)
    if chosen is not None:
        return Path(chosen) if chosen else None
    # as platformdirs has it, which would take longer to start than all that is kept takes to be read
    places = {"win32": ("LOCALAPPDATA", "~/AppData/Local"), "darwin": ("", "~/Library/Caches")}
    variable, usual = places.get(sys.platform, ("XDG_CACHE_HOME", "~/.cache"))
    try:
        base = Path(os.environ.get(variable) or usual).expanduser()
    except RuntimeError:  # there is no home
        return None
    return base / "symbackprop" if base.is_absolute() else None


def writable_folder() -> Path | None:
    """The same folder where it is there, or can be made, and can be written."""
    at = folder()
    if at is None:
        return None
    try:
        at.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return at if os.access(at, os.W_OK) else None


def described(value: object) -> object:
    """A value as plain data that is equal in every process for equal values; NotKept where there is none."""
    if value is None or isinstance(value, bool | int | float | str | bytes):
        return value
    if isinstance(value, tuple):
        return (type(value).__name__, *map(described, value))
    if isinstance(value, Mapping):
        return ("mapping", *map(described, sorted(value.items())))
    if isinstance(value, CodeType):
        return (value.co_code, value.co_names, *map(described, value.co_consts))
    if isinstance(value, FunctionType):
        if not value.__module__.startswith("symbackprop."):
            raise NotKept
        inside = tuple(cell.cell_contents for cell in value.__closure__ or ())
        return (value.__module__, value.__qualname__, *map(described, (value.__code__, inside, value.__defaults__)))
    if type(value) in _PARTS:
        return (type(value).__name__, *(described(getattr(value, part)) for part in _PARTS[type(value)]))
    if is_dataclass(value) and not isinstance(value, type):
        parts = (getattr(value, part.name) for part in fields(value) if part.compare)
        return (type(value).__name__, *map(described, parts))
    raise NotKept


@dataclass(frozen=True, slots=True)
class _Answers:
    """The answers known, and the file to which new ones are added (None: it cannot be written)."""

    known: dict[str, Any]
    path: Path

    def keep(self, question: str, answer: object) -> None:
        self.known[question] = answer
        line = msgspec.json.encode([question, _encoded(answer)]) + b"\n"
        # One write at the end of the file: processes that add at the same time do not mix their lines.
        try:
            if self.path.stat().st_size + len(line) > LARGEST:
                return
            with self.path.open("ab", buffering=0) as file:
                file.write(line)
        except OSError:  # a full disk, a folder that went away: then it is asked again next time
            return


@cache
def _answers() -> _Answers | None:
    """What is known, read once in a process; None where nothing can be kept."""
    at, versions = writable_folder(), _versions()
    if at is None or versions is None:
        return None
    path = at / f"answers-{crc32(versions):08x}.jsonl"
    try:
        first, *lines = path.read_bytes().split(b"\n")
    except FileNotFoundError:
        first, lines = b"", []
    except OSError:
        return None
    known: dict[str, Any] = {}
    if first == versions:
        for line in lines:
            known.update(_read(line))
    else:
        try:
            _begin(path, versions)
        except OSError:
            return None
    return _Answers(known, path)


def _begin(path: Path, versions: bytes) -> None:
    """A new file; of those for other versions the latest stay."""
    others = sorted(path.parent.glob("answers-*.jsonl"), key=lambda file: file.stat().st_mtime)
    for old in others[:-OTHERS]:
        old.unlink(missing_ok=True)
    path.write_bytes(versions + b"\n")


def _read(line: bytes) -> Iterator[tuple[str, Any]]:
    """The question and the answer of a line; nothing of one that was cut off."""
    try:
        question, answer = msgspec.json.decode(line)
        yield question, _decoded(answer)
    except (msgspec.DecodeError, ValueError, TypeError, KeyError):
        return


def _versions() -> bytes | None:
    """What the answers depend on besides the questions, on one line: files by their size and time."""
    sympy = find_spec("sympy")
    if sympy is None or sympy.origin is None:
        return None
    here = Path(__file__).parent
    try:
        stated = [_state(Path(sympy.origin).with_name("release.py"))]
        for part in _FORMULAS:
            stated += [_state(here / part)] if part.endswith(".py") else _states(str(here / part))
    except OSError:
        return None
    return repr((sys.version, *stated)).replace("\n", " ").encode()


def _state(file: Path | os.DirEntry[str]) -> tuple[str, int, int]:
    status = file.stat()
    return os.fspath(file), status.st_size, status.st_mtime_ns


def _states(folder: str) -> Iterator[tuple[str, int, int]]:
    with os.scandir(folder) as entries:  # Path.glob takes five times as long, and this is on every command's way
        for entry in sorted(entries, key=lambda entry: entry.name):
            if entry.name.endswith(".py"):
                yield _state(entry)
            elif entry.is_dir() and entry.name != "__pycache__":
                yield from _states(entry.path)


def _encoded(value: Any) -> Any:
    """Trees as ``{class: [fields]}``, all else as it is in JSON."""
    if isinstance(value, Index):
        return {"Index": list(value)}
    if isinstance(value, tuple):
        return [_encoded(part) for part in value]
    if type(value) in _PARTS:
        return {type(value).__name__: [_encoded(getattr(value, part)) for part in _PARTS[type(value)]]}
    return value


def _decoded(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_decoded(part) for part in value)
    if isinstance(value, dict):
        ((name, parts),) = value.items()
        return Index(*parts) if name == "Index" else _TREES[name](*(_decoded(part) for part in parts))
    return value
