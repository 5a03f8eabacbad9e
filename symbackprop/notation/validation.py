"""The check of a notation table: every mistake in it at once, each at its place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from symbackprop.errors import UserError, raise_all, unknown
from symbackprop.notation.pattern import OF, Pattern, pieces_of, slots_in
from symbackprop.notation.roles import ROLES_OF_KEY, WRAPPERS, Role
from symbackprop.notation.table import LetterKind, Notation

LANGUAGES = ("en", "zh")
REQUIRED = ("loss", "learning_rate")
_LAYERS = frozenset(("layer", "letter", "linear", "source", "number", "counted", "counted_to", "counted_from"))
_GENERIC = frozenset(("generic", "generic_to", "generic_from"))
# placeholder -> the index that it tells; a number tells all of them
_TELLS = {
    "unit": "unit",
    "to": "to",
    "from": "from",
    "sample": "sample",
    "counted": "unit",
    "counted_to": "to",
    "counted_from": "from",
    "generic": "unit",
    "generic_to": "to",
    "generic_from": "from",
}
_PARAMETERS = frozenset(
    "weight recurrent_weight bias weight_input weight_hidden weight_output bias_hidden bias_output".split()
)
_LETTERS: dict[frozenset[str], tuple[LetterKind, ...]] = {
    frozenset(("letter", "source")) | _GENERIC: ("input", "hidden", "output"),
    frozenset(("linear",)): ("linear_hidden", "linear_output"),
}
_SIGNS = {"_": "_", "^": "^", "'": "^"}
_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|<[^<>]*>|\S")
_WRAPPER = Role(OF, OF)


def check(notation: Notation, path: Path) -> None:
    """Raise UserErrors that name everything that is wrong with a table."""
    raise_all([error.within(path.name) for error in problems(notation, path.name.removesuffix(".toml"))])


def problems(notation: Notation, stem: str) -> Iterator[UserError]:
    """What is wrong with a table that stands in the file ``stem``.toml."""
    if notation.name != stem:
        yield UserError("name", f"{notation.name!r} is not the name of its file")
    for language in LANGUAGES:
        if not notation.summary.get(language, "").strip():
            yield UserError(f"summary.{language}", "is missing")
    yield from _examples(notation)
    for key in REQUIRED:
        if key not in notation.spelling:
            yield UserError(f"spelling.{key}", "is missing")
    for key, source in notation.spelling.items():
        yield from _entry(notation, f"spelling.{key}", key, source, alias=False)
    for key, sources in notation.aliases.items():
        for number, source in enumerate(sources):
            yield from _entry(notation, f"aliases.{key}[{number}]", key, source, alias=True)
    yield from _letters(notation)
    yield from _indices(notation)


def _examples(notation: Notation) -> Iterator[UserError]:
    from symbackprop.notation.examples import EXAMPLES

    if notation.example not in EXAMPLES:
        yield unknown("example", notation.example, EXAMPLES, "unknown formula")


def _entry(notation: Notation, place: str, key: str, source: str, alias: bool) -> Iterator[UserError]:
    """What is wrong with one pattern."""
    roles = (_WRAPPER,) if key in WRAPPERS else ROLES_OF_KEY.get(key, ())
    if not roles:
        yield unknown(place, key, (*ROLES_OF_KEY, *WRAPPERS), "unknown role")
        return
    try:
        pieces = pieces_of(source)
    except ValueError as error:
        yield UserError(place, str(error))
        return
    for sign in sorted(_doubled(source)):
        yield UserError(place, f"two scripts with {sign} at the same name")
    slots = tuple(slots_in(pieces))
    names = [name for slot in slots for name in slot.names]
    for name in sorted({name for name in names if names.count(name) > 1} - _LAYERS):
        yield UserError(place, f"<{name}> stands in it twice")
    for role in roles:
        yield from _meaning(notation, place, Pattern(source, role, key), names, alias)


def _doubled(source: str) -> set[str]:
    """The signs of scripts that stand twice at the same name, which is no TeX."""
    found: set[str] = set()
    open_groups: list[set[str]] = [set()]
    is_script = False
    for token in _TOKEN.findall(source):
        seen = open_groups[-1]
        if token in _SIGNS:
            sign = _SIGNS[token]
            found |= seen & {sign}
            seen.add(sign)
            is_script = token != "'"
            continue
        if token == "}":
            open_groups.pop()
        elif token == "{":
            open_groups.append(set())
        if not is_script and token != "}":
            seen.clear()
        is_script = False
    return found


def _meaning(notation: Notation, place: str, pattern: Pattern, names: list[str], alias: bool) -> Iterator[UserError]:
    """Whether a pattern says of a quantity what has to be said, and nothing else."""
    role = pattern.role
    told = {index for name in names for index in ([_TELLS[name]] if name in _TELLS else [])}
    if role.key == OF:
        if OF not in names:
            yield UserError(place, "<of> is missing: what it stands around")
        return
    if OF in names:
        yield UserError(place, "<of> may stand only in " + " and ".join(WRAPPERS))
    if not alias and _GENERIC & set(names):
        yield UserError(place, "a generic letter may stand only in aliases")
    needed = _needed(pattern)
    if "number" not in names:
        for index in sorted(needed - told):
            yield UserError(place, f"<{index}> is missing")
    for index in sorted(told - needed):
        yield UserError(place, f"<{index}> says nothing here")
    layered = bool((_LAYERS | _GENERIC) & set(names))
    if role.place in ("layer", "any layer") and role.indices and not layered and notation.single_layer != "plain":
        yield UserError(place, "the layer is missing")
    if (role.place == "time") != ("time" in names):
        yield UserError(place, "<time> is missing" if role.place == "time" else "<time> says nothing here")
    is_parameter = role.kind in _PARAMETERS
    if not alias and is_parameter != ("updated" in names):
        yield UserError(place, "<updated> is missing" if is_parameter else "<updated> says nothing here")
    for users, kinds in _LETTERS.items():
        lacking = [kind for kind in kinds if not notation.letters.get(kind)]
        if lacking and users & set(names):
            yield UserError(place, f"it uses letters of layers, and letters.{lacking[0]} is missing")


def _needed(pattern: Pattern) -> set[str]:
    """The indices that a pattern of this shape must have."""
    if pattern.shape in ("array", "batch"):
        return set()
    if pattern.shape == "vector":
        return {"sample"}
    return {*pattern.role.indices, *(("sample",) if pattern.shape == "sample" else ())}


def _letters(notation: Notation) -> Iterator[UserError]:
    for kinds in _LETTERS.values():
        used: dict[str, str] = {}
        for kind, letters in notation.letters.items():
            if kind not in kinds:
                continue
            for letter in letters:
                if not (len(letter) == 1 and letter.isalpha()):
                    yield UserError(f"letters.{kind}", f"{letter!r} is not one letter")
                elif (other := used.get(letter.casefold())) is not None:
                    yield UserError(f"letters.{kind}", f"{letter!r} stands already in letters.{other}")
                used[letter.casefold()] = kind


def _indices(notation: Notation) -> Iterator[UserError]:
    """The letters of indices that may meet in one formula must differ; a weight's order is what is declared."""
    indices = notation.indices
    used: dict[str, str] = {}
    for name in ("layer", "unit", "before", "after", "other", "sample"):
        letter: str = getattr(indices, name)
        if letter in used:
            yield UserError(f"indices.{name}", f"{letter!r} is the letter of {used[letter]} already")
        used[letter] = name
    order = [name for name in _weight_indices(notation) if name in ("to", "from")]
    if order and "-".join(order) != notation.index_order:
        yield UserError("index_order", f"is {notation.index_order!r}, but the weight is written {'-'.join(order)}")


def _weight_indices(notation: Notation) -> Iterable[str]:
    source = notation.spelling.get("weight", "")
    try:
        return [_TELLS.get(name, "") for slot in slots_in(pieces_of(source)) for name in slot.names]
    except ValueError:
        return []
