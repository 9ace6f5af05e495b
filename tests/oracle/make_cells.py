#!/usr/bin/env python3
"""Writes tests/oracle/cells.txt: the shipped cells, each written by hand in PyTorch from its paper,
float64, every value and every gradient by autograd; and cells_train.txt: each after ten optimizer
steps. Where torch.nn has the cell, its own layer must agree first. Run from the top of the tree:
tests/oracle/make_cells.py

The form is that of pytorch.txt (see make_oracle.py); `cell NAME` without lines of text stands for
the shipped file. The loss is a probe with random weights at every timestep.
"""
import math
import os
import sys

import torch
from torch import cos, exp, sigmoid, sin, tanh

sys.path.insert(0, os.path.dirname(__file__))
from make_oracle import array, as_rows, grad_of, optimizer_of

F = torch.nn.functional
T, INPUT, HIDDEN = 6, 3, 4


def affine(p, gate, x, h):
    return p[f"W_{gate}"] @ x + p[f"R_{gate}"] @ h + p[f"b_{gate}"]


def stacked(p, gate, *parts):
    return p[f"W_{gate}"] @ torch.cat(parts) + p[f"b_{gate}"]


# ---- simple networks ----

def elman(p, s, x, **_):
    return {"h": tanh(p["W"] @ torch.cat([s["h"], x]) + p["b"])}


def irnn(p, s, x, **_):
    return {"h": torch.relu(p["W"] @ x + p["R"] @ s["h"] + p["b"])}


def indrnn(p, s, x, **_):
    return {"h": torch.relu(p["W"] @ x + torch.diag(p["u"]) @ s["h"] + p["b"])}


def clockwork(p, s, x, t, **_):
    """Koutnik et al. 2014: one masked block-triangular matrix; a unit moves if its period divides t."""
    fast, medium, slow = torch.split(torch.cat([s["a"], s["b"], s["c"]]), [2, 1, 1])
    out = {}
    for name, period, past in (("a", 1, [fast, medium, slow]), ("b", 2, [medium, slow]), ("c", 4, [slow])):
        new = tanh(p[f"R_{name}"] @ torch.cat(past) + p[f"W_{name}"] @ x)
        out[name] = new if t % period == 0 else s[name] + 0
    return {**out, "h": torch.cat([out["a"], out["b"], out["c"]])}


# ---- long short-term memory ----

def lstm(p, s, x, **_):
    f, i, o = (sigmoid(stacked(p, g, s["h"], x)) for g in "fio")
    g = tanh(stacked(p, "g", s["h"], x))
    c = f * s["c"] + i * g
    return {"f": f, "i": i, "g": g, "c": c, "o": o, "h": o * tanh(c)}


def lstm_1997(p, s, x, cut=False, **_):
    """Appendix, equations 3 to 5: g is 2 tanh(a / 2), h is tanh(s / 2)."""
    past = torch.cat([s["h"], s["i"], s["o"]])
    past = torch.cat([past.detach() if cut else past, x])
    i, o = sigmoid(p["W_i"] @ past + p["b_i"]), sigmoid(p["W_o"] @ past + p["b_o"])
    g = 2 * tanh(p["W_c"] @ past / 2)
    c = s["c"] + i * g
    return {"i": i, "o": o, "g": g, "c": c, "h": o * tanh(c / 2)}


def lstm_1997_truncated(p, s, x, **_):
    """The same forward. Errors that arrive at net inputs are not propagated to their sources of the
    timestep before (appendix, "truncated backprop"): check_truncation has the paper's own recursion."""
    return lstm_1997(p, s, x, cut=True)


def check_truncation(p, xs, values, loss_by_h):
    """Equations 19 to 28: forward in time, each weight's derivative of the internal state alone."""
    h = HIDDEN
    zero = torch.zeros(h)
    past = {"h": zero, "i": zero, "o": zero}
    ds = {k: torch.zeros(h, *v.shape[1:]) for k, v in p.items() if k[2] in "ic"}  # d c[unit] / d its own row
    total = {k: torch.zeros_like(v) for k, v in p.items()}
    for t, (row, x) in enumerate(zip(values, xs)):
        seen = torch.cat([past["h"], past["i"], past["o"], x])
        i, o, g, c = (row[k] for k in "iogc")
        d_i = g * i * (1 - i)
        d_c = i * (1 - (g / 2) ** 2)
        ds["W_i"], ds["b_i"] = ds["W_i"] + torch.outer(d_i, seen), ds["b_i"] + d_i
        ds["W_c"] = ds["W_c"] + torch.outer(d_c, seen)
        e = loss_by_h[t]
        e_s = e * o * (1 - tanh(c / 2) ** 2) / 2
        d_o = e * tanh(c / 2) * o * (1 - o)
        total["W_o"] += torch.outer(d_o, seen)
        total["b_o"] += d_o
        for k, v in ds.items():
            total[k] += (e_s.reshape(-1, 1) * v) if v.dim() == 2 else e_s * v
        past = row
    for k, v in p.items():
        assert torch.allclose(total[k], v.grad, rtol=1e-12, atol=1e-15), k


