"""A live view and the browser, for the tests of this folder."""

from __future__ import annotations

from support.browser import chromium
from support.live import live, watcher

__all__ = ["chromium", "live", "watcher"]
