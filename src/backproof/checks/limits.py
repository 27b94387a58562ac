"""Limits for processes that judge, or that run programs of others."""

from __future__ import annotations

import os
from contextlib import suppress


def of_memory(most: int) -> None:
    """Let this process take at most so many bytes, where the system has such limits."""
    with suppress(ImportError, ValueError, OSError):
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (most, most))
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # where it crashes, no file is left


def processors() -> int:
    """How many this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


__all__ = ["of_memory", "processors"]
