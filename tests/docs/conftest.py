"""The browser, for the tests of this folder."""

from __future__ import annotations

from support.browser import chromium

__all__ = ["chromium"]
