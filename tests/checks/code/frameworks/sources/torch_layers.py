import math

import torch
import torch.nn as nn
import torch.nn.functional as F
from torch.autograd import Function


class LayerNormFunction(Function):
    @staticmethod
    def forward(ctx, input, weight, bias, eps=1e-5):
        mean = input.mean(dim=-1, keepdim=True)
        var = input.var(dim=-1, unbiased=False, keepdim=True)
        rstd = torch.rsqrt(var + eps)
        xhat = (input - mean) * rstd
        ctx.save_for_backward(xhat, weight, rstd)
        return weight * xhat + bias

    @staticmethod
    def backward(ctx, grad_output):
        xhat, weight, rstd = ctx.saved_tensors
        D = xhat.shape[-1]
        grad_input = grad_weight = grad_bias = None
        if ctx.needs_input_grad[0]:
            wdy = grad_output * weight
            c1 = (wdy * xhat).sum(-1, keepdim=True) / D
            c2 = wdy.sum(-1, keepdim=True) / D
            grad_input = (wdy - c1 * xhat - c2) * rstd
        if ctx.needs_input_grad[1]:
            grad_weight = (grad_output * xhat).reshape(-1, D).sum(0)
        if ctx.needs_input_grad[2]:
            grad_bias = grad_output.reshape(-1, D).sum(0)
        return grad_input, grad_weight, grad_bias, None


layer_norm = LayerNormFunction.apply


class RMSNorm(torch.autograd.Function):
    @staticmethod
    def forward(x, w, eps):
        return x * torch.rsqrt(x.pow(2).mean(-1, keepdim=True) + eps) * w

    @staticmethod
    def setup_context(ctx, inputs, output):
        x, w, eps = inputs
        ctx.save_for_backward(x, w)
        ctx.eps = eps

    @staticmethod
    def backward(ctx, dy):
        x, w = ctx.saved_tensors
        ms = x.square().mean(-1, keepdim=True) + ctx.eps
        inv = ms**-0.5
        g = dy * w
        dx = g * inv - x * inv**3 * (g * x).mean(-1, keepdim=True)
        dw = torch.einsum("...i,...i->i", dy, x * inv)
        return dx, dw, None


class MeanCrossEntropy(Function):
    """Softmax and negative log-likelihood in one, the mean over the rows."""

    @staticmethod
    def forward(ctx, logits, target):
        logp = logits.log_softmax(dim=1)
        ctx.save_for_backward(logp, target)
        return -logp.gather(1, target[:, None]).mean()

    @staticmethod
    def backward(ctx, grad_output):
        logp, target = ctx.saved_tensors
        grad = logp.exp()
        grad.scatter_add_(1, target[:, None], -torch.ones_like(grad))
        return grad_output * grad / grad.size(0), None


class TokenLoss(Function):
    @staticmethod
    def forward(ctx, logits, labels):
        m = logits.max(-1, keepdim=True).values
        lse = (m + (logits - m).exp().sum(-1, keepdim=True).log()).squeeze(-1)
        ctx.save_for_backward(logits, labels, lse)
        return lse - torch.gather(logits, -1, labels.unsqueeze(-1)).squeeze(-1)

    @staticmethod
    def backward(ctx, dloss):
        logits, labels, lse = ctx.saved_tensors
        p = torch.exp(logits - lse.unsqueeze(-1))
        return (p - F.one_hot(labels, logits.size(-1)).to(p.dtype)) * dloss.unsqueeze(-1), None


class GELU(Function):
    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x**3)))

    @staticmethod
    def backward(ctx, g):
        (x,) = ctx.saved_tensors
        k = math.sqrt(2 / math.pi)
        t = torch.tanh(k * (x + 0.044715 * x**3))
        return g * (0.5 * (1 + t) + 0.5 * x * (1 - t * t) * k * (1 + 3 * 0.044715 * x * x))


class SwishImplementation(Function):
    @staticmethod
    def forward(ctx, i):
        result = i * torch.sigmoid(i)
        ctx.save_for_backward(i)
        return result

    @staticmethod
    def backward(ctx, grad_output):
        i = ctx.saved_tensors[0]
        sigmoid_i = torch.sigmoid(i)
        return grad_output * (sigmoid_i * (1 + i * (1 - sigmoid_i)))


class SwiGLU(Function):
    @staticmethod
    def forward(ctx, gate, up):
        sig = torch.sigmoid(gate)
        ctx.save_for_backward(gate, up, sig)
        return gate.mul(sig).mul_(up)

    @staticmethod
    def backward(ctx, dh):
        gate, up, sig = ctx.saved_tensors
        d_up = dh * gate * sig
        d_gate = dh * up * (sig + gate * sig * (1 - sig))
        return d_gate, d_up


class Softmax(Function):
    @staticmethod
    def forward(ctx, x, dim=-1):
        y = torch.softmax(x, dim)
        ctx.dim = dim
        ctx.y = y
        return y

    @staticmethod
    def backward(ctx, dy):
        s = (dy * ctx.y).sum(ctx.dim, keepdim=True)
        return ctx.y * (dy - s), None


