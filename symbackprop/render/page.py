"""The last step to a page that needs nothing else: formulas typeset, fonts put in, its script vouched for."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from symbackprop.document.blocks import Message, Text
from symbackprop.document.story import Story
from symbackprop.figures.chart import chart
from symbackprop.figures.model import CurvePicture, NetworkPicture, Picture
from symbackprop.render.environment import Format, choose_format
from symbackprop.render.flavour import Flavour
from symbackprop.render.inline import Words
from symbackprop.render.interaction import page_facts
from symbackprop.render.katex import style_sheet, typeset
from symbackprop.render.locale import LOCALES, Locale
from symbackprop.render.numbering import Numbering
from symbackprop.render.terms import Glossary

STYLES = re.compile(r"(<style>\s*)/\* KaTeX \*/")
"""A page's style sheet begins with this where KaTeX's own goes; no words of a page can hold the element."""
HASHES = "'sha256-'"
"""Stands in the page's policy where the hashes of its scripts go."""
SCRIPT = re.compile(r"<script>(.*?)</script>", re.DOTALL)
WIDTH = re.compile(r'width="([\d.]+)"')
FIGURE_STYLE = re.compile(r"<style>.*?</style>", re.DOTALL)


def page_values(
    story: Story, words: Words, figures: Mapping[str, str], picture: Callable[[str], Picture]
) -> dict[str, object]:
    """What the templates of a page get besides; ``figures`` are its drawings by their names."""
    network = picture("network") if "network" in figures else None
    edges = network.edges if isinstance(network, NetworkPicture) else ()
    curve = picture("curve") if "curve" in figures else None
    return {
        **template_tools(words),
        "page": page_facts(story, words, edges, _extent(curve) if isinstance(curve, CurvePicture) else ()),
        "panel": in_page(figures["network"]) if edges else "",
        "figure_style": next(map(figure_style, figures.values()), ""),
    }


def _extent(picture: CurvePicture) -> tuple[float, ...]:
    """The iterations at which the drawn curve begins and ends: what its axes cannot show is not drawn."""
    values = chart(picture).traces[0].values
    return values[0][0], values[-1][0]


def template_tools(words: Words) -> dict[str, object]:
    """What the templates of a page need for words and data; ``page`` None: there is nothing to point at."""

    return {
        "phrase": Phrase(words.format, words.flavour, words.locale),
        "glossary": Glossary(words.locale),
        "as_json": json_in_page,
        "page": None,
        "panel": "",
        "figure_style": "",
    }


@dataclass(frozen=True, slots=True)
class Phrase:
    """The words of a page around its text, by their key: ``phrase("html.hint", count=3)``."""

    format: Format
    flavour: Flavour
    locale: Locale

    def __call__(self, key: str, **arguments: object) -> str:
        words = Words(self.format, self.flavour, self.locale, str, Numbering(()))
        return words.line(Message(key, {name: Text(str(value)) for name, value in arguments.items()}))


def page_phrase(language: str) -> Phrase:
    """The words of a language for a page that is no document."""
    output_format = choose_format("html")
    return Phrase(output_format, output_format.choose_flavour(None), LOCALES.get(language))


def finished(page: str) -> str:
    """The page as it is written to its file; UserError where KaTeX is lacking or refuses a formula."""
    made = with_katex_style(typeset(page))
    hashes = " ".join(f"'sha256-{_hash(script)}'" for script in SCRIPT.findall(made))
    return made.replace(HASHES, hashes or "'none'", 1)


def with_katex_style(page: str) -> str:
    """A page with typeset formulas, and KaTeX's style sheet as far as they need it."""
    sheet = style_sheet(page)
    return STYLES.sub(lambda match: match[1] + sheet, page, count=1)


def _hash(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode("ascii")


def json_in_page(data: Any) -> str:
    """JSON that can stand in an element of a page, whatever words are in it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def figure_style(svg: str) -> str:
    """The style sheet in a figure, which is the same in all figures."""
    found = FIGURE_STYLE.search(svg)
    return found[0][len("<style>") : -len("</style>")] if found else ""


def in_page(svg: str) -> str:
    """The figure as it stands in a page, which has the style sheet already and asks for its own width."""
    return WIDTH.sub(r'\g<0> style="--own-width:\1px"', FIGURE_STYLE.sub("", svg, count=1), count=1)