def peephole(p, s, x, **_):
    """Graves 2013, with the diagonal matrices that the paper writes."""
    def net(gate, cell):
        out = p[f"W_x{gate}"] @ x + p[f"W_h{gate}"] @ s["h"] + p[f"b_{gate}"]
        return out if cell is None else out + torch.diag(p[f"w_c{gate}"]) @ cell
    i, f = sigmoid(net("i", s["c"])), sigmoid(net("f", s["c"]))
    c = f * s["c"] + i * tanh(net("c", None))
    o = sigmoid(net("o", c))
    return {"i": i, "f": f, "c": c, "o": o, "h": o * tanh(c)}


def peephole_full(p, s, x, **_):
    i, f, o = (sigmoid(affine(p, g, x, s["h"]) + p[f"V_{g}"] @ s["c"]) for g in "ifo")
    g = tanh(affine(p, "g", x, s["h"]))
    c = f * s["c"] + i * g
    return {"f": f, "i": i, "o": o, "g": g, "c": c, "h": o * tanh(c)}


def peephole_only(p, s, x, **_):
    f, i, o = (sigmoid(p[f"W_{g}"] @ x + p[f"U_{g}"] @ s["c"] + p[f"b_{g}"]) for g in "fio")
    c = f * s["c"] + i * tanh(p["W_c"] @ x + p["b_c"])
    return {"f": f, "i": i, "o": o, "c": c, "h": o * tanh(c)}


def projection(p, s, x, **_):
    v = lstm(p, s, x)
    return {**v, "m": v["h"], "h": p["W_h"] @ v["h"]}


def layernorm(p, s, x, **_):
    """Ba, Kiros & Hinton 2016, with torch's own normalisation over all four gates at once."""
    u, v = p["W_h"] @ s["h"], p["W_x"] @ x
    norm = lambda z, k: F.layer_norm(z, z.shape, p[f"alpha_{k}"], p[f"beta_{k}"], 1e-5)
    f, i, o, g = torch.chunk(norm(u, 1) + norm(v, 2) + p["b"], 4)
    f, i, o, g = sigmoid(f), sigmoid(i), sigmoid(o), tanh(g)
    c = f * s["c"] + i * g
    n = norm(c, 3)
    return {"f": f, "i": i, "o": o, "g": g, "c": c, "n": n, "h": o * tanh(n)}


def coupled(p, s, x, **_):
    f, o = sigmoid(stacked(p, "f", s["h"], x)), sigmoid(stacked(p, "o", s["h"], x))
    g = tanh(stacked(p, "g", s["h"], x))
    c = torch.lerp(g, s["c"], f)
    return {"f": f, "g": g, "c": c, "o": o, "h": o * tanh(c)}


def greff(variant):
    """Greff et al. 2017, section 2 and the list of variants in section 3."""
    def step(p, s, x, **_):
        def net(gate, cell=None):
            out = affine(p, gate, x, s["y"])
            if cell is not None and variant != "np":
                out = out + p[f"p_{gate}"] * cell
            if variant == "fgr" and gate != "z":
                out = out + sum(p[f"R_{k}{gate}"] @ s[k] for k in "ifo")
            return out
        one = torch.ones(HIDDEN, requires_grad=True) + 0
        z = net("z") if variant == "niaf" else tanh(net("z"))
        i = one if variant == "nig" else sigmoid(net("i", s["c"]))
        f = one if variant == "nfg" else 1 - i if variant == "cifg" else sigmoid(net("f", s["c"]))
        c = z * i + s["c"] * f
        o = one if variant == "nog" else sigmoid(net("o", c))
        return {"z": z, "i": i, "f": f, "c": c, "o": o, "y": (c if variant == "noaf" else tanh(c)) * o}
    return step


def greff_params(variant):
    def shapes(h, n):
        out = {}
        missing = {"nig": "i", "nfg": "f", "nog": "o", "cifg": "f"}.get(variant, "")
        for g in "zifo".replace(missing, "") if missing else "zifo":
            out.update({f"W_{g}": (h, n), f"R_{g}": (h, h), f"b_{g}": (h,)})
            if g != "z" and variant != "np":
                out[f"p_{g}"] = (h,)
        if variant == "fgr":
            out.update({f"R_{a}{b}": (h, h) for a in "ifo" for b in "ifo"})
        return out
    return shapes


# ---- gated units ----

