import torch
import torch.nn as nn
import torch.optim as optim


class Classifier(nn.Module):
    """Sigmoid outputs, binary cross-entropy."""

    def __init__(self, sizes):
        super(Classifier, self).__init__()
        self.layers = nn.ModuleList([nn.Linear(a, b) for a, b in zip(sizes, sizes[1:])])
        self.optimizer = optim.Adam(self.parameters(), lr=1e-2)
        self.criterion = nn.BCELoss()

    def forward(self, x):
        for layer in self.layers[:-1]:
            x = torch.tanh(layer(x))
        return torch.sigmoid(self.layers[-1](x))

    def fit_batch(self, x, y):
        self.optimizer.zero_grad()
        loss = self.criterion(self.forward(x), y)
        loss.backward()
        self.optimizer.step()
        return loss.item()
