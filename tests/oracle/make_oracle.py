#!/usr/bin/env python3
"""Writes the numbers that tests/unit/test_oracle.c compares with: networks unrolled by hand in
PyTorch, float64, every value and every gradient by autograd. LSTM, GRU and RNN are first checked
against torch.nn's own layers. Run from the top of the tree: tests/oracle/make_oracle.py

A case is a text of lines: `case NAME`, a cell as `cell NAME` and `| ` lines, `layer CELL HIDDEN
NUMBER BACKWARD REVERSE [DECODER]`, `head TEXT`, `loss KIND SUM`, `at 0 1 ...`, `hand PROMPT FED` where a decoder begins after
PROMPT timesteps and outputs are inputs from FED on (0: never), then arrays as `KIND NAME ROWS COLS NUMBERS`, values and gradients having a row for each timestep.
"""
import torch

torch.set_default_dtype(torch.float64)
T, INPUT, HIDDEN = 6, 3, 4

LSTM = """f = sigmoid(W_f @ [h[t-1]; x] + b_f)
i = sigmoid(W_i @ [h[t-1]; x] + b_i)
g = tanh(W_g @ [h[t-1]; x] + b_g)
c = f * c[t-1] + i * g
o = sigmoid(W_o @ [h[t-1]; x] + b_o)
h = o * tanh(c)"""
GRU = """r = sigmoid(W_r @ [h[t-1]; x] + b_r)
z = sigmoid(W_z @ [h[t-1]; x] + b_z)
n = tanh(W_n @ [r * h[t-1]; x] + b_n)
h = (1 - z) * n + z * h[t-1]"""
GRU_AFTER = """r = sigmoid(W_r @ [h[t-1]; x] + b_r)
z = sigmoid(W_z @ [h[t-1]; x] + b_z)
m = R_n @ h[t-1] + d_n
n = tanh(W_n @ x + b_n + r * m)
h = (1 - z) * n + z * h[t-1]"""
RNN = "h = tanh(W @ [h[t-1]; x] + b)"


def lstm(p, s, x):
    z = torch.cat([s["h"], x])
    f = torch.sigmoid(p["W_f"] @ z + p["b_f"])
    i = torch.sigmoid(p["W_i"] @ z + p["b_i"])
    g = torch.tanh(p["W_g"] @ z + p["b_g"])
    c = f * s["c"] + i * g
    o = torch.sigmoid(p["W_o"] @ z + p["b_o"])
    return {"f": f, "i": i, "g": g, "c": c, "o": o, "h": o * torch.tanh(c)}


def gru(p, s, x):
    z = torch.cat([s["h"], x])
    r = torch.sigmoid(p["W_r"] @ z + p["b_r"])
    u = torch.sigmoid(p["W_z"] @ z + p["b_z"])
    n = torch.tanh(p["W_n"] @ torch.cat([r * s["h"], x]) + p["b_n"])
    return {"r": r, "z": u, "n": n, "h": (1 - u) * n + u * s["h"]}


def gru_after(p, s, x):
    z = torch.cat([s["h"], x])
    r = torch.sigmoid(p["W_r"] @ z + p["b_r"])
    u = torch.sigmoid(p["W_z"] @ z + p["b_z"])
    m = p["R_n"] @ s["h"] + p["d_n"]
    n = torch.tanh(p["W_n"] @ x + p["b_n"] + r * m)
    return {"r": r, "z": u, "m": m, "n": n, "h": (1 - u) * n + u * s["h"]}


def rnn(p, s, x):
    return {"h": torch.tanh(p["W"] @ torch.cat([s["h"], x]) + p["b"])}


# name: (text, step, states, parameters by shape from hidden and input)
CELLS = {
    "lstm": (LSTM, lstm, ["c", "h"],
             lambda h, n: {k: s for g in "figo" for k, s in ((f"W_{g}", (h, h + n)), (f"b_{g}", (h,)))}),
    "gru": (GRU, gru, ["h"],
            lambda h, n: {k: s for g in "rzn" for k, s in ((f"W_{g}", (h, h + n)), (f"b_{g}", (h,)))}),
    "gru-after": (GRU_AFTER, gru_after, ["h"],
                  lambda h, n: {"W_r": (h, h + n), "b_r": (h,), "W_z": (h, h + n), "b_z": (h,),
                                "R_n": (h, h), "d_n": (h,), "W_n": (h, n), "b_n": (h,)}),
    "rnn": (RNN, rnn, ["h"], lambda h, n: {"W": (h, h + n), "b": (h,)}),
}


