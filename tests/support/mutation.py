"""Documents of the generator into which slips are put: rendering with one member of one chain exchanged."""

from __future__ import annotations

import random
from collections import defaultdict
from dataclasses import dataclass, replace
from functools import cached_property

from support.mutation_meaning import Meaning
from support.mutation_slips import TextSlip, TreeSlip, joined_rows, left_slips, text_slips, tree_slips

from symbackprop.api import NetworkDerivation, derive, load, with_options
from symbackprop.check.check import check
from symbackprop.check.judge.vocabulary import NetworkVocabulary
from symbackprop.check.statement import Origin
from symbackprop.check.verdict import FileReport, Status, Verdict
from symbackprop.document.blocks import Document, Formula
from symbackprop.errors import UserError
from symbackprop.expression import Chain, Expression
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

    def slips(self, draw: random.Random) -> dict[str, list[Placed | TextSlip]]:
        """Rule -> slips of it that can be made somewhere in the document, in random order."""
        found: dict[str, list[Placed | TextSlip]] = defaultdict(list)
        for site in draw.sample(self.sites, min(SITES, len(self.sites))):
            chain = self.chain(site)
            for slip in tree_slips(chain.expressions[site.member], self.vocabulary):
                found[slip.rule].append(Placed(site, slip))
            for slip in left_slips(chain):
                found[slip.rule].append(Placed(replace(site, member=0), slip))
        for verdict in draw.sample(self.sound, min(SITES, len(self.sound))):
            start, end = verdict.statement.place.start, verdict.statement.place.end
            for change in (*text_slips(self.text, start, end), *joined_rows(self.text, start, end + 200)):
                found[change.rule].append(change)
        for slips in found.values():
            draw.shuffle(slips)
        return dict(found)

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
