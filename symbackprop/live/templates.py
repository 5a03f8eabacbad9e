"""The templates of the live view's own pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symbackprop.render.environment import Delimiters, environment
from symbackprop.render.location import templates_folder

if TYPE_CHECKING:
    from jinja2 import Template

    from symbackprop.render.own_templates import OwnTemplate


def live_template(name: str) -> Template | OwnTemplate:
    return environment(templates_folder() / "live", Delimiters()).get_template(name)