class Net:
    """layers: list of (cell, hidden, number, backward, reverse[, decoder])."""

    def __init__(self, layers, head_rows, seed, starts=(), dense=False):
        gen = torch.Generator().manual_seed(seed)

        def make(*shape):
            return (torch.rand(*shape, generator=gen) * 2 - 1).requires_grad_()

        self.layers, self.params, self.starts = layers, {}, {}
        for network in ([l for l in layers if not l[5:]], [l for l in layers if l[5:]]):
            if not network:
                continue
            rows = INPUT
            for number in sorted({l[2] for l in network}):
                halves = [l for l in network if l[2] == number]
                for l in halves:
                    for name, shape in CELLS[l[0]][3](l[1], rows).items():
                        self.params[self.prefix(l) + name] = make(*shape)
                rows = sum(l[1] for l in halves)
        self.dense = dense
        if dense:
            self.params["head.W_z"], self.params["head.b_z"] = make(rows, rows), make(rows)
        if head_rows:
            self.params["head.W_y"], self.params["head.b_y"] = make(head_rows, rows), make(head_rows)
        for name in starts:
            self.starts[name] = make(HIDDEN)
        self.piece, self.masks, self.prompt, self.fed, self.cut = 0, None, 0, 0, 0
        self.inputs = [make(INPUT) for _ in range(T)]
        self.gen = gen

    @staticmethod
    def prefix(layer):
        return (("decoder." if layer[5:] else "") + ("" if layer[2] == 1 else f"layer{layer[2]}.")
                + ("reverse." if layer[4] else ""))

    def run_on(self, activation):
        """As run, place by place: outputs become inputs, the encoder's states the decoder's first."""
        values, self.read, states, y = {}, [], dict(self.starts), None
        for place in range(1, T + 1):
            fed = self.fed and place >= self.fed
            if place == self.cut or (self.piece and (place - 1) % self.piece == 0 and place > 1):
                states = {k: v.detach() for k, v in states.items()}
                y = y if y is None else y.detach()
            x = y.clone() if fed else self.inputs[place - 1]
            if not x.requires_grad:
                x.requires_grad_()  # what was cut off still has a gradient of its own
            self.read.append(x)
            for l in self.layers:
                pre, encodes = self.prefix(l), not l[5:]
                if self.prompt and encodes != (place <= self.prompt):
                    continue
                if not encodes and place == self.prompt + 1:
                    for k in CELLS[l[0]][2]:
                        states[pre + k] = states.get(pre[len("decoder."):] + k, torch.zeros(l[1]))
                _, step, names, shapes = CELLS[l[0]]
                p = {k: self.params[pre + k] for k in shapes(l[1], len(x))}
                row = step(p, {k: states.get(pre + k, torch.zeros(l[1])) for k in names}, x)
                for k, v in row.items():
                    values.setdefault(pre + k, [None] * T)[place - 1] = v
                    states[pre + k] = v
                x = row["h"]
            if place > self.prompt:
                y = activation(self.params["head.W_y"] @ x + self.params["head.b_y"])
                values.setdefault("head.y", [None] * T)[place - 1] = y
        for rows in list(values.values()) + [self.read]:
            for v in rows:
                if v is not None and v.requires_grad and not v.is_leaf:
                    v.retain_grad()
        for k, rows in values.items():
            like = next(v for v in rows if v is not None)
            values[k] = [torch.zeros_like(like) if v is None else v for v in rows]
        return values, values["head.y"]

    def run(self, activation):
        """All values as {full name: [one tensor a place]}, gradients kept."""
        if self.prompt or self.fed:
            return self.run_on(activation)
        values, xs, at = {}, self.inputs, 0
        for number in sorted({l[2] for l in self.layers}):
            outs = []
            for l in [l for l in self.layers if l[2] == number]:
                pre = self.prefix(l)
                _, step, states, shapes = CELLS[l[0]]
                p = {k: self.params[pre + k] for k in shapes(l[1], len(xs[0]))}
                state = {k: self.starts.get(pre + k, torch.zeros(l[1])) for k in states}
                rows = [None] * T
                for t in range(T):
                    place = T - 1 - t if l[3] else t
                    if self.piece and t % self.piece == 0 and t:
                        state = {k: v.detach() for k, v in state.items()}
                    rows[place] = step(p, state, xs[place])
                    state = {k: rows[place][k] for k in states}
                for k in rows[0]:
                    values[pre + k] = [r[k] for r in rows]
                outs.append([r["h"] for r in rows])
            xs = [torch.cat([o[t] for o in outs]) for t in range(T)]
            if self.masks is not None:
                width = len(xs[0])
                rows = [m[at:at + width] for m in self.masks]
                xs, at = [x * m for x, m in zip(xs, rows)], at + width
        if self.dense:
            values["head.z"] = [torch.relu(self.params["head.W_z"] @ v + self.params["head.b_z"]) for v in xs]
            xs = values["head.z"]
            if self.masks is not None:
                xs = [x * m[at:] for x, m in zip(xs, self.masks)]
        if activation:
            head = lambda v: activation(self.params["head.W_y"] @ v + self.params["head.b_y"])
            values["head.y"] = [head(v) for v in xs]
        for rows in values.values():
            for v in rows:
                v.retain_grad()
        return values, (values["head.y"] if activation else xs)


