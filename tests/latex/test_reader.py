"""The reader against a table of formulas as people write them (``formulas.txt``).

A block of the table is a formula, then a line ``-> ...`` for each row that it is read as (see ``support.describe``) and
a line ``// ...`` for each remark. A line that begins with # is a heading.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import NamedTuple

import pytest
from support.describe import describe, describe_chain, describe_reading

from symbackprop.expression import OPERATORS, Apply, Expression, Name, Number, Span, Symbol, walk
from symbackprop.latex.reader import MAXIMUM_LENGTH, read
from symbackprop.latex.spelling import folded_spelling, spelling

TABLE = Path(__file__).with_name("formulas.txt")


class Entry(NamedTuple):
    tex: str
    rows: list[str]
    remarks: list[str]


def entries() -> list[Entry]:
    found = []
    for block in TABLE.read_text(encoding="utf-8").split("\n\n"):
        lines = block.strip("\n").split("\n")
        if not lines[0].startswith("#"):
            tex = [line for line in lines if not line.startswith(("-> ", "// "))]
            rows = [line[3:] for line in lines if line.startswith("-> ")]
            found.append(Entry("\n".join(tex), rows, [line[3:] for line in lines if line.startswith("// ")]))
    return found


ENTRIES = entries()
READ = [entry.tex for entry in ENTRIES if not any(row.startswith("!") for row in entry.rows)]


@pytest.mark.parametrize("entry", ENTRIES, ids=[entry.tex[:60] for entry in ENTRIES])
def test_formula_is_read_as_the_table_says(entry: Entry) -> None:
    reading = read(entry.tex)
    assert describe_reading(reading) == entry.rows
    spans = [span for row in reading.rows for span in row.remarks] + list(reading.remarks)
    assert [entry.tex[span.start : span.end] for span in spans] == entry.remarks


def test_table_is_large_enough() -> None:
    assert len(ENTRIES) >= 250
    assert len(READ) >= 220


@pytest.mark.parametrize("tex", READ)
def test_only_known_operators_come_out(tex: str) -> None:
    for row in read(tex).rows:
        assert row.chain is not None
        for member in row.chain.expressions:
            for node in everything(member):
                assert not isinstance(node, Symbol)
                assert not isinstance(node, Apply) or node.operator in OPERATORS


def everything(tree: Expression) -> list[Expression]:
    """Every subtree, those in scripts included."""
    found = []
    for node in walk(tree):
        found.append(node)
        if isinstance(node, Name):
            for script in (node.subscript, node.superscript):
                found += [] if script is None else everything(script)
    return found


@pytest.mark.parametrize("tex", READ)
def test_every_node_has_a_span_inside_its_row(tex: str) -> None:
    for row in read(tex).rows:
        assert row.chain is not None
        assert len(row.spans) == len(row.chain.expressions)
        for position, member in enumerate(row.chain.expressions):
            if (row.continues and position == 0) or member == Name(""):
                continue
            assert row.span.start <= row.spans[position].start < row.spans[position].end <= row.span.end
            for node in everything(member):
                span = place_of(node)
                if node != Name(""):
                    assert row.spans[position].start <= span.start < span.end <= row.spans[position].end, describe(node)


def place_of(node: Expression) -> Span:
    assert isinstance(node, Number | Name | Apply)
    return node.span or Span(-1, -1)


# What stands before or after these makes them what they are.
DEPENDENT = (r"J(\theta)", r"J_{1}(\theta)", "J(w)", "P(x)", "(0, 1]", "[0, 1)", "(b + 1)", r"\ln^2 x", r"\frac{-")
SELF_CONTAINED = {
    "partial",
    "group",
    "bracket",
    "call",
    "matrix",
    "sum",
    "hadamard",
    "dot",
    "star",
    "exp",
    "log",
    "index",
}


@pytest.mark.parametrize("tex", [tex for tex in READ if not re.search(r"\\\\|\\cr|&", tex)])
def test_a_span_holds_just_its_node(tex: str) -> None:
    """What stands at a node's span, read by itself, is that node again."""
    for row in read(tex).rows:
        assert row.chain is not None
        members = row.chain.expressions[1:] if row.continues else row.chain.expressions
        for node in (node for member in members for node in walk(member)):
            if isinstance(node, Apply) and node.operator in SELF_CONTAINED:
                span = place_of(node)
                text = tex[span.start : span.end]
                if text.startswith(DEPENDENT):
                    continue
                again = [inner.chain for inner in read(text).rows]
                assert len(again) == 1, text
                assert again[0] is not None, text
                assert again[0].expressions == (node,), text


