"""symbackprop explain: the page of a rule of the checker."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("rule", nargs="?", metavar="RULE", help="a rule's name; without it, all are listed")


def run(options: Namespace) -> int:
    from inspect import cleandoc

    from symbackprop.check.rule import RULES

    if options.rule is None:
        width = max(map(len, RULES.names()))
        for rule in RULES:
            print(f"{rule.name:<{width}}  {rule.summary}")
        return 0
    rule = RULES.get(options.rule, "RULE")
    print(f"{rule.name}\n\n{cleandoc(rule.page or '')}")
    return 0
