"""Languages: what a file may hold, and that all of them say the same things."""

from __future__ import annotations

from itertools import combinations
from pathlib import Path

import pytest

from symbackprop.errors import UserError
from symbackprop.render.locale import LOCALES, differences, load_locale

LANGUAGE = """
[language]
name = "English"
tag = "en"
enumeration = ", "
enumeration_last = " and "
equation = "({number})"
figure = "Figure {number}"
table = "Table {number}"
caption = ": "
"""


def locale_file(folder: Path, phrases: str, language: str = LANGUAGE) -> Path:
    path = folder / "en.toml"
    path.write_text(language + phrases, encoding="utf-8")
    return path


def test_keys_are_paths_through_the_tables(tmp_path: Path) -> None:
    locale = load_locale(locale_file(tmp_path, '[forward]\nstart = "From {first} to {last} in {{braces}}."\n'))
    assert [tuple(part) for part in locale.phrase("forward.start")] == [
        ("From ", "first"),
        (" to ", "last"),
        (" in {", None),
        ("braces}", None),
        (".", None),
    ]
    assert locale.fields("forward.start") == {"first", "last"}
    assert locale.language.enumeration_last == " and "


def test_a_missing_key_names_the_nearest(tmp_path: Path) -> None:
    locale = load_locale(locale_file(tmp_path, '[forward]\nstart = "From"\n'))
    with pytest.raises(
        UserError, match=r"^locale/en\.toml: no phrase 'forward\.strat'; did you mean 'forward\.start'\?$"
    ):
        locale.phrase("forward.strat")


@pytest.mark.parametrize(
    "placeholder", ["{a.b}", "{a[0]}", "{a!r}", "{a:>10}", "{}", "{0}", "{a.__class__.__init__}", "{", "}", "{a{b}}"]
)
def test_a_placeholder_reaches_into_nothing(tmp_path: Path, placeholder: str) -> None:
    locale = load_locale(locale_file(tmp_path, f'[forward]\nstart = "From {placeholder}"\n'))
    with pytest.raises(UserError, match=r"^locale/en\.toml: forward\.start: "):
        locale.phrase("forward.start")


@pytest.mark.parametrize(
    ("phrases", "language", "told"),
    [
        ("[forward]\nstart = 3\n", LANGUAGE, "forward.start: a phrase is a text, this is '3'"),
        ("", LANGUAGE + 'colour = "red"\n', "language: Object contains unknown field `colour`"),
        ("", "", "language: Object missing required field `name`"),
        ("[forward", LANGUAGE, "is not TOML"),
    ],
)
def test_what_is_wrong_in_a_file_is_told_with_its_place(tmp_path: Path, phrases: str, language: str, told: str) -> None:
    with pytest.raises(UserError) as raised:
        load_locale(locale_file(tmp_path, phrases, language))
    assert str(raised.value).startswith("locale/en.toml")
    assert told in str(raised.value)


def test_a_file_that_is_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "zh.toml"
    path.write_bytes('[forward]\nstart = "中文"\n'.encode("gb18030"))
    with pytest.raises(UserError, match=r"locale/zh\.toml: is not TOML"):
        load_locale(path)


def test_differences_are_seen(tmp_path: Path) -> None:
    first = load_locale(locale_file(tmp_path, '[a]\nboth = "{x}"\nonly_first = ""\n'))
    second = load_locale(locale_file(tmp_path, '[a]\nboth = "{y}"\nonly_second = ""\n'))
    found = differences(first, second)
    assert len(found) == 3
    assert any("a.only_first" in line for line in found)
    assert any("a.only_second" in line for line in found)
    assert any("['x']" in line and "['y']" in line for line in found)
    assert differences(first, first) == []


@pytest.mark.parametrize("tag", LOCALES.names())
def test_every_language_can_be_read_whole(tag: str) -> None:
    locale = LOCALES.get(tag)
    assert locale.language.tag == tag
    for key in locale.phrases:
        locale.phrase(key)
    for kind in ("equation", "figure", "table"):
        assert "{number}" in getattr(locale.language, kind)


@pytest.mark.parametrize(("first", "second"), list(combinations(LOCALES.names(), 2)))
def test_all_languages_say_the_same_things(first: str, second: str) -> None:
    assert differences(LOCALES.get(first), LOCALES.get(second)) == []


def test_english_and_chinese_are_there() -> None:
    assert {"en", "zh"} <= set(LOCALES.names())
