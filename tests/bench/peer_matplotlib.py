#!/usr/bin/python3
"""A peer of the export: the same kind of dashboard drawn by matplotlib: 1920x1080, eight heat maps of
20 x 16, four plots of three lines, sixty labels, forty boxes. go: png-reused (the same artists
with new numbers), png-fresh (a new figure), and likewise svg and pdf."""
import io
import sys

try:
    import matplotlib
    matplotlib.use("Agg")
    import matplotlib.pyplot as plt
    import numpy as np
except ImportError:
    sys.exit(1)
import peer

rng = np.random.default_rng(1)


def draw():
    figure = plt.figure(figsize=(19.2, 10.8), dpi=100)
    heats, lines, texts = [], [], []
    for k in range(8):
        axes = figure.add_subplot(3, 4, k + 1)
        heats.append(axes.imshow(rng.standard_normal((20, 16)), cmap="RdBu", vmin=-2, vmax=2))
    for k in range(4):
        axes = figure.add_subplot(3, 4, 9 + k)
        lines += [axes.plot(rng.standard_normal(100))[0] for _ in range(3)]
    for k in range(60):
        texts.append(figure.text(rng.random(), rng.random(), "%.3f" % rng.standard_normal()))
    for k in range(40):
        x, y = rng.random(2)
        figure.add_artist(plt.Rectangle((x, y), 0.02, 0.01, fill=False, transform=figure.transFigure))
    return figure, heats, lines, texts


def save(figure, kind):
    figure.savefig(io.BytesIO(), format=kind, dpi=100)


def fresh(kind):
    figure = draw()[0]
    save(figure, kind)
    plt.close(figure)


figure, heats, lines, texts = draw()


def reused(kind):
    for heat in heats:
        heat.set_data(rng.standard_normal((20, 16)))
    for line in lines:
        line.set_ydata(rng.standard_normal(100))
    for text in texts:
        text.set_text("%.3f" % rng.standard_normal())
    save(figure, kind)


kinds = {}
for kind in ("png", "svg", "pdf"):
    kinds[kind + "-reused"] = lambda kind=kind: reused(kind)
    kinds[kind + "-fresh"] = lambda kind=kind: fresh(kind)

peer.serve(f"matplotlib {matplotlib.__version__}", kinds)
