"""Pages that are made from the code whenever the site is built, into ``generated/``, which is not kept.

Rules, notations, flavours, the spec and the command line are each described in one place, and that is not here.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from command_page import command_page
from flavour_pages import flavour_pages
from gallery_pages import gallery_files, gallery_pages
from notation_pages import notation_pages
from rule_pages import rule_pages
from spec_page import spec_page
from sphinx.application import Sphinx

FOLDER = "generated"


def write_pages(app: Sphinx) -> None:
    """Write every page that has changed, and take away those that are gone."""
    top = Path(app.srcdir) / FOLDER
    output = Path(app.srcdir).parent / "output"
    pages = {
        **rule_pages(),
        **notation_pages(),
        **flavour_pages(),
        **spec_page(),
        **command_page(),
        **gallery_pages(output),
    }
    files = {f"{name}.md": text.encode() for name, text in pages.items()} | gallery_files(output)
    for path in sorted(top.rglob("*"), reverse=True):
        if path.is_file() and path.relative_to(top).as_posix() not in files:
            path.unlink()
    for name, content in files.items():
        path = top / name
        if not path.is_file() or path.read_bytes() != content:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("builder-inited", write_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
