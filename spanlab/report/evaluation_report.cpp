// Tables and texts of an evaluation.
#include "spanlab/report/evaluation_report.h"

#include <fmt/format.h>

#include <array>
#include <cmath>

#include "spanlab/base/text.h"
#include "spanlab/document/format.h"
#include "spanlab/metrics/calibration.h"
#include "spanlab/report/report_sections.h"

namespace spanlab {
namespace {

constexpr std::array kMainMetrics{Metric::average_precision, Metric::f1};
constexpr std::array kFurtherMetrics{Metric::f1_at_half, Metric::segment_f1_50, Metric::edit,
                                     Metric::hit3, Metric::brier_skill};

std::vector<std::string> predictor_row(const Judged& judged) {
  std::vector<std::string> row{judged.name};
  for (const Metric metric : kMainMetrics) row.push_back(interval_text(of(judged.metrics, metric)));
  row.push_back(judged.gain.empty() ? ""
                                    : interval_text(of(judged.gain, Metric::average_precision)));
  return row;
}

/// An error and what a constant answer has; none where the task is off.
void add_task_row(const std::string& name, double value, double level, TextTable& table) {
  if (!std::isfinite(value)) return;
  table.rows.push_back({name, number(value, 3), number(level, 3)});
}

std::string threshold_text(const Evaluation& evaluation) {
  return fmt::format(
      "The threshold is {}, which has the best F1 on {}; at 0.5, F1 is {}. Intervals are 95 % from "
      "a bootstrap over groups with {} draws.",
      number(evaluation.model.threshold, 3), evaluation.threshold_from,
      interval_text(of(evaluation.model.metrics, Metric::f1_at_half)), kEvaluationDraws);
}

/// Which predictors the model beats, by the interval of the paired difference.
std::string gain_text(const Evaluation& evaluation) {
  int beaten = 0;
  std::string rest;
  for (const Judged& trivial : evaluation.trivial) {
    if (of(trivial.gain, Metric::average_precision).low > 0) {
      ++beaten;
    } else {
      rest += (rest.empty() ? "" : ", ") + trivial.name;
    }
  }
  std::string text = fmt::format(
      "In average precision the model is significantly better than {} of {} trivial predictors.",
      beaten, evaluation.trivial.size());
  if (!rest.empty()) text += fmt::format(" It is not significantly better than: {}.", rest);
  return text;
}

IntervalChart gain_chart(const Evaluation& evaluation) {
  IntervalChart chart{"Gain of the model in average precision", "difference", {}, 0.0};
  for (const Judged& trivial : evaluation.trivial) {
    const Interval& gain = of(trivial.gain, Metric::average_precision);
    if (!std::isfinite(gain.value)) continue;
    chart.rows.push_back({"over " + trivial.name, gain.value, gain.low, gain.high});
  }
  return chart;
}

Bullets descriptions(const Evaluation& evaluation) {
  Bullets bullets;
  for (const Judged& trivial : evaluation.trivial) {
    bullets.items.push_back(trivial.name + ": " + trivial.description);
  }
  return bullets;
}

}  // namespace

std::string verdict_of(const Evaluation& evaluation) {
  const Interval& reached = of(evaluation.model.metrics, Metric::average_precision);
  if (!std::isfinite(reached.value)) {
    return "The model cannot be judged: no tested bar is inside a span.";
  }
  const Judged* rival = evaluation.strongest_trivial();
  if (rival != nullptr &&
      of(rival->metrics, Metric::average_precision).value <= evaluation.base_rate()) {
    rival = nullptr;  // no more than the base rate, which is reported anyway
  }
  const std::string figure = "average precision " + interval_text(reached);
  const std::string rivals =
      rival == nullptr ? ""
                       : fmt::format(", {} {}", rival->name,
                                     interval_text(of(rival->metrics, Metric::average_precision)));
  const std::string base = ", base rate " + number(evaluation.base_rate(), 3);
  // Without intervals the values decide.
  const auto above = [](const Interval& i, double level) {
    return (std::isfinite(i.low) ? i.low : i.value) > level;
  };
  const auto below = [](const Interval& i, double level) {
    return (std::isfinite(i.high) ? i.high : i.value) < level;
  };
  std::string verdict;
  if (!above(reached, evaluation.base_rate())) {
    verdict = "The model does not find spans better than chance";
  } else if (rival == nullptr) {
    verdict = "The model finds spans better than chance";
  } else if (const Interval& gain = of(rival->gain, Metric::average_precision); below(gain, 0)) {
    verdict = fmt::format("The model is worse than a trivial predictor, {}", rival->name);
  } else if (!above(gain, 0)) {
    verdict = fmt::format("The model is not shown to be better than a trivial predictor, {}",
                          rival->name);
  } else {
    verdict = "The model is better than every trivial predictor";
  }
  return verdict + ": " + figure + rivals + base + ".";
}

std::string tested_windows_text(const Evaluation& evaluation) {
  return fmt::format("{} ({}, {}), {} of {} bars inside spans ({})",
                     counted(evaluation.windows, "window"), counted(evaluation.groups, "group"),
                     counted(evaluation.spans, "span"), evaluation.positives,
                     static_cast<int64_t>(evaluation.windows) * evaluation.length,
                     percent(evaluation.base_rate(), 1));
}

TextTable predictor_table(const Evaluation& evaluation) {
  TextTable table{{"predictor"}, {}};
  for (const Metric metric : kMainMetrics) table.header.emplace_back(info_of(metric).label);
  table.header.emplace_back("the model's gain in average precision");
  table.rows.push_back(predictor_row(evaluation.model));
  for (const Judged& trivial : evaluation.trivial) table.rows.push_back(predictor_row(trivial));
  return table;
}

TextTable further_table(const Evaluation& evaluation) {
  TextTable table{{"predictor"}, {}};
  for (const Metric metric : kFurtherMetrics) table.header.emplace_back(info_of(metric).label);
  const auto add = [&](const Judged& judged) {
    std::vector<std::string> row{judged.name};
    for (const Metric m : kFurtherMetrics) row.push_back(number(of(judged.metrics, m).value, 3));
    table.rows.push_back(std::move(row));
  };
  add(evaluation.model);
  for (const Judged& trivial : evaluation.trivial) add(trivial);
  const ChanceLevels& chance = evaluation.chance;
  table.rows.push_back(
      {"a span drawn from the training windows", "–", "–", "–", number(chance.hit3, 3), "–"});
  return table;
}

TextTable task_table(const TaskMetrics& tasks) {
  TextTable table{{"other tasks", "model", "constant prediction"}, {}};
  add_task_row("type accuracy", tasks.type_accuracy, tasks.type_majority, table);
  add_task_row("type accuracy, mean of the classes", tasks.type_balanced_accuracy, 0.5, table);
  add_task_row("center error, bars", tasks.center_error, tasks.center_level, table);
  add_task_row("length error, bars", tasks.length_error, tasks.length_level, table);
  add_task_row("countdown error, bars", tasks.countdown_error, tasks.countdown_level, table);
  return table;
}

TextTable metric_table_of(const std::vector<Interval>& metrics) {
  TextTable table{{"metric", "value [95 % interval]", "meaning"}, {}};
  for (size_t m = 0; m < metrics.size(); ++m) {
    const MetricInfo& info = metric_table()[m];
    table.rows.push_back(
        {std::string(info.label), interval_text(metrics[m]), std::string(info.help)});
  }
  return table;
}

LineChart reliability_chart(const Evaluation& evaluation) {
  LineChart chart{"Reliability", "mean probability", "fraction of bars inside spans", {}};
  LineChart::Line model{"model", {}}, perfect{"perfect", {{0, 0}}, true};
  const ScoredWindows scored{evaluation.windows, evaluation.length, evaluation.model.test_scores,
                             evaluation.mask, evaluation.group};
  for (const ReliabilityBin& bin : reliability_curve(scored, 10)) {
    model.points.push_back({bin.probability, bin.observed});
    perfect.points.push_back({bin.probability, bin.probability});
  }
  chart.lines = {std::move(model), std::move(perfect)};
  return chart;
}

void add_evaluation(const Evaluation& evaluation, Document& document) {
  document.blocks.emplace_back(Paragraph{
      fmt::format("Tested on {}: {}.", evaluation.tested_on, tested_windows_text(evaluation))});
  document.blocks.emplace_back(Paragraph{threshold_text(evaluation)});
  document.blocks.emplace_back(predictor_table(evaluation));
  document.blocks.emplace_back(Paragraph{gain_text(evaluation)});
  document.blocks.emplace_back(further_table(evaluation));
  document.blocks.emplace_back(descriptions(evaluation));
  if (TextTable tasks = task_table(evaluation.tasks); !tasks.rows.empty()) {
    document.blocks.emplace_back(std::move(tasks));
  }
  if (IntervalChart chart = gain_chart(evaluation); !chart.rows.empty()) {
    document.blocks.emplace_back(std::move(chart));
  }
}

Document evaluation_summary(const Evaluation& evaluation, const std::vector<std::string>& notes) {
  Document document{"Evaluation", {}};
  add_notes(notes, document);
  add_text("**Verdict:** " + verdict_of(evaluation), document);
  add_evaluation(evaluation, document);
  return document;
}

Document evaluation_report(const Evaluation& evaluation, const std::vector<std::string>& notes) {
  Document document = evaluation_summary(evaluation, notes);
  document.blocks.emplace_back(Heading{2, "All metrics of the model"});
  document.blocks.emplace_back(metric_table_of(evaluation.model.metrics));
  document.blocks.emplace_back(reliability_chart(evaluation));
  return document;
}

}  // namespace spanlab
