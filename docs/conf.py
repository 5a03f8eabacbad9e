"""How the documentation site is built: ``python -m sphinx -W --keep-going docs docs/_build/html``."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_extensions"))

import symbackprop

project = "symbackprop"
author = "the symbackprop authors"
project_copyright = author
version = release = symbackprop.__version__
language = "en"

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx_copybutton",
    "formulas",
    "pages",
    "languages",
    "accessibility",
]
exclude_patterns = ["_build", "README.md"]
suppress_warnings = ["myst.header"]  # documents of the gallery are split up by their own levels

myst_enable_extensions = ["colon_fence", "dollarmath"]
myst_heading_anchors = 3
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_typehints_format = "short"
copybutton_prompt_text = r"\$ |>>> |\.\.\. "
copybutton_prompt_is_regexp = True
copybutton_only_copy_prompt_lines = True

html_theme = "furo"
FONTS = """-apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, "Liberation Sans", "Noto Sans", "DejaVu Sans",
 "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif"""
html_theme_options = {"light_css_variables": {"font-stack": FONTS}}
html_title = f"symbackprop {version}"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_copy_source = False
html_show_sphinx = False
html_math_renderer = "katex"
