from torch import nn
class MLP(nn.Module):
    def __init__(self, sizes):
        super().__init__()
        layers = []
        for a, b in zip(sizes[:-2], sizes[1:-1]):
            layers += [nn.Linear(a, b), nn.Tanh()]
        layers.append(nn.Linear(sizes[-2], sizes[-1]))
        self.net = nn.Sequential(*layers)
    def forward(self, x):
        return self.net(x)
if __name__ == "__main__":
    import torch
    net = MLP([2, 8, 2]); crit = nn.MSELoss(reduction="sum")
