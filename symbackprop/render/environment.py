"""Output formats and the template environment of each: a folder of ``templates`` with a ``format.toml``.

A format that is ``based_on`` another one has that one's settings and templates where its own file
says nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import msgspec

from symbackprop.errors import UserError, unknown
from symbackprop.render.flavour import FLAVOURS, Flavour
from symbackprop.render.location import templates_folder
from symbackprop.render.own_templates import OwnEnvironment, OwnTemplate, OwnTemplates

if TYPE_CHECKING:  # Jinja takes time to import: only those who render wait for it
    from jinja2 import Environment, Template


NO_LABEL = re.compile(r"[^A-Za-z0-9\u4e00-\u9fff]")
"""What may mean something to TeX, in a label."""


class Delimiters(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What opens and closes a template's own marks."""

    block: tuple[str, str] = ("{%", "%}")
    variable: tuple[str, str] = ("{{", "}}")
    comment: tuple[str, str] = ("{#", "#}")


class Format(msgspec.Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One output format, by the ``name`` that ``--to`` takes."""

    name: str
    extension: str
    template: str
    kind: Literal["text", "page", "script", "notebook"] = "text"
    """what the file holds: the document, the same as a page that can be pointed at, a script in its stead, or the
    document with code between the text"""
    escape: Literal["markdown", "latex", "html", "none"]
    """the rule by which words are escaped"""
    figure: Literal["svg", "inline", "tikz", "none"]
    """the kind of figure: the path of an SVG file, or SVG or TikZ in the document"""
    long_line: float
    """how wide a displayed formula may be, in digits"""
    row_space: str = ""
    """room to put below the tall rows of a displayed formula, as a length of TeX's"""
    number: str = "<number>"
    """the number in a reference; ``<label>`` where the format counts by itself"""
    label_prefix: str = ""
    """what every label begins with"""
    fragment: str = ""
    """the template of a document's body alone, where the format has one"""
    compiled: bool = False
    """whether the text is only the source of the file"""
    delimiters: Delimiters = Delimiters()
    flavour: Flavour | None = None
    """how formulas stand, in a format that has no flavours"""
    default_flavour: str | None = None
    """the one taken where none is asked for, in a format that has several"""

    def choose_flavour(self, name: str | None, place: str = "--flavour") -> Flavour:
        """The flavour of that name, the format's own for None; a ``UserError`` where there is none."""
        if self.flavour is not None:
            if name is not None:
                raise UserError(place, f"{self.name} has no flavours")
            return self.flavour
        return FLAVOURS.get(name or self.default_flavour or "", place)

    def as_fragment(self, name: str) -> Format:
        """The same for the body alone; its labels begin with the document's name, so that two can stand in one file."""
        if not self.fragment:
            raise UserError("--fragment", f"{self.name} has no fragments", fragment_formats())
        prefix = f"{NO_LABEL.sub('-', name)}:"
        return msgspec.structs.replace(self, template=self.fragment, label_prefix=prefix)


@lru_cache(maxsize=1)
def formats() -> Mapping[str, tuple[Format, tuple[Path, ...]]]:
    """Every format with the folders of its templates, its own first, by the name that ``--to`` takes."""
    tables = dict(map(_table, templates_folder().glob("*/format.toml")))
    return {name: _format(name, tables) for name in sorted(tables)}


def _table(path: Path) -> tuple[str, tuple[dict[str, Any], Path]]:
    """The name of a format, what its file says, and its folder."""
    try:
        table = msgspec.toml.decode(path.read_bytes(), type=dict[str, Any])
        return str(table["name"]), (table, path.parent)
    except KeyError:
        raise UserError(f"{path.parent.name}/format.toml", "says no name") from None
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise UserError(f"{path.parent.name}/format.toml", str(error)) from None


def _format(name: str, tables: Mapping[str, tuple[dict[str, Any], Path]]) -> tuple[Format, tuple[Path, ...]]:
    own, folder = tables[name]
    folders = [folder]
    place = f"{folder.name}/format.toml"
    base = own.get("based_on")
    settings = {key: value for key, value in own.items() if key != "based_on"}
    if base is not None:
        bases = [known for known, (table, _) in tables.items() if "based_on" not in table]
        if base not in bases:
            raise unknown(f"{place}: based_on", base, sorted(bases), "unknown format")
        basis, base_folder = tables[base]
        folders.append(base_folder)
        settings = {**basis, **settings}
    try:
        return msgspec.convert(settings, Format), tuple(folders)
    except msgspec.ValidationError as error:
        raise UserError(place, str(error)) from None


def fragment_formats() -> tuple[str, ...]:
    """The names of the formats that have fragments."""
    return tuple(name for name, (output_format, _) in formats().items() if output_format.fragment)


def choose_format(name: str, place: str = "--to") -> Format:
    """The format of that name; a ``UserError`` where there is none."""
    if name not in formats():
        raise unknown(place, name, formats(), "unknown format")
    return formats()[name][0]


def environment(
    folders: Path | tuple[Path, ...], delimiters: Delimiters, own: OwnTemplates | None = None
) -> Environment | OwnEnvironment:
    """The templates of a folder, or of several, the first one that has a template counting.

    A name they use without having it is an error, not an empty text. Where a person has ``own``
    templates for one of the folders, these count first, and all of them run in a sandbox.
    """
    folders = (folders,) if isinstance(folders, Path) else folders
    if own is not None and own.concern(folders):
        return OwnEnvironment(own, folders, _settings(delimiters))
    return _environment(folders, delimiters)


@lru_cache
def _environment(folders: tuple[Path, ...], delimiters: Delimiters) -> Environment:
    import jinja2

    from symbackprop.render.compiled_templates import compiled_templates

    loader, settings = jinja2.FileSystemLoader(folders), _settings(delimiters)
    compiled = compiled_templates(settings)
    return jinja2.Environment(loader=loader, undefined=jinja2.StrictUndefined, bytecode_cache=compiled, **settings)


def _settings(delimiters: Delimiters) -> dict[str, Any]:
    return {
        "block_start_string": delimiters.block[0],
        "block_end_string": delimiters.block[1],
        "variable_start_string": delimiters.variable[0],
        "variable_end_string": delimiters.variable[1],
        "comment_start_string": delimiters.comment[0],
        "comment_end_string": delimiters.comment[1],
        "trim_blocks": True,
        "lstrip_blocks": True,
        "keep_trailing_newline": True,
        "auto_reload": False,
        "autoescape": False,  # what reaches a template is escaped for its format already
    }


def template(output_format: Format, own: OwnTemplates | None = None) -> Template | OwnTemplate:
    """The template of a format's documents."""
    folders = formats()[output_format.name][1]
    return environment(folders, output_format.delimiters, own).get_template(output_format.template)


def forget() -> None:
    """Read formats and templates again when they are wanted next."""
    formats.cache_clear()
    _environment.cache_clear()
