#!/usr/bin/python3
"""The baseline training in PyTorch: the same model, losses and loop as `spanlab train`, timed.

Reads the window features that `spanlab features BARS --windows WINDOWS` wrote and the window file
itself, trains compact Jade and prints the times and the last validation losses as `name value`
lines.
"""
import argparse
import csv
import statistics
import time

from pytorch_setup import enter_fastest_setup

LENGTH = 105  # bars in a window
BATCH = 32
TASKS = ("type", "ptr", "span", "countdown")
FEATURES = ("open_norm", "close_norm", "body_pct", "upper_wick_pct", "lower_wick_pct", "range_z",
            "dist_to_prev_SH", "dist_to_prev_SL", "bars_since_SH_norm", "bars_since_SL_norm",
            "expansion_proxy", "consol_proxy")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--features", required=True, help="CSV of the features of all windows")
    parser.add_argument("--windows", required=True, help="CSV of the labelled windows")
    parser.add_argument("--threads", type=int, default=2, help="threads of PyTorch")
    parser.add_argument("--epochs", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--as-shipped", action="store_true",
                        help="PyTorch as Debian installs it, without the faster set-up")
    return parser.parse_args()


OPTIONS = parse_arguments()
if not OPTIONS.as_shipped:
    enter_fastest_setup(OPTIONS.threads)

import torch  # noqa: E402  after the environment is set
from torch import nn  # noqa: E402
from torch.nn import functional  # noqa: E402


class Jade(nn.Module):
    """Compact Jade; forward() maps [B, T, D] to the outputs of the four tasks."""

    def __init__(self, features=len(FEATURES), hidden=96):
        super().__init__()
        self.input_dropout = nn.Dropout(0.3)
        self.lstm = nn.LSTM(features, hidden, batch_first=True, bidirectional=True)
        self.projection = nn.Sequential(nn.Linear(2 * hidden, 64), nn.ReLU())
        self.classifier = nn.Sequential(nn.Dropout(0.6), nn.Linear(64, 3))
        self.pointer_head = nn.Sequential(nn.Dropout(0.6), nn.Linear(64, 2))
        self.expansion_span_emission = nn.Sequential(nn.Dropout(0.6), nn.Linear(2 * hidden, 1))
        self.expansion_countdown_head = nn.Sequential(nn.Dropout(0.6), nn.Linear(2 * hidden, 1))
        for task, start in (("ptr", -0.30), ("type", 0.0), ("span", 0.0), ("countdown", 0.0)):
            setattr(self, "log_sigma_" + task, nn.Parameter(torch.tensor(start)))

    def forward(self, x):
        states, _ = self.lstm(self.input_dropout(x))
        pooled = self.projection(states.mean(dim=1))
        return {"type": self.classifier(pooled),
                "ptr": torch.sigmoid(self.pointer_head(pooled)),
                "span": torch.sigmoid(self.expansion_span_emission(states)).squeeze(-1),
                "countdown": self.expansion_countdown_head(states).squeeze(-1)}


def losses_of(output, target):
    return {"type": functional.cross_entropy(output["type"], target["type"]),
            "ptr": functional.huber_loss(output["ptr"], target["ptr"], delta=0.08),
            "span": functional.binary_cross_entropy(output["span"].clamp(1e-7, 1 - 1e-7),
                                                    target["span"]),
            "countdown": functional.huber_loss(output["countdown"], target["countdown"],
                                               delta=1.0)}


def training_total(model, losses):
    total = 0.0
    for task in TASKS:
        log_sigma = getattr(model, "log_sigma_" + task)
        total = total + losses[task] * torch.exp(-2.0 * log_sigma) / 2.0 + log_sigma
    return total


def read_features(path):
    """[N, T, D] of all windows, in the order of the window file."""
    with open(path, newline="") as file:
        rows = [[float(row[name]) for name in FEATURES] for row in csv.DictReader(file)]
    return torch.tensor(rows).reshape(-1, LENGTH, len(FEATURES))


