"""``symbackprop serve`` as it is started and ended."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
from pathlib import Path
from urllib.request import urlopen

import pytest
from support.tools import find_module

from symbackprop.cli import main


@pytest.fixture(autouse=True)
def _extra() -> None:
    find_module("uvicorn", "uvicorn")


@pytest.mark.skipif(sys.platform == "win32", reason="another way to interrupt")
@pytest.mark.parametrize("reader", [False, True])
def test_it_says_where_it_is_and_an_interrupt_ends_it(root: Path, tmp_path: Path, reader: bool) -> None:
    (tmp_path / "post.md").write_text("$a = a$\n", encoding="utf-8")
    command = [sys.executable, "-m", "symbackprop", "serve", "post.md", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(root), "PYTHONWARNINGS": "error"}
    with subprocess.Popen(
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as server:
        assert server.stdout is not None
        line = server.stdout.readline()
        found = re.fullmatch(r"(http://127\.0\.0\.1:\d+/) shows post\.md; Ctrl-C ends it\n", line)
        assert found, line
        news = urlopen(f"{found[1]}events", timeout=60)
        assert b'"version": 1' in news.readline()  # a reader who stays must not keep it from ending
        if not reader:
            news.close()
        server.send_signal(signal.SIGINT)
        out, err = server.communicate(timeout=60)
        news.close()
    assert (server.returncode, out, err) == (0, "", "")


def test_a_port_that_is_taken_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert main(["serve", "mazur", "--port", str(port)]) == 2
    told = capsys.readouterr().err
    assert f"--port: {port} cannot be used: Address already in use; --port 0 takes a free one" in told


@pytest.mark.parametrize("port", ["-1", "65536"])
def test_a_port_that_is_none(port: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "mazur", "--port", port]) == 2
    assert "--port: must lie between 0 and 65535" in capsys.readouterr().err


@pytest.mark.parametrize("package", ["uvicorn", "starlette", "watchfiles"])
def test_without_the_extra_the_remedy_is_named(
    package: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in [name for name in sys.modules if name.split(".")[0] == package or name.startswith("symbackprop.live")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, package, None)
    assert main(["serve", "mazur"]) == 2
    assert f'serve: needs the package {package}; pip install "symbackprop[serve]"' in capsys.readouterr().err


@pytest.mark.parametrize(
    ("target", "told"), [("mazr", "mazr: is neither a file nor a built-in example"), ("no.md", "no.md: is not there")]
)
def test_what_is_not_there_is_said_at_once(target: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", target]) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize(
    ("option", "value"), [("--lang", "xx"), ("--notation", "nilsen"), ("--templates", "no such folder")]
)
def test_options_that_no_change_of_a_file_can_mend(option: str, value: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["serve", "mazur", option, value]) == 2
    assert capsys.readouterr().err.startswith(f"symbackprop: {option}: ")
