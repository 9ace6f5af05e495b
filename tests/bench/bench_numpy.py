#!/usr/bin/env python3
"""The other peer of bench_train: the same step written for numpy as one would, float64: a loop over
timesteps, the four gates in one product, weight gradients in one product after the loop. Prints
the median step in microseconds.
usage: bench_numpy.py INPUT HIDDEN OUTPUT STEPS BATCH CLASSES LAST"""
import os
import sys
import time

os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
import numpy as np  # noqa: E402

INPUT, HIDDEN, OUTPUT, STEPS, BATCH, CLASSES, LAST = map(int, sys.argv[1:])
rng = np.random.default_rng(1)
scale = 1 / np.sqrt(HIDDEN)
W = rng.uniform(-scale, scale, (4 * HIDDEN, INPUT + HIDDEN))  # i, f, o, g
b = np.zeros((4 * HIDDEN, 1))
V = rng.uniform(-scale, scale, (OUTPUT, HIDDEN))
d = np.zeros((OUTPUT, 1))
x = rng.uniform(-1, 1, (STEPS, INPUT, BATCH))
places = range(STEPS - 1, STEPS) if LAST else range(STEPS)
if CLASSES:
    target = np.eye(OUTPUT)[rng.integers(OUTPUT, size=(STEPS, BATCH))].transpose(0, 2, 1)
else:
    target = rng.uniform(-1, 1, (STEPS, OUTPUT, BATCH))

stack = np.zeros((STEPS, INPUT + HIDDEN, BATCH))
gates = np.zeros((STEPS, 4 * HIDDEN, BATCH))
c = np.zeros((STEPS + 1, HIDDEN, BATCH))
squashed = np.zeros((STEPS, HIDDEN, BATCH))
h = np.zeros((STEPS + 1, HIDDEN, BATCH))
dz = np.zeros((STEPS, 4 * HIDDEN, BATCH))
H = HIDDEN


def forward():
    for t in range(STEPS):
        stack[t, :INPUT], stack[t, INPUT:] = x[t], h[t]
        z = W @ stack[t] + b
        gates[t, : 3 * H] = 1 / (1 + np.exp(-z[: 3 * H]))
        gates[t, 3 * H :] = np.tanh(z[3 * H :])
        i, f, o, g = gates[t].reshape(4, H, BATCH)
        c[t + 1] = f * c[t] + i * g
        squashed[t] = np.tanh(c[t + 1])
        h[t + 1] = o * squashed[t]


def head():
    """The gradients of y at the places with a loss."""
    of = slice(places[0], STEPS)
    y = V @ h[1:][of] + d
    if CLASSES:
        y = np.exp(y - y.max(1, keepdims=True))
        y /= y.sum(1, keepdims=True)
        return of, (y - target[of]) / (BATCH * len(places))
    return of, 2 * (y - target[of]) / (BATCH * len(places) * OUTPUT)


def step():
    global W, b, V, d
    forward()
    of, dy = head()
    dh, dc = np.zeros((H, BATCH)), np.zeros((H, BATCH))
    for t in reversed(range(STEPS)):
        if t in places:
            dh = dh + V.T @ dy[t - places[0]]
        i, f, o, g = gates[t].reshape(4, H, BATCH)
        dc = dc + dh * o * (1 - squashed[t] ** 2)
        dz[t, :H] = dc * g * i * (1 - i)
        dz[t, H : 2 * H] = dc * c[t] * f * (1 - f)
        dz[t, 2 * H : 3 * H] = dh * squashed[t] * o * (1 - o)
        dz[t, 3 * H :] = dc * i * (1 - g * g)
        dh = W[:, INPUT:].T @ dz[t]
        dc = dc * f
    along = dz.transpose(1, 0, 2).reshape(4 * H, -1)
    W -= 0.01 * along @ stack.transpose(1, 0, 2).reshape(INPUT + H, -1).T
    b -= 0.01 * along.sum(1, keepdims=True)
    flat = dy.transpose(1, 0, 2).reshape(OUTPUT, -1)
    V -= 0.01 * flat @ h[1:][of].transpose(1, 0, 2).reshape(H, -1).T
    d -= 0.01 * flat.sum(1, keepdims=True)


times, end = [], time.perf_counter() + 1.0
while time.perf_counter() < end or len(times) < 3:
    start = time.perf_counter()
    step()
    times.append(time.perf_counter() - start)
print(1e6 * sorted(times)[len(times) // 2])