def hardened(tex: str) -> str:
    """The spelling that survives Markdown engines."""
    held: list[str] = []

    def hold(match: re.Match[str]) -> str:
        held.append(match[0])
        return f"\0{len(held) - 1}\0"

    tex = re.sub(r"\\(?:text|mathrm|operatorname|begin|end|label|phantom)\s*\{[^{}]*\}(?:\{[^{}]*\})?", hold, tex)
    tex = re.sub(r"(?<!\\)_", " _ ", tex)
    tex = re.sub(r"(?<!\\)\*", r"\\ast ", tex)
    tex = re.sub("'", r"^{\\prime}", tex)
    tex = re.sub(r"(?<![\\|a-zA-Z])\|(?!\|)", r"\\vert ", tex)
    tex = re.sub(r"\\\\(?:\[[^\]]*\])?", r"\\cr ", tex)
    tex = tex.replace("\\{", "\\lbrace ").replace("\\}", "\\rbrace ").replace("<", "\\lt ").replace("{{", "{ {")
    tex = tex.replace("\\,", "\\thinspace ")
    if tex.startswith(("=", "+", "-")):
        tex = "{}" + tex
    return re.sub("\0([0-9]+)\0", lambda match: held[int(match[1])], tex)


HARDENABLE = [tex for tex in READ if not re.search(r"\{'+\}|\^'|\\\\\\\\|\\_|\\\*|\.\*", tex)]


@pytest.mark.parametrize("tex", HARDENABLE)
def test_hardened_spelling_reads_the_same(tex: str) -> None:
    assert len(HARDENABLE) > 200
    assert describe_reading(read(hardened(tex))) == describe_reading(read(tex))


@pytest.mark.parametrize(
    ("tex", "fact", "place"),
    [
        (r"\frac{a}{b", "'{' is never closed", "{b"),
        ("a + ) b", "')' closes nothing", ") b"),
        ("(a + b", "'(' is never closed", "(a"),
        ("(a + b]", "'(' is closed by ']'", "]"),
        (r"\begin{bmatrix} a \end{pmatrix}", r"\begin{bmatrix} is closed by \end{pmatrix}", r"\end"),
        (r"x = \frac{}{b}", "the numerator is empty", "{}"),
        (r"x = a +", "something is missing after '+'", "+"),
        (r"x = \foo{a}", r"the command \foo is not known", r"\foo"),
        (r"\\frac{a}{b}", r"'\\frac' is escaped twice: to TeX it is a line break and letters", r"\\frac"),
        ("x = 1 2", "two numbers stand side by side with nothing between them", "2"),
        ("a = b \0 c", "the character '\\x00' is not mathematics", "\0"),
        (r"x = 2 \text{ times as large as } y", "words stand in the formula: times as large as", r"\text"),
        (r"\frac{\partial^2 E}{\partial w^2}", "a derivative of second or higher order is not read", "^2 E"),
        ("|x + 1", "the bar | is never closed", "|"),
        ("()", "nothing stands between '(' and ')'", "("),
        (r"\hat{x + y}", r"\hat over an expression is not read", r"\hat"),
        ("x^", "a script is announced and missing", "^"),
        ("1" * 500, "a number with more digits than can be meant", "1"),
        ("x^{-1e999999}", "a number with more digits than can be meant", "1e"),
        (r"\sum_i", "nothing stands under the sum sign", r"\sum"),
        (r"\begin{cases} a", r"\begin", r"\begin"),
    ],
)
def test_problem_says_what_and_where(tex: str, fact: str, place: str) -> None:
    (row, *_) = read(tex).rows
    assert row.chain is None
    assert row.problem is not None
    assert fact in row.problem.fact or row.problem.kind == "unbalanced"
    assert row.problem.offset == tex.index(place)
    assert read(tex).text(row).strip() != ""


