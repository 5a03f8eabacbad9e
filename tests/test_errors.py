"""What a user is told."""

from __future__ import annotations

import pickle

import pytest

from symbackprop.errors import (
    MOST_CHOICES,
    UserError,
    UserErrors,
    VerificationError,
    nearest,
    quote,
    raise_all,
    unknown,
)

KNOWN = ("conv", "dense", "softmax")


def test_the_message_names_place_fact_nearest_and_choices() -> None:
    error = unknown("net.toml: layers[2].kind", "dens", KNOWN)
    expected = "net.toml: layers[2].kind: unknown 'dens'; did you mean 'dense'? known: conv, dense, softmax"
    assert str(error) == expected


def test_without_a_near_choice_none_is_suggested() -> None:
    assert str(unknown("kind", "zzz", KNOWN)) == "kind: unknown 'zzz'; known: conv, dense, softmax"
    assert str(UserError("", "the file is empty")) == "the file is empty"


@pytest.mark.parametrize(("given", "meant"), [("Dense", "dense"), ("SOFTMAX", "softmax"), ("cnov", "conv"), ("", None)])
def test_the_nearest_choice(given: str, meant: str | None) -> None:
    assert nearest(given, KNOWN) == meant


def test_many_choices_are_counted_not_listed() -> None:
    message = str(unknown("weight", "w", [f"w{number}" for number in range(9000)]))
    assert message.endswith(f"and {9000 - MOST_CHOICES} more")
    assert len(message) < 500


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("a" * 1000, "'" + "a" * 59 + "…'"),
        ("\x1b[31mred\x07", r"'\x1b[31mred\x07'"),
        ("gnp.\u202eexe", r"'gnp.\u202eexe'"),
        ("中文 σ′", "'中文 σ′'"),
        ("\ud800", r"'\ud800'"),
        (3.5, "'3.5'"),
    ],
)
def test_what_was_given_is_shown_short_and_harmless(given: object, shown: str) -> None:
    assert quote(given) == shown


def test_several_errors_are_told_at_once() -> None:
    errors = [UserError("a", "one"), unknown("b", "dens", KNOWN)]
    with pytest.raises(UserErrors) as raised:
        raise_all(errors)
    assert raised.value.errors == tuple(errors)
    assert str(raised.value).splitlines() == [str(error) for error in errors]
    assert str(raised.value.within("net.toml")).splitlines()[0] == "net.toml: a: one"


def test_one_error_stays_itself_and_none_raises_nothing() -> None:
    raise_all([])
    with pytest.raises(UserError) as raised:
        raise_all([error := UserError("a", "one")])
    assert raised.value is error


@pytest.mark.parametrize(
    "error", [unknown("kind", "dens", KNOWN), UserErrors([UserError("a", "one"), UserError("b", "two")])]
)
def test_errors_cross_processes(error: UserError) -> None:
    copied = pickle.loads(pickle.dumps(error))
    assert type(copied) is type(error)
    assert str(copied) == str(error)


def test_exit_codes() -> None:
    assert UserError.exit_code == UserErrors.exit_code == 2
    assert VerificationError.exit_code == 1
