#!/usr/bin/env python3
"""Writes tests/oracle/random.txt: random cells, with their values and gradients over three timesteps
from the interpreter in cell_language.py. Run from the top of the tree: tests/oracle/make_random.py

The form is that of pytorch.txt (see make_oracle.py). The loss is a probe with random weights at every
timestep. Every cell is run in double and in long double; only cells whose numbers agree are kept,
for another order of additions may change no digit that the test looks at. Together they must use
everything in FORMS.
"""
import os
import random
import re
import sys

import numpy as np

sys.path.insert(0, os.path.dirname(__file__))
from cell_language import COMPARE, FORMS, Cell, Run

CELLS, T = 80, 3
COLUMNS = 3  # of as many seeds one makes a cell of columns
AGREE = 3e-14  # of double and long double, relative; the test asks for 1e-12
LARGEST = 1e4  # of any number of a cell
TEXT, LINES = 1500, 8000  # the longest text of a cell, the longest case, in characters
LEAST = 12  # forms in a cell
SUM, TERM, PRODUCT, UNARY, POSTFIX = range(1, 6)  # how tight a form binds
LEVEL = {"+": SUM, "-": SUM, "*": TERM, "/": TERM, "⊙": TERM, "@": PRODUCT, "·": PRODUCT}
ONE = ["sigmoid", "σ", "tanh", "relu", "exp", "abs", "sin", "cos", "softplus", "logsigmoid", "hard_sigmoid",
       "hard_sigmoid_keras", "softmax", "log", "sqrt", "stop"]


