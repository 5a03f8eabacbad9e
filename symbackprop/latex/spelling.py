"""The canonical spelling of a name that was read: one flat string, whatever braces the writer set."""

from __future__ import annotations

from symbackprop.expression import Apply, Expression, Name, Number, Symbol

_MEANINGFUL_STYLES = frozenset(
    {"vec", "hat", "widehat", "tilde", "widetilde", "bar", "overline", "dot", "ddot", "mathcal", "mathbb", "mathscr"}
)
_WIDE = {"widehat": "hat", "widetilde": "tilde", "overline": "bar"}

_INFIX = {
    "sequence": ",", "multiply": "", "dot": "·", "star": "*", "times": "×", "divide": "/", "equal": "=",
    "not_equal": "≠", "arrow": "→", "element": "∈", "less": "<", "less_equal": "≤", "greater": ">",
    "greater_equal": "≥",
}  # fmt: skip
_BRACKETS = {"group": ("(", ")"), "bracket": ("[", "]"), "brace": ("{", "}")}


def spelling(tree: Expression) -> str:
    """``net_h1``, ``w_5^+``, ``W_X_11``, ``W^[l-1]``, ``hat(y)_i``, ``f'``, ``S[i,k]``.

    ``W_{X_11}`` and ``W_{X_{11}}`` are spelled alike. Fonts do not count; accents, ``\\mathcal`` and ``\\mathbb`` do.
    """
    if isinstance(tree, Number):
        return tree.text
    if isinstance(tree, Name):
        head = tree.head
        for style in reversed(tree.style.split()):
            if style in _MEANINGFUL_STYLES:
                head = f"{_WIDE.get(style, style)}({head})"
        below = "" if tree.subscript is None else "_" + spelling(tree.subscript)
        above = "" if tree.superscript is None else "^" + spelling(tree.superscript)
        return head + below + above + "'" * tree.primes
    if isinstance(tree, Symbol):
        return repr(tree)
    return _applied(tree)


def _applied(tree: Apply) -> str:
    parts = [spelling(argument) for argument in tree.arguments]
    if tree.operator in _INFIX:
        joined = _INFIX[tree.operator].join(parts)
        return joined.replace(",:", ":").replace(":,", ":") if tree.operator == "sequence" else joined
    if tree.operator == "add":
        return "+".join(parts).replace("+-", "-")
    if tree.operator == "negate":
        return "-" + parts[0]
    if tree.operator in _BRACKETS:
        return parts[0].join(_BRACKETS[tree.operator])
    if tree.operator == "index":
        return f"{parts[0]}[{','.join(parts[1:])}]"
    if tree.operator == "transpose":
        return f"{parts[0]}^T"
    if tree.operator == "power":
        return f"{parts[0]}^{parts[1]}"
    return f"{tree.operator}({','.join(parts)})"


def folded_spelling(tree: Expression) -> str:
    """The spelling without underscores, commas, spaces and case: ``o1``, ``O1``, ``O_1`` and ``o_{1}`` are one."""
    return "".join(character for character in spelling(tree) if character not in "_, ").casefold()
