#!/usr/bin/python3
"""A peer of the training step: one LSTM layer and a dense output in eager PyTorch, one thread.
go: float32, float64. usage: peer_torch.py INPUT HIDDEN OUTPUT STEPS BATCH CLASSES LAST"""
import sys

try:
    import torch
except ImportError:
    sys.exit(1)
import peer

torch.set_num_threads(1)


def step_of(dtype, inputs, hidden, outputs, steps, batch, classes, last):
    torch.manual_seed(1)
    lstm = torch.nn.LSTM(inputs, hidden).to(dtype)
    dense = torch.nn.Linear(hidden, outputs).to(dtype)
    optimizer = torch.optim.SGD([*lstm.parameters(), *dense.parameters()], lr=0.01)
    x = torch.rand(steps, batch, inputs, dtype=dtype) * 2 - 1
    places = 1 if last else steps
    if classes:
        target = torch.randint(outputs, (places * batch,))
        loss_of = torch.nn.CrossEntropyLoss()
    else:
        target = torch.rand(places * batch, outputs, dtype=dtype)
        loss_of = torch.nn.MSELoss()

    def step():
        optimizer.zero_grad()
        h = lstm(x)[0]
        y = dense(h[-1:] if last else h)
        loss_of(y.reshape(-1, outputs), target).backward()
        optimizer.step()

    return step


kinds = {kind: step_of(getattr(torch, kind), *map(int, sys.argv[1:])) for kind in ("float32", "float64")}
peer.serve(f"PyTorch {torch.__version__} with {peer.blas()}", kinds)
