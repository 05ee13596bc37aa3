// Runs the rules and puts their findings in order of cause.
#include "spanlab/diagnose/diagnose.h"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "spanlab/base/job.h"

namespace spanlab {
namespace {

std::vector<Rule> joined_families() {
  std::vector<Rule> all;
  // Among findings of equal reach and severity this order decides: broken numbers first, then what
  // is wrong with the training, with what it learns from, and last what came of it.
  for (const auto family : {numeric_rules, optimisation_rules, balancing_rules, data_rules,
                            label_rules, generalisation_rules, detection_rules}) {
    for (Rule& rule : family()) all.push_back(std::move(rule));
  }
  return all;
}

// Fills in what all findings of the rule share.
Finding completed(Finding finding, const Rule& rule) {
  finding.rule = rule.id;
  if (finding.title.empty()) finding.title = rule.title;
  finding.mistaken_for = rule.mistaken_for;
  finding.leads_to.assign(rule.leads_to.begin(), rule.leads_to.end());
  return finding;
}

// leads[i][j]: finding j may follow from finding i, directly.
using Edges = std::vector<std::vector<bool>>;

Edges edges_between(const std::vector<Finding>& findings) {
  Edges leads(findings.size(), std::vector<bool>(findings.size(), false));
  for (size_t i = 0; i < findings.size(); ++i) {
    const std::vector<std::string>& to = findings[i].leads_to;
    for (size_t j = 0; j < findings.size(); ++j) {
      leads[i][j] = i != j && std::find(to.begin(), to.end(), findings[j].rule) != to.end();
    }
  }
  return leads;
}

// The same over any number of steps (Warshall).
Edges reach_of(Edges leads) {
  const size_t n = leads.size();
  for (size_t k = 0; k < n; ++k) {
    for (size_t i = 0; i < n; ++i) {
      for (size_t j = 0; j < n; ++j) leads[i][j] = leads[i][j] || (leads[i][k] && leads[k][j]);
    }
  }
  return leads;
}

// Picks the findings one after the other: causes before what may follow from them; what follows
// from the ones picked before the next root; and of the roots those first from which something of
// high severity follows.
class CausalOrder {
 public:
  explicit CausalOrder(const std::vector<Finding>& findings)
      : findings_(findings),
        leads_(edges_between(findings)),
        reach_(reach_of(leads_)),
        picked_(findings.size(), false) {}

  std::vector<size_t> order() {
    std::vector<size_t> order;
    while (order.size() < findings_.size()) {
      order.push_back(best());
      picked_[order.back()] = true;
    }
    return order;
  }

 private:
  bool waits(size_t i) const {
    for (size_t j = 0; j < findings_.size(); ++j) {
      // Two findings that lead to one another do not wait for one another.
      if (!picked_[j] && reach_[j][i] && !reach_[i][j]) return true;
    }
    return false;
  }
  bool follows(size_t i) const {
    for (size_t j = 0; j < findings_.size(); ++j) {
      if (picked_[j] && reach_[j][i]) return true;
    }
    return false;
  }
  /// Whether a finding of high severity that is not picked yet may follow.
  bool leads_to_high(size_t i) const {
    for (size_t j = 0; j < findings_.size(); ++j) {
      if (i != j && !picked_[j] && reach_[i][j] && findings_[j].severity == Severity::high) {
        return true;
      }
    }
    return false;
  }
  // The greatest key goes first; among equals the first of the registry.
  auto key(size_t i) const {
    return std::tuple(!waits(i), follows(i), leads_to_high(i), findings_[i].severity);
  }
  size_t best() const {
    size_t best = findings_.size();
    for (size_t i = 0; i < findings_.size(); ++i) {
      if (!picked_[i] && (best == findings_.size() || key(i) > key(best))) best = i;
    }
    return best;
  }

  const std::vector<Finding>& findings_;
  Edges leads_, reach_;
  std::vector<bool> picked_;
};

}  // namespace

const std::vector<Rule>& all_rules() {
  static const std::vector<Rule> rules = joined_families();
  return rules;
}

std::string rules_table() {
  std::string table =
      "| rule | finding | measures | fires | can be mistaken for | may lead to |\n"
      "|---|---|---|---|---|---|\n";
  for (const Rule& rule : all_rules()) {
    table += fmt::format("| {} | {} | {} | {} | {} | {} |\n", rule.id, rule.title, rule.measures,
                         rule.threshold, rule.mistaken_for, fmt::join(rule.leads_to, ", "));
  }
  return table;
}

std::vector<Finding> in_causal_order(const std::vector<Finding>& findings) {
  std::vector<Finding> ordered;
  for (const size_t i : CausalOrder(findings).order()) ordered.push_back(findings[i]);
  return ordered;
}

std::vector<Finding> diagnose(const RunEvidence& evidence) {
  std::vector<Finding> findings;
  for (const Rule& rule : all_rules()) {
    check_stop();
    if (auto finding = rule.check(evidence)) {
      findings.push_back(completed(std::move(*finding), rule));
    }
  }
  return in_causal_order(findings);
}

}  // namespace spanlab
