"""From a derivation to files: composing, drawing, rendering and writing a document."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING

from symbackprop.document.blocks import Document, Figure, Message
from symbackprop.document.mathematics import rewritten
from symbackprop.document.outline import compose
from symbackprop.document.python.cells import with_cells
from symbackprop.document.python.script import script_of
from symbackprop.document.story import Detail, Story
from symbackprop.errors import UserError
from symbackprop.figures.draw import render_svg, render_tikz
from symbackprop.figures.pictures import Artist
from symbackprop.latex.equations import every_tex
from symbackprop.latex.printer import Printer
from symbackprop.latex.style import with_own_signs
from symbackprop.render.environment import Format, choose_format, environment
from symbackprop.render.flavour import Flavour, document_date, file_name
from symbackprop.render.inline import Words
from symbackprop.render.locale import LOCALES, Locale
from symbackprop.render.location import templates_folder
from symbackprop.render.marks import marking
from symbackprop.render.numbering import Numbering
from symbackprop.render.own_templates import OwnTemplates
from symbackprop.render.renderer import document_facts, render
from symbackprop.render.script import render_script
from symbackprop.render.writing import Complete, Output, write

if TYPE_CHECKING:
    from symbackprop.api import NetworkDerivation

FORMATS_BY_SUFFIX = {".md": "md", ".markdown": "md", ".tex": "tex", ".htm": "html"}


@dataclass(frozen=True)
class RenderedDocument:
    """A document in one language, ready to be rendered in any format."""

    owner: NetworkDerivation
    language: str
    detail: Detail | None = None
    templates: OwnTemplates | None = None

    @cached_property
    def story(self) -> Story:
        story = self.owner.story
        return replace(story, detail=self.detail) if self.detail else story

    @cached_property
    def document(self) -> Document:
        document = compose(self.story, self.language)
        if self.owner.naming.notation.delta_sign == 1:
            return document
        return rewritten(document, partial(with_own_signs, self.owner.naming))

    @cached_property
    def locale(self) -> Locale:
        return LOCALES.get(self.language, "--lang")

    def text(
        self, to: str = "md", flavour: str | None = None, figures_folder: str = "figures", fragment: bool = False
    ) -> str:
        """The document's text; figures are named as if they lay in ``figures_folder``.

        A ``fragment`` is the body alone, to be taken in by another document.
        """
        output_format = choose_format(to)
        if output_format.compiled:
            raise UserError("to", f'{to} is no text; save("NAME.{output_format.extension}") writes it')
        chosen = output_format.choose_flavour(flavour)
        return self._render(
            self._whole_or_not(output_format, self.owner.network.name, fragment), chosen, figures_folder
        )

    def save(self, path: str | Path, force: bool = False) -> tuple[Path, ...]:
        """Write the document (the format follows the ending) and its figures beside it."""
        path = Path(path)
        output_format = choose_format(FORMATS_BY_SUFFIX.get(path.suffix, path.suffix.lstrip(".")), path.name)
        folder = f"{path.stem}.figures"
        text = self._render(output_format, output_format.choose_flavour(None), folder)
        outputs = [Output(path.name, self._content(output_format, text, path.name))]
        if output_format.figure == "svg":
            outputs += self.figure_files(folder)
        return write(path.parent, outputs, self.made_by(), force, [Complete(folder, self.figure_file(""))])

    def outputs(self, output_format: Format, flavour: Flavour, name: str, fragment: bool = False) -> list[Output]:
        """The document's file, figures aside."""
        output_format = self._whole_or_not(output_format, name, fragment)
        facts = document_facts(self.document, self._words(output_format, flavour), name)
        path = file_name(flavour, facts, output_format.extension)
        text = self._render(output_format, flavour, f"{name}.figures", name)
        variants = ["fragment"] if fragment else []
        variants += [] if flavour == output_format.choose_flavour(None) else [flavour.title]
        return [Output(path, self._content(output_format, text, path), ", ".join(variants))]

    def figure_files(self, folder: str) -> list[Output]:
        """The figures as SVG files; those with words in them carry the language in their name."""
        return [Output(f"{folder}/{self.figure_file(name)}", text.encode()) for name, text in self._drawn_svg.items()]

    def figure_file(self, name: str) -> str:
        return f"{name}.{self.language}.svg"

    def figure(self, name: str, kind: str = "svg") -> str:
        """One figure by its name ("network", "paths-2-0-1", "graph", "curve"), whether or not it is in the document.

        ``kind`` is "svg" or "tikz".
        """
        return self._drawn(name, self._artist.caption(name), kind)

    def made_by(self) -> str:
        """What the manifest says of this document's origin: the spec and the variant."""
        network, about = self.owner.network, self.owner.network.about
        variant = [network.notation, f"{network.numbers.digits} digits", self.story.detail]
        variant += [form for form in about.forms if form != "scalar"]
        variant += [f"{about.layout} layout"] if about.layout else []
        variant += ["own templates"] if self.templates else []
        return f"{network.name} ({', '.join(variant)})"

    def _whole_or_not(self, output_format: Format, name: str, fragment: bool) -> Format:
        return output_format.as_fragment(f"{name}-{self.language}") if fragment else output_format

    def _content(self, output_format: Format, text: str, path: str) -> bytes:
        """What a file holds: the text, or what is compiled of it."""
        if not output_format.compiled:
            return text.encode()
        from symbackprop.render.pdf import compile_pdf

        return compile_pdf(text, path, document_date(self.document.date))

    def _words(self, output_format: Format, flavour: Flavour, printer: Printer | None = None) -> Words:
        tex = (printer or self.owner.printer).tex
        return Words(output_format, flavour, self.locale, tex, Numbering(self.document.blocks))

    def _render(self, output_format: Format, flavour: Flavour, folder: str, name: str = "") -> str:
        if output_format.kind == "script":
            return self._script(output_format, flavour, name or self.owner.network.name)
        document = self.document
        if output_format.kind == "notebook":
            document = with_cells(document, self.story, self.owner.in_own_signs)
        if output_format.kind == "page":
            return self._page(output_format, flavour, name or self.owner.network.name)
        if output_format.figure == "svg":
            figures = {figure.name: f"{folder}/{self.figure_file(figure.name)}" for figure in self._figures()}
        else:
            figures = self._drawn_tikz
        tex, every = self.owner.printer.tex, partial(every_tex, self.owner.naming)
        name = name or self.owner.network.name
        return render(
            document, output_format, self.locale, tex, flavour, figures, name, replaced=self.templates, every=every
        )

    def _page(self, output_format: Format, flavour: Flavour, name: str) -> str:
        from symbackprop.render.page import finished, in_page, page_values

        words = self._words(output_format, flavour, marking(self.owner.printer))
        figures = {name: in_page(svg) for name, svg in self._drawn_svg.items()}
        own = page_values(self.story, words, self._drawn_svg, self._artist.picture)
        page = render(self.document, output_format, self.locale, words.tex, flavour, figures, name, own, self.templates)
        return finished(page)

    def _script(self, output_format: Format, flavour: Flavour, name: str) -> str:
        words = self._words(output_format, flavour)
        facts = document_facts(self.document, words, name)
        script = script_of(self.story, self.owner.in_own_signs)
        file = file_name(flavour, facts, output_format.extension)
        return render_script(script, output_format, words, facts.title, file, self.templates)

    def _figures(self) -> Sequence[Figure]:
        return [block for block in self.document.blocks if isinstance(block, Figure)]

    @cached_property
    def _drawn_svg(self) -> dict[str, str]:
        return {figure.name: self._drawn(figure.name, figure.caption, "svg") for figure in self._figures()}

    @cached_property
    def _drawn_tikz(self) -> dict[str, str]:
        return {figure.name: self._drawn(figure.name, figure.caption, "tikz") for figure in self._figures()}

    def _drawn(self, name: str, caption: Message, kind: str) -> str:
        picture = self._artist.picture(name)
        delimiters = choose_format("tex" if kind == "tikz" else "md").delimiters
        templates = environment(templates_folder(), delimiters, self.templates)
        if kind == "tikz":
            return render_tikz(templates, picture, folder="figures/")
        return render_svg(templates, picture, title=self._plain.plain(caption), folder="figures/")

    @cached_property
    def _artist(self) -> Artist:
        return Artist(self.story, self.owner.printer, self._phrase)

    @cached_property
    def _plain(self) -> Words:
        """Words for titles and figures: no format's marks."""
        output_format = choose_format("md")
        return self._words(output_format, output_format.choose_flavour(None))

    def _phrase(self, key: str) -> str:
        return self._plain.plain(Message(key))

    def _repr_markdown_(self) -> str:
        return self.text("md")