def test_other_rows_are_read_beside_a_broken_one() -> None:
    reading = read(r"a = b \\ c = \frac{d}{e \\ f = g")
    assert [row.problem is None for row in reading.rows] == [True, False, True]
    assert reading.text(reading.rows[1]) == r"c = \frac{d}{e"
    assert not reading.is_read


def test_continued_rows_join_to_one_statement() -> None:
    tex = "E &= a \\\\ &= b \\\\ &= c \\\\ F &= d"
    reading = read(tex)
    assert [row.continues for row in reading.rows] == [False, True, True, False]
    whole, other = reading.statements
    assert whole.chain is not None
    assert describe_chain(whole.chain) == "E = a = b = c"
    assert [tex[span.start : span.end] for span in whole.spans] == ["E", "a", "b", "c"]
    assert other is reading.rows[3]
    # the first member of a continued row is the last one of the row before, where it stands
    assert tex[reading.rows[1].spans[0].start] == "a"


def test_a_relation_without_left_side_stays_recognisable() -> None:
    (row,) = read("= 0.5").rows
    assert row.continues
    assert row.chain is not None
    assert row.chain.expressions[0] == Name("")


def test_extra_words_are_names() -> None:
    assert describe_reading(read("abc = xy")) == ["(multiply a b c) = (multiply x y)"]
    assert describe_reading(read("abc = xy", frozenset({"abc", "xy"}))) == ["abc = xy"]


@pytest.mark.parametrize(
    ("tex", "canonical"),
    [
        ("net_{h1}", "net_h1"),
        (r"\text{net}_{h1}", "net_h1"),
        ("W_{X_11}", "W_X_11"),
        ("W_{X_{11}}", "W_X_11"),
        ("w_5^+", "w_5^+"),
        ("w_{5}^{+}", "w_5^+"),
        ("a^{[l-1]}_k", "a_k^[l-1]"),
        (r"\hat{y}_i", "hat(y)_i"),
        (r"\mathbf{W}^{(1)}", "W^(1)"),
        ("f'", "f'"),
        ("w_{i,j+1}", "w_i,j+1"),
        (r"\omega_{\cdot j}^m", "omega_cdot,j^m"),
        ("x_{1:n}", "x_1:n"),
        ("S[i,k]", "S[i,k]"),
        ("W^{l T}", "W^l^T"),
        (r"d\omega^m", "domega^m"),
        (r"\mathcal{L}", "mathcal(L)"),
        (r"x^{2n}", "x^2n"),
        (r"w_{h1 \to o1}", "w_h1→o1"),
        ("x_{n^2}", "x_n^2"),
        (r"x_{\sqrt{n}}", "x_sqrt(n)"),
        (r"x_{f(n)}", "x_call(f,n)"),
    ],
)
def test_canonical_spelling(tex: str, canonical: str) -> None:
    (row,) = read(tex).rows
    assert row.chain is not None
    assert spelling(row.chain.expressions[0]) == canonical


def test_folded_spelling_makes_variants_one() -> None:
    def folded(tex: str) -> str:
        (row,) = read(tex).rows
        assert row.chain is not None
        return folded_spelling(row.chain.expressions[0])

    assert (
        len({folded(tex) for tex in ("out_{o1}", "out_{O1}", "out_{O_1}", "out_{o_{1}}", "out_{o 1}", "out_o1")}) == 1
    )
    assert folded("b2") == folded("b_2")
    assert folded("w_{12}") == folded("w_{1,2}")


def test_a_formula_that_is_too_long_is_a_problem() -> None:
    (row,) = read("a" * (MAXIMUM_LENGTH + 1)).rows
    assert row.problem is not None
    assert row.problem.kind == "length"