class CausalAttention(Function):
    """q, k, v of shape (batch, heads, time, features of a head)."""

    @staticmethod
    def forward(ctx, q, k, v):
        T = q.shape[-2]
        scale = 1.0 / math.sqrt(q.shape[-1])
        scores = (q @ k.transpose(-2, -1)) * scale
        mask = torch.ones(T, T, dtype=torch.bool, device=q.device).tril()
        att = scores.masked_fill(~mask, float("-inf")).softmax(dim=-1)
        ctx.save_for_backward(q, k, v, att)
        ctx.scale = scale
        return att @ v

    @staticmethod
    def backward(ctx, do):
        q, k, v, att = ctx.saved_tensors
        dv = att.transpose(-2, -1) @ do
        datt = do @ v.transpose(-2, -1)
        ds = att * (datt - (datt * att).sum(-1, keepdim=True))
        dq = (ds @ k) * ctx.scale
        dk = (ds.transpose(-2, -1) @ q) * ctx.scale
        return dq, dk, dv


class LinearFunction(Function):
    @staticmethod
    def forward(ctx, input, weight, bias=None):
        ctx.save_for_backward(input, weight, bias)
        output = input.mm(weight.t())
        if bias is not None:
            output += bias.unsqueeze(0).expand_as(output)
        return output

    @staticmethod
    def backward(ctx, grad_output):
        input, weight, bias = ctx.saved_tensors
        grad_input = grad_weight = grad_bias = None
        if ctx.needs_input_grad[0]:
            grad_input = grad_output.mm(weight)
        if ctx.needs_input_grad[1]:
            grad_weight = grad_output.t().mm(input)
        if bias is not None and ctx.needs_input_grad[2]:
            grad_bias = grad_output.sum(0)
        return grad_input, grad_weight, grad_bias


class BatchNorm(Function):
    @staticmethod
    def forward(ctx, x, gamma, beta, eps=1e-5):
        dims = (0, 2, 3)
        mu = x.mean(dims, keepdim=True)
        var = ((x - mu) ** 2).mean(dims, keepdim=True)
        inv = 1 / torch.sqrt(var + eps)
        xhat = (x - mu) * inv
        ctx.save_for_backward(xhat, gamma, inv)
        return gamma.view(1, -1, 1, 1) * xhat + beta.view(1, -1, 1, 1)

    @staticmethod
    def backward(ctx, dout):
        xhat, gamma, inv = ctx.saved_tensors
        N = dout.numel() / dout.size(1)
        dgamma = (dout * xhat).sum((0, 2, 3))
        dbeta = dout.sum((0, 2, 3))
        dxhat = dout * gamma.view(1, -1, 1, 1)
        dx = inv / N * (N * dxhat - dxhat.sum((0, 2, 3), keepdim=True) - xhat * (dxhat * xhat).sum((0, 2, 3), keepdim=True))
        return dx, dgamma, dbeta, None


class FusedLinearCrossEntropy(Function):
    """The logits are never all there: one chunk of rows after the other."""

    @staticmethod
    def forward(ctx, hidden, weight, target):
        n, chunk = hidden.shape[0], 2
        dh, dw = torch.empty_like(hidden), torch.zeros_like(weight)
        total = hidden.new_zeros(())
        for start in range(0, n, chunk):
            rows = slice(start, start + chunk)
            logits = hidden[rows] @ weight.T
            logp = F.log_softmax(logits, dim=-1)
            total = total - logp.gather(1, target[rows, None]).sum()
            dz = logp.exp()
            dz[torch.arange(dz.shape[0]), target[rows]] -= 1
            dz /= n
            dh[rows] = dz @ weight
            dw += dz.T @ hidden[rows]
        ctx.save_for_backward(dh.detach(), dw.detach())
        return total / n

    @staticmethod
    def backward(ctx, grad_output):
        dh, dw = ctx.saved_tensors
        return dh * grad_output, dw * grad_output, None


class LayerNorm(nn.Module):
    """Trained by autograd."""

    def __init__(self, dim, eps=1e-5):
        super().__init__()
        self.gamma = nn.Parameter(torch.ones(dim))
        self.beta = nn.Parameter(torch.zeros(dim))
        self.eps = eps

    def forward(self, x):
        mean = x.mean(-1, keepdim=True)
        std = torch.sqrt(((x - mean) ** 2).mean(-1, keepdim=True) + self.eps)
        return self.gamma * (x - mean) / std + self.beta


class LlamaRMSNorm(nn.Module):
    def __init__(self, hidden_size, eps=1e-6):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(hidden_size))
        self.variance_epsilon = eps

    def forward(self, hidden_states):
        input_dtype = hidden_states.dtype
        hidden_states = hidden_states.to(torch.float32)
        variance = hidden_states.pow(2).mean(-1, keepdim=True)
        hidden_states = hidden_states * torch.rsqrt(variance + self.variance_epsilon)
        return self.weight * hidden_states.to(input_dtype)


def attention(q, k, v):
    return F.scaled_dot_product_attention(q, k, v, is_causal=True)


def norm(x, weight, bias, eps=1e-5):
    return F.layer_norm(x, (x.shape[-1],), weight, bias, eps)


def layernorm_backward(dout, x, weight, mean, rstd):
    norm = (x - mean.unsqueeze(-1)) * rstd.unsqueeze(-1)
    dweight = (dout * norm).flatten(0, -2).sum(0)
    dbias = dout.flatten(0, -2).sum(0)
    dnorm = dout * weight
    dx = dnorm - dnorm.mean(-1, keepdim=True) - norm * torch.mean(dnorm * norm, dim=-1, keepdim=True)
    return dx * rstd.unsqueeze(-1), dweight, dbias


class SiLU:
    def forward(self, x):
        self.x = x
        self.s = torch.sigmoid(x)
        return x * self.s

    def backward(self, grad_output):
        return grad_output * self.s * (1 + self.x * (1 - self.s))
