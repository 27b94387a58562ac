"""YAML front matter: what stands below ``backproof:`` in it. It is data, read by a safe loader, within limits."""

from __future__ import annotations

import re
from typing import Any, Final

from ...errors import CannotRun

LONGEST: Final = 10_000  # characters
_FRONT: Final = re.compile(r"---[ \t]*\n(?P<yaml>.*?)^(?:---|\.\.\.)[ \t]*$", re.DOTALL | re.MULTILINE)
_OURS: Final = re.compile(r"^backproof[ \t]*:", re.MULTILINE)


def front_matter(target: str, text: str) -> tuple[dict[str, Any], int]:
    """What it says to us, and where the text behind it begins."""
    found = _FRONT.match(text, 0, LONGEST)
    if found is None:
        return {}, 0
    said = found.group("yaml")
    return (mapping(target, said) if _OURS.search(said) else {}), found.end()


def mapping(target: str, said: str) -> dict[str, Any]:
    """The mapping below ``backproof`` in YAML. CannotRun where it cannot be read, in words."""
    try:
        import yaml
    except ImportError:
        raise CannotRun("reading front matter needs PyYAML: pip install 'backproof[check]'") from None
    try:
        found = yaml.safe_load(said)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        why = getattr(error, "problem", None) or "it is not YAML"
        mark = getattr(error, "problem_mark", None)
        where = f", line {mark.line + 2}" if mark is not None else ""
        raise CannotRun(f"{target}: its front matter cannot be read: {why}{where}") from None
    ours = found.get("backproof") if isinstance(found, dict) else None
    if not isinstance(ours, dict):
        raise CannotRun(f"{target}: in its front matter, backproof stands for fields, such as notation: column")
    return {str(key): _plain(target, str(key), value) for key, value in ours.items()}


def _plain(target: str, key: str, value: Any) -> Any:
    """Text and numbers; or lists, or mappings, of these."""
    if isinstance(value, dict):
        return {str(name): _plain(target, key, item) for name, item in value.items()}
    if isinstance(value, list) and all(isinstance(item, str | int) for item in value):
        return [str(item) for item in value]
    if isinstance(value, str | int | None):
        return value
    raise CannotRun(f"{target}: in its front matter, {key} is neither text nor a number")


__all__ = ["front_matter", "mapping"]