def read_targets(path):
    """The targets of the four tasks, one row a window."""
    types = {"consolidation": 0, "retracement": 1}
    with open(path, newline="") as file:
        spans = [(int(row["expansion_start"]), int(row["expansion_end"]), types[row["type"]])
                 for row in csv.DictReader(file)]
    start = torch.tensor([span[0] for span in spans]).unsqueeze(1)
    end = torch.tensor([span[1] for span in spans]).unsqueeze(1)
    bar = torch.arange(LENGTH).unsqueeze(0)
    return {"type": torch.tensor([span[2] for span in spans]),
            "ptr": torch.cat([(start + end) / 2.0, (end - start).float()], dim=1) / LENGTH,
            "span": ((bar >= start) & (bar <= end)).float(),
            "countdown": (start - bar).clamp(-20, 20).float()}


def pick(target, rows):
    return {task: target[task][rows] for task in TASKS}


def train_epoch(model, optimizer, features, target, rows):
    """One pass over `rows` in a new order; the seconds of each full batch."""
    model.train()
    seconds = []
    order = rows[torch.randperm(len(rows))]
    for batch in order.split(BATCH):
        start = time.perf_counter()
        optimizer.zero_grad(set_to_none=True)
        losses = losses_of(model(features[batch]), pick(target, batch))
        training_total(model, losses).backward()
        optimizer.step()
        if len(batch) == BATCH:
            seconds.append(time.perf_counter() - start)
    return seconds


def validate(model, features, target, rows):
    """Mean over batches of the four losses; the seconds it took."""
    model.eval()
    start = time.perf_counter()
    sums = dict.fromkeys(TASKS, 0.0)
    batches = rows.split(BATCH)
    with torch.no_grad():
        for batch in batches:
            losses = losses_of(model(features[batch]), pick(target, batch))
            for task in TASKS:
                sums[task] += losses[task].item()
    means = {task: sums[task] / len(batches) for task in TASKS}
    return means, time.perf_counter() - start


def forward_seconds(model, features, windows, repeats):
    """Median seconds of a forward pass of that many windows in evaluation."""
    model.eval()
    x = features.repeat(2, 1, 1)[:windows]
    seconds = []
    with torch.no_grad():
        for _ in range(repeats):
            start = time.perf_counter()
            model(x)
            seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def main():
    torch.set_num_threads(OPTIONS.threads)
    features = read_features(OPTIONS.features)
    target = read_targets(OPTIONS.windows)
    order = torch.randperm(len(features), generator=torch.Generator().manual_seed(42))
    train_size = len(features) * 8 // 10
    train_rows, val_rows = order[:train_size], order[train_size:]

    torch.manual_seed(OPTIONS.seed)
    warm = Jade()
    warm_optimizer = torch.optim.AdamW(warm.parameters(), lr=1e-3, foreach=True)
    train_epoch(warm, warm_optimizer, features, target, train_rows[:2 * BATCH])

    torch.manual_seed(OPTIONS.seed)
    model = Jade()
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01, foreach=True)
    batch_seconds, val_seconds = [], []
    start = time.perf_counter()
    for _ in range(OPTIONS.epochs):
        batch_seconds += train_epoch(model, optimizer, features, target, train_rows)
        val_losses, seconds = validate(model, features, target, val_rows)
        val_seconds.append(seconds)
    training = time.perf_counter() - start

    print("parameters", sum(p.numel() for p in model.parameters()))
    print("threads", torch.get_num_threads())
    print("epochs", OPTIONS.epochs)
    print(f"training_s {training:.3f}")
    print(f"batch_ms {1e3 * statistics.median(batch_seconds):.3f}")
    print(f"validation_ms {1e3 * statistics.median(val_seconds):.3f}")
    print(f"one_window_ms {1e3 * forward_seconds(model, features, 1, 50):.3f}")
    print(f"windows_per_s {256 / forward_seconds(model, features, 256, 10):.0f}")
    for task in TASKS:
        print(f"val_{task} {val_losses[task]:.4f}")


if __name__ == "__main__":
    main()
