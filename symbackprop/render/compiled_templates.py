"""The code that Jinja makes of the built-in templates, kept between runs."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any
from zlib import crc32

import jinja2
from jinja2.bccache import Bucket

from symbackprop import kept


class _Compiled(jinja2.FileSystemBytecodeCache):
    """Jinja's own, for which a full disk is no error."""

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def compiled_templates(settings: Mapping[str, Any]) -> jinja2.BytecodeCache | None:
    """What was made with this Jinja and these settings; None where nothing can be kept."""
    at = kept.writable_folder()
    if at is None:
        return None
    jinja = Path(jinja2.__file__)
    made_with = crc32(repr((str(jinja), jinja.stat().st_mtime_ns, settings)).encode())
    return _Compiled(str(at), f"template-{made_with:08x}-%s")
