"""symbackprop completion: what a shell has to read to complete commands, options and names."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace

SHELLS = ("bash", "fish", "powershell", "tcsh", "zsh")


def configure(parser: ArgumentParser) -> None:
    parser.add_argument("shell", choices=SHELLS, metavar="SHELL", help=", ".join(SHELLS))


def run(options: Namespace) -> int:
    from argcomplete.shell_integration import shellcode

    print(shellcode(["symbackprop"], shell=options.shell).strip())
    return 0
