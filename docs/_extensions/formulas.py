"""Formulas typeset by KaTeX while the site is built, as in symbackprop's own pages: no script, no network.

A formula that KaTeX refuses is a warning, and so ends a build in which warnings are errors.
"""

from __future__ import annotations

import html
import shutil
from functools import cache
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util import logging

from symbackprop.errors import UserError
from symbackprop.render.katex import STYLE, katex_folder, typeset

PUNCTUATION = tuple(".,;:!?)’”。，；：！？）、")
BEHIND = "behind"
LONGEST_UNBROKEN = 60
"""in characters of TeX"""

logger = logging.getLogger(__name__)


@cache
def _typeset(tex: str, kind: str) -> str:
    return typeset(f'<span class="{kind}">{html.escape(tex, quote=False)}</span>')


def _formula(node: nodes.Node, kind: str) -> str:
    """The formula as HTML; its TeX where KaTeX refuses it."""
    tex = node.astext().strip()
    try:
        return _typeset(tex, kind)
    except UserError as error:
        logger.warning("%s", error, location=node)
        return f"<code>{html.escape(tex)}</code>"


def inline(writer: Any, node: nodes.math) -> None:
    kind = "formula short" if len(node.astext()) <= LONGEST_UNBROKEN else "formula"
    writer.body.append(f'<span class="{kind}">{_formula(node, "tex")}{node.get(BEHIND, "")}</span>')
    raise nodes.SkipNode


def display(writer: Any, node: nodes.math_block) -> None:
    writer.body.append(f'<div class="formula" tabindex="0">{_formula(node, "tex display")}</div>')
    raise nodes.SkipNode


def hold_punctuation(app: Sphinx, doctree: nodes.document, page: str) -> None:
    """Put the full stop behind a formula into its element, so that it does not begin the next line."""
    if app.builder.format != "html":
        return
    for formula in list(doctree.findall(nodes.math)):
        siblings = formula.parent.children
        after = siblings[siblings.index(formula) + 1 :][:1]
        if after and isinstance(after[0], nodes.Text) and after[0][:1] in PUNCTUATION:
            formula[BEHIND] = after[0][:1]
            formula.parent.replace(after[0], nodes.Text(after[0][1:]))


def copy_katex(app: Sphinx) -> None:
    """KaTeX's style sheet and fonts, into the site."""
    if app.builder.format != "html":
        return
    target = Path(app.outdir) / "_static" / "katex"
    (target / "fonts").mkdir(parents=True, exist_ok=True)
    shutil.copy(katex_folder() / STYLE, target)
    for font in (katex_folder() / "fonts").glob("*.woff2"):
        shutil.copy(font, target / "fonts")


def setup(app: Sphinx) -> dict[str, Any]:
    app.add_html_math_renderer("katex", (inline, None), (display, None))
    app.connect("builder-inited", copy_katex)
    app.connect("doctree-resolved", hold_punctuation)
    app.add_css_file(f"katex/{STYLE}")
    return {"parallel_read_safe": True, "parallel_write_safe": True}
