"""One page for each rule of the checker: what ``symbackprop explain`` prints, with its formulas typeset."""

from __future__ import annotations

import re
from inspect import cleandoc

from markdown import code, docstring, listing, table

from symbackprop.check.rule import RULES, Rule

PART = re.compile(r"^(What it finds|Why|Example): ", re.MULTILINE)


def rule_pages() -> dict[str, str]:
    """The list of all rules, and a page each."""
    rows = [(f"[{rule.name}]({rule.name}.md)", docstring(rule.summary)) for rule in RULES]
    index = (
        "# Rules of the checker\n\nWhere a statement does not hold, `symbackprop check` looks for the slip behind it."
        " Each rule knows one, and its name stands in the report in square brackets;"
        " `symbackprop explain NAME` prints its page.\n\n"
    )
    return {
        "rules/index": index + table(("Rule", "Slip"), rows) + "\n" + listing(RULES.names()),
        **{f"rules/{rule.name}": _page(rule) for rule in RULES},
    }


def _page(rule: Rule) -> str:
    text = docstring(PART.sub(lambda found: f"**{found[1]}:** ", cleandoc(rule.page or "")))
    verdict = f"[{code(rule.status.value)}](../../howto/check.md#verdicts)"
    return f"# {rule.name}\n\n{text}\n\n**Verdict:** {verdict}\n"
