// The rules of the labels: unlabelled look-alikes (L1), labels at a preferred place (L2).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "spanlab/base/text.h"
#include "spanlab/diagnose/rule.h"
#include "spanlab/diagnose/run_facts.h"
#include "spanlab/labels/hindsight.h"
#include "spanlab/metrics/look_alikes.h"
#include "spanlab/windows/data_checks.h"
#include "spanlab/windows/groups.h"

namespace spanlab {
namespace {

constexpr double kLookAlikes = 0.25;  // for each labelled span
constexpr double kSameRule = 0.5;     // of the labelled bars that hindsight marks as well
constexpr double kUneven = 0.01;      // p value of places as uneven as these
constexpr double kPreferred = 2.0;    // spans in a tenth of the window, in even shares

std::vector<int> all_windows(const RunData& data) {
  std::vector<int> all = data.split.train;
  all.insert(all.end(), data.split.validation.begin(), data.split.validation.end());
  std::sort(all.begin(), all.end());
  return all;
}

// Bars of the windows, by their label and by whether the hindsight rule marks them.
struct Marked {
  double bars = 0, labelled = 0, hindsight = 0, both = 0;
};

Marked marked_bars(const RunData& data, const std::vector<int>& windows) {
  const auto length = static_cast<size_t>(data.dataset.length);
  std::vector<uint8_t> inside(static_cast<size_t>(data.series().size()), 0);
  for (const Span& span : hindsight_spans(data.series())) {
    std::fill(inside.begin() + span.rows().begin, inside.begin() + span.rows().end, uint8_t{1});
  }
  Marked m;
  for (const int w : windows) {
    const auto row = static_cast<size_t>(data.windows[static_cast<size_t>(w)].first_row);
    const float* mask = data.dataset.mask.data() + static_cast<size_t>(w) * length;
    for (size_t t = 0; t < length; ++t) {
      const bool marked = inside[row + t] != 0, labelled = mask[t] > 0.5F;
      m.bars += 1;
      m.labelled += labelled;
      m.hindsight += marked;
      m.both += marked && labelled;
    }
  }
  return m;
}

// Mean span probability of the look-alikes' bars in the validation windows, of the labelled bars
// there, and of the rest.
struct MeanAnswers {
  double look_alike = kNone, labelled = kNone, rest = kNone;
};

MeanAnswers answers_by_kind(const RunEvidence& e, const std::vector<LookAlike>& found) {
  if (!e.model) return {};
  const auto length = static_cast<size_t>(e.data->dataset.length);
  const Predictions& p = e.model->validation;
  double sum[3] = {0, 0, 0}, bars[3] = {0, 0, 0};
  for (size_t i = 0; i < p.windows.size(); ++i) {
    std::vector<uint8_t> alike(length, 0);
    for (const LookAlike& l : found) {
      if (l.window != p.windows[i]) continue;
      std::fill(alike.begin() + l.first, alike.begin() + l.last + 1, uint8_t{1});
    }
    const float* mask = e.data->dataset.mask.data() + static_cast<size_t>(p.windows[i]) * length;
    for (size_t t = 0; t < length; ++t) {
      const size_t kind = mask[t] > 0.5F ? 1 : alike[t] != 0 ? 0 : 2;
      sum[kind] += static_cast<double>(p.output.span[i * length + t]);
      bars[kind] += 1;
    }
  }
  const auto mean = [&](size_t kind) { return bars[kind] > 0 ? sum[kind] / bars[kind] : kNone; };
  return {mean(0), mean(1), mean(2)};
}

std::optional<Finding> unlabelled_look_alikes(const RunEvidence& e) {
  if (!e.data || !learns(e, Task::span)) return std::nullopt;
  const RunData& data = *e.data;
  const std::vector<int> windows = all_windows(data);
  const std::vector<LookAlike> found =
      look_alikes({&data.series(), &data.windows, &data.dataset, windows});
  double spans = 0, bars = 0;
  for (const int w : windows) {
    spans += static_cast<double>(data.windows[static_cast<size_t>(w)].spans.size());
  }
  for (const LookAlike& l : found) bars += l.last - l.first + 1;
  const auto count = static_cast<double>(found.size());
  if (!(spans > 0.0) || count <= kLookAlikes * spans) return std::nullopt;

  const Marked m = marked_bars(data, windows);
  std::string text = fmt::format(
      "Beside {} labelled spans the windows show {} stretches that move as far for their length as "
      "the middle one of the labelled and are labelled as outside: {:.2f} for each span, {} of the "
      "bars.",
      spans, found.size(), count / spans, percent(bars / m.bars));
  std::vector<Evidence> evidence{
      measured("look-alikes for each labelled span", count / spans, "", "windows", kLookAlikes),
      measured("bars of look-alikes", 100.0 * bars / m.bars, "%", "windows"),
      measured("labelled bars", 100.0 * m.labelled / m.bars, "%", "windows")};
  if (m.both >= kSameRule * m.labelled) {
    text += fmt::format(
        " {} of the bars are labelled; the hindsight rule, which finds {} of these, marks {}.",
        percent(m.labelled / m.bars), percent(m.both / m.labelled), percent(m.hindsight / m.bars));
    evidence.push_back(measured("bars that the hindsight rule marks", 100.0 * m.hindsight / m.bars,
                                "%", "windows"));
  }
  const MeanAnswers a = answers_by_kind(e, found);
  if (std::isfinite(a.look_alike) && std::isfinite(a.rest)) {
    text += fmt::format(
        " The model gives look-alikes of the validation windows {:.3f}, labelled bars {:.3f} and "
        "the rest {:.3f}.",
        a.look_alike, a.labelled, a.rest);
    evidence.push_back(
        measured("mean span probability of look-alikes", a.look_alike, "", e.model->file));
    evidence.push_back(measured("mean span probability of the rest", a.rest, "", e.model->file));
  }
  return finding(
      Severity::medium, text, std::move(evidence),
      {{{},
        "Label every span that shows in a window: the command `label review` lists what may be "
        "one, `label accept` adds those that you said yes to; pass its file with --spans.",
        "Bars that look alike are labelled alike, and finding one is no longer counted as an "
        "error."},
       {{},
        "Leave look-alikes out of the score until they are labelled.",
        "Precision tells what the model does on the bars whose label is known."}});
}

// One window of each group, so that overlaps do not count twice.
std::vector<int> one_a_group(const RunData& data) {
  const Groups groups = group_windows(data.windows, data.dataset.length);
  std::vector<int> chosen;
  std::set<int> seen;
  for (const int w : all_windows(data)) {
    const auto i = static_cast<size_t>(w);
    if (!data.windows[i].spans.empty() && seen.insert(groups.of[i]).second) chosen.push_back(w);
  }
  return chosen;
}

std::optional<Finding> preferred_place(const RunEvidence& e) {
  if (!e.data) return std::nullopt;
  const RunData& data = *e.data;
  const PositionStats p = label_positions(data.windows, one_a_group(data), data.dataset.length);
  if (p.freedom == 0 || !(p.p_value < kUneven)) return std::nullopt;
  const double even = p.expected[static_cast<size_t>(p.preferred)] / p.spans;
  if (!(p.preferred_share > kPreferred * even)) return std::nullopt;

  std::string text = fmt::format(
      "Of {} labelled spans in windows without a common bar {} have their centre in tenth {} of "
      "the window, where even places would have {} (chi-square {:.1f} with {} degrees of freedom, "
      "p {:.2g}): a model can find spans by counting bars.",
      p.spans, percent(p.preferred_share), p.preferred + 1, percent(even), p.chi_square, p.freedom,
      p.p_value);
  std::vector<Evidence> evidence{
      measured("spans in the preferred tenth", 100.0 * p.preferred_share, "%", "windows",
               100.0 * kPreferred * even),
      measured("chi-square of the places", p.chi_square, "", "windows"),
      measured("p value of the places", p.p_value, "", "windows", kUneven)};
  std::vector<Remedy> remedies{
      {{},
       "Cut the windows anew around the same spans, at places drawn at random.",
       "Spans lie evenly, and their place tells nothing."}};
  if (e.recipe) {
    std::string list;
    bool has_place = false;
    for (const std::string& name : e.recipe->data.features) {
      if (name == "position_encoding") {
        has_place = true;
      } else {
        list += (list.empty() ? "\"" : ", \"") + name + "\"";
      }
    }
    if (has_place && !list.empty()) {
      remedies.push_back({{"data.features=[" + list + "]"},
                          "Leave out the bar's place in the window.",
                          "The model has to count bars to use the place."});
    }
  }
  return finding(Severity::medium, text, std::move(evidence), std::move(remedies));
}

}  // namespace

std::vector<Rule> label_rules() {
  return {
      {"L1",
       "bars that look like spans are labelled as outside",
       "unlabelled stretches as long and as strong as labelled spans; bars that the hindsight rule "
       "marks beside labelled ones",
       "more than 0.25 for each labelled span",
       "labels that follow another idea than far moves: then few labelled bars are among those "
       "that the hindsight rule marks",
       {"G4", "C1", "C3", "T1"},
       unlabelled_look_alikes},
      {"L2",
       "labels at a preferred place in the window",
       "centres of labelled spans by tenths of the window against even places",
       "p below 0.01 and twice the even share in one tenth",
       "a market that moves at fixed hours, with windows cut at fixed hours: the cut is at fault "
       "all the same",
       {"C5", "G4"},
       preferred_place},
  };
}

}  // namespace spanlab
