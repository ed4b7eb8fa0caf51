#!/usr/bin/env python3
"""Counts the instructions of Engine::step over a fixed stream and compares with a stored figure.

usage: instructions_check.py PROGRAM FIGURE [--accept]
Callgrind's counts are the same on every machine with the same compiler and libraries, unlike any
time. A change that moves the figure by more than 5 % runs --accept and says why it moved.
"""
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ALLOWED_PERCENT = 5.0


def count(program: str) -> tuple[int, int]:
    """Instructions inside Engine::step, and how many events there were."""
    with tempfile.TemporaryDirectory() as folder:
        run = subprocess.run(
            ["valgrind", "--tool=callgrind", f"--callgrind-out-file={folder}/out",
             "--toggle-collect=marktwacht::Engine::step*", program],
            capture_output=True, text=True, check=True)
    collected = re.search(r"Collected : (\d+)", run.stderr)
    if collected is None:
        raise SystemExit(f"callgrind said nothing of use:\n{run.stderr}")
    return int(collected.group(1)), int(run.stdout)


def main() -> int:
    if len(sys.argv) < 3:
        print(__doc__)
        return 2
    program, figure = sys.argv[1], pathlib.Path(sys.argv[2])
    if shutil.which("valgrind") is None:
        print("skipped: valgrind cannot be had here")
        return 0
    instructions, events = count(program)
    if "--accept" in sys.argv:
        figure.write_text(f"{instructions}\n", encoding="utf-8")
    stored = int(figure.read_text(encoding="utf-8"))
    moved = 100.0 * (instructions - stored) / stored
    print(f"{instructions / events:.0f} instructions an event, {moved:+.2f} % against {figure.name}")
    if abs(moved) <= ALLOWED_PERCENT:
        return 0
    print(f"moved by more than {ALLOWED_PERCENT} %: find out why; if it is meant, run with --accept "
          "and say the reason in the commit")
    return 1


if __name__ == "__main__":
    sys.exit(main())
