"""The pages of the documentation as a reader follows them: files are written, commands run, answers compared.

- A block with a ``:caption:`` is a file of that name.
- A block of ``console`` is run line by line in bash; what stands below a command is what it says. A lone ``…`` stands
  for any lines, ``…`` within a line for any characters. A command that shows nothing has to succeed.
- A block of ``pycon`` is a doctest, one of ``python`` is run; all of a page share their names.
- A block of ``toml`` without a caption is a spec, and has to be a right one.
- Blocks of ``sh`` are not run: they install programs, go on until they are stopped, or ask for a file that only the
  reader has. Their commands have to be ones that the command line takes.
"""

from __future__ import annotations

import doctest
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import symbackprop.api  # noqa: F401 (specs may name its notations and outlines)
from symbackprop.cli import parser_of
from symbackprop.spec.reading import parse_spec

BLOCK = re.compile(
    r"^(?P<fence>```+)(?:\{code-block\} )?(?P<language>\w+)\n(?::caption: (?P<file>\S+)\n\n)?(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
PROMPT = "$ "
ANY = "…"
GIT = """\
[user]
name = Reader
email = reader@example.org
[url "{remote}"]
insteadOf = https://github.com/reader/reader.github.io.git
"""


@dataclass(frozen=True)
class Block:
    """A block of code, the file it is, if it is one, and the line of the page on which it begins."""

    language: str
    text: str
    file: str | None
    line: int


def blocks(page: str) -> Iterator[Block]:
    for found in BLOCK.finditer(page):
        line = page.count("\n", 0, found.start("text")) + 1
        yield Block(found["language"], found["text"], found["file"], line)


def commands(text: str) -> Iterator[tuple[str, str]]:
    """Each command of a console with what stands below it."""
    for part in re.split(rf"^{re.escape(PROMPT)}", text, flags=re.MULTILINE)[1:]:
        command, _, answer = part.partition("\n")
        yield command, answer


def agrees(shown: str, said: str) -> bool:
    """Whether what a command said is what the page shows."""
    pattern = ""
    for line in shown.rstrip().split("\n"):
        pattern += r"(?:.*\n)*?" if line == ANY else re.escape(line.rstrip()).replace(ANY, r".*") + r"\s*\n"
    return re.fullmatch(pattern, said.rstrip() + "\n") is not None


def understood(text: str) -> None:
    """Every call of the tool in some commands is one that its command line takes."""
    for line in text.splitlines():
        words = shlex.split(line, comments=True)
        if words[:1] == ["symbackprop"]:
            try:
                parser_of().parse_args(words[1:])
            except SystemExit:
                raise AssertionError(f"the command line refuses: {line}") from None


@dataclass
class Reader:
    """Someone who follows a page, in an empty folder; their programs are those beside the running Python."""

    folder: Path

    def __post_init__(self) -> None:
        tools = self.folder / "tools"
        tools.mkdir(parents=True)
        self.desk = self.folder / "desk"
        self.desk.mkdir()
        for name, module in (("symbackprop", "symbackprop"), ("python", "")):
            script = tools / name
            script.write_text(f'#!/bin/sh\nexec "{sys.executable}" {f"-m {module}" if module else ""} "$@"\n')
            script.chmod(0o755)
        remote = self.folder / "remote.git"
        subprocess.run(["git", "init", "--quiet", "--bare", remote], check=True)
        (self.folder / "gitconfig").write_text(GIT.format(remote=remote))
        search = [str(tools), str(Path(sys.executable).parent), os.environ.get("PATH", "")]
        self.environment = {
            **{name: value for name, value in os.environ.items() if not name.startswith("GIT_")},
            "PATH": os.pathsep.join(search),
            "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),
            "GIT_CONFIG_GLOBAL": str(self.folder / "gitconfig"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "LC_ALL": "C.UTF-8",
        }
        self.names: dict[str, Any] = {}

    def follow(self, page: str) -> int:
        """Do what a page says; the number of things done."""
        done = 0
        for block in blocks(page):
            if block.file is not None:
                path = self.desk / block.file
                path.parent.mkdir(parents=True, exist_ok=True)
                path.write_text(block.text, encoding="utf-8")
            elif block.language == "console":
                for command, shown in commands(block.text):
                    self.run(command, shown, block.line)
            elif block.language in ("pycon", "python"):
                self.compute(block)
            elif block.language == "toml":
                parse_spec(block.text)
            elif block.language == "sh":
                understood(block.text)
            else:
                continue
            done += 1
        return done

    def run(self, command: str, shown: str, line: int) -> None:
        ran = subprocess.run(
            ["bash", "-c", command], cwd=self.desk, env=self.environment, capture_output=True, text=True, timeout=300,
            check=False,
        )  # fmt: skip
        said = ran.stdout + ran.stderr
        if shown.strip():
            assert agrees(shown, said), f"line {line}: {command}\n--- shown\n{shown}\n--- said\n{said}"
        else:
            assert ran.returncode == 0, f"line {line}: {command}\n{said}"

    def compute(self, block: Block) -> None:
        before = Path.cwd()
        os.chdir(self.desk)
        try:
            if block.language == "python":
                exec(compile(block.text, "page", "exec"), self.names)  # noqa: S102 (the page under test)
            else:
                self.ask(block)
        finally:
            os.chdir(before)

    def ask(self, block: Block) -> None:
        example = doctest.DocTestParser().get_doctest(block.text, self.names, "page", None, block.line)
        runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS, verbose=False)
        told: list[str] = []
        runner.run(example, out=told.append, clear_globs=False)
        self.names.update(example.globs)
        assert not told, "".join(told)
