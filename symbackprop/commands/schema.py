"""symbackprop schema: the JSON Schema of a spec."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace


def configure(parser: ArgumentParser) -> None:
    """There is nothing to configure."""


def run(options: Namespace) -> int:
    import symbackprop.api  # its tables add their names to the choices  # noqa: F401
    from symbackprop.spec.schema import schema

    print(json.dumps(schema(), indent=2, ensure_ascii=False))
    return 0
