"""Reading the formulas of posts, beside SymPy's two readers, latex2sympy2 and Math-Verify."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from benchmarks.clock import Measured, in_turn, task
from benchmarks.posts import formulas
from benchmarks.table import Row, bounded, compared, failed

PEERS = {
    "markdown_it": "markdown-it's scan of the same post",
    "antlr": "SymPy, ANTLR reader",
    "lark": "SymPy, Lark reader",
    "latex2sympy": "latex2sympy2-extended",
    "math_verify": "Math-Verify",
}


def rows() -> Iterator[Row]:
    found = in_turn({name: task(f"reading:{name}") for name in ("own", *PEERS)}, runs=3)
    own = found["own"]
    what = "reading the displays of the worked example"
    if not isinstance(own, Measured) or own.own is None:
        yield failed(what, str(own))
        return
    read, displays = map(int, own.result.split("/"))
    yield bounded(f"{what}, {read} of {displays} read", displays / own.own, "a second", least=5000)
    for name, title in PEERS.items():
        peer = found[name]
        answered = f", {peer.result} answered" if isinstance(peer, Measured) and "/" in peer.result else ""
        yield compared("the same, in seconds for each pass", own, title + answered, peer, None)


def _pass(read: Callable[[str], object]) -> Callable[[], str]:
    """One pass over every display; how many were answered without an error (rightly or not)."""
    displays = list(formulas(0))

    def run() -> str:
        answered = 0
        for tex in displays:
            try:
                answered += read(tex) is not None
            except Exception:  # a peer that cannot read a formula says so in its own way
                continue
        return f"{answered}/{len(displays)}"

    return run


def own() -> Callable[[], str]:
    from symbackprop.latex.reader import read

    read("a = b")
    return _pass(lambda tex: True if read(tex).is_read else None)


def antlr() -> Callable[[], str]:
    import antlr4  # noqa: F401
    from sympy.parsing.latex import parse_latex

    return _pass(parse_latex)


def lark() -> Callable[[], str]:
    import lark as _  # noqa: F401
    from sympy.parsing.latex import parse_latex

    return _pass(lambda tex: parse_latex(tex, backend="lark"))


def latex2sympy() -> Callable[[], str]:
    from latex2sympy2_extended import latex2sympy as read

    return _pass(read)


def math_verify() -> Callable[[], str]:
    from math_verify import parse

    return _pass(lambda tex: parse(f"${tex}$", parsing_timeout=5) or None)


def markdown_it() -> Callable[[], str]:
    from markdown_it import MarkdownIt

    from benchmarks.posts import worked_example

    post, reader = worked_example(), MarkdownIt()
    return lambda: str(len(reader.parse(post)))
