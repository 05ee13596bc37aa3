// A diagnosis for a terminal: the verdict, the causes to mend first, and what to do now.
#include "spanlab/report/reports.h"

#include <fmt/format.h>

#include <algorithm>

#include "spanlab/base/text.h"
#include "spanlab/document/format.h"
#include "spanlab/report/evaluation_report.h"
#include "spanlab/report/report_sections.h"
#include "spanlab/report/run_commands.h"

namespace spanlab {
namespace {

constexpr size_t kMainCauses = 3;

/// How the run ended, where nothing can be said of the spans it finds.
std::string verdict_by_tables(const RunEvidence& evidence) {
  const Trace f1 = metric_trace(evidence.record, &EpochMetricsRow::span_f1);
  if (f1.empty()) return "The span task was not trained or not recorded.";
  return fmt::format(
      "F1 at threshold 0.5 is {} at epoch {}. A better verdict needs the run's model and data.",
      number(f1.value.back(), 3), f1.epoch.back());
}

std::string verdict_of_run(const RunEvidence& evidence) {
  std::string text;
  if (evidence.metadata && evidence.metadata->status != RunStatus::completed) {
    text =
        fmt::format("The run is not complete ({} epochs). ", evidence.metadata->epochs_completed);
  }
  if (const CellCount cells = count_cells(evidence.record); cells.not_finite > 0) {
    text += fmt::format("Training failed: NaN or infinite values in its tables ({}). ",
                        counted(cells.not_finite, "value"));
  }
  return text +
         (evidence.evaluation ? verdict_of(*evidence.evaluation) : verdict_by_tables(evidence));
}

/// The number that made the rule fire.
std::string evidence_text(const Evidence& e) {
  std::string text = fmt::format("{}: {}", e.name, value_text(e.value, e.unit));
  if (e.limit) text += fmt::format(" (limit {})", value_text(*e.limit, e.unit));
  if (e.epoch) text += fmt::format(", epoch {}", *e.epoch);
  return text;
}

std::string remedy_text(const Remedy& remedy) {
  std::string text = "Remedy: " + remedy.action;
  if (!remedy.patch.empty()) text += fmt::format(" `{}`", patch_text(remedy.patch));
  return text;
}

void add_cause(const Finding& finding, size_t place, Document& document) {
  add_text(fmt::format("**{}. {}** ({}, {})", place, finding.title, finding.rule,
                       name_of(finding.severity)),
           document);
  Bullets facts;
  if (!finding.evidence.empty()) facts.items.push_back(evidence_text(finding.evidence.front()));
  if (!finding.remedies.empty()) facts.items.push_back(remedy_text(finding.remedies.front()));
  if (!facts.items.empty()) document.blocks.emplace_back(std::move(facts));
}

/// Trains with the first remedy that a recipe can express, and compares.
void add_first_remedy(const std::vector<const Finding*>& causes, const RunEvidence& evidence,
                      const std::string& program, Document& document) {
  for (const Finding* cause : causes) {
    for (const Remedy& remedy : cause->remedies) {
      if (remedy.patch.empty()) continue;
      add_text(fmt::format("Apply the remedy of {} and compare:", cause->rule), document);
      document.blocks.emplace_back(CodeBlock{fmt::format(
          "{}\n{} compare {} {}", train_command(evidence, program, remedy.patch, cause->rule),
          program, shell_word(evidence.folder.string()), folder_beside(evidence, cause->rule))});
      return;
    }
  }
}

void add_experiments(const std::vector<const Finding*>& causes, const RunEvidence& evidence,
                     const std::string& program, Document& document) {
  const std::string lab = lab_command(evidence, program);
  if (lab.empty()) return;  // no recipe, so no other command either
  document.blocks.emplace_back(Heading{2, "What to do now"});
  add_first_remedy(causes, evidence, program, document);
  add_text("Try all remedies on the same splits, with several seeds:", document);
  document.blocks.emplace_back(CodeBlock{lab});
}

void add_other_findings(const std::vector<Finding>& findings,
                        const std::vector<const Finding*>& causes, Document& document) {
  Bullets others;
  std::string notes;
  for (const Finding& finding : findings) {
    if (std::find(causes.begin(), causes.end(), &finding) != causes.end()) continue;
    if (finding.severity == Severity::note) {
      notes += (notes.empty() ? "Notes: " : ", ") + finding.rule;
    } else {
      others.items.push_back(
          fmt::format("{}: {} ({})", finding.rule, finding.title, name_of(finding.severity)));
    }
  }
  if (others.items.empty() && notes.empty()) return;
  document.blocks.emplace_back(Heading{2, "Other findings"});
  if (!others.items.empty()) document.blocks.emplace_back(std::move(others));
  if (!notes.empty()) add_text(notes, document);
}

}  // namespace

std::string patch_text(const std::vector<std::string>& patch) {
  std::string text;
  for (const std::string& setting : patch) {
    text += fmt::format("{}--set '{}'", text.empty() ? "" : " ", setting);
  }
  return text;
}

std::vector<const Finding*> main_causes(const std::vector<Finding>& findings) {
  std::vector<const Finding*> causes;
  for (const Severity severity : {Severity::high, Severity::medium}) {
    for (const Finding& finding : findings) {
      if (finding.severity == severity && causes.size() < kMainCauses) causes.push_back(&finding);
    }
  }
  std::sort(causes.begin(), causes.end());  // the order of the findings
  return causes;
}

Document diagnosis_summary(const std::vector<Finding>& findings, const RunEvidence& evidence) {
  Document document{"Diagnosis of " + run_name(evidence.folder), {}};
  add_notes(evidence.notes, document);
  add_text("**Verdict:** " + verdict_of_run(evidence), document);
  const std::vector<const Finding*> causes = main_causes(findings);
  if (causes.empty()) {
    add_text(findings.empty() ? "No rule fired."
                              : "No cause was found. The notes below may still matter.",
             document);
    return document;
  }
  document.blocks.emplace_back(
      Heading{2, causes.size() == 1 ? "Main cause" : "Main causes, in the order to remove them"});
  size_t place = 0;
  for (const Finding* cause : causes) add_cause(*cause, ++place, document);
  return document;
}

Document diagnosis_next(const std::vector<Finding>& findings, const RunEvidence& evidence,
                        const std::string& program) {
  Document document;
  const std::vector<const Finding*> causes = main_causes(findings);
  if (!causes.empty()) add_experiments(causes, evidence, program, document);
  add_other_findings(findings, causes, document);
  return document;
}

}  // namespace spanlab
