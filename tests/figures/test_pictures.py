"""What the pictures of a derivation say is true of it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache

import mpmath
import pytest

from symbackprop.api import NetworkDerivation, derive, load
from symbackprop.derive.reverse import adjoint_symbol
from symbackprop.document.blocks import Figure
from symbackprop.errors import UserError
from symbackprop.examples.library import example_names
from symbackprop.expression import Symbol
from symbackprop.figures.computation import Computation
from symbackprop.figures.draw import lay_out
from symbackprop.figures.model import ComputationPicture, NetworkPicture
from symbackprop.figures.pictures import KINDS, Artist, figure_name
from symbackprop.numeric.evaluation import value_of
from symbackprop.render.locale import LOCALES

examples = pytest.mark.parametrize("example", example_names())


@cache
def derived(example: str) -> NetworkDerivation:
    return derive(load(example))


def artist(example: str) -> Artist:
    derivation = derived(example)
    return Artist(derivation.story, derivation.printer, lambda key: key)


def weights(example: str) -> Iterator[Symbol]:
    return (entry for entry in derived(example).derivation.parameters if entry.kind == "weight")


@examples
def test_all_figures_of_a_document_can_be_laid_out(example: str) -> None:
    document = derived(example).document("en")
    for block in document.document.blocks:
        if isinstance(block, Figure):
            assert lay_out(artist(example).picture(block.name)).shapes or block.name == "curve"


@examples
def test_the_paths_of_every_weight_end_at_the_error(example: str) -> None:
    if derived(example).derivation.network.over_time:
        with pytest.raises(UserError, match="goes through time"):
            artist(example).paths(next(weights(example)))
        return
    for weight in weights(example):
        picture = artist(example).paths(weight)
        assert isinstance(picture, NetworkPicture)
        lit = set(picture.highlight.backward)
        assert "loss" in lit
        ends = {end for edge in picture.edges if edge.path in lit for end in (edge.source, edge.target)}
        assert ends <= lit
        # no factor stands where nothing passes
        assert {factor.key for factor in picture.highlight.factors} <= lit


def test_every_factor_of_the_chain_is_on_the_paths() -> None:
    picture = artist("mazur").paths(Symbol("weight", 1, (0, 0)))
    shown = [factor.label_tex for factor in picture.highlight.factors]
    assert len(shown) == 8
    assert len({factor.key for factor in picture.highlight.factors}) == 8
    assert r"\frac{\partial net_{o2}}{\partial out_{h1}}" in shown
    assert r"\frac{\partial E_{total}}{\partial out_{o2}}" in shown


@pytest.mark.parametrize("example", [name for name in example_names() if name != "mazur-symbolic"])
def test_gradients_are_what_the_edges_hand_back(example: str) -> None:
    """The gradient of a node is the sum over its edges: gradient of the next node times what stands on the edge."""
    derivation = derived(example).derivation
    assert derivation.model.complete
    story = derived(example).story
    for weight in weights(example):
        graph = Computation(story, derived(example).printer.tex, str, weight)
        for source in graph.entries:
            if source == story.loss:
                continue
            with mpmath.workdps(60):
                back = sum(
                    (1 if target == story.loss else derivation.values[adjoint_symbol(target)])
                    * value_of(graph.paths.factor(target, source).preferred, story.values)
                    for target in graph._uses(source)
                )
                assert abs(back - derivation.values[adjoint_symbol(source)]) < mpmath.mpf(10) ** -30


def test_a_graph_shows_values_gradients_and_slopes() -> None:
    picture = artist("mazur").graph(None)
    steps = {step.key: step for step in picture.steps}
    assert (steps["preactivation-1-0"].value, steps["preactivation-1-0"].gradient) == ("0.3775", "0.008771355")
    assert (steps["loss"].value, steps["loss"].gradient, steps["loss"].kind) == ("0.298371109", "1", "result")
    assert steps["activation-0-0"].gradient is None  # nothing flows back to an input
    edges = {(edge.source, edge.target): edge for edge in picture.dependencies}
    edge = edges["activation-1-0", "preactivation-2-1"]
    assert (edge.label_tex, edge.derivative, edge.gradient) == ("w_7", "0.5", "-0.019049118")
    assert edges["activation-0-0", "preactivation-1-0"].label_tex == ""
    assert edges["loss_part-0", "loss"].label_tex == "1"


def test_without_values_a_graph_still_has_its_slopes() -> None:
    picture = artist("mazur-symbolic").graph(None)
    assert all(step.value is None for step in picture.steps if step.key.startswith("preactivation"))
    assert any(edge.label_tex == "w_5" for edge in picture.dependencies)


def test_a_network_through_time_is_unrolled() -> None:
    picture = artist("recurrent").network()
    assert isinstance(picture, ComputationPicture)
    labels = [edge.key for edge in picture.dependencies if edge.key.startswith("recurrent_weight")]
    assert len(labels) == 4 * 3  # each of the four weights in each of the three steps
    assert {step.key for step in picture.steps if step.kind == "result"} == {"loss"}


@pytest.mark.parametrize("language", LOCALES.names())
def test_every_kind_has_a_caption(language: str) -> None:
    document = derived("mazur").document(language)
    names = [figure_name(kind, Symbol("weight", 1, (0, 0)) if kind == "paths" else None) for kind in KINDS]
    titles = [document.figure(name).partition("<title>")[2].partition("</title>")[0] for name in names]
    assert all(titles)
    assert len(set(titles)) == len(titles)


def test_names_lead_back_to_their_parameters() -> None:
    from symbackprop.figures.pictures import _parameter

    for example in example_names():
        for parameter in derived(example).derivation.parameters:
            assert _parameter(figure_name("graph", parameter).partition("-")[2]) == parameter


def test_an_unknown_figure_is_told_with_the_choices() -> None:
    with pytest.raises(UserError, match=r"^figure: unknown figure 'netwrk'; did you mean 'network'\?"):
        artist("mazur").picture("netwrk")
