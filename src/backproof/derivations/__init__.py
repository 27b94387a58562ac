"""The derivations. In the wheel they lie beside this file; in a checkout, in the folder derivations/ at its top."""

from pathlib import Path

_checkout = Path(__file__).parents[3]
if (_checkout / "pyproject.toml").exists():
    __path__.append(str(_checkout / "derivations"))
