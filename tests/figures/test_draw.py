"""The drawn files: well-formed, escaped, the same every time, the same layout in both formats."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from support.pictures import DIAGRAMS, PICTURES, TEMPLATES, network, svg_environment, tikz_environment
from support.tools import find_tool

from symbackprop.figures.draw import lay_out, render_svg, render_tikz
from symbackprop.figures.label import math_label
from symbackprop.figures.model import Curve, CurvePicture, Edge, NetworkPicture, Neuron, Picture
from symbackprop.figures.svg_path import line_path, number

SVG = "{http://www.w3.org/2000/svg}"


def svg_of(picture: Picture, title: str = "title", description: str = "description") -> str:
    return render_svg(svg_environment(), picture, title=title, description=description)


def tikz_of(picture: Picture) -> str:
    return render_tikz(tikz_environment(), picture)


@pytest.mark.parametrize("name", PICTURES)
def test_svg_is_well_formed_and_sized(name: str) -> None:
    root = ElementTree.fromstring(svg_of(PICTURES[name]))
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.get("viewBox") == f"0 0 {root.get('width')} {root.get('height')}"
    assert (root.findtext(f"{SVG}title"), root.findtext(f"{SVG}desc")) == ("title", "description")


@pytest.mark.parametrize("name", DIAGRAMS)
def test_both_formats_have_one_layout(name: str) -> None:
    scene = lay_out(DIAGRAMS[name])
    root, tikz = ElementTree.fromstring(svg_of(DIAGRAMS[name])), tikz_of(DIAGRAMS[name])
    circles = root.findall(f".//{SVG}circle")
    placed = {(circle.get("cx"), circle.get("cy")) for circle in circles}
    assert placed == set(re.findall(r"\(([\d.-]+),([\d.-]+)\) circle", tikz))
    drawn = [line.get("d") for line in root.iter(f"{SVG}path") if line.get("class") == "line"]
    assert drawn == [line_path(stroke) for stroke in scene.strokes]
    ways = re.findall(r"\\draw\[[^\]]*\] (.*);", tikz)
    assert ways == [
        " -- ".join(f"({number(point.x)},{number(point.y)})" for point in stroke.points) for stroke in scene.strokes
    ]
    at = re.findall(r"\\node\[.*\] at \(([\d.-]+),([\d.-]+)\)", tikz)
    assert at == [(number(label.x), number(label.y)) for label in scene.labels]


@pytest.mark.parametrize("name", PICTURES)
def test_the_same_picture_gives_the_same_bytes(name: str) -> None:
    assert svg_of(PICTURES[name]) == svg_of(PICTURES[name])
    assert tikz_of(PICTURES[name]) == tikz_of(PICTURES[name])


def test_bytes_do_not_depend_on_the_order_of_hashes() -> None:
    program = (
        "import hashlib, sys; sys.path.insert(0, 'tests')\n"
        "from support.pictures import *\nfrom symbackprop.figures.draw import *\n"
        "for name in ('2-2-2', 'paths', 'graph', '64-64-10', 'error'):\n"
        "    made = render_svg(svg_environment(), PICTURES[name], title='t')\n"
        "    made += render_tikz(tikz_environment(), PICTURES[name])\n"
        "    print(hashlib.sha256(made.encode()).hexdigest())"
    )
    made = {
        subprocess.run(
            [sys.executable, "-c", program],
            capture_output=True,
            check=True,
            cwd=Path(__file__).parents[2],
            env={**os.environ, "PYTHONHASHSEED": seed},
        ).stdout
        for seed in ("1", "2", "3")
    }
    assert len(made) == 1


def test_keys_mark_what_belongs_to_a_quantity() -> None:
    root = ElementTree.fromstring(svg_of(network(2, 2, 2)))
    marked = [element for element in root.iter() if element.get("data-key") == "w5"]
    assert {element.get("class") for element in marked} == {"stroke edge", "label weight"}
    (label,) = (element for element in marked if element.get("class") == "label weight")
    assert [span.text for span in label.iter(f"{SVG}tspan") if span.get("class") == "number"] == ["0.35"]
    (neuron,) = (element for element in root.iter(f"{SVG}circle") if element.get("data-key") == "1.0")
    assert neuron.get("class") == "shape node hidden"


@pytest.mark.parametrize("hostile", ["</text><script>alert(1)</script>", '" onload="alert(1)', "a & b < c", "]]>"])
def test_svg_escapes(hostile: str) -> None:
    picture = NetworkPicture(
        (Neuron(hostile, hostile, "input", 0, 0, hostile), Neuron("o", "o", "output", 1, 0)),
        (Edge(hostile, hostile, "o", hostile, hostile),),
        (hostile,),
    )
    made = svg_of(picture, title=hostile, description=hostile)
    root = ElementTree.fromstring(made)
    assert not list(root.iter(f"{SVG}script"))
    assert not any("onload" in element.attrib for element in root.iter())
    assert root.findtext(f"{SVG}title") == hostile


def test_words_are_escaped_for_tex() -> None:
    picture = CurvePicture((Curve(((0, 1), (1, 2)), r"\input{x} 100 %"),), r"\write18", "a_b")
    made = tikz_of(picture)
    assert r"\input" not in made
    assert r"\write18" not in made
    assert r"a\_b" in made


@pytest.mark.parametrize("name", ["2-2-2", "graph", "error"])
def test_dark_and_light(name: str) -> None:
    style = ElementTree.fromstring(svg_of(PICTURES[name])).findtext(f"{SVG}style") or ""
    plain, _, custom = style.partition("@supports")
    assert "var(" not in plain  # plain renderers find every colour before the part that they pass over
    assert "prefers-color-scheme:dark" in custom
    used = set(re.findall(r"var\((--sbp-[a-z]+),", custom))
    dark = set(re.findall(r"(--sbp-[a-z]+):#", custom))
    assert used <= dark


def test_colours_have_contrast() -> None:
    """WCAG AA in both schemes: 4.5 for text on what it stands on, 3 for lines."""

    def luminance(colour: str) -> float:
        channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
        linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    text = (TEMPLATES / "diagram.svg.j2").read_text(encoding="utf-8")
    palette = {name: (light, dark) for name, light, dark in re.findall(r'"(\w+)": \["(#\w+)", "(#\w+)"\]', text)}

    def contrast(one: str, other: str, scheme: int) -> float:
        dark, bright = sorted((luminance(palette[one][scheme]), luminance(palette[other][scheme])))
        return (bright + 0.05) / (dark + 0.05)

    for scheme in (0, 1):
        for ink in ("ink", "forward", "backward"):
            for ground in ("paper", "input", "hidden", "output", "loss", "bias"):
                assert contrast(ink, ground, scheme) >= 4.5, (ink, ground, scheme)
        for line in ("line", "third", "fourth"):
            assert contrast(line, "paper", scheme) >= 3, (line, scheme)


@pytest.mark.parametrize("template", sorted(TEMPLATES.iterdir()), ids=lambda path: path.name)
def test_templates_hold_no_formula(template: Path) -> None:
    assert not re.search(r"\\(frac|partial|sum|odot|cdot)\b", template.read_text(encoding="utf-8"))


def test_a_picture_is_no_wider_than_the_text() -> None:
    picture = network(6, 8, 6)
    (unit,) = re.findall(r"x=([\d.]+)pt", render_tikz(tikz_environment(), picture, text_width=300))
    assert float(unit) * lay_out(picture).width == pytest.approx(300, abs=0.1)


def standalone(body: str, *, curves: bool) -> str:
    environment = tikz_environment()
    preamble = environment.get_template("preamble.tex.j2").render(curves=curves)
    return environment.get_template("standalone.tex.j2").render(
        picture=body, preamble=preamble, chinese_font="Noto Serif CJK SC"
    )


def compiled(source: str, folder: Path) -> str:
    """The log of XeLaTeX; the test fails where XeLaTeX does."""
    program = find_tool("xelatex")
    (folder / "figure.tex").write_text(source, encoding="utf-8")
    command = [str(program), "-interaction=nonstopmode", "-halt-on-error", "-no-shell-escape", "figure.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, check=False, timeout=120)
    log = (folder / "figure.log").read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, log[-2000:]
    return log


def test_tikz_compiles(tmp_path: Path) -> None:
    """All pictures in one run, each a page: TeX's start costs more than they do."""
    pages = r"\newpage".join(tikz_of(picture) for picture in PICTURES.values())
    source = standalone(pages, curves=True).replace("[border=4pt]{standalone}", "{article}")
    log = compiled(source, tmp_path)
    assert "Missing character" not in log
    assert f"({len(PICTURES)} pages" in log
    assert not [width for width in re.findall(r"Overfull \\hbox \((\d+)", log) if int(width) > 120]


