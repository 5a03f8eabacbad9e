"""The gallery: the documents and figures kept in ``output/``, as pages."""

from __future__ import annotations

from pathlib import Path

from markdown import block, listing

from symbackprop.api import load
from symbackprop.examples.library import example_names, example_path
from symbackprop.render.locale import LOCALES

INTRODUCTION = (
    "# Gallery\n\nEvery built-in network with the documents that are made of it, as they are in the folder `output/`,"
    " where a test compares them with what `symbackprop derive` writes."
)


def gallery_pages(output: Path) -> dict[str, str]:
    """The built-in networks at a glance, a page for the spec of each, and its documents."""
    names = example_names()
    languages = LOCALES.names()
    parts = [INTRODUCTION, *(_entry(name, languages) for name in names), listing(names)]
    pages = {"gallery/index": "\n\n".join(parts)}
    for name in names:
        pages[f"gallery/{name}"] = _spec(name, languages)
        for language in languages:
            pages[f"gallery/{name}.{language}"] = (output / f"{name}.{language}.md").read_text(encoding="utf-8")
    return pages


def _entry(name: str, languages: tuple[str, ...]) -> str:
    """A network with its figure, what its spec says of it first, and where its documents are."""
    title = _title(name, languages[0])
    about = example_path(name).read_text(encoding="utf-8").partition("\n")[0].lstrip("# ")
    links = [f"[{LOCALES.get(language).language.name}]({name}.{language}.md)" for language in languages]
    figure = f"![{title}]({name}.figures/network.{languages[0]}.svg)"
    return f"## {title}\n\n{about}\n\n{figure}\n\n{' · '.join([*links, f'[the spec]({name}.md)'])}"


def gallery_files(output: Path) -> dict[str, bytes]:
    """The figures."""
    return {
        f"gallery/{path.relative_to(output).as_posix()}": path.read_bytes()
        for name in example_names()
        for path in (output / f"{name}.figures").glob("*.svg")
    }


def _spec(name: str, languages: tuple[str, ...]) -> str:
    return "\n".join(
        [
            f"# {name}\n",
            f"{_title(name, languages[0])}\n",
            block(example_path(name).read_text(encoding="utf-8"), "toml"),
            "Its documents:\n",
            "```{toctree}",
            ":maxdepth: 1",
            "",
            *(f"{LOCALES.get(language).language.name} <{name}.{language}>" for language in languages),
            "```",
            "",
        ]
    )


def _title(name: str, language: str) -> str:
    title = load(name).about.title
    return title if isinstance(title, str) else title[language]
