"""The forward pass, unit by unit and layer by layer

A unit weighs the activations of the layer before, adds its bias and applies $\\sigma$. Written for one unit this is a
sum; written for a layer it is a matrix product. The two say the same, entry by entry.

Source: M. Nielsen, Neural Networks and Deep Learning, ch. 2, for the first two; A. Ng's notation for the 4-3-1 net.
"""

from backproof.surface.terms import Dot, a, b, j, k, l, sigma, total, w, x, z
from backproof.derive.calc import calc, entrywise
from backproof.derive.reasons import both, definition, reworded, theorem, unrolling
from backproof.derive.registry import derivation
from backproof.networks import bias_unit, dense, h

example = bias_unit(widths=(3, 3, 1))  # with the bias units, layers of 4, 4 and 1


@derivation("forward", "Activation of one unit")
def forward(net=dense()):
    return calc(
        net, a[l, j],
        (sigma(z[l, j]),                                                     definition(a[l, j])),
        (sigma(total(w[l, j, k] * a[l - 1, k], k, l - 1) + b[l, j]),         definition(z[l, j])),
    )


@derivation("forward-vector", "Activations of one layer")
def forward_vector(net=dense()):
    return entrywise(
        net, a[l], sigma(Dot(w[l], a[l - 1]) + b[l]), (j,),
        (sigma(total(w[l, j, k] * a[l - 1, k], k, l - 1) + b[l, j]),         theorem(forward())),
    )


@derivation("forward-4-3-1-hidden", "First hidden unit of the 4-3-1 net", notation="ng")
def hidden():
    """With a bias unit the bias is the weight of a unit whose activation is always 1.

    The net has 3, 3 and 1 units besides its bias units; those who count the bias unit of the input call it 4-3-1.
    """
    return calc(
        example, a[2, 1],
        (sigma(z[2, 1]),                                                     definition(a[2, 1])),
        (sigma(w[2, 1, 0] * a[1, 0] + w[2, 1, 1] * a[1, 1] + w[2, 1, 2] * a[1, 2] + w[2, 1, 3] * a[1, 3]),
                                                                             both(definition(z[2, 1]), unrolling)),
        (sigma(w[2, 1, 0] * x[0] + w[2, 1, 1] * x[1] + w[2, 1, 2] * x[2] + w[2, 1, 3] * x[3]),
                                                                             reworded(both(definition(a[1, k]), definition(x[0])), "the inputs are ", x[k])),
    )


@derivation("forward-4-3-1-output", "Output of the 4-3-1 net", notation="ng")
def output():
    return calc(
        example, h[1],
        (a[3, 1],                                                            definition(h[1])),
        (sigma(z[3, 1]),                                                     definition(a[3, 1])),
        (sigma(w[3, 1, 0] * a[2, 0] + w[3, 1, 1] * a[2, 1] + w[3, 1, 2] * a[2, 2] + w[3, 1, 3] * a[2, 3]),
                                                                             both(definition(z[3, 1]), unrolling)),
    )
