r"""Equations that look unusual and are right, and such as people get wrong, each with the slip that was made.

Ours, in every notation and with every kind of mistake. ``slips``: names that fit; none of what is right.
"""

# ruff: noqa: E501 - an equation is a line
from __future__ import annotations

from typing import Final, NamedTuple


class Item(NamedTuple):
    """What stands in front, the equation, the names of the slip, and definitions in the prose."""

    front: dict[str, object]
    text: str
    slips: tuple[str, ...] = ()
    prose: tuple[str, ...] = ()


def _front(text: str) -> dict[str, object]:
    notation, *more = text.split()
    pairs = (word.split("=") for word in more)
    return {"notation": notation, **{key: int(value) if value.isdigit() else value for key, value in pairs}}


def _items(front: str, *texts: str, prose: tuple[str, ...] = ()) -> list[Item]:
    """``slip|slip: equation``, or an equation alone."""
    found = []
    for text in texts:
        names, colon, rest = text.partition(":: ")
        found.append(Item(_front(front), *((rest, tuple(names.split("|"))) if colon else (text, ())), prose))
    return found


RIGHT: Final = [
    *_items("nielsen",
        r"\left({\delta^{l}}\right)^{T} = \left(\delta^{l+1}\right)^{T} w^{l+1}\, \mathrm{diag}\left(\sigma'(z^{l})\right)",
        r"\frac{\partial C}{\partial w^{l}_{jk}} \bigg/ \delta^{l}_{j} = a^{l-1}_{k}",
        r"\sigma'(z^l) \odot \left[(w^{l+1})^{\top}\left(\nabla_{z^{l+1}} C\right)\right] = \delta^l",
        r"\delta^{l}_{j} = \sum_{k}\sum_{m} w^{l+2}_{mk}\,\delta^{l+2}_{m}\,\sigma'(z^{l+1}_{k})\,w^{l+1}_{kj}\,\sigma'(z^{l}_{j}), \quad l \leq L-2",
        r"0 = \frac{\partial C}{\partial b^l_j} - \delta^l_j",
    ),
    *_items("nielsen cost=quadratic hidden=sigmoid output=sigmoid",
        r"\delta^L = (a^L - y) \odot a^L - (a^L - y) \odot a^L \odot a^L",
        r"\frac{\partial C}{\partial w^{L}_{jk}} = \left(a^L_j - y_j\right) a^L_j \left(1 - a^L_j\right) a^{L-1}_k",
        r"C = \frac{1}{2}\left(a^L - y\right)^T\left(a^L - y\right)",
    ),
    *_items("nielsen output=softmax cost=softmax-log-likelihood",
        r"\frac{\partial a^L_i}{\partial z^L_j} = \begin{cases} a^L_i (1 - a^L_i) & \text{if } i = j \\ -a^L_i a^L_j & \text{otherwise} \end{cases}",
        r"\frac{\partial \ln a^L_i}{\partial z^L_j} = \mathbf{1}\{i = j\} - a^L_j",
        r"\frac{\partial C}{\partial z^L_k} = \sum_j \frac{\partial C}{\partial a^L_j} \frac{\partial a^L_j}{\partial z^L_k}",
    ),
    *_items("column hidden=tanh output=identity cost=quadratic",
        r"\delta^{(L)} = a^{(L)} - y",
        r"\delta^{(l)} = \left(1 - a^{(l)} \odot a^{(l)}\right) \odot {W^{(l+1)}}^{\intercal} \delta^{(l+1)}, \quad l < L",
        r"J = \tfrac12 \lVert y - a^{(L)} \rVert_2^2",
    ),
    *_items("ng hidden=sigmoid output=sigmoid cost=cross-entropy",
        r"\frac{\partial J}{\partial \Theta^{(l)}_{ij}} = \delta^{(l+1)}_i\, a^{(l)}_j",
        r"\delta^{(l)} = \left(\Theta^{(l)}\right)^T \delta^{(l+1)} \mathbin{.*} a^{(l)} \mathbin{.*} \left(1 - a^{(l)}\right)",
    ),
    *_items("ufldl cost=quadratic hidden=sigmoid output=sigmoid",
        r"\delta_i^{(n_l)} = -(y_i - a_i^{(n_l)})\, a_i^{(n_l)} (1 - a_i^{(n_l)})",
        r"\frac{\partial J(W,b;x,y)}{\partial W^{(l)}_{ij}} = \left(\sum_{k=1}^{s_{l+2}} W^{(l+1)}_{ki} \delta^{(l+2)}_k\right) f'(z^{(l+1)}_i)\, a^{(l)}_j",
    ),
    *_items("deeplearning.ai batch=columns reduction=mean",
        r"dA^{[l-1]} = \left({dZ^{[l]}}^T W^{[l]}\right)^T",
        r"db^{[l]} = \frac{1}{m} dZ^{[l]} \mathbf{1}",
        r"dW^{[l]} = \frac{1}{m}\sum_{i=1}^{m} dz^{[l](i)} \left(a^{[l-1](i)}\right)^{T}",
        r"dZ^{[l-1]} = \left(W^{[l]T} dZ^{[l]}\right) * g^{[l-1]\prime}\left(Z^{[l-1]}\right)",
    ),
    *_items("rows",
        r"\left(\frac{\partial \mathcal{L}}{\partial W^{(l)}}\right)^{T} = \left(\frac{\partial \mathcal{L}}{\partial Z^{(l)}}\right)^{T} A^{(l-1)}",
        r"\frac{\partial \mathcal{L}}{\partial b^{(l)}} = \mathbf{1}^{T}\, \frac{\partial \mathcal{L}}{\partial Z^{(l)}}",
        r"\frac{\partial \mathcal{L}}{\partial W^{(l)}_{ij}} = \sum_{n} A^{(l-1)}_{ni} \frac{\partial \mathcal{L}}{\partial Z^{(l)}_{nj}}",
    ),
    *_items("rumelhart cost=quadratic hidden=sigmoid output=sigmoid",
        r"\Delta w_{kj} = \eta\,(t_k - o_k)\,o_k\,(1 - o_k)\,o_j",
        r"\frac{\partial E}{\partial o_j} = -\sum_k \delta_k w_{kj}",
    ),
    *_items("bishop cost=quadratic output=identity hidden=tanh depth=2",
        r"\frac{\partial E_n}{\partial w^{(1)}_{ji}} = (1 - z_j^2)\, x_i \sum_{k} w^{(2)}_{kj} (y_k - t_k)",
        r"\delta_j = \delta_j \left(z_j^2 + (1 - z_j)(1 + z_j)\right)",
    ),
    *_items("d2l depth=2",
        r"\frac{\partial J}{\partial \mathbf{h}} = \left(\left(\frac{\partial J}{\partial \mathbf{o}}\right)^\top \mathbf{W}^{(2)}\right)^\top",
        r"\frac{\partial J}{\partial W^{(1)}_{ij}} = \frac{\partial J}{\partial h_i}\, \phi'(z_i)\, x_j",
    ),
    *_items("compphys cost=quadratic hidden=sigmoid output=sigmoid",
        r"\frac{\partial {\cal C}}{\partial w^L_{jk}} = (a^L_k - t_k)\, a^L_k (1 - a^L_k)\, a^{L-1}_j",
        r"\delta^l_j = a^l_j(1 - a^l_j) \sum_k w^{l+1}_{jk} \delta^{l+1}_k",
    ),
    *_items("column",
        r"\frac{\partial J}{\partial b^{(l)}} = \frac{\partial J}{\partial W^{(l)}} \frac{a^{(l-1)}}{\lVert a^{(l-1)} \rVert^2}",
        r"\mathrm{tr}\left((W^{(l)})^T W^{(l)}\right) = \lVert W^{(l)} \rVert_F^2",
    ),
    *_items("generic width=1",
        r"\frac{\partial C}{\partial w_1} = x\,\sigma'(z_1)\,w_2\,\sigma'(z_2)\,\frac{\partial C}{\partial a_2}",
    ),
    *_items("generic hidden=relu output=relu",
        r"f'(x) = \begin{cases} 0 & x < 0 \\ 1 & x > 0 \end{cases}",
        r"\mathrm{ReLU}'(x) = \mathbb{1}_{\{x > 0\}}",
    ),
    *_items("generic hidden=sigmoid output=sigmoid cost=quadratic",
        r"\frac{\partial E}{\partial v_{ij}} = (o_i - t_i)\,o_i\,(1 - o_i)\,h_j",
        r"\frac{\partial E}{\partial u_{jk}} = \sum_i (o_i - t_i) o_i (1 - o_i) v_{ij} h_j (1 - h_j) x_k",
        prose=(r"h_j \equiv \sigma(\sum_k u_{jk} x_k)", r"o_i \equiv \sigma(\sum_j v_{ij} h_j)",
               r"E \equiv \frac12 \sum_i (o_i - t_i)^2"),
    ),
]  # fmt: skip

