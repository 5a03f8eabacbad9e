"""Two well-known posts in formulas and numbers: each of their mistakes is found where it stands, nothing else.

The posts themselves are other people's texts and are not kept here; formulas and numbers are facts, and are
typed anew between sentences of our own.
"""

from __future__ import annotations

from functools import cache

import pytest

from symbackprop.api import load
from symbackprop.check.check import check
from symbackprop.check.statement import Origin
from symbackprop.check.verdict import FileReport, Status, Verdict

WORKED_EXAMPLE = r"""# 2-2-2, by hand

h1:

$$\begin{aligned} net_{h1} &= w_1 * i_1 + w_2 * i_2 + b_1 * 1 \\ net_{h1} &= 0.15 * 0.05 + 0.2 * 0.1 + 0.35 * 1 = 0.3775 \end{aligned}$$

$$out_{h1} = \frac{1}{1 + e^{-net_{h1}}} = \frac{1}{1 + e^{-0.3775}} = 0.593269992$$

h2: $$out_{h2} = 0.596884378$$

o1:

$$\begin{aligned} net_{o1} &= w_5 * out_{h1} + w_6 * out_{h2} + b_2 * 1 \\ net_{o1} &= 0.4 * 0.593269992 + 0.45 * 0.596884378 + 0.6 * 1 = 1.105905967 \\ out_{o1} &= \frac{1}{1 + e^{-net_{o1}}} = \frac{1}{1 + e^{-1.105905967}} = 0.75136507 \end{aligned}$$

$$out_{O_2} = 0.772928465$$

Errors:

$$E_{total} = \sum \frac{1}{2} (target - output)^2$$

$$E_{O_1} = \frac{1}{2} (target - output)^2 = \frac{1}{2} (0.01 - 0.75136507)^2 = 0.274811083$$

$$E_{O_2} = 0.023560026$$

$$E_{total} = E_{O_1} + E_{O_2} = 0.274811083 + 0.023560026 = 0.298371109$$

Backwards, w5:

$$\frac{\partial E_{total}}{\partial w_5} = \frac{\partial E_{total}}{\partial out_{o1}} * \frac{\partial out_{O_1}}{\partial net_{O_1}} * \frac{\partial net_{O_1}}{\partial w_5}$$

$$\frac{\partial E_{total}}{\partial out_{O1}} = 2 * \frac{1}{2}(\text{target}_{O1} - \text{output}_{O1})^{2-1} * -1 + 0 = -(\text{target}_{O1} - \text{output}_{O1}) = -(0.01 - 0.75136507) = 0.74136507$$

$$\frac{\partial out_{O1}}{\partial net_{O1}} = out_{O1}(1 - out_{O1}) = 0.75136507(1 - 0.75136507) = 0.186815602$$

$$\frac{\partial E_{total}}{\partial w_5} = 0.74136507 * 0.186815602 * 0.593269992 = 0.082167041$$

$$\delta_{O1} = -(\text{target}_{O1} - out_{O1}) * out_{O1}(1 - out_{O1})$$

$$\frac{\partial E_{total}}{\partial w_5} = \delta_{O1} out_{h1}$$

Some take the minus out of the delta:

$$\frac{\partial E_{total}}{\partial w_5} = -\delta_{O1} out_{h1}$$

$$w_5^+ = w_5 - \eta * \frac{\partial E_{total}}{\partial w_5}$$

$$w_6^+ = 0.408666186w_7^+ = 0.511301270w_8^+ = 0.561370121$$

w1:

$$\frac{\partial E_{total}}{\partial out_{h1}} = \frac{\partial E_{o1}}{\partial out_{h1}} + \frac{\partial E_{o2}}{\partial out_{h1}}$$

$$\frac{\partial E_{O1}}{\partial net_{O1}} = \frac{\partial E_{O1}}{\partial out_{O1}} * \frac{\partial out_{O1}}{\partial net_{O1}} = 0.74136507 * 0.186815602 = 0.138498562$$

$$net_{O1} = w_5 * out_{h1} + w_6 * out_{h2} + b2 * 1$$

$$\frac{\partial net_{O1}}{\partial out_{h1}} = w_5 = 0.40$$

$$\frac{\partial E_{O1}}{\partial out_{h1}} = \frac{\partial E_{O1}}{\partial net_{O1}} * \frac{\partial net_{O1}}{\partial out_{h1}} = 0.138498562 * 0.40 = 0.055399425$$

$$\frac{\partial E_{O2}}{\partial out_{h1}} = w_5 = -0.019049119$$

$$\frac{\partial E_{total}}{\partial out_{h1}} = \frac{\partial E_{O1}}{\partial out_{h1}} + \frac{\partial E_{O2}}{\partial out_{h1}} = 0.055399425 + (-0.019049119) = 0.036350306$$

$$out_{h1} = \frac{1}{1 + e^{(net_{h1})}}$$

$$\frac{\partial out_{h1}}{\partial net_{h1}} = out_{h1}(1 - out_{h1}) = 0.59326999(1 - 0.59326999) = 0.241300709$$

$$\frac{\partial net_{h1}}{\partial w_1} = i_1 = 0.05$$

$$\frac{\partial E_{total}}{\partial w_1} = 0.036350306 * 0.241300709 * 0.05 = 0.000438568$$

$$\frac{\partial E_{total}}{\partial w_1} = \left(\sum_O \frac{\partial E_{total}}{\partial out_O} * \frac{\partial out_O}{\partial net_O} * \frac{\partial net_O}{\partial out_{h1}} \right) * \frac{\partial out_{h1}}{\partial net_{h1}} * \frac{\partial net_{h1}}{\partial w_1}$$

$$\frac{\partial E_{total}}{\partial w_1} = \left(\sum_O \delta_O * w_{hO} \right) * out_{h1}(1 - out_{h1}) * i_1$$

$$\frac{\partial E_{total}}{\partial w_1} = \delta_{h1} i_1$$

$$w_1^+ = w_1 - \eta * \frac{\partial E_{total}}{\partial w_1} = 0.15 - 0.5 * 0.000438568 = 0.149780716$$

$$w_2^+ = 0.19956143w_3^+ = 0.24975114w_4^+ = 0.29950229$$

With the inputs 0.05 and 0.1 the error was 0.298371109 at first; after one step the error is 0.291027924, and after 10000 steps the error is 0.000035085. The two outputs are then 0.015912196 and 0.984065734.
"""

