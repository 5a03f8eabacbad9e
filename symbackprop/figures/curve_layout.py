"""The layout of a chart as strokes and labels, for formats that know no axes of their own."""

from __future__ import annotations

from symbackprop.figures.chart import (
    HEIGHT,
    LABEL_SIZE,
    LEGEND_AWAY,
    LEGEND_PADDING,
    LEGEND_ROW,
    LEGEND_SAMPLE,
    TICK_SIZE,
    WIDTH,
    Chart,
    chart,
    legend_extent,
)
from symbackprop.figures.geometry import Point
from symbackprop.figures.label import EMPTY, math_label
from symbackprop.figures.model import CurvePicture
from symbackprop.figures.scene import PlacedLabel, Scene, Stroke, frame

TICK_LENGTH, MINOR_LENGTH = 6.0, 3.5
FRAME = (Point(0, 0), Point(WIDTH, 0), Point(WIDTH, HEIGHT), Point(0, HEIGHT), Point(0, 0))


def curve_scene(picture: CurvePicture) -> Scene:
    drawn = chart(picture)
    strokes = [*_grid(drawn), *_ticks(drawn), Stroke("", FRAME, ("axis",))]
    labels = [*_tick_labels(drawn), *_titles(drawn)]
    dots: list[Point] = []
    for trace in drawn.traces:
        if len(trace.points) > 1:
            strokes.append(Stroke("", trace.points, ("curve", f"curve-{trace.look}")))
        else:
            dots += trace.points
    if drawn.legend:
        box, names = _legend(drawn)
        strokes += box
        labels += names
    return frame(strokes, [], labels, dots, kind="chart")


def _across(drawn: Chart, value: float) -> float:
    return drawn.x.share(value) * WIDTH


def _down(drawn: Chart, value: float) -> float:
    return (1 - drawn.y.share(value)) * HEIGHT


def _line(start: tuple[float, float], end: tuple[float, float], role: str) -> Stroke:
    return Stroke("", (Point(*start), Point(*end)), (role,))


def _grid(drawn: Chart) -> list[Stroke]:
    upright = [_across(drawn, tick.value) for tick in drawn.x.ticks]
    level = [_down(drawn, tick.value) for tick in drawn.y.ticks]
    return [_line((x, 0), (x, HEIGHT), "grid") for x in upright] + [_line((0, y), (WIDTH, y), "grid") for y in level]


def _ticks(drawn: Chart) -> list[Stroke]:
    across = [(_across(drawn, tick.value), TICK_LENGTH) for tick in drawn.x.ticks]
    across += [(_across(drawn, value), MINOR_LENGTH) for value in drawn.x.minor]
    down = [(_down(drawn, tick.value), TICK_LENGTH) for tick in drawn.y.ticks]
    down += [(_down(drawn, value), MINOR_LENGTH) for value in drawn.y.minor]
    return [_line((x, HEIGHT), (x, HEIGHT - length), "axis") for x, length in across] + [
        _line((0, y), (length, y), "axis") for y, length in down
    ]


def _tick_labels(drawn: Chart) -> list[PlacedLabel]:
    labels = []
    for tick in drawn.x.ticks:
        label = math_label(tick.label_tex)
        labels.append(PlacedLabel("", label, _across(drawn, tick.value), HEIGHT + 14, TICK_SIZE, ("tick",)))
    for tick in drawn.y.ticks:
        label = math_label(tick.label_tex)
        x = -8 - label.extent(TICK_SIZE)[0] / 2
        labels.append(PlacedLabel("", label, x, _down(drawn, tick.value), TICK_SIZE, ("tick",), anchor="end"))
    return labels


def _titles(drawn: Chart) -> list[PlacedLabel]:
    """The names of the axes."""
    widest = max((math_label(tick.label_tex).extent(TICK_SIZE)[0] for tick in drawn.y.ticks), default=0.0)
    titles = (
        PlacedLabel("", drawn.x_label, WIDTH / 2, HEIGHT + 40, LABEL_SIZE, ("axis-title",)),
        PlacedLabel("", drawn.y_label, -widest - 30, HEIGHT / 2, LABEL_SIZE, ("axis-title",), angle=-90),
    )
    return [title for title in titles if title.label is not EMPTY]


def _legend(drawn: Chart) -> tuple[list[Stroke], list[PlacedLabel]]:
    width, height = legend_extent(drawn.legend)
    left = WIDTH - width - LEGEND_AWAY if "east" in drawn.corner else LEGEND_AWAY
    top = LEGEND_AWAY if "north" in drawn.corner else HEIGHT - height - LEGEND_AWAY
    right, bottom = left + width, top + height
    corners = (Point(left, top), Point(right, top), Point(right, bottom), Point(left, bottom), Point(left, top))
    strokes, names = [Stroke("", corners, ("frame",))], []
    for row, trace in enumerate(drawn.legend):
        y = top + LEGEND_PADDING / 2 + (row + 0.5) * LEGEND_ROW
        start = left + LEGEND_PADDING
        strokes.append(Stroke("", (Point(start, y), Point(start + LEGEND_SAMPLE, y)), ("curve", f"curve-{trace.look}")))
        x = start + LEGEND_SAMPLE + LEGEND_PADDING + trace.label.extent(TICK_SIZE)[0] / 2
        names.append(PlacedLabel("", trace.label, x, y, TICK_SIZE, ("legend",), anchor="start"))
    return strokes, names
