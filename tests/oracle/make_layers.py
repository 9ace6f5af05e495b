#!/usr/bin/env python3
"""Writes tests/oracle/layers.txt: torch.nn's own recurrent layers, float64, in ten optimizer steps on
a batch of packed sequences of different lengths. Run from the top of the tree with
tests/oracle/make_layers.py

The form is that of pytorch.txt (see make_oracle.py). `lengths 6 3 5` says how the rows of inputs and
targets are parted into sequences; `embedding ROWS` that a table stands before the first layer, its
inputs being one-hot. A batch's loss is the mean over its sequences of the mean over their timesteps.
"""
import os
import sys

import torch
from torch import nn
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence

sys.path.insert(0, os.path.dirname(__file__))
from make_oracle import array, as_rows, optimizer_of

LENGTHS, INPUT, HIDDEN, OUTPUT = [6, 3, 5], 3, 4, 3


def gates(names):
    """Gate by gate, in torch's order: the recurrent and the input matrix side by side, one bias."""
    def params(w_hh, w_ih, b_ih, b_hh, *rest):
        out = {}
        for k, name in enumerate(names):
            rows = slice(k * HIDDEN, (k + 1) * HIDDEN)
            out[f"W{name}"] = torch.cat([w_hh[rows], w_ih[rows]], 1)
            out[f"b{name}"] = b_ih[rows] + b_hh[rows]
        return out
    return params


def gru(w_hh, w_ih, b_ih, b_hh):
    n = slice(2 * HIDDEN, 3 * HIDDEN)
    return {**gates(["_r", "_z"])(w_hh, w_ih, b_ih, b_hh),
            "R_n": w_hh[n], "d_n": b_hh[n], "W_n": w_ih[n], "b_n": b_ih[n]}


def lstm_projected(w_hh, w_ih, b_ih, b_hh, w_hr):
    return {**gates(["_i", "_f", "_g", "_o"])(w_hh, w_ih, b_ih, b_hh), "W_h": w_hr}


# shipped cell: (layer of torch.nn, its options, its parameters by our names, learned part of bias_hh)
TWINS = {
    "lstm": (nn.LSTM, {}, gates(["_i", "_f", "_g", "_o"]), None),
    "lstm-projection": (nn.LSTM, {"proj_size": 2}, lstm_projected, None),
    "gru-after": (nn.GRU, {}, gru, slice(2 * HIDDEN, 3 * HIDDEN)),
    "rnn": (nn.RNN, {}, gates([""]), None),
    "irnn": (nn.RNN, {"nonlinearity": "relu"},
             lambda w_hh, w_ih, b_ih, b_hh: {"R": w_hh, "W": w_ih, "b": b_ih + b_hh}, None),
}


def only(part, size):
    """The second bias is no parameter of ours, but for the part that a GRU's reset gate multiplies."""
    mask = torch.zeros(size)
    if part:
        mask[part] = 1
    return mask