ANY_DEPTH = r"""# Layers of any size, rows

$X$ has the shape $n \times t$. $y^m$ is the output of layer $m$, of shape $1 \times size(m)$. $\omega^m$ leads from layer $m-1$ to layer $m$, of shape $size(m-1) \times size(m)$; $\omega_{ji}^m$ from neuron $j$ of layer $m-1$ to neuron $i$ of layer $m$.

$$\epsilon_i^m = \sum_{j=1}^{size(m-1)} \omega_{ji}^m y_j^{m-1} + b_i^m$$

$$y^m = Act_m(y^{m-1} \cdot \omega^m + b^m)$$

$$L = \sum_{i=1}^{size(D)} l_i = \sum_{i=1}^{size(D)} Loss(y_i^D)$$

One weight:

$$\frac{\partial L}{\partial \omega_{kj}^m} = \frac{\partial L}{\partial \epsilon_j^m} \frac{\partial \epsilon_j^m}{\partial \omega_{kj}^m} = \frac{\partial L}{\partial \epsilon_j^m} y_k^{m-1}$$

All of them:

$$d\omega^m = \frac{\partial L}{\partial \omega^m} = \frac{\partial L}{\partial \epsilon^m} \frac{\partial \epsilon^m}{\partial \omega^m} = (y^{m-1})^T \frac{\partial L}{\partial \epsilon^m}$$

$$\frac{\partial L}{\partial \epsilon_j^m} = \sum_{i=1}^{size(m+1)} \frac{\partial L}{\partial \epsilon_i^{m+1}} \frac{\partial \epsilon_i^{m+1}}{\partial y_j^m} \frac{\partial y_j^m}{\partial \epsilon_j^m} = \frac{\partial y_j^m}{\partial \epsilon_j^m} \sum_{i=1}^{size(m+1)} \frac{\partial L}{\partial \epsilon_i^{m+1}} \omega_{ji}^{m+1} = Act'_m(\epsilon_j^m) \left( \frac{\partial L}{\partial \epsilon^{m+1}} \cdot (\omega_j^{m+1})^T \right)$$

$$\frac{\partial L}{\partial \epsilon^m} = Act'_m(\epsilon^m) \odot \left[ \frac{\partial L}{\partial \epsilon^{m+1}} \cdot (\omega^{m+1})^T \right]$$

The last layer:

$$\frac{\partial L}{\partial \epsilon_i^D} = \frac{\partial L}{\partial y_i^D} \frac{\partial y_i^D}{\partial \epsilon_i^D} = Loss'(y_i^D) \cdot Act'_D(\epsilon_i^D)$$

$$\frac{\partial L}{\partial \epsilon_i^D} = Loss'(y^D) \odot Act'_D(\epsilon^D)$$

Biases:

$$db^m = \frac{\partial L}{\partial \epsilon^m}$$

One step down:

$$\omega^m = \omega^m - \alpha d\omega^m$$

$$b^m = b^m - \alpha db^m$$

$$\frac{\partial L}{\partial \epsilon^{m-1}} = Act'_m(\epsilon^{m-1}) \odot [\frac{\partial L}{\partial \epsilon^m} \cdot (\omega^m)^T]$$
"""

SILENT = frozenset({Status.MENTION, Status.DEFINITION, Status.RIGHT})


@cache
def worked_example() -> FileReport:
    return check(WORKED_EXAMPLE, load("mazur")).files[0]


@cache
def any_depth() -> FileReport:
    return check(ANY_DEPTH).files[0]


def line_of(text: str, part: str) -> int:
    assert text.count(part) == 1, f"{part} is not there once"
    return text[: text.index(part)].count("\n") + 1


def at(report: FileReport, line: int) -> list[Verdict]:
    return [verdict for verdict in report.verdicts if verdict.statement.place.line == line]