HEADS = {"softmax": lambda v: torch.softmax(v, 0), "sigmoid": torch.sigmoid, "linear": lambda v: v}
HEAD_TEXT = {"softmax": "y = softmax(W_y @ h + b_y)", "sigmoid": "y = sigmoid(W_y @ h + b_y)",
             "linear": "y = W_y @ h + b_y"}


def total(kind, outs, targets, at, add):
    loss, n = 0, sum(at)
    for y, t, here in zip(outs, targets, at):
        if kind == "probe":
            loss = loss + (y * t).sum()
        elif here and kind == "cross-entropy":
            loss = loss - torch.log(y[t.argmax()])
        elif here and kind == "binary-cross-entropy":
            loss = loss - (t * torch.log(y) + (1 - t) * torch.log(1 - y)).sum()
        elif here and kind == "mse":
            loss = loss + ((y - t) ** 2).sum()
    if add or kind == "probe":
        return loss
    return loss / n if kind == "cross-entropy" else loss / (n * len(targets[0]))


def array(kind, name, tensors):
    rows = [list(map(float, t.detach().reshape(-1))) for t in tensors]
    numbers = " ".join(repr(v) for r in rows for v in r)
    return f"{kind} {name} {len(rows)} {len(rows[0])} {numbers}"


def grad_of(t):
    return torch.zeros_like(t) if t.grad is None else t.grad


def targets_for(net, kind, rows):
    if kind == "cross-entropy":
        return [torch.eye(rows)[int(torch.randint(rows, (1,), generator=net.gen))] for _ in range(T)]
    if kind == "binary-cross-entropy":
        return [torch.rand(rows, generator=net.gen) for _ in range(T)]
    return [torch.randn(rows, generator=net.gen) for _ in range(T)]


def as_rows(p):
    return list(p) if p.dim() == 2 else [e.reshape(1) for e in p]


def reach_back(net, head, kind, targets, at, add, k1, k2):
    """Truncated BPTT, BPTT(k2; k1) of Williams & Peng 1990: every k1 timesteps the losses of these go
    back through the last k2. Each time is a run of its own, cut off before those k2."""
    divisor = 1 if add or kind == "probe" else sum(at) * (1 if kind == "cross-entropy" else len(targets[0]))
    whole = 0
    for begin in range(1, T + 1, k1):
        first = begin + k1 - k2
        net.cut = first if first > 1 else 0
        values, outs = net.run_on(HEADS[head])
        here = [a if begin <= n < begin + k1 else 0 for n, a in enumerate(at, 1)]
        if any(here):
            loss = total(kind, outs, targets, here, True) / divisor
            loss.backward()
            whole += loss.detach()
    return values, whole


def reaching(net, out, head, kind, targets, at, add, reach):
    """What such a run leaves: values and the parameters' gradients."""
    out.append("truncate %d %d" % reach)
    values, loss = reach_back(net, head, kind, targets, at, add, *reach)
    out.append(array("total", "loss", [loss.reshape(1)]))
    out += [array("value", k, v) for k, v in values.items() if not k.startswith("head")]
    return out + [array("paramgrad", k, as_rows(grad_of(v))) for k, v in net.params.items()]


