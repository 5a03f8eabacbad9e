"""The core of the reader: a precedence parser over tokens, from left to right and without looking back.

What an operand is made of stands in the other ``reader_`` modules; ``reader`` puts them into one table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TypeAlias

from symbackprop.expression import Apply, Expression, Name, Number, Span
from symbackprop.latex.reader_problems import CLOSING, NotRead, missing, unexpected
from symbackprop.latex.reader_symbols import RELATION_OPERATORS
from symbackprop.latex.reader_trees import differential, merged, scientific, span_of
from symbackprop.latex.reader_words import listed
from symbackprop.latex.tokens import Token

MAXIMUM_DEPTH = 60
"""How deep operands may stand in each other. Formulas that people write stay below 30, and a level takes up to a
dozen frames of Python's stack."""

ADD, HADAMARD, PRODUCT, JUXTAPOSED = 1, 2, 3, 4

# How tightly a token binds to what stands left of it. The starters of an operand bind as a product without a sign.
LEVELS = {"+": ADD, "-": ADD, "hadamard": HADAMARD, "product": PRODUCT} | dict.fromkeys(
    listed(
        "slash number word bare letter text open { frac sum function style partial nabla sqrt begin dots braced "
        "annotated grid colon switch bar"
    ),
    JUXTAPOSED,
)

MATH, LOWERED, RAISED = range(3)
"""Where letters stand: in a formula, where a run of them is a product; in a subscript or a superscript."""

BAR_OPENS, BAR_CLOSES, BAR_GIVEN = range(3)
"""What a vertical bar after an operand does: open an absolute value, close one, stand for "given"."""

NOTHING = Name("")
"""Stands where the writer left something out: the left side of a row that begins with a relation, an empty cell."""

Operand: TypeAlias = "Callable[[Parser], Expression]"


_LOOKAHEAD = 3


