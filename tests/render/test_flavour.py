"""The tables of the flavours, and what they make of formulas, front matters and names."""

from __future__ import annotations

from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import parse_qs, urlparse

import msgspec
import pytest
import yaml
from support.sample import CHINESE, ENGLISH, LOCALES, TEX, sample_document

from symbackprop.errors import UserError
from symbackprop.render.environment import choose_format
from symbackprop.render.flavour import (
    FLAVOURS,
    PLACE,
    Facts,
    Flavour,
    document_date,
    file_name,
    fill,
    front_matter,
    load_flavour,
)
from symbackprop.render.locale import Locale
from symbackprop.render.renderer import render

FACTS = Facts("Title", "en", "mazur", "Me", "2026-01-02T10:00", "In short", ("a", "b"))
KNOWN = {
    "inline": {"tex", "url", "html"},
    "display": {"tex", "url", "html"},
    "tag": {"number"},
    "body": {"body"},
    "image": {"alt", "path", "caption"},
    "image_path": {"path"},
    "file_name": {"name", "language", "extension", "date"},
}


def rendered(name: str, locale: Locale = ENGLISH) -> str:
    figures = {"network": "mazur.figures/network.svg"}
    return render(sample_document(), choose_format("md"), locale, TEX, FLAVOURS.get(name), figures, "mazur")


@pytest.mark.parametrize("name", FLAVOURS.names())
def test_patterns_ask_only_for_what_there_is(name: str) -> None:
    flavour = FLAVOURS.get(name)
    for field, known in KNOWN.items():
        pattern = getattr(flavour, field)
        places = {place for place in PLACE.findall(pattern) if f"<{place} " not in pattern}
        assert places <= known, (field, places)
        assert places, field
    for value in flavour.front_matter.values():
        if isinstance(value, str) and (match := PLACE.fullmatch(value)):
            assert hasattr(FACTS, match[1])


@pytest.mark.parametrize("locale", LOCALES, ids=lambda locale: locale.language.tag)
@pytest.mark.parametrize("name", FLAVOURS.names())
def test_every_flavour_makes_a_document(name: str, locale: Locale) -> None:
    text = rendered(name, locale)
    flavour = FLAVOURS.get(name)
    assert text.startswith("---\n") == bool(flavour.front_matter)
    assert ("\n# " in f"\n{text}") == flavour.title_in_body
    words = text.split("---\n", 2)[-1].partition("```python")[0]
    assert "{{" not in words
    assert "\u202e" not in text


def test_a_front_matter_leaves_out_what_the_document_lacks() -> None:
    flavour = FLAVOURS.get("jekyll")
    assert front_matter(flavour, FACTS) == {
        "layout": "post",
        "title": "Title",
        "date": "2026-01-02T10:00",
        "author": "Me",
        "description": "In short",
        "lang": "en",
        "tags": ["a", "b"],
        "math": True,
    }
    assert set(front_matter(flavour, Facts("Title", "en"))) == {"layout", "title", "lang", "math"}


@pytest.mark.parametrize("name", [name for name in FLAVOURS.names() if FLAVOURS.get(name).front_matter])
def test_a_front_matter_is_yaml_that_says_what_was_meant(name: str) -> None:
    _, header, _ = rendered(name, CHINESE).split("---\n", 2)
    found = yaml.safe_load(header)
    assert (
        found.get("title", "mazur_2-2-2 <b>{{7*7}}</b> 100%的反向传播") == "mazur_2-2-2 <b>{{7*7}}</b> 100%的反向传播"
    )
    tags = next((found[key] for key in ("tags", "keywords", "categories") if key in found), None)
    assert tags == ["backpropagation", '反向传播 "x"']


def test_file_names() -> None:
    assert file_name(FLAVOURS.get("markdown"), FACTS, "md") == "mazur.en.md"
    assert file_name(FLAVOURS.get("jekyll"), FACTS, "md") == "2026-01-02-mazur.en.md"
    assert file_name(FLAVOURS.get("quarto"), FACTS, "md") == "mazur.en.qmd"


def test_a_name_with_a_date_needs_one() -> None:
    with pytest.raises(UserError, match=r"^mazur: date: Jekyll with kramdown wants a date.*SOURCE_DATE_EPOCH$"):
        file_name(FLAVOURS.get("jekyll"), replace(FACTS, date=""), "md")


def test_the_date_is_given_or_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SOURCE_DATE_EPOCH", raising=False)
    assert document_date("") == ""
    assert document_date("2026-05-31") == "2026-05-31"
    monkeypatch.setenv("SOURCE_DATE_EPOCH", "1700000000")
    assert document_date("") == "2023-11-14"
    assert document_date("2026-05-31") == "2026-05-31"
    for wrong in ("yesterday", "9" * 30):
        monkeypatch.setenv("SOURCE_DATE_EPOCH", wrong)
        with pytest.raises(UserError, match=r"^SOURCE_DATE_EPOCH: "):
            document_date("")


class _Images(HTMLParser):
    """The formulas of Zhihu's pictures, from their addresses and from their alternative texts."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag == "img" and values.get("eeimg"):
            tex = parse_qs(urlparse(values["src"] or "").query)["tex"][0]
            self.found.append((tex, values["alt"] or ""))


def test_zhihu_gets_pictures_whose_address_holds_the_formula() -> None:
    images = _Images()
    images.feed(rendered("zhihu"))
    assert len(images.found) > 10
    assert TEX(sample_document().blocks[3].chains[0]) in [alt for _, alt in images.found]  # type: ignore[union-attr]
    assert all(tex.removesuffix("\\\\") == alt for tex, alt in images.found)


def test_only_the_formula_is_filled_in() -> None:
    flavour = Flavour(title="", inline="<i><tex></i>", display="<tex> <html>")
    assert flavour.inline_formula("a<tex>b<url>") == "<i>a<tex>b<url></i>"
    assert fill("<a><b>", {"a": "<b>", "b": "x"}) == "<b>x"
    assert flavour.displayed_formula("a<b", 3) == r"a<b \tag{3} a&lt;b \tag{3}"


def test_spellings() -> None:
    github = FLAVOURS.get("github")
    assert github.inline_formula(r"\operatorname{rot}_1") == r"$`\mathrm{rot}_1`$"
    assert FLAVOURS.get("plain").displayed_formula("a_1\n= b", None) == "$$\na _ 1\n\\displaystyle = b\n$$"
    assert FLAVOURS.get("hexo").displayed_formula("a_1\n= b", None) == "{% raw %}$$a _ 1 = b$${% endraw %}"


@pytest.mark.parametrize("content", [b'title = "x"\ncolour = "red"', b"title = 3", b"title", b'title = "\xff"', b""])
def test_a_flavour_that_is_wrong_is_told_with_its_file(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"^flavours/mine\.toml: "):
        load_flavour(path)


def test_the_defaults_are_read_from_no_file() -> None:
    assert msgspec.toml.decode(b'title = "x"', type=Flavour) == Flavour(title="x")