def findings(report: FileReport, line: int) -> set[tuple[str, str | None]]:
    return {(verdict.status.value, verdict.rule) for verdict in at(report, line) if verdict.status not in SILENT}


MISTAKES = {
    r"out_{h1} = \frac{1}{1 + e^{(net_{h1})}}": {("wrong", "sign-lost")},
    r"\frac{\partial E_{O2}}{\partial out_{h1}} = w_5": {("wrong", "factor-wrong"), ("rounding", "last-digit")},
    r"= -\delta_{O1} out_{h1}": {("convention", "delta-redefined")},
    "w_6^+ = 0.408666186w_7^+": {("note", "run-together")},
    "w_2^+ = 0.19956143w_3^+": {("note", "run-together")},
    "the error is 0.291027924": {("convention", "update-order")},
}


@pytest.mark.parametrize("part", MISTAKES)
def test_each_mistake_of_the_worked_example_is_found_where_it_stands(part: str) -> None:
    report, line = worked_example(), line_of(WORKED_EXAMPLE, part)
    assert findings(report, line) == MISTAKES[part]


def test_a_neuron_and_a_bias_spelled_in_two_ways_are_notes() -> None:
    notes = [verdict for verdict in worked_example().verdicts if verdict.rule == "two-spellings"]
    assert all(verdict.status is Status.NOTE for verdict in notes)
    assert any("b2" in verdict.message for verdict in notes)
    assert any("O1" in verdict.message or "O_1" in verdict.message for verdict in notes)


def test_nothing_else_of_the_worked_example_is_flagged() -> None:
    lines = {line_of(WORKED_EXAMPLE, part) for part in MISTAKES}
    others = [
        f"{verdict.statement.place.line}: {verdict.statement.tex}: {verdict.status.value} {verdict.message}"
        for verdict in worked_example().verdicts
        if verdict.status not in SILENT | {Status.NOTE} and verdict.statement.place.line not in lines
    ]
    assert not others, "\n".join(others)


def test_the_figures_after_training_are_explained_by_the_sequential_order() -> None:
    line = line_of(WORKED_EXAMPLE, "the error is 0.291027924")
    explained = {
        verdict.statement.tex: verdict for verdict in at(worked_example(), line) if verdict.rule == "update-order"
    }
    assert len(explained) == 3
    first = next(verdict for tex, verdict in explained.items() if "0.291027924" in tex)
    assert first.expected == "0.291027774"
    assert "sequential" in first.message
    assert any("0.015912196" in tex for tex in explained)


def test_the_worked_example_without_its_network_raises_no_false_alarm() -> None:
    """The same text as its own model: the wrong lines are the same two, at most."""
    wrong = {
        verdict.statement.place.line
        for verdict in check(WORKED_EXAMPLE).verdicts
        if verdict.status in (Status.WRONG, Status.INHERITED)
    }
    allowed = {line_of(WORKED_EXAMPLE, part) for part in MISTAKES}
    assert wrong <= allowed, sorted(wrong - allowed)
    assert line_of(WORKED_EXAMPLE, r"out_{h1} = \frac{1}{1 + e^{(net_{h1})}}") in wrong


def test_the_wrong_layer_of_the_activation_is_found() -> None:
    line = line_of(ANY_DEPTH, r"Act'_m(\epsilon^{m-1})")
    (finding,) = findings(any_depth(), line)
    assert finding[0] == "wrong"
    assert finding[1] in ("layer-wrong", "activation-layer")


def test_a_number_on_the_left_and_a_row_on_the_right_is_found() -> None:
    line = line_of(ANY_DEPTH, r"\frac{\partial L}{\partial \epsilon_i^D} = Loss'(y^D) \odot")
    assert findings(any_depth(), line) == {("wrong", "shape")}


@pytest.mark.parametrize("part", [r"\omega^m = \omega^m - \alpha", r"b^m = b^m - \alpha"])
def test_an_assignment_written_as_an_equation_is_noted(part: str) -> None:
    assert findings(any_depth(), line_of(ANY_DEPTH, part)) == {("note", "assignment-as-equation")}


def test_nothing_else_of_any_depth_is_called_wrong() -> None:
    lines = {
        line_of(ANY_DEPTH, r"Act'_m(\epsilon^{m-1})"),
        line_of(ANY_DEPTH, r"\frac{\partial L}{\partial \epsilon_i^D} = Loss'(y^D) \odot"),
    }
    others = [
        f"{verdict.statement.place.line}: {verdict.statement.tex}: {verdict.message}"
        for verdict in any_depth().verdicts
        if verdict.status in (Status.WRONG, Status.INHERITED) and verdict.statement.place.line not in lines
    ]
    assert not others, "\n".join(others)


@pytest.mark.parametrize("report", [worked_example, any_depth])
def test_displays_are_read(report: object) -> None:
    assert callable(report)
    verdicts = report().verdicts
    displays = {verdict.statement.formula for verdict in verdicts if verdict.statement.origin is Origin.DISPLAY}
    unread = {verdict.statement.formula for verdict in verdicts if verdict.status is Status.UNREAD} & displays
    assert len(displays) >= 12
    assert len(unread) <= 0.05 * len(displays)
