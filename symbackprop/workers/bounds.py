"""Bounds on what this process may use, kept by the system."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def bounded(*, memory: int | None = None, seconds: float | None = None, file_size: int | None = None) -> Iterator[None]:
    """Do something with at most so many bytes of address space, seconds of computing and bytes in a file.

    Too much memory is a ``MemoryError``, a file too large an ``OSError``; too much computing ends the
    process. The bounds that were there before are there again afterwards, so that what went wrong can
    be told. Windows knows no such bounds, and macOS refuses one of the address space: what a system does
    not bound is not bounded.
    """
    if sys.platform == "win32":  # pragma: no cover (another system)
        yield
        return
    import resource

    wanted = {
        resource.RLIMIT_AS: memory,
        resource.RLIMIT_CPU: None if seconds is None else int(seconds) + 1,
        resource.RLIMIT_FSIZE: file_size,
    }
    before: dict[int, tuple[int, int]] = {}
    for kind, most in wanted.items():
        if most is not None:
            soft, hard = resource.getrlimit(kind)
            with suppress(ValueError):
                resource.setrlimit(kind, (most if hard == resource.RLIM_INFINITY else min(most, hard), hard))
                before[kind] = soft, hard
    try:
        yield
    finally:
        for kind, limits in before.items():
            resource.setrlimit(kind, limits)