class Parser:
    """Reads one list of tokens. Whatever is looked up behind its end is of kind "end of formula"."""

    __slots__ = ("at", "bars", "depth", "mode", "operands", "tokens", "words")

    def __init__(self, tokens: Sequence[Token], operands: Mapping[str, Operand], words: frozenset[str]) -> None:
        end = tokens[-1][3]
        self.tokens = [*tokens, *[("end of formula", "", end, end)] * _LOOKAHEAD]
        self.operands = operands
        self.words = words
        self.at = 0
        self.depth = 0
        self.bars = BAR_OPENS
        self.mode = MATH

    def expression(self, floor: int = 0) -> Expression:
        """The expression that begins here, up to the first operator that binds no tighter than ``floor``."""
        tokens = self.tokens
        kind, _, start, _ = tokens[self.at]
        if kind == "-":
            self.at += 1
            self._descend()
            left = self.negated(self.expression(max(floor, ADD)), start)
            self.depth -= 1
        else:
            if kind == "+":
                self.at += 1
            left = self.operand()
        while True:
            kind, value, _, _ = tokens[self.at]
            level = LEVELS.get(kind, 0)
            if level <= floor or (kind == "bar" and self._bar_ends()):
                return left
            if level == JUXTAPOSED:
                left = self.juxtaposed(left, start)
            elif level == ADD:
                left = self._added(left, start)
            else:
                left = self._multiplied(left, start, kind, value, level)

    def operand(self) -> Expression:
        """One operand with its scripts."""
        reading = self.operands.get(self.tokens[self.at][0])
        if reading is None:
            missing(self.tokens, self.at)
        self._descend()
        tree = reading(self)
        self.depth -= 1
        return tree

    def _descend(self) -> None:
        self.depth += 1
        if self.depth > MAXIMUM_DEPTH:
            raise NotRead("depth", "this is nested too deeply to be read", self.tokens[self.at][2])

    def items(self) -> list[Expression]:
        """Expressions or conditions with commas between them."""
        found = [self.condition()]
        while self.tokens[self.at][0] in ("comma", "semicolon"):
            self.at += 1
            if self.tokens[self.at][0] in CLOSING:
                break
            found.append(self.condition())
        return found

    def condition(self) -> Expression:
        """What may stand in brackets, scripts and cases: an expression, a relation, an event given a condition."""
        start = self.tokens[self.at][2]
        left = self._related()
        while (kind := self.tokens[self.at][0]) == "mid" or (kind == "bar" and self.bars == BAR_GIVEN):
            self.at += 1
            left = Apply("given", (left, self._related()), self.span(start))
        return left

    def _related(self) -> Expression:
        """Expressions with relations between them; several relations are a sequence."""
        start = self.tokens[self.at][2]
        left = self.expression()
        found: list[Expression] = []
        while (token := self.tokens[self.at])[0] == "relation":
            operator = RELATION_OPERATORS.get(token[1])
            if operator is None:
                raise NotRead("relation", f"the relation {token[1]} is not read inside brackets or scripts", token[2])
            self.at += 1
            right = self.expression()
            found.append(Apply(operator, (left, right), self.span(start)))
            left = right
        if not found:
            return left
        return found[0] if len(found) == 1 else Apply("sequence", tuple(found), self.span(start))

    def sequence(self) -> Expression:
        """Items as one tree: a single one stands for itself."""
        start = self.tokens[self.at][2]
        items = self.items()
        return items[0] if len(items) == 1 else Apply("sequence", tuple(items), self.span(start))

    def member(self) -> Expression:
        """A member of a chain: an expression, or a list of them with commas."""
        start = self.tokens[self.at][2]
        first = self.expression()
        if self.tokens[self.at][0] != "comma":
            return first
        items = [first]
        while self.tokens[self.at][0] == "comma":
            self.at += 1
            items.append(self.expression())
        return Apply("sequence", tuple(items), self.span(start))

    def negated(self, term: Expression, start: int) -> Expression:
        """Minus the term; the sign of a number belongs to the number."""
        if isinstance(term, Number) and term.text[0] != "-":
            return Number("-" + term.text, span=self.span(start))
        return Apply("negate", (term,), self.span(start))

    def span(self, start: int) -> Span:
        """From ``start`` to the end of the last token that was taken."""
        return Span(start, self.tokens[self.at - 1][3])

    def expect(self, kind: str, opener: Token) -> None:
        """Take the token that closes ``opener``, or say that it is missing."""
        token = self.tokens[self.at]
        if token[0] == kind:
            self.at += 1
            return
        if token[0] == "end of formula" or token[0] in CLOSING:
            raise NotRead("unbalanced", f"'{opener[1]}' is never closed", opener[2])
        unexpected(self.tokens, self.at)

    def _added(self, left: Expression, start: int) -> Expression:
        terms = [left]
        while (token := self.tokens[self.at])[0] in ("+", "-"):
            self.at += 1
            term = self.expression(ADD)
            terms.append(term if token[0] == "+" else Apply("negate", (term,), self.span(token[2])))
        return Apply("add", tuple(terms), self.span(start))

    def _multiplied(self, left: Expression, start: int, kind: str, operator: str, level: int) -> Expression:
        factors = [left]
        while (token := self.tokens[self.at])[0] == kind and token[1] == operator:
            self.at += 1
            factors.append(self.expression(level))
        if operator != "matrix_product" and kind == "product":
            factors = scientific(factors)
            if len(factors) == 1:
                return factors[0]
        if operator in ("star", "dot") and all(isinstance(factor, Number) for factor in factors):
            operator = "multiply"
        return Apply(operator, tuple(factors), self.span(start))

    def juxtaposed(self, left: Expression, start: int) -> Expression:
        """The product without a sign that goes on after ``left``; a slash divides all of it so far."""
        factors = [left]
        while LEVELS.get((token := self.tokens[self.at])[0]) == JUXTAPOSED:
            if token[0] == "slash":
                self.at += 1
                self._divided(factors, self._denominator(), start)
            elif token[0] == "bar" and self._bar_ends():
                break
            elif token[0] == "{" and self.tokens[self.at + 1][0] == "}":
                self.at += 2
            else:
                if token[0] == "number" and isinstance(factors[-1], Number) and self.mode == MATH:
                    raise NotRead("numbers", "two numbers stand side by side with nothing between them", token[2])
                operand = self.operand()
                if isinstance(operand, Apply) and operand.operator == "at" and operand.arguments[0] is NOTHING:
                    factors[:] = [Apply("at", (self._product(factors, start), operand.arguments[1]), self.span(start))]
                else:
                    factors.append(operand)
        return self._product(factors, start)

    def _product(self, factors: list[Expression], start: int) -> Expression:
        if len(factors) == 1:
            return factors[0]
        if self.mode == LOWERED:
            return merged(factors, self.span(start))
        return Apply("multiply", tuple(factors), self.span(start))

    def _bar_ends(self) -> bool:
        """Whether the vertical bar here ends the expression; between brackets it opens one if it has a partner."""
        if self.bars != BAR_GIVEN:
            return self.bars == BAR_CLOSES
        sign = self.tokens[self.at][1]
        nested = 0
        for kind, value, _, _ in self.tokens[self.at + 1 :]:
            nested += (kind in ("open", "{")) - (kind in ("close", "}"))
            if nested < 0:
                break
            if kind == "bar" and value == sign and not nested:
                return False
        return True

    def _denominator(self) -> Expression:
        """One operand; in ``1/2m`` the letter that touches the number belongs to it too."""
        start = self.tokens[self.at][2]
        if self.tokens[self.at][0] == "-":
            self.at += 1
            return self.negated(self.operand(), start)
        right = self.operand()
        kind, _, follows, _ = self.tokens[self.at]
        if isinstance(right, Number) and kind in ("word", "letter") and follows == self.tokens[self.at - 1][3]:
            return Apply("multiply", (right, self.operand()), self.span(start))
        return right

    def _divided(self, factors: list[Expression], right: Expression, start: int) -> None:
        """The factors so far over ``right``; of a derivative only the last of them is the numerator."""
        left = factors[-1]
        of, by = differential(left), differential(right)
        if of is not None and by is not None and NOTHING not in (of, by):
            factors[-1] = Apply("partial", (of, by), self.span(span_of(left).start))
        else:
            left = left if len(factors) == 1 else Apply("multiply", tuple(factors), self.span(start))
            factors[:] = [Apply("divide", (left, right), self.span(start))]