class Writer:
    """Writes random expressions of a shape, and notes the parameters that they need.

    columns  no value is a matrix, and every matrix is a parameter that stands in one product: sequences
             of such cells can run side by side
    """

    def __init__(self, r, columns):
        self.r, self.columns, self.params, self.known = r, columns, {}, []
        self.hidden, self.input = r.choice([2, 3, 4]), r.choice([2, 3])
        self.steady = False  # in a start expression: no x, t or name

    def count(self, n):
        """A whole number as text, sometimes by another name."""
        ways = {self.hidden: "hidden", self.input: "input", 2: "two", 2 * self.hidden: "2 * hidden",
                self.hidden + 1: "hidden + 1"}
        return ways[n] if n in ways and self.r.random() < 0.4 else str(n)

    def shape(self, shape):
        return " x ".join(self.count(n) for n in (shape if shape[1] > 1 else shape[:1]))

    def text(self, shape, depth, level=0):
        """An expression that may stand where `level` is asked; in brackets if it binds less."""
        text, binds = self.form(shape, depth - 1) if depth > 0 and self.r.random() < 0.9 else self.leaf(shape)
        return f"({text})" if binds < level or self.r.random() < 0.05 else text

    # ---- forms: each returns its text and how tight it binds ----

    def param(self, shape):
        same = [k for k, v in self.params.items() if v == shape]
        if same and self.r.random() < 0.5 and not (self.columns and shape[1] > 1):
            return self.r.choice(same)
        name = self.r.choice("WUVΘ" if shape[1] > 1 else "abvβ") + f"_{len(self.params)}"
        self.params[name] = shape
        return name

    def leaf(self, shape):
        ways = [self.param(shape)]
        if shape == (1, 1):
            ways += ["2", "0.5", "1e-1", "3.25", "hidden", "input", "k", "two"] + ["t"] * (not self.steady)
        for name, its, done in self.known * (not self.steady):
            if its == shape:
                ways += [f"{name}[t-{self.r.choice([1, 1, 1, 2, 3])}]"] * 2 + [name] * 2 * done
        if shape == (self.input, 1) and not self.steady:
            ways += ["x", "x", f"x[t - {self.r.choice([1, 2])}]"]
        return self.r.choice(ways), POSTFIX

    def pair(self, shape, depth, levels=(0, 0)):
        """Two expressions, one of which may be a single number."""
        shapes = [(1, 1) if self.r.random() < 0.3 else shape, shape]
        self.r.shuffle(shapes)
        return [self.text(s, depth, level) for s, level in zip(shapes, levels)]

    def arithmetic(self, shape, d):
        o = self.r.choice("+-*/⊙")
        a, b = self.pair(shape, d, (LEVEL[o], LEVEL[o] + 1))
        return f"{a} {o} {b}" if o != "/" else f"{a} / (abs({b}) + 1)", LEVEL[o]

    def product(self, shape, d):
        m = self.r.choice([2, 3, self.hidden] + [1] * (not self.columns))
        if self.columns:
            matrix = self.param((shape[0], m)) if self.r.random() < 0.7 else self.param((m, shape[0])) + "'"
            return f"{matrix} @ {self.text((m, 1), d, UNARY)}", PRODUCT
        a, b = self.text((shape[0], m), d, PRODUCT), self.text((m, shape[1]), d, UNARY)
        return f"{a} {self.r.choice('@·')} {b}", PRODUCT

    def alike(self, shape, d):
        """The same function of two shapes: what has one operation may run as one."""
        m, name = self.r.choice([1, 2, 3]), self.r.choice(["-", *ONE[:7]])
        if self.columns:
            return f"{name}({self.text(shape, d - 1)}) * {name}({self.text((1, 1), d - 1)})", TERM
        a, b = self.text((shape[0], m), d - 1), self.text((m, shape[1]), d - 1)
        return f"{name}({a}) @ {name}({b})", PRODUCT

    def turned(self, shape, d):
        if self.columns or self.r.random() < 0.5:
            return "-" + self.text(shape, d, UNARY), UNARY
        return self.text(shape[::-1], d, POSTFIX) + "'", POSTFIX

    def sliced(self, shape, d):
        before, behind = self.r.choice([0, 1, 2]), self.r.choice([0, 1])
        inner = self.text((before + shape[0] + behind, shape[1]), d, POSTFIX)
        last = "" if shape[0] == 1 and self.r.random() < 0.6 else f":{self.count(before + shape[0])}"
        return f"{inner}[{self.count(before + 1)}{last}]", POSTFIX

    def stacked(self, shape, d):
        if shape[0] == 1:
            return self.called(shape, d)
        m = self.r.randrange(1, shape[0])
        return f"[{self.text((m, shape[1]), d)}{self.r.choice(';,')} {self.text((shape[0] - m, shape[1]), d)}]", POSTFIX

    def of_two(self, shape, d):
        if shape[1] > 1 and self.r.random() < 0.6:
            return f"outer({self.text((shape[0], 1), d)}, {self.text((shape[1], 1), d)})", POSTFIX
        name = self.r.choice(["max", "min", "mod"])
        if name == "mod" and self.r.random() < 0.5:
            return f"mod({self.text(shape, d)}, 0.7)", POSTFIX
        a, b = self.pair(shape, d)
        return f"{name}({a}, {b})" if name != "mod" else f"mod({a}, abs({b}) + 1)", POSTFIX

    def choice(self, shape, d):
        (a, b), (p, q) = self.pair(shape, d), self.pair(shape, d)
        if self.r.random() < 0.3 and not self.steady:
            a, b = "t", self.r.choice(["2", "1", "input"])
        return f"where({a} {self.r.choice(list(COMPARE))} {b}, {p}, {q})", POSTFIX

    def clipped(self, shape, d):
        low, high = (bound if self.r.random() < 0.5 else self.text(self.r.choice([(1, 1), shape]), d)
                     for bound in ("-0.3", "0.4"))
        return f"clip({self.text(shape, d)}, {low}, {high})", POSTFIX

    def called(self, shape, d):
        name, a = self.r.choice(ONE), self.text(shape, d)
        return f"{name}(abs({a}) + 0.5)" if name in ("log", "sqrt") else f"{name}({a})", POSTFIX

    def single(self, d):
        inner = (self.r.choice([2, 3, 4]), 1 if self.columns else self.r.choice([1, 2]))
        if self.r.random() < 0.3:
            return f"dot({self.text((inner[0], 1), d)}, {self.text((inner[0], 1), d)})", POSTFIX
        return f"{self.r.choice(['sum', 'mean', 'var'])}({self.text(inner, d)})", POSTFIX

    def form(self, shape, d):
        if shape == (1, 1) and self.r.random() < 0.4:
            return self.single(d)
        forms = [self.arithmetic, self.product, self.called, self.alike] * 3
        forms += [self.turned, self.sliced, self.stacked, self.of_two, self.choice, self.clipped]
        return self.r.choice(forms)(shape, d)

    def cell(self):
        r, n = self.r, self.hidden
        shapes = {"h": (n, 1)}
        for i in range(r.randrange(4)):
            shapes[f"q{i}"] = r.choice([(n, 1), (1, 1), (2, 1), (self.input, 1), (2 * n, 1)] +
                                       [(2, 2), (n, 2), (1, 3)] * (not self.columns))
        order = r.sample(list(shapes), len(shapes))
        lines = []
        for at, name in enumerate(order):
            self.known = [(k, shapes[k], k in order[:at]) for k in order]
            lines.append(f"{name} = {self.text(shapes[name], r.choice([2, 3, 4, 4, 5]))}")
        self.steady = True
        lagged = [k for k in order if f"{k}[t-" in "\n".join(lines)]
        starts = [f"start {k} = {self.text(r.choice([shapes[k], (1, 1)]), 2)}" for k in lagged if r.random() < 0.5]
        r.shuffle(lines)  # the order of a timestep is not that of the lines
        lines += starts + [f"size {k} = {self.shape(v)}" for k, v in shapes.items() if v != (n, 1)]
        used = {k: v for k, v in self.params.items() if re.search(rf"\b{k}\b", "\n".join(lines))}
        lines += [f"param {k} : {self.shape(v)}" for k, v in used.items()]
        return "cell random \"Random\"\n" + "\n".join(lines + ["const k = -0.75", "size two = 2"]) + "\n"


