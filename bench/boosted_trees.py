#!/usr/bin/python3
"""Boosted trees on the bars around each bar, as a detector to compare with.

Trains XGBoost on the bars of labelled windows, tests it on windows side by side from --test-from on
against the spans of the whole series, and prints average precision and F1 with 95 % intervals from a
bootstrap over test windows.

Every bar is one row of a table: its inputs, those of --context bars to either side, and sums over
more bars to either side. Unlike a model that reads one window, the rows at a window's edges see the
bars beyond it.

Models of five folds of whole groups (windows that share a bar or a base window) stop where their
own fold's log loss is lowest; the threshold is the one of highest F1 on the bars of these folds, each
predicted by the model that did not train on it; the test bars get the mean of the five models.
Nothing is tuned on the test bars.

Needs numpy, pandas and xgboost (Debian: python3-pandas, python3-xgboost, python3-sklearn).
"""
import argparse

import numpy as np
import pandas as pd
import xgboost

FOLDS = 5
SCALE_BARS = 120
SUMS = (3, 5, 8, 13)
LONG_SUMS = (20, 40, 80)


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("--bars", required=True)
    parser.add_argument("--features", help="table that `spanlab features` writes for these bars")
    parser.add_argument("--columns", help="features to take of that table, with commas between them"
                                          " (default: all)")
    parser.add_argument("--spans", required=True, help="all spans of the series")
    parser.add_argument("--windows", required=True, help="training windows")
    parser.add_argument("--length", type=int, default=105, help="bars of a window")
    parser.add_argument("--test-from", type=int, required=True)
    parser.add_argument("--test-count", type=int, required=True, help="number of test windows")
    parser.add_argument("--context", type=int, default=10, help="bars to either side")
    parser.add_argument("--against", help="table that `spanlab detect --probabilities` writes: its"
                                          " average precision less the trees', in pairs")
    parser.add_argument("--seeds", type=int, default=3, help="repeats, with other folds")
    parser.add_argument("--threads", type=int, default=1)
    return parser.parse_args()


def scaled_returns(bars):
    """[bars, 6]: return, sums of returns, true range; all over the mean |return| of 120 bars."""
    close = bars["close"].to_numpy(float)
    change = np.diff(close, prepend=close[0])
    before = np.concatenate([close[:1], close[:-1]])
    high, low = bars["high"].to_numpy(float), bars["low"].to_numpy(float)
    true_range = np.maximum(high, before) - np.minimum(low, before)
    rolling = pd.Series(np.abs(change)).rolling(SCALE_BARS, min_periods=1)
    scale = np.maximum(rolling.mean().to_numpy(), 1e-9)
    columns = [change / scale, true_range / scale]
    total = np.concatenate([[0.0], np.cumsum(change)])
    for k in SUMS:
        first = np.maximum(np.arange(len(close)) - k + 1, 0)
        columns.append((total[1:] - total[first]) / (scale * np.sqrt(k)))
    return np.stack(columns, axis=1)


def features(path, columns):
    """[bars, columns]: the table that `spanlab features` writes, or the named columns of it."""
    table = pd.read_csv(path).drop(columns="row")
    return table[columns.split(",") if columns else table.columns].to_numpy(float)


