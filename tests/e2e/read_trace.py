"""read_trace.py JSON NPZ CSV: what numpy and csv read must be what the JSON says, to the last bit."""
import csv
import json
import sys

import numpy as np

trace = json.load(open(sys.argv[1], encoding="utf-8"))
arrays = np.load(sys.argv[2])
rows = {}
with open(sys.argv[3], newline="", encoding="utf-8") as file:
    for row in csv.DictReader(file):
        key = row["name"], int(row["timestep"]), int(row["row"]), int(row["column"])
        assert key not in rows, key
        rows[key] = float(row["value"]), float(row["gradient"])

STEPS = trace["timesteps"]
seen = set()
checked = set()


def numbers(value):
    """A block of the JSON with NaN and infinities as numbers, null as NaN."""
    if isinstance(value, list):
        return [numbers(v) for v in value]
    return float("nan") if value is None else float(value)


def check_rows(name, step, array, column):
    """The CSV has a row for each number of a block, as `column` (0 value, 1 gradient)."""
    block = np.atleast_2d(array.T).T
    for (r, c), number in np.ndenumerate(block):
        key = name, step, r + 1, c + 1
        np.testing.assert_array_equal(rows[key][column], number)
        checked.add(key)


def check(npz_name, csv_name, value, column, over_time):
    array = arrays[npz_name]
    assert array.dtype == np.float64, npz_name
    seen.add(npz_name)
    if over_time:
        assert array.shape[0] == STEPS, npz_name
        runs = [k for k in range(STEPS) if value[k] is not None]
        assert np.isnan(array[[k for k in range(STEPS) if value[k] is None]]).all(), npz_name
        for k in runs:
            np.testing.assert_array_equal(array[k], np.array(numbers(value[k])))
            check_rows(csv_name, k + 1, array[k], column)
    else:
        np.testing.assert_array_equal(array, np.array(numbers(value)))
        check_rows(csv_name, 0, array, column)


def check_pair(name, value, grad, over_time, folder=""):
    check(folder + name, name, value, 0, over_time)
    check("grad/" + folder + name, name, grad, 1, over_time)


check_pair("x", trace["inputs"], trace["input_grads"], True)
for k, layer in enumerate(trace["layers"]):
    prefix = (layer["name"] + ".").replace("layer1.", "")  # a first layer is not named
    for name in layer["values"]:
        check_pair(prefix + name, layer["values"][name], layer["grads"][name], True)
    for name in layer["start"]:
        check_pair(prefix + name, layer["start"][name], layer["start_grads"][name], False, "start/")
for name in trace["head"]["values"] if trace["head"] else ():
    check_pair("head." + name, trace["head"]["values"][name], trace["head"]["grads"][name], True)
for name in trace.get("feed", {"values": {}})["values"]:
    if name != "x":  # the input, which has been checked
        check_pair("feed." + name, trace["feed"]["values"][name], trace["feed"]["grads"][name], True)
for name, param in trace["params"].items():
    check_pair(name, param["value"], param["grad"], False)
if trace["loss"] is not None:
    np.testing.assert_array_equal(arrays["loss"], numbers(trace["loss"]))
    seen.add("loss")
assert seen == set(arrays.files), seen ^ set(arrays.files)
assert {key for key in rows if key[0] != "loss"} == checked
