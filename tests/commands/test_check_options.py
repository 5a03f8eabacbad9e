"""``symbackprop check``: conventions that are settled, and the forms of the report."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from symbackprop.check.rule import RULES
from symbackprop.cli import main

POST = "$$z = w x + b$$\n\n$$\\frac{\\partial z}{\\partial w} = -x$$\n"


@pytest.fixture
def post(tmp_path: Path) -> str:
    path = tmp_path / "post.md"
    path.write_text(POST, encoding="utf-8")
    return str(path)


def test_a_convention_is_a_key_and_a_value(post: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", post, "--convention", "layout"]) == 2
    assert capsys.readouterr().err == "symbackprop: --convention: expected KEY=VALUE, got 'layout'\n"
    assert main(["check", post, "--convention", "layout = row", "--format", "json"]) == 1
    assert json.loads(capsys.readouterr().out)["files"][0]["conventions"]["layout"] == "row"


def test_a_report_in_sarif_describes_the_rules_that_it_names(post: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", post, "--format", "sarif"]) == 1
    (run,) = json.loads(capsys.readouterr().out)["runs"]
    (result,) = run["results"]
    described = {rule["id"]: rule["shortDescription"]["text"] for rule in run["tool"]["driver"]["rules"]}
    assert described[result["ruleId"]] == RULES.get(result["ruleId"]).summary
