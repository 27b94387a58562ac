"""A fixture for pytest, which finds it where backproof is installed: a gradient that is wrong fails with the report."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest


@pytest.fixture
def assert_gradient(request: pytest.FixtureRequest) -> Callable[..., Any]:
    """``assert_gradient(found, **options)``, as ``backproof.assert_gradient``; files lie beside the test.

    The test fails with the report alone: a traceback would show this check, and not the program under check.
    """

    def asserted(found: Any, **options: Any) -> Any:
        from .examining import check

        report = check(_beside(found, request.path.parent), **options)
        if not report.ok:
            pytest.fail(str(report), pytrace=False)
        return report

    return asserted


def _beside(found: Any, folder: Path) -> Any:
    """A target whose file lies in ``folder``, by its whole path; anything else as it is."""
    place = folder / str(found)
    here = isinstance(found, str) and place.with_name(place.name.partition(":")[0]).is_file()
    return str(place) if here else found


__all__ = ["assert_gradient"]
