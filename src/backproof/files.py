"""Several files together or not at all, so that a failure loses nothing that was there."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .errors import CannotRun


@contextmanager
def together(paths: Sequence[Path]) -> Iterator[list[Path]]:
    """Drafts beside ``paths``, which take their places once all are written."""
    folder = paths[0].parent
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".backproof-", dir=folder) as place:
            drafts = [Path(place, path.name) for path in paths]
            yield drafts
            for draft, path in zip(drafts, paths, strict=True):
                draft.replace(path)
    except OSError as error:
        raise CannotRun(f"cannot write to {folder}: {(error.strerror or str(error)).lower()}") from None


__all__ = ["together"]
