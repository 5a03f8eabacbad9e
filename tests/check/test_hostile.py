"""Whatever a text holds, checking it ends: an answer in bounded time and memory, no code run, no crash."""

from __future__ import annotations

import random
import subprocess
import sys
from collections.abc import Callable
from functools import cache

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symbackprop.api import load
from symbackprop.check.check import check
from symbackprop.check.verdict import Status
from symbackprop.derive.derivation import Derivation, derive_model
from symbackprop.spec.model import Network

MEMORY = 3 * 2**30
LIMIT = 10
"""Seconds that the checker gives itself."""
SECONDS = 600
"""Seconds after which it is taken to hang, lest the tests do; on no machine does a check get near."""
MEGABYTE = 2**20

DRIVER = f"""
import sys
if sys.platform != "win32":
    import resource
    resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
from symbackprop.api import load
from symbackprop.check.check import check
name, kind = sys.argv[1:]
text = sys.stdin.buffer.read().decode("utf-8", "surrogatepass")
report = check(text, load(name) if name else None, kind=kind, seconds={LIMIT})
print(sum(report.summary.values()))
"""


def checked_apart(text: str, network: str = "", kind: str = "markdown") -> int:
    """The number of statements, found in a process of its own with little memory and time."""
    done = subprocess.run(
        [sys.executable, "-c", DRIVER, network, kind],
        input=text.encode("utf-8", "surrogatepass"),
        capture_output=True,
        timeout=SECONDS,
        check=False,
    )
    assert done.returncode == 0, done.stderr.decode()[-2000:]
    return int(done.stdout)


def nested(opening: str, closing: str, count: int) -> str:
    return f"$$E = {opening * count}w_5{closing * count}$$\n"


