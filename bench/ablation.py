#!/usr/bin/python3
"""Ablation of recipes/best.toml: the lab on the recipe and on variants of it.

Variants take a family of features away or add one, use the first set of features, another head, another
treatment of unlabelled bars, or no mirror. All are trained on the same windows with the same seeds and
tested on the same held-out stretch; differences are paired (docs/lab.md). Writes lab.md into --out.
"""
import argparse
import os
import subprocess
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
BEST = os.path.abspath(os.path.join(HERE, "..", "recipes", "best.toml"))
RETURNS = ["return_1", "return_3", "return_5", "return_8", "return_13", "true_range"]
REGIME = ["volatility_10", "volatility_30"]
CUSUM = ["cusum_up", "cusum_down"]
BEST_FEATURES = RETURNS + REGIME + CUSUM
FIRST_SET = ["open_norm", "close_norm", "body_pct", "upper_wick_pct", "lower_wick_pct", "range_z",
             "dist_to_prev_SH", "dist_to_prev_SL", "bars_since_SH_norm", "bars_since_SL_norm",
             "expansion_proxy", "consol_proxy"]
FAMILIES = {
    "no-regime": RETURNS + CUSUM,
    "no-cusum": RETURNS + REGIME,
    "returns-only": RETURNS,
    "no-returns": REGIME + CUSUM,
    "with-efficiency": BEST_FEATURES + ["efficiency_5", "efficiency_10", "efficiency_20"],
    "with-channel": BEST_FEATURES + ["channel_10", "channel_30", "channel_60"],
    "with-scaled-candle": BEST_FEATURES + ["body_scaled", "upper_wick_scaled", "lower_wick_scaled"],
    "with-first-set": BEST_FEATURES + FIRST_SET,
    "first-set-only": FIRST_SET,
}
HEADS = {
    "head-bar": '[model]\nspan_head = "bar"\n',
    "head-bar-focal": '[model]\nspan_head = "bar"\n[loss]\nspan_loss = "focal"\n',
    "head-bar-dice": '[model]\nspan_head = "bar"\n[loss]\nspan_loss = "dice"\n',
    "head-bar-weighted": '[model]\nspan_head = "bar"\n[loss]\nspan_pos_weight = 8.0\n',
    "head-linear-chain": '[model]\nspan_head = "linear_chain"\n',
    "head-one-span": '[model]\nspan_head = "one_span"\n',
    "boundary-smoothing": "[loss]\nboundary_mass = 0.1\n",
    "no-mirror": '[train]\nmirror = "off"\n',
}
LABELS = {
    "ignored": '[loss]\nunlabelled = "ignored"\n',
    "one-span": '[model]\nspan_head = "one_span"\n',
    "bar-negative": '[model]\nspan_head = "bar"\n',
    "bar-ignored": '[model]\nspan_head = "bar"\n[loss]\nunlabelled = "ignored"\n',
    "bar-positive-unlabelled": '[model]\nspan_head = "bar"\n'
                               '[loss]\nunlabelled = "positive_unlabelled"\n',
}


def features_text(names):
    """A recipe's choice of features."""
    return "[data]\nfeatures = [" + ", ".join(f'"{name}"' for name in names) + "]\n"


def main():
    """Writes the variants and hands them to the lab."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--program", required=True, help="the built program")
    parser.add_argument("--bars", required=True)
    parser.add_argument("--windows", required=True)
    parser.add_argument("--test-spans", required=True, help="every span of the bars")
    parser.add_argument("--test-from", default="27364", help="first row of the held-out stretch")
    parser.add_argument("--what", choices=["features", "heads", "labels"], required=True,
                        help="labels: one labelled span a window; else all spans are labelled")
    parser.add_argument("--seeds", default="5")
    parser.add_argument("--out", required=True, help="folder for runs and report")
    options = parser.parse_args()
    variants = {"features": {k: features_text(v) for k, v in FAMILIES.items()},
                "heads": HEADS, "labels": LABELS}[options.what]
    folder = os.path.join(options.out, "recipes")
    os.makedirs(folder, exist_ok=True)
    files = []
    for name, text in variants.items():
        files.append(os.path.join(folder, name + ".toml"))
        with open(files[-1], "w", encoding="utf-8") as file:
            file.write(f'extends = "{BEST}"\n{text}')
    command = [options.program, "lab", "--recipe", BEST, "--bars", options.bars,
               "--windows", options.windows, "--test-spans", options.test_spans,
               "--test-from", options.test_from, "--remedies", "0", "--no-detector",
               "--seeds", options.seeds, "--out", options.out]
    for file in files:
        command += ["--also", file]
    if options.what != "labels":
        command += ["--spans", options.test_spans]
    sys.exit(subprocess.run(command, check=False).returncode)


if __name__ == "__main__":
    main()
