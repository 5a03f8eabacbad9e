"""Writing that fails midway: all is as it was before."""

from __future__ import annotations

import errno
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from symbackprop.errors import UserError
from symbackprop.render import writing
from symbackprop.render.writing import Complete, Output, write

FIRST = (Output("net.en.md", b"one"), Output("net.figures/network.svg", b"<svg/>"))
SECOND = (Output("net.en.md", b"two"), Output("net.figures/network.svg", b"<svg></svg>"), Output("new/x.md", b"x"))


def snapshot(folder: Path) -> dict[str, bytes | None]:
    """Everything in a folder: files with their content, folders with None."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder into which the first set was written."""
    write(tmp_path / "output", FIRST, "net.toml")
    return tmp_path / "output"


@pytest.mark.parametrize("failing", [1, 2, 3, 4])
@pytest.mark.parametrize("error", [OSError(errno.ENOSPC, "No space left on device"), KeyboardInterrupt()])
def test_whatever_fails_leaves_all_as_it_was(
    folder: Path, monkeypatch: pytest.MonkeyPatch, failing: int, error: BaseException
) -> None:
    """The swap is broken off at each of its steps in turn."""
    before = snapshot(folder)
    real, count = Path.replace, iter(range(1, 100))

    def replace(self: Path, target: Path) -> Path:
        if next(count) == failing:
            raise error
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    with pytest.raises((UserError, KeyboardInterrupt)) as raised:
        write(folder, SECOND, "net.toml")
    if isinstance(raised.value, UserError):
        assert str(raised.value).endswith("cannot be written: no space is left; nothing was changed")
    assert snapshot(folder) == before


@pytest.mark.parametrize("failing", [1, 2, 3, 4, 5])
def test_litter_comes_back_when_something_fails(folder: Path, monkeypatch: pytest.MonkeyPatch, failing: int) -> None:
    before = snapshot(folder)
    real, count = Path.replace, iter(range(1, 100))

    def replace(self: Path, target: Path) -> Path:
        if next(count) == failing:
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "replace", replace)
    outputs = [Output("net.en.md", b"two"), Output("net.figures/other.svg", b"<svg/>")]
    if failing == 5:  # the new page, the new picture, the manifest and the old picture: no fifth step
        write(folder, outputs, "net.toml", complete=[Complete("net.figures", ".svg")])
        assert not (folder / "net.figures" / "network.svg").exists()
        return
    with pytest.raises(KeyboardInterrupt):
        write(folder, outputs, "net.toml", complete=[Complete("net.figures", ".svg")])
    assert snapshot(folder) == before


def test_a_new_folder_goes_again_when_nothing_could_be_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> Iterator[None]:
        raise OSError(errno.EIO, "Input/output error")

    monkeypatch.setattr(writing.os, "fdopen", fail)
    with pytest.raises(UserError, match=r"net\.en\.md: cannot be written: Input/output error; nothing was changed"):
        write(tmp_path / "a" / "b", FIRST, "net.toml")
    assert snapshot(tmp_path) == {}


def test_a_file_system_without_hard_links(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*arguments: object) -> None:
        raise OSError(errno.EPERM, "Operation not permitted")

    monkeypatch.setattr(writing.os, "link", refuse)
    write(folder, SECOND, "net.toml")
    assert (folder / "net.en.md").read_bytes() == b"two"


UNPRIVILEGED = """
import fcntl, os, resource, signal, sys
from pathlib import Path
from symbackprop.errors import UserError
from symbackprop.render.writing import Output, write
if os.getuid() == 0:  # the Python may lie where only root can read, so it is all imported by now
    os.setgid(65534); os.setuid(65534)
if sys.argv[2] == "small":
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    write(Path(sys.argv[1]), (Output("a.md", b"new"), Output("b.md", b"x" * 5000)), "net.toml")
except UserError as error:
    print(error)
"""


def run_unprivileged(folder: Path, limit: str) -> str:
    command = [sys.executable, "-c", UNPRIVILEGED, str(folder), limit]
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that a process without privileges may reach and write."""
    with tempfile.TemporaryDirectory() as parent:
        Path(parent).chmod(0o755)
        folder = Path(parent) / "output"
        write(folder, (Output("a.md", b"old"),), "net.toml")
        for path in (folder, *folder.iterdir()):
            path.chmod(0o777)
        yield folder
        folder.chmod(0o777)


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits and rights on Windows")
def test_a_full_disk(shared: Path) -> None:
    before = snapshot(shared)
    assert "b.md: cannot be written: File too large; nothing was changed" in run_unprivileged(shared, "small")
    assert snapshot(shared) == before


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such limits and rights on Windows")
def test_a_folder_that_is_read_only(shared: Path) -> None:
    before = snapshot(shared)
    shared.chmod(0o555)
    assert "a.md: cannot be written: Permission denied; nothing was changed" in run_unprivileged(shared, "")
    assert snapshot(shared) == before
