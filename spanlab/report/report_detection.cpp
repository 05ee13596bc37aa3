// Detection in a run's report: probabilities inside and outside spans, their ranking, and the model
// compared with trivial predictors.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "spanlab/document/format.h"
#include "spanlab/report/evaluation_report.h"
#include "spanlab/report/report_sections.h"

namespace spanlab {
namespace {

struct ProbabilityTraces {
  Trace inside, outside;
};

ProbabilityTraces probabilities_of(const RunRecord& record) {
  ProbabilityTraces train, val;
  for (const ProbabilityStatsRow& row : record.probability_stats) {
    ProbabilityTraces& traces = row.phase == Phase::val ? val : train;
    traces.inside.add(row.epoch, row.in_span.mean);
    traces.outside.add(row.epoch, row.out_span.mean);
  }
  return val.inside.empty() && val.outside.empty() ? train : val;
}

void add_row(const std::string& name, const Trace& trace, TextTable& table) {
  if (trace.empty()) return;
  table.rows.push_back({name, number(trace.value.front(), 3), number(trace.value.back(), 3),
                        change_text(trace.value.front(), trace.value.back())});
}

std::string separation_text(const RunEvidence& evidence, const Trace& apart) {
  if (apart.empty()) return "";
  const double wanted = settings_of_run(evidence).criteria.separation, last = apart.value.back();
  const auto best = std::max_element(apart.value.begin(), apart.value.end()) - apart.value.begin();
  const auto at = static_cast<size_t>(best);
  return fmt::format(
      "At the last epoch, the mean probability of bars inside spans is {} {} than that of bars "
      "outside (target: {}). The largest separation is {}, at epoch {}.",
      number(std::abs(last), 3), last >= 0 ? "more" : "less", number(wanted, 2),
      number(apart.value[at], 3), apart.epoch[at]);
}

Trace ranking_trace(const RunRecord& record, double RankingStatsRow::*column) {
  Trace trace;
  for (const RankingStatsRow& row : record.ranking_stats) trace.add(row.epoch, row.*column);
  return trace;
}

void add_ranking(const RunRecord& record, Document& document) {
  const Trace precision = ranking_trace(record, &RankingStatsRow::average_precision);
  const Trace auroc = ranking_trace(record, &RankingStatsRow::auroc);
  TextTable table{{"ranking of the bars", "first", "last", "change"}, {}};
  add_row("average precision", precision, table);
  add_row("AUROC", auroc, table);
  add_row("highest probability", ranking_trace(record, &RankingStatsRow::max_probability), table);
  add_row("best F1 over all thresholds", ranking_trace(record, &RankingStatsRow::best_f1), table);
  if (table.rows.empty()) {
    return add_text("The ranking of the bars was not recorded.", document);
  }
  document.blocks.emplace_back(std::move(table));
  add_chart({"Ranking of the bars",
             "epoch",
             "",
             {line_of("average precision", precision), line_of("AUROC", auroc)}},
            document);
}

}  // namespace

void add_probabilities(const RunEvidence& evidence, Document& document) {
  const ProbabilityTraces traces = probabilities_of(evidence.record);
  const Trace apart = separation_trace(evidence.record);
  TextTable table{{"probability", "first", "last", "change"}, {}};
  add_row("mean inside spans", traces.inside, table);
  add_row("mean outside spans", traces.outside, table);
  if (!apart.empty()) {
    table.rows.push_back(
        {"separation", number(apart.value.front(), 3), number(apart.value.back(), 3), ""});
  }
  if (table.rows.empty()) return;
  document.blocks.emplace_back(Heading{2, "Probabilities inside and outside spans"});
  document.blocks.emplace_back(std::move(table));
  if (std::string text = separation_text(evidence, apart); !text.empty()) add_text(text, document);
  add_chart({"Separation", "epoch", "inside minus outside", {line_of("separation", apart)}},
            document);
  add_chart({"Mean probability",
             "epoch",
             "probability",
             {line_of("inside spans", traces.inside), line_of("outside spans", traces.outside)}},
            document);
  add_ranking(evidence.record, document);
  if (evidence.evaluation) add_chart(reliability_chart(*evidence.evaluation), document);
}

void add_comparison(const RunEvidence& evidence, Document& document) {
  document.blocks.emplace_back(Heading{2, "Comparison with trivial predictors"});
  if (!evidence.evaluation) {
    return add_text("Not evaluated: the run's inputs, model and validation windows are needed.",
                    document);
  }
  add_evaluation(*evidence.evaluation, document);
}

}  // namespace spanlab
