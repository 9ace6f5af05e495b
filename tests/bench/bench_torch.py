#!/usr/bin/env python3
"""The peer of bench_train: one LSTM layer and a dense output in eager PyTorch, one thread. Prints the
median step in microseconds, float32 and float64.
usage: bench_torch.py INPUT HIDDEN OUTPUT STEPS BATCH CLASSES LAST"""
import sys
import time

import torch

INPUT, HIDDEN, OUTPUT, STEPS, BATCH, CLASSES, LAST = map(int, sys.argv[1:])
torch.set_num_threads(1)


def median_step(dtype):
    torch.manual_seed(1)
    lstm = torch.nn.LSTM(INPUT, HIDDEN).to(dtype)
    dense = torch.nn.Linear(HIDDEN, OUTPUT).to(dtype)
    optimizer = torch.optim.SGD([*lstm.parameters(), *dense.parameters()], lr=0.01)
    x = torch.rand(STEPS, BATCH, INPUT, dtype=dtype) * 2 - 1
    places = 1 if LAST else STEPS
    if CLASSES:
        target = torch.randint(OUTPUT, (places * BATCH,))
        loss_of = torch.nn.CrossEntropyLoss()
    else:
        target = torch.rand(places * BATCH, OUTPUT, dtype=dtype)
        loss_of = torch.nn.MSELoss()
    times, end = [], time.perf_counter() + 1.0
    while time.perf_counter() < end or len(times) < 3:
        start = time.perf_counter()
        optimizer.zero_grad()
        h = lstm(x)[0]
        y = dense(h[-1:] if LAST else h)
        loss_of(y.reshape(-1, OUTPUT), target).backward()
        optimizer.step()
        times.append(time.perf_counter() - start)
    return 1e6 * sorted(times)[len(times) // 2]


print(median_step(torch.float32), median_step(torch.float64))
