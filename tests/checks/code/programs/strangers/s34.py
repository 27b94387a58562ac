"""Hand-written gradients on tensors, weights (out, in), rows: relu layer, softmax output, integer labels.

Net(n, h, k) with W1, b1, W2, b2; grads(x, y) returns (gW1, gb1, gW2, gb2) of the mean cross-entropy.
"""
import torch


class Net:
    def __init__(self, n, h, k, seed=0):
        g = torch.Generator().manual_seed(seed)
        self.W1 = torch.randn(h, n, generator=g, dtype=torch.float64)
        self.b1 = torch.randn(h, generator=g, dtype=torch.float64)
        self.W2 = torch.randn(k, h, generator=g, dtype=torch.float64)
        self.b2 = torch.randn(k, generator=g, dtype=torch.float64)

    def forward(self, x):
        self.h = torch.relu(x @ self.W1.t() + self.b1)
        return torch.softmax(self.h @ self.W2.t() + self.b2, dim=1)

    def grads(self, x, y):
        p = self.forward(x)
        d2 = p.clone()
        d2[torch.arange(len(x)), y] -= 1.0
        d2 = d2 / len(x)
        d1 = (d2 @ self.W2) * (self.h > 0)
        return d1.t() @ x, d1.sum(0), d2.t() @ self.h, d2.mean(0)
