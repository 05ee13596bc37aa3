#!/usr/bin/python3
"""The effect of pre-training by number of labelled windows: average precision of the runs.

For each number of labelled windows (nested random subsets of the base windows, another one for each
seed) a recipe is trained from scratch, from masked pre-training on the unlabelled bars before the
held-out stretch, and from a run on windows of other instruments that the hindsight rule labelled.
All are tested on the same held-out stretch. Prints a Markdown table: means over the seeds, and the
differences from scratch, paired by seed, with 95 % t-intervals.
"""
import argparse
import concurrent.futures
import csv
import math
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))
RECIPE = os.path.join(HERE, "..", "recipes", "best.toml")
SCRATCH, MASKED, WEAK = "from scratch", "masked pre-training", "weak labels of other bars"
# 97.5 % points of Student's t for 1, 2, .. degrees of freedom.
STUDENT = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179,
           2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--program", required=True, help="the built program")
    parser.add_argument("--recipe", default=RECIPE)
    parser.add_argument("--bars", required=True)
    parser.add_argument("--windows", required=True, help="labelled windows of these bars")
    parser.add_argument("--spans", required=True, help="all spans of these bars")
    parser.add_argument("--test-from", required=True, help="first row of the held-out stretch")
    parser.add_argument("--other-bars", nargs="*", default=[],
                        help="other instruments, trained on in turn with hindsight labels")
    parser.add_argument("--counts", type=int, nargs="+", default=[25, 50, 100, 174],
                        help="labelled windows")
    parser.add_argument("--seeds", type=int, default=5)
    parser.add_argument("--minutes", type=float, default=math.inf,
                        help="begin no further seed after this time")
    parser.add_argument("--pretrain-epochs", type=int, default=20)
    parser.add_argument("--started-set", nargs="*", default=[],
                        help="settings of the runs that start from weights, such as "
                        "train.freeze_encoder=10")
    parser.add_argument("--jobs", type=int, default=1, help="trainings at the same time")
    return parser.parse_args()


def call(*command):
    """Runs a command; its stdout. Ends the script with the command's messages if it fails."""
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{done.stderr}error: this failed: {' '.join(command)}")
    return done.stdout


def settings(texts):
    return [word for text in texts for word in ("--set", text)]


def train(options, seed, out, bars, windows, spans, start=None, extra=()):
    """A run on all of the windows; its folder."""
    call(options.program, "train", options.recipe, "--bars", bars, "--windows", windows, "--spans",
         spans, "--out", out, "--threads", "1", "--quiet",
         *settings(["split.validation=0", "record.diagnostics_every=0", f"train.seed={seed}",
                    *extra]), *(["--start-from", start] if start else []))
    return out


def average_precision(options, run):
    """Of the run's last checkpoint on the held-out stretch."""
    report = os.path.join(run, "evaluation.md")
    call(options.program, "evaluate", run, "--test-spans", options.spans, "--test-from",
         options.test_from, "--threads", "1", "--out", report)
    with open(report, encoding="utf-8") as file:
        found = re.search(r"^\| model \| ([0-9.]+)", file.read(), re.MULTILINE)
    return float(found.group(1))


def base_windows(path):
    """The header and the rows of the windows that are no shifted copies of others."""
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    own, base = rows[0].index("window_id"), rows[0].index("base_window_id")
    return rows[0], [row for row in rows[1:] if row[own] == row[base]]


def write_subset(options, folder, seed, count):
    header, rows = base_windows(options.windows)
    if count > len(rows):
        sys.exit(f"error: {options.windows} has {len(rows)} base windows, {count} are asked for")
    random.Random(seed).shuffle(rows)  # the first `count` of one order: the subsets are nested
    path = os.path.join(folder, f"windows-{seed}-{count}.csv")
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows[:count]])
    return path


