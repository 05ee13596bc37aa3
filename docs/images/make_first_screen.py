#!/usr/bin/env python3
"""Draws docs/images/first_screen.svg, the picture at the top of README.md, from the demo's files.

  ./run demo
  docs/images/make_first_screen.py runs/demo docs/images/first_screen.svg

Left: bars that no training window reaches, with the true spans and the detector's spans.
Right: three findings about the run that failed, each with its first figure.
"""

import csv
import json
import pathlib
import sys
import textwrap

FIRST_ROW, BARS = 33155, 105
LEFT, TOP, BAR, CHART_HEIGHT = 24, 66, 5.6, 196
PANEL = LEFT + BARS * BAR + 40  # left edge of the diagnosis
WIDTH, HEIGHT = 1040, 344
RISE, FALL, TRUE, FOUND = "#3a8f6b", "#b4553f", "#7a6bb5", "#2468a8"


def rows_of(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def text(x, y, words, size=13, color="#333", weight="normal"):
    words = words.replace("&", "&amp;").replace("<", "&lt;")
    return (f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{color}" '
            f'font-weight="{weight}">{words}</text>')


def box(x, y, width, height, color, opacity=1.0):
    return (f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" '
            f'fill="{color}" fill-opacity="{opacity}"/>')


def candles(bars):
    high = max(float(bar["high"]) for bar in bars)
    low = min(float(bar["low"]) for bar in bars)

    def y(price):
        return TOP + (high - float(price)) / (high - low) * CHART_HEIGHT

    parts = []
    for t, bar in enumerate(bars):
        color = RISE if float(bar["close"]) >= float(bar["open"]) else FALL
        top, bottom = sorted((y(bar["open"]), y(bar["close"])))
        x = LEFT + t * BAR
        parts.append(box(x + BAR / 2 - 0.4, y(bar["high"]), 0.8, y(bar["low"]) - y(bar["high"]), color))
        parts.append(box(x + 0.8, top, BAR - 1.6, max(bottom - top, 1), color))
    return parts


def track(spans, y, label, color):
    """A row of spans under the chart, and their shade behind the bars."""
    parts = [text(LEFT, y - 4, label, 12, color, "bold")]
    for span in spans:
        first = max(int(span["start_row"]), FIRST_ROW) - FIRST_ROW
        last = min(int(span["end_row"]), FIRST_ROW + BARS - 1) - FIRST_ROW
        if last < 0 or first >= BARS:
            continue
        x, width = LEFT + first * BAR, (last - first + 1) * BAR
        parts.append(box(x, y, width, 8, color))
        if color == FOUND:
            parts.append(box(x, TOP - 4, width, CHART_HEIGHT + 8, color, 0.10))
    return parts


def finding_lines(finding):
    """Title and first figure of a finding."""
    figure = finding["evidence"][0]
    unit = f" {figure['unit']}" if figure["unit"] else ""
    limit = "" if figure["limit"] is None else f" (limit {figure['limit']:.3g}{unit})"
    return finding["title"], f"{figure['name']}: {figure['value']:.3g}{unit}{limit}"


def diagnosis(findings):
    """The first finding about data, about the balance of the tasks and about the probabilities."""
    chosen = [next(f for f in findings if f["rule"][0] == family) for family in "DMC"]
    parts = [text(PANEL, 30, "Why the first run failed", 16, "#111", "bold"),
             text(PANEL, 49, f"three of {len(findings)} findings, causes first", 12, "#666")]
    y = 84
    for finding in chosen:
        title, figure = finding_lines(finding)
        top = y - 12
        for weight, size, words in (("bold", 13, f"{finding['rule']}  {title}"), ("normal", 12, figure)):
            for line in textwrap.wrap(words, 46):
                parts.append(text(PANEL + 12, y, line, size, "#222", weight))
                y += 17
        parts.append(box(PANEL, top, 3, y - 17 - top + 5, FALL))
        y += 16
    return parts


def main():
    demo, target = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    bars = rows_of(demo / "data/bars.csv")[FIRST_ROW:FIRST_ROW + BARS]
    findings = json.loads((demo / "run/findings.json").read_text())["findings"]
    parts = [box(0, 0, WIDTH, HEIGHT, "#ffffff"),
             text(LEFT, 30, "What the detector finds", 16, "#111", "bold"),
             text(LEFT, 49, f"{BARS} one-minute bars that no training window reaches", 12, "#666")]
    found = track(rows_of(demo / "detections.csv"), TOP + CHART_HEIGHT + 58, "detected", FOUND)
    parts += found + candles(bars)
    parts += track(rows_of(demo / "data/spans.csv"), TOP + CHART_HEIGHT + 26, "true spans", TRUE)
    parts += diagnosis(findings)
    target.write_text(f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" '
                      f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="Helvetica, Arial, sans-serif">\n'
                      + "\n".join(parts) + "\n</svg>\n")


if __name__ == "__main__":
    main()