def gru(p, s, x, **_):
    r, z = sigmoid(stacked(p, "r", s["h"], x)), sigmoid(stacked(p, "z", s["h"], x))
    n = tanh(stacked(p, "n", r * s["h"], x))
    return {"r": r, "z": z, "n": n, "h": (1 - z) * n + z * s["h"]}


def gru_after(p, s, x, **_):
    r, z = sigmoid(stacked(p, "r", s["h"], x)), sigmoid(stacked(p, "z", s["h"], x))
    m = p["R_n"] @ s["h"] + p["d_n"]
    n = tanh(p["W_n"] @ x + p["b_n"] + r * m)
    return {"r": r, "z": z, "m": m, "n": n, "h": (1 - z) * n + z * s["h"]}


def mut(k):
    """Jozefowicz, Zaremba & Sutskever 2015, section 4.2."""
    def step(p, s, x, **_):
        h = s["h"]
        z = p["W_xz"] @ x + p["b_z"]
        if k > 1:
            z = z + p["W_hz"] @ (tanh(h) if k == 3 else h)
        z = sigmoid(z)
        r = sigmoid((x if k == 2 else p["W_xr"] @ x) + p["W_hr"] @ h + p["b_r"])
        n = tanh(p["W_hh"] @ (r * h) + (tanh(x) if k == 1 else p["W_xh"] @ x) + p["b_h"])
        return {"z": z, "r": r, "n": n, "h": n * z + h * (1 - z)}
    return step


def mgu(p, s, x, **_):
    f = sigmoid(stacked(p, "f", s["h"], x))
    n = tanh(stacked(p, "h", f * s["h"], x))
    return {"f": f, "n": n, "h": (1 - f) * s["h"] + f * n}


def janet(p, s, x, **_):
    a, g = stacked(p, "f", s["h"], x), tanh(stacked(p, "c", s["h"], x))
    c = sigmoid(a) * s["c"] + (1 - sigmoid(a - 1)) * g
    return {"s": a, "g": g, "c": c, "h": c + 0}


# ---- light recurrences ----

def sru(p, s, x, **_):
    f = sigmoid(p["W_f"] @ x + p["v_f"] * s["c"] + p["b_f"])
    r = sigmoid(p["W_r"] @ x + p["v_r"] * s["c"] + p["b_r"])
    c = f * s["c"] + (1 - f) * (p["W"] @ x)
    return {"f": f, "r": r, "c": c, "h": r * c + (1 - r) * x * math.sqrt(1 + 2 * math.exp(0))}


def sru_2017(p, s, x, **_):
    u = p["W"] @ x
    f, r = sigmoid(p["W_f"] @ x + p["b_f"]), sigmoid(p["W_r"] @ x + p["b_r"])
    c = f * s["c"] + (1 - f) * u
    return {"u": u, "f": f, "r": r, "c": c, "h": r * tanh(c) + (1 - r) * x}


def qrnn(p, s, x, before, **_):
    """Equations 2 and 3 of Bradbury et al. 2017: a convolution with two columns."""
    window = torch.stack([before, x], dim=1).unsqueeze(0)
    conv = lambda g: F.conv1d(window, torch.stack([p[f"V_{g}"], p[f"W_{g}"]], dim=2)).reshape(-1)
    z, f, o = tanh(conv("z")), sigmoid(conv("f")), sigmoid(conv("o"))
    c = f * s["c"] + (1 - f) * z
    return {"z": z, "f": f, "o": o, "c": c, "h": o * c}


def mingru(p, s, x, **_):
    z, n = sigmoid(F.linear(x, p["W_z"], p["b_z"])), F.linear(x, p["W_h"], p["b_h"])
    return {"z": z, "n": n, "h": (1 - z) * s["h"] + z * n}


def minlstm(p, s, x, **_):
    f, i = sigmoid(F.linear(x, p["W_f"], p["b_f"])), sigmoid(F.linear(x, p["W_i"], p["b_i"]))
    n = F.linear(x, p["W_h"], p["b_h"])
    a, b = f / (f + i), i / (f + i)
    return {"f": f, "i": i, "n": n, "f_hat": a, "i_hat": b, "h": a * s["h"] + b * n}


def slstm(p, s, x, **_):
    """Beck et al. 2024, equations 8 to 17, sigmoid forget gate."""
    h = s["h"]
    a, l = affine(p, "i", x, h), torch.log(sigmoid(affine(p, "f", x, h)))
    kept = l + s["m"]
    m = torch.maximum(kept, a)
    i, f = exp(a - m), exp(kept - m)
    z, o = tanh(affine(p, "z", x, h)), sigmoid(affine(p, "o", x, h))
    c, n = f * s["c"] + i * z, f * s["n"] + i
    h = c / n
    return {"a": a, "l": l, "m": m, "i": i, "f": f, "z": z, "c": c, "n": n, "o": o, "h_tilde": h, "h": o * h}


