"""What a shell offers after TAB, asked as argcomplete's shell code asks, and by a real bash."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from support.tools import find_tool

from symbackprop.check.rule import RULES
from symbackprop.cli import COMMANDS, main
from symbackprop.examples.library import example_names
from symbackprop.notation.table import NOTATIONS
from symbackprop.render.environment import formats

SEPARATOR = "\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a spec, a post, and nothing else that could be offered."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "mine.toml").touch()
    (tmp_path / "minutes.md").touch()
    return tmp_path


def asked(line: str, answer: Path) -> list[str]:
    """What is offered at the end of a line."""
    environment = {
        **os.environ,
        "_ARGCOMPLETE": "1",
        "_ARGCOMPLETE_IFS": SEPARATOR,
        "_ARGCOMPLETE_STDOUT_FILENAME": str(answer),
        "_ARGCOMPLETE_SUPPRESS_SPACE": "1",
        "COMP_LINE": line,
        "COMP_POINT": str(len(line)),
        "COMP_TYPE": "9",
    }
    subprocess.run([sys.executable, "-m", "symbackprop"], env=environment, check=True, capture_output=True)
    return sorted(answer.read_text(encoding="utf-8").split(SEPARATOR))


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("symbackprop ", (*COMMANDS, "-h", "--help", "--version")),
        ("symbackprop de", ("derive",)),
        ("symbackprop derive --not", ("--notation",)),
        ("symbackprop derive mazur --notation ", NOTATIONS.names()),
        ("symbackprop derive mazur --to ", tuple(formats())),
        ("symbackprop derive mazur --lang ", ("both", "en", "zh")),
        ("symbackprop derive maz", ("mazur", "mazur-symbolic")),
        ("symbackprop derive min", ("mine.toml",)),
        ("symbackprop check min", ("mine.toml", "minutes.md")),
        ("symbackprop check --format s", ("sarif",)),
        ("symbackprop check minutes.md --spec m", ("mazur", "mazur-symbolic", "mine.toml")),
        ("symbackprop explain ", ("-h", "--help", *RULES.names())),
        ("symbackprop examples ", ("-h", "--help", "-o", "--output", "--force", *example_names())),
        ("symbackprop derive nothing-begins-so", ("",)),
    ],
)
def test_offered(line: str, offered: tuple[str, ...], tmp_path: Path) -> None:
    assert asked(line, tmp_path.parent / f"{tmp_path.name}.answer") == sorted(offered)


@pytest.mark.parametrize("shell", ["bash", "fish", "powershell", "tcsh", "zsh"])
def test_every_shell_gets_its_code(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["completion", shell]) == 0
    assert "symbackprop" in capsys.readouterr().out


def test_a_real_bash_completes() -> None:
    bash = find_tool("bash")
    script = (
        'eval "$(symbackprop completion bash)"\n'
        'COMP_LINE="symbackprop explain sign-l"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9\n'
        "COMP_WORDS=($COMP_LINE); COMP_CWORD=2\n"
        '_python_argcomplete symbackprop && echo "${COMPREPLY[@]}"\n'
    )
    path = os.pathsep.join((str(Path(sys.executable).parent), os.environ["PATH"]))
    done = subprocess.run(
        [bash, "-c", script], env={**os.environ, "PATH": path}, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "sign-lost"
