"""An interpreter of the cell language that knows nothing of ours: it reads the text of a cell, evaluates
it with numpy, and goes back over a tape of its own. It expects cells without mistakes, labels, comments
and keywords as names; every parameter has its `param` line.
"""
import re

import numpy as np

# ---- a tape: every value knows how its gradient goes to what it was made from ----

class Value:
    def __init__(self, value, *shares):
        """shares: pairs of a Value and a function from our gradient to what it gets of it."""
        self.value, self.shares, self.grad = value, shares, np.zeros_like(value)


def backward(root):
    order, seen = [], set()

    def visit(v):
        if id(v) not in seen:
            seen.add(id(v))
            for u, _ in v.shares:
                visit(u)
            order.append(v)

    visit(root)
    root.grad = np.ones_like(root.value)
    for v in reversed(order):
        for u, share in v.shares:
            u.grad = u.grad + share(v.grad)


def gather(grad, v):
    """The gradient of v where it was spread over a larger shape: the sum."""
    return grad if grad.shape == v.value.shape else grad.sum().reshape(1, 1)


def wide(*values):
    """The values in one shape; only 1 x 1 spreads."""
    arrays = [v.value for v in values]
    shapes = {a.shape for a in arrays} - {(1, 1)}
    assert len(shapes) <= 1, shapes
    return np.broadcast_arrays(*arrays)


def elementwise(value, *slopes):
    """An operation of several arguments, by its value and its slope in each, as functions of arrays."""
    def apply(*args):
        arrays = wide(*args)
        return Value(value(*arrays), *((a, lambda g, a=a, s=s: gather(g * s(*arrays), a))
                                       for a, s in zip(args, slopes)))
    return apply


def function(value, slope):
    return lambda a: Value(value(a.value), (a, lambda g: g * slope(a.value)))


def reduction(value, slope):
    return lambda a: Value(value(a.value).reshape(1, 1), (a, lambda g: g[0, 0] * slope(a.value)))


def matmul(a, b):
    return Value(a.value @ b.value, (a, lambda g: g @ b.value.T), (b, lambda g: a.value.T @ g))


def transpose(a):
    return Value(a.value.T, (a, lambda g: g.T))


def rows(a, first, last):
    assert 1 <= first <= last <= len(a.value)

    def share(g):
        whole = np.zeros_like(a.value)
        whole[first - 1:last] = g
        return whole
    return Value(a.value[first - 1:last], (a, share))


def stack(parts):
    ends = np.cumsum([len(p.value) for p in parts])
    return Value(np.vstack([p.value for p in parts]),
                 *((p, lambda g, p=p, e=e: g[e - len(p.value):e]) for p, e in zip(parts, ends)))


def softmax(a):
    e = np.exp(a.value - a.value.max(axis=0))
    y = e / e.sum(axis=0)
    return Value(y, (a, lambda g: y * (g - (g * y).sum(axis=0))))


def where(condition, a, b):
    taken, x, y = np.broadcast_arrays(condition, a.value, b.value)
    wide(a, b, Value(condition))
    return Value(np.where(taken, x, y), (a, lambda g: gather(np.where(taken, g, 0), a)),
                 (b, lambda g: gather(np.where(taken, 0, g), b)))


def sigmoid(x):
    e = np.exp(-abs(x))
    return np.where(x >= 0, 1 / (1 + e), e / (1 + e))


def softplus(x):
    return np.maximum(x, 0) + np.log1p(np.exp(-abs(x)))


def larger(x, y):
    """1 where x wins, half in a tie."""
    return np.where(x == y, 0.5, x > y)


OPERATORS = {
    "+": elementwise(np.add, lambda x, y: 1, lambda x, y: 1),
    "-": elementwise(np.subtract, lambda x, y: 1, lambda x, y: -1),
    "*": elementwise(np.multiply, lambda x, y: y, lambda x, y: x),
    "/": elementwise(np.divide, lambda x, y: 1 / y, lambda x, y: -x / y / y),
    "@": matmul,
}
OPERATORS.update({"⊙": OPERATORS["*"], "·": matmul})