# ---- cases ----

def array(kind, name, rows_of):
    flat = [float(v) for r in rows_of for v in np.reshape(r, -1)]
    return " ".join([kind, name, str(len(rows_of)), str(len(flat) // len(rows_of)), *map(repr, flat)])


def sound(double, exact):
    """Do the numbers mean something: finite, not large, the same in double and long double?"""
    with np.errstate(all="ignore"):
        return all(np.isfinite(a).all() and (abs(a) < LARGEST).all() and
                   (abs(a - b) <= np.maximum(AGREE * abs(b), 3e-17)).all()
                   for (_, _, x), (_, _, y) in zip(double.lines(), exact.lines()) for a, b in zip(x, y))


def case(seed):
    """The lines of a cell and what it uses, or none if it is not worth it."""
    r = random.Random(seed)
    writer = Writer(r, seed % COLUMNS == 0)
    text = writer.cell()
    if len(text) > TEXT:
        return None, set()
    few = lambda *shape: np.array([r.randrange(-150, 151) / 100 for _ in range(np.prod(shape))]).reshape(shape)
    inputs, targets = few(T, writer.input, 1), few(T, writer.hidden, 1)
    cell, weights = Cell(text), {}

    def params(run):
        for name, shape in cell.params.items():
            if name not in weights:
                weights[name] = few(*run.dims(shape))
        return weights

    with np.errstate(all="ignore"):
        double, exact = (Run(cell, writer.hidden, inputs, targets, params, kind)
                         for kind in (np.float64, np.longdouble))
    learns = sum(v.grad.any() for v in exact.params.values())
    reads = any(x.grad.any() for x in exact.inputs)
    if len(exact.used) < LEAST or 2 * learns <= len(weights) or not reads or not sound(double, exact):
        return None, set()
    lines = [f"case random {seed}", "cell random"] + ["| " + line for line in text.splitlines()]
    lines += [f"layer random {writer.hidden} 1 0 0", "loss probe 0", "at" + " 1" * T,
              array("inputs", "x", inputs), array("targets", "y", targets)]
    lines += [array("param", k, list(v)) for k, v in weights.items()]
    lines += [array(*line) for line in exact.lines()]
    text = "\n".join(lines) + "\nend\n"
    return (text, exact.used) if len(text) <= LINES else (None, set())


if __name__ == "__main__":
    assert np.finfo(np.longdouble).nmant > 60, "long double is no longer than double here"
    cases, used, seed = [], set(), 0
    while len(cases) < CELLS:
        lines, uses = case(seed)
        seed += 1
        if lines:
            cases.append(lines)
            used |= uses
    assert used >= FORMS, f"no cell uses {sorted(FORMS - used)}"
    with open("tests/oracle/random.txt", "w", encoding="utf-8") as file:
        file.write("# made by make_random.py with numpy, long double\n")
        file.writelines(cases)
