"""scipy's sparse Gauss-Newton on the plants that crates/bench/src/balance.rs hands over: best of several runs.

Each step solves (J S J') l = c + J (m - v) and sets v = m - S J' l, until nothing moves. One line of JSON with
milliseconds and the objective.
"""

import json
import sys
import time

import numpy as np
import scipy.sparse as sp
import scipy.sparse.linalg as sla


def solve(ends, nodes, m, s, width, kept):
    streams = len(ends)
    rows, signs, owner = [], [], []
    for k, (a, b) in enumerate(ends):
        for node, sign in ((b, 1.0), (a, -1.0)):
            if node is not None:
                rows.append(node)
                signs.append(sign)
                owner.append(k)
    rows, signs, owner = np.array(rows), np.array(signs), np.array(owner)
    incidence = sp.csr_matrix((signs, (rows, owner)), shape=(nodes, streams))
    variance = s * s
    v = m.copy()
    for step in range(100):
        grid = v.reshape(streams, width)
        flow = grid[:, 0]
        ri, ci, va = [rows], [owner * width], [signs]
        c = [incidence @ flow]
        for q in range(1, width):
            ri += [rows + q * nodes, rows + q * nodes]
            ci += [owner * width, owner * width + q]
            va += [signs * grid[owner, q], signs * flow[owner]]
            c.append(incidence @ (flow * grid[:, q]))
        j = sp.csr_matrix(
            (np.concatenate(va), (np.concatenate(ri), np.concatenate(ci))), shape=(nodes * width, streams * width)
        )
        c = np.concatenate(c)
        system = (j @ sp.diags(variance) @ j.T).tocsc()
        multipliers = sla.spsolve(system, c + j @ (m - v))
        new = m - variance * (j.T @ multipliers)
        moved = np.max(np.abs(new - v) / s)
        v = new
        if moved < 1e-9 or width == 1:
            break
    return v, float(np.sum(((v - m) / s) ** 2)), step + 1


def main():
    case = json.load(open(sys.argv[1]))
    m, s = np.array(case["m"]), np.array(case["s"])
    best, objective, steps = 1e9, 0.0, 0
    for _ in range(int(case["runs"])):
        start = time.perf_counter()
        _, objective, steps = solve(case["ends"], case["nodes"], m, s, case["width"], None)
        best = min(best, time.perf_counter() - start)
    print(json.dumps({"ms": best * 1e3, "objective": objective, "steps": steps}))


main()
