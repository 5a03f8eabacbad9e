"""From the statements of a document to a verdict on each of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby

from symbackprop.check.bind.binding import Bound
from symbackprop.check.deadline import TimeIsUp, check_time
from symbackprop.check.judge.aliases import Aliases
from symbackprop.check.judge.chain import glued_parts
from symbackprop.check.judge.conditions import Conditions, is_about_indices
from symbackprop.check.judge.finding import RIGHT, Finding, undecided
from symbackprop.check.judge.judging import UNCLAIMED, ChainJudge
from symbackprop.check.judge.member import Member
from symbackprop.check.judge.numbers import lone_number
from symbackprop.check.judge.order import with_update_order
from symbackprop.check.judge.reader import Reader
from symbackprop.check.statement import Context, Origin, Role, Statement
from symbackprop.check.values.phrases import Timeline
from symbackprop.check.verdict import Status, Verdict
from symbackprop.expression import Expression, Name, Symbol, walk


@dataclass
class DocumentJudge:
    """Judges statement by statement, in reading order."""

    reader: Reader
    aliases: Aliases = field(default_factory=Aliases)
    conditions: Conditions = field(default_factory=Conditions)
    _before: list[Member] = field(default_factory=list)
    _judge: ChainJudge = field(init=False)

    def verdicts(self, statements: Sequence[Statement]) -> list[Verdict]:
        found: list[Verdict] = []
        self.conditions = Conditions.of(statements)
        for _, group in groupby(statements, key=lambda statement: id(statement.chain or statement)):
            found.extend(self._in_time(list(group)))
        return with_update_order(found)

    def _in_time(self, statements: list[Statement]) -> list[Verdict]:
        """The verdicts on the statements of one chain; once the time is up they say so."""
        try:
            check_time()
            return list(self._group(statements))
        except TimeIsUp as reason:
            return list(unjudged(statements, reason))
        except RecursionError:
            return [_verdict(statement, undecided("nested too deeply to judge")) for statement in statements]

    def _group(self, statements: list[Statement]) -> Iterator[Verdict]:
        first = statements[0]
        if not first.read:
            yield _unread(first)
        elif first.claim is not None:
            yield _verdict(first, self.reader.phrase(first.claim))
        elif first.relation is None or all(statement.condition for statement in statements):
            for statement in statements:
                self._mention(statement)
                yield Verdict(statement, Status.MENTION)
        elif first.chain is not None and is_about_indices(first.chain.expressions):
            for statement in statements:
                self.conditions.say(statement)
                yield Verdict(statement, Status.MENTION)
        else:
            self.reader.enter(first)
            yield from self._chain(statements)

    def _mention(self, statement: Statement) -> None:
        """A lone expression claims nothing; its names are still remembered."""
        if statement.right is not None:
            bound = self.reader.bound([statement.right])[0]
            self.aliases.note(bound.meanings.items())

    # ---- chains ------------------------------------------------------------------------------

    def _chain(self, statements: list[Statement]) -> Iterator[Verdict]:
        chain = statements[0].chain
        assert chain is not None
        bounds = self.reader.members(statements, chain.expressions)
        self._judge = self.reader.chains_for(bounds)
        self._judge.comparer.constraints = self.conditions.for_formula(statements[0])
        lines = [statements[0].place.line, *(statement.place.line for statement in statements)]
        members = [Member(bound, line) for bound, line in zip(bounds, lines, strict=False)]
        relations = [statement.relation or "=" for statement in statements]
        findings = self._judged(statements, chain.expressions, members, relations)
        if len(findings) == 1 and findings[0].status is Status.WRONG:
            findings = [self._after_training(statements[0], members) or findings[0]]
        for place, (statement, finding) in enumerate(zip(statements, findings, strict=True)):
            noted = self._noted(statement, bounds[place : place + 2], finding)
            yield _verdict(statement, noted)

    def _after_training(self, statement: Statement, members: list[Member]) -> Finding | None:
        """``E = 0.29`` in a sentence that says after how many steps."""
        head, lone = members[0].tree, lone_number(members[1].tree)
        steps = _steps(statement.context)
        if not isinstance(head, Symbol) or lone is None or not steps:
            return None
        return self.reader.reached(head, lone, steps)

    def _judged(
        self, statements: list[Statement], written: Sequence[Expression], members: list[Member], relations: list[str]
    ) -> list[Finding]:
        # Where such a value holds for what its name stands for, the name still means that value from here on.
        defined = self._defined(statements, written, members, relations)
        special = self._given(statements, written, members) or defined
        if special is not None:
            return special
        if all(relation in UNCLAIMED for relation in relations):
            return [Finding(Status.MENTION)] * len(relations)
        if any(_is_choice(node) for tree in written for node in walk(tree)):
            return [Finding(Status.DEFINITION)] * len(relations)
        earlier = self._continued(statements[0])
        findings = self._judge.judge([*earlier, *members[bool(earlier) :]], [*["="] * (len(earlier) - 1), *relations])
        own = findings[len(findings) - len(relations) :]
        if any(finding.status is Status.WRONG for finding in own) and not earlier:
            own = self._glued(members, own)
        self._before = [*earlier, *members[bool(earlier) :]]
        return own

    def _continued(self, statement: Statement) -> list[Member]:
        """The members of the display that this one goes on with."""
        return self._before if statement.step > 1 else []

    def _glued(self, members: list[Member], findings: list[Finding]) -> list[Finding]:
        """The chain as several equations run together, if that makes it better."""
        parts = glued_parts(members)
        if parts is None:
            return findings
        apart = [found for part in parts for found in tuple(self._judge.judge(part, ["="] * (len(part) - 1)))]
        if sum(finding.holds for finding in apart) <= sum(finding.holds for finding in findings):
            return findings
        message = "several equations stand run together here"
        return [Finding(Status.NOTE, "run-together", message) if found == RIGHT else found for found in apart]

    def _defined(
        self, statements: list[Statement], written: Sequence[Expression], members: list[Member], relations: list[str]
    ) -> list[Finding] | None:
        """The first step gives a meaning; the others are judged against it."""
        if not self.reader.defines(statements, written, [member.bound for member in members]):
            return None
        known = members[0] if not members[0].bound.unknown else members[1]
        rest: list[Finding] = []
        if len(members) > 2:
            chain = [known, *members[1:]] if known is members[0] else members[1:]
            rest = self._judge.judge(chain, relations if known is members[0] else relations[1:])
            rest = rest[1:] if known is members[0] else rest
        return [Finding(Status.DEFINITION), *rest]

    def _given(
        self, statements: list[Statement], written: Sequence[Expression], members: list[Member]
    ) -> list[Finding] | None:
        """Values given in words, where a neuron's name stands for its target or its output."""
        statement = statements[0]
        if statement.origin is not Origin.VALUE or len(members) != 2 or not members[0].bound.unknown:
            return None
        findings = []
        for symbol in self.reader.roles(written[0], statement.role):
            member = Member(Bound(symbol), members[0].line)
            findings.append(self._judge.judge([member, members[1]], ["="])[0])
            if findings[-1].holds:
                return [findings[-1]]
        return findings[:1] if statement.role is Role.TARGET and findings else None

    def _noted(self, statement: Statement, bounds: Sequence[Bound], finding: Finding) -> Finding:
        """A right step whose names differ from those used before is noted."""
        meanings = {name: symbol for bound in bounds for name, symbol in bound.meanings.items()}
        if statement.left is not None and statement.right is not None:
            self.aliases.equate(statement.left, statement.right, meanings)
        odd = next((fact for name in meanings if (fact := self.reader.oddity(name)) is not None), None)
        remark = odd or self.aliases.note(meanings.items())
        plain = finding.status is Status.RIGHT or (odd is not None and finding.status is Status.DEFINITION)
        if remark is not None and plain and not finding.rule:
            return Finding(Status.NOTE, "two-spellings", remark)
        return finding


