// One block of text a finding.
#include "spanlab/report/reports.h"

#include <fmt/format.h>

#include "spanlab/report/report_sections.h"

namespace spanlab {
namespace {

std::string remedy_text(const Remedy& remedy) {
  std::string text = "To try: " + remedy.action;
  if (!text.ends_with('.')) text += ".";
  if (!remedy.patch.empty()) text += fmt::format(" `{}`", patch_text(remedy.patch));
  return text;
}

}  // namespace

std::string patch_text(const std::vector<std::string>& patch) {
  std::string text;
  for (const std::string& setting : patch) {
    text += fmt::format("{}--set '{}'", text.empty() ? "" : " ", setting);
  }
  return text;
}

Document findings_summary(const std::vector<Finding>& findings,
                          const std::vector<std::string>& notes) {
  Document document{"Findings", {}};
  add_notes(notes, document);
  if (findings.empty()) {
    document.blocks.emplace_back(Paragraph{"No rule fired."});
    return document;
  }
  document.blocks.emplace_back(Paragraph{"In order of cause: what to mend first stands first."});
  int place = 0;
  for (const Finding& finding : findings) {
    document.blocks.emplace_back(Heading{3, fmt::format("{}. {}: {} ({})", ++place, finding.rule,
                                                        finding.title, name_of(finding.severity))});
    document.blocks.emplace_back(Paragraph{finding.explanation});
    if (!finding.remedies.empty()) {
      document.blocks.emplace_back(Paragraph{remedy_text(finding.remedies.front())});
    }
  }
  return document;
}

}  // namespace spanlab