class Net:
    def __init__(self, cell, layers, both, symbols, seed):
        torch.manual_seed(seed)
        kind, options, self.named, part = TWINS[cell]
        self.layers, self.both, self.inputs = layers, both, symbols or INPUT
        self.embedding = nn.Embedding(symbols, INPUT) if symbols else None
        self.rnn = kind(INPUT, HIDDEN, num_layers=layers, bidirectional=both, **options)
        self.head = nn.Linear((options.get("proj_size") or HIDDEN) * (2 if both else 1), OUTPUT)
        self.params = [p for m in (self.embedding, self.rnn, self.head) if m for p in m.parameters()]
        for name, p in self.rnn.named_parameters():
            if name.startswith("bias_hh"):
                mask = only(part, len(p))
                p.data *= mask
                p.register_hook(lambda g, mask=mask: g * mask)

    def ours(self):
        out = {}
        if self.embedding:
            out["embedding.E"] = self.embedding.weight
        for k in range(self.layers):
            for half in ["", "_reverse"][:1 + self.both]:
                keys = ["weight_hh", "weight_ih", "bias_ih", "bias_hh"]
                keys += ["weight_hr"] if hasattr(self.rnn, "weight_hr_l0") else []
                theirs = [getattr(self.rnn, f"{key}_l{k}{half}") for key in keys]
                prefix = (f"layer{k + 1}." if k else "") + ("reverse." if half else "")
                out.update({prefix + name: p for name, p in self.named(*theirs).items()})
        return {**out, "head.W_y": self.head.weight, "head.b_y": self.head.bias}

    def loss(self, sequences, classes):
        x = nn.utils.rnn.pad_sequence(sequences)
        if self.embedding:
            x = self.embedding(x.argmax(2))
        packed = pack_padded_sequence(x, LENGTHS, enforce_sorted=False)
        h, _ = pad_packed_sequence(self.rnn(packed)[0])
        each = [nn.functional.cross_entropy(self.head(h[:n, k]), classes[k]) for k, n in enumerate(LENGTHS)]
        return sum(each) / len(each)


def case(name, cell, seed, layers=1, both=False, symbols=0, optimizer="adam", **options):
    net = Net(cell, layers, both, symbols, seed)
    if symbols:
        sequences = [torch.eye(symbols)[torch.randint(symbols, (n,))] for n in LENGTHS]
    else:
        sequences = [torch.rand(n, INPUT) * 2 - 1 for n in LENGTHS]
    classes = [torch.randint(OUTPUT, (n,)) for n in LENGTHS]
    out = [f"case {name}", f"cell {cell}"]
    for k in range(layers):
        for half in range(1 + both):
            out.append(f"layer {cell} {HIDDEN} {k + 1} {half} {half}")
    out += ["head y = softmax(W_y @ h + b_y)", "loss cross-entropy 0", "lengths " + " ".join(map(str, LENGTHS))]
    if symbols:
        out.append(f"embedding {INPUT}")
    out.append(array("inputs", "x", torch.cat(sequences)))
    out.append(array("targets", "y", torch.eye(OUTPUT)[torch.cat(classes)]))
    out += [array("param", k, as_rows(v)) for k, v in net.ours().items()]
    opt, losses = optimizer_of(optimizer, net.params, options), []
    for _ in range(10):
        opt.zero_grad()
        loss = net.loss(sequences, classes)
        loss.backward()
        opt.step()
        losses.append(loss.detach().reshape(1))
    out.append(" ".join(["train", optimizer] + [f"{k} {float(v)}" for k, v in options.items()]))
    out.append(array("losses", "loss", losses))
    out += [array("after", k, as_rows(v)) for k, v in net.ours().items()]
    return "\n".join(out) + "\nend\n"


if __name__ == "__main__":
    torch.set_default_dtype(torch.float64)
    cases = [case(f"{cell}, {optimizer}", cell, 50 + 2 * i + j, optimizer=optimizer, rate=rate)
             for i, cell in enumerate(TWINS) for j, (optimizer, rate) in enumerate([("adam", 0.02), ("sgd", 0.3)])]
    cases += [
        case("two layers of lstm both ways", "lstm", 70, 2, True, optimizer="rmsprop", rate=0.01, centered=1),
        case("two layers of gru both ways", "gru-after", 71, 2, True, rate=0.02),
        case("three layers of rnn", "rnn", 72, 3, optimizer="nesterov", rate=0.05),
        case("two layers of lstm with projections, both ways", "lstm-projection", 73, 2, True, rate=0.02),
        case("lstm behind an embedding", "lstm", 74, symbols=5, rate=0.05),
        case("two layers of gru both ways behind an embedding", "gru-after", 75, 2, True, 5,
             optimizer="adagrad", rate=0.1),
    ]
    with open("tests/oracle/layers.txt", "w", encoding="utf-8") as file:
        file.write(f"# made by make_layers.py with PyTorch {torch.__version__}, float64\n")
        file.writelines(cases)
