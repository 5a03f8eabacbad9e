"""Commands that a text defines for itself: ``\\newcommand``, ``\\def``, ``\\DeclareMathOperator``.

They are replaced by their bodies before the formula is read; every character of a body stands where
the command stands. Everything is bounded, so that no definition can blow a formula up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from symbackprop.check.scan.mapped import MappedText, join

_DEFINITION = re.compile(
    r"\\(?:(?P<command>newcommand|renewcommand|providecommand)\*?\s{0,9}(?:\{\s{0,9}\\(?P<braced>[A-Za-z]+)\s{0,9}\}|\\(?P<bare>[A-Za-z]+))"
    r"\s{0,9}(?:\[(?P<count>\d)\])?\s{0,9}(?:\[(?P<default>[^\]]{0,80})\])?"
    r"|DeclareMathOperator\*?\s{0,9}\{\s{0,9}\\(?P<operator>[A-Za-z]+)\s{0,9}\}"
    r"|def\s{0,9}\\(?P<defined>[A-Za-z]+)(?P<parameters>(?:#\d)*))\s{0,9}(?=\{)"
)
_CALL = re.compile(r"\\([A-Za-z]+)")
_PARAMETER = re.compile(r"#(\d)")
_ENDS_IN_COMMAND = re.compile(r"\\[A-Za-z]+\Z")
_TOKEN = re.compile(r"\\[A-Za-z]+|\\[\s\S]|[^\s{}]")
_SPACE = re.compile(r"\s{0,20}")
_OPTIONAL = re.compile(r"\s{0,9}\[([^\]]{0,200})\]")

_LONGEST_BODY = 2_000
_LONGEST = 20_000
_MOST = 1_000
_MOST_BROKEN = 20
_PASSES = 8
"""Definitions may use one another so deep."""


@dataclass(frozen=True, slots=True)
class Macro:
    """A command: how many arguments it takes, the first one's default if it may be left out, its body."""

    count: int
    default: str | None
    body: str


class Macros:
    """The commands defined so far."""

    def __init__(self) -> None:
        self.known: dict[str, Macro] = {}

    def learn(self, text: str) -> list[tuple[int, int]]:
        """Take in the definitions of a text; answers their stretches."""
        found: list[tuple[int, int]] = []
        broken = 0
        if "\\newcommand" not in text and _DEFINITION.search(text) is None:
            return found
        for match in _DEFINITION.finditer(text):
            end = group_end(text, match.end(), _LONGEST_BODY)
            if end is None:
                broken += 1
                if broken > _MOST_BROKEN:
                    break
                continue
            if len(self.known) >= _MOST:
                break
            name = match["braced"] or match["bare"] or match["operator"] or match["defined"]
            body = text[match.end() + 1 : end - 1]
            count = int(match["count"] or len(match["parameters"] or "") // 2)
            self.known[name] = Macro(
                count, match["default"], f"\\operatorname{{{body}}}" if match["operator"] else body
            )
            found.append((match.start(), end))
        return found

    def expanded(self, tex: MappedText) -> MappedText:
        """A formula with its own definitions taken out and all known commands replaced."""
        stretches = self.learn(tex.text) if "\\" in tex.text else []
        if stretches:
            tex = tex.gather(_outside(stretches, len(tex)))
        for _ in range(_PASSES if self.known else 0):
            parts = list(self._pass(tex))
            if len(parts) == 1:
                return tex
            longer = join(parts)
            if len(longer) > _LONGEST + len(tex):
                return tex
            tex = longer
        return tex

    def _pass(self, tex: MappedText) -> Iterator[MappedText]:
        """The formula in parts, each command that is known replaced once; one part if there is none."""
        position = 0
        for call in _CALL.finditer(tex.text):
            macro = self.known.get(call[1])
            if macro is None or call.start() < position:
                continue
            arguments = _arguments(tex, call.end(), macro)
            if arguments is None:
                continue
            yield tex.slice(position, call.start())
            values, position = arguments
            yield from _filled(macro, values, tex.origin(call.start()), tex.origin_end(call.end()))
        yield tex.slice(position, len(tex))


def group_end(text: str, start: int, longest: int) -> int | None:
    """Where the group in braces that begins at ``start`` ends."""
    depth = 0
    position = start
    while position < min(len(text), start + longest):
        character = text[position]
        if character == "\\":
            position += 1
        elif character == "{":
            depth += 1
        elif character == "}":
            depth -= 1
            if not depth:
                return position + 1
        position += 1
    return None


def _outside(stretches: list[tuple[int, int]], length: int) -> Iterator[tuple[int, int]]:
    position = 0
    for start, end in stretches:
        yield position, start
        position = end
    yield position, length


def _arguments(tex: MappedText, position: int, macro: Macro) -> tuple[list[MappedText], int] | None:
    """The arguments after a command and where they end; None where some are missing."""
    values: list[MappedText] = []
    if macro.default is not None and macro.count:
        optional = _OPTIONAL.match(tex.text, position)
        if optional is not None:
            values.append(tex.slice(*optional.span(1)))
            position = optional.end()
        else:
            origin = tex.origin(position)
            values.append(MappedText.of_characters((character, origin, 0) for character in macro.default))
    while len(values) < macro.count:
        space = _SPACE.match(tex.text, position)
        start = space.end() if space else position
        token = _TOKEN.match(tex.text, start)
        end = group_end(tex.text, start, _LONGEST) if tex.text.startswith("{", start) else token and token.end()
        if end is None:
            return None
        values.append(tex.slice(start, end))
        position = end
    return values, position


def _filled(macro: Macro, values: list[MappedText], start: int, end: int) -> Iterator[MappedText]:
    """The body with the arguments in it; they keep their braces, so that nothing runs together."""
    position = 0
    for parameter in _PARAMETER.finditer(macro.body):
        literal = macro.body[position : parameter.start()]
        yield _standing(literal, start, end)
        number = int(parameter[1])
        if 0 < number <= len(values):
            value = values[number - 1]
            if _ENDS_IN_COMMAND.search(literal) and value.text[:1].isalpha():
                yield _standing(" ", start, end)
            yield value
        position = parameter.end()
    yield _standing(macro.body[position:], start, end)


def _standing(text: str, start: int, end: int) -> MappedText:
    """A text of which every character stands for the same stretch of the source."""
    return MappedText.of_characters((character, start, end - start) for character in text)
