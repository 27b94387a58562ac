"""The command line. Nothing heavy is imported here: SymPy, NumPy and rich are, once they are used."""

from .main import main, run

__all__ = ["main", "run"]
