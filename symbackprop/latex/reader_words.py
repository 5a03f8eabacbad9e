"""The words that a formula may hold: names of several letters, functions, and words of a language."""

from __future__ import annotations

import re


def listed(words: str) -> frozenset[str]:
    """The words of a list in which spaces separate them."""
    return frozenset(words.split())


OPERATOR_FUNCTIONS = {
    "exp": "exp", "log": "log", "ln": "log", "tanh": "tanh", "sinh": "sinh", "cosh": "cosh", "sign": "sign",
    "sgn": "sign", "erf": "erf", "sqrt": "sqrt",
}  # fmt: skip
"""Functions that are operators of the expression tree."""

PREFIX_FUNCTIONS = frozenset(OPERATOR_FUNCTIONS) | listed("lg sin cos tan max min argmax argmin arctan coth")
"""Functions that may stand before their argument without brackets."""

BOUND_FUNCTIONS = listed("lim sup inf")
"""Functions that reach over a product, as a sum does."""

FUNCTION_WORDS = PREFIX_FUNCTIONS | listed(
    "sigmoid Sigmoid softmax Softmax SoftMax ReLU relu Relu RELU LeakyReLU leakyrelu ELU GELU gelu softplus Softplus "
    "logistic Act act Loss loss Cost cost size prod rot180 rot upsample downsample pool conv Conv diag vec tr Tr "
    "trace sum mean avg var std flatten reshape concat transpose shape dim sech cov Var Cov downstream Downstream"
)
"""Words that are functions: a bracket after them holds their arguments."""

FUNCTION_LETTERS = frozenset({"f", "g", "sigma", "phi", "varphi", "psi", "varsigma"})
"""Letters that are functions where a bracket follows; any other letter is multiplied with the bracket."""

QUANTITY_WORDS = listed(
    "net Net out Out target Target output Output input Input error Error err Err hidden Hidden total label labels pred "
    "truth true MSE SSE SE CE BCE NLL RSS KL RMSE MAE lr bias weight weights grad logits logit "
    "new old delta eta alpha beta gamma epsilon theta lambda sigma omega Delta rate step learning "
    "momentum velocity batch epoch score scores prob probs"
)
"""Words that are quantities: a bracket after them is a factor."""

WORDS = FUNCTION_WORDS | QUANTITY_WORDS

UNBRACED_SUBSCRIPTS = listed("total Total out new old hidden target output input net max min pred true")
"""Words that follow an underscore without braces (TeX lowers their first letter only; the writer meant the word)."""

SEPARATORS = listed(
    "or and where with so hence thus then therefore because since i.e ie e.g namely also both let but while given "
    "或 或者 和 与 及 以及 并且 且 其中 则 所以 因此 因为 故 即 于是 从而 又 而 由 得 可得 得到 令 设 有 "
    "由于 又因为 同理"
) | {"so that", "and so", "and hence", "and thus", "and therefore", "which gives", "that is", "we get", "we have"}
"""Words between whole formulas."""

CONDITIONS = listed("if for when whenever forall unless iff s.t 当 若 如果 对 对于 对所有 对任意 时") | {
    "subject to", "such that", "for all", "for each", "for every", "for any", "if and only if",
}  # fmt: skip
"""Words after which a condition or a range stands, which claims nothing."""

OTHERWISE = listed("otherwise else others other 其他 其它 否则 其余")
"""Conditions of the last row of a case distinction."""

BARE_WORDS = frozenset({"or", "and", "if", "for", "where", "when", "then", "otherwise", "else"})
"""Words of a language that are recognised even when they are typed as if they were letters."""

_LEADING = re.compile(r"(?:if|for|when|whenever|unless)\b|当|若|如果|对")


def connective(words: str) -> str:
    """What words between formulas do there.

    "and" (they separate), "if" (a condition follows), "clause" (they are a condition), "else", or "" (unknown).
    """
    plain = words.strip(" \t\n,.;:，。；：、()（）").lower()
    if plain in SEPARATORS:
        return "and"
    if plain in OTHERWISE:
        return "else"
    if plain in CONDITIONS:
        return "if"
    return "clause" if _LEADING.match(plain) else ""
