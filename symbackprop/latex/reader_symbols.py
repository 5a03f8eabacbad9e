"""What each command and each character of a formula is to the reader: its kind and its value.

Adding a spelling is adding it to one line here. The kinds are what the parser dispatches on.
"""

from __future__ import annotations


def _listed(names: str) -> list[str]:
    return names.split()


GREEK = _listed(
    "alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi "
    "chi psi omega varepsilon vartheta varphi varrho varsigma varpi varkappa Gamma Delta Theta Lambda Xi Pi Sigma "
    "Upsilon Phi Psi Omega digamma"
)

_GREEK_CHARACTERS = dict(zip("αβγδεζηθικλμνξοπρστυφχψω", GREEK[:24], strict=True)) | {
    "ϵ": "epsilon", "ϕ": "phi", "ϑ": "vartheta", "ς": "varsigma", "Γ": "Gamma", "Δ": "Delta", "∆": "Delta",
    "Θ": "Theta", "Λ": "Lambda", "Ξ": "Xi", "Π": "Pi", "Φ": "Phi", "Ψ": "Psi", "Ω": "Omega", "ℓ": "ell",
}  # fmt: skip

# kind -> value -> the spellings that have it
_TABLE: dict[str, dict[str, str]] = {
    "relation": {
        "=": r"= == ＝ \eq", "≈": r"≈ ≃ ≅ \approx \simeq \cong \doteq \approxeq", "≡": r"≡ \equiv",
        ":=": r":= ≔ \coloneqq \coloneq", "≜": r"≜ \triangleq", "←": r"← \leftarrow \gets \longleftarrow <-",
        "→": r"→ \to \rightarrow \longrightarrow \mapsto ->", "≠": r"≠ != \ne \neq", "∝": r"∝ \propto",
        "≤": r"≤ <= \le \leq \leqslant ⩽", "≥": r"≥ >= \ge \geq \geqslant ⩾", "<": r"< \lt \ll ＜",
        ">": r"> \gt \gg ＞", "∈": r"∈ \in", "∼": r"∼ \sim", "+=": "+=", "-=": "-=",
    },
    "implies": {
        "⇒": r"⇒ ⟹ => ⇓ ↓ \Rightarrow \implies \Longrightarrow \Downarrow \downarrow",
        "⇔": r"⇔ ⟺ \iff \Leftrightarrow \Longleftrightarrow",
        "∴": r"∴ ∵ \therefore \because",
    },
    "+": {"+": "+ ＋"},
    "-": {"-": "- − – — ﹣ －"},
    "product": {
        "star": r"* ∗ ＊ ⋆ \ast \* \star \circledast", "dot": r"· ⋅ ∙ • \cdot \bullet \centerdot \cdotp",
        "times": r"× \times", "outer": r"⊗ \otimes", "matrix_product": "@",
    },
    "hadamard": {"hadamard": r"⊙ ⨀ \odot \bigodot", "circle": r"∘ ◦ \circ"},
    "slash": {"/": r"/ ÷ ／ ∕ \div \slash"},
    "{": {"{": "{"}, "}": {"}": "}"}, "_": {"_": r"_ \_ \sb"}, "^": {"^": r"^ \sp"}, "&": {"&": "&"},
    "open": {"(": r"( （ \lparen", "[": r"[ \lbrack", "{": r"\{ \lbrace", "|": r"\lvert", "‖": r"\lVert",
             "⌊": r"⌊ \lfloor", "⌈": r"⌈ \lceil", "⟨": r"⟨ \langle"},
    "close": {")": r") ） \rparen", "]": r"] \rbrack", "}": r"\} \rbrace", "|": r"\rvert", "‖": r"\rVert",
              "⌋": r"⌋ \rfloor", "⌉": r"⌉ \rceil", "⟩": r"⟩ \rangle"},
    "bar": {"|": r"| \vert ｜", "‖": r"‖ || \| \Vert"},
    "mid": {"|": r"\mid"},
    "comma": {",": ", ， 、"}, "semicolon": {";": "; ；"}, "period": {".": ". 。 ．"}, "colon": {":": r": ： \colon"},
    "quad": {"": r"\quad \qquad \hfill \enspace"},
    "row": {"": r"\cr \newline \tabularnewline"},
    "comment": {"": "//"},
    "dots": {"dots": r"… ⋯ ⋮ ⋱ \dots \cdots \ldots \vdots \ddots \dotsc \dotsb \dotsm \dotsi \hdots"},
    "frac": {"": r"\frac \dfrac \tfrac \cfrac \nicefrac \sfrac"},
    "over": {"": r"\over"},
    "sqrt": {"": r"\sqrt √"},
    "sum": {"sum": r"\sum ∑ Σ", "product": r"\prod ∏"},
    "partial": {"partial": r"\partial \part ∂"},
    "nabla": {"nabla": r"\nabla \triangledown \bigtriangledown ∇ ▽"},
    "function": {
        "exp": r"\exp", "log": r"\log", "ln": r"\ln", "lg": r"\lg", "tanh": r"\tanh", "sinh": r"\sinh",
        "cosh": r"\cosh", "max": r"\max", "min": r"\min", "sin": r"\sin", "cos": r"\cos", "tan": r"\tan",
        "sup": r"\sup", "inf": r"\inf", "det": r"\det", "dim": r"\dim", "arg": r"\arg", "argmax": r"\argmax",
        "argmin": r"\argmin", "arctan": r"\arctan", "coth": r"\coth", "lim": r"\lim", "Pr": r"\Pr", "rank": r"\rank",
    },
    "style": {name: "\\" + name for name in _listed(
        "mathbf boldsymbol bold bm pmb symbf textbf vec hat widehat tilde widetilde bar overline dot ddot check breve "
        "acute grave overrightarrow mathcal mathbb mathscr mathfrak mathds mathrm mathit mathsf mathtt mathnormal "
        "textit operatorname"
    )},
    "switch": {"mathrm": r"\rm", "mathbf": r"\bf \boldmath", "mathit": r"\it", "mathcal": r"\cal"},
    "braced": {"": r"\underbrace \overbrace \underbracket \overbracket \underparen \overparen"},
    "annotated": {"": r"\overset \underset \stackrel"},
    "grid": {"matrix": r"\matrix", "pmatrix": r"\pmatrix", "bmatrix": r"\bmatrix", "cases": r"\cases",
             "substack": r"\substack"},
    "letter": {"ell": r"\ell", "infty": r"\infty ∞", "top": r"\top ⊤ \intercal ᵀ", "dagger": r"\dagger †",
               "hbar": r"\hbar", "imath": r"\imath", "jmath": r"\jmath", "emptyset": r"\emptyset",
               "prime": r"\prime", "aleph": r"\aleph", "R": r"\R \Reals \reals", "N": r"\N", "Z": r"\Z"},
}  # fmt: skip

