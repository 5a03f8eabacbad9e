"""symbackprop serve: a page that follows its spec, or a post with its check report beside it."""

from __future__ import annotations

import os
import socket
from argparse import ArgumentParser, Namespace
from contextlib import suppress
from typing import TYPE_CHECKING

from symbackprop.commands import running
from symbackprop.errors import UserError
from symbackprop.workers.tasks import MEGABYTES, SECONDS, Limits

if TYPE_CHECKING:
    from symbackprop.live.source import Wanted

REMEDY = 'pip install "symbackprop[serve]"'


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("spec", metavar="SPEC", help="a TOML file, the name of a built-in network, or a post to check")
    parser.add_argument("--port", type=int, default=8000, metavar="N", help="port on this machine; 0 takes any (8000)")
    parser.add_argument("--lang", metavar="en|zh", help="language of the document (the spec's)")
    parser.add_argument("--notation", metavar="NAME", help="notation family (the spec's)")
    parser.add_argument("--digits", type=int, metavar="N", help="digits shown (the spec's)")
    parser.add_argument("--templates", metavar="DIR", help="templates of your own in the place of built-in ones")
    running.configure_limits(
        parser, Limits(SECONDS, MEGABYTES), late="a page that takes longer is given up, and the last one stays",
        greedy="a page that needs more is given up",
    )  # fmt: skip
    parser.add_argument("--spec", dest="network", metavar="SPEC", help="of a post: the network that it is about")


def run(options: Namespace) -> int:
    from symbackprop.live.source import Wanted

    if not 0 <= options.port <= 65535:
        raise UserError("--port", f"must lie between 0 and 65535, got {options.port}")
    wanted = Wanted(
        options.spec, options.lang, options.notation, options.digits, options.templates, options.network,
        options.time_limit, options.memory_limit,
    )  # fmt: skip
    _be_there(wanted)
    try:
        from symbackprop.live.application import ADDRESS
        from symbackprop.live.server import run as serve
    except ModuleNotFoundError as error:
        raise UserError("serve", f"needs the package {str(error.name).partition('.')[0]}; {REMEDY}") from None
    with _listener(ADDRESS, options.port) as listener:
        print(f"http://{ADDRESS}:{listener.getsockname()[1]}/ shows {options.spec}; Ctrl-C ends it", flush=True)
        with suppress(KeyboardInterrupt):  # that is how it ends
            serve(wanted, listener)
    return 0


def _listener(address: str, port: int) -> socket.socket:
    """A socket on which whoever calls before the first page is made waits for it."""
    try:
        return socket.create_server((address, port))
    except OSError as error:
        raise UserError(
            "--port", f"{port} cannot be used: {os.strerror(error.errno or 0)}; --port 0 takes a free one"
        ) from None


def _be_there(wanted: Wanted) -> None:
    """What no change of a file can mend is said at once; a file with mistakes is shown with them."""
    from symbackprop.api import load
    from symbackprop.notation.table import NOTATIONS
    from symbackprop.render.locale import LOCALES
    from symbackprop.render.own_templates import read_own_templates

    if wanted.language is not None:
        LOCALES.get(wanted.language, "--lang")
    if wanted.notation is not None:
        NOTATIONS.get(wanted.notation, "--notation")
    if wanted.templates is not None:
        read_own_templates(wanted.templates)
    for path in sorted(wanted.files):
        if not path.is_file():
            if not wanted.is_post:
                load(wanted.target)  # says which names are known
            raise UserError(str(path), "is not there")