def mlstm(p, s, x, **_):
    """Beck et al. 2024, equations 19 to 27 and the stabiliser of appendix A."""
    q, v = p["W_q"] @ x + p["b_q"], p["W_v"] @ x + p["b_v"]
    k = p["W_k"] @ x / math.sqrt(HIDDEN) + p["b_k"]
    a, e = (p["w_i"] @ x).reshape(1) + p["b_i"], (p["w_f"] @ x).reshape(1) + p["b_f"]
    l = torch.log(sigmoid(e))
    kept = l + s["m"]
    m = torch.maximum(kept, a)
    i, f = exp(a - m), exp(kept - m)
    C, n = f * s["C"] + i * torch.outer(v, k), f * s["n"] + i * k
    o = sigmoid(p["W_o"] @ x + p["b_o"])
    h = C @ q / torch.maximum(abs(n @ q).reshape(1), exp(-m))
    return {"q": q, "k": k, "v": v, "a": a, "l": l, "m": m, "i": i, "f": f, "C": C, "n": n, "o": o,
            "h_tilde": h, "h": o * h}


def lru(p, s, x, **_):
    """Orvieto et al. 2023, in complex numbers."""
    eigen = exp(torch.complex(-exp(p["nu"]), exp(p["theta"])))
    gamma = torch.sqrt(1 - abs(eigen) ** 2)
    b, c = torch.complex(p["B_re"], p["B_im"]), torch.complex(p["C_re"], p["C_im"])
    state = eigen * torch.complex(s["u"], s["v"]) + gamma * (b @ x.to(b.dtype))
    u, v = state.real + 0, state.imag + 0
    y = (c @ torch.complex(u, v)).real + p["D"] @ x
    return {"u": u, "v": v, "y": y}


# ---- further cells ----

def jordan(p, s, x, **_):
    h = sigmoid(p["W_h"] @ x + p["U_h"] @ s["y"] + p["b_h"])
    return {"h": h, "y": sigmoid(F.linear(h, p["W_y"], p["b_y"]))}


def highway(p, s, x, **_):
    """Zilly et al. 2017, equations 6 to 9, coupled carry gate."""
    state, out = s["s_2"], {}
    for k in "12":
        h, t = p[f"R_H{k}"] @ state + p[f"b_H{k}"], p[f"R_T{k}"] @ state + p[f"b_T{k}"]
        if k == "1":
            h, t = h + p["W_H"] @ x, t + p["W_T"] @ x
        h, t = tanh(h), sigmoid(t)
        state = torch.lerp(state, h, t)
        out.update({f"h_{k}": h, f"t_{k}": t, f"s_{k}": state})
    return out


def antisymmetric(p, s, x, **_):
    m = p["W"] - p["W"].T - 0.01 * torch.eye(HIDDEN)
    return {"h": s["h"] + 0.1 * tanh(m @ s["h"] + p["V"] @ x + p["b"])}


def scrn(p, s, x, **_):
    c = 0.05 * (p["B"] @ x) + 0.95 * s["s"]
    h = sigmoid(p["P"] @ c + p["A"] @ x + p["R"] @ s["h"])
    return {"s": c, "h": h, "y": p["U"] @ h + p["V"] @ c}


def fastrnn(p, s, x, **_):
    new = tanh(p["W"] @ x + p["U"] @ s["h"] + p["b_h"])
    return {"h_tilde": new, "h": sigmoid(p["a"]) * new + sigmoid(p["b"]) * s["h"]}


def fastgrnn(p, s, x, **_):
    shared = p["W"] @ x + p["U"] @ s["h"]
    z, new = sigmoid(shared + p["b_z"]), tanh(shared + p["b_h"])
    h = (sigmoid(p["zeta"]) * (1 - z) + sigmoid(p["nu"])) * new + z * s["h"]
    return {"z": z, "h_tilde": new, "h": h}


def ugrnn(p, s, x, **_):
    net = lambda g: p[f"W_{g}"] @ x + p[f"U_{g}"] @ s["h"] + p[f"b_{g}"]
    c, g = tanh(net("c")), sigmoid(net("g"))
    return {"c": c, "g": g, "h": torch.lerp(c, s["h"], g)}


def ligru(p, s, x, **_):
    net = lambda g: p[f"W_{g}"] @ x + p[f"U_{g}"] @ s["h"] + p[f"b_{g}"]
    z, n = sigmoid(net("z")), torch.relu(net("h"))
    return {"z": z, "n": n, "h": z * s["h"] + (1 - z) * n}


def minimal(p, s, x, **_):
    z = tanh(F.linear(x, p["W_x"], p["b_z"]))
    u = sigmoid(p["U_h"] @ s["h"] + p["U_z"] @ z + p["b_u"])
    return {"z": z, "u": u, "h": u * s["h"] + (1 - u) * z}


