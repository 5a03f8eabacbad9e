"""The reader against input that is broken, huge or meant to break it: an answer, bounded work, and no exception."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from support.steps import steps

from symbackprop.expression import Name
from symbackprop.latex.reader import MAXIMUM_LENGTH, Reading, read
from symbackprop.latex.reader_symbols import SYMBOLS
from symbackprop.latex.tokens import tokenise

FRAGMENTS_OF_FORMULAS = r"""
a   W   net   out_{h1}   dW   d   12   0.5   1e-3   x^2   '   }{   \left(   \right)   \left\{   \left.
\right.   \right|   \frac{a}{b}   \mathbf{   \begin{cases}   \end{cases}   \begin{aligned}   \end{aligned}
\begin{bmatrix}   \end{bmatrix}   \begin{array}{cc}   \end{array}   \\   \\[2ex]   \text{ or }
\text{some words}   \text{   \begin{   其中   误差   %   \   \xrightarrow   \overset{a}   \substack{   \cases{
"""


def apart(table: str) -> list[str]:
    """The entries of a table in which three spaces or a line end separate them."""
    return [entry for line in table.strip("\n").split("\n") for entry in line.split("   ")]


FRAGMENTS = [*sorted(SYMBOLS), *apart(FRAGMENTS_OF_FORMULAS), "\0", "\n\n", "\\", " "]

# Kinds whose tokens carry something the writer said.
MEANT = {"number", "word", "letter", "text", "words", "connective", "frac", "sum", "partial", "sub", "sup", "character"}


def is_covered(reading: Reading, start: int, end: int) -> bool:
    spans = [row.span for row in reading.rows] + list(reading.remarks)
    spans += [span for row in reading.rows for span in row.remarks]
    return any(span.start <= start and end <= span.end for span in spans)


def check(tex: str) -> None:
    reading = read(tex)
    for row in reading.rows:
        assert (row.chain is None) == (row.problem is not None)
        if row.chain is not None:
            assert len(row.spans) == len(row.chain.expressions)
            hash(row.chain)  # no tree is too deep for its users
        if row.problem is not None:
            assert row.problem.fact
            assert 0 <= row.problem.offset <= len(tex)
    for kind, value, start, end in tokenise(tex):
        assert kind not in MEANT or is_covered(reading, start, end), f"{value!r} at {start} is lost"


@settings(max_examples=400, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(FRAGMENTS), max_size=40), st.sampled_from(["", " "]))
def test_any_sequence_of_fragments_gets_an_answer_and_nothing_is_lost(fragments: list[str], between: str) -> None:
    check(between.join(fragments))


@settings(max_examples=200)
@given(st.text(max_size=60))
def test_any_text_gets_an_answer(tex: str) -> None:
    check(tex)


FORMULA = (
    r"\begin{aligned}\frac{\partial E_{total}}{\partial w_5} &= -(\text{target}_{o1} - out_{o1})\left[\sum_{k=1}^n "
    r"w_{jk}^{[l]T} \hat{y}_k\right] \\ &= \begin{cases} 1 & \text{if } i = j \\ 0 \end{cases} \end{aligned}"
)


@settings(max_examples=300)
@given(st.integers(0, len(FORMULA)), st.integers(0, 6), st.sampled_from(["", *FRAGMENTS]))
def test_one_slip_anywhere_gets_an_answer(place: int, length: int, instead: str) -> None:
    check(FORMULA[:place] + instead + FORMULA[place + length :])


N = MAXIMUM_LENGTH - 100
HUGE_PIECES = r"""
{   }   (   )   ((   [   |   |a   (a|   a[   f(   \left(   \left.   \sqrt   \hat   \log   -   +   \frac{
\frac{a}   e^{   9^{   x^   _x   a+   a   1   1    a,   a;   =   \\   a\\   a&   &   \text{   \text{ or }
a\text{b c}   中   \begin{aligned}   \begin{cases}   \begin{array}{l}   '   \left\{\begin{array}{l}   \overset{
\underbrace{   \substack{   \color{red}{   {a\over    \sum   .   \partial   \nabla   \Delta    d\hat    \rm
a\quad    a\Rightarrow    \   %   //   $
"""

HUGE = {piece + "...": (piece * N)[:N] for piece in [*apart(HUGE_PIECES), "\0", "\n\n"]}


@pytest.mark.parametrize("name", HUGE)
def test_work_on_huge_and_nested_input_grows_with_its_length(name: str) -> None:
    read(HUGE[name][:1000])  # what is done once, whatever the text, is done now
    quarter = steps(lambda: read(HUGE[name][: N // 4]))
    assert steps(lambda: read(HUGE[name])) <= 4.1 * quarter + 100


def test_nesting_that_people_write_is_read_and_more_is_a_problem() -> None:
    assert read("(" * 40 + "x" + ")" * 40).is_read
    (row,) = read("(" * 5000 + "x" + ")" * 5000).rows
    assert row.problem is not None
    assert row.problem.kind == "depth"


def test_reading_needs_little_of_the_stack() -> None:
    """Also a caller that is deep in the stack itself gets an answer."""

    def deeper(levels: int) -> Reading:
        return read("(" * 5000) if levels == 0 else deeper(levels - 1)

    assert deeper(150).rows[0].problem is not None


def test_powers_are_never_computed() -> None:
    (row,) = read("9^{9^{9}} + 10^{999999999}").rows
    assert row.chain is not None
    (row,) = read("3.5 \\times 10^{99999}").rows
    assert row.chain is not None


def test_answers_do_not_depend_on_what_was_read_before() -> None:
    first = read("abc_1 = foo(x)")
    for number in range(3000):
        read(f"x_{{{number}}} = {number}.{number}")
    assert read("abc_1 = foo(x)") == first
    assert read("").rows == ()
    assert read("   ").rows == ()
    assert read("w").rows[0].chain is not None
    assert read("w").rows[0].chain.expressions == (Name("w"),)  # type: ignore[union-attr]
