r"""Equations as people write them: under what is said in front, those that are right and those with a slip.

From memory, after Nielsen, Ng, UFLDL, CS231n, Bishop, d2l, Rumelhart and others, Hjorth-Jensen, Mitchell, Goodfellow and
others, Wikipedia, and lecture notes. ``?`` in front of one: it may be unknown.
"""

# ruff: noqa: E501 - an equation is a line
from __future__ import annotations

from typing import Final, NamedTuple


class Page(NamedTuple):
    """What stands in front, what its prose defines, and its equations."""

    front: dict[str, object]
    right: str
    wrong: str = ""
    prose: tuple[str, ...] = ()

    def equations(self) -> list[tuple[str, str, bool]]:
        """Each equation, what it has to be, and whether it may be unknown."""
        return [
            (line.strip().removeprefix("? "), kind, line.strip().startswith("? "))
            for kind, text in (("right", self.right), ("wrong", self.wrong))
            for line in text.splitlines()
            if line.strip()
        ]


def _front(text: str) -> dict[str, object]:
    """``ng sigmoid cross-entropy depth=3``: a notation, and what is said with names."""
    notation, *more = text.split()
    pairs = (word.split("=") for word in more)
    return {"notation": notation, **{key: int(value) if value.isdigit() else value for key, value in pairs}}


