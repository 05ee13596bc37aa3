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
      "The windows contain {} labelled spans and {} unlabelled stretches that move as far for "
      "their length as the median labelled span: {:.2f} for each span, {} of the bars.",
      spans, found.size(), count / spans, percent(bars / m.bars));
  std::vector<Evidence> evidence{
      measured("look-alikes for each labelled span", count / spans, "", "windows", kLookAlikes),
      measured("bars of look-alikes", 100.0 * bars / m.bars, "%", "windows"),
      measured("labelled bars", 100.0 * m.labelled / m.bars, "%", "windows")};
  if (m.both >= kSameRule * m.labelled) {
    text += fmt::format(
        " {} of the bars are labelled. The hindsight rule marks {} of these, and {} of all bars.",
        percent(m.labelled / m.bars), percent(m.both / m.labelled), percent(m.hindsight / m.bars));
    evidence.push_back(measured("bars that the hindsight rule marks", 100.0 * m.hindsight / m.bars,
                                "%", "windows"));
  }
  const MeanAnswers a = answers_by_kind(e, found);
  if (std::isfinite(a.look_alike) && std::isfinite(a.rest)) {
    text += fmt::format(
        " In the validation windows the mean span probability is {:.3f} for look-alikes, {:.3f} "
        "for labelled bars and {:.3f} for the rest.",
        a.look_alike, a.labelled, a.rest);
    evidence.push_back(
        measured("mean span probability of look-alikes", a.look_alike, "", e.model->file));
    evidence.push_back(measured("mean span probability of the rest", a.rest, "", e.model->file));
  }
  return finding(Severity::medium, text, std::move(evidence),
                 {{{},
                   "Label every span: `label review` lists candidates, `label accept` adds those "
                   "that you approve. Train with that spans file.",
                   "Similar bars have the same label, and a look-alike that the model finds no "
                   "longer counts as an error."},
                  {{},
                   "Exclude look-alikes from the score until they are labelled.",
                   "Precision measures only bars whose label is known."}});
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
      "Of {} labelled spans in windows that share no bar, {} have their centre in tenth {} of the "
      "window; evenly placed spans would have {} there (chi-square {:.1f}, {} degrees of freedom, "
      "p {:.2g}). A model can find spans by counting bars.",
      p.spans, percent(p.preferred_share), p.preferred + 1, percent(even), p.chi_square, p.freedom,
      p.p_value);
  std::vector<Evidence> evidence{
      measured("spans in the preferred tenth", 100.0 * p.preferred_share, "%", "windows",
               100.0 * kPreferred * even),
      measured("chi-square of the positions", p.chi_square, "", "windows"),
      measured("p value of the positions", p.p_value, "", "windows", kUneven)};
  std::vector<Remedy> remedies{
      {{},
       "Cut new windows around the same spans, at random positions.",
       "Spans are evenly placed, and their position carries no information."}};
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
                          "Train without the bar's position in the window.",
                          "The model has to count bars to use the position."});
    }
  }
  return finding(Severity::medium, text, std::move(evidence), std::move(remedies));
}

}  // namespace

std::vector<Rule> label_rules() {
  return {
      {"L1",
       "Unlabelled bars look like labelled spans",
       "unlabelled stretches as long and as strong as labelled spans; bars marked by the hindsight "
       "rule compared with labelled ones",
       "more than 0.25 stretches for each labelled span",
       "labels that do not mean strong moves: the hindsight rule marks few of the labelled bars",
       {"G4", "C1", "C3", "T1"},
       unlabelled_look_alikes},
      {"L2",
       "Labels cluster at one position of the window",
       "centres of labelled spans by tenths of the window, compared with even positions",
       "p below 0.01, and twice the even share in one tenth",
       "a market that moves at fixed hours, with windows cut at fixed hours: cut them differently "
       "all the same",
       {"C5", "G4"},
       preferred_place},
  };
}

}  // namespace spanlab
