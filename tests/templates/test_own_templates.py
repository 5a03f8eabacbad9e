"""Templates of one's own: they take the place of built-in ones, and reach nothing that they are not handed."""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest

from symbackprop.api import NetworkDerivation, derive, load
from symbackprop.cli import main
from symbackprop.errors import UserError
from symbackprop.render import own_templates
from symbackprop.render.own_templates import MOST_FILES, built_in_templates, read_own_templates
from symbackprop.render.writing import MANIFEST


@cache
def derivation() -> NetworkDerivation:
    return derive(load("mazur"))


def folder(tmp_path: Path, **files: str) -> Path:
    """A folder of own templates; ``markdown__document_md`` is markdown/document.md.j2."""
    for name, text in files.items():
        path = tmp_path / f"{name.replace('__', '/').replace('_', '.')}.j2"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return tmp_path


def rendered(tmp_path: Path, template: str, to: str = "md") -> str:
    return derivation().document("en", templates=folder(tmp_path, markdown__document_md=template)).text(to)


def test_a_template_takes_the_place_of_the_built_in_one(tmp_path: Path) -> None:
    text = rendered(tmp_path, "{{ title }}: {{ blocks | length }} in {{ language.tag }}\n")
    assert text.startswith("Backpropagation with every number: a 2-2-2 network step by step: ")
    assert text.rstrip().endswith(" in en")


def test_what_is_not_replaced_is_the_built_in_one(tmp_path: Path) -> None:
    own = '{% from "blocks.md.j2" import blocks_by_kind with context %}\n{{ blocks_by_kind["say"](blocks[2]) }}'
    assert rendered(tmp_path, own).strip() in derivation().document("en").text("md").split("\n\n")
    # a format that stands on another one has the replaced template as well
    own = folder(tmp_path / "two", markdown__blocks_md=BLOCKS)
    assert "OWN HEADING Forward pass" in derivation().document("en", templates=own).text("ipynb")
    assert "OWN HEADING" not in derivation().document("en", templates=own).text("tex")


BLOCKS = """
{% macro any(block) %}{{ block.kind }}{% endmacro %}
{% macro heading(block) %}OWN HEADING {{ block.line }}{% endmacro %}
{% set blocks_by_kind = {"heading": heading, "say": any, "enumeration": any, "formula": any, "table": any,
                         "figure": any, "code": any} %}
"""


def test_figures_can_be_drawn_by_own_templates(tmp_path: Path) -> None:
    own = folder(tmp_path, figures__diagram_svg="<svg><title>{{ title | e }}</title>{{ number(scene.width) }}</svg>")
    document = derivation().document("en", templates=own)
    assert document.figure("network").startswith("<svg><title>The network.")
    assert document.text("md") == derivation().document("en").text("md")


@pytest.mark.parametrize("to", ["md", "tex", "py", "ipynb"])
def test_copies_of_the_built_in_templates_make_the_same_files(tmp_path: Path, to: str) -> None:
    assert main(["templates", "--copy", str(tmp_path)]) == 0
    for language in ("en", "zh"):
        assert derivation().document(language, templates=tmp_path).text(to) == derivation().document(language).text(to)