PAGES: Final = (
    Page(
        _front("nielsen"),
        r"""
        \delta^L_j = \frac{\partial C}{\partial a^L_j} \sigma'(z^L_j).
        \delta^L = \nabla_a C \odot \sigma'(z^L).
        \delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^l),
        \delta^l = \left( (w^{l+1})^T \delta^{l+1} \right) \odot \sigma'(z^l)
        \delta^{l} = (w^{l+1})^{\top}\,\delta^{l+1} \circ \sigma^{\prime}(z^{l})
        \boldsymbol{\delta}^l = ({\mathbf{w}^{l+1}}^\mathsf{T} \boldsymbol{\delta}^{l+1}) \odot \sigma'(\mathbf{z}^l)
        \frac{\partial C}{\partial b^l_j} = \delta^l_j.
        \partial C / \partial b^l_j = \delta^l_j
        \frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_k \delta^l_j.
        \frac{\partial C}{\partial w^l} = \delta^l (a^{l-1})^T
        \nabla_{w^l} C = \delta^l (a^{l-1})^T
        z^{l+1}_k = \sum_j w^{l+1}_{kj} a^l_j +b^{l+1}_k = \sum_j w^{l+1}_{kj} \sigma(z^l_j) +b^{l+1}_k
        \frac{\partial z^{l+1}_k}{\partial z^l_j} = w^{l+1}_{kj} \sigma'(z^l_j).
        \delta^l_j = \sum_k w^{l+1}_{kj}  \delta^{l+1}_k \sigma'(z^l_j).
        \delta^L_j = \sum_k \frac{\partial C}{\partial a^L_k} \frac{\partial a^L_k}{\partial z^L_j}
        \begin{eqnarray} \delta^l_j & = & \frac{\partial C}{\partial z^l_j} \\ & = & \sum_k \frac{\partial C}{\partial z^{l+1}_k} \frac{\partial z^{l+1}_k}{\partial z^l_j} \\ & = & \sum_k \frac{\partial z^{l+1}_k}{\partial z^l_j} \delta^{l+1}_k \end{eqnarray}
        a^{l} = \sigma(w^l a^{l-1}+b^l)
        a^l_j = \sigma\biggl(\sum_k w^l_{jk} a^{l-1}_k + b^l_j\biggr)
        z^l \equiv w^l a^{l-1}+b^l
        \frac{\partial a^L_j}{\partial z^L_j} = \sigma'(z^L_j)
        \frac{\partial a^L_k}{\partial z^L_j} = 0 \quad \text{if } k \neq j
        \frac{\partial z^l_j}{\partial w^l_{jk}} = a^{l-1}_k
        \frac{\partial z^l_j}{\partial b^l_j} = 1
        \delta^{l} = \operatorname{diag}(\sigma'(z^l))\,(w^{l+1})^T\delta^{l+1}
        \frac{\partial C}{\partial a^{l}_k} = \sum_j w^{l+1}_{jk}\,\sigma'(z^{l+1}_j)\,\frac{\partial C}{\partial a^{l+1}_j}
        \frac{\partial C}{\partial w^l_{jk}} = \frac{\partial C}{\partial z^l_j}\frac{\partial z^l_j}{\partial w^l_{jk}}
        \delta^{L-1} = (w^L)^T\delta^L\odot\sigma'(z^{L-1})
        \nabla_b C = \delta^L
        w^l \rightarrow w^l - \eta\,\delta^l (a^{l-1})^T
        b^l \leftarrow b^l - \eta \delta^l
        δ^l = ((w^{l+1})^T δ^{l+1}) ⊙ σ'(z^l)
        ? \frac{\partial C}{\partial w} = a_{\rm in} \delta_{\rm out}
        ? \Delta C \approx \frac{\partial C}{\partial w^l_{jk}} \Delta w^l_{jk}.
        """,
        r"""
        \delta^l = (w^{l+1} \delta^{l+1}) \odot \sigma'(z^l)
        \delta^l = ((w^{l})^T \delta^{l+1}) \odot \sigma'(z^l)
        \delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(z^{l+1})
        \delta^l = (w^{l+1})^T \delta^{l+1}
        \delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma(z^l)
        \delta^l = ((w^{l+1})^T \delta^{l+1}) \odot \sigma'(a^l)
        \frac{\partial C}{\partial w^l_{jk}} = a^{l}_k \delta^l_j
        \frac{\partial C}{\partial w^l_{jk}} = a^{l-1}_j \delta^l_k
        \frac{\partial C}{\partial w^l} = a^{l-1} (\delta^l)^T
        \frac{\partial C}{\partial w^l} = a^{l-1} \delta^l
        \frac{\partial C}{\partial b^l_j} = \delta^l_j a^{l-1}_j
        \delta^L_j = \frac{\partial C}{\partial z^L_j} \sigma'(z^L_j)
        \delta^l_j = \sum_k w^{l+1}_{jk} \delta^{l+1}_k \sigma'(z^l_j)
        \delta^l_j = w^{l+1}_{kj} \delta^{l+1}_k \sigma'(z^l_j)
        z^{l}_j = \sum_k w^{l}_{kj} a^{l-1}_k +b^{l}_j
        \frac{\partial C}{\partial w} = x \delta^T
        w^l \rightarrow w^l + \eta\,\delta^l (a^{l-1})^T
        """,
    ),
    Page(
        _front("nielsen cost=quadratic"),
        r"""
        C = \frac{1}{2} \|y-a^L\|^2 = \frac{1}{2} \sum_j (y_j-a^L_j)^2
        \partial C / \partial a^L_j = (a_j^L-y_j)
        \delta^L = (a^L-y) \odot \sigma'(z^L).
        \nabla_a C = (a^L-y)
        \frac{\partial C}{\partial w^L_{jk}} = (a^L_j - y_j)\,\sigma'(z^L_j)\,a^{L-1}_k
        \delta^L = -(y - a^L) \odot \sigma'(z^L)
        """,
        r"""
        \delta^L = (y-a^L) \odot \sigma'(z^L)
        \delta^L = (a^L-y)
        \delta^L = 2(a^L-y) \odot \sigma'(z^L)
        C = \sum_j (y_j-a^L_j)^2
        """,
    ),
    Page(
        _front("nielsen hidden=sigmoid output=sigmoid cost=cross-entropy"),
        r"""
        \sigma'(z) = \sigma(z)(1-\sigma(z))
        \sigma(z) \equiv \frac{1}{1+e^{-z}}
        \sigma'(z) = \frac{e^{-z}}{(1+e^{-z})^2}
        \sigma'(z^l) = a^l \odot (1-a^l)
        \sigma'(z^l_j) = \sigma(z^l_j)(1-\sigma(z^l_j)) = a^l_j(1-a^l_j)
        \delta^L = a^L-y
        \delta^L_j = a^L_j-y_j
        \frac{\partial C}{\partial a^L_j} = \frac{a^L_j - y_j}{a^L_j(1-a^L_j)}
        C = -\sum_j \left[y_j \ln a^L_j + (1-y_j) \ln (1-a^L_j) \right]
        C = -\frac{1}{n} \sum_x \sum_j \left[y_j \ln a^L_j + (1-y_j) \ln (1-a^L_j) \right].
        C = -\frac{1}{n} \sum_x \left[y \ln a + (1-y ) \ln (1-a) \right]
        \frac{\partial C}{\partial w^L_{jk}} = \frac{1}{n} \sum_x  a^{L-1}_k  (a^L_j-y_j)
        \frac{\partial C}{\partial w_j} =  \frac{1}{n} \sum_x x_j(\sigma(z)-y).
        \frac{\partial C}{\partial b} = \frac{1}{n} \sum_x (\sigma(z)-y)
        1 - \sigma(z) = \sigma(-z)
        ? \frac{d\sigma}{dz} = \sigma(1-\sigma)
        """,
        r"""
        \sigma'(z) = \sigma(z)(1+\sigma(z))
        \sigma'(z) = 1-\sigma(z)^2
        \sigma(z) = \frac{1}{1+e^{z}}
        \sigma'(z^l) = z^l \odot (1-z^l)
        \delta^L = (a^L-y)\odot\sigma'(z^L)
        \delta^L = y - a^L
        C = -\sum_j \left[y_j \ln a^L_j - (1-y_j) \ln (1-a^L_j) \right]
        \frac{\partial C}{\partial a^L_j} = \frac{y_j - a^L_j}{a^L_j(1-a^L_j)}
        """,
    ),
    Page(
        _front("nielsen hidden=tanh output=tanh"),
        r"""
        \sigma'(z) = 1 - \sigma(z)^2
        \sigma'(z) = 1-\sigma^2(z)
        \sigma'(z) = 1 - \tanh^2(z)
        \tanh'(z) = 1-\tanh^2(z)
        \frac{d}{dz}\tanh(z) = 1-\tanh^2(z)
        \sigma(z) = \frac{e^z-e^{-z}}{e^z+e^{-z}}
        \sigma'(z^l) = 1-(a^l)^2
        ? \tanh(z) = 2\,\mathrm{sigmoid}(2z) - 1
        """,
        r"""
        \sigma'(z) = \sigma(z)(1-\sigma(z))
        \sigma'(z) = 1 - z^2
        \sigma'(z) = 1 + \sigma(z)^2
        \tanh'(z) = 1-\tanh(z)
        \sigma'(z^l) = 1-a^l
        """,
    ),
    Page(
        _front("nielsen output=softmax cost=softmax-log-likelihood hidden=sigmoid"),
        r"""
        a^L_j = \frac{e^{z^L_j}}{\sum_k e^{z^L_k}}
        \sum_j a^L_j = 1
        \sum_j a^L_j = \frac{\sum_j e^{z^L_j}}{\sum_k e^{z^L_k}} = 1
        \delta^L_j = a^L_j-y_j
        \frac{\partial C}{\partial b^L_j} = a^L_j-y_j
        \frac{\partial C}{\partial w^L_{jk}} = a^{L-1}_k (a^L_j-y_j)
        C = -\sum_j y_j \ln a^L_j
        \frac{\partial a^L_j}{\partial z^L_j} = a^L_j(1-a^L_j)
        \frac{\partial a^L_i}{\partial z^L_j} = -a^L_i a^L_j \quad \text{for } i \ne j
        \frac{\partial a^L_i}{\partial z^L_j} = a^L_i(\mathbb{1}(i = j) - a^L_j)
        """,
        r"""
        \frac{\partial a^L_i}{\partial z^L_j} = a^L_i(1 - a^L_j)
        \delta^L_j = y_j - a^L_j
        \delta^L_j = (a^L_j-y_j)a^L_j(1-a^L_j)
        a^L_j = \frac{e^{z^L_j}}{\sum_k z^L_k}
        C = \sum_j y_j \ln a^L_j
        """,
    ),
    Page(
        _front("nielsen hidden=relu output=identity cost=quadratic"),
        r"""
        \sigma'(z^l_j) = \mathbb{1}(z^l_j > 0)
        \delta^L = a^L - y
        a^L = z^L
        \sigma(z^l_j) = \max(0, z^l_j)
        \sigma(z) = \max(0, z)
        \sigma'(z) = \mathbb{1}(z > 0)
        """,
        r"""
        \sigma'(z^l_j) = \max(0, z^l_j)
        \sigma(z) = \min(0, z)
        """,
    ),
    Page(
        _front("column"),
        r"""
        \delta^{(L)} = \nabla_{a^{(L)}} J \odot f'(z^{(L)})
        \delta^{(l)} = {W^{(l+1)}}^{T}\delta^{(l+1)} \odot f'(z^{(l)})
        \delta^{(l)} = f'(z^{(l)}) \odot (W^{(l+1)})^{\top}\delta^{(l+1)}
        \frac{\partial \mathcal{L}}{\partial W^{(l)}} = \delta^{(l)}{h^{(l-1)}}^{\top}
        \frac{\partial \mathcal{L}}{\partial \mathbf{W}^{(l)}} = \boldsymbol{\delta}^{(l)} (\mathbf{h}^{(l-1)})^{\mathsf T}
        \frac{\partial L}{\partial b^{(l)}} = \delta^{(l)}
        \mathbf{h}^{(l)} = f(\mathbf{W}^{(l)}\mathbf{h}^{(l-1)} + \mathbf{b}^{(l)})
        \frac{\partial z^{(l)}}{\partial a^{(l-1)}} = W^{(l)}
        \frac{\partial J}{\partial a^{(l-1)}} = (W^{(l)})^T \frac{\partial J}{\partial z^{(l)}}
        \frac{\partial a^{(l)}}{\partial z^{(l)}} = \mathrm{diag}(f'(z^{(l)}))
        \frac{\partial z^{(l+1)}}{\partial z^{(l)}} = W^{(l+1)} \mathrm{diag}(f'(z^{(l)}))
        \frac{\partial E}{\partial w_{ij}^{(l)}} = \delta_i^{(l)} a_j^{(l-1)}
        \delta_i^{(l)} = f'(z_i^{(l)}) \sum_{k=1}^{n^{(l+1)}} w_{ki}^{(l+1)} \delta_k^{(l+1)}
        W^{(l)} \leftarrow W^{(l)} - \eta \frac{\partial J}{\partial W^{(l)}}
        W^{(l)} := W^{(l)} - \alpha\, \delta^{(l)} (a^{(l-1)})^T
        \nabla_{W^{(l)}} J = \delta^{(l)} (a^{(l-1)})^T, \quad \nabla_{b^{(l)}} J = \delta^{(l)}
        """,
        r"""
        \delta^{(l)} = W^{(l+1)}\delta^{(l+1)} \odot f'(z^{(l)})
        \frac{\partial L}{\partial W^{(l)}} = {h^{(l-1)}}^{\top}\delta^{(l)}
        \frac{\partial L}{\partial W^{(l)}} = \delta^{(l)}{h^{(l)}}^{\top}
        \frac{\partial L}{\partial W^{(l)}} = \delta^{(l)} \odot h^{(l-1)}
        \frac{\partial J}{\partial a^{(l-1)}} = W^{(l)} \frac{\partial J}{\partial z^{(l)}}
        \frac{\partial E}{\partial w_{ij}^{(l)}} = \delta_j^{(l)} a_i^{(l-1)}
        W^{(l)} \leftarrow W^{(l)} + \eta \frac{\partial J}{\partial W^{(l)}}
        \delta^{(l)} = (W^{(l+1)})^T \delta^{(l+1)} f'(z^{(l)})
        """,
    ),
    Page(
        _front("ng hidden=sigmoid output=sigmoid cost=cross-entropy depth=3"),
        r"""
        \delta^{(4)} = a^{(4)} - y
        \delta_j^{(4)} = a_j^{(4)} - y_j
        \delta^{(3)} = (\Theta^{(3)})^T \delta^{(4)} .* g'(z^{(3)})
        \delta^{(2)} = (\Theta^{(2)})^T \delta^{(3)} .* g'(z^{(2)})
        g'(z^{(3)}) = a^{(3)} .* (1 - a^{(3)})
        \frac{\partial}{\partial \Theta_{ij}^{(l)}} J(\Theta) = a_j^{(l)} \delta_i^{(l+1)}
        z^{(2)} = \Theta^{(1)} a^{(1)}
        a^{(2)} = g(z^{(2)})
        h_\Theta(x) = a^{(4)} = g(z^{(4)})
        g'(z) = g(z)(1-g(z))
        \delta^{(2)} = (\Theta^{(2)})^T \delta^{(3)} .* a^{(2)} .* (1-a^{(2)})
        ? a_1^{(2)} = g(\Theta_{10}^{(1)} x_0 + \Theta_{11}^{(1)} x_1 + \Theta_{12}^{(1)} x_2 + \Theta_{13}^{(1)} x_3)
        """,
        r"""
        \delta^{(4)} = y - a^{(4)}
        \delta^{(3)} = (\Theta^{(2)})^T \delta^{(4)} .* g'(z^{(3)})
        \delta^{(2)} = (\Theta^{(2)})^T \delta^{(3)} .* g'(z^{(3)})
        \frac{\partial}{\partial \Theta_{ij}^{(l)}} J(\Theta) = a_i^{(l)} \delta_j^{(l+1)}
        \frac{\partial}{\partial \Theta_{ij}^{(l)}} J(\Theta) = a_j^{(l)} \delta_i^{(l)}
        g'(z^{(3)}) = a^{(3)} .* (1 + a^{(3)})
        """,
    ),
    Page(
        _front("ufldl cost=quadratic"),
        r"""
        z^{(l+1)} = W^{(l)} a^{(l)} + b^{(l)}
        a^{(l+1)} = f(z^{(l+1)})
        \delta^{(n_l)}_i = \frac{\partial}{\partial z^{(n_l)}_i} \frac{1}{2} \left\|y - h_{W,b}(x)\right\|^2 = - (y_i - a^{(n_l)}_i) \cdot f'(z^{(n_l)}_i)
        \delta^{(l)}_i = \left( \sum_{j=1}^{s_{l+1}} W^{(l)}_{ji} \delta^{(l+1)}_j \right) f'(z^{(l)}_i)
        \delta^{(n_l)} = - (y - a^{(n_l)}) \bullet f'(z^{(n_l)})
        \delta^{(l)} = \left((W^{(l)})^T \delta^{(l+1)}\right) \bullet f'(z^{(l)})
        \nabla_{W^{(l)}} J(W,b;x,y) = \delta^{(l+1)} (a^{(l)})^T,
        \nabla_{b^{(l)}} J(W,b;x,y) = \delta^{(l+1)}.
        \frac{\partial}{\partial W_{ij}^{(l)}} J(W,b; x, y) = a^{(l)}_j \delta_i^{(l+1)}
        \frac{\partial}{\partial b_{i}^{(l)}} J(W,b; x, y) = \delta_i^{(l+1)}.
        J(W,b; x,y) = \frac{1}{2} \left\| h_{W,b}(x) - y \right\|^2.
        W^{(l)} = W^{(l)} - \alpha \frac{\partial}{\partial W^{(l)}} J(W,b;x,y)
        J(W,b) = \left[ \frac{1}{m} \sum_{i=1}^m J(W,b;x^{(i)},y^{(i)}) \right] + \frac{\lambda}{2} \sum_{l=1}^{n_l-1} \; \sum_{i=1}^{s_l} \; \sum_{j=1}^{s_{l+1}} \left( W^{(l)}_{ji} \right)^2
        """,
        r"""
        \delta^{(n_l)} = (y - a^{(n_l)}) \bullet f'(z^{(n_l)})
        \delta^{(l)} = \left((W^{(l+1)})^T \delta^{(l+1)}\right) \bullet f'(z^{(l)})
        \delta^{(l)} = \left((W^{(l)})^T \delta^{(l+1)}\right) \bullet f(z^{(l)})
        \nabla_{W^{(l)}} J(W,b;x,y) = \delta^{(l)} (a^{(l)})^T
        \nabla_{W^{(l)}} J(W,b;x,y) = (a^{(l)})^T \delta^{(l+1)}
        \delta^{(l)}_i = \left( \sum_{j=1}^{s_{l}} W^{(l)}_{ij} \delta^{(l+1)}_j \right) f'(z^{(l)}_i)
        \nabla_{b^{(l)}} J(W,b;x,y) = \delta^{(l)}
        """,
    ),
    Page(
        _front("deeplearning.ai batch=columns reduction=mean hidden=tanh output=sigmoid cost=cross-entropy depth=2"),
        r"""
        dZ^{[2]} = A^{[2]} - Y
        dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[1] T}
        db^{[2]} = \frac{1}{m} np.sum(dZ^{[2]}, axis=1, keepdims=True)
        dZ^{[1]} = W^{[2]T} dZ^{[2]} * g^{[1]\prime}(Z^{[1]})
        dZ^{[1]} = W^{[2]T} dZ^{[2]} * (1 - (A^{[1]})^2)
        dW^{[1]} = \frac{1}{m} dZ^{[1]} X^T
        db^{[1]} = \frac{1}{m} np.sum(dZ^{[1]}, axis = 1, keepdims = True)
        db^{[1]} = \frac{1}{m} \sum_{i=1}^{m} dz^{[1](i)}
        Z^{[1]} = W^{[1]} X + b^{[1]}
        A^{[2]} = \sigma(Z^{[2]})
        J = -\frac{1}{m} \sum_{i=1}^{m} \left( y^{(i)} \log(a^{[2](i)}) + (1-y^{(i)}) \log(1-a^{[2](i)}) \right)
        dW^{[1]} = \frac{\partial J}{\partial W^{[1]}}
        g^{[1]\prime}(Z^{[1]}) = 1 - (A^{[1]})^2
        dZ^{[1]} = (W^{[2]})^T dZ^{[2]} \odot (1 - A^{[1]} \odot A^{[1]})
        W^{[1]} = W^{[1]} - \alpha\, dW^{[1]}
        dA^{[1]} = W^{[2]T} dZ^{[2]}
        """,
        r"""
        dZ^{[2]} = Y - A^{[2]}
        dW^{[2]} = dZ^{[2]} A^{[1] T}
        dW^{[2]} = \frac{1}{m} A^{[1]} dZ^{[2]T}
        dW^{[2]} = \frac{1}{m} dZ^{[2]} A^{[1]}
        dZ^{[1]} = W^{[2]} dZ^{[2]} * g^{[1]\prime}(Z^{[1]})
        dZ^{[1]} = W^{[2]T} dZ^{[2]} * (1 - A^{[1]})
        dZ^{[1]} = W^{[2]T} dZ^{[2]} * A^{[1]} * (1 - A^{[1]})
        db^{[1]} = \frac{1}{m} np.sum(dZ^{[1]}, axis=0, keepdims=True)
        dW^{[1]} = \frac{1}{m} dZ^{[1]} A^{[1]T}
        J = \frac{1}{m} \sum_{i=1}^{m} \left( y^{(i)} \log(a^{[2](i)}) + (1-y^{(i)}) \log(1-a^{[2](i)}) \right)
        """,
    ),
    Page(
        _front("deeplearning.ai batch=columns reduction=mean"),
        r"""
        dZ^{[l]} = dA^{[l]} * g^{[l]\prime}(Z^{[l]})
        dW^{[l]} = \frac{1}{m} dZ^{[l]} A^{[l-1] T}
        dW^{[l]} = \frac{\partial \mathcal{J} }{\partial W^{[l]}} = \frac{1}{m} dZ^{[l]} A^{[l-1] T}
        db^{[l]} = \frac{\partial \mathcal{J} }{\partial b^{[l]}} = \frac{1}{m} \sum_{i = 1}^{m} dZ^{[l](i)}
        dA^{[l-1]} = W^{[l] T} dZ^{[l]}
        dZ^{[l]} = dA^{[l]} * g'(Z^{[l]})
        dA^{[l-1]} = \frac{\partial \mathcal{L} }{\partial A^{[l-1]}} = W^{[l] T} dZ^{[l]}
        dW^{[l]} = np.dot(dZ^{[l]}, A^{[l-1]}.T) / m
        """,
        r"""
        dA^{[l-1]} = W^{[l]} dZ^{[l]}
        dA^{[l-1]} = W^{[l-1] T} dZ^{[l]}
        dW^{[l]} = \frac{1}{m} dZ^{[l]} A^{[l] T}
        dZ^{[l]} = dA^{[l]} * g^{[l]}(Z^{[l]})
        dZ^{[l]} = dA^{[l]} * g^{[l]\prime}(A^{[l]})
        """,
    ),
    Page(
        _front("deeplearning.ai depth=1 output=sigmoid cost=cross-entropy batch=columns reduction=mean"),
        r"""
        Z = w^T X + b
        A = \sigma(Z)
        dZ = A - Y
        dw = \frac{1}{m} X dZ^T
        \frac{\partial J}{\partial w} = \frac{1}{m}X(A-Y)^T
        \frac{\partial J}{\partial b} = \frac{1}{m} \sum_{i=1}^m (a^{(i)}-y^{(i)})
        db = \frac{1}{m} np.sum(dZ)
        J = -\frac{1}{m}\sum_{i=1}^{m}y^{(i)}\log(a^{(i)})+(1-y^{(i)})\log(1-a^{(i)})
        """,
        r"""
        dw = \frac{1}{m} X dZ
        dZ = Y - A
        \frac{\partial J}{\partial w} = X(A-Y)^T
        """,
    ),
    Page(
        _front("rows"),
        r"""
        Z^{(l)} = A^{(l-1)} W^{(l)} + b^{(l)}
        \frac{\partial \mathcal{L}}{\partial W^{(l)}} = A^{(l-1)T} \frac{\partial \mathcal{L}}{\partial Z^{(l)}}
        \frac{\partial \mathcal{L}}{\partial A^{(l-1)}} = \frac{\partial \mathcal{L}}{\partial Z^{(l)}} W^{(l)T}
        \frac{\partial L}{\partial X} = \frac{\partial L}{\partial Z} W^\top
        \frac{\partial L}{\partial W} = X^\top \frac{\partial L}{\partial Z}
        dW = X^T dZ / m
        \frac{\partial L}{\partial b} = \sum_{n} \frac{\partial L}{\partial Z_{n}}
        """,
        r"""
        \frac{\partial L}{\partial W} = \frac{\partial L}{\partial Z} X^\top
        \frac{\partial L}{\partial X} = W^\top \frac{\partial L}{\partial Z}
        \frac{\partial \mathcal{L}}{\partial A^{(l-1)}} = \frac{\partial \mathcal{L}}{\partial Z^{(l)}} W^{(l)}
        Z^{(l)} = W^{(l)} A^{(l-1)} + b^{(l)}
        \frac{\partial \mathcal{L}}{\partial W^{(l)}} = A^{(l)T} \frac{\partial \mathcal{L}}{\partial Z^{(l)}}
        """,
    ),
    Page(
        _front("rows output=softmax cost=softmax-log-likelihood hidden=relu batch=rows reduction=mean depth=2"),
        r"""
        \frac{\partial L}{\partial Z^{(2)}} = \frac{1}{N}(\hat{Y} - Y)
        \frac{\partial L}{\partial W^{(2)}} = (A^{(1)})^T \frac{\partial L}{\partial Z^{(2)}}
        \frac{\partial L}{\partial W_2} = \frac{1}{N} H^T (\hat{Y} - Y)
        \frac{\partial L}{\partial H} = \frac{\partial L}{\partial Z_2} W_2^T
        H = \mathrm{ReLU}(X W_1 + b_1)
        """,
        r"""
        \frac{\partial L}{\partial Z^{(2)}} = \frac{1}{N}(Y - \hat{Y})
        \frac{\partial L}{\partial W_2} = \frac{1}{N} (\hat{Y} - Y) H^T
        \frac{\partial L}{\partial H} = W_2^T \frac{\partial L}{\partial Z_2}
        """,
    ),
    Page(
        _front("rumelhart cost=quadratic"),
        r"""
        E_p = \frac{1}{2}\sum_j (t_{pj} - o_{pj})^2
        \mathrm{net}_{pj} = \sum_i w_{ji} o_{pi}
        o_{pj} = f_j(\mathrm{net}_{pj})
        \delta_{pj} = (t_{pj} - o_{pj}) f'_j(\mathrm{net}_{pj})
        \delta_{pj} = f'_j(\mathrm{net}_{pj}) \sum_k \delta_{pk} w_{kj}
        \Delta_p w_{ji} = \eta\, \delta_{pj} o_{pi}
        \frac{\partial E_p}{\partial w_{ji}} = \frac{\partial E_p}{\partial \mathrm{net}_{pj}} \frac{\partial \mathrm{net}_{pj}}{\partial w_{ji}}
        \frac{\partial \mathrm{net}_{pj}}{\partial w_{ji}} = o_{pi}
        \frac{\partial E}{\partial w_{ji}} = -\delta_j o_i
        \delta_{pj} = -\frac{\partial E_p}{\partial \mathrm{net}_{pj}}
        \frac{\partial E}{\partial o_j} = -(t_j - o_j)
        """,
        r"""
        \delta_{pj} = (o_{pj} - t_{pj}) f'_j(\mathrm{net}_{pj})
        \delta_{pj} = f'_j(\mathrm{net}_{pj}) \sum_k \delta_{pk} w_{jk}
        \frac{\partial E}{\partial w_{ji}} = \delta_j o_i
        \frac{\partial E}{\partial w_{ji}} = -\delta_i o_j
        \Delta_p w_{ji} = -\eta\, \delta_{pj} o_{pi}
        """,
    ),
    Page(
        _front("rumelhart cost=quadratic hidden=sigmoid output=sigmoid"),
        r"""
        \delta_k = o_k(1-o_k)(t_k-o_k)
        \delta_h = o_h(1-o_h)\sum_k w_{kh}\delta_k
        \frac{\partial o_j}{\partial net_j} = o_j(1-o_j)
        \delta_{pj} = (t_{pj} - o_{pj}) o_{pj}(1-o_{pj})
        w_{ji} \leftarrow w_{ji} + \eta\,\delta_j\,x_{ji}
        \Delta w_{ji} = -\eta\frac{\partial E_d}{\partial w_{ji}}
        \frac{\partial E_d}{\partial o_j} = -(t_j - o_j)
        f'(net_j) = o_j(1-o_j)
        """,
        r"""
        \delta_k = (1-o_k)(t_k-o_k)
        \delta_h = o_h(1-o_h)\sum_k w_{hk}\delta_k
        \frac{\partial o_j}{\partial net_j} = net_j(1-net_j)
        \delta_k = o_k(1-o_k)(o_k-t_k)
        """,
    ),
    Page(
        _front("bishop"),
        r"""
        a_j = \sum_i w_{ji} z_i
        z_j = h(a_j)
        \frac{\partial E_n}{\partial w_{ji}} = \frac{\partial E_n}{\partial a_j}\frac{\partial a_j}{\partial w_{ji}}
        \frac{\partial E_n}{\partial w_{ji}} = \delta_j z_i
        \delta_j = h'(a_j)\sum_k w_{kj}\delta_k
        \delta_j \equiv \frac{\partial E_n}{\partial a_j} = \sum_k \frac{\partial E_n}{\partial a_k}\frac{\partial a_k}{\partial a_j}
        \frac{\partial a_j}{\partial w_{ji}} = z_i
        \frac{\partial E}{\partial w_{ji}} = \sum_n \frac{\partial E_n}{\partial w_{ji}}
        E(\mathbf{w}) = \sum_{n=1}^N E_n(\mathbf{w})
        """,
        r"""
        \delta_j = h'(a_j)\sum_k w_{jk}\delta_k
        \frac{\partial E_n}{\partial w_{ji}} = \delta_i z_j
        \delta_j = \sum_k w_{kj}\delta_k
        \frac{\partial a_j}{\partial w_{ji}} = a_i
        \delta_j = h(a_j)\sum_k w_{kj}\delta_k
        """,
    ),
    Page(
        _front("bishop cost=quadratic output=identity hidden=tanh depth=2"),
        r"""
        \delta_k = y_k - t_k
        \delta_j = (1-z_j^2)\sum_{k=1}^K w_{kj}\delta_k
        \frac{\partial E_n}{\partial w_{ji}^{(1)}} = \delta_j x_i, \qquad \frac{\partial E_n}{\partial w_{kj}^{(2)}} = \delta_k z_j
        y_k = \sum_{j=0}^M w_{kj}^{(2)} z_j
        a_j = \sum_{i=0}^D w_{ji}^{(1)}x_i
        z_j = \tanh(a_j)
        E_n = \frac{1}{2}\sum_{k=1}^K (y_k-t_k)^2
        h'(a) = 1 - h(a)^2
        \tanh(a) = \frac{e^a - e^{-a}}{e^a+e^{-a}}
        """,
        r"""
        \delta_k = t_k - y_k
        \delta_j = (1-z_j)\sum_{k=1}^K w_{kj}\delta_k
        \frac{\partial E_n}{\partial w_{kj}^{(2)}} = \delta_k x_j
        h'(a) = h(a)(1 - h(a))
        """,
    ),
    Page(
        _front("d2l"),
        r"""
        \mathbf{z} = \mathbf{W}^{(1)} \mathbf{x}
        \mathbf{h} = \phi(\mathbf{z})
        \mathbf{o} = \mathbf{W}^{(2)} \mathbf{h}
        \frac{\partial J}{\partial W^{(2)}} = \frac{\partial J}{\partial o} h^T
        \frac{\partial J}{\partial \mathbf{W}^{(2)}} = \frac{\partial J}{\partial \mathbf{o}} \mathbf{h}^\top
        \frac{\partial J}{\partial \mathbf{h}} = {\mathbf{W}^{(2)}}^\top \frac{\partial J}{\partial \mathbf{o}}
        \frac{\partial J}{\partial \mathbf{z}} = \frac{\partial J}{\partial \mathbf{h}} \odot \phi'\left(\mathbf{z}\right)
        \frac{\partial J}{\partial \mathbf{W}^{(1)}} = \frac{\partial J}{\partial \mathbf{z}} \mathbf{x}^\top
        ? \frac{\partial J}{\partial \mathbf{W}^{(1)}} = \textrm{prod}\left(\frac{\partial J}{\partial \mathbf{z}}, \frac{\partial \mathbf{z}}{\partial \mathbf{W}^{(1)}}\right)
        """,
        r"""
        \frac{\partial J}{\partial \mathbf{W}^{(2)}} = \mathbf{h}^\top\frac{\partial J}{\partial \mathbf{o}}
        \frac{\partial J}{\partial \mathbf{h}} = {\mathbf{W}^{(2)}} \frac{\partial J}{\partial \mathbf{o}}
        \frac{\partial J}{\partial \mathbf{z}} = \frac{\partial J}{\partial \mathbf{h}} \phi'\left(\mathbf{z}\right)
        \frac{\partial J}{\partial \mathbf{W}^{(1)}} = \frac{\partial J}{\partial \mathbf{h}} \mathbf{x}^\top
        \frac{\partial J}{\partial \mathbf{z}} = \frac{\partial J}{\partial \mathbf{h}} \odot \phi\left(\mathbf{z}\right)
        """,
    ),
    Page(
        _front("d2l depth=2 output=identity"),
        r"""
        \frac{\partial J}{\partial \mathbf{W}^{(2)}}= \frac{\partial J}{\partial \mathbf{o}} \mathbf{h}^\top + \lambda \mathbf{W}^{(2)}.
        \frac{\partial J}{\partial \mathbf{W}^{(1)}} = \frac{\partial J}{\partial \mathbf{z}} \mathbf{x}^\top + \lambda \mathbf{W}^{(1)}
        """,
        r"""
        \frac{\partial J}{\partial \mathbf{W}^{(2)}}= \frac{\partial J}{\partial \mathbf{o}} \mathbf{h}^\top - \lambda \mathbf{W}^{(2)}
        \frac{\partial J}{\partial \mathbf{W}^{(2)}}= \frac{\partial J}{\partial \mathbf{o}} \mathbf{h}^\top
        """,
        (
            r"\mathbf{h} \equiv \phi(\mathbf{z})",
            r"J \equiv l(\mathbf{o},\mathbf{y}) + \frac{\lambda}{2} (\|\mathbf{W}^{(1)}\|_F^2 + \|\mathbf{W}^{(2)}\|_F^2)",
        ),
    ),
    Page(
        _front("compphys"),
        r"""
        z_j^l = \sum_{i=1}^{M_{l-1}} w_{ij}^l a_i^{l-1} + b_j^l
        \hat{z}^l = \left(\hat{W}^l\right)^T\hat{a}^{l-1}+\hat{b}^l
        \frac{\partial z_j^l}{\partial w_{ij}^l} = a_i^{l-1}
        \frac{\partial z_j^l}{\partial a_i^{l-1}} = w_{ij}^l
        \delta_j^L = f'(z_j^L)\frac{\partial {\cal C}}{\partial a_j^L}
        \delta_j^l = \sum_k \delta_k^{l+1} w_{jk}^{l+1} f'(z_j^l)
        \frac{\partial {\cal C}}{\partial b_j^l} = \delta_j^l
        \frac{\partial{\cal C}}{\partial w_{ij}^l} = \delta_j^l a_i^{l-1}
        w_{ij}^l \leftarrow w_{ij}^l - \eta \delta_j^l a_i^{l-1}
        b_j^l \leftarrow b_j^l - \eta \frac{\partial {\cal C}}{\partial b_j^l} = b_j^l - \eta \delta_j^l
        """,
        r"""
        \frac{\partial z_j^l}{\partial a_i^{l-1}} = w_{ji}^l
        \delta_j^l = \sum_k \delta_k^{l+1} w_{kj}^{l+1} f'(z_j^l)
        \delta_j^l = \sum_k \delta_k^{l+1} w_{jk}^{l} f'(z_j^l)
        \frac{\partial{\cal C}}{\partial w_{ij}^l} = \delta_i^l a_j^{l-1}
        """,
    ),
    Page(
        _front("compphys cost=quadratic hidden=sigmoid output=sigmoid"),
        r"""
        {\cal C} = \frac{1}{2}\sum_i (a_i^L - t_i)^2
        \frac{\partial {\cal C}}{\partial w_{jk}^L} = (a_k^L - t_k)\frac{\partial a_k^L}{\partial w_{jk}^L}
        \frac{\partial a_j^L}{\partial z_j^L} = a_j^L(1-a_j^L)
        \delta_j^L = a_j^L(1-a_j^L)(a_j^L-t_j)
        f'(z_j^l) = a_j^l(1-a_j^l)
        """,
        r"""
        \delta_j^L = (1-a_j^L)(a_j^L-t_j)
        \delta_j^L = a_j^L(1-a_j^L)(t_j - a_j^L)
        """,
    ),
    Page(
        _front("generic hidden=sigmoid output=sigmoid cost=quadratic"),
        r"""
        \sigma'(x) = \sigma(x)(1-\sigma(x))
        \frac{d\sigma(x)}{dx} = \sigma(x)(1-\sigma(x))
        \frac{d}{dx}\sigma(x) = \sigma(x)\,(1-\sigma(x))
        \sigma'(x) = \frac{d}{dx}\frac{1}{1+e^{-x}} = \frac{e^{-x}}{(1+e^{-x})^2}
        E = \frac{1}{2}\sum_k (\hat{y}_k - y_k)^2
        f'(z) = f(z)(1-f(z))
        \varphi'(u) = \varphi(u)(1-\varphi(u))
        \frac{\partial E}{\partial \hat{y}_k} = \hat{y}_k - y_k
        """,
        r"""
        \sigma'(x) = \sigma(x)(\sigma(x)-1)
        \frac{d\sigma(x)}{dx} = x(1-x)
        \frac{d\sigma(x)}{dx} = \sigma(x)^2
        f'(z) = 1-f(z)^2
        """,
    ),
    Page(
        _front("generic"),
        r"""
        \tanh'(x) = 1 - \tanh^2(x)
        \frac{d}{dx}\tanh x = 1 - \tanh^2 x
        \mathrm{ReLU}(x) = \max(0, x)
        \sigma'(z) = \frac{d\sigma(z)}{dz}
        \frac{\partial L}{\partial W} = \frac{\partial L}{\partial z} x^T
        \frac{\partial L}{\partial x} = W^T \frac{\partial L}{\partial z}
        \frac{\partial \mathcal{L}}{\partial \mathbf{b}} = \frac{\partial \mathcal{L}}{\partial \mathbf{z}}
        ? \mathbf{g} \leftarrow \nabla_{\mathbf{a}^{(k)}} J = \mathbf{g} \odot f'(\mathbf{a}^{(k)})
        ? dL = \mathrm{tr}\left(\left(\frac{\partial L}{\partial X}\right)^{\top} dX\right)
        ? dL = \operatorname{tr}\left(\frac{\partial L}{\partial W}^{T} dW\right)
        f'(x) = \lim_{h\to 0}\frac{f(x+h) - f(x)}{h}
        J'(\theta) = \lim_{\epsilon\to 0}\frac{J(\theta+\epsilon) - J(\theta-\epsilon)}{2\epsilon}
        \frac{\mathrm{d}}{\mathrm{d}\theta}\,J(\theta) = \lim_{\epsilon\to 0}\frac{J(\theta+\epsilon) - J(\theta-\epsilon)}{2\epsilon}
        """,
        r"""
        \tanh'(x) = 1 - \tanh(x)
        \frac{\partial L}{\partial W} = x^T\frac{\partial L}{\partial z}
        \frac{\partial L}{\partial x} = W \frac{\partial L}{\partial z}
        f'(x) = \lim_{h\to 0}\frac{f(x+h) - f(x)}{2h}
        \frac{\mathrm{d}}{\mathrm{d}\theta}\,J(\theta) = \lim_{\epsilon\to 0}\frac{J(\theta+\epsilon) - J(\theta-\epsilon)}{\epsilon}
        ? dL = \mathrm{tr}\left(\frac{\partial L}{\partial X} dX\right)
        """,
    ),
    Page(
        _front("generic output=softmax cost=softmax-log-likelihood"),
        r"""
        ? \frac{\partial L_{i}}{\partial f_{k}} = p_{k} - \mathbb{1}(y_{i} = k)
        ? \frac{\partial L_i}{\partial f_k} = p_k - 1(y_i = k)
        """,
        r"""
        ? \frac{\partial L_{i}}{\partial f_{k}} = \mathbb{1}(y_{i} = k) - p_{k}
        ? \frac{\partial L_{i}}{\partial f_{k}} = p_{k}
        """,
        (r"p_{k} \equiv \frac{e^{f_{k}}}{\sum_{j}e^{f_{j}}}", r"L_{i} \equiv -\log p_{y_{i}}"),
    ),
)
