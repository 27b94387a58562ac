"""What a document is about: the dense network of its Setting, a network of the library, or one of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ..derive.registry import LIBRARY, library_module
from ..notation import profiles
from ..surface.network import Network
from .claims import Reading
from .front import setting_of

OWN: Final = "own"  #: the network that a document defines itself


def subject(front: Mapping[str, Any]) -> Reading:
    """What the claims of a document are read in, before it has defined anything. ValueError in words."""
    said = dict(front)
    name = said.pop("network", None)
    if name is None or name == "dense":
        return setting_of(said)
    known = {"letters", "notation", *(("hidden", "output") if name == OWN else ())}
    if others := sorted(set(said) - known):
        raise ValueError(f"{others[0]!r} is said of dense networks, and not of one by name")
    net = empty() if name == OWN else named(str(name))
    row = profiles.notation(str(said.get("notation", "nielsen")))
    return Reading(net, profiles.for_network(row, net))


def empty() -> Network:
    """The network of a document that has defined nothing yet."""
    return Network((), (), None, title="the network of this document")


def named(name: str) -> Network:
    """A network of the library: of a chapter the one that is called like it, or else its first; or chapter.name."""
    chapter, _, which = name.partition(".")
    if chapter not in LIBRARY:
        raise ValueError(f"no network {name!r}: there are dense, own, and those of {', '.join(LIBRARY)}")
    found = {key: value for key, value in vars(library_module(chapter)).items() if isinstance(value, Network)}
    net = found.get(which or chapter) or (None if which else next(iter(found.values()), None))
    if net is None:
        raise ValueError(f"no network {name!r}: the chapter {chapter} has {', '.join(found) or 'none'}")
    return net


__all__ = ["OWN", "empty", "named", "subject"]
