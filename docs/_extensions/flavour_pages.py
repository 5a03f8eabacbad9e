"""One page for each flavour of Markdown: what it needs, how it spells formulas, the beginning of a document in it."""

from __future__ import annotations

import json

from markdown import block, code, listing, table

from symbackprop.api import NetworkDerivation, derive, load
from symbackprop.render.flavour import FLAVOURS, Facts, Flavour, fill

EXAMPLE = "mazur"
SECTION = "### "
"""What begins the part of the document that is shown: its first section of calculations."""
TRIED = {
    "engine": "yes, see [what was tried](../../flavours.md)",
    "table": "no: made by its table, not tried on the site",
}


def flavour_pages() -> dict[str, str]:
    """The list of all flavours, and a page each."""
    derivation = derive(load(EXAMPLE))
    flavours = {name: FLAVOURS.get(name) for name in FLAVOURS.names()}
    rows = (
        (f"[{name}]({name}.md)", flavour.title, "yes" if flavour.tried == "engine" else "no")
        for name, flavour in flavours.items()
    )
    index = (
        "# Flavours of Markdown\n\nPlaces that publish Markdown differ in how they want mathematics, tables, images and"
        " front matter. `symbackprop derive SPEC --flavour NAME` writes for one of them.\n\n"
        + table(("Flavour", "For", "Tried in its engine"), rows)
    )
    pages = {"flavours/index": f"{index}\n{listing(flavours)}"}
    return pages | {f"flavours/{name}": _page(name, flavour, derivation) for name, flavour in flavours.items()}


def _page(name: str, flavour: Flavour, derivation: NetworkDerivation) -> str:
    facts = Facts(title="", language="en", name="NAME", date="YYYY-MM-DD")
    values = {"name": facts.name, "language": "LANG", "date": facts.date, "extension": "md"}
    keys = [f"{key}: {json.dumps(value, ensure_ascii=False)}" for key, value in flavour.front_matter.items()]
    rows = [
        ("A formula in a line", code(fill(flavour.inline, {"tex": "TEX"}))),
        ("A displayed formula", code(fill(flavour.display, {"tex": "TEX"}).replace("\n", "↵"))),
        ("TeX without characters of Markdown", "yes" if flavour.hardened else "no"),
        ("Tables", {"pipe": "of Markdown", "html": "as HTML"}[flavour.table]),
        ("Images", code(fill(flavour.image, {}).partition("\n")[0])),
        ("Name of the file", code(fill(flavour.file_name, values))),
        ("Keys of the front matter", ", ".join(map(code, keys)) or "no front matter"),
        ("Tried in its engine", TRIED[flavour.tried]),
    ]  # fmt: skip
    return "\n\n".join(
        [
            f"# {name}",
            f"{flavour.title}. {flavour.note}".strip(),
            table(("Setting", "Value"), rows).rstrip(),
            "## A piece of a document",
            block(f"symbackprop derive {EXAMPLE} --flavour {name}", "sh").rstrip(),
            block(_piece(derivation.document("en").text("md", flavour=name)), "markdown"),
        ]
    )


def _piece(text: str) -> str:
    """The front matter, and the section with the first calculation."""
    head = text.split("\n---\n", 1)[0] + "\n---\n\n" if text.startswith("---\n") else ""
    start = text.index(SECTION)
    return head + text[start : text.index(SECTION, start + 1)].strip()
