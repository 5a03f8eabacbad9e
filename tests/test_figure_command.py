"""symbackprop figure: every kind in every format, and what it refuses."""

from __future__ import annotations

import re
import shutil
import struct
import subprocess
import xml.etree.ElementTree as ElementTree
from collections.abc import Callable
from pathlib import Path

import pytest

from symbackprop.cli import main
from symbackprop.errors import UserError
from symbackprop.examples.library import example_path
from symbackprop.render.environment import choose_format, environment
from symbackprop.render.location import templates_folder
from symbackprop.render.png import svg_to_png

KINDS = {
    # what the files are called -> the options
    "mazur-network": [],
    "mazur-paths-w1": ["--kind", "paths", "--weight", "w1"],
    "mazur-paths-w8": ["--kind", "paths", "--weight", "w_{8}"],
    "mazur-graph": ["--kind", "graph"],
    "mazur-graph-w1": ["--kind", "graph", "--weight", "w1"],
    "mazur-graph-b1": ["--kind", "graph", "--weight", "b1"],
    "mazur-curve": ["--kind", "curve"],
    "mazur-curve-orders": ["--kind", "curve", "--both-orders"],
}

Run = Callable[..., list[Path]]


@pytest.fixture
def drawn(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Run:
    """``drawn("mazur", "--kind", "graph")``: the files that were written."""

    def run(*arguments: str) -> list[Path]:
        assert main(["figure", *arguments, "-o", str(tmp_path)]) == 0
        return [Path(line) for line in capsys.readouterr().out.splitlines()]

    return run


@pytest.mark.parametrize("name", KINDS)
def test_every_kind_is_drawn(name: str, drawn: Run) -> None:
    svg, tikz = drawn("mazur", *KINDS[name], "--to", "svg", "--to", "tikz")
    assert (svg.name, tikz.name) == (f"{name}.en.svg", f"{name}.en.tikz")
    title = ElementTree.parse(svg).getroot().findtext("{http://www.w3.org/2000/svg}title")
    assert title
    assert "{" not in title
    assert "\\begin{tikzpicture}" in tikz.read_text(encoding="utf-8")


def test_every_kind_can_be_set_by_tex(drawn: Run, tool: Callable[[str], Path], tmp_path: Path) -> None:
    """All of them in one run, in Chinese."""
    pictures = [
        drawn("mazur", *options, "--to", "tikz", "--lang", "zh")[0].read_text(encoding="utf-8")
        for options in KINDS.values()
    ]
    templates = environment(templates_folder(), choose_format("tex").delimiters)
    source = templates.get_template("figures/standalone.tex.j2").render(
        picture="\n\n".join(pictures),
        preamble=templates.get_template("figures/preamble.tex.j2").render(curves=True),
        chinese_font="Noto Serif CJK SC",
    )
    (tmp_path / "figures.tex").write_text(source, encoding="utf-8")
    command = [tool("xelatex"), "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "figures.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, check=False, timeout=120)
    log = (tmp_path / "figures.log").read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, log[-2000:]
    assert "Missing character" not in log


def test_a_png_is_twice_as_large_as_its_svg(drawn: Run, tool: Callable[[str], Path]) -> None:
    tool("rsvg-convert")
    svg, png = drawn("mazur", "--to", "svg", "--to", "png", "--lang", "zh")
    width, height = struct.unpack(">II", png.read_bytes()[16:24])
    root = ElementTree.parse(svg).getroot()
    assert abs(width - 2 * float(root.get("width", ""))) <= 1
    assert abs(height - 2 * float(root.get("height", ""))) <= 1


def test_without_its_program_a_png_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    assert main(["figure", "mazur", "--to", "png", "-o", str(tmp_path)]) == 2
    assert "png: rsvg-convert, which draws it, was not found; it comes with" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_both_languages_and_a_name(drawn: Run) -> None:
    paths = drawn("mazur", "--kind", "curve", "--lang", "both", "--name", "errors")
    assert [path.name for path in paths] == ["errors.en.svg", "errors.zh.svg"]
    assert "更新次数" in paths[1].read_text(encoding="utf-8")


def test_another_notation_names_the_same_parts(drawn: Run) -> None:
    (path,) = drawn("mazur", "--kind", "paths", "--weight", "w_11^3", "--notation", "nielsen")
    assert path.name == "mazur-paths-w3-11.en.svg"
    assert 'data-key="weight-2-0-0"' in path.read_text(encoding="utf-8")


def test_the_same_command_gives_the_same_bytes(drawn: Run) -> None:
    first = [path.read_bytes() for path in drawn("mazur", "--kind", "graph", "--to", "svg", "--to", "tikz")]
    assert [path.read_bytes() for path in drawn("mazur", "--kind", "graph", "--to", "svg", "--to", "tikz")] == first


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--kind", "paths"], "--kind: paths lead from a weight to the error: say which with --weight"),
        (["--weight", "w1"], "--weight: a picture of kind network has no weight of its own; known: paths, graph"),
        (["--both-orders"], "--both-orders: a picture of kind network knows no order; known: curve"),
        (["--kind", "paths", "--weight", "w9"], "--weight: "),
        (["--kind", "paths", "--weight", "b1"], "--weight: b1 is no weight; known: w_1"),
        (["--kind", "graph", "--weight", "out_h1"], "--weight: out_h1 is no parameter; known: w_1"),
        (["--name", "../out"], "--name: "),
        (["--digits", "99"], "--digits: must lie between 1 and 30, got 99"),
        (["--lang", "fr"], "--lang: "),
    ],
)
def test_what_contradicts_itself_is_refused(
    arguments: list[str], message: str, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["figure", "mazur", *arguments, "-o", str(tmp_path)]) == 2
    assert f"symbackprop: {message}" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


