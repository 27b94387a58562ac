"""Sigmoid net of torch tensors, an example is a row. Loss: cross-entropy of softmax outputs, the mean over the rows."""
import torch


class NeuralNetwork:
    def __init__(self, n_in, n_hidden, n_out):
        self.params = {
            "W1": torch.randn(n_in, n_hidden, dtype=torch.float32) * 0.1,
            "b1": torch.zeros(1, n_hidden),
            "W2": torch.randn(n_hidden, n_out, dtype=torch.float32) * 0.1,
            "b2": torch.zeros(1, n_out),
        }

    def forward(self, X):
        p = self.params
        self.z1 = torch.matmul(X, p["W1"]) + p["b1"]
        self.a1 = torch.sigmoid(self.z1)
        self.z2 = torch.matmul(self.a1, p["W2"]) + p["b2"]
        return torch.softmax(self.z2, dim=1)

    def backward(self, X, y, output):
        m = X.shape[0]
        dz2 = (output - y) / m
        dW2 = torch.matmul(self.a1.T, dz2)
        db2 = torch.sum(dz2, dim=0, keepdim=True)
        da1 = torch.matmul(dz2, self.params["W2"].T)
        dz1 = da1 * self.a1 * (1 - self.a1)
        dW1 = torch.matmul(X.T, dz1)
        db1 = torch.sum(dz1, dim=0, keepdim=True)
        return {"W1": dW1, "b1": db1, "W2": dW2, "b2": db2}
