"""Derives many networks and writes their documents."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING
from warnings import catch_warnings, simplefilter

from symbackprop.api import derive, load
from symbackprop.errors import UserError, VerificationError
from symbackprop.publish import RenderedDocument
from symbackprop.render.environment import Format, choose_format
from symbackprop.render.flavour import Flavour
from symbackprop.render.locale import LOCALES
from symbackprop.render.writing import Complete, Output, path_error, write
from symbackprop.spec.model import Network
from symbackprop.workers.running import outcomes
from symbackprop.workers.tasks import Limits

if TYPE_CHECKING:
    from concurrent.futures import Executor


@dataclass(frozen=True, slots=True)
class Choice:
    """One way in which a document is asked for."""

    format: Format
    flavour: Flavour
    fragment: bool = False


@dataclass(frozen=True, slots=True)
class Request:
    """What is wanted of every network: its documents in which ways and languages.

    ``languages`` empty means the spec's own, ``name`` None the network's. ``templates`` is a folder of
    templates that take the place of built-in ones.
    """

    choices: tuple[Choice, ...]
    languages: tuple[str, ...] = ()
    name: str | None = None
    templates: str | Path | None = None

    def languages_of(self, network: Network) -> tuple[str, ...]:
        return self.languages or (network.about.language,)

    def name_of(self, network: Network) -> str:
        return self.name or network.name


@dataclass(frozen=True, slots=True)
class Rendered:
    """The files of one network, not written yet; ``warnings`` are to be shown."""

    outputs: tuple[Output, ...]
    complete: tuple[Complete, ...]
    made_by: str
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Written:
    """What became of one spec: the ``paths`` written, or the ``error`` for which there are none."""

    spec: str
    paths: tuple[Path, ...] = ()
    warnings: tuple[str, ...] = ()
    error: UserError | VerificationError | None = None


def chosen(
    formats: Sequence[str], flavour: str | None = None, fragment: bool = False, languages: Sequence[str] = ()
) -> tuple[Choice, ...]:
    """Each format with the options that concern it; an option that concerns none of them is refused."""
    for language in languages:
        LOCALES.get(language, "--lang")
    found = [choose_format(name) for name in dict.fromkeys(formats)]
    if flavour is not None and not any(each.default_flavour for each in found):
        raise UserError("--flavour", f"{_named(found)} has no flavours; --to md has")
    if fragment and not any(each.fragment for each in found):
        raise UserError("--fragment", f"{_named(found)} has no fragments; --to tex has")
    return tuple(
        Choice(
            each, each.choose_flavour(flavour if each.default_flavour else None), fragment and bool(each.fragment)
        )
        for each in found
    )  # fmt: skip


def _named(formats: Iterable[Format]) -> str:
    return " and ".join(each.name for each in formats)


def documents(network: Network, request: Request) -> Iterator[RenderedDocument]:
    """The derivation as a document in each language, every gradient verified."""
    derivation = derive(network)
    assert derivation.verification
    for language in request.languages_of(network):
        yield derivation.document(language, templates=request.templates)


def rendered(task: tuple[Network, Request], step: Callable[[str], None] = lambda text: None) -> Rendered:
    """The files of one network; ``step`` is told what is under way."""
    network, request = task
    name = request.name_of(network)
    outputs: list[Output] = []
    complete: list[Complete] = []
    made_by = ""
    with catch_warnings(record=True) as complaints:
        simplefilter("always")
        for document in documents(network, request):
            step(f"writing {network.name} ({document.language})")
            made_by = made_by or document.made_by()
            for choice in request.choices:
                outputs += document.outputs(choice.format, choice.flavour, name, choice.fragment)
            if any(choice.format.figure == "svg" for choice in request.choices):
                outputs += document.figure_files(f"{name}.figures")
                complete.append(Complete(f"{name}.figures", document.figure_file("")))
    warnings = tuple(str(complaint.message) for complaint in complaints)
    return Rendered(tuple(outputs), tuple(complete), made_by, warnings)


def single(task: tuple[Network, Request]) -> str:
    """The text of the only document that is asked for of a network."""
    network, request = task
    (document,) = documents(network, request)
    (choice,) = request.choices
    (output,) = document.outputs(choice.format, choice.flavour, request.name_of(network), choice.fragment)
    return output.content.decode()


def derive_files(
    specs: Iterable[str | PathLike[str]],
    output: str | PathLike[str] = "output",
    request: Request | None = None,
    *,
    change: Callable[[Network], Network] = lambda network: network,
    executor: Executor | None = None,
    jobs: int | None = None,
    force: bool = False,
    time_limit: float | None = None,
    memory_limit: int | None = None,
    done: Callable[[int, int], None] = lambda finished, of: None,
) -> tuple[Written, ...]:
    """Derive specs (files, or names of built-in networks) and write what is asked for (Markdown) into a folder.

    What was written for each, in the order given; one that fails is there with its error and does not
    stop the others. All files are written by this process, those of a spec whole or not at all, so
    that nothing is written twice whatever becomes of a worker. ``change`` is applied to every network
    that was read. ``executor`` and ``jobs`` as in ``check_files``. A spec that takes longer than
    ``time_limit`` (seconds) or needs more memory than ``memory_limit`` (MB) is one that fails; on an
    executor both are the executor's.
    """
    wanted = request or Request(chosen(["md"]))
    names = [fspath(spec) for spec in specs]
    found: dict[int, Written] = {}
    tasks: list[tuple[Network, Request]] = []
    places: list[int] = []
    for place, (name, network) in enumerate(_read(names, wanted, change)):
        if isinstance(network, UserError):
            found[place] = Written(name, error=network)
        else:
            tasks.append((network, wanted))
            places.append(place)
    done(len(found), len(names))
    for outcome in outcomes(
        rendered, tasks, executor=executor, jobs=jobs, limits=Limits(time_limit, memory_limit), strictly=True
    ):
        place = places[outcome.number]
        if outcome.value is not None:
            found[place] = _write(names[place], Path(output), outcome.value, force)
        else:
            assert isinstance(outcome.error, UserError | VerificationError)
            found[place] = Written(names[place], error=outcome.error)
        done(len(found), len(names))
    return tuple(found[place] for place in range(len(names)))


def _read(
    names: Sequence[str], request: Request, change: Callable[[Network], Network]
) -> Iterator[tuple[str, Network | UserError]]:
    """Each spec with its network; of several that would write the same files the first one counts."""
    taken: dict[str, str] = {}
    for name in names:
        try:
            network = change(load(name))
            stem = request.name_of(network)
            if (error := path_error(stem, "--name")) is not None:
                raise error
            if stem in taken:
                raise UserError(name, f"would write the same files as {taken[stem]}: both are named {stem}")
        except UserError as error:
            yield name, error
        else:
            taken[stem] = name
            yield name, network


def _write(spec: str, folder: Path, files: Rendered, force: bool) -> Written:
    try:
        paths = write(folder, files.outputs, files.made_by, force, files.complete)
    except UserError as error:
        return Written(spec, warnings=files.warnings, error=error)
    return Written(spec, paths, files.warnings)
