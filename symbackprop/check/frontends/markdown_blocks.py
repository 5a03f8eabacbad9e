"""The blocks of Markdown, as far as mathematics needs them: paragraphs, headings, tables, and what is code.

A Markdown library was tried and set aside: it sees lists, headings and emphasis inside displayed
formulas, and its positions stop at lines. Here a line of a formula stays what it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from symbackprop.check.frontends import html_tables
from symbackprop.check.scan.assembly import Block, Range
from symbackprop.check.scan.words import is_prose

_QUOTE = re.compile(r"[ \t]*+(?:(?:[-*+•]|\d{1,9}[.)])[ \t]++)?+>[ ]?")
_FENCE = re.compile(r"[ \t]*(?:(?:[-*+•]|\d{1,9}[.)])[ \t]+)?(`{3,}|~{3,}|:{3,}(?=\{math\}))[ \t]*([^`\n]*)(?:\n|$)")
_MATH_FENCE = re.compile(r"\{?math\}?(?:\s|$)")
_DIRECTIVE_OPTION = re.compile(r"[ \t]*:\w+:")
_HEADING = re.compile(r"[ ]{0,3}(#{1,6})(?:[ \t]+|(?=[\u4e00-\u9fff])|$)")
_UNDERLINE = re.compile(r"[ ]{0,3}(={3,}|-{3,})[ \t]*$")
_ITEM = re.compile(r"[ \t]*(?:[-*+•]|\d{1,9}[.)])[ \t]+(?=\S)")
_DELIMITER_ROW = re.compile(r"[ \t]*+\|?[ \t]*+:?-+:?[ \t]*+(?:\|[ \t]*+:?-+:?[ \t]*+)*+\|?[ \t]*+$")
_HIDDEN = re.compile(
    r"<!--|<(?:pre|style|textarea|svg|script(?![^<>]{0,200}math/tex))(?=[\s>])"
    r"|\{%-?\s*(?:highlight|codeblock|comment)\b|\{\{<\s*highlight\b",
    re.IGNORECASE,
)
_LONGEST_TAG = 40
_DISPLAY_EDGE = re.compile(r"\\\\|\$\$|\\\[|\\\]|\\begin|\\end")


class BlockReader:
    """Goes through the lines once. ``blocks`` gives what it finds, in order."""

    def __init__(self, text: str, start: int = 0) -> None:
        self.text = text
        self.position = start
        self.line_end = start
        self.block = Block("text")
        self.gap: list[Range] = []
        self.list_indent = 0
        self.in_code = False
        self.in_dollars = False
        self.in_brackets = False
        self.unclosed: set[str] = set()
        self.found: list[Block] = []

    def blocks(self) -> Iterator[Block]:
        while self.position < len(self.text):
            self._line()
            yield from self.found
            self.found.clear()
        self._flush()
        yield from self.found

    def _flush(self, kind: str = "text", level: int = 0) -> None:
        block, self.block = self.block, Block("text")
        if not block.ranges:
            return
        block.kind, block.level = kind, level
        block.gap, self.gap = self.gap, []
        if kind == "heading":
            self._end_display()
        elif self.open_display and self._is_prose_alone(block):
            self._end_display()  # what was opened above was not meant to reach so far
        self.found.append(block)

    def _is_prose_alone(self, block: Block) -> bool:
        text = "".join(self.text[start:end] for start, end in block.ranges)
        return _DISPLAY_EDGE.search(text) is None and is_prose(text)

    def _edge(self, edge: str) -> None:
        if edge == "$$":
            self.in_dollars = not self.in_dollars
        elif edge != "\\\\":
            self.in_brackets = edge in ("\\[", "\\begin")

    @property
    def open_display(self) -> bool:
        """Whether the lines so far leave a display open: what looks like a list or like code may be mathematics."""
        return self.in_dollars or self.in_brackets

    def _end_display(self) -> None:
        self.in_dollars = self.in_brackets = False

    def _line(self) -> None:
        start = self.position
        end = self.position = self._end(start)
        depth, content = self._unquoted(start, end)
        if depth != self.block.depth and self.block.ranges:
            self._flush()
        self.block.depth = depth
        hidden = _HIDDEN.search(self.text, content, end)
        if hidden is not None and self._hide(content, hidden):
            return
        if not self.text[content:end].strip():
            self._blank(content, end)
            return
        if (opening := html_tables.OPENING.match(self.text, content, end)) and self._tagged_table(opening):
            return
        fence = _FENCE.match(self.text, content, end)
        if fence is not None:
            self._fence(fence, depth)
        elif not self._is_indented_code(content, end):
            self._text_line(content, end)

    def _end(self, position: int) -> int:
        """Where the line ends, its line feed included."""
        if position >= self.line_end:
            self.line_end = self.text.find("\n", position) + 1 or len(self.text)
        return self.line_end

    def _unquoted(self, start: int, end: int) -> tuple[int, int]:
        depth = 0
        while (mark := _QUOTE.match(self.text, start, end)) is not None:
            indent = len(self.text[start : mark.end()]) - len(self.text[start : mark.end()].lstrip())
            if indent > 3 + self.list_indent and not depth:
                break
            depth += 1
            start = mark.end()
        return depth, start

    def _hide(self, content: int, hidden: re.Match[str]) -> bool:
        """Comments, code elements: what stands before and behind them is text."""
        if self.text.count("`", content, hidden.start()) % 2:
            return False
        closing = _closing(hidden[0])
        if closing in self.unclosed:
            return False
        close = self.text.find(closing, hidden.end())
        if close < 0:
            self.unclosed.add(closing)
            return False
        if self.text[content : hidden.start()].strip():
            self._add(content, hidden.start())
        self.position = close + len(closing)
        if closing[0] not in "<-":
            self.position = self.text.find("}", self.position, self.position + _LONGEST_TAG) + 1 or self.position
        line_end = self._end(self.position)
        if not self.text[self.position : line_end].strip():
            if self.block.ranges:
                self._add(self.position, line_end)
            self.position = line_end
        return True

    def _add(self, start: int, end: int) -> None:
        self.block.ranges.append((start, end))
        for edge in _DISPLAY_EDGE.finditer(self.text, start, end):
            self._edge(edge[0])

    def _blank(self, start: int, end: int) -> None:
        self._flush()
        self.gap.append((start, end))
        self.block.depth = 0

    def _fence(self, opening: re.Match[str], depth: int) -> None:
        self._flush()
        self._end_display()
        marks = opening[1]
        closing = re.compile(rf"[ \t]*{re.escape(marks[0])}{{{len(marks)},}}[ \t]*$")
        block = Block("mathematics", depth=depth)
        container = self.list_indent if self._indent(opening.start(), opening.end()) >= self.list_indent else 0
        while self.position < len(self.text):
            start = self.position
            end = self._end(start)
            quoted, content = self._unquoted(start, end) if depth else (0, start)
            left = container and self.text[content:end].strip() and self._indent(content, end) < container
            if quoted < depth or left:
                break  # the quote or the list ends, and the fence with it
            self.position = end
            if closing.match(self.text, content, end - (self.text[end - 1] == "\n")):
                break
            if block.ranges or not _DIRECTIVE_OPTION.match(self.text, content, end):
                block.ranges.append((content, end))
        if _MATH_FENCE.match(opening[2]) and block.ranges:
            block.gap, self.gap = self.gap, []
            self.found.append(block)

    def _is_indented_code(self, start: int, end: int) -> bool:
        indent = self._indent(start, end)
        if self.block.ranges:
            return False
        if indent < self.list_indent:
            self.list_indent = 0
        after_blank = bool(self.gap) or self.in_code or not start
        self.in_code = after_blank and indent >= self.list_indent + 4 and not self.open_display
        return self.in_code

    def _indent(self, start: int, end: int) -> int:
        """Columns of white space at the head of a line."""
        line = self.text[start : min(end, start + 200)].expandtabs(4)
        return len(line) - len(line.lstrip())

    def _text_line(self, start: int, end: int) -> None:
        heading = _HEADING.match(self.text, start, end)
        stop = end - (self.text[end - 1] == "\n")
        if heading is not None:
            self._flush()
            self._add(heading.end(), end)
            self._flush("heading", len(heading[1]))
        elif self.block.ranges and (underline := _UNDERLINE.match(self.text, start, stop)) is not None:
            self._flush("heading", 1 if underline[1][0] == "=" else 2)
        elif self._begins_table(start, stop):
            self._table(stop)
        else:
            item = None if self.open_display else _ITEM.match(self.text, start, end)
            if item is not None:
                depth = self.block.depth
                self._flush()
                self.block.depth = depth
                self.list_indent = len(item[0].expandtabs(4))
            self._add(start, end)

    def _begins_table(self, start: int, stop: int) -> bool:
        """Whether this is the row of dashes below a table's header."""
        if not self.block.ranges or not _DELIMITER_ROW.match(self.text, start, stop):
            return False
        return "|" in self.text[start:stop] and "|" in self.text[slice(*self.block.ranges[-1])]

    def _tagged_table(self, opening: re.Match[str]) -> bool:
        """A table in HTML, if it is closed."""
        end = None if "</table>" in self.unclosed else html_tables.end_of_table(self.text, opening.end())
        if end is None:
            self.unclosed.add("</table>")
            return False
        self._flush()
        table = Block("table", list(html_tables.row_ranges(self.text, opening.end(), end)), self.gap)
        self.gap = []
        if table.ranges:
            self.found.append(table)
        self.position = end
        return True

    def _table(self, stop: int) -> None:
        depth = self.block.depth
        header = self.block.ranges.pop()
        self._flush()
        table = Block("table", [header], self.gap, depth)
        self.gap = []
        while self.position < len(self.text):
            start = self.position
            end = self._end(start)
            quoted, content = self._unquoted(start, end)
            if quoted != depth or "|" not in self.text[content:end]:
                break
            self.position = end
            table.ranges.append((content, end))
        self.found.append(table)


def _closing(opening: str) -> str:
    """What ends a hidden stretch."""
    if opening == "<!--":
        return "-->"
    name = re.sub(r"[^a-z]", "", opening.lower())
    if opening[0] == "<":
        return f"</{name}>"
    return f"end{name}" if opening.startswith("{%") else "/highlight"
