// The end of a run's report: next experiments, criteria, files.
#include <fmt/format.h>

#include <algorithm>

#include "spanlab/base/text.h"
#include "spanlab/document/format.h"
#include "spanlab/lab/path.h"
#include "spanlab/report/report_sections.h"
#include "spanlab/report/run_commands.h"

namespace spanlab {
namespace {

void add_command(std::string command, Document& document) {
  if (!command.empty()) document.blocks.emplace_back(CodeBlock{std::move(command)});
}

void add_train_command(const RunEvidence& evidence, const std::string& program,
                       const std::vector<Task>& tasks, const std::string& name,
                       Document& document) {
  add_command(train_command(evidence, program, {tasks_patch(tasks)}, name), document);
}

void add_leave_out(const RunEvidence& evidence, const std::string& program, std::vector<Task> tasks,
                   Document& document) {
  std::erase(tasks, Task::countdown);
  add_text("First train without the countdown:", document);
  add_train_command(evidence, program, tasks, "no-countdown", document);
  add_text(fmt::format("If its span F1 is above {}, keep it as the new baseline. Otherwise train "
                       "the span task alone to isolate the problem:",
                       number(kLeadingF1, 2)),
           document);
  add_train_command(evidence, program, {Task::span}, "span-only", document);
}

void add_after_f1(const RunEvidence& evidence, const std::string& program,
                  const std::vector<Task>& tasks, Document& document) {
  const Trace f1 = metric_trace(evidence.record, &EpochMetricsRow::span_f1);
  if (f1.empty())
    return add_text("Span F1 was not recorded, so no next experiment is chosen.", document);
  const std::string figure =
      fmt::format("Span F1 at the last epoch is {}; the criterion is more than {}.",
                  number(f1.value.back(), 3), number(kLeadingF1, 2));
  if (f1.value.back() > kLeadingF1) {
    return add_text(figure + " Keep the recipe as the baseline.", document);
  }
  if (tasks.size() > 1) {
    add_text(figure + " Train the span task alone to isolate the problem:", document);
    add_train_command(evidence, program, {Task::span}, "span-only", document);
    return;
  }
  add_text(figure + " The span task is already trained alone: check features and labels next.",
           document);
}

// What a file of a run folder holds, by its name.
std::string contents_of(const std::string& name) {
  if (name == "recipe.toml") return "every setting of the run";
  if (name == "metadata.json") return "inputs, machine, state of the run";
  if (name == "findings.json") return "findings of the diagnosis";
  if (name.starts_with("report.")) return "report of the run";
  if (name.starts_with("checkpoint_epoch_")) return "weights and optimizer of an epoch";
  if (name == "best_model.safetensors") return "weights of the lowest validation loss";
  if (name == "resume_state.safetensors") return "state to resume from";
  for (const TableDescription& table : described_tables()) {
    if (name != table.form.file()) continue;
    std::string words(table.form.name);
    std::replace(words.begin(), words.end(), '_', ' ');
    return "table: " + words;
  }
  return "";
}

struct FileEntry {
  std::string name;
  uint64_t size;
};

std::vector<FileEntry> files_in(const std::filesystem::path& folder) {
  std::vector<FileEntry> files;
  std::error_code error;
  for (std::filesystem::directory_iterator at(folder, error), end; !error && at != end;
       at.increment(error)) {
    std::error_code ignored;
    if (!at->is_regular_file(ignored)) continue;
    if (at->path().filename().string().starts_with('.')) continue;  // the lock
    const uintmax_t size = at->file_size(ignored);
    if (!ignored) files.push_back({at->path().filename().string(), size});
  }
  std::sort(files.begin(), files.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  return files;
}

}  // namespace

void add_next_experiments(const RunEvidence& evidence, const std::string& program,
                          Document& document) {
  const std::vector<Task> tasks = learned_tasks(evidence);
  const auto has = [&](Task task) {
    return std::find(tasks.begin(), tasks.end(), task) != tasks.end();
  };
  if (!has(Task::span)) return;
  document.blocks.emplace_back(Heading{2, "Next experiments"});
  if (has(Task::countdown)) {
    add_leave_out(evidence, program, tasks, document);
  } else {
    add_after_f1(evidence, program, tasks, document);
  }
  add_text("Compare all remedies on the same splits, with several seeds:", document);
  add_command(lab_command(evidence, program), document);
}

void add_criteria(const RunEvidence& evidence, Document& document) {
  document.blocks.emplace_back(Heading{2, "Success criteria"});
  TextTable table{{"criterion", "target", "actual", "verdict"}, {}};
  int failed = 0, unknown = 0;
  for (const Criterion& c : criteria_of(evidence)) {
    failed += c.passed == false;
    unknown += !c.passed;
    const char* verdict = !c.passed ? "not known" : *c.passed ? "**PASS**" : "**FAIL**";
    table.rows.push_back({c.name, c.target, c.actual, verdict});
  }
  const auto count = static_cast<int>(table.rows.size());
  document.blocks.emplace_back(std::move(table));
  std::string overall = failed > 0    ? "Overall: **FAIL**"
                        : unknown > 0 ? "Overall: not known"
                                      : "Overall: **PASS**";
  overall += fmt::format(", {} of {} criteria are met", count - failed - unknown, count);
  if (unknown > 0) overall += fmt::format(", {} unknown", unknown);
  add_text(overall + ".", document);
  if (!evidence.recipe) {
    add_text("There is no recipe, so the criteria are the defaults.", document);
  }
}

void add_artifacts(const RunEvidence& evidence, Document& document) {
  const std::vector<FileEntry> files = files_in(evidence.folder);
  if (files.empty()) return;
  document.blocks.emplace_back(Heading{2, "Files"});
  TextTable table{{"file", "size", "contains"}, {}};
  uint64_t total = 0;
  for (const FileEntry& file : files) {
    total += file.size;
    table.rows.push_back({"`" + file.name + "`", file_size(file.size), contents_of(file.name)});
  }
  table.rows.push_back({fmt::format("**{}**", counted(static_cast<int64_t>(files.size()), "file")),
                        "**" + file_size(total) + "**", ""});
  document.blocks.emplace_back(std::move(table));
}

}  // namespace spanlab