def case(name, layers, head, rows, kind, at="every", add=False, starts=(), seed=1, train=None, piece=0, dropout=0,
         prompt=0, fed=0, dense=False, reach=None):
    """With dropout the masks of all layers stand side by side; a piece is of truncated BPTT, reach its k1 and
    k2."""
    net = Net(layers, rows if head else 0, seed, starts, dense)
    net.piece, net.prompt, net.fed = piece, prompt, fed
    at = [1] * T if at == "every" else [0] * (T - 1) + [1] if at == "last" else at
    targets = targets_for(net, kind, rows)
    out = [f"case {name}"]
    for cell in dict.fromkeys(l[0] for l in layers):
        out.append(f"cell {cell}")
        out += ["| " + line for line in CELLS[cell][0].splitlines()]
    for c, h, number, back, rev, *decoder in layers:
        out.append(f"layer {c} {h} {number} {int(back)} {int(rev)}" + (" 1" if decoder else ""))
    if head:
        text = HEAD_TEXT[head]
        out.append("head " + ("z = relu(W_z @ h + b_z); " + text.replace("@ h", "@ z") if dense else text))
    out.append(f"loss {kind} {int(add)}")
    out.append("at " + " ".join(map(str, at)))
    if piece:
        out.append(f"truncate {piece}")
    if prompt or fed:
        out.append(f"hand {prompt} {fed}")
    if dropout:
        width = sum(l[1] for l in layers) + (layers[-1][1] if dense else 0)
        net.masks = (torch.rand(T, width, generator=net.gen) >= dropout).double() / (1 - dropout)
        out.append(array("masks", "all", net.masks))
    out.append(array("inputs", "x", net.inputs))
    out.append(array("targets", "y", targets))
    out += [array("start", k, [e.reshape(1) for e in v]) for k, v in net.starts.items()]
    out += [array("param", k, as_rows(v)) for k, v in net.params.items()]
    if reach:
        return "\n".join(reaching(net, out, head, kind, targets, at, add, reach)) + "\nend\n"
    if train:
        out += trained(net, head, kind, targets, at, add, **train)
        return "\n".join(out) + "\nend\n"
    values, outs = net.run(HEADS.get(head))
    loss = total(kind, outs, targets, at, add)
    loss.backward()
    check_layers(net, values)
    out.append(array("total", "loss", [loss.reshape(1)]))
    for k, v in values.items():
        said = [n for n in range(T) if fed and n + 2 >= fed and n + 1 < T]
        seen = [n for n in range(T) if not k.startswith("head") or at[n] or kind == "probe" or n in said]
        nothing = torch.zeros_like(v[0])
        out.append(array("value", k, [v[n] if n in seen else nothing for n in range(T)]))
        out.append(array("grad", k, [grad_of(v[n]) for n in range(T)]))
    out.append(array("grad", "x", [grad_of(v) for v in (net.read if prompt or fed else net.inputs)]))
    out += [array("startgrad", k, [e.reshape(1) for e in grad_of(v)]) for k, v in net.starts.items()]
    for k, v in net.params.items():
        out.append(array("paramgrad", k, as_rows(grad_of(v))))
    return "\n".join(out) + "\nend\n"