def star(p, s, x, **_):
    z = tanh(F.linear(x, p["W_z"], p["b_z"]))
    k = sigmoid(p["W_x"] @ x + p["W_h"] @ s["h"] + p["b_k"])
    return {"z": z, "k": k, "h": tanh(torch.lerp(s["h"], z, k))}


def cfn(p, s, x, **_):
    net = lambda g: sigmoid(p[f"U_{g}"] @ s["h"] + p[f"V_{g}"] @ x + p[f"b_{g}"])
    theta, eta = net("theta"), net("eta")
    return {"theta": theta, "eta": eta, "h": theta * tanh(s["h"]) + eta * tanh(p["W"] @ x)}


def additive(p, s, x, **_):
    new = p["W_cx"] @ x
    i, f = (sigmoid(p[f"W_{g}h"] @ s["h"] + p[f"W_{g}x"] @ x + p[f"b_{g}"]) for g in "if")
    c = i * new + f * s["c"]
    return {"c_tilde": new, "i": i, "f": f, "c": c, "h": tanh(c)}


def atr(p, s, x, **_):
    a, b = p["W"] @ x, p["U"] @ s["h"]
    i, f = sigmoid(a + b), sigmoid(a - b)
    return {"p": a, "q": b, "i": i, "f": f, "h": i * a + f * s["h"]}


def phased(p, s, x, t, **_):
    """Neil, Pfeiffer & Liu 2016, equations 6 to 10, ratio 0.5 and leak 0.001."""
    v = lstm(p, s, x)
    phi = torch.remainder(t - p["s"], p["tau"]) / p["tau"]
    k = torch.where(phi < 0.25, 4 * phi, torch.where(phi < 0.5, 2 - 4 * phi, 0.001 * phi))
    c, h = torch.lerp(s["c"], v["c"], k), torch.lerp(s["h"], v["h"], k)
    return {"f": v["f"], "i": v["i"], "g": v["g"], "o": v["o"], "phi": phi, "k": k, "c_tilde": v["c"], "c": c,
            "h_tilde": v["h"], "h": h}


# ---- as found ----

def cat(p, gate, s, x):
    return stacked(p, gate, s["h"], x)


def gated_twice(p, s, x, **_):
    i = sigmoid(cat(p, "i1", s, x)) * tanh(cat(p, "i2", s, x))
    f = sigmoid(cat(p, "f1", s, x)) * sigmoid(cat(p, "f2", s, x))
    C = f * s["C"] + i * tanh(cat(p, "c", s, x))
    first = sigmoid(cat(p, "o", s, x))
    o = first * tanh(cat(p, "o2", s, x) if "W_o2" in p else C)
    return {"i": i, "f": f, "C": C, "õ": first, "o": o, "h": o * tanh(C)}


def nested(p, s, x, **_):
    z = torch.cat([s["h"], x])
    a, q, d = sigmoid(cat(p, "f", s, x)), sigmoid(cat(p, "o", s, x)), tanh(cat(p, "i", s, x))
    i, f = sigmoid(a * d), sigmoid(a * (p["W_f"] @ z) + p["b_f"])
    C = f * s["C"] + i * tanh(cat(p, "c", s, x))
    o = sigmoid(q * (p["W_o"] @ z) + p["b_o"])
    return {"s": a, "d": d, "i": i, "f": f, "C": C, "q": q, "o": o, "h": o * tanh(C)}


def no_carousel(p, s, x, **_):
    i, f, o = (sigmoid(cat(p, g, s, x)) for g in "ifo")
    c = tanh(stacked(p, "c", s["h"] * f, x * i))
    return {"i": i, "f": f, "o": o, "c": c, "h": o * tanh(c)}


def peep_old(p, s, x, **_):
    i, f, o = (sigmoid(stacked(p, g, s["c"], s["h"], x)) for g in "ifo")
    c = f * s["c"] + i * tanh(cat(p, "c", s, x))
    return {"i": i, "f": f, "o": o, "c": c, "h": o * tanh(c)}


# ---- parameters ----

def stacks(gates, width=lambda h, n: h + n):
    """W_gate on stacked inputs, and b_gate."""
    return lambda h, n: {k: v for g in gates.split()
                         for k, v in ((f"W_{g}", (h, width(h, n))), (f"b_{g}", (h,)))}


def inputs(gates):
    return stacks(gates, lambda h, n: n)


def splits(gates, **more):
    """W_gate on x, R_gate on h, b_gate, and further matrices by first letter."""
    def shapes(h, n):
        out = {k: v for g in gates for k, v in ((f"W_{g}", (h, n)), (f"R_{g}", (h, h)), (f"b_{g}", (h,)))}
        return {**out, **{f"{m}_{g}": (h, h) for m, gs in more.items() for g in gs}}
    return shapes


