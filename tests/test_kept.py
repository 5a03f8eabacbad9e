"""What is kept between runs: found again by another process, asked anew whenever it cannot be relied on."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from symbackprop import kept
from symbackprop.expression import Apply, Expression, Index, Name, Number, Span, Symbol
from symbackprop.functions.activation import ACTIVATIONS
from symbackprop.ops.arithmetic import scaled, total
from symbackprop.ops.scalar_function import ScalarFunction

TREE = Apply("add", (Number("0.10", False), Symbol("weight", Index("l", -1), (0, 2), "updated"), Name("w", None, None)))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder in which answers are kept."""
    monkeypatch.setenv(kept.FOLDER, str(tmp_path))
    kept._answers.cache_clear()
    yield tmp_path
    kept._answers.cache_clear()


class Asked:
    """A function that counts how often it has to work an answer out."""

    def __init__(self, answer: object = TREE) -> None:
        self.count = 0
        self.answer = answer

        @kept.kept
        def ask(question: object, precision: int = 1) -> object:
            self.count += 1
            return self.answer

        self.ask = ask


def answers(folder: Path) -> Path:
    (file,) = folder.glob("answers-*.jsonl")
    return file


def forget() -> None:
    """What another process starts with."""
    kept._answers.cache_clear()


@pytest.mark.parametrize("answer", [TREE, (TREE, Number("1")), True, False, 3, "text", None])
def test_an_answer_is_found_again_by_the_next_process(folder: Path, answer: object) -> None:
    asked = Asked(answer)
    assert asked.ask(TREE) == answer
    forget()
    assert asked.ask(TREE) == answer
    assert type(asked.ask(TREE)) is type(answer)
    assert asked.count == 1


def test_other_arguments_are_another_question(folder: Path) -> None:
    asked = Asked()
    questions: list[object] = [
        TREE,
        Number("1"),
        Number("1.0"),
        1,
        "1",
        (1,),
        None,
        scaled(1, 2),
        scaled(1, 3),
        total(2),
    ]
    questions += [ACTIVATIONS.get(name).function for name in ("sigmoid", "tanh", "softplus")]
    questions += [ACTIVATIONS.get("sigmoid").function.derivative(0), ACTIVATIONS.get("softplus").function.derivative(0)]
    for question in questions:
        asked.ask(question)
    asked.ask(TREE, precision=2)
    assert asked.count == len(questions) + 1


def test_where_a_formula_stands_in_a_text_is_no_part_of_it(folder: Path) -> None:
    asked = Asked()
    for start in (0, 7):
        asked.ask(Apply("negate", (Name("a", span=Span(start + 1, start + 2)),), Span(start, start + 2)))
    assert asked.count == 1


def test_formulas_from_elsewhere_are_not_kept(folder: Path) -> None:
    asked = Asked()
    for _ in range(2):
        asked.ask(ScalarFunction("double", 1, lambda x: 2 * x))
    assert asked.count == 2
    assert len(answers(folder).read_bytes().splitlines()) == 1


def test_what_is_raised_is_not_kept(folder: Path) -> None:
    calls = []

    @kept.kept
    def refuse(question: int) -> bool:
        calls.append(question)
        raise ValueError("no")

    for _ in range(2):
        with pytest.raises(ValueError, match="no"):
            refuse(1)
    assert calls == [1, 1]


def test_a_line_that_was_cut_off_costs_only_itself(folder: Path) -> None:
    asked = Asked()
    asked.ask(1)
    asked.ask(2)
    file = answers(folder)
    file.write_bytes(file.read_bytes()[:-10] + b"\nnull\n[1]\n" + b'["q", {"Path": ["x"]}]\n\xff\n')
    forget()
    asked.ask(1)
    assert asked.count == 2
    asked.ask(2)
    assert asked.count == 3


