"""Formats that are based on another one, and fragments."""

from __future__ import annotations

from pathlib import Path

import pytest

from symbackprop.errors import UserError
from symbackprop.render import environment
from symbackprop.render.environment import Format, choose_format, formats

BASE = """\
name = "base"
extension = "txt"
template = "document.j2"
escape = "latex"
figure = "tikz"
long_line = 40
fragment = "fragment.j2"
"""


@pytest.fixture
def found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, tuple[Format, tuple[Path, ...]]]:
    """Formats in a folder of their own: fill ``tmp_path / "other"`` first."""
    monkeypatch.setattr(environment, "templates_folder", lambda: tmp_path)
    for name, text in (("base", BASE), ("other", 'name = "other"\nbased_on = "base"\nlong_line = 60\nfragment = ""\n')):
        (tmp_path / name).mkdir()
        (tmp_path / name / "format.toml").write_text(text, encoding="utf-8")
    return dict(formats.__wrapped__())


def test_a_format_has_what_its_base_has(found: dict[str, tuple[Format, tuple[Path, ...]]], tmp_path: Path) -> None:
    base, folders = found["base"]
    other, its_folders = found["other"]
    assert folders == (tmp_path / "base",)
    assert its_folders == (tmp_path / "other", tmp_path / "base")  # its own templates go first
    assert (other.extension, other.escape, other.template) == (base.extension, base.escape, base.template)
    assert (other.long_line, other.fragment) == (60, "")


@pytest.mark.usefixtures("found")
@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            'name = "other"\nbased_on = "bas"',
            r"^other/format\.toml: based_on: unknown format 'bas'; did you mean 'base'",
        ),
        ('name = "other"\nbased_on = "other"', r"^other/format\.toml: based_on: unknown format 'other'"),
        ('name = "other"\nbased_on = "base"\nlong_line = "wide"', r"^other/format\.toml: Expected `float`"),
        ('based_on = "base"', r"^other/format\.toml: says no name"),
    ],
)
def test_a_wrong_base_is_told(text: str, message: str, tmp_path: Path) -> None:
    (tmp_path / "other" / "format.toml").write_text(text, encoding="utf-8")
    with pytest.raises(UserError, match=message):
        formats.__wrapped__()


def test_the_labels_of_a_fragment_begin_with_its_name() -> None:
    assert choose_format("tex").as_fragment("my_net 2%").label_prefix == "my-net-2-:"
    assert choose_format("tex").as_fragment("网络-zh").label_prefix == "网络-zh:"


def test_pdf_is_the_latex_document_compiled() -> None:
    pdf, tex = choose_format("pdf"), choose_format("tex")
    assert pdf.compiled
    assert (pdf.template, pdf.long_line, pdf.delimiters) == (tex.template, tex.long_line, tex.delimiters)
    assert pdf.fragment == ""
