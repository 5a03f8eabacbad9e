"""The way in from Python and from a notebook."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from symbackprop.derive.derivation import Derivation, derive_model
from symbackprop.derive.reverse import ADJOINT, adjoint_symbol
from symbackprop.derive.verification import Verification, verify
from symbackprop.document.outline import OUTLINES
from symbackprop.document.story import Detail, Story
from symbackprop.errors import UserError
from symbackprop.examples.library import example_names, example_path
from symbackprop.expression import Chain, Expression, Symbol, chain, partial
from symbackprop.forms.scalar import MOST_IN_CLOSED_FORM, adjoint_free, closed_form, closed_size
from symbackprop.latex.equations import equations
from symbackprop.latex.printer import Printer
from symbackprop.latex.style import printer_for, with_own_signs
from symbackprop.notation.directory import Directory
from symbackprop.notation.naming import Naming, plain
from symbackprop.notation.table import NOTATIONS
from symbackprop.spec.choices import offer
from symbackprop.spec.model import MOST_DIGITS, Network
from symbackprop.spec.reading import check_network, read_spec

if TYPE_CHECKING:
    import sympy

    from symbackprop.check.verdict import Report
    from symbackprop.publish import RenderedDocument

offer("notation", NOTATIONS.names)
offer("outline", OUTLINES.names)


def load(spec: str | Path) -> Network:
    """The network of a TOML file, or of a built-in example by its name."""
    path = Path(spec)
    if isinstance(spec, str) and spec in example_names():
        return read_spec(example_path(spec))
    if not path.exists() and path.suffix == "" and len(path.parts) == 1:
        raise UserError(str(spec), "is neither a file nor a built-in example", example_names())
    return read_spec(path)


def check(text: str, network: Network | None = None, **options: Any) -> Report:
    """Judge every step of a text; without a network the text is its own model (see ``check.check``)."""
    from symbackprop.check.check import check as check_text

    return check_text(text, network, **options)


def derive(network: Network) -> NetworkDerivation:
    """Derive every gradient of a network. One built in code is checked like a spec, with all its errors at once."""
    checked = check_network(network)
    return NetworkDerivation(checked, derive_model(checked))


@dataclass(frozen=True)
class Gradient:
    """The derivative of the error with respect to one parameter, in several forms."""

    owner: NetworkDerivation
    parameter: Symbol

    @property
    def factors(self) -> tuple[sympy.Expr, ...]:
        """The chain rule, factor by factor; the first one is a sum where there are several paths."""
        derivation, run = self.owner.derivation, self.owner.story.paths.run(self.parameter)
        head: list[Expression] = []
        if run.paths:
            head.append(adjoint_free(derivation.graph, adjoint_symbol(run.top)))
        return tuple(self.owner.sympy(part) for part in (*head, *(factor.preferred for factor in run.factors)))

    @property
    def delta_form(self) -> sympy.Expr:
        """With the δ of the neuron."""
        return self.owner.sympy(self.owner.derivation.definition(adjoint_symbol(self.parameter)))

    @property
    def closed_form(self) -> sympy.Expr:
        """Down to inputs and parameters."""
        return self.owner.sympy(closed_form(self.owner.derivation.graph, adjoint_symbol(self.parameter)))

    @property
    def value(self) -> Any:
        """A number exact to 50 digits (mpmath), None where the network leaves values out."""
        return self.owner.derivation.values.get(adjoint_symbol(self.parameter))

    def forms(self) -> dict[str, Chain]:
        """Every form as a chain that begins with ∂E/∂parameter, by the name that ``show --form`` takes."""
        from symbackprop.document.sections.backward import chain_product

        owner, story = self.owner, self.owner.story
        graph, symbol = owner.derivation.graph, adjoint_symbol(self.parameter)
        gradient = partial(story.loss, self.parameter)
        run = story.paths.run(self.parameter)
        found = {
            "factors": chain(
                gradient, chain_product(story, run) if run.factors else owner.derivation.definition(symbol)
            ),
            "delta": chain(gradient, owner.derivation.definition(symbol)),
        }
        if closed_size(graph.node(symbol)) <= MOST_IN_CLOSED_FORM:
            found["closed"] = chain(gradient, closed_form(graph, symbol))
        number = story.number(symbol)
        if number is not None:
            found["value"] = chain(gradient, number)
        return found

    def _repr_latex_(self) -> str:
        return f"$\\displaystyle {self.owner.printer.tex(self.owner.in_own_signs(self.forms()['factors']))}$"


@dataclass(frozen=True)
class NetworkDerivation:
    """A network and everything derived from it, by the names that readers see in its notation."""

    network: Network
    derivation: Derivation

    @cached_property
    def naming(self) -> Naming:
        batch = len(self.derivation.output.axes) > 1
        return Naming(NOTATIONS.get(self.network.notation, "notation"), self.network.sizes, batch)

    @cached_property
    def printer(self) -> Printer:
        return printer_for(self.naming)

    def in_own_signs(self, line: Chain) -> Chain:
        """The chain in terms of the notation's own δ, whose sign may be the other one."""
        turned = with_own_signs(self.naming, line)
        assert isinstance(turned, Chain)
        return turned

    @cached_property
    def directory(self) -> Directory:
        return Directory(self.derivation.graph, self.naming)

    @cached_property
    def verification(self) -> Verification:
        """Every gradient compared with central differences; raises VerificationError."""
        return verify(self.derivation)

    @cached_property
    def story(self) -> Story:
        return Story(self.derivation, self.verification, self.naming.notation, self.network.about.detail)

    def gradient(self, name: str) -> Gradient:
        """∂E/∂parameter, by the parameter's name in the network's notation ("w5", "w_5", "b1")."""
        symbol = self.directory.find(name)
        if symbol not in self.derivation.parameters:
            known = [plain(self.naming.spell(parameter)) for parameter in self.derivation.parameters]
            raise UserError("gradient", f"{name!r} is not a parameter", known)
        return Gradient(self, symbol)

    def equations(self) -> Iterator[str]:
        """Every derivative in its δ form, as TeX, one equation after the other, the loss first.

        Each is ``derivative = what it is computed from``: ∂E/∂ every part of the error, output, δ,
        parameter. The cost grows with the text, so it serves networks of any size.
        """
        graph = self.derivation.graph
        for node in graph.nodes:
            if node.symbol is not None and node.symbol.variant == ADJOINT:
                yield from equations(graph, self.naming, node)

    @property
    def gradients(self) -> tuple[Gradient, ...]:
        """The gradients of all parameters."""
        return tuple(Gradient(self, parameter) for parameter in self.derivation.parameters)

    def value(self, name: str) -> Any:
        """The value of a quantity with 50 digits, None where it has none."""
        return self.derivation.values.get(self.directory.find(name))

    def sympy(self, expression: Expression) -> sympy.Expr:
        """The SymPy expression; its symbols carry the notation's plain names ("out_h1")."""
        import sympy

        from symbackprop.forms.sympy_trees import to_sympy

        return to_sympy(expression, lambda symbol: sympy.Symbol(self.plain_name(symbol), real=True))

    def plain_name(self, symbol: Symbol) -> str:
        """A quantity's name without TeX: "out_h1", and "dE_total/dout_h1" for a derivative without a name."""
        if symbol.variant == "adjoint" and symbol.kind != "preactivation":
            base = Symbol(symbol.kind, symbol.position, symbol.indices)
            return f"d{self.plain_name(self.story.loss)}/d{self.plain_name(base)}"
        return plain(self.naming.spell(symbol))

    def document(
        self, lang: str | None = None, detail: Detail | None = None, templates: str | Path | None = None
    ) -> RenderedDocument:
        """The document of this derivation in a language.

        ``templates`` is a folder of templates that take the place of built-in ones.
        """
        from symbackprop.publish import RenderedDocument
        from symbackprop.render.own_templates import read_own_templates

        own = None if templates is None else read_own_templates(templates, "templates")
        return RenderedDocument(self, lang or self.network.about.language, detail, own)

    def _repr_latex_(self) -> str:
        rows = [
            f"{self.printer.tex(gradient.forms()['delta'])}".replace(" = ", " &= ", 1) for gradient in self.gradients
        ]
        return "$\\displaystyle \\begin{aligned} " + " \\\\ ".join(rows[:40]) + " \\end{aligned}$"


def with_options(network: Network, **options: Any) -> Network:
    """The network with some of its settings replaced, None meaning as it was.

    Options: notation, digits, detail, layout, forms (which the document shows besides the scalar one).
    """
    given = {name: value for name, value in options.items() if value is not None}
    changes: dict[str, Any] = {}
    if "notation" in given:
        NOTATIONS.get(given["notation"], "--notation")
        changes["notation"] = given["notation"]
    if "digits" in given:
        if not 1 <= given["digits"] <= MOST_DIGITS:
            raise UserError("--digits", f"must lie between 1 and {MOST_DIGITS}, got {given['digits']}")
        changes["numbers"] = msgspec.structs.replace(network.numbers, digits=given["digits"])
    about = {name: given[name] for name in ("detail", "layout", "forms") if name in given}
    if about:
        changes["about"] = msgspec.structs.replace(network.about, **about)
    return msgspec.structs.replace(network, **changes)
