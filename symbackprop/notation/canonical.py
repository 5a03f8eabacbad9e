"""One spelling for all the ways in which the same name can be typed.

``canonical`` changes nothing that a reader would see but spacing and upright fonts: scripts get
braces, the subscript comes before the superscript (``w^l_{jk}`` is ``w_{jk}^{l}``). ``loosened`` also
gives up differences that writers do not mean: fonts, nested subscripts, a missing underscore.
"""

from __future__ import annotations

import re

LONGEST = 300
"""A longer text is no name."""

_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|<[^<>]*>|.", re.DOTALL)
_TEXT_TOKEN = re.compile(r"\\[A-Za-z]+\*?|\\.|.", re.DOTALL)

GREEK = (
    "alpha beta gamma delta varepsilon zeta eta theta kappa lambda mu nu xi pi rho sigma tau varphi chi psi omega "
    "epsilon phi Delta Theta Lambda Sigma Phi Psi Omega"
).split()

_UPRIGHT = frozenset(
    "mathrm text textrm textnormal operatorname operatorname* mathit textit mathnormal mathop mbox".split()
)
BOLD = frozenset("mathbf boldsymbol bm pmb textbf symbf".split())
ACCENTS = {
    **{name: name for name in "hat bar tilde dot ddot vec mathcal mathbb mathscr mathfrak mathsf mathtt".split()},
    "widehat": "hat",
    "widetilde": "tilde",
    "overline": "bar",
}
_SKIPPED = frozenset(r"\left \right \, \; \! \: \> \quad \qquad \displaystyle \limits \rm \it ~".split()) | {
    "\\ ",
    "\\",
}

_SCRIPTS = frozenset(("_", "^", "\\prime"))

_SAME = {
    "'": "\\prime",
    "′": "\\prime",
    "⊤": "\\top",
    "\\intercal": "\\top",
    "ᵀ": "\\top",
    "ℓ": "\\ell",
    "\\ast": "*",
    "∗": "*",
    "\\lbrack": "[",
    "\\rbrack": "]",
    "⟨": "\\langle",
    "⟩": "\\rangle",
    "\\lt": "\\langle",
    "\\gt": "\\rangle",
    "<": "\\langle",
    ">": "\\rangle",
    "\\thinspace": "\\,",
    "−": "-",
    "·": "\\cdot",
    **dict(zip("αβγδεζηθκλμνξπρστφχψωϵϕΔΘΛΣΦΨΩ", (f"\\{name}" for name in GREEK), strict=True)),
}


def canonical(tex: str, *, pattern: bool = False) -> str:
    """The spelling in its normal form; in a ``pattern``, placeholders ``<…>`` are left as they are."""
    if len(tex) > LONGEST:
        return tex
    tokens = (_TOKEN if pattern else _TEXT_TOKEN).findall(tex)
    return joined(_Reader([token for token in tokens if not token.isspace()], pattern).sequence())


class _Reader:
    """Walks over the tokens of one spelling."""

    def __init__(self, tokens: list[str], pattern: bool) -> None:
        self.tokens = tokens
        self.at = 0
        self.pattern = pattern

    def sequence(self) -> list[str]:
        """Atoms with their scripts, up to a closing brace or the end."""
        parts: list[str] = []
        while self.at < len(self.tokens) and self.tokens[self.at] != "}":
            if self._peek() in _SKIPPED:
                self.at += 1
                continue
            parts.append(self._scripts() if parts and self._peek() in _SCRIPTS else self._atom())
        return [part for part in parts if part]

    def _peek(self) -> str:
        token = self.tokens[self.at]
        if self.pattern and len(token) > 1 and token[0] == "<":
            return token
        return _SAME.get(token, token)

    def _scripts(self) -> str:
        """All scripts that stand here, the subscript first."""
        found = {"_": "", "^": ""}
        while self.at < len(self.tokens):
            sign = self._peek()
            if sign == "\\prime":
                found["^"] = joined([found["^"], sign])
            elif sign in found:
                self.at += 1
                while self.at < len(self.tokens) and self._peek() in _SKIPPED:
                    self.at += 1
                if self.at < len(self.tokens) and self.tokens[self.at] != "}":
                    found[sign] = joined([found[sign], self._argument()])
                continue
            elif sign not in _SKIPPED:
                break
            self.at += 1
        return "".join(f"{sign}{{{content}}}" for sign, content in found.items() if content)

    def _argument(self) -> str:
        """What a script or a command applies to: a group, or one token."""
        if self.tokens[self.at] == "{":
            return self._group()
        return self._atom()

    def _group(self) -> str:
        self.at += 1
        inner = joined(self.sequence())
        self.at += 1  # the closing brace, or the end
        return inner

    def _atom(self) -> str:
        token = self._peek()
        if token == "{":
            return self._group()
        self.at += 1
        name = token[1:] if token[0] == "\\" else ""
        if name not in _UPRIGHT and name not in BOLD and name not in ACCENTS:
            return token
        while self.at < len(self.tokens) and self._peek() in _SKIPPED:
            self.at += 1
        if self.at == len(self.tokens):
            return token
        inner = self._argument()
        if name in _UPRIGHT:
            return inner
        return f"\\{'mathbf' if name in BOLD else ACCENTS[name]}{{{inner}}}"


def joined(parts: list[str]) -> str:
    """The parts side by side; a command is kept apart from a letter that follows it."""
    text = ""
    for part in parts:
        if part[:1].isalpha() and _ENDS_IN_COMMAND.search(text):
            text += " "
        text += part
    return text


_ENDS_IN_COMMAND = re.compile(r"\\[A-Za-z]+$")

_VARIANTS = re.compile(r"\\var(epsilon|phi|theta|rho|sigma)(?![A-Za-z])")
_ELL = re.compile(r"\\ell(?![A-Za-z]) ?")
_BARE_NUMBER = re.compile(r"^(\\?[A-Za-z]+)(\d+)(?=$|\^)")
_BEHIND_SUBSCRIPT = re.compile(r"_\{([^{}]*)\}([A-Za-z0-9]+)(?=$|\^)")


def loosened(spelling: str) -> str:
    """A canonical spelling (or pattern) without the differences that writers do not mean."""
    text = _flattened(_ELL.sub("l", _VARIANTS.sub(r"\\\1", spelling)))
    return _BEHIND_SUBSCRIPT.sub(r"_{\1\2}", _BARE_NUMBER.sub(r"\1_{\2}", text))


def _flattened(text: str) -> str:
    """Without bold type, and without the marks of subscripts inside of scripts."""
    kept: list[str] = []
    braces: list[bool] = []  # for each open brace: whether it is kept
    at = 0
    while at < len(text):
        opening = "_{" if any(braces) else "\\mathbf{"
        if text.startswith(opening, at) or text.startswith("\\mathbf{", at):
            at += len(opening) if text.startswith(opening, at) else len("\\mathbf{")
            braces.append(False)
            continue
        if text[at] == "{":
            braces.append(True)
        if text[at] != "}" or not braces or braces.pop():
            kept.append(text[at])
        at += 1
    return "".join(kept)
