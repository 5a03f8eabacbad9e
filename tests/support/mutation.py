"""Documents of the generator into which slips are put: rendering with one member of one chain exchanged."""

from __future__ import annotations

import random
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from support.mutation_meaning import Meaning
from support.mutation_slips import (
    TextSlip,
    TreeSlip,
    is_general,
    joined_rows,
    left_slips,
    redefinitions,
    text_slips,
    tree_slips,
)

from symbackprop.api import NetworkDerivation, derive, load, with_options
from symbackprop.check.check import check
from symbackprop.check.judge.vocabulary import NetworkVocabulary
from symbackprop.check.statement import Origin
from symbackprop.check.verdict import FileReport, Status, Verdict
from symbackprop.derive.reverse import ADJOINT
from symbackprop.document.blocks import Block, Document, Formula
from symbackprop.errors import UserError
from symbackprop.expression import Chain, Expression, Symbol
from symbackprop.publish import RenderedDocument

KINDS = {"md": "markdown", "tex": "latex"}
SOUND = frozenset({Status.RIGHT, Status.DEFINITION})
"""Statements into which a slip is put: those that are understood."""
SITES = 70
"""Places of one document that are looked at for slips."""


@dataclass(frozen=True, slots=True)
class Source:
    """Which document: a built-in network, a notation, a language, a format."""

    example: str
    notation: str
    language: str = "en"
    to: str = "md"


@dataclass(frozen=True, slots=True)
class Site:
    """A member of a chain of a displayed formula."""

    block: int
    chain: int
    member: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A slip in a formula and where it is made."""

    site: Site
    slip: TreeSlip


@dataclass(frozen=True, slots=True)
class Added:
    """A statement that is put in after a block of the document."""

    block: int
    chain: Chain
    slip: TreeSlip


class Subject:
    """A document that slips are put into."""

    def __init__(self, source: Source) -> None:
        self.source = source
        network = load(source.example)
        if source.notation != network.notation:
            network = with_options(network, notation=source.notation)
        self.owner: NetworkDerivation = derive(network)
        self.rendered = RenderedDocument(self.owner, source.language)
        self.text = self._text(self.rendered.document)
        self.report = self.checked(self.text)

    @cached_property
    def vocabulary(self) -> NetworkVocabulary:
        return NetworkVocabulary(self.owner.derivation)

    @cached_property
    def meaning(self) -> Meaning:
        return Meaning(self.owner.derivation, self.owner.naming.notation.layout)

    @cached_property
    def sites(self) -> list[Site]:
        return [
            Site(number, row, member)
            for number, block in enumerate(self.rendered.document.blocks)
            if isinstance(block, Formula)
            for row, chain in enumerate(block.chains)
            if set(chain.relations) == {"="}
            for member in range(1, len(chain.expressions))
        ]

    def checked(self, text: str) -> FileReport:
        return check(text, self.owner.derivation, kind=KINDS[self.source.to]).files[0]

    def slips(self, draw: random.Random) -> dict[str, list[Placed | Added | TextSlip]]:
        """Rule -> slips of it that can be made somewhere in the document, in random order."""
        found: dict[str, list[Placed | Added | TextSlip]] = defaultdict(list)
        for site in self._drawn_sites(draw):
            chain = self.chain(site)
            for slip in tree_slips(chain.expressions[site.member], self.vocabulary):
                found[slip.rule].append(Placed(site, slip))
            for slip in left_slips(chain):
                found[slip.rule].append(Placed(replace(site, member=0), slip))
        for verdict in draw.sample(self.sound, min(SITES, len(self.sound))):
            start, end = verdict.statement.place.start, verdict.statement.place.end
            for change in (*text_slips(self.text, start, end), *joined_rows(self.text, start, end + 200)):
                found[change.rule].append(change)
        for added in self._redefinitions(draw):
            found[added.slip.rule].append(added)
        for slips in found.values():
            draw.shuffle(slips)
        return dict(found)

    def _drawn_sites(self, draw: random.Random) -> list[Site]:
        """Half of them, as far as there are so many, in formulas about layers or any unit, which are few."""
        sites = draw.sample(self.sites, len(self.sites))
        general = [site for site in sites if is_general(self.chain(site).expressions[site.member])]
        chosen = general[: SITES // 2]
        rest = [site for site in sites if site not in chosen]
        return [*chosen, *rest[: SITES - len(chosen)]]

    def _is_named(self, head: Symbol) -> bool:
        """Whether the notation has a name of its own for a δ."""
        naming = self.owner.naming
        return naming.can_write(head) and "partial" not in naming.spell(head)

    def _redefinitions(self, draw: random.Random) -> Iterator[Added]:
        """Each δ that the document defines, defined anew after a later formula."""
        formulas = [number for number, block in enumerate(self.rendered.document.blocks) if isinstance(block, Formula)]
        heads: dict[Symbol, int] = {}
        for site in self.sites:
            head = self.chain(site).expressions[0]
            if isinstance(head, Symbol) and (head.kind, head.variant) == ("preactivation", ADJOINT):
                heads.setdefault(head, site.block)
        for head, first in heads.items():
            later = [number for number in formulas if number > first]
            if later and self._is_named(head):
                for slip in redefinitions(head, self.owner.derivation.model.graph.loss.entry()):
                    yield Added(draw.choice(later), Chain((head, slip.tree), ("=",)), slip)

    @cached_property
    def sound(self) -> list[Verdict]:
        return [
            verdict
            for verdict in self.report.verdicts
            if verdict.status in SOUND and verdict.statement.origin is Origin.DISPLAY
        ]

    def chain(self, site: Site) -> Chain:
        block = self.rendered.document.blocks[site.block]
        assert isinstance(block, Formula)
        return block.chains[site.chain]

    def with_member(self, site: Site, tree: Expression) -> str | None:
        """The text of the document with one member of a chain exchanged; None where that cannot be printed."""
        block = self.rendered.document.blocks[site.block]
        assert isinstance(block, Formula)
        chain = block.chains[site.chain]
        members = (*chain.expressions[: site.member], tree, *chain.expressions[site.member + 1 :])
        chains = (*block.chains[: site.chain], Chain(members, chain.relations), *block.chains[site.chain + 1 :])
        blocks = list(self.rendered.document.blocks)
        blocks[site.block] = replace(block, chains=chains)
        return self._with_blocks(blocks)

    def with_added(self, added: Added) -> str | None:
        """The text of the document with one statement more; None where that cannot be printed."""
        blocks = list(self.rendered.document.blocks)
        return self._with_blocks([*blocks[: added.block + 1], Formula((added.chain,)), *blocks[added.block + 1 :]])

    def _with_blocks(self, blocks: Sequence[Block]) -> str | None:
        try:
            text = self._text(replace(self.rendered.document, blocks=tuple(blocks)))
        except (UserError, ValueError, KeyError, TypeError, IndexError, NotImplementedError):
            return None  # what is no formula has no spelling
        return text if text != self.text else None

    def _text(self, document: Document) -> str:
        rendered = RenderedDocument(self.owner, self.source.language)
        shared = {key: self.rendered.__dict__[key] for key in ("_drawn_tikz",) if key in self.rendered.__dict__}
        rendered.__dict__.update(shared, document=document)
        text = rendered.text(self.source.to)
        if self.source.to == "tex":
            self.rendered.__dict__.setdefault("_drawn_tikz", rendered._drawn_tikz)
        return text
