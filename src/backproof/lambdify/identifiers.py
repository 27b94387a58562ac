"""Identifiers for generated Python: the letters of the theorem where Python takes them, else the nearest fresh ones."""

from __future__ import annotations

import keyword
import re
from collections.abc import Hashable, Iterable


class Identifiers:
    """One identifier for each thing that needs a name: plain ASCII, no keyword, none twice and none that is taken.

    >>> names = Identifiers({"exp"})
    >>> [names.of(key, key) for key in ("eta'", "lambda", "exp", "__import__('os')", "eta'")]
    ['eta_', 'lambda_', 'exp_', 'import____os__', 'eta_']
    """

    def __init__(self, taken: Iterable[str]) -> None:
        self._names: dict[Hashable, str] = {}
        self._taken = {*taken, *keyword.kwlist, *keyword.softkwlist}

    def of(self, key: Hashable, wanted: str) -> str:
        """The identifier of ``key``, always the same; at the first time as much like ``wanted`` as can be."""
        if key not in self._names:
            name = re.sub(r"\W", "_", wanted, flags=re.ASCII).lstrip("_")
            name = name if name[:1].isalpha() else f"v{name}"
            while name in self._taken:
                name += "_"
            self._taken.add(name)
            self._names[key] = name
        return self._names[key]
