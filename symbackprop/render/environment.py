"""Output formats and the template environment of each: a folder of ``templates`` with a ``format.toml``."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import msgspec

from symbackprop.errors import UserError, unknown
from symbackprop.render.flavour import FLAVOURS, Flavour
from symbackprop.render.location import templates_folder

if TYPE_CHECKING:  # Jinja takes time to import: only those who render wait for it
    from jinja2 import Environment, Template


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
    escape: Literal["markdown", "latex", "html"]
    """the rule by which words are escaped"""
    figure: Literal["svg", "tikz"]
    """the kind of figure: the path of an SVG file, or TikZ in the document"""
    long_line: float
    """how wide a displayed formula may be, in digits"""
    number: str = "<number>"
    """the number in a reference; ``<label>`` where the format counts by itself"""
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


@lru_cache(maxsize=1)
def formats() -> Mapping[str, tuple[Format, Path]]:
    """Every format with its folder, by the name that ``--to`` takes."""
    found: dict[str, tuple[Format, Path]] = {}
    for path in sorted(templates_folder().glob("*/format.toml")):
        try:
            output_format = msgspec.toml.decode(path.read_bytes(), type=Format)
        except (msgspec.MsgspecError, UnicodeDecodeError) as error:
            raise UserError(f"{path.parent.name}/format.toml", str(error)) from None
        found[output_format.name] = (output_format, path.parent)
    return {name: found[name] for name in sorted(found)}


def choose_format(name: str, place: str = "--to") -> Format:
    """The format of that name; a ``UserError`` where there is none."""
    if name not in formats():
        raise unknown(place, name, formats(), "unknown format")
    return formats()[name][0]


@lru_cache
def environment(folder: Path, delimiters: Delimiters) -> Environment:
    """The templates of a folder: a name they use without having it is an error, not an empty text."""
    import jinja2

    return jinja2.Environment(
        loader=jinja2.FileSystemLoader(folder),
        block_start_string=delimiters.block[0],
        block_end_string=delimiters.block[1],
        variable_start_string=delimiters.variable[0],
        variable_end_string=delimiters.variable[1],
        comment_start_string=delimiters.comment[0],
        comment_end_string=delimiters.comment[1],
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        auto_reload=False,
        autoescape=False,  # what reaches a template is escaped for its format already
    )


def template(output_format: Format) -> Template:
    """The template of a format's documents."""
    folder = formats()[output_format.name][1]
    return environment(folder, output_format.delimiters).get_template(output_format.template)
