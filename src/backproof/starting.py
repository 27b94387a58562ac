"""``new``: a derivation file to start from, which proves as it stands."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from .errors import CannotRun

TEXT: Final = '''\
"""A title of your own

What this chapter is about: plain text, with $formulas$, *emphasis*, [links](https://example.org) and lists.

Source: where it is from.
"""

from backproof import calc, dense, derivation
from backproof.surface.terms import C, D, Kron, L, a, delta, j, k, sigma_prime, total, y, z
from backproof.derive.reasons import both, chain_rule, definition, differentiation, sifting, theorem
from backproof.derivations.bp1 import quadratic_gradient

net = dense(cost="quadratic")  # any depth, any widths, any activation; networks of your own: see docs/networks.md


@derivation("my-output-error", "The error of an output, under the quadratic cost")
def my_output_error():
    """What stands here is printed before the theorem."""
    return calc(
        net, delta[L, j],  # where it starts; a line is a term, and the reason why it equals the line before
        (D(C, z[L, j]),                                                   definition(delta[L, j])),
        (total(D(C, a[L, k]) * D(a[L, k], z[L, j]), k, L),                chain_rule(through=a[L, k])),
        (total(D(C, a[L, k]) * sigma_prime(z[L, k]) * Kron(k, j), k, L),  both(definition(a[L, k]), differentiation)),
        (D(C, a[L, j]) * sigma_prime(z[L, j]),                            sifting),
        ((a[L, j] - y[j]) * sigma_prime(z[L, j]),                         theorem(quadratic_gradient())),
    )


# backproof prove THIS_FILE.py      proves, judges and prints it; a line that does not follow is answered with numbers
# backproof prove FOLDER            makes one report of all files of a folder
# All reasons: algebra, definition, differentiation, chain_rule, sifting, theorem, ... see docs/prove.md
'''


def write(path: Path) -> Path:
    """The file, if there is none yet; CannotRun where there is, or where it cannot be written."""
    if path.suffix != ".py":
        raise CannotRun(f"{path}: the name of a derivation file ends in .py")
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(TEXT)
    except FileExistsError:
        raise CannotRun(f"{path} is there already, and is left as it is") from None
    except OSError as error:
        raise CannotRun(f"cannot write {path}: {(error.strerror or str(error)).lower()}") from None
    return path


__all__ = ["TEXT", "write"]
