"""What an outline is, and the table of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from symbackprop.document.blocks import Block, Document, Message, Text
from symbackprop.document.story import Story, say
from symbackprop.registry import FileRegistry, RegistryError


@dataclass(frozen=True, slots=True)
class Outline:
    """The order in which a document tells its story; ``tell`` yields its blocks.

    ``over_time``: it is for networks with steps in time, which the other outlines cannot tell of.
    """

    name: str
    tell: Callable[[Story], Iterator[Block]]
    over_time: bool = False


def _load(path: Path) -> Outline:
    entry: Outline = import_module(f"symbackprop.document.outlines.{path.stem}").ENTRY
    if entry.name != path.stem:
        raise RegistryError(f"the outline {entry.name!r} has to be in {entry.name}.py, not in {path.name}")
    return entry


# By file: an outline brings in all that its sections need, so only the one that is told is imported.
OUTLINES = FileRegistry(lambda: Path(__file__).parent / "outlines", ".py", _load, "outline")


def compose(story: Story, language: str) -> Document:
    """The document of a story by its network's outline; ``language`` chooses among localised titles."""
    network = story.derivation.network
    about = network.about
    outline = OUTLINES.get(about.outline, "about.outline")
    if network.over_time != outline.over_time:
        outline = next(other for other in OUTLINES if other.over_time == network.over_time)
    return Document(
        title=_title(about.title, language, outline.name, network.name),
        blocks=tuple(outline.tell(story)),
        summary=say(f"{outline.name}.summary"),
        author=about.author,
        date=about.date,
        tags=tuple(about.tags),
    )


def _title(title: dict[str, str] | str, language: str, outline: str, name: str) -> Message:
    text = title if isinstance(title, str) else title.get(language, "")
    return say("document.title", title=Text(text)) if text else say(f"{outline}.title", name=Text(name))
