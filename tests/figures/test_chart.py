"""Axes, ticks and the points of curves."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from support.pictures import error_curve

from symbackprop.figures.chart import HEIGHT, TOLERANCE, WIDTH, chart, thinned
from symbackprop.figures.geometry import Point
from symbackprop.figures.model import Curve, CurvePicture
from symbackprop.figures.ticks import axis


def labels(*values: float, logarithmic: bool = False, tight: bool = False) -> list[str]:
    return [tick.label_tex for tick in axis(values, logarithmic=logarithmic, tight=tight).ticks]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0, 10000, ["0", "2000", "4000", "6000", "8000", r"10\,000"]),
        (0.01, 0.29, ["0.00", "0.05", "0.10", "0.15", "0.20", "0.25", "0.30"]),
        (-1, 1, ["-1.0", "-0.5", "0.0", "0.5", "1.0"]),
        (0, 1, ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]),
        (0, 3e-7, ["0", *[rf"{tenth / 10:.1f}\cdot 10^{{-7}}" for tenth in range(5, 31, 5)]]),
        (0, 6e9, ["0", *[rf"{digit}\cdot 10^{{9}}" for digit in range(1, 7)]]),
        (0, 120000, ["0", *[rf"{thousand}\,000" for thousand in (20, 40, 60, 80, 100, 120)]]),
    ],
)
def test_linear_ticks(low: float, high: float, expected: list[str]) -> None:
    assert labels(low, high) == expected


def test_logarithmic_ticks() -> None:
    assert labels(3.5e-5, 0.298, logarithmic=True) == [f"10^{{{power}}}" for power in range(-5, 1)]
    assert labels(1, 10000, logarithmic=True, tight=True) == [f"10^{{{power}}}" for power in range(5)]
    assert labels(0.2, 0.5, logarithmic=True) == ["0.20", "0.25", "0.30", "0.35", "0.40", "0.45", "0.50"]
    assert len(labels(1e-290, 1, logarithmic=True)) <= 10


def test_a_constant_has_an_axis() -> None:
    for value in (0.0, 0.3, -5.0, 1e-200, 1e290):
        around = axis([value])
        assert around.low < value < around.high
        assert around.ticks


@pytest.mark.parametrize("values", [(1.0, 1.0 + 2e-16), (0.0, 5e-324), (5e-324,), (-1e290, 1e290)])
def test_ticks_of_extreme_values_differ(values: tuple[float, ...]) -> None:
    places = [tick.value for tick in axis(values).ticks]
    assert len(set(places)) == len(places) >= 2


numbers = st.floats(-1e12, 1e12, allow_nan=False).map(lambda number: float(f"{number:.6g}"))


@given(st.lists(numbers, min_size=1, max_size=5), st.booleans())
def test_axes_hold_their_values_and_few_ticks(values: list[float], tight: bool) -> None:
    made = axis(values, tight=tight)
    assert made.low <= min(values) <= max(values) <= made.high
    assert 1 <= len(made.ticks) <= 9
    places = [tick.value for tick in made.ticks]
    assert places == sorted(set(places))
    assert len({tick.label_tex for tick in made.ticks}) == len(places)


@given(st.lists(st.floats(1e-290, 1e290), min_size=1, max_size=5), st.booleans())
def test_logarithmic_axes_hold_their_values(values: list[float], tight: bool) -> None:
    made = axis(values, logarithmic=True, tight=tight)
    assert 0 < made.low <= min(values) <= max(values) <= made.high
    assert 1 <= len(made.ticks) <= 12
    assert all(-1e-9 <= made.share(tick.value) <= 1 + 1e-9 for tick in made.ticks)


def test_ten_thousand_points_are_thinned_and_look_the_same() -> None:
    drawn = chart(error_curve())
    curve = error_curve().curves[0]
    trace = drawn.traces[0]
    assert len(trace.points) < 150
    assert (trace.values[0], trace.values[-1]) == (curve.points[0], curve.points[-1])
    for x, y in curve.points[::97]:
        place = Point(drawn.x.share(x) * WIDTH, (1 - drawn.y.share(y)) * HEIGHT)
        after = next(number for number, point in enumerate(trace.points) if point.x >= place.x)
        start, end = trace.points[max(after - 1, 0)], trace.points[after]
        share = (place.x - start.x) / (end.x - start.x) if end.x > start.x else 0.0
        seen = start.y + share * (end.y - start.y)
        # where the curve is steep, the nearest point of it is not straight above
        assert abs(seen - place.y) < 3 * TOLERANCE or abs(end.y - start.y) > 2 * abs(end.x - start.x)


def test_spikes_survive_thinning() -> None:
    points = [Point(x / 50, 0.0 if x != 3333 else 40.0) for x in range(10000)]
    assert 3333 in thinned(points)


def test_points_that_an_axis_cannot_show_are_left_out() -> None:
    values = ((0.0, 1.0), (1.0, 0.5), (2.0, 0.0), (3.0, math.nan), (4.0, math.inf), (4.5, 1e300), (5.0, 0.25))
    trace = chart(CurvePicture((Curve(values),), x_logarithmic=True, y_logarithmic=True)).traces[0]
    assert trace.values == ((1.0, 0.5), (5.0, 0.25))


def test_a_curve_without_points_is_refused() -> None:
    with pytest.raises(ValueError, match="no curve has a point"):
        chart(CurvePicture((Curve(((0.0, math.nan),)),)))


def test_a_curve_that_its_axes_cannot_show_is_not_drawn() -> None:
    flat, falling = Curve(((0.0, 0.0), (1.0, 0.0)), "without error"), Curve(((0.0, 1.0), (1.0, 0.5)), "falling")
    drawn = chart(CurvePicture((flat, falling), y_logarithmic=True))
    assert [trace.values for trace in drawn.traces] == [((0.0, 1.0), (1.0, 0.5))]


def test_the_legend_keeps_out_of_the_way() -> None:
    def corner(*points: tuple[float, float]) -> str:
        return chart(CurvePicture((Curve(points, "a long name"),))).corner

    assert corner((0, 1), (5, 0), (10, 0)) == "north east"
    assert corner((0, 0), (5, 0.9), (10, 1)) != "north east"
