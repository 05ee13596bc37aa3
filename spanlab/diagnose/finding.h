// A finding: one diagnosed cause of failure, with the numbers that prove it and what to try.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace spanlab {

enum class Severity {
  note,    ///< worth knowing
  medium,  ///< costs quality
  high,    ///< until it is removed, the run cannot be trusted or cannot learn
};
std::string_view name_of(Severity severity);

/// A measured number.
struct Evidence {
  std::string name;  ///< "share of countdown in the validation loss"
  double value;
  std::string unit;             ///< "%", "nats", "bars", "" for a plain number; "%" values
                                ///< are 0..100
  std::optional<double> limit;  ///< what the rule compares with
  std::optional<int> epoch;     ///< where it was measured
  std::string file;             ///< table or file that it comes from: "loss_components.csv"
};

/// What to try: settings of a recipe, and what they should do.
struct Remedy {
  std::vector<std::string> patch;  ///< "loss.countdown_target=unit"; empty: nothing a recipe can do
  std::string action;              ///< one sentence: "Map the countdown targets to 0..1."
  std::string expected;            ///< what should change, one sentence
};

struct Finding {
  std::string rule;   ///< id: "M1"
  std::string title;  ///< "Countdown dominates the loss"
  Severity severity = Severity::note;
  std::string explanation;            ///< what the run's own evidence shows
  std::vector<Evidence> evidence;     ///< at least one
  std::string mistaken_for;           ///< what it can be confused with, and how to tell
  std::vector<Remedy> remedies;       ///< best first
  std::vector<std::string> leads_to;  ///< rules whose findings may follow from this one
};

/// A number with its origin, and what a rule compares it with.
Evidence measured(std::string name, double value, std::string unit, std::string file,
                  std::optional<double> limit = {}, std::optional<int> epoch = {});

/// What the check of a rule returns. `title`: if more specific than the
/// rule's.
Finding finding(Severity severity, std::string explanation, std::vector<Evidence> evidence,
                std::vector<Remedy> remedies, std::string title = {});

/// All rules as a Markdown table: id, finding, what is measured, when it fires, what it can be
/// mistaken for, what may follow.
std::string rules_table();

}  // namespace spanlab
