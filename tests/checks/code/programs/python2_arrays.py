"""Script of the Python 2 days: logistic units, rows of examples, half squared error added up."""
import numpy as np


class BackProp:
    def __init__(self, n_in, n_hid, n_out):
        self.w1 = np.random.uniform(-1, 1, (n_in, n_hid))
        self.w2 = np.random.uniform(-1, 1, (n_hid, n_out))

    def sigm(self, v):
        return 1.0 / (1.0 + np.exp(-v))

    def predict(self, data):
        return self.sigm(np.dot(self.sigm(np.dot(data, self.w1)), self.w2))

    def train(self, data, target, rate=0.5, epochs=10, verbose=True):
        for e in xrange(epochs):
            hid = self.sigm(np.dot(data, self.w1))
            out = self.sigm(np.dot(hid, self.w2))
            err = target - out
            d_out = err * out * (1 - out)
            d_hid = np.dot(d_out, self.w2.T) * hid * (1 - hid)
            self.w2 = self.w2 + rate * np.dot(hid.T, d_out)
            self.w1 = self.w1 + rate * np.dot(data.T, d_hid)
            if verbose and e % 5 == 0:
                print "epoch", e, "error", (err ** 2).sum()
        print "done"