def paragraphs(line: str, size: int) -> str:
    return (line + "\n\n") * (size // (len(line) + 2))


MATHEMATICS: dict[str, Callable[[], str]] = {
    "powers of powers": lambda: "$$E_{total} = 9^{9^{9}}$$\n\n$$w_5 = 9^{9^{9^{9}}} - 9^{9^{9}}$$\n",
    "factorial-like towers": lambda: "$$out_{h1} = 2^{2^{2^{2^{2^{2^{2}}}}}}$$\n",
    "a huge exponent": lambda: f"$$w_5 = 1.5^{{{'9' * 4000}}}$$\n",
    "a number of many digits": lambda: f"$$w_5 = 0.{'1234567890' * 20_000}$$\n",
    "a scientific number": lambda: "w_5 = 1e999999999, $w_6 = 1e-999999999$, $$w_7 = 10^{-999999999}$$\n",
    "division by zero": lambda: "$$w_5 = \\frac{1}{0} = \\frac{0}{0} = \\log 0 = 0^{-1}$$\n",
    "endless sums": lambda: "$$E_{total} = \\sum_{k=1}^{99999999999} \\sum_{j=1}^{99999999999} w_j^k$$\n",
    "a sum without end": lambda: "$$E = \\sum_{k=1}^{\\infty} \\frac{1}{k^2}$$\n",
    "nested sums": lambda: (
        "$$E = " + "".join(f"\\sum_{{{c}=1}}^{{n}} " for c in "abcdefghijkl") + "w_{abcdefghijkl}$$\n"
    ),
    "nested fractions": lambda: nested("\\frac{1}{1 + ", "}", 400),
    "nested brackets": lambda: nested("(", ")", 20_000),
    "nested braces": lambda: nested("{", "}", 20_000),
    "nested roots": lambda: nested("\\sqrt{", "}", 3_000),
    "nested scripts": lambda: nested("w_{", "}", 3_000),
    "nested derivatives": lambda: nested("\\frac{\\partial ", "}{\\partial w_5}", 500),
    "a long chain": lambda: "$$w_5" + " = 0.4" * 20_000 + "$$\n",
    "a long sum": lambda: "$$E_{total} = " + " + ".join(["w_5 out_{h1}"] * 20_000) + "$$\n",
    "a long product": lambda: "$$E_{total} = " + " \\cdot ".join(["w_5"] * 20_000) + "$$\n",
    "a definition of itself": lambda: (
        "$$a = a + 1$$\n\n$$b = c$$\n\n$$c = b$$\n\n$$\\frac{\\partial b}{\\partial c} = 1$$\n"
    ),
    "definitions that double": lambda: (
        "$$x_0 = t$$\n\n"
        + "".join(f"$$x_{{{k + 1}}} = x_{{{k}}} \\cdot x_{{{k}}}$$\n\n" for k in range(60))
        + "$$\\frac{\\partial x_{60}}{\\partial t} = 1$$\n"
    ),
    "a long row of definitions": lambda: (
        "$$x_0 = t$$\n\n"
        + "".join(f"$$x_{{{k + 1}}} = \\sigma(x_{{{k}}})$$\n\n" for k in range(400))
        + "$$\\frac{\\partial x_{400}}{\\partial t} = 1$$\n"
    ),
    "a large matrix": lambda: (
        "$$W = \\begin{bmatrix} " + " \\\\ ".join([" & ".join(["0.5"] * 120)] * 120) + " \\end{bmatrix}$$\n"
    ),
    "a function of itself": lambda: "$$f(x) = f(f(x))$$\n\n$$f'(x) = f(x)$$\n",
    "sizes beyond reason": lambda: (
        "Let $W \\in \\mathbb{R}^{999999999 \\times 999999999}$, $x \\in \\mathbb{R}^{999999999}$.\n\n"
        "$$z = W x$$\n\n$$\\frac{\\partial z}{\\partial x} = W$$\n"
    ),
    "steps beyond reason": lambda: (
        "After 999999999999 steps the error is 0.1, after 100000000 steps the error is 0.2.\n"
    ),
    "a macro that grows": lambda: (
        "\\newcommand{\\a}{\\b\\b}\\newcommand{\\b}{\\c\\c}\\newcommand{\\c}{\\a\\a}\n\n$$E = \\a$$\n"
    ),
    "code in a name": lambda: "$$E = \\text{__import__('os').system('false')} + \\operatorname{exit}(1)$$\n",
}

BROKEN: dict[str, Callable[[], str]] = {
    "dollars": lambda: "$" * 200_000,
    "double dollars": lambda: "$$ a = b\n\n" * 20_000,
    "braces": lambda: "$$" + "{" * 100_000 + "$$",
    "left brackets": lambda: "$$" + "\\left(" * 20_000 + "$$",
    "environments": lambda: "\\begin{align}\n" * 20_000,
    "backslashes": lambda: "\\" * 200_000,
    "NUL bytes": lambda: "$a\0 = \0b$ \0\0\0 $$\0$$" * 5_000,
    "lone surrogates": lambda: "$a = \ud800b$ \udfff" * 2_000,
    "code fences": lambda: "```\n$$a=b$$\n~~~\n" * 20_000,
    "comments": lambda: "<!-- $$a = b$$ " * 20_000,
    "quotes": lambda: "> " * 20_000 + "$$a = b$$",
    "tables": lambda: "|a|$b = c$|\n|-|-|\n" * 10_000,
    "one long line": lambda: "w1 = 0.15, " * 100_000,
}


@pytest.mark.parametrize("network", ["", "mazur"])
@pytest.mark.parametrize("name", MATHEMATICS)
def test_mathematics_meant_to_break_it_is_answered(name: str, network: str) -> None:
    assert checked_apart(MATHEMATICS[name](), network) >= 1


@pytest.mark.parametrize("kind", ["markdown", "latex", "restructuredtext"])
@pytest.mark.parametrize("name", BROKEN)
def test_broken_text_is_answered(name: str, kind: str) -> None:
    checked_apart(BROKEN[name](), kind=kind)


@pytest.mark.parametrize("network", ["", "mazur"])
def test_ten_megabytes_of_prose_are_answered(network: str) -> None:
    checked_apart(
        paragraphs("The error goes down, it costs $5, and w1 = 0.15 stays; 误差逐渐变小。" * 3, 10 * MEGABYTE), network
    )


@pytest.mark.parametrize("network", ["", "mazur"])
def test_ten_megabytes_of_one_formula_are_answered(network: str) -> None:
    assert checked_apart("$$E_{total} = " + "w_5 + " * (10 * MEGABYTE // 6) + "w_5$$\n", network) >= 1


@pytest.mark.parametrize("network", ["", "mazur"])
def test_two_thousand_formulas_are_answered(network: str) -> None:
    line = "$$net_{h1} = w_1 i_1 + w_2 i_2 + b_1$$\n\n$$\\frac{\\partial net_{h1}}{\\partial w_1} = i_2$$\n\n"
    assert checked_apart(line * 1_000, network) >= 2_000


# ---- drawn texts ----------------------------------------------------------------------------------

MEMBERS = [
    "E_{total}", "E", "w_5", "w_5^+", "out_{h1}", "net_{o1}", "\\delta_{o1}", "\\delta^l", "W^{l+1}", "a^{l-1}", "z^l", "x",
    "\\sigma'(z)", "f(x)", "\\frac{\\partial E_{total}}{\\partial w_5}", "\\frac{\\partial E}{w_5}", "0.5", "-0.019049119",
    "\\frac{1}{1 + e^{-net_{h1}}}", "\\sum_k w_{kj} \\delta_k", "\\sum", "(1 - out_{o1})", "\\begin{bmatrix} 1 & 2 \\\\ 3 & 4 \\end{bmatrix}",
    "\\nabla_W J", "\\mathbb{R}^{n \\times d}", "\\text{words here}", "\\begin{cases} a & i = j \\\\ b & i \\neq j \\end{cases}",
    "\\log y_c", "9^{9^{9}}", "n", "i", "T", "\\hat{y}", "\\|W\\|_F^2", "dW^{[1]}", "\\mathbb{1}[k = c]", "\\", "{", "}", "",
]  # fmt: skip
JOINS = [" = ", " + ", " - ", " * ", " \\cdot ", " \\odot ", " \\times ", " ", "^T ", "^", "_", " \\neq ", " < ", " \\in ",
         " \\leftarrow ", " := ", " \\\\ ", " &= ", ", ", "/", "'"]  # fmt: skip
WORDS = ["\n\n", " the error is ", " after 10 steps ", " where ", " 学习率 ", " if ", " let ", " row vectors ", " one-hot ", "\n- ",
         " w1 = 0.15, ", "| a | b |\n|---|---|\n| w_1 | 0.15 |\n"]  # fmt: skip

FORMULAS = st.lists(st.tuples(st.sampled_from(MEMBERS), st.sampled_from(JOINS)), min_size=1, max_size=7).map(
    lambda pairs: "".join(member + join for member, join in pairs)
)
POSTS = st.lists(
    st.one_of(FORMULAS.map(lambda tex: f"$${tex}$$"), FORMULAS.map(lambda tex: f"${tex}$"), st.sampled_from(WORDS)),
    max_size=8,
).map(" ".join)


@cache
def worked_example() -> Derivation:
    return derive_model(load("mazur"))


def is_sound(text: str, network: Network | Derivation | None) -> None:
    """Every statement has a verdict, and what is said can be shown."""
    for verdict in check(text, network).verdicts:
        assert isinstance(verdict.status, Status)
        assert verdict.status is not Status.UNDECIDED or verdict.message, verdict.statement.tex
        assert verdict.status is not Status.UNREAD or verdict.message, verdict.statement.tex


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(POSTS)
def test_any_post_is_judged_as_its_own_model(text: str) -> None:
    is_sound(text, None)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(POSTS)
def test_any_post_is_judged_against_a_network(text: str) -> None:
    is_sound(text, worked_example())


@pytest.mark.parametrize("network", [None, "mazur"])
def test_pieces_of_a_real_post_in_any_order_are_judged(network: str | None) -> None:
    """Definitions after their uses, the same line twice, chains torn apart."""
    lines = [
        "$$net_{h1} = w_1 i_1 + w_2 i_2 + b_1$$", "$$out_{h1} = \\frac{1}{1 + e^{-net_{h1}}} = 0.593269992$$",
        "$$E = \\frac12 (t - out_{h1})^2$$", "$$\\frac{\\partial E}{\\partial w_1} = \\delta_{h1} i_1$$", "w_1 = 0.15, i_1 = 0.05",
        "$$\\delta_{h1} = (out_{h1} - t) out_{h1} (1 - out_{h1})$$", "$$w_1 = w_1 - \\eta \\frac{\\partial E}{\\partial w_1}$$",
        "$$\\sum_i t_i = 1$$", "After 100 steps the error is 0.25.",
    ]  # fmt: skip
    draw = random.Random(4)
    given_network = worked_example() if network else None
    for _ in range(25):
        is_sound("\n\n".join(draw.choices(lines, k=7)), given_network)
