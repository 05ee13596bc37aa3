// The calls of a run: the internal steps, with one Job around each.
#include "spanlab/facade/run_shared.h"

#include <fmt/format.h>

#include <utility>

#include "spanlab/base/error.h"
#include "spanlab/base/file.h"
#include "spanlab/diagnose/diagnose.h"
#include "spanlab/evaluate/compare.h"
#include "spanlab/evaluate/evaluate_run.h"
#include "spanlab/evaluate/run_evidence.h"
#include "spanlab/report/evaluation_report.h"
#include "spanlab/report/reports.h"
#include "spanlab/train/run.h"

namespace spanlab {
namespace {

/// What should be known before the first epoch.
std::vector<std::string> notes_of(const RunStart& start) {
  std::vector<std::string> notes;
  if (start.resumed && start.epochs_done == 0) {
    notes.emplace_back(
        "no checkpoint was saved before the interruption: training restarts at epoch 1");
  }
  if (start.validation == 0) {
    notes.emplace_back(
        "there are no validation windows: the best model is selected by training loss");
  }
  if (start.leaking > 0) {
    notes.push_back(
        fmt::format("{} of {} validation windows share bars with training windows, so their scores "
                    "are too good; set split.kind=grouped to separate them",
                    start.leaking, start.validation));
  }
  if (start.left_out > 0) {
    notes.push_back(fmt::format(
        "{} windows share bars with both sides of the split and are excluded", start.left_out));
  }
  if (start.unlabelled_train == start.train) {
    notes.emplace_back(
        "no training window contains a span: the model can only learn to predict 'outside'");
  } else if (start.types_in_training < 2) {
    notes.emplace_back("all training windows have the same type: the type task has only one class");
  }
  if (start.validation > 0 && start.unlabelled_validation == start.validation) {
    notes.emplace_back("no validation window contains a span: span F1 is 0 for any prediction");
  }
  return notes;
}

Progress progress_of(const RunStart& start, int epochs) {
  Progress progress{"training", start.epochs_done, epochs, {}, notes_of(start)};
  progress.figures = {{"windows", start.windows},
                      {"training windows", start.train},
                      {"validation windows", start.validation},
                      {"parameters", static_cast<double>(start.parameters)},
                      {"threads", start.threads},
                      {"faults in the bars", static_cast<double>(start.bar_faults)},
                      {"tensors from start weights", start.started}};
  return progress;
}

Progress progress_of(const EpochReport& report) {
  Progress progress{"training", report.epoch, report.epochs, {}, {}};
  progress.figures.emplace_back("training loss", report.train_loss);
  if (const auto& v = report.validation) {
    progress.figures.emplace_back("validation loss", v->loss);
    if (v->span_f1) progress.figures.emplace_back("span F1", *v->span_f1);
    if (v->separation) progress.figures.emplace_back("separation", *v->separation);
    for (size_t t = 0; t < kTaskCount; ++t) {
      if (!v->task[t]) continue;
      progress.figures.emplace_back(fmt::format("loss {}", kTaskNames[t]), *v->task[t]);
      progress.figures.emplace_back(fmt::format("weight {}", kTaskNames[t]), report.weights[t]);
    }
  }
  return progress;
}

RunOptions options_of(const Job& job, int epochs) {
  RunOptions options;
  options.threads = job.thread_count();
  options.on_start = [&job, epochs](const RunStart& start) {
    job.report(progress_of(start, epochs));
  };
  options.hooks.on_epoch = [&job](const EpochReport& report) { job.report(progress_of(report)); };
  options.hooks.stop_requested = [&job] { return job.stopped(); };
  return options;
}

RunSummary summary_of(const RunResult& result) {
  if (result.loop.stopped) {
    throw Stopped(fmt::format("stopped after epoch {}", result.loop.progress.epoch));
  }
  return {result.loop.progress.epoch,
          result.loop.progress.best_epoch,
          result.loop.progress.first_bad_epoch,
          result.weights_hash,
          result.seconds,
          result.was_complete};
}

}  // namespace

Run Run::train(const Recipe& recipe, const Labelled& labelled, const std::filesystem::path& folder,
               const Job& job, const StartWeights& start) {
  const TrainingData data = TrainingData::viewing(labelled, start);
  Run run(folder);
  run.summary_ = summary_of(train_run(recipe, data, folder, options_of(job, recipe.train.epochs)));
  return run;
}

void Run::resume(const Job& job) {
  // Without a recipe there is no run, which resume_run() tells best.
  const bool is_run = is_there(folder_ / "recipe.toml");
  const int epochs = is_run ? recipe().train.epochs : 0;
  summary_ = summary_of(resume_run(folder_, options_of(job, epochs)));
}

RunRecord Run::tables() const {
  return read_run_record(folder_);
}

Metadata Run::metadata() const {
  return read_metadata(folder_ / "metadata.json");
}

Recipe Run::recipe() const {
  return read_recipe(folder_ / "recipe.toml");
}

Labelled Run::data() const {
  return read_run_data(folder_, metadata(), recipe().data.window).labelled();
}

Tested Run::evaluate(const std::optional<HeldOut>& held_out, const Job& job) const {
  const StopScope scope(job);
  const int threads = job.thread_count();
  const RunEvidence run = gather_run(folder_, threads);
  Tested tested{evaluate_run(run, held_out, threads), run.notes, {}, {}};
  tested.summary = evaluation_summary(tested.figures, tested.notes);
  tested.report = evaluation_report(tested.figures, tested.notes);
  return tested;
}

Diagnosis Run::diagnose(const Job& job, const std::string& program) const {
  return diagnosis_of(folder_, nullptr, job, program);
}

Diagnosis diagnosis_of(const std::filesystem::path& folder, const TrainingData* data,
                       const Job& job, const std::string& program) {
  const StopScope scope(job);
  const RunEvidence evidence = gather_evidence(folder, job.thread_count(), data);
  Diagnosis diagnosis;
  diagnosis.findings = diagnose(evidence);
  diagnosis.notes = evidence.notes;
  diagnosis.report = run_report(evidence, diagnosis.findings, program);
  diagnosis.summary = diagnosis_summary(diagnosis.findings, evidence);
  diagnosis.next = diagnosis_next(diagnosis.findings, evidence, program);
  diagnosis.json = findings_json(diagnosis.findings, evidence);
  return diagnosis;
}

void write_diagnosis(const Diagnosis& diagnosis, const std::filesystem::path& folder) {
  write_file_atomically(folder / "findings.json", diagnosis.json);
  write_document(folder / "report.md", diagnosis.report);
  write_document(folder / "report.html", diagnosis.report);
}

void write_document(const std::filesystem::path& path, const Document& document) {
  const bool html = path.extension() == ".html";
  if (!html && path.extension() != ".md") {
    throw Error(path.string() + ": a report must be a .html or .md file",
                "name it " + std::filesystem::path(path).replace_extension(".html").string());
  }
  write_file_atomically(path, html ? html_of(document) : markdown_of(document));
}

RunsCompared compare(const std::vector<Run>& runs, const std::optional<HeldOut>& held_out,
                     const Job& job) {
  const StopScope scope(job);
  std::vector<std::filesystem::path> folders;
  for (const Run& run : runs) folders.push_back(run.folder());
  const RunComparison compared = compare_runs(folders, held_out, job.thread_count());
  const Comparison& figures = compared;
  return {figures, compare_report(compared)};
}

}  // namespace spanlab
