"""A notebook, its cells one after the other: the parameters are names of the module, and the text is of Python 2.

Source: a notebook on backpropagation, cells 2 to 24 (seed 003_2e3b42e9dfd8c041).

Loss: one half of the squared error of the example; sigmoid units.
"""
import numpy as np

sizes=[2, 3, 1]
num_layers = len(sizes)
biases = [np.random.randn(y, 1) for y in sizes[1:]]
weights = [np.random.randn(y, x) for x, y in zip(sizes[:-1], sizes[1:])]

nabla_b = [np.zeros(b.shape) for b in biases]
nabla_w = [np.zeros(w.shape) for w in weights]


def sigmoid(z):
    return 1.0/(1.0+np.exp(-z))


def sigmoid_prime(z):
    return sigmoid(z)*(1-sigmoid(z))


def cost_derivative(output_activations, y):
    return (output_activations-y)


np.random.seed(1)
x = 10 * np.random.randn(sizes[0], 1)
y = np.array([1])
print x
print y

activation = x
activations = [x]
zs = []
for b, w in zip(biases, weights):
    z = np.dot(w, activation)+b
    zs.append(z)
    activation = sigmoid(z)
    activations.append(activation)
for z in zs:
    print z
for a in activations:
    print a

delta = cost_derivative(activations[-1], y) * sigmoid_prime(zs[-1])
nabla_b[-1] = delta
nabla_w[-1] = np.dot(delta, activations[-2].transpose())
z = zs[-2]
f_prime = sigmoid_prime(z)
print f_prime
delta_l_1 = np.dot(weights[-1].transpose(), delta) * f_prime
nabla_b[-2] = delta_l_1
print nabla_b[-2]
nabla_w[-2] = np.dot(delta_l_1, activations[-2-1].transpose())
print nabla_w[-2]


def backprop( x, y):
    nabla_b = [np.zeros(b.shape) for b in biases]
    nabla_w = [np.zeros(w.shape) for w in weights]
    activation = x
    activations = [x]
    zs = []
    for b, w in zip(biases, weights):
        z = np.dot(w, activation)+b
        zs.append(z)
        activation = sigmoid(z)
        activations.append(activation)
    delta = cost_derivative(activations[-1], y) * \
        sigmoid_prime(zs[-1])
    nabla_b[-1] = delta
    nabla_w[-1] = np.dot(delta, activations[-2].transpose())
    for l in xrange(2, num_layers):
        z = zs[-l]
        f_prime = sigmoid_prime(z)
        delta = np.dot(weights[-l+1].transpose(), delta) * f_prime
        nabla_b[-l] = delta
        nabla_w[-l] = np.dot(delta, activations[-l-1].transpose())
    return (nabla_b, nabla_w)


nabla_b, nabla_w=backprop(x,y)
print nabla_w
print nabla_b