@pytest.mark.parametrize(
    ("template", "told"),
    [
        ("{{ ''.__class__.__mro__ }}", "access to attribute '__class__' of 'str' object is unsafe"),
        ("{{ ''|attr('__class__') }}", "'__class__' of 'str' object is unsafe"),
        ("{{ ''['__class__'] }}", "'__class__' of 'str' object is unsafe"),
        ("{{ fill.__globals__ }}", "'__globals__' of 'function' object is unsafe"),
        ("{{ json.__code__ }}", "'__code__' of 'function' object is unsafe"),
        ("{{ flavour.__init__ }}", "'__init__' of 'Flavour' object is unsafe"),
        ("{{ self.__init__ }}", "'__init__' of 'TemplateReference' object is unsafe"),
        ("{{ cycler.__init__.__globals__ }}", "'__init__' of 'type' object is unsafe"),
        ("{{ '{0.__class__}'.format(1) }}", "'__class__' of 'int' object is unsafe"),
        ("{{ ('{0.__class__}'|attr('format'))(1) }}", "'__class__' of 'int' object is unsafe"),
        ("{% set f = '{0.__class__}'.format %}{{ f(1) }}", "'__class__' of 'int' object is unsafe"),
        ("{{ blocks|map(attribute='__class__')|map('string')|join }}", "'__class__' of 'dict' object is unsafe"),
        ("{{ blocks.append(1) }}", "'append' of 'list' object is unsafe"),
        ("{% include '../../../etc/passwd' %}", "no template '../../../etc/passwd'"),
        ("{% include '/etc/passwd' %}", "no template '/etc/passwd'"),
        ("{% include '..\\\\locale\\\\en.toml' %}", "no template"),
        ("{% import '../locale/en.toml' as x %}{{ x }}", "no template"),
        ("{% extends '../latex/document.tex.j2' %}", "no template"),
        ("{% for i in range(10**9) %}x{% endfor %}", "Range too big"),
        ("{{ 'x' * 10**11 }}", "too much memory"),
        ("{{ 'x'|center(10**11) }}", "too much memory"),
        ("{{ '%0100000000000d' % 1 }}", "too much memory"),
        ("{% for i in range(90000) %}{{ 'x' * 1000 }}{% endfor %}", "writes more than 20,000,000 characters"),
        ("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", "maximum recursion depth"),
        ("{% include 'document.md.j2' %}", "maximum recursion depth"),
        ("{{ lipsum(10**9) }}", "'lipsum' is undefined"),
        ("{% debug %}", "unknown tag 'debug'"),
    ],
)
def test_attacks(tmp_path: Path, template: str, told: str) -> None:
    with pytest.raises(UserError) as raised:
        rendered(tmp_path, template)
    assert told in str(raised.value)
    assert str(raised.value).startswith(str(tmp_path / "markdown" / "document.md.j2"))


@pytest.mark.parametrize(
    "template",
    [
        "{% for i in range(99999) %}{% for j in range(99999) %}{% endfor %}{% endfor %}",
        "{{ 9 ** (9 ** 9) }}",
        "{% set x = 9 %}{{ x ** (x ** x) }}",
    ],
)
def test_time_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, template: str) -> None:
    monkeypatch.setattr(own_templates, "SECONDS", 1.5)
    with pytest.raises(UserError, match=r"takes longer than 1\.5 seconds|too much time"):
        rendered(tmp_path, template)


@pytest.mark.skipif(os.name != "posix", reason="a script stands in for the interpreter")
def test_a_process_that_the_system_ends_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    killed = tmp_path / "killed"
    killed.write_text("#!/bin/sh\nkill -KILL $$\n", encoding="utf-8")
    killed.chmod(0o755)
    monkeypatch.setattr(own_templates.sys, "executable", str(killed))
    with pytest.raises(
        UserError, match=r"document\.md\.j2: was ended by the system: it takes too much time or memory$"
    ):
        rendered(tmp_path / "own", "text")


def test_more_templates_than_anyone_writes_are_refused(tmp_path: Path) -> None:
    own = folder(tmp_path, **{f"markdown__part{number}_md": "" for number in range(MOST_FILES + 1)})
    with pytest.raises(UserError, match=rf"holds more than {MOST_FILES} templates$"):
        read_own_templates(own)


def test_a_mistake_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"markdown/document\.md\.j2:3: 'titel' is undefined$"):
        rendered(tmp_path, "one\ntwo\n{{ titel }}")
    with pytest.raises(UserError, match=r"markdown/document\.md\.j2:2: Expected an expression"):
        rendered(tmp_path, "one\n{% if %}")


def test_a_mistake_in_an_included_template_is_told_there(tmp_path: Path) -> None:
    own = folder(tmp_path, markdown__document_md="{% include 'part.md.j2' %}", markdown__part_md="\n{{ nothing }}")
    with pytest.raises(UserError, match=r"markdown/part\.md\.j2:2: 'nothing' is undefined"):
        derivation().document("en", templates=own).text("md")


