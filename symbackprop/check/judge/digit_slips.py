"""Naming what happened to the digits of a printed number."""

from __future__ import annotations

from typing import Any

from symbackprop.check.judge.digits import cut_off_like, rounded_like
from symbackprop.check.judge.numbers import is_whole
from symbackprop.check.rule import rules_in_order
from symbackprop.expression import Number


def digit_slip(printed: Number, truth: Any) -> tuple[str, str] | None:
    """The rule and the fact; None where the digits do not come from the right ones.

    A number that lost a digit, or has one twice, was meant to have one decimal more, or one less.
    """
    for wanted in _wanted(printed, truth):
        for rule in rules_in_order():
            if rule.digits is not None and (fact := rule.digits(printed.text, wanted)):
                return rule.name, fact
    return None


def _wanted(printed: Number, truth: Any) -> list[str]:
    """The right digits as they may have been meant: rounded, cut off, with one decimal more or less."""
    found = [rounded_like(printed, truth), cut_off_like(printed, truth)]
    if "." in printed.text and "e" not in printed.text.lower() and not is_whole(printed.text):
        found.append(rounded_like(Number(f"{printed.text}0"), truth))
        if printed.text[-2:-1] != ".":
            found.append(rounded_like(Number(printed.text[:-1]), truth))
    return list(dict.fromkeys(found))
