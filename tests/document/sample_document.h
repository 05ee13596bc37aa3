// A document with every kind of block, with hostile text and values that are not finite.
#pragma once

#include <cmath>
#include <limits>

#include "spanlab/document/document.h"

namespace spanlab::testing {

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
constexpr double kInfinity = std::numeric_limits<double>::infinity();

inline LineChart falling_losses(bool log_y) {
  LineChart chart{"Validation loss of each task", "epoch", "loss", {}, log_y, false};
  const std::vector<std::string> names{"span", "type", "pointers", "countdown"};
  for (const std::string& name : names) {
    const auto k = static_cast<double>(chart.lines.size()) + 1.0;
    LineChart::Line line{name, {}, name == "countdown"};
    for (int i = 0; i < 150; ++i) {
      const double y = k * std::exp(-0.03 * i) + 0.05 * std::sin(i * k) + 0.1;
      line.points.push_back({i + 1.0, i > 60 && i < 75 && name == "type" ? kNan : y});
    }
    chart.lines.push_back(line);
  }
  return chart;
}

inline LineChart gradient_shares() {
  LineChart chart{"Share of the gradient norm", "epoch", "share", {}, false, true};
  for (const char* name : {"span", "type", "pointers", "countdown"}) {
    LineChart::Line line{name, {}, false};
    const auto k = static_cast<double>(chart.lines.size());
    for (int i = 0; i < 80; ++i) {
      line.points.push_back({double(i + 1), 0.25 + 0.1 * std::sin(i / 9.0 + k * 1.5708)});
    }
    chart.lines.push_back(line);
  }
  return chart;
}

inline CandleChart one_window() {
  CandleChart chart{"Window `w0042`, missed", {}, {{62, 79}}, {{20, 24}, {66, 81}}, {}, 0.35};
  double price = 97123.4;
  for (int i = 0; i < 105; ++i) {
    const double step = 60.0 * std::sin(i * 1.7) + (i >= 62 && i < 80 ? 45.0 : 0.0);
    const double high = std::max(price, price + step) + 25.0 + 15.0 * std::sin(i * 2.3);
    const double low = std::min(price, price + step) - 25.0 - 15.0 * std::cos(i * 3.1);
    chart.bars.push_back({price, high, low, price + step});
    price += step;
    const double x = (i - 72.0) / 8.0;
    chart.probability.push_back(float(0.12 + 0.7 * std::exp(-x * x) + 0.05 * std::sin(i * 0.9)));
  }
  return chart;
}

inline IntervalChart remedies() {
  return {"Span F1 against the unchanged recipe",
          "difference of the mean",
          {{"without the countdown task", 0.061, 0.021, 0.102},
           {"grouped split", -0.034, -0.09, 0.013},
           {"weights of the span loss by the share of positive bars and a lower threshold", 0.118,
            0.071, 0.158},
           {"run that never ended", kNan, kNan, kNan},
           {"one seed only", 0.04, kNan, kNan}},
          0.0};
}

inline Document sample_document() {
  Document document;
  document.title = "Why the run `baseline` does not learn <spans> & what to do";
  document.blocks = {
      Heading{2, "What was found"},
      Paragraph{
          "The span loss **stalls** at `0.693` from epoch 3 on: a constant answer has that "
          "loss. See `train.balance = \"uncertainty\"` and </script><script>alert(1)</script>."},
      Bullets{{"**Certain.** The countdown takes 91.2 % of the gradient norm.",
               "The validation windows share bars with `412` training windows.",
               "a_name_with_underscores, a*star, a|pipe, [brackets](x) & 1 < 2"}},
      TextTable{
          {"rule", "finding", "value", "limit", "windows"},
          {{"D-01", "gradient of the countdown drowns the span task", "0.912", "0.500", "1204"},
           {"D-02", "validation **leaks** through `overlapping` windows", "34.1 %", "0.0 %", "412"},
           {"D-03", "cut short"},
           {"D-04", "a|pipe and a <tag>", "–", "0.279 [0.214, 0.350]", "7", "one more"}}},
      Heading{2, "How training went"},
      falling_losses(false),
      falling_losses(true),
      gradient_shares(),
      Heading{2, "What the model sees"},
      one_window(),
      Heading{3, "The same without spans"},
      CandleChart{"A quiet window",
                  {{1.0823, 1.0825, 1.0822, 1.0824},
                   {1.0824, 1.0826, 1.0824, 1.0824},
                   {kNan, kNan, kNan, kNan},
                   {1.0824, 1.0824, 1.0820, 1.0821}},
                  {},
                  {},
                  {},
                  0.5},
      Heading{2, "What helps"},
      remedies(),
      Heading{4, "The recipe"},
      CodeBlock{
          "[loss]\ncountdown = 0.0   # was 1.0\nkind = \"focal\"\n\nspanlab train recipe.toml "
          "--out runs/focal --seed 7 --data bars.csv --windows windows.csv --epochs 150 # long\n"},
      Heading{2, "Empty and odd"},
      Paragraph{""},
      Bullets{},
      CodeBlock{""},
      TextTable{},
      LineChart{"Nothing at all", "x", "y", {}, false, false},
      LineChart{"Nothing finite",
                "x",
                "y",
                {{"a", {{0, kNan}, {1, kInfinity}, {kNan, 2}}, false}},
                true,
                false},
      LineChart{"One point", "x", "", {{"a", {{3, 0.5}}, false}}, false, false},
      CandleChart{"", {}, {}, {}, {}, 0.5},
      IntervalChart{"No rows", "", {}, {}},
  };
  return document;
}

}  // namespace spanlab::testing