@pytest.mark.parametrize("template", ["{{ {}['x' * 10**7] }}", r"{{ 'x'.encode('\x1b[2J\x07\n\t.' * 999) }}"])
def test_a_message_is_neither_endless_nor_a_command_for_the_terminal(tmp_path: Path, template: str) -> None:
    with pytest.raises(UserError) as raised:
        rendered(tmp_path, template)
    told = str(raised.value)
    assert told.startswith(f"{tmp_path / 'markdown' / 'document.md.j2'}:1: ")
    assert told.isprintable()
    assert len(told) < 1000


@pytest.mark.skipif(not hasattr(os, "symlink"), reason="the system has no links")
def test_links_are_refused(tmp_path: Path) -> None:
    outside = tmp_path / "secret.txt"
    outside.write_text("secret", encoding="utf-8")
    own = folder(tmp_path / "own", markdown__document_md="{{ title }}")
    (own / "markdown" / "link.md.j2").symlink_to(outside)
    with pytest.raises(UserError, match="is a link"):
        read_own_templates(own)
    (own / "markdown" / "link.md.j2").unlink()
    (own / "latex").symlink_to(tmp_path)
    with pytest.raises(UserError, match="is a link"):
        read_own_templates(own)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="the system has no named pipes")
def test_what_is_no_file_is_not_opened(tmp_path: Path) -> None:
    own = folder(tmp_path, markdown__document_md="{{ title }}")
    os.mkfifo(own / "markdown" / "pipe.md.j2")
    assert set(read_own_templates(own).files) == {"markdown/document.md.j2"}


def test_what_would_have_no_effect_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"did you mean 'markdown/document\.md\.j2'"):
        read_own_templates(folder(tmp_path / "typo", markdown__documnt_md="x"))
    with pytest.raises(UserError, match="holds no template"):
        read_own_templates(_made(tmp_path / "none"))
    with pytest.raises(UserError, match="is no folder"):
        read_own_templates(tmp_path / "nowhere")
    own = folder(tmp_path / "words", markdown__document_md="x")
    (own / "locale").mkdir()
    (own / "locale" / "en.toml").write_text("", encoding="utf-8")
    with pytest.raises(UserError, match="only templates"):
        read_own_templates(own)


def _made(path: Path) -> Path:
    path.mkdir()
    return path


def test_files_that_are_too_large_or_no_text(tmp_path: Path) -> None:
    own = folder(tmp_path, markdown__document_md="x" * 1_000_001)
    with pytest.raises(UserError, match="larger than"):
        read_own_templates(own)
    (own / "markdown" / "document.md.j2").write_bytes(b"\xff\xfe")
    with pytest.raises(UserError, match="UTF-8"):
        read_own_templates(own)


def test_the_command_lists_and_copies(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["templates"]) == 0
    assert capsys.readouterr().out.split() == list(built_in_templates())
    assert main(["templates", "markdown", "--copy", str(tmp_path)]) == 0
    copied = {path.relative_to(tmp_path).as_posix() for path in tmp_path.rglob("*") if path.is_file()}
    assert copied == {"markdown/blocks.md.j2", "markdown/document.md.j2", MANIFEST}
    (tmp_path / "markdown" / "document.md.j2").write_text("my own", encoding="utf-8")
    assert main(["templates", "--copy", str(tmp_path)]) == 2
    assert (tmp_path / "markdown" / "document.md.j2").read_text(encoding="utf-8") == "my own"
    assert main(["templates", "markdwn"]) == 2
    assert "unknown template" in capsys.readouterr().err


def test_derive_takes_them_and_keeps_the_results_apart(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    folder(tmp_path / "own", markdown__document_md="{{ title }}, in my own way\n")
    assert main(["derive", "mazur", "--templates", "own", "-o", "posts"]) == 0
    text = (tmp_path / "posts" / "mazur.en.md").read_text(encoding="utf-8")
    assert text.endswith("in my own way\n")
    assert main(["derive", "mazur", "-o", "posts"]) == 2
    assert "own templates" in capsys.readouterr().err


def test_every_template_is_documented(root: Path) -> None:
    page = (root / "docs" / "howto" / "templates.md").read_text(encoding="utf-8")
    for name in built_in_templates():
        assert f"`{name}`" in page, name
