#!/usr/bin/env python3
"""Makes the test models with PyTorch, fixed seeds, into a folder; models that are there already are left alone.

build_models.py FOLDER [--only REGEX] [--full-size] [--list]
"""

import argparse
import re
import time

import torch

import documents  # noqa: F401: each of these adds its models to the table
import sequences  # noqa: F401
import vision  # noqa: F401
from registry import MODELS, Options, build


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", nargs="?", default="build/models")
    parser.add_argument("--only", default="", help="only models whose name matches")
    parser.add_argument("--full-size", action="store_true", help="pictures of 224 pixels instead of small ones")
    parser.add_argument("--list", action="store_true", help="print the names")
    args = parser.parse_args()
    torch.set_num_threads(1)
    for name in MODELS:
        if re.search(args.only, name):
            started = time.time()
            if not args.list:
                build(name, args.folder, Options(args.full_size))
            print(name if args.list else f"{name}: {time.time() - started:.1f} s", flush=True)


if __name__ == "__main__":
    main()
