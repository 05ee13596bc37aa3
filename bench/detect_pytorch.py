#!/usr/bin/python3
"""Times `spanlab detect` against the forward passes of the same detector in PyTorch.

spanlab's time is that of the whole process: bars read, features, windows, five members, marginals,
detections written. PyTorch's is that of the members' forward passes and marginals on as many windows
alone, weights and inputs in memory, with the batch size that is fastest; the marginals are the gradient
of the log partition function, whose recursion runs over bars for all windows of a batch at once. One
window at a time is what a live stream needs: there spanlab's time is that of `spanlab watch` a bar.
"""
import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

from pytorch_setup import enter_fastest_setup

HERE = os.path.dirname(os.path.abspath(__file__))
RECIPE = os.path.join(HERE, "..", "recipes", "best.toml")
BARS, FEATURES, HIDDEN, LONGEST, WINDOW, STRIDE, MEMBERS = 200_000, 10, 32, 16, 105, 16, 5


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--program", required=True, help="the built program")
    parser.add_argument("--rounds", type=int, default=3, help="runs of each, in turn")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--as-shipped", action="store_true",
                        help="PyTorch as it was installed, without the faster set-up")
    return parser.parse_args()


OPTIONS = parse_arguments()
if not OPTIONS.as_shipped:
    enter_fastest_setup(OPTIONS.threads)

import torch  # noqa: E402  after the environment is set


def call(*command, **options):
    """Runs a command without PyTorch's environment; ends the script with its messages if it fails."""
    environment = {name: value for name, value in os.environ.items()
                   if name != "LD_PRELOAD" and not name.startswith("MALLOC_")}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment,
                          **options)
    if done.returncode != 0:
        sys.exit(f"{done.stderr}error: this failed: {' '.join(command)}")


class Member(torch.nn.Module):
    """Encoder and scores of one member."""

    def __init__(self):
        super().__init__()
        self.lstm = torch.nn.LSTM(FEATURES, HIDDEN, batch_first=True, bidirectional=True)
        self.scores = torch.nn.Linear(2 * HIDDEN, 6)
        self.length = torch.nn.Parameter(torch.full((LONGEST,), -3.0))

    def log_partition(self, scores):
        """Semi-Markov log Z of scores [B, T, 6]."""
        inside, start, end = scores[..., 0:2], scores[..., 2:4], scores[..., 4:6]
        total = torch.cat([torch.zeros(len(scores), 1, 2), inside.cumsum(1)], 1)
        alpha, opened = [torch.zeros(len(scores))], []
        for t in range(scores.shape[1]):
            opened.append(alpha[t][:, None] + start[:, t] - total[:, t])
            spans = min(LONGEST, t + 1)
            going = torch.stack(opened[t + 1 - spans:], 1) + self.length[:spans].flip(0)[:, None]
            closed = torch.logsumexp(going, 1) + end[:, t] + total[:, t + 1]
            alpha.append(torch.logsumexp(torch.cat([alpha[t][:, None], closed], 1), 1))
        return alpha[-1]

    def forward(self, windows):
        """P(inside) [B, T] of windows [B, T, D]."""
        with torch.no_grad():
            scores = self.scores(self.lstm(windows)[0])
        scores.requires_grad_(True)
        (slope,) = torch.autograd.grad(self.log_partition(scores).sum(), scores)
        return slope[..., 0:2].sum(-1)


def torch_seconds(members, windows, batch):
    """One pass of all members over the windows."""
    begin = time.perf_counter()
    for first in range(0, len(windows), batch):
        sum(member(windows[first:first + batch]) for member in members)
    return time.perf_counter() - begin


def process_seconds(*command, **options):
    """Wall time of a process."""
    begin = time.perf_counter()
    call(*command, **options)
    return time.perf_counter() - begin


def main():
    """Prints medians and ratios."""
    torch.set_num_threads(OPTIONS.threads)
    with tempfile.TemporaryDirectory() as folder:
        bars, spans, windows = (os.path.join(folder, name) for name in ("b.csv", "s.csv", "w.csv"))
        detector = os.path.join(folder, "fit", "detector.safetensors")
        call(OPTIONS.program, "bars", "simulate", "--bars", str(BARS), "--out", bars, "--spans", spans)
        call(OPTIONS.program, "windows", "cut", "--bars", bars, "--spans", spans, "--out", windows)
        call(OPTIONS.program, "fit", "--recipe", RECIPE, "--bars", bars, "--windows", windows,
             "--spans", spans, "--set", "train.epochs=2", "--out", os.path.join(folder, "fit"),
             "--quiet")
        threads = ["--threads", str(OPTIONS.threads)]
        members = [Member().eval() for _ in range(MEMBERS)]
        inputs = torch.randn((BARS - WINDOW) // STRIDE + 1, WINDOW, FEATURES)
        detect = [OPTIONS.program, "detect", detector, "--bars", bars,
                  "--out", os.path.join(folder, "d.csv"), *threads]
        batch = min((128, 512, 2048), key=lambda b: torch_seconds(members, inputs, b))
        ours, theirs = [], []
        for _ in range(OPTIONS.rounds):
            ours.append(process_seconds(*detect))
            theirs.append(torch_seconds(members, inputs, batch))
        mine, other = statistics.median(ours), statistics.median(theirs)
        print(f"PyTorch {torch.__version__}")
        print(f"{len(inputs)} windows, {MEMBERS} members, {OPTIONS.threads} threads: spanlab detect "
              f"{mine:.2f} s, PyTorch (batches of {batch}) {other:.2f} s, ratio {other / mine:.1f}")

        live = os.path.join(folder, "live.csv")
        rows = 2000
        with open(bars, encoding="utf-8") as file, open(live, "w", encoding="utf-8") as out:
            out.writelines(line for line, _ in zip(file, range(rows + 1)))
        ours, theirs = [], []
        for _ in range(OPTIONS.rounds):
            with open(live, encoding="utf-8") as stream:
                ours.append(process_seconds(OPTIONS.program, "watch", detector, *threads,
                                            stdin=stream) / (rows - WINDOW) * 1000)
            theirs.append(torch_seconds(members, inputs[:50], 1) / 50 * 1000)
        mine, other = statistics.median(ours), statistics.median(theirs)
        print(f"one window at a time: spanlab watch {mine:.2f} ms a bar, PyTorch {other:.2f} ms, "
              f"ratio {other / mine:.1f}")


if __name__ == "__main__":
    main()
