"""From what stands between two delimiters to TeX: template tags and entities taken away."""

from __future__ import annotations

import html
import re

from symbackprop.check.scan.mapped import MappedText

_NOISE = re.compile(
    r"\{%-?\s*(?:end)?raw\s*-?%\}"  # Liquid and Nunjucks: what stands between is not a template
    r"|<br\s*/?>"
    r"|&(?:amp|lt|gt|quot|apos|nbsp|#39|#x27|#x2F|#92|#95|#42|#60|#62|#38);"
    r"|\\(?=\*)"  # Markdown: no emphasis; in TeX a product sign that may be a line end
)
_DOUBLED = re.compile(
    r"\\\\(?=\\\\)"  # four of them: a line break
    r"|(?<!\\)\\\\(?=[{}|,;:!_*#&%$])"
)


def cleaned(tex: MappedText, doubled: bool = False) -> MappedText:
    """The TeX meant by the source text; ``doubled`` where Markdown takes one backslash of each pair away."""
    if doubled and "\\\\" in tex.text:
        tex = tex.substitute(_DOUBLED, lambda match: "" if tex.text.startswith("\\\\", match.end()) else "\\")
    return tex.substitute(_NOISE, lambda match: _decoded(match[0]))


def _decoded(noise: str) -> str:
    if noise[0] != "&":
        return ""
    character = html.unescape(noise)
    return " " if character == "\xa0" else character
