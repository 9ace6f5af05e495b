#!/usr/bin/python3
"""A peer of the training step: the same step written for numpy as one would, float64: a loop over
timesteps, the four gates in one product, weight gradients in one product after the loop.
go: float64. usage: peer_numpy.py INPUT HIDDEN OUTPUT STEPS BATCH CLASSES LAST"""
import sys

try:
    import numpy as np
except ImportError:
    sys.exit(1)
import peer


class Net:
    def __init__(self, inputs, hidden, outputs, steps, batch, classes, last):
        rng = np.random.default_rng(1)
        self.inputs, self.hidden, self.outputs = inputs, hidden, outputs
        self.steps, self.batch, self.classes = steps, batch, classes
        scale = 1 / np.sqrt(hidden)
        self.W = rng.uniform(-scale, scale, (4 * hidden, inputs + hidden))  # i, f, o, g
        self.b = np.zeros((4 * hidden, 1))
        self.V = rng.uniform(-scale, scale, (outputs, hidden))
        self.d = np.zeros((outputs, 1))
        self.x = rng.uniform(-1, 1, (steps, inputs, batch))
        self.first = steps - 1 if last else 0  # timestep with a loss
        if classes:
            drawn = rng.integers(outputs, size=(steps, batch))
            self.target = np.eye(outputs)[drawn].transpose(0, 2, 1)
        else:
            self.target = rng.uniform(-1, 1, (steps, outputs, batch))
        self.stack = np.zeros((steps, inputs + hidden, batch))
        self.gates = np.zeros((steps, 4 * hidden, batch))
        self.c = np.zeros((steps + 1, hidden, batch))
        self.squashed = np.zeros((steps, hidden, batch))
        self.h = np.zeros((steps + 1, hidden, batch))
        self.dz = np.zeros((steps, 4 * hidden, batch))

    def forward(self):
        H, stack, gates, c, h = self.hidden, self.stack, self.gates, self.c, self.h
        for t in range(self.steps):
            stack[t, : self.inputs], stack[t, self.inputs :] = self.x[t], h[t]
            z = self.W @ stack[t] + self.b
            gates[t, : 3 * H] = 1 / (1 + np.exp(-z[: 3 * H]))
            gates[t, 3 * H :] = np.tanh(z[3 * H :])
            i, f, o, g = gates[t].reshape(4, H, self.batch)
            c[t + 1] = f * c[t] + i * g
            self.squashed[t] = np.tanh(c[t + 1])
            h[t + 1] = o * self.squashed[t]

    def head(self):
        """The gradients of y from the first timestep with a loss on."""
        y = self.V @ self.h[1 + self.first :] + self.d
        losses = self.batch * (self.steps - self.first)
        if self.classes:
            y = np.exp(y - y.max(1, keepdims=True))
            y /= y.sum(1, keepdims=True)
            return (y - self.target[self.first :]) / losses
        return 2 * (y - self.target[self.first :]) / (losses * self.outputs)

    def step(self):
        H, batch, gates, squashed, dz = self.hidden, self.batch, self.gates, self.squashed, self.dz
        self.forward()
        dy = self.head()
        dh, dc = np.zeros((H, batch)), np.zeros((H, batch))
        for t in reversed(range(self.steps)):
            if t >= self.first:
                dh = dh + self.V.T @ dy[t - self.first]
            i, f, o, g = gates[t].reshape(4, H, batch)
            dc = dc + dh * o * (1 - squashed[t] ** 2)
            dz[t, :H] = dc * g * i * (1 - i)
            dz[t, H : 2 * H] = dc * self.c[t] * f * (1 - f)
            dz[t, 2 * H : 3 * H] = dh * squashed[t] * o * (1 - o)
            dz[t, 3 * H :] = dc * i * (1 - g * g)
            dh = self.W[:, self.inputs :].T @ dz[t]
            dc = dc * f
        self.update(dy)

    def update(self, dy):
        H, rate = self.hidden, 0.01
        along = self.dz.transpose(1, 0, 2).reshape(4 * H, -1)
        read = self.stack.transpose(1, 0, 2).reshape(self.inputs + H, -1)
        self.W -= rate * along @ read.T
        self.b -= rate * along.sum(1, keepdims=True)
        flat = dy.transpose(1, 0, 2).reshape(self.outputs, -1)
        self.V -= rate * flat @ self.h[1 + self.first :].transpose(1, 0, 2).reshape(H, -1).T
        self.d -= rate * flat.sum(1, keepdims=True)


net = Net(*map(int, sys.argv[1:]))
peer.serve(f"numpy {np.__version__} with {peer.blas()}", {"float64": net.step})