WRONG: Final = [
    *_items("nielsen",
        r"transpose:: \left(\delta^{l}\right)^{T} = \left(\delta^{l+1}\right)^{T} (w^{l+1})^{T} \mathrm{diag}\left(\sigma'(z^{l})\right)",
        r"wrong-layer:: \frac{\partial C}{\partial b^{l-1}_j} = \delta^{l}_j",
        r"wrong-layer:: z^{l+1} = w^{l} a^{l} + b^{l+1}",
        r"missing-sigma-prime:: \frac{\partial z^{l+1}_k}{\partial z^l_j} = w^{l+1}_{kj}",
        r"sigma-prime-argument:: \frac{\partial z^{l+1}_k}{\partial z^l_j} = w^{l+1}_{kj}\,\sigma'(a^l_j)",
        r"sigma-prime-argument:: \frac{\partial C}{\partial a^l_j} = \sum_k w^{l+1}_{kj}\,\sigma'(z^{l}_k)\,\frac{\partial C}{\partial a^{l+1}_k}",
        r"missing-sum:: \frac{\partial C}{\partial a^l_j} = w^{l+1}_{kj}\,\delta^{l+1}_k",
        r"hadamard-vs-matmul:: \delta^{l} = ((w^{l+1})^T\delta^{l+1})\,\sigma'(z^{l})",
        r"hadamard-vs-matmul:: \delta^{l} = ((w^{l+1})^T \odot \delta^{l+1}) \odot \sigma'(z^{l})",
        r"operand:: \frac{\partial C}{\partial w^l_{jk}} = z^{l-1}_k\,\delta^l_j",
        r"missing-sigma-prime|operand:: \frac{\partial C}{\partial w^l_{jk}} = \frac{\partial C}{\partial a^l_j}\, a^{l-1}_k",
        r"wrong-index:: \delta^l_j = \sum_k w^{l+1}_{kj}\,\delta^{l+1}_j\,\sigma'(z^l_j)",
        r"malformed:: \frac{\partial C}{w^l_{jk}} = a^{l-1}_k \delta^l_j",
        r"malformed:: \delta^l_j = \sum_k w^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_j",
    ),
    *_items("nielsen cost=quadratic hidden=sigmoid output=sigmoid",
        r"sign:: \frac{\partial C}{\partial a^L_j} = y_j - a^L_j",
        r"scale:: \frac{\partial C}{\partial a^L_j} = 2(a^L_j - y_j)",
        r"sign:: \sigma'(z^l_j) = a^l_j (a^l_j - 1)",
    ),
    *_items("nielsen output=softmax cost=softmax-log-likelihood",
        r"softmax-diagonal|missing-sum:: \frac{\partial C}{\partial z^L_k} = \frac{\partial C}{\partial a^L_k} \frac{\partial a^L_k}{\partial z^L_k}",
        r"sign|softmax-diagonal:: \frac{\partial a^L_i}{\partial z^L_j} = a^L_i(a^L_j - \mathbb{1}_{i=j})",
        r"softmax-diagonal:: \frac{\partial a^L_i}{\partial z^L_j} = a^L_i(1 - a^L_j)",
    ),
    *_items("column",
        r"outer-product-order|transpose:: \frac{\partial J}{\partial W^{(l)}} = \left(a^{(l-1)}\right)^T \delta^{(l)}",
        r"outer-product-order:: \frac{\partial z^{(l+1)}}{\partial z^{(l)}} = \mathrm{diag}(f'(z^{(l)}))\, W^{(l+1)}",
        r"missing-sigma-prime|operand:: \frac{\partial J}{\partial b^{(l)}} = \frac{\partial J}{\partial a^{(l)}}",
    ),
    *_items("ng hidden=sigmoid output=sigmoid cost=cross-entropy",
        r"wrong-layer:: \frac{\partial J}{\partial \Theta^{(l)}_{ij}} = a^{(l)}_j\, \delta^{(l)}_i",
        r"sign|operand:: \delta^{(L)} = y - a^{(L)}",
        r"operand|missing-sigma-prime:: \delta^{(L)} = (a^{(L)} - y) .* g'(z^{(L)})",
    ),
    *_items("ufldl cost=quadratic",
        r"sign:: \delta^{(n_l)} = (y - a^{(n_l)}) \bullet f'(z^{(n_l)})",
        r"wrong-layer:: \nabla_{b^{(l)}} J(W,b;x,y) = \delta^{(l)}",
    ),
    *_items("deeplearning.ai batch=columns reduction=mean",
        r"scale:: dW^{[l]} = dZ^{[l]} A^{[l-1]T}",
        r"scale:: db^{[l]} = np.sum(dZ^{[l]}, axis=1, keepdims=True)",
        r"transpose:: dA^{[l-1]} = W^{[l]}\, dZ^{[l]}",
        r"hadamard-vs-matmul:: dZ^{[l]} = dA^{[l]}\, g^{[l]\prime}(Z^{[l]})",
    ),
    *_items("rows",
        r"outer-product-order|transpose:: \frac{\partial \mathcal{L}}{\partial W^{(l)}} = \left(\frac{\partial \mathcal{L}}{\partial Z^{(l)}}\right)^{T} A^{(l-1)}",
        r"transpose:: \frac{\partial \mathcal{L}}{\partial A^{(l-1)}} = \frac{\partial \mathcal{L}}{\partial Z^{(l)}}\, W^{(l)}",
        r"outer-product-order|operand:: Z^{(l)} = W^{(l)} A^{(l-1)} + b^{(l)}",
    ),
    *_items("rumelhart cost=quadratic hidden=sigmoid output=sigmoid",
        r"sign:: \Delta w_{kj} = \eta\,(o_k - t_k)\,o_k\,(1 - o_k)\,o_j",
        r"wrong-index:: \delta_j = o_j (1 - o_j) \sum_k \delta_k w_{jk}",
        r"missing-term|missing-sigma-prime|operand:: \delta_j = (1 - o_j) \sum_k \delta_k w_{kj}",
    ),
    *_items("bishop",
        r"wrong-index:: \frac{\partial E_n}{\partial w_{ji}} = \delta_i z_j",
        r"operand:: \frac{\partial a_j}{\partial w_{ji}} = a_i",
    ),
    *_items("d2l depth=2",
        r"transpose:: \frac{\partial J}{\partial \mathbf{h}} = \mathbf{W}^{(2)} \frac{\partial J}{\partial \mathbf{o}}",
    ),
    *_items("compphys",
        r"wrong-index:: \delta^l_j = \sum_k \delta^{l+1}_k w^{l+1}_{kj} f'(z^l_j)",
    ),
    *_items("generic hidden=sigmoid output=sigmoid cost=quadratic",
        r"missing-sum:: \frac{\partial E}{\partial u_{jk}} = (o_i - t_i) o_i (1 - o_i) v_{ij} h_j (1 - h_j) x_k",
        r"sign:: \frac{\partial E}{\partial v_{ij}} = (t_i - o_i)\,o_i\,(1 - o_i)\,h_j",
        prose=(r"h_j \equiv \sigma(\sum_k u_{jk} x_k)", r"o_i \equiv \sigma(\sum_j v_{ij} h_j)",
               r"E \equiv \frac12 \sum_i (o_i - t_i)^2"),
    ),
]  # fmt: skip
