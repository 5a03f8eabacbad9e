"""The server of a live view: a frame that stays, a page in it that is made anew, and news of changes.

It listens on this machine only, answers nothing but GET, and no request names a file.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import HTMLResponse, Response, StreamingResponse
from starlette.routing import Route
from watchfiles import awatch

from symbackprop.live.source import MODULES, Shown, Wanted, forget_templates, show
from symbackprop.live.templates import live_template
from symbackprop.render.escaping import ESCAPES
from symbackprop.render.locale import LOCALES
from symbackprop.render.page import page_phrase
from symbackprop.workers.apart import Apart

if TYPE_CHECKING:
    from starlette.requests import Request

    from symbackprop.workers.tasks import Outcome

ADDRESS = "127.0.0.1"
HOSTS = (ADDRESS, "localhost")
"""Names by which a browser may call; another one would be another site that points here."""
FRAME_POLICY = "default-src 'none'; style-src 'unsafe-inline'; script-src 'self'; connect-src 'self'; frame-src 'self'"
HEADERS = {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", "X-Frame-Options": "SAMEORIGIN"}
PATIENCE = 5.0
"""Seconds for which the frame waits for the language of the first page."""
HEARTBEAT = 15.0
"""Seconds after which a silent connection is used once, to notice that a reader is gone."""


class View:
    """What is shown now: the last page that could be made, and what is wrong since."""

    def __init__(self, wanted: Wanted) -> None:
        self.wanted = wanted
        self.version = 0
        self.page = ""
        self.error = ""
        self.language = wanted.language if wanted.language in LOCALES.names() else "en"
        self._news = asyncio.Condition()
        self._turn = asyncio.Lock()
        self._maker = Apart(show, wanted.limits, MODULES)
        self._asked = 0
        self.closed = False

    async def renew(self) -> None:
        """Make the page anew; one that is being made of what was there before is given up."""
        self._asked += 1
        number = self._asked
        self._maker.interrupt()
        async with self._turn:
            if self._is_over(number):
                return
            made = await run_in_threadpool(self._maker.do, self.wanted, lambda: not self._is_over(number))
            if self._is_over(number):
                return
            shown = _shown(self.wanted, made)
            async with self._news:
                self.page = shown.page or self.page
                self.language = shown.language or self.language
                self.error = shown.error
                self.version += 1
                self._news.notify_all()

    def _is_over(self, number: int) -> bool:
        """Whether nobody waits for this page any more."""
        return self.closed or number < self._asked

    async def close(self) -> None:
        self.closed = True
        self._maker.interrupt()
        async with self._news:
            self._news.notify_all()

    async def first(self) -> None:
        """Wait for the first page, or for what is wrong with it."""
        async with self._news:
            await self._news.wait_for(lambda: self.version > 0 or self.closed)

    async def watch(self, stop: asyncio.Event) -> None:
        """Make the page, and make it anew whenever a file that it is made from changes."""
        files = self.wanted.files
        templates = self.wanted.template_folders
        folders = {file.parent for file in files if file.parent.is_dir()}

        def concerns(_: object, path: str) -> bool:
            changed = Path(path).resolve()
            return changed in files or any(changed.is_relative_to(folder) for folder in templates)

        async def follow(paths: set[Path], recursive: bool, renewals: asyncio.TaskGroup) -> None:
            async for changes in awatch(*paths, watch_filter=concerns, recursive=recursive, stop_event=stop):
                if any(Path(path).resolve() not in files for _, path in changes):
                    forget_templates()
                renewals.create_task(self.renew())  # and go on looking: the next change may come before it is made

        # folders, not files: editors write a new file and put it in the place of the old one
        async with asyncio.TaskGroup() as group:
            group.create_task(self.renew())
            group.create_task(follow({folder for folder in templates if folder.is_dir()}, True, group))
            if folders:
                group.create_task(follow(folders, False, group))

    async def news(self) -> AsyncIterator[str]:
        """The state now, and again after every change, as server-sent events."""
        told = 0
        while not self.closed:
            if told != self.version:
                told = self.version
                yield f"data: {json.dumps({'version': told, 'error': self.error})}\n\n"
                continue  # what happened while this was sent is told as well
            async with self._news:
                try:
                    await asyncio.wait_for(self._news.wait(), HEARTBEAT)
                except TimeoutError:
                    yield ": still here\n\n"


def _shown(wanted: Wanted, made: Outcome[Shown]) -> Shown:
    """What became of a page; one that its process did not live to make is an error of the file."""
    return made.value if made.value is not None else Shown(error=f"{wanted.target}: {made.error}")


def application(wanted: Wanted) -> Starlette:
    """The live view of a spec or a post."""
    view = View(wanted)

    async def frame(request: Request) -> Response:
        with suppress(TimeoutError):  # a page that is long in the making tells its language later
            await asyncio.wait_for(view.first(), PATIENCE)
        text = live_template("frame.html.j2").render(
            target=ESCAPES["html"](wanted.target), language=view.language, phrase=page_phrase(view.language)
        )
        return HTMLResponse(text, headers={**HEADERS, "Content-Security-Policy": FRAME_POLICY})

    async def page(request: Request) -> Response:
        await view.first()
        return HTMLResponse(view.page or "<!DOCTYPE html><title>…</title>", headers=HEADERS)

    async def script(request: Request) -> Response:
        return Response(live_template("frame.js").render(), media_type="text/javascript", headers=HEADERS)

    async def events(request: Request) -> Response:
        return StreamingResponse(view.news(), media_type="text/event-stream", headers=HEADERS)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        stop = asyncio.Event()
        watching = asyncio.create_task(view.watch(stop))
        yield
        stop.set()
        await view.close()
        await watching

    routes = [
        Route(path, endpoint, methods=["GET"])
        for path, endpoint in (("/", frame), ("/page", page), ("/frame.js", script), ("/events", events))
    ]
    hosts = Middleware(TrustedHostMiddleware, allowed_hosts=list(HOSTS))
    app = Starlette(routes=routes, middleware=[hosts], lifespan=lifespan)
    app.state.view = view
    return app
