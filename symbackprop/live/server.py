"""The live view on a socket, until the reader ends it."""

from __future__ import annotations

import socket

import uvicorn

from symbackprop.live.application import View, application
from symbackprop.live.source import Wanted


class LiveServer(uvicorn.Server):
    """Ends the news before it waits for connections, which are open as long as there may be news."""

    def __init__(self, config: uvicorn.Config, view: View) -> None:
        super().__init__(config)
        self.view = view

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self.view.close()
        await super().shutdown(sockets)


def run(wanted: Wanted, listener: socket.socket) -> None:
    """Serve until an interrupt."""
    app = application(wanted)
    settings = uvicorn.Config(app, log_level="warning", timeout_graceful_shutdown=1, ws="none")
    LiveServer(settings, app.state.view).run(sockets=[listener])
