#!/usr/bin/python3
"""Times `spanlab train` against the same training in PyTorch, in turn on the same machine.

spanlab's time is that of the whole process: files read, features, 100 epochs, all tables and
checkpoints. PyTorch's is that of the 100 epochs alone, in the fastest set-up found (see
train_pytorch.py). Prints the medians and the ratio for each number of threads.
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
    parser.add_argument("--rounds", type=int, default=3, help="runs of each, in turn")
    parser.add_argument("--threads", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args()
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


def time_pytorch(options, features, threads):
    """What train_pytorch.py measured, by name."""
    text = call(sys.executable, os.path.join(HERE, "train_pytorch.py"), "--features", features,
                "--windows", options.windows, "--threads", str(threads))
    return {name: float(value) for name, value in (line.split() for line in text.splitlines())}


def spread(values):
    return f"{statistics.median(values):.2f} ({min(values):.2f} to {max(values):.2f})"


def main():
    options = parse_arguments()
    with tempfile.TemporaryDirectory() as folder:
        if options.bars is None:
            options.bars, options.windows = simulate(options.program, folder)
        features = os.path.join(folder, "features.csv")
        call(options.program, "features", "--bars", options.bars, "--windows", options.windows,
             "--out", features)
        print(f"median of {options.rounds} runs in turn (smallest to largest)")
        for threads in options.threads:
            ours, theirs = [], []
            for _ in range(options.rounds):
                ours.append(time_spanlab(options, folder, threads))
                theirs.append(time_pytorch(options, features, threads))
            torch = {name: statistics.median(run[name] for run in theirs) for name in theirs[0]}
            training = [run["training_s"] for run in theirs]
            ratio = statistics.median(training) / statistics.median(ours)
            print(f"\n{threads} thread{'s' if threads > 1 else ''}")
            print(f"  spanlab train, whole process   {spread(ours)} s")
            print(f"  PyTorch, training alone        {spread(training)} s")
            print(f"  ratio                          {ratio:.1f}")
            print(f"  PyTorch: batch of 32 {torch['batch_ms']:.1f} ms, validation "
                  f"{torch['validation_ms']:.1f} ms, one window {torch['one_window_ms']:.2f} ms, "
                  f"{torch['windows_per_s']:.0f} windows/s")
            print(f"  PyTorch's last validation: countdown {torch['val_countdown']:.2f}, "
                  f"span {torch['val_span']:.3f}, type {torch['val_type']:.2f}, "
                  f"ptr {torch['val_ptr']:.4f}", flush=True)
        print(f"\nload before the end {os.getloadavg()[0]:.2f}: other work on the machine makes "
              "both slower, two threads most")


if __name__ == "__main__":
    main()
