"""Checks many programs in one process, so that PyTorch and JAX are loaded once: jobs in, answers out, as JSON lines."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

from backproof.checks.code.flow import check
from backproof.checks.code.frameworks import table
from backproof.checks.code.layers.asked import _told
from backproof.checks.code.layers.check import check_layer
from backproof.checks.code.load import module
from backproof.checks.code.said import Said


def layer(file: str, name: str, network: str) -> dict[str, Any]:
    """What is said of a layer."""
    table.prepare(file)
    return _told(check_layer(getattr(module(file), name), network=network))


def net(file: str, **said: str) -> dict[str, Any]:
    """What is said of a network."""
    return check(file, Said(**said)).to_json(file)


def main() -> None:
    for line in Path(sys.argv[1]).read_text().splitlines():
        job = json.loads(line)
        answer = {"layer": layer, "net": net}[job.pop("kind")](**job)
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
