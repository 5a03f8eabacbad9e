"""The figures of many slips, and the page that shows them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from support.mutation import Source
from support.mutation_outcome import Outcome


@dataclass(frozen=True, slots=True)
class Figures:
    """How many slips were made, found at the right statement, and named with a right rule."""

    made: int
    found: int
    named: int

    @staticmethod
    def of(outcomes: Iterable[Outcome]) -> Figures:
        chosen = list(outcomes)
        return Figures(len(chosen), sum(one.found for one in chosen), sum(one.named for one in chosen))

    @property
    def found_share(self) -> float:
        return self.found / max(1, self.made)

    @property
    def named_share(self) -> float:
        return self.named / max(1, self.made)

    def row(self, name: str) -> str:
        found, named = f"{self.found:,} | {self.found_share:.1%}", f"{self.named:,} | {self.named_share:.1%}"
        return f"| {name} | {self.made:,} | {found} | {named} |"


@dataclass(frozen=True)
class Evidence:
    """All outcomes of one run."""

    outcomes: Sequence[Outcome]

    @property
    def slips(self) -> list[Outcome]:
        """Those that change what is said."""
        return [one for one in self.outcomes if one.changes]

    @property
    def controls(self) -> list[Outcome]:
        return [one for one in self.outcomes if not one.changes]

    @property
    def total(self) -> Figures:
        return Figures.of(self.slips)

    @property
    def alarms(self) -> list[Outcome]:
        return [one for one in self.controls if one.found]

    def by_rule(self) -> dict[str, Figures]:
        groups: dict[str, list[Outcome]] = defaultdict(list)
        for one in self.slips:
            groups[one.rule].append(one)
        return {rule: Figures.of(groups[rule]) for rule in sorted(groups)}


_PAGE = """\
# How many slips are found

Slips as people make them are put into documents that the generator wrote, one slip in each document, and the document
is checked. A slip is *found* when the check reports the statement in which it stands, and *named* when the report
gives its rule. Where one and the same change is what several rules describe, each of them is a right name.
Whether a slip changes what the statement says is decided without the checker: both formulas are evaluated at random
values, with derivatives as difference quotients; letters for any layer or unit stand for each of them in turn. Slips
that change nothing (two factors exchanged, say) are counted among the controls. Of the places that are looked at in a
document, up to half are formulas about whole layers or any unit; the others are about single neurons and numbers.

Every built-in network in every notation that can write it, English and Chinese, Markdown and LaTeX, makes {all}
documents; {documents} of them were used here, taken in random order.

| rule | made | found | | named | |
| :--- | ---: | ---: | ---: | ---: | ---: |
{rows}

## Controls

The documents as they were written, and with changes that change nothing. Whatever is found in them is a false alarm.

| change | documents | false alarms | not judged |
| :--- | ---: | ---: | ---: |
{controls}

*Not judged* counts documents in which the check says of some statement that it cannot tell; that is no alarm, and no
success either.

## How to make this table anew

```sh
python benchmarks/mutation.py
```

It takes an hour or more; `--minutes N` ends it sooner, and `--resume FILE` keeps what is done, so that it can go on
later. This table was made with `{options}`, version {version}, {date}. `--misses FILE` writes down every slip that was
not found or was given another name, with the line and the report.
"""


def page(evidence: Evidence, documents: int, version: str, options: str, date: str) -> str:
    """The page of the documentation; ``documents`` there are in all, ``options`` made this table."""
    rows = [figures.row(f"`{rule}`") for rule, figures in evidence.by_rule().items()]
    rows.append(evidence.total.row("**all**"))
    names = Counter(one.rule for one in evidence.controls)
    alarms = Counter(one.rule for one in evidence.alarms)
    unjudged = Counter(one.rule for one in evidence.controls if one.unjudged)
    controls = [
        f"| {name} | {count:,} | {alarms[name]:,} | {unjudged[name]:,} |" for name, count in sorted(names.items())
    ]
    controls.append(f"| **all** | {names.total():,} | {alarms.total():,} | {unjudged.total():,} |")
    used: set[Source] = {one.source for one in evidence.outcomes}
    return _PAGE.format(
        all=documents, documents=len(used), rows="\n".join(rows), controls="\n".join(controls), version=version,
        options=options, date=date,
    )  # fmt: skip
