"""``python -m backproof`` and the command ``backproof``."""

from __future__ import annotations

import sys


def main() -> None:
    """Run the command line; exit 2 with a word of advice where its packages are missing."""
    try:
        from . import cli
    except ModuleNotFoundError as missing:
        if missing.name not in ("click", "rich"):
            raise
        sys.stderr.write("backproof: the command line needs click and rich: pip install 'backproof[pdf]'\n")
        sys.exit(2)
    except KeyboardInterrupt:  # before the command line could see it
        sys.exit(130)
    cli.run()


if __name__ == "__main__":
    main()