def test_one_picture_stands_alone(tmp_path: Path) -> None:
    compiled(standalone(tikz_of(network(2, 2, 2)), curves=False), tmp_path)


def test_labels_are_as_wide_as_tex_sets_them(tmp_path: Path) -> None:
    """The layout keeps labels apart by estimated widths: TeX's own must not be much larger."""
    samples = [
        math_label(tex, value)
        for tex, value in (
            ("w_{5}", "0.40"),
            ("w_{12}", "-0.123456789"),
            ("W_{X_{11}}", None),
            ("net_{h1}", "1.105905967"),
            (r"\frac{\partial E_{total}}{\partial out_{o1}}", "0.74136507"),
            (r"out_{h1}(1 - out_{h1})", None),
            ("target_{o1}", None),
            (r"\mathbf{W}^{[1]}", None),
            (r"\delta^{l}_{jk}", None),
            (r"3.5\cdot 10^{-7}", None),
        )
    ]
    measure = "".join(rf"\sbox0{{{label.tex}}}\typeout{{WIDTH \the\wd0}}" for label in samples)
    log = compiled(standalone(measure + "x", curves=False), tmp_path)
    widths = [float(width) for width in re.findall(r"WIDTH ([\d.]+)pt", log)]
    assert len(widths) == len(samples)
    for label, width in zip(samples, widths, strict=True):
        assert 0.8 * label.extent(10)[0] < width < 1.07 * label.extent(10)[0], label.tex
