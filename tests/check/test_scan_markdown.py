"""What is a formula in Markdown, and what only looks like one."""

from __future__ import annotations

import pytest
from support.scanning import formulas, lost, quoted, read, statements

FOUND = {
    "inline": ("where $a$ is, and $b_1$.", ["a", "b_1"]),
    "spaces inside": ("where $ a + b $ is", ["a + b"]),
    "next to each other": ("$a$$b$", ["a", "b"]),
    "display on lines": ("$$\na = b\n$$", ["a = b"]),
    "display in a line": ("so $$a = b$$ holds", ["a = b"]),
    "brackets": ("\\(a\\) and \\[b = c\\]", ["a", "b = c"]),
    "brackets on lines": ("\\[\nb = c\n\\]", ["b = c"]),
    "doubly escaped": (r"\\(a\_1\\) and" + "\n\n" + r"\\[\begin{matrix} a \\\\ b \end{matrix} = \\{c\\}\\]",
                       [r"a\_1", r"\begin{matrix} a \\ b \end{matrix} = \{c\}"]),
    "row ends with a length": ("\\[ a \\\\[2ex] b \\]", ["a \\\\[2ex] b"]),
    "github inline": ("then $`a_b`$ and $``c`d``$", ["a_b", "c`d"]),
    "fence": ("```math\na = b\n```", ["a = b"]),
    "myst fence": ("```{math}\n:label: one\n\na = b\n```", ["a = b"]),
    "bare environment": ("text\n\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}\ntext",
                         ["\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}"]),
    "environment in an environment": ("\\begin{equation}\\begin{split}a\\end{split}\\end{equation}",
                                      ["\\begin{equation}\\begin{split}a\\end{split}\\end{equation}"]),
    "after a fence that only its list ends": ("- so:\n  ```python\n  $a$\n\n## Then\n\n$b$", ["b"]),
    "in a heading": ("## The weight $w_1$\n", ["w_1"]),
    "in a quote": ("> so\n> $$\n> a = b\n> + c\n> $$\n", ["a = b\n+ c"]),
    "in a quote in a list": ("- > $$a\n  > = b$$\n", ["a\n= b"]),
    "in a list": ("- one:\n  $$\n  a = b\n  $$\n- two $c$\n", ["a = b", "c"]),
    "rows that look like a list": ("$$\na = b\n- c\n+ d\n$$", ["a = b\n- c\n+ d"]),
    "a row that looks like code": ("$$\na = b \\\\\n\n      = c\n$$", ["a = b \\\\\n\n      = c"]),
    "blank lines in a display": ("$$\na = b\n\nc = d\n\n$$\n\ntext", ["a = b\n\nc = d"]),
    "blank lines in an environment": ("\\begin{align}\na &= b\n\nc &= d\n\\end{align}",
                                      ["\\begin{align}\na &= b\n\nc &= d\n\\end{align}"]),
    "text after a display over blank lines": ("$$\na = b\n\nc = d\n$$\nwith $e$", ["a = b\n\nc = d", "e"]),
    "raw": ("{% raw %}$$a_{{b}}$$ {% endraw %}", ["a_{{b}}"]),
    "raw inside": ("$${% raw %}a_{{b}}{% endraw %}$$", ["a_{{b}}"]),
    "entities": ("$a &lt; b &amp; c$", ["a < b & c"]),
    "escaped star": (r"$a \* b$", ["a * b"]),
    "table": ("| a | $b$ |\n|---|---|\n| $x \\| y$ | $z$ |", ["b", "x | y", "z"]),
    "bar in a formula of a table": ("| a | b |\n|---|---|\n| $p(x|y)$ | $q$ |", ["p(x|y)", "q"]),
    "chinese without spaces": ("权重$w_1$的导数，误差$E_{总}$。", ["w_1", "E_{总}"]),
    "script": ('<script type="math/tex; mode=display">a = b</script>', ["a = b"]),
    "zhihu": ('<img src="https://www.zhihu.com/equation?tex=%5Cdelta_%7B%E6%80%BB%7D+%3D+a%2Bb" alt="x" eeimg="1">',
              ["\\delta_{总} = a+b"]),
    "zhihu in markdown": ("so ![[公式]](https://www.zhihu.com/equation?tex=f%28x%29%3Dg(x)) then", ["f(x)=g(x)"]),
    "codecogs": ("![](https://latex.codecogs.com/svg.latex?a+b)", ["a+b"]),
    "after a comment": ("<!-- $a$ $$ -->$b$ and <!-- $c$ --> $d$", ["b", "d"]),
    "math behind html": ('<a href="x$y$z">link</a> $a$ <br> $b$', ["a", "b"]),
    "carriage returns": ("$$\r\na = b\r\n$$\r\n", ["a = b"]),
}  # fmt: skip

ALONE = {
    "prices": "It costs $5 and $10, or $1,000.00 to $20k; US$5-$10.",
    "price before words": "He paid $20, then went home with $30 left.",
    "escaped dollar": r"\$a\$ and \$5",
    "references": r"see \[1\], \[DB/OL\] and [\[2\] A. Name. *Title*\[J\].](http://a.b)",
    "escaped brackets": r"a list \(see the next section\) of things",
    "code": "use `$a$` and ``$$b$$``",
    "fenced code": "```python\nx = '$a$'\n```\n~~~\n$$b$$\n~~~",
    "longer fence": "````\n```\n$a$\n```\n````",
    "indented code": "text\n\n    $a = b$\n\nmore",
    "comment": "<!--\n$a$\n\n$$b$$\n-->",
    "pre": "<pre>\n$a$\n\n$$b$$\n</pre>",
    "highlight": "{% highlight python %}\n$a$\n{% endhighlight %}",
    "addresses": "https://a.b/c?d=$1 and [x](http://a.b/$c$d)",
    "template": "{{ site.$a$ }} {% include $b$ %}",
    "shell": "run $HOME/bin/x or $(date) or ${x}",
    "jquery": "$('#a').b and $(\"c\")",
    "front matter": "---\ntitle: $a$ = $b$\n---\ntext",
    "toml front matter": "+++\ntitle = '$a$'\n+++\ntext",
    "empty": "$$ $$ and $ $ and $\n$\n[About](#)",
}

