"""The `gradatim` command: the engine's verbs always, the program's if `gradatim[server]` is installed."""

from __future__ import annotations

import importlib
import importlib.util
import sys

from gradatim import __version__
from gradatim.engine import cli

PROGRAM = ("demo", "serve", "worker", "migrate", "createadmin", "check", "manage")


def main(argv: list[str] | None = None) -> int:
    """Run a verb.

    Args:
        argv: the words after ``gradatim``; the process's own if left out.

    Returns:
        The exit status.
    """
    words = sys.argv[1:] if argv is None else argv
    if words[:1] == ["--version"]:
        sys.stdout.write(f"gradatim {__version__}\n")
        return 0
    if words[:1] and words[0] in PROGRAM:
        if importlib.util.find_spec("django") is None:
            sys.stderr.write(
                f'`gradatim {words[0]}` belongs to the program: pip install "gradatim[server]"\n'
            )
            return cli.USAGE
        commands = importlib.import_module("gradatim.program.web.commands")
        return int(commands.main(words))
    if not words or words[0] in {"-h", "--help"}:
        sys.stdout.write(
            f"gradatim {__version__}\n\n  {', '.join(cli.VERBS)}: the engine\n  {', '.join(PROGRAM)}: the program\n\n"
            "gradatim VERB --help says more.\n"
        )
        return 0 if words else cli.USAGE
    return cli.main(words)


if __name__ == "__main__":
    sys.exit(main())