def other_data(options, folder):
    """Bars, windows and spans of each other instrument."""
    data = []
    for i, bars in enumerate(options.other_bars):
        spans, windows = (os.path.join(folder, f"{name}-{i}.csv") for name in ("spans", "tiles"))
        call(options.program, "label", "hindsight", "--bars", bars, "--out", spans)
        call(options.program, "windows", "tile", "--bars", bars, "--spans", spans, "--out", windows)
        data.append((bars, windows, spans))
    return data


def masked_start(options, folder, seed):
    out = os.path.join(folder, f"masked-{seed}.safetensors")
    text = call(options.program, "pretrain", "--recipe", options.recipe, "--bars", options.bars,
                "--rows-before", options.test_from, "--out", out, "--epochs",
                str(options.pretrain_epochs), "--threads", "1", "--quiet", "--set",
                f"train.seed={seed}")
    print(f"<!-- seed {seed}: " + "; ".join(
        " ".join(line.split()) for line in text.splitlines()[2:6]) + " -->", flush=True)
    return out


def weak_start(options, folder, seed, data):
    start = None
    for i, (bars, windows, spans) in enumerate(data):
        run = train(options, seed, os.path.join(folder, f"weak-{seed}-{i}"), bars, windows, spans,
                    start)
        start = os.path.join(run, "best_model.safetensors")
    return start


def scores_of(options, pool, folder, seed, data):
    """Average precision by (kind, count) for one seed."""
    starts = {SCRATCH: None}
    waiting = {MASKED: pool.submit(masked_start, options, folder, seed)}
    if data:
        waiting[WEAK] = pool.submit(weak_start, options, folder, seed, data)
    starts.update({kind: job.result() for kind, job in waiting.items()})

    windows = {count: write_subset(options, folder, seed, count) for count in options.counts}

    def score(kind, count):
        run = train(options, seed, os.path.join(folder, f"{kind}-{seed}-{count}".replace(" ", "-")),
                    options.bars, windows[count], options.spans, starts[kind],
                    options.started_set if starts[kind] else ())
        return average_precision(options, run)

    jobs = {(kind, count): pool.submit(score, kind, count)
            for count in reversed(options.counts) for kind in starts}
    return {key: job.result() for key, job in jobs.items()}


def interval(differences):
    mean, n = statistics.mean(differences), len(differences)
    if n < 2:
        return f"{mean:+.3f}"
    t = STUDENT[n - 2] if n - 2 < len(STUDENT) else 1.96
    half = t * statistics.stdev(differences) / math.sqrt(n)
    return f"{mean:+.3f} [{mean - half:+.3f}, {mean + half:+.3f}]"


def print_table(options, scores):
    kinds = [kind for kind in (SCRATCH, MASKED, WEAK) if (kind, options.counts[0]) in scores[0]]
    print(f"\nAverage precision on the held-out stretch, mean of {len(scores)} seeds; difference from "
          "scratch, paired by seed, with its 95 % t-interval.\n")
    print("| labelled windows | " + " | ".join(
        kind if kind == SCRATCH else f"{kind} | difference" for kind in kinds) + " |")
    print("|---:|" + "---:|" * (2 * len(kinds) - 1))
    for count in options.counts:
        cells = []
        for kind in kinds:
            values = [of_seed[kind, count] for of_seed in scores]
            cells.append(f"{statistics.mean(values):.3f}")
            if kind != SCRATCH:
                cells.append(interval([value - of_seed[SCRATCH, count]
                                       for value, of_seed in zip(values, scores)]))
        print(f"| {count} | " + " | ".join(cells) + " |", flush=True)


def main():
    options = parse_arguments()
    begin = time.monotonic()
    scores = []
    with tempfile.TemporaryDirectory() as folder, \
            concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        data = other_data(options, folder)
        for seed in range(options.seeds):
            if time.monotonic() - begin > 60 * options.minutes:
                break
            scores.append(scores_of(options, pool, folder, seed, data))
            print(f"<!-- {len(scores)} of {options.seeds} seeds, "
                  f"{time.monotonic() - begin:.0f} s -->", flush=True)
    print_table(options, scores)


if __name__ == "__main__":
    main()
