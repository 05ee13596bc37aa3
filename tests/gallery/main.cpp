// The gallery of faults: breaks a healthy set-up in many ways, three seeds each, and measures which
// rules fire; then what the proposed remedies bring. Prints the tables of docs/diagnosis.md.
//
//   fault_gallery [PART OF A NAME]     only the faults and controls whose name holds it
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <cstdio>
#include <map>
#include <set>
#include <string>

#include "spanlab/base/error.h"
#include "spanlab/base/parallel.h"
#include "spanlab/document/format.h"
#include "spanlab/metrics/metric_draws.h"
#include "tests/gallery/trial.h"
#include "tests/temporary_folder.h"

namespace spanlab::gallery {
namespace {

constexpr int kSeeds = 3;
constexpr double kWantedRecall = 0.95;
constexpr int kWantedRemedies = 15;

/// The trials of one set-up, a seed each.
struct Case {
  std::string name;
  std::vector<std::string> rules;  ///< of a fault: the right ones
  std::function<void(Setup&)> apply;
  std::vector<Trial> trials;

  int right() const {
    return static_cast<int>(std::count_if(trials.begin(), trials.end(), [&](const Trial& t) {
      return find_any(t.findings, rules) != nullptr;
    }));
  }
};

/// Runs every case with every seed, as many at a time as there are processors.
void run_all(std::vector<Case>& cases, const std::filesystem::path& folder) {
  ThreadPool pool(available_processors());
  for (Case& c : cases) c.trials.resize(kSeeds);
  const int count = static_cast<int>(cases.size());
  std::atomic<int> done{0};
  // Seed by seed, so that the long cases do not all fall to one thread.
  pool.run(count * kSeeds, [&](int item) {
    const auto i = static_cast<size_t>(item % count), seed = static_cast<size_t>(item / count);
    Setup setup = healthy_setup(seed + 1);
    cases[i].apply(setup);
    cases[i].trials[seed] = run_trial(setup, folder / std::to_string(item));
    fmt::print(stderr, "\r{} of {} runs ", ++done, count * kSeeds);
  });
  fmt::print(stderr, "\n");
}

std::string joined(const std::vector<std::string>& words) {
  return fmt::format("{}", fmt::join(words, ", "));
}

double average_precision_of(const std::vector<Trial>& trials) {
  std::vector<MetricDraws> drawn;
  for (const Trial& trial : trials) drawn.push_back(trial.held_out);
  return mean_over_repetitions(drawn, 1).value[static_cast<size_t>(Metric::average_precision)];
}

/// Which rules fired how often: "M1 3, D2 3, C1 2"; those of high severity in bold.
std::string fired(const Case& c, bool only_high) {
  std::map<std::string, int> count;
  std::set<std::string> high;
  std::vector<std::string> order;
  for (const Trial& trial : c.trials) {
    for (const Finding& finding : trial.findings) {
      if (count[finding.rule]++ == 0) order.push_back(finding.rule);
      if (finding.severity == Severity::high) high.insert(finding.rule);
    }
    if (!trial.error.empty()) order.push_back("error: " + trial.error);
  }
  std::string text;
  for (const std::string& rule : order) {
    if (only_high && !high.contains(rule)) continue;
    const std::string entry = count[rule] > 0 ? fmt::format("{} {}", rule, count[rule]) : rule;
    text += fmt::format("{}{}", text.empty() ? "" : ", ",
                        high.contains(rule) ? "**" + entry + "**" : entry);
  }
  return text.empty() ? "–" : text;
}

/// Returns the share of faulty runs in which a right rule fired.
double print_faults(const std::vector<Case>& faults) {
  fmt::print(
      "| fault | right rules | fired | all findings, in order of cause (runs) |\n"
      "|---|---|---|---|\n");
  int right = 0;
  for (const Case& fault : faults) {
    right += fault.right();
    fmt::print("| {} | {} | {}/{} | {} |\n", fault.name, joined(fault.rules), fault.right(), kSeeds,
               fired(fault, false));
  }
  const auto runs = static_cast<double>(faults.size() * kSeeds);
  fmt::print("\nA right rule fired in {} of {} runs of {} faults ({}).\n\n", right, runs,
             faults.size(), percent(right / runs, 1));
  return right / runs;
}

/// Returns how many runs have a finding of high severity.
int print_controls(const std::vector<Case>& controls) {
  fmt::print(
      "| control | average precision, held out | findings of high severity | all findings "
      "(runs) |\n|---|---|---|---|\n");
  int alarms = 0;
  for (const Case& control : controls) {
    for (const Trial& trial : control.trials) {
      alarms += std::any_of(trial.findings.begin(), trial.findings.end(),
                            [](const Finding& f) { return f.severity == Severity::high; });
    }
    fmt::print("| {} | {} | {} | {} |\n", control.name,
               number(average_precision_of(control.trials), 3), fired(control, true),
               fired(control, false));
  }
  fmt::print("\n{} of {} runs of {} healthy controls have a finding of high severity.\n\n", alarms,
             controls.size() * kSeeds, controls.size());
  return alarms;
}

/// "`train.clip_norm=1` `train.epochs=20`"; a list of features as the number that it holds.
std::string patch_text(const std::vector<std::string>& patch) {
  std::string text;
  for (const std::string& setting : patch) {
    text += text.empty() ? "" : " ";
    text += setting.starts_with("data.features")
                ? fmt::format("`data.features=` {} of the 12",
                              std::count(setting.begin(), setting.end(), ',') + 1)
                : "`" + setting + "`";
  }
  return text;
}

/// A right finding and its first patch.
struct Proposal {
  std::string rule, title;
  std::vector<std::string> patch;
};

/// Of the first trial and finding that propose one; none with an empty patch.
Proposal proposal_of(const Case& fault) {
  for (const Trial& trial : fault.trials) {
    for (const Finding& finding : trial.findings) {
      if (find_any({finding}, fault.rules) == nullptr) continue;
      for (const Remedy& remedy : finding.remedies) {
        if (!remedy.patch.empty()) return {finding.rule, finding.title, remedy.patch};
      }
    }
  }
  return {};
}

/// Whether the run ended well and the same finding was not made: "Countdown dominates the loss" is
/// gone even if another task dominates then.
bool is_gone(const Proposal& proposal, const Trial& trial) {
  return trial.error.empty() &&
         std::none_of(trial.findings.begin(), trial.findings.end(), [&](const Finding& f) {
           return f.rule == proposal.rule && f.title == proposal.title;
         });
}

/// Runs the faults again with their remedies; returns how many were verified.
int print_remedies(const std::vector<Case>& faults, const std::filesystem::path& folder) {
  std::vector<Case> remedied;
  std::vector<const Case*> before;
  std::vector<Proposal> proposals;
  for (const Case& fault : faults) {
    Proposal proposal = proposal_of(fault);
    if (proposal.patch.empty()) continue;
    before.push_back(&fault);
    remedied.push_back({fault.name,
                        fault.rules,
                        [&fault, patch = proposal.patch](Setup& setup) {
                          fault.apply(setup);
                          set(setup, patch);
                        },
                        {}});
    proposals.push_back(std::move(proposal));
  }
  run_all(remedied, folder);
  fmt::print(
      "| fault | remedy | finding gone | average precision before | after | difference [95 %] | "
      "verdict |\n|---|---|---|---|---|---|---|\n");
  int verified = 0;
  for (size_t i = 0; i < remedied.size(); ++i) {
    int gone = 0;
    std::vector<MetricDraws> differences;
    for (size_t s = 0; s < kSeeds; ++s) {
      const Trial& after = remedied[i].trials[s];
      gone += is_gone(proposals[i], after);
      differences.push_back(difference_of(after.held_out, before[i]->trials[s].held_out));
    }
    const Interval difference = intervals_of(
        mean_over_repetitions(differences, 1))[static_cast<size_t>(Metric::average_precision)];
    const Verdict verdict = verdict_of(difference);
    verified += gone == kSeeds && verdict == Verdict::helps;
    fmt::print("| {} | {}: {} | {}/{} | {} | {} | {} | {} |\n", remedied[i].name, proposals[i].rule,
               patch_text(proposals[i].patch), gone, kSeeds,
               number(average_precision_of(before[i]->trials), 3),
               number(average_precision_of(remedied[i].trials), 3),
               interval_text(difference.value, difference.low, difference.high), name_of(verdict));
  }
  fmt::print(
      "\n{} of {} remedies: the finding is gone in every run and the average precision is higher "
      "by an interval above 0.\n",
      verified, remedied.size());
  return verified;
}

int run_gallery(const std::string& part) {
  const TemporaryFolder folder;
  const auto wanted = [&](const std::string& name) { return name.find(part) != std::string::npos; };
  std::vector<Case> faults, controls;
  for (Fault& f : all_faults()) {
    if (wanted(f.name)) faults.push_back({f.name, f.rules, f.apply, {}});
  }
  for (Control& c : healthy_controls()) {
    if (wanted(c.name)) controls.push_back({c.name, {}, c.apply, {}});
  }
  run_all(controls, folder / "controls");
  const int alarms = print_controls(controls);
  run_all(faults, folder / "faults");
  const double recall = print_faults(faults);
  const int verified = print_remedies(faults, folder / "remedies");
  if (!part.empty()) return 0;
  return recall >= kWantedRecall && alarms == 0 && verified >= kWantedRemedies ? 0 : 1;
}

}  // namespace
}  // namespace spanlab::gallery

int main(int argc, char** argv) {
  try {
    return spanlab::gallery::run_gallery(argc > 1 ? argv[1] : "");
  } catch (const spanlab::Error& error) {
    fmt::print(stderr, "error: {}\nhint: {}\n", error.what(), error.hint());
    return 1;
  }
}
