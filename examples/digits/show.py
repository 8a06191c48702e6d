#!/usr/bin/env python3
"""Draws a digit and the probabilities of ten scores: show.py DIGIT.npy SCORES.npy. Needs nothing but Python."""

import array
import ast
import math
import sys


def read_npy(path):
    """(sizes, values) of a little-endian float32 array in C order."""
    with open(path, "rb") as f:
        data = f.read()
    assert data[:6] == b"\x93NUMPY", f"{path}: not a .npy file"
    width = 2 if data[6] == 1 else 4
    start = 8 + width + int.from_bytes(data[8 : 8 + width], "little")
    header = ast.literal_eval(data[8 + width : start].decode())
    assert header["descr"] == "<f4" and not header["fortran_order"], f"{path}: {header}"
    return header["shape"], array.array("f", data[start:])


def main():
    (_, _, rows, columns), pixels = read_npy(sys.argv[1])
    _, scores = read_npy(sys.argv[2])
    for row in range(rows):
        line = pixels[row * columns : (row + 1) * columns]
        print("    " + "".join(2 * " .:-=+*#%@"[min(9, int(p * 10))] for p in line))
    total = sum(math.exp(s - max(scores)) for s in scores)
    for digit, score in enumerate(scores):
        probability = math.exp(score - max(scores)) / total
        print(f"  {digit} {probability:7.2%} {'#' * round(40 * probability)}")
    print(f"this is a {max(range(10), key=scores.__getitem__)}")


if __name__ == "__main__":
    main()
