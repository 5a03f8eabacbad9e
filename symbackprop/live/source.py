"""What a live view shows: the page of a spec, or the check report of a post beside its text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePath

from symbackprop.batch.checking import limits_of
from symbackprop.check.scan.source import KINDS
from symbackprop.errors import UserError, VerificationError
from symbackprop.examples.library import example_names
from symbackprop.render.environment import forget
from symbackprop.render.flavour import FLAVOURS
from symbackprop.render.locale import LOCALES
from symbackprop.render.location import templates_folder
from symbackprop.workers.tasks import MEGABYTES, SECONDS, Limits


@dataclass(frozen=True)
class Wanted:
    """What a reader asked for: a spec or a post, and the options of the command line."""

    target: str
    language: str | None = None
    notation: str | None = None
    digits: int | None = None
    templates: str | None = None
    spec: str | None = None
    """the network that a post is checked against"""
    time_limit: float | None = SECONDS
    memory_limit: int | None = MEGABYTES
    """what making the page once may take, in seconds and MB"""

    @property
    def limits(self) -> Limits:
        """Of the process that makes the page."""
        return (
            limits_of(self.time_limit, self.memory_limit)
            if self.is_post
            else Limits(self.time_limit, self.memory_limit)
        )

    @property
    def is_post(self) -> bool:
        return PurePath(self.target).suffix.lower() in KINDS

    @cached_property
    def files(self) -> frozenset[Path]:
        """The files that the page is made from, templates aside."""
        names = [name for name in (self.target, self.spec) if name is not None and name not in example_names()]
        return frozenset(Path(name).resolve() for name in names)

    @property
    def template_folders(self) -> tuple[Path, ...]:
        own = [Path(self.templates).resolve()] if self.templates else []
        return (templates_folder().resolve(), *own)


@dataclass(frozen=True, slots=True)
class Shown:
    """A page, or what is wrong."""

    page: str = ""
    error: str = ""
    language: str = ""
    """of the page"""


MODULES = ("symbackprop.publish", "symbackprop.check.check", "symbackprop.live.report")
"""What making a page imports."""


def show(wanted: Wanted) -> Shown:
    """Make the page anew; whatever goes wrong is told in ``error``, with its place."""
    make: Callable[[Wanted], Shown] = _report if wanted.is_post else _document
    try:
        return make(wanted)
    except UserError as error:
        return Shown(error=str(error))
    except VerificationError as error:
        return Shown(error=f"verification failed: {error}")
    except MemoryError:
        raise  # said by what set the limit
    except Exception as error:  # an unfinished template or spec must not end the view: the next change may mend it
        return Shown(error=f"{type(error).__name__}: {error}")


def forget_templates() -> None:
    """Read templates, locales and flavours again when they are wanted next."""
    forget()
    for registry in (LOCALES, FLAVOURS):
        registry.forget()


def _document(wanted: Wanted) -> Shown:
    from symbackprop.api import derive, load, with_options

    network = with_options(load(wanted.target), notation=wanted.notation, digits=wanted.digits)
    document = derive(network).document(wanted.language, templates=wanted.templates)
    return Shown(document.text("html"), language=document.language)


def _report(wanted: Wanted) -> Shown:
    from symbackprop.api import load
    from symbackprop.check.check import check_source
    from symbackprop.check.scan.source import read_source
    from symbackprop.check.scan.statements import extract_of
    from symbackprop.live.report import report_page

    source = read_source(wanted.target)
    options = extract_of(source).options
    name = wanted.spec or options.get("spec")
    network = load(name) if name else None
    notation = wanted.notation or options.get("notation")
    report = check_source(source, network, notation=notation, seconds=wanted.time_limit)
    return Shown(report_page(report), language="en")  # the checker's own language
