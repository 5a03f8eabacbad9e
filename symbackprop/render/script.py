"""From the script of a network to the text of a file: its comments in a language, its order by a template."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from symbackprop.document.blocks import Message
from symbackprop.document.python.script import Part, Script
from symbackprop.render.inline import Words

COMMENTS = ("loop", "outputs", "quantities", "renew", "samples")


def script_variables(script: Script, title: str, words: Words, name: str) -> dict[str, Any]:
    """What the template of a script gets: text that is finished; ``name`` is the file's."""
    order = Message(f"order.{script.order}")
    variables = {field.name: _plain(getattr(script, field.name), words) for field in fields(script)}
    comments = {key: words.plain(Message(f"python.{key}")) for key in COMMENTS}
    comments["loop"] = words.plain(Message("python.loop", {"order": order}))
    return {
        **variables,
        "title": title,
        "words": {**comments, "usage": words.plain(Message("python.usage")).replace("<file>", name)},
    }


def _plain(value: Any, words: Words) -> Any:
    if isinstance(value, tuple) and value and isinstance(value[0], Part):
        return [{"title": words.plain(part.title), "lines": list(part.lines)} for part in value]
    return list(value) if isinstance(value, tuple) and not all(isinstance(entry, int) for entry in value) else value
