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
        j = axis(1, n(l), j=j)
        k = axis(1, n(l + 1))
        return sigma_prime(z[l, j]) * einsum("k,kj->j", delta[l + 1, k], w[l + 1, k, j])

    All is given by keyword, in the letters of the theorem. Layers, units and examples are counted from 1; a family has
    an array for each layer that is needed, ``w={3: ...}``, or a list with None at place 0. The units of the layers,
    ``n``, and other sizes, such as the number of examples, ``M``, are taken from the arrays where they are not given. A
    function that the network leaves open is a pair (f, f'), as far as it is needed, or a function of the order of the
    derivative and the value; the value may be an array, as for the functions of NumPy.

    An index that is no layer may be left out: it takes all its values for which the theorem is said, from the first one
    on, and the result has an axis for it. ``axes`` has them in their order.

    >>> w, delta = {3: np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])}, {3: np.array([1.0, 10.0, 100.0])}
    >>> error(w=w, delta=delta, z={2: [0.0, 0.5]}, sigma=(None, np.cosh), l=2).round(2)
    array([531.  , 723.94])
    >>> error(w=w, delta=delta, z={2: [0.0, 0.5]}, sigma=(None, np.cosh), l=2, j=1)
    531.0

    Entries that the hypotheses leave out, s > t of a theorem about s <= t, are nan. What a bracket or the end of a sum
    leaves out is not read, and may be infinite. What is read and is not there is a ValueError.

    A theorem about arrays is one about their entries; vectors are columns, of shape (n, 1), or none of them is.

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
