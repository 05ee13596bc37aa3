// The demo's page, section by section.
#include "spanlab/report/demo_report.h"

#include <fmt/format.h>

#include <algorithm>

#include "spanlab/base/text.h"
#include "spanlab/document/format.h"
#include "spanlab/fit/fit.h"
#include "spanlab/report/reports.h"

namespace spanlab {
namespace {

constexpr size_t kCharts = 6;

std::string text_of(const Interval& i) {
  return interval_text(i);
}

TextTable before_and_after(const DemoStory& story) {
  TextTable table{{"on unseen bars", "average precision", "F1", "segment F1@50"}, {}};
  const auto add = [&](const std::string& name, const std::vector<Interval>& metrics) {
    std::vector<std::string> row{name};
    for (const Metric m : {Metric::average_precision, Metric::f1, Metric::segment_f1_50}) {
      row.push_back(text_of(metrics[static_cast<size_t>(m)]));
    }
    table.rows.push_back(std::move(row));
  };
  add("failed recipe", story.baseline.model.metrics);
  // Fitted to the detector's labels, as in the table of the detector's test below.
  if (const Judged* rival = story.fit.test->strongest_trivial()) {
    add("best trivial predictor: " + rival->name, rival->metrics);
  }
  add("detector", story.fit.test->model.metrics);
  return table;
}

Bullets causes(const std::vector<Finding>& findings) {
  Bullets bullets;
  for (const Finding& finding : findings) {
    if (finding.severity == Severity::note) continue;
    bullets.items.push_back(fmt::format("**{}** {} ({}): {}", finding.rule, finding.title,
                                        name_of(finding.severity), finding.explanation));
  }
  return bullets;
}

/// Detections that show in a window, as first and last bar of it.
std::vector<std::pair<int, int>> detected_in(const DemoStory& story, const Window& window,
                                             int length) {
  std::vector<std::pair<int, int>> spans;
  for (const Detection& d : story.detections) {
    const BarRange shown = d.rows().common(window.rows(length));
    if (shown.empty()) continue;
    spans.emplace_back(static_cast<int>(shown.begin - window.first_row),
                       static_cast<int>(shown.end - 1 - window.first_row));
  }
  return spans;
}

CandleChart chart_of(const DemoStory& story, const Window& window, int length) {
  CandleChart chart;
  chart.title = fmt::format("Rows {} to {}", window.first_row, window.first_row + length - 1);
  for (int t = 0; t < length; ++t) {
    const Bar bar = story.series->bar(window.first_row + t);
    chart.bars.push_back({bar.open, bar.high, bar.low, bar.close});
  }
  for (const WindowSpan& span : window.spans) chart.labelled.emplace_back(span.start, span.end);
  chart.predicted = detected_in(story, window, length);
  return chart;
}

/// Windows with most spans and detections first, then in order of time.
std::vector<Window> windows_to_show(const DemoStory& story, int length) {
  std::vector<Window> windows = story.unseen;
  const auto busy = [&](const Window& w) {
    return w.spans.size() + detected_in(story, w, length).size();
  };
  std::stable_sort(windows.begin(), windows.end(),
                   [&](const Window& a, const Window& b) { return busy(a) > busy(b); });
  windows.resize(std::min(windows.size(), kCharts));
  std::sort(windows.begin(), windows.end(),
            [](const Window& a, const Window& b) { return a.first_row < b.first_row; });
  return windows;
}

}  // namespace

Document demo_report(const DemoStory& story) {
  const Detector& detector = story.fit.detector;
  Document document{"From a failed run to a working detector", {}};
  auto& blocks = document.blocks;
  blocks.emplace_back(before_and_after(story));
  if (story.ceiling_f1) {
    blocks.emplace_back(Paragraph{fmt::format(
        "The market is simulated, so the best possible F1 is known: {}, with the true parameters "
        "and all bars of the series, including later ones. The detector reaches {} of it.",
        number(*story.ceiling_f1, 3),
        percent(story.fit.test->model.metrics[static_cast<size_t>(Metric::f1)].value /
                    *story.ceiling_f1,
                0))});
  }
  blocks.emplace_back(Heading{2, "Why the first recipe failed, causes first"});
  blocks.emplace_back(causes(story.findings));
  blocks.emplace_back(Heading{2, "The detector"});
  const Document fit = fit_report(story.fit);
  blocks.insert(blocks.end(), fit.blocks.begin(), fit.blocks.end());
  blocks.emplace_back(Heading{2, "Detections on unseen bars"});
  blocks.emplace_back(Paragraph{fmt::format(
      "The windows with the most spans, of {}. Each shows the true spans and the detections of the "
      "stream with a delay of {} bars.",
      counted(static_cast<int64_t>(story.unseen.size()), "window"), detector.default_delay)});
  for (const Window& window : windows_to_show(story, detector.recipe.data.window)) {
    blocks.emplace_back(chart_of(story, window, detector.recipe.data.window));
  }
  return document;
}

}  // namespace spanlab
