#!/usr/bin/python3
"""Times `spanlab train` against the same training in PyTorch, in turn on the same machine.

spanlab's time is that of the whole process: files read, features, 100 epochs, all tables and
checkpoints. PyTorch's is that of the 100 epochs alone, in the fastest set-up found (see
pytorch_setup.py). Each interpreter given with --python has a PyTorch of its own. Prints the medians
and the ratio for each number of threads and each PyTorch.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
RECIPE = os.path.join(HERE, "..", "recipes", "baseline.toml")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--program", required=True, help="the built program")
    parser.add_argument("--bars", help="bars; with --windows; a simulated market if left out")
    parser.add_argument("--windows", help="labelled windows of these bars")
    parser.add_argument("--python", action="append",
                        help="an interpreter with torch; may be repeated (default: this one)")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each, in turn")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
    options.python = options.python or [sys.executable]
    if (options.bars is None) != (options.windows is None):
        parser.error("--bars and --windows belong together")
    return options


def call(*command):
    """Runs a command; its stdout. Ends the script with the command's messages if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        sys.exit(f"{done.stderr}error: this failed: {' '.join(command)}")
    return done.stdout


def simulate(program, folder):
    """Bars and windows of the size of the reported run: 174 windows and 36 overlaps."""
    bars, spans, windows = (os.path.join(folder, name + ".csv")
                            for name in ("bars", "spans", "windows"))
    call(program, "bars", "simulate", "--bars", "40000", "--out", bars, "--spans", spans)
    call(program, "windows", "cut", "--bars", bars, "--spans", spans, "--out", windows, "--count",
         "174", "--overlaps", "36")
    return bars, windows


def time_spanlab(options, folder, threads):
    """Seconds of the whole process."""
    with tempfile.TemporaryDirectory(dir=folder) as out:
        start = time.perf_counter()
        call(options.program, "train", RECIPE, "--bars", options.bars, "--windows",
             options.windows, "--out", os.path.join(out, "run"), "--threads", str(threads),
             "--quiet")
        return time.perf_counter() - start


def version_of(python):
    """Of the interpreter's PyTorch, as "PyTorch 2.15.0"."""
    return "PyTorch " + call(python, "-c", "from importlib.metadata import version\n"
                                           "print(version('torch'))").strip()


def time_pytorch(options, python, features, threads):
    """What train_pytorch.py measured, by name."""
    text = call(python, os.path.join(HERE, "train_pytorch.py"), "--features", features,
                "--windows", options.windows, "--threads", str(threads))
    return {name: float(value) for name, value in (line.split() for line in text.splitlines())}


def spread(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def report(version, runs, ours):
    """The medians of PyTorch's runs, and the ratio of its training to spanlab's `ours` seconds."""
    torch = {name: statistics.median(run[name] for run in runs) for name in runs[0]}
    training = [run["training_s"] for run in runs]
    print(f"  {version + ', training alone':<30} {spread(training)} s, "
          f"ratio {statistics.median(training) / ours:.1f}")
    print(f"    batch of 32 {torch['batch_ms']:.1f} ms, validation {torch['validation_ms']:.1f} ms, "
          f"one window {torch['one_window_ms']:.2f} ms, {torch['windows_per_s']:.0f} windows/s")
    print(f"    last validation: countdown {torch['val_countdown']:.2f}, span {torch['val_span']:.3f}, "
          f"type {torch['val_type']:.2f}, ptr {torch['val_ptr']:.4f}", flush=True)


def main():
    options = parse_arguments()
    with tempfile.TemporaryDirectory() as folder:
        if options.bars is None:
            options.bars, options.windows = simulate(options.program, folder)
        features = os.path.join(folder, "features.csv")
        call(options.program, "features", "--bars", options.bars, "--windows", options.windows,
             "--out", features)
        print(f"median of {options.rounds} runs in turn (smallest to largest)")
        versions = [version_of(python) for python in options.python]
        for threads in options.threads:
            ours, theirs = [], [[] for _ in versions]
            for _ in range(options.rounds):
                ours.append(time_spanlab(options, folder, threads))
                for python, runs in zip(options.python, theirs):
                    runs.append(time_pytorch(options, python, features, threads))
            print(f"\n{threads} thread{'s' if threads > 1 else ''}")
            print(f"  spanlab train, whole process   {spread(ours)} s")
            for version, runs in zip(versions, theirs):
                report(version, runs, statistics.median(ours))
        print(f"\nload before the end {os.getloadavg()[0]:.2f}: other work on the machine makes "
              "both slower, two threads most")


if __name__ == "__main__":
    main()
