"""From the script of a network to the text of a file: its comments in a language, its order by a template."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from symbackprop.document.blocks import Message, Text
from symbackprop.document.python.script import Part, Script
from symbackprop.render.environment import Format, template
from symbackprop.render.inline import Words
from symbackprop.render.own_templates import OwnTemplates

COMMENTS = ("outputs", "quantities", "renew", "samples")


def render_script(
    script: Script, output_format: Format, words: Words, title: str, file: str, replaced: OwnTemplates | None = None
) -> str:
    """The text of the script; ``file`` is the name under which its first lines tell to run it."""
    variables = {field.name: _plain(getattr(script, field.name), words) for field in fields(script)}
    comments = {key: words.plain(Message(f"python.{key}")) for key in COMMENTS}
    comments["loop"] = words.plain(Message("python.loop", {"order": Message(f"order.{script.order}")}))
    comments["usage"] = words.plain(Message("python.usage", {"file": Text(file)}))
    return template(output_format, replaced).render(**variables, title=title, words=comments).strip() + "\n"


def _plain(value: Any, words: Words) -> Any:
    """A field of the script as a template gets it: parts with their titles in words."""
    if isinstance(value, tuple) and value and isinstance(value[0], Part):
        return [{"title": words.plain(part.title), "lines": list(part.lines)} for part in value]
    return value
