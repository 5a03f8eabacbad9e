"""A live view that runs in a thread, as the tests of it ask and see it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from support.browser import Browser
from support.tools import find_module

PATIENCE = 60
"""Seconds until a page that has not come is given up."""


@contextmanager
def running(wanted: object) -> Iterator[str]:
    """The address of a server that shows this, as long as it is wanted."""
    import uvicorn

    from symbackprop.live.application import ADDRESS, application
    from symbackprop.live.server import LiveServer

    with socket.create_server((ADDRESS, 0)) as listener:
        app = application(wanted)
        server = LiveServer(uvicorn.Config(app, log_level="warning", ws="none"), app.state.view)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        try:
            yield f"http://{ADDRESS}:{listener.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(PATIENCE)
            assert not thread.is_alive()


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Callable[..., str]]:
    """``live("net.toml", templates=...)``: the address of its live view; paths are those of the test's folder."""
    for module, distribution in (("uvicorn", "uvicorn"), ("watchfiles", "watchfiles"), ("quickjs", "quickjs-ng")):
        find_module(module, distribution)
    from symbackprop.live.source import Wanted

    with ExitStack() as stack:
        yield lambda target, **options: stack.enter_context(running(Wanted(str(tmp_path / target), **options)))


def wait(browser: Browser, condition: str) -> object:
    """What a script finds in the frame's page once it finds something; ``page`` is the document shown in the frame."""
    from selenium.webdriver.support.ui import WebDriverWait

    script = f"const page = document.getElementById('page').contentDocument; return {condition}"
    return WebDriverWait(browser.driver, PATIENCE, 0.05).until(lambda _: browser.script(script))


@pytest.fixture
def watcher(chromium: Browser) -> Iterator[Browser]:
    """The browser, which leaves the page before its server ends and it would complain."""
    yield chromium
    chromium.driver.get("about:blank")
