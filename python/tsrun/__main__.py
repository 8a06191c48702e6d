"""The tsrun command: `python -m tsrun`, and the console script of the package."""

import os
import pathlib
import sys


def main() -> None:
    name = "tsrun.exe" if os.name == "nt" else "tsrun"
    program = pathlib.Path(__file__).parent / "bin" / name
    if not program.exists():
        sys.exit("tsrun: this package was built without the command")
    os.execv(program, ["tsrun", *sys.argv[1:]])


if __name__ == "__main__":
    main()
