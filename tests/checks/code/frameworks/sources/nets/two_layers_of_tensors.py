import torch

class TwoLayerNet:
    """Two layers: ReLU, then linear. The loss is the sum of the squared errors."""
    def __init__(self, D_in, H, D_out):
        self.w1 = torch.randn(D_in, H)
        self.w2 = torch.randn(H, D_out)
    def forward(self, x):
        self.h = x.mm(self.w1)
        self.h_relu = self.h.clamp(min=0)
        return self.h_relu.mm(self.w2)
    def train_step(self, x, y, learning_rate=1e-6):
        y_pred = self.forward(x)
        loss = (y_pred - y).pow(2).sum().item()
        grad_y_pred = 2.0 * (y_pred - y)
        grad_w2 = self.h_relu.t().mm(grad_y_pred)
        grad_h_relu = grad_y_pred.mm(self.w2.t())
        grad_h = grad_h_relu.clone()
        grad_h[self.h < 0] = 0
        grad_w1 = x.t().mm(grad_h)
        self.w1 -= learning_rate * grad_w1
        self.w2 -= learning_rate * grad_w2
        return loss
