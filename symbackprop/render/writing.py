"""Writes a set of files: all of them or none, and nothing over work that is not the tool's own.

Each output folder keeps a manifest, which says what was written there, from what, and with which
content. A file that is not in it, was edited since, or was made from something else is refused.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import shutil
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path, PurePosixPath
from types import TracebackType
from typing import NamedTuple

import msgspec

from symbackprop.errors import UserError, quote, raise_all

MANIFEST = ".symbackprop.json"
TEMPORARY = ".symbackprop-"
REMEDY = "--name or -o keeps them apart, --force overwrites"


class Output(NamedTuple):
    """One file to write: its path in the output folder, with ``/`` between its parts.

    ``variant`` is what this file alone is a variant of, where it can be written in several ways.
    """

    path: str
    content: bytes
    variant: str = ""


class Complete(NamedTuple):
    """A kind of file of which a set holds all there are: what an earlier run wrote more of them is litter."""

    folder: str
    ending: str

    def __contains__(self, path: object) -> bool:
        return isinstance(path, str) and path.startswith(f"{self.folder}/") and path.endswith(self.ending)


class Made(msgspec.Struct, frozen=True):
    """What the manifest says of a file: the hash of its content, and what it was made from."""

    sha256: str
    made_by: str


class Manifest(msgspec.Struct, frozen=True):
    """What was written into a folder."""

    version: int = 1
    files: dict[str, Made] = {}


def write(
    folder: Path, outputs: Sequence[Output], made_by: str, force: bool = False, complete: Sequence[Complete] = ()
) -> tuple[Path, ...]:
    """Write the files into the folder and answer their paths, in order.

    ``made_by`` names the spec and the variant: what was made by another is refused, and so is what
    someone else wrote or edited, unless ``force``. A ``UserError`` says what stands in the way, and
    then nothing has changed. A file whose content is the same already is left as it is. Of the kinds
    that are ``complete``, files that were made by the same before, are not among the outputs any more
    and were not edited since are removed.
    """
    raise_all([error for output in outputs if (error := path_error(output.path)) is not None])
    if len({output.path for output in outputs}) < len(outputs):
        raise ValueError("a path is there twice")
    place = folder
    try:
        with _made(folder), _locked(folder), _Transaction() as transaction:
            manifest = _read_manifest(folder)
            raise_all(list(_obstacles(folder, outputs, manifest, made_by, force)))
            entries = {output.path: Made(_hash(output.content), _origin(made_by, output)) for output in outputs}
            litter = _litter(folder, entries, manifest.files, complete)
            kept = {path: made for path, made in manifest.files.items() if path not in litter}
            files = dict(sorted({**kept, **entries}.items()))
            listing = json.dumps(msgspec.to_builtins(Manifest(files=files)), ensure_ascii=False, indent=1) + "\n"
            for path, content, _ in (*outputs, Output(MANIFEST, listing.encode())):
                place = folder / path
                transaction.stage(place, content)
            transaction.swap()
            for path in litter:
                place = folder / path
                transaction.remove(place)
    except OSError as error:
        reason = "no space is left" if error.errno == errno.ENOSPC else error.strerror or str(error)
        raise UserError(str(place), f"cannot be written: {reason}; nothing was changed") from error
    return tuple(folder / output.path for output in outputs)


def path_error(path: str, place: str = "") -> UserError | None:
    """What is wrong with a path in the output folder: parts that would lead out of it, or hide a file."""
    for part in PurePosixPath(path).parts or ("",):
        if not part or part.startswith((".", "/")) or "\\" in part or ":" in part or not _printable(part):
            return UserError(place or quote(path), f"cannot be written to: {quote(part)} is no plain name of a file")
    return None


def _printable(text: str) -> bool:
    return not any(unicodedata.category(character) in ("Cc", "Cf", "Cs") for character in text)


def _origin(made_by: str, output: Output) -> str:
    return f"{made_by}, {output.variant}" if output.variant else made_by


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def _read_manifest(folder: Path) -> Manifest:
    path = folder / MANIFEST
    try:
        return msgspec.json.decode(path.read_bytes(), type=Manifest)
    except FileNotFoundError:
        return Manifest()
    except msgspec.MsgspecError as error:
        raise UserError(str(path), f"is damaged ({error}); remove it, then --force overwrites the files") from None


def _obstacles(
    folder: Path, outputs: Sequence[Output], manifest: Manifest, made_by: str, force: bool
) -> Iterator[UserError]:
    """Why the files may not be written, if anything stands in the way."""
    real = folder.resolve()
    for output in outputs:
        target = folder / output.path
        if not target.parent.resolve().is_relative_to(real):
            yield UserError(str(target), f"leads out of the folder {real}, by a symbolic link")
        elif target.is_symlink():
            yield UserError(str(target), "is a symbolic link, which is not written through; remove it first")
        elif target.is_dir():
            yield UserError(str(target), "is a directory, where a file is to be written")
        elif target.exists() and not force:
            fact = _stranger(target, output, manifest.files, _origin(made_by, output))
            if fact:
                yield UserError(str(target), fact)


def _litter(
    folder: Path, entries: Mapping[str, Made], known: Mapping[str, Made], complete: Sequence[Complete]
) -> list[str]:
    """Files of an earlier run with the same origin that this one has no use for."""
    origins = {made.made_by for made in entries.values()}
    return [
        path
        for path, made in known.items()
        if path not in entries and made.made_by in origins and any(path in kind for kind in complete)
        and (not (folder / path).exists() or _is_untouched(folder / path, made))
    ]  # fmt: skip


def _is_untouched(target: Path, made: Made) -> bool:
    return target.is_file() and not target.is_symlink() and _hash(target.read_bytes()) == made.sha256


def _stranger(target: Path, output: Output, files: Mapping[str, Made], made_by: str) -> str:
    """Why an existing file is not ours to replace; empty if it is."""
    found = _hash(target.read_bytes())
    made = files.get(output.path)
    if found == _hash(output.content):
        return ""
    if made is None:
        return f"was not written by symbackprop; {REMEDY}"
    if found != made.sha256:
        return f"was edited since it was written; {REMEDY}"
    return "" if made.made_by == made_by else f"was made from {made.made_by}, this is {made_by}; {REMEDY}"


@contextmanager
def _made(folder: Path) -> Iterator[None]:
    """The folder exists; what was made for it goes again if nothing could be written."""
    made: list[Path] = []
    try:
        for parent in reversed([parent for parent in (folder, *folder.parents) if not parent.exists()]):
            parent.mkdir(exist_ok=True)
            made.append(parent)
        if not folder.is_dir():
            raise NotADirectoryError(errno.ENOTDIR, "it is not a folder", str(folder))
        yield
    except BaseException:
        for parent in reversed(made):
            with suppress(OSError):
                parent.rmdir()
        raise


@contextmanager
def _locked(folder: Path) -> Iterator[None]:
    """One process at a time writes into a folder, else one manifest would lose the other's entries."""
    try:
        import fcntl
    except ImportError:  # a system without locks on folders
        yield
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


