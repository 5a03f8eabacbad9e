"""The slips that people make, made on purpose: in the trees of a document, or in its TeX.

Tree slips come from the checker's rules, run from right to wrong. A slip may be what several rules produce
(a term of a sum that is a path, say): each of these is a right name for it.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice, pairwise

from msgspec.structs import replace

from symbackprop.check.rule import Vocabulary, rules_in_order
from symbackprop.check.rule_edits import edited
from symbackprop.check.rules.free_index import letters_of
from symbackprop.derive.reverse import ADJOINT, UPDATED
from symbackprop.expression import Apply, Chain, Expression, Name, Number, Symbol, partial, transform, walk
from symbackprop.forms.shapes import WHOLE

MOST = 200
"""Slips of one rule in one formula."""


@dataclass(frozen=True, slots=True)
class TreeSlip:
    """``rule`` produced it; ``rules`` would be right names for it; ``number``: only a printed number changed."""

    rule: str
    rules: frozenset[str]
    tree: Expression
    number: bool = False


@dataclass(frozen=True, slots=True)
class TextSlip:
    """A place in the text and what stands there after the slip."""

    rule: str
    rules: frozenset[str]
    start: int
    end: int
    text: str


# ---- in formulas ----------------------------------------------------------------------------------


def tree_slips(tree: Expression, vocabulary: Vocabulary) -> list[TreeSlip]:
    """Every slip that a rule can make in a formula, or in a number of it."""
    tree = transform(tree, _bracketed)
    found: dict[Expression, list[str]] = {}
    for rule in rules_in_order():
        for slip in islice(rule.slips(tree, vocabulary), MOST) if rule.slips else ():
            if slip != tree:
                found.setdefault(slip, []).append(rule.name)
    for slip in _undefined(tree):
        found.setdefault(slip, []).append("undefined-symbol")
    formulas = [
        TreeSlip(names[0], _named(names, tree, slip), slip)
        for slip, names in found.items()
        if names[0] != "transposed" or any(map(_is_array, walk(tree)))
        if not any(map(_is_odd, walk(slip)))
    ]
    return [*formulas, *_number_slips(tree)]


def _is_array(tree: Expression) -> bool:
    if not isinstance(tree, Symbol) or tree.kind == "size" or tree.kind.endswith("function"):
        return False
    return tree.indices is None or WHOLE in tree.indices


def is_general(tree: Expression) -> bool:
    """Whether whole layers stand in a formula, or letters for any layer or unit."""
    return bool(letters_of(tree)) or any(map(_is_array, walk(tree)))


def _is_odd(tree: Expression) -> bool:
    """What nobody slips into: a derivative by something that is no quantity, a lone number in brackets, a number
    transposed, or something transposed twice."""
    if not isinstance(tree, Apply):
        return False
    if tree.operator == "transpose":
        (inner,) = tree.arguments
        return not any(map(_is_array, walk(inner))) or (isinstance(inner, Apply) and inner.operator == "transpose")
    if tree.operator == "group":
        return isinstance(tree.arguments[0], Number) and not tree.arguments[0].text.startswith("-")
    return tree.operator == "partial" and not all(isinstance(part, Symbol | Name) for part in tree.arguments)


def _bracketed(tree: Expression) -> Expression | None:
    """Sums inside products and powers in brackets, as they are printed."""
    if not isinstance(tree, Apply) or tree.operator not in (
        "multiply",
        "hadamard",
        "matrix_product",
        "power",
        "negate",
    ):
        return None
    parts = tuple(transform(part, _bracketed) for part in tree.arguments)
    return replace(tree, arguments=tuple(_in_brackets(part) for part in parts))


def _in_brackets(tree: Expression) -> Expression:
    return Apply("group", (tree,)) if isinstance(tree, Apply) and tree.operator == "add" else tree


def _named(names: list[str], tree: Expression, slip: Expression) -> frozenset[str]:
    """A sign that turns in a statement about δ may as well be δ with the other sign."""
    more: set[str] = set()
    if "free-index" in names:
        more |= {"index-wrong"}  # of a letter that was exchanged, both are said
    elif letters_of(tree) != letters_of(slip):
        more |= {"free-index"}
    found = list(walk(tree))
    if {"sign-lost", "sign-added"} & set(names):
        about_delta = any(isinstance(node, Symbol) and node.variant.endswith(ADJOINT) for node in found)
        more |= {"delta-redefined"} if about_delta else set()
    if not any(isinstance(node, Symbol) for node in found):
        # In a line of numbers, the slip in the formula that they were put into has the more exact name.
        more |= {"bias-forgotten", "path-missing"} if "term-missing" in names else set()
        more |= {"slope-missing"} if "factor-missing" in names else set()
    if {"slope-missing", "quantity-wrong"} & set(names) and any(map(_is_broken_chain, walk(slip))):
        # ∂E/∂y · ∂z/∂w lacks ∂y/∂z, or has y in the place of z: nobody can tell which was meant.
        more |= {"slope-missing", "quantity-wrong"}
    return frozenset(names) | more


def _is_broken_chain(tree: Expression) -> bool:
    """A product of derivatives in which one ends with what the next one does not begin with."""
    if not (isinstance(tree, Apply) and tree.operator == "multiply"):
        return False
    links = [part.arguments for part in tree.arguments if isinstance(part, Apply) and part.operator == "partial"]
    return any(first[1] != second[0] for first, second in pairwise(links))


def _undefined(tree: Expression) -> Iterator[Expression]:
    def strange(node: Expression) -> Iterator[Expression]:
        if isinstance(node, Symbol) and node.kind in ("weight", "bias", "activation", "preactivation"):
            yield Name("xi", subscript=Number("7"))

    for whole, _, _ in edited(tree, strange):
        yield whole


def redefinitions(head: Symbol, loss: Symbol) -> Iterator[TreeSlip]:
    """δ defined once more: with the other sign, or as the derivative by what the unit puts out."""
    plain = replace(head, variant="")
    by_activation = partial(loss, replace(plain, kind="activation"))
    for tree, also in ((by_activation, "quantity-wrong"), (Apply("negate", (partial(loss, plain),)), "sign-added")):
        yield TreeSlip("delta-redefined", frozenset({"delta-redefined", also}), tree)


def left_slips(chain: Chain) -> Iterator[TreeSlip]:
    """Slips of the left side: an update written as an equation."""
    head = chain.expressions[0]
    if isinstance(head, Symbol) and head.variant == UPDATED:
        plain = replace(head, variant="")
        if any(node == plain for node in walk(chain.expressions[1])):
            rules = frozenset({"assignment-as-equation", "updated-weight"})
            yield TreeSlip("assignment-as-equation", rules, plain)


# ---- in numbers -----------------------------------------------------------------------------------


def _number_slips(tree: Expression) -> Iterator[TreeSlip]:
    def change(node: Expression) -> Iterator[Expression]:
        if isinstance(node, Number) and "." in node.text and len(node.text.lstrip("-0.")) > 1:
            yield from (replace(node, text=text) for text in _other_digits(node.text))

    for whole, old, new in edited(tree, change):
        assert isinstance(old, Number)
        assert isinstance(new, Number)
        rules = _digit_rules(new.text, old.text)
        if rules:
            yield TreeSlip(rules[0], frozenset(rules), whole, number=True)


def _other_digits(text: str) -> Iterator[str]:
    """The number with digits wrong, exchanged, dropped, doubled, or its point or sign moved."""
    draw = random.Random(text)
    point = text.index(".")
    places = [place for place, sign in enumerate(text) if sign.isdigit() and place > point]
    yield text[1:] if text.startswith("-") else f"-{text}"
    yield _shifted(text)
    for place in places:
        digit = int(text[place])
        yield text[:place] + str((digit + draw.randint(1, 9)) % 10) + text[place + 1 :]
        if place + 1 < len(text):
            yield text[:place] + text[place + 1] + text[place] + text[place + 2 :]
            yield text[:place] + text[place + 1 :]
        yield text[:place] + text[place] + text[place:]


def _shifted(text: str) -> str:
    """A zero more behind the point, or one less."""
    return text.replace(".0", ".", 1) if ".0" in text else text.replace(".", ".0", 1)


def _digit_rules(printed: str, right: str) -> list[str]:
    """The rules that are right names for a change of digits; none where the number is still right."""
    if printed == right or _is_rounded(printed, right):
        return []
    # With fewer digits than the right number, it may as well be that one rounded, with another slip.
    places = len(printed.partition(".")[2])
    meant = dict.fromkeys((right, str(round(Decimal(right), places))))
    rules = [rule for rule in rules_in_order() if rule.digits is not None]
    names = [rule.name for number in meant for rule in rules if rule.digits and rule.digits(printed, number)]
    if _is_last_digit(printed, right):
        names.insert(0, "last-digit")
    return names


def _is_rounded(printed: str, right: str) -> bool:
    """Whether fewer (or more) digits say the same number."""
    shared = min(len(printed.partition(".")[2]), len(right.partition(".")[2]))
    return abs(float(printed) - float(right)) <= 0.5000001 * 10.0**-shared


def _is_last_digit(printed: str, right: str) -> bool:
    digits = len(printed.partition(".")[2])
    return digits >= 3 and abs(float(printed) - float(right)) <= 1.0000001 * 10.0**-digits


# ---- in the TeX -----------------------------------------------------------------------------------


def text_slips(text: str, start: int, end: int) -> list[TextSlip]:
    """The slips that need no tree, in the statement that stands between two places of a text."""
    return [
        TextSlip(rule, frozenset({rule}), start + first, start + last, new)
        for rule, make in _TEXT_SLIPS.items()
        for first, last, new in make(text[start:end])
    ]


def _unbalanced(tex: str) -> Iterator[tuple[int, int, str]]:
    for match in re.finditer(r"(?<!\\)[{}]|(?<!\\left)(?<!\\right)[()]", tex):
        yield match.start(), match.end(), ""


def _without_partial(tex: str) -> Iterator[tuple[int, int, str]]:
    for match in re.finditer(r"\\frac\{(\\partial )[^{}]*(?:\{[^{}]*\}[^{}]*)*\}\{(\\partial )", tex):
        for group in (1, 2):
            yield match.start(group), match.end(group), ""


def _other_spelling(tex: str) -> Iterator[tuple[int, int, str]]:
    """The name of a neuron in another spelling: ``out_{o1}``, ``out_{O_1}``."""
    for match in re.finditer(r"(?:net|out|target)_\{([ho])(\d)\}", tex):
        yield match.start(1), match.end(2), f"{match[1].upper()}_{match[2]}"


_TEXT_SLIPS: dict[str, Callable[[str], Iterator[tuple[int, int, str]]]] = {
    "brackets-unbalanced": _unbalanced,
    "partial-lost": _without_partial,
    "two-spellings": _other_spelling,
}


def joined_rows(text: str, start: int, end: int) -> Iterator[TextSlip]:
    """Two rows of one display run together, where each says what a name is in numbers."""
    row = re.compile(r"(= -?\d+\.\d+) ?\\\\\n([^&\n]*?) ?&= ")
    for match in row.finditer(text, start, end):
        if match[2].strip():
            rules = frozenset({"run-together"})
            yield TextSlip("run-together", rules, match.end(1), match.end(), f"{match[2].strip()} = ")
