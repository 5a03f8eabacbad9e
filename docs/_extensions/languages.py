"""Pages in Chinese: they say so, since fonts and readers aloud depend on it, and line ends in them are no spaces."""

from __future__ import annotations

import re
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx

CHINESE = "zh-CN"


HAN, MARKS = r"\u4e00-\u9fff", r"\u3001-\u303f\uff01-\uff60“”"
LINE_END = re.compile(rf"(?<=[{MARKS}])\n|(?<=[{HAN}])\n(?=[{HAN}{MARKS}])|\n(?=[{MARKS}])")
"""Where no space belongs: behind or before a Chinese mark, and between Chinese characters."""


def is_chinese(page: str) -> bool:
    """Chinese pages lie in ``zh/`` or end with ``.zh``."""
    return page.startswith("zh/") or page.endswith(".zh")


def tell(app: Sphinx, page: str, template: str, context: dict[str, Any], doctree: nodes.document | None) -> None:
    if is_chinese(page):
        context["language"] = CHINESE


def join_lines(app: Sphinx, doctree: nodes.document) -> None:
    """Where a Chinese paragraph goes on in another line of its source, browsers would show a space."""
    if is_chinese(app.env.docname):
        for text in list(doctree.findall(nodes.Text)):
            if "\n" in text and not isinstance(text.parent, nodes.FixedTextElement | nodes.literal):
                text.parent.replace(text, nodes.Text(_joined(text)))


def _joined(text: nodes.Text) -> str:
    siblings = text.parent.children
    place = siblings.index(text)
    before = siblings[place - 1].astext()[-1:] if place else ""
    behind = siblings[place + 1].astext()[:1] if place + 1 < len(siblings) else ""
    whole = LINE_END.sub("", f"{before}{text}{behind}")
    return whole[len(before) : len(whole) - len(behind)]


def setup(app: Sphinx) -> dict[str, Any]:
    app.connect("doctree-read", join_lines)
    app.connect("html-page-context", tell)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
