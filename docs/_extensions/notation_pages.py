"""One page for each notation: the worked example in it, its conventions, and the patterns of its table."""

from __future__ import annotations

from itertools import chain

from markdown import block, code, formulas, listing, table

from symbackprop.api import Gradient, NetworkDerivation, derive, load, with_options
from symbackprop.expression import Symbol
from symbackprop.latex.style import printer_for
from symbackprop.notation.summary import SummaryRow, summary_rows
from symbackprop.notation.table import NOTATIONS, Notation

EXAMPLE = "mazur"
CONVENTIONS = {
    "layout": "how matrices stand",
    "index_order": "the two indices of a weight",
    "weight_layer": "the layer that a weight counts with",
    "first_layer": "the number of the input layer",
    "delta_sign": "δ times this is the derivative of the error by the pre-activation",
    "hadamard": "the elementwise product",
    "transpose": "the mark of a transpose",
    "updated": "the mark of a parameter after its update",
    "log": "the natural logarithm",
}
"""Settings of a table that change how formulas are read."""
TEX_SETTINGS = ("hadamard", "log")


def notation_pages() -> dict[str, str]:
    """The list of all notations with a formula in each, and a page each."""
    rows = list(summary_rows(lambda naming, line: printer_for(naming).tex(line)))
    index = (
        "# Notations\n\nEvery formula that symbackprop writes is spelled by one of these tables, and every formula"
        " that it reads is looked up in them. `symbackprop derive SPEC --notation NAME` chooses one for writing;"
        " in checking it is found out, or given with `--notation`.\n\n"
        + table(
            ("Notation", "What it is like", "A formula in it"),
            ((f"[{row.name}]({row.name}.md)", formulas(row.summary), f"${row.example}$") for row in rows),
        )
    )
    pages = {"notations/index": f"{index}\n{listing(row.name for row in rows)}"}
    return pages | {f"notations/{row.name}": _page(row) for row in rows}


def _page(row: SummaryRow) -> str:
    notation = NOTATIONS.get(row.name)
    derivation = derive(with_options(load(EXAMPLE), notation=row.name))
    parts = [
        f"# {row.name}",
        f"{formulas(row.summary[:1].upper() + row.summary[1:])}.",
        f"$$\n{row.example}\n$$",
        f"## The worked example in it\n\n{_names(derivation)}",
        "A weight of the output layer, and one of the hidden layer, factor by factor and with δ:",
        *_gradients(derivation),
        block(f"symbackprop derive {EXAMPLE} --notation {row.name}", "sh"),
        f"## Conventions\n\n{_conventions(notation)}",
        f"## Patterns\n\n{_patterns(notation)}",
    ]
    return "\n\n".join(part.rstrip() for part in parts) + "\n"


def _names(derivation: NetworkDerivation) -> str:
    """The section about notation of the derivation's own document."""
    sections = derivation.document("en").text("md").split("\n## ")
    return next(section.partition("\n")[2] for section in sections if section.startswith("Notation\n")).strip()


def _gradients(derivation: NetworkDerivation) -> list[str]:
    found = []
    for layer in (2, 1):
        forms = Gradient(derivation, Symbol("weight", layer, (0, 0))).forms()
        rows = [derivation.printer.tex(derivation.in_own_signs(forms[form])) for form in ("factors", "delta")]
        aligned = " \\\\\n".join(row.replace(" = ", " &= ", 1) for row in rows)
        found.append(f"$$\n\\begin{{aligned}}\n{aligned}\n\\end{{aligned}}\n$$")
    return found


def _conventions(notation: Notation) -> str:
    def shown(setting: str) -> str:
        value = str(getattr(notation, setting))
        return f"${value}$" if setting in TEX_SETTINGS else code(value)

    return table(
        ("Setting", "What it is", "Here"), ((code(name), CONVENTIONS[name], shown(name)) for name in CONVENTIONS)
    )


def _patterns(notation: Notation) -> str:
    also = notation.aliases
    rows = (
        (code(role), code(notation.spelling.get(role, "")), ", ".join(map(code, also.get(role, []))))
        for role in dict.fromkeys(chain(notation.spelling, also))
    )
    intro = "What is written for each kind of quantity, and what is read for it besides.\n\n"
    return intro + table(("Quantity", "Written", "Also read"), rows)