WIDE = """\
name = "wide"
inputs = 6
[[layers]]
size = 8
activation = "sigmoid"
[[layers]]
size = 6
activation = "sigmoid"
"""


def test_a_graph_too_large_to_read_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "wide.toml").write_text(WIDE, encoding="utf-8")
    out = str(tmp_path / "out")
    assert main(["figure", str(tmp_path / "wide.toml"), "--kind", "graph", "-o", out]) == 2
    message = capsys.readouterr().err
    assert "are too many for one picture" in message
    assert "--weight draws what lies between one weight and E" in message
    assert main(["figure", str(tmp_path / "wide.toml"), "--kind", "graph", "--weight", "w48", "-o", out]) == 0
    assert main(["figure", str(tmp_path / "wide.toml"), "--kind", "curve", "-o", out]) == 2
    assert "curve: the loop needs a value for every quantity" in capsys.readouterr().err


def test_a_long_way_through_time_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = example_path("recurrent").read_text(encoding="utf-8")
    inputs, targets = "[[0.5], [-0.2], [0.9]]", "[[0.4], [0.1], [-0.3]]"
    assert inputs in spec
    assert targets in spec
    spec = spec.replace(inputs, f"[{'[0.5],' * 60}]").replace(targets, f"[{'[0.4],' * 60}]")
    (tmp_path / "long.toml").write_text(spec, encoding="utf-8")
    assert main(["figure", str(tmp_path / "long.toml"), "-o", str(tmp_path)]) == 2
    assert "edges are too many for one picture; take fewer steps or units" in capsys.readouterr().err


def test_without_iterations_there_is_no_curve(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec = example_path("mazur").read_text(encoding="utf-8")
    (tmp_path / "once.toml").write_text(re.sub(r"(?m)^iterations = .*$", "", spec), encoding="utf-8")
    assert main(["figure", str(tmp_path / "once.toml"), "--kind", "curve", "-o", str(tmp_path)]) == 2
    assert "curve: the spec says no number of training.iterations, or 0" in capsys.readouterr().err


def test_a_program_that_fails_is_told(tool: Callable[[str], Path]) -> None:
    tool("rsvg-convert")
    with pytest.raises(UserError, match=r"^png: rsvg-convert failed: "):
        svg_to_png("this is no SVG")