def _is_choice(tree: Expression) -> bool:
    """``\\arg\\min_\\theta J``: the best of many is named, not calculated."""
    return isinstance(tree, Name) and tree.head in ("argmin", "argmax")


def unjudged(statements: Sequence[Statement], reason: TimeIsUp) -> tuple[Verdict, ...]:
    """What is said of statements for which no time was left."""
    finding = undecided(f"{reason} before this was judged")
    return tuple(_verdict(statement, finding) if statement.read else _unread(statement) for statement in statements)


def _steps(context: Context) -> int | None:
    """The number of steps that the sentence around a formula names."""
    begin = max((match.end() for match in _SENTENCE_END.finditer(context.before)), default=0)
    end = next((match.start() for match in _SENTENCE_END.finditer(context.after)), len(context.after))
    before = context.before[begin:]
    return Timeline(f"{before} … {context.after[:end]}").at(len(before), len(before))


_SENTENCE_END = re.compile(r"[。！？!?]|\.(?=\s|$)|\n\s*\n")


def _verdict(statement: Statement, finding: Finding) -> Verdict:
    return Verdict(
        statement, finding.status, finding.rule, finding.message, finding.expected or None, finding.from_line
    )


def _unread(statement: Statement) -> Verdict:
    problem = statement.problem or ""
    unbalanced = any(word in problem for word in ("never closed", "closes nothing", "is closed by", "ends nothing"))
    unbalanced = unbalanced or len(_OPENED.findall(statement.tex)) != len(_CLOSED.findall(statement.tex))
    return Verdict(statement, Status.UNREAD, "brackets-unbalanced" if unbalanced else None, problem)


_OPENED, _CLOSED = re.compile(r"(?<!\\)\{"), re.compile(r"(?<!\\)\}")
