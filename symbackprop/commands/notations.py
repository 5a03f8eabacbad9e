"""symbackprop notations: the families in which quantities are spelled."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("--lang", default="en", metavar="en|zh", help="language of the descriptions (en)")


def run(options: Namespace) -> int:
    from symbackprop.latex.style import printer_for
    from symbackprop.notation.summary import summary_rows
    from symbackprop.render.locale import LOCALES

    LOCALES.get(options.lang, "--lang")
    rows = list(summary_rows(lambda naming, line: printer_for(naming).tex(line), options.lang))
    names, families = (max(len(getattr(row, key)) for row in rows) for key in ("name", "family"))
    for row in rows:
        print(f"{row.name:<{names}}  {row.family:<{families}}  {row.summary}")
        print(f"{'':<{names}}  {'':<{families}}  {row.example}")
    return 0
