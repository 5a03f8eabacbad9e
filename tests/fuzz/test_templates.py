"""Whatever a template of one's own holds: text, or a user's error that names it."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from symbackprop.api import NetworkDerivation, derive, load
from symbackprop.errors import UserError

PIECES = [
    "{{ title }}", "{{ blocks }}", "{{ blocks[0].kind }}", "{{ blocks[99999] }}", "{{ language.tag }}", "{{ ''.__class__ }}",
    "{{ title|attr('__init__') }}", "{% for block in blocks %}", "{% endfor %}", "{% if blocks %}", "{% endif %}", "{% else %}",
    "{% macro a(x) %}", "{% endmacro %}", "{{ a(1) }}", "{{ a(a) }}", "{% set x = [1] * 99999 %}", "{{ x * 99999 }}",
    "{% include 'blocks.md.j2' %}", "{% include x %}", "{% extends 'document.md.j2' %}", "{% block b %}", "{% endblock %}",
    "{{ 1 / 0 }}", "{{ 2 ** 99999999 }}", "{{ 'x'|center(99999999999) }}", "{{ range(99999)|list|length }}", "{{", "}}", "{%",
    "%}", "{#", "#}", "\x00", "\ud800", "\u202e", "words", "{{ fill('x') }}", "{{ json(blocks) }}", "{% raw %}", "{% endraw %}",
    "{{ title|nothing }}", "{{ cycler }}", "{{ namespace(a=1).a }}", "{{ self }}", "{% autoescape true %}", "{% do x %}",
]  # fmt: skip


@cache
def derivation() -> NetworkDerivation:
    return derive(load("softmax"))


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8).map("\n".join))
def test_any_template_is_rendered_or_refused(template: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "markdown" / "document.md.j2"
        path.parent.mkdir()
        path.write_bytes(template.encode("utf-8", "surrogatepass"))
        try:
            assert isinstance(derivation().document("en", templates=folder).text("md"), str)
        except UserError as error:
            told = str(error)
            assert "document.md.j2" in told or "blocks.md.j2" in told