def with_context(inputs, context):
    """[bars, columns]: the inputs and their sizes `context` bars to either side, and means of them
    over more bars before and behind. Bars that do not exist are NaN."""
    frame = pd.DataFrame(inputs)
    both = pd.concat([frame, frame.abs()], axis=1)
    parts = [frame.shift(shift) for shift in range(-context, context + 1)]
    for k in LONG_SUMS:
        past = both.rolling(k, min_periods=k // 2).mean()
        parts += [past, past.shift(-k)]
    return pd.concat(parts, axis=1).to_numpy(np.float32)


def mask_of_spans(spans, bars):
    mask = np.zeros(bars, bool)
    for first, last in zip(spans["start_row"], spans["end_row"]):
        mask[first:last + 1] = True
    return mask


def groups_of(windows, length):
    """A number for each window: windows that share a bar, by chains too, or a base window have the
    same one."""
    number = np.arange(len(windows))
    first = windows["first_row"].to_numpy()
    order = np.argsort(first, kind="stable")
    for before, after in zip(order, order[1:]):
        if first[after] < first[before] + length:
            number[number == number[after]] = number[before]
    for base in windows["base_window_id"].unique():
        same = np.flatnonzero(windows["base_window_id"] == base)
        number[np.isin(number, number[same])] = number[same[0]]
    return number


def training_rows(windows, length, mask, labels):
    """Row, label and group of every bar of every training window. `complete`: all spans of the
    series; `single`: the window's own span only."""
    rows = windows["first_row"].to_numpy()[:, None] + np.arange(length)
    group = np.repeat(groups_of(windows, length), length)
    if labels == "complete":
        return rows.ravel(), mask[rows].ravel(), group
    place = np.arange(length)
    first = windows["expansion_start"].to_numpy()[:, None]
    last = windows["expansion_end"].to_numpy()[:, None]
    return rows.ravel(), ((place >= first) & (place <= last)).ravel(), group


def average_precision(score, label):
    order = np.argsort(-score, kind="stable")
    score, label = score[order], label[order]
    ends = np.append(np.flatnonzero(np.diff(score)), len(score) - 1)  # ties go together
    hits = np.cumsum(label)[ends]
    return np.sum(np.diff(hits, prepend=0) * hits / (ends + 1)) / max(hits[-1], 1)


def best_threshold(score, label):
    order = np.argsort(-score, kind="stable")
    hits = np.cumsum(label[order])
    f1 = 2 * hits / (np.arange(1, len(score) + 1) + label.sum())
    return score[order][np.argmax(f1)]


def f1_score(predicted, label):
    return 2 * np.sum(predicted & label) / max(predicted.sum() + label.sum(), 1)


def train(table, label, group, test_table, seed, threads):
    """Out-of-fold predictions of the training rows and the mean prediction of the test rows."""
    groups = np.unique(group)
    fold_of_group = np.random.default_rng(seed).permutation(len(groups)) % FOLDS
    fold = fold_of_group[np.searchsorted(groups, group)]
    out_of_fold, test, rounds = np.zeros(len(label)), np.zeros(len(test_table)), []
    settings = {"objective": "binary:logistic", "eval_metric": "logloss", "eta": 0.1,
                "max_depth": 4, "min_child_weight": 10, "subsample": 0.7, "colsample_bynode": 0.2,
                "lambda": 5.0, "tree_method": "hist", "max_bin": 64, "nthread": threads, "seed": seed}
    test_matrix = xgboost.DMatrix(test_table)
    for k in range(FOLDS):
        inside = fold == k
        held = xgboost.DMatrix(table[inside], label=label[inside])
        model = xgboost.train(settings, xgboost.DMatrix(table[~inside], label=label[~inside]), 1500,
                              evals=[(held, "held")], early_stopping_rounds=25,
                              verbose_eval=False)
        until = (0, model.best_iteration + 1)
        rounds.append(until[1])
        out_of_fold[inside] = model.predict(held, iteration_range=until)
        test += model.predict(test_matrix, iteration_range=until) / FOLDS
    return out_of_fold, test, rounds


def interval(measure, windows, draws=1000):
    """95 % of `measure(indices of bars)` over draws of test windows; bars [windows, length]."""
    random = np.random.default_rng(1)
    values = [measure(windows[random.integers(0, len(windows), len(windows))].ravel())
              for _ in range(draws)]
    return np.percentile(values, [2.5, 97.5])


def main():
    options = parse_arguments()
    bars, spans = pd.read_csv(options.bars), pd.read_csv(options.spans)
    windows = pd.read_csv(options.windows)
    mask = mask_of_spans(spans, len(bars))
    test_count = options.test_count * options.length
    test_rows = options.test_from + np.arange(test_count)
    truth = mask[test_rows]
    places = np.arange(test_count).reshape(options.test_count, options.length)
    inputs = {"returns": scaled_returns(bars)}
    if options.features:
        inputs["features"] = features(options.features, options.columns)
    groups = len(np.unique(groups_of(windows, options.length)))
    print(f"{len(windows)} windows in {groups} groups; {options.test_count} test windows, "
          f"{truth.mean():.4f} of their bars inside spans", flush=True)
    for name, values in inputs.items():
        table = with_context(values, options.context)
        for labels in ("complete", "single"):
            rows, label, group = training_rows(windows, options.length, mask, labels)
            runs = [train(table[rows], label, group, table[test_rows], seed, options.threads)
                    for seed in range(options.seeds)]
            held = np.mean([run[0] for run in runs], axis=0)
            score = np.mean([run[1] for run in runs], axis=0)
            predicted = score >= best_threshold(held, label)
            low, high = interval(lambda i, s=score: average_precision(s[i], truth[i]), places)
            low_f1, high_f1 = interval(lambda i, p=predicted: f1_score(p[i], truth[i]), places)
            print(f"{name:<9} {labels:<9} {table.shape[1]:>4} columns, {label.mean():.3f} labelled,"
                  f" {np.mean([run[2] for run in runs]):.0f} rounds |"
                  f" own folds AP {average_precision(held, label):.3f} |"
                  f" test AP {average_precision(score, truth):.3f} ({low:.3f} .. {high:.3f})"
                  f" F1 {f1_score(predicted, truth):.3f} ({low_f1:.3f} .. {high_f1:.3f})",
                  flush=True)
            if options.against:
                other = pd.read_csv(options.against)["probability"].to_numpy(float)[test_rows]

                def gain(i, s=score, o=other):
                    return average_precision(o[i], truth[i]) - average_precision(s[i], truth[i])

                low, high = interval(gain, places)
                print(f"          the other's average precision is higher by "
                      f"{gain(places.ravel()):.3f} ({low:.3f} .. {high:.3f})", flush=True)


if __name__ == "__main__":
    main()