STRAY = {
    "display in a line": ("$$ a = b\n\nand then $c$ in words\n\n$$d = e$$", ["c", "d = e"], ["$$ a = b"]),
    "display on lines": ("$$\na = b\n\nwhich is what we have seen.\n\n$$\nc = d\n$$", ["c = d"], ["$$\na = b"]),
    "end without beginning": ("a = b $$\n\nsome of the words are here\n\n$$\nc = d\n$$", ["c = d"], ["$$"]),
    "wrong end": ("$$ a = b$\n\nthat is the end of it\n\n$$c$$", ["c"], ["$$ a = b$"]),
    "inline": ("with $a = b，其中$c$和$d$", ["c", "d"], ["$a = b，其中"]),
    "inline at the end": ("with $c$ and $a = b", ["c"], ["$a = b"]),
    "environment": ("\\begin{align}\na &= b\n\nas we have seen in the text\n\n\\begin{align}\nc &= d\n\\end{align}",
                    ["\\begin{align}\nc &= d\n\\end{align}"], ["\\begin{align}\na &= b"]),
    "bracket": ("\\[\na = b\n\nas we have seen in the text\n\n\\[ c \\]", ["c"], ["\\[\na = b"]),
}  # fmt: skip


@pytest.mark.parametrize("name", FOUND)
def test_formulas_are_found(name: str) -> None:
    text, expected = FOUND[name]
    assert read(text) == expected
    assert lost(text) == []


@pytest.mark.parametrize("name", ALONE)
def test_what_is_no_formula_is_left_alone(name: str) -> None:
    assert formulas(ALONE[name]) == []


@pytest.mark.parametrize("name", STRAY)
def test_a_stray_delimiter_costs_one_paragraph(name: str) -> None:
    text, expected, problems = STRAY[name]
    assert read(text) == expected
    assert lost(text) == problems


def test_a_stray_delimiter_becomes_an_unread_statement_at_its_place() -> None:
    first, second = statements("text\n\n$$ a = b\n\nmore words of the text\n\n$c = d$")
    assert first.problem is not None
    assert "'$$' is not closed" in first.problem
    assert first.problem_place is not None
    assert (first.problem_place.line, first.problem_place.column) == (3, 1)
    assert (second.place.line, second.place.column, second.problem) == (7, 2, None)


def test_display_is_told_from_inline() -> None:
    text = "so $$a$$ here\n\n$$b$$\n\n- $$c$$,\n\n\\(d\\)\n\n\\[e\\]\n\n$f$\n\n{% raw %}$$g$${% endraw %}"
    assert [formula.display for formula in formulas(text)] == [False, True, True, False, True, False, True]
    assert [formula.display for formula in formulas("| a |\n|--|\n| $$b$$ |")] == [False]


@pytest.mark.parametrize(
    "text",
    [
        "one\n\n> $$\n> x &= y\n>    + z \\\\\n> &= 3\n> $$\n",
        "`code` 误差 $E_{总} = 0.5$ 与 $\\delta$\n",
        "| a | b |\n|--|--|\n| $w_1 = 2$ | x |\n",
        "```math\na = b\n```\n",
        "{% raw %}$$\\frac{a}{b} = c$$ {% endraw %}",
    ],
)
def test_places_hold_what_was_read(text: str) -> None:
    for statement in statements(text):
        assert quoted(statement, text).replace("> ", "").replace(">", "") == statement.tex
        assert text[statement.place.start : statement.place.end].replace("> ", "").replace(">", "") == statement.tex


def test_places_reach_through_decoding() -> None:
    text = '一 <img src="https://www.zhihu.com/equation?tex=a+%3D+%E6%80%BB%2B1" alt="x"> and $a &lt; b = c$'
    first, second, third = statements(text)
    assert (quoted(first, text), first.tex) == ("a+%3D+%E6%80%BB%2B1", "a = 总+1")
    assert (quoted(second, text), second.tex) == ("a &lt; b", "a < b")
    assert (quoted(third, text), third.tex) == ("= c", "= c")


def test_options_stand_in_the_front_matter() -> None:
    from symbackprop.check.scan.source import read_text
    from symbackprop.check.scan.statements import extract_of

    cases = {
        "---\ntitle: a\nsymbackprop: mazur # the network\n---\n": {"spec": "mazur"},
        "---\nsymbackprop: 'my net.toml'\n---\n": {"spec": "my net.toml"},
        "---\nsymbackprop:\n  spec: mazur\n  notation: nielsen\ntitle: b\n---\n": {
            "spec": "mazur",
            "notation": "nielsen",
        },
        "+++\ntitle = 'a'\nsymbackprop = 'mazur'\n+++\n": {"spec": "mazur"},
        "+++\n[params.symbackprop]\nspec = 'mazur'\nlayout = 'row'\n+++\n": {"spec": "mazur", "layout": "row"},
        "---\n\ntext with symbackprop: x\n\n---\n": {},
        "+++\nbroken = \n+++\n": {},
        "symbackprop: mazur\n": {},
    }
    for text, expected in cases.items():
        assert dict(extract_of(read_text(text)).options) == expected


def test_a_rule_at_the_top_is_no_front_matter() -> None:
    assert read("---\n\n$a$ text\n\n---\n$b$") == ["a", "b"]
