"""On a Dask cluster of this machine, with a worker killed midway: nothing lost, nothing doubled."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from distributed import Client, LocalCluster

import symbackprop as sbp
from symbackprop.check.report.json_format import render_json
from symbackprop.cli import main

POST = "$$z = w x + b$$\n\n$$\\frac{{\\partial z}}{{\\partial w}} = {claim}$$\n"
SPEC = 'name = "net{number}"\ninputs = 1\n[[layers]]\nsize = 1\n'


@pytest.fixture
def cluster() -> Iterator[LocalCluster]:
    # port 0: any that is free, for where the tests run twice at a time
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0") as found:
        yield found


def killer(cluster: LocalCluster) -> tuple[Callable[[int, int], None], list[int]]:
    """A progress that kills a worker once some are done, and where it says which one."""
    killed: list[int] = []

    def done(finished: int, of: int) -> None:
        if 1 < finished < of and not killed:
            killed.append(cluster.workers[0].pid)
            os.kill(killed[0], signal.SIGKILL)

    return done, killed


@pytest.fixture
def posts(tmp_path: Path) -> list[Path]:
    paths = [tmp_path / f"post{number:02}.md" for number in range(24)]
    for number, path in enumerate(paths):
        path.write_text(POST.format(claim="x" if number % 4 else "-x"), encoding="utf-8")
    return paths


def test_checking_loses_and_doubles_nothing(cluster: LocalCluster, posts: list[Path]) -> None:
    done, killed = killer(cluster)
    with Client(cluster) as client:
        report = sbp.check_files(posts, executor=client.get_executor(pure=False), done=done)
    assert killed
    assert [file.file for file in report.files] == list(map(str, posts))
    assert render_json(report) == render_json(sbp.check_files(posts, jobs=1))
    assert report.summary["wrong"] == 6


def test_deriving_loses_and_doubles_nothing(cluster: LocalCluster, tmp_path: Path) -> None:
    specs = [tmp_path / f"net{number}.toml" for number in range(8)]
    for number, spec in enumerate(specs):
        spec.write_text(SPEC.format(number=number), encoding="utf-8")
    done, killed = killer(cluster)
    with Client(cluster) as client:
        found = sbp.derive_files(specs, tmp_path / "out", executor=client.get_executor(pure=False), done=done)
    assert killed
    assert [written.error for written in found] == [None] * 8
    paths = [path for written in found for path in written.paths]
    assert len(paths) == len(set(paths))
    assert {path.name for path in paths if path.suffix == ".md"} == {f"net{number}.en.md" for number in range(8)}
    assert all(path.is_file() for path in paths)


def test_a_scheduler_on_the_command_line(
    cluster: LocalCluster, posts: list[Path], capsys: pytest.CaptureFixture[str]
) -> None:
    names = [str(path) for path in posts[:4]]
    assert main(["check", *names, "--scheduler", cluster.scheduler_address]) == 1
    on_cluster = capsys.readouterr().out
    assert main(["check", *names]) == 1
    assert capsys.readouterr().out == on_cluster


def test_an_address_where_nothing_answers(
    posts: list[Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("symbackprop.commands.running.PATIENCE", 1)
    assert main(["check", str(posts[0]), "--scheduler", "tcp://127.0.0.1:9"]) == 2
    assert "--scheduler: no scheduler answers at tcp://127.0.0.1:9" in capsys.readouterr().err


def test_without_dask_it_is_said_what_to_install(
    posts: list[Path], capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    assert main(["check", str(posts[0]), "--scheduler", "tcp://127.0.0.1:9"]) == 2
    assert "pip install 'symbackprop[distributed]'" in capsys.readouterr().err
