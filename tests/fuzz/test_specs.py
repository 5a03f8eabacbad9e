"""Whatever a spec holds: a network, or a user's error."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symbackprop.api import derive
from symbackprop.errors import UserError, VerificationError
from symbackprop.examples.library import example_names, example_path
from symbackprop.spec.model import Network
from symbackprop.spec.reading import parse_spec

FEW = 30
"""Parameters up to which a network that was read is derived as well."""

VALUES = [
    "0", "-1", "1", "2", "3", "10", "999999999999", "0.5", "-0.0", "1e400", "-1e-400", "nan", "inf", "true", '""', '"x"',
    '"sigmoid"', '"softmax"', '"relu"', '"cross_entropy"', '"zh"', '"row"', '"sequential"', '"weight_share"', '"recurrent"',
    "[]", "[[]]", "[1]", "[0.1, 0.2]", "[[0.1, 0.2], [0.3, 0.4]]", "[[[1]]]", "{}", "{a = 1}", '"../../x"', '"\\u202e"',
    "1979-05-27", '"{{ 7 * 7 }}"', '"\\\\input{/etc/passwd}"', "[[1, 2], [3]]", "0x10", "1_000",
]  # fmt: skip


@cache
def lines() -> list[str]:
    """Every line of every built-in network."""
    found: dict[str, None] = {}
    for name in example_names():
        text = Path(example_path(name)).read_text(encoding="utf-8")
        found.update(dict.fromkeys(line for line in text.splitlines() if line and not line.startswith("#")))
    return list(found)


@cache
def keys() -> list[str]:
    return sorted({line.partition("=")[0].strip() for line in lines() if "=" in line and not line.startswith("[")})


ASSIGNED = st.tuples(st.deferred(lambda: st.sampled_from(keys())), st.sampled_from(VALUES)).map(" = ".join)
LINES = st.one_of(st.deferred(lambda: st.sampled_from(lines())), ASSIGNED)


@st.composite
def changed_examples(draw: st.DrawFn) -> str:
    """A built-in network with some lines taken out, doubled or replaced."""
    text = Path(example_path(draw(st.sampled_from(example_names())))).read_text(encoding="utf-8")
    found = text.splitlines()
    for _ in range(draw(st.integers(1, 5))):
        place = draw(st.integers(0, len(found) - 1))
        found[place : place + draw(st.integers(0, 2))] = [draw(LINES)]
    return "\n".join(found)


def is_answered(text: str) -> None:
    try:
        network = parse_spec(text)
    except UserError as error:
        told = str(error)
        assert told.startswith("spec: ")
        return
    assert isinstance(network, Network)
    try:
        derivation = derive(network)
        if len(derivation.derivation.parameters) <= FEW:
            assert derivation.document().text("md")
    except (UserError, VerificationError) as error:
        told = str(error)
        assert told


SLOW = [HealthCheck.too_slow, HealthCheck.data_too_large]


@settings(max_examples=60, suppress_health_check=SLOW)
@given(changed_examples())
def test_a_changed_network_is_read_and_derived_or_refused(text: str) -> None:
    is_answered(text)


@settings(max_examples=150, suppress_health_check=SLOW)
@given(st.lists(LINES, max_size=15).map("\n".join))
def test_any_lines_are_read_or_refused(text: str) -> None:
    is_answered(text)


@settings(max_examples=200, suppress_health_check=SLOW)
@given(st.one_of(st.text(max_size=200), st.text(alphabet="[]{}=\"'.,#\n abc01-", max_size=200)))
def test_any_text_is_read_or_refused(text: str) -> None:
    is_answered(text)
