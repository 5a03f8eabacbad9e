"""The check of one text: read, bind, judge."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from symbackprop.check.conventions import Conventions
from symbackprop.check.judge.document import DocumentJudge
from symbackprop.check.judge.network import NetworkReader
from symbackprop.check.judge.own import OwnReader
from symbackprop.check.judge.reader import Reader
from symbackprop.check.scan.source import SourceText, read_text
from symbackprop.check.scan.statements import extract_of, statements_of
from symbackprop.check.verdict import FileReport, Report
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
) -> Report:
    """Check a text. Without a ``network`` the text is its own model.

    ``notation`` names the table by which names are read, ``conventions`` settles what is else inferred;
    ``kind`` is what the text is written in. UserError for unknown names among these.
    """
    return Report((check_source(read_text(text, kind, file), network, notation=notation, conventions=conventions),))


def check_source(
    source: SourceText,
    network: Network | Derivation | None = None,
    *,
    notation: str | None = None,
    conventions: Mapping[str, str] = NOTHING_GIVEN,
) -> FileReport:
    """Check a source text that was read. What is not given is taken from the settings in the text itself."""
    extract = extract_of(source)
    notation = notation or extract.options.get(NOTATION)
    conventions = {
        **{key: value for key, value in extract.options.items() if key not in (SPEC, NOTATION)},
        **conventions,
    }
    statements = statements_of(source)
    derivation = derive_model(network) if isinstance(network, Network) else network
    given = Conventions().changed(conventions)
    reader: Reader
    if derivation is None:
        reader = OwnReader.of(statements, given, frozenset(conventions))
    else:
        reader = NetworkReader.of(derivation, statements, notation, given, frozenset(conventions))
    verdicts = DocumentJudge(reader).verdicts(statements)
    return FileReport(source.file, tuple(verdicts), reader.conventions.as_mapping(), None, source.text, extract.remarks)
