"""Documents of the generator with one slip put into each, and what the checker says about them."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

from support.mutation_meaning import Meaning
from support.mutation_slips import TextSlip, TreeSlip, joined_rows, left_slips, text_slips, tree_slips

from symbackprop.api import NetworkDerivation, derive, load, with_options
from symbackprop.check.check import check
from symbackprop.check.judge.vocabulary import NetworkVocabulary
from symbackprop.check.statement import Origin, Place
from symbackprop.check.verdict import FileReport, Status, Verdict
from symbackprop.document.blocks import Document, Formula
from symbackprop.expression import Chain, Expression
from symbackprop.publish import RenderedDocument

SOUND = frozenset({Status.RIGHT, Status.DEFINITION})
"""Statements into which a slip is put: those that are understood."""
SILENT = frozenset({Status.RIGHT, Status.DEFINITION, Status.MENTION, Status.INHERITED})
UNJUDGED = frozenset({Status.UNDECIDED})
NEAR = 12
"""Characters between a change and the statement that it belongs to: what was taken out leaves a gap."""
SECONDS = 60
"""A check that takes longer counts as a miss."""


@dataclass(frozen=True, slots=True)
class Source:
    """Which document: a built-in network, a notation, a language, a format."""

    example: str
    notation: str
    language: str = "en"
    to: str = "md"

    @property
    def kind(self) -> str:
        return {"md": "markdown", "tex": "latex"}[self.to]


@dataclass(frozen=True, slots=True)
class Site:
    """A member of a chain of a displayed formula."""

    block: int
    chain: int
    member: int


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one slip.

    ``changes``: the slip changes what is said. ``found``: something is said about the right statement;
    ``named``: with a right rule. ``elsewhere``: other statements that are called wrong for it.
    """

    source: Source
    rule: str
    written: str
    original: str
    line: int
    changes: bool
    found: bool
    named: bool
    said: str
    elsewhere: int
    number: bool


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
    def alarms(self) -> list[Verdict]:
        """What is found in the document as it was written: there should be nothing."""
        return [verdict for verdict in self.report.verdicts if verdict.status not in (SILENT | UNJUDGED)]

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
        return check(text, self.owner.derivation, notation=None, kind=self.source.kind).files[0]

    def slips(self, site: Site) -> dict[str, list[TreeSlip]]:
        """Rule -> the slips that can be made at a site."""
        chain = self.chain(site)
        found: dict[str, list[TreeSlip]] = {}
        for slip in [*tree_slips(chain.expressions[site.member], self.vocabulary), *left_slips(chain)]:
            found.setdefault(slip.rule, []).append(slip)
        return found

    def chain(self, site: Site) -> Chain:
        block = self.rendered.document.blocks[site.block]
        assert isinstance(block, Formula)
        return block.chains[site.chain]

    def with_member(self, site: Site, tree: Expression, member: int) -> str:
        """The text of the document with one member of a chain exchanged."""
        block = self.rendered.document.blocks[site.block]
        assert isinstance(block, Formula)
        chain = block.chains[site.chain]
        members = (*chain.expressions[:member], tree, *chain.expressions[member + 1 :])
        chains = (*block.chains[: site.chain], Chain(members, chain.relations), *block.chains[site.chain + 1 :])
        blocks = list(self.rendered.document.blocks)
        blocks[site.block] = replace(block, chains=chains)
        return self._text(replace(self.rendered.document, blocks=tuple(blocks)))

    def _text(self, document: Document) -> str:
        rendered = RenderedDocument(self.owner, self.source.language)
        shared = {key: self.rendered.__dict__[key] for key in ("_drawn_tikz",) if key in self.rendered.__dict__}
        rendered.__dict__.update(shared, document=document)
        text = rendered.text(self.source.to)
        if self.source.to == "tex":
            self.rendered.__dict__.setdefault("_drawn_tikz", rendered._drawn_tikz)
        return text


@cache
def subject(source: Source) -> Subject:
    return Subject(source)


# ---- one slip -------------------------------------------------------------------------------------


def outcome(source: Source, seed: int) -> Outcome | None:
    """Put a drawn slip into a document and check it; None where none was found to put in."""
    draw, document = random.Random(f"{seed}"), subject(source)
    for _ in range(40):
        slip = _with_text_slip if draw.random() < 0.2 else _with_tree_slip
        found = slip(document, draw)
        if found is not None:
            return found
    return None