FUNCTIONS = {
    "sigmoid": function(sigmoid, lambda x: sigmoid(x) * sigmoid(-x)),
    "tanh": function(np.tanh, lambda x: 1 - np.tanh(x) ** 2),
    "relu": function(lambda x: np.maximum(x, 0), lambda x: x > 0),
    "exp": function(np.exp, np.exp),
    "log": function(np.log, lambda x: 1 / x),
    "sqrt": function(np.sqrt, lambda x: 0.5 / np.sqrt(x)),
    "abs": function(np.abs, np.sign),
    "sin": function(np.sin, np.cos),
    "cos": function(np.cos, lambda x: -np.sin(x)),
    "softplus": function(softplus, sigmoid),
    "logsigmoid": function(lambda x: -softplus(-x), lambda x: sigmoid(-x)),
    "hard_sigmoid": function(lambda x: np.clip(x / 6 + 0.5, 0, 1), lambda x: (abs(x) < 3) / x.dtype.type(6)),
    "hard_sigmoid_keras": function(lambda x: np.clip(0.2 * x + 0.5, 0, 1), lambda x: (abs(x) <= 2.5) * 0.2),
    "softmax": softmax,
    "sum": reduction(np.sum, np.ones_like),
    "mean": reduction(np.mean, lambda x: np.ones_like(x) / x.size),
    "var": reduction(np.var, lambda x: 2 * (x - x.mean()) / x.size),
    "max": elementwise(np.maximum, larger, lambda x, y: larger(y, x)),
    "min": elementwise(np.minimum, lambda x, y: larger(y, x), larger),
    # where the bounds cross, the upper one is the value
    "clip": elementwise(lambda x, lo, hi: np.minimum(np.maximum(x, lo), hi),
                        lambda x, lo, hi: (lo <= x) & (x <= hi),
                        lambda x, lo, hi: (x < lo) & (lo < hi),
                        lambda x, lo, hi: (x > hi) | (lo > hi)),
    "mod": elementwise(lambda x, n: x - n * np.floor(x / n), lambda x, n: 1, lambda x, n: -np.floor(x / n)),
    "stop": lambda a: Value(a.value),
    "outer": lambda a, b: matmul(a, transpose(b)),
    "dot": lambda a, b: matmul(transpose(a), b),
}
FUNCTIONS["σ"] = FUNCTIONS["sigmoid"]
COMPARE = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal, "==": np.equal}
FORMS = (set(OPERATORS) | set(FUNCTIONS) | set(COMPARE) | {"negative", "transpose", "rows", "row", "stack",
         "where", "lag 1", "lag 2", "lag 3", "lag of x", "start", "t", "const", "size", "input", "hidden"})


# ---- the language: text to trees, tuples that begin with what they are ----

TOKEN = re.compile(r"\s*(?:(\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|([^\W\d_]\w*)|(<=|>=|==|\S))")


class Parser:
    def __init__(self, text):
        self.tokens = [m.group().strip() for m in TOKEN.finditer(text)] + ["end"]
        self.at = 0

    def eat(self, *which):
        if self.tokens[self.at] in which:
            self.at += 1
            return self.tokens[self.at - 1]
        return None

    def need(self, which):
        assert self.eat(which), (which, self.tokens[self.at:])

    def chain(self, operand, *operators):
        tree = operand()
        while operator := self.eat(*operators):
            tree = ("binary", operator, tree, operand())
        return tree

    def whole(self):
        tree = self.sum()
        self.need("end")
        return tree

    def sum(self):
        return self.chain(self.term, "+", "-")

    def term(self):
        return self.chain(self.product, "*", "/", "⊙")

    def product(self):
        return self.chain(self.unary, "@", "·")

    def unary(self):
        return ("negative", self.unary()) if self.eat("-") else self.postfix()

    def postfix(self):
        tree = self.primary()
        while mark := self.eat("'", "["):
            if mark == "'":
                tree = ("transpose", tree)
            elif tree[0] == "name" and self.tokens[self.at:self.at + 2] == ["t", "-"]:
                self.at += 3
                tree = ("lag", tree[1], int(self.tokens[self.at - 1]))
                self.need("]")
            else:
                first = self.sum()
                last = self.sum() if self.eat(":") else None
                tree = ("rows", tree, first, last)
                self.need("]")
        return tree

    def primary(self):
        if self.eat("("):
            tree = self.sum()
            self.need(")")
            return tree
        if self.eat("["):
            parts = [self.sum()]
            while self.eat(";", ","):
                parts.append(self.sum())
            self.need("]")
            return ("stack", parts)
        self.at += 1
        word = self.tokens[self.at - 1]
        if word[0].isdigit():
            return ("number", float(word))
        assert word[0].isalpha(), word
        return self.call(word) if self.eat("(") else ("name", word)

    def call(self, name):
        condition = ()
        if name == "where":
            left, how, right = self.sum(), self.eat(*COMPARE), self.sum()
            condition = (how, left, right)
            self.need(",")
        args = [self.sum()]
        while self.eat(","):
            args.append(self.sum())
        self.need(")")
        return ("call", name, args, condition)


class Cell:
    """A cell's lines. `equations` are in the order of their timestep."""

    def __init__(self, text):
        self.sizes, self.params, self.constants, self.starts = {}, {}, {}, {}
        equations = {}
        for line in text.splitlines()[1:]:
            word, rest = line.split(None, 1)
            if rest.startswith("="):
                equations[word] = Parser(rest[1:]).whole()
                continue
            name, value = re.split(r"\s*[:=]\s*", rest, 1)
            if word in ("size", "param"):
                shape = [Parser(e).whole() for e in re.split(r"\s+x\s+", value)]
                {"size": self.sizes, "param": self.params}[word][name] = shape
            elif word == "const":
                self.constants[name] = float(value)
            else:
                assert word == "start", line
                self.starts[name] = Parser(value).whole()
        self.equations = {}

        def add(name):  # what it reads of this timestep goes before it
            for used in names(equations[name]):
                if used in equations and used not in self.equations:
                    add(used)
            self.equations[name] = equations[name]

        for name in equations:
            if name not in self.equations:
                add(name)


