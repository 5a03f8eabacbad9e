"""What readers without a mouse need and the theme leaves out: levels of headings, code that can be scrolled by keys."""

from __future__ import annotations

from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

NAVIGATION = "furo_navigation_tree"
LATE = 900
"""After the theme has made its part of the page."""


def mend(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    if NAVIGATION in context:
        context[NAVIGATION] = context[NAVIGATION].replace('role="heading"', 'role="heading" aria-level="2"')
    if "body" in context:
        context["body"] = context["body"].replace("<pre>", '<pre tabindex="0">')


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("html-page-context", mend, priority=LATE)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
