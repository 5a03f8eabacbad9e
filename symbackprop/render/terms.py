"""Terms in running text: the first of each in a section is explained where it stands.

The phrases ``terms.<name>.word`` and ``terms.<name>.meaning`` of a language are its glossary.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from symbackprop.render.escaping import ESCAPES
from symbackprop.render.locale import Locale

MARKUP = re.compile(r'(<span class="tex">[^<]*</span>|<a [^>]*>.*?</a>|<[^>]*>)')


class Term(NamedTuple):
    """A word with its meaning, both as HTML has them."""

    name: str
    word: str
    meaning: str


class Glossary:
    """The terms of a language, and which of them a text has used so far."""

    def __init__(self, locale: Locale) -> None:
        names = [key.split(".")[1] for key in locale.phrases if key.startswith("terms.") and key.endswith(".word")]
        escape = ESCAPES["html"]
        said = {key: escape(phrase) for key, phrase in locale.phrases.items() if key.startswith("terms.")}
        self.terms = {name: Term(name, said[f"terms.{name}.word"], said[f"terms.{name}.meaning"]) for name in names}
        words = {term.word.lower(): name for name, term in self.terms.items()}
        longest_first = "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))
        # letters beside a word make it another one where words have spaces between them
        bound = (r"(?<![A-Za-z])", r"(?![A-Za-z])")
        self._pattern = re.compile(f"{bound[0]}(?:{longest_first}){bound[1]}", re.IGNORECASE) if words else None
        self._by_word = words
        self._seen: set[str] = set()
        self._used: set[str] = set()

    def new_section(self) -> str:
        """From here on every term is explained again. Answers nothing, for templates."""
        self._seen.clear()
        return ""

    def explained(self, line: str) -> str:
        """The line of HTML with terms as links to their meaning, which also stands beside them."""
        if self._pattern is None:
            return line
        pieces = MARKUP.split(line)
        pieces[::2] = [self._pattern.sub(self._linked, piece) for piece in pieces[::2]]
        return "".join(pieces)

    @property
    def used(self) -> list[Term]:
        """The terms that were explained, in alphabetical order."""
        return [self.terms[name] for name in sorted(self._used)]

    def _linked(self, match: re.Match[str]) -> str:
        term = self.terms[self._by_word[match[0].lower()]]
        if term.name in self._seen:
            return match[0]
        self._seen.add(term.name)
        self._used.add(term.name)
        return f'<a class="term" href="#term:{term.name}" title="{term.meaning}">{match[0]}</a>'