def both(*parts):
    return lambda h, n: {k: v for part in parts for k, v in part(h, n).items()}


def exact(**shapes):
    """Shapes in letters: h hidden, n input."""
    size = lambda h, n: {"h": h, "n": n, "1": 1, "2": 2, "4": 4 * h}
    return lambda h, n: {k: tuple(size(h, n)[c] for c in v) for k, v in shapes.items()}


def clockwork_params(h, n):
    return {"R_a": (2, 4), "W_a": (2, n), "R_b": (1, 2), "W_b": (1, n), "R_c": (1, 1), "W_c": (1, n)}


MUT = {"W_xz": "hn", "b_z": "h", "W_hr": "hh", "b_r": "h", "W_hh": "hh", "b_h": "h"}
PEEPHOLES = {k: v for g in "ifco" for k, v in
             ((f"W_x{g}", "hn"), (f"W_h{g}", "hh"), (f"b_{g}", "h"), (f"w_c{g}", "h")) if k != "w_cc"}

# name: (step, states by shape, parameters, needs as many inputs as units)
CELLS = {
    "rnn": (elman, {"h": "h"}, lambda h, n: {"W": (h, h + n), "b": (h,)}, False),
    "irnn": (irnn, {"h": "h"}, exact(W="hn", R="hh", b="h"), False),
    "indrnn": (indrnn, {"h": "h"}, exact(W="hn", u="h", b="h"), False),
    "clockwork": (clockwork, {"a": "2", "b": "1", "c": "1"}, clockwork_params, False),
    "lstm": (lstm, {"h": "h", "c": "h"}, stacks("f i g o"), False),
    "lstm-1997": (lstm_1997, {"h": "h", "c": "h", "i": "h", "o": "h"},
                  both(stacks("i o", lambda h, n: 3 * h + n), lambda h, n: {"W_c": (h, 3 * h + n)}), False),
    "lstm-peephole": (peephole, {"h": "h", "c": "h"}, exact(**PEEPHOLES), False),
    "lstm-peephole-full": (peephole_full, {"h": "h", "c": "h"}, splits("ifog", V="ifo"), False),
    "lstm-peephole-only": (peephole_only, {"c": "h"},
                           both(inputs("f i o c"), lambda h, n: {f"U_{g}": (h, h) for g in "fio"}), False),
    "lstm-projection": (projection, {"h": "2", "c": "h"},
                        both(stacks("f i g o", lambda h, n: 2 + n), lambda h, n: {"W_h": (2, h)}), False),
    "lstm-layernorm": (layernorm, {"h": "h", "c": "h"},
                       exact(W_h="4h", W_x="4n", alpha_1="4", beta_1="4", alpha_2="4", beta_2="4", b="4",
                             alpha_3="h", beta_3="h"), False),
    "lstm-coupled": (coupled, {"h": "h", "c": "h"}, stacks("f g o"), False),
    "gru": (gru, {"h": "h"}, stacks("r z n"), False),
    "gru-after": (gru_after, {"h": "h"},
                  both(stacks("r z"), exact(R_n="hh", d_n="h", W_n="hn", b_n="h")), False),
    "mut1": (mut(1), {"h": "h"}, exact(**MUT, W_xr="hn"), True),
    "mut2": (mut(2), {"h": "h"}, exact(**MUT, W_hz="hh", W_xh="hn"), True),
    "mut3": (mut(3), {"h": "h"}, exact(**MUT, W_hz="hh", W_xr="hn", W_xh="hn"), False),
    "mgu": (mgu, {"h": "h"}, stacks("f h"), False),
    "janet": (janet, {"h": "h", "c": "h"}, stacks("f c"), False),
    "sru": (sru, {"c": "h"}, both(inputs("f r"), exact(W="hn", v_f="h", v_r="h")), True),
    "sru-2017": (sru_2017, {"c": "h"}, both(inputs("f r"), exact(W="hn")), True),
    "qrnn": (qrnn, {"c": "h"}, exact(V_z="hn", V_f="hn", V_o="hn", W_z="hn", W_f="hn", W_o="hn"), False),
    "mingru": (mingru, {"h": "h"}, inputs("z h"), False),
    "minlstm": (minlstm, {"h": "h"}, inputs("f i h"), False),
    "slstm": (slstm, {"h": "h", "c": "h", "n": "h", "m": "h"}, splits("ifzo"), False),
    "mlstm": (mlstm, {"C": "hh", "n": "h", "m": "1"},
              both(inputs("q k v o"), exact(w_i="n", b_i="1", w_f="n", b_f="1")), False),
    "lru": (lru, {"u": "h", "v": "h"},
            exact(nu="h", theta="h", B_re="hn", B_im="hn", C_re="hh", C_im="hh", D="hn"), False),
    "found/gated-twice": (gated_twice, {"h": "h", "C": "h"}, stacks("i1 i2 f1 f2 c o"), False),
    "found/gated-twice-b": (gated_twice, {"h": "h", "C": "h"}, stacks("i1 i2 f1 f2 c o o2"), False),
    "found/nested": (nested, {"h": "h", "C": "h"}, stacks("f i c o"), False),
    "found/no-carousel": (no_carousel, {"h": "h"}, stacks("i f o c"), True),
    "found/peep-old": (peep_old, {"h": "h", "c": "h"},
                       both(stacks("i f o", lambda h, n: 2 * h + n), stacks("c")), False),
}
CELLS.update({
    "jordan": (jordan, {"y": "h"}, exact(W_h="hn", U_h="hh", b_h="h", W_y="hh", b_y="h"), False),
    "highway": (highway, {"s_2": "h"}, exact(W_H="hn", R_H1="hh", b_H1="h", W_T="hn", R_T1="hh", b_T1="h", R_H2="hh",
                                     b_H2="h", R_T2="hh", b_T2="h"), False),
    "antisymmetric": (antisymmetric, {"h": "h"}, exact(W="hh", V="hn", b="h"), False),
    "scrn": (scrn, {"h": "h", "s": "2"}, exact(B="2n", P="h2", A="hn", R="hh", U="hh", V="h2"), False),
    "fastrnn": (fastrnn, {"h": "h"}, exact(W="hn", U="hh", b_h="h", a="1", b="1"), False),
    "fastgrnn": (fastgrnn, {"h": "h"}, exact(W="hn", U="hh", b_z="h", b_h="h", zeta="1", nu="1"), False),
    "ugrnn": (ugrnn, {"h": "h"}, exact(W_c="hn", U_c="hh", b_c="h", W_g="hn", U_g="hh", b_g="h"), False),
    "ligru": (ligru, {"h": "h"}, exact(W_z="hn", U_z="hh", b_z="h", W_h="hn", U_h="hh", b_h="h"), False),
    "minimal-rnn": (minimal, {"h": "h"}, exact(W_x="hn", b_z="h", U_h="hh", U_z="hh", b_u="h"), False),
    "star": (star, {"h": "h"}, exact(W_z="hn", b_z="h", W_x="hn", W_h="hh", b_k="h"), False),
    "cfn": (cfn, {"h": "h"}, exact(U_theta="hh", V_theta="hn", b_theta="h", U_eta="hh", V_eta="hn", b_eta="h",
                                   W="hn"), False),
    "additive": (additive, {"h": "h", "c": "h"}, exact(W_cx="hn", W_ih="hh", W_ix="hn", b_i="h", W_fh="hh", W_fx="hn",
                                             b_f="h"), False),
    "atr": (atr, {"h": "h"}, exact(W="hn", U="hh"), False),
    "phased-lstm": (phased, {"h": "h", "c": "h"}, both(stacks("f i g o"), exact(s="h", tau="h")), False),
})
for name in "vanilla nig nfg nog niaf noaf cifg np fgr".split():
    CELLS["greff/" + name] = (greff(name), {k: "h" for k in "yciof"}, greff_params(name), False)
