"""The check of one text: read, bind, judge."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from symbackprop.check.conventions import Conventions
from symbackprop.check.deadline import TimeIsUp, time_limit
from symbackprop.check.judge.document import DocumentJudge, unjudged
from symbackprop.check.judge.network import NetworkReader
from symbackprop.check.judge.own import OwnReader
from symbackprop.check.judge.reader import Reader
from symbackprop.check.judge.trust import OTHER_NETWORK, fits_better, is_doubtful, trusted
from symbackprop.check.scan.source import SourceText, read_text
from symbackprop.check.scan.statements import extract_of, statements_of
from symbackprop.check.verdict import FileReport, Remark, Report
from symbackprop.derive.derivation import Derivation, derive_model
from symbackprop.spec.model import Network

SPEC, NOTATION = "spec", "notation"
"""Settings in a text beside the conventions; its network is for the caller to load."""
NOTHING_GIVEN: Mapping[str, str] = MappingProxyType({})


def check(
    text: str,
    network: Network | Derivation | None = None,
    *,
    notation: str | None = None,
    conventions: Mapping[str, str] = NOTHING_GIVEN,
    kind: str = "markdown",
    file: str = "<text>",
    seconds: float | None = None,
) -> Report:
    """Check a text. Without a ``network`` the text is its own model.

    ``notation`` names the table by which names are read, ``conventions`` settles what is else inferred;
    ``kind`` is what the text is written in. UserError for unknown names among these. After so many
    ``seconds`` what is not judged yet is undecided.
    """
    source = read_text(text, kind, file)
    found = check_source(source, network, notation=notation, conventions=conventions, seconds=seconds)
    return Report((found,))


def check_source(
    source: SourceText,
    network: Network | Derivation | None = None,
    *,
    notation: str | None = None,
    conventions: Mapping[str, str] = NOTHING_GIVEN,
    seconds: float | None = None,
) -> FileReport:
    """Check a source text that was read; in ``seconds``, where these are given.

    What is not given is taken from the settings in the text itself.
    """
    try:
        with time_limit(seconds):
            return _checked(source, network, notation, conventions)
    except TimeIsUp as reason:
        return FileReport(source.file, error=f"{reason} before all of it was read", text=source.text)
    except RecursionError:
        return FileReport(source.file, error="is nested too deeply to be checked", text=source.text)


def _checked(
    source: SourceText, network: Network | Derivation | None, notation: str | None, conventions: Mapping[str, str]
) -> FileReport:
    extract = extract_of(source)
    notation = notation or extract.options.get(NOTATION)
    conventions = {
        **{key: value for key, value in extract.options.items() if key not in (SPEC, NOTATION)},
        **conventions,
    }
    statements = statements_of(source)
    try:
        derivation = derive_model(network) if isinstance(network, Network) else network
        given = Conventions().changed(conventions)
        reader: Reader
        if derivation is None:
            reader = OwnReader.of(statements, given, frozenset(conventions))
        else:
            reader = NetworkReader.of(derivation, statements, notation, given, frozenset(conventions))
    except TimeIsUp as reason:
        return FileReport(source.file, unjudged(statements, reason), {}, None, source.text, extract.remarks)
    verdicts = DocumentJudge(reader).verdicts(statements)
    remarks = extract.remarks
    if derivation is None:
        verdicts = trusted(verdicts)
    elif is_doubtful(verdicts):
        alone = OwnReader.of(statements, given, frozenset(conventions))
        among_itself = trusted(DocumentJudge(alone).verdicts(statements))
        if fits_better(among_itself, verdicts):
            reader, verdicts = alone, among_itself
            remarks = (*remarks, Remark(verdicts[0].statement.place, OTHER_NETWORK))
    shown = reader.conventions.as_mapping(reader.evident() | frozenset(conventions))
    return FileReport(source.file, tuple(verdicts), shown, None, source.text, remarks)
