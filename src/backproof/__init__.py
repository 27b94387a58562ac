"""Proofs for backprop: the backpropagation equations, derived from the chain rule as machine-checked steps.

>>> import backproof
>>> backproof.prove(["bp2"], formats=()).ok
True
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from importlib.metadata import version

    from .checking import Checked
    from .checks.code.adapter import Adapter
    from .checks.holds import NotEstablished, assert_holds
    from .checks.verdict import Verdict
    from .codegen.backend import Failed
    from .derive.calc import WrongLine, calc, entrywise
    from .derive.derivation import Chapter, Derivation
    from .derive.registry import derivation
    from .errors import CannotRun
    from .examining import Report, assert_gradient, check, check_many
    from .exporting import Exported, export
    from .learning.train import train
    from .networks import Setting, dense, dense_network
    from .networks.own import any_function, axes, function, given, network, quantities, total
    from .proving import Proved, ProveResult, prove
    from .surface.network import Network
    from .surface.proofs import replay
    from .surface.terms import Refused
    from .surface.theorem import Theorem

    __version__ = version("backproof")

_WHERE: Final = {
    "Adapter": "checks.code.adapter",
    "CannotRun": "errors",
    "Chapter": "derive.derivation",
    "Checked": "checking",
    "Derivation": "derive.derivation",
    "Network": "surface.network",
    "NotEstablished": "checks.holds",
    "Exported": "exporting",
    "Failed": "codegen.backend",
    "ProveResult": "proving",
    "Proved": "proving",
    "Report": "examining",
    "Refused": "surface.terms",
    "Setting": "networks",
    "Theorem": "surface.theorem",
    "Verdict": "checks.verdict",
    "WrongLine": "derive.calc",
    "any_function": "networks.own",
    "assert_holds": "checks.holds",
    "axes": "networks.own",
    "calc": "derive.calc",
    "assert_gradient": "examining",
    "check": "examining",
    "check_many": "examining",
    "dense": "networks",
    "dense_network": "networks",
    "derivation": "derive.registry",
    "entrywise": "derive.calc",
    "export": "exporting",
    "function": "networks.own",
    "given": "networks.own",
    "network": "networks.own",
    "prove": "proving",
    "quantities": "networks.own",
    "replay": "surface.proofs",
    "total": "networks.own",
    "train": "learning.train",
}


def __getattr__(name: str) -> Any:
    """Import what is asked for, when it is: SymPy takes a while."""
    if name == "__version__":
        return import_module("importlib.metadata").version("backproof")
    if name in _WHERE:
        import_module(".notation.notebook", __name__).install()
        import_module(".lambdify.install", __name__).install()
        import_module(".notation.indexed", __name__).install()
        return getattr(import_module(f".{_WHERE[name]}", __name__), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


__all__ = [
    "Adapter",
    "CannotRun",
    "Chapter",
    "Checked",
    "Derivation",
    "Exported",
    "Failed",
    "Network",
    "NotEstablished",
    "ProveResult",
    "Proved",
    "Refused",
    "Report",
    "Setting",
    "Theorem",
    "Verdict",
    "WrongLine",
    "__version__",
    "any_function",
    "assert_gradient",
    "assert_holds",
    "axes",
    "calc",
    "check",
    "check_many",
    "dense",
    "dense_network",
    "derivation",
    "entrywise",
    "export",
    "function",
    "given",
    "network",
    "prove",
    "quantities",
    "replay",
    "total",
    "train",
]