CELLS["lstm-1997-truncated"] = (lstm_1997_truncated, *CELLS["lstm-1997"][1:])

# Gradients that are sums of parts that cancel: nothing but rounding is left to compare.
CANCEL = {"slstm": ["m"], "mlstm": ["m"]}


def first_numbers(name, seed):
    """Parameters, inputs, and what makes further numbers."""
    shapes, square = CELLS[name][2:]
    rows = HIDDEN if square else INPUT
    gen = torch.Generator().manual_seed(seed)
    make = lambda *shape: (torch.rand(*shape, generator=gen) * 2 - 1).requires_grad_()
    return {k: make(*shape) for k, shape in shapes(HIDDEN, rows).items()}, [make(rows) for _ in range(T)], make


def run(name, p, xs):
    step, states = CELLS[name][:2]
    sizes = {"h": HIDDEN, "1": 1, "2": 2}
    state = {k: torch.zeros(*(sizes[c] for c in shape), requires_grad=True) for k, shape in states.items()}
    values, before = [], torch.zeros(len(xs[0]))
    for t in range(T):
        state = step(p, state, xs[t], before=before, t=t + 1)
        for v in state.values():
            v.retain_grad()
        values.append(state)
        before = xs[t]
    return values


def output_of(values):
    return next(k for k in ("y", "h", "s_2") if k in values[0])


def probe(values, targets):
    out = output_of(values)
    return sum((v[out] * t).sum() for v, t in zip(values, targets))