def names(tree):
    """The bare names in a tree."""
    if isinstance(tree, tuple) and tree and tree[0] == "name":
        return [tree[1]]
    if isinstance(tree, (tuple, list)) and tree[:1] != ("lag",):
        return [n for part in tree for n in names(part)]
    return []


class Run:
    """A cell over a sequence, in the numbers of `kind`, with every gradient."""

    def __init__(self, cell, hidden, inputs, targets, params, kind):
        self.cell, self.kind, self.used, self.past = cell, kind, set(), []
        self.inputs = [self.given(x) for x in inputs]
        self.steady = {"hidden": self.number(hidden), "input": self.number(len(inputs[0]))}
        self.steady.update({k: self.number(v) for k, v in cell.constants.items()})
        for name in cell.sizes.keys() - cell.equations.keys():
            self.steady[name] = self.number(self.dims(cell.sizes[name])[0])
        self.params = {k: self.given(v) for k, v in params(self).items()}
        self.starts = {k: self.fit(k, self.value(cell.starts.get(k, ("number", 0.0)))) for k in cell.equations}
        self.used |= {"start"} if cell.starts else set()
        for _ in range(len(inputs)):
            self.past.append({})
            for name, tree in cell.equations.items():
                self.past[-1][name] = self.fit(name, self.value(tree))
        loss = self.number(0)
        for step, y in zip(self.past, targets):
            product = OPERATORS["*"](step["h"], self.given(y))
            loss = OPERATORS["+"](loss, FUNCTIONS["sum"](product))
        backward(loss)
        self.loss = loss

    def given(self, numbers):
        return Value(np.array(numbers, self.kind))

    def number(self, n):
        return self.given([[n]])

    def dims(self, shape):
        shape = [int(self.value(e).value[0, 0]) for e in shape]
        return (shape[0], shape[1] if len(shape) > 1 else 1)

    def fit(self, name, v):
        """A name has its own shape; one number spreads to it."""
        shape = self.dims(self.cell.sizes.get(name, [("name", "hidden")]))
        assert v.value.shape in (shape, (1, 1)), (name, shape, v.value.shape)
        return Value(np.broadcast_to(v.value, shape).copy(), (v, lambda g: gather(g, v)))

    def bare(self, name):
        now = len(self.past)
        if now and name in self.cell.equations:
            return self.past[-1][name]
        if name == "x":
            return self.inputs[now - 1]
        if name == "t":
            self.used.add("t")
            return self.number(now)
        if name not in self.steady:
            return self.params[name]
        self.used.add("const" if name in self.cell.constants else
                      name if name in ("hidden", "input") else "size")
        return self.steady[name]

    def lagged(self, name, lag):
        at = len(self.past) - 1 - lag
        self.used.add("lag of x" if name == "x" else f"lag {lag}")
        if name == "x":
            return self.inputs[at] if at >= 0 else self.given(np.zeros_like(self.inputs[0].value))
        return self.past[at][name] if at >= 0 else self.starts[name]

    def value(self, tree):
        what, *parts = tree
        if what == "number":
            return self.number(parts[0])
        if what == "name":
            return self.bare(*parts)
        if what == "lag":
            return self.lagged(*parts)
        self.used.add(parts[0] if what in ("binary", "call") else "row" if tree[3:] == (None,) else what)
        if what == "binary":
            return OPERATORS[parts[0]](self.value(parts[1]), self.value(parts[2]))
        if what == "negative":
            a = self.value(parts[0])
            return Value(-a.value, (a, lambda g: -g))
        if what == "transpose":
            return transpose(self.value(parts[0]))
        if what == "stack":
            return stack([self.value(p) for p in parts[0]])
        if what == "rows":
            first, last = (self.dims([e])[0] for e in (parts[1], parts[2] or parts[1]))
            return rows(self.value(parts[0]), first, last)
        name, args, condition = parts
        args = [self.value(a) for a in args]
        if name != "where":
            return FUNCTIONS[name](*args)
        self.used.add(condition[0])
        left, right = wide(*map(self.value, condition[1:]))
        return where(COMPARE[condition[0]](left, right), *args)

    def lines(self):
        """What the core must have too, as (kind, name, rows of numbers)."""
        out = [("total", "loss", [self.loss.value])]
        for name in self.cell.equations:
            out.append(("value", name, [step[name].value for step in self.past]))
            out.append(("grad", name, [step[name].grad for step in self.past]))
        out.append(("grad", "x", [x.grad for x in self.inputs]))
        out += [("startgrad", k, list(self.starts[k].grad.reshape(-1, 1))) for k in self.cell.starts]
        return out + [("paramgrad", k, list(v.grad)) for k, v in self.params.items()]
