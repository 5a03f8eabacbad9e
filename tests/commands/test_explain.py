"""``symbackprop explain``: the page of every rule, and what is said of one that there is not."""

from __future__ import annotations

import pytest

from symbackprop.check.rule import RULES
from symbackprop.cli import main


def test_all_rules_are_listed_with_what_they_find(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[0] for line in lines] == list(RULES.names())
    assert all(len(line.split()) > 2 for line in lines)


@pytest.mark.parametrize("name", RULES.names())
def test_a_page_says_what_is_found_why_and_an_example(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", name]) == 0
    page = capsys.readouterr().out
    assert page.startswith(f"{name}\n\n{RULES.get(name).summary}")
    assert [part for part in ("What it finds: ", "Why: ", "Example: ") if f"\n\n{part}" not in page] == []


def test_a_rule_that_there_is_not_is_told_with_the_nearest(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explain", "sign-lots"]) == 2
    assert "RULE: unknown rule 'sign-lots'; did you mean 'sign-lost'?" in capsys.readouterr().err