def _with_tree_slip(document: Subject, draw: random.Random) -> Outcome | None:
    site = draw.choice(document.sites)
    slips = document.slips(site)
    if not slips:
        return None
    slip = draw.choice(slips[draw.choice(sorted(slips))])
    member = 0 if slip.rule == "assignment-as-equation" else site.member
    chain = document.chain(site)
    try:
        text = document.with_member(site, slip.tree, member)
    except (ValueError, KeyError, TypeError, NotImplementedError):
        return None  # what is no formula cannot be printed
    if text == document.text:
        return None
    start, end = _difference(document.text, text)
    before = _at(document.report, _difference(text, document.text), member)
    if not before or any(verdict.status not in SOUND for verdict in before):
        return None
    head = chain.expressions[0]
    differ = None if slip.number else document.meaning.differ(chain.expressions[member], slip.tree)
    if differ is None and not slip.number and document.meaning.differ(head, head) is not None:
        differ = True
    return _judged(document, text, start, end, member, slip.rule, slip.rules, differ is not False, slip.number)


def _with_text_slip(document: Subject, draw: random.Random) -> Outcome | None:
    sound = [
        verdict
        for verdict in document.report.verdicts
        if verdict.status in SOUND and verdict.statement.origin is Origin.DISPLAY
    ]
    verdict = draw.choice(sound)
    place = verdict.statement.place
    slips = [
        *text_slips(document.text, place.start, place.end),
        *joined_rows(document.text, place.start, place.end + 200),
    ]
    if not slips:
        return None
    rules = sorted({slip.rule for slip in slips})
    rule = draw.choice(rules)
    slip: TextSlip = draw.choice([slip for slip in slips if slip.rule == rule])
    text = document.text[: slip.start] + slip.text + document.text[slip.end :]
    start, end = _difference(document.text, text)
    return _judged(document, text, start, end, None, slip.rule, slip.rules, True, False)


def _judged(
    document: Subject,
    text: str,
    start: int,
    end: int,
    member: int | None,
    rule: str,
    rules: frozenset[str],
    changes: bool,
    number: bool,
) -> Outcome:
    try:
        report = _in_time(document, text)
    except TimeoutError:
        report = FileReport(document.source.example, text=text)
    here = _at(report, (start, end), member)
    spoken = [verdict for verdict in here if verdict.status not in SILENT]
    if rule != "undefined-symbol":
        spoken = [verdict for verdict in spoken if verdict.status not in UNJUDGED]
    lines = {verdict.statement.chain for verdict in here}
    elsewhere = [
        verdict
        for verdict in report.verdicts
        if verdict.status is Status.WRONG and verdict not in here and verdict.statement.chain not in lines
    ]
    shown = here[0].statement.tex if here else text[max(0, start - 40) : end + 40]
    said = "; ".join(f"{verdict.status.value} {verdict.rule}" for verdict in here)
    was = document.text[max(0, start - 30) : end + 60]
    line = text.count("\n", 0, start) + 1
    named = any(verdict.rule in rules for verdict in spoken)
    return Outcome(
        document.source, rule, shown, was, line, changes, bool(spoken), named, said, len(elsewhere), number
    )  # fmt: skip


def _in_time(document: Subject, text: str) -> FileReport:
    def late(signal_number: int, frame: object) -> None:
        raise TimeoutError

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(SECONDS)
    try:
        return document.checked(text)
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def _difference(old: str, new: str) -> tuple[int, int]:
    """The stretch of the new text that is not in the old one."""
    shortest = min(len(old), len(new))
    start = next((place for place in range(shortest) if old[place] != new[place]), shortest)
    tail = next((place for place in range(shortest - start) if old[-1 - place] != new[-1 - place]), shortest - start)
    return start, len(new) - tail


def _at(report: FileReport, stretch: tuple[int, int], member: int | None) -> list[Verdict]:
    """The displayed statements that a stretch of the text touches, or that are nearest to it.

    ``member`` picks the step of the chain: of a change of the left side, every step.
    """
    found = [
        (_distance(verdict.statement.place, *stretch), verdict)
        for verdict in report.verdicts
        if verdict.statement.origin is Origin.DISPLAY
        if not member or verdict.statement.step == member
    ]
    nearest = min((distance for distance, _ in found), default=0)
    return [verdict for distance, verdict in found if distance == nearest and distance < NEAR]


def _distance(place: Place, start: int, end: int) -> int:
    return max(0, place.start - end, start - place.end)


# ---- many slips -----------------------------------------------------------------------------------


def outcomes(jobs: Sequence[tuple[Source, int]]) -> Iterator[Outcome]:
    """The outcome of each job, one after the other."""
    for source, seed in jobs:
        found = outcome(source, seed)
        if found is not None:
            yield found
