"""Errata: what two of the sources print, and what is right."""

from backproof.surface.terms import C, D, Dot, Hadamard, L, a, delta, j, k, sigma_prime, w, y, z
from backproof.derive.slip import Slip
from backproof.derivations.bp1 import bp1_quadratic_unit
from backproof.derivations.examples import eta, update_weight
from backproof.derivations.five_layers import delta_4_vector


def slips():
    return (
        Slip(
            "The weight matrix of the five-layer example is not transposed",
            "lecture notes on the five-layer example, the display with bracketed matrices",
            delta[4], Hadamard(Dot(w[5], delta[5]), sigma_prime(z[4])),
            delta_4_vector(),
            "The formula in the next display of the same notes has the transpose. With two units a layer nothing but the "
            "values gives the slip away: the shapes fit either way.",
        ),
        Slip(
            "The last layer is not updated",
            "notes on Nielsen's ch. 2, Algorithm 1, step 3, where the layers run over $L-1,\\dots,2$",
            w[L, j, k] - eta * D(C, w[L, j, k]), w[L, j, k],
            update_weight(),
            "The step holds for every layer $2\\le l\\le L$. Leaving the last layer as it is would need its gradient to be 0.",
        ),
        Slip(
            "The target has the index of the example, not that of the unit",
            "lecture notes on the five-layer example, the error of the last layer",
            delta[L, j], (a[L, j] - y[k]) * sigma_prime(z[L, j]),
            bp1_quadratic_unit(),
            "After the sum over $k$ is gone, $k$ is $j$.",
        ),
    )
