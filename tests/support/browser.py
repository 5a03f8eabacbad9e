"""A real Chromium, as the tests of pages drive it: what it shows, what it asks for, what it complains of."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from support.tools import find_module, find_tool, node_packages

WIDE, NARROW = (1440, 900), (320, 640)


class Browser:
    """One window; ``driver`` is Selenium's."""

    def __init__(self, driver: Any) -> None:
        self.driver = driver

    def open(self, address: str | Path, size: tuple[int, int] = WIDE, scheme: str = "light") -> None:
        """Show a page in a window of this size, for a reader who prefers a colour scheme."""
        self.command("Emulation.setDeviceMetricsOverride", width=size[0], height=size[1], deviceScaleFactor=1,
                     mobile=False)  # fmt: skip
        self.media(scheme)
        self.requests()
        self.complaints()
        self.driver.get(address.as_uri() if isinstance(address, Path) else address)

    def media(self, scheme: str = "light", media: str = "screen") -> None:
        preferences = {"prefers-color-scheme": scheme, "prefers-reduced-motion": "reduce"}
        features = [{"name": name, "value": value} for name, value in preferences.items()]
        self.command("Emulation.setEmulatedMedia", media=media, features=features)

    def command(self, name: str, **arguments: Any) -> Any:
        """One of Chromium's own commands."""
        return self.driver.execute_cdp_cmd(name, arguments)

    def script(self, text: str, *arguments: Any) -> Any:
        """What a script, run in the page, returns."""
        return self.driver.execute_script(text, *arguments)

    def requests(self) -> list[str]:
        """The addresses that were asked for since the last call; fonts inside the page ask nobody."""
        entries = [json.loads(entry["message"])["message"] for entry in self.driver.get_log("performance")]
        sent = [entry for entry in entries if entry["method"] == "Network.requestWillBeSent"]
        addresses = [entry["params"]["request"]["url"] for entry in sent]
        return [address for address in addresses if not address.startswith("data:")]

    def complaints(self) -> list[str]:
        """What the console was told since the last call."""
        return [entry["message"] for entry in self.driver.get_log("browser") if "favicon" not in entry["message"]]

    def point_at(self, selector: str) -> None:
        """Move the pointer to the middle of the first element that the selector finds."""
        # a page is told of scrolling with its next frame; only then is the pointer moved
        place = self.driver.execute_async_script(
            "const [selector, done] = arguments; const e = document.querySelector(selector);"
            "e.scrollIntoView({block: 'center', behavior: 'instant'});"
            "requestAnimationFrame(() => requestAnimationFrame(() => {"
            "  const b = e.getBoundingClientRect(); done([b.x + b.width / 2, b.y + b.height / 2]); }))",
            selector,
        )
        self.command("Input.dispatchMouseEvent", type="mouseMoved", x=place[0], y=place[1])

    def screenshot(self, path: Path, whole: bool = False) -> None:
        import base64

        taken = self.command("Page.captureScreenshot", captureBeyondViewport=whole, **(self._page() if whole else {}))
        path.write_bytes(base64.b64decode(taken["data"]))

    def _page(self) -> dict[str, Any]:
        size = self.command("Page.getLayoutMetrics")["cssContentSize"]
        return {"clip": {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}}

    def accessibility(self) -> list[str]:
        """What axe-core finds wrong, one line for each element."""
        library = node_packages("axe-core") / "node_modules" / "axe-core" / "axe.min.js"
        self.script(library.read_text(encoding="utf-8"))
        found = self.driver.execute_async_script(
            "const done = arguments[0];"
            "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa']})"
            ".then(r => done(r.violations), e => done([{id: String(e), nodes: []}]))"
        )
        return [
            f"{rule['id']}: {node['html'][:160]}: {node['failureSummary']}"
            for rule in found
            for node in rule["nodes"] or [{"html": "", "failureSummary": ""}]
        ]


@contextmanager
def browser() -> Iterator[Browser]:
    """A Chromium without a window, or the test is skipped (in CI: failed)."""
    find_module("selenium", "selenium")
    chromium, chromedriver = find_tool("chromium"), find_tool("chromedriver")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = str(chromium)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    for argument in ("--headless=new", "--disable-dev-shm-usage", "--disable-gpu", "--hide-scrollbars"):
        options.add_argument(argument)
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        options.add_argument("--no-sandbox")  # Chromium refuses its sandbox to root, as in a container
    driver = webdriver.Chrome(options=options, service=Service(str(chromedriver)))
    driver.set_script_timeout(600)  # axe-core looks at tens of thousands of elements, on a machine that may be busy
    try:
        yield Browser(driver)
    finally:
        driver.quit()


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of a test session."""
    with browser() as opened:
        yield opened
