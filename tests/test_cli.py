"""The command line: what it writes, what it refuses, and its exit codes."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from symbackprop.cli import COMMANDS, main
from symbackprop.errors import VerificationError


@pytest.fixture(autouse=True)
def _elsewhere(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def run(capsys, *arguments):
    code = main(arguments)
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_derive_writes_what_it_says(capsys, tmp_path):
    code, out, _ = run(capsys, "derive", "mazur", "--lang", "both", "--to", "md", "--to", "tex", "-o", "posts")
    assert code == 0
    written = sorted(line.replace("\\", "/") for line in out.splitlines())
    names = {line.rpartition("/")[2] for line in written}
    assert {"mazur.en.md", "mazur.zh.md", "mazur.en.tex", "mazur.zh.tex", "network.en.svg", "curve.zh.svg"} <= names
    assert all((tmp_path / line).is_file() for line in written)
    text = (tmp_path / "posts" / "mazur.en.md").read_text(encoding="utf-8")
    for line in text.splitlines():
        if line.startswith("!["):
            assert (tmp_path / "posts" / line.rpartition("(")[2].rstrip(")")).is_file()


def test_the_same_spec_gives_the_same_bytes(capsys, tmp_path):
    run(capsys, "derive", "mazur", "--to", "md", "--to", "tex", "-o", "one")
    run(capsys, "derive", "mazur", "--to", "md", "--to", "tex", "-o", "two")
    first = {
        path.relative_to(tmp_path / "one"): path.read_bytes()
        for path in (tmp_path / "one").rglob("*.*")
        if path.is_file()
    }
    second = {
        path.relative_to(tmp_path / "two"): path.read_bytes()
        for path in (tmp_path / "two").rglob("*.*")
        if path.is_file()
    }
    assert first
    assert first == second


def test_stdout_prints_and_writes_nothing(capsys, tmp_path):
    code, out, _ = run(capsys, "derive", "mazur", "--stdout", "--lang", "zh")
    assert code == 0
    assert out.startswith("# ")
    assert "反向传播" in out
    assert list(tmp_path.iterdir()) == []


def test_detail_and_digits(capsys):
    _, full, _ = run(capsys, "derive", "mazur", "--stdout")
    _, brief, _ = run(capsys, "derive", "mazur", "--stdout", "--detail", "brief", "--digits", "4")
    assert len(brief) < len(full)
    assert "0.593269992" not in brief
    assert "0.5933" in brief


def test_an_edited_file_is_not_overwritten(capsys, tmp_path):
    run(capsys, "derive", "mazur")
    path = tmp_path / "output" / "mazur.en.md"
    path.write_text("my own words", encoding="utf-8")
    code, _, err = run(capsys, "derive", "mazur")
    assert code == 2
    assert "mazur.en.md" in err
    assert "--force" in err
    assert path.read_text(encoding="utf-8") == "my own words"
    assert run(capsys, "derive", "mazur", "--force")[0] == 0
    assert path.read_text(encoding="utf-8") != "my own words"


def test_a_variant_is_kept_apart(capsys, tmp_path):
    run(capsys, "derive", "mazur")
    code, _, err = run(capsys, "derive", "mazur", "--digits", "4")
    assert code == 2
    assert "--name" in err
    assert run(capsys, "derive", "mazur", "--digits", "4", "--name", "mazur-short")[0] == 0
    assert (tmp_path / "output" / "mazur-short.en.md").is_file()


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["derive", "mazzur"], ["mazzur", "mazur"]),
        (["derive", "no/such/file.toml"], ["file.toml", "no such file"]),
        (["derive", "mazur", "--to", "docx"], ["--to", "docx", "md", "tex"]),
        (["derive", "mazur", "--lang", "fr"], ["--lang", "fr", "en", "zh"]),
        (["derive", "mazur", "--notation", "mazer"], ["mazer", "did you mean 'mazur'"]),
        (["derive", "mazur", "--digits", "99"], ["--digits", "30"]),
        (["derive", "mazur", "--name", "../out"], ["--name"]),
        (["derive", "mazur", "--stdout", "--lang", "both"], ["--stdout", "one"]),
        (["show", "mazur", "w9"], ["w9", "w_8"]),
        (["examples", "mazru"], ["mazru", "did you mean 'mazur'"]),
    ],
)
def test_bad_input_says_what_and_where(capsys, tmp_path, arguments, parts):
    code, out, err = run(capsys, *arguments)
    assert code == 2
    assert out == ""
    for part in parts:
        assert part in err
    assert list(tmp_path.iterdir()) == []


def test_show(capsys):
    assert run(capsys, "show", "mazur", "w5", "--form", "delta")[1] == (
        "\\frac{\\partial E_{total}}{\\partial w_5} = \\delta_{o1} \\cdot out_{h1}\n"
    )
    assert (
        run(capsys, "show", "mazur", "w_{5}", "--form", "value", "--to", "text")[1] == "dE_total/dw_5 = 0.082167041\n"
    )
    assert run(capsys, "show", "mazur", "out_h1", "--to", "text")[1].endswith("= 0.593269992\n")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["mazur", "--to", "text"], "QUANTITY: is left out: all derivatives are printed in their δ form, as TeX"),
        (["mazur", "--form", "closed"], "QUANTITY: is left out: all derivatives are printed in their δ form, as TeX"),
        (
            ["mazur-symbolic", "w5", "--form", "value"],
            "--form: w5 has no value: the spec leaves values out; known: factors, delta, closed",
        ),
    ],
)
def test_what_cannot_be_shown_is_told(capsys, arguments, told):
    assert run(capsys, "show", *arguments) == (2, "", f"symbackprop: {told}\n")


def test_a_gradient_that_does_not_agree_is_told(capsys, monkeypatch):
    def disagrees(derivation):
        raise VerificationError("w_5: 0.1 is not 0.2")

    monkeypatch.setattr("symbackprop.api.verify", disagrees)
    code, out, err = run(capsys, "derive", "mazur", "--stdout")
    assert (code, out) == (VerificationError("").exit_code, "")
    assert err.endswith("symbackprop: verification failed: w_5: 0.1 is not 0.2\n")


@pytest.mark.skipif(sys.platform == "win32", reason="a pipe whose reader is gone is told otherwise there")
def test_a_reader_that_goes_away_ends_the_output_in_silence():
    """As ``| head -1`` does."""
    command = [sys.executable, "-m", "symbackprop", "derive", "mazur", "--stdout"]
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as pipe:
        done = subprocess.run(command, stdout=pipe, stderr=subprocess.PIPE, check=False)
    assert (done.returncode, done.stderr) == (0, b"")


def test_examples_can_be_copied_and_derived(capsys, tmp_path):
    assert "mazur" in run(capsys, "examples")[1]
    assert run(capsys, "examples", "mazur")[0] == 0
    assert run(capsys, "derive", "mazur.toml", "--stdout")[0] == 0
    assert (tmp_path / "mazur.toml").is_file()


def test_schema_is_json(capsys):
    schema = json.loads(run(capsys, "schema")[1])
    assert "$schema" in schema


def test_show_every_derivative(capsys):
    lines = run(capsys, "show", "mazur")[1].splitlines()
    assert "\\frac{\\partial E_{total}}{\\partial w_5} = \\delta_{o1} \\cdot out_{h1}" in lines
    assert len(lines) == len(set(lines)) == 20


def test_no_command_shows_help(capsys):
    code, out, _ = run(capsys)
    assert code == 2
    for name in COMMANDS:
        assert name in out


@pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["derive", "--help"]])
def test_help_imports_nothing_heavy(arguments):
    code = (
        "import sys; from symbackprop.cli import main\n"
        f"try: main({arguments!r})\nexcept SystemExit: pass\n"
        "heavy = {'sympy', 'mpmath', 'jinja2', 'msgspec'} & set(sys.modules)\n"
        "assert not heavy, heavy"
    )
    subprocess.run([sys.executable, "-c", code], check=True, capture_output=True)


@pytest.mark.parametrize("command", [["derive", "mazur"], ["figure", "mazur"], ["show", "mazur", "w1"]])
@pytest.mark.parametrize("digits", ["0", "31"])
def test_digits_have_bounds(command: list[str], digits: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([*command, "--digits", digits]) == 2
    assert f"--digits: must lie between 1 and 30, got {digits}" in capsys.readouterr().err
