"""The layouts: everything in its place, and no label on another one or on a node."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations, pairwise

import pytest
from support.pictures import (
    DIAGRAMS,
    PICTURES,
    crowded_graph,
    gradient_paths,
    graph_of_network,
    network,
    one_neuron,
    recurrent,
)

from symbackprop.figures.draw import lay_out
from symbackprop.figures.geometry import Box, Disc, Point, box_meets_disc, box_meets_segment, boxes_overlap
from symbackprop.figures.label import math_label
from symbackprop.figures.model import ComputationPicture, Curve, CurvePicture, Dependency, Highlight, Step
from symbackprop.figures.scene import PlacedLabel, Scene, Shape, best_scene


def test_of_layouts_that_all_overlap_the_one_with_the_fewest_is_taken() -> None:
    scenes = [Scene(width, 1.0, (), (), ()) for width in (1.0, 2.0, 3.0, 4.0)]
    assert best_scene(zip([3, 1, 1, 2], scenes, strict=True)) is scenes[1]
    assert best_scene(zip([3, 1, 0, 0], scenes, strict=True)) is scenes[2]


def loose(scene: Scene) -> list[PlacedLabel]:
    """The labels that stand outside of nodes."""
    return [label for label in scene.labels if label.halo]


def outline(shape: Shape) -> Box | Disc:
    if shape.form == "circle":
        return Disc(shape.x, shape.y, shape.width / 2)
    return Box.around(Point(shape.x, shape.y), shape.width, shape.height)


def covers(label: PlacedLabel, shape: Shape) -> bool:
    node = outline(shape)
    return box_meets_disc(label.box, node) if isinstance(node, Disc) else boxes_overlap(label.box, node)


@pytest.mark.parametrize("name", PICTURES)
def test_no_label_covers_another(name: str) -> None:
    labels = lay_out(PICTURES[name]).labels
    assert [(a.label.tex, b.label.tex) for a, b in combinations(labels, 2) if boxes_overlap(a.box, b.box)] == []


@pytest.mark.parametrize("name", DIAGRAMS)
def test_no_label_covers_a_node(name: str) -> None:
    scene = lay_out(DIAGRAMS[name])
    assert [(a.label.tex, b.key) for a in loose(scene) for b in scene.shapes if covers(a, b)] == []


@pytest.mark.parametrize("name", DIAGRAMS)
def test_no_node_covers_another(name: str) -> None:
    boxes = [Box.around(Point(shape.x, shape.y), shape.width, shape.height) for shape in lay_out(DIAGRAMS[name]).shapes]
    assert not any(boxes_overlap(a, b) for a, b in combinations(boxes, 2))


@pytest.mark.parametrize("name", PICTURES)
def test_everything_lies_within_the_figure(name: str) -> None:
    scene = lay_out(PICTURES[name])
    points = [point for stroke in scene.strokes for point in stroke.points] + list(scene.dots)
    points += [corner for label in scene.labels for corner in label.box.corners()]
    assert all(0 <= x <= scene.width and 0 <= y <= scene.height for x, y in points)


@pytest.mark.parametrize("name", DIAGRAMS)
def test_what_stands_in_a_node_has_room_there(name: str) -> None:
    scene = lay_out(DIAGRAMS[name])
    shapes = {shape.key: shape for shape in scene.shapes}
    inside = [label for label in scene.labels if not label.halo and label.key in shapes]
    assert inside
    for label in inside:
        shape = shapes[label.key]
        for corner in label.box.corners():
            if shape.form == "circle":
                assert Point(corner.x - shape.x, corner.y - shape.y).x ** 2 <= (shape.width / 2) ** 2
            assert abs(corner.x - shape.x) <= shape.width / 2
            assert abs(corner.y - shape.y) <= shape.height / 2


@pytest.mark.parametrize(
    ("name", "labels"), [("2-2-2", 12), ("6-8-6", 48 + 8 + 48 + 6), ("2-3-2", 12), ("1-1-1", 4), ("64-64-10", 0)]
)
def test_weights_are_labelled_up_to_six_eight_six(name: str, labels: int) -> None:
    picture = DIAGRAMS[name]
    weights = [label for label in lay_out(picture).labels if "weight" in label.roles]
    assert len(weights) == labels
    if name == "6-8-6":
        assert all("=" in label.label.tex for label in weights)


def test_inputs_lie_left_and_losses_right() -> None:
    picture = network(2, 3, 2)
    scene = lay_out(picture)
    x = {shape.key: shape.x for shape in scene.shapes}
    assert x["0.0"] == x["0.1"] == x["bias0"] < x["1.0"] < x["2.0"] < x["E0"] < x["E"]


def test_biases_stand_beneath_their_layer() -> None:
    y = {shape.key: shape.y for shape in lay_out(network(2, 3, 2)).shapes}
    assert y["bias0"] > y["0.1"] > y["0.0"]
    assert y["bias1"] > y["1.2"]


def test_labels_stand_at_the_favoured_share_where_nothing_is_in_the_way() -> None:
    scene = lay_out(network(1, 1, 1))
    stroke = next(stroke for stroke in scene.strokes if stroke.key == "w1")
    label = next(label for label in scene.labels if label.key == "w1")
    (start, _), (end, _) = stroke.points
    assert (label.x - start) / (end - start) < 0.45  # a long label cannot reach 0.27 on a short edge


def test_large_layers_have_ellipses() -> None:
    scene = lay_out(DIAGRAMS["64-64-10"])
    assert len(scene.dots) == 6
    assert len(scene.shapes) == 6 + 6 + 10 + 2 + 10 + 1


def test_edges_end_at_the_border_of_their_nodes() -> None:
    scene = lay_out(network(2, 2, 2))
    circles = {shape.key: shape for shape in scene.shapes}
    stroke = next(stroke for stroke in scene.strokes if stroke.key == "w3")
    for point, key in zip(stroke.points, ("0.0", "1.1"), strict=True):
        circle = circles[key]
        assert ((point.x - circle.x) ** 2 + (point.y - circle.y) ** 2) ** 0.5 == pytest.approx(circle.width / 2)


def test_gradient_arrows_lead_back() -> None:
    scene = lay_out(gradient_paths())
    arrows = [stroke for stroke in scene.strokes if "gradient" in stroke.roles]
    assert len(arrows) == 7 + 3  # edges of the two paths, and arcs over three neurons
    assert all(stroke.tip and stroke.points[0].x > stroke.points[-1].x for stroke in arrows)


def test_what_is_on_no_path_fades() -> None:
    scene = lay_out(gradient_paths())
    muted = {shape.key for shape in scene.shapes if "muted" in shape.roles}
    assert muted == {"0.1", "1.1", "bias0", "bias1"}
    assert [label.key for label in scene.labels if "weight" in label.roles] == ["w1", "w5", "w7"]
    assert len([label for label in scene.labels if "factor" in label.roles]) == 8


def test_a_forward_path_is_marked() -> None:
    picture = replace(network(2, 2, 2), highlight=Highlight(forward=("w1", "w2", "bias0>1.0", "1.0")))
    scene = lay_out(picture)
    assert [stroke.key for stroke in scene.strokes if "forward" in stroke.roles] == ["w1", "w2", "b1"]
    assert [shape.key for shape in scene.shapes if "forward" in shape.roles] == ["1.0"]


def test_factors_hide_no_path() -> None:
    scene = lay_out(gradient_paths())
    factors = [label for label in scene.labels if "factor" in label.roles]
    arrows = [stroke for stroke in scene.strokes if "gradient" in stroke.roles and len(stroke.points) == 2]
    for factor in factors:
        for arrow in arrows:
            steps = [share / 20 for share in range(21)]
            (x0, y0), (x1, y1) = arrow.points
            points = [Point(x0 + (x1 - x0) * step, y0 + (y1 - y0) * step) for step in steps]
            assert not any(box_meets_disc(factor.box, Disc(*point, 0.01)) for point in points)


def test_a_graph_turns_down_where_it_is_too_wide() -> None:
    right, down = (lay_out(replace(graph_of_network(), direction=way)) for way in ("right", "down"))
    assert lay_out(graph_of_network()) == down
    assert down.width < right.width > 780
    assert lay_out(one_neuron()) == lay_out(replace(one_neuron(), direction="right"))


def test_edges_of_a_graph_go_with_the_flow() -> None:
    for stroke in lay_out(one_neuron()).strokes:
        across = [point.x for point in stroke.points]
        assert across == sorted(across)


def test_values_lie_over_their_edge_and_gradients_under_it() -> None:
    scene = lay_out(one_neuron())
    edge = [label for label in scene.labels if label.key == "net>sigma"]
    assert {label.roles[0]: label.y for label in edge}["value"] < {label.roles[0]: label.y for label in edge}[
        "gradient"
    ]


def test_long_edges_go_around_nodes() -> None:
    scene = lay_out(recurrent())
    (long,) = (stroke for stroke in scene.strokes if len(stroke.points) > 2)
    assert long.rounded
    for shape in scene.shapes:
        if shape.key not in ("U", "s2"):
            box = Box.around(Point(shape.x, shape.y), shape.width, shape.height)
            assert not any(box_meets_segment(box, piece) for piece in pairwise(long.points))


def test_a_graph_without_room_gives_up_numbers_before_labels() -> None:
    derivatives = [label.label.tex for label in lay_out(crowded_graph()).labels if "derivative" in label.roles]
    assert not derivatives or not any("=" in tex for tex in derivatives)


def test_a_value_without_room_in_its_circle_stands_beside_it() -> None:
    scene = lay_out(network(4, 5, 3, digits=9))
    values = [label for label in scene.labels if "value" in label.roles]
    assert len(values) == 12
    assert all(label.halo for label in values)


def test_a_lone_point_is_a_dot() -> None:
    scene = lay_out(CurvePicture((Curve(((1.0, 2.0),)),)))
    assert len(scene.dots) == 1
    assert not any("curve" in stroke.roles for stroke in scene.strokes)


@pytest.mark.parametrize(
    ("steps", "dependencies", "message"),
    [
        ((), (), "needs a step"),
        ((Step("a", "a"), Step("a", "b")), (), "same key"),
        ((Step("a", "a"),), (Dependency("a", "z"),), "unknown keys: z"),
    ],
)
def test_faulty_graphs_are_refused(steps: tuple[Step, ...], dependencies: tuple[Dependency, ...], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        ComputationPicture(steps, dependencies)


def test_captions_explain_the_colours() -> None:
    captions = [label for label in lay_out(graph_of_network()).labels if "caption" in label.roles]
    assert [label.roles[0] for label in captions] == ["value", "gradient"]


def test_a_value_alone_has_no_equals_sign() -> None:
    assert math_label("", "0.5").tex == r"$\displaystyle 0.5$"
