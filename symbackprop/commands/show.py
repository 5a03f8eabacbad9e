"""symbackprop show: one formula, to paste, or every gradient."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from symbackprop.errors import UserError

if TYPE_CHECKING:
    from symbackprop.api import NetworkDerivation
    from symbackprop.expression import Chain

FORMS = ("factors", "delta", "closed", "value", "all")


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("spec", metavar="SPEC", help="a TOML file, or the name of a built-in network")
    parser.add_argument(
        "quantity",
        nargs="?",
        metavar="QUANTITY",
        help="a quantity by its name in the notation: w5, net_h1; left out: every derivative, as TeX",
    )
    parser.add_argument("--form", choices=FORMS, default="all", help="what to show of a weight's gradient (all)")
    parser.add_argument("--to", choices=("tex", "text"), default="tex", help="TeX, or plain text (tex)")
    parser.add_argument("--notation", metavar="NAME", help="notation family (the spec's)")
    parser.add_argument("--digits", type=int, metavar="N", help="digits shown (the spec's)")


def run(options: Namespace) -> int:
    from symbackprop.api import derive, load, with_options

    derivation = derive(with_options(load(options.spec), notation=options.notation, digits=options.digits))
    assert derivation.verification
    if options.quantity is None:
        return _print_all(derivation, options)
    lines = _lines(derivation, options.quantity, options.form)
    for line in lines:
        line = derivation.in_own_signs(line)
        print(derivation.printer.tex(line) if options.to == "tex" else _text(derivation, line))
    return 0


def _print_all(derivation: NetworkDerivation, options: Namespace) -> int:
    if options.to != "tex" or options.form not in ("all", "delta"):
        raise UserError("QUANTITY", "is left out: all derivatives are printed in their δ form, as TeX")
    for equation in derivation.equations():
        print(equation)
    return 0


def _lines(derivation: NetworkDerivation, name: str, form: str) -> list[Chain]:
    from symbackprop.derive.reverse import adjoint_symbol
    from symbackprop.forms.scalar import closed_form

    symbol = derivation.directory.find(name, "QUANTITY")
    if symbol in derivation.derivation.parameters:
        forms = derivation.gradient(name).forms()
        if form == "all":
            return list(dict.fromkeys(forms.values()))
        if form == "closed" and form not in forms:
            closed_form(derivation.derivation.graph, adjoint_symbol(symbol))  # says why
        if form not in forms:
            raise UserError("--form", f"{name} has no {form}: the spec leaves values out", tuple(forms))
        return [forms[form]]
    return [derivation.story.defined(symbol)]


def _text(derivation: NetworkDerivation, line: Chain) -> str:
    from symbackprop.latex.plain import plain_text

    return plain_text(line, derivation.plain_name)
