"""TeX commands that may stand in a label, and the Unicode characters that show them."""

from __future__ import annotations

LETTERS = {
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ϵ", "varepsilon": "ε", "zeta": "ζ",
    "eta": "η", "theta": "θ", "vartheta": "ϑ", "iota": "ι", "kappa": "κ", "lambda": "λ", "mu": "μ", "nu": "ν",
    "xi": "ξ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "upsilon": "υ", "phi": "ϕ", "varphi": "φ",
    "chi": "χ", "psi": "ψ", "omega": "ω", "partial": "∂", "ell": "ℓ", "imath": "ı", "jmath": "ȷ",
}  # fmt: skip
"""Set in italics, as TeX does."""

SIGNS = {
    "Gamma": "Γ", "Delta": "Δ", "Theta": "Θ", "Lambda": "Λ", "Xi": "Ξ", "Pi": "Π", "Sigma": "Σ", "Phi": "Φ",
    "Psi": "Ψ", "Omega": "Ω", "nabla": "∇", "sum": "∑", "prod": "∏", "infty": "∞", "top": "⊤", "prime": "′",
    "dots": "…", "ldots": "…", "cdots": "⋯", "vdots": "⋮", "lbrace": "{", "rbrace": "}", "vert": "|", "lvert": "|",
    "rvert": "|", "Vert": "‖", "langle": "⟨", "rangle": "⟩", "star": "⋆", "dagger": "†", "degree": "°",
}  # fmt: skip
"""Set upright."""

BINARY = {
    "cdot": "·", "times": "×", "odot": "⊙", "otimes": "⊗", "oplus": "⊕", "ast": "∗", "pm": "±", "div": "÷",
    "circ": "∘", "wedge": "∧", "vee": "∨",
}  # fmt: skip

RELATIONS = {
    "approx": "≈", "ne": "≠", "neq": "≠", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥", "lt": "<", "gt": ">",
    "to": "→", "rightarrow": "→", "leftarrow": "←", "gets": "←", "in": "∈", "sim": "∼", "equiv": "≡",
    "propto": "∝", "mid": "|", "colon": ":", "Rightarrow": "⇒", "mapsto": "↦",
}  # fmt: skip

BINARY_CHARACTERS = {"+": "+", "-": "−", "*": "∗", "±": "±", "·": "·", "×": "×", "⊙": "⊙"}
RELATION_CHARACTERS = {"=": "=", "<": "<", ">": ">", "≈": "≈", "≠": "≠", "≤": "≤", "≥": "≥", "→": "→", "←": "←"}
OPENING = frozenset("([{⟨,")

SPACES = {
    "\\,": 0.17, "\\:": 0.22, "\\>": 0.22, "\\;": 0.28, "\\ ": 0.3, "~": 0.3, "\\!": -0.1, "\\quad": 1.0,
    "\\qquad": 2.0, "\\thinspace": 0.17,
}  # fmt: skip
"""In ems."""

STYLES = {
    "mathbf": "bold", "boldsymbol": "bold italic", "bm": "bold italic", "mathrm": "upright", "operatorname": "upright",
    "mathit": "italic", "mathsf": "upright", "mathtt": "upright", "mathcal": "italic", "mathbb": "bold",
    "rm": "upright",
}  # fmt: skip
"""Font commands with one argument."""

WORDS = frozenset({"text", "textrm", "mbox", "textnormal", "textup", "textit", "textbf"})
"""Commands whose argument is words, not mathematics."""

ACCENTS = {
    "hat": "\u0302", "widehat": "\u0302", "bar": "\u0304", "overline": "\u0304", "tilde": "\u0303",
    "widetilde": "\u0303", "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7",
}  # fmt: skip
"""Combining characters, put behind the letter."""

FRACTIONS = frozenset({"frac", "dfrac", "tfrac"})
IGNORED = frozenset({
    "left", "right", "big", "Big", "bigl", "bigr", "Bigl", "Bigr", "displaystyle", "textstyle", "limits", "nolimits",
})  # fmt: skip
