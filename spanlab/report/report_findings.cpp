// The findings of a run's report in full, and their remedies as a table.
#include <fmt/format.h>

#include "spanlab/document/format.h"
#include "spanlab/report/report_sections.h"
#include "spanlab/report/reports.h"

namespace spanlab {
namespace {

TextTable evidence_table(const std::vector<Evidence>& evidence) {
  TextTable table{{"evidence", "value", "limit", "epoch", "from"}, {}};
  for (const Evidence& e : evidence) {
    table.rows.push_back({e.name, value_text(e.value, e.unit),
                          e.limit ? value_text(*e.limit, e.unit) : "",
                          e.epoch ? std::to_string(*e.epoch) : "", e.file});
  }
  return table;
}

std::string title_of(const std::vector<Finding>& findings, const std::string& rule) {
  for (const Finding& f : findings) {
    if (f.rule == rule) return f.title;
  }
  return "";
}

// Only findings that are there: what did not happen does not follow.
std::string consequences(const Finding& finding, const std::vector<Finding>& findings) {
  std::string text;
  for (const std::string& rule : finding.leads_to) {
    const std::string title = title_of(findings, rule);
    if (!title.empty()) text += fmt::format("{}{} ({})", text.empty() ? "" : ", ", title, rule);
  }
  return text;
}

// A patch that several findings ask for has one row, with all their rules.
void add_remedy_row(const Remedy& remedy, const std::string& rule, TextTable& table) {
  const std::string patch =
      remedy.patch.empty() ? "" : fmt::format("`{}`", patch_text(remedy.patch));
  for (std::vector<std::string>& row : table.rows) {
    if (patch.empty() ? row[0] != remedy.action : row[1] != patch) continue;
    if (!row[3].ends_with(rule)) row[3] += ", " + rule;
    return;
  }
  table.rows.push_back({remedy.action, patch, remedy.expected, rule});
}

void add_remedy(const Remedy& remedy, Document& document) {
  add_text("**To try:** " + remedy.action + " Expected: " + remedy.expected, document);
  if (!remedy.patch.empty()) document.blocks.emplace_back(CodeBlock{patch_text(remedy.patch)});
}

void add_finding(const Finding& f, int place, const std::vector<Finding>& findings,
                 Document& document) {
  document.blocks.emplace_back(
      Heading{3, fmt::format("{}. {} ({}, {})", place, f.title, f.rule, name_of(f.severity))});
  add_text(f.explanation, document);
  if (!f.evidence.empty()) document.blocks.emplace_back(evidence_table(f.evidence));
  if (!f.mistaken_for.empty()) add_text("**Can be mistaken for:** " + f.mistaken_for, document);
  if (const std::string text = consequences(f, findings); !text.empty()) {
    add_text("**May lead to:** " + text, document);
  }
  for (const Remedy& remedy : f.remedies) add_remedy(remedy, document);
}

}  // namespace

void add_findings(const std::vector<Finding>& findings, Document& document) {
  document.blocks.emplace_back(Heading{2, "What went wrong"});
  if (findings.empty()) return add_text("No rule fired.", document);
  add_text("Causes first: remove the first finding first.", document);
  int place = 0;
  for (const Finding& finding : findings) add_finding(finding, ++place, findings, document);
}

void add_remedies(const std::vector<Finding>& findings, Document& document) {
  TextTable table{{"remedy", "patch", "expected effect", "rule"}, {}};
  for (const Finding& f : findings) {
    for (const Remedy& remedy : f.remedies) add_remedy_row(remedy, f.rule, table);
  }
  if (table.rows.empty()) return;
  document.blocks.emplace_back(Heading{2, "Remedies"});
  document.blocks.emplace_back(std::move(table));
}

}  // namespace spanlab
