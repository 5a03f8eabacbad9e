"""Formulas made into HTML while the page is written, by KaTeX in a small JavaScript engine.

A page marks a formula as ``<span class="tex">...</span>``, or ``class="tex display"``. KaTeX, its
style sheet and its fonts come from a Python package (they are plain files in it; none of its code is
run), or from the folder that ``SYMBACKPROP_KATEX`` names.
"""

from __future__ import annotations

import base64
import html
import json
import os
import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path
from typing import NamedTuple

from symbackprop.errors import UserError

PLACE = "html"
REMEDY = 'pip install "symbackprop[html]"'
DISTRIBUTION = "djangocms-katex"
FOLDER = "djangocms_katex/static/djangocms_katex/vendor/katex"
FOLDER_VARIABLE = "SYMBACKPROP_KATEX"
SCRIPT, STYLE = "katex.min.js", "katex.min.css"

FORMULA = re.compile(r'<span class="tex( display)?">([^<]*)</span>')
ANNOTATION = re.compile(r"<annotation[^>]*>.*?</annotation>", re.DOTALL)
ONE_AT_A_TIME = threading.Lock()
"""Two threads in the engine at once would end the process."""
MEMORY_LIMIT, TIME_LIMIT = 512 * 2**20, 120
"""In bytes, and in seconds for one page."""

# JSON in both directions: the engine's own conversion of long strings is not to be trusted
RENDER = r"""
function render(requests) {
  const options = {
    throwOnError: true,
    strict: (code) => code === "htmlExtension" ? "ignore" : "error",
    trust: (context) => {
      if (context.command === "\\htmlData") return true;
      throw new Error(`${context.command} does more than show a formula`);
    },
    maxExpand: 1000,
    output: "htmlAndMathml",
  };
  return JSON.stringify(JSON.parse(requests).map(([tex, display]) => {
    try {
      return {html: katex.renderToString(tex, {...options, displayMode: display})};
    } catch (error) {
      return {error: String(error.message)};
    }
  }));
}
"""

FACE = re.compile(r"@font-face\{[^}]*\}")
RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
CLASSES = re.compile(r'class="([^"]*)"')
FONT_FILE = re.compile(r"url\((fonts/[\w-]+\.woff2)\)")


def typeset(page: str, prepare: Callable[[str], str] = str) -> str:
    """The page with every formula as HTML and MathML; ``prepare`` is applied to the TeX of each.

    UserError where KaTeX is lacking or refuses a formula.
    """
    wanted = dict.fromkeys((html.unescape(tex), bool(display)) for display, tex in FORMULA.findall(page))
    made = dict(zip(wanted, _rendered([(prepare(tex), display) for tex, display in wanted]), strict=True))
    return FORMULA.sub(lambda match: made[html.unescape(match[2]), bool(match[1])], page)


def formula(tex: str) -> str | None:
    """One formula as HTML and MathML, or None where KaTeX refuses it; UserError where KaTeX is lacking."""
    with ONE_AT_A_TIME:
        (answer,) = json.loads(_engine()(json.dumps([(tex, False)])))
    return ANNOTATION.sub("", answer["html"]) if "html" in answer else None


def _rendered(requests: list[tuple[str, bool]]) -> Iterator[str]:
    if not requests:
        return
    with ONE_AT_A_TIME:
        answers = json.loads(_engine()(json.dumps(requests)))
    for (tex, _), answer in zip(requests, answers, strict=True):
        if "error" in answer:
            raise UserError(PLACE, f"KaTeX refuses {tex!r}: {answer['error']}")
        # a copy of the TeX is of no use on the page, and would hold our own commands
        yield ANNOTATION.sub("", answer["html"])


@cache
def _engine() -> Callable[[str], str]:
    try:
        import quickjs
    except ImportError:
        raise UserError(PLACE, f"needs a JavaScript engine, quickjs-ng, to typeset formulas; {REMEDY}") from None
    context = quickjs.Context()
    context.set_memory_limit(MEMORY_LIMIT)
    context.eval(read(SCRIPT))
    context.eval(RENDER)
    context.set_time_limit(TIME_LIMIT)
    render: Callable[[str], str] = context.get("render")
    return render


def katex_folder() -> Path:
    """Where KaTeX lies; UserError where it is not there."""
    given = os.environ.get(FOLDER_VARIABLE)
    if given:
        folder, place = Path(given), FOLDER_VARIABLE
    else:
        try:
            folder, place = Path(str(distribution(DISTRIBUTION).locate_file(FOLDER))), PLACE
        except PackageNotFoundError:
            raise UserError(PLACE, f"needs KaTeX, from the package {DISTRIBUTION}; {REMEDY}") from None
    if not (folder / SCRIPT).is_file() or not (folder / STYLE).is_file():
        raise UserError(place, f"{folder} lacks {SCRIPT} or {STYLE}; {REMEDY}")
    return folder


def read(name: str) -> str:
    return (katex_folder() / name).read_text(encoding="utf-8")


class Face(NamedTuple):
    """What tells one font of a family from the others."""

    family: str
    bold: bool
    italic: bool


def style_sheet(typeset_page: str) -> str:
    """KaTeX's style sheet with the fonts in it that a typeset page uses."""
    css = read(STYLE)
    classes = {name for names in set(CLASSES.findall(typeset_page)) for name in names.split()}
    if "katex" not in classes:
        return ""
    rules = RULE.findall(FACE.sub("", css))
    used = [_properties(body) for selectors, body in rules if _applies(selectors, classes)]
    families = {family for rule in used if (family := _family(rule)) is not None}
    bold = any(rule.get("font-weight") == "700" for rule in used)
    italic = any(rule.get("font-style") == "italic" for rule in used)

    def embedded(match: re.Match[str]) -> str:
        face = _face(match[0])
        wanted = face.family in families and (bold or not face.bold) and (italic or not face.italic)
        # a family that has this style only is needed in any case
        return _with_font(match[0]) if wanted else ""

    return FACE.sub(embedded, css)


def _applies(selectors: str, classes: set[str]) -> bool:
    """Whether a rule can concern a page with these classes."""
    return any(set(re.findall(r"\.([\w-]+)", selector)) <= classes for selector in selectors.split(","))


def _properties(body: str) -> Mapping[str, str]:
    pairs: Iterable[list[str]] = (line.split(":", 1) for line in body.split(";") if ":" in line)
    return {name.strip(): value.strip() for name, value in pairs}


def _family(properties: Mapping[str, str]) -> str | None:
    named = re.search(r"KaTeX_\w+", f"{properties.get('font-family', '')} {properties.get('font', '')}")
    return named[0] if named else None


def _face(rule: str) -> Face:
    properties = _properties(rule[rule.index("{") + 1 : -1])
    return Face(_family(properties) or "", properties["font-weight"] == "700", properties["font-style"] == "italic")


def _with_font(rule: str) -> str:
    """The rule with its font inside, in the one form that every browser of today reads."""
    file = FONT_FILE.search(rule)
    if file is None:
        raise UserError(PLACE, f"KaTeX's {STYLE} names no font in {rule!r}")
    data = base64.b64encode((katex_folder() / file[1]).read_bytes()).decode("ascii")
    return re.sub(r"src:[^}]*", f'src:url(data:font/woff2;base64,{data}) format("woff2")', rule)