_SKIPPED_COMMANDS = _listed(
    "displaystyle textstyle scriptstyle scriptscriptstyle limits nolimits nonumber notag boxed cancel bcancel xcancel "
    "fbox underline smash mathop mathrel mathbin mathord mathopen mathclose mathinner mathpunct ensuremath thinspace "
    "medspace thickspace negthinspace negmedspace space hline hdashline noindent centering large Large LARGE huge Huge "
    "small tiny normalsize scriptsize footnotesize mathstrut strut allowbreak nobreak break relax raggedright null "
    "nobreakspace displaylines allowdisplaybreaks leavevmode left right"
)

SKIPPED = ("skipped", "")
"""The entry of whatever is looked through: spacing, sizes, wrappers whose argument stays."""

SYMBOLS: dict[str, tuple[str, str]] = {
    text: (kind, value) for kind, values in _TABLE.items() for value, texts in values.items() for text in texts.split()
}
SYMBOLS |= dict.fromkeys((r"\forall", "∀"), ("connective", "if ∀"))
SYMBOLS |= {"\\" + name: ("letter", name) for name in GREEK}
SYMBOLS |= {character: ("letter", name) for character, name in _GREEK_CHARACTERS.items()}
SYMBOLS["\\triangle"] = ("letter", "Delta")
SYMBOLS |= {"\\" + name: SKIPPED for name in _SKIPPED_COMMANDS}
SYMBOLS |= dict.fromkeys((r"\,", r"\;", r"\:", r"\!", r"\>", r"\ ", r"\/", r"\-", "~", "\u200b", "\ufeff"), SKIPPED)

COMMANDS = frozenset(text[1:] for text in SYMBOLS if text[0] == "\\" and text[1:].isalpha()) | {
    "begin", "end", "text", "left", "right", "mbox", "tag", "label", "color",
}  # fmt: skip
"""The names of all commands known here: after a doubled backslash they betray a formula escaped twice."""

RAISED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ᵐⁿˡᵗ", "0123456789+-mnlt")
LOWERED = str.maketrans("₀₁₂₃₄₅₆₇₈₉ₐₑₕᵢⱼₖₗₘₙₒₚₛₜₓ", "0123456789aehijklmnopstx")

RELATION_OPERATORS = {
    "=": "equal", "≡": "equal", "≠": "not_equal", "<": "less", "≤": "less_equal", ">": "greater",
    "≥": "greater_equal", "∈": "element", "→": "arrow",
}  # fmt: skip
"""The operator of a relation that stands inside brackets or scripts, where it is a condition, not a claim."""