def lines_of(name, called, p, xs, targets):
    lines = [f"case {called}", f"cell {name}", f"layer {name} {HIDDEN} 1 0 0", "loss probe 0",
             "at" + " 1" * T, array("inputs", "x", xs), array("targets", "y", targets)]
    return lines + [array("param", k, as_rows(v)) for k, v in p.items()]


def case(name, seed):
    p, xs, make = first_numbers(name, seed)
    values = run(name, p, xs)
    check_nn(name, p, xs, values)
    targets = [make(len(values[0][output_of(values)])) for _ in range(T)]
    loss = probe(values, targets)
    loss.backward()
    if name == "lstm-1997-truncated":
        with torch.no_grad():
            check_truncation(p, xs, values, targets)
    lines = lines_of(name, name, p, xs, targets)
    lines.append(array("total", "loss", [loss.reshape(1)]))
    for k in values[0]:
        lines.append(array("value", k, [v[k] for v in values]))
        if k not in CANCEL.get(name, []):
            lines.append(array("grad", k, [grad_of(v[k]) for v in values]))
    lines.append(array("grad", "x", [grad_of(v) for v in xs]))
    lines += [array("paramgrad", k, as_rows(grad_of(v))) for k, v in p.items()]
    return "\n".join(lines) + "\nend\n"


def training(name, seed):
    """Ten optimizer steps: the loss before each, and the parameters after the last."""
    p, xs, make = first_numbers(name, seed)
    if "tau" in p:
        p["tau"].data += 3  # near 0 a period makes of every rounding another number
    targets = [make(len(v)) for v in (x[output_of([x])] for x in run(name, p, xs))]
    lines = lines_of(name, f"{name}, ten steps", p, xs, targets)
    options = {"rate": 0.02, "momentum": 0.9}
    opt, losses = optimizer_of("momentum", list(p.values()), options), []
    for _ in range(10):
        opt.zero_grad()
        loss = probe(run(name, p, xs), targets)
        loss.backward()
        opt.step()
        losses.append(loss.detach().reshape(1))
    lines.append("train momentum " + " ".join(f"{k} {float(v)}" for k, v in options.items()))
    lines.append(array("losses", "loss", losses))
    lines += [array("after", k, as_rows(v)) for k, v in p.items()]
    return "\n".join(lines) + "\nend\n"


def check_nn(name, p, xs, values):
    """torch.nn's own layer must give the same outputs."""
    h = HIDDEN
    zero = torch.zeros(h)

    def halves(g, width=h):  # recurrent matrix, input matrix, two biases
        w = p[f"W_{g}"]
        return w[:, :width], w[:, width:], p[f"b_{g}"], zero

    if name == "lstm":
        nn, parts = torch.nn.LSTM(INPUT, h), [halves(g) for g in "ifgo"]
    elif name == "lstm-projection":
        nn, parts = torch.nn.LSTM(INPUT, h, proj_size=2), [halves(g, 2) for g in "ifgo"]
    elif name == "greff/np":
        nn = torch.nn.LSTM(INPUT, h)
        parts = [(p[f"R_{g}"], p[f"W_{g}"], p[f"b_{g}"], zero) for g in "ifzo"]
    elif name == "gru-after":
        nn = torch.nn.GRU(INPUT, h)
        parts = [halves("r"), halves("z"), (p["R_n"], p["W_n"], p["b_n"], p["d_n"])]
    elif name == "irnn":
        nn, parts = torch.nn.RNN(INPUT, h, nonlinearity="relu"), [(p["R"], p["W"], p["b"], zero)]
    elif name == "rnn":
        nn, parts = torch.nn.RNN(INPUT, h), [(p["W"][:, :h], p["W"][:, h:], p["b"], zero)]
    else:
        return
    with torch.no_grad():
        for i, key in enumerate(["weight_hh_l0", "weight_ih_l0", "bias_ih_l0", "bias_hh_l0"]):
            getattr(nn, key).copy_(torch.cat([part[i] for part in parts]))
        if name == "lstm-projection":
            nn.weight_hr_l0.copy_(p["W_h"])
        got = nn(torch.stack(xs).unsqueeze(1))[0].squeeze(1)
    ours = torch.stack([v["y" if "y" in v else "h"] for v in values])
    assert torch.allclose(got, ours, rtol=0, atol=1e-14), name


def write(path, make, first):
    with open(path, "w", encoding="utf-8") as file:
        file.write(f"# made by make_cells.py with PyTorch {torch.__version__}, float64\n")
        file.writelines(make(name, seed) for seed, name in enumerate(CELLS, first))


if __name__ == "__main__":
    write("tests/oracle/cells.txt", case, 1)
    write("tests/oracle/cells_train.txt", training, 101)
