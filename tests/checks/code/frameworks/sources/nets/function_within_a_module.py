import torch
from torch import nn


class MyReLU(torch.autograd.Function):
    @staticmethod
    def forward(ctx, input):
        ctx.save_for_backward(input)
        return input.clamp(min=0)

    @staticmethod
    def backward(ctx, grad_output):
        (input,) = ctx.saved_tensors
        grad_input = grad_output.clone()
        grad_input[input < 0] = 0
        return grad_input


class Net(nn.Module):
    def __init__(self, n_in, n_hidden, n_out):
        super().__init__()
        self.first = nn.Linear(n_in, n_hidden)
        self.second = nn.Linear(n_hidden, n_out)

    def forward(self, x):
        return self.second(MyReLU.apply(self.first(x)))

    def loss(self, x, y):
        return nn.functional.cross_entropy(self(x), y, reduction="sum")

    def backward_pass(self, x, y):
        self.zero_grad()
        self.loss(x, y).backward()
        return {name: p.grad for name, p in self.named_parameters()}
