"""Private parts.

Interface: Learner(n_in, n_hidden, n_out) hides its weights: __w_ih (n_hidden, n_in), __w_ho (n_out, n_hidden), no biases.
query(inputs) and train(inputs, targets) take one example, plain one-dimensional arrays or lists.  One step of
gradient descent per call, with the rate given in the constructor.

Loss: 1/2 (t - o)^2, summed over the outputs.
"""
import numpy


class Learner:
    def __init__(self, n_in, n_hidden, n_out, rate=0.3):
        self.__rate = rate
        self.__w_ih = numpy.random.normal(0.0, pow(n_hidden, -0.5), (n_hidden, n_in))
        self.__w_ho = numpy.random.normal(0.0, pow(n_out, -0.5), (n_out, n_hidden))
        self.__f = lambda x: 1 / (1 + numpy.exp(-x))

    def train(self, inputs_list, targets_list):
        inputs = numpy.array(inputs_list, ndmin=2).T
        targets = numpy.array(targets_list, ndmin=2).T
        hidden = self.__f(numpy.dot(self.__w_ih, inputs))
        final = self.__f(numpy.dot(self.__w_ho, hidden))
        errors = targets - final
        hidden_errors = numpy.dot(self.__w_ho.T, errors * final * (1.0 - final))
        self.__w_ho += self.__rate * numpy.dot(errors * final * (1.0 - final), numpy.transpose(hidden))
        self.__w_ih += self.__rate * numpy.dot(hidden_errors * hidden * (1.0 - hidden), numpy.transpose(inputs))

    def query(self, inputs_list):
        inputs = numpy.array(inputs_list, ndmin=2).T
        hidden = self.__f(numpy.dot(self.__w_ih, inputs))
        return self.__f(numpy.dot(self.__w_ho, hidden))
