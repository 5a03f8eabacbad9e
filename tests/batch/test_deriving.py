"""Deriving many specs: in order, once each, and one that is broken does not stop the rest."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from support.tasks import greedy

import symbackprop as sbp
from symbackprop.cli import main

SPEC = """
name = "{name}"
inputs = 2
[[layers]]
size = {size}
"""


@pytest.fixture
def specs(tmp_path: Path) -> Path:
    """A folder of four specs, one of them broken."""
    folder = tmp_path / "specs"
    (folder / "more").mkdir(parents=True)
    for name, size in (("a", 1), ("b", 2), ("more/c", 3)):
        (folder / f"{name}.toml").write_text(SPEC.format(name=name[-1], size=size), encoding="utf-8")
    (folder / "broken.toml").write_text("name = 'broken'\ninputs = -1\n", encoding="utf-8")
    return folder


def snapshot(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_a_folder_is_derived_and_the_broken_one_named(
    specs: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code = main(["derive", str(specs), "-o", str(tmp_path / "out"), "--jobs", "2"])
    captured = capsys.readouterr()
    assert code == 2
    documents = [Path(line).name for line in captured.out.splitlines() if line.endswith(".md")]
    assert documents == ["a.en.md", "b.en.md", "c.en.md"]
    assert "broken.toml: " in captured.err
    assert "inputs" in captured.err


def test_specs_that_take_too_long_are_errors(specs: Path, tmp_path: Path) -> None:
    found = sbp.derive_files(sorted(specs.rglob("*.toml")), tmp_path / "out", time_limit=0.001)
    told = [str(one.error) for one in found]
    assert told.count("was stopped after 0.001 s") == 3
    assert not (tmp_path / "out").exists()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux bounds the memory of a process")
def test_a_spec_that_needs_too_much_memory_is_an_error(
    specs: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("symbackprop.batch.deriving.rendered", greedy)
    (found,) = sbp.derive_files([specs / "a.toml"], tmp_path / "out", memory_limit=4096)
    assert str(found.error) == "needs more memory than it may have"


@pytest.mark.parametrize("where", [["--stdout"], []])
def test_the_limit_of_the_command(where: list[str], tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "mazur", "-o", str(tmp_path), "--time-limit", "0.001", *where]) == 2
    captured = capsys.readouterr()
    assert "was stopped after 0.001 s" in captured.err
    assert captured.out == ""
    assert list(tmp_path.iterdir()) == []


def test_the_files_are_the_same_however_they_are_run(specs: Path, tmp_path: Path) -> None:
    names = sorted(specs.rglob("[abc].toml"))
    sbp.derive_files(names, tmp_path / "one", jobs=1)
    sbp.derive_files(names, tmp_path / "many", jobs=3)
    with ThreadPoolExecutor(3) as executor:
        sbp.derive_files(names, tmp_path / "threads", executor=executor)
    assert snapshot(tmp_path / "one") == snapshot(tmp_path / "many") == snapshot(tmp_path / "threads")
    assert len(snapshot(tmp_path / "one")) > 3


def test_two_specs_do_not_write_the_same_files(specs: Path, tmp_path: Path) -> None:
    (specs / "twin.toml").write_text(SPEC.format(name="a", size=5), encoding="utf-8")
    first, second = sbp.derive_files([specs / "a.toml", specs / "twin.toml"], tmp_path / "out")
    assert first.error is None
    assert "would write the same files as" in str(second.error)


def test_a_document_that_cannot_be_written_does_not_stop_the_rest(specs: Path, tmp_path: Path) -> None:
    """Flat names have no arrays, which is found out in the worker that composes the document."""
    unwritable = SPEC.format(name="flat", size=2) + '[about]\noutline = "any_depth"\n'
    (specs / "flat.toml").write_text('notation = "flat-za"\n' + unwritable.lstrip(), encoding="utf-8")
    flat, written = sbp.derive_files([specs / "flat.toml", specs / "a.toml"], tmp_path / "out")
    assert str(flat.error).startswith("notation flat-za: cannot write")
    assert flat.paths == ()
    assert written.error is None


def test_a_fragment_of_what_has_none_is_refused(specs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "mazur", "--fragment"]) == 2
    assert "--fragment: md has no fragments; --to tex has" in capsys.readouterr().err


def test_one_name_or_one_output_is_for_one_spec(specs: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["derive", "mazur", "softmax", "--name", "x"]) == 2
    assert "--name: is for one spec" in capsys.readouterr().err
    assert main(["derive", str(specs), "--stdout"]) == 2
    assert "--stdout: is for one spec" in capsys.readouterr().err


INTERRUPTED = """
import signal, sys
from pathlib import Path
signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell starts what is in its background without
import symbackprop.batch.deriving as deriving
from symbackprop.cli import main
original = deriving.rendered
def slow(task):
    if task[0].name != "a":
        Path(sys.argv[2], "waiting").touch()
        import time; time.sleep(3600)
    return original(task)
deriving.rendered = slow
sys.exit(main(["derive", sys.argv[1], "-o", sys.argv[2] + "/out", "--jobs", "2"]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the slow function reaches the workers as a copy only")
def test_an_interrupt_leaves_whole_files_and_no_process(specs: Path, tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", INTERRUPTED, str(specs), str(tmp_path)],
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )
    while not ((tmp_path / "out" / "a.en.md").exists() and (tmp_path / "waiting").exists()):
        assert process.poll() is None
        time.sleep(0.1)
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to the command and all its workers
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "interrupted; nothing was half-written" in errors
    with pytest.raises(ProcessLookupError):
        os.killpg(process.pid, 0)
    found = snapshot(tmp_path / "out")
    assert not [name for name in found if ".symbackprop-" in name]
    assert {name for name in found if name.endswith(".md")} == {"a.en.md"}
    sbp.derive_files([specs / "a.toml"], tmp_path / "again")
    assert snapshot(tmp_path / "again") == found
