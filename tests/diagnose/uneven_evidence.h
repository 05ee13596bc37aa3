// Healthy evidence in which the two phases and all columns differ, so that a rule that reads the
// wrong one says something else; and findings as text for golden files.
#pragma once

#include <fmt/format.h>

#include <cmath>
#include <cstddef>
#include <string>
#include <utility>

#include "spanlab/diagnose/diagnose.h"
#include "tests/diagnose/fired.h"
#include "tests/diagnose/make_evidence.h"

namespace spanlab::test {

/// Moves the validation rows, and the columns that are alike in healthy evidence, apart.
inline void make_uneven(RunRecord& record) {
  for (LossComponentsRow& row : record.loss_components) {
    if (row.phase != Phase::val) continue;
    row.total_loss = 0;
    for (size_t t = 0; t < kTaskCount; ++t) {
      row.loss[t] = *row.loss[t] * (1.02 + 0.013 * static_cast<double>(t));
      row.total_loss = *row.total_loss + *row.loss[t];
    }
    for (EpochMetricsRow& metrics : record.epoch_metrics) {
      if (metrics.epoch == row.epoch) metrics.val_loss = row.total_loss;
    }
  }
  for (EpochMetricsRow& row : record.epoch_metrics) {
    row.span_precision = *row.span_f1 + 0.07;
    row.span_recall = *row.span_f1 - 0.03;
    row.epoch_time = 1 + 0.01 * row.epoch;
  }
  for (InitialLossesRow& row : record.initial_losses) {
    if (row.phase != Phase::val) continue;
    for (Cell& loss : row.loss) *loss *= 1.01;
  }
  for (ProbabilityStatsRow& row : record.probability_stats) {
    if (row.phase != Phase::train) continue;
    row.in_span.mean += 0.023;
    row.in_span.max += 0.013F;
    row.out_span.mean += 0.011;
    row.separation += 0.012;
  }
  // As far from its limits as validation features may be: rules read the training windows'.
  for (FeatureStatsRow& row : record.feature_stats) {
    if (row.phase == Phase::val) row.values = {-0.17, 1.7, -5, 5, 1};
  }
}

inline RunEvidence uneven_evidence() {
  RunEvidence evidence = healthy_evidence();
  make_uneven(evidence.record);
  return evidence;
}

/// With data, model and evaluation.
inline RunEvidence uneven_whole() {
  RunEvidence evidence = whole_evidence();
  make_uneven(evidence.record);
  return evidence;
}

/// Four significant digits: findings must not depend on the last bits of a sum.
inline std::string rounded(double value) {
  return std::abs(value) < 1e-12 ? "0" : fmt::format("{:.4g}", value);
}

inline std::string text_of(const Finding& f) {
  std::string text =
      fmt::format("{} {}: {}\n  {}\n", f.rule, name_of(f.severity), f.title, f.explanation);
  for (const Evidence& e : f.evidence) {
    text += fmt::format("  - {}: {} {}", e.name, rounded(e.value), e.unit);
    if (e.limit) text += fmt::format(", limit {}", rounded(*e.limit));
    if (e.epoch) text += fmt::format(", epoch {}", *e.epoch);
    text += fmt::format(" ({})\n", e.file);
  }
  for (const Remedy& remedy : f.remedies) {
    text += fmt::format("  > {} [{}] {}\n", remedy.action, fmt::join(remedy.patch, "; "),
                        remedy.expected);
  }
  return text;
}

/// The rule of evidence without fault.
inline constexpr const char* kNoRule = "none";

/// All findings by their rules in the order of diagnose(), and one of them in full.
inline std::string text_of(const std::string& fault, const std::string& rule,
                           const RunEvidence& evidence) {
  std::string order, full;
  for (const Finding& finding : diagnose(evidence)) {
    order += " " + finding.rule;
    if (finding.rule == rule) full = text_of(finding);
  }
  EXPECT_EQ(full.empty(), rule == kNoRule) << fault << ": does " << rule << " fire?";
  return fmt::format("## {}\nfindings:{}\n{}\n", fault, order, full);
}

}  // namespace spanlab::test
