"""``Theorem.lambdify``: what a theorem says its left side is, as a function of numbers.

The classes live below this module; ``install`` gives them the method.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..derive.derivation import Derivation
from ..surface.theorem import Theorem

if TYPE_CHECKING:
    from .numeric import Numeric


def lambdify(self: Theorem | Derivation) -> Numeric:
    """The right-hand side of a theorem as a function, compiled to Python.

    >>> import numpy as np
    >>> import backproof
    >>> [made] = backproof.prove(["bp2"], formats=()).derivations[:1]
    >>> error = made.derivation.lambdify()
    >>> error
    <numeric function of w, z, delta, sigma, l, j: δ[l,j] = σ′(z[l,j]) Σ_k w[l+1,k,j] δ[l+1,k]>
    >>> print(error.source)
    def rhs(w, z, delta, sigma_prime, l, j, n):
        return sigma_prime(z[l, j]) * sum(delta[l + 1, k] * w[l + 1, k, j] for k in range(1, n(l + 1) + 1))

    All is given by keyword, in the letters of the theorem. Layers, units and examples are counted from 1; a family has
    an array for each layer that is needed, ``w={3: ...}``, or a list with None at place 0. The units of the layers,
    ``n``, and the number of examples, ``M``, are taken from the arrays where they are not given. A function that the
    network leaves open is a pair (f, f'), as far as it is needed, or a function of the order of the derivative and the
    value.

    >>> w, delta = {3: np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])}, {3: np.array([1.0, 10.0, 100.0])}
    >>> error(w=w, delta=delta, z={2: [0.0, 0.5]}, sigma=(None, np.cosh), l=2, j=1)
    531.0

    An index of units, examples or an axis that is left out takes all its values for which the theorem is said, from
    the first one on, and so the result is an array. ``whole`` computes it, and shows how in its ``source``; open
    functions are then given arrays. Sizes of axes are taken from the data, too.

    >>> error(w=w, delta=delta, z={2: [0.0, 0.5]}, sigma=(None, np.cosh), l=2).round(2)
    array([531.  , 723.94])

    A theorem about arrays takes and gives arrays; vectors are columns, of shape (n, 1), or none of them is.

    >>> layer = backproof.prove(["bp2-vector"], formats=()).derivations[0].derivation.lambdify()
    >>> layer(w=w, delta=delta, z={2: [0.0, 0.5]}, sigma=(None, np.cosh), l=2).round(2)
    array([531.  , 723.94])

    Partial derivatives are data as well. ``dC_da`` holds the numbers D(C, a[l, j]), again by layer; ``da_dz``, of two
    layers, the arrays of D(a[l, j], z[m, k]) by pairs: ``da_dz={(3, 2): ...}``, first the indices of a, then of z.

    >>> last = backproof.prove(["bp1-vector"], formats=()).derivations[0].derivation.lambdify()
    >>> last.arguments
    ('z', 'dC_da', 'sigma', 'L')
    >>> last(dC_da={4: [1.0, 2.0]}, z={4: [0.0, 0.0]}, sigma=(None, np.cosh), L=4)
    array([1., 2.])

    What is missing is said:

    >>> error(w=w, z={2: [0.0, 0.5]}, sigma=(None, np.cosh), l=2, j=1)
    Traceback (most recent call last):
    ValueError: the errors of layer 3 are needed: pass delta={3: an array of shape (3)}

    It is the right-hand side alone that is computed, whether or not the hypotheses of the theorem hold; the left-hand
    side is ``theorem.lhs``.
    """
    from .numeric import numeric

    return numeric(self.theorem if isinstance(self, Derivation) else self)


def install() -> None:
    """Give theorems and derivations the method."""
    for compiled in (Theorem, Derivation):
        setattr(compiled, "lambdify", lambdify)  # noqa: B010 - the class does not declare it
