"""From a document to the text of a file: words in a language, mathematics in a notation, marks of a format."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType

import msgspec

from symbackprop.document.blocks import Document
from symbackprop.render.collecting import without_collector
from symbackprop.render.environment import Format, template
from symbackprop.render.escaping import clean, has_han
from symbackprop.render.flavour import Facts, Flavour, document_date, fill, front_matter
from symbackprop.render.formulas import TeX
from symbackprop.render.inline import Words
from symbackprop.render.locale import Locale
from symbackprop.render.numbering import Numbering
from symbackprop.render.own_templates import OwnTemplates
from symbackprop.render.rows import EveryTeX
from symbackprop.render.structures import Setting, structure

ASCII = bytes(range(128))
NOTHING: Mapping[str, object] = MappingProxyType({})


@without_collector()  # long tables are made of many small texts
def render(
    document: Document,
    output_format: Format,
    locale: Locale,
    tex: TeX,
    flavour: Flavour,
    figures: Mapping[str, str],
    name: str = "",
    own: Mapping[str, object] = NOTHING,
    replaced: OwnTemplates | None = None,
    every: EveryTeX | None = None,
) -> str:
    """The text of the document's file.

    ``tex`` spells an expression or a chain. ``figures`` holds for each figure's name what the format
    wants of it: the path of its SVG file, or its TikZ source. ``name`` is the document's short name.
    ``own`` is what templates of this kind of format get besides. ``replaced`` are a person's templates
    that take the place of built-in ones. ``every`` spells the formulas of long tables all at once.
    """
    words = Words(output_format, flavour, locale, tex, numbering := Numbering(document.blocks))
    setting = Setting(words, figures, every)
    blocks = [structure(setting, *pair) for pair in zip(document.blocks, numbering.by_position, strict=True)]
    facts = document_facts(document, words, name)
    text = template(output_format, replaced).render(
        title=words.line(document.title),
        bookmark_title=words.escape_plain(facts.title),
        bookmark_author=words.escape_plain(facts.author),
        comment_title=facts.title,
        summary=words.line(document.summary) if document.summary else "",
        author=words.escape(facts.author),
        date=words.escape(facts.date),
        language=locale.language,
        blocks=blocks,
        flavour=flavour,
        front_matter={
            # what JSON writes, YAML reads as the same
            key: json_text(value)
            for key, value in front_matter(flavour, facts).items()
        },
        has_han=has_han(msgspec.json.encode((facts.title, facts.author, blocks)).translate(None, ASCII).decode()),
        fill=fill_in,
        json=json_text,
        **own,
    )
    return text.strip() + "\n"


def fill_in(pattern: str, **values: str) -> str:
    """A flavour's pattern with its places filled, for templates."""
    return fill(pattern, values)


def json_text(value: object) -> str:
    """A value as JSON, for templates: Chinese stays as it is."""
    return json.dumps(value, ensure_ascii=False)


def document_facts(document: Document, words: Words, name: str) -> Facts:
    """What a front matter and a file name can tell of the document."""
    return Facts(
        title=words.plain(document.title),
        language=words.locale.language.tag,
        name=name,
        author=clean(document.author),
        date=clean(document_date(document.date)),
        summary=words.plain(document.summary) if document.summary else "",
        tags=tuple(map(clean, document.tags)),
    )
