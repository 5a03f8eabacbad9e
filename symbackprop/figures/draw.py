"""Draws a picture: lays it out and hands the places to a template of the caller's environment."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol

from symbackprop.figures import chart as charts
from symbackprop.figures.curve_layout import curve_scene
from symbackprop.figures.graph_layout import computation_scene
from symbackprop.figures.label import spans
from symbackprop.figures.model import ComputationPicture, CurvePicture, NetworkPicture, Picture
from symbackprop.figures.network_layout import network_scene
from symbackprop.figures.scene import Scene
from symbackprop.figures.svg_path import line_path, number, tip_path


class Template(Protocol):
    """What is filled in."""

    def render(self, **variables: Any) -> str: ...


class Environment(Protocol):
    """Where templates come from: Jinja's environment, or one like it."""

    def get_template(self, name: str) -> Template: ...


FULL_UNIT = 0.6  # points in a user unit: labels of 15 units are set in 9 pt
TEXT_WIDTH = 440.0  # in points: what a page of an article holds
TEX_SIZE = 10.0  # the size in points at which the TikZ template sets its text before it scales it

LAYOUTS: Mapping[type, Callable[[Any], Scene]] = {
    NetworkPicture: network_scene,
    ComputationPicture: computation_scene,
    CurvePicture: curve_scene,
}


def lay_out(picture: Picture) -> Scene:
    """The places of everything in a picture, the same for every format."""
    return LAYOUTS[type(picture)](picture)


def render_svg(
    environment: Environment, picture: Picture, *, title: str, description: str = "", folder: str = ""
) -> str:
    """A stand-alone SVG, which may as well be put into a page.

    ``folder`` is where the environment's loader has the figures' templates ("figures/"). ``title``
    and ``description`` are plain words for those who do not see the figure.
    """
    return draw(environment, f"{folder}diagram.svg.j2", picture, title=title, description=description)


def render_tikz(environment: Environment, picture: Picture, *, folder: str = "", text_width: float = TEXT_WIDTH) -> str:
    """A ``tikzpicture`` for a document that has loaded what ``preamble.tex.j2`` loads.

    What is wider than ``text_width`` (in points) is made smaller. The environment's delimiters are
    ``<< >>``, ``<% %>`` and ``<# #>``, which TeX leaves alone.
    """
    template = "curve.tikz.j2" if isinstance(picture, CurvePicture) else "diagram.tikz.j2"
    return draw(environment, folder + template, picture, text_width=text_width)


def draw(
    environment: Environment, template_name: str, picture: Picture, *, text_width: float = TEXT_WIDTH, **words: str
) -> str:
    """A template filled in: ``scene`` for all pictures, ``chart`` for curves, and the functions templates call.

    Raises ValueError for a picture that cannot be laid out (a graph with a cycle, a curve without points).
    """
    scene = lay_out(picture)
    unit = min(FULL_UNIT, text_width / scene.width)

    return environment.get_template(template_name).render(
        scene=scene,
        chart=charts.chart(picture) if isinstance(picture, CurvePicture) else None,
        width=charts.WIDTH,
        height=charts.HEIGHT,
        unit=f"{unit:.4f}",
        number=number,
        plain=plain,
        points=partial(_points, unit),
        text_scale=partial(_text_scale, unit),
        spans=spans,
        line_path=line_path,
        tip_path=tip_path,
        **words,
    )


def _points(unit: float, length: float) -> str:
    """A length of the layout in points."""
    return number(length * unit)


def _text_scale(unit: float, size: float) -> str:
    return f"{size * unit / TEX_SIZE:.3f}"


def plain(value: float) -> str:
    """A number of a curve in as many digits as a drawing needs."""
    return f"{value:.8g}"