OPTIMIZERS = {"sgd": torch.optim.SGD, "momentum": torch.optim.SGD, "nesterov": torch.optim.SGD,
              "rmsprop": torch.optim.RMSprop, "adagrad": torch.optim.Adagrad,
              "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}
DEFAULTS = {"momentum": {"momentum": 0.9}, "nesterov": {"momentum": 0.9, "nesterov": True}}
THEIRS = {"rate": "lr", "decay": "weight_decay", "smoothing": "alpha", "rate_decay": "lr_decay"}
SWITCHES = ["nesterov", "centered", "amsgrad"]


def optimizer_of(name, params, options):
    theirs = dict(DEFAULTS.get(name, {}))
    for k, v in options.items():
        theirs[THEIRS.get(k, k)] = bool(v) if k in SWITCHES else v
    if "beta1" in theirs:
        theirs["betas"] = (theirs.pop("beta1"), theirs.pop("beta2"))
    return OPTIMIZERS[name](params, **theirs)


def schedules_of(opt, schedule):
    """The schedule after the warm-up, which only its first steps differ from."""
    lrs, warm = torch.optim.lr_scheduler, schedule.get("warmup", 0)
    after = None
    if "every" in schedule:
        after = lrs.StepLR(opt, schedule["every"], schedule["factor"])
    if "over" in schedule:
        floor = schedule["floor"] * opt.param_groups[0]["lr"]
        after = lrs.CosineAnnealingLR(opt, schedule["over"], floor)
    if not warm:
        return [after] if after else []
    first = lrs.LinearLR(opt, 1 / warm, 1, warm - 1)
    after = after or lrs.ConstantLR(opt, 1, 1)
    return [lrs.SequentialLR(opt, [first, after], [warm])]


def trained(net, head, kind, targets, at, add, optimizer, clip=0.0, clip_value=0.0, schedule={}, **options):
    """Ten optimizer steps: the loss before each, and the parameters after the last."""
    params = list(net.params.values())
    opt, losses = optimizer_of(optimizer, params, options), []
    rates = schedules_of(opt, schedule)
    for _ in range(10):
        opt.zero_grad()
        _, outs = net.run(HEADS.get(head))
        loss = total(kind, outs, targets, at, add)
        loss.backward()
        if clip_value:
            torch.nn.utils.clip_grad_value_(params, clip_value)
        if clip:
            torch.nn.utils.clip_grad_norm_(params, clip)
        opt.step()
        for rate in rates:
            rate.step()
        losses.append(loss.detach().reshape(1))
    told = {**options, "clip": clip, "clip_value": clip_value, **schedule}
    out = [" ".join(["train", optimizer] + [f"{k} {float(v)}" for k, v in told.items()]),
           array("losses", "loss", losses)]
    return out + [array("after", k, as_rows(v)) for k, v in net.params.items()]


def check_handed(net, values):
    """An encoder and a decoder against two of torch.nn.LSTM, the state of one starting the other."""
    state, hidden = None, net.layers[0][1]
    with torch.no_grad():
        for pre, inputs in (("", net.inputs[:net.prompt]), ("decoder.", net.inputs[net.prompt:])):
            theirs = torch.nn.LSTM(INPUT, hidden)
            w = torch.cat([net.params[f"{pre}W_{g}"] for g in "ifgo"])
            theirs.weight_hh_l0.copy_(w[:, :hidden])
            theirs.weight_ih_l0.copy_(w[:, hidden:])
            theirs.bias_ih_l0.copy_(torch.cat([net.params[f"{pre}b_{g}"] for g in "ifgo"]))
            theirs.bias_hh_l0.zero_()
            got, state = theirs(torch.stack(inputs).unsqueeze(1), state)
            ours = values[pre + "h"][:net.prompt] if not pre else values[pre + "h"][net.prompt:]
            assert torch.allclose(got.squeeze(1), torch.stack(ours), rtol=0, atol=1e-14)


def check_layers(net, values):
    """The unrolled nets against torch.nn, gate by gate as it orders them."""
    name, hidden = net.layers[0][0], net.layers[0][1]
    if net.prompt and not net.fed and [l[0] for l in net.layers] == ["lstm", "lstm"]:
        return check_handed(net, values)
    if net.prompt or net.fed:
        return
    if len(net.layers) > 1 or net.masks is not None or net.starts or net.layers[0][3] or name == "gru":
        return
    gates = {"lstm": "ifgo", "gru-after": "rzn", "rnn": [None]}[name]
    theirs = {"lstm": torch.nn.LSTM, "gru-after": torch.nn.GRU, "rnn": torch.nn.RNN}[name](INPUT, hidden)

    def part(gate):  # recurrent matrix, input matrix, two biases
        p, zero = net.params, torch.zeros(hidden)
        if gate is None:
            return p["W"][:, :hidden], p["W"][:, hidden:], p["b"], zero
        if name == "gru-after" and gate == "n":
            return p["R_n"], p["W_n"], p["b_n"], p["d_n"]
        w = p[f"W_{gate}"]
        return w[:, :hidden], w[:, hidden:], p[f"b_{gate}"], zero

    with torch.no_grad():
        for i, key in enumerate(["weight_hh_l0", "weight_ih_l0", "bias_ih_l0", "bias_hh_l0"]):
            getattr(theirs, key).copy_(torch.cat([part(g)[i] for g in gates]))
        got = theirs(torch.stack(net.inputs).unsqueeze(1))[0].squeeze(1)
    assert torch.allclose(got, torch.stack(values["h"]), rtol=0, atol=1e-14), name


def stack(cell, layers=1, both=False):
    return [(cell, HIDDEN, n + 1, half == 1, half == 1) for n in range(layers)
            for half in range(2 if both else 1)]


def pair(cell, layers=1, decoder=None):
    """An encoder, and a decoder whose layers are marked."""
    return stack(cell, layers) + [(decoder or l[0], *l[1:], True) for l in stack(cell, layers)]


CASES = [
    case("lstm with cross-entropy at the last step", stack("lstm"), "softmax", 3, "cross-entropy", "last"),
    case("lstm with cross-entropy at every step", stack("lstm"), "softmax", 3, "cross-entropy", seed=2),
    case("lstm with squared error of a linear head", stack("lstm"), "linear", 2, "mse", seed=3),
    case("lstm with a loss at some steps, summed", stack("lstm"), "linear", 2, "mse", [0, 1, 0, 0, 1, 0],
         add=True, seed=4),
    case("lstm with binary cross-entropy", stack("lstm"), "sigmoid", 3, "binary-cross-entropy", seed=5),
    case("lstm with a probe", stack("lstm"), None, HIDDEN, "probe", "last", seed=6),
    case("lstm with start values", stack("lstm"), "linear", 2, "mse", starts=["c", "h"], seed=7),
    case("gru, reset before the product", stack("gru"), "softmax", 3, "cross-entropy", seed=8),
    case("gru, reset after the product", stack("gru-after"), "linear", 2, "mse", seed=9),
    case("rnn with cross-entropy at the last step", stack("rnn"), "softmax", 3, "cross-entropy", "last",
         seed=10),
    case("two layers of bidirectional lstm", stack("lstm", 2, True), "softmax", 3, "cross-entropy", seed=11),
    case("bidirectional lstm with start values", stack("lstm", 2, True), "linear", 2, "mse",
         starts=["c", "reverse.c", "layer2.h", "layer2.reverse.h"], seed=12),
    case("lstm reading backward", [("lstm", HIDDEN, 1, True, False)], "linear", 2, "mse", "last", seed=13),
    case("adam", stack("lstm"), "softmax", 3, "cross-entropy", seed=14,
         train={"optimizer": "adam", "rate": 0.02}),
    case("adam, clipped", stack("lstm"), "softmax", 3, "cross-entropy", seed=15,
         train={"optimizer": "adam", "rate": 0.02, "clip": 0.1}),
    case("sgd", stack("lstm"), "linear", 2, "mse", seed=16,
         train={"optimizer": "sgd", "rate": 0.1}),
    case("sgd, clipped", stack("gru"), "linear", 2, "mse", seed=17,
         train={"optimizer": "sgd", "rate": 0.1, "clip": 0.5}),
    case("truncated to pieces of two", stack("lstm"), "softmax", 3, "cross-entropy", seed=40, piece=2),
    case("truncated to pieces of four, with start values", stack("gru"), "linear", 2, "mse",
         starts=["h"], seed=41, piece=4),
    case("both directions, truncated to pieces of one", stack("lstm", 1, True), "linear", 2, "mse",
         starts=["c", "reverse.h"], seed=42, piece=1),
    case("two layers reading both ways, truncated to pieces of two", stack("gru", 2, True), "linear", 2,
         "mse", seed=43, piece=2),
    case("encoder and decoder, given their inputs", pair("lstm"), "softmax", 3, "cross-entropy",
         [0, 0, 1, 1, 1, 1], seed=50, prompt=2),
    case("encoder and decoder of two layers each, feeding back", pair("lstm", 2), "linear", INPUT, "mse",
         [0, 0, 0, 1, 1, 1], seed=51, prompt=3, fed=5),
    case("encoder and decoder of two kinds", pair("gru-after", 1, "rnn"), "linear", 2, "mse",
         [0, 0, 0, 1, 0, 1], seed=52, prompt=3),
    case("outputs fed back through a linear head", stack("lstm"), "linear", INPUT, "mse", seed=53, fed=3),
    case("outputs of two layers fed back, with a loss at the last step", stack("gru", 2), "softmax", INPUT,
         "cross-entropy", "last", seed=54, fed=2),
    case("encoder and decoder, truncated to pieces of two", pair("lstm"), "linear", INPUT, "mse",
         [0, 0, 0, 1, 1, 1], seed=57, prompt=3, fed=5, piece=2),
    case("outputs fed back, truncated to pieces of three", stack("lstm"), "linear", INPUT, "mse", seed=58,
         fed=2, piece=3),
    case("every timestep goes back through three", stack("lstm"), "softmax", 3, "cross-entropy", seed=61,
         reach=(1, 3)),
    case("every two timesteps go back through five, in two layers", stack("gru", 2), "linear", 2, "mse",
         [1, 0, 1, 1, 0, 1], seed=62, reach=(2, 5)),
    case("outputs fed back, every two timesteps going back through three", stack("lstm"), "linear", INPUT, "mse",
         seed=63, fed=2, reach=(2, 3)),
    case("encoder and decoder, every timestep going back through three", pair("lstm"), "softmax", 3,
         "cross-entropy", [0, 0, 1, 1, 1, 1], seed=64, prompt=2, reach=(1, 3)),
    case("encoder and decoder that feeds back, every two timesteps going back through four", pair("lstm", 2),
         "linear", INPUT, "mse", [0, 0, 0, 1, 1, 1], seed=65, prompt=3, fed=5, reach=(2, 4)),
    case("encoder and decoder, trained with adam", pair("lstm"), "softmax", 3, "cross-entropy",
         [0, 0, 1, 1, 1, 1], seed=55, prompt=2, train={"optimizer": "adam", "rate": 0.02}),
    case("outputs fed back, trained with momentum", stack("lstm"), "linear", INPUT, "mse", seed=56, fed=4,
         train={"optimizer": "momentum", "rate": 0.05}),
    case("dropout before the head", stack("lstm"), "softmax", 3, "cross-entropy", seed=44, dropout=0.5),
    case("dropout between layers that read both ways", stack("lstm", 2, True), "linear", 2, "mse",
         seed=45, dropout=0.3),
    case("a dense layer before the last", stack("lstm"), "softmax", 3, "cross-entropy", seed=59, dense=True),
    case("dropout between the dense layers of a head", stack("lstm", 2), "linear", 2, "mse", seed=60,
         dropout=0.4, dense=True),
] + [
    case(name, stack("lstm"), "linear", 2, "mse", seed=18 + i, train=train) for i, (name, train) in enumerate([
        ("sgd with decay", {"optimizer": "sgd", "rate": 0.1, "decay": 0.05}),
        ("momentum", {"optimizer": "momentum", "rate": 0.05}),
        ("momentum with dampening and decay",
         {"optimizer": "sgd", "rate": 0.05, "momentum": 0.8, "dampening": 0.3, "decay": 0.01}),
        ("nesterov", {"optimizer": "nesterov", "rate": 0.05}),
        ("rmsprop as it comes", {"optimizer": "rmsprop"}),
        ("rmsprop, centred, with momentum and decay",
         {"optimizer": "rmsprop", "rate": 0.02, "smoothing": 0.9, "momentum": 0.7, "centered": 1, "eps": 1e-6,
          "decay": 0.02}),
        ("adagrad as it comes", {"optimizer": "adagrad"}),
        ("adagrad with rate decay and decay",
         {"optimizer": "adagrad", "rate": 0.1, "rate_decay": 0.1, "decay": 0.01, "eps": 1e-6}),
        ("adam as it comes", {"optimizer": "adam"}),
        ("adam with all its options",
         {"optimizer": "adam", "rate": 0.02, "beta1": 0.8, "beta2": 0.95, "eps": 1e-4, "decay": 0.1, "amsgrad": 1}),
        ("adamw as it comes", {"optimizer": "adamw"}),
        ("adamw, clipped by value",
         {"optimizer": "adamw", "rate": 0.02, "decay": 0.1, "clip_value": 0.01}),
        ("both clippings", {"optimizer": "sgd", "rate": 0.2, "clip_value": 0.05, "clip": 0.1}),
        ("a schedule by steps", {"optimizer": "adam", "rate": 0.02, "schedule": {"every": 3, "factor": 0.5}}),
        ("a cosine after a warm-up",
         {"optimizer": "sgd", "rate": 0.2, "schedule": {"warmup": 4, "over": 8, "floor": 0.1}}),
        ("a warm-up", {"optimizer": "momentum", "rate": 0.02, "schedule": {"warmup": 5}}),
    ])
]

if __name__ == "__main__":
    with open("tests/oracle/pytorch.txt", "w", encoding="utf-8") as file:
        file.write(f"# made by make_oracle.py with PyTorch {torch.__version__}, float64\n")
        file.writelines(CASES)