class _Transaction:
    """Temporary files beside their targets, swapped in at the end; on any exception all is as before."""

    def __init__(self) -> None:
        self.stack = ExitStack()
        self.staged: list[tuple[Path, Path]] = []
        self.swapped: list[tuple[Path, Path | None]] = []
        self.temporary: list[Path] = []
        self.folders: set[Path] = set()

    def __enter__(self) -> _Transaction:
        self.stack.__enter__()
        return self

    def stage(self, target: Path, content: bytes) -> None:
        """Write the content beside its target, unless it stands there already."""
        if target.parent not in self.folders:
            self.folders.add(target.parent)
            self.stack.enter_context(_made(target.parent))
            for leftover in target.parent.glob(f"{TEMPORARY}*"):  # of a run that was killed
                leftover.unlink()
        if target.is_file() and target.read_bytes() == content:
            return
        temporary = self._beside(target)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o666)  # the user's umask applies
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        self.staged.append((temporary, target))

    def swap(self) -> None:
        """Put every staged file in its place, keeping what it replaces until all of them are there."""
        for temporary, target in self.staged:
            backup = self._beside(target) if target.exists() else None
            if backup is not None:
                try:
                    os.link(target, backup)
                except OSError:  # a file system without hard links
                    shutil.copy2(target, backup)
            self.swapped.append((target, backup))
            temporary.replace(target)

    def remove(self, target: Path) -> None:
        """Take a file away, if it is there."""
        if target.exists():
            backup = self._beside(target)
            self.swapped.append((target, backup))
            target.replace(backup)

    def _beside(self, target: Path) -> Path:
        temporary = target.with_name(f"{TEMPORARY}{os.getpid()}-{len(self.temporary)}")
        self.temporary.append(temporary)
        return temporary

    def __exit__(
        self, kind: type[BaseException] | None, exception: BaseException | None, traceback: TracebackType | None
    ) -> None:
        if kind is not None:
            for target, backup in reversed(self.swapped):
                with suppress(OSError):
                    target.unlink() if backup is None else backup.replace(target)
        for temporary in self.temporary:
            with suppress(OSError):
                temporary.unlink(missing_ok=True)
        self.stack.__exit__(kind, exception, traceback)  # folders last, when they are empty again