def test_answers_for_other_versions_are_not_used(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked()
    asked.ask(1)
    file = answers(folder)
    file.write_bytes(b"another version\n" + file.read_bytes().split(b"\n", 1)[1])
    forget()
    asked.ask(1)
    assert asked.count == 2
    now = kept._versions()
    assert now is not None
    for version in range(12):
        monkeypatch.setattr(kept, "_versions", lambda version=version: now + bytes([65 + version]))
        forget()
        asked.ask(1)
    assert asked.count == 14
    assert len(list(folder.glob("answers-*.jsonl"))) == kept.OTHERS + 1


def test_a_change_of_sympy_or_of_a_formula_is_another_version(monkeypatch: pytest.MonkeyPatch) -> None:
    versions = kept._versions()
    assert versions is not None
    stated = versions.decode()
    for part in ("release.py", "smooth.py", "scalar_function.py", "sympy_trees.py", "composite.py", sys.version[:6]):
        assert part in stated
    monkeypatch.setattr(kept, "find_spec", lambda name: None)
    assert kept._versions() is None


def test_a_file_does_not_grow_without_end(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = Asked()
    asked.ask(1)
    size = answers(folder).stat().st_size
    monkeypatch.setattr(kept, "LARGEST", size + 10)
    asked.ask(2)
    assert answers(folder).stat().st_size == size


@pytest.mark.parametrize("place", ["", "file", "file/below"])
def test_where_nothing_can_be_kept_everything_is_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    (tmp_path / "file").write_text("mine")
    monkeypatch.setenv(kept.FOLDER, str(tmp_path / place) if place else "")
    forget()
    try:
        asked = Asked()
        assert [asked.ask(1), asked.ask(1)] == [TREE, TREE]
        assert asked.count == 2
        assert sorted(path.name for path in tmp_path.iterdir()) == ["file"]
    finally:
        forget()


def test_the_folder_is_the_users_cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.delenv(kept.FOLDER)
    monkeypatch.setattr(sys, "platform", "linux")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert kept.folder() == tmp_path / "symbackprop"
    monkeypatch.setenv("XDG_CACHE_HOME", "relative")
    assert kept.folder() is None
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert kept.folder() == tmp_path / ".cache" / "symbackprop"
    monkeypatch.setattr(sys, "platform", "darwin")
    assert kept.folder() == tmp_path / "Library" / "Caches" / "symbackprop"


def run(folder: Path, output: str) -> tuple[int, str, list[str]]:
    """``derive mazur`` in a process of its own: its exit code, its complaint, and whether it started SymPy."""
    program = (
        "import json, sys\n"
        "from symbackprop.cli import main\n"
        f"code = main(['derive', 'mazur', '-o', {output!r}, '--jobs', '1'])\n"
        "print(json.dumps([code, 'sympy' in sys.modules]))\n"
    )
    environment = {**os.environ, kept.FOLDER: str(folder)}
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, env=environment, check=True)
    code, started = json.loads(done.stdout.splitlines()[-1])
    return code, done.stderr, ["sympy"] * started


def test_a_second_run_writes_the_same_without_starting_sympy(tmp_path: Path) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    assert run(tmp_path / "kept", str(first)) == (0, "", ["sympy"])
    assert run(tmp_path / "kept", str(second)) == (0, "", [])
    written = [{path.relative_to(top): path.read_bytes() for path in top.rglob("*.*") if path.is_file()}
               for top in (first, second)]  # fmt: skip
    assert written[0]
    assert written[0] == written[1]


def test_a_wrong_answer_in_the_file_does_not_reach_a_document(tmp_path: Path) -> None:
    """The derivative of the sigmoid made wrong: y (1 + y). The gradients are compared with differences of E."""
    assert run(tmp_path, str(tmp_path / "first"))[0] == 0
    file = answers(tmp_path)
    right = kept.msgspec.json.encode(kept._encoded(_slope("negate")))
    assert right in file.read_bytes()
    file.write_bytes(file.read_bytes().replace(right, kept.msgspec.json.encode(kept._encoded(_slope("")))))
    code, complaint, _ = run(tmp_path, str(tmp_path / "second"))
    assert code != 0
    assert "differ" in complaint
    assert not (tmp_path / "second").exists()


def _slope(sign: str) -> Expression:
    output = Symbol("argument", None, (1,))
    second: Expression = Apply(sign, (output,)) if sign else output
    return Apply("multiply", (output, Apply("add", (Number("1"), second))))
