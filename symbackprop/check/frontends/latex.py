"""LaTeX files: comments, preamble, drawings and verbatim text are left alone, included files are named."""

from __future__ import annotations

import re
from collections.abc import Iterator

from symbackprop.check.scan.assembly import Block, Pieces
from symbackprop.check.scan.delimiters import LATEX, Ends
from symbackprop.check.scan.mapped import MappedText
from symbackprop.check.scan.pieces import Piece
from symbackprop.check.scan.source import Extract, SourceText
from symbackprop.check.verdict import Remark

_UNSEEN = "verbatim|Verbatim|lstlisting|minted|comment|tikzpicture|filecontents|thebibliography|pgfplots|luacode"
_HIDDEN = re.compile(rf"\\begin\s{{0,9}}\{{({_UNSEEN})(\*?)\}}|\\verb\*?([^\sA-Za-z*])|\\[\s\S]|(%[^\n]*(?:\n[ \t]*)?)")
_BODY = re.compile(r"^[^%\n]{0,200}\\begin\s{0,9}\{document\}", re.MULTILINE)
_BODY_END = re.compile(r"^[^%\n]{0,200}\\end\s{0,9}\{document\}", re.MULTILINE)
_OPTION = re.compile(r"^[ \t]*%+[ \t]*symbackprop[ \t]*:[ \t]*(?:(\w[\w-]*)[ \t]*=[ \t]*)?(\S+)[ \t]*$", re.MULTILINE)
_INCLUDED = re.compile(
    r"^(?:\\.|[^%\n\\]){0,300}?(\\(?:input|include|subfile|import)\s{0,9}\{([^{}\n]{1,200})\})", re.MULTILINE
)
_LEVELS = {"part": 1, "chapter": 1, "section": 1, "subsection": 2, "subsubsection": 3, "paragraph": 4, "frametitle": 2}
_BREAK = re.compile(
    r"(?P<blank>\n[ \t]*\n\s*)"
    rf"|\\(?P<heading>{'|'.join(_LEVELS)})\*?\s{{0,9}}(?:\[[^\]]{{0,200}}\])?\{{(?P<title>(?:[^{{}}]++|\{{[^{{}}]*+\}})*+)\}}"
    r"|(?P<table>\\begin\s{0,9}\{(?:tabular\*?|tabularx|longtable|tabulary)\})"
    r"|(?P<item>\\(?:item|par|caption|footnote|maketitle|tableofcontents)(?![A-Za-z]))"
)
_COLUMNS = re.compile(r"(?:\s*\[[^\]]{0,80}\])?(?:\s*\{(?:[^{}]|\{[^{}]*\}){0,400}\}){1,2}")
_ROW_END = re.compile(r"\\\\(?:\s*\[[^\]]{0,40}\])?|\\(?:tabularnewline|cr)(?![A-Za-z])")
_CELL = re.compile(r"\\[\s\S]|\$[^$]*\$|(&)")
_WRAPPED = re.compile(r"\{(?:[^{}]++|\{(?:[^{}]++|\{[^{}]*+\})*+\})*+\}")
_RULES = re.compile(
    r"\\(?:toprule|midrule|bottomrule|hline|endhead|endfoot|endfirsthead|centering|caption\{[^{}]{0,400}\}"
    r"|cmidrule(?:\([lr]+\))?\{[^{}]{0,20}\}|cline\{[^{}]{0,20}\}|multicolumn\{\d+\}\{[^{}]{0,20}\})"
)


def extract(source: SourceText) -> Extract:
    """The options in comments (``% symbackprop: mazur``) and the files that are not followed."""
    options = {match[1] or "spec": match[2] for match in _OPTION.finditer(source.text, 0, 20_000)}
    remarks = tuple(
        Remark(source.place(*match.span(1)), f"'{match[2]}' is not followed; check it by itself")
        for match in _INCLUDED.finditer(source.text)
    )
    return Extract(options, remarks)


def pieces(source: SourceText) -> Iterator[Piece]:
    """The pieces of the document's body."""
    body = _BODY.search(source.text)
    end = _BODY_END.search(source.text, body.end() if body else 0)
    view = _visible(source.text, body.end() if body else 0, end.start() if end else len(source.text))
    return Pieces(view, list(_blocks(view.text)), LATEX, lambda block: _rows(view, block)).run()


def _visible(text: str, start: int, end: int) -> MappedText:
    """The text without comments and without environments in which nothing is mathematics."""
    kept: list[tuple[int, int]] = []
    unclosed: set[str] = set()
    position = start
    while (match := _HIDDEN.search(text, position, end)) is not None:
        if match[1] is not None:
            closing = f"\\end{{{match[1]}{match[2]}}}"
            close = -1 if closing in unclosed else text.find(closing, match.end(), end)
            if close < 0:
                unclosed.add(closing)
                close = match.end() - len(closing)
            kept.append((start, match.start()))
            start = position = close + len(closing)
        elif match[3] is not None:
            close = text.find(match[3], match.end(), min(end, match.end() + 400))
            position = close + 1 if close >= 0 else match.end()
        elif match[4] is not None:
            kept.append((start, match.start()))
            start = position = match.end()
        else:
            position = match.end()
    kept.append((start, end))
    return MappedText.of(text).gather(kept)


def _blocks(text: str) -> Iterator[Block]:
    """Paragraphs, headings and tables; a blank line inside a display is put right later."""
    ends = Ends(text)
    start = position = 0
    gap: list[tuple[int, int]] = []
    while (match := _BREAK.search(text, position)) is not None:
        position = match.end()
        stop, kind = match.start(), match.lastgroup
        table_end = ends.environment(match.start()) if kind == "table" else None
        if kind == "table" and table_end is None:
            continue
        if text[start:stop].strip():
            yield Block("text", [(start, stop)], gap)
            gap = []
        start = position
        if kind == "blank":
            gap = [match.span()]
        elif kind == "title":
            yield Block("heading", [match.span("title")], level=_LEVELS[match["heading"]])
        elif table_end is not None:
            columns = _COLUMNS.match(text, match.end())
            yield Block("table", list(_row_ranges(text, columns.end() if columns else match.end(), table_end[0])))
            start = position = table_end[1]
    if text[start:].strip():
        yield Block("text", [(start, len(text))], gap)


def _row_ranges(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    for match in _ROW_END.finditer(text, start, end):
        yield start, match.start()
        start = match.end()
    if _RULES.sub("", text[start:end]).strip():
        yield start, end


def _rows(view: MappedText, block: Block) -> Iterator[list[MappedText]]:
    for start, end in block.ranges:
        row = view.slice(start, end).substitute(_RULES, lambda match: "")
        cells: list[MappedText] = []
        position = 0
        for match in _CELL.finditer(row.text):
            if match[1]:
                cells.append(row.slice(position, match.start()).stripped())
                position = match.end()
        cells.append(row.slice(position, len(row)).stripped())
        yield [_unwrapped(cell) for cell in cells]


def _unwrapped(cell: MappedText) -> MappedText:
    """A cell without the braces that protect all of it."""
    return cell.slice(1, len(cell) - 1).stripped() if _WRAPPED.fullmatch(cell.text) else cell
